"""Batches: every image once an epoch, the same for equal seeds, wherever one starts."""

import pytest
import torch

from coursekit import train
from coursekit.augment import Augment
from coursekit.data import Split
from coursekit.train import Batches


def numbered(n: int = 10) -> Split:
    """Image i has the value i everywhere, and the label i."""
    labels = torch.arange(n)
    images = labels.view(n, 1, 1, 1).expand(n, 1, 4, 4).to(torch.uint8)
    return Split(images, labels)


def test_every_image_comes_once_before_any_comes_again() -> None:
    feed = Batches(numbered(10), 4)
    labels = torch.cat([feed[step][1] for step in range(5)])
    for epoch in labels.split(10):
        assert epoch.sort().values.tolist() == [*range(10)]
    assert labels[:10].tolist() != labels[10:].tolist()


def test_images_go_with_their_labels() -> None:
    for step in range(5):
        images, labels = Batches(numbered(), 4)[step]
        assert images.dtype == torch.uint8
        assert images[:, 0, 0, 0].tolist() == labels.tolist()


def test_a_step_is_the_same_wherever_one_starts() -> None:
    change = Augment(2, flip=True)
    straight, jumping = (Batches(numbered(), 4, augment=change) for _ in range(2))
    first = [straight[step] for step in range(8)]
    for step in (7, 2, 5, 0):
        assert torch.equal(jumping[step][0], first[step][0])
        assert torch.equal(jumping[step][1], first[step][1])


def test_seeds_decide_about_order_and_changes() -> None:
    def batch(seed: int) -> torch.Tensor:
        feed = Batches(numbered(), 10, seed=seed, augment=Augment(2))
        return feed[3][0]

    assert torch.equal(batch(1), batch(1))
    assert not torch.equal(batch(1), batch(2))
    assert not torch.equal(batch(1).sort(0).values, batch(2).sort(0).values)


def test_many_batches_ahead_hold_the_same_images() -> None:
    alone, ahead = Batches(numbered(), 3), Batches(numbered(), 3, ahead=7)
    for step in range(15):
        assert torch.equal(alone[step][1], ahead[step][1])


def test_a_batch_may_be_larger_than_the_data() -> None:
    labels = Batches(numbered(10), 25)[0][1]
    assert labels.bincount().min() == 2


@pytest.mark.parametrize("setting", [{"size": 0}, {"size": 4, "ahead": 0}])
def test_sizes_below_one_are_refused(setting: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        Batches(numbered(), **setting)  # type: ignore[arg-type]


def test_schedules_give_the_rates_of_their_papers() -> None:
    he = train.Drops(0.1, (32_000, 48_000), warm_up=400, warm_up_lr=0.01)
    rates = [he(s) for s in (0, 399, 400, 31_999, 32_000, 47_999, 48_000, 63_999)]
    assert rates == pytest.approx([0.01, 0.01, 0.1, 0.1, 0.01, 0.01, 0.001, 0.001])
    halved = train.Decay(1.0, 0.5, every=10)
    assert [halved(0), halved(10), halved(20)] == pytest.approx([1, 0.5, 0.25])
    assert train.Constant(0.3)(1000) == 0.3


def test_one_cycle_goes_up_and_then_down_to_nearly_nothing() -> None:
    cycle = train.OneCycle(0.4, 100, warm_up=0.2)
    rates = [cycle(step) for step in range(100)]
    assert max(rates) == rates[19] == pytest.approx(0.4)
    assert rates[:20] == sorted(rates[:20])
    assert rates[19:] == sorted(rates[19:], reverse=True)
    assert 0 < rates[-1] < 0.001


@pytest.mark.gpu
def test_a_graphics_card_gets_the_same_batches() -> None:
    change = Augment(2, flip=True)
    cpu = Batches(numbered(), 4, augment=change)
    card = Batches(numbered(), 4, augment=change, device="cuda")
    for step in range(6):
        assert card[step][0].is_cuda
        assert torch.equal(cpu[step][0], card[step][0].cpu())
        assert torch.equal(cpu[step][1], card[step][1].cpu())
