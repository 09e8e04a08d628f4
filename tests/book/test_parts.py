"""The parts of a page: prose with its links, outputs with their pictures."""

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from nbformat import v4
from PIL import Image

from coursekit import explore
from coursekit.authoring import lessons
from coursekit.authoring.book import outputs, words
from coursekit.authoring.book.content import Page, Repository, Run
from coursekit.authoring.book.outputs import Album
from coursekit.authoring.glossary import Term
from tests.authoring.sample_course import REPOSITORY

HERE = "week1_convolution/2_operator"
OTHER = "week2_padding_stride/1_output_sizes"
KERNEL = Term("kernel", "卷積核", "Weights.", HERE, "1. A window")
NAMES = words.Names({HERE: "1.2", OTHER: "2.1"}, {"kernels": KERNEL})


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("[x](1_dense.ipynb)", "x"),
        ("[x](2_operator.ipynb)", "[x](/week1_convolution/2_operator.ipynb)"),
        (
            "[x](../week2_padding_stride/1_output_sizes.ipynb#1.-So-(far)!)",
            "[x](#2.1-1-so-far)",
        ),
        ("[x](../map.ipynb)", "[x](/map.md)"),
        ("a [**kernels**](../glossary.ipynb#K)", "a {term}`kernels <kernel>`"),
        ("## 1. `So` $n$", "(1.2-1-so-n)=\n## 1. `So` $n$"),
        ("# Title", "# Title"),
    ],
)
def test_links_lead_within_the_book(source: str, made: str) -> None:
    assert words.prose(source, HERE, NAMES) == made


def test_the_facts_of_an_exercise_are_marked() -> None:
    source = "### Exercise 2.1 · A\n2 points · 8 minutes · ●●○○○ · needs 1.4\n\nText"
    made = words.prose(source, HERE, NAMES)
    assert "\n\n{.facts}\n2 points · 8 minutes · ●●○○○ · needs 1.4\n" in made


def encoded(pixels: np.ndarray) -> str:
    """A picture as notebooks hold it."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def test_a_picture_becomes_one_file_without_loss(tmp_path: Path) -> None:
    pixels = np.zeros((6, 8, 3), np.uint8)
    pixels[2:4] = (200, 10, 90)
    page = f'<img src="data:image/png;base64,{encoded(pixels)}" alt="a">'
    output = v4.new_output("display_data", {"text/html": page, "image/png": "x"})
    [made] = outputs.shown([output, output], Album(tmp_path))[:1]
    assert set(made.data) == {"text/html"}
    assert 'width="8" height="6" loading="lazy"' in made.data["text/html"]
    [file] = (tmp_path / outputs.FOLDER).iterdir()
    assert (np.asarray(Image.open(file).convert("RGB")) == pixels).all()


def test_a_wide_picture_is_made_smaller(tmp_path: Path) -> None:
    wide = np.zeros((10, 2 * outputs.WIDEST, 3), np.uint8)
    made = Album(tmp_path).source(base64.b64decode(encoded(wide)), "../")
    assert f'width="{outputs.WIDEST}" height="5"' in made


def test_a_sharp_picture_is_shown_as_wide_as_in_the_notebook(tmp_path: Path) -> None:
    sharp = encoded(np.zeros((12, 16, 3), np.uint8))
    page = f'<img src="data:image/webp;base64,{sharp}" width="8" alt="a">'
    made = Album(tmp_path).linked(page, "../")
    assert 'width="8" height="6" loading="lazy"' in made


def test_printed_pieces_are_joined_and_an_error_is_refused(tmp_path: Path) -> None:
    pieces = [v4.new_output("stream", name="stdout", text=t) for t in ("a", "b")]
    [made] = outputs.shown(pieces, Album(tmp_path))
    assert made.text == "ab"
    error = v4.new_output("error", ename="ValueError", evalue="", traceback=[])
    with pytest.raises(ValueError, match="a cell ended with ValueError"):
        outputs.shown([error], Album(tmp_path))


def test_a_widget_brings_its_values_and_its_picture(tmp_path: Path) -> None:
    bundle, _ = explore.output_size(n=9)._repr_mimebundle_()
    page = outputs.data(bundle, Album(tmp_path))["text/html"]
    assert 'data-explorer="sizes"' in page
    assert '"n": 9' in page
    assert '<img src="../figures/' in page
    assert "explorers/sizes.js" in page


def page_of(tmp_path: Path, seen: Run) -> Page:
    lesson = lessons.load(REPOSITORY / f"solutions/{OTHER}.py")
    return Page(lesson, NAMES, Album(tmp_path), Repository("o/n"), seen)


def test_a_guess_comes_before_what_is_shown(tmp_path: Path) -> None:
    printed = [v4.new_output("stream", name="stdout", text="4")]
    page = page_of(tmp_path, Run({"a": printed, "b": printed}, True))
    hidden = {"jupyter": {"source_hidden": True}}
    student = [
        v4.new_code_cell("f()", id="a"),
        v4.new_markdown_cell("**Predict:** how many?"),
        v4.new_code_cell("f()", id="a"),
        v4.new_code_cell("g()", id="b", metadata=hidden),
        v4.new_markdown_cell("Four."),
        v4.new_code_cell("g()", id="b", metadata=hidden),
    ]
    tags = [one.metadata.tags for one in page.cells(student) if "tags" in one.metadata]
    guess = [["hide-output"], ["remove-input", "hide-output"]]
    assert tags == [[], *guess, ["hide-input"]]


def test_a_repository_gives_two_more_ways(tmp_path: Path) -> None:
    ways = page_of(tmp_path, Run({}, True)).ways()
    assert f"colab.research.google.com/github/o/n/blob/main/notebooks/{OTHER}" in ways
    assert "mybinder.org/v2/gh/o/n/HEAD?labpath=notebooks%2Fweek2" in ways
    assert Repository("").ways("x") == {}
