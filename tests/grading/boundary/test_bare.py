"""Without a sandbox: refused, or with a switch that says what it is."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from coursekit.grading.boundary.bare import BareHouse
from coursekit.grading.boundary.court import Court, CourtError
from coursekit.grading.boundary.limits import MB, Limits
from coursekit.grading.boundary.preprocessors import settings_of, unsafe
from coursekit.grading.boundary.settings import Settings
from coursekit.grading.boundary.verdict import Report
from tests.attacks.course import HONEST, handed_in, source
from tests.grading.boundary.houses import below, soon

LIMITS = Limits(call_seconds=3, cpu_seconds=20, memory=512 * MB)
SUBMISSIONS = {
    "right": HONEST,
    "wrong": HONEST | {"double": "def double(xs):\n    return xs"},
    "raises": HONEST | {"greet": "def greet(name):\n    return 1 / 0"},
    "ends": HONEST | {"mean": "import os\nos._exit(3)"},
    "endless": HONEST | {"double": "def double(xs):\n    while True: pass"},
    "nothing": {},
}


def report(court: Court, answers: dict[str, str]) -> Report:
    """What a court says of a submission."""
    cells = handed_in(answers)["cells"]
    return court.judge("sums", source(), handed_in({}), cells).report


@pytest.fixture
def no_bwrap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without bubblewrap."""
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture(scope="module")
def safe(bwrap: None) -> Iterator[dict[str, Report]]:
    """What is said with a sandbox."""
    court = Court(Settings(LIMITS))
    yield {name: report(court, answers) for name, answers in SUBMISSIONS.items()}
    court.close()


def test_without_the_switch_it_refuses(no_bwrap: None) -> None:
    court = Court(Settings(LIMITS))
    with pytest.raises(CourtError, match="apt install bubblewrap"):
        report(court, HONEST)
    court.close()


@pytest.mark.slow
def test_with_it_the_verdicts_are_the_same(
    safe: dict[str, Report], no_bwrap: None
) -> None:
    court = Court(Settings(LIMITS, unsafe_without_sandbox=True))
    found = {name: report(court, answers) for name, answers in SUBMISSIONS.items()}
    assert found == safe
    assert court._process is not None
    assert soon(lambda: below(court._process.pid) == {court._process.pid})  # type: ignore[union-attr]
    court.close()


def test_nobody_is_left_when_the_grader_is_gone() -> None:
    """Not even what an answer has started."""
    before = below(os.getpid())
    with BareHouse(LIMITS).room() as room:
        start = "import subprocess; sleeps = subprocess.Popen(['/bin/sleep', '99'])"
        room.ask({"do": "run", "source": start, "name": "<a>", "futures": []})
        children = below(os.getpid()) - before
        assert len(children) == 2
    assert soon(lambda: not children & below(os.getpid()))


def test_the_switch_is_told_at_each_run(no_bwrap: None) -> None:
    on = settings_of(Settings().to_json(), unsafe_without_sandbox=True)
    assert "with your rights" in unsafe(on)
    assert "apt install bubblewrap" in unsafe(on)
    assert unsafe(Settings()) == ""


def test_where_there_is_a_sandbox_it_changes_nothing(bwrap: None) -> None:
    assert unsafe(Settings(unsafe_without_sandbox=True)) == ""
