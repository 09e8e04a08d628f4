"""Grading a small class: what goes wrong with one submission stays with it."""

import html
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest
from nbformat import v4

from coursekit import cli
from coursekit.authoring import build, release
from coursekit.grading import export, gradebook, intake, judging, whole_class
from coursekit.grading.boundary import sandbox
from coursekit.grading.boundary.court import CourtError
from coursekit.grading.remembered import Job
from coursekit.grading.whole_class import Row
from tests.grading.boundary.houses import below
from tests.grading.submissions import REPOSITORY, light_config

pytestmark = [pytest.mark.slow, pytest.mark.notebook]
WEEK = "week1_sums"
NAME = "1_adding.ipynb"
RIGHT = "def add(a, b):\n    return a + b"
WRONG = "def add(a, b):\n    return a"
ENDLESS = "while True:\n    pass"


def source() -> dict[str, Any]:
    """The complete notebook: one exercise of 2 points, one answer by hand of 3."""
    flags = {"schema_version": 3, "task": False}
    stub = (
        "def add(a, b):\n    ### BEGIN SOLUTION\n    return a + b\n    ### END SOLUTION"
    )
    check = (
        "assert add(1, 2) == 3\n### BEGIN HIDDEN TESTS\n"
        "assert add(2, 5) == 7\n### END HIDDEN TESTS"
    )
    words = "### BEGIN SOLUTION\nBecause.\n### END SOLUTION"
    exercise = {"grade_id": "sum", "grade": False, "solution": True, "locked": False}
    test = {"grade_id": "sum-check", "grade": True, "solution": False, "locked": True}
    by_hand = {"grade_id": "why", "grade": True, "solution": True, "locked": False}
    cells = [
        v4.new_markdown_cell("# Adding", id="title"),
        cell(v4.new_code_cell, stub, flags | exercise),
        cell(v4.new_code_cell, check, flags | test | {"points": 2}),
        cell(v4.new_markdown_cell, words, flags | by_hand | {"points": 3}),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made: dict[str, Any] = v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    return made


def exported(root: Path) -> dict[str, dict[str, str]]:
    """Student → row of grades.csv."""
    rows = export.read(root / export.GRADES)
    return {row["student_id"]: row for row in rows}


def cell(kind: Callable[..., Any], text: str, data: dict[str, object]) -> object:
    """A cell that nbgrader knows."""
    return kind(text, id=data["grade_id"], metadata={"nbgrader": data})


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course, released."""
    root = tmp_path_factory.mktemp("template")
    (root / build.CONFIG).write_text(light_config(), encoding="utf-8")
    (root / "course.toml").touch()
    folder = root / build.SOURCE / WEEK
    folder.mkdir(parents=True)
    (folder / NAME).write_text(json.dumps(source()), encoding="utf-8")
    release.generate(root / build.CONFIG, root / build.SOURCE, root / "notebooks", WEEK)
    return root


@pytest.fixture
def root(bwrap: None, template: Path, tmp_path: Path) -> Path:
    """A course of one's own in which nobody has handed in anything."""
    return Path(shutil.copytree(template, tmp_path / "course"))


def book_of(folder: Path) -> dict[str, Any]:
    """The notebook in a folder."""
    found: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
    return found


def hand_in(root: Path, student: str, answer: str = RIGHT, why: str = "") -> None:
    """Put a submission into submitted/."""
    book = book_of(root / "notebooks" / WEEK)
    book["cells"][1]["source"] = answer
    book["cells"][3]["source"] = why or book["cells"][3]["source"]
    folder = root / intake.SUBMITTED / student / WEEK
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).write_text(json.dumps(book), encoding="utf-8")


def grade(root: Path) -> dict[str, Row]:
    """Student → what was told."""
    return {row.student: row for row in whole_class.grade(root, WEEK)}


def points(rows: dict[str, Row]) -> dict[str, float | None]:
    """Student → points, None for those who were not graded."""
    scores = {name: row.score for name, row in rows.items()}
    return {name: score.points if score else None for name, score in scores.items()}


def test_one_submission_stops_no_other(root: Path) -> None:
    """Every answer is graded, also one that ends its process, or whoever runs it.

    Such an answer gets no points, and its page says why. Only what cannot be read is
    not graded. What was handed in stays as it is.
    """
    hand_in(root, "ada")
    hand_in(root, "bob", WRONG, why="Since.")
    hand_in(root, "carol", "import os\nos._exit(3)")
    hand_in(root, "dora", "import os\nos.kill(os.getppid(), 9)\n" + ENDLESS)
    hand_in(root, "emil")
    (root / intake.SUBMITTED / "emil" / WEEK / NAME).write_text("", encoding="utf-8")
    before = files(root / intake.SUBMITTED)
    rows = grade(root)
    expected = {"ada": 2, "bob": 0, "carol": 0, "dora": 0, "emil": None}
    assert points(rows) == expected, rows
    assert [name for name, row in rows.items() if not row.done] == ["emil"]
    assert "the file is empty" in rows["emil"].messages[0]
    assert rows["bob"].score
    assert rows["bob"].score.by_hand == 1
    assert files(root / intake.SUBMITTED) == before
    assert "Your answer ended the program that ran it." in page(root, "carol")
    assert "ended by itself (exit code 3)" in page(root, "carol")
    assert "Your answer took longer than it was given time for." in page(root, "dora")
    assert "took longer than 3 seconds" in page(root, "dora")
    table = whole_class.table(list(rows.values()))
    assert "ada           2       5" in table
    assert "emil     not graded\n         1_adding.ipynb: the file is empty." in table


def page(root: Path, student: str) -> str:
    """What a student reads."""
    path = root / "feedback" / student / WEEK / "feedback.html"
    return html.unescape(path.read_text(encoding="utf-8"))


def files(folder: Path) -> dict[Path, bytes]:
    """Everything below a folder."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_second_run_grades_only_what_changed(root: Path) -> None:
    for student in ("ada", "bob", "carol", "dora"):
        hand_in(root, student, WRONG)
    assert not any(row.unchanged for row in grade(root).values())
    hand_in(root, "bob", RIGHT)
    # What is left when a run is killed: a folder that nbgrader takes for done.
    shutil.rmtree(root / "autograded" / "carol" / WEEK)
    (root / "autograded" / "carol" / WEEK).mkdir()
    Job(root, WEEK, "dora").note(".json").write_text("[", encoding="utf-8")
    rows = grade(root)
    assert [name for name, row in rows.items() if row.unchanged] == ["ada"]
    assert points(rows) == {"ada": 0, "bob": 2, "carol": 0, "dora": 0}
    assert (root / "autograded" / "carol" / WEEK / NAME).is_file()


def test_what_was_given_by_hand_stays(root: Path) -> None:
    hand_in(root, "ada", why="Since.")
    grade(root)
    with gradebook.opened(root) as book:
        given = book.find_grade("why", "1_adding", WEEK, "ada")
        given.manual_score, given.needs_manual_grade = 3, False
        book.db.commit()
    hand_in(root, "ada", WRONG, why="Since.")
    assert points(grade(root)) == {"ada": 3}
    assert "3 of 5" in page(root, "ada")


def test_a_run_that_is_killed_is_taken_up_again(root: Path) -> None:
    """Nothing is lost, and nothing of it goes on: neither we nor what answers start."""
    students = ["ada", "bob", "carol"]
    for student in students:
        hand_in(root, student)
    hand_in(root, "dora", ENDLESS)
    command = [sys.executable, "-m", "coursekit", "grade", WEEK, "--jobs", "1"]
    path = os.pathsep.join([str(REPOSITORY), os.environ.get("PYTHONPATH", "")])
    environment = os.environ | {"PYTHONPATH": path}
    run = subprocess.Popen(command, cwd=root, env=environment, start_new_session=True)
    wait_for(lambda: len(remembered(root)) >= 2)
    processes = below(run.pid)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    assert len(remembered(root)) < 4
    wait_for(lambda: not any(map(lives, processes)), 60)
    rows = grade(root)
    assert points(rows) == dict.fromkeys(students, 2) | {"dora": 0}, rows
    assert rows["ada"].unchanged


def remembered(root: Path) -> list[Path]:
    """The notes on those who are graded, or nearly so."""
    return [*(root / "autograded/.coursekit" / WEEK).glob("*.json")]


def lives(process: int) -> bool:
    """Whether a process has not ended."""
    try:
        text = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return text.rpartition(")")[2].split()[0] != "Z"


def test_what_was_judged_waits_to_be_written(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that is killed in between leaves verdicts, but not on another answer."""
    hand_in(root, "ada")
    hand_in(root, "bob")
    with monkeypatch.context() as patch:
        patch.setattr(whole_class, "in_a_process", stop)
        with pytest.raises(KeyboardInterrupt):
            whole_class.grade(root, WEEK, 1)
    assert Job(root, WEEK, "ada").judged.is_file()
    hand_in(root, "bob", WRONG)
    asked: list[str] = []
    judged = judging.Judges._judged

    def seen(self: judging.Judges, job: Job, path: Path) -> list[str]:
        asked.append(job.student)
        return judged(self, job, path)

    monkeypatch.setattr(judging.Judges, "_judged", seen)
    assert points(grade(root)) == {"ada": 2, "bob": 0}
    assert asked == ["bob"]
    assert not Job(root, WEEK, "ada").judged.exists()
    assert all(row.unchanged for row in grade(root).values())


def stop(job: Job) -> NoReturn:
    """The grader is stopped between judging and writing."""
    raise KeyboardInterrupt


def wait_for(holds: Callable[[], bool], seconds: float = 300) -> None:
    """Wait until something holds, but not for ever."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_answers_count_wherever_they_stand(root: Path) -> None:
    """In our notebook: with our check, in our order, the copy that has an answer.

    A module that was handed in beside the notebook does not exist.
    """
    for student in ("deleted", "moved", "copied", "two", "renamed"):
        hand_in(root, student)
    edit(root, "deleted", lambda cells: cells.pop(2))
    edit(root, "moved", lambda cells: cells.insert(0, cells.pop(2)))
    stub = book_of(root / "notebooks" / WEEK)["cells"][1]
    edit(root, "copied", lambda cells: cells.insert(1, stub))
    edit(root, "two", lambda cells: cells.insert(1, cells[1] | {"source": WRONG}))
    edit(root, "renamed", lambda cells: cells[1]["metadata"].clear())
    hand_in(root, "module", "from answers import add")
    module = root / intake.SUBMITTED / "module" / WEEK / "answers.py"
    module.write_text("def add(a, b): return a + b", encoding="utf-8")
    rows = grade(root)
    right = ("deleted", "moved", "copied", "two", "renamed")
    assert points(rows) == dict.fromkeys(right, 2) | {"module": 0}, rows
    assert "was deleted; ours counts" in page(root, "deleted")
    assert "the last one, cell 3, counts" in page(root, "two")
    assert "recognised" in page(root, "renamed")
    done = [name for name, row in rows.items() if row.done]
    assert sorted(done) == ["copied", "deleted", "module", "moved"]


def edit(root: Path, student: str, change: Callable[[list[Any]], object]) -> None:
    """Change the cells of a submission."""
    folder = root / intake.SUBMITTED / student / WEEK
    book = book_of(folder)
    change(book["cells"])
    (folder / NAME).write_text(json.dumps(book), encoding="utf-8")


def test_who_is_not_in_the_gradebook_is_not_graded(root: Path) -> None:
    hand_in(root, "ada")
    grade(root)
    hand_in(root, "adda")
    rows = grade(root)
    assert points(rows) == {"ada": 2, "adda": None}
    assert "Is it ada?" in rows["adda"].messages[0]
    table = exported(root)
    assert (table["ada"]["score"], table["ada"]["note"]) == ("2.0", "")
    assert table["adda"]["score"] == ""
    assert table["adda"]["note"].startswith("not graded;")
    assert "Is it ada?" in table["adda"]["note"]


def test_the_export_says_whose_points_are_old(root: Path) -> None:
    hand_in(root, "ada")
    grade(root)
    path = root / intake.SUBMITTED / "ada" / WEEK / NAME
    path.write_text("{", encoding="utf-8")
    grade(root)
    assert exported(root)["ada"]["score"] == "2.0"
    note = exported(root)["ada"]["note"]
    assert "not graded; points, if any, are of an earlier submission: " in note
    assert "the file ends in the middle" in note
    hand_in(root, "ada")
    grade(root)
    assert exported(root)["ada"]["note"] == ""


def test_notes_on_other_weeks_stay(tmp_path: Path) -> None:
    path = tmp_path / "grades.csv"
    rows = [
        {"assignment": "week1", "student_id": "ada", "note": "not graded; late"},
        {"assignment": "week2", "student_id": "ada", "note": "not graded; empty"},
        {"assignment": "week1", "student_id": "bob", "note": ""},
    ]
    export.write(path, ["assignment", "student_id", "note"], rows)
    assert export.kept(path, "week2") == {("week1", "ada"): "not graded; late"}
    assert export.kept(tmp_path / "none.csv", "week2") == {}


def test_exercises_that_changed_after_grading(root: Path) -> None:
    hand_in(root, "ada")
    grade(root)
    book = source()
    book["cells"][1]["metadata"]["nbgrader"]["grade_id"] = "other"
    path = root / build.SOURCE / WEEK / NAME
    path.write_text(json.dumps(book), encoding="utf-8")
    with pytest.raises(
        gradebook.GradingError, match=r"move gradebook.db and autograded"
    ):
        grade(root)


def test_a_misspelled_assignment_costs_nothing(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And what an earlier version left in the gradebook goes away, with a copy."""
    hand_in(root, "ada")
    grade(root)
    before = files(root / "autograded/ada") | files(root / "feedback")
    with gradebook.opened(root) as book:
        book.add_student(f"ada/{WEEK}")
        book.add_assignment("")
        book.add_submission("", f"ada/{WEEK}")
    for given in ("", "..", WEEK.upper(), f"{WEEK}/{NAME}", "*"):
        assert cli.main(["--root", str(root), "grade", given]) == 1
        assert f"There are: {WEEK}." in capsys.readouterr().err
    assert cli.main(["--root", str(root), "grade", f"{WEEK}/"]) == 0
    told = capsys.readouterr().out
    assert f"'ada/{WEEK}', ''" in told
    assert "gradebook.db.before-cleaning" in told
    assert "(as before)" in told
    assert files(root / "autograded/ada") | files(root / "feedback") == before
    assert list(exported(root)) == ["ada"]
    assert exported(root)["ada"]["assignment"] == WEEK
    assert cli.main(["--root", str(root), "grade", WEEK]) == 0
    assert "before-cleaning" not in capsys.readouterr().out


def test_oddities_cost_no_points(root: Path) -> None:
    """In the file, its pictures, its time, what it prints, and the name."""
    decomposed = unicodedata.normalize("NFD", "Zoë, O'Neil")
    for student in ("bom", "minor", decomposed, "time", "picture", "prints", "meta"):
        hand_in(root, student, why="![me](attachment:me.png)")
    submitted = root / intake.SUBMITTED
    change(submitted / "bom" / WEEK / NAME, encoding="utf-16")
    change(submitted / "minor" / WEEK / NAME, nbformat_minor=None)
    change(submitted / "meta" / WEEK / NAME, metadata={"kernelspec": None})
    (submitted / "time" / WEEK / "timestamp.txt").write_bytes(b"\xff\xfegestern")
    hand_in(root, "prints", "print('\\ud83d')\n" + RIGHT, why="\ud83d")
    hand_in(root, "raises", "def add(a, b):\n    raise ValueError('\\ud83d')")
    before = files(submitted)
    rows = grade(root)
    right = ["Zoë, O'Neil", "bom", "meta", "minor", "picture", "prints", "time"]
    expected = dict.fromkeys(right, 2) | {"raises": 0}
    assert points(rows) == expected, rows
    assert all(row.done for row in rows.values()), rows
    assert files(submitted) == before
    found = {name: float(row["score"]) for name, row in exported(root).items()}
    assert found == expected
    pages = [root / "feedback" / name / WEEK / "feedback.html" for name in expected]
    assert all(page.is_file() for page in pages)


def change(path: Path, encoding: str = "utf-8", **values: object) -> None:
    """Save a submission anew, with parts of it changed."""
    book = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(book | values), encoding=encoding)


def test_missing_feedback_is_no_missing_grade(root: Path) -> None:
    hand_in(root, "ada")
    (root / "feedback").mkdir()
    (root / "feedback" / "ada").touch()
    row = grade(root)["ada"]
    assert row.score
    assert row.score.points == 2
    assert not row.done
    assert "graded, but there is no feedback: " in row.messages[0]
    assert exported(root)["ada"]["score"] == "2.0"
    assert exported(root)["ada"]["note"].startswith("graded, but there is no feedback")
    (root / "feedback" / "ada").unlink()
    assert grade(root)["ada"].done
    assert exported(root)["ada"]["note"] == ""


def test_what_was_graded_stays_when_grading_fails(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only for a reason of ours can an answer not be judged, or not be written."""
    hand_in(root, "ada")
    grade(root)
    before = files(root / "autograded/ada") | files(root / "feedback")
    hand_in(root, "ada", WRONG)
    for fault, words in ((broken, "no room"), (senseless, "no report")):
        with monkeypatch.context() as patch:
            patch.setattr(judging.Judges, "_judged", fault)
            row = grade(root)["ada"]
        assert row.score is None
        assert words in row.messages[0]
        assert words in Job(root, WEEK, "ada").note(".log").read_text()
        assert exported(root)["ada"]["score"] == "2.0"
        assert exported(root)["ada"]["note"].startswith("not graded; points, if any,")
        assert files(root / "autograded/ada") | files(root / "feedback") == before
    assert points(grade(root)) == {"ada": 0}
    assert exported(root)["ada"]["note"] == ""


def broken(judges: judging.Judges, job: Job, path: Path) -> NoReturn:
    """The court cannot judge."""
    raise CourtError("HouseError: no room could be opened")


def senseless(judges: judging.Judges, job: Job, path: Path) -> list[str]:
    """What was judged cannot be written."""
    return ["{}", "{}"]


def test_nothing_runs_where_it_would_not_be_safe(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a sandbox, and without the lines in nbgrader_config.py: one message."""
    hand_in(root, "ada")
    hand_in(root, "bob")
    with monkeypatch.context() as patch:
        patch.setattr(sandbox, "missing", lambda: "Install bubblewrap")
        with pytest.raises(gradebook.GradingError, match=r"^Install bubblewrap$"):
            grade(root)
    path = root / build.CONFIG
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("configure(c, SETTINGS)", ""), encoding="utf-8")
    with pytest.raises(gradebook.GradingError, match=r"configure\(c\)"):
        grade(root)
    assert not [*(root / "autograded").glob("*/*")]


def test_the_switch_for_machines_without_a_sandbox(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is told before and above the points, and those are the same."""
    hand_in(root, "ada")
    hand_in(root, "carol", "import os\nos._exit(3)")
    path = root / build.CONFIG
    switch = "\nc.Judge.unsafe_without_sandbox = True\n"
    path.write_text(path.read_text(encoding="utf-8") + switch, encoding="utf-8")
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    assert cli.main(["--root", str(root), "grade", WEEK]) == 0
    told = capsys.readouterr()
    assert "with your rights" in told.err
    assert told.out.startswith("WARNING: there is no sandbox here")
    scores = {name: row["score"] for name, row in exported(root).items()}
    assert scores == {"ada": "2.0", "carol": "0.0"}


def test_the_commands(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(root, "ada")
    assert cli.main(["--root", str(root), "intake"]) == 0
    assert "week1_sums: 1 of 1 submissions can be graded." in capsys.readouterr().out
    assert cli.main(["--root", str(root), "grade", WEEK]) == 0
    assert "ada           2       5" in capsys.readouterr().out
    assert exported(root)["ada"]["score"] == "2.0"
    assert exported(root)["ada"]["note"] == ""
    (root / intake.SUBMITTED / "ada" / WEEK / NAME).write_text("{", encoding="utf-8")
    for command in (["intake", WEEK], ["grade", WEEK]):
        assert cli.main(["--root", str(root), *command]) == 1
        told = capsys.readouterr()
        assert "1_adding.ipynb: the file ends in the middle" in told.out
        assert "that need a look, see above: 1" in told.err
    assert cli.main(["--root", str(root), "grade", "week9"]) == 1
    assert "no assignment 'week9'" in capsys.readouterr().err
    assert cli.main(["--root", str(root), "grade", WEEK, "--jobs", "-1"]) == 1
    assert "--jobs must be" in capsys.readouterr().err


def test_a_course_that_was_not_built(root: Path) -> None:
    hand_in(root, "ada")
    shutil.rmtree(root / "build")
    with pytest.raises(gradebook.GradingError, match="python -m coursekit build"):
        grade(root)
