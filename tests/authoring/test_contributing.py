"""The exercise in docs/contributing.md is built, and its check judges its answers."""

import re
from pathlib import Path
from unittest import mock

import pytest

from coursekit.authoring import build
from coursekit.checks import REGISTRY
from tests import answers
from tests.authoring import sample_course
from tests.authoring.sample_course import (
    CHECK_FILE,
    CHECKS,
    LESSON,
    NOTEBOOK,
    REPOSITORY,
    SOURCE,
    changed,
)

PAGE = (REPOSITORY / "docs/contributing.md").read_text(encoding="utf-8")
BLOCKS: dict[str, str] = {}
for name, block in re.findall(r"<!-- (\S+\.py) -->\n```python\n(.*?)```", PAGE, re.S):
    BLOCKS[name] = "\n\n".join(filter(None, [BLOCKS.get(name), block]))
LAST_SECTION = "# %% [markdown]\n# ## 2. What you have learnt"
IMPORTS = """\
import numpy as np
import torch
from torch import Tensor, nn

from coursekit.checks.expect import expect_error
from coursekit.checks.expect_module import expect_gradients, expect_parameters
from coursekit.checks.maker import Maker
from coursekit.checks.references import normal, output_of, shapes_of, stirred
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The sample course with what the page adds to each of its files."""
    lesson = changed("· 6 points", "· 10 points")
    lesson = changed(LAST_SECTION, f"{BLOCKS[str(LESSON)]}\n{LAST_SECTION}", lesson)
    checks = IMPORTS + CHECKS + "\n\n" + BLOCKS[str(CHECK_FILE)]
    return sample_course.make(tmp_path, lesson, checks=checks)


def test_the_page_builds(course: Path) -> None:
    _, lessons = build.load(course)
    build.build(lessons, course / build.CONFIG, course)
    assert "_hidden.check(checks.week1.mean, mean)" in (course / SOURCE).read_text()
    assert "An empty list has none" in (course / NOTEBOOK).read_text(encoding="utf-8")
    assert "len(values)" not in (course / NOTEBOOK).read_text(encoding="utf-8")


def test_the_points_must_be_added(course: Path) -> None:
    path = course / LESSON
    path.write_text(changed("· 10 points", "· 6 points", path.read_text()))
    with pytest.raises(ValueError, match="about 45 minutes · 10 points"):
        build.load(course)


@mock.patch.dict(REGISTRY, clear=True)  # what the page adds must not stay
def test_the_check_judges_the_answers(course: Path) -> None:
    exec((course / CHECK_FILE).read_text(encoding="utf-8"), {})
    file = course / "adding.py"
    file.write_text(BLOCKS["tests/answers/week1/adding.py"], encoding="utf-8")
    found = list(answers.cells(file))
    assert sorted(cell.right for cell in found) == [False] * 6 + [True] * 4
    for cell in found:
        message = answers.judged_here(cell)
        assert message == "" if cell.right else cell.words in message


def test_the_example_in_the_docstring_is_right() -> None:
    space: dict[str, object] = {}
    cell = BLOCKS[str(LESSON)].split('exercise="mean"\n')[1].split("# %%")[0]
    exec(cell, space)
    assert eval("mean([1, 2, 6])", space) == 3.0
    assert ">>> mean([1, 2, 6])\n    3.0" in cell


def test_the_page_names_the_files_that_the_course_has() -> None:
    """The table is about the sample course; the real one has the same rooms."""
    rooms = re.findall(r"^\| `([^`]+)` \|", PAGE, re.MULTILINE)
    stem, week = "operator", "week1_convolution"
    for room in rooms:
        real = room.replace("week1_sums", week).replace("1_adding", f"2_{stem}")
        assert (REPOSITORY / real.replace("adding", stem)).is_file(), room
    assert len(rooms) == 5
