"""`Trainer`: single steps, their errors, and recorded steps on a graphics card."""

from functools import partial

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from coursekit import train
from coursekit.augment import Augment, Normalise
from coursekit.data import Split
from coursekit.train.measure import is_wrong
from coursekit.train.step import MakeOptimiser
from coursekit.train.trainer import recordable

MOMENTUM: MakeOptimiser = partial(torch.optim.SGD, momentum=0.9, weight_decay=1e-3)


def split(n: int = 64) -> Split:
    dice = torch.Generator().manual_seed(0)
    labels = torch.arange(n) % 4
    images = torch.randint(0, 60, (n, 3, 8, 8), generator=dice)
    return Split((images + 40 * labels.view(-1, 1, 1, 1)).byte(), labels)


def network() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 8, 3),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(288, 4),
    )


def trainer(
    device: str = "cpu",
    *,
    graph: bool = True,
    optimiser: MakeOptimiser = MOMENTUM,
    precision: str = "float32",
    lr: float = 0.05,
) -> train.Trainer:
    feed = train.Batches(split(), 16, augment=Augment(1, True), device=device, ahead=3)
    return train.Trainer(
        network(),
        feed,
        prepare=Normalise((0.3,) * 3, (0.2,) * 3),
        optimiser=optimiser,
        schedule=train.Drops(lr, (4, 8), factor=0.5),
        precision=precision,
        device=device,
        graph=graph,
    )


def weights(model: nn.Module) -> Tensor:
    return torch.cat([p.detach().flatten().cpu() for p in model.parameters()])


def test_a_step_is_one_of_gradient_descent() -> None:
    ours, model = trainer(), network()
    optimiser = torch.optim.SGD(
        model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3
    )
    for step in range(6):
        optimiser.param_groups[0]["lr"] = 0.05 if step < 4 else 0.025
        images, labels = ours.feed[step]
        loss = F.cross_entropy(model((images / 255 - 0.3) / 0.2), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        assert ours.step().item() == pytest.approx(loss.item(), rel=1e-4)
    assert torch.allclose(weights(model), weights(ours.model), atol=1e-5)


def test_mean_loss_is_of_the_steps_since_the_last_call() -> None:
    ours = trainer()
    first = [ours.step().item() for _ in range(3)]
    assert ours.mean_loss() == pytest.approx(sum(first) / 3)
    second = [ours.step().item() for _ in range(2)]
    assert ours.mean_loss() == pytest.approx(sum(second) / 2)
    assert ours.mean_loss() == 0


def test_it_goes_on_from_its_state() -> None:
    straight, stopped = trainer(), trainer()
    for _ in range(9):
        straight.step()
    for _ in range(5):
        stopped.step()
    again = trainer()
    again.load(stopped.state())
    assert again.done == 5
    for _ in range(4):
        again.step()
    assert torch.equal(weights(straight.model), weights(again.model))


def test_errors_are_the_part_that_is_wrong_and_training_goes_on_after() -> None:
    ours = trainer()
    for _ in range(30):
        ours.step()
    data = split()
    ours.model.eval()
    guesses = ours.model(ours.prepare(data.images)).argmax(1)
    expected = (guesses != data.labels).float().mean().item()
    ours.model.train()
    assert ours.errors(data.images, data.labels, 10) == pytest.approx(expected)
    assert ours.model.training


def test_two_labels_ask_for_the_two_highest_scores() -> None:
    scores = torch.tensor([[3.0, 1, 2, 0], [3, 1, 2, 0], [0, 1, 2, 3]])
    labels = torch.tensor([[2, 0], [0, 1], [3, 2]])
    assert is_wrong(scores, labels).tolist() == [False, True, False]
    assert is_wrong(scores, labels[:, 0]).tolist() == [True, False, False]


def test_an_optimiser_that_cannot_be_recorded_is_named() -> None:
    make = recordable(torch.optim.RMSprop, torch.device("cpu"))
    with pytest.raises(ValueError, match="graph=False"):
        make(network().parameters(), lr=0.1)


@pytest.mark.gpu
@pytest.mark.parametrize("optimiser", [MOMENTUM, torch.optim.Adam])
def test_a_recorded_step_is_the_plain_one(optimiser: MakeOptimiser) -> None:
    make = partial(trainer, "cuda", optimiser=optimiser, lr=0.01)
    plain, recorded = make(graph=False), make()
    for _ in range(12):
        one, two = plain.step().item(), recorded.step().item()
        assert two == pytest.approx(one, rel=1e-2)
    assert recorded._recorded is not None
    assert plain._recorded is None
    assert torch.allclose(weights(plain.model), weights(recorded.model), atol=2e-3)


@pytest.mark.gpu
def test_a_recorded_training_goes_on_from_its_state() -> None:
    straight, stopped = trainer("cuda"), trainer("cuda")
    for _ in range(14):
        straight.step()
    for _ in range(7):
        stopped.step()
    again = trainer("cuda")
    again.load(stopped.state())
    for _ in range(7):
        again.step()
    assert torch.allclose(weights(straight.model), weights(again.model), atol=1e-3)


@pytest.mark.gpu
def test_half_precision_learns_on_a_graphics_card() -> None:
    ours = trainer("cuda", precision="bfloat16")
    for _ in range(200):  # 60 leave 36 % wrong, in single precision as well
        ours.step()
    assert ours.errors(split().images, split().labels) < 0.1
