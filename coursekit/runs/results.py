"""Results as one file: what was trained, on what, how long, and the error."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from coursekit.files import replacing

RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class FinishedRun:
    """One finished run; errors in %, `history` a row (step, loss, test error) a check.

    `seconds` is the time of training itself, `alongside` the number of runs that shared
    the device with it.
    """

    recipe: str
    seed: int
    steps: int
    test_error: float
    train_error: float
    seconds: float
    alongside: int
    hardware: str
    precision: str
    torch: str
    date: str
    history: tuple[tuple[int, float, float], ...]


def read(path: Path) -> list[FinishedRun]:
    """The results in a file; none if it does not exist."""
    if not path.exists():
        return []
    return [_result(row) for row in json.loads(path.read_text("utf-8"))]


def _result(row: dict) -> FinishedRun:
    history = tuple((step, loss, error) for step, loss, error in row.pop("history"))
    return FinishedRun(**row, history=history)


def write(results: Iterable[FinishedRun], path: Path) -> None:
    """Write the file so that a process that is killed cannot spoil it."""
    rows = [asdict(result) for result in results]
    with replacing(path) as partial:
        partial.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


def merge(files: Iterable[Path], path: Path) -> list[FinishedRun]:
    """Add the results of other files; a later run of a recipe and seed replaces."""
    newest: dict[tuple[str, int], FinishedRun] = {}
    for result in [*read(path), *(r for file in files for r in read(file))]:
        key = (result.recipe, result.seed)
        if key not in newest or newest[key].date <= result.date:
            newest[key] = result
    merged = [newest[key] for key in sorted(newest)]
    write(merged, path)
    return merged
