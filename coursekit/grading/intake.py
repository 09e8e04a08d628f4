"""Is every submission readable and complete? Nothing is run, changed or lost here.

Submissions lie as nbgrader wants them: submitted/<student>/<assignment>/*.ipynb.
"""

import difflib
import os
import shlex
import stat
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from coursekit.grading import (
    inspection,
    notebook_file,
    released,
    student_names,
    timestamp,
)
from coursekit.grading.findings import Finding, Level, Submission
from coursekit.grading.released import Lesson
from coursekit.grading.text_file import shown

SUBMITTED = "submitted"
MAX_FILES = 200
MAX_TOTAL_BYTES = 100_000_000
MAX_START = 100_000
# How files begin that hold others: zip, gzip, 7z, xz, bzip2, rar.
PACKED = (b"PK", b"\x1f\x8b", b"7z\xbc", b"\xfd7zXZ", b"BZh", b"Rar!")
ARCHIVES = {".zip", ".gz", ".tgz", ".tar", ".7z", ".rar", ".xz", ".bz2"}
IGNORED = {"__pycache__", "__MACOSX"}

Lessons = dict[str, Lesson]


def take_in(
    root: Path, assignment: str, known: Collection[str] = ()
) -> list[Submission]:
    """Every submission of an assignment under `root`, inspected.

    known: the students in the gradebook; empty when there is no list yet
    Raises ValueError when there is no such assignment or nothing to look at.
    """
    lessons = released.read(root, assignment)
    folder = root / SUBMITTED
    if not folder.is_dir():
        raise ValueError(
            f"there is no folder {SUBMITTED}/. Put each student's notebooks into "
            f"{SUBMITTED}/<student>/{assignment}/."
        )
    entries = [entry for entry in sorted(folder.iterdir()) if not hidden(entry)]
    found = (submission(root, x, assignment, lessons, known) for x in entries)
    return [*only_once([item for item in found if item])]


def only_once(found: list[Submission]) -> Iterator[Submission]:
    """Refuse folders that are of one student, spelled in two ways."""
    counts = Counter(item.student for item in found)
    for item in found:
        if counts[item.student] == 1:
            yield item
            continue
        problem = "two folders spell this name, with other accents or twice the same"
        advice = "Keep the one that is to be graded."
        finding = Finding(item.student, "", Level.REFUSED, problem, advice)
        yield replace(item, findings=(finding,))


def summary(found: Collection[Submission]) -> str:
    """How many submissions can be graded, and below it every finding."""
    good = sum(item.accepted for item in found)
    lines = [f"{good} of {len(found)} submissions can be graded."]
    lines += [f"  {finding}" for item in found for finding in item.findings]
    return "\n".join(lines)


def hidden(path: Path) -> bool:
    """Whether a file is one that systems and editors leave behind."""
    return path.name.startswith(".") or path.name in IGNORED


def submission(
    root: Path,
    entry: Path,
    assignment: str,
    lessons: Lessons,
    known: Collection[str],
) -> Submission | None:
    """What lies in submitted/<entry>; None when nothing of this assignment does."""
    folder = entry / assignment
    problem = (
        not_a_student(entry, released.assignments(root))
        or not_known(entry.name, known)
        or not_a_folder(entry, assignment, released.assignments(root))
    )
    if problem:
        if problem == NOTHING:
            return None
        finding = Finding(shown(entry.name), "", Level.REFUSED, *problem)
        return Submission(shown(entry.name), folder, (finding,))
    student = student_id(entry.name, known)
    return Submission(student, folder, tuple(contents(student, folder, lessons)))


def student_id(name: str, known: Collection[str]) -> str:
    """How the gradebook spells the name of a folder."""
    return student_names.match(name, known) or student_names.key(name)


Problem = tuple[str, str]
NOTHING: Problem = ("nothing was handed in", "")


def not_a_student(entry: Path, assignments: list[str]) -> Problem | None:
    """Why something in submitted/ cannot be a student's folder."""
    if entry.is_symlink():
        return "it is a link, not a folder", "Replace it by the files themselves."
    if not entry.is_dir():
        return (
            f"it is a file, not a student's folder in {SUBMITTED}/",
            f"Put (or unpack) it into {SUBMITTED}/<student>/<assignment>/.",
        )
    if entry.name in assignments:
        return (
            "the name of the assignment stands where the student's belongs",
            f"The order is {SUBMITTED}/<student>/{entry.name}/.",
        )
    if rule := student_names.problem(entry.name):
        return "this cannot be the name of a student", rule
    return None


def not_known(name: str, known: Collection[str]) -> Problem | None:
    """Why a name is not one of the class."""
    if not known or student_names.match(name, known):
        return None
    similar = difflib.get_close_matches(name, known, 1, 0.7)
    hint = f"Is it {similar[0]}? Then rename the folder. " if similar else ""
    return (
        "nobody in the class list (the gradebook) has this name",
        f"{hint}If somebody came later, add them: python -m coursekit students --add "
        f"{shlex.quote(name)}",
    )


def not_a_folder(
    entry: Path, assignment: str, assignments: list[str]
) -> Problem | None:
    """Why a student has no folder for this assignment."""
    folder = entry / assignment
    if folder.is_symlink():
        return (
            f"its folder {assignment} is a link",
            "Links can lead to others' files: replace it by the files themselves.",
        )
    if folder.is_dir():
        return None
    if any(entry.glob("*.ipynb")):
        return (
            "its notebooks are not in a folder of their assignment",
            f"Move them into {SUBMITTED}/{entry.name}/{assignment}/.",
        )
    return misnamed(entry, assignment, assignments) or NOTHING


def misnamed(entry: Path, assignment: str, assignments: list[str]) -> Problem | None:
    """A folder that is no assignment's, where this one's is missing."""
    others = [path.name for path in entry.iterdir() if not hidden(path)]
    strange = [name for name in others if name not in assignments]
    if not strange:
        return None
    return (
        f"it holds {strange[0]!r} but no folder {assignment}",
        f"If that is {assignment}, rename (or unpack) it so.",
    )


def contents(student: str, folder: Path, lessons: Lessons) -> Iterator[Finding]:
    """What is to be said about the files of one submission."""
    try:
        files = sorted(islice(walk(folder), MAX_FILES + 1))
    except OSError as error:
        advice = "Copy the submission again."
        problem = f"the folder cannot be read: {error.strerror}"
        yield Finding(student, "", Level.REFUSED, problem, advice)
        return
    if bad := forbidden(folder, files):
        yield Finding(student, bad[0], Level.REFUSED, *bad[1])
        return
    strays = stray_notebooks(folder, files, lessons)
    for name, lesson in lessons.items():
        yield from lesson_file(student, folder / name, lesson, strays.pop(name, []))
    for path in strays.pop("", []):
        yield stray(student, folder, path)
    if odd := timestamp.problem(folder):
        advice = "It is graded without a time."
        yield Finding(student, timestamp.NAME, Level.FINE, odd, advice)
    complete = all((folder / name).exists() for name in lessons)
    for path in files:
        if not is_notebook(path) and folder / timestamp.NAME not in (path, path.parent):
            yield other_file(student, folder, path, complete)


def walk(folder: Path) -> Iterator[Path]:
    """Every entry below a folder that is not itself a real folder."""
    for entry in folder.iterdir():
        if hidden(entry):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from walk(entry)
        else:
            yield entry


def forbidden(folder: Path, files: list[Path]) -> tuple[str, Problem] | None:
    """A file that must not be touched, or too many or too much of them."""
    for path in files:
        mode = os.lstat(path).st_mode
        if not stat.S_ISREG(mode):
            what = "a link" if stat.S_ISLNK(mode) else "no ordinary file"
            return inside(folder, path), (
                f"it is {what}",
                "It can lead to others' files: replace it by the file itself.",
            )
    total = sum(os.lstat(path).st_size for path in files)
    if len(files) > MAX_FILES or total > MAX_TOTAL_BYTES:
        return "", (
            f"more than {MAX_FILES} files or {MAX_TOTAL_BYTES // 1_000_000} MB",
            "Keep only the lesson's notebooks.",
        )
    return None


def inside(folder: Path, path: Path) -> str:
    """The path of a file as seen from the submission."""
    return shown(path.relative_to(folder).as_posix())


def is_notebook(path: Path) -> bool:
    """Whether a file is a notebook, by its ending or, under another one, inside.

    Browsers, mail programs and systems add endings of their own.
    """
    if path.suffix == ".ipynb":
        return True
    try:
        with path.open("rb") as file:
            start = file.read(MAX_START).lstrip(b"\xef\xbb\xbf \r\n\t")
    except OSError:
        start = b""
    if ".ipynb" in path.name.lower():
        return not start.startswith(PACKED)
    return start.startswith(b"{") and b'"cell_type"' in start


def stray_notebooks(
    folder: Path, files: list[Path], lessons: Lessons
) -> dict[str, list[Path]]:
    """Notebooks without a lesson's name or place: the file they may be → paths."""
    found: dict[str, list[Path]] = {}
    for path in files:
        if is_notebook(path) and inside(folder, path) not in lessons:
            found.setdefault(meant(path, lessons), []).append(path)
    return found


def meant(path: Path, lessons: Lessons) -> str:
    """The lesson of which a notebook is, by its cells or else its name; or ""."""
    try:
        ids = set(notebook_file.grade_ids(notebook_file.read(path)))
    except ValueError:
        ids = set()
    shared = {name: len(ids & set(lesson.cells)) for name, lesson in lessons.items()}
    best = max(shared, key=lambda name: shared[name])
    if shared[best]:
        return best
    stem = path.name.lower().partition(".ipynb")[0] + ".ipynb"
    similar = difflib.get_close_matches(stem, lessons, 1, 0.6)
    return similar[0] if similar else ""


def lesson_file(
    student: str, path: Path, lesson: Lesson, strays: list[Path]
) -> Iterator[Finding]:
    """One notebook of the assignment, and others that may be meant for it."""
    others = [inside(path.parent, other) for other in strays]
    if path.exists():
        for found in inspection.inspect(path, lesson):
            yield Finding(student, path.name, *found)
        for name in others:
            problem = f"it is another copy of {path.name} and is not graded"
            advice = (
                f"If it is the right one, rename it to {path.name}; else delete it."
            )
            yield Finding(student, name, Level.LOOK, problem, advice)
    elif len(others) > 1:
        problem = f"it is missing, and {' or '.join(others)} may be it"
        advice = f"Rename the right one to {path.name} and delete the rest."
        yield Finding(student, path.name, Level.REFUSED, problem, advice)
    elif others:
        problem = f"it should be called {path.name}"
        advice = f"Rename (or move) it to {SUBMITTED}/{student}/{path.parent.name}/"
        advice += f"{path.name}."
        yield Finding(student, others[0], Level.REFUSED, problem, advice)
    else:
        problem, advice = "it is missing", "Without it its exercises count as 0 points."
        yield Finding(student, path.name, Level.LOOK, problem, advice)


def stray(student: str, folder: Path, path: Path) -> Finding:
    """A notebook of which nobody knows what it is."""
    problem, advice = "it is no notebook of this assignment", "It is not graded."
    return Finding(student, inside(folder, path), Level.LOOK, problem, advice)


def other_file(student: str, folder: Path, path: Path, complete: bool) -> Finding:
    """A file that is no notebook."""
    name = inside(folder, path)
    if path.suffix.lower() in ARCHIVES and not complete:
        advice = "Unpack it and put its notebooks here."
        return Finding(student, name, Level.REFUSED, "it is an archive", advice)
    advice = "It is not used for grading."
    return Finding(student, name, Level.FINE, "it is no notebook", advice)
