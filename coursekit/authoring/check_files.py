"""The checks in `coursekit/checks/`, read without running them, and their callers.

The checks of the lesson `solutions/week2_…/1_output_sizes.py` are the functions below
`@exercise("id")` and the lines `name = quiz("id")` in
`coursekit/checks/week2/output_sizes.py`.
"""

import ast
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit.authoring.errors import AuthoringError
from coursekit.authoring.exercises import Exercise
from coursekit.authoring.lessons import SOLUTIONS, Lesson
from coursekit.authoring.source import Cell

FOLDER = Path("coursekit/checks")


@dataclass(frozen=True)
class Definition:
    """A check as its file defines it: `checks.<week>.<name>(<parameters>)`."""

    week: str
    stem: str
    name: str
    id: str
    quiz: bool
    parameters: tuple[str, ...]

    @property
    def file(self) -> str:
        """How messages call the file it stands in."""
        return f"{FOLDER.as_posix()}/{self.week}/{self.stem}.py"

    @property
    def call(self) -> str:
        """How a lesson calls it."""
        given = [f"{name}={name}" if self.quiz else name for name in self.parameters]
        return f"checks.{self.week}.{self.name}({', '.join(given)})"


def read(root: Path) -> list[Definition]:
    """Every check of the course under `root`.

    Raises AuthoringError for a file that is not Python, a name that a week uses twice
    and an id that the course uses twice.
    """
    questions = quiz_questions(root)
    found = [
        definition
        for path in sorted((root / FOLDER).glob("week*/*.py"))
        for definition in definitions(path, questions)
    ]
    refuse_twins(found)
    return found


def quiz_questions(root: Path) -> dict[str, tuple[str, ...]]:
    """Id of a quiz → the values it asks for, from the quiz.toml of each week."""
    questions: dict[str, tuple[str, ...]] = {}
    for path in sorted((root / SOLUTIONS).glob("week*/quiz.toml")):
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise AuthoringError(
                f"{path.parent.name}/quiz.toml cannot be read: {error}"
            ) from error
        questions |= {name: tuple(asked) for name, asked in table.items()}
    return questions


def definitions(
    path: Path, questions: dict[str, tuple[str, ...]]
) -> Iterator[Definition]:
    """The checks in one file."""
    week, stem = path.parent.name, path.stem
    try:
        body = ast.parse(path.read_text(encoding="utf-8")).body
    except (OSError, ValueError, SyntaxError) as error:
        raise AuthoringError(
            f"{FOLDER.as_posix()}/{week}/{path.name} cannot be read: {error}"
        ) from error
    for node in body:
        match node:
            case ast.FunctionDef(name=name, decorator_list=[*decorators]):
                for made in decorators:
                    if exercise := first_text(made):
                        given = answers(node)
                        yield Definition(week, stem, name, exercise, False, given)
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=ast.Name(id="quiz")) as made,
            ):
                if exercise := first_text(made):
                    asked = questions.get(exercise, ())
                    yield Definition(week, stem, name, exercise, True, asked)


def first_text(node: ast.expr) -> str | None:
    """The id in `exercise("id", …)`, the first argument of a call; None without one."""
    match node:
        case ast.Call(args=[ast.Constant(value=str(text)), *_]):
            return text
    return None


def answers(node: ast.FunctionDef) -> tuple[str, ...]:
    """The names of the answers that a check takes, as `Check` works them out."""
    given = tuple(argument.arg for argument in node.args.args[:-1])
    return (node.name,) if given == ("answer",) else given


def refuse_twins(found: Sequence[Definition]) -> None:
    """A name is used once in its week, an id once in the course."""
    names: dict[tuple[str, str], Definition] = {}
    ids: dict[str, Definition] = {}
    for check in found:
        other = names.setdefault((check.week, check.name), check)
        if other is not check:
            raise AuthoringError(
                f"{check.file}: {other.file} has a check {check.name} already, for "
                f"{other.id!r}. Give one of the two another name."
            )
        other = ids.setdefault(check.id, check)
        if other is not check:
            raise AuthoringError(
                f"{check.file}: {other.file} has a check of {check.id!r} already. "
                "Give one of the two another id."
            )


def check_calls(lessons: Sequence[Lesson], known: Sequence[Definition]) -> None:
    """Each check cell calls the check of its exercise, in the file of its lesson.

    Raises SourceError at the first that does not.
    """
    by_name = {(check.week, check.name): check for check in known}
    for lesson in lessons:
        week = lesson.week.split("_")[0]
        for exercise in lesson.exercises:
            if exercise.kind != "manual":
                check_call(week, lesson.stem, exercise, by_name)


def check_call(
    week: str,
    stem: str,
    exercise: Exercise,
    by_name: dict[tuple[str, str], Definition],
) -> None:
    """One check cell of a lesson against what is known."""
    cell = exercise.graded
    called, name = parts(cell)
    home = f"{FOLDER.as_posix()}/{week}/{stem}.py"
    if called != week:
        raise cell.error(f"this lesson belongs to {week}: call checks.{week}.{name}.")
    if not (check := by_name.get((week, name))):
        raise cell.error(f"checks.{week}.{name} does not exist: define it in {home}.")
    if check.file != home:
        raise cell.error(
            f"checks.{week}.{name} stands in {check.file}. The checks of this lesson "
            f"stand in {home}, which has its name."
        )
    check_agreement(cell, exercise, check)


def check_agreement(cell: Cell, exercise: Exercise, check: Definition) -> None:
    """Id, kind and answers of a check are those of its exercise."""
    if check.id != exercise.id:
        raise cell.error(
            f"{check.file} says that {check.name} checks {check.id!r}, this cell says "
            f'check="{exercise.id}". Make them the same.'
        )
    if check.quiz != (exercise.kind == "quiz"):
        should = "write quiz=1 in" if check.quiz else "delete quiz=1 from"
        raise cell.error(f"{should} its header, as {check.file} defines {check.name}.")
    if check.quiz and not check.parameters:
        raise cell.error(f"the questions of {check.id!r} are missing in quiz.toml.")
    if ast.unparse(ast.parse(cell.source)) != check.call:
        raise cell.error(f"{check.file} takes other answers: call it as {check.call}.")


def parts(cell: Cell) -> tuple[str, str]:
    """Week and name in the call of a check cell, `checks.<week>.<name>(…)`."""
    _, week, name = cell.source.partition("(")[0].split(".")
    return week, name


def check_used(lessons: Sequence[Lesson], known: Sequence[Definition]) -> None:
    """Every check has its exercise. Raises AuthoringError for one that has none."""
    used = {exercise.id for lesson in lessons for exercise in lesson.exercises}
    for check in known:
        if check.id not in used:
            raise AuthoringError(
                f"{check.file}: no lesson has an exercise {check.id!r} for the check "
                f"{check.name}. Write it, or delete the check."
            )
