"""Judge notebooks in a process of its own, which serves one request after the other.

The process that asks (nbgrader, a server, `coursekit grade`) may have threads and be
busy; this one is warm: it has imported what the checks import and keeps a house whose
rooms open in milliseconds. Each notebook is judged in a fork, so that no check cell
leaves anything behind, and a check that never ends costs only its own points.

A request and its reply are texts, and who judges needs neither the gradebook nor other
submissions. So for a class that is too large for one machine, this is the place at
which requests can go to others.
"""

import ast
import ctypes
import importlib
import json
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from . import needs, sandbox, transplant, verdict, wire
from .bare import BareHouse
from .judge import Adopt, Check, Judge
from .learned import Learned, Memory, import_all, take_over
from .rooms import House
from .settings import Settings
from .verdict import Report, Verdict
from .zygote import mapped

ATTEMPTS = 3
MARGIN = 15  # seconds that a check may need beside what its answers take
REQUEST_BYTES = 1 << 30  # what is asked and answered comes from ourselves
MAX_WORDS = 1_000
PR_SET_PDEATHSIG = 1
# What Python and the libraries of checks read; the rest may hold credentials.
KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "DISPLAY")
KEPT_BEGIN = ("PYTHON", "LC_", "XDG_", "MPL", "OMP_", "MKL_", "OPENBLAS_", "CUDA_")


class CourtError(RuntimeError):
    """Judging failed for a reason of ours; nothing is known about the answers."""


@dataclass(frozen=True)
class Judged:
    """What became of a notebook: the verdicts, and our notebook with the answers."""

    report: Report
    notebook: dict[str, Any]


class Court:
    """The asking side. One request at a time; starts its process when needed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        self._stopped = False

    def judge(
        self,
        name: str,
        source: Mapping[str, Any],
        release: Mapping[str, Any],
        cells: Sequence[object],
    ) -> Judged:
        """Judge a student's cells. Raises CourtError when it cannot be done.

        name: of the notebook; source, release: ours, as nbformat has them
        """
        request = json.dumps([name, source, release, list(cells)])
        for _ in range(ATTEMPTS):
            try:
                return self._asked(request)
            except wire.WireError as error:
                self.close()
                reason = self._last_words() or str(error)
        raise CourtError(f"{name} could not be judged: {reason}")

    def stop(self) -> None:
        """End the process, whatever another thread is asking it, and start no other."""
        self._stopped = True
        process = self._process
        if process is not None:
            process.kill()
            process.wait()

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
        self._process = None

    def _asked(self, request: str) -> Judged:
        process = self._started()
        wire.send(process.stdin.fileno(), request, None, REQUEST_BYTES)  # type: ignore[union-attr]
        reply = wire.receive(process.stdout.fileno(), None, REQUEST_BYTES)  # type: ignore[union-attr]
        if "failed" in reply:
            raise CourtError(reply["failed"])
        report = verdict.from_json(reply["report"])
        return Judged(report, json.loads(reply["notebook"]))

    def _started(self) -> subprocess.Popen[bytes]:
        if self._stopped:
            raise CourtError("grading was stopped")
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, self._settings.to_json()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                cwd=Path.cwd(),
                env=environment(self._settings.environment),
                start_new_session=True,  # who asked is interrupted, and ends it
            )
        return self._process

    def _last_words(self) -> str:
        """The end of what the process has said; it is told when there is no reply."""
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - MAX_WORDS))
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""


def environment(names: Sequence[str]) -> dict[str, str]:
    """The variables that a court gets: of ours, and those of the course."""
    kept = {*KEPT, *names}
    found = {
        name: value
        for name, value in os.environ.items()
        if name in kept or name.startswith(KEPT_BEGIN)
    }
    # One notebook after the other: idle threads would only spin.
    return found | {"OMP_NUM_THREADS": "1"}


# ---- Inside the process

_asker: int | None = None  # the channel on which requests come


def judged(house: House, settings: Settings, request: str) -> Judged:
    """Judge one notebook. Raises CourtError and HouseError."""
    name, source, release, cells = json.loads(request)
    handed = transplant.transplant(source, release, cells)
    plan = needs.plan(handed.cells, handed.edited_given, rules(settings))
    checks = list(checks_of(handed))
    import_for(plan)
    verdicts, outputs = apart(house, settings, plan, checks)
    by_hand = tuple(x.grade_id for x in handed.cells if is_by_hand(x))
    remarks = (*handed.remarks, *plan.remarks)
    report = Report(name, tuple(verdicts), remarks, outputs, by_hand)
    return Judged(report, handed.notebook())


def rules(settings: Settings) -> needs.Rules:
    """What the analysis of a notebook is told."""
    base = needs.Rules()
    harmless, pure = base.harmless + settings.harmless, base.pure + settings.pure
    return needs.Rules(harmless, pure)


def checks_of(handed: transplant.Handed) -> Iterator[Check]:
    """The check cells of our notebook."""
    for number, cell in enumerate(handed.cells):
        if cell.kind == "check":
            points = float(cell.metadata["nbgrader"].get("points", 0))
            yield Check(number, cell.grade_id, points, cell.source)


def is_by_hand(cell: transplant.Cell) -> bool:
    """Whether a person gives the points."""
    data = cell.metadata.get("nbgrader", {})
    return bool((data.get("grade") and data.get("solution")) or data.get("task"))


def import_for(plan: needs.Plan) -> None:
    """Import what the checks import, once for all notebooks to come."""
    sources = {x.source for steps in plan.outside.values() for x in steps}
    import_all(module for source in sources for module in imported(source))


def imported(source: str) -> Iterator[str]:
    """The modules that the imports at the top of a cell name."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def apart(
    house: House, settings: Settings, plan: needs.Plan, checks: Sequence[Check]
) -> tuple[list[Verdict], dict[str, str]]:
    """Verdicts on all checks, judged in forks; a fork that is lost costs one check."""
    verdicts: list[Verdict] = []
    outputs: dict[str, str] = {}
    while len(verdicts) < len(checks):
        left = checks[len(verdicts) :]
        found = list(forked(house, settings, plan, left))
        verdicts += [made for made, _ in found]
        for _, said in found:
            outputs |= said
        if len(found) < len(left):
            house.close()  # with the rooms that the lost fork has left open
            verdicts.append(lost(left[len(found)], plan))
    return verdicts, outputs


def lost(check: Check, plan: needs.Plan) -> Verdict:
    """The verdict on a check whose process came to an end."""
    words = "The check could not be run to its end with this answer."
    answers = plan.judged.get(check.grade_id, ())
    return Verdict(check.grade_id, 0, check.points, verdict.CRASHED, words, answers)


def forked(
    house: House, settings: Settings, plan: needs.Plan, checks: Sequence[Check]
) -> Iterator[tuple[Verdict, dict[str, str]]]:
    """Verdicts as they come from a process of their own."""
    house.start()  # here, where it outlives the fork
    read_fd, write_fd = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(read_fd)
        work(house, settings, plan, checks, write_fd)
    os.close(write_fd)
    try:
        for _ in checks:
            deadline = time.monotonic() + settings.limits.seconds + MARGIN
            wait(read_fd, deadline)
            said = wire.receive(read_fd, deadline, REQUEST_BYTES)
            report = verdict.from_json(said)
            yield report.verdicts[0], report.outputs
        learned = wire.receive(read_fd, time.monotonic() + MARGIN, REQUEST_BYTES)
        take_over(learned, memory(settings))
    except wire.WireError:
        return
    finally:
        os.close(read_fd)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def wait(read_fd: int, deadline: float) -> None:
    """Wait for a verdict. Raises SystemExit when nobody waits for ours any more."""
    poll = select.poll()
    poll.register(read_fd, select.POLLIN)
    if _asker is not None:
        poll.register(_asker, 0)  # the kernel tells of its end unasked
    ready = dict(poll.poll(max(0, deadline - time.monotonic()) * 1000))
    if _asker in ready:
        raise SystemExit(1)


def end_with_parent() -> None:
    """Let the kernel end this process when the one that forked it is gone (Linux)."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def limit_memory(more: int) -> None:
    """So many bytes beside what is mapped: a check may take its sizes from an answer"""
    if sys.platform != "linux":  # others do not tell what is mapped
        return
    most = mapped() + 2 * more
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def work(
    house: House,
    settings: Settings,
    plan: needs.Plan,
    checks: Sequence[Check],
    write_fd: int,
) -> None:
    """What the fork does. Never returns."""
    try:
        end_with_parent()
        limit_memory(settings.limits.memory)
        adopt, seconds = resolved(settings.adopt), settings.limits.seconds
        learned = Learned(memory(settings))
        judge = Judge(plan, house.room, adopt, seconds)
        for check in checks:
            found = judge.verdict(check)
            report = Report("", (found,), (), judge.outputs, ())
            wire.send(write_fd, verdict.to_json(report), None, REQUEST_BYTES)
        judge.close()
        wire.send(write_fd, learned.told(), None, REQUEST_BYTES)
    finally:
        os._exit(0)


def memory(settings: Settings) -> Memory:
    """What the checks of the course remember."""
    return named(settings.memory) if settings.memory else {}


def resolved(name: str) -> Adopt:
    """What a dotted name stands for; by default, values as they are."""
    return named(name) if name else lambda line, name, value: value


def named(name: str) -> Any:  # noqa: ANN401
    """What a dotted name "module:name" stands for."""
    module, _, last = name.partition(":")
    found: Adopt = getattr(importlib.import_module(module), last)
    return found


def main() -> None:
    """Answer requests until the other side is gone."""
    global _asker
    settings = Settings.from_json(sys.argv[1])
    # Check cells may print: the channel moves away from the standard streams.
    source, target = os.dup(0), os.dup(1)
    _asker = source
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    resolved(settings.adopt)
    if any(name.partition(".")[0] == "torch" for name in settings.imports):
        importlib.import_module("torch")  # tensors are only read where it is known
    with kind_of_house(settings)(
        settings.limits,
        settings.imports,
        [Path(x) for x in settings.readable],
        settings.extension,
    ) as house:
        while True:
            try:
                request = wire.receive(source, None, REQUEST_BYTES)
            except wire.Gone:
                return
            wire.send(target, answer(house, settings, request), None, REQUEST_BYTES)


def kind_of_house(settings: Settings) -> type[House]:
    """One with walls, but where there can be none and the course wants it so."""
    bare = settings.unsafe_without_sandbox and sandbox.missing()
    return BareHouse if bare else House


def answer(house: House, settings: Settings, request: str) -> dict[str, str]:
    """The reply to a request."""
    try:
        found = judged(house, settings, request)
    except Exception as error:
        return {"failed": f"{type(error).__name__}: {error}"}
    report = verdict.to_json(found.report)
    return {"report": report, "notebook": json.dumps(found.notebook)}


if __name__ == "__main__":
    main()
