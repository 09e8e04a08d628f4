"""The two kinds of every widget: a picture, and the same moved on the page."""

from __future__ import annotations

import os
from typing import Any, TypeAlias

import anywidget
import matplotlib.pyplot as plt
import traitlets
from matplotlib.figure import Figure

from coursekit import plots

Bundle: TypeAlias = tuple[dict[str, Any], dict[str, Any]]
# Beside the picture travels what the page's half needs: a page without Python, such as
# the book, can bring it to life again.
STATE = "application/vnd.coursekit.explorer+json"


class Explorer(traitlets.HasTraits):
    """Something to explore, shown as a picture of its present state.

    A widget says what is to be seen: `draw`, `caption` and `alt`. What the page shall
    know it keeps in traits tagged with `sync=True`.
    """

    @property
    def caption(self) -> str:
        """What to notice, for everyone."""
        raise NotImplementedError

    @property
    def alt(self) -> str:
        """What is to be seen, for those who cannot see it."""
        raise NotImplementedError

    def draw(self) -> Figure:
        """The picture."""
        raise NotImplementedError

    @property
    def state(self) -> dict[str, Any]:
        """The name of the page's half, and the values that it shows."""
        name = type(self).__module__.rpartition(".")[2]
        values = {each: getattr(self, each) for each in self.trait_names(sync=True)}
        return {"module": name, "values": values}

    def picture(self) -> dict[str, Any]:
        """The drawing with its caption, as a MIME bundle."""
        fig = self.draw()
        try:
            return dict(plots.bundle(fig, caption=self.caption, alt=self.alt))
        finally:
            plt.close(fig)

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        return self.picture() | {STATE: self.state}, {}


class Live(Explorer, anywidget.AnyWidget):
    """The same, moved by mouse and keyboard; Python and the page share its state.

    A widget names its files: `_esm = script("…")` and `_css = style("…")`.
    """

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        """The live view, and the picture for viewers that have no live widgets."""
        live, metadata = anywidget.AnyWidget._repr_mimebundle_(self) or ({}, {})
        return live | self.picture(), metadata


def has_front_end() -> bool:
    """Jupyter's server names the session; nbconvert, nbval and plain Python do not."""
    return "JPY_SESSION_NAME" in os.environ
