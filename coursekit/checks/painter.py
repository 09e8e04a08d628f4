"""Paintings that a check draws itself: strokes along a wind, in a few colours."""

from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor

FINE = 4  # so many pixels of the canvas make one of the picture
RIM = 6  # where strokes end; it is cut off

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Hand:
    """Who paints: colours, how long and how wide a stroke is, how bent the wind."""

    colours: tuple[Colour, ...]
    length: float  # in pixels of the picture, as the width
    width: float
    bend: float


HANDS = {
    "meadow": Hand(
        ((6, 44, 20), (20, 110, 40), (90, 180, 30), (190, 230, 60), (250, 250, 190)),
        13, 2.4, 1.1),
    "sea": Hand(
        ((4, 30, 54), (0, 84, 108), (22, 146, 150), (118, 206, 186), (236, 240, 214)),
        20, 2.0, 0.5),
    "iris": Hand(
        ((28, 18, 66), (84, 40, 140), (150, 84, 190), (84, 150, 60), (236, 214, 90)),
        9, 3.4, 1.6),
}  # fmt: skip


def drawn(hand: Hand, height: int, width: int, dice: np.random.Generator) -> Tensor:
    """A picture (3, height, width) by this hand, in 0 … 1."""
    high, wide = height + 2 * RIM, width + 2 * RIM
    canvas = Image.new("RGB", (FINE * wide, FINE * high), hand.colours[0])
    pen = ImageDraw.Draw(canvas)
    waves = dice.normal(size=(3, 3)) * (1, 1, 0.08) * (hand.bend, 3, 1)
    for _ in range(high * wide // 8):
        line = _stroke(hand, dice.random(2) * (wide, high), waves)
        shade = np.array(hand.colours[dice.integers(len(hand.colours))], dtype=float)
        _hairs(pen, line, shade + dice.normal(0, 12, 3), hand.width, dice)
    small = canvas.resize((wide, high), Image.Resampling.LANCZOS)
    pixels = np.array(small)[RIM:-RIM, RIM:-RIM].copy()
    return torch.from_numpy(pixels).permute(2, 0, 1) / 255


def _stroke(hand: Hand, place: np.ndarray, waves: np.ndarray) -> np.ndarray:
    """Nine points (9, 2) of a line along the wind."""
    line = [place]
    for _ in range(8):
        x, y = line[-1]
        angle = sum(a * np.sin(b + c * (x + (-1) ** k * y))
                    for k, (a, b, c) in enumerate(waves))  # fmt: skip
        step = np.array([np.cos(angle), np.sin(angle)]) * hand.length / 8
        line.append(line[-1] + step)
    return np.array(line)


def _hairs(
    pen: ImageDraw.ImageDraw,
    line: np.ndarray,
    shade: np.ndarray,
    width: float,
    dice: np.random.Generator,
) -> None:
    """Three lines side by side, a light one, a middle one and a dark one."""
    ahead = np.gradient(line, axis=0)
    aside = ahead[:, ::-1] * (-1, 1) / np.linalg.norm(ahead, axis=1, keepdims=True)
    for at in dice.permutation([-1.0, 0.0, 1.0]):
        hair = FINE * (line + at * width / 3 * aside)
        red, green, blue = np.clip(shade - 26 * at, 0, 255).astype(int).tolist()
        pen.line(hair.ravel().tolist(), (red, green, blue),
                 round(FINE * width / 3) + 1, "curve")  # fmt: skip
