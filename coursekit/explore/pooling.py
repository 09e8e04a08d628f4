"""Walk over a pooling, see who wins, and send a gradient back to the winners."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import torch
import torch.nn.functional as F
import traitlets
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from torch import Tensor

from coursekit.explore import kit
from coursekit.explore.kit import picture
from coursekit.explore.sliding import checked
from coursekit.explore.stamps import span

Grid: TypeAlias = traitlets.List[list[int]]
MAX_INPUT, MAX_NUMBER = 8, 99
LARGEST = {"k": 4, "s": 4}  # what can be told apart on so few cells
KINDS = ("max", "average")


def pooling(
    x: ArrayLike,
    k: int = 2,
    s: int | None = None,
    kind: str = "max",
    *,
    row: int = 0,
    column: int = 0,
    back: bool = False,
) -> Pooled:
    """A window that walks over a map and pools it: live in JupyterLab, else a picture.

    x: (h, w), whole numbers from -99 to 99, at most 8×8.  k: the window's side, 1 to 4
    and no larger than the map.  s: stride, 1 to 4; left out, as large as the window.
    kind: "max" or "average".  row, column: the output that is shown.
    back: has a gradient of 1 been sent back from each output?

    Raises ValueError for anything else.
    """
    cells = _whole_numbers(x)
    given = {"k": k, "s": k if s is None else s}
    limits = limits_of(cells)
    given = {name: kit.within(name, one, *limits[name]) for name, one in given.items()}
    if kind not in KINDS:
        raise ValueError(f'kind is {kind!r}; it can be "max" or "average" here')
    shown = PooledWidget if kit.has_front_end() else Pooled
    return shown(cells, **given, kind=kind, row=row, column=column, back=bool(back))


def limits_of(cells: list[list[int]]) -> dict[str, tuple[int, int]]:
    """The first and the last number of each slider: a window fits into the map."""
    return {
        "k": (1, min(LARGEST["k"], len(cells), len(cells[0]))),
        "s": (1, LARGEST["s"]),
    }


def _whole_numbers(x: ArrayLike) -> list[list[int]]:
    """The map in rows, or a ValueError."""
    values = checked(x, "input", MAX_INPUT)
    if (values != values.round()).any() or np.abs(values).max() > MAX_NUMBER:
        raise ValueError(
            f"the input should hold whole numbers from -{MAX_NUMBER} to {MAX_NUMBER}"
        )
    rows: list[list[int]] = values.astype(int).tolist()
    return rows


class Pooled(kit.Explorer):
    """A map, a window on it and what becomes of it, shown as a picture.

    All can be set but `input`.
    """

    input: Grid = traitlets.List(read_only=True).tag(sync=True)
    k = traitlets.Int(2).tag(sync=True)
    s = traitlets.Int(2).tag(sync=True)
    kind = traitlets.Enum(KINDS, "max").tag(sync=True)
    back = traitlets.Bool(False).tag(sync=True)
    row = traitlets.Int(0).tag(sync=True)
    column = traitlets.Int(0).tag(sync=True)
    limits = traitlets.Dict(read_only=True).tag(sync=True)

    def __init__(self, cells: list[list[int]], **state: Any) -> None:  # noqa: ANN401
        """Use `pooling`, which checks its arguments."""
        self.set_trait("input", cells)
        self.set_trait("limits", limits_of(cells))
        super().__init__(**state)

    @property
    def output(self) -> np.ndarray:
        """What the windows were pooled to."""
        return self._pooled(self._map())[0, 0].numpy()

    @property
    def gradient(self) -> np.ndarray:
        """What each number of the map gets when each output sends 1 back."""
        return self._sent(np.ones(self.output.shape))

    @property
    def shares(self) -> np.ndarray:
        """What each number of the map gets from the output that is shown."""
        one = np.zeros(self.output.shape)
        one[self.row, self.column] = 1
        return self._sent(one)

    def _map(self) -> Tensor:
        return torch.tensor(self.input, dtype=torch.float64)[None, None]

    def _pooled(self, x: Tensor) -> Tensor:
        pool = F.max_pool2d if self.kind == "max" else F.avg_pool2d
        pooled: Tensor = pool(x, self.k, self.s)
        return pooled

    def _sent(self, delta: np.ndarray) -> np.ndarray:
        """The gradient for the map, as torch sends it back."""
        leaf = self._map().requires_grad_()
        self._pooled(leaf).backward(torch.tensor(delta)[None, None])
        assert leaf.grad is not None
        return leaf.grad[0, 0].numpy()

    @traitlets.validate("k", "s")
    def _drawable(self, proposal: dict[str, Any]) -> int:
        name = proposal["trait"].name
        return kit.within(name, proposal["value"], *self.limits[name])

    @traitlets.validate("row", "column")
    def _inside(self, proposal: dict[str, Any]) -> int:
        name = proposal["trait"].name
        return kit.within(name, proposal["value"], 0, self._last[name])

    @traitlets.observe("k", "s")
    def _stay_inside(self, _change: object) -> None:
        self.row = min(self.row, self._last["row"])
        self.column = min(self.column, self._last["column"])

    @property
    def _last(self) -> dict[str, int]:
        """The last row and the last column of the output."""
        sides = {"row": len(self.input), "column": len(self.input[0])}
        return {name: (side - self.k) // self.s for name, side in sides.items()}

    @property
    def caption(self) -> str:
        """The window that is shown, and what has been sent back; as in pooling.mjs."""
        top, left = self.s * self.row, self.s * self.column
        where = f"{span('row', top, self.k)}, {span('column', left, self.k)}"
        place = f"output[{self.row}, {self.column}]"
        window = np.array(self.input)[top : top + self.k, left : left + self.k]
        forward = self._largest if self.kind == "max" else self._mean
        words = f"{place} = {forward(window, where)}"
        return f"{words} {self._sent_back()}" if self.back else words

    def _largest(self, window: np.ndarray, where: str) -> str:
        tied = int((window == window.max()).sum())
        words = f"{window.max()}, the largest of {where}: {self._winner}."
        if tied > 1:
            words += f" {tied} of them tie; the first in reading order counts."
        return words.replace("-", "−")

    def _mean(self, window: np.ndarray, where: str) -> str:
        return f"{window.sum()}/{window.size}, the mean of {where}.".replace("-", "−")

    @property
    def _winner(self) -> str:
        row, column = divmod(int(self.shares.argmax()), len(self.input[0]))
        return f"input[{row}, {column}]"

    def _sent_back(self) -> str:
        """Where a gradient of 1 goes, and what all get together."""
        if self.kind == "max":
            most = self.gradient[self.shares > 0][0]
            words = (
                f"Its gradient of 1 goes there; {self._winner} gets {most:g} in all."
            )
        else:
            words = f"1/{self.k**2} of its gradient of 1 goes to each of them."
        nothing, cells = int((self.gradient == 0).sum()), self.gradient.size
        return (
            f"{words} {nothing} of {cells} numbers get 0, and the others together "
            f"{self.output.size}, 1 from each output."
        )

    @property
    def alt(self) -> str:
        """The grids in words."""
        rows = "; ".join(" ".join(map(str, line)) for line in self.input)
        shape = "×".join(map(str, self.output.shape))
        sent = ", and the gradient for the input" if self.back else ""
        return (
            f"An input with the rows {rows}; a frame around a window of {self.k}×"
            f"{self.k}, stride {self.s}; beside it the output of {shape}, {self.kind}"
            f" pooled{sent}. {self.caption}"
        )

    def draw(self) -> Figure:
        """Input and output, and the gradient if it was sent, framed at the window."""
        grids = {"input": np.array(self.input), "output": self.output}
        if self.back:
            grids["gradient for the input"] = self.gradient
        fig, axes = picture.side_by_side(grids)
        place = (self.s * self.row, self.s * self.column)
        window = np.s_[place[0] : place[0] + self.k, place[1] : place[1] + self.k]
        picture.lay(axes[0], self.shares[window], *place)
        picture.frame(axes[1], self.row, self.column, 1, 1)
        for ax in axes[::2]:
            picture.frame(ax, *place, self.k, self.k)
        return fig


class PooledWidget(kit.Live, Pooled):
    """The same on the page; Python and the page share its state."""

    _esm = kit.script("pooling")
    _css = kit.style("pooling")
