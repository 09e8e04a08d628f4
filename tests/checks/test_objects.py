"""What a check can do with modules, loops and objects, here and in another process."""

import re
from collections.abc import Callable

import pytest
import torch
from torch import nn

from coursekit.checks.bench.order import UNUSED
from coursekit.checks.core import Cases, Check
from coursekit.checks.errors import CheckFailed
from coursekit.checks.expect import expect
from coursekit.checks.expect_module import (
    expect_buffers,
    expect_count,
    expect_registered,
)
from coursekit.checks.loops import (
    expect_same_state,
    expect_training,
    given_batches,
    given_function,
    given_list,
    given_model,
    given_optimiser,
    log_of,
    watched,
)
from coursekit.checks.maker import Maker
from coursekit.checks.matching import Layout, Row, matched
from coursekit.checks.references import layout_of, normal, stirred
from tests.answers import namespace, run_cell
from tests.proxy import Worker

Run = Callable[[str, Callable[[Maker, Cases], None]], str]

SOURCE = """
class Net(nn.Module):
    scale = 2

    def __init__(self, n):
        super().__init__()
        self.n = n
        self.norm = nn.BatchNorm1d(n)
        self.lin = nn.Linear(n, n, bias=False)
        self.drop = nn.Dropout(0.5)

    def forward(self, x, twice=False):
        y = self.drop(self.lin(self.norm(x)))
        return 2 * y if twice else y

    def describe(self, word="a"):
        return f"{word} {self.n}"

    def broken(self):
        return self.describe() + 1

    def rows(self):
        return iter([self.n] * self.n)
"""


@pytest.fixture(params=["here", "there"])
def run(request: pytest.FixtureRequest, worker: Worker) -> Run:
    """Run the body of a check on the last name of a source; its message."""

    def run(source: str, body: Callable[[Maker, Cases], None]) -> str:
        name = re.findall(r"^(?:class|def) (\w+)", source, re.M)[-1]
        space = namespace()
        run_cell(source, "<cell>", space)
        if request.param == "there":
            space = worker.names_of(source, "<cell>", (name,))
        check = Check("an-id", ("n",), body)
        check.name, check.parameters = name, (name,)
        try:
            check.run(space[name], seed=1)
        except CheckFailed as error:
            return str(error)
        return ""

    return run


def test_what_can_be_asked_of_a_module(run: Run) -> None:
    def body(answer: Maker, cases: Cases) -> None:
        net = answer.make_module(3)
        shapes = {"norm.weight": (3,), "norm.bias": (3,), "lin.weight": (3, 3)}
        expect(net.parameters(), shapes, "parameters")
        expect(net.buffers()["norm.num_batches_tracked"], (), "a buffer")
        expect_count(net, 15, "count")
        expect_registered(net, "registered", buffers=True)
        assert net.devices() == {"cpu"}
        assert net.dtypes() == {"float32"}
        expect(net.get("n"), 3, "an attribute")
        expect(net.get("scale"), 2, "an attribute of the class")
        expect(net.call("describe", word="b"), "b 3", "a method")
        expect(net.make("rows").take(5), [3, 3, 3], "a method that returns an iterator")
        net.train()
        expect(net.modes()["drop"], True, "training")
        net.eval()
        expect(net.modes()["drop"], False, "evaluation")
        x = normal(cases, 4, 3)
        once, twice = net(x), net(x, twice=True)
        expect(twice, 2 * once.outcome.value, "a named input")

    assert run(SOURCE, body) == ""


def test_state_is_read_written_and_trained(run: Run) -> None:
    def body(answer: Maker, cases: Cases) -> None:
        net, x = answer.make_module(2), normal(cases, 4, 2)
        net.write({"norm.running_var": torch.tensor([4.0, 9.0])})
        expect(net.tensor("norm.running_var"), torch.tensor([4.0, 9.0]), "written")
        expect(net.stored_gradients()["lin.weight"], None, "none at first")
        net.eval()
        net.backward(x, upstream=torch.ones(4, 2))
        first = net.stored_gradients()["lin.weight"].outcome.value
        net.backward(x, upstream=torch.ones(4, 2))
        expect(net.stored_gradients()["lin.weight"], 2 * first, "they add up")
        net.do("zero_grad")
        gradients = net.gradients(x, upstream=torch.ones(4, 2), case="gradients")
        expect(gradients.parameter("lin.weight"), first, "the same again")
        expect(net.stored_gradients()["lin.weight"], None, "left alone")

    assert run(SOURCE, body) == ""


@pytest.mark.parametrize(
    ("words", "use"),
    [
        ("model.broken()\n  your Net raised TypeError: can only",
         lambda net: net.do("broken")),
        ("on the line  return self.describe() + 1   (in Net.broken)",
         lambda net: expect(net.call("broken"), 1, "a case")),
        ("has no attribute 'm'", lambda net: expect(net.get("m"), 1, "a case")),
        ("model.n\n  should be 4, yours gave 3",
         lambda net: expect(net.get("n"), 4, "a case")),
        ("returned 'a 3' (str); expected an object",
         lambda net: net.make("describe")),
        ("there is no parameter or buffer lin.bias",
         lambda net: net.tensor("lin.bias")),
        ("missing   (5,)", lambda net: net.load(nn.Linear(3, 5))),
        ("the shape should be (4, 5), yours is (4, 3)",
         lambda net: net.gradients(torch.ones(4, 3), upstream=torch.ones(4, 5),
                                   case="a case")),
        ("should be 16, yours gave 15", lambda net: expect_count(net, 16, "a case")),
        ("'Net' object is not iterable",
         lambda net: expect(net.take(2), [], "a case")),
    ],
)  # fmt: skip
def test_the_words_of_a_failed_use(
    run: Run, words: str, use: Callable[..., object]
) -> None:
    def body(answer: Maker, cases: Cases) -> None:
        use(answer.make_module(3))

    message = run(SOURCE, body)
    assert message.startswith("✗ an-id")
    assert "model = Net(3)" in message
    assert words in message


FIT = """
def fit(model, optimiser, batches, history, stop):
    model.train()
    while stop() > 0.5:
        for x, y in batches:
            loss = F.cross_entropy(model(x), y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            history.append(loss.item())
    return len(history)
"""


def test_a_loop_gets_a_function_and_a_list(run: Run) -> None:
    def body(answer: Maker, cases: Cases) -> None:
        model = given_model(answer, [["Linear", 2, 2]], nn.Linear(2, 2))
        optimiser = given_optimiser(answer, model, "SGD", lr=0.5)
        pairs = [(normal(cases, 3, 2), torch.tensor([0, 1, 0]))]
        batches, history = given_batches(answer, pairs, "training"), given_list(answer)
        stop = given_function(answer, [0.9, 0.6, 0.4], "stop")
        result, log = answer(model, optimiser, batches, history, stop), log_of(answer)
        expect_training(result, log_of(answer), steps=2, case="two rounds")
        expect(result, 2, "two rounds")
        assert (log.count("call", "stop"), log.count("pass", "training")) == (3, 2)
        assert log.rates() == [0.5, 0.5]
        assert [event.data for event in log.trained()] == [("training",)] * 2
        losses = history.value().outcome.value
        assert len(losses) == 2
        assert losses[0] > losses[1]

    assert run(FIT, body) == ""


SCHEDULED = """
import copy

def fit(model, optimiser, batches):
    schedule = torch.optim.lr_scheduler.StepLR(optimiser, 1, gamma=0.5)
    best = copy.deepcopy(model)
    for epoch in range(3):
        for x, y in batches:
            optimiser.zero_grad(set_to_none=False)
            F.mse_loss(model(x), y).backward()
            optimiser.step()
        schedule.step()
    with torch.no_grad():
        best(x)
    model.load_state_dict(best.state_dict())
"""


def test_a_loop_may_use_schedulers_and_copies(run: Run) -> None:
    def body(answer: Maker, cases: Cases) -> None:
        start = stirred(nn.Linear(2, 1), cases)
        model = given_model(answer, [["Linear", 2, 1]], nn.Sequential(start))
        optimiser = given_optimiser(answer, model, "Adam", lr=0.5)
        pairs = [(normal(cases, 3, 2), normal(cases, 3, 1)) for _ in range(2)]
        result = answer(model, optimiser, given_batches(answer, pairs, "training"))
        assert result.outcome.raised is None
        assert log_of(answer).rates() == [0.5, 0.5, 0.25, 0.25, 0.125, 0.125]
        expect_same_state(model, nn.Sequential(start), "the weights of the start")
        stirred(start, cases)
        expect_same_state(model, nn.Sequential(start), "others")

    message = run(SCHEDULED, body)
    assert message.startswith("✗ an-id · others\n  fit(model, optimiser, training_")
    assert "  model.state_dict()['0.weight']\n  expected" in message


NO_BUFFER = """
class Norm(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(n))
        self.bias = nn.Parameter(torch.zeros(n))
        self.mean, self.var = torch.zeros(n), torch.ones(n)

    def forward(self, x):
        return x
"""


def test_statistics_that_are_no_buffers(run: Run) -> None:
    def body(answer: Maker, cases: Cases) -> None:
        oracle, norm = nn.BatchNorm1d(3), answer.make_module(3)
        norm.load(oracle)
        expect_buffers(norm, oracle, "after a batch")

    message = run(NO_BUFFER, body)
    assert "No buffer plays the part of running_mean." in message
    assert 'there is self.register_buffer("mean", …)' in message


def test_a_module_of_the_student_is_watched(run: Run) -> None:
    def body(answer: Maker, cases: Cases) -> None:
        net = watched(answer, answer.make_module(2))
        net.train()
        net.backward(normal(cases, 4, 2), upstream=torch.ones(4, 2))
        net.eval()
        net(normal(cases, 4, 2))
        log = log_of(answer)
        assert [e.what for e in log.events] == ["forward", "backward", "forward"]
        assert log.trained()[0].training == (True, True)
        assert log.evaluated()[0].training == (False, False)

    assert run(SOURCE, body) == ""


def test_layers_of_one_shape_are_told_apart_by_their_use() -> None:
    class Theirs(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = nn.Linear(2, 2), nn.Linear(2, 2)
            self.norm_a, self.norm_b = nn.BatchNorm1d(2), nn.BatchNorm1d(2)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.norm_b(self.b(self.norm_a(self.a(x))))

    class Yours(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.four, self.two = nn.BatchNorm1d(2), nn.BatchNorm1d(2)
            self.three, self.one = nn.Linear(2, 2), nn.Linear(2, 2)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.four(self.three(self.two(self.one(x))))

    x = torch.ones(3, 2)
    pairs = matched(layout_of(Yours(), x), layout_of(Theirs(), x))
    assert pairs is not None
    partners = {a.split(".")[0]: b.split(".")[0] for a, b in pairs.items()}
    assert partners == {"a": "one", "norm_a": "two", "b": "three", "norm_b": "four"}
    assert pairs["norm_a.running_var"] == "two.running_var"


@pytest.mark.parametrize(
    ("yours", "expected"),
    [
        ([("gamma", (1, 3, 1, 1)), ("beta", (1, 3, 1, 1))], "gamma beta"),
        ([("beta", (3,)), ("gamma", (3,))], "gamma beta"),
        ([("one", (3,)), ("two", (3,))], "one two"),
        ([("gamma", (3,))], None),
        ([("gamma", (3,)), ("beta", (4,))], None),
    ],
)
def test_names_and_ones_in_shapes_are_free(
    yours: list[tuple[str, tuple[int, ...]]], expected: str | None
) -> None:
    first, feeder, _ = UNUSED
    rows = [Row(path, "parameter", shape, first, feeder) for path, shape in yours]
    pairs = matched(Layout(rows, [], []), layout_of(nn.LayerNorm(3)))
    found = pairs and f"{pairs['weight']} {pairs['bias']}"
    assert found == expected


def test_stirred_modules_hold_no_zero_and_no_one() -> None:
    module = stirred(nn.BatchNorm2d(50), Cases(1, False))
    for tensor in (module.weight, module.bias, module.running_mean):
        assert tensor.abs().min() >= 0.2  # type: ignore[operator]
        assert tensor.min() < 0 < tensor.max()  # type: ignore[operator]
    assert module.running_var.min() > 0  # type: ignore[operator]
