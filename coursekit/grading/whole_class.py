"""Grade the submissions of a whole class: judged side by side, written one by one."""

import contextlib
import os
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from coursekit.grading import (
    checked_with,
    export,
    gradebook,
    intake,
    released,
    remembered,
)
from coursekit.grading.boundary.court import CourtError
from coursekit.grading.findings import Level, Submission
from coursekit.grading.gradebook import Score
from coursekit.grading.judging import Judges, NoSandboxError
from coursekit.grading.one import Outcome, in_a_process, is_graded
from coursekit.grading.remembered import FEEDBACK, Job
from coursekit.progress import Progress

# Seconds before the second and the third time: disks fill up and are emptied again.
PAUSES = (0.2, 1.0)


@dataclass(frozen=True)
class Row:
    """What is told about one submission. `score` is None when it was not graded."""

    student: str
    score: Score | None
    unchanged: bool
    messages: tuple[str, ...]
    no_feedback: str = ""

    @property
    def done(self) -> bool:
        """Whether it was graded and nothing needs a look."""
        return self.score is not None and not self.messages


def grade(root: Path, assignment: str, jobs: int = 0) -> list[Row]:
    """Grade what is new or changed, write feedback and grades.csv; a row for each.

    jobs: how many submissions at the same time; 0: as many as there are cores
    Raises ValueError when there is nothing to grade, GradingError when nbgrader or
    the sandbox cannot start.
    """
    if jobs < 0:
        raise ValueError(f"--jobs must be 1 or more, or 0 for all cores; not {jobs}.")
    assignment = released.named(root, assignment)
    checked_with.judging(root)
    known = gradebook.students(root)
    submissions = intake.take_in(root, assignment, known)
    gradebook.register(root, assignment)
    accepted = [item for item in submissions if item.accepted]
    if not known:
        gradebook.add_students(root, [item.student for item in accepted])
    todo = [Job(root, assignment, item.student, item.folder) for item in accepted]
    outcomes = dict(run(root, todo, jobs or cores()))
    rows = [row(root, assignment, item, outcomes) for item in submissions]
    export.write_grades(root, assignment, notes(rows))
    return rows


def cores() -> int:
    """How many processes this machine runs at the same time."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(root: Path, todo: list[Job], jobs: int) -> Iterator[tuple[str, Outcome]]:
    """Grade side by side; (student, outcome) in the order in which they end."""
    pool = ThreadPoolExecutor(jobs)
    judges, writing = Judges(root), threading.Lock()
    waiting: dict[Future[Outcome], Job] = {
        pool.submit(one, job, judges, writing): job for job in todo
    }
    try:
        with Progress("Grading", len(todo)) as display:
            for future in as_completed(waiting):
                student = waiting[future].student
                display.update(note=student)
                yield student, future.result()
    finally:
        judges.close()
        pool.shutdown(cancel_futures=True)


def one(job: Job, judges: Judges, writing: threading.Lock) -> Outcome:
    """Grade one submission. What fails is tried again, since it is a failure of ours.

    Raises NoSandboxError: whatever else it is, it is about this submission alone.
    """
    for pause in (*PAUSES, 0):
        outcome = attempt(job, judges, writing)
        if not outcome.reason and not outcome.feedback:
            break
        time.sleep(pause)
    if outcome.reason:
        # It waits for the next run only when this one is stopped here.
        job.judged.unlink(missing_ok=True)
    return outcome


def attempt(job: Job, judges: Judges, writing: threading.Lock) -> Outcome:
    """Judge one submission beside others; write it when nobody else writes."""
    try:
        if not is_graded(job, remembered.read(job)):
            judges.judge(job)
        with writing:
            return in_a_process(job)
    except NoSandboxError:
        raise
    except Exception as error:
        return not_graded(job, error)


def not_graded(job: Job, error: Exception) -> Outcome:
    """Why nothing is known about a submission; all that was said is in its log."""
    log = job.note(".log")
    with contextlib.suppress(OSError):  # a full disk may be the reason
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    known = isinstance(error, CourtError)
    return Outcome(str(error) if known else gradebook.words(error))


def row(
    root: Path, assignment: str, item: Submission, outcomes: dict[str, Outcome]
) -> Row:
    """What is told about a submission that was graded or refused."""
    messages = [found.text for found in item.findings if found.level is not Level.FINE]
    outcome = outcomes.get(item.student, Outcome("refused"))
    if not item.accepted:
        return Row(item.student, None, False, tuple(messages))
    job = Job(root, assignment, item.student)
    log = job.note(".log").relative_to(root)
    if outcome.reason:
        messages.append(f"{outcome.reason}. All that was said is in {log}.")
        return Row(item.student, None, False, tuple(messages))
    no_feedback = without_feedback(job, outcome.feedback)
    if no_feedback:
        messages.append(f"{no_feedback} All that was said is in {log}.")
    score = gradebook.score(root, assignment, item.student)
    return Row(item.student, score, outcome.unchanged, tuple(messages), no_feedback)


def without_feedback(job: Job, reason: str) -> str:
    """That a submission is graded all the same; "" when there is feedback."""
    if not reason:
        return ""
    place = job.folder(FEEDBACK)
    left = f"; {place.relative_to(job.root)} is of an earlier one" * place.exists()
    return f"graded, but there is no feedback{left}: {reason}."


def notes(rows: list[Row]) -> dict[str, str]:
    """Student → why the submission was not graded or has no feedback, in one line."""
    because = "not graded; points, if any, are of an earlier submission:"
    refused = {
        row.student: " ".join([because, *row.messages])
        for row in rows
        if row.score is None
    }
    return refused | {row.student: row.no_feedback for row in rows if row.no_feedback}


def table(rows: list[Row]) -> str:
    """The rows as text: student, points, by hand, messages below."""
    width = max([len("student"), *(len(row.student) for row in rows)])
    lines = [f"{'student':{width}}  points      of  by hand"]
    for row in rows:
        lines.append(f"{row.student:{width}}  {numbers(row)}".rstrip())
        lines += [f"{'':{width}}  {message}" for message in row.messages]
    return "\n".join(lines)


def numbers(row: Row) -> str:
    """Points, maximum and what waits for a person; or that it was not graded."""
    if row.score is None:
        return "not graded"
    by_hand = str(row.score.by_hand or "")
    unchanged = "  (as before)" if row.unchanged else ""
    return f"{row.score.points:6g}  {row.score.of:6g}  {by_hand:>7}{unchanged}"
