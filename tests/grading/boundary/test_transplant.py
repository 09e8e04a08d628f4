"""A student's answers in our notebook, whatever became of theirs."""

import copy
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.grading.boundary import needs, transplant
from coursekit.grading.boundary.transplant import Handed

REPOSITORY = Path(__file__).resolve().parents[3]
Json = dict[str, Any]
Change = Callable[[list[Json]], None]


def cell(kind: str, source: str, name: str, **data: object) -> Json:
    """A cell; `data` is nbgrader's, with the flags left out being False."""
    flags = {"grade": False, "solution": False, "locked": False, "schema_version": 3}
    graded = {"nbgrader": flags | data | {"grade_id": name}} if data else {}
    made: Json = {"cell_type": kind, "metadata": graded, "source": source, "id": name}
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    return made


def answer(name: str, solved: bool) -> Json:
    """An answer's cell, as the instructor has it or as it is handed out."""
    source = f"def {name}(k):\n    {'return k' if solved else '...'}"
    return cell("code", source, name, solution=True)


def book(solved: bool) -> Json:
    """A notebook with two exercises, and one that a person grades."""
    hidden = "\n# hidden" * solved
    one, two = (
        cell("code", f"check({n}){hidden}", f"{n}-check", grade=True, locked=True)
        for n in ("one", "two")
    )
    words = {"grade": True, "solution": True}
    cells = [
        cell("markdown", "# A lesson", "title"),
        cell("code", "import math\nimport json\n\nN = 3", "setup"),
        cell("markdown", "First", "first"),
        answer("one", solved),
        one,
        cell("code", "plots.show(one(N))", "show"),
        cell("markdown", "Second", "second"),
        answer("two", solved),
        two,
        cell("markdown", "Because 42" * solved, "words", **words),
        cell("markdown", "The end", "end", locked=True),
    ]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"x": 1}, "cells": cells}


SOURCE, RELEASE = book(True), book(False)
ONE = "def one(k):\n    return k + 1"


def find(cells: list[Json], name: str) -> int:
    """Where the cell with this id is."""
    return next(i for i, x in enumerate(cells) if x.get("id") == name)


def own(source: str, kind: str = "code") -> Json:
    """A cell of the student's own."""
    return {"cell_type": kind, "metadata": {}, "source": source, "id": f"own{source}"}


def handed(*changes: Change) -> Handed:
    """What comes of a hand-in with these changes."""
    cells = copy.deepcopy(RELEASE["cells"])
    for change in changes:
        change(cells)
    before = copy.deepcopy(cells)
    found = transplant.transplant(SOURCE, RELEASE, cells)
    assert cells == before
    return found


def put(name: str, **values: object) -> Change:
    """Sets fields of a cell."""
    return lambda cells: cells[find(cells, name)].update(values)


def drop(name: str) -> Change:
    """Deletes a cell."""

    def change(cells: list[Json]) -> None:
        del cells[find(cells, name)]

    return change


def add(after: str, *new: Json) -> Change:
    """Adds cells behind another; at the beginning after ""."""

    def change(cells: list[Json]) -> None:
        at = find(cells, after) + 1 if after else 0
        cells[at:at] = copy.deepcopy(list(new))

    return change


def move(name: str, after: str) -> Change:
    """Moves a cell behind another."""

    def change(cells: list[Json]) -> None:
        taken = cells.pop(find(cells, name))
        cells.insert(find(cells, after) + 1, taken)

    return change


def again(name: str, source: str | None = None, after: str = "") -> Change:
    """Adds a copy of a cell, behind it or another."""

    def change(cells: list[Json]) -> None:
        made = copy.deepcopy(cells[find(cells, name)])
        made["source"] = made["source"] if source is None else source
        made["id"] = f"{name}-again"
        cells.insert(find(cells, after or name) + 1, made)

    return change


def without_ids(cells: list[Json]) -> None:
    """As older programs write it."""
    for one in cells:
        del one["id"]


def stripped(cells: list[Json]) -> None:
    """All metadata is lost."""
    for one in cells:
        one["metadata"] = {}


def sources(found: Handed) -> list[str]:
    """What stands where ours differs, or is not ours: kind, and text."""
    return [
        f"{x.kind}: {x.source}" for x in found.cells if x.kind in ("answer", "extra")
    ]


def answers(found: Handed) -> dict[str, str]:
    """Grade id → the answer."""
    return {x.grade_id: x.source for x in found.cells if x.kind == "answer"}


ORDER = [x["id"] for x in SOURCE["cells"]]


def test_nothing_changed() -> None:
    found = handed()
    assert [x.id for x in found.cells] == ORDER
    assert found.remarks == ()
    assert found.edited_given == {}
    stubs = {x["id"]: x["source"] for x in RELEASE["cells"]}
    assert answers(found) == {k: stubs[k] for k in ("one", "two", "words")}
    kinds = [x.kind for x in found.cells]
    assert kinds == [
        *("given", "given", "given", "answer", "check", "given"),
        *("given", "answer", "check", "answer", "given"),
    ]


def test_all_but_answers_is_ours() -> None:
    def change(cells: list[Json]) -> None:
        for one in cells:
            one["metadata"]["tags"] = ["skip-execution"]
            one["outputs"] = [{"forged": True}]
            if "nbgrader" in one["metadata"]:
                one["metadata"]["nbgrader"] |= {"points": 99, "grade": True}

    found = handed(change, put("one", source=ONE))
    for mine, ours in zip(found.cells, SOURCE["cells"], strict=True):
        assert mine.metadata == ours["metadata"]
        assert mine.cell_type == ours["cell_type"]
        assert mine.kind == "answer" or mine.source == ours["source"]
    assert answers(found)["one"] == ONE
    nbformat.validate(nbformat.from_dict(found.notebook()))


SETUP = "import math\nimport json\nimport re\n\nN = 3"
OTHER = "def one(k):\n    return k + 2"
# What was done; what the notebook then holds, in part; words of the only remark.
CASES: dict[str, tuple[list[Change], list[str], str]] = {
    "answered": ([put("one", source=ONE)], [f"answer: {ONE}"], ""),
    "answered in lines": (
        [put("one", source=["def one(k):\n", "    return k + 1"])],
        [f"answer: {ONE}"], "",
    ),
    "a cell above": (
        [add("", own("h = 1")), put("one", source=ONE)],
        ["extra: h = 1", f"answer: {ONE}"], "",
    ),
    "a cell before the answer": (
        [add("first", own("h = 1")), put("one", source=ONE)],
        ["extra: h = 1", f"answer: {ONE}"], "",
    ),
    "a cell between answer and check": (
        [add("one", own("h = 1")), put("one", source=ONE)],
        [f"answer: {ONE}", "extra: h = 1"], "",
    ),
    "a cell behind": ([add("end", own("h = 1"))], ["extra: h = 1"], ""),
    "a note": ([add("one", own("Hm.", "markdown"))], ["extra: Hm."], ""),
    "two cells, in their order": (
        [add("one", own("h = 1"), own("j = 2"))], ["extra: h = 1", "extra: j = 2"], ""
    ),
    "a copy of the lesson's cell": ([again("show", after="end")], [], ""),
    "an empty cell": ([add("one", own(""), own("  \n"))], [], ""),
    "raw text": ([add("one", own("h", "raw"))], [], ""),
    "deleted": (
        [drop("one")], ["answer: def one(k):\n    ..."],
        "The answer cell one was deleted; it counts as it was handed out.",
    ),
    "deleted, and its check": (
        [drop("one"), drop("one-check")], ["answer: def one(k):\n    ..."], "…",
    ),
    "deleted, written in a cell of one's own": (
        [drop("one"), add("first", own(ONE))], [f"answer: {ONE}"],
        "The answer one had lost its grading data; cell 4 was recognised as it.",
    ),
    "deleted, defined far above": (
        [drop("one"), add("", own(ONE))], [f"extra: {ONE}", "answer: "],
        "The answer cell one was deleted; cell 1 defines one, and that counts.",
    ),
    "merged with the other": (
        [drop("two"), put("one", source=f"{ONE}\ndef two(k): return 2")],
        [f"answer: {ONE}\ndef two(k): return 2", "answer: "],
        "The answer cell two was deleted; cell 4 defines two, and that counts.",
    ),
    "lost its grading data": (
        [put("one", source=ONE, metadata={})], [f"answer: {ONE}"],
        "The answer one had lost its grading data; cell 4 was recognised as it.",
    ),
    "lost it, and its id": (
        [put("one", source=ONE, metadata=None, id="k")], [f"answer: {ONE}"],
        "The answer one had lost its grading data; cell 4 was recognised as it.",
    ),
    "twice, unchanged": (
        [again("one")], ["answer: def one(k):\n    ..."],
        "The cell one stands in your notebook 2 times (cells 4 and 5); cell 4 counts",
    ),
    "twice, the first is answered": (
        [put("one", source=ONE), again("two", RELEASE["cells"][7]["source"]),
         again("one", RELEASE["cells"][3]["source"])],
        [f"answer: {ONE}"], "…",
    ),
    "twice, the second is answered": (
        [again("one", ONE)], [f"answer: {ONE}"],
        "cell 5 counts (the first that is not as it was handed out).",
    ),
    "twice, equally answered": (
        [put("one", source=ONE), again("one")], [f"answer: {ONE}"], "cell 4 counts",
    ),
    "two attempts": (
        [put("one", source=ONE), again("one", OTHER)],
        [f"extra: {ONE}", f"answer: {OTHER}"],
        "with different texts; the last one, cell 5, counts, and the others run",
    ),
    "two attempts, one at the end": (
        [put("one", source=ONE), again("one", OTHER, after="end")],
        [f"extra: {ONE}", f"answer: {OTHER}"], "…",
    ),
    "split, with its grading data": (
        [put("one", source="def one(k):"), again("one", "    return k + 1")],
        [f"answer: {ONE}"], "they are parts of one answer and were joined.",
    ),
    "split, without": (
        [put("one", source="def one(k):"), add("one", own("    return k + 1"))],
        [f"answer: {ONE}"],
        "The answer one was split; cell 5 was joined with it again.",
    ),
    "split between functions": (
        [put("one", source="def h(k): return k"), add("one", own(ONE))],
        ["answer: def h(k): return k", f"extra: {ONE}"], "",
    ),
    "a check twice": (
        [again("one-check")], [],
        "The cell one-check stands in your notebook 2 times (cells 5 and 6); ours",
    ),
    "a check changed": (
        [put("one-check", source="pass")], [],
        "The check one-check was changed; ours counts.",
    ),
    "a check deleted": (
        [drop("one-check")], [], "The check one-check was deleted; ours counts."
    ),
    "a locked text changed": (
        [put("end", source="!")], [], "The locked cell end was changed; ours counts."
    ),
    "moved down": (
        [put("one", source=ONE), move("one", "end")], [f"answer: {ONE}"],
        "The cell one was moved; it counts in the place of the lesson.",
    ),
    "a check moved up": (
        [move("one-check", "title")], [], "The cell one-check was moved; it counts in"
    ),
    "turned into text": (
        [put("one", source=ONE, cell_type="markdown")], [f"answer: {ONE}"],
        "The answer one was turned into Markdown; it counts as code again.",
    ),
    "turned into raw": (
        [put("one", source=ONE, cell_type="raw")], [f"answer: {ONE}"],
        "The answer one was turned into raw text; it counts as code again.",
    ),
    "words turned into code": (
        [put("words", source="So.", cell_type="code")], ["answer: So."],
        "The answer words was turned into code; it counts as Markdown again.",
    ),
    "the setup deleted": (
        [drop("setup")], [],
        "A cell of the lesson was deleted (begins `import math`); ours is used.",
    ),
    "two deleted": (
        [drop("setup"), drop("show")], [],
        "2 cells of the lesson were deleted (begin `import math` and `plots.show",
    ),
    "the setup changed": (
        [put("setup", source=SETUP)], [],
        "A cell of the lesson was changed (begins `import math`); your answers run",
    ),
    "the setup changed, without ids": (
        [put("setup", source=SETUP), without_ids], [], "A cell of the lesson was chan"
    ),
    "without ids": ([put("one", source=ONE), without_ids], [f"answer: {ONE}"], ""),
    "something else in place of the setup, without ids": (
        [put("setup", source="print(1)"), without_ids],
        ["extra: print(1)"], "A cell of the lesson was deleted",
    ),
    "grading data of another lesson": (
        [add("one", cell("code", "h = 1", "z", solution=True))], ["extra: h = 1"], ""
    ),
    "all metadata lost": (
        [put("one", source=ONE), stripped], [f"answer: {ONE}"], "…"
    ),
    "an endless cell": (
        [put("one", source="#" + "a" * 300_000)], [],
        "Cell 4 is too large and was cut off after 200,000 characters.",
    ),
    "many cells": (
        [lambda cells: cells.extend(own(f"k{n}") for n in range(1_500))], [],
        "Your notebook has 1,511 cells; those after cell 1,000 are too many",
    ),
    "a lesson's text changed": ([put("second", source="My notes")], [], ""),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_hand_ins(name: str) -> None:
    changes, expected, words = CASES[name]
    found = handed(*changes)
    here = sources(found)
    places = [here.index(x) for x in expected]
    assert places == sorted(places)
    assert [x.id for x in found.cells if x.kind != "extra"] == ORDER
    if words != "…":
        assert len(found.remarks) == bool(words), found.remarks
        assert words in "".join(found.remarks)
    assert all(x.endswith(".") and "\n" not in x for x in found.remarks)
    needs.plan(found.cells, found.edited_given)
    nbformat.validate(nbformat.from_dict(found.notebook()))


NO_EXTRAS = [
    "answered", "a copy of the lesson's cell", "an empty cell", "raw text",
    "twice, unchanged", "twice, the second is answered", "twice, equally answered",
    "split, with its grading data", "split, without", "a check twice", "moved down",
    "a check changed", "all metadata lost", "without ids", "setup changed, without ids",
]  # fmt: skip


@pytest.mark.parametrize("name", [x for x in NO_EXTRAS if x in CASES])
def test_nothing_is_added(name: str) -> None:
    assert [x for x in handed(*CASES[name][0]).cells if x.kind == "extra"] == []


@pytest.mark.parametrize("change", [lambda cells: None, without_ids])
def test_the_changed_setup_runs_for_the_student_alone(change: Change) -> None:
    found = handed(put("setup", source=SETUP), change)
    assert found.edited_given == {1: SETUP}
    assert found.cells[1].source == SOURCE["cells"][1]["source"]


def test_what_is_edited_is_numbered_with_the_extra_cells() -> None:
    found = handed(add("", own("h = 1")), put("setup", source=SETUP))
    assert found.edited_given == {2: SETUP}


def test_extra_cells_have_ids_of_their_own() -> None:
    found = handed(add("one", own("h = 1") | {"id": "one"}, own("j = 1") | {"id": 7}))
    ids = [x.id for x in found.cells]
    assert len(set(ids)) == len(ids)


PICTURE = {"a.png": {"image/png": ["iVBO", "Rw0K"]}}
PICTURES: list[tuple[object, Mapping[str, object]]] = [
    (PICTURE, {"a.png": {"image/png": "iVBORw0K"}}),
    ({"a.svg": {"image/svg+xml": "<svg/>"}}, {}),
    ({"a.html": {"text/html": "<script>"}}, {}),
    ({"a.png": None}, {}),
    ({"a.png": {"image/png": 3}}, {}),
    ([PICTURE], {}),
    ({"a.png": {"image/png": "A" * 20_000_000}}, {}),
]


@pytest.mark.parametrize(("given", "kept"), PICTURES)
def test_pictures_in_words(given: object, kept: Mapping[str, object]) -> None:
    found = handed(put("words", attachments=given))
    assert found.cells[9].attachments == kept


def test_pictures_in_code_are_left_out() -> None:
    assert handed(put("one", attachments=PICTURE)).cells[3].attachments == {}


ODD: list[object] = [
    None, 7, "cell", [], [1], {}, {"cell_type": None}, {"source": {"a": 1}},
    {"cell_type": ["code"], "source": [1, None, "x"], "metadata": "m", "id": []},
    {"cell_type": "code", "metadata": {"nbgrader": 3}, "source": None},
    {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": ["one"]}}},
    {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": {"a": 1}}}, "id": {}},
    {"cell_type": "code", "metadata": {}, "source": "\ud83d\0", "attachments": 3},
    {"cell_type": "heading", "source": "x"},
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_cells_of_any_shape(odd: object) -> None:
    cells = [odd, *copy.deepcopy(RELEASE["cells"]), odd]
    found = transplant.transplant(SOURCE, RELEASE, cells)
    assert [x.id for x in found.cells if x.kind != "extra"] == ORDER
    json.dumps(found.notebook(), ensure_ascii=False).encode()


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = ("cell_type", "metadata", "source", "id", "attachments")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_field_may_hold_anything(data: st.DataObject) -> None:
    cells = copy.deepcopy(RELEASE["cells"])
    for _ in range(data.draw(st.integers(1, 5))):
        one = data.draw(st.sampled_from(cells))
        one[data.draw(st.sampled_from(KEYS))] = data.draw(anything)
    found = transplant.transplant(SOURCE, RELEASE, cells)
    assert [x.id for x in found.cells if x.kind != "extra"] == ORDER
    needs.plan(found.cells, found.edited_given)


@settings(max_examples=60, deadline=None)
@given(st.permutations(range(11)), st.sets(st.integers(0, 10)))
def test_any_order_with_any_holes(order: list[int], gone: set[int]) -> None:
    cells = [RELEASE["cells"][i] for i in order if i not in gone]
    found = transplant.transplant(SOURCE, RELEASE, cells)
    assert [x.id for x in found.cells] == ORDER


BOOKS = sorted((REPOSITORY / "notebooks").glob("*/*.ipynb"))


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_the_course_s_notebooks(path: Path) -> None:
    release = json.loads(path.read_text(encoding="utf-8"))
    found = transplant.transplant(release, release, release["cells"])
    assert found.remarks == ()
    assert [x.source for x in found.cells] == [
        transplant.text(x["source"]) for x in release["cells"]
    ]


def test_an_untidy_notebook_is_cut_off() -> None:
    """A thousand large cells, each a little like ours."""
    body = "\n" + "x = 1\n" * 3_000
    cells = [own(f"import math\nimport json\n{n}{body}") for n in range(999)]
    found = transplant.transplant(SOURCE, RELEASE, cells)
    assert len(found.cells) == 11 + transplant.MAX_TOTAL // len(cells[100]["source"])
    assert "Your notebook holds more than 2,000,000 characters" in found.remarks[0]
