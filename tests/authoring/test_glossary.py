"""The glossary: its entries, the bold words of the lessons, and the links to it."""

from pathlib import Path

import nbformat
import pytest

from coursekit.authoring import build, glossary
from coursekit.authoring.errors import AuthoringError
from coursekit.authoring.source import Cell
from tests.authoring import sample_course, whole_course
from tests.authoring.sample_course import REPOSITORY, SOURCE, changed

ENTRY = """
[[term]]
name = "sum"
forms = ["summation"]
chinese = "和"
says = "What two numbers make together."
lesson = "week1_sums/1_adding"
section = "1. Two numbers"
"""
TEXT = "A **sum** is made by **summation**."
LESSON = changed("# ## 1. Two numbers\n", f"# ## 1. Two numbers\n#\n# {TEXT}\n")


def make(root: Path, entries: str = ENTRY, lesson: str = LESSON) -> Path:
    """The sample course with a glossary."""
    sample_course.make(root, lesson)
    (root / glossary.FILE).write_text(entries, encoding="utf-8")
    return root


def test_the_notebook_links_to_the_glossary(tmp_path: Path) -> None:
    _, lessons = build.load(make(tmp_path))
    build.build_source(lessons, tmp_path)
    cells = nbformat.read(tmp_path / SOURCE, as_version=4).cells
    [text] = [cell.source for cell in cells if "is made by" in cell.source]
    link = "(../glossary.ipynb#S)"
    assert f"A [**sum**]{link} is made by [**summation**]{link}." in text


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"1. Two numbers"', '"2. Two numbers"', "sum: .* no section '2. Two numbers'"),
        ("week1_sums/1_adding", "week1_sums/3_adding", "3_adding has no section"),
        ('"和"', '"sum"', "sum: say it in Chinese"),
        ("together.", "together", "one sentence of at most 30 words"),
        ("together.", "a " * 40 + ".", "one sentence of at most 30 words"),
        ("chinese", "kanji", "sum: 'chinese'"),
        ('name = "sum"', 'name = "total"', "'sum' is bold, but not in"),
        ('forms = ["summation"]', "", "'summation' is bold, but not in"),
        ("[[term]]", "[[term", "glossary.toml cannot be read"),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, old: str, new: str, words: str) -> None:
    make(tmp_path, changed(old, new, ENTRY))
    with pytest.raises(AuthoringError, match=words):
        build.load(tmp_path)


def test_terms_are_sorted_and_stand_once(tmp_path: Path) -> None:
    make(tmp_path, ENTRY + ENTRY.replace('"sum"', '"addition"'))
    with pytest.raises(AuthoringError, match="'addition' must stand before 'sum'"):
        build.load(tmp_path)
    (tmp_path / glossary.FILE).write_text(ENTRY + ENTRY)
    with pytest.raises(AuthoringError, match="'sum' must stand before 'sum'"):
        build.load(tmp_path)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("a **sum** of two", ["sum"]),
        ("a **sum\nof numbers** is", ["sum of numbers"]),
        ("**Predict:** how many?", []),
        ("Before you run it: **Predict** it.", []),
        ("**You need** nothing.", []),
        ("**Where people slip**\n\n- no", []),
        ("- **Blur.** It is\n- **kernel** and", ["kernel"]),
        ("1. **Forward.** It", []),
        ("| **same** | x |\n|---|---|", ["same"]),
        ("`x**2` and **three** of `y**2`", ["three"]),
        ("$a$ is **not.** a label", ["not."]),
        ("```\n**code**\n```\n", []),
        ("**kernel** of three", ["kernel"]),
    ],
)
def test_which_bold_words_are_terms(source: str, found: list[str]) -> None:
    cell = Cell("a.py", 1, 1, "markdown", source, {})
    assert list(glossary.bold(cell)) == found


def test_a_course_without_a_glossary(tmp_path: Path) -> None:
    assert glossary.read(sample_course.make(tmp_path)) == []


@pytest.mark.every_week
def test_the_glossary_is_large_and_both_languages_are_there() -> None:
    terms = glossary.read(REPOSITORY)
    assert len(terms) >= 120
    assert len({one.name for one in terms}) == len(terms)
    assert all(glossary.CHINESE.search(one.chinese) for one in terms)


@pytest.mark.every_week
def test_the_page_has_every_term_with_a_link() -> None:
    plan, lessons = whole_course.read()
    terms = glossary.read(REPOSITORY)
    notebook = nbformat.reads(glossary.page(REPOSITORY, plan, lessons), as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells)
    for one in terms:
        assert f"| **{one.name}** | {one.chinese} | {one.says} | [" in text
    heads = [c.source for c in notebook.cells if c.source.startswith("## ")]
    letters = [head[3] for head in heads[:-1]]
    assert letters == sorted(set(letters))
    assert "| $s$ | stride | 步幅 | all |" in heads[-1]


def test_a_symbol_says_everything(tmp_path: Path) -> None:
    make(tmp_path, ENTRY + '\n[[symbol]]\nletters = "$s$"\n')
    with pytest.raises(AuthoringError, match="a symbol has letters, means, chinese"):
        glossary.symbols(tmp_path)
