"""Side-by-side measurements: `python -m benchmarks --help`."""

import os

# Idle threads must not spin: on a busy machine that costs far more than it gains. It
# has to be said before PyTorch is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
