"""What networks share: a normalisation, a shortcut, residual blocks."""

from typing import Any

import pytest
import torch
from torch import nn

from coursekit.layers.blocks import ShortcutA, response_norm
from coursekit.layers.residual import (
    BasicBlock,
    Bottleneck,
    PlainBlock,
    PreActivationBlock,
    PreActivationBottleneck,
)


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)


def test_response_norm_is_alexnet_s() -> None:
    x = torch.randn(2, 9, 3, 4) * 20
    expected = torch.empty_like(x)
    for i in range(9):
        near = x[:, max(0, i - 2) : min(8, i + 2) + 1]
        expected[:, i] = x[:, i] / (2 + 1e-4 * near.square().sum(1)) ** 0.75
    torch.testing.assert_close(response_norm()(x), expected)


def test_shortcut_a_takes_every_second_pixel_and_adds_zeros() -> None:
    x = torch.randn(2, 3, 5, 6)
    y = ShortcutA(3, 7, 2)(x)
    assert y.shape == (2, 7, 3, 3)
    assert torch.equal(y[:, :3], x[:, :, ::2, ::2])
    assert y[:, 3:].eq(0).all()


@pytest.mark.parametrize("block", [BasicBlock, Bottleneck])
def test_block_adds_its_input_before_the_last_relu(block: type[nn.Module]) -> None:
    module: Any = block(4 if block is BasicBlock else 16, 4, 1, nn.Identity())
    x = torch.randn(2, 4 if block is BasicBlock else 16, 5, 5)
    torch.testing.assert_close(module(x), (module.residual(x) + x).relu())
    last = module.bn2 if block is BasicBlock else module.bn3
    nn.init.zeros_(last.weight)
    assert torch.equal(module(x), x.relu())


def test_plain_block_forgets_its_input() -> None:
    module: Any = PlainBlock(4, 4, 1, nn.Identity())
    nn.init.zeros_(module.bn2.weight)
    assert module(torch.randn(2, 4, 5, 5)).eq(0).all()


@pytest.mark.parametrize("block", [PreActivationBlock, PreActivationBottleneck])
def test_preactivation_leaves_the_identity_alone(block: type[nn.Module]) -> None:
    channels = 4 if block is PreActivationBlock else 16
    module: Any = block(channels, 4, 1, nn.Identity())
    x = torch.randn(2, channels, 5, 5)
    activated = module.preactivation(x)
    assert activated.min() >= 0
    torch.testing.assert_close(module(x), x + module.residual(activated))
    nn.init.zeros_(module.residual[-1].weight)
    assert torch.equal(module(x), x)


def test_preactivation_shortcut_starts_after_the_activation() -> None:
    module: Any = PreActivationBlock(4, 8, 2, nn.Conv2d(4, 8, 1, 2, bias=False))
    nn.init.zeros_(module.residual[-1].weight)
    x = torch.randn(2, 4, 6, 6)
    torch.testing.assert_close(module(x), module.downsample(module.preactivation(x)))
