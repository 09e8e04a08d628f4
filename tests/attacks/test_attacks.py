"""Each attack is handed in beside honest answers, between two honest students.

It earns nothing, costs nobody else a point, reads and writes nothing that is not its
own, and leaves no process behind.
"""

from collections.abc import Iterator

import pytest

from tests.attacks.course import CHECKS, HONEST, POINTS
from tests.attacks.grader import Grader, opened, points
from tests.attacks.programs import ATTACKS

WHOLE = dict.fromkeys(HONEST, POINTS)


@pytest.fixture(scope="module")
def grader(bwrap: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grader]:
    """A court for all attacks."""
    with opened(tmp_path_factory.mktemp("source")) as made:
        yield made


def test_honest_answers_get_their_points(grader: Grader) -> None:
    assert points(grader.report(HONEST)) == WHOLE


def test_no_answers_get_none(grader: Grader) -> None:
    assert points(grader.report({})) == dict.fromkeys(HONEST, 0)


def test_a_check_that_believes_a_size_takes_no_more_than_its_memory(
    grader: Grader,
) -> None:
    """The check makes as many numbers as the answer says; the machine must live on."""
    trusting = CHECKS | {"double": "assert len(bytearray(double([1]))) == 2"}
    greedy = HONEST | {"double": "def double(xs):\n    return 10**11"}
    assert points(grader.report(greedy, trusting)) == WHOLE | {"double": 0}


@pytest.mark.slow
@pytest.mark.share(16)
@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_earns_nothing_and_harms_nobody(grader: Grader, name: str) -> None:
    harm, _ = grader.tried(name)
    assert not harm
