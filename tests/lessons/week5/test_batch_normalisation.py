"""What the demonstrations of "Batch normalisation" must show."""

import itertools

import numpy as np
import pytest
import torch

from coursekit import explore
from coursekit.checks.week5 import batch_normalisation as checked
from coursekit.runs import results
from tests.lessons.demonstrations import Lesson, left_by

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(5, "batch_normalisation")


@pytest.fixture(scope="module")
def real(lesson: Lesson) -> Lesson:
    """The lesson, when it has run on MNIST."""
    if lesson["digits"].stand_in:
        pytest.skip("MNIST cannot be had here")
    return lesson


def test_the_numbers_of_a_layer_drift_and_spread(real: Lesson) -> None:
    mean, deviation = real["drift"].unbind(1)
    grown = deviation[-1] / deviation[0]
    assert grown.mean().item() == pytest.approx(3.4, abs=0.3)
    assert grown.min() > 1.5
    moved = (mean.amax(0) - mean.amin(0)) / deviation[0]
    assert (moved[:3] > 1).all(), "the channels that are shown"


def test_what_standardising_the_inputs_does_to_the_valley(lesson: Lesson) -> None:
    raw, centred, standard = lesson["steeper"].values()
    assert raw > 10_000
    assert 50 < centred < 200
    assert standard < 1.5


def test_the_gradient_loses_its_mean_and_what_is_along_x_hat(lesson: Lesson) -> None:
    assert lesson["delta"].sum(0).abs().max() > 1
    assert lesson["total"].abs().max() < 1e-12
    assert lesson["along"].abs().max() < 1e-4


def test_equal_growth_of_a_batch_changes_nothing(lesson: Lesson) -> None:
    some, layer = lesson["some"].detach(), lesson["layer"]
    stretched = some.mean(0) + 3 * (some - some.mean(0))
    for other in (some + 2, stretched):
        torch.testing.assert_close(layer(other), layer(some), rtol=1e-4, atol=1e-4)


def company(lesson: Lesson, seed: int) -> dict[str, float]:
    """What a network reads: in both kinds of batches, evaluated, measured again."""
    torch.manual_seed(seed)
    model = lesson["network"](["norm", "relu"])
    lesson["losses_of"](model, lesson["x"], lesson["t"], 0.03, 32)
    right, mixed = lesson["right_part"], lesson["mixed"]
    again = lesson["measured_again"](model, lesson["x"])
    return {
        "mixed": right(model, mixed, training=True),
        "sorted": right(model, lesson["in_order"], training=True),
        "running": right(model, mixed, training=False),
        "again": right(again, mixed, training=False),
    }


@pytest.mark.parametrize("seed", range(3))
def test_the_company_counts_and_running_statistics_lag(real: Lesson, seed: int) -> None:
    found = company(real, seed)
    assert found["mixed"] == pytest.approx(0.8, abs=0.03)
    assert found["sorted"] < 0.72 < 0.77 < found["mixed"]
    assert found["again"] == pytest.approx(found["mixed"], abs=0.025)
    assert 0.69 < found["running"] < found["again"] - 0.03
    assert found["again"] < 0.82


def test_measured_again_are_mean_and_variance_of_all_images(lesson: Lesson) -> None:
    x, model = lesson["x"][:300], lesson["model"]
    again = lesson["measured_again"](model, x)
    with torch.no_grad():
        first = model[0](x)
        last = again[:11](x)  # as far as the last normalisation
        expected = again[11](last)
    for norm, maps in ((again[1], first), (again[12], expected)):
        mean = maps.mean((0, 2, 3))
        torch.testing.assert_close(norm.running_mean, mean, rtol=1e-3, atol=1e-3)
    assert not any(part.training for part in again.modules())


def test_both_conventions_are_one_rule(lesson: Lesson) -> None:
    new, past, slide = (np.array(path) for path in lesson["paths"].values())
    np.testing.assert_allclose(new, past)
    assert slide[31:].std() > 3 * new[31:].std()
    assert round(0.9**10, 2) == 0.35


def test_a_biased_variance_of_two_is_half_of_the_true_one() -> None:
    pairs = np.random.default_rng(0).normal(0, 1, (20_000, 2))
    assert pairs.var(axis=1).mean() == pytest.approx(0.5, abs=0.02)
    assert pairs.var(axis=1, ddof=1).mean() == pytest.approx(1, abs=0.04)


def test_the_friends_have_the_faults_that_the_text_tells(lesson: Lesson) -> None:
    friends = {fault: letter for letter, fault in lesson["secret"].items()}
    assert [friends[fault] for fault in lesson["faults"]] == list("CBAED")
    make, two = lesson["Friend"], torch.tensor([[3.0], [7.0]])
    shown = {fault: make(letter)(two) for fault, letter in friends.items()}
    assert shown["none"][1].item() == pytest.approx(1, abs=1e-3)
    assert shown["unbiased"][1].item() == pytest.approx(0.71, abs=0.01)
    close = torch.tensor([[1.0], [1.001]])
    assert make(friends["none"])(close).abs().max() < 0.2
    assert make(friends["outside"])(close).abs().max() > 0.9
    fresh = {fault: make(letter).eval()(two) for fault, letter in friends.items()}
    assert (fresh["company"] - two).abs().max() > 1
    assert all((fresh[f] - two).abs().max() < 0.01 for f in fresh if f != "company")
    after = make(friends["past"])
    after(two)
    assert after.mean.item() == pytest.approx(4.5)


def test_folded_the_scores_are_the_same(lesson: Lesson) -> None:
    with torch.no_grad():
        scores = lesson["model"](lesson["x_held"])
    assert lesson["gap"] < 1e-5 * max(1, float(scores.abs().max()))
    plain, folded = lesson["counts"]
    assert plain - folded == 64 - 32


def test_normalised_networks_bear_larger_rates(real: Lesson) -> None:
    worth = real["worth"]
    assert min(worth["without", 0.03]) > 0.6
    assert max(worth["without", 0.3]) < 0.15
    assert max(worth["without", 0.1]) < 0.65
    for rate in real["all_rates"]:
        assert 0.72 < min(worth["before", rate]) < max(worth["before", rate]) < 0.84
    assert min(worth["after", 0.03]) > 0.78 < min(worth["after", 0.1])


def test_normalised_networks_learn_faster(real: Lesson) -> None:
    late = {
        name: [np.mean(losses[-20:]) for losses in found]
        for name, found in real["curves"].items()
    }
    assert max(late["before"]) < 0.7 < 0.8 < min(late["without"])


def test_the_lead_of_an_order_is_no_larger_than_the_spread(real: Lesson) -> None:
    """Over six seeds, three of which the notebook has run."""
    rights = {
        (name, rate): [
            *real["worth"][name, rate],
            *(real["run"](real["orders"][name], rate, seed)[0] for seed in (3, 4, 5)),
        ]
        for name in ("before", "after")
        for rate in real["all_rates"]
    }
    for rate, lead in {0.03: 0.03, 0.1: 0.04, 0.3: -0.015}.items():
        before, after = rights["before", rate], rights["after", rate]
        assert np.mean(after) - np.mean(before) == pytest.approx(lead, abs=0.04)
    spreads = [max(found) - min(found) for found in rights.values()]
    assert 0.035 < min(spreads) < max(spreads) < 0.14


def test_later_the_order_makes_little_difference(real: Lesson) -> None:
    found: dict[str, list[float]] = {"before": [], "after": []}
    for name, seed in itertools.product(found, range(3)):
        torch.manual_seed(seed)
        model = real["network"](real["orders"][name])
        for _ in range(4):
            real["losses_of"](model, real["x"], real["t"], 0.03, 32)
        again = real["measured_again"](model, real["x"])
        found[name].append(real["right_part"](again, real["mixed"], training=False))
    assert abs(np.mean(found["after"]) - np.mean(found["before"])) < 0.04
    assert 0.84 < min(map(min, found.values())) < max(map(max, found.values())) < 0.925


def test_shaken_networks_learn_as_well(real: Lesson) -> None:
    worth = real["worth"]
    assert min(real["shaken"]) > max(worth["without", 0.1]) + 0.1
    assert np.mean(real["shaken"]) > np.mean(worth["before", 0.1]) - 0.03


def test_batches_of_two_hurt_and_others_help(real: Lesson) -> None:
    found, pairs = real["by_size"], real["for_pairs"]
    assert min(found["batch"][8] + found["batch"][64]) > 0.65
    assert np.mean(found["batch"][2]) < np.mean(found["without"][2])
    assert 0.27 < min(found["batch"][2]) < max(found["batch"][2]) < 0.43
    assert min(pairs["layer"] + pairs["group"]) > 0.6


def test_of_two_numbers_one_bit_is_left(lesson: Lesson) -> None:
    layer = torch.nn.BatchNorm1d(1)
    for high in (7.0, 1e6):
        out = layer(torch.tensor([[3.0], [high]]))
        torch.testing.assert_close(
            out, torch.tensor([[-1.0], [1.0]]), atol=1e-3, rtol=0
        )


def test_the_statement_of_the_build_has_the_numbers_of_its_check() -> None:
    assert (checked.GOAL, round(checked.GOAL - checked.LUCK, 2)) == (0.52, 0.50)
    sizes = (checked.INPUTS, checked.DEPTH, checked.WIDTH, checked.STEPS)
    assert sizes == (64, 3, 48, 250)
    assert (checked.FRESH, checked.LARGER, checked.RATE) == (400, (2, 6, 20), 0.01)
    held = (checked.LOUDER, checked.PAIRS, checked.TWICE)
    assert held == (20, 200, 2)


def test_the_paper_s_first_experiment_in_the_kept_results() -> None:
    """The rows of section 6: errors after 12,500, 25,000 and 50,000 steps."""
    kept = results.read(results.RESULTS)
    found = {}
    for recipe in ("sigmoid-mlp", "sigmoid-mlp-bn"):
        runs = [run for run in kept if run.recipe == recipe]
        assert sorted(run.seed for run in runs) == [0, 1, 2]
        table = np.array([run.history for run in runs])
        errors = {
            int(step): sorted(round(float(error), 1) for error in table[:, at, 2])
            for at, step in enumerate(table[0, :, 0])
        }
        rows = [errors[step] for step in (12_500, 25_000, 50_000)]
        found[recipe] = [(row[0], row[-1]) for row in rows]
        losses = table[:, -1, 1]
        assert np.allclose(
            losses, 0.003 if recipe == "sigmoid-mlp" else 0.0106, atol=2e-4
        )
    assert found["sigmoid-mlp"] == [(3.0, 3.1), (2.6, 2.9), (2.6, 2.8)]
    assert found["sigmoid-mlp-bn"] == [(2.9, 3.1), (2.2, 2.4), (2.1, 2.2)]


def test_what_the_sliders_show() -> None:
    company = {size: explore.normalising(size=size).after[0] for size in (16, 4, 2, 1)}
    assert list(company.values()) == pytest.approx([0.85, 0.62, 1, 0], abs=0.005)
    for shift, stretch in itertools.product((-3, 5), (1, 3)):
        moved = explore.normalising(shift, stretch)
        assert moved.after[0] == pytest.approx(company[16], abs=1e-4)
    assert not explore.normalising(stretch=0).after.any()
    later = explore.normalising(shift=5, training=False)
    assert later.after.mean() == pytest.approx(1.53, abs=0.005)
    for size in company:
        moved = explore.normalising(shift=5, size=size, training=False)
        assert moved.after[0] == pytest.approx(2.40, abs=0.005)
