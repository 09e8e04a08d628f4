"""What is wrong with a submission, said to the instructor."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class Level(Enum):
    """What a finding means for the points."""

    REFUSED = "not graded"
    LOOK = "look at it"
    FINE = "no harm"


@dataclass(frozen=True)
class Finding:
    """One thing about one file of a submission. `file` may be empty: all of it."""

    student: str
    file: str
    level: Level
    problem: str
    advice: str

    @property
    def text(self) -> str:
        """The finding without the student's name, for a table."""
        where = f"{self.file}: " if self.file else ""
        return f"{where}{self.problem}. {self.advice}"

    def __str__(self) -> str:
        return f"{self.student} · {self.level.value} · {self.text}"


@dataclass(frozen=True)
class Submission:
    """What one student handed in, and what was found in it."""

    student: str
    folder: Path
    findings: tuple[Finding, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether it can be graded as it is."""
        return all(finding.level is not Level.REFUSED for finding in self.findings)

    @property
    def needs_a_look(self) -> bool:
        """Whether points may be lost unless somebody does something."""
        return any(finding.level is not Level.FINE for finding in self.findings)
