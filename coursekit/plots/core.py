"""What every figure of the course shares: style, captions, alternative text."""

from __future__ import annotations

import base64
import html
import io
import os
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from PIL import Image

from coursekit.plots import pen

# Okabe and Ito (2008): eight colours that colour-blind readers can tell apart.
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PURPLE, GREY = "#56B4E9", "#CC79A7", "#6E6E6E"
PALE = "#E8E8E8"

STYLE: Any = {
    "axes.prop_cycle": plt.cycler(color=[BLUE, RED, GREEN, ORANGE, PURPLE, SKY]),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": pen.TITLE,
}
DPI = 220  # dots an inch, twice as many as a page shows: sharp on dense screens
DENSITY = 2
PAD = 0.08  # inches of white around a figure


def new(
    width: float = 7, height: float = 3, rows: int = 1, columns: int = 1
) -> tuple[Figure, Any]:
    """A figure in the style of the course, `width` × `height` inches.

    Returns the figure and its axes: one `Axes`, or an array of them as in
    `plt.subplots` when there are several rows or columns.
    """
    with plt.rc_context(STYLE):
        return plt.subplots(
            rows, columns, figsize=(width, height), layout="constrained"
        )


def drawn(fig: Figure) -> Image.Image:
    """The figure as an RGB image, cut out closely: nothing clipped, no blank strips."""
    buffer = io.BytesIO()
    fig.savefig(
        buffer,
        format="png",
        dpi=DPI,
        bbox_inches="tight",
        pad_inches=PAD,
        pil_kwargs={"compress_level": 1},  # it is read again at once
    )
    return Image.open(buffer).convert("RGB")


def webp(image: Image.Image) -> bytes:
    """A picture without loss, in half of what PNG takes; all browsers show it."""
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", lossless=True, method=2, quality=20)
    return buffer.getvalue()


def png(image: Image.Image) -> bytes:
    """A picture at the page's own density in at most 256 colours."""
    buffer = io.BytesIO()
    few = image.reduce(DENSITY).quantize(
        256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
    )
    # White comes out a shade too dark, a frame on a white page.
    few.putpalette([255 if level == 254 else level for level in few.getpalette() or ()])
    few.save(buffer, "PNG")
    return buffer.getvalue()


def bundle(fig: Figure, *, caption: str, alt: str) -> dict[str, str]:
    """The figure as a MIME bundle: HTML with caption and alternative text, and PNG.

    JupyterLab ignores alternative text kept in an output's metadata, so the picture
    travels inside an HTML `<figure>`, on a card of its own where the page is dark;
    viewers that know no HTML take the PNG, which is half as sharp.
    """
    _need_words(caption, alt)
    image = drawn(fig)
    page = (
        '<figure style="margin:0.5em 0">'
        f'<img src="data:image/webp;base64,{text(webp(image))}" '
        f'width="{image.width // DENSITY}" alt="{html.escape(alt)}" '
        'style="max-width:100%;height:auto;border-radius:6px">'
        f"<figcaption><em>{html.escape(caption)}</em></figcaption></figure>"
    )
    return {"text/html": page, "image/png": text(png(image)), "text/plain": alt}


def text(data: bytes) -> str:
    """Bytes as notebooks and pages hold them."""
    return base64.b64encode(data).decode()


def show(fig: Figure, *, caption: str, alt: str) -> None:
    """Display a figure once, with its caption and its alternative text, and close it.

    caption: what to notice, for everyone.  alt: what is to be seen, for those who
    cannot see it.  Raises ValueError if either is empty.  Outside IPython, where
    nothing can show a picture, and while nbgrader grades, which needs none, the
    alternative text is printed.
    """
    _need_words(caption, alt)
    grading = bool(os.environ.get("NBGRADER_EXECUTION"))
    if InteractiveShell.initialized() and not grading:
        display(bundle(fig, caption=caption, alt=alt), raw=True)
    else:
        print(f"[figure: {alt}]")
    plt.close(fig)


def _need_words(caption: str, alt: str) -> None:
    """Raise ValueError for a figure without a caption or an alternative text."""
    if not caption.strip() or not alt.strip():
        raise ValueError("a figure needs a caption and an alternative text (alt)")


def matrix(
    ax: Axes,
    values: ArrayLike,
    title: str = "",
    *,
    numbers: bool = True,
    cmap: str = "gray",
    limits: tuple[float, float] | None = None,
) -> None:
    """Draw a matrix `values` (rows, columns) as coloured cells with their numbers.

    limits: the values drawn in the first and the last colour of `cmap`; the matrix's
    own smallest and largest finite value when left out. A cell of nan stays white.
    """
    cells = np.asarray(values, dtype=float)
    if cells.ndim != 2 or cells.size == 0:
        raise ValueError(f"matrix() draws a 2-D array, this has shape {cells.shape}")
    known = cells[np.isfinite(cells)]
    if limits is None:
        limits = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    picture = ax.imshow(cells, cmap=cmap, vmin=limits[0], vmax=limits[1])
    _rule(ax, *cells.shape)
    ax.set_title(title)
    if numbers:
        shown = picture.norm(np.ma.masked_invalid(cells))
        _write_numbers(ax, cells, np.asarray(picture.cmap(shown)))


def _rule(ax: Axes, rows: int, columns: int) -> None:
    """Thin lines around the cells, so that white cells do not melt into the page."""
    ax.set_xticks(np.arange(columns + 1) - 0.5, labels=[])
    ax.set_yticks(np.arange(rows + 1) - 0.5, labels=[])
    ax.tick_params(length=0)
    ax.grid(color=GREY, linewidth=pen.HAIR)
    ax.spines[:].set_visible(False)
    ax.set(xlim=(-0.53, columns - 0.47), ylim=(rows - 0.47, -0.53))


def _write_numbers(ax: Axes, cells: np.ndarray, colours: np.ndarray) -> None:
    """Write each cell's value, black on light cells and white on dark ones."""
    brightness = colours[..., :3] @ (0.299, 0.587, 0.114) + 1 - colours[..., 3]
    for (row, column), value in np.ndenumerate(cells):
        ink = "black" if brightness[row, column] > 0.5 else "white"
        digits = f"{value:.3g}".replace("-", "−")
        ax.text(column, row, digits, ha="center", va="center", color=ink)


def images(
    pictures: Sequence[ArrayLike],
    titles: Sequence[str] = (),
    *,
    columns: int = 5,
    size: float = 1.5,
    limits: tuple[float, float] | None = None,
) -> Figure:
    """Several pictures in a grid, each (h, w) grey, (h, w, 3) or (3, h, w) colour.

    size: inches per picture.  limits: the values drawn black and white; when left out,
    those of a grey picture are its own smallest and largest, of a coloured one 0 and
    255 for whole numbers, 0 and 1 for others within, else its own.  What is NaN stays
    empty. Raises ValueError for what is no picture.
    """
    if len(pictures) == 0:
        raise ValueError("images() needs at least one picture")
    if columns < 1:
        raise ValueError(f"columns must be 1 or more, but it is {columns}")
    drawn = [channels_last(picture) for picture in pictures]
    columns = min(columns, len(drawn))
    rows = -(-len(drawn) // columns)
    height = size * min(1.0, max(0.2, *map(_ratio, drawn))) + 0.25 * bool(titles)
    fig, axes = new(columns * size, rows * height, rows, columns)
    for ax in np.atleast_1d(axes).flat:
        ax.set_axis_off()
    for ax, pixels in zip(np.atleast_1d(axes).flat, drawn, strict=False):
        low, high = limits or natural_limits(pixels)
        shown = pixels if pixels.ndim == 2 else stretched(pixels, low, high)
        ax.imshow(shown, cmap="gray", vmin=low, vmax=high)
        _outline(ax)
    for ax, title in zip(np.atleast_1d(axes).flat, titles, strict=False):
        ax.set_title(title, fontsize=pen.SMALL)
    return fig


def _outline(ax: Axes) -> None:
    """A thin line around a picture, whose white rim would melt into the page."""
    ax.set_axis_on()
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color=GREY, linewidth=pen.HAIR)


def _ratio(picture: np.ndarray) -> float:
    """Height over width of a picture."""
    return picture.shape[0] / picture.shape[1]


def natural_limits(pixels: np.ndarray) -> tuple[float, float]:
    """The values that are drawn black and white when nobody chooses."""
    known = pixels[np.isfinite(pixels)]
    if known.size == 0:
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    usual = 255.0 if np.issubdtype(pixels.dtype, np.integer) else 1.0
    if pixels.ndim == 3 and 0 <= low <= high <= usual:
        return 0.0, usual
    return low, high


def stretched(pixels: np.ndarray, low: float, high: float) -> np.ndarray:
    """Colours (h, w, 3) as parts of the way from `low` to `high`; bytes may stay."""
    if pixels.dtype == np.uint8 and (low, high) == (0, 255):
        return pixels
    parts = (pixels.astype(float) - low) / ((high - low) or 1.0)
    return np.nan_to_num(parts, nan=1.0).clip(0, 1)


def channels_last(picture: ArrayLike) -> np.ndarray:
    """A picture as (h, w) or (h, w, 3), from an array or tensor of numbers."""
    given: Any = picture
    if hasattr(given, "detach"):  # a tensor, wherever it lies
        given = given.detach().cpu()
        given = given.float() if given.is_floating_point() else given
    pixels = np.asarray(given)
    if pixels.ndim == 3 and pixels.shape[-1] != 3:
        if pixels.shape[0] in (1, 3):
            pixels = np.moveaxis(pixels, 0, -1)
        if pixels.shape[-1] == 1:
            pixels = pixels[..., 0]
    colours = pixels.shape[2:]
    if pixels.ndim not in (2, 3) or colours not in ((), (3,)) or pixels.size == 0:
        raise ValueError(
            "images() draws a list of pictures (h, w), (h, w, 3) or (3, h, w); one of "
            f"these has the shape {pixels.shape}"
        )
    if pixels.dtype.kind not in "buif":
        raise ValueError(f"images() draws numbers, not {pixels.dtype}")
    return pixels.astype(float) if pixels.dtype.kind in "bf" else pixels


def gallery(
    pictures: Sequence[np.ndarray],
    names: Sequence[str],
    kernels: Sequence[np.ndarray] = (),
    *,
    limits: tuple[float, float] | None = None,
    columns: int = 2,
) -> Figure:
    """Filtered pictures under their names; with `kernels`, each under its numbers.

    limits: the values drawn black and white. When left out, each picture is cut off at
    its 1st and 99th percentile so that a few extreme pixels do not turn the rest grey.
    columns: pictures side by side; all of them when they have kernels above
    """
    columns = len(pictures) if len(kernels) else min(columns, len(pictures))
    rows = 2 if len(kernels) else -(-len(pictures) // columns)
    height = 2.6 * max(map(_ratio, pictures)) + 0.3
    fig, axes = new(2.6 * columns, rows * height, rows, columns)
    grid = np.reshape(axes, (rows, columns))
    for ax, name, kernel in zip(grid[0], names, kernels, strict=False):
        matrix(ax, np.round(kernel, 2), name, cmap="PuOr", limits=(-3, 3))
        ax.margins(0.3)
    below = grid[-1] if len(kernels) else grid.ravel()
    for ax in below:
        ax.set_axis_off()
    for ax, name, picture in zip(below, names, pictures, strict=False):
        low, high = limits or np.percentile(picture, (1, 99))
        ax.imshow(picture, cmap="gray", vmin=low, vmax=max(high, low + 1e-9))
        if not len(kernels):
            ax.set_title(name)
    return fig


def stems(
    signals: Mapping[str, ArrayLike],
    *,
    width: float = 9,
    columns: int | None = None,
    label: str = "index",
) -> Figure:
    """Several short signals (n,) as stems over their index, all on the same two scales.

    columns: signals side by side, all when left out.  label: what the index counts
    """
    columns = columns or len(signals)
    rows = -(-len(signals) // columns)
    fig, axes = new(width, 0.5 + 1.7 * rows, rows, columns)
    values = [np.asarray(signal, dtype=float) for signal in signals.values()]
    low, high = min(0.0, *map(np.min, values)), max(map(np.max, values))
    margin, longest = 0.1 * (high - low), max(map(len, values))
    for ax in np.reshape(axes, (rows, columns))[-1]:
        ax.set_xlabel(label)
    for ax, title, signal in zip(np.ravel(axes), signals, values, strict=True):
        ax.axhline(0, color=GREY, linewidth=pen.THIN)
        ax.stem(
            np.arange(len(signal)), signal, linefmt=BLUE, markerfmt="o", basefmt=" "
        )
        ax.set_title(title)
        ax.set(xlim=(-0.5, longest - 0.5), ylim=(low - margin, high + margin))
        ax.set_xticks(range(0, longest, max(1, longest // 5) if longest > 12 else 1))
    return fig


def bars(seconds: Mapping[str, float]) -> Figure:
    """Durations as horizontal bars on a logarithmic scale, written out in ms."""
    fig, ax = new(7.5, 0.5 * len(seconds) + 0.9)
    values = [1000 * s for s in seconds.values()]
    drawn = ax.barh(list(seconds), values, color=[RED, BLUE, GREEN][: len(values)])
    ax.bar_label(drawn, [f"{v:,.3g} ms" for v in values], padding=4)
    ax.set(xlim=(0, 1.25 * max(values)), xlabel="milliseconds")
    ax.invert_yaxis()
    return fig


def curves(ax: Axes) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The lines drawn on `ax` as data: label → (x, y), each an array (n,).

    Lines without a label are left out.  Raises ValueError if two lines share one.
    """
    found: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for line in ax.get_lines():
        label = str(line.get_label())
        if label.startswith("_"):
            continue
        if label in found:
            raise ValueError(f"two lines have the label {label!r}; give each its own")
        found[label] = (
            np.asarray(line.get_xdata(), dtype=float),
            np.asarray(line.get_ydata(), dtype=float),
        )
    return found
