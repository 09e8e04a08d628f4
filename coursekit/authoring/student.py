"""The zip that students get: notebooks and coursekit, and no answers."""

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from coursekit.authoring import build, course_map, marks, pages
from coursekit.authoring.course import FILE, Course
from coursekit.authoring.errors import AuthoringError
from coursekit.authoring.exercises import Exercise
from coursekit.authoring.lessons import Lesson

ZIP = "dist/convnets-students.zip"
FOLDER = "convnets"
TEMPLATES = Path(__file__).parent / "student_files"
# What students do not get, in one place: folders and files below coursekit. Our own
# loops would be solutions, also those of the long runs. Their recipes and results stay:
# lessons print the table "paper and ours".
LOOPS = {f"runs/{name}.py" for name in ("__main__", "features", "papers", "running")}
KEPT_BACK = {"authoring", "grading", "operators"} | LOOPS
# A shorter line of a solution, such as `return y`, says nothing by itself.
SAYS_SOMETHING = 12


def pack(root: Path, target: Path) -> Path:
    """Write the zip for the course under `root`; the same course gives the same bytes.

    Raises AuthoringError when a lesson is wrong or an answer would be given away.
    """
    plan, lessons = build.load(root)
    files = collect(root, plan, lessons)
    refuse_leaks(files, lessons)
    target.parent.mkdir(parents=True, exist_ok=True)
    write(target, files)
    return target


def collect(root: Path, plan: Course, lessons: Sequence[Lesson]) -> dict[str, bytes]:
    """Path in the zip → content."""
    files = {name: (root / name).read_bytes() for name in ("pyproject.toml", FILE)}
    for path in TEMPLATES.iterdir():
        files[path.name] = path.read_bytes()
    readme = course_map.insert(files["README.md"].decode(), plan, lessons)
    files["README.md"] = readme.encode()
    files |= dict(package(root / "coursekit"))
    with TemporaryDirectory() as folder:
        build.build(lessons, root / build.CONFIG, Path(folder))
        for path in Path(folder, build.NOTEBOOKS).rglob("*.ipynb"):
            files[path.relative_to(folder).as_posix()] = path.read_bytes()
    beside = pages.for_students(root, plan, lessons)
    return files | {name: text.encode() for name, text in beside.items()}


def package(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files of coursekit that students need to work."""
    for path in folder.rglob("*"):
        inside = path.relative_to(folder)
        hidden = any(part.startswith((".", "__pycache__")) for part in inside.parts)
        if path.is_file() and not hidden and not kept_back(inside):
            yield f"{folder.name}/{inside.as_posix()}", path.read_bytes()


def kept_back(inside: PurePath) -> bool:
    """Whether students do not get this file or folder, a path below coursekit."""
    return any(part.as_posix() in KEPT_BACK for part in (inside, *inside.parents))


def refuse_leaks(files: dict[str, bytes], lessons: Sequence[Lesson]) -> None:
    """Raise AuthoringError when a solution stands in a packed file.

    In a notebook one line is too much, and so is a line of a quiz anywhere. Elsewhere a
    common line such as `loss.backward()` gives nothing away: half of a solution does.
    """
    secrets = secret_lines(lessons)
    for name, content in files.items():
        refuse_leak(name, content, secrets)


def refuse_leak(
    name: str, content: bytes, secrets: Mapping[Exercise, set[str]]
) -> None:
    """Raise AuthoringError when one of the solutions stands in this file."""
    lines = plain_lines(name, content)
    for exercise, secret in secrets.items():
        found = lines & secret
        strict = name.endswith(".ipynb") or exercise.kind == "quiz"
        if found and (strict or 2 * len(found) >= len(secret)):
            raise AuthoringError(
                f"{name} gives the solution of {exercise.id} away: {min(found)}"
            )


def plain_lines(name: str, content: bytes) -> set[str]:
    """The lines of a file, those of a notebook's cells without their JSON."""
    text = content.decode("utf-8", errors="ignore")
    if name.endswith(".ipynb"):
        cells = json.loads(text)["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells)
    return {line.strip() for line in text.splitlines()}


def secret_lines(lessons: Sequence[Lesson]) -> dict[Exercise, set[str]]:
    """For each exercise the lines of its solution that students see nowhere else."""
    cells = [cell for lesson in lessons for cell in lesson.cells]
    seen = {
        line.strip()
        for cell in cells
        for line in marks.stub(cell.source, "").split("\n")
    }
    return {
        exercise: {
            line
            for line in marks.solution_lines(exercise.answer.source)
            if len(line) >= SAYS_SOMETHING and line not in seen
        }
        for lesson in lessons
        for exercise in lesson.exercises
    }


def write(target: Path, files: dict[str, bytes]) -> None:
    """A zip with fixed order, dates and permissions."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{FOLDER}/{name}", (2020, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
