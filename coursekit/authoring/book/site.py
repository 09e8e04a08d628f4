"""Put the pages of the book together and let Sphinx print them."""

import io
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import nbformat
from sphinx.application import Sphinx

from coursekit import explore
from coursekit.anatomy import gallery
from coursekit.authoring import build, glossary, pages, student
from coursekit.authoring.book import beside, content, front, leaks, outputs, words
from coursekit.authoring.book.content import Page, Repository
from coursekit.authoring.book.outputs import Album
from coursekit.authoring.book.words import Names
from coursekit.authoring.course import Course
from coursekit.authoring.errors import AuthoringError
from coursekit.authoring.lessons import Lesson
from coursekit.explore.kit import STATE
from coursekit.explore.kit.assets import EXPORT, script, style

SITE, WORK = "dist/book", "build/book"
OWN = "book"  # the folder with what is written by hand: settings, style, words
MATHJAX = "sphinx-mathjax-offline"
NEEDED = re.compile(r"/mathjax/(tex-chtml\.js|output/chtml/fonts/woff-v2/.*\.woff)$")


@dataclass(frozen=True)
class Book:
    """What is printed: the lessons `chosen`, of a whole course.

    strict: every cell must have been run; small: without what takes a minute
    """

    root: Path
    course: Course
    lessons: Sequence[Lesson]
    chosen: Sequence[Lesson]
    names: Names
    strict: bool
    small: bool


def plan(root: Path, paths: Sequence[Path], strict: bool) -> Book:
    """The book of the course under `root`, or one of only the lessons in `paths`."""
    course, lessons = build.load(root)
    chosen = build.choose(root, lessons, paths)
    known = words.names(course, chosen, glossary.read(root))
    return Book(root, course, lessons, chosen, known, strict, bool(paths))


def make(book: Book, target: Path, work: Path) -> None:
    """Print the book into the folder `target`; its sources stay in `work`.

    Raises AuthoringError, and leaves the old book, where a run is missing, something
    leaks, or Sphinx warns.
    """
    shutil.rmtree(work, ignore_errors=True)
    site, source = work / "site", work / "source"
    album = Album(site)
    write_lessons(book, source, album)
    write_pages(book, source, album)
    copy_mathjax(work / "static")
    copy_downloads(book, site)
    write_explorers(site)
    sphinx(book, site, work)
    leaks.refuse(book.lessons, site)
    shutil.rmtree(target, ignore_errors=True)
    shutil.move(site, target)


def write_lessons(book: Book, folder: Path, album: Album) -> None:
    """The notebooks that Sphinx prints."""
    repository = Repository.known()
    build.build_source(book.chosen, book.root, prune=False)
    take = content.required if book.strict else content.run
    for lesson in book.chosen:
        seen = take(book.root, lesson)
        page = Page(lesson, book.names, album, repository, seen)
        path = folder / lesson.path
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(page.notebook(book.root), path)


def write_pages(book: Book, folder: Path, album: Album) -> None:
    """The pages beside the lessons."""
    course, lessons, known = book.course, book.lessons, book.names
    repository = Repository.known().name
    found = front.cards(course, lessons, known)
    chosen = list(gallery.NETWORKS)[: 1 if book.small else None]
    texts = {
        "index": front.front(course.title, found, opening_widget(album), front.BESIDE),
        "begin": front.begin(book.root / OWN, repository, not book.small),
        "map": beside.the_map(course, lessons, known),
        "ideas": beside.ideas(course, lessons, known),
        "glossary": beside.glossary_of(book.root, course, lessons, known),
        "exercises": beside.exercises(course, lessons, known),
        "networks": beside.networks(chosen, album),
        "papers": pages.paper_and_ours(),
    }
    texts |= {f"{one.week.id}/index": front.week_page(one, known) for one in found}
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


def opening_widget(album: Album) -> str:
    """A kernel to move, for the front page."""
    shown = explore.slide_kernel(ARROW, EDGE, row=2, column=2)
    bundle, _ = shown._repr_mimebundle_()
    picture = album.linked(bundle["text/html"], "")
    return outputs.explorer(bundle[STATE], picture, up="")


EDGE = [[1, 0, -1]] * 3
ARROW = [
    [0, 0, 0, 0, 5, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 5, 5, 0, 0, 0, 0],
    [0, 5, 5, 5, 5, 5, 5, 0, 0, 0],
    [0, 5, 5, 5, 5, 5, 5, 5, 0, 0],
    [0, 5, 5, 5, 5, 5, 5, 0, 0, 0],
    [0, 0, 0, 0, 5, 5, 0, 0, 0, 0],
    [0, 0, 0, 0, 5, 0, 0, 0, 0, 0],
]


def copy_mathjax(folder: Path) -> None:
    """MathJax with its fonts."""
    for file in metadata.files(MATHJAX) or []:
        if NEEDED.search(file.as_posix()):
            target = folder / file.as_posix().partition("/static/")[2]
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(str(file.locate()), target)


def write_explorers(site: Path) -> None:
    """Each widget as a script without modules, which works from a folder as well."""
    (site / "explorers").mkdir()
    for file in Path(explore.__file__).parent.glob("*.mjs"):
        body = EXPORT.sub("", script(file.stem)).replace("export default", "return")
        text = f"(window.explorers ??= {{}}).{file.stem} = (() => {{\n{body}}})();\n"
        (site / f"explorers/{file.stem}.js").write_text(text, encoding="utf-8")
        sheet = style(file.stem)
        (site / f"explorers/{file.stem}.css").write_text(sheet, encoding="utf-8")


def sphinx(book: Book, site: Path, work: Path) -> None:
    """Print. Raises AuthoringError for the first warnings of Sphinx."""
    heard = io.StringIO()
    own = book.root / OWN
    settings = {"html_static_path": [str(own / "static"), str(work / "static")]}
    application = Sphinx(
        srcdir=work / "source",
        confdir=own,
        outdir=site,
        doctreedir=work / "doctrees",
        buildername="html",
        confoverrides=settings,
        status=None,
        warning=heard,
    )
    application.build()
    if warnings := heard.getvalue().strip():
        raise AuthoringError(f"Sphinx is not content:\n{warnings[:3000]}")


def copy_downloads(book: Book, site: Path) -> None:
    """The students' notebooks and, in a whole book, their zip."""
    for lesson in book.chosen:
        target = site / build.NOTEBOOKS / lesson.path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(book.root / build.NOTEBOOKS / lesson.path, target)
    if not book.small:
        student.pack(book.root, site / front.ZIP)
