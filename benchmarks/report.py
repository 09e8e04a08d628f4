"""Tables in words and numbers, on the screen and in RESULTS.md."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import LIMIT
from benchmarks.measure import Case, Spread, Turns, Way, ratios

RESULTS = Path(__file__).parent / "RESULTS.md"
GRADING = "## Grading"
HEAD = (
    "| who | ms | time ÷ baseline | CPU time ÷ baseline | a second | "
    "of the limit | target | holds |\n|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True)
class Done:
    """A case that was measured; `turns` includes those of the limit, if it has one."""

    case: Case
    turns: Turns
    limit: Way | None = None


def section(done: Done) -> str:
    """One case as a table in Markdown."""
    lines = [f"### {done.case.name}", "", HEAD]
    lines += [row(done, name) for name in done.case.ways]
    if done.limit is not None:
        speed = done.limit.flops / median(done.turns, LIMIT) / 1e9
        lines += ["", f"The machine's limit in these rounds: {speed:,.0f} GFLOP/s."]
    if done.case.note:
        lines += ["", f"Left out: {done.case.note}."]
    return "\n".join(lines)


def row(done: Done, name: str) -> str:
    """One way to do it: times, ratios, speed and target."""
    way, first = done.case.ways[name], done.case.baseline
    seconds = median(done.turns, name)
    wall = ratios(done.turns, name, first, "wall")
    cpu = ratios(done.turns, name, first, "cpu") if done.case.cpu else None
    cells = [
        name,
        f"{1000 * seconds:,.3g}" if seconds < 1 else f"{1000 * seconds:,.0f}",
        spread(wall) if name != first else "1",
        (spread(cpu) if cpu else "–") if name != first else "1",
        f"{way.items / seconds:,.3g} {done.case.unit}"
        if way.items / seconds < 1000
        else f"{way.items / seconds:,.0f} {done.case.unit}",
        share(done, name),
        "" if way.target is None else f"≤ {way.target:.2f}",
        verdict(way, wall, cpu),
    ]
    return "| " + " | ".join(cells) + " |"


def verdict(way: Way, wall: Spread, cpu: Spread | None) -> str:
    """Whether a target holds, by the clock and by the processor's."""
    if way.target is None:
        return ""
    if cpu is None:
        return yes(wall.median <= way.target)
    by_wall, by_cpu = wall.median <= way.target, cpu.median <= way.target
    if by_wall == by_cpu:
        return yes(by_wall)
    return f"{yes(by_wall)} (CPU time: {yes(by_cpu)})"


def yes(holds: bool) -> str:
    return "yes" if holds else "no"


def share(done: Done, name: str) -> str:
    """Operations a second as a part of those of the best convolution, same rounds."""
    way = done.case.ways[name]
    if done.limit is None or not way.flops:
        return "–"
    wall = ratios(done.turns, LIMIT, name, "wall")
    return f"{wall.median * way.flops / done.limit.flops:.0%}"


def median(turns: Turns, name: str) -> float:
    """Median seconds of one run."""
    return Spread.of(turn.wall for turn in turns[name]).median


def spread(values: Spread) -> str:
    """The median, and the quartiles in brackets."""
    return f"{values.median:.2f} ({values.low:.2f}–{values.high:.2f})"


def document(
    sections: Iterable[str], skipped: Iterable[str], machine: Iterable[str], how: str
) -> str:
    """The whole of RESULTS.md."""
    left_out = [f"- {reason}" for reason in skipped] or ["Nothing."]
    parts = [
        "# Benchmarks",
        "Made by `python -m benchmarks --write`; see `python -m benchmarks --help`. In "
        "each round all take turns on the same work, so a busy machine slows them all. "
        "Ratios are formed in each round: the median, and the quartiles in brackets. "
        "Below 1 is faster than the baseline, which is the first line. The limit is "
        "the best 3×3 convolution, measured in the same rounds: in single precision on "
        "a CPU, so bfloat16 can exceed it, in bfloat16 on a graphics card.",
        how,
        "\n".join(f"- {line}" for line in machine),
        *sections,
        "## Skipped",
        "\n".join(left_out),
    ]
    return "\n\n".join(parts) + "\n"


def grading() -> str:
    """The section on grading in RESULTS.md, which another command writes; or ""."""
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    _, heading, section = text.partition(GRADING)
    return heading + section


def write_grading(text: str) -> None:
    """Put a new section on grading at the end of RESULTS.md."""
    rest = RESULTS.read_text(encoding="utf-8").removesuffix(grading()).rstrip()
    how = "Made by `python -m benchmarks.grading --write`: `coursekit grade` beside"
    how += " nbgrader's autograde, on submissions of week 1 (three notebooks each)."
    parts = [rest, GRADING, how, text]
    RESULTS.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
