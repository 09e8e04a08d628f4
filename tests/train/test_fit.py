"""What `fit` offers beside the plain loop: going on, stopping early, looking inside."""

import inspect
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from functools import partial

import pytest
import torch
from torch import Tensor, nn

from coursekit import train
from coursekit.augment import Normalise
from coursekit.train.callbacks import LivePlot
from tests.train.small import StoppedError, equal, fit, network, stop_at, stripes


def test_the_whole_loop_is_read_on_one_screen() -> None:
    source = inspect.getsource(train.fit)
    assert len(source.splitlines()) <= 45
    loop = source[source.index("for epoch in") :]
    words = ["for images", "settings.loss(", "zero_grad()", "backward()", ".step()"]
    places = [loop.index(word) for word in words]
    assert places == sorted(places)


def test_every_setting_is_a_keyword_of_fit() -> None:
    names = [field.name for field in fields(train.Settings)]
    assert list(inspect.signature(train.fit).parameters) == ["model", "split", *names]
    with pytest.raises(TypeError, match="'epoch'"):
        train.fit(network(), stripes(), epoch=3)  # type: ignore[call-arg]


def test_early_stopping_takes_the_best_weights_back() -> None:
    model = network()
    kept: list[dict[str, Tensor]] = []

    def remember(run: train.Training) -> None:
        if run.step % 3 == 0:
            kept.append({k: v.clone() for k, v in model.state_dict().items()})

    history = fit(
        model,
        stripes(),
        epochs=40,
        validation=stripes(),
        patience=3,
        callbacks=[remember],
    )
    best = history.best_epoch
    assert best is not None
    assert len(history.accuracies) == best + 3 < 40
    assert len(history.losses) == 3 * len(history.accuracies)
    assert all(torch.equal(v, kept[best - 1][k]) for k, v in model.state_dict().items())
    assert train.accuracy(model, stripes()) == max(history.accuracies)


@pytest.mark.parametrize("setting", [{"patience": 2}, {"patience": 0}])
def test_early_stopping_without_sense_is_refused(setting: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="early stopping needs"):
        fit(network(), stripes(), **setting)  # type: ignore[arg-type]


def test_history_is_data() -> None:
    schedule = train.Drops(0.02, (4,))
    history = fit(network(), stripes(), epochs=2, lr=schedule, validation=stripes())
    rows = history.rows()
    assert [row["step"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [row["loss"] for row in rows] == list(history.losses)
    assert [row["rate"] for row in rows] == pytest.approx([0.02] * 4 + [0.002] * 2)
    measured = [row["accuracy"] for row in rows if row["accuracy"] is not None]
    assert measured == [rows[2]["accuracy"], rows[5]["accuracy"]]
    assert measured == list(history.accuracies)


class Diary(train.Callback):
    """Writes down what it is told, and has enough after so many epochs."""

    def __init__(self, epochs: int) -> None:
        self.epochs = epochs
        self.lines: list[str] = []

    @contextmanager
    def around(self, run: train.Training) -> Iterator[None]:
        self.lines.append("begin")
        yield
        self.lines.append("end")

    def after_step(self, run: train.Training) -> None:
        self.lines.append(f"step {run.step}")

    def after_epoch(self, run: train.Training) -> None:
        self.lines.append(f"epoch {run.epoch}, {len(run.accuracies)} measured")

    def enough(self, run: train.Training) -> bool:
        return run.epoch == self.epochs


def test_a_callback_is_told_all_and_can_end_the_training() -> None:
    diary, model = Diary(2), network()
    fit(model, stripes(), batch_size=24, validation=stripes(), callbacks=[diary])
    assert diary.lines == [
        "begin",
        "step 1",
        "step 2",
        "epoch 1, 1 measured",
        "step 3",
        "step 4",
        "epoch 2, 2 measured",
        "end",
    ]
    assert model.training


def test_any_optimiser_and_loss_can_be_taken() -> None:
    seen = []

    def squares(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
        seen.append(images.max().item())
        return (model(images)[:, 1] - labels).square().mean()

    adam = partial(torch.optim.AdamW, weight_decay=0.1)
    history = fit(network(), stripes(), epochs=6, optimiser=adam, loss=squares)
    assert history.losses[-1] < history.losses[0] / 2
    assert max(seen) <= 1


def test_what_prepares_the_images_is_used_for_validation_too() -> None:
    model = network()
    ready = Normalise((0.3,), (0.25,))
    history = fit(model, stripes(), epochs=2, prepare=ready, validation=stripes())
    found = train.accuracy(model, stripes(), prepare=ready)
    assert found == history.accuracies[-1]


@pytest.mark.parametrize(
    "settings", [{"channels_last": True}, {"precision": "bfloat16"}]
)
def test_quicker_settings_learn_the_same(settings: dict) -> None:
    plain, quick = network(dropout=0), network(dropout=0)
    first = fit(plain, stripes(), epochs=4)
    second = fit(quick, stripes(), epochs=4, **settings)
    assert second.losses[0] == pytest.approx(first.losses[0], rel=0.02)
    assert second.losses[-1] < 0.7 * second.losses[0]
    assert all(p.dtype == torch.float32 for p in quick.parameters())


def test_precisions_that_do_not_exist_are_named() -> None:
    with pytest.raises(ValueError, match="float32 or bfloat16"):
        fit(network(), stripes(), precision="half")


def test_quickest_compares_all_four_and_leaves_the_model_alone() -> None:
    model, before = network(), network()
    images = stripes().images[:8].float() / 255
    choices = train.quickest(model, images, stripes().labels[:8], repeats=2)
    assert len({(c.precision, c.channels_last) for c in choices}) == 4
    times = [choice.milliseconds for choice in choices]
    assert times == sorted(times)
    assert times[0] > 0
    assert equal(model, before)
    assert all(p.grad is None for p in model.parameters())


def test_inside_measures_what_comes_out_of_a_layer() -> None:
    model = network(dropout=0)
    inside = train.Inside(model, ["2"], every=2)
    seen: list[Tensor] = []
    model[3].register_forward_hook(lambda layer, inputs, output: seen.append(inputs[0]))  # type: ignore[index]
    fit(model, stripes(), epochs=2, callbacks=[inside])
    assert [reading.step for reading in inside.readings] == [1, 3, 5]
    for reading, values in zip(inside.readings, seen[::2], strict=True):
        assert reading.layer == "2"
        assert reading.mean == pytest.approx(values.mean().item(), rel=1e-5)
        assert reading.std == pytest.approx(values.std(unbiased=False).item(), rel=1e-4)
        assert reading.zeros == pytest.approx((values == 0).float().mean().item())
        assert reading.gradient > 0


def test_inside_measures_the_gradient() -> None:
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 2))
    inside = train.Inside(model)
    fit(model, stripes(), epochs=1, batch_size=48, callbacks=[inside])
    (reading,) = inside.readings
    assert reading.layer == "1"
    torch.manual_seed(0)
    scores = torch.zeros(48, 2, requires_grad=True)

    def loss(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
        return 3.0 * model(images).sum()

    inside.readings.clear()
    fit(model, stripes(), epochs=1, batch_size=48, loss=loss, callbacks=[inside])
    assert inside.readings[0].gradient == pytest.approx(3.0)
    assert scores.grad is None


def test_inside_can_be_taken_out_again() -> None:
    model = network()
    inside = train.Inside(model)
    inside.close()
    fit(model, stripes(), epochs=1, callbacks=[inside])
    assert inside.readings == []
    assert not any(module._forward_hooks for module in model.modules())


def test_inside_changes_nothing_in_the_training() -> None:
    plain, watched = network(dropout=0), network(dropout=0)
    fit(plain, stripes(), epochs=2)
    fit(watched, stripes(), epochs=2, callbacks=[train.Inside(watched)])
    assert equal(plain, watched)


def test_a_layer_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match=r"no layer \['conv9'\].*'0', '1'"):
        train.Inside(network(), ["conv9"])


class Screen:
    """Stands for a notebook: keeps what is displayed and how it is updated."""

    def __init__(self) -> None:
        self.shown: list[dict[str, str]] = []

    def __call__(self, data: dict[str, str], **options: bool) -> "Screen":
        assert options["raw"]
        self.shown.append(data)
        return self

    def update(self, data: dict[str, str], raw: bool) -> None:
        assert raw
        self.shown.append(data)


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    import IPython.display

    screen = Screen()
    monkeypatch.setattr(IPython.display, "display", screen)
    monkeypatch.setattr("coursekit.train.callbacks.in_notebook", lambda: True)
    monkeypatch.setattr("coursekit.train.callbacks.is_quiet", lambda: False)
    return screen


def test_the_live_plot_ends_complete(screen: Screen) -> None:
    history = fit(network(), stripes(), epochs=3, validation=stripes(), live=True)
    last = screen.shown[-1]
    assert "After 9 steps" in last["text/plain"]
    assert f"{max(history.accuracies):.1%}" in last["text/plain"]
    assert 'alt="Learning curves. After 9 steps' in last["text/html"]
    assert "image/png" in last
    assert len(screen.shown) <= 3  # not at every step


def test_the_live_plot_shows_where_a_training_broke_off(screen: Screen) -> None:
    with pytest.raises(StoppedError):
        fit(network(), stripes(), epochs=3, live=True, callbacks=[stop_at(5)])
    assert "After 5 steps" in screen.shown[-1]["text/plain"]


def test_the_live_plot_is_silent_under_tests(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("coursekit.train.callbacks.in_notebook", lambda: True)
    plot = LivePlot("Training")
    plot.draw(lambda: pytest.fail("drawn under tests"), at_once=True)
    assert capsys.readouterr() == ("", "")


def test_threads_are_given_back_when_training_breaks_off() -> None:
    before = torch.get_num_threads()
    with pytest.raises(StoppedError):
        fit(network(), stripes(), threads=before + 1, callbacks=[stop_at(1)])
    assert torch.get_num_threads() == before


def test_rows_can_be_written_as_json() -> None:
    history = fit(network(), stripes(), epochs=1, validation=stripes())
    assert json.loads(json.dumps(history.rows())) == history.rows()


@pytest.mark.gpu
def test_a_model_on_a_graphics_card_is_trained_there() -> None:
    model = network(dropout=0).cuda()
    history = fit(model, stripes(), epochs=12, validation=stripes())
    assert next(model.parameters()).is_cuda
    assert history.losses[-1] < history.losses[0] / 2
    assert history.accuracies[-1] > 0.9
