"""Checkpoints: going on as if nothing had happened, and only with the same training."""

import errno
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from coursekit import train
from coursekit.augment import Augment, Normalise
from coursekit.data import Split
from coursekit.train import callbacks, keeper
from coursekit.train.identity import describe
from tests.train.small import StoppedError, equal, fit, network, stop_at, stripes


@pytest.mark.parametrize("step", [8, 6])
@pytest.mark.parametrize("pause", [0.0, 1e9])
def test_training_goes_on_as_if_it_had_not_been_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pause: float, step: int
) -> None:
    """Whether it is kept after each step or each epoch of 3 steps."""
    monkeypatch.setattr(callbacks, "SECONDS_BETWEEN_SAVES", pause)
    straight, stopped = network(), network()
    whole = fit(straight, stripes(), epochs=4, validation=stripes())
    go = partial(fit, stopped, stripes(), epochs=4, validation=stripes())
    with pytest.raises(StoppedError):
        go(checkpoint=tmp_path / "it.pt", callbacks=[stop_at(step)])
    torch.manual_seed(99)
    rest = go(checkpoint=tmp_path / "it.pt")
    assert rest.losses == whole.losses
    assert rest.accuracies == whole.accuracies
    assert equal(straight, stopped)


def test_a_finished_training_is_not_repeated(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "it.pt"
    model, fresh = network(), network()
    first = fit(model, stripes(), epochs=2, checkpoint=str(path))
    again = fit(fresh, stripes(), epochs=2, checkpoint=path)
    assert again.losses == first.losses
    assert again.seconds < first.seconds + 1
    assert equal(model, fresh)


def test_a_training_that_stopped_early_is_not_gone_on_with(tmp_path: Path) -> None:
    go = partial(fit, epochs=40, validation=stripes(), patience=2)
    first = go(network(), stripes(), checkpoint=tmp_path / "it.pt")
    again = go(model := network(), stripes(), checkpoint=tmp_path / "it.pt")
    assert again.losses == first.losses
    assert len(again.losses) < 40 * 3
    assert train.accuracy(model, stripes()) == max(first.accuracies)


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RuntimeError, match="cannot be kept"):
        fit(network(), stripes(), epochs=1, checkpoint=tmp_path / "file" / "it.pt")


def squares(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    return (model(images)[:, 1] - labels).square().mean()


def weighted(weight: float) -> train.step.Loss:
    def loss(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
        return weight * squares(model, images, labels)

    return loss


def other_images() -> Split:
    images = stripes().images.clone()
    images[-1, 0, -1, -1] ^= 1
    return Split(images, stripes().labels)


def other_labels() -> Split:
    return Split(stripes().images, 1 - stripes().labels)


def strided() -> nn.Module:
    """The same weights in the same shapes, but another network."""
    model = network()
    assert isinstance(model, nn.Sequential)
    model[0] = nn.Conv2d(1, 4, 3, dilation=1, padding_mode="circular")
    return model


def frozen() -> nn.Module:
    model = network()
    next(model.parameters()).requires_grad_(False)
    return model


PATIENT = {"validation": stripes(), "patience": 9}
OTHERS: dict[str, tuple[str, dict[str, Any]]] = {
    "images": ("images", {"split": other_images()}),
    "fewer images": (
        "images",
        {"split": Split(*(v[:40] for v in vars(stripes()).values()))},
    ),
    "labels": ("labels", {"split": other_labels()}),
    "dropout": ("model", {"model": network(0.3)}),
    "padding": ("model", {"model": strided()}),
    "frozen": ("model", {"model": frozen()}),
    "double precision": ("model", {"model": network().double()}),
    "more layers": ("model", {"model": nn.Sequential(nn.Flatten(), nn.Linear(64, 2))}),
    "optimiser": ("optimiser", {"optimiser": torch.optim.Adam}),
    "momentum": ("optimiser", {"optimiser": torch.optim.SGD}),
    "lr": ("lr", {"lr": 0.03}),
    "schedule": ("lr", {"lr": train.Drops(0.02, (5,))}),
    "later drop": ("lr", {"lr": lambda step: 0.02 if step < 5 else 0.01}),
    "epochs": ("epochs", {"epochs": 3}),
    "batch size": ("batch_size", {"batch_size": 17}),
    "seed": ("seed", {"seed": 1}),
    "loss": ("loss", {"loss": squares}),
    "augment": ("augment", {"augment": Augment(2, flip=True)}),
    "own augment": ("augment", {"augment": lambda images, dice: images}),
    "prepare": ("prepare", {"prepare": Normalise((0.3,), (0.25,))}),
    "precision": ("precision", {"precision": "bfloat16"}),
    "validation": ("validation", {"validation": stripes()}),
    "patience": ("patience", PATIENT),
}


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("case", OTHERS)
def test_another_training_is_refused(tmp_path: Path, case: str, begun: bool) -> None:
    path = tmp_path / "it.pt"
    stop = [stop_at(4)] if begun else []
    try:
        fit(network(), stripes(), epochs=2, checkpoint=path, callbacks=stop)
    except StoppedError:
        assert begun
    before = path.read_bytes()
    name, change = OTHERS[case]
    other: dict[str, Any] = {"model": network(), "split": stripes(), "epochs": 2}
    other |= change
    model, split = other.pop("model"), other.pop("split")
    weights = [p.clone() for p in model.parameters()]
    with pytest.raises(ValueError, match="is of another training") as caught:
        fit(model, split, **other, checkpoint=path)
    told = str(caught.value)
    assert f"{name}: there" in told
    assert "\n" not in told
    assert "Delete it" in told
    assert path.read_bytes() == before
    now = model.parameters()
    assert all(torch.equal(a, b) for a, b in zip(weights, now, strict=True))


@pytest.mark.parametrize("weights", [(0.5, 0.25)])
def test_what_a_loss_brings_along_tells_it_apart(
    tmp_path: Path, weights: tuple[float, float]
) -> None:
    path = tmp_path / "it.pt"
    one, other = map(weighted, weights)
    fit(network(), stripes(), epochs=1, loss=one, checkpoint=path)
    fit(network(), stripes(), epochs=1, loss=weighted(weights[0]), checkpoint=path)
    with pytest.raises(ValueError, match="loss: there"):
        fit(network(), stripes(), epochs=1, loss=other, checkpoint=path)


def test_the_same_training_is_known_however_it_is_written(tmp_path: Path) -> None:
    """Other starting weights, threads and displays: it goes on all the same."""
    path = tmp_path / "it.pt"
    made: Callable[[], dict[str, Any]] = lambda: {  # noqa: E731
        "lr": lambda step: 0.1 / (step + 5),
        "optimiser": partial(torch.optim.SGD, momentum=0.9),
        "prepare": Normalise((0.3,), (0.25,)),
        "validation": stripes(),
        "epochs": 2,
        "checkpoint": path,
    }
    first = fit(network(), stripes(), **made())
    model = network()
    torch.manual_seed(5)
    nn.init.normal_(next(model.parameters()))
    again = fit(model, stripes(), **made(), threads=2, channels_last=True, label="it")
    assert again.losses == first.losses


RATE = 0.5
NAMES = {"a", "b", "c", "d", "e", "f"}
DESCRIBED = """
from functools import partial
import numpy, torch
from torch import nn
from coursekit.augment import Augment, Colour, InTurn
from coursekit.models import lenet5
from coursekit.train.identity import architecture, describe
RATE = {rate}
def loss(model, images, labels):
    return RATE * sum(x in {{"a", "b", "c", "d"}} for x in "ab")
torch.manual_seed(0)
print([
    describe(loss), describe(lambda step: [loss for _ in range(3)]),
    describe(InTurn((Augment(2), Colour(0.1)))), describe({{"a", "b", "c"}}),
    describe(partial(torch.optim.Adam, betas=(0.9, 0.99))), describe(torch.relu),
    describe(numpy.arange(3)), describe(nn.Linear(3, 2)), architecture(lenet5()),
])
"""


@pytest.mark.slow
def test_a_description_is_the_same_in_every_process() -> None:
    def words(rate: float, seed: str) -> str:
        command = [sys.executable, "-c", DESCRIBED.format(rate=rate)]
        environment = os.environ | {"PYTHONHASHSEED": seed}
        return subprocess.check_output(command, env=environment, text=True)

    first = words(0.5, "1")
    assert first == words(0.5, "2")
    assert first != words(0.25, "1")
    assert " at 0x" not in first


def test_descriptions_end_where_objects_go_round_in_circles() -> None:
    class Knot:
        def __init__(self) -> None:
            self.me = self

    assert "Knot" in describe(Knot())


def damage(path: Path, how: str) -> None:
    whole = path.read_bytes()
    state = torch.load(path, weights_only=True)
    if how == "foreign":
        path.write_bytes(b"not a checkpoint")
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif how == "flipped":
        spoilt = bytearray(whole)
        for place in random.Random(0).sample(range(len(spoilt)), 200):
            spoilt[place] ^= 255
        path.write_bytes(bytes(spoilt))
    elif how == "weights alone":
        torch.save(network().state_dict(), path)
    elif how == "a list":
        torch.save([1, 2], path)
    elif how == "no step":
        del state["state"]["step"]
        torch.save(state, path)
    elif how == "no weights":
        state["state"]["model"].popitem()
        torch.save(state, path)
    elif how == "other shapes":
        state["state"]["model"]["5.weight"] = torch.zeros(3)
        torch.save(state, path)
    elif how == "no optimiser":
        state["state"]["optimiser"] = {}
        torch.save(state, path)
    elif how == "code":
        torch.save({"about": {}, "state": StoppedError("code")}, path)


HOWS = "foreign, empty, cut, flipped, weights alone, a list, no step, no weights, "
HOWS += "other shapes, no optimiser, code"


@pytest.mark.parametrize("how", HOWS.split(", "))
def test_a_damaged_file_is_refused_in_one_line(tmp_path: Path, how: str) -> None:
    path, model = tmp_path / "it.pt", network()
    fit(model, stripes(), epochs=1, checkpoint=path)
    damage(path, how)
    before, fresh = path.read_bytes(), network()
    with pytest.raises(
        RuntimeError, match=r"not a training to go on with.*Delete it"
    ) as e:
        fit(fresh, stripes(), epochs=1, checkpoint=path)
    assert "\n" not in str(e.value)
    assert path.read_bytes() == before
    assert equal(fresh, network())


@pytest.mark.parametrize("place", ["", "file/it.pt"])
def test_what_can_be_no_file_is_named(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RuntimeError, match=r"cannot be kept.*Choose a file") as caught:
        fit(network(), stripes(), epochs=1, checkpoint=tmp_path / place)
    assert "Delete" not in str(caught.value)


@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
def test_a_full_disk_leaves_the_file_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: int
) -> None:
    path = tmp_path / "it.pt"
    keeper.write(path, {"number": 1})

    def full(state: object, partial: Path) -> None:
        partial.write_bytes(b"half")
        raise OSError(reason, os.strerror(reason))

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(RuntimeError, match=os.strerror(reason)):
        keeper.write(path, {"number": 2})
    assert [p.name for p in tmp_path.iterdir()] == ["it.pt"]
    assert keeper.read(path) == {"number": 1}


def test_a_checkpoint_never_runs_code(tmp_path: Path) -> None:
    torch.save({"done": StoppedError("code")}, tmp_path / "it.pt")
    with pytest.raises(RuntimeError, match="not a training"):
        keeper.read(tmp_path / "it.pt")


WRITER = """
import sys, torch
from pathlib import Path
from coursekit.train import keeper
number = 0
while True:
    values = torch.full((300_000,), float(number))
    keeper.write(Path(sys.argv[1]), {"number": number, "values": values})
    number += 1
    if number == 3:
        print("going", flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("wait", [0.0, 0.011, 0.023])
def test_a_killed_process_leaves_a_whole_file(tmp_path: Path, wait: float) -> None:
    path = tmp_path / "it.pt"
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(wait)
        os.kill(writer.pid, signal.SIGKILL)
    state = keeper.read(path)
    assert state is not None
    assert (state["values"] == state["number"]).all()
