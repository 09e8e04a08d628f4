"""What the demonstrations of "The training loop" must show."""

import math
from collections.abc import Iterator
from itertools import islice

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit import train
from coursekit.authoring import source
from coursekit.checks.week3 import training_loop as checked
from coursekit.models.small_cnn import SmallCNN
from tests.lessons.demonstrations import Lesson, left_by, path

pytestmark = pytest.mark.slow
CHANCE = math.log(10)


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(3, "training_loop")


@pytest.fixture(scope="module")
def real(lesson: Lesson) -> Lesson:
    """The lesson, when it has run on MNIST."""
    if lesson["digits"].stand_in:
        pytest.skip("MNIST cannot be had here")
    return lesson


def test_the_ten_lines_learn_to_read(lesson: Lesson) -> None:
    assert lesson["right"] > 0.85


def ten_lines() -> tuple[list[str], int]:
    """The cell with the ten lines from the start, and where they begin."""
    for cell in source.read(path(3, "training_loop")).cells:
        lines = cell.source.splitlines()
        found = [n for n, line in enumerate(lines) if line.startswith("optimiser =")]
        if cell.is_code and found:
            assert lines[found[0] + 9].strip() == "model.eval()", "ten lines"
            return lines, found[0]
    raise LookupError("the ten lines")


def without(line: int, lines: list[str]) -> str:
    """The cell when a line is lost; what was inside of it moves out."""
    lost, rest = lines[line], lines[line + 1 :]
    depth = len(lost) - len(lost.lstrip())
    if lost.strip().startswith("for "):
        inside = [n for n, each in enumerate(rest) if each[: depth + 1].isspace()]
        rest = [each[4:] if n in inside else each for n, each in enumerate(rest)]
    return "\n".join([*lines[:line], *rest])


def test_what_happens_when_one_of_the_ten_lines_is_lost(lesson: Lesson) -> None:
    """Five raise an error, three learn nothing, two change nothing."""
    kept = ("x", "t", "x_held", "t_held", "torch", "F", "SmallCNN")
    lines, first = ten_lines()
    whole = {name: lesson[name] for name in kept}
    exec("\n".join(lines), whole)
    missing, silent = [], {}
    for line in range(first, first + 10):
        left = {name: lesson[name] for name in kept}
        try:
            exec(without(line, lines), left)
        except NameError:
            missing.append(lines[line].split()[0])
        else:
            silent[lines[line].strip()] = (left["loss"].item(), left["right"].item())
    assert missing == ["optimiser", "for", "for", "scores", "loss"]
    same = (whole["loss"].item(), whole["right"].item())
    assert silent["model.train()"] == silent["model.eval()"] == same
    for lost in ("loss.backward()", "optimiser.step()"):
        assert abs(silent[lost][0] - CHANCE) < 0.03
    assert silent["optimiser.zero_grad()"][0] > CHANCE
    assert all(found == same or found[1] < 0.2 for found in silent.values())


def test_without_its_optimiser_line_a_second_run_trains_the_old_model(
    lesson: Lesson,
) -> None:
    kept = ("x", "t", "x_held", "t_held", "torch", "F", "SmallCNN")
    lines, first = ten_lines()
    names = {name: lesson[name] for name in kept}
    exec("\n".join(lines), names)
    exec(without(first, lines), names)
    assert abs(names["loss"].item() - CHANCE) < 0.03
    exec("\n".join(lines), names)
    assert names["right"] > 0.85


def test_the_numbers_of_the_small_example() -> None:
    z = torch.tensor([2.0, 1.0, -1.0])
    np.testing.assert_allclose(z.softmax(0), [0.705, 0.259, 0.035], atol=6e-4)
    losses = [-z.log_softmax(0)[label].item() for label in range(3)]
    np.testing.assert_allclose(losses, [0.35, 1.35, 3.35], atol=5e-3)
    assert round(-math.log(0.5), 2) == 0.69
    assert round(-math.log(0.001), 1) == 6.9
    (slopes,) = torch.autograd.functional.jacobian(
        lambda z: F.cross_entropy(z, torch.tensor([2])), z[None]
    )
    np.testing.assert_allclose(slopes, [0.705, 0.259, -0.965], atol=6e-4)


def test_the_first_loss_is_that_of_knowing_nothing(lesson: Lesson) -> None:
    assert max(abs(loss - CHANCE) for loss in lesson["first_losses"]) < 0.02
    assert np.isinf(lesson["powers"]).all()


def test_momentum_reaches_the_bottom_in_half_the_steps(lesson: Lesson) -> None:
    near = {
        name: int((np.linalg.norm(places, axis=1) < 0.01).argmax())
        for name, places in lesson["paths"].items()
    }
    assert list(near.values()) == [87, 40, 22]
    plain, same, larger = (places[1:, 1] for places in lesson["paths"].values())
    assert np.abs(plain).max() == np.abs(same).max() < 2
    assert np.abs(larger).max() > 3.5, "it swings wider"
    assert (np.diff(np.sign(larger[:10])) != 0).all(), "and zigzags"
    assert np.abs(lesson["walk"](0.11, 0.0)[-1]).max() > 1000
    assert np.abs(lesson["walk"](0.081, 0.0)[-1]).max() > 2, "beyond 0.08 it climbs"


def test_with_a_constant_rate_both_rules_are_one() -> None:
    rng = np.random.default_rng(0)
    w = theirs = 1.0
    v = velocity = 0.0
    for slope in rng.standard_normal(20):
        v = 0.9 * v - 0.1 * slope
        velocity = 0.9 * velocity + slope
        w, theirs = w + v, theirs - 0.1 * velocity
        assert w == pytest.approx(theirs)


def test_pytorch_brakes_at_once(lesson: Lesson) -> None:
    weight = torch.zeros(1, requires_grad=True)
    sgd = torch.optim.SGD([weight], lr=1.0, momentum=0.9)
    steps = []
    for step in range(7):
        sgd.param_groups[0]["lr"] = 1.0 if step < 6 else 0.01
        before, weight.grad = weight.item(), torch.ones(1)
        sgd.step()
        steps.append(weight.item() - before)
    assert steps[5] == pytest.approx(-4.69, abs=0.01)
    assert steps[6] == pytest.approx(-0.05, abs=0.01)
    assert lesson["velocity"] < -3, "the rule of 2012 coasts"


def test_three_rates_are_too_small_right_and_too_large(lesson: Lesson) -> None:
    curves = {
        rate: [lesson["losses_of"](rate, seed) for seed in range(3, 6)]
        + lesson["rate_curves"][rate]
        for rate in lesson["rates"]
    }
    last = {rate: [np.mean(run[-20:]) for run in runs] for rate, runs in curves.items()}
    small, middle, large = last.values()
    assert max(middle) < 0.6 < 0.7 < min(small), last
    assert max(small) < CHANCE, "it falls"
    assert min(large) > CHANCE - 0.1, "it learns nothing"
    assert min(max(run[:20]) for run in curves[1.0]) > 2.5, "and was wild"
    one, *others = sorted(max(run[:20]) for run in lesson["rate_curves"][1.0])
    assert one < 3 < 5 < min(others)


@pytest.mark.share(1)
@pytest.mark.parametrize("seed", range(3))
def test_too_small_a_rate_comes_there_after_some_130_steps(
    real: Lesson, seed: int
) -> None:
    arrived = {}
    for rate in (0.008, 0.03):
        losses = real["losses_of"](rate, seed, steps=160)
        means = np.convolve(losses, np.ones(20) / 20, "valid")
        arrived[rate] = 20 + int((means < 0.4).argmax())
    assert arrived[0.03] < 80
    assert 115 < arrived[0.008] < 145


@pytest.mark.parametrize("seed", range(4))
def test_too_large_a_rate_shuts_the_relus(lesson: Lesson, seed: int) -> None:
    torch.manual_seed(seed)
    model = SmallCNN()
    sgd = torch.optim.SGD(model.parameters(), lr=1.0, momentum=0.9)
    for _ in range(100):
        batch = torch.randint(len(lesson["x"]), (32,))
        lesson["step_of"](model, sgd, lesson["x"][batch], lesson["t"][batch])
    scores = model(lesson["x_held"])
    assert scores.std(dim=0).max() < 1e-3 * scores.abs().max()


def test_a_decaying_rate_is_quick_and_exact(lesson: Lesson) -> None:
    large, small, decaying = lesson["far"].values()
    assert large[10] < 0.7 > decaying[10] < 9 < small[10]
    assert decaying[1000] < small[1000] < 0.1 < 0.5 < large[1000]
    assert round(decaying[1000], 2) == 0.04


def test_sorted_images_teach_next_to_nothing(lesson: Lesson) -> None:
    right = {
        shuffled: [float((said == lesson["t_held"]).float().mean()) for said in runs]
        for shuffled, runs in lesson["sorted_runs"].items()
    }
    assert max(right[False]) < 0.25 < 0.6 < min(right[True])


def sorted_steps(lesson: Lesson, seed: int, momentum: float = 0) -> Iterator[Tensor]:
    """The answers to the held images after each step on sorted digits, three epochs."""
    torch.manual_seed(seed)
    model = SmallCNN()
    lr = 0.05 if momentum else 0.2
    sgd = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)
    x, t = lesson["x"], lesson["t"]
    for batch in t.argsort().repeat(3).split(32):
        lesson["step_of"](model, sgd, x[batch], t[batch])
        with torch.no_grad():
            yield model(lesson["x_held"]).argmax(1)


@pytest.mark.parametrize("seed", range(3))
def test_what_was_shown_last_is_said_to_everything(real: Lesson, seed: int) -> None:
    assert (real["sorted_runs"][False][seed] == 9).all()
    said = list(islice(sorted_steps(real, seed), 7))
    assert (said[2] == 0).all()
    assert (said[6] == 1).all()


@pytest.mark.share(1)
@pytest.mark.parametrize("seed", range(3))
def test_with_momentum_sorted_images_teach_no_more(real: Lesson, seed: int) -> None:
    *_, said = sorted_steps(real, seed, momentum=0.9)
    assert (said == real["t_held"]).float().mean() < 0.25
    assert (said == said[0]).all()
    assert said[0] != 9, "not even the last digit"


def test_the_validation_loss_turns(real: Lesson) -> None:
    for training, held in real["turning"]:
        assert held.argmin() < 30
        assert held[-1] > 1.1 * held.min()
        assert training[-1] < 0.02
        assert np.all(np.diff(training[10:]) < 0.01)
        assert 0.75 < held.min() < 0.85


@pytest.mark.parametrize("seed", range(3))
def test_the_accuracy_hardly_moves_while_the_loss_rises(
    real: Lesson, seed: int
) -> None:
    found = []
    for epochs in (int(real["turning"][seed][1].argmin()) + 1, 60):
        torch.manual_seed(seed)
        model = real["dense"]()
        real["both_losses"](model, rate=0.2, epochs=epochs, n=200)
        found.append(train.accuracy(model, real["held"]))
    at_star, at_end = found
    assert -0.001 < at_end - at_star < 0.025


def test_three_curves_show_what_the_solution_says(lesson: Lesson) -> None:
    training, held = lesson["slow"]
    assert np.all(np.diff(training) < 0)
    assert training[-1] > 0.9
    assert abs(training[-1] - held[-1]) < 0.15
    training, held = lesson["drop"]
    assert (training > held).all()
    torch.manual_seed(1)
    model = lesson["dense"](dropout=0.8)
    _, held = lesson["both_losses"](model, rate=0.1, epochs=20, n=1000)
    again = F.cross_entropy(model.eval()(lesson["x"]), lesson["t"]).item()
    assert again < held[-1], "measured again, without dropout"
    training, held = lesson["odd"]
    assert held.min() > 10 > CHANCE > 0.2 > training[-1]


def test_the_real_network_reads_98_and_a_half_percent(real: Lesson) -> None:
    assert real["final"] >= 0.985
    assert sum(p.numel() for p in real["model"].parameters()) == 5994
    assert real["confusion"].sum() == 10_000
    assert real["confusion"].trace() == round(10_000 * real["final"])
    pairs = (real["confusion"] + real["confusion"].T).triu(1)
    assert pairs.argmax() == 10 * 4 + 9
    smooth = np.array(real["history"].losses)
    half = len(smooth) // 2
    assert smooth[half:].std() < smooth[:half].std()


@pytest.mark.share(1)
@pytest.mark.parametrize("seed", [1, 2])
def test_it_does_so_for_other_seeds(real: Lesson, seed: int) -> None:
    torch.manual_seed(seed)
    model = SmallCNN()
    train.fit(
        model,
        real["training"],
        epochs=2,
        batch_size=32,
        lr=train.OneCycle(0.05, real["steps"]),
        seed=seed,
        label=None,
    )
    assert train.accuracy(model, real["digits"].test) >= 0.985


def test_ten_images_are_learned_by_heart(lesson: Lesson) -> None:
    assert lesson["now"] < 0.001


def test_the_letters_of_the_quiz(lesson: Lesson) -> None:
    """quiz.toml has the same ones."""
    assert lesson["secret"] == {
        "A": "held trained",
        "B": "apart",
        "C": "no eval",
        "D": "none",
        "E": "pile up",
    }


@pytest.mark.share(1)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_each_fault_shows_as_the_lesson_says(lesson: Lesson, seed: int) -> None:
    found = {}
    for letter, fault in lesson["secret"].items():
        model, report = lesson["friend"](letter, seed)
        says = int(report.rpartition(" ")[2].removesuffix("%")) / 100
        loss = float(report.split("→")[1].split(",")[0])
        own = train.accuracy(model, lesson["held"])
        found[fault] = (loss, says, own, train.accuracy(model, lesson["digits"].test))
    loss, says, own, fresh = found["none"]
    assert loss < 0.4
    assert abs(says - own) < 0.01
    assert abs(says - fresh) < 0.06
    assert found["no eval"][2] - found["no eval"][1] > 0.03
    assert found["held trained"][1] - found["held trained"][3] > 0.05
    assert found["held trained"][1] > 0.95
    assert abs(found["apart"][0] - CHANCE) < 0.03
    assert found["pile up"][0] > 1.5
    assert found["pile up"][3] < 0.5


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_piled_up_gradients_shut_the_relus(lesson: Lesson, seed: int) -> None:
    [letter] = [key for key, fault in lesson["secret"].items() if fault == "pile up"]
    model, _ = lesson["friend"](letter, seed)
    with torch.no_grad():
        units = model.eval()[:3](lesson["x_held"])
    assert (units > 0).any(0).sum() <= 10


def test_the_checks_oracles_agree_with_torch() -> None:
    parameter = nn.Parameter(torch.tensor([[1.0, -2.0]]))
    sgd = torch.optim.SGD([parameter], lr=0.1, momentum=0.5, weight_decay=0.2)
    w, v = parameter.detach().numpy().astype(float), np.zeros((1, 2))
    for _ in range(3):
        parameter.grad = torch.ones(1, 2)
        sgd.step()
        w, v = checked._step(w, v, np.ones((1, 2)), 0.2 * w, 0.5, 0.1)
    np.testing.assert_allclose(parameter.detach(), w, rtol=1e-6)
    cycle = [checked._rate(step, 20, 1.0, 0) for step in range(20)]
    theirs = torch.optim.SGD([parameter], lr=1.0)
    plan = torch.optim.lr_scheduler.CosineAnnealingLR(theirs, 20)
    for rate in cycle:
        assert theirs.param_groups[0]["lr"] == pytest.approx(rate)
        theirs.step()
        plan.step()
