"""The same attacks against nbgrader as it comes, in a course that is thrown away.

Each runs in a sandbox of its own in which the course can be written to, nothing else,
and under limits on memory and processes. What became of it is read from the course's
files afterwards; nothing that an attack says is believed.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook

from coursekit.grading.boundary import sandbox
from coursekit.grading.boundary.limits import MB, Limits
from tests.attacks import formgrader
from tests.attacks.course import HONEST, POINTS, SECRET, handed_in, source
from tests.attacks.files import NAME
from tests.attacks.pages import acting
from tests.attacks.table import Outcome

ROOT = Path(__file__).parents[2]
WEEK = "week1_sums"
INSIDE = "/tmp/course"
MAX_SHOWN = 1 << 26
LIMITS = Limits(memory=1536 * MB, processes=150)
PATIENCE = 100  # seconds of one run, for each attack in it
CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "sums"
c.Execute.timeout = 30
c.Execute.startup_timeout = 120
c.Execute.interrupt_on_timeout = True
"""
NOT_RUN = {"many processes": "it would harm the machine"}
# Runs nbgrader, then tells how it ended and which processes it has left behind.
DRIVER = """
import json, os, subprocess, sys, time
with open("/tmp/log", "w") as log:
    run = subprocess.Popen(sys.argv[1:], cwd="/tmp/course", stdout=log, stderr=log)
    try:
        code = run.wait({patience})
    except subprocess.TimeoutExpired:
        run.kill()
        code = "timeout"
time.sleep(0.1)
def state(pid):
    return open(f"/proc/{{pid}}/stat").read().rpartition(")")[2].split()[0]
pids = [pid for pid in os.listdir("/proc") if pid.isdigit()]
mine = ("1", "2", str(os.getpid()))
left = [pid for pid in pids if pid not in mine and state(pid) not in "ZX"]
print(json.dumps([code, len(left)]))
"""


@dataclass(frozen=True)
class Attack:
    """An attack. lay: puts it into the folder of a submission."""

    family: str
    name: str
    lay: Callable[[Path], None]


@dataclass(frozen=True)
class Run:
    """How nbgrader ended: its exit code, None when nobody was left to tell it."""

    code: object
    left: int


def command(course: Path, patience: int, words: list[str]) -> list[str]:
    """nbgrader in a sandbox that can write to the course alone."""
    made = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session"]
    made += ["--clearenv", "--ro-bind", "/usr", "/usr"]
    for path in sandbox.SYSTEM:
        if os.path.islink(path):
            made += ["--symlink", os.readlink(path), path]
    for path in sandbox.ETC:
        made += ["--ro-bind-try", path, path]
    made += ["--ro-bind", str(course / "secret.txt"), "/etc/shadow"]
    made += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    for prefix in {*sandbox._prefixes(), ROOT / "coursekit"}:
        made += ["--ro-bind", str(prefix), str(prefix)]
    made += ["--bind", str(course), INSIDE, "--setenv", "HOME", "/tmp"]
    made += ["--setenv", "PATH", f"{sys.prefix}/bin:/usr/bin:/bin"]
    made += ["--setenv", "COURSEKIT_SECRET", SECRET]
    driver = DRIVER.format(patience=patience)
    nbgrader = [sys.executable, "-m", "nbgrader", *words]
    return [*made, sys.executable, "-I", "-c", driver, *nbgrader]


def run(course: Path, *words: str, patience: int = PATIENCE) -> Run:
    """Run one of nbgrader's commands on a course."""
    # Several run side by side: each course lies in a folder of its own.
    group = sandbox.cgroup(f"{sandbox.ROOM}{course.parent.name}-stock", LIMITS)
    if set(group.enforced) != {"memory", "pids"}:
        raise SystemExit(
            "Attacks on nbgrader need limits on memory and processes: run this as "
            "root, or in a group of processes of your own (see sandbox.Cgroup)."
        )
    done = subprocess.Popen(
        command(course, patience, [*words]),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        errors="replace",
    )
    group.add(done.pid)
    try:
        said, _ = done.communicate(timeout=patience + 60)
    except subprocess.TimeoutExpired:  # an attack has stopped who would tell
        done.kill()
        done.communicate()
        return Run("timeout", 0)
    finally:
        group.close()
    try:
        code, left = json.loads(said)
    except ValueError:
        return Run(None, 0)
    return Run(code, left)


def template(folder: Path) -> Path:
    """A course in which one honest student is graded, and another one waits."""
    course = folder / "template"
    for name, book in (("source", source()), ("release", handed_in({}))):
        write(course / name / WEEK, book)
    (course / "secret.txt").write_text(SECRET)
    (course / "nbgrader_config.py").write_text(CONFIG)
    for name in ("a-honest", "z-honest"):
        write(course / "submitted" / name / WEEK, handed_in(HONEST))
    for words in (["generate_assignment", WEEK, "--force"], autograde("a-honest")):
        done = run(course, *words, patience=4 * PATIENCE)
        if done.code != 0:
            raise SystemExit(f"nbgrader {words[0]} does not work here: {done.code}")
    return course


def write(folder: Path, book: dict[str, object]) -> None:
    """A notebook into a folder."""
    folder.mkdir(parents=True)
    (folder / NAME).write_text(json.dumps(book), encoding="utf-8")


def autograde(students: str) -> list[str]:
    """The words of the command for the students of a pattern."""
    return ["autograde", WEEK, "--student", students]


def outcomes(ours: Path, attacks: Sequence[Attack]) -> Iterator[Outcome]:
    """What nbgrader makes of attacks: together while they harm none but themselves.

    Else of each half of them, and in the end of each alone.
    """
    if len(attacks) < 2:
        yield from (alone(ours, attack) for attack in attacks)
        return
    found = together(ours, attacks)
    if found is None:
        half = len(attacks) // 2
        yield from outcomes(ours, attacks[:half])
        yield from outcomes(ours, attacks[half:])
    else:
        yield from found


def together(ours: Path, attacks: Sequence[Attack]) -> list[Outcome] | None:
    """What nbgrader makes of attacks in one run; None when it harms others."""
    course = fresh(ours)
    before = honest_files(course)
    for number, attack in enumerate(attacks):
        attack.lay(course / "submitted" / attacker(number) / WEEK)
    done = run(course, *autograde("[mz]*"), patience=PATIENCE * len(attacks))
    if [*others(course, done, before)] or not honest(course, "z-honest"):
        return None
    return [
        told(attack, [*own(course, attacker(number))], points(course, attacker(number)))
        for number, attack in enumerate(attacks)
    ]


def alone(ours: Path, attack: Attack) -> Outcome:
    """What nbgrader makes of one attack."""
    if attack.name in NOT_RUN:
        return Outcome(attack.family, attack.name, None, NOT_RUN[attack.name])
    course = fresh(ours)
    before = honest_files(course)
    attack.lay(course / "submitted" / attacker(0) / WEEK)
    done = run(course, *autograde(attacker(0)))
    found = [*own(course, attacker(0)), *others(course, done, before)]
    graded = points(course, attacker(0))
    if done.code != 0:  # does it stop those who come after it?
        run(course, *autograde("[mz]*"), patience=2 * PATIENCE)
        if not honest(course, "z-honest"):
            found.append("the grader stops: others are not graded")
    return told(attack, found, graded)


def told(attack: Attack, harm: list[str], graded: Mapping[str, float]) -> Outcome:
    """A line of the table."""
    quiet = "earns nothing" if graded else "not graded"
    words = "; ".join(harm) or quiet
    return Outcome(attack.family, attack.name, bool(harm), words)


def fresh(ours: Path) -> Path:
    """A course in which nothing was attacked."""
    folder = Path(tempfile.mkdtemp(dir=ours.parent))
    return Path(shutil.copytree(ours, folder / "course"))


def attacker(number: int) -> str:
    """The name of a student between the honest a-honest and z-honest."""
    return f"m{number:03}"


def own(course: Path, who: str) -> Iterator[str]:
    """What an attack has reached for itself."""
    if earned := undeserved(points(course, who)):
        yield f"earns {earned:g} points"
    if SECRET in shown(course, who):
        yield "a secret is read"
    if acts(course, who):
        yield "acts in formgrader's page"


def others(course: Path, done: Run, before: Mapping[Path, str]) -> Iterator[str]:
    """What an attack, or one of several, has done to others."""
    if done.code is None or done.code == "timeout":
        yield "the grader ends" if done.code is None else "the grader never ends"
    if not honest(course, "a-honest"):
        yield "another student's points change"
    if honest_files(course) != before:
        yield "files of others are written"
    if done.left:
        yield "a process is left behind"


def honest(course: Path, who: str) -> bool:
    """Whether an honest student has the points of honest answers."""
    return sum(points(course, who).values()) == POINTS * len(HONEST)


def points(course: Path, student: str) -> dict[str, float]:
    """Check → points that nbgrader has given."""
    try:
        with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
            found = book.assignment_submissions(WEEK)
            return {
                grade.name: float(grade.score or 0)
                for submission in found
                if submission.student_id == student
                for part in submission.notebooks
                for grade in part.grades
            }
    except Exception:  # an attack may have spoilt the file
        return {}


def undeserved(found: Mapping[str, float]) -> float:
    """Points beyond those of the honest answers to `mean` and `greet`."""
    most = {"mean-check": POINTS, "greet-check": POINTS}
    return sum(max(0.0, x - most.get(name, 0)) for name, x in found.items())


def honest_files(course: Path) -> dict[Path, str]:
    """A hash of every file that is not the attacker's."""
    kept = [path for path in course.rglob("*") if not is_attackers(course, path)]
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in kept
        if path.is_file() and not path.name.startswith("gradebook.db")
        if "autograded" not in path.parts or "a-honest" in path.parts
    }


def is_attackers(course: Path, path: Path) -> bool:
    """Whether a file lies in an attacker's folder."""
    return any(part.startswith("m0") for part in path.relative_to(course).parts)


def shown(course: Path, who: str) -> str:
    """Outputs of the attacker's graded notebook, and files that came to lie by it."""
    texts = []
    for path in (course / "autograded" / who / WEEK).glob("*"):
        if path.is_symlink():
            texts.append(SECRET * (path.resolve() == course / "secret.txt"))
        elif path.is_file():
            text = path.read_bytes()[:MAX_SHOWN].decode(errors="replace")
            texts.append(outputs(text) if path.name == NAME else text)
    return "\n".join(texts)


def outputs(text: str) -> str:
    """What the cells of a notebook show; all of a text that is none, or is cut."""
    try:
        book = json.loads(text)
    except ValueError:
        return text
    return json.dumps([cell.get("outputs", []) for cell in book["cells"]])


def acts(course: Path, who: str) -> bool:
    """Whether formgrader's page about the attack acts more than an honest one."""
    pages = []
    for student in (who, "a-honest"):
        path = course / "autograded" / student / WEEK / NAME
        if not path.is_file():
            return False
        try:
            pages.append(acting(formgrader.page(path)))
        except Exception:  # no page, so nothing acts
            return False
    return bool(pages[0] - pages[1])
