"""Figures of routing by agreement: ghosts of faces, votes as they agree, margins."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Ellipse
from numpy.typing import ArrayLike

from coursekit.plots import pen
from coursekit.plots.core import BLUE, GREEN, GREY, ORANGE, PURPLE, RED, new
from coursekit.plots.parts import board, cells, write

Place = tuple[float, float, float]  # x, y, degrees of a part in its whole
Poses = Mapping[str, np.ndarray]  # (cos, sin, x, y) by the name of a part
Round = tuple[np.ndarray, np.ndarray]  # couplings (i, j) and poses (j, size)

GHOSTS = (BLUE, ORANGE, GREEN)


def ghosts(
    scenes: Mapping[str, Poses],
    votes: Mapping[str, Poses],
    places: Mapping[str, Place],
) -> Figure:
    """The parts of each scene in black, and the face that each of them votes for."""
    fig, axes = new(4.0 * len(scenes), 5.6, 1, len(scenes))
    for ax, (title, parts) in zip(np.atleast_1d(axes), scenes.items(), strict=True):
        board(ax, (-3.9, 3.9), (-4.6, 6.1))
        ax.set_title(title)
        for at, (name, vote) in enumerate(votes[title].items()):
            _ghost(ax, vote, places, GHOSTS[at], grow=1 + 0.05 * at)
            write(ax, (-3.8, -3.2 - 0.55 * at), f"{name}'s face", color=_ink(at),
                  fontsize=pen.TEXT, ha="left")  # fmt: skip
        for name, pose in parts.items():
            _part(ax, name, pose, "black", 2.4)
    return fig


def _ink(at: int) -> str:
    """The colour of a ghost, dark enough for letters."""
    return (BLUE, "#8A5F00", "#00664B")[at]


def _ghost(
    ax: Axes, pose: np.ndarray, places: Mapping[str, Place], colour: str, grow: float
) -> None:
    """An outline of a face; `grow` keeps equal ones from hiding each other."""
    c, s, x, y = pose
    degrees = float(np.degrees(np.arctan2(s, c)))
    size = (4.2 * grow, 5.2 * grow)
    ax.add_patch(
        Ellipse((x, y), *size, angle=degrees, fill=False, ec=colour, lw=pen.LINE)
    )
    for name, (a, b, _) in places.items():
        place = (x + c * a - s * b, y + s * a + c * b)
        _part(ax, name, np.array([c, s, *place]), colour, 1.2)


def _part(ax: Axes, name: str, pose: np.ndarray, colour: str, line: float) -> None:
    """An eye is a circle with a lid, a mouth a bow; both turn with their pose."""
    c, s, x, y = pose
    spin = np.array([[c, -s], [s, c]])

    def stroke(across: np.ndarray, up: np.ndarray) -> None:
        points = spin @ np.array([across, up]) + np.array([[x], [y]])
        ax.plot(*points, color=colour, lw=line, solid_capstyle="round", zorder=3)

    along = np.linspace(-1, 1, 25)
    if "eye" in name:
        ax.add_patch(Circle((x, y), 0.24, fill=False, ec=colour, lw=line, zorder=3))
        stroke(0.42 * along, np.full(25, 0.42))
    else:
        stroke(0.8 * along, 0.35 * along**2 - 0.15)


def squashing(angles: Sequence[float]) -> Figure:
    """Three votes tip to tail for each angle between them; the curve of lengths."""
    fig, (left, right) = new(9.5, 3.4, 1, 2)
    board(left, (-0.4, 5.2), (-0.9, 3.2))
    lengths = []
    corners = ((0.0, 2.9), (0.0, 0.0), (3.4, 0.0))
    for apart, corner in zip(angles, corners, strict=True):
        lengths.append(_chain(left, apart, corner))
    s = np.linspace(0, 4, 200)
    right.plot(s, s**2 / (1 + s**2), color=BLUE, lw=pen.LINE)
    right.axhline(1, color=GREY, lw=pen.THIN, ls=":")
    for apart, length in zip(angles, lengths, strict=True):
        right.plot(length, length**2 / (1 + length**2), "o", color=RED, ms=8)
        offset = (8, -14) if length else (-6, 14)
        right.annotate(f"{apart:g}°", (length, length**2 / (1 + length**2)), offset,
                       textcoords="offset points", fontsize=pen.TEXT)  # fmt: skip
    right.set(xlabel="length of s", ylabel="length of v", ylim=(-0.04, 1.1))
    return fig


def _chain(ax: Axes, apart: float, corner: tuple[float, float]) -> float:
    """Three arrows of length 1, and their sum; its length."""
    turns = np.radians(apart * np.arange(3))
    steps = np.stack([np.cos(turns), np.sin(turns)], 1)
    joints = np.vstack([np.zeros((1, 2)), steps.cumsum(0)]) + corner
    for start, end in itertools.pairwise(joints):
        _arrow(ax, start, end, BLUE, 2)
    length = float(np.hypot(*(joints[-1] - joints[0])))
    if length > 0.01:
        shift = np.array([0.0, -0.12])
        _arrow(ax, joints[0] + shift, joints[-1] + shift, RED, 3)
    words = f"{apart:g}° apart"
    write(ax, (corner[0] + 0.5, corner[1] - 0.5), words, fontsize=pen.TEXT)
    return length if length > 1e-9 else 0.0


def _arrow(
    ax: Axes, start: ArrayLike, end: ArrayLike, colour: str, thick: float
) -> None:
    style = {"arrowstyle": "-|>", "color": colour, "lw": thick, "mutation_scale": 12}
    style |= {"shrinkA": 0, "shrinkB": 0}
    tip, tail = (tuple(np.asarray(place, dtype=float)) for place in (end, start))
    ax.annotate("", tip, tail, arrowprops=style, zorder=3)


def forming(
    votes: np.ndarray,
    rounds: Sequence[Round],
    names: Sequence[str] = ("face", "clock"),
) -> Figure:
    """Votes (i, j, 2) as arrows, thick by their coupling, and the poses, by round.

    Longer vectors of more numbers are shown by their first two. The last part of three
    is the odd one; of other votes all are blue. Votes that reach the circle are as long
    as the longest one, a pose that does has length 1.
    """
    reach = 1.4 * max(1.0, float(np.linalg.norm(votes[..., :2], axis=-1).max()))
    fig, axes = new(2.75 * len(rounds), 5.6, len(names), len(rounds))
    grid = np.reshape(axes, (len(names), len(rounds)))
    for column, (couplings, poses) in enumerate(rounds):
        for j, name in enumerate(names):
            ax = grid[j, column]
            board(ax, (-reach, reach), (-reach, reach))
            _dial(ax, votes[:, j], couplings[:, j], poses[j])
            length = np.linalg.norm(poses[j])
            title = f"{name}, round {column + 1}"
            ax.set_title(f"{title}\n|v| = {length:.2f}", fontsize=pen.TEXT)
    return fig


def _dial(ax: Axes, votes: np.ndarray, couplings: np.ndarray, pose: np.ndarray) -> None:
    """One whole: its votes, their couplings at the tips, its pose."""
    size = float(np.linalg.norm(votes[:, :2], axis=1).max()) or 1.0
    ax.add_patch(Circle((0, 0), size, fill=False, ec=GREY, lw=pen.THIN))
    for i, (vote, share) in enumerate(zip(votes, couplings, strict=True)):
        colour = ORANGE if len(votes) == 3 and i == 2 else BLUE
        _arrow(ax, (0, 0), vote[:2], colour, 0.6 + 6 * share)
    for tip, words in _told(votes[:, :2], couplings, 0.25 * size):
        side = ("right", "center", "left")[
            1 + int(np.sign(np.trunc(2 * tip[0] / size)))
        ]
        far = 1.17 if side == "center" else 1.07
        write(ax, (far * tip[0], far * tip[1]), words, fontsize=pen.SMALL, ha=side,
              zorder=5, bbox={"fc": "white", "ec": "none", "pad": 0.6})  # fmt: skip
    if np.linalg.norm(pose) > 0.01:
        _arrow(ax, (0, 0), size * np.asarray(pose[:2]), "white", 4.2)
        _arrow(ax, (0, 0), size * np.asarray(pose[:2]), "black", 2.6)


def _told(
    tips: np.ndarray, couplings: np.ndarray, near: float
) -> list[tuple[np.ndarray, str]]:
    """Where couplings are written, and how; those of tips that are near stand once."""
    groups: list[tuple[np.ndarray, list[str]]] = []
    for tip, share in zip(np.asarray(tips), couplings, strict=True):
        if np.hypot(*tip) < 0.4 * near:  # too short to be seen
            continue
        at = [words for place, words in groups if np.allclose(tip, place, atol=near)]
        if at:
            at[0].append(f"{share:.2f}")
        else:
            groups.append((tip, [f"{share:.2f}"]))
    return [(place, _counted(words)) for place, words in groups]


def _counted(words: list[str]) -> str:
    """ "0.96", "2×0.96", or "0.12 … 0.96"."""
    if len(set(words)) > 1:
        return f"{min(words)} … {max(words)}"
    return words[0] if len(words) == 1 else f"{len(words)}×{words[0]}"


def by_turn(turns: ArrayLike, shares: Mapping[str, Sequence[float]]) -> Figure:
    """The odd one's coupling over its angle, a line for each number of rounds."""
    fig, ax = new(7.5, 3.3)
    for (name, values), colour, line in zip(
        shares.items(), (BLUE, RED, PURPLE), ("-", "--", "-."), strict=False
    ):
        ax.plot(turns, values, line, color=colour, lw=pen.LINE, label=name)
    ax.axhline(0.5, color=GREY, lw=pen.THIN, ls=":")
    ax.set(xlabel="angle of the third vote, degrees", ylabel="coupling with the face",
           xticks=range(0, 181, 30), ylim=(-0.03, 1.05))  # fmt: skip
    ax.legend(frameon=False)
    return fig


def sums(tables: Mapping[str, np.ndarray]) -> Figure:
    """Couplings (i, j) as numbers, with the sums of rows and columns at the edges."""
    fig, axes = new(4.4 * len(tables), 3.2, 1, len(tables))
    for ax, (title, table) in zip(np.atleast_1d(axes), tables.items(), strict=True):
        rows, columns = table.shape
        board(ax, (-1.6, columns + 1.5), (-rows - 1.4, 1.0))
        ax.set_title(title)
        cells(ax, np.round(table, 2), 0, 0)
        for i in range(rows):
            write(ax, (-0.7, -i - 0.5), f"part {i + 1}", fontsize=pen.TEXT)
            _sum(ax, (columns + 0.7, -i - 0.5), table[i].sum())
        for j, name in enumerate(("face", "clock")[:columns]):
            write(ax, (j + 0.5, 0.35), name, fontsize=pen.TEXT)
            _sum(ax, (j + 0.5, -rows - 0.6), table[:, j].sum())
    return fig


def _sum(ax: Axes, place: tuple[float, float], total: float) -> None:
    one = abs(total - 1) < 1e-3
    write(ax, place, f"{total:.2f}", fontsize=pen.TITLE, color="black" if one else RED,
          fontweight="bold" if one else "normal")  # fmt: skip


def margins(upper: float = 0.9, lower: float = 0.1, absent: float = 0.5) -> Figure:
    """The two halves of the margin loss."""
    fig, ax = new(6.5, 3.2)
    lengths = np.linspace(0, 1, 201)
    missed = np.maximum(0, upper - lengths) ** 2
    imagined = absent * np.maximum(0, lengths - lower) ** 2
    ax.plot(lengths, missed, color=BLUE, lw=pen.LINE, label="in the picture")
    ax.plot(lengths, imagined, "--", color=RED, lw=pen.LINE, label="not in the picture")
    for margin in (upper, lower):
        ax.axvline(margin, color=GREY, lw=pen.THIN, ls=":")
    ax.set(xlabel="length of the vector", ylabel="loss", xlim=(0, 1))
    ax.legend(frameon=False, loc="upper center")
    return fig
