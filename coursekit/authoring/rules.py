"""The form of a cell. Each rule looks at one cell and raises SourceError."""

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from coursekit.authoring import marks
from coursekit.authoring.source import Cell, prose_lines

MAX_LINES = 15
ID = re.compile(r"(?=.{1,50}$)[a-z0-9]+(-[a-z0-9]+)*")
IDS = {"exercise", "check", "manual"}
KEYS = {
    "code": [{"exercise"}, {"check", "points"}, {"check", "points", "quiz"}],
    "markdown": [{"hint"}, {"manual", "points"}, {"topics"}],
}
IMAGE = re.compile(r"!\[([^\]]*)\]\(")
IMG = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
ALT = re.compile(r"""\balt\s*=\s*(?:"[^"]*\S[^"]*"|'[^']*\S[^']*')""", re.IGNORECASE)
PREDICT = "**Predict"
PYPLOT = {"plt", "pyplot", "fig", "figure"}


def header_keys(cell: Cell) -> None:
    """Only the keys that the course knows, together as they belong."""
    known = sorted(set().union(*KEYS[cell.kind]))
    told = " and ".join(f"{key}=" for key in known)
    if "incorrectly_encoded_metadata" in cell.keys:
        raise cell.error('its header cannot be read: write key="text" or key=2.')
    for key in cell.keys:
        if key not in known:
            raise cell.error(
                f"unknown key {key!r} in its header. A {cell.kind} cell takes {told}."
            )
    if {"check", "manual"} & cell.keys.keys() and "points" not in cell.keys:
        raise cell.error("its points are missing: write points=2 in its header.")
    if cell.keys and set(cell.keys) not in KEYS[cell.kind]:
        given = ", ".join(cell.keys)
        raise cell.error(f"the keys {given} do not belong together; see {told}.")


def header_values(cell: Cell) -> None:
    """Ids are short words, points whole numbers; hint and quiz are only switched on."""
    for key, value in cell.keys.items():
        if key in IDS and not (isinstance(value, str) and ID.fullmatch(value)):
            raise cell.error(f'write {key}="small-words-with-hyphens", not {value!r}.')
        if key == "points" and (type(value) is not int or value < 1):
            raise cell.error(f"points must be a whole number from 1, not {value!r}.")
        if key in {"hint", "quiz"} and value != 1:
            raise cell.error(f"write {key}=1; the build counts by itself.")


def topics(cell: Cell) -> None:
    """Topics are words with commas between them, beside the heading of a section."""
    given = cell.get("topics")
    if given is None:
        return
    words = [word.strip() for word in str(given).split(",")]
    if not isinstance(given, str) or not all(words) or len(set(words)) < len(words):
        raise cell.error(f'write topics="one, another", not {given!r}.')
    titles = [text for level, text in cell.headings() if level in (2, 3)]
    if len(titles) != 1 or titles[0].startswith("Exercise"):
        raise cell.error(
            "topics stand in the cell with the heading of a section, `## …` or `### …`."
        )


def not_empty(cell: Cell) -> None:
    """A cell says something."""
    if not cell.source.strip():
        raise cell.error("it is empty: fill it or delete it.")


def short(cell: Cell) -> None:
    """At most 15 lines of code; an exercise may need more."""
    lines = len(cell.source.split("\n"))
    if cell.is_code and not cell.get("exercise") and lines > MAX_LINES:
        raise cell.error(
            f"it has {lines} lines of code, more than {MAX_LINES}. Divide it, or move "
            "a part into coursekit."
        )


def solution_marks(cell: Cell) -> None:
    """Exercises and answers by hand hold a solution, other cells do not."""
    if marks.BEGIN_HIDDEN in cell.source or marks.END_HIDDEN in cell.source:
        raise cell.error("delete its hidden tests: the build writes them.")
    if cell.get("exercise") or cell.get("manual"):
        try:
            marks.solution_lines(cell.source)
        except ValueError as error:
            raise cell.error(
                f"{error}. Put ### {marks.BEGIN} and ### {marks.END} around it."
            ) from error
    elif marks.BEGIN in cell.source or marks.END in cell.source:
        raise cell.error('a solution stands in a cell without exercise="…".')


def python(cell: Cell) -> None:
    """Code is Python, solved and unsolved."""
    if not cell.is_code:
        return
    parse(cell, cell.source, "it is not valid Python")
    if cell.get("exercise"):
        left = marks.stub(cell.source, marks.CODE_STUB)
        parse(cell, left, "what the student gets is not valid Python")


def parse(cell: Cell, source: str, reason: str) -> ast.Module:
    """The syntax tree of a code cell."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError) as error:
        detail = getattr(error, "msg", str(error))
        raise cell.error(
            f"{reason}: {detail} at line {getattr(error, 'lineno', 1)} of the cell. "
            "Commands such as %time are not Python."
        ) from error


def calls(cell: Cell, within: str) -> Iterator[tuple[str, ast.Call]]:
    """(dotted name, call) of every call in a code cell whose name holds a text."""
    if not cell.is_code or within not in cell.source:  # most are not even parsed
        return
    for node in ast.walk(ast.parse(cell.source)):
        if isinstance(node, ast.Call) and within in (name := ast.unparse(node.func)):
            yield name, node


def figures(cell: Cell) -> None:
    """A figure has a caption and a text for those who cannot see it."""
    for name, call in calls(cell, "show"):
        owner, _, method = name.rpartition(".")
        if name == "plots.show":
            for key in ("caption", "alt"):
                if not literal_text(call, key):
                    raise cell.error(f'plots.show needs {key}="…", written out.')
        elif method == "show" and owner.split(".")[-1] in PYPLOT:
            raise cell.error(
                f"{name}() shows a figure without a caption and alt text. Write "
                'plots.show(fig, caption="…", alt="…").'
            )


def only_shows(cell: Cell) -> bool:
    """Whether a code cell is nothing but one `plots.show(…)`; it is folded then."""
    match ast.parse(cell.source).body:
        case [ast.Expr(value=ast.Call(func=ast.Attribute(ast.Name("plots"), "show")))]:
            return True
    return False


def predictions(cells: Sequence[Cell]) -> None:
    """No code in sight answers a prediction before it runs.

    A caption says what a figure shows. Between a **Predict** and the next prose it
    stands in a cell of its own, which the notebook folds.
    """
    asked = False
    for cell in cells:
        if not cell.is_code:
            asked = PREDICT in cell.source
        elif asked and shows(cell) and not only_shows(cell):
            raise cell.error(
                "its caption answers the prediction above it. Put a line `# %%` before "
                "plots.show(…), and after it if more follows: a cell of its own is "
                "folded."
            )


def shows(cell: Cell) -> bool:
    """Whether a code cell calls `plots.show`."""
    return any(name == "plots.show" for name, _ in calls(cell, "show"))


def literal_text(call: ast.Call, key: str) -> bool:
    """Whether the call gives `key` as a text that is not empty."""
    given: dict[str | None, Any] = {word.arg: word.value for word in call.keywords}
    value = getattr(given.get(key), "value", None)
    return isinstance(value, str) and bool(value.strip())


def images(cell: Cell) -> None:
    """A picture in prose has an alt text."""
    if cell.is_code:
        return
    prose = "\n".join(prose_lines(cell.source))
    missing = [text for text in IMAGE.findall(prose) if not text.strip()]
    missing += [tag for tag in IMG.findall(prose) if not ALT.search(tag)]
    if missing:
        raise cell.error("an image has no alt text. Write ![what it shows](address).")


def contract(cell: Cell) -> None:
    """Functions to be written say what they take and give back."""
    if not cell.get("exercise"):
        return
    for node in ast.walk(ast.parse(marks.stub(cell.source, marks.CODE_STUB))):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("__"):
            check_contract(cell, node)


def check_contract(cell: Cell, node: ast.FunctionDef) -> None:
    """One function of an exercise has annotations and a docstring."""
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    bare = [a.arg for a in given if a.annotation is None and a.arg != "self"]
    if bare or node.returns is None:
        missing = ", ".join(bare) or "what it returns"
        raise cell.error(f"annotate {missing} in {node.name}.")
    if not ast.get_docstring(node):
        raise cell.error(f"{node.name} needs a docstring: shapes and an example.")


def one_check(cell: Cell) -> None:
    """A check cell is one call: checks.<week>.<name>(answer)."""
    if not cell.get("check"):
        return
    body = ast.parse(cell.source).body
    call = body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None
    name = ast.unparse(call.func) if isinstance(call, ast.Call) else ""
    if not re.fullmatch(r"checks\.week\d+\.\w+", name):
        raise cell.error(
            "a check cell holds one call and nothing else, such as "
            "checks.week1.correlate1d(correlate1d)."
        )


RULES: list[Callable[[Cell], None]] = [
    header_keys,
    header_values,
    topics,
    not_empty,
    short,
    solution_marks,
    python,
    figures,
    images,
    contract,
    one_check,
]


def check_cells(cells: tuple[Cell, ...]) -> None:
    """Every rule on every cell, then on all together; the first mistake is raised."""
    for cell in cells:
        for rule in RULES:
            rule(cell)
    predictions(cells)
