"""The journal: lines that are cut short or changed count as none."""

import errno
import os
from pathlib import Path

import pytest

from coursekit.grading import journal
from coursekit.grading.journal import JOURNAL

RECORD = {"student": "Zoë", "points": 0.1 + 0.2, "by_hand": None}


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    assert list(journal.lines(tmp_path)) == []
    journal.append(tmp_path, RECORD)
    journal.append(tmp_path, {"student": "bob"})
    assert list(journal.lines(tmp_path)) == [RECORD, {"student": "bob"}]


@pytest.mark.parametrize("kept", [1, 30, -2, -1])
def test_a_line_that_was_cut_short(tmp_path: Path, kept: int) -> None:
    """Costs no other line; a line that lacks only its end of line is whole."""
    journal.append(tmp_path, RECORD)
    path = tmp_path / JOURNAL
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:kept])
    journal.append(tmp_path, {"student": "bob"})
    between = RECORD if kept == -1 else None
    assert list(journal.lines(tmp_path)) == [RECORD, between, {"student": "bob"}]


@pytest.mark.parametrize(
    "other", [b"[]", b"{}", b'{"sha256": 1, "record": {}}', b"[" * 100_000, b"\xff"]
)
def test_a_line_that_is_no_record(tmp_path: Path, other: bytes) -> None:
    journal.append(tmp_path, RECORD)
    path = tmp_path / JOURNAL
    changed = path.read_bytes().replace(b"0.3", b"9.3")
    path.write_bytes(changed + other + b"\n")
    assert list(journal.lines(tmp_path)) == [None, None]


def test_a_disk_that_takes_it_in_pieces_and_is_full_for_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda file, content: write(file, content[:7]))
        journal.append(tmp_path, RECORD)
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", part_of_it)
        with pytest.raises(OSError, match="No space"):
            journal.append(tmp_path, RECORD)
    journal.append(tmp_path, RECORD)
    assert list(journal.lines(tmp_path)) == [RECORD, RECORD]


def part_of_it(file: int, content: bytes) -> int:
    """A full disk."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
