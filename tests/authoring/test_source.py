"""Lessons are read as they are meant, and refused with one clear message."""

from pathlib import Path

import pytest

from coursekit.authoring import lessons, marks, source
from coursekit.authoring.errors import AuthoringError
from tests.authoring import sample_course
from tests.authoring.sample_course import ADDING, LESSON, changed


def load(root: Path, text: str) -> lessons.Lesson:
    """The lesson `text`, read from a file and checked."""
    return lessons.load(sample_course.make(root, text) / LESSON)


def test_a_good_lesson_gives_its_exercises(tmp_path: Path) -> None:
    item = load(tmp_path, ADDING)
    assert (item.stem, item.minutes, item.points) == ("adding", 45, 6)
    assert item.title == "Adding"
    found = [(e.number, e.id, e.points, e.minutes, e.kind) for e in item.exercises]
    assert found == [
        ("1.1", "sum", 2, 10, "code"),
        ("1.2", "how-many", 1, 5, "quiz"),
        ("1.3", "in-words", 3, 10, "manual"),
    ]
    first, _, last = item.exercises
    assert (first.title, first.difficulty, first.needs) == ("A sum", 2, ())
    assert last.needs == ((None, "1.1"), (None, "1.2"))
    assert [cell.source for cell in first.hints] == [
        "Python can add.",
        "Its sign is `+`.",
    ]


def test_cells_know_their_line() -> None:
    cells = source.split(ADDING, "x.py")
    lines = ADDING.split("\n")
    assert [cell.number for cell in cells] == list(range(1, len(cells) + 1))
    assert all(lines[cell.line - 1].startswith("# %%") for cell in cells)
    assert lines[cells[5].line - 1] == '# %% exercise="sum"'


def test_headings_in_code_blocks_do_not_count() -> None:
    first = source.split(ADDING, "x.py")[0]
    assert list(first.headings()) == [(1, "Adding")]


def test_a_prerequisite_in_another_week(tmp_path: Path) -> None:
    text = changed("needs 1.1, 1.2", "needs 1.1, 2.3 (week 4)")
    assert load(tmp_path, text).exercises[2].needs == ((None, "1.1"), (4, "2.3"))


SHOW = 'plots.show(fig, caption="Two numbers.", alt="A line with two points.")'
DOCSTRING = '''"""The sum of `a` and `b`.

    >>> add(1, 2)
    3
    """'''
CHECK = "checks.week1.add(add)"
REGION = """\
    ### BEGIN SOLUTION
    total_of_both = a + b
    return total_of_both
    ### END SOLUTION
"""
HINTS = "# %% [markdown] hint=1\n# Once more.\n\n" * 2
NO_CHECK = '# %% check="sum" points=2\nchecks.week1.add(add)\n\n'
LONG = "\n".join(f"x{i} = {i}" for i in range(16))
HEAD = "# ### Exercise 1.1 · A sum\n"
FACTS = "# 2 points · 10 minutes · ●●○○○ · needs nothing\n"

# (what is replaced, by what, cell, words of the message)
MISTAKES = {
    "unknown key": ('exercise="sum"', 'exersice="sum"', 6, "unknown key 'exersice'"),
    "free text": ('exercise="sum"', "sum", 6, "unknown key 'title'"),
    "unquoted": ('exercise="sum"', "exercise=sum", 6, "header cannot be read"),
    "wrong kind": ('exercise="sum"', 'manual="sum" points=2', 6, "unknown key"),
    "two keys": ('exercise="sum"', 'exercise="sum" check="sum" points=2', 6, "belong"),
    "no points": ('sum" points=2', 'sum"', 7, "points are missing"),
    "no points by hand": ('words" points=3', 'words"', 14, "points are missing"),
    "points alone": ('exercise="sum"', "points=2", 6, "do not belong together"),
    "half a point": ("points=2", "points=0.5", 7, "whole number"),
    "no point": ("points=2", "points=0", 7, "whole number"),
    "bad id": ('exercise="sum"', 'exercise="The Sum"', 6, "small-words"),
    "bad quiz": ("quiz=1", "quiz=2", 12, "quiz=1"),
    "check alone": ('exercise="sum"', 'exercise="other"', 7, "check has no exercise"),
    "no check": (NO_CHECK, "", 6, "exercise has no check"),
    "duplicate id": ('exercise="how-many"', 'exercise="sum"', 11, "used already"),
    "duplicate id by hand": ('manual="in-words"', 'manual="sum"', 14, "used already"),
    "no alt": (', alt="A line with two points."', "", 4, 'alt="…"'),
    "empty alt": ("A line with two points.", " ", 4, 'alt="…"'),
    "computed alt": ('"A line with two points."', "text", 4, "written out"),
    "no caption": (' caption="Two numbers.",', "", 4, 'caption="…"'),
    "plt.show": (SHOW, "plt.show()", 4, "plt.show()"),
    "fig.show": (SHOW, "fig.show()", 4, "fig.show()"),
    "image": ("Two apples and three apples", "", 15, "alt text"),
    "html image": (
        "![Two apples and three apples](apples.png)",
        "<img src=a>",
        15,
        "alt",
    ),
    "an answered prediction": (
        "# ## 1. Two numbers",
        "# ## 1. Two numbers\n#\n# **Predict:** how far apart are they?",
        4,
        "its caption answers the prediction",
    ),
    "an answer with more behind it": (
        "# ## 1. Two numbers\n\n# %%\nfig, axes = plots.new()\n",
        "# ## 1. Two numbers\n# **Predict** it.\n\n# %%\nfig, axes = plots.new()\n\n"
        "# %%\nfor _ in range(1):\n    ",
        5,
        "its caption answers the prediction",
    ),
    "stub": (REGION, REGION + "    else:\n        pass\n", 6, "not valid Python"),
    "stub alone": (
        REGION,
        "    if a:\n    ### BEGIN SOLUTION\n        return a\n    ### END SOLUTION\n",
        6,
        "what the student gets is not valid Python",
    ),
    "syntax": (CHECK, "checks.week1.add(add", 7, "not valid Python"),
    "magic": (SHOW, "%time 1 + 1", 4, "not Python"),
    "long": (SHOW, LONG, 4, "17 lines of code"),
    "empty cell": ("# Python can add.\n", "", 8, "empty"),
    "no marks": (REGION, "    return a + b\n", 6, "no solution"),
    "nothing between": (
        "    total_of_both = a + b\n    return total_of_both\n",
        "",
        6,
        "no s",
    ),
    "no end": (REGION, REGION.replace("    ### END SOLUTION\n", ""), 6, "END SOLUTION"),
    "marks elsewhere": (SHOW, REGION.replace("    ", ""), 4, "without exercise"),
    "own hidden test": (CHECK, f"### BEGIN HIDDEN TESTS\n{CHECK}", 7, "hidden tests"),
    "no docstring": (DOCSTRING, "1", 6, "docstring"),
    "no annotation": (
        "add(a: int, b: int) -> int",
        "add(a: int, b) -> int",
        6,
        "annotate b",
    ),
    "no return type": (
        "add(a: int, b: int) -> int",
        "add(a: int, b: int)",
        6,
        "returns",
    ),
    "two calls": (CHECK, f"{CHECK}\n{CHECK}", 7, "one call"),
    "other call": (CHECK, "print(add)", 7, "one call"),
    "hint outside": (
        "# ## 1. Two numbers",
        "# ## 1.\n\n# %% [markdown] hint=1\n# x",
        4,
        "outside",
    ),
    "exercise outside": (HEAD, "# ### Something\n", 6, "outside"),
    "four hints": (
        "# %% [markdown] hint=1\n# Its",
        HINTS + "# %% [markdown] hint=1\n# Its",
        11,
        "three",
    ),
    "points disagree": ("# 2 points ·", "# 3 points ·", 5, "points=2"),
    "no facts": (FACTS, "", 5, "below the heading"),
    "six stars": (
        "●●○○○ · needs nothing",
        "●●○○○○ · needs nothing",
        5,
        "below the head",
    ),
    "needs": ("needs nothing", "needs patience", 5, "needs patience"),
    "heading": ("Exercise 1.1 · A sum", "Exercise 1.1: A sum", 5, "write its heading"),
    "number": ("Exercise 1.2 ·", "Exercise 1.3 ·", 10, "number it 1.2"),
    "two titles": ("# ## 1. Two numbers", "# # Two numbers", 3, "one `# Title`"),
    "no minutes": ("about 45 minutes", "45 minutes", 1, "below the title stands"),
    "topics": ('"sums, plus signs"', '"sums,"', 3, 'write topics="one, another"'),
    "topic twice": ("sums, plus signs", "sums, sums", 3, 'write topics="one, another"'),
    "number as topic": ('"sums, plus signs"', "7", 3, 'write topics="one, another"'),
    "topics of prose": (
        "# %% [markdown]\n# ## 2. What you have learnt\n#\n",
        '# %% [markdown] topics="sums"\n#\n',
        15,
        "topics stand in the cell with the heading",
    ),
    "topics of an exercise": (
        "# %% [markdown]\n# ### Exercise 1.1",
        '# %% [markdown] topics="sums"\n# ### Exercise 1.1',
        5,
        "topics stand in the cell with the heading",
    ),
    "no title": ("# # Adding", "# Adding", 1, "one `# Title`"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_its_cell(tmp_path: Path, mistake: str) -> None:
    old, new, number, words = MISTAKES[mistake]
    with pytest.raises(source.SourceError) as caught:
        load(tmp_path, changed(old, new))
    message = str(caught.value)
    assert f"{LESSON}, cell {number} (line " in message
    assert words in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "first line"),
        ("---\njupyter: x\n---\n" + ADDING, "first line"),
        (changed('# %% check="sum"', '# %%check="sum"'), "line 39: put a space"),
        (changed("    3\n", "    3\n# %% x\n"), "cells can be read"),
        (changed("Adding\n#", 'Adding\n#\n# %% x = """'), "cell"),
    ],
)
def test_a_file_that_is_no_lesson(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(AuthoringError, match=words):
        load(tmp_path, text)


def test_file_names_and_encodings(tmp_path: Path) -> None:
    (tmp_path / "Operator.py").write_text(ADDING, encoding="utf-8")
    with pytest.raises(AuthoringError, match="name a lesson by its number"):
        source.read(tmp_path / "Operator.py")
    (tmp_path / "1_a.py").write_bytes(b"# %% [markdown]\n# # \xff\n")
    with pytest.raises(AuthoringError, match="cannot be read"):
        source.read(tmp_path / "1_a.py")
    with pytest.raises(AuthoringError, match="cannot be read"):
        source.read(tmp_path / "2_missing.py")


ASKED = "# ## 1. Two numbers\n#\n# **Predict:** how far apart are they?"
APART = "fig, axes = plots.new()\n\n# %%\nplots.show("


def test_a_figure_alone_may_follow_a_prediction(tmp_path: Path) -> None:
    text = changed("fig, axes = plots.new()\nplots.show(", APART)
    load(tmp_path, changed("# ## 1. Two numbers", ASKED, text))


def test_behind_the_next_prose_a_figure_may_be_made_and_shown(tmp_path: Path) -> None:
    told = f"{ASKED}\n\n# %% [markdown]\n# One apart."
    load(tmp_path, changed("# ## 1. Two numbers", told))


def test_an_exercise_may_be_long(tmp_path: Path) -> None:
    long = "".join(f"    x{i} = {i}\n" for i in range(30))
    item = load(
        tmp_path,
        changed("    total_of_both = a + b\n", long + "    total_of_both = 1\n"),
    )
    assert len(item.exercises) == 3


def test_a_check_comes_after_its_exercise(tmp_path: Path) -> None:
    head, rest = ADDING.split('# %% exercise="sum"')
    text = head + NO_CHECK + '# %% exercise="sum"' + rest.replace(NO_CHECK, "")
    with pytest.raises(source.SourceError, match="a check comes after its exercise"):
        load(tmp_path, text)


def test_the_stub_keeps_the_indent_of_its_mark() -> None:
    solved = (
        "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n# end"
    )
    assert marks.stub(solved, "raise X") == "def f():\n    raise X\n# end"
