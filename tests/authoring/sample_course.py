"""A course of one small lesson, for the tests of the authoring tools."""

import shutil
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
LESSON = Path("solutions/week1_sums/1_adding.py")
QUESTIONS = LESSON.with_name("quiz.toml")
CHECK_FILE = Path("coursekit/checks/week1/adding.py")
NOTEBOOK = Path("notebooks/week1_sums/1_adding.ipynb")
SOURCE = Path("build/source/week1_sums/1_adding.ipynb")

ADDING = '''\
# %% [markdown]
# # Adding
#
# Week 1 · notebook 1 of 2 · about 45 minutes · 6 points
#
# ```sh
# # this is no heading
# ```

# %%
from coursekit import checks, plots

# %% [markdown] topics="sums, plus signs"
# ## 1. Two numbers

# %%
fig, axes = plots.new()
plots.show(fig, caption="Two numbers.", alt="A line with two points.")

# %% [markdown]
# ### Exercise 1.1 · A sum
# 2 points · 10 minutes · ●●○○○ · needs nothing
#
# Add two numbers.

# %% exercise="sum"
def add(a: int, b: int) -> int:
    """The sum of `a` and `b`.

    >>> add(1, 2)
    3
    """
    ### BEGIN SOLUTION
    total_of_both = a + b
    return total_of_both
    ### END SOLUTION


# %% check="sum" points=2
checks.week1.add(add)

# %% [markdown] hint=1
# Python can add.

# %% [markdown] hint=1
# Its sign is `+`.

# %% [markdown]
# ### Exercise 1.2 · How many
# 1 point · 5 minutes · ●○○○○ · needs 1.1

# %% exercise="how-many"
sides_of_a_cube: int | None = None
### BEGIN SOLUTION
sides_of_a_cube = 6
### END SOLUTION

# %% check="how-many" points=1 quiz=1
checks.week1.how_many(sides_of_a_cube=sides_of_a_cube)

# %% [markdown]
# ### Exercise 1.3 · In words
# 3 points · 10 minutes · ●●●○○ · needs 1.1, 1.2
#
# When is a sum the wrong tool?

# %% [markdown] manual="in-words" points=3
# ### BEGIN SOLUTION
# When the parts overlap and would be counted twice.
# ### END SOLUTION

# %% [markdown]
# ## 2. What you have learnt
#
# ![Two apples and three apples](apples.png)
'''

COURSE = """\
title = "Sums"

[[week]]
number = 1
id = "week1_sums"
title = "Sums"
promise = "You add."
data = ["mnist"]
topics = ["sums", "plus signs", "minus signs"]
notebooks = ["1_adding"]
planned = ["Taking away"]

[[week]]
number = 2
id = "week2_products"
title = "Products"
promise = "You multiply."
data = ["cifar10"]
planned = ["Multiplying"]
"""

CHECKS = '''\
"""Checks of "Adding"."""

from coursekit.checks.core import Cases, exercise
from coursekit.checks.expect import Answer, expect
from coursekit.checks.quiz import quiz


@exercise("sum")
def add(answer: Answer, cases: Cases) -> None:
    """Oracle: counting on."""
    expect(answer(1, 2), 3, "1 and 2")


how_many = quiz("how-many")
'''

QUIZ = """\
[how-many.sides_of_a_cube]
kind = "number"
right = 6
wrong = [{ answer = 12, says = "Those are its edges." }]
"""

README = "# Sums\n\n<!-- map:begin -->\n<!-- map:end -->\n\nThe end.\n"


def make(
    root: Path, lesson: str = ADDING, course: str = COURSE, checks: str = CHECKS
) -> Path:
    """Write the sample course into `root`."""
    (root / LESSON).parent.mkdir(parents=True)
    (root / LESSON).write_text(lesson, encoding="utf-8")
    (root / "course.toml").write_text(course, encoding="utf-8")
    (root / "README.md").write_text(README, encoding="utf-8")
    (root / QUESTIONS).write_text(QUIZ, encoding="utf-8")
    package = root / "coursekit"
    for name in ("authoring", "grading", "checks"):
        (package / name).mkdir(parents=True)
        (package / name / "__init__.py").write_text("", encoding="utf-8")
    (root / CHECK_FILE).parent.mkdir()
    (root / CHECK_FILE).write_text(checks, encoding="utf-8")
    for name in ("pyproject.toml", "nbgrader_config.py"):
        shutil.copy(REPOSITORY / name, root / name)
    return root


def changed(old: str, new: str, text: str = ADDING) -> str:
    """`text` with its one `old` replaced by `new`."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the text"
    return text.replace(old, new)
