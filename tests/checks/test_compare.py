"""What counts as the same value, and what is said when it is not."""

from typing import Any

import numpy as np
import pytest
import torch

from coursekit.checks import Check, CheckFailed
from coursekit.checks.compare import alike, compare
from coursekit.checks.core import Cases
from coursekit.checks.expect import Answer, Mistakes, expect
from coursekit.checks.handed import function
from coursekit.checks.oracles import corr1d, layer, summed
from coursekit.checks.show import two_texts


def _message(got: Any, expected: Any, mistakes: Mistakes = ()) -> str:  # noqa: ANN401
    def body(answer: Answer, cases: Cases) -> None:
        expect(answer(), expected, "a case", mistakes)

    with pytest.raises(CheckFailed) as caught:
        Check("compared", (), body).run(lambda: got, seed=0)
    return str(caught.value)


def test_float32_is_right_where_a_sum_cancels() -> None:
    random = np.random.default_rng(0)
    for _ in range(300):
        x, kernel = random.normal(size=(5, 6, 7)), random.normal(size=(3, 5, 4, 4))
        kernel -= kernel.mean(axis=(1, 2, 3), keepdims=True)
        x += 1000.0
        single = torch.nn.functional.conv2d(
            torch.tensor(x).float()[None], torch.tensor(kernel).float()
        )[0].numpy()
        assert compare(single, layer(x, kernel), summed(layer, x, kernel)) is None


def test_a_small_bias_left_out_is_wrong_though_the_sums_are_large() -> None:
    x, w = np.full(80, 9.0), np.full(40, 9.0)
    expected, scale = corr1d(x, w) + 0.01, summed(corr1d, x, w)
    assert compare(expected - 0.01, expected, scale)
    assert not alike(expected - 0.01, expected, scale)
    assert compare(expected - 0.01, expected) is None  # without a scale it is lost


def test_tuples_of_arrays_with_other_shapes_are_alike_part_by_part() -> None:
    one, other = (np.arange(3.0), np.ones(2)), (np.arange(3.0) + 1, np.ones(2))
    assert alike(one, (np.arange(3), [1, 1]))
    assert not alike(one, other)
    assert not alike(one, (*one, np.ones(2)))


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (np.float64(0.5), np.array(0.5)),
        (torch.tensor(0.5), np.array(0.5)),
        (np.array(0.5), 0.5),
        (np.array(5), 5),
        (np.array(True), True),
        (np.array([True]), np.array([True])),
    ],
)
def test_kin_without_axes(got: Any, expected: Any) -> None:  # noqa: ANN401
    got = got.item() if isinstance(got, np.float64) else got
    assert compare(got, expected) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (-5.3e-15, 1.1e-5),
        (1.0, 1.0000001),
        (np.array([1.0, 2.0]), np.array([1.0, 2.0 + 1e-6])),
        (np.array([1e-9]), np.array([0.0])),
        ([1.0, {"a": 2.0}], [1.0, {"a": 2.0 + 1e-9}]),
        (123456789.25, 123456789.5),
    ],
)
def test_what_differs_never_prints_alike(one: Any, other: Any) -> None:  # noqa: ANN401
    first, second = two_texts(one, other)
    assert first != second


def test_big_arrays_show_the_difference() -> None:
    expected = np.ones(200)
    assert "expected 1, got 1.0002 " in _message(expected * 1.0002, expected)


@pytest.mark.parametrize(
    ("got", "expected", "words"),
    [
        ([1.0, 2.0], np.array([1.0, 2.0]), "Make an array of it: np.array(…)."),
        ((1.0, 2.0), (1, 2), "Count in whole numbers"),
        (3.0, 3, "Count in whole numbers"),
        (np.array([1.0, 2.0]), (1, 2), "Count in whole numbers"),
        (np.array([1, 2]), (1, 2), "Make a tuple of it: tuple(…)."),
        (np.int32(-5).item() + 0, 2**32 - 5, "That is an overflow"),
        ({"a": 2**33 % 2**32}, {"a": 2**33}, "That is an overflow"),
        (np.array([300, 5]).astype(np.uint8), np.array([300, 5]), "an overflow"),
        (np.array([-5.0, 5]).astype(np.uint8), np.array([-5, 5]), "an overflow"),
        (10**400, 5.0, "yours gave 10000"),
        ([10**400], (5,), "got       [10000"),
        (None, 5, "Is the `return` missing?"),
        (None, [], "For none, return the empty list, []"),
    ],
)
def test_usual_mistakes(got: Any, expected: Any, words: str) -> None:  # noqa: ANN401
    assert words in _message(got, expected)


def test_who_is_given_tensors_is_asked_for_one() -> None:
    def body(answer: Answer, cases: Cases) -> None:
        expect(answer(torch.ones(2)), torch.ones(2), "a case")

    with pytest.raises(CheckFailed, match=r"(?s)a tensor of shape.*torch\.tensor\(…\)"):
        Check("ones", ("x",), body).run(lambda x: x.tolist(), seed=0)


def test_advice_about_types_is_accepted_when_followed() -> None:
    assert compare(np.array([1, 2]), np.array([1.0, 2.0])) is None
    assert compare(tuple(np.array([1, 2]).tolist()), (1, 2)) is None


def test_a_mistake_that_cannot_be_computed_is_left_out() -> None:
    mistakes: Mistakes = [(None, "never"), (4, "You forgot one.")]
    assert "never" not in _message(None, 5, mistakes)
    assert "never" not in _message(3, 5, mistakes)
    assert "You forgot one." in _message(4, 5, mistakes)


def test_a_check_that_stumbles_says_so() -> None:
    def body(answer: Answer, cases: Cases) -> None:
        expect(answer(), [][1], "a case")

    check = Check("clumsy", (), body)
    with pytest.raises(CheckFailed, match=r"clumsy: the check stumbled .*IndexError"):
        check.run(lambda: 1, seed=0)


def test_a_function_is_handed_over_by_its_name() -> None:
    def body(answer: Answer, cases: Cases) -> None:
        expect(answer(1.0, function("np.negative")), -1.0, "a case")

    check = Check("given", ("x", "g"), body)
    assert check.run(lambda x, g: g(x), seed=0) == 1
    with pytest.raises(CheckFailed, match=r"\(1\.0, np\.negative\)"):
        check.run(lambda x, g: x, seed=0)
    with pytest.raises(KeyError):
        function("np.save")


def test_a_place_is_shown_whole_and_gets_no_index() -> None:
    wrong_number, wrong_kind = compare((1, 2), (3, 2)), compare((1.0, 2), (1, 2))
    assert wrong_number is not None
    assert wrong_number.text == ""
    assert wrong_kind is not None
    assert "Look at [0]: expected a whole number" in wrong_kind.text
