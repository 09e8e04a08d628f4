"""Checks of "Neural style transfer"."""

import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from coursekit import data, features
from coursekit.checks import painter
from coursekit.checks.compare import array
from coursekit.checks.core import Cases, exercise
from coursekit.checks.expect import (
    Answer,
    Mistakes,
    Result,
    expect,
    expect_that,
    fail,
)
from coursekit.checks.loops import (
    Layers,
    applied,
    expect_same_state,
    given_model,
    log_of,
)
from coursekit.checks.maker import Maker
from coursekit.checks.modules import MadeModule
from coursekit.checks.quiz import quiz
from coursekit.checks.references import normal

READY = ("coursekit.style", "coursekit.dream", "coursekit.features.descent")

what_g_knows = quiz("what-g-knows")
seven_losses = quiz("seven-losses")

CUT = (
    "The tensor that you return is cut off from `maps`, by .detach(), .item(), "
    "torch.tensor(…), torch.no_grad() or NumPy in between: no picture could be painted "
    "with it."
)
HALF = (
    "Half of the gradient comes back: somewhere on the way one of two factors has been "
    "cut off."
)


def _expect_slope(
    answer: Maker,
    name: str,
    given: tuple[Tensor | float, ...],
    right: np.ndarray,
    room: float,
) -> None:
    """Who returns a tensor has to let the gradient through; numbers have none."""
    value = answer(*given).outcome.value
    if not isinstance(value, Tensor):
        return
    model, case, one = applied(answer, name), "its gradient", torch.ones_like(value)
    outcome = model.link.ask("module", model.number, (one, *given), ask="gradients")
    reply = outcome.value if isinstance(outcome.value, dict) else {}
    result = model.result(outcome, name, given)
    raised = outcome.raised.text if outcome.raised else ""
    cut = reply.get("fits") is True and reply.get("connected") is False
    if cut or "Can't call numpy()" in raised:
        fail(result, case, "no gradient comes back to `maps`", CUT)
    found = model.gradients(*given, upstream=one, case=case)
    if not found.of_inputs or found.of_inputs[0] is None:
        fail(found.result, case, "no gradient comes back to `maps`", CUT)
    mistakes = [(right / 2, HALF)]
    expect(found.input(0), right, case, mistakes, np.full(right.shape, room))


# ---- Content loss ----


@exercise("content-loss", "maps", "target", "weight", by_hand=READY)
def content_loss(answer: Maker, cases: Cases) -> None:
    """Oracle: Python's numbers, one place after the other."""
    maps = torch.tensor([[[[2.0, 0.5, -1.0]], [[1.5, -2.0, 3.0]]]])
    target = torch.tensor([[[[1.0, 2.0, 0.5]], [[-0.5, 1.0, 2.5]]]])
    _apart(answer, (maps, target), "two filters, three places")
    _apart(answer, (maps, target, 0.3), "the same with a weight of 0.3")
    _apart(answer, (target, maps, 3), "a weight of 3, a whole number")
    for number in cases.count(4):
        n, h, w = cases.integer(1, 4), cases.integer(1, 5), cases.integer(2, 6)
        pair = normal(cases, 1, n, h, w) + 0.005, normal(cases, 1, n, h, w)
        weight = cases.integer(1, 30) / 10
        _apart(answer, (*pair, weight), f"random {number}: {n} filters, {h} × {w}")
    pair = 100 * normal(cases, 1, 3, 4, 5) + 0.5, 100 * normal(cases, 1, 3, 4, 5)
    _apart(answer, pair, "maps as large as those of a network")
    slope = 0.3 * (maps - target).numpy()
    _expect_slope(answer, "content_loss", (maps, target, 0.3), slope, 10.0)


def _apart(answer: Maker, given: tuple[Tensor | float, ...], case: str) -> None:
    maps, target, weight = (*given, 1.0)[:3]
    assert isinstance(maps, Tensor)
    assert isinstance(target, Tensor)
    off = maps.double() - target.double()
    total = sum(number**2 for number in off.flatten().tolist())
    right = float(weight) / 2 * total
    expect(answer(*given), right, case, _mistakes_content(off, float(weight)),
           scale=5 * max(right, 1.0))  # fmt: skip


def _mistakes_content(off: Tensor, weight: float) -> Mistakes:
    total = float(off.square().sum())
    yield weight * total, "Where is the ½?"
    yield total / 2, "Use the weight that is given."
    yield weight / 2 * float(off.square().mean()), "The sum is wanted, not the mean."
    yield weight * float(off.square().mean()), "The sum is wanted, with ½; no mean."
    yield weight / 2 * float(off.abs().sum()), "The differences are squared."
    yield weight / 2 * float(off.sum()), "The differences are squared, then added."
    yield weight / 2 * float(off.sum()) ** 2, "Square first, then add."
    yield weight / 2 * total**0.5, "There is no root in it."
    yield weight**2 / 2 * total, "The weight is not squared."
    yield weight / 4 * total, "½ once: yours has a ¼."
    yield (weight / 2 * off.square()).numpy(), "One number: add over all axes."
    yield (
        (weight / 2 * off.square().sum((2, 3))).numpy(),
        "One number: add over the filters, too.",
    )


# ---- The Gram matrix ----


@exercise("gram", "maps", by_hand=READY)
def gram(answer: Maker, cases: Cases) -> None:
    """Oracle: einsum in float64."""
    few = torch.tensor([[[[2.0, 0.0, 1.0, 3.0]], [[1, -1, 0, 2]], [[0, 3, 1, -1]]]])
    _grammed(answer, few, "three filters, four places, one picture")
    sizes = ((1, 2, 3, 4), (3, 2, 1, 4), (4, 1, 2, 3), (3, 5, 2, 2), (2, 3, 1, 1))
    for shape in sizes:
        words = f"{shape[0]} pictures" if shape[0] > 1 else "one picture"
        _grammed(answer, normal(cases, *shape) + 0.005, f"{words}, maps {shape}")
    for number in cases.count(3):
        drawn = [cases.integer(1, 6) for _ in range(4)]
        case = f"random {number}, {tuple(drawn)}"
        _grammed(answer, normal(cases, *drawn) + 0.005, case)
    _grammed(answer, 100 * normal(cases, 2, 4, 5, 7), "maps of a network's size")
    summed = 2 * few.sum(1, keepdim=True).expand_as(few).numpy()
    _expect_slope(answer, "gram", (few,), summed, 20.0)


def _grammed(answer: Maker, maps: Tensor, case: str) -> None:
    rows = maps.double().flatten(2)
    right = torch.einsum("nik,njk->nij", rows, rows).numpy()
    size = torch.einsum("nik,njk->nij", rows.abs(), rows.abs()).numpy()
    expect(answer(maps), right, case, _mistakes_gram(rows, maps), 4 * size + 1e-6)


def _mistakes_gram(rows: Tensor, maps: Tensor) -> Mistakes:
    n, filters, places = rows.shape
    right = rows @ rows.transpose(1, 2)
    if n == 1:
        yield right[0], "The axis of the pictures stays, also for one: (1, N, N)."
    yield right / places, "Nothing is divided here: that comes in section 4."
    yield right / (filters * places), "Nothing is divided here."
    yield right / filters, "Nothing is divided here."
    centred = rows - rows.mean(2, keepdim=True)
    yield (
        centred @ centred.transpose(1, 2),
        "No mean is subtracted: that would be a covariance.",
    )
    yield (
        centred @ centred.transpose(1, 2) / max(places - 1, 1),
        "That is a covariance: no mean is subtracted, nothing is divided.",
    )
    yield (
        rows.transpose(1, 2) @ rows,
        "That is Fᵀ F, places by places: the sum runs over the places.",
    )
    mixed = maps.double().reshape(n, places, filters)
    yield (
        mixed.transpose(1, 2) @ mixed,
        "reshape(n, h·w, N) cuts the numbers in another order: a row of F is one map.",
    )
    all_rows = rows.transpose(0, 1).reshape(filters, -1)
    together = all_rows @ all_rows.T
    yield together, "Each picture has a Gram matrix of its own."
    yield together.expand(n, -1, -1), "Each picture has a Gram matrix of its own."
    yield right.sum(0), "Each picture has a Gram matrix of its own."
    long = rows.reshape(n * filters, places)
    yield long @ long.T, "Maps of different pictures must not be multiplied."
    length = rows.norm(dim=2)
    yield (
        right / (length[:, :, None] * length[:, None]).clamp(min=1e-9),
        "Those are cosines: the length of a map counts.",
    )
    yield right.abs(), "Products may be negative: no absolute values."
    lower = maps.double().clamp(min=0).flatten(2)
    yield lower @ lower.transpose(1, 2), "No ReLU: maps may be negative here."


# ---- Style loss ----


@exercise("style-loss", "maps", "painting", by_hand=READY)
def style_loss(answer: Maker, cases: Cases) -> None:
    """Oracle: sums over pairs of filters in float64."""
    # No side is 2 or 4: a mistake with a side must not look like one with the 4.
    maps, painting = _two(cases, 3, (3, 5), (3, 5))
    _styled(answer, maps, painting, "three filters, one size")
    for filters, here, there in (
        (3, (5, 3), (3, 7)), (2, (1, 5), (3, 4)), (1, (3, 2), (2, 2)),
        (5, (2, 2), (1, 3)), (4, (6, 1), (2, 3)),
    ):  # fmt: skip
        pair = _two(cases, filters, here, there)
        _styled(answer, *pair, f"{filters} filters, {here} places, and {there}")
    _styled(answer, maps, maps.clone(), "a picture and itself")
    for number in cases.count(3):
        filters = cases.integer(1, 6)
        sizes = [(cases.integer(1, 5), cases.integer(1, 5)) for _ in range(2)]
        pair = _two(cases, filters, *sizes)
        _styled(answer, *pair, f"random {number}: {filters} filters, {sizes}")
    few, other = _two(cases, 3, (2, 3), (4, 2))
    slope, size = _slope(few, other)
    room = 20 * float(size.max())
    _expect_slope(answer, "style_loss", (few, other), slope, room)


Size = tuple[int, int]


def _two(cases: Cases, filters: int, here: Size, there: Size) -> tuple[Tensor, Tensor]:
    """Maps of two pictures."""
    first, second = (normal(cases, 1, filters, *size) for size in (here, there))
    return first + 0.505, second - 0.255


def _means(maps: Tensor) -> tuple[Tensor, Tensor, int]:
    """G/M in float64, the same of the magnitudes, and M."""
    rows = maps.double()[0].flatten(1)
    places = rows.shape[1]
    return rows @ rows.T / places, rows.abs() @ rows.abs().T / places, places


def _styled(answer: Answer, maps: Tensor, painting: Tensor, case: str) -> None:
    (G, size, _), (A, other, _) = _means(maps), _means(painting)
    right = sum(number**2 for number in (G - A).flatten().tolist()) / 4 / len(G) ** 2
    # Each difference may be off by a millionth of what was summed for it.
    both = size + other
    room = float((4 * (G - A).abs() * both + both**2 / 1e4).mean())
    mistakes = _mistakes_style(maps, painting)
    expect(answer(maps, painting), right, case, mistakes, scale=room)


def _mistakes_style(maps: Tensor, painting: Tensor) -> Mistakes:
    (g, _, m), (a, _, other) = _means(maps), _means(painting)
    n = len(g)
    G, A = g * m, a * other
    right = float((g - a).square().sum()) / 4 / n**2

    def loss(one: Tensor, two: Tensor) -> float:
        return float((one - two).square().sum()) / 4 / n**2

    for axis in (2, 3):
        here, there = maps.shape[axis], painting.shape[axis]
        side = "The number of places is h times w; yours is one of the sides."
        yield loss(G / here, A / there), side
        yield loss(G / here**2, A / there**2), side
        yield loss(G, A) / here**2, side
    yield loss(G, A) / m**2, "Each matrix is divided by the places of its *own* maps."
    yield loss(G, A) / other**2, "G is divided by M, not by M′."
    yield loss(G, A) / (m * other), "G is divided by M, A by M′, before the difference."
    twice = "Divided by the places twice: once in G/M, and then again."
    for wrong in (loss(g / m, a / other), loss(g, a) / m**2, loss(g, a) / m):
        yield wrong, twice
    yield loss(G, A), "By the number of places nothing is divided."
    yield loss(g, A), "A is divided by M′, too."
    yield loss(G, a), "G is divided by M, too."
    yield loss(g / n, a / n), "By N² once: yours is divided by N⁴."
    yield right * n**2, "By N² nothing is divided."
    yield right * n, "The number of filters is squared: 1/(4 N²)."
    yield 4 * right, "Where is the 4?"
    yield 2 * right, "The factor has a 4, yours a 2."
    yield 4 * n**2 * right, "The factor 1/(4 N²) is missing."
    yield right / 4, "There is one 4: yours has 16."
    yield float((g - a).abs().sum()) / 4 / n**2, "The differences are squared."
    yield float((g - a).sum()) ** 2 / 4 / n**2, "Square first, then add."
    yield right**0.5, "There is no root in it."
    yield ((g - a).square() / 4 / n**2).numpy(), "One number: add over all pairs."
    if maps.shape == painting.shape:
        off = (maps - painting).double()
        yield float(off.square().sum()) / 2, "That is the content loss."


# ---- Its slope ----


DERIVING = (
    *(f"torch.autograd.{name}" for name in ("grad", "backward", "functional")),
    "torch.autograd.forward_ad",
    "torch.Tensor.backward",
    "torch.func",
    "torch._functorch.eager_transforms",
    "scipy.optimize",
    "scipy.differentiate",
)
SLOW = 4.0  # seconds; the formula takes some milliseconds


@exercise("style-slope", "maps", "painting", by_hand=(*READY, *DERIVING))
def style_slope(answer: Answer, cases: Cases) -> None:
    """Oracle: automatic differentiation, in float64."""
    for filters, here, there in (
        (3, (3, 5), (3, 5)), (1, (1, 3), (1, 3)), (3, (1, 5), (3, 2)),
        (2, (3, 5), (1, 4)), (5, (2, 1), (2, 2)), (1, (2, 3), (4, 1)),
    ):  # fmt: skip
        pair = _two(cases, filters, here, there)
        _sloped(answer, *pair, f"{filters} filters, {here} places, and {there}")
    maps, _ = _two(cases, 3, (2, 3), (1, 1))
    _sloped(answer, maps, maps.clone(), "a picture and itself")
    for number in cases.count(3):
        filters = cases.integer(1, 6)
        sizes = [(cases.integer(1, 5), cases.integer(1, 5)) for _ in range(2)]
        pair = _two(cases, filters, *sizes)
        _sloped(answer, *pair, f"random {number}: {filters} filters, {sizes}")
    _mixed(answer, cases)
    _long(answer, cases)


NUMBERWISE = (
    "Is that a slope from small steps of single numbers? A formula in F, G and A is "
    "wanted: it holds for maps of any size, and takes one product of matrices."
)


def _mixed(answer: Answer, cases: Cases) -> None:
    """Large and small maps together: what a small step does is lost in rounding."""
    maps, painting = _two(cases, 3, (2, 5), (3, 3))
    for filters in (maps, painting):
        filters *= torch.tensor([1e5, 1.0, 1e-4]).view(1, 3, 1, 1)
    right, size = _slope(maps, painting)
    result, case = answer(maps, painting), "large and small maps"
    found = result.array(right.shape, case)
    off = np.abs(found - right) / (size + 1e-12)
    told = f"a number is off by {off.max():.1g} of what is summed for it"
    expect_that(result, bool(off.max() < 1e-4), case, told, NUMBERWISE)


def _long(answer: Answer, cases: Cases) -> None:
    """More and more places; it stops at the first size that takes too long."""
    for side in (15, 45, 100, 200):
        maps, painting = _two(cases, 2, (side, side), (7, 9))
        right, size = _slope(maps, painting)
        start = time.perf_counter()
        result = answer(maps, painting)
        seconds = time.perf_counter() - start
        case = f"2 filters, {side} × {side} places"
        expect(result, right, case, (), 4 * size)
        told = f"{maps.numel():,} numbers took {seconds:.0f} seconds"
        expect_that(result, seconds < SLOW, case, told, NUMBERWISE)


def _slope(maps: Tensor, painting: Tensor) -> tuple[np.ndarray, np.ndarray]:
    """The slope, and the magnitudes that are summed for it."""
    leaf = maps.double().requires_grad_()
    off = _means(leaf)[0] - _means(painting)[0]
    loss = off.square().sum() / 4 / maps.shape[1] ** 2
    (slope,) = torch.autograd.grad(loss, leaf)
    sizes = _means(maps)[1] + _means(painting)[1]
    rows = maps.double()[0].flatten(1).abs()
    size = sizes @ rows / len(rows) ** 2 / rows.shape[1]
    return slope.numpy(), size.view(maps.shape).numpy()


def _sloped(answer: Answer, maps: Tensor, painting: Tensor, case: str) -> None:
    right, size = _slope(maps, painting)
    result = answer(maps, painting)
    mistakes = [*_mistakes_slope(maps, painting, right)]
    found = array(result.outcome.value)
    if isinstance(found, np.ndarray) and found.shape == right.shape:
        near = found.dtype.kind == "f" and (np.abs(found - right) < 0.03 * size).all()
        mistakes += [(found, NUMBERWISE)] if near else []
    expect(result, right, case, mistakes, scale=4 * size)


def _mistakes_slope(maps: Tensor, painting: Tensor, right: np.ndarray) -> Mistakes:
    (g, _, m), (a, _, other) = _means(maps), _means(painting)
    n = len(g)
    rows = maps.double()[0].flatten(1)

    def slope(difference: Tensor) -> np.ndarray:
        return (difference @ rows / n**2 / m).view(maps.shape).numpy()

    yield -right, "That is the way down; the gradient points up: G − A."
    yield 0.5 * right, "Half of it is missing: F stands twice in F Fᵀ."
    yield 2 * right, "Twice too large: what becomes of the 4 in the factor?"
    yield 0.25 * right, "A quarter: the square gives a 2, and F in F Fᵀ another one."
    yield 4 * right, "Four times too large: the 4 cancels, and no 4 is left."
    yield right / m, "Divided by M once too often: one M is already in G/M."
    yield right * m, "One M is missing: G/M has a slope of 1/M."
    if m != other:
        both = "A/M′ does not change with F: outside of it stands M, and M only."
        yield right * m / other, both
        yield slope(g * m - a * other) / other, both
        yield right / other, both
    yield right * n**2, "N² is missing."
    yield right * n, "N is squared."
    yield right / n**2, "By N² once, not twice."
    yield slope(g - a * other / m), (
        "(G − A) F / (N² M²) is for one size: here A is divided by its own places, M′."
    )  # fmt: skip
    yield slope(g - a * other), "A is divided by its own number of places, M′."
    yield slope(g * m - a * other), "G and A are divided by their places first."
    yield np.where(maps.numpy() > 0, right, 0), (
        "The paper's 0 for negative F is for maps after a ReLU. Here there is none."
    )  # fmt: skip
    yield right[0], "As maps: (1, N, h, w)."
    yield right.reshape(n, m), "As maps: (1, N, h, w)."
    yield right.reshape(n, m).T, "As maps: (1, N, h, w)."
    turned = right.reshape(n, m).T.reshape(maps.shape)
    yield turned, "(Fᵀ (G − A)) is places by filters: turn it before you cut it up."
    ones = torch.ones_like(rows)
    yield ((g - a) @ ones / n**2 / m).view(maps.shape).numpy(), "Where is F?"
    alone = torch.diag(torch.diag(g - a))
    yield slope(alone), "Each map gets something of *all* others, not of itself only."
    if maps.shape == painting.shape:
        off = (maps - painting).double().numpy()
        yield off, "That is the slope of the content loss."


# ---- Find the picture ----

PART, FEW, SPARE, LARGE = 2e-3, 0.5, 5, 1000
NETWORK: Layers = [["Conv2d", 3, 8, 5, 1, 2], ["Softplus"], ["Conv2d", 8, 8, 3, 1, 1]]
IN_BLOCKS: Layers = [NETWORK[:2], NETWORK[2]]


@exercise("find-the-picture", "network", "target", "start", "looks", by_hand=READY)
def find(answer: Maker, cases: Cases) -> None:
    """No oracle: the check looks at what its own copy of the network sees."""
    _found(answer, cases, _drawn(cases, 10, 14), 80, "10 × 14, 80 looks")
    _half_frozen(answer, cases, 80)
    _large(answer, cases, 100)
    _few(answer, cases, 12)


Task = tuple[nn.Sequential, Tensor, Tensor]


def _drawn(cases: Cases, side: int, wide: int, *, large: bool = False) -> Task:
    """A network with random weights, what it makes of a picture, and a start."""
    convolutions = nn.Conv2d(3, 8, 5, padding=2), nn.Conv2d(8, 8, 3, padding=1)
    oracle = nn.Sequential(convolutions[0], nn.Softplus(), convolutions[1])
    # More positive than negative weights blur: a long, narrow valley. With large
    # numbers Softplus has edges: there the search along a line takes more looks.
    blur = 0.0 if large else 0.7
    with torch.no_grad():
        for layer in convolutions:
            drawn = cases.rng.standard_normal(tuple(layer.weight.shape)) + blur
            fan = layer.weight[0].numel()
            layer.weight.copy_(torch.as_tensor(drawn * (2 / fan) ** 0.5))
    picture, start = (cases.rng.random((1, 3, side, wide)) for _ in "ab")
    if large:
        picture, start = (LARGE * (2 * one - 1) for one in (picture, start))
    with torch.no_grad():
        target = oracle(torch.as_tensor(picture).float())
    return oracle, target, torch.as_tensor(start).float()


def _loss(oracle: nn.Module, picture: Tensor, target: Tensor) -> float:
    with torch.no_grad():
        return float((oracle(picture.float()) - target).square().sum() / 2)


def _searched(
    answer: Maker, network: MadeModule, task: Task, looks: int, case: str
) -> tuple[Result, float]:
    """A search and what it leaves of the loss at its start; all but that is checked."""
    oracle, target, start = task
    log_of(answer, take=True)
    result = answer(network, target, start, looks)
    events = log_of(answer, take=True)
    picture = result.array(tuple(start.shape), case)
    _expect_looks(result, events.count("forward"), looks, case)
    _expect_left_alone(network, oracle, case)
    left = _loss(oracle, torch.as_tensor(picture), target)
    return result, left / _loss(oracle, start, target)


def _found(
    answer: Maker,
    cases: Cases,
    task: Task,
    looks: int,
    case: str,
    network: MadeModule | None = None,
) -> None:
    network = network or given_model(answer, NETWORK, task[0], by_first=True)
    result, part = _searched(answer, network, task, looks, case)
    goal = PART * (3 if cases.hard else 1)
    told = f"the content loss is {part:.2g} of what it was; {PART:g} is the goal"
    cut = _is_cut(result, task, case)
    expect_that(result, part <= goal, case, told, CUT_OFF if cut else _why_far(part))


CUT_OFF = (
    "Your picture has no number below 0, or none above 1, and the one that you do not "
    "see has both: hand back what the search has found, as it is."
)


def _is_cut(result: Result, task: Task, case: str) -> bool:
    """Whether a picture stays on one side of 0, or of 1, where its start does not."""
    low, high = task[2].aminmax()
    picture = result.array(tuple(task[2].shape), case)
    one_side = picture.min() >= 0 or picture.max() <= 1
    return bool(low < 0 and high > 1 and one_side)


def _half_frozen(answer: Maker, cases: Cases, looks: int) -> None:
    """A network of blocks, the first of which needs no gradients."""
    oracle, target, start = _drawn(cases, 12, 8)
    oracle = nn.Sequential(oracle[:2], oracle[2])
    network = given_model(answer, IN_BLOCKS, oracle, by_first=True)
    network.make("get_submodule", "0").do("requires_grad_", False)
    oracle[0].requires_grad_(False)
    case = f"12 × 8, {looks} looks, the first block of the network is frozen"
    _found(answer, cases, (oracle, target, start), looks, case, network)


def _large(answer: Maker, cases: Cases, looks: int) -> None:
    """Numbers far outside of 0 … 1, and a way on which lines have to be searched."""
    case = f"6 × 8, {looks} looks, numbers from −{LARGE} to {LARGE}"
    _found(answer, cases, _drawn(cases, 6, 8, large=True), looks, case)


def _few(answer: Maker, cases: Cases, looks: int) -> None:
    case = f"{looks} looks only, half of the loss is enough"
    task = _drawn(cases, 8, 10)
    network = given_model(answer, NETWORK, task[0], by_first=True)
    result, part = _searched(answer, network, task, looks, case)
    told = f"the content loss is {part:.2g} of what it was; {FEW:g} is the goal here"
    expect_that(result, part < FEW, case, told, "A few looks should help, too.")


def _why_far(part: float) -> str:
    if part > 1.001:
        return (
            "It has risen. Is the slope that of this loss, is the old one emptied each "
            "time, and is the step not too long?"
        )
    if part > 0.999:
        return (
            "It is where it was: is what you return the tensor that the optimiser "
            "moves, and does the closure leave a gradient in it?"
        )
    if part < 0.15:
        return (
            "That is the right way, too slowly. Does your walker remember how the "
            "slope changed, and may it use all of its looks?"
        )
    return "Does the closure empty the old gradient? Has L-BFGS a line search?"


def _expect_looks(result: Result, count: int, looks: int, case: str) -> None:
    told = f"the network was called {count} times; {looks} and {SPARE} more are allowed"
    idea = (
        "One `step` of L-BFGS calls its closure many times: max_eval counts the calls."
        if count > 2 * looks
        else "Each call counts, those before and after the search, too. max_eval is an "
        "end for the calls of the closure; left alone it is 1.25 × max_iter."
    )
    expect_that(result, count <= looks + SPARE, case, told, idea)


def _expect_left_alone(network: MadeModule, oracle: nn.Module, case: str) -> None:
    expect_same_state(network, oracle, case, "The weights have been changed: only the "
                      "picture is to be moved.")  # fmt: skip
    stored = network.stored_gradients()
    left = [path for path, grad in dict(stored.outcome.value).items() if _any(grad)]
    expect_that(stored, not left, case, f"gradients are left at {', '.join(left[:2])}",
                "backward() fills the .grad of every weight. torch.autograd.grad(loss, "
                "picture) gives only what you ask for.")  # fmt: skip
    _expect_same_needs(network, oracle, case)


def _expect_same_needs(network: MadeModule, oracle: nn.Module, case: str) -> None:
    x = torch.zeros(1, 3, 4, 6)
    found = network.gradients(x, upstream=torch.ones(1, 8, 4, 6), case=case)
    same = "Leave requires_grad of each weight as you found it."
    for path, weight in oracle.named_parameters():
        needs = found.of_parameters.get(path) is not None
        told = "now needs a gradient" if needs else "no longer needs a gradient"
        expect_that(found.result, needs == weight.requires_grad, case,
                    f"{path} {told}", same)  # fmt: skip


def _any(grad: object) -> bool:
    values = array(grad)
    return isinstance(values, np.ndarray) and bool(values.any())


# ---- A painter ----

STYLED, EACH, CONTENT = 0.15, 0.4, 0.55
LAYERS = ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")
PHOTOGRAPHS = ("china", "coffee", "astronaut")
SIZES = (((48, 64), (60, 44)), ((56, 40), (48, 72)))


@exercise("a-painter", "content", "painting", by_hand=READY)
def paint(answer: Answer, cases: Cases) -> None:
    """No oracle: both sides of the goal are measured with the shipped network."""
    reader = features.small("average")
    hands = cases.rng.permutation(sorted(painter.HANDS))[: len(SIZES)].tolist()
    for hand, (size, other) in zip(hands, SIZES, strict=True):
        content = _crop(cases, str(cases.rng.choice(PHOTOGRAPHS)), size)
        painting = painter.drawn(painter.HANDS[hand], *other, cases.rng)
        slack = 1.1 if cases.hard else 1.0
        _painted(answer, reader, (content, painting), f"{size} like {other}", slack)


def _crop(cases: Cases, name: str, size: Size) -> Tensor:
    """A photograph but for a few pixels at its rim, by chance, in 0 … 1."""
    height, width = size
    whole = data.photograph(name, (height + 6, width + 6))
    top, left = cases.integer(0, 6), cases.integer(0, 6)
    return whole[:, top : top + height, left : left + width].contiguous() / 255


def _sides(
    reader: nn.Module, picture: Tensor, content: Tensor, painting: Tensor
) -> tuple[np.ndarray, float]:
    """The style losses of a picture, by layer, and its content loss."""
    with torch.no_grad():
        maps, place, strokes = (
            reader(one[None].float(), [*LAYERS, "conv4_2"])
            for one in (picture, content, painting)
        )
    styled = [
        float((_means(maps[name])[0] - _means(strokes[name])[0]).square().mean()) / 4
        for name in LAYERS
    ]
    placed = float((maps["conv4_2"] - place["conv4_2"]).square().sum()) / 2
    return np.array(styled), placed


def _parts(
    reader: nn.Module, picture: Tensor, content: Tensor, painting: Tensor
) -> tuple[np.ndarray, float]:
    """Its style losses by the photograph's, its content loss by the painting's."""
    size = list(content.shape[1:])
    stretched = F.interpolate(painting[None], size, mode="bilinear", antialias=True)[0]
    styled, placed = _sides(reader, picture, content, painting)
    return (
        styled / _sides(reader, content, content, painting)[0],
        placed / _sides(reader, stretched, content, painting)[1],
    )


def reached(styled: np.ndarray, placed: float, slack: float = 1.0) -> tuple[bool, bool]:
    """Whether the goal is reached, for the style and for the content."""
    by_layer = styled.mean() <= slack * STYLED and styled.max() <= slack * EACH
    return bool(by_layer), placed <= slack * CONTENT


def _painted(
    answer: Answer,
    reader: nn.Module,
    given: tuple[Tensor, Tensor],
    case: str,
    slack: float,
) -> None:
    content, painting = given
    result = answer(content, painting)
    picture = torch.as_tensor(result.array(tuple(content.shape), case)).float()
    low, high = float(picture.min()), float(picture.max())
    expect_that(result, low >= -1e-6 and high <= 1 + 1e-6, case,
                f"its numbers go from {low:.3g} to {high:.3g}",
                "All numbers have to lie in 0 … 1.")  # fmt: skip
    parts, placed = _parts(reader, picture, content, painting)
    by_layer = ", ".join(f"{n} {x:.0%}" for n, x in zip(LAYERS, parts, strict=True))
    lines = (
        f"style: {parts.mean():.1%} of the photograph's in the mean; {STYLED:.0%} is "
        "the goal",
        f"by layer: {by_layer}; {EACH:.0%} at most for each",
        f"content: {placed:.1%} of the painting's; {CONTENT:.0%} is the goal",
    )
    goals = reached(parts, placed, slack)
    expect_that(result, all(goals), case, *lines, _why_not(goals, parts, placed))


def _why_not(goals: tuple[bool, bool], parts: np.ndarray, placed: float) -> str:
    if placed < 0.01 and parts.mean() > 0.95:
        return "That is the photograph. Has anything moved?"
    if goals[0]:
        return "The style is there. What would give the content more weight?"
    if parts.min() < 0.03 and parts.max() > 0.4:
        return (
            "Some layers have the style, others hardly any: is each of the five heard "
            "in your loss, also those whose numbers are small?"
        )
    if goals[1]:
        return "The content is there. What would give the style more weight, or time?"
    return "Neither is reached: more looks, or another walker? Does the loss fall?"
