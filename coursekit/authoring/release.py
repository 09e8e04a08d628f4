"""Let nbgrader make the student version of complete notebooks."""

import json
import logging
from pathlib import Path
from typing import Any

from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, PyFileConfigLoader

from coursekit.authoring import marks
from coursekit.authoring.errors import AuthoringError

TAG = "raises-exception"


def generate(config_file: Path, source: Path, release: Path, week: str) -> None:
    """Release `source`/<week> into `release`/<week> as nbgrader does it.

    No database is opened: a build never touches the gradebook. Raises AuthoringError
    when nbgrader fails or leaves anything behind that it should remove.
    """
    config = load_config(config_file)
    config.CourseDirectory.source_directory = str(source.resolve())
    config.CourseDirectory.release_directory = str(release.resolve())
    config.CourseDirectory.assignment_id = week
    # What `nbgrader generate_assignment --no-db` sets.
    config.SaveCells.enabled = False
    config.GenerateAssignment.no_database = True
    run(config, week)
    for path in sorted((source / week).glob("*.ipynb")):
        verify(path, release / week / path.name)


def load_config(path: Path) -> Config:
    """The settings in nbgrader_config.py.

    nbgrader itself only logs a mistake in this file and goes on without it.
    """
    try:
        config = PyFileConfigLoader(path.name, path=str(path.parent)).load_config()
    except Exception as error:
        raise AuthoringError(
            f"{path.name} cannot be used: {type(error).__name__}: {error}"
        ) from error
    assert isinstance(config, Config)
    return config


def run(config: Config, week: str) -> None:
    """Run nbgrader's conversion; what it logs is shown only when it fails."""
    log = logging.getLogger("traitlets")
    record = Record()
    log.addHandler(record)
    try:
        course = CourseDirectory(config=config)
        GenerateAssignment(coursedir=course, config=config).start()
    except NbGraderException as error:
        reason = record.reason() or str(error)
        raise AuthoringError(f"nbgrader cannot release {week}: {reason}") from error
    finally:
        log.removeHandler(record)


class Record(logging.Handler):
    """Keeps error messages instead of printing them."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message."""
        self.messages.append(record.getMessage().strip())

    def reason(self) -> str:
        """The exception of the first traceback, or else the first message."""
        traces = [text for text in self.messages if text.startswith("Traceback")]
        return (traces or self.messages or [""])[0].split("\n")[-1]


def verify(complete: Path, released: Path) -> None:
    """Refuse a student notebook in which a solution is left or a stub is lost."""
    for before, after in zip(cells(complete), cells(released), strict=True):
        where = f"{released.name}, {after['id']}"
        if after["source"] != expected(before):
            raise AuthoringError(
                f"{where}: nbgrader did not release it as it should. See "
                "ClearSolutions and ClearHiddenTests in nbgrader_config.py."
            )
        if "nbgrader" in before["metadata"] and TAG not in after["metadata"].get(
            "tags", []
        ):
            raise AuthoringError(
                f"{where}: the tag {TAG} is missing. See "
                "GenerateAssignment.preprocessors in nbgrader_config.py."
            )


def cells(path: Path) -> list[dict[str, Any]]:
    """The cells of a notebook, the source of each in one piece."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except FileNotFoundError as error:
        raise AuthoringError(f"nbgrader did not write {path.name}.") from error
    return [cell | {"source": "".join(cell["source"])} for cell in found]


def expected(cell: dict[str, Any]) -> str:
    """What students are to see of a complete notebook's cell."""
    visible = marks.without_hidden(cell["source"])
    code = cell["cell_type"] == "code"
    return marks.stub(visible, marks.CODE_STUB if code else marks.TEXT_STUB)
