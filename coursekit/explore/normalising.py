"""Push and stretch a batch, and watch what batch normalisation makes of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from coursekit import plots
from coursekit.explore import kit
from coursekit.explore.kit import picture

# One unit's numbers for 16 images, before they are stretched and shifted.
VALUES = [0.9, -0.4, 1.6, -1.2, 0.1, -0.7, 0.5, 1.1, -1.8, 0.3, -0.2, -1.0, 2.0, 0.7,
          -0.9, -0.5]  # fmt: skip
RUNNING = {"mean": 2.0, "variance": 4.0}  # what was put aside in training
EPS = 1e-5
EDGE = 14  # no number of any setting lies further from 0
LIMITS = {
    "shift": (-3, 5),
    "stretch": (0, 3),
    "gamma": (-2, 2),
    "beta": (-3, 3),
    "size": (1, len(VALUES)),
}


def normalising(
    shift: int = 2,
    stretch: int = 2,
    *,
    gamma: int = 1,
    beta: int = 0,
    size: int = len(VALUES),
    training: bool = True,
) -> Normalised:
    """One unit's numbers in a batch, before and after batch normalisation.

    shift, stretch: what has been done to the numbers that come in, -3 to 5 and 0 to 3.
    gamma, beta: scale and shift of the layer, -2 to 2 and -3 to 3.
    size: of the batch, 1 to 16.  training: normalised with the batch, or else with a
    running mean of 2 and a running variance of 4.

    Interactive in JupyterLab, else a picture.  Raises ValueError for other numbers.
    """
    given = {"shift": shift, "stretch": stretch, "gamma": gamma, "beta": beta}
    given["size"] = size
    given = {name: kit.within(name, one, *LIMITS[name]) for name, one in given.items()}
    kind = NormalisedWidget if kit.has_front_end() else Normalised
    return kind(**given, training=bool(training))


def normalised(x: np.ndarray, gamma: int, beta: int, *, training: bool) -> np.ndarray:
    """What torch's batch normalisation makes of one unit's numbers.

    A single number in training, which torch refuses, is its own mean.
    """
    if training and len(x) == 1:
        return np.array([float(beta)])
    mean, variance, scale, move = (
        torch.tensor([float(one)], dtype=torch.float64)
        for one in (*RUNNING.values(), gamma, beta)
    )
    column = torch.tensor(x, dtype=torch.float64)[:, None]
    result = F.batch_norm(column, mean, variance, scale, move, training, 0.1, EPS)
    return result[:, 0].numpy()


class Normalised(kit.Explorer):
    """A batch before and after the layer, shown as a picture.  All can be set."""

    values = traitlets.List(VALUES, read_only=True).tag(sync=True)
    running = traitlets.Dict(RUNNING, read_only=True).tag(sync=True)
    limits = traitlets.Dict(LIMITS, read_only=True).tag(sync=True)
    shift = traitlets.Int(2).tag(sync=True)
    stretch = traitlets.Int(2).tag(sync=True)
    gamma = traitlets.Int(1).tag(sync=True)
    beta = traitlets.Int(0).tag(sync=True)
    size = traitlets.Int(len(VALUES)).tag(sync=True)
    training = traitlets.Bool(True).tag(sync=True)

    @traitlets.validate(*LIMITS)
    def _drawable(self, proposal: dict[str, Any]) -> int:
        name = proposal["trait"].name
        return kit.within(name, proposal["value"], *LIMITS[name])

    @property
    def before(self) -> np.ndarray:
        """The batch that comes in."""
        return self.shift + self.stretch * np.array(VALUES[: self.size])

    @property
    def after(self) -> np.ndarray:
        """The batch that comes out."""
        return normalised(self.before, self.gamma, self.beta, training=self.training)

    @property
    def caption(self) -> str:
        """Means and deviations, and what becomes of image 1; as in normalising.mjs."""
        x, y = self.before, self.after
        if self.training and self.size == 1:
            return (
                f"Training with a batch of 1: the number, {_number(x[0])}, is its own "
                f"mean, and whatever it is, β = {_number(y[0])} comes out. (PyTorch "
                "refuses such a batch.)"
            )
        aside = "running mean {mean:g}, running variance {variance:g}".format(**RUNNING)
        mode = "Training" if self.training else f"Evaluation with {aside}"
        return (
            f"{mode}: a batch of {self.size} comes in with {_moments(x)}, and goes out "
            f"with {_moments(y)}. Image 1: {_number(x[0])} becomes {_number(y[0])}."
        )

    @property
    def alt(self) -> str:
        """The picture in words."""
        return (
            f"Two number lines from −{EDGE} to {EDGE}, one below the other, with dots "
            "for the numbers of a batch before and after batch normalisation, and a "
            "line from each to what it becomes; image 1 is orange. A grey bar reaches "
            f"from the mean by one deviation to either side. {self.caption}"
        )

    def draw(self) -> Figure:
        """The two lines, and what becomes of what."""
        fig, ax = plots.new(picture.WIDTH, 2.2)
        x, y = self.before, self.after
        for number, pair in enumerate(zip(x, y, strict=True)):
            colour = plots.GREY if number else plots.ORANGE
            ax.plot(
                pair,
                [1, 0],
                color=colour,
                lw=plots.pen.LINE if number == 0 else plots.pen.THIN,
                zorder=1,
            )
        for height, row in ((1, x), (0, y)):
            _dots(ax, row, height)
        ax.set_yticks([1, 0], labels=["before", "after"])
        ax.set(xlim=(-EDGE, EDGE), ylim=(-0.35, 1.35), xticks=range(-EDGE, EDGE + 1, 2))
        ax.spines[["left", "right", "top"]].set_visible(False)
        return fig


def _moments(numbers: np.ndarray) -> str:
    return f"mean {_number(numbers.mean())} and deviation {_number(numbers.std())}"


def _number(value: float) -> str:
    """With two decimals; a hair more, lest halves be rounded unlike on the page."""
    text = f"{value + 1e-9:.2f}".replace("-", "−")
    return "0.00" if text == "−0.00" else text


def _dots(ax: Axes, row: np.ndarray, height: float) -> None:
    """The numbers of a batch on their line, over a bar of mean ± deviation."""
    mean, spread = row.mean(), row.std()
    ax.axhline(height, color=plots.GREY, lw=plots.pen.THIN, zorder=0)
    ax.barh(height, 2 * spread, 0.3, left=mean - spread, color="#cccccc", zorder=0)
    ax.plot([mean, mean], [height - 0.22, height + 0.22], color="black", zorder=2)
    ax.scatter(row[1:], np.full(len(row) - 1, height), color=plots.BLUE, zorder=3)
    ax.scatter(row[:1], [height], color=plots.ORANGE, zorder=4)


class NormalisedWidget(kit.Live, Normalised):
    """The same with sliders; Python and the page share the state."""

    _esm = kit.script("normalising")
    _css = kit.style("normalising")
