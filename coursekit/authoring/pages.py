"""Pages beside the lessons, made of them: for students the first page, the map and the
glossary.

The map draws which notebook needs which, and says where each idea is taught. What is
known of the lessons is that of `atlas.json`.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from coursekit.authoring import (
    atlas_file,
    check_files,
    course_map,
    coverage,
    glossary,
    topics,
)
from coursekit.authoring.course import Course, in_order
from coursekit.authoring.lessons import Lesson
from coursekit.authoring.notebook import Code, page

START = "notebooks/start.ipynb"
MAP = "notebooks/map.ipynb"
PLAN = "docs/prerequisites.md"
PAPERS = "docs/paper_and_ours.md"
QUIZZES = "docs/quizzes.md"
# Boxes close together, so that letters stay large.
LOOK = '%%{init: {"flowchart": {"nodeSpacing": 12, "rankSpacing": 24, "padding": 6}}}%%'
# On the first page.
WORK = """\
## How a lesson works

1. Read from top to bottom and run each cell with Shift+Enter. Where it says
   **Predict**, answer for yourself before you run on.
2. A cell under an **Exercise** heading is yours: delete the line
   `raise NotImplementedError(...)`, write your answer, run the cell.
3. Run the check below it. It says at once what is right, and where something is
   wrong, what the mistake is; try as often as you like.
4. Are you stuck? There are up to three hints under each exercise, and nobody counts how
   many you open.
5. You may skip an exercise: everything else in the notebook works without it. Save the
   notebook at the end (Ctrl+S; on a Mac ⌘S)."""
Needs = Mapping[str, Sequence[str]]


def write(root: Path, course: Course, lessons: Sequence[Lesson]) -> None:
    """Renew the pages below `root`."""
    for name, text in made(root, course, lessons).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def made(root: Path, course: Course, lessons: Sequence[Lesson]) -> dict[str, str]:
    """Path of each page → its text; the same lessons give the same bytes."""
    pages = for_students(root, course, lessons)
    return pages | {
        PLAN: prerequisites(course, lessons),
        PAPERS: paper_and_ours(),
        QUIZZES: quizzes(root, course, lessons),
    }


def for_students(
    root: Path, course: Course, lessons: Sequence[Lesson]
) -> dict[str, str]:
    """The pages that go into the students' zip."""
    return {
        START: first_page(course, lessons),
        MAP: map_of_the_course(course, lessons),
        glossary.PAGE: glossary.page(root, course, lessons),
    }


def first_page(course: Course, lessons: Sequence[Lesson]) -> str:
    """`start.ipynb`: complete to read, with one cell that shows the reader's own."""
    return page(
        f"# {course.title}\n\n{extent(course, lessons)} The next cell shows how far "
        "you are, what comes next and what is installed: click into it and press "
        "Shift+Enter. Run it again whenever you come back.",
        Code("from coursekit import start\n\nstart.page()"),
        WORK,
        f"## The weeks\n\n{course_map.table(course, lessons, folder='')}",
        "Beside the weeks lie [the map of the course](map.ipynb), with every idea from "
        "A to Z and what needs what, and a [glossary](glossary.ipynb) in English and "
        "Traditional Chinese (繁體中文).",
    )


def extent(course: Course, lessons: Sequence[Lesson]) -> str:
    """How much there is: weeks, notebooks, hours, points."""
    hours = round(sum(lesson.minutes for lesson in lessons) / 60)
    points = sum(lesson.points for lesson in lessons)
    return (
        f"{len(course.weeks)} weeks, {len(lessons)} notebooks, {points} points; about "
        f"{hours} hours, and more for the sections for another evening."
    )


def map_of_the_course(course: Course, lessons: Sequence[Lesson]) -> str:
    """`map.ipynb`."""
    return page(
        "# The map of the course",
        "An arrow leads from a notebook to those that need it. What a notebook needs "
        "by way of another is not drawn. What a word means is in the "
        f"[glossary]({Path(glossary.PAGE).name}).",
        drawn(course, lessons),
        "## Where is what\n\nEvery idea, from A to Z, with the sections that teach "
        "it. A click opens the notebook; its contents, at the left, have the section.",
        index(course, lessons),
    )


def prerequisites(course: Course, lessons: Sequence[Lesson]) -> str:
    """`docs/prerequisites.md`."""
    parts = [
        "# What needs what",
        "Made of the lessons by `python -m coursekit build`. An arrow leads from a "
        "notebook to those that need it; what is needed by way of another is not "
        "drawn.",
        drawn(course, lessons),
        "## Exercises",
        exercises(course, lessons),
    ]
    return "\n\n".join(parts) + "\n"


def drawn(course: Course, lessons: Sequence[Lesson]) -> str:
    """Which notebook needs which, for Mermaid, which JupyterLab and GitHub draw."""
    lines = ["```mermaid", LOOK, "flowchart TD"]
    lines += [
        f'{key(week.number, lesson)}["{label(week.number, lesson)}"]'
        for week, lesson in in_order(course, lessons)
    ]
    for name, needed in reduced(needs(course, lessons)).items():
        lines += [f"{other} --> {name}" for other in needed]
    return "\n".join([*lines, "```"])


def key(week: int, lesson: Lesson) -> str:
    """The name of a notebook in the drawing."""
    return f"n{week}_{lesson.chapter}"


def label(week: int, lesson: Lesson) -> str:
    """What stands in its box; Mermaid reads quotes and brackets as its own."""
    title = lesson.title.partition(":")[0].replace('"', "#quot;")
    return f"{week}.{lesson.chapter} {title}"


def needs(course: Course, lessons: Sequence[Lesson]) -> dict[str, list[str]]:
    """Key → the keys of the notebooks that it needs, all of them earlier ones.

    It needs what its first paragraph names, and where its exercises' needs stand.
    """
    found: dict[str, list[str]] = {}
    names: dict[str, set[str]] = {}  # key → how the lessons call it
    for week, lesson in in_order(course, lessons):
        here = atlas_file.notebook(week, lesson)
        wanted = {
            *here["needs"],
            *(n for one in here["exercises"] for n in one["needs"]),
        }
        mine = key(week.number, lesson)
        found[mine] = [other for other, called in names.items() if called & wanted]
        names[mine] = {
            f"week {week.number}",
            f"week {week.number}, notebook {lesson.chapter}",
            *(one["name"] for one in here["exercises"]),
        }
    return found


def reduced(needed: Needs) -> dict[str, list[str]]:
    """Without what is needed by way of another."""
    behind: dict[str, set[str]] = {}
    for name, others in needed.items():
        behind[name] = set(others).union(*(behind[other] for other in others))
    return {
        name: [one for one in others if not any(one in behind[o] for o in others)]
        for name, others in needed.items()
    }


def index(course: Course, lessons: Sequence[Lesson]) -> str:
    """All topics from A to Z with links to their sections."""
    found = topics.index(course, lessons)
    rows = [
        f"| {topic} | {'<br>'.join(coverage.link(place) for place in places)} |"
        for topic, places in sorted(found.items(), key=lambda one: letters(one[0]))
        if places
    ]
    return "\n".join(["| Idea | Where |", "|:---|:---|", *rows])


def letters(topic: str) -> str:
    """What an index sorts by: "a budget of weights" stands under B."""
    return topic.casefold().removeprefix("a ").removeprefix("an ").removeprefix("the ")


def paper_and_ours() -> str:
    """`docs/paper_and_ours.md`, from the results file."""
    from coursekit.runs.table import table  # torch is slow to import

    parts = [
        "# Paper and ours",
        "Test errors that papers report, and those of this course's own runs "
        "(`make papers`), with seeds or folds, their range, and the hardware. Where it "
        "says *not yet run* nobody has run it: most of these need a graphics card for "
        "hours. Made of `coursekit/runs/results.json` by `python -m coursekit build`.",
        str(table()),
    ]
    return "\n\n".join(parts) + "\n"


def quizzes(root: Path, course: Course, lessons: Sequence[Lesson]) -> str:
    """`docs/quizzes.md`: the short questions of each week, without answers."""
    parts = [
        "# The quiz of each week",
        "Short questions, inside the notebooks. A quiz gives its points when all of "
        "its questions are answered right. Made of the lessons by `python -m coursekit "
        "build`.",
    ]
    asked = check_files.quiz_questions(root)
    for week in course.weeks:
        rows = [
            f"| {lesson.chapter} {lesson.title} | {one.number} {one.title} | "
            f"{len(asked[one.id])} | {one.points} | {one.minutes} |"
            for its, lesson in in_order(course, lessons)
            for one in lesson.exercises
            if its is week and one.kind == "quiz"
        ]
        head = [
            "| Notebook | Quiz | Questions | Points | Minutes |",
            "|:--|:--|--:|--:|--:|",
        ]
        title = f"## Week {week.number} · {week.title}"
        parts.append("\n".join([title, "", *head, *rows]))
    return "\n\n".join(parts) + "\n"


def exercises(course: Course, lessons: Sequence[Lesson]) -> str:
    """All exercises, with what they need."""
    rows = [
        f"| {one['name']} | {one['title']} | {', '.join(one['needs'])} |"
        for one in known(course, lessons)
    ]
    return "\n".join(["| Exercise | Title | Needs |", "|:---|:---|:---|", *rows])


def known(course: Course, lessons: Sequence[Lesson]) -> Iterator[dict[str, Any]]:
    """What `atlas.json` says of each exercise."""
    for week, lesson in in_order(course, lessons):
        yield from (atlas_file.exercise(one, week.number) for one in lesson.exercises)
