"""Write what was judged of one submission: gradebook and feedback, by nbgrader.

Nothing that students wrote runs here. A process of its own keeps a submission at which
nbgrader fails from stopping the others.
"""

import logging
import multiprocessing
import os
import sys
import threading
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import BaseConverter
from nbgrader.preprocessors import CheckCellMetadata
from traitlets.config import Config

from coursekit.grading import (
    aside,
    clean_copy,
    gradebook,
    rebuild,
    released,
    remembered,
)
from coursekit.grading.gradebook import GradingError
from coursekit.grading.intake import SUBMITTED
from coursekit.grading.journal import JOURNAL
from coursekit.grading.remembered import AUTOGRADED, FEEDBACK, Job

MINUTES = 5
MODULES = ["nbgrader.converters", "coursekit.grading.one"]


@dataclass(frozen=True)
class Outcome:
    """How grading a submission went.

    reason: why there are no points, or ""; feedback: why there is no feedback, or ""
    """

    reason: str = ""
    feedback: str = ""
    unchanged: bool = False


def in_a_process(job: Job) -> Outcome:
    """Write what was judged of a submission; never raises for what is in it.

    When it fails, the points in the gradebook are those of before.
    """
    before = gradebook.points(job.root, job.assignment, job.student)
    outcome = outcome_of(job)
    if outcome.reason:
        remembered.write(job, {})  # or the points of before would count as these
        gradebook.put_back(job.root, job.assignment, job.student, before)
    return outcome


def outcome_of(job: Job) -> Outcome:
    """What the process of its own says."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = new_process(job, sender)
    process.start()
    sender.close()
    try:
        if receiver.poll(60 * MINUTES):
            outcome = receiver.recv()
            assert isinstance(outcome, Outcome)
            return outcome
        return Outcome(f"it took more than {MINUTES} minutes")
    except EOFError:
        return Outcome("the process that wrote it into the gradebook was stopped")
    finally:
        process.kill()
        process.join()


def new_process(job: Job, sender: Connection) -> BaseProcess:
    """A process that starts in milliseconds, where the system can do that."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        spawn = multiprocessing.get_context("spawn")
        return spawn.Process(target=work, args=(job, sender), daemon=True)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(MODULES)
    return context.Process(target=work, args=(job, sender), daemon=True)


def work(job: Job, sender: Connection) -> None:
    """What the process does: write, keep a log, send the outcome."""
    threading.Thread(target=end_with_parent, daemon=True).start()
    # The cores are for those that judge.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    log = job.note(".log")
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as file:
        os.dup2(file.fileno(), sys.stdout.fileno())
        os.dup2(file.fileno(), sys.stderr.fileno())
        logging.basicConfig(stream=file, level=logging.INFO, force=True)
        try:
            sender.send(grade(job))
        except Exception as error:
            # Whatever it is, it is about this submission and stops no other.
            logging.exception("not graded")
            sender.send(Outcome(gradebook.words(error)))


def end_with_parent() -> None:
    """Leave at once when the command that started this process is gone."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def grade(job: Job) -> Outcome:
    """Write the verdicts if anything changed, and feedback if it says something else.

    Raises GradingError.
    """
    known = remembered.read(job)
    if not is_graded(job, known):
        known = {}
        remembered.write(job, known)
        submitted = write_verdicts(job)
        known = {"submitted": submitted, "graded": remembered.result(job, AUTOGRADED)}
    keep_record(job, known)
    job.judged.unlink(missing_ok=True)
    if has_feedback(job, known):
        return Outcome(unchanged=True)
    try:
        write_feedback(job)
    except Exception as error:
        # The points are right all the same.
        logging.exception("no feedback")
        return Outcome(feedback=gradebook.words(error))
    known["said"] = remembered.said(job)
    known["feedback"] = remembered.result(job, FEEDBACK)
    remembered.write(job, known)
    return Outcome()


def keep_record(job: Job, known: dict[str, str]) -> None:
    """Let the journal have what the gradebook holds, points given by hand as well.

    Only then it is remembered as graded.
    """
    written = gradebook.said(job.root, job.assignment, job.student)
    if known.get("journal") != written or not (job.root / JOURNAL).is_file():
        rebuild.keep(job)
        known["journal"] = written
        remembered.write(job, known)


def write_verdicts(job: Job) -> str:
    """Let nbgrader write what was judged; the fingerprint of what was handed in.

    Raises GradingError, also when something else was judged than is there now.
    """
    submitted = remembered.handed_in(job)
    if remembered.judged(job) != submitted:
        raise GradingError("it was changed while it was graded: run this again")
    lessons = released.read(job.root, job.assignment)
    with aside.emptied(job.work) as work:
        copy = work / SUBMITTED / job.student / job.assignment
        clean_copy.submission(job.submitted, lessons, copy)
        convert(Autograde, job, SUBMITTED, AUTOGRADED)
    return submitted


def write_feedback(job: Job) -> None:
    """Let nbgrader write the page that students read."""
    with aside.emptied(job.work):
        convert(GenerateFeedback, job, FEEDBACK)


def convert(kind: type[BaseConverter], job: Job, *steps: str) -> None:
    """One of nbgrader's steps for one student; a failure leaves what was there.

    steps: the folders that are in `job.work` meanwhile; the last is the result
    """
    config = gradebook.settings(job.root, job.assignment)
    config.CourseDirectory.student_id = job.student
    config.Judge.judged = str(job.judged)
    config.FeedbackExporter.page_name = FEEDBACK
    without_checks_of_ours(config)
    for step in steps:
        config.CourseDirectory[f"{step}_directory"] = str(job.work / step)
    gradebook.convert(kind, config)
    made = job.work / steps[-1] / job.student / job.assignment
    aside.put(made, job.folder(steps[-1]))


def without_checks_of_ours(config: Config) -> None:
    """Leave out a quarter of the time: the notebook's metadata is our own."""
    for name in ("sanitize_preprocessors", "autograde_preprocessors"):
        kinds = config.Autograde[name]
        if isinstance(kinds, list):
            kept = [kind for kind in kinds if kind is not CheckCellMetadata]
            config.Autograde[name] = kept


def is_graded(job: Job, known: dict[str, str]) -> bool:
    """Whether the points in the gradebook are those of what was handed in."""
    return (
        known.get("submitted") == remembered.handed_in(job)
        and known.get("graded") == remembered.result(job, AUTOGRADED)
        and gradebook.score(job.root, job.assignment, job.student) is not None
    )


def has_feedback(job: Job, known: dict[str, str]) -> bool:
    """Whether the feedback says what the gradebook says."""
    return known.get("said") == remembered.said(job) and known.get(
        "feedback"
    ) == remembered.result(job, FEEDBACK)
