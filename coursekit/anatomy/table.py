"""The anatomy of a model as a web page's table, and as plain text."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from coursekit.anatomy.rows import Layer, ReceptiveField

if TYPE_CHECKING:
    from coursekit.anatomy.counting import Anatomy

COLUMNS = (
    ("layer", ""),
    ("kind", ""),
    ("output", "channels × height × width, of one example"),
    ("weights per neuron", "weights that one number depends on, with the bias"),
    ("neurons", "numbers that the layer puts out"),
    ("connections", "neurons × weights per neuron"),
    ("parameters", "independent weights"),
    ("multiply-adds", "of convolutions and matrix products"),
    ("field", "pixels a side that one number sees, padding included"),
    ("jump", "pixels between the fields of neighbours"),
    ("offset", "first pixel of the first number's field"),
)
TEXT_COLUMNS = 3  # the others are numbers and stand to the right


def cells(layer: Layer) -> list[str]:
    """One row as text."""
    return [
        layer.name,
        layer.kind,
        by(layer.output_shape),
        number(layer.weights_per_neuron),
        number(layer.neurons),
        number(layer.connections),
        number(layer.parameters),
        number(layer.multiply_adds),
        *field(layer.receptive_field),
    ]


def number(value: float | None) -> str:
    """1234567 → "1,234,567"; "?" for what is not defined."""
    return "?" if value is None else f"{value:,}"


def by(values: tuple[object, ...]) -> str:
    """(6, 28, 28) → "6×28×28"."""
    return "×".join(str(value) for value in values) or "1"


def field(seen: ReceptiveField | None) -> tuple[str, str, str]:
    """Size, jump, offset: one number where all axes agree."""
    if seen is None:
        return "–", "–", "–"
    jumps = tuple("–" if jump is None else str(jump) for jump in seen.jump)
    size = same(tuple(map(str, seen.size)), "×") + (" (all)" if seen.whole else "")
    offsets = tuple(str(o).replace("-", "−") for o in seen.offset)
    return size, same(jumps, "×"), same(offsets, ", ")


def same(values: tuple[str, ...], join: str) -> str:
    return values[0] if len(set(values)) == 1 else join.join(values)


def caption(anatomy: Anatomy) -> str:
    shapes = " and ".join(by(shape) for shape in anatomy.input_shape)
    return (
        f"{anatomy.model} on {shapes}: {anatomy.parameters:,} parameters, "
        f"{anatomy.multiply_adds:,} multiply-adds for one example"
    )


def remarks(anatomy: Anatomy) -> list[str]:
    """The notes, and which rows are not shown."""
    hidden = len(anatomy) - len(anatomy.shown())
    if not hidden:
        return list(anatomy.notes)
    note = f"Layers without weights that keep the shape are not shown ({hidden})."
    return [*anatomy.notes, note]


CELL = "text-align:{};padding:2px 7px;white-space:nowrap"
# Heads stay in sight, and break into lines; the colour is the notebook's own.
HEAD = (
    "text-align:{};padding:2px 7px;position:sticky;top:0;vertical-align:bottom;"
    "background:var(--jp-layout-color0,white)"
)


def table(anatomy: Anatomy) -> str:
    """HTML with a caption, and headers that screen readers know for what they are."""
    heads = "".join(
        f'<th scope="col" title="{help_}" style="{HEAD.format(side(i))}">{name}</th>'
        for i, (name, help_) in enumerate(COLUMNS)
    )
    body = "".join(f"<tr>{html_row(layer)}</tr>" for layer in anatomy.shown())
    words = " ".join(remarks(anatomy))
    name = html.escape(caption(anatomy))
    return (
        f'<div role="region" aria-label="{name}" tabindex="0" '
        'style="max-height:32em;overflow:auto">'
        '<table style="border-collapse:collapse;font-variant-numeric:tabular-nums">'
        f'<caption style="text-align:left;padding:2px 7px">{name}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
        + (f"<p>{html.escape(words)}</p>" if words else "")
    )


def html_row(layer: Layer) -> str:
    """The first cell names the row."""
    first, *others = (html.escape(cell) for cell in cells(layer))
    name = CELL.format("left") + ";font-weight:normal"
    return f'<th scope="row" style="{name}">{first}</th>' + "".join(
        f'<td style="{CELL.format(side(i))}">{cell}</td>'
        for i, cell in enumerate(others, start=1)
    )


def side(column: int) -> str:
    """Words stand to the left, numbers to the right."""
    return "left" if column < TEXT_COLUMNS else "right"


def text(anatomy: Anatomy) -> str:
    """The table in plain characters, for where no HTML is shown."""
    rows = [[name for name, _ in COLUMNS], *map(cells, anatomy.shown())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            cell.ljust(width) if i < TEXT_COLUMNS else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([caption(anatomy), *lines, *remarks(anatomy)])
