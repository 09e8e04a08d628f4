"""Files named after lessons are found, and what they define is called by its week."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from coursekit import checks, weeks
from coursekit.checks import REGISTRY

ROOT = Path(__file__).parents[1]
HEADER = "from coursekit.checks.core import exercise\n"
CHECK = '@exercise("{}")\ndef {}(answer, cases):\n    pass\n'


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty package `things`; what it imports and registers is forgotten after."""
    (tmp_path / "things").mkdir()
    (tmp_path / "things/__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    before = dict(REGISTRY)
    importlib.import_module("things")
    yield tmp_path / "things"
    for name in [name for name in sys.modules if name.split(".")[0] == "things"]:
        del sys.modules[name]
    REGISTRY.clear()
    REGISTRY.update(before)


def write(package: Path, file: str, text: str) -> None:
    (package / file).parent.mkdir(exist_ok=True)
    (package / file).write_text(text)


def public(module: ModuleType) -> dict[str, object]:
    return {k: v for k, v in vars(module).items() if not k.startswith("_")}


def test_files_are_found_without_any_list(package: Path) -> None:
    write(package, "week1/sums.py", "one = 1\n_hidden = 0")
    write(package, "week1/products.py", "two = 2\nsums = 3")
    write(package, "week2/more.py", "one = 11")
    write(package, "weekly/other.py", "raise ImportError")
    (package / "week3").mkdir()
    found = weeks.find("things", public)
    assert list(found) == ["week1", "week2"]
    assert dir(found["week1"]) == ["one", "sums", "two"]
    assert found["week1"].sums == 3, "a file of that name does not hide it"
    assert found["week2"].one == 11
    things = importlib.import_module("things")
    assert things.week1 is found["week1"]
    assert importlib.import_module("things.week1.sums").one == 1


def test_a_name_is_used_once_in_a_week(package: Path) -> None:
    write(package, "week1/sums.py", "one = 1")
    write(package, "week1/products.py", "one = 1")
    with pytest.raises(ImportError, match=r"products\.py and sums\.py both define one"):
        weeks.find("things", public)


def test_checks_alone_are_found(package: Path) -> None:
    text = HEADER + "number = 3\n" + CHECK.format("a-sum", "a_sum")
    write(package, "week1/sums.py", text)
    [week] = weeks.find("things", checks.checks_in).values()
    assert dir(week) == ["a_sum"]
    assert week.a_sum is REGISTRY["a-sum"]


def test_two_checks_of_an_id_are_refused(package: Path) -> None:
    write(package, "week1/sums.py", HEADER + CHECK.format("a-sum", "a_sum"))
    write(package, "week2/more.py", HEADER + CHECK.format("a-sum", "more"))
    with pytest.raises(ValueError, match="two checks have the id 'a-sum'"):
        weeks.find("things", checks.checks_in)


def test_two_checks_of_a_name_are_refused(package: Path) -> None:
    write(package, "week1/sums.py", HEADER + CHECK.format("a-sum", "both"))
    write(package, "week1/more.py", HEADER + CHECK.format("more", "both"))
    with pytest.raises(ImportError, match=r"more\.py and sums\.py both define both"):
        weeks.find("things", checks.checks_in)


def test_a_check_hidden_by_another_of_its_file_is_refused(package: Path) -> None:
    two = CHECK.format("a-sum", "both") + CHECK.format("more", "both")
    write(package, "week1/sums.py", HEADER + two)
    found = weeks.find("things", checks.checks_in)
    with pytest.raises(ImportError, match=r"'a-sum' cannot be called: .*both twice"):
        checks.refuse_hidden(REGISTRY, found | checks.WEEKS)


def test_a_quiz_has_the_name_of_its_id(package: Path) -> None:
    text = 'from coursekit.checks.quiz import quiz\nsizes = quiz("all-sizes")'
    write(package, "week1/sums.py", text)
    with pytest.raises(ImportError, match="must have the name all_sizes, not sizes"):
        weeks.find("things", checks.checks_in)


def test_tab_completion_offers_weeks_and_checks() -> None:
    assert "week1" in dir(checks)
    assert "correlate1d" in dir(checks.week1)
    assert not {"np", "operator", "Answer"} & set(dir(checks.week1))


@pytest.mark.slow
@pytest.mark.parametrize(
    "code",
    [
        "from coursekit import checks; checks.week1.correlate1d",
        "import coursekit.checks.week1.operator as o; o.correlate1d",
        "from coursekit.checks.week1.operator import correlate1d; "
        "from coursekit import checks; assert checks.week1.correlate1d is correlate1d",
        "from coursekit.checks.core import REGISTRY; REGISTRY['correlate-1d']",
    ],
)
def test_whichever_is_imported_first(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.every_week
def test_every_week_has_four_questions_to_ask_aloud() -> None:
    folders = sorted((ROOT / "solutions").glob("week*"))
    assert folders
    for folder in folders:
        text = (folder / "aloud.md").read_text("utf-8")
        assert text.count("\n## ") == 4, folder.name
        for part in text.split("\n## ")[1:]:
            assert "**A good answer**" in part, part[:40]
            assert "**A memorised one**" in part, part[:40]
