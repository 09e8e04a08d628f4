"""Let the checks judge mutants, side by side and each within a time limit."""

import io
import os
import re
import resource
import signal
import time
from collections.abc import Iterator, Sequence, Set
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import cache
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch

from coursekit.authoring import build, marks
from coursekit.authoring.lessons import Lesson
from coursekit.checks import REGISTRY
from tests.answers import answers, judge, namespace, run_cell
from tests.mutants.operators import Mutant, mutants

ROOT = Path(__file__).parents[2]
SECONDS = 5  # of a processor's time: the machine may have other work
SLOW = 1.0  # seconds of a check that trains: a sample of its mutants has to do
FEW = 40
MEMORY = 8 * 2**30  # bytes of addresses: torch alone takes four
HIDDEN_SEED = 1
FORK = get_context("fork")
# Lines of a message that repeat the call or show values; the others speak.
VALUES = re.compile(
    r"\s*(\w+\(.*\)|expected  |got  |should be|\w+ = |It printed:|Look at \[|"
    r"First difference|[\[\]\d-])"
)
SAYS_NOTHING = {"the", "for", "and", "not", "with", "return", "range", "shape", "array"}


@dataclass(frozen=True)
class Reference:
    """A right answer: its exercise, its text, and what was defined before it."""

    week: int
    exercise: str
    name: str
    source: str
    before: str


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant.

    refused: "visible", "hidden" (only by the hidden cases) or "" when it was accepted
    message: what the student reads; same: the answer to a quiz is what it was
    """

    reference: Reference
    mutant: Mutant
    refused: str
    message: str
    same: bool = False

    @property
    def speech(self) -> str:
        """The message without its case, its call and the values."""
        _, *lines = self.message.split("\n")
        return " ".join(line for line in lines if not VALUES.match(line))

    @property
    def told(self) -> bool:
        """Whether the message says more than what was expected and what came."""
        return len(self.speech.split()) > 3

    @property
    def points_there(self) -> bool:
        """Whether it quotes the mutated line, or names something that stands in it."""
        changed = self.mutant.removed + self.mutant.added
        if any(line and line in self.speech for line in changed):
            return True
        return bool(words(" ".join(changed)) & words(self.speech))


Task = tuple[Reference, Mutant]


def words(text: str) -> set[str]:
    """Names and numbers, without those that say nothing."""
    found = set(re.findall(r"[A-Za-z_]{3,}|\d+", text.lower()))
    return found - SAYS_NOTHING


def references(week: int | None = None) -> list[Reference]:
    """The solutions in the lessons and the right answers in tests/answers."""
    lessons = [lesson for lesson in build.load(ROOT)[1] if in_week(lesson, week)]
    found = [ref for lesson in lessons for ref in solutions(lesson)]
    weeks = {ref.exercise: ref.week for ref in found}
    return found + [
        Reference(weeks[cell.exercise], cell.exercise, cell.words, cell.source, "")
        for cell in answers("right")
        if cell.exercise in weeks
    ]


def in_week(lesson: Lesson, week: int | None) -> bool:
    """Whether a lesson belongs to the week; every one does to None."""
    return week is None or lesson.week.startswith(f"week{week}_")


def solutions(lesson: Lesson) -> Iterator[Reference]:
    """The solution of each exercise that a check grades."""
    first = next(cell.source for cell in lesson.cells if cell.is_code)
    before = [first]
    week = int(re.sub(r"\D*(\d+).*", r"\1", lesson.week))
    for exercise in lesson.exercises:
        if exercise.kind == "manual":
            continue
        source = exercise.answer.source
        yield Reference(week, exercise.id, "lesson", source, "\n".join(before))
        before.append(source)


def verdicts(
    found: Sequence[Reference], most: int | None = None, seed: int = 0
) -> Iterator[Verdict]:
    """Judge the mutants of all references, side by side; most: of each exercise.

    Where the right answer is trained for a while, there are only a few.
    """
    tasks = [(ref, mutant) for ref in found for mutant in mutants(ref.source)]
    with apart(os.cpu_count() if most is None else 1) as pool:
        slow = trained(found, pool)
        tasks = sample(tasks, most, slow, seed)
        chunks = [tasks[start : start + 16] for start in range(0, len(tasks), 16)]
        for some in pool.map(judged, chunks):
            yield from some


def trained(found: Sequence[Reference], pool: ProcessPoolExecutor) -> set[str]:
    """The exercises whose checks take long, as those do that train."""
    first = list(
        {reference.exercise: reference for reference in reversed(found)}.values()
    )
    seconds = pool.map(warm_up, first)
    return {ref.exercise for ref, s in zip(first, seconds, strict=True) if s > SLOW}


def apart(processes: int | None) -> ProcessPoolExecutor:
    """Processes that can be forked: torch has no threads in them."""
    spawn = get_context("spawn")
    return ProcessPoolExecutor(processes, spawn, torch.set_num_threads, (1,))


def sample(
    tasks: list[Task], most: int | None, slow: Set[str], seed: int
) -> list[Task]:
    """A few tasks of each exercise: at most `most`, and of slow ones at most FEW."""
    kept: dict[str, list[Task]] = {}
    for reference, mutant in tasks:
        kept.setdefault(reference.exercise, []).append((reference, mutant))
    few = 1 if most is not None else FEW
    for exercise, own in kept.items():
        count = few if exercise in slow else most
        if count is not None and count < len(own):
            kept[exercise] = Random(f"{exercise} {seed}").sample(own, count)
    return [task for own in kept.values() for task in own]


def judged(tasks: Sequence[Task]) -> list[Verdict]:
    """The verdicts on some mutants, from processes that end with them.

    One that runs out of memory leaves torch unable to compute convolutions: those
    behind it get another process, as do those behind one that its process did not
    survive.
    """
    for reference in {reference for reference, _ in tasks}:
        warm_up(reference)
    found: list[Verdict] = []
    while len(found) < len(tasks):
        came = list(from_a_fork(tasks[len(found) :]))
        found += came
        if not came:
            reference, mutant = tasks[len(found)]
            found.append(Verdict(reference, mutant, "visible", "no process survives"))
    return found


def from_a_fork(tasks: Sequence[Task]) -> Iterator[Verdict]:
    """Verdicts from a forked process, as long as it lives and has memory."""
    ours, theirs = Pipe(duplex=False)
    child = FORK.Process(target=send_verdicts, args=(tasks, theirs))
    child.start()
    theirs.close()
    patience = 10 * sum(allowed(reference) for reference, _ in tasks[:1])
    try:
        while ours.poll(patience):
            yield ours.recv()
    except EOFError:
        pass
    finally:
        child.kill()
        child.join()
        ours.close()


def send_verdicts(tasks: Sequence[Task], theirs: Connection) -> None:
    """What the forked process does."""
    for reference, mutant in tasks:
        found = verdict(reference, mutant)
        theirs.send(found)
        if "MemoryError" in found.message or "primitive" in found.message:
            return


def verdict(reference: Reference, mutant: Mutant) -> Verdict:
    """Judge a mutant, first on the cases that students see."""
    for refused, seed in (("visible", 2024), ("hidden", HIDDEN_SEED)):
        message = attempt(
            reference, mutant.source, seed, refused == "hidden", allowed(reference)
        )
        if message:
            return Verdict(reference, mutant, refused, message)
    same = quiz_values(reference, reference.source) == quiz_values(
        reference, mutant.source
    )
    return Verdict(reference, mutant, "", "", same)


def quiz_values(reference: Reference, source: str) -> object:
    """What an answer to a quiz says; of a function, which says nothing, its text."""
    check: Any = REGISTRY[reference.exercise]
    if not hasattr(check, "questions"):
        return source
    space = dict(prepared(reference.before))
    run_cell(source, f"<{reference.exercise}>", space)
    return [np.asarray(space[name]).tolist() for name in check.parameters]


@cache
def warm_up(reference: Reference) -> float:
    """Judge the right answer once: what it imports must not count for a mutant.

    The seconds that it takes, of a processor. Raises ValueError if it is refused: then
    its mutants show nothing.
    """
    seconds = judging(reference)
    return min(seconds, judging(reference)) if seconds > SLOW else seconds


def judging(reference: Reference) -> float:
    """The seconds of a processor in which a right answer is judged."""
    space, started = dict(prepared(reference.before)), time.process_time()
    with redirect_stdout(io.StringIO()):
        run_cell(reference.source, f"<{reference.exercise}>", space)
        if message := judge(reference.exercise, space):
            raise ValueError(f"{reference.name} is no right answer:\n{message}")
    return time.process_time() - started


def allowed(reference: Reference) -> float:
    """The seconds that the check of a mutant may take."""
    return SECONDS + 2 * warm_up(reference)


def attempt(
    reference: Reference, source: str, seed: int, hard: bool, seconds: float = SECONDS
) -> str:
    """The message about a cell; "" when its check accepts it."""
    space = dict(prepared(reference.before))
    try:
        with limited(seconds), redirect_stdout(io.StringIO()):
            run_cell(source, f"<{reference.exercise}>", space)
            return judge(reference.exercise, space, seed, hard)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@cache
def prepared(before: str) -> dict[str, Any]:
    """The names that are there before an answer."""
    space = namespace()
    run_cell(without_marks(before), "<before>", space)
    return space


def without_marks(source: str) -> str:
    """The code, without the comments around solutions."""
    lines = source.split("\n")
    return "\n".join(x for x in lines if marks.BEGIN not in x and marks.END not in x)


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise an error in what takes too long or too much: loops or lists without end."""

    def stop(*_: object) -> None:
        raise TimeoutError("it does not end")

    before = resource.getrlimit(resource.RLIMIT_AS)
    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, before[1]))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, before)
