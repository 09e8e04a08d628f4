"""The figures of the course: make one with `plots.…`, show it with `plots.show`.

`plots.week1` holds the figures that only one lesson shows, from the files of the folder
`week1`, one for each lesson; a new file or a new folder is found without being listed.
`plots.parts` has what drawings are made of.
"""

import inspect
from types import ModuleType
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from coursekit import weeks
from coursekit.plots import parts, pen
from coursekit.plots.core import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    bars,
    bundle,
    curves,
    drawn,
    gallery,
    images,
    matrix,
    new,
    show,
    stems,
)
from coursekit.plots.sight import seen

__all__ = [
    "BLUE",
    "GREEN",
    "GREY",
    "ORANGE",
    "PURPLE",
    "RED",
    "SKY",
    "bars",
    "bundle",
    "curves",
    "drawn",
    "gallery",
    "images",
    "matrix",
    "new",
    "parts",
    "pen",
    "seen",
    "show",
    "stems",
]


def figures_in(module: ModuleType) -> dict[str, object]:
    """The figures in the file of a lesson: public functions that return a `Figure`."""
    return {
        name: function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_")
        and function.__module__ == module.__name__
        and function.__annotations__.get("return") in (Figure, "Figure")
    }


WEEKS = weeks.find(__name__, figures_in)


def __dir__() -> list[str]:
    return [*__all__, *WEEKS]


if TYPE_CHECKING:  # found while running

    def __getattr__(week: str) -> ModuleType: ...
