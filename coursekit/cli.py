"""The commands behind `python -m coursekit`.

A command imports what it needs when it runs: the students' copy of coursekit holds
neither the authoring nor the grading tools.
"""

import argparse
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

MARKER = "course.toml"


class Parser(argparse.ArgumentParser):
    """Says in one line what is wrong and ends with 1, as every failure here does."""

    def error(self, message: str) -> NoReturn:
        """Leave with the message."""
        self.exit(1, f"{self.prog}: {message}. --help shows what there is.\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it worked, 1 after one line that says why not."""
    known = parser()
    options, others = known.parse_known_args(arguments)
    if others and options.run is not lab:
        known.error(f"unrecognized arguments: {' '.join(others)}")
    options.others = others
    try:
        options.run(options)
    except KeyboardInterrupt:
        return fail(options.command, "stopped.")
    except ModuleNotFoundError as error:
        return fail(options.command, explain(error))
    except (ValueError, RuntimeError, OSError) as error:
        return fail(options.command, str(error))
    return 0


def fail(command: str, reason: str) -> int:
    """Say why a command failed."""
    print(f"{command}: {reason}", file=sys.stderr)
    return 1


def explain(error: ModuleNotFoundError) -> str:
    """Why a module is missing, and what to do."""
    name = error.name or ""
    if name.startswith("coursekit."):
        return "this command is for instructors; the students' copy does not have it."
    what = '".[grade,book]"' if find_spec("coursekit.grading") else "."
    return f"{name} is not installed. Run: python -m pip install -e {what}"


def parser() -> Parser:
    """The commands and their options."""
    parser = Parser(prog="python -m coursekit", description="The tools of the course.")
    parser.add_argument(
        "--root", type=Path, help="the folder of the course (default: found from here)"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    lessons = [
        add(
            commands,
            "build",
            build,
            "write the notebooks, the quizzes and the maps of the course",
        ),
        add(commands, "check", check, "say whether the lessons follow the rules"),
    ]
    for command in lessons:
        command.add_argument(
            "lesson", nargs="*", type=Path, help="only these files in solutions/"
        )
    lessons[0].add_argument(
        "--source-only", action="store_true", help="only build/source: no nbgrader"
    )
    add(commands, "student", student, "pack what students get into dist/")
    book = add(commands, "book", book_, "print the lessons and what goes with them")
    book.add_argument("lesson", nargs="*", type=Path, help="only these in solutions/")
    book.add_argument("--out", type=Path, help="the folder of the site (dist/book)")
    book.add_argument(
        "--as-is", action="store_true", help="without the outputs that are missing"
    )
    taking = add(commands, "intake", intake, "say whether submissions can be graded")
    taking.add_argument("assignment", nargs="*", help="only these (default: all)")
    grading = add(commands, "grade", grade, "grade submissions: feedback/, grades.csv")
    grading.add_argument("assignment", help="such as week1_convolution")
    grading.add_argument(
        "--jobs", type=int, default=0, help="how many at a time (default: cores)"
    )
    text = "make a lost gradebook.db anew from gradebook.journal"
    add(commands, "rebuild", rebuild, text)
    listed = add(commands, "students", students, "put the class into the gradebook")
    listed.add_argument(
        "list", nargs="?", type=Path, help="a CSV file with a column id"
    )
    listed.add_argument("--add", action="append", default=[], metavar="ID")
    platform = add(commands, "lms", lms, "put points into Canvas's or Moodle's table")
    platform.add_argument("table", type=Path, help="the CSV file that it exported")
    platform.add_argument("assignment", help="such as week1_convolution")
    platform.add_argument("--column", default="", help="its heading in the table")
    data = add(commands, "data", data_, "prepare the data of the written weeks")
    data.add_argument("name", nargs="*", help="only these, such as mnist")
    add(commands, "doctor", doctor, "say what is installed, found and missing here")
    words = "open the course in JupyterLab, with any options of its own"
    add(commands, "lab", lab, words)
    return parser


def add(
    commands: "argparse._SubParsersAction[Parser]",
    name: str,
    run: Callable[[Namespace], None],
    text: str,
) -> Parser:
    """One command."""
    command = commands.add_parser(name, help=text, description=text)
    command.set_defaults(run=run)
    return command


def root(options: Namespace) -> Path:
    """The folder of the course: the nearest one above with a course.toml."""
    start = (options.root or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / MARKER).is_file():
            return folder
    raise RuntimeError(f"no {MARKER} here. Run this in the folder of the course.")


def build(options: Namespace) -> None:
    """Write the notebooks, of all or of some lessons, and what goes with them."""
    from coursekit.authoring import atlas_file, build, course_map, coverage, pages

    folder = root(options)
    course, lessons = build.load(folder)
    chosen = build.choose(folder, lessons, options.lesson)
    if options.source_only:
        build.build_source(chosen, folder, prune=not options.lesson)
        return
    build.build(chosen, folder / build.CONFIG, folder, prune=not options.lesson)
    course_map.update(folder / "README.md", course, lessons)
    atlas_file.write(folder / atlas_file.TARGET, course, lessons)
    coverage.write(folder / coverage.TARGET, course, lessons)
    pages.write(folder, course, lessons)
    if not options.lesson:
        write_quizzes(folder)
    print(f"{count(chosen, 'notebook')} built in {build.NOTEBOOKS}/.")


def write_quizzes(folder: Path) -> None:
    """Renew what the students' checks know of the quizzes."""
    from coursekit.authoring import quizzes

    quizzes.write_quizzes(folder / "solutions", folder / "coursekit/checks/quiz.json")


def check(options: Namespace) -> None:
    """Read the lessons and course.toml, write nothing."""
    from coursekit.authoring import build

    _, lessons = build.load(root(options), options.lesson)
    print(f"{count(lessons, 'lesson')} checked: every rule is kept.")


def count(items: Sequence[object], word: str) -> str:
    """1 lesson, 2 lessons."""
    return f"{len(items)} {word}{'' if len(items) == 1 else 's'}"


def student(options: Namespace) -> None:
    """Pack the students' zip from freshly built notebooks."""
    from coursekit.authoring import student

    folder = root(options)
    path = student.pack(folder, folder / student.ZIP)
    print(f"{path.relative_to(folder)} is ready: {path.stat().st_size // 1024} KiB.")


def book_(options: Namespace) -> None:
    """Print the book, a web site that needs no server."""
    from coursekit.authoring.book import links, site

    folder = root(options)
    target = options.out or folder / site.SITE
    book = site.plan(folder, options.lesson, strict=not options.as_is)
    site.make(book, target, folder / site.WORK)
    links.check(target)
    size = sum(file.stat().st_size for file in target.rglob("*") if file.is_file())
    print(
        f"{target / 'index.html'}: {count(book.chosen, 'lesson')}, {size / 1e6:.1f} MB"
    )


def intake(options: Namespace) -> None:
    """Say what is wrong with submissions; nothing is changed."""
    from coursekit.grading import gradebook, intake, released

    folder = root(options)
    given = [released.named(folder, name) for name in options.assignment]
    known = gradebook.students(folder)
    wrong = 0
    for assignment in dict.fromkeys(given) or released.assignments(folder):
        found = intake.take_in(folder, assignment, known)
        print(f"{assignment}: {intake.summary(found)}")
        wrong += sum(item.needs_a_look for item in found)
    if wrong:
        raise RuntimeError(f"submissions that need a look, see above: {wrong}")


def grade(options: Namespace) -> None:
    """Grade what is new or changed; print the points, and what was difficult."""
    from coursekit.grading import (
        checked_with,
        gradebook,
        released,
        summary,
        whole_class,
    )
    from coursekit.grading.boundary.preprocessors import unsafe

    folder = root(options)
    assignment = released.named(folder, options.assignment)
    if told := gradebook.clean(folder):
        print(told)
    if warning := unsafe(checked_with.judging(folder)):
        print(warning, file=sys.stderr)
    rows = whole_class.grade(folder, assignment, options.jobs)
    print(*filter(None, (warning, whole_class.table(rows))), sep="\n")
    tallies = summary.of_class(folder, assignment)
    summary.write(folder, assignment, tallies)
    print(f"\n{summary.text(tallies)}")
    if wrong := sum(not row.done for row in rows):
        raise RuntimeError(f"submissions that need a look, see above: {wrong}")


def rebuild(options: Namespace) -> None:
    """Put all that was graded into a new gradebook."""
    from coursekit.grading import rebuild

    print(rebuild.rebuild(root(options)))


def students(options: Namespace) -> None:
    """Put a class list or single students into the gradebook, or print who is in."""
    from coursekit.grading import class_list, gradebook

    folder = root(options)
    listed = class_list.read(options.list) if options.list else []
    new = listed + class_list.named(options.add)
    if new:
        print(f"Students: {class_list.enrol(folder, new)}")
    else:
        print("\n".join(gradebook.students(folder)) or "Nobody is in the gradebook.")


def lms(options: Namespace) -> None:
    """Fill a column of the table that a learning platform exported."""
    from coursekit.grading import gradebook, lms, released

    folder = root(options)
    assignment = released.named(folder, options.assignment)
    gradebook.check(folder)
    print(lms.fill(folder, options.table, assignment, options.column))


def data_(options: Namespace) -> None:
    """Prepare data sets, by default those that the written weeks need."""
    from coursekit import data
    from coursekit.doctor import material

    names = options.name or material.lessons_data(root(options) / MARKER)
    if data.prepare(names):
        raise RuntimeError("not everything is here. Go online and run this again.")


def doctor(options: Namespace) -> None:
    """Say what is installed, found and missing, a line each."""
    from coursekit.doctor import State, examine

    found = examine()
    for who, findings in found.items():
        print(f"For {who}", *findings, "", sep="\n")
    missing = sum(one.state is State.MISSING for one in found["students"])
    if missing:
        raise RuntimeError(f"missing though the lessons need it, see above: {missing}")


def lab(options: Namespace) -> None:
    """Open the course in JupyterLab, and say first which packages it will miss."""
    from coursekit import lab
    from coursekit.doctor import State, packages

    for one in packages.needed():
        if one.state is State.MISSING:
            print(one)
    lab.run(root(options) / "notebooks", options.others)
