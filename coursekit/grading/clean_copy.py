"""The copy of a student's notebook that nbgrader gets.

It is built anew from the text of the cells, and nbgrader's data as they were handed
out: damage elsewhere, in outputs, ids or settings, cannot stop nbgrader. No points come
from it: judging puts the answers into our notebook. The student's file stays as it is.
"""

import base64
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from coursekit.grading import timestamp
from coursekit.grading.notebook_file import grade_id, read
from coursekit.grading.released import GradedCell, Lesson, text

PICTURE = re.compile(r"attachment:([^)\s\"'>]+)")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="30"><text y="20">'
LOST = base64.b64encode(f"{SVG}(this picture is missing)</text></svg>".encode())

Cell = dict[str, Any]


def submission(source: Path, lessons: dict[str, Lesson], target: Path) -> None:
    """Write clean copies of a submission's notebooks, and its time, into a folder."""
    target.mkdir(parents=True)
    for name, lesson in lessons.items():
        if (source / name).exists():
            copy = json.dumps(notebook(read(source / name), lesson))
            (target / name).write_text(copy, encoding="utf-8")
    if time := timestamp.read(source):
        words = f"{time:%Y-%m-%d %H:%M:%S.%f} UTC"
        (target / timestamp.NAME).write_text(words, encoding="utf-8")


def notebook(cells: list[Cell], lesson: Lesson) -> dict[str, Any]:
    """A notebook of these cells. Of copies of a graded cell the first one is graded."""
    made: list[Cell] = []
    left = dict(lesson.cells)
    for number, cell in enumerate(cells):
        made.append(clean(number, cell, left.pop(grade_id(cell) or "", None)))
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made}


def clean(number: int, cell: Cell, given: GradedCell | None) -> Cell:
    """One cell; given: what was handed out, when it is a graded cell."""
    kind = given.kind if given else cell["cell_type"]
    source = text(cell["source"])
    made: Cell = {"cell_type": kind, "id": f"cell-{number}", "source": source}
    made["metadata"] = {"tags": tags(cell, given)}
    if given:
        made["metadata"]["nbgrader"] = given.data
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    else:
        made["attachments"] = pictures(cell)
    return made


def tags(cell: Cell, given: GradedCell | None) -> list[str]:
    """The tags; a graded cell has its own, so that none of them skips it."""
    found = cell["metadata"].get("tags")
    if given or not isinstance(found, list):
        return ["raises-exception"] if given else []
    return sorted({tag for tag in found if isinstance(tag, str)})


def pictures(cell: Cell) -> dict[str, dict[str, str]]:
    """The pictures in a cell of text, with a stand-in for each that is not there."""
    here = attached(cell)
    for name in PICTURE.findall(text(cell["source"])):
        stand_in = {"image/svg+xml": LOST.decode()}
        here.setdefault(name, here.get(unquote(name), stand_in))
    return here


def lost_pictures(cell: Cell) -> list[str]:
    """The pictures that a cell of text shows, but that are not in it."""
    here = attached(cell)
    names = PICTURE.findall(text(cell["source"]))
    return [name for name in names if name not in here and unquote(name) not in here]


def attached(cell: Cell) -> dict[str, dict[str, str]]:
    """The pictures that really are in a cell; damaged ones are left out."""
    found = cell.get("attachments")
    if not isinstance(found, dict):
        return {}
    whole = {name: bundle for name, bundle in found.items() if is_bundle(bundle)}
    return {
        name: {kind: text(data) for kind, data in bundle.items()}
        for name, bundle in whole.items()
    }


def is_bundle(bundle: object) -> bool:
    """Whether this is what a file says of a picture: kind → data."""
    return (
        isinstance(bundle, dict)
        and bool(bundle)
        and all(
            isinstance(data, str)
            or (isinstance(data, list) and all(isinstance(x, str) for x in data))
            for data in bundle.values()
        )
    )
