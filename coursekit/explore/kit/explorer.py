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

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        fig = self.draw()
        try:
            return dict(plots.bundle(fig, caption=self.caption, alt=self.alt)), {}
        finally:
            plt.close(fig)


class Live(Explorer, anywidget.AnyWidget):
    """The same, moved by mouse and keyboard; Python and the page share its state.

    A widget names its files: `_esm = script("…")` and `_css = style("…")`.
    """

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        """The live view, and the picture for viewers that have no live widgets."""
        picture, _metadata = Explorer._repr_mimebundle_(self)
        live, metadata = anywidget.AnyWidget._repr_mimebundle_(self) or ({}, {})
        return live | picture, metadata


def has_front_end() -> bool:
    """Jupyter's server names the session; nbconvert, nbval and plain Python do not."""
    return "JPY_SESSION_NAME" in os.environ
