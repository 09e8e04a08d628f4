"""What the points of a week depend on besides what was handed in.

Its own notebooks, its own quizzes, its own checks, and all of the package that these
checks import: when another week is added or changed, nobody is graded again.
"""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import coursekit
from coursekit.authoring.build import SOURCE

PACKAGE = Path(coursekit.__file__).parent
CHECKS = PACKAGE / "checks"


def files(root: Path, assignment: str) -> set[Path]:
    """The notebooks and the modules, for the course under `root`."""
    notebooks = (root / SOURCE / assignment).glob("*.ipynb")
    week = assignment.partition("_")[0]
    return {*notebooks, *used_by([*CHECKS.glob("*.py"), *CHECKS.glob(f"{week}/*.py")])}


def used_by(modules: list[Path]) -> set[Path]:
    """These modules, and those of the package that they import, however far away."""
    found: set[Path] = set()
    waiting = list(modules)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += imports(path)
    return found


def imports(path: Path) -> Iterator[Path]:
    """The modules of the package that one module imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            parts = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [node.module, *parts]
        for name in names:
            yield from module(name)


def module(name: str) -> Iterator[Path]:
    """The file of a module of the package, none for anything else."""
    first, *others = name.split(".")
    inside = PACKAGE.joinpath(*others)
    for path in (inside.with_suffix(".py"), inside / "__init__.py"):
        if first == PACKAGE.name and path.is_file():
            yield path


def quizzes(root: Path, assignment: str) -> str:
    """What the checks know of the quizzes in the notebooks of the assignment."""
    stored = json.loads((CHECKS / "quiz.json").read_text(encoding="utf-8"))
    books = (root / SOURCE / assignment).glob("*.ipynb")
    text = "".join(path.read_text(encoding="utf-8") for path in books)
    asked = {name: quiz for name, quiz in stored.items() if f'"{name}-check"' in text}
    return json.dumps(asked, sort_keys=True)
