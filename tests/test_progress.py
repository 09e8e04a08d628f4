"""Tests of coursekit.progress."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from coursekit import progress as module
from coursekit.checks.calling import call
from coursekit.progress import Progress, progress


@pytest.fixture
def loud(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo what keeps progress silent in tests (pytest sets its variable anew)."""
    monkeypatch.setattr(module, "QUIET_VARIABLES", ("NBGRADER_EXECUTION",))
    for name in ("NBGRADER_EXECUTION", "COURSEKIT_QUIET"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def notebook(loud: None, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """Stand in for a Jupyter kernel; the list holds what the one display showed."""
    shown: list[dict[str, str]] = []

    def display(data: dict[str, str], **options: bool) -> SimpleNamespace:
        assert options == {"raw": True, "display_id": True}
        assert not shown, "there must be one display, updated in place"
        shown.append(data)
        return SimpleNamespace(update=lambda data, raw: shown.append(data))

    monkeypatch.setattr(module, "in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", display)
    return shown


def test_loop_gives_every_item_in_order() -> None:
    assert list(progress(range(5), "Counting")) == [0, 1, 2, 3, 4]


def test_plain_output_is_one_complete_line(
    loud: None, capsys: pytest.CaptureFixture[str]
) -> None:
    list(progress(range(300), "Training"))
    out, err = capsys.readouterr()
    assert err == ""
    assert out.count("\n") == 1
    assert out.startswith("Training " + "█" * 20 + " 300/300 · 0.")


def test_notes_stay_until_the_next(
    loud: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with Progress("Training", 2) as display:
        display.update(note="loss 0.12")
        display.update()
    assert capsys.readouterr().out.endswith("2/2 · 0.0 s · loss 0.12\n")


def test_unknown_total_shows_the_count_alone(
    loud: None, capsys: pytest.CaptureFixture[str]
) -> None:
    list(progress((i for i in range(7)), "Reading"))
    assert capsys.readouterr().out == "Reading 7 · 0.0 s\n"


def test_unit_follows_the_count() -> None:
    display = Progress("Downloading", 170.4, unit="MB")
    display.update(85.2)
    assert display.details().startswith("85/170 MB")
    assert display.bar() == "█" * 10 + "░" * 10


def test_zero_steps_are_complete() -> None:
    assert Progress("Nothing", 0).bar() == "█" * 20


def test_more_steps_than_expected_keep_the_bar_in_its_place() -> None:
    display = Progress("Training", 2)
    display.update(5)
    assert display.bar() == "█" * 20
    assert 'aria-valuenow="2"' in display.html()


def failing() -> Iterator[int]:
    yield 1
    yield 2
    raise OSError("the disk is gone")


def test_iterable_that_fails_shows_stopped(
    loud: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(OSError, match="the disk is gone"):
        list(progress(failing(), "Reading", total=4))
    out, err = capsys.readouterr()
    assert out == "Reading " + "█" * 10 + "░" * 10 + " 2/4 · 0.0 s · stopped\n"
    assert err == ""


def test_error_in_the_loop_shows_stopped(
    loud: None, capsys: pytest.CaptureFixture[str]
) -> None:
    def divide() -> None:
        for i in progress(range(4), "Dividing"):
            1 / (1 - i)

    with pytest.raises(ZeroDivisionError):
        divide()
    assert "1/4 · 0.0 s · stopped" in capsys.readouterr().out


def test_terminal_rewrites_one_line(
    loud: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    list(progress(range(3), "Training"))
    assert terminal.getvalue().count("\n") == 1
    assert terminal.getvalue().count("\r") >= 2
    assert "3/3" in terminal.getvalue().rsplit("\r", 1)[1]


def test_terminal_that_knows_no_blocks_does_not_break(
    loud: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    list(progress(range(3), "Training"))
    assert b"3/3" in raw.getvalue()


def test_notebook_display_ends_complete(notebook: list[dict[str, str]]) -> None:
    list(progress(range(300), "Training"))
    assert "0/300" in notebook[0]["text/html"]
    last = notebook[-1]
    assert "300/300" in last["text/plain"]
    assert 'aria-valuenow="300"' in last["text/html"]
    assert "░" not in last["text/html"]


def test_notebook_display_is_not_flooded(notebook: list[dict[str, str]]) -> None:
    list(progress(range(20_000), "Training"))
    assert len(notebook) < 20


def test_html_is_readable_aloud_and_escaped() -> None:
    html = Progress('<b>"x"</b>', 3).html()
    assert html.startswith('<div role="progressbar" aria-label="&lt;b&gt;&quot;x')
    assert 'aria-valuetext="0/3 · 0.0 s · … left"' in html
    assert '<code aria-hidden="true">░' in html
    assert "<b>" not in html


class Clock:
    """Stands in for `time.perf_counter`; goes on when it is told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module.time, "perf_counter", clock)
    return clock


def run(display: Progress, clock: Clock, durations: list[float]) -> list[str]:
    """What a display says of the time left, at the start and after each step."""
    said = [display.left()]
    for seconds in durations:
        clock.now += seconds
        display.update()
        said.append(display.left())
    return said


def test_the_time_that_is_left(clock: Clock) -> None:
    said = run(Progress("Training", 5), clock, [4, 4, 4, 4, 4])
    expected = ["about 15 s", "about 10 s", "about 8 s", "about 4 s"]
    assert said == ["… left", *(f"{text} left" for text in expected), ""]


def test_no_guess_before_there_is_something_to_judge_by(clock: Clock) -> None:
    said = run(Progress("Training", 100), clock, [0.3, 0.3, 0.3, 0.3])
    assert said == ["… left"] * 4 + ["about 30 s left"]


def test_the_guess_does_not_jump(clock: Clock) -> None:
    """Steps of 0.9 and 1.1 s in turn: it counts down, and never up."""
    said = run(Progress("Training", 50), clock, [0.9, 1.1] * 25)[3:-1]
    numbers = [int(text.split()[1]) for text in said]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[0] in (45, 50)
    assert numbers[-1] <= 2


def test_the_guess_follows_what_becomes_slow(clock: Clock) -> None:
    said = run(Progress("Training", 100), clock, [1.0] * 10 + [10.0] * 20)
    assert said[10] == "about 2 min left"
    assert said[30] == "about 12 min left"


def test_steps_that_were_done_before_say_nothing(clock: Clock) -> None:
    """A training that goes on from a file: 90 steps at once."""
    display = Progress("Training", 100)
    display.update(90)
    assert run(display, clock, [2, 2]) == [
        "… left",
        "about 20 s left",
        "about 15 s left",
    ]


@pytest.mark.parametrize("total", [None, 0])
def test_no_time_is_left_where_no_end_is_known(clock: Clock, total: int | None) -> None:
    assert run(Progress("Reading", total), clock, [5, 5]) == ["", "", ""]


def test_nothing_of_the_guess_is_left_at_the_end(
    notebook: list[dict[str, str]], clock: Clock
) -> None:
    with Progress("Training", 3) as display:
        for _ in range(3):
            clock.now += 2
            display.update()
    assert "… left" in notebook[0]["text/plain"]
    assert "about 4 s left" in notebook[1]["text/html"]
    assert "left" not in notebook[-1]["text/html"] + notebook[-1]["text/plain"]
    with pytest.raises(KeyError), Progress("Training", 3, hidden=True) as display:
        raise KeyError
    assert display.details() == "0/3 · 0.0 s · stopped"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        *((0.2, "1 s"), (9.4, "9 s"), (21, "20 s"), (58, "1 min"), (100, "2 min")),
        *((1800, "30 min"), (3500, "1 h"), (4700, "1 h 20 min"), (7300, "2 h")),
    ],
)
def test_round_times(seconds: float, text: str) -> None:
    assert module.about(seconds) == f"about {text}"


def test_a_line_that_is_rewritten_stays_in_one_row(
    loud: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("COLUMNS", "40")
    with Progress("A training with a long name", 3) as display:
        display.update(note="loss 0.12")
    running = terminal.getvalue().split("\r")[1:-1]
    assert running
    assert all(len(line) < 40 for line in running)
    assert "1/3" in terminal.getvalue().rsplit("\r", 1)[1]


def test_silent_under_pytest(capsys: pytest.CaptureFixture[str]) -> None:
    list(progress(range(3), "Training"))
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["NBGRADER_EXECUTION", "COURSEKIT_QUIET"])
def test_silent_where_nobody_reads(
    loud: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    monkeypatch.setenv(name, "1")
    list(progress(range(3), "Training"))
    assert capsys.readouterr() == ("", "")


def test_no_bar_in_what_a_check_tells_of_an_answer(loud: None) -> None:
    outcome = call(lambda: print("so far", *progress(range(2), "Training")))
    assert outcome.printed == "so far 0 1\n"


def test_quiet_zero_is_not_quiet(loud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSEKIT_QUIET", "0")
    assert not module.is_quiet()


def test_something_that_is_no_loop_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match=r"range\(10\), not int"):
        progress(5, "Training")  # type: ignore[arg-type]


@pytest.mark.parametrize("total", [-1, float("nan"), float("inf"), "ten"])
def test_impossible_total_is_refused(total: float) -> None:
    with pytest.raises(ValueError, match="number of steps"):
        Progress("Training", total)


@pytest.mark.parametrize(("seconds", "text"), [(4.12, "4.1 s"), (125.2, "2 min 05 s")])
def test_durations(seconds: float, text: str) -> None:
    assert module._duration(seconds) == text


@pytest.mark.slow
def test_saved_notebook_holds_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A real kernel, executed and saved: the stored output is the final state."""
    import nbformat
    from nbclient import NotebookClient

    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    code = (
        "import time\nfrom coursekit.progress import progress\n"
        "for i in progress(range(4), 'Waiting'):\n    time.sleep(0.15)"
    )
    error = "for i in progress(range(4), 'Failing'):\n    1 / (1 - i)"
    cells = [nbformat.v4.new_code_cell(source) for source in (code, error)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, kernel_name="python3", allow_errors=True).execute()
    (output,) = notebook.cells[0].outputs
    assert output.output_type == "display_data"
    assert 'aria-valuenow="4"' in output.data["text/html"]
    assert "1/4" in notebook.cells[1].outputs[0].data["text/html"]
    assert "stopped" in notebook.cells[1].outputs[0].data["text/html"]


@pytest.mark.slow
def test_plain_python_does_not_import_ipython() -> None:
    code = (
        "import sys; from coursekit.progress import progress;"
        "list(progress(range(2), 'x')); assert 'IPython' not in sys.modules"
    )
    quiet = {"PYTEST_CURRENT_TEST", "COURSEKIT_QUIET", "NBGRADER_EXECUTION"}
    environment = {k: v for k, v in os.environ.items() if k not in quiet}
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert "2/2" in result.stdout
