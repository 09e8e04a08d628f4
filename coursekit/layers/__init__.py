"""What networks share: blocks, residual blocks, quicker convolutions."""
