"""Odd characters are made visible, all others stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.grading.boundary.visible import cut, one_line, visible


@pytest.mark.parametrize(
    "text",
    ["", "a\tb\nc", "naïve π × 3", "שלום عربى", "می\u200cخواهم", "👩\u200d🔬", "⟨U+0⟩"],
)
def test_writing_stays(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x00", "⟨U+0000⟩"),
        ("\x1b[1m", "⟨U+001B⟩[1m"),
        ("a\u202eb\u2066", "a⟨U+202E⟩b⟨U+2066⟩"),
        ("\u200b\ufeff", "⟨U+200B⟩⟨U+FEFF⟩"),
        ("\ud83d", "⟨U+D83D⟩"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("\ufdd0\uffff", "⟨U+FDD0⟩⟨U+FFFF⟩"),
        ("a\r\nb\rc", "a\nb\nc"),
    ],
)
def test_odd_characters(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_can_be_written(text: str) -> None:
    shown = visible(text)
    shown.encode("utf-8")
    assert visible(shown) == shown


def test_cut() -> None:
    assert cut("abc", 3) == ("abc", "")
    text, note = cut("x" * 12_345, 3)
    assert text == "xxx"
    assert "12,345" in note


def test_one_line() -> None:
    assert one_line(" a\n\n b\x00", 20) == "a b⟨U+0000⟩"
    assert one_line("x" * 1000, 10) == "x" * 9 + "…"
