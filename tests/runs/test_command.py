"""The command of the long runs, and who may depend on them."""

from pathlib import Path

import pytest

from coursekit.runs import __main__ as command
from coursekit.runs import features, papers

PACKAGE = Path(papers.__file__).parents[1]


def test_nothing_else_of_the_package_needs_the_long_runs() -> None:
    """The students' zip leaves them out."""
    others = [f for f in PACKAGE.rglob("*.py") if f.parent.name != "runs"]
    assert len(others) > 50
    for file in others:
        assert "coursekit.runs import" not in file.read_text("utf-8"), file
        assert "import runs" not in file.read_text("utf-8"), file


def test_the_papers_print_their_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["papers"]) == 0
    assert "| ResNet-20 |" in capsys.readouterr().out


def test_what_follows_the_name_is_for_the_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[list[str]] = []

    def main(arguments: list[str]) -> int:
        told.append(arguments)
        return 3

    monkeypatch.setitem(command.ROOMS, "features", main)
    assert command.main(["features", "--epsilon", "0.5", "--steps", "2"]) == 3
    assert told == [["--epsilon", "0.5", "--steps", "2"]]


@pytest.mark.parametrize("room", [papers, features])
def test_help_names_the_command(
    room: object, capsys: pytest.CaptureFixture[str]
) -> None:
    name = room.__name__.rpartition(".")[2]  # type: ignore[attr-defined]
    with pytest.raises(SystemExit):
        command.main([name, "--help"])
    assert f"python -m coursekit.runs {name}" in capsys.readouterr().out


def test_an_unknown_run_lists_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        command.main(["paper"])
    assert "papers" in capsys.readouterr().err
