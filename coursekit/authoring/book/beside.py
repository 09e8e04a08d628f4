"""The pages beside the lessons: map, ideas, glossary, exercises, networks, papers."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from coursekit.anatomy import gallery
from coursekit.authoring import glossary, pages, topics
from coursekit.authoring.book import map as drawn
from coursekit.authoring.book.outputs import Album
from coursekit.authoring.book.words import Names
from coursekit.authoring.course import Course, in_order
from coursekit.authoring.course_map import hours
from coursekit.authoring.exercises import Exercise
from coursekit.authoring.glossary import Term
from coursekit.authoring.lessons import Lesson

# The style of a table's cell, which is most of a long table's weight.
STYLED = re.compile(r'(<t[dh](?: scope="\w+")?) style="[^"]*"')


def the_map(course: Course, lessons: Sequence[Lesson], known: Names) -> str:
    """What needs what, to click."""
    return "\n\n".join(
        [
            "# The map of the course",
            "A line leads from a lesson to those that need it; what is needed by way "
            "of another is not drawn. Point at a lesson to see its lines, and click it "
            "to read it. Every idea has its place in [ideas from A to Z](/ideas.md).",
            drawn.drawing(course, lessons, known.pages),
            "## The same in words",
            drawn.listed(course, lessons, known.pages),
        ]
    )


def ideas(course: Course, lessons: Sequence[Lesson], known: Names) -> str:
    """Every topic from A to Z, with the sections that teach it."""
    found = [(t, at) for t, at in topics.index(course, lessons).items() if at]
    found.sort(key=lambda one: pages.letters(one[0]))
    groups = {
        letter: [idea(topic, at, known) for topic, at in some]
        for letter, some in groupby(found, lambda one: initial(pages.letters(one[0])))
    }
    head = f"# Ideas from A to Z\n\n{len(found)} ideas, each with where it is taught."
    return lettered(head, groups)


def idea(topic: str, places: Iterable[topics.Place], known: Names) -> str:
    """One topic."""
    where = ", ".join(place(one, known) for one in places)
    return f"- {topic} · {where}"


def place(one: topics.Place, known: Names) -> str:
    """A link to a section; plain words if this book has not its lesson."""
    page = one.notebook.removesuffix(".ipynb")
    number = page.partition("/")[2].partition("_")[0]
    text = f"{one.week}.{number} {one.heading}".replace("|", r"\|")
    if page not in known.pages:
        return text
    return f"[{text}](#{known.label(page, one.heading)})"


def initial(word: str) -> str:
    """The letter under which a word stands."""
    return word[0].upper() if word[0].isalpha() else "0–9"


def lettered(head: str, groups: Mapping[str, Sequence[str]]) -> str:
    """A page with a heading for each letter, and a line of letters to jump to them."""
    label = {letter: f"letter-{number}" for number, letter in enumerate(groups)}
    jump = " ".join(f"[{letter}](#{label[letter]})" for letter in groups)
    parts = [head, f"{{.letters}}\n{jump}"]
    for letter, lines in groups.items():
        parts += [f"({label[letter]})=\n## {letter}", "\n".join(lines)]
    return "\n\n".join(parts)


def glossary_of(
    root: Path, course: Course, lessons: Sequence[Lesson], known: Names
) -> str:
    """The glossary in both languages, and the letters of formulas."""
    terms, places = glossary.read(root), glossary.sections(course, lessons)
    parts = [
        "# Glossary · 詞彙表",
        f"{len(terms)} terms, each with the section that explains it first. "
        f"{len(terms)} 個術語，附上最先說明它的章節。",
    ]
    for letter, some in groupby(terms, lambda one: one.letter):
        entries = "\n".join(entry(one, places, known) for one in some)
        parts += [f"## {letter}", f":::{{glossary}}\n{entries}\n:::"]
    symbols = "\n".join(glossary.symbols(root))
    return "\n\n".join([*parts, "## Letters in formulas · 符號", symbols])


def entry(
    one: Term, places: Mapping[tuple[str, str], topics.Place], known: Names
) -> str:
    """One term."""
    where = place(places[one.lesson, one.section], known)
    chinese = f'<span lang="zh-Hant">{one.chinese}</span>'
    return f"{one.name}\n  {chinese} · {one.says} {where}\n"


def exercises(course: Course, lessons: Sequence[Lesson], known: Names) -> str:
    """All exercises with their points, week by week."""
    found = in_order(course, lessons)
    total = sum(lesson.points for _, lesson in found)
    count = sum(len(lesson.exercises) for _, lesson in found)
    parts = [
        "# Exercises and points",
        f"{count} exercises give {total} points. Points come from the check below an "
        "exercise; a few answers are read and judged by a person. Stars say how hard "
        "it is, and minutes how long it takes when it goes well.",
    ]
    for week in course.weeks:
        own = [lesson for its, lesson in found if its is week]
        points = sum(lesson.points for lesson in own)
        minutes = hours(sum(lesson.minutes for lesson in own))
        parts.append(f"## Week {week.number} · {week.title}")
        parts.append(f"{points} points · {minutes} for the sittings")
        parts.append("\n".join(table(week.number, own, known)))
    return "\n\n".join(parts)


def table(week: int, lessons: Iterable[Lesson], known: Names) -> Iterator[str]:
    """The exercises of a week."""
    yield "| Exercise | Points | Minutes | How hard | Needs |"
    yield "|:--|--:|--:|:--|:--|"
    for lesson in lessons:
        page = lesson.path.with_suffix("").as_posix()
        for one in lesson.exercises:
            yield row(week, page, one, known)


def row(week: int, page: str, one: Exercise, known: Names) -> str:
    """One exercise."""
    title = f"{one.number} {one.title}".replace("|", r"\|")
    if page in known.pages:
        heading = topics.MARKUP.sub(r"\1", f"Exercise {one.number} · {one.title}")
        title = f"[{title}](#{known.label(page, heading)})"
    stars = "●" * one.difficulty + "○" * (5 - one.difficulty)
    needs = ", ".join(
        f"{number} (week {other})" if other else number for other, number in one.needs
    )
    return f"| {title} | {one.points} | {one.minutes} | {stars} | {needs} |"


def networks(names: Iterable[str], album: Album) -> str:
    """The anatomy of the networks of the course."""
    parts = [
        "# The networks of the course",
        "Each network of the course as `coursekit.models` builds it, at the size of "
        "its paper: the maps that flow through it, and a table of its layers with "
        "shapes, weights, multiplications and receptive fields.",
    ]
    for name in names:
        lean = STYLED.sub(r"\1", gallery.entry(name))  # book.css has it once
        parts += [f"## {name}", album.linked(lean, "")]
    return "\n\n".join(parts)
