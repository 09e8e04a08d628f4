"""The page that tells of the attacks."""

from pathlib import Path

import pytest

from tests.attacks import __main__ as command
from tests.attacks import kept, table
from tests.attacks.table import Outcome

HERE = [Outcome("Lies", "a", False, "earns nothing"), Outcome("Lies", "b", False, "-")]
HERE += [Outcome("Links", "c|d", True, "a | b\n c")]
STOCK = [Outcome("Lies", "a", True, "earns 2 points")]
STOCK += [Outcome("Links", "c|d", None, "it would harm the machine")]


def test_families_and_totals() -> None:
    page = table.markdown(HERE, STOCK)
    assert "**Let through: here 1 of 3, stock nbgrader 1 of 1.**" in page
    assert "| a | earns nothing | **let through**: earns 2 points |" in page
    assert "| b | - | not run yet |" in page
    assert table.UNFINISHED in page
    assert "not run: it would harm the machine" in page
    assert page.index("## Lies") < page.index("## Links")


def test_a_cell_of_the_table_stays_one() -> None:
    assert HERE[2].told == "**let through**: a \\| b c"


def test_every_attack_has_a_name_of_its_own() -> None:
    names = [name for family in command.FAMILIES.values() for name in family]
    assert len(names) == len(set(names)) > 200
    assert not command.HARSH - set(names)


def test_what_is_kept_counts_for_the_same_attack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "PATH", tmp_path / "build" / "attacks.jsonl")
    assert kept.outcome("a script") is None
    found = Outcome("HTML and Markdown", "a script", True, "acts")
    kept.keep(found)
    assert kept.outcome("a script") == found
    monkeypatch.setitem(kept.pages.TEXTS, "a script", "another one")
    assert kept.outcome("a script") is None
