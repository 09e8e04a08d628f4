"""What the points of a week depend on besides what was handed in.

Its own notebooks, its own quizzes, its own checks, and all of the package that these
checks import: when another week is added or changed, nobody is graded again. And how
answers are judged: the code that does it, and what nbgrader_config.py says about it.
"""

import ast
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import coursekit
from coursekit.authoring.build import CONFIG, SOURCE
from coursekit.authoring.release import load_config
from coursekit.grading import boundary
from coursekit.grading.boundary.preprocessors import Judge, settings_of
from coursekit.grading.boundary.settings import Settings
from coursekit.grading.gradebook import GradingError
from coursekit.grading.released import NOTEBOOKS

PACKAGE = Path(coursekit.__file__).parent
CHECKS = PACKAGE / "checks"
BOUNDARY = Path(boundary.__file__).parent
PARSING = threading.Lock()
UNSAFE = (
    f"{CONFIG} does not say how answers are judged, so that nbgrader would run them "
    "with your rights. Add to it: from coursekit.grading import configure; configure(c)"
)


def files(root: Path, assignment: str) -> set[Path]:
    """The notebooks and the modules, for the course under `root`."""
    folders = [root / SOURCE / assignment, root / NOTEBOOKS / assignment]
    notebooks = [path for folder in folders for path in folder.glob("*.ipynb")]
    week = assignment.partition("_")[0]
    checks = [*CHECKS.glob("*.py"), *CHECKS.glob(f"{week}/*.py")]
    added = [path for name in named(judging(root)) for path in module(name)]
    return {*notebooks, *used_by(checks + added), *judges()}


def judging(root: Path) -> Settings:
    """How answers are judged. Raises GradingError when nbgrader would run them."""
    found = load_config(root / CONFIG)
    steps = found.Autograde.sanitize_preprocessors
    if not isinstance(steps, list) or Judge not in steps:
        raise GradingError(UNSAFE)
    without = bool(found.Judge.get("unsafe_without_sandbox", False))
    return settings_of(found.Judge.settings, without)


def rules(root: Path) -> str:
    """How answers are judged, as text that is the same wherever the course lies."""
    return replace(judging(root), readable=()).to_json()


def titles(root: Path, assignment: str) -> str:
    """The titles that feedback shows."""
    found = load_config(root / CONFIG).FeedbackExporter
    week = dict(found.get("assignment_titles", {})).get(assignment, assignment)
    return json.dumps([found.get("course_title", ""), week])


def named(settings: Settings) -> list[str]:
    """The modules that a course adds to judging."""
    return [x.partition(":")[0] for x in (settings.extension, settings.adopt) if x]


def judges() -> list[Path]:
    """The code that judges; what writes and shows pages gives no points."""
    found = BOUNDARY.glob("*.py")
    pages = ("feedback", "formgrader")
    return [path for path in found if not path.name.startswith(pages)]


def writers() -> list[Path]:
    """All that feedback is made with."""
    return [path for path in BOUNDARY.iterdir() if path.is_file()]


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
    # Two threads that parse at the same time make Python 3.11 fail.
    with PARSING:
        names = imported(path.read_text(encoding="utf-8"))
    for name in names:
        yield from module(name)


@lru_cache(maxsize=1_000)
def imported(source: str) -> tuple[str, ...]:
    """The names that the text of a module imports: modules, or what is in them."""
    names: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            parts = [f"{node.module}.{alias.name}" for alias in node.names]
            names += [node.module, *parts]
    return tuple(names)


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
