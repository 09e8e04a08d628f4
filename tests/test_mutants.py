"""The mutants themselves, and a sample of them before the checks."""

import ast
import builtins
from collections import defaultdict
from functools import cache
from pathlib import Path
from random import Random

import pytest

from tests.answers import answers
from tests.mutants import table
from tests.mutants.operators import Mutant, mutants
from tests.mutants.running import (
    Reference,
    Verdict,
    apart,
    attempt,
    prepared,
    references,
    verdicts,
)

CELL = '''\
SIZE = 3

def count(n: int, k: int = 2) -> int:
    """How many places.

    >>> count(5)
    4
    """
    ### BEGIN SOLUTION
    if k > n:
        raise ValueError("too long")
    return n - k + 1
    ### END SOLUTION
'''


def added(source: str) -> dict[str, str]:
    """The new lines of each mutant → its label."""
    return {" ".join(mutant.added): mutant.label for mutant in mutants(source)}


def test_each_mutant_makes_one_mistake_in_the_solution() -> None:
    found = added(CELL)
    assert found["return n + k + 1"] == "another operation"
    assert found["return n - k + 2"] == "off by one"
    assert found["return n - k"] == "a term dropped"
    assert found["return k - n + 1"] == "terms swapped"
    assert found["if k >= n:"] == "another comparison"
    assert found["return n - n + 1"] == "n for k"
    assert found["def count(n: int, k: int=3) -> int:"] == "off by one"
    assert found["pass"] == "an error not raised"
    assert not [text for text in found if "SIZE" in text or "places" in text]


@pytest.mark.slow
def test_solutions_lean_on_imports_and_earlier_solutions_only() -> None:
    """Else none of their mutants could be judged."""
    for ref in references():
        if ref.name == "lesson":
            unknown = loaded(ref.source) - bound(ref.source) - set(dir(builtins))
            assert not unknown - set(prepared(ref.before)), ref.exercise


def loaded(source: str) -> set[str]:
    """The names that code reads."""
    nodes = ast.walk(ast.parse(source))
    return {n.id for n in nodes if isinstance(n, ast.Name) and is_read(n)}


def is_read(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Load)


def bound(source: str) -> set[str]:
    """The names that code defines, in any of its scopes."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.partition(".")[0])
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
        elif isinstance(node, ast.Name) and not is_read(node):
            found.add(node.id)
    return found


@pytest.mark.parametrize(
    ("expression", "mutated"),
    [
        ("w[::-1]", "w"),
        ("x.T", "x"),
        ("x @ w", "w @ x"),
        ("np.sum(x, axis=0)", "np.mean(x, axis=0)"),
        ("np.sum(x, axis=0)", "np.sum(x, axis=1)"),
        ("x[i:i + k]", "x[i:i + k - 1]"),
        ("(n + p) // s", "(n + p) / s"),
        ("(n + p) // s", "-(-(n + p) // s)"),
        ("x.transpose(1, 0)", "x.transpose(0, 1)"),
        ("x.var(unbiased=True)", "x.var(unbiased=False)"),
        ("model.train()", "model.eval()"),
    ],
)
def test_the_mistakes_of_this_course_are_among_them(
    expression: str, mutated: str
) -> None:
    assert f"y = {mutated}" in added(f"y = {expression}")


def test_a_mutant_that_spoils_its_argument_returns_the_right_value() -> None:
    source = "def f(x: np.ndarray) -> np.ndarray:\n    return 2 * x\n"
    [mutant] = [m for m in mutants(source) if m.label == "x is spoiled"]
    assert "x[...] = 0" in mutant.added


@pytest.mark.slow
def test_what_has_no_end_or_takes_all_memory_is_stopped() -> None:
    reference = Reference(1, "dense-weights", "", "", "")
    with apart(1) as pool:
        for body, error in [
            ("while True: pass", "TimeoutError"),
            ("bytearray(2**36)", "MemoryError"),
        ]:
            source = f"def dense_weights(*sizes):\n    {body}"
            message = pool.submit(attempt, reference, source, 2024, False).result()
            assert error in message


def test_counts_and_scores() -> None:
    def verdict(refused: str, message: str = "") -> Verdict:
        mutant = Mutant("flat", "", ("return bias[i]",), ("return bias[j]",))
        return Verdict(Reference(1, "x", "", "", ""), mutant, refused, message)

    told = "✗ x · a case\n  f(1)\n  expected  3\n  The bias of filter i is bias[i]."
    silent = "✗ x · a case\n  f(1)\n  should be 3, yours gave 4"
    found = [verdict("visible", told), verdict("hidden", silent), verdict("")]
    row = table.Row.of("x", found)
    assert (row.visible, row.hidden, row.accepted) == (1, 1, 1)
    assert (row.told, row.there) == (1, 1)
    assert row.score == pytest.approx(2 / 3)


def test_the_table_keeps_other_weeks(tmp_path: Path) -> None:
    target = tmp_path / "docs" / "mutants.md"
    for week in (2, 1, 2):
        reference = Reference(week, f"of-week-{week}", "", "", "")
        found = [Verdict(reference, Mutant("flat", "", (), ()), "visible", "")]
        table.write(target, found)
    text = target.read_text("utf-8")
    assert text.count("## Week") == 2
    assert text.index("of-week-1") < text.index("of-week-2")
    assert text.count("# Mutants") == 1
    assert "All weeks: 2 mutants, 0 equivalent, 0 accepted, 100.0% refused" in text


@cache
def solutions_of() -> dict[str, list[Reference]]:
    """The right answers to each exercise."""
    found = defaultdict(list)
    for reference in references():
        found[reference.exercise].append(reference)
    return found


@pytest.mark.slow
@pytest.mark.share(1)
@pytest.mark.parametrize(
    "exercise", sorted({cell.exercise for cell in answers("equivalent")})
)
def test_equivalents_belong_to_mutants(exercise: str) -> None:
    """Each one that is listed is still made, and has a reason."""
    made = {
        line
        for reference in solutions_of()[exercise]
        for mutant in mutants(reference.source)
        for line in table.marks_of(mutant)
    }
    for cell in answers("equivalent"):
        if cell.exercise == exercise:
            assert len(cell.words.split()) >= 3, cell.place
            assert {cell.source} <= made or set(cell.source.split("\n")) <= made


@pytest.mark.slow
def test_a_sample_of_mutants_is_refused() -> None:
    """Some of one exercise of each lesson; `make mutants` judges all."""
    lessons = defaultdict(list)
    for cell in answers("right"):
        lessons[cell.place.split(":")[0]].append(cell.exercise)
    chosen = {name for found in lessons.values() for name in Random(1).sample(found, 1)}
    found = list(
        verdicts([ref for ref in references() if ref.exercise in chosen], 5, 1)
    )
    assert len(found) > 4 * len(lessons)
    assert table.Row.of("sample", found).score >= 0.97, table.survivors(found)
