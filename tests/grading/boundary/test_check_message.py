"""Messages of checks, taken apart."""

import pytest

from coursekit.grading.boundary.check_message import EXPLAINED, Block, Said, read
from tests.grading.boundary.feedback_pages import MESSAGE


def test_a_message_with_values() -> None:
    said = read(MESSAGE)
    assert said.case == "one image of 2 × 3 pixels"
    values, mistake, hidden = said.blocks
    assert values.code
    assert values.text.startswith("shuffle_pixels(images, order) with\n    images")
    assert values.text.endswith("got       [[[30 30 30]\n            [50 60 50]]]")
    assert mistake == Block(
        "You read pixels that your loop has already overwritten.", code=False
    )
    assert hidden == Block(EXPLAINED, code=False)


def test_an_error() -> None:
    said = read("✗ f · a case\n  f(1)\n  your function raised E: x\n  on the line  f(")
    assert said.blocks == (
        Block("f(1)", code=True),
        Block("your function raised E: x", code=False),
        Block("on the line  f(", code=True),
    )


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("✗ a: 1 of 3.\n  b = 3 is wrong.", ["1 of 3.", "b = 3 is wrong."]),
        ("✗ a is not written yet: write it.", ["a is not written yet: write it."]),
        ("✗ a · b", []),
        ("✗ a: No.\n  Do it:\n  then you know.", ["No.", "Do it: then you know."]),
    ],
)
def test_sentences(message: str, said: list[str]) -> None:
    assert [(x.text, x.code) for x in read(message).blocks] == [
        (x, False) for x in said
    ]


@pytest.mark.parametrize(
    "message", ["", "NameError: f\n  g", "assert 1 == 2\n", "\n\n"]
)
def test_messages_of_others(message: str) -> None:
    assert read(message) == Said("", (Block(message.strip("\n"), code=True),))


@pytest.mark.parametrize(
    "tail",
    [
        "(a hidden case, seed 2202020364)",
        "(a hidden case, seed 22",
        "(a hidden case, seed",
        "(a hidden case seed: -22)",
        "(A hidden case,\n  seed = 22)",
    ],
)
def test_no_seed_is_told(tail: str) -> None:
    for message in (f"✗ a · b\n  c()\n  {tail}", f"Error: {tail}", tail):
        told = "\n".join(block.text for block in read(message).blocks)
        assert "hidden case" in told
        assert "seed" not in told
        assert "22" not in told
