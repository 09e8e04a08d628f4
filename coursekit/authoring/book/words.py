"""The prose of a lesson as the book has it: its links, labels and lines of facts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from coursekit.authoring import exercises, glossary, lessons, notebook, topics
from coursekit.authoring.course import Course
from coursekit.authoring.glossary import Term
from coursekit.authoring.lessons import Lesson
from coursekit.authoring.source import HEADING

LINK = re.compile(
    r"\[(?P<text>(?:[^\[\]]|\[[^\]]*\])+)\]"
    r"\((?P<to>[^()\s]*\.ipynb(?:#(?:[^()]|\([^()]*\))*)?)\)"
)
TERM = re.compile(r"\[\*\*(?P<text>[^\]]+)\*\*\]\((?:\.\./)?glossary\.ipynb#\w+\)")
FACTS = [
    re.compile(f"^{line.pattern}$", re.MULTILINE)
    for line in (lessons.ABOUT, exercises.FACTS)
]


@dataclass(frozen=True)
class Names:
    """What the pages of a book are called, so that they can refer to each other.

    pages: "week1_convolution/2_operator" → the short name of the lesson, "1.2"
    terms: how lessons write a term → how the glossary does
    """

    pages: Mapping[str, str]
    terms: Mapping[str, Term]

    def label(self, page: str, anchor: str) -> str:
        """The label of the section of a lesson that JupyterLab finds at `anchor`."""
        return f"{self.pages[page]}-{notebook.slug(anchor)}"


def names(course: Course, found: Sequence[Lesson], terms: Sequence[Term]) -> Names:
    """Those of a book of these lessons."""
    chosen = {(lesson.week, lesson.name) for lesson in found}
    return Names(
        {
            f"{week.id}/{name}": f"{week.number}.{name.partition('_')[0]}"
            for week in course.weeks
            for name in week.notebooks
            if (week.id, name) in chosen
        },
        glossary.spellings(terms),
    )


def prose(source: str, page: str, known: Names) -> str:
    """The Markdown of a cell of the lesson `page`, for Sphinx."""
    text = TERM.sub(lambda match: term(match["text"], known), source)
    text = linked(text, page, known)
    for facts in FACTS:
        text = facts.sub(r"\n{.facts}\n\g<0>\n", text)
    return "\n".join(labelled(line, page, known) for line in text.split("\n"))


def term(text: str, known: Names) -> str:
    """A bold term, which leads to its entry in the glossary."""
    found = known.terms.get(" ".join(text.split()).casefold())
    return f"{{term}}`{' '.join(text.split())} <{found.name}>`" if found else text


def linked(text: str, page: str, known: Names) -> str:
    """`text` with its links to notebooks as links within the book.

    A link to a lesson that this book does not have becomes plain words.
    """

    def link(match: re.Match[str]) -> str:
        path, _, anchor = match["to"].partition("#")
        target = resolved(path, page)
        if target in ("map", "glossary"):
            return f"[{match['text']}](/{target}.md)"
        if target not in known.pages:
            return match["text"]
        where = f"#{known.label(target, anchor)}" if anchor else f"/{target}.ipynb"
        return f"[{match['text']}]({where})"

    return LINK.sub(link, text)


def resolved(path: str, page: str) -> str:
    """A notebook as another page of the course names it: its week and its name."""
    parts = list(PurePosixPath(page).parent.parts)
    for part in PurePosixPath(path).with_suffix("").parts:
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts)


def labelled(line: str, page: str, known: Names) -> str:
    """A line; before a heading stands the label that links lead to."""
    match = HEADING.fullmatch(line.rstrip())
    if not match or len(match[1]) not in (2, 3):
        return line
    plain = topics.MARKUP.sub(r"\1", match[2])
    return f"({known.label(page, plain)})=\n{line}"
