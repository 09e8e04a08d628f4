"""The map of what needs what, drawn as boxes that lead to the lessons."""

import html
from collections.abc import Iterator, Mapping, Sequence

from coursekit.authoring import pages
from coursekit.authoring.course import Course, in_order
from coursekit.authoring.lessons import Lesson

WIDTH, HEIGHT = 131, 48
ACROSS, DOWN = 142, 100  # from one box to the next
LEFT, TOP = 58, 8
LETTERS = 18  # of a title in one line of a box
Place = tuple[int, int]  # the week and the number of a notebook


def drawing(course: Course, lessons: Sequence[Lesson], known: Mapping[str, str]) -> str:
    """The whole map as SVG. known: the lessons that this book has."""
    ordered = in_order(course, lessons)
    most = max(lesson.chapter for _, lesson in ordered)
    width = LEFT + most * ACROSS
    height = TOP + (len(course.weeks) - 1) * DOWN + 2 * HEIGHT
    parts = [*lines(course, lessons), *rows(course)]
    parts += [box(week.number, lesson, known) for week, lesson in ordered]
    return (
        f'<div class="map scrolls"><svg viewBox="0 0 {width} {height}" role="group" '
        f'aria-label="The lessons, and which needs which">{"".join(parts)}</svg></div>'
    )


def places(course: Course, lessons: Sequence[Lesson]) -> dict[str, Place]:
    """Key of a notebook → where it stands."""
    return {
        pages.key(week.number, lesson): (week.number, lesson.chapter)
        for week, lesson in in_order(course, lessons)
    }


def corner(place: Place) -> tuple[int, int]:
    """The upper left corner of a box."""
    week, number = place
    return LEFT + (number - 1) * ACROSS, TOP + (week - 1) * DOWN


def lines(course: Course, lessons: Sequence[Lesson]) -> Iterator[str]:
    """A line from each notebook to those that need it."""
    where = places(course, lessons)
    for name, needed in pages.reduced(pages.needs(course, lessons)).items():
        for other in needed:
            path = curve(where[other], where[name])
            yield f'<path data-from="{other}" data-to="{name}" d="{path}"/>'


def curve(start: Place, end: Place) -> str:
    """Out of the bottom of a box into the top of another; beside it, from its side."""
    (x, y), (to_x, to_y) = corner(start), corner(end)
    if y == to_y:
        middle = y + HEIGHT // 2
        if end[1] - start[1] == 1:
            return f"M{x + WIDTH} {middle}H{to_x}"
        x, to_x, y = x + WIDTH // 2, to_x + WIDTH // 2, y + HEIGHT
        return f"M{x} {y}C{x} {y + 34} {to_x} {y + 34} {to_x} {y}"
    x, to_x, y = x + WIDTH // 2, to_x + WIDTH // 2, y + HEIGHT
    bend = (to_y - y) // 2
    return f"M{x} {y}C{x} {y + bend} {to_x} {to_y - bend} {to_x} {to_y}"


def rows(course: Course) -> Iterator[str]:
    """The number of each week at the left."""
    for week in course.weeks:
        y = TOP + (week.number - 1) * DOWN + HEIGHT // 2
        yield f'<text class="week" x="0" y="{y + 5}">Week {week.number}</text>'


def box(week: int, lesson: Lesson, known: Mapping[str, str]) -> str:
    """A lesson; a link if this book has it."""
    x, y = corner((week, lesson.chapter))
    title = lesson.title.partition(":")[0]
    text = "".join(
        f'<text x="{x + 8}" y="{y + 20 + 17 * number}">{html.escape(line)}</text>'
        for number, line in enumerate(broken(f"{week}.{lesson.chapter} {title}"))
    )
    name = pages.key(week, lesson)
    shape = f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="8"/>{text}'
    address = lesson.path.with_suffix("").as_posix()
    if address not in known:
        return f'<g data-name="{name}">{shape}</g>'
    return f'<a data-name="{name}" href="{address}.html">{shape}</a>'


def broken(title: str) -> list[str]:
    """A title in two lines; what does not fit is cut."""
    lines = [""]
    for word in title.split():
        if len(lines[-1]) + len(word) >= LETTERS and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines[:2] if len(lines) < 3 else [lines[0], f"{lines[1]} …"]


def listed(course: Course, lessons: Sequence[Lesson], known: Mapping[str, str]) -> str:
    """The same in words, a line for each lesson."""
    titles = {
        pages.key(week.number, lesson): linked(week.number, lesson, known)
        for week, lesson in in_order(course, lessons)
    }
    needed = pages.reduced(pages.needs(course, lessons))
    return "\n".join(
        f"- {titles[name]} needs {', '.join(titles[one] for one in others)}."
        for name, others in needed.items()
        if others
    )


def linked(week: int, lesson: Lesson, known: Mapping[str, str]) -> str:
    """The number and the title of a lesson, in Markdown."""
    text = f"{week}.{lesson.chapter} {lesson.title}"
    address = lesson.path.as_posix()
    known_here = lesson.path.with_suffix("").as_posix() in known
    return f"[{text}](/{address})" if known_here else text
