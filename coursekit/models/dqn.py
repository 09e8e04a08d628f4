"""The network that learned to play Atari games."""

from torch import nn

from coursekit.arguments import check_counts
from coursekit.layers.blocks import ConvNet


def dqn(*, actions: int = 18, frames: int = 4) -> nn.Module:
    """Deep Q-network of 2013: two convolutions, two dense layers.

    Mnih et al. 2013, "Playing Atari with Deep Reinforcement Learning", section 4.1.

    The last `frames` pictures of the game, (n, frames, 84, 84) in 0 … 1 → the value of
    each action (n, actions). The maps: 20, then 9. 680,770 weights for 18 actions.
    Raises `ValueError` for sizes below 1.
    """
    check_counts(actions=actions, frames=frames)
    features = nn.Sequential(
        nn.Conv2d(frames, 16, 8, stride=4),
        nn.ReLU(),
        nn.Conv2d(16, 32, 4, stride=2),
        nn.ReLU(),
    )
    dense = nn.Sequential(
        nn.Linear(32 * 9 * 9, 256), nn.ReLU(), nn.Linear(256, actions)
    )
    return ConvNet(features, nn.Identity(), dense, channels=frames, exactly=84)
