"""Images, labels, losses and weights that make no sense: what is wrong, truly."""

import math
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor, nn

from coursekit import text, train
from coursekit.data import Split
from coursekit.models import text_cnn
from coursekit.train.feed import epoch_order
from coursekit.train.step import Loss
from tests.train.small import fit, network, stripes


def examples(images: object, labels: object) -> train.Examples:
    """Like a split, but unchecked."""
    return SimpleNamespace(images=images, labels=labels)


def labels() -> Tensor:
    return stripes().labels


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        (labels() + 1, r"1 to 2, but the model has 2 scores, for the labels 0 to 1"),
        (labels() - 1, r"labels here are -1 to 0.*Count labels from 0"),
        (labels() - 100, r"-100 to -99"),  # torch leaves -100 out without a word
        (labels() * 255, r"0 to 255"),
        (labels().float(), r"labels of shape \(16,\), int64, not \(16,\), float32"),
        (labels().int(), r"int64, not \(16,\), int32"),
        (labels().bool(), r"int64, not \(16,\), bool"),
        (labels()[:, None], r"labels of shape \(16,\), int64, not \(16, 1\)"),
        (labels()[:20], r"Each image needs a label.*\(48, 1, 8, 8\) and \(20,\)"),
        (labels()[0], r"Each image needs a label"),
        (labels().tolist(), r"must be tensors.*Tensor and list"),
    ],
)
def test_labels_that_do_not_fit_are_described(chosen: object, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        fit(network(), examples(stripes().images, chosen))
    assert "\n" not in str(caught.value)


@pytest.mark.gpu
def test_a_card_survives_labels_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match=r"1 to 2, but the model has 2 scores"):
        fit(network().cuda(), Split(stripes().images, labels() + 1))
    assert torch.ones(2, device="cuda").sum() == 2


def test_probabilities_may_be_labels() -> None:
    soft = nn.functional.one_hot(labels(), 2) * 0.8 + 0.1
    history = fit(network(0), examples(stripes().images, soft), epochs=8)
    assert history.losses[-1] < history.losses[0]


def test_pixels_may_have_labels_each() -> None:
    model = nn.Conv2d(1, 3, 3, padding=1)
    of_pixels = (stripes().images[:, 0] > 120).long()
    history = fit(model, examples(stripes().images, of_pixels), epochs=8, lr=0.5)
    assert history.losses[-1] < 0.7 * history.losses[0]
    with pytest.raises(ValueError, match=r"labels of shape \(16, 8, 8\)"):
        fit(model, examples(stripes().images, of_pixels[:, :7]), epochs=1)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_images_that_are_no_numbers_are_counted(value: float) -> None:
    features = torch.rand(20, 3)
    features[13, 1] = value
    with pytest.raises(ValueError, match="Image 13 holds NaN or infinity"):
        fit(nn.Linear(3, 2), examples(features, labels()[:20]))
    good = examples(torch.rand(20, 3), labels()[:20])
    with pytest.raises(ValueError, match="Image 13"):
        fit(nn.Linear(3, 2), good, validation=examples(features, labels()[:20]))


def test_no_images_are_refused_before_any_step() -> None:
    nothing = Split(stripes().images[:0], labels()[:0])
    with pytest.raises(ValueError, match="0 images"):
        fit(network(), nothing)
    with pytest.raises(ValueError, match="validation needs at least one image"):
        fit(network(), stripes(), validation=nothing)


def many(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    return nn.functional.cross_entropy(model(images), labels, reduction="none")


def plain(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    return model(images).sum().item()


def detached(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    return model(images).detach().sum()


@pytest.mark.parametrize(
    ("loss", "message"),
    [
        (many, r"one number.*has the shape \(16,\): take its mean"),
        (plain, r"one number.*of type float"),
        (detached, "depends on no weight"),
    ],
)
def test_a_loss_that_is_none_is_described(loss: Loss, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit(network(), stripes(), loss=loss)
    images, truth = stripes().images[:16] / 255, labels()[:16]
    optimiser = torch.optim.SGD((model := network()).parameters())
    with pytest.raises(ValueError, match=message):
        train.update(model, optimiser, loss, images, truth)


class Pair(nn.Linear):
    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        return super().forward(images), images


@pytest.mark.parametrize(
    ("model", "found"),
    [
        (
            nn.Sequential(nn.Flatten(), nn.Linear(64, 2), nn.Flatten(0)),
            r"shape \(32,\)",
        ),
        (Pair(8, 2), "not tuple"),
    ],
)
def test_a_model_without_scores_is_described(model: nn.Module, found: str) -> None:
    with pytest.raises(
        ValueError, match=r"must give scores \(number, classes\).*" + found
    ):
        fit(model, stripes())


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_weights_that_are_no_numbers_are_found_before_any_step(value: float) -> None:
    model = network()
    last = list(model.parameters())[-1]
    last.data[1] = value
    with pytest.raises(ValueError, match="NaN or infinity in the weights of the model"):
        fit(model, stripes(), lr=1e-6)


def of_zero(function: str, after: int = 0) -> Loss:
    """A loss with the logarithm or root of 0 in it, after some steps."""
    steps = iter(range(100))

    def loss(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
        value = train.cross_entropy(model, images, labels)
        late = next(steps) >= after
        return value + getattr(torch, function)(0 * value) if late else value

    return loss


@pytest.mark.parametrize("after", [0, 4])
def test_a_logarithm_of_zero_is_not_the_fault_of_lr(after: int) -> None:
    model = network()
    with pytest.raises(RuntimeError, match=r"-inf.*lr is not to blame.*logarithm"):
        fit(model, stripes(), lr=1e-6, loss=of_zero("log", after))
    assert all(p.isfinite().all() for p in model.parameters())


def test_the_slope_of_a_root_at_zero_is_suspected() -> None:
    with pytest.raises(RuntimeError, match=r"nan.*made weights NaN.*root of 0"):
        fit(network(), stripes(), lr=1e-6, loss=of_zero("sqrt"))


def test_what_prepares_images_may_be_to_blame() -> None:
    class Nothing(nn.Module):
        def forward(self, images: Tensor) -> Tensor:
            return images / (images.float() * 0)

    with pytest.raises(RuntimeError, match="`prepare`"):
        fit(network(), stripes(), lr=1e-6, prepare=Nothing())


@pytest.mark.parametrize("lr", [1e30, 1e12])
def test_a_rate_that_is_too_large_is_named(lr: float) -> None:
    with pytest.raises(RuntimeError, match=r"lr=.* is too large, the weights grew"):
        fit(nn.Sequential(nn.Flatten(), nn.Linear(64, 2)), stripes(), loss=cubes, lr=lr)


def cubes(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    return model(images).pow(3).mean()


@pytest.mark.parametrize("lr", [math.nan, math.inf, -0.1])
def test_rates_that_are_none_are_refused(lr: float) -> None:
    with pytest.raises(ValueError, match="lr must be 0 or more, but at step 0"):
        fit(network(), stripes(), lr=lr)
    with pytest.raises(ValueError, match="lr must be 0 or more, but at step 4"):
        fit(network(), stripes(), lr=lambda step: 0.1 if step < 4 else lr)


def normalised() -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 2), nn.BatchNorm1d(2))


@pytest.mark.parametrize(("count", "steps"), [(33, 2), (34, 3), (17, 1), (32, 2)])
def test_a_single_image_joins_the_batch_before(count: int, steps: int) -> None:
    split = Split(stripes().images[:count], labels()[:count])
    history = fit(normalised(), split, epochs=3, validation=split)
    assert len(history.losses) == 3 * steps
    assert history.ends() == [steps, 2 * steps, 3 * steps]
    order = epoch_order(count, 3, 16, 0)
    for epoch in range(3):
        parts = order[steps * epoch : steps * (epoch + 1)]
        assert torch.cat(parts).sort().values.tolist() == [*range(count)]
        assert min(map(len, parts)) > 1


@pytest.mark.parametrize(("count", "size"), [(1, 16), (8, 1)])
def test_batch_normalisation_of_one_says_what_to_do(count: int, size: int) -> None:
    split = Split(stripes().images[:count], labels()[:count])
    with pytest.raises(
        ValueError, match=r"Batch normalisation cannot.*batch_size of 2"
    ):
        fit(normalised(), split, batch_size=size)


def test_batches_of_one_are_fine_without_it() -> None:
    split = Split(stripes().images[:5], labels()[:5])
    assert (
        len(
            fit(
                nn.Sequential(nn.Flatten(), nn.Linear(64, 2)),
                split,
                batch_size=1,
                epochs=1,
            ).losses
        )
        == 5
    )


def sentences() -> text.Encoded:
    """The first word tells the class."""
    words = torch.randint(3, 30, (40, 12), generator=torch.Generator().manual_seed(0))
    truth = torch.arange(40) % 2
    words[:, 4], words[:, 8:] = 1 + truth, 0
    return text.Encoded(words, truth)


@pytest.mark.parametrize("prepare", [None, text.Trim()])
def test_sentences_are_trained_on_as_they_are(prepare: nn.Module | None) -> None:
    torch.manual_seed(0)
    model = text_cnn(30, embedding=8, filters=4)
    split = sentences()
    history = train.fit(
        model, split, epochs=30, lr=0.2, prepare=prepare, validation=split
    )
    assert history.losses[-1] < history.losses[0] / 2
    assert history.accuracies[-1] > 0.9


def signals() -> tuple[nn.Module, Tensor]:
    model = nn.Sequential(nn.Conv1d(1, 4, 5), nn.ReLU(), nn.Flatten(), nn.Linear(64, 2))
    waves = torch.linspace(0, 9, 20) * (1 + labels()[:, None, None])
    return model, waves.sin()


def planes() -> tuple[nn.Module, Tensor]:
    model = nn.Sequential(nn.Conv2d(2, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(36, 2))
    stones = torch.zeros(48, 2, 5, 5, dtype=torch.uint8)
    stones[range(48), labels(), 2, 2] = 255
    return model, stones


def points() -> tuple[nn.Module, Tensor]:
    return nn.Linear(3, 2), torch.eye(3)[labels()].double().float()


def halves() -> tuple[nn.Module, Tensor]:
    return nn.Linear(3, 2).double(), torch.eye(3)[labels()].double()


@pytest.mark.parametrize("make", [signals, planes, points, halves])
def test_other_inputs_are_trained_on_as_they_are(make: object) -> None:
    torch.manual_seed(0)
    model, inputs = make()  # type: ignore[operator]
    given = examples(inputs, labels())
    history = train.fit(
        model, given, epochs=60, lr=0.1, batch_size=16, validation=given
    )
    assert history.accuracies[-1] > 0.9
