"""The benchmark of grading: what commands need, and its section in RESULTS.md."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import grading, processes, report
from benchmarks.grading import MB, OURS, STOCK, Road
from benchmarks.processes import Needed

WORK = """
import subprocess, sys, time
held = bytearray({size})
end = time.process_time() + 0.3
while time.process_time() < end: pass
if {deeper!r}: subprocess.run([sys.executable, "-c", {deeper!r}], check=True)
time.sleep(1)
"""


@pytest.mark.slow
def test_what_a_command_and_its_children_need(tmp_path: Path) -> None:
    child = WORK.format(size=90 * MB, deeper="")
    code = WORK.format(size=60 * MB, deeper=child)
    seen = iter([0, 0])
    needed = processes.run(
        [sys.executable, "-c", code], tmp_path, lambda: next(seen, 1), [1, 2]
    )
    assert 150 * MB < needed.peak < 400 * MB
    assert 0.6 <= needed.cpu < 20
    assert needed.wall > 2
    assert sorted(needed.peaks) == [1, 2]


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no gradebook')"]
    with pytest.raises(subprocess.CalledProcessError) as caught:
        processes.run(command, tmp_path, lambda: 0)
    assert "no gradebook" in caught.value.output


def test_the_table_compares_with_stock() -> None:
    roads = [
        Road(STOCK, 2, Needed(wall=60, cpu=100, peaks={0: 900 * MB})),
        Road(OURS, 40, Needed(wall=60, cpu=80, peaks={4: 700 * MB, 40: 701 * MB})),
    ]
    ours = grading.table(roads).splitlines()[-1]
    assert ours == "| coursekit grade | 40 | 40.0 | 20.0 | 2.0 | 25.0 | 701 |"
    assert "700 MB after 4, 701 MB after 40 submissions" in grading.memory(roads[1])


def test_the_other_benchmarks_leave_the_section_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "RESULTS", tmp_path / "RESULTS.md")
    assert report.grading() == ""
    report.RESULTS.write_text("# Benchmarks\n\nothers\n", encoding="utf-8")
    for text in ("first", "second"):
        report.write_grading(text)
    whole = report.RESULTS.read_text(encoding="utf-8")
    assert whole.startswith("# Benchmarks\n\nothers\n\n## Grading\n")
    assert whole.endswith("\n\nsecond\n")
    assert "first" not in whole
    assert report.grading().startswith("## Grading\n")
