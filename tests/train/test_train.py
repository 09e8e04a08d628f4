"""Training: reproducible, cut short while grading, and the effect of lesson 1."""

import pytest
import torch
from torch import Tensor, nn

from coursekit import shuffle, train
from coursekit.data import Split
from coursekit.models.mlp import MLP
from coursekit.models.small_cnn import SmallCNN
from coursekit.train.feed import epoch_order


def bright_and_dark(n: int = 40) -> Split:
    """Noise, dark for label 0 and bright for label 1; (n, 1, 28, 28)."""
    dice = torch.Generator().manual_seed(0)
    labels = torch.arange(n) % 2
    noise = torch.randint(0, 100, (n, 1, 28, 28), generator=dice)
    return Split((noise + 150 * labels.view(-1, 1, 1, 1)).to(torch.uint8), labels)


def trained(seed: int = 0, start: int = 0) -> tuple[MLP, train.History]:
    torch.manual_seed(start)
    model = MLP(hidden=4)
    history = train.fit(model, bright_and_dark(), epochs=2, batch_size=16, seed=seed)
    return model, history


def test_fit_lowers_the_loss_and_learns_an_easy_task() -> None:
    torch.manual_seed(0)
    model, split = MLP(hidden=8), bright_and_dark()
    history = train.fit(model, split, epochs=10, batch_size=8, lr=0.02)
    assert len(history.losses) == 10 * 5
    assert history.losses[-1] < history.losses[0] / 2
    assert history.seconds > 0
    assert train.accuracy(model, split) == 1


def test_the_same_seed_gives_the_same_model_and_another_seed_another() -> None:
    (one, first), (two, second), (_, other) = trained(), trained(), trained(seed=1)
    assert first.losses == second.losses != other.losses
    assert all(
        torch.equal(a, b)
        for a, b in zip(one.parameters(), two.parameters(), strict=True)
    )


def test_every_image_is_seen_once_an_epoch_in_a_new_order() -> None:
    order = epoch_order(count=10, epochs=2, batch_size=4, seed=0)
    assert [len(part) for part in order] == [4, 4, 2] * 2
    first, second = torch.cat(order[:3]), torch.cat(order[3:])
    assert first.sort().values.tolist() == second.sort().values.tolist() == [*range(10)]
    assert not torch.equal(first, second)


def test_one_step_while_nbgrader_grades(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert len(trained()[1].losses) == 1


def test_nothing_is_printed_while_tests_run(capsys: pytest.CaptureFixture[str]) -> None:
    trained()
    assert capsys.readouterr() == ("", "")


def test_number_of_threads_and_random_state_are_given_back() -> None:
    torch.manual_seed(3)
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    split = bright_and_dark()
    train.accuracies(lambda: MLP(hidden=2), split, split, seeds=(5,), epochs=1)
    assert torch.equal(state, torch.get_rng_state())
    assert torch.get_num_threads() == threads


def test_accuracies_has_one_result_a_seed_whatever_the_random_state() -> None:
    split = bright_and_dark()

    def run(start: int) -> list[float]:
        torch.manual_seed(start)
        return train.accuracies(MLP, split, split, seeds=(0, 1), epochs=1, lr=0.001)

    assert len(run(0)) == 2
    assert run(0) == run(1)


class AlwaysOne(nn.Module):
    """Scores that choose label 1, and a look at what came in."""

    def forward(self, images: Tensor) -> Tensor:
        self.seen = images
        return torch.tensor([0.0, 1.0]).repeat(len(images), 1)


def test_accuracy_is_the_part_that_is_right() -> None:
    images = torch.full((5, 1, 2, 2), 255, dtype=torch.uint8)
    model, split = AlwaysOne(), Split(images, torch.tensor([1, 0, 1, 1, 0]))
    assert train.accuracy(model, split) == train.accuracy(model, split, batch_size=2)
    assert train.accuracy(model, split) == pytest.approx(0.6)
    assert model.seen.dtype == torch.float32
    assert model.seen.max() == 1


@pytest.mark.parametrize("setting", [{"epochs": 0}, {"batch_size": 0}])
def test_settings_without_sense_are_refused(setting: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        train.fit(MLP(), bright_and_dark(), **setting)  # type: ignore[arg-type]


def test_no_images_are_refused() -> None:
    nothing = Split(torch.zeros(0, 1, 28, 28, dtype=torch.uint8), torch.zeros(0).long())
    with pytest.raises(ValueError, match="0 images"):
        train.fit(MLP(), nothing)
    with pytest.raises(ValueError, match="no images"):
        train.accuracy(MLP(), nothing)


def test_images_that_are_not_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="uint8"):
        train.as_input(torch.rand(1, 1, 28, 28))


def test_a_loss_that_runs_away_names_the_learning_rate() -> None:
    with pytest.raises(RuntimeError, match="lr=1e\\+30 is too large"):
        train.fit(MLP(), bright_and_dark(), epochs=5, batch_size=8, lr=1e30)


def test_shuffled_pixels_come_from_the_places_in_order() -> None:
    images = torch.arange(2 * 2 * 2 * 3).view(2, 2, 2, 3)
    order = torch.tensor([5, 0, 1, 2, 3, 4])
    moved = shuffle.pixels(images, order)
    assert moved[0, 0].tolist() == [[5, 0, 1], [2, 3, 4]]
    assert moved[1, 1].tolist() == [[23, 18, 19], [20, 21, 22]]
    assert torch.equal(shuffle.pixels(moved, order.argsort()), images)


@pytest.mark.parametrize("order", [[0, 1, 2], [0, 1, 2, 2], [1, 2, 3, 4]])
def test_an_order_that_does_not_fit_is_refused(order: list[int]) -> None:
    with pytest.raises(ValueError, match="from 0 to 3 once"):
        shuffle.pixels(torch.zeros(1, 1, 2, 2), torch.tensor(order))


def test_models_have_the_sizes_that_the_lesson_states() -> None:
    def parameters(model: nn.Module) -> int:
        return sum(p.numel() for p in model.parameters())

    assert parameters(MLP()) == 784 * 64 + 64 + 64 * 10 + 10
    assert parameters(SmallCNN()) == 8 * 26 + 16 * 201 + 256 * 10 + 10
    assert 8 < parameters(MLP()) / parameters(SmallCNN()) < 9


def test_small_cnn_takes_any_size_up_to_its_dense_layer() -> None:
    network = SmallCNN()
    assert network(torch.zeros(3, 1, 28, 28)).shape == (3, 10)
    assert network.features(torch.zeros(1, 1, 44, 44)).shape == (1, 16, 8, 8)
    assert SmallCNN(size=44)(torch.zeros(1, 1, 44, 44)).shape == (1, 10)
    with pytest.raises(RuntimeError, match="1x1024"):
        network(torch.zeros(1, 1, 44, 44))
    with pytest.raises(ValueError, match="16 or more"):
        SmallCNN(size=15)


ORDER = torch.randperm(28 * 28, generator=torch.Generator().manual_seed(0))


def shuffled(split: Split) -> Split:
    return Split(shuffle.pixels(split.images, ORDER), split.labels)


def test_a_twin_on_shuffled_images_trains_exactly_like_the_original() -> None:
    torch.manual_seed(0)
    original, twin, split = MLP(), MLP(), bright_and_dark()
    twin.load_state_dict(original.state_dict())
    with torch.no_grad():
        twin.hidden.weight.copy_(original.hidden.weight[:, ORDER])
    train.fit(original, split, epochs=1, batch_size=8)
    train.fit(twin, shuffled(split), epochs=1, batch_size=8)
    assert torch.allclose(
        twin.hidden.weight, original.hidden.weight[:, ORDER], atol=1e-5
    )
