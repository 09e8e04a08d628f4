"""Attacks by the whole notebook, or on readers, in one class that is graded at once."""

from collections import Counter

import pytest

from tests.attacks import school
from tests.attacks.course import POINTS
from tests.attacks.pages import TEXTS, acting
from tests.attacks.school import FILES, WHOLE, Class, student

pytestmark = [pytest.mark.slow, pytest.mark.notebook]


@pytest.fixture(scope="module")
def graded(
    bwrap: None,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Class:
    """The class with all attacks that are asked for, graded."""
    items = [x for x in request.session.items if x.path == request.path]
    cases = [getattr(item, "callspec", None) for item in items]
    asked = {case.params["name"] for case in cases if case}
    attacks = [name for name in school.ATTACKS if name in asked]
    return school.graded(tmp_path_factory.mktemp("course"), attacks)


def test_honest_students_get_their_points(graded: Class) -> None:
    honest = [name for name in graded.rows if name.endswith("honest")]
    assert len(honest) >= 2
    for name in honest:
        score = graded.rows[name].score
        assert score, graded.rows[name]
        assert score.points == WHOLE
    assert graded.seconds < 60 * len(graded.rows)


def test_nothing_of_others_was_changed(graded: Class) -> None:
    assert {path: path.read_bytes() for path in graded.before} == graded.before


@pytest.mark.share(8)
@pytest.mark.parametrize("name", FILES)
def test_a_notebook_reaches_nothing(graded: Class, name: str) -> None:
    """It is graded as far as it can be read, or refused with a reason."""
    assert not [*graded.harm(name)]
    row = graded.rows.get(student(name))
    assert row is None or row.score or row.messages, row


@pytest.mark.share(4)
@pytest.mark.parametrize("name", TEXTS)
def test_nothing_acts_in_what_readers_see(graded: Class, name: str) -> None:
    assert not [*graded.harm(name)]
    score = graded.rows[student(name)].score
    assert score, graded.rows[student(name)]
    assert score.points == WHOLE - POINTS
    assert "alert" not in TEXTS[name] or "alert" in graded.feedback(student(name))


def test_what_acts_is_found() -> None:
    """Else all of the above would pass: as HTML, most of the texts act."""
    assert acting("<p onclick='x'>") == Counter({"onclick": 1})
    harmless = [name for name, text in TEXTS.items() if not acting(text)]
    assert len(harmless) < len(TEXTS) / 2, harmless
