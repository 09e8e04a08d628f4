"""nbgrader's generate_feedback writes our page about all notebooks of an assignment.

    from coursekit.grading.boundary.feedback_exporter import configure_feedback
    configure_feedback(c)

in nbgrader_config.py is all. nbgrader wants a file for each notebook, under its name:
there the page lies several times, since whichever a student opens must be complete.
With `FeedbackExporter.page_name` there is one file of that name.

Points and comments come from the gradebook, answers from the autograded notebooks, and
what the checks said from the report that grading has put into them (`keep_report`).
Without one, the errors that the checks ended with are shown, never their source.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from nbgrader.api import Grade, Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.coursedir import CourseDirectory
from traitlets import Dict, Unicode, default
from traitlets.config import Config

from . import feedback_cells, verdict
from .feedback import Feedback, NotebookFeedback, page
from .feedback_cells import Cell, is_check, nbgrader, points_for, text_of
from .only_notebooks import bring, copy_nothing
from .verdict import FAILED, PASSED, Report, Verdict

REPORT = "grading_report"  # the notebook's metadata of this name hold the report
COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
ON_STDERR = "The check wrote to the error stream, which counts as not passed."


def configure_feedback(
    c: Config, course: str = "", titles: Mapping[str, str] | None = None
) -> None:
    """Let generate_feedback write this page.

    course: its title; titles: name of an assignment → its title. Without them the
    page shows nbgrader's names.
    """
    c.GenerateFeedback.exporter_class = FeedbackExporter
    c.GenerateFeedback.preprocessors = []
    if course:
        c.FeedbackExporter.course_title = course
    if titles:
        c.FeedbackExporter.assignment_titles = dict(titles)


def keep_report(notebook: NotebookNode, report: Report) -> None:
    """Put a report into an autograded notebook, for the page."""
    notebook.metadata[REPORT] = verdict.to_json(report)


class FeedbackExporter(Exporter):
    """The page about an assignment; for each of its notebooks it is the same."""

    course_title = Unicode(help="The title of the course.").tag(config=True)
    assignment_titles = Dict(
        key_trait=Unicode(),
        value_trait=Unicode(),
        help="The titles of the assignments, by their names.",
    ).tag(config=True)
    page_name = Unicode(
        help="The name of the file without .html, in place of the notebooks' names."
    ).tag(config=True)

    def __init__(self, **kw: Any) -> None:  # noqa: ANN401 - as in nbconvert
        super().__init__(**kw)
        copy_nothing(self.parent)
        self._last = ("", "")  # a student with an assignment, and the page about it

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(  # type: ignore[override]
        self,
        nb: NotebookNode,
        resources: Any = None,  # noqa: ANN401 - as in nbconvert
        **kw: Any,  # noqa: ANN401
    ) -> tuple[str, dict[str, Any]]:
        """The page as text. Raises ValueError outside nbgrader."""
        _, resources = super().from_notebook_node(nb, resources, **kw)
        course = getattr(self.parent, "coursedir", None)
        if course is None or "nbgrader" not in resources:
            raise ValueError("this exporter works in nbgrader generate_feedback only")
        names = resources["nbgrader"]
        if self.page_name:
            resources["unique_key"] = self.page_name
        else:
            bring_files(course, names["student"], names["assignment"])
        about = f"{names['assignment']}/{names['student']}"
        if self._last[0] != about:
            with Gradebook(names["db_url"], course.course_id) as book:
                found = book.find_submission(names["assignment"], names["student"])
                self._last = (about, page(self._feedback(course, found)))
        return self._last[1], resources

    def _feedback(
        self, course: CourseDirectory, found: SubmittedAssignment
    ) -> Feedback:
        """What is on the page."""
        given = Given(course, found.assignment.name, found.student.id)
        parts = sorted(found.notebooks, key=lambda part: str(part.name))
        return Feedback(
            self.course_title or course.course_id,
            self.assignment_titles.get(given.assignment, given.assignment),
            called(found.student.first_name, found.student.last_name, found.student.id),
            tuple(self._part(given, part) for part in parts),
            sum(float(part.late_submission_penalty or 0) for part in parts),
        )

    def _part(self, given: "Given", own: SubmittedNotebook) -> NotebookFeedback:
        """What is on it about one notebook."""
        notebook = given.handed_in(own.name)
        if notebook is None:
            return not_handed_in(given, own)
        cells = notebook["cells"]
        answers = {
            nbgrader(cell)["grade_id"]: text_of(cell)
            for cell in cells
            if nbgrader(cell).get("solution")
        }
        report = self._kept(notebook, own.name) or seen(cells, own)
        return feedback_cells.from_notebook(
            [*given.source(own.name), *cells],
            given.release(own.name) or without_answers(cells),
            report,
            answers,
            comments(own),
            scores(own),
        )

    def _kept(self, notebook: Mapping[str, Any], name: str) -> Report | None:
        """The report that grading has put into the notebook."""
        text = notebook["metadata"].get(REPORT)
        if text is None:
            return None
        try:
            report = verdict.from_json(text)
        except (ValueError, TypeError) as error:
            self.log.warning("The report in %s is left out: %s", name, error)
            return None
        return report if report.notebook == name else None


@dataclass(frozen=True)
class Given:
    """The notebooks of an assignment that lie in the course's folder."""

    course: CourseDirectory
    assignment: str
    student: str

    def source(self, name: str) -> Sequence[Cell]:
        """The cells of the instructor's version; none when it is not there."""
        return self._cells(self.course.source_directory, name)

    def release(self, name: str) -> Sequence[Cell]:
        """The cells that students got; none when they are not there."""
        return self._cells(self.course.release_directory, name)

    def handed_in(self, name: str) -> Mapping[str, Any] | None:
        """The notebook of the student, as it was graded; None when there is none."""
        path = self._path(self.course.autograded_directory, self.student, name)
        if not path.is_file():
            return None
        found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found

    def _cells(self, folder: str, name: str) -> Sequence[Cell]:
        path = self._path(folder, ".", name)
        return cells_in(path, path.stat().st_mtime_ns) if path.is_file() else ()

    def _path(self, folder: str, student: str, name: str) -> Path:
        place = self.course.format_path(folder, student, self.assignment)
        return Path(place) / f"{name}.ipynb"


@lru_cache(maxsize=64)
def cells_in(path: Path, changed: int) -> Sequence[Cell]:
    """The cells of a notebook; read once, until it is changed."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return tuple(cells)


def without_answers(cells: Sequence[Cell]) -> Sequence[Cell]:
    """The cells of a student, as far as they may stand for those that were given."""
    return [
        {**cell, "source": ""} if nbgrader(cell).get("solution") else cell
        for cell in cells
    ]


def bring_files(course: CourseDirectory, student: str, assignment: str) -> None:
    """What nbgrader's exchange needs beside the pages of a student."""
    places = (course.autograded_directory, course.feedback_directory)
    bring(*(Path(course.format_path(x, student, assignment)) for x in places))


def called(first: str | None, last: str | None, student: str) -> str:
    """What a student is called: the name, when the gradebook has one."""
    return " ".join(filter(None, (first, last))) or student


def not_handed_in(given: Given, own: SubmittedNotebook) -> NotebookFeedback:
    """A notebook that the student did not hand in; its points count all the same."""
    cells = given.release(own.name) or [bare(grade) for grade in own.grades]
    report = Report(own.name, (), (), {}, ())
    made = feedback_cells.from_notebook(
        (), cells, report, {}, comments(own), scores(own)
    )
    return replace(made, missing=True)


def bare(grade: Grade) -> Cell:
    """A graded cell of which only the gradebook knows."""
    data = {"grade_id": grade.name, "grade": True, "points": grade.max_score}
    return {"cell_type": "code", "source": "", "metadata": {"nbgrader": data}}


def comments(own: SubmittedNotebook) -> dict[str, str]:
    """Grade id → what a person wrote; nbgrader's own "No response." is not that."""
    return {each.name: each.manual_comment or "" for each in own.comments}


def scores(own: SubmittedNotebook) -> dict[str, float | None]:
    """Grade id → points in the gradebook; None when a person has still to look.

    When work is graded again, nbgrader asks a person to look again, but what was given
    by hand counts until then: here as in its tables.
    """
    return {
        grade.name: None
        if grade.needs_manual_grade and grade.manual_score is None
        else float(grade.score)
        for grade in own.grades
    }


def seen(cells: Sequence[Cell], own: SubmittedNotebook) -> Report:
    """A report from the outputs of an autograded notebook, when there is no better."""
    points = {grade.name: grade.auto_score or 0.0 for grade in own.grades}
    verdicts = tuple(
        verdict_of(cell, points.get(nbgrader(cell)["grade_id"], 0.0))
        for cell in cells
        if is_check(nbgrader(cell))
    )
    outputs = {
        nbgrader(cell)["grade_id"]: printed(cell)
        for cell in cells
        if nbgrader(cell).get("solution")
    }
    return Report(own.name, verdicts, (), outputs, ())


def verdict_of(cell: Cell, points: float) -> Verdict:
    """What the output of a check cell and its points in the gradebook tell."""
    of = points_for(cell)
    state = PASSED if points >= of else FAILED
    message = "" if state == PASSED else last_error(cell)
    return Verdict(nbgrader(cell)["grade_id"], points, of, state, message, ())


def last_error(cell: Cell) -> str:
    """What a check cell ended with. Its traceback would show its source."""
    outputs = cell.get("outputs", ())
    errors = [x for x in outputs if x.get("output_type") == "error"]
    if errors:
        name, text = str(errors[-1].get("ename", "")), str(errors[-1].get("evalue", ""))
        plain = COLOUR.sub("", text)
        return plain if plain.startswith("✗ ") else f"{name}: {plain}".rstrip(": ")
    return ON_STDERR if any(x.get("name") == "stderr" for x in outputs) else ""


def printed(cell: Cell) -> str:
    """What a cell printed."""
    texts = (x.get("text", "") for x in cell.get("outputs", ()))
    whole = (text if isinstance(text, str) else "".join(text) for text in texts)
    return COLOUR.sub("", "".join(whole))
