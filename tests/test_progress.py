"""Tests of coursekit.progress."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from coursekit import progress as module
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
    assert 'aria-valuetext="0/3 · 0.0 s"' in html
    assert '<code aria-hidden="true">░' in html
    assert "<b>" not in html


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
