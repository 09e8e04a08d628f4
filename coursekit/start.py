"""The reader's own part of the first page: how far, what is next, what is installed.

`start.page()` in `notebooks/start.ipynb` reads it all anew each time its cell runs.
What has passed is known from `coursekit.logbook`, what there is from `coursekit.atlas`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from importlib.resources import files
from itertools import groupby

from coursekit import atlas, doctor, logbook
from coursekit.doctor import Finding, State

BAR_LENGTH = 12


@dataclass(frozen=True)
class Progress:
    """A lesson and how much of it has passed.

    total: of the exercises that have a check; a person reads the others
    """

    lesson: atlas.Notebook
    points: int
    passed: int
    total: int

    @property
    def done(self) -> bool:
        """Whether all that can be checked has passed."""
        return self.passed == self.total

    @property
    def size(self) -> str:
        """ "2 h 10 · 17 points"."""
        hours, minutes = divmod(self.lesson.minutes, 60)
        return f"{hours} h {minutes:02} · {self.points} points"


@dataclass(frozen=True)
class Page:
    """All lessons in the course's order, and the exercises that passed, latest last."""

    lessons: Sequence[Progress]
    passed: Sequence[str]

    @cached_property
    def next(self) -> Progress | None:
        """The lesson of the latest exercise while it is unfinished, or one after it.

        When nothing is left after it, the first that was skipped; None at the end.
        """
        names = [one.lesson.name for one in self.lessons]
        here = names.index(self._latest) if self._latest else 0
        ahead = [*self.lessons[here:], *self.lessons[:here]]
        return next((one for one in ahead if not one.done), None)

    @cached_property
    def _latest(self) -> str:
        """The name of the lesson with the exercise that passed last; "" for none."""
        homes = {one.id: one.notebook for one in atlas.exercises().values()}
        return next((homes[i] for i in reversed(self.passed) if i in homes), "")

    def html(self) -> str:
        """For Jupyter: what is next, and a card for each week."""
        weeks = groupby(self.lessons, lambda one: one.lesson.week)
        cards = "".join(card(list(some)) for _, some in weeks)
        return (
            f'{style()}<div class="ck-start">{next_html(self.next)}'
            f'<div class="ck-weeks">{cards}</div>'
            f"<p><small>{escape(kept())}</small></p></div>"
        )

    def text(self) -> str:
        """For where no HTML is shown."""
        lines = [line(one) for one in self.lessons]
        return "\n".join([next_text(self.next), "", *lines, "", kept()])


def page() -> None:
    """Show how far you are, what comes next, and what is installed and found."""
    mine = read()
    show(mine.html(), mine.text())
    findings = doctor.examine()["students"]
    show(findings_html(findings), "\n".join(map(str, findings)))


def show(html: str, text: str) -> None:
    """Display in a notebook, print elsewhere."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.display import display

    if InteractiveShell.initialized():
        display({"text/html": html, "text/plain": text}, raw=True)
    else:
        print(text)


def read() -> Page:
    """The page as it stands now."""
    passed = logbook.passed()
    exercises = list(atlas.exercises().values())
    lessons = [
        progress(one, [each for each in exercises if each.notebook == one.name], passed)
        for one in atlas.notebooks().values()
    ]
    return Page(lessons, passed)


def progress(
    lesson: atlas.Notebook, exercises: Sequence[atlas.Exercise], passed: Sequence[str]
) -> Progress:
    """How much of one lesson has passed."""
    checked = [one.id for one in exercises if one.checked]
    points = sum(one.points for one in exercises)
    return Progress(lesson, points, len({*checked} & {*passed}), len(checked))


def kept() -> str:
    """Where the progress is kept."""
    return (
        f"Your progress is kept in {logbook.path()}, on this computer alone. An "
        "exercise counts once its check has passed; delete the file to begin again."
    )


def next_html(one: Progress | None) -> str:
    """What to open now."""
    if one is None:
        return '<p class="ck-next">Every check of the course has passed.</p>'
    how, state = ("Go on with", f" · {count(one)}") if one.passed else ("Next", "")
    return (
        f'<p class="ck-next"><span>{how}: {place(one)}</span> {link(one)} '
        f"<small>{one.size}{state}</small></p>"
    )


def next_text(one: Progress | None) -> str:
    """The same in plain words."""
    if one is None:
        return "Every check of the course has passed."
    return f"Next: {place(one)}, {one.lesson.title} ({one.lesson.path})"


def place(one: Progress) -> str:
    """ "week 1, notebook 2"."""
    return one.lesson.name


def count(one: Progress) -> str:
    """ "3 of 8 passed"."""
    return f"{one.passed} of {one.total} passed"


def link(one: Progress) -> str:
    """The lesson, to be clicked on."""
    return f'<a href="{escape(one.lesson.path)}">{escape(one.lesson.title)}</a>'


def card(lessons: Sequence[Progress]) -> str:
    """One week."""
    first = lessons[0].lesson
    heading = f"{first.week} · {escape(first.week_title)}"
    rows = "".join(
        f"<li><span>{link(one)} <small>{one.size}</small></span>{bar(one)}</li>"
        for one in lessons
    )
    return f"<section><h3>{heading}</h3><ul>{rows}</ul></section>"


def bar(one: Progress) -> str:
    """How much has passed, as a bar and in words."""
    share = 100 * one.passed / one.total if one.total else 100
    name = escape(f"{one.lesson.title}: exercises passed")
    return (
        f'<div class="ck-bar" role="progressbar" aria-label="{name}" aria-valuemin="0" '
        f'aria-valuemax="{one.total}" aria-valuenow="{one.passed}" '
        f'aria-valuetext="{count(one)}"><i style="width:{share:.0f}%"></i></div>'
        f"<small>{'✓ ' if one.done else ''}{count(one)}</small>"
    )


def line(one: Progress) -> str:
    """The same as a line of text."""
    full = BAR_LENGTH * one.passed // one.total if one.total else BAR_LENGTH
    blocks = "█" * full + "░" * (BAR_LENGTH - full)
    return (
        f"{one.lesson.week}.{one.lesson.number} {blocks} {one.passed:2}/{one.total:<2} "
        f"{one.lesson.title} ({one.size})"
    )


def findings_html(findings: Sequence[Finding]) -> str:
    """What is installed and found: folded, unless something must be done."""
    missing = [one for one in findings if one.state is State.MISSING]
    summary = (
        f"Missing, and the lessons need it: {', '.join(one.name for one in missing)}"
        if missing
        else "What is installed and found: all that the lessons need is here"
    )
    rows = "".join(map(row, findings))
    return (
        f'{style()}<details class="ck-start"{" open" if missing else ""}>'
        f"<summary>{escape(summary)}</summary><table><thead><tr>"
        '<th scope="col">What</th><th scope="col">Found</th><th scope="col">To do</th>'
        f"</tr></thead><tbody>{rows}</tbody></table></details>"
    )


STATES: Mapping[State, str] = {
    State.HERE: "here",
    State.MISSING: "missing",
    State.WITHOUT: "done without",
}


def row(one: Finding) -> str:
    """One finding; the mark has a name for those who do not see it."""
    mark = f'<span role="img" aria-label="{STATES[one.state]}">{one.state.value}</span>'
    advice = escape(one.advice).replace("`", "")
    return (
        f'<tr><th scope="row">{mark} {escape(one.name)}</th>'
        f"<td>{escape(one.found)}</td><td>{advice}</td></tr>"
    )


def style() -> str:
    """The look of both parts."""
    text = (files("coursekit") / "start.css").read_text(encoding="utf-8")
    return f"<style>{text}</style>"
