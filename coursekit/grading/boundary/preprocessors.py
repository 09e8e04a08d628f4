"""nbgrader's autograde through the boundary, by configuration only.

    from coursekit.grading import configure
    configure(c)

Sanitising puts the student's answers into our notebook and asks the court for the
verdicts; autograding writes each verdict to its check cell as the output from which
nbgrader reads points. No code of a student runs in nbgrader's process. A check without
a verdict gives no points: whatever goes wrong, nothing is given away.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    LimitOutput,
    NbGraderPreprocessor,
    OverwriteCells,
    SaveAutoGrades,
)
from traitlets import Bool, Unicode
from traitlets.config import Config

from . import sandbox, verdict
from .bare import WARNING
from .court import Court, Judged
from .feedback_exporter import REPORT, configure_feedback, keep_report
from .formgrader import configure_formgrader
from .only_notebooks import (
    OnlyNotebookExporter,
    bring,
    bring_ours,
    leads_elsewhere,
)
from .settings import Settings
from .transplant import text
from .verdict import Report, Verdict

Resources = dict[str, Any]
NOTEBOOKS = "notebooks"  # in the file of what was judged before

_courts: dict[str, Court] = {}


def configure(c: Config, settings: Settings | None = None) -> None:
    """Make `nbgrader autograde` and formgrader's button safe.

    c: the object that `get_config()` gives in nbgrader_config.py
    settings: what the course says about its notebooks
    """
    c.Judge.settings = (settings or Settings()).to_json()
    configure_feedback(c)
    c.Autograde.exporter_class = OnlyNotebookExporter
    configure_formgrader(c)
    c.Autograde.sanitize_preprocessors = [Judge, OverwriteCells, CheckCellMetadata]
    c.Autograde.autograde_preprocessors = [
        *(WriteVerdicts, LimitOutput, SaveAutoGrades),
        *(AssignLatePenalties, CheckCellMetadata),
    ]


def settings_of(told: str, unsafe_without_sandbox: bool) -> Settings:
    """What the configuration says."""
    found = Settings.from_json(told)
    unsafe = found.unsafe_without_sandbox or unsafe_without_sandbox
    return replace(found, unsafe_without_sandbox=unsafe)


def unsafe(settings: Settings) -> str:
    """The warning when answers will run without a sandbox; "" when they will not."""
    bare = settings.unsafe_without_sandbox and sandbox.missing()
    return f"{WARNING} ({bare})" if bare else ""


def court(settings: str) -> Court:
    """The court of this process for a course; it starts with the first notebook."""
    if settings not in _courts:
        _courts[settings] = Court(Settings.from_json(settings))
    return _courts[settings]


def as_text(found: Judged) -> list[str]:
    """What was judged as texts that JSON can hold."""
    return [verdict.to_json(found.report), json.dumps(found.notebook)]


def from_text(texts: list[str]) -> Judged:
    """The way back."""
    report, notebook = texts
    return Judged(verdict.from_json(report), json.loads(notebook))


class Judge(NbGraderPreprocessor):
    """Our notebook with the student's answers, and what the court says of them."""

    settings = Unicode(Settings().to_json()).tag(config=True)
    judged = Unicode("", help="A file of what was judged before.").tag(config=True)
    unsafe_without_sandbox = Bool(
        False, help="Run answers with your rights where there is no sandbox."
    ).tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: Resources
    ) -> tuple[NotebookNode, Resources]:
        """Judge a notebook. Raises CourtError when that cannot be done."""
        name = resources["nbgrader"]["notebook"]
        self._bring_files(Path(resources["metadata"]["path"]), name, resources)
        if self.judged:
            books = json.loads(Path(self.judged).read_text(encoding="utf-8"))
            found = from_text(books[NOTEBOOKS][name])
        else:
            source, release = self._ours(resources["nbgrader"]["assignment"], name)
            settings = settings_of(self.settings, self.unsafe_without_sandbox)
            if warning := unsafe(settings):
                self.log.warning(warning)
            found = court(settings.to_json()).judge(name, source, release, nb.cells)
        made = nbformat.from_dict(found.notebook)
        keep_report(made, found.report)
        return made, resources

    def _bring_files(self, source: Path, name: str, resources: Resources) -> None:
        """Nothing of the student's but the notebook. Raises ValueError for a link."""
        course = CourseDirectory(parent=self.parent, config=self.config)
        everybody = course.format_path(course.submitted_directory, ".", ".")
        if leads_elsewhere(source / f"{name}.ipynb", Path(everybody)):
            raise ValueError(f"{name}.ipynb is a link, or lies behind one")
        names = resources["nbgrader"]
        who = (names["student"], names["assignment"])
        target = Path(course.format_path(course.autograded_directory, *who))
        bring(source, target)
        ours = Path(course.format_path(course.source_directory, ".", who[1]))
        bring_ours(ours, target, course.ignore)

    def _ours(self, assignment: str, name: str) -> list[dict[str, Any]]:
        """The instructor's notebook and what students were given of it."""
        course = CourseDirectory(parent=self.parent, config=self.config)
        found = []
        for step in (course.source_directory, course.release_directory):
            path = Path(course.format_path(step, ".", assignment)) / f"{name}.ipynb"
            found.append(json.loads(path.read_text(encoding="utf-8")))
        return found


class WriteVerdicts(NbGraderPreprocessor):
    """Each verdict as the output of its check cell."""

    def preprocess(
        self, nb: NotebookNode, resources: Resources
    ) -> tuple[NotebookNode, Resources]:
        """Write the outputs. A check without a verdict ends in an error: no points."""
        report = verdict.from_json(nb.metadata.get(REPORT, ""))
        verdicts = {found.grade_id: found for found in report.verdicts}
        for cell in nb.cells:
            data = cell.metadata.get("nbgrader", {})
            if cell.cell_type == "code":
                cell.outputs = outputs(data, verdicts, report)
        return nb, resources


def outputs(
    data: dict[str, Any], verdicts: dict[str, Verdict], report: Report
) -> list[NotebookNode]:
    """What stands under a cell: a verdict, or what an answer printed."""
    name = data.get("grade_id", "")
    if data.get("grade") and not data.get("solution"):
        return of_verdict(verdicts.get(name))
    said = text(report.outputs.get(name, ""))  # no file can hold half a character
    return [new_output("stream", name="stdout", text=said)] if said else []


def of_verdict(found: Verdict | None) -> list[NotebookNode]:
    """The outputs from which nbgrader reads the points of a verdict."""
    if found is None:
        return [failure("There is no verdict on this check.")]
    if found.state != verdict.PASSED:
        return [failure(found.message)]
    if found.points == found.of:
        return [new_output("stream", name="stdout", text="passed")]
    data = {"text/plain": repr(found.points)}
    return [new_output("execute_result", data=data, execution_count=1)]


def failure(words: str) -> NotebookNode:
    """An error output."""
    words = text(words)
    return new_output("error", ename="CheckFailed", evalue=words, traceback=[words])
