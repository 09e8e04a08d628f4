"""Formgrader's page shows Markdown of students, and none of it acts."""

from collections import Counter
from pathlib import Path

import nbformat
import pytest
from nbformat import v4
from traitlets.config import Config

from coursekit.grading.boundary.formgrader import configure_formgrader
from tests.attacks import formgrader
from tests.attacks.pages import TEXTS, acting

PNG = "iVBORw0KGgo="
CONFIG = f"""
from {configure_formgrader.__module__} import configure_formgrader
configure_formgrader(get_config())
"""


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The settings of a course."""
    path = tmp_path_factory.mktemp("course") / "nbgrader_config.py"
    path.write_text(CONFIG)
    return path


def page(
    folder: Path, text: str, config: Path | None, pictures: dict[str, str] | None = None
) -> str:
    """The page about an answer in Markdown."""
    by_hand = {"grade_id": "why", "grade": True, "solution": True, "points": 1}
    cell = v4.new_markdown_cell(text, metadata={"nbgrader": by_hand})
    if pictures:
        cell.attachments = {name: {"image/png": x} for name, x in pictures.items()}
    path = folder / "1_sums.ipynb"
    nbformat.write(v4.new_notebook(cells=[cell]), path)
    return formgrader.page(path, config)


@pytest.mark.parametrize("name", TEXTS)
def test_nothing_acts(tmp_path: Path, config: Path, name: str) -> None:
    """Nor does the page fail."""
    plain = acting(page(tmp_path, "words", config))
    assert acting(page(tmp_path, TEXTS[name], config)) == plain


def test_without_our_filter_a_script_acts(tmp_path: Path) -> None:
    """Else the test above would say nothing."""
    plain = acting(page(tmp_path, "words", None))
    acts = acting(page(tmp_path, TEXTS["a script"], None))
    assert acts - plain == Counter({"script": 1})


def test_words_are_shown_as_they_are_meant(tmp_path: Path, config: Path) -> None:
    text = "**bold**, `a < b`, $x^2$\n\n# Why\n\n[go](https://example.org)\n\n1. one"
    found = page(tmp_path, text, config)
    assert "<strong>bold</strong>" in found
    assert "<code>a &lt; b</code>" in found
    assert "$x^2$" in found
    assert '<a href="https://example.org">go</a>' in found
    assert "<li>one</li>" in found


def test_attached_pictures_are_shown(tmp_path: Path, config: Path) -> None:
    pictures = {"mine.png": PNG, "bad.png": '"><script>alert(1)</script>'}
    text = "![me](attachment:mine.png) ![bad](attachment:bad.png) ![far](https://x/y)"
    found = page(tmp_path, text, config, pictures)
    assert f'src="data:image/png;base64,{PNG}"' in found
    assert "(picture: far)" in found
    assert acting(found) == acting(page(tmp_path, "words", config))


def test_the_setting_is_one_of_nbconvert() -> None:
    c = Config()
    configure_formgrader(c)
    assert list(c.HTMLExporter.filters) == ["markdown2html"]
