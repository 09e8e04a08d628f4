"""Make the students' `coursekit/atlas.json`: what is taught where, and what it needs.

All of it is read from the lessons: the topics of their sections, what their exercises
need, where a section points back to, and the paragraph **You need** of each lesson.
Nothing of a solution is read.
"""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from coursekit.authoring import topics
from coursekit.authoring.course import Course, Week, in_order
from coursekit.authoring.exercises import Exercise
from coursekit.authoring.lessons import Lesson
from coursekit.authoring.source import Cell

TARGET = "coursekit/atlas.json"
NEEDED = "**You need**"
NUMBERS = r"\d+(?:(?:, and |, | and | to )\d+)*"
POINTER = re.compile(
    rf"notebooks? (?P<of>{NUMBERS}) of (?:week (?P<of_week>\d+)|this week)"
    rf"|week (?P<week>\d+)(?:,? \(?notebooks? (?P<in_week>{NUMBERS}))?"
    rf"|(?P<its>its (?:[\w-]+ ){{0,2}}\(?)?notebooks? (?P<bare>{NUMBERS})"
    r"|exercises? (?P<exercise>\d+)\.\d+(?: (?:to|and) \d+\.\d+)?"
    r"(?: of week (?P<its_week>\d+))?"
    r"|from (?P<own>this week)",
    re.IGNORECASE,
)
Place = tuple[int, int]  # week and notebook; notebook 0 stands for the whole week


def as_json(course: Course, lessons: Sequence[Lesson]) -> str:
    """The text of `atlas.json`, the same for the same lessons."""
    found = [notebook(week, lesson) for week, lesson in in_order(course, lessons)]
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def write(target: Path, course: Course, lessons: Sequence[Lesson]) -> None:
    """Renew `target`."""
    target.write_text(as_json(course, lessons), encoding="utf-8")


def notebook(week: Week, lesson: Lesson) -> dict[str, Any]:
    """What is known of one lesson."""
    here = (week.number, lesson.chapter)
    needed = " ".join(paragraphs(lesson.cells[0].source, NEEDED))
    return {
        "week": week.number,
        "number": lesson.chapter,
        "title": lesson.title,
        "week_title": week.title,
        "path": lesson.path.as_posix(),
        "minutes": lesson.minutes,
        "needs": names(pointers(needed, here)),
        "sections": [section(week, lesson, cells) for cells in taught(lesson)],
        "exercises": [exercise(each, week.number) for each in lesson.exercises],
    }


def paragraphs(source: str, start: str) -> Iterator[str]:
    """The paragraphs that begin so, without sentences that say what is not needed."""
    for paragraph in source.split("\n\n"):
        if paragraph.startswith(start):
            sentences = re.split(r"(?<=\.)\s", paragraph.replace("\n", " "))
            yield " ".join(one for one in sentences if "not needed" not in one)


def taught(lesson: Lesson) -> Iterator[list[Cell]]:
    """The cells of each section that has topics, up to the next heading as high."""
    cells: list[Cell] = []
    for cell in lesson.cells:
        chapter = any(level <= 2 for level, _ in cell.headings())
        if cells and (chapter or cell.get("topics")):
            yield cells
            cells = []
        if cells or cell.get("topics"):
            cells.append(cell)
    if cells:
        yield cells


def section(week: Week, lesson: Lesson, cells: list[Cell]) -> dict[str, Any]:
    """A section with its topics, and what it leans on.

    needs: what its exercises need of others, and the weeks and notebooks that its
    prose names
    """
    here = (week.number, lesson.chapter)
    inside = exercises_in(lesson, cells)
    prose = [one.source for one in cells if not (one.is_code or one.get("manual"))]
    named = {place for text in prose for place in explicit(text, here)}
    own = {f"{one.number} (week {week.number})" for one in inside}
    wanted = [name for one in inside for name in needs(one, week.number)]
    return {
        "heading": topics.place(week, lesson, cells[0]).heading,
        "topics": [word.strip() for word in cells[0].get("topics").split(",")],
        "needs": [name for name in dict.fromkeys(wanted) if name not in own]
        + names(named),
    }


def exercises_in(lesson: Lesson, cells: Sequence[Cell]) -> list[Exercise]:
    """The exercises whose headings stand in these cells."""
    numbers = {cell.number for cell in cells}
    return [one for one in lesson.exercises if one.cells[0].number in numbers]


def exercise(one: Exercise, week: int) -> dict[str, Any]:
    """An exercise; `needs` are the names of others, such as "2.3 (week 1)"."""
    return {
        "name": f"{one.number} (week {week})",
        "id": one.id,
        "checked": one.kind != "manual",
        "title": one.title,
        "points": one.points,
        "minutes": one.minutes,
        "needs": needs(one, week),
    }


def needs(one: Exercise, week: int) -> list[str]:
    """The names of the exercises that come before this one."""
    return [f"{number} (week {other or week})" for other, number in one.needs]


def explicit(text: str, here: Place) -> set[Place]:
    """The places before `here` that a text names with their week."""
    found = {
        (int(week), chapter)
        for match in POINTER.finditer(text.replace("\n", " "))
        if (week := week_of(match))
        for chapter in chapters_of(match)
    }
    return {place for place in narrow(found) if before(place, here)}


def pointers(text: str, here: Place) -> set[Place]:
    """The places that a paragraph **You need** names.

    A bare "notebook 1" is one of this week that came before, or else one of the week
    that was named last.
    """
    found, last = set(), here[0]
    for match in POINTER.finditer(text):
        last = int(week_of(match) or last)
        for chapter in chapters_of(match):
            own = not (week_of(match) or match["its"]) and chapter < here[1]
            found.add((here[0] if own else last, chapter))
    return {place for place in narrow(found) if before(place, here)}


def narrow(places: set[Place]) -> set[Place]:
    """Without the weeks of which single notebooks are named, too."""
    single = {week for week, chapter in places if chapter}
    return {place for place in places if place[1] or place[0] not in single}


def week_of(match: re.Match[str]) -> str | None:
    """The week that a pointer names, if it names one."""
    return match["of_week"] or match["week"] or match["its_week"]


def chapters_of(match: re.Match[str]) -> list[int]:
    """The notebooks that a pointer names; [0] for a whole week."""
    keys = ("of", "in_week", "bare", "exercise")
    return numbers(next((match[key] for key in keys if match[key]), None))


def numbers(text: str | None) -> list[int]:
    """ "2, 4 and 5" → [2, 4, 5], "2 to 4" → [2, 3, 4], nothing → [0]."""
    if not text:
        return [0]
    found: list[int] = []
    for word in re.findall(r"\d+|to", text):
        if word.isdigit() and found and found[-1] < 0:
            start = found.pop(-1)
            found += range(1 - start, int(word) + 1)
        else:
            found.append(int(word) if word.isdigit() else -found[-1])
    return found


def before(place: Place, here: Place) -> bool:
    """Whether a place comes before another.

    All of this week is what came before in it: for its first notebook nothing.
    """
    nothing = place == (here[0], 0) and here[1] == 1
    return place < here and not nothing


def names(places: set[Place]) -> list[str]:
    """ "week 2", "week 3, notebook 1"; in order."""
    return [
        f"week {week}, notebook {chapter}" if chapter else f"week {week}"
        for week, chapter in sorted(places)
    ]
