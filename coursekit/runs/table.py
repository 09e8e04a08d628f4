"""The table "paper and ours"."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from statistics import mean

from coursekit.runs import results
from coursekit.runs.recipes import RECIPES, Recipe
from coursekit.runs.results import FinishedRun

HEAD = ("network", "data", "paper, %", "ours, %", "recipe", "minutes", "hardware")


@dataclass(frozen=True)
class Table:
    """Errors of the papers and ours; `notes` say how our recipes differ.

    Jupyter shows it as HTML; `print` gives Markdown.
    """

    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]

    def __str__(self) -> str:
        lines = [HEAD, ("---",) * len(HEAD), *self.rows]
        table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
        return table + "\n\n" + "\n".join(f"- {note}" for note in self.notes)

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in HEAD)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
            for cells in self.rows
        )
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        return (
            "<table><caption>Test errors in the papers and of this course</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
            f"<ul>{notes}</ul>"
        )


def table(*names: str, found: Iterable[FinishedRun] | None = None) -> Table:
    """The named recipes, or all of them, each a row; "not yet run" where that is so.

    found: results in place of those that are kept with the course. Raises ValueError
    for a name without a recipe.
    """
    unknown = [name for name in names if name not in RECIPES]
    if unknown:
        raise ValueError(f"no recipe {unknown[0]!r}; there are {', '.join(RECIPES)}")
    kept = results.read(results.RESULTS) if found is None else list(found)
    chosen = [RECIPES[name] for name in names or RECIPES]
    rows = [
        row(recipe, [r for r in kept if r.recipe == recipe.name]) for recipe in chosen
    ]
    notes = dict.fromkeys(
        f"{r.title}: {r.source}; ours: {r.differences}" for r in chosen
    )
    return Table(tuple(rows), tuple(notes))


def row(recipe: Recipe, found: list[FinishedRun]) -> tuple[str, ...]:
    """The cells of one recipe."""
    paper = "–" if recipe.paper is None else f"{recipe.paper:.2f}"
    examples = "sentences" if recipe.pixels == "words" else "images"
    how = f"{recipe.steps:,} steps of {recipe.batch} {examples}"
    if not found:
        return (recipe.title, recipe.data, paper, "not yet run", how, "", "")
    minutes = f"{mean(result.seconds for result in found) / 60:.1f}"
    together = max(result.alongside for result in found)
    hardware = found[0].hardware
    hardware += f", {together} runs side by side" if together > 1 else ""
    ours = errors(found, "folds" if recipe.folds else "seeds")
    return (recipe.title, recipe.data, paper, ours, how, minutes, hardware)


def errors(found: list[FinishedRun], what: str) -> str:
    """The error, or the mean with the range of several seeds, or folds."""
    values = [result.test_error for result in found]
    if len(values) == 1:
        return f"{values[0]:.2f}"
    spread = f"{min(values):.2f} to {max(values):.2f}"
    return f"{mean(values):.2f} ({len(values)} {what}, {spread})"
