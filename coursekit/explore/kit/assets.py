"""The page's half of a widget: its own file and the kit's, joined into one.

anywidget hands the page one module and one style sheet as text, so `import` cannot
reach a second file. The files are joined as they are read: no tool of Node's is needed
where the course runs, and the files that are checked are the files that are shipped.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from coursekit import plots

PALETTE = {
    "blue": plots.BLUE,
    "green": plots.GREEN,
    "grey": plots.GREY,
    "red": plots.RED,
    "sky": plots.SKY,
}
FOLDER = Path(__file__).parents[1]
IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]+)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:const|class|function) (\w+))", re.MULTILINE)


@cache
def script(name: str) -> str:
    """The module `name`.mjs, and before it what it imports, each in its own scope."""
    scopes: dict[Path, str] = {}
    body = _take_imports(FOLDER / f"{name}.mjs", scopes)
    return "\n".join([*scopes.values(), body])


@cache
def style(name: str) -> str:
    """The figures' palette, the kit's style sheet, and `name`.css if there is one."""
    files = (FOLDER / "kit" / "kit.css", FOLDER / f"{name}.css")
    sheets = [file.read_text(encoding="utf-8") for file in files if file.exists()]
    return "\n".join([_palette(), *sheets])


def _palette() -> str:
    colours = "; ".join(f"--{name}: {colour}" for name, colour in PALETTE.items())
    return f".cks {{ {colours} }}\n"


def _take_imports(file: Path, scopes: dict[Path, str]) -> str:
    """The text of a module that finds in `scopes` what it imports."""

    def take(found: re.Match[str]) -> str:
        source = (file.parent / found[2]).resolve()
        if source not in scopes:
            scopes[source] = _scope(source, scopes)
        return f"const {{{found[1]}}} = {_variable(source)};"

    return IMPORT.sub(take, file.read_text(encoding="utf-8"))


def _scope(file: Path, scopes: dict[Path, str]) -> str:
    """A module as a constant that holds what the module exports."""
    body = _take_imports(file, scopes)
    names = ", ".join(EXPORT.findall(body))
    inside = EXPORT.sub("", body)
    return f"const {_variable(file)} = (() => {{\n{inside}return {{ {names} }};\n}})();"


def _variable(file: Path) -> str:
    return f"module_{file.stem}"
