"""The page after grading: what it says, and that nothing of a student's acts on it."""

import base64
import hashlib
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.grading.boundary import feedback as module
from coursekit.grading.boundary.feedback import (
    Answer,
    Exercise,
    NotebookFeedback,
    page,
)
from coursekit.grading.boundary.verdict import CRASHED, NOT_RUN, PASSED, TIMED_OUT
from coursekit.grading.boundary.visible import visible
from tests.grading.boundary.feedback_pages import (
    CODE,
    essay,
    failed,
    feedback,
    full,
    lost,
    read,
)

HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<style>body{display:none}</style>",
    '<meta http-equiv="refresh" content="0;url=http://evil.example">',
    "<base href=//evil.example><form action=//evil.example><input name=a></form>",
    "</style><script>alert(1)</script>",
    "</pre></code></div></article></main><script>alert(1)</script>",
    "<!-- <p> --><![CDATA[ x ]]><?php x ?><!doctype x>",
    "<plaintext><textarea><title><noscript><xmp><template>",
    "[x](javascript:alert(1)) [y](JaVaScRiPt:alert(1)) <javascript:alert(1)>",
    "[x](data:text/html,<script>alert(1)</script>) [y](vbscript:x) [z](file:///etc)",
    "[x](&#106;avascript:alert(1)) [y](java\tscript:alert(1)) [z](\x01javascript:x)",
    "![x](javascript:alert(1)) ![y](data:image/svg+xml,<svg/onload=alert(1)>)",
    '![x](http://evil.example/pixel.png "\'onload=alert(1)")',
    '[x](http://e.example/"onmouseover="alert(1)) [y](<http://a b> "q")',
    "[x]: javascript:alert(1)\n\n[x] [x][x] ![x]",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62; &amp;lt;b&amp;gt;",
    "{{ 7 * 7 }} {% include '/etc/passwd' %} {{ feedback.__class__ }} {# x #}",
    "$<script>alert(1)</script>$ $$</code><script>$$ `</code><b>`",
    "| <b> | </td></table> |\n|---|:-:|\n| <script> | [x](javascript:1) |",
    "```html\n</code></pre><script>alert(1)</script>\n```\n\n    </pre>indented",
    "<div\nonclick=alert(1)>\n\n# <h1>\n\n<details open ontoggle=alert(1)>",
    "null \x00 bell \x07 escape \x1b[31m delete \x7f next line \x85",
    "x = 1 # \u202e } { \u2066 isolate \u2069 \u200f mark \ufeff \u200b",
    "half \ud800 of a pair \udfff, and \ufffe and \U0010ffff",
    "\u2028 line \u2029 paragraph \r return \r\n both \v \f",
    "Z" + "\u0301" * 300,
    "> " * 3000 + "deep",
    "- " * 3000 + "deep",
    "\n".join("  " * depth + "- deep" for depth in range(120)),
    "[" * 3000 + "]" * 3000,
    "*_" * 1500,
    "![" * 3000,
    "<" * 3000,
    "`" * 7000 + "x",
    "|" * 15000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_text_everywhere(text: str) -> None:
    made = feedback(
        lost(text, text, text),
        lost(text, f"✗ a · {text}\n  {text}\n  expected  {text}\n  got  {text}"),
        essay(text, text),
        Exercise(text, text, text, 0, 1, (Answer(text, text, elsewhere=text),)),
        remarks=(text,),
    )
    book = NotebookFeedback(text, text, made.exercises, (text,))
    html = page(
        replace(made, course=text, student=text, assignment=text, notebooks=(book,) * 2)
    )
    seen = read(html)
    assert seen.count("style") == seen.count("title") == 1
    assert "49" not in seen.words or "49" in text
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", html
    )


@pytest.mark.parametrize("text", HOSTILE[:24], ids=range(24))
def test_hostile_code_can_be_read_as_it_was_handed_in(text: str) -> None:
    html = page(feedback(lost(text, "✗ a · b\n  c()")))
    assert visible(text) in read(html).texts["pre"]


@settings(max_examples=30, deadline=None)
@given(
    st.text(max_size=300), st.text(alphabet="<>[]()!*_`$|#&;:\\\n \"'-ax1", max_size=80)
)
def test_any_text_is_text(anything: str, marks: str) -> None:
    for text in (anything, marks, marks + anything):
        read(page(feedback(lost(text, text, text), essay(text, text), remarks=(text,))))


def test_an_enormous_text_is_cut_with_a_note() -> None:
    big = "<b>" * 3_500_000
    made = feedback(lost(big, big, big), essay(big, big), remarks=(big,) * 1000)
    html = page(replace(made, student=big, course=big, assignment=big))
    seen = read(html)
    assert len(html) < 2_000_000
    assert seen.words.count("Cut here: the whole has 10,500,000 characters") == 5
    assert "There are 950 more remarks of this kind." in seen.words


def test_a_browser_is_allowed_the_one_style_sheet_alone() -> None:
    html = page(feedback())
    style = re.findall("<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
    policies = [
        given["content"]
        for tag, given in read(html).elements
        if given.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policies == [
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'"
    ]
    assert "url(" not in style[0]
    assert "@import" not in style[0]


def test_what_a_lost_point_is_told() -> None:
    seen = read(page(feedback()))
    for words in (
        "You have 3.5 of 6 points.",
        "Exercise 1.3 · A shuffle that loses pixels",
        "Case: one image of 2 × 3 pixels",
        "You read pixels that your loop has already overwritten.",
        "(a hidden case: the check in your notebook does not try it)",
        "the section “3. Does it matter where a pixel stands?” in From dense to",
        "(1_dense.ipynb)",
        "What your grader says",
    ):
        assert words in seen.words
    assert "expected  [[[30 10 20]\n            [50 60 40]]]" in seen.words
    assert CODE in seen.texts["pre"]
    assert "seed" not in seen.words
    assert "2202020364" not in seen.words
    assert seen.texts["h3"][0].split("\n")[0].endswith("A shuffle that loses pixels")


def test_headings_are_in_order_and_the_page_has_landmarks() -> None:
    made = feedback(remarks=("The cell a stood twice.",))
    seen = read(page(made))
    levels = [int(tag[1]) for tag, _ in seen.elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    for landmark in ("header", "main", "footer"):
        assert seen.count(landmark) == 1
    assert ("html", {"lang": "en"}) in seen.elements
    heads = [given for tag, given in seen.elements if tag == "th"]
    assert all("scope" in given for given in heads)
    places = [given["id"] for _, given in seen.elements if "id" in given]
    inside = [x["href"][1:] for _, x in seen.elements if x.get("href", "")[:1] == "#"]
    assert len(places) == len(set(places))
    assert set(inside) <= set(places)
    names = {x["aria-labelledby"] for _, x in seen.elements if "aria-labelledby" in x}
    assert names <= set(places)


def test_all_points() -> None:
    seen = read(page(feedback(full("1.1"), full("1.2"))))
    assert "You have all 2 points." in seen.words
    assert seen.count("h2") == 1
    assert "To read again" not in seen.words


def test_one_point() -> None:
    assert "You have all 1 point." in read(page(feedback(full("1.1")))).words


@pytest.mark.parametrize("books", [(), (NotebookFeedback("a", "A", ()),)])
def test_no_exercises(books: tuple[NotebookFeedback, ...]) -> None:
    seen = read(page(feedback(notebooks=books, remarks=("No notebook was there.",))))
    assert "There was nothing to grade here." in seen.words
    assert "No notebook was there." in seen.words
    assert seen.count("table") == 0


def test_forty_exercises_in_two_notebooks() -> None:
    made = tuple(replace(lost(), number=f"1.{n}") for n in range(20))
    books = (NotebookFeedback("a", "A", made), NotebookFeedback("b", "B", made))
    seen = read(page(feedback(notebooks=books)))
    assert seen.count("article") == 40
    places = [given["id"] for _, given in seen.elements if "id" in given]
    assert len(places) == len(set(places))


def test_an_answer_waits_for_a_person() -> None:
    seen = read(page(feedback(full("1.1"), replace(essay(), points=None))))
    assert "You have 1 of 4 points so far." in seen.words
    assert "3 points wait for a person to read your answer." in seen.words
    assert "not yet, of 3" in seen.words
    assert "To read again" not in seen.words


def test_a_late_hand_in() -> None:
    seen = read(page(feedback(full("1.1"), full("1.2"), late_penalty=0.5)))
    assert "You have 1.5 of 2 points." in seen.words
    assert "It came late, and 0.5 points were taken off for that." in seen.words
    assert "−0.5" in seen.words
    seen = read(page(feedback(full("1.1"), late_penalty=1)))
    assert "You have 0 of 1 point." in seen.words
    assert "1 point was taken off" in seen.words
    assert feedback(full("1.1"), late_penalty=5).points == 0


def test_points_that_a_person_set() -> None:
    one = replace(lost(), points=2, settled=True)
    seen = read(page(feedback(one)))
    assert "You have all 2 points." in seen.words
    assert "The points of this exercise were set by a person" in seen.words
    assert "Case: one image" in seen.words


def test_how_it_happened_is_a_sentence() -> None:
    """And no code, unless it comes with a traceback."""
    for message, pieces in (("It ended by itself.", 1), ("It broke.\nTraceback", 2)):
        verdicts = (failed(message, CRASHED),)
        seen = read(page(feedback(replace(lost(), verdicts=verdicts))))
        assert len(seen.texts["pre"]) == pieces  # one is the answer
        assert message in seen.words


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (CRASHED, "Your answer ended the program that ran it."),
        (TIMED_OUT, "Your answer took longer than it was given time for."),
        (NOT_RUN, "This could not be checked."),
        ("failed", "The check did not pass, and gave no reason."),
    ],
)
def test_what_happened_without_a_message(state: str, words: str) -> None:
    seen = read(page(feedback(replace(lost(), verdicts=(failed("", state),)))))
    assert words in seen.words


def test_a_check_that_passed_is_not_explained() -> None:
    passed = failed("never shown", PASSED)
    assert (
        "never shown"
        not in read(page(feedback(replace(lost(), verdicts=(passed,))))).words
    )


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer("a", missing=True), "This cell was not in what you handed in."),
        (Answer("a", "x", untouched=True), "This cell is as it was handed out"),
        (Answer("a", " \n"), "This cell is empty."),
    ],
)
def test_an_answer_that_is_not_there(answer: Answer, words: str) -> None:
    """What a check says of it would not help anybody."""
    seen = read(page(feedback(replace(lost(), answers=(answer,)))))
    assert words in seen.words
    assert "What the check found" not in seen.words
    beside = (answer, Answer("b", "f = 1", elsewhere="exercise 1.2"))
    seen = read(page(feedback(replace(lost(), answers=beside))))
    assert words in seen.words
    assert "What the check found" in seen.words


def test_a_notebook_that_was_not_handed_in() -> None:
    """Its exercises count, and that it is missing is said once."""
    here = NotebookFeedback("1_one", "One", (full("1.1"),))
    made = NotebookFeedback("2_two", "Two", (lost(),), missing=True)
    seen = read(page(feedback(notebooks=(here, made))))
    assert "2_two.ipynb was not handed in." in seen.words
    assert "Two (not handed in)0 of 2" in seen.words.replace("\n", "")
    assert "You have 1 of 3 points." in seen.words
    assert seen.count("h3") == 0


def test_several_answers_are_told_apart() -> None:
    answers = (Answer("a", "1"), Answer("b", "2", elsewhere="exercise 1.2"))
    seen = read(page(feedback(replace(lost(), answers=answers))))
    assert seen.texts["h4"][1:] == [
        "Your answer in the cell a",
        "Your answer to exercise 1.2, which this one uses",
    ]


@pytest.mark.parametrize(
    ("points", "text"),
    [(0, "0"), (1, "1"), (2.5, "2.5"), (1 / 3, "0.33"), (10, "10"), (-0.001, "0")],
)
def test_numbers_of_points(points: float, text: str) -> None:
    assert module.count(points) == text


def test_nearly_all_points_are_all() -> None:
    thirds = [
        replace(full(str(n)), points=x, of=1 / 3) for n, x in enumerate([1 / 3] * 3)
    ]
    made = feedback(*thirds)
    assert "You have all 1 point." in read(page(made)).words
    assert not replace(full("1"), points=0.1 + 0.2, of=0.3).lost


def test_remarks_name_their_notebook() -> None:
    book = NotebookFeedback("a", "A", (), ("A cell is gone.",))
    seen = read(page(feedback(notebooks=(book, replace(book, remarks=())))))
    assert "In a.ipynb: A cell is gone." in seen.words


def luminance(colour: str) -> float:
    """How light a colour is, as WCAG 2 reckons it."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * x for x in colour[1:])
    channels = [int(digits[k : k + 2], 16) / 255 for k in (0, 2, 4)]
    linear = [
        x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_text_has_enough_contrast() -> None:
    style = (module.HERE / "feedback.css").read_text("utf-8")
    schemes = [
        dict(re.findall(r"--(\w+): (#\w+);", block))
        for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    ]
    assert len(schemes) == 3  # light, dark, paper
    for colours in schemes:
        for text in ("ink", "soft", "link", "lost"):
            for ground in ("page", "box"):
                a, b = sorted(map(luminance, (colours[text], colours[ground])))
                assert (b + 0.05) / (a + 0.05) >= 4.5, (text, ground, colours)
