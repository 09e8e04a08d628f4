"""What the small book holds: links that lead, no answers, light pictures."""

import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from coursekit.authoring import build, student
from coursekit.authoring.book import leaks, links
from coursekit.authoring.errors import AuthoringError
from coursekit.authoring.lessons import Lesson
from tests.authoring.sample_course import REPOSITORY
from tests.book.conftest import LESSON

pytestmark = pytest.mark.slow
PAGE = f"{LESSON.parent.name}/{LESSON.stem}.html"
HEAVIEST = 700_000  # bytes of the HTML of a lesson


@pytest.fixture(scope="module")
def lessons() -> list[Lesson]:
    return build.load(REPOSITORY)[1]


@pytest.fixture(scope="module")
def page(book: Path) -> BeautifulSoup:
    return BeautifulSoup((book / PAGE).read_text(), "html.parser")


@pytest.fixture
def copy(book: Path, tmp_path: Path) -> Path:
    """A copy of the lesson's page that may be spoiled."""
    (tmp_path / PAGE).parent.mkdir()
    return Path(shutil.copy(book / PAGE, tmp_path / PAGE))


def test_every_link_leads_somewhere(book: Path) -> None:
    links.check(book)


@pytest.mark.parametrize(
    "tag",
    [
        '<a href="nowhere.html">x</a>',
        '<a href="#nowhere">x</a>',
        '<img src="nowhere.png">',
        '<script src="https://cdn.example/x.js"></script>',
    ],
)
def test_a_link_that_leads_nowhere_is_named(copy: Path, tag: str) -> None:
    copy.write_text(f'<h1 id="here">x</h1><a href="#here">x</a>{tag}')
    with pytest.raises(AuthoringError, match="1 links lead nowhere"):
        links.check(copy.parents[1])


def test_no_page_gives_an_answer_away(book: Path, lessons: list[Lesson]) -> None:
    leaks.refuse(lessons, book)


def test_each_solution_and_each_hidden_check_would_be_noticed(
    copy: Path, lessons: list[Lesson]
) -> None:
    text, secrets = copy.read_text(), student.secret_lines(lessons)
    [lesson] = [one for one in lessons if one.file.endswith(LESSON.name)]
    for exercise in lesson.exercises:
        for secret in secrets[exercise]:
            marked = f"{text}<pre>  {secret.replace('<', '&lt;')}</pre>"
            copy.write_text(marked)
            with pytest.raises(AuthoringError, match="gives the solution of"):
                leaks.refuse([lesson], copy.parents[1])
    copy.write_text(f"{text}<pre>_hidden.check(f)</pre>")
    with pytest.raises(AuthoringError, match="shows"):
        leaks.refuse([lesson], copy.parents[1])


def test_a_lesson_has_its_parts(page: BeautifulSoup, lessons: list[Lesson]) -> None:
    [lesson] = [one for one in lessons if one.file.endswith(LESSON.name)]
    hints = [one for one in page.find_all("summary") if "Hint " in one.text]
    assert len(hints) == sum(len(one.hints) for one in lesson.exercises)
    assert len(page.select("aside.trial")) == len(lesson.exercises)
    assert len(page.select("figure img")) > 5
    assert len(page.select("[data-explorer]")) == 1
    assert "NotImplementedError" in page.text
    assert any("Your guess" in one.text for one in page.find_all("summary"))


def test_an_exercise_ends_with_its_last_hint(page: BeautifulSoup) -> None:
    for exercise in page.select('section[id^="exercise-"]'):
        *_, last = exercise.find_all(True, recursive=False)
        assert last.name in ("details", "aside"), exercise["id"]


def test_pictures_are_files_that_wait(page: BeautifulSoup, book: Path) -> None:
    for picture in page.select("figure img"):
        assert picture["loading"] == "lazy"
        assert picture["alt"]
        assert int(str(picture["width"])) > 0
        assert (book / PAGE).parent.joinpath(str(picture["src"])).is_file()
    assert "base64" not in str(page)
    assert (book / PAGE).stat().st_size < HEAVIEST


def test_the_notebook_is_there_to_take(book: Path) -> None:
    name = PAGE.replace(".html", ".ipynb")
    taken = (book / "notebooks" / name).read_bytes()
    assert taken == (REPOSITORY / "notebooks" / name).read_bytes()
