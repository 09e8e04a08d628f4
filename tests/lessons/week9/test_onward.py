"""What the demonstrations of "Where to go from here" must show, and its numbers."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
import torchvision
from scipy import stats
from torch import Tensor, nn

from coursekit import atlas
from coursekit.checks.week9 import onward as checked
from tests.lessons.demonstrations import Lesson, left_by

LESSON = Path(__file__).parents[3] / "solutions/week9_style/4_onward.py"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return left_by(9, "onward")


def test_the_map_is_the_atlas(lesson: Lesson) -> None:
    assert lesson["needs"] == atlas.needs()
    for goal in lesson["needs"]:
        road = lesson["road_to"](goal, lesson["needs"])
        assert set(road) == lesson["needed"](goal)


def test_what_the_text_says_of_the_map(lesson: Lesson) -> None:
    """Long arcs end at sizes, gradients, the loop; routing needs nothing of 4 to 7."""
    fallen = {name: len(some) for name, some in lesson["fallen"].items()}
    later = sorted(lesson["later"], key=lambda name: -fallen[name])
    assert later[0] == "week 2, notebook 1"
    assert all(name.startswith(("week 2", "week 3")) for name in later[:5])
    between = [n for n in lesson["titles"] if n.startswith(("week 4", "week 5",
               "week 6", "week 7"))]  # fmt: skip
    assert not lesson["routing"] & set(between)
    assert len(lesson["routing"]) == 9
    assert (fallen[later[0]], len(fallen)) == (25, 29)
    nobody = {lesson["titles"][name] for name in later if not fallen[name]}
    assert len(nobody) == 8
    assert {"From hours to seconds", "CapsNet"} < nobody


def test_every_part_of_the_vision_transformer_was_taught(lesson: Lesson) -> None:
    for idea in lesson["PARTS"].values():
        assert atlas.where(idea) != "in no section", idea
        assert any(idea in section.ideas for section in atlas.find(idea)), idea


def test_how_far_layers_reach(lesson: Lesson) -> None:
    pixels = [int((one > 0).sum()) for one in lesson["influence"].values()]
    assert pixels == [9, 49, 256]
    darkest = int(lesson["influence"]["self-attention"].argmax())
    assert divmod(darkest, 16) == lesson["spot"]


def test_only_attention_does_not_mind_shuffling(lesson: Lesson) -> None:
    for seed in range(5):
        torch.manual_seed(seed)
        maps = torch.randn(1, 8, 16, 16)
        for name, layer in lesson["layers"].items():
            off = layer(lesson["shuffled"](maps)) - lesson["shuffled"](layer(maps))
            assert (off.abs().max() < 1e-4) == (name == "self-attention")


def test_attended_is_the_exercise(lesson: Lesson) -> None:
    x, matrices = torch.randn(2, 6, 3, 4), torch.randn(3, 6, 6)
    for heads in (1, 2, 3):
        torch.testing.assert_close(
            lesson["attended"](x, *matrices, heads),
            lesson["attend"](x, *matrices, heads),
        )


def test_nine_heads_are_a_convolution(lesson: Lesson) -> None:
    assert lesson["gap"] < 1e-4


def test_the_numbers_of_the_quiz_on_costs(lesson: Lesson) -> None:
    conv = nn.Conv2d(64, 64, 3, bias=False)
    assert lesson["conv_weights"] == conv.weight.numel()
    deep = nn.Conv2d(64, 64, 7, groups=64, bias=False)
    assert lesson["depthwise_weights"] == deep.weight.numel()
    attention = nn.MultiheadAttention(64, 8, bias=False)
    counted = sum(p.numel() for p in attention.parameters())
    assert lesson["attention_weights"] == counted
    work = lesson["attention_cost"](1024)
    assert lesson["attention_work"] == work == 1024 * counted + 2 * 8 * 1024**2 * 8
    assert lesson["attention_cost"](160) == lesson["conv_cost"](160)
    for channels in (3, 64, 768):
        n = 5 * channels / 2
        one, other = (
            lesson["attention_cost"](n, channels),
            lesson["conv_cost"](n, channels),
        )
        assert one == pytest.approx(other)
    assert 4 < lesson["attention_cost"](4096) / work < 16
    sides = (lesson["attention_cost"](128**2), lesson["conv_cost"](128**2))
    assert sides[0] > 50 * sides[1]
    assert 8**2 < 160 < 16**2


def test_patches_are_a_stride(lesson: Lesson) -> None:
    assert (lesson["by_patches"] - lesson["by_stride"]).abs().max() < 1e-4
    kernel = lesson["patch_kernel"](lesson["matrix"], (4, 2))
    torch.testing.assert_close(kernel, lesson["as_kernel"])


def test_a_vision_transformer_of_torchvision() -> None:
    with torch.device("meta"):
        vit = torchvision.models.vit_b_16()
    assert isinstance(vit.conv_proj, nn.Conv2d)
    assert vit.conv_proj.kernel_size == vit.conv_proj.stride == (16, 16)
    assert (224 // 16) ** 2 == 196
    assert vit.conv_proj.out_channels == 768


def test_who_looks_at_neighbours(lesson: Lesson) -> None:
    convnext, basic = (
        sum(p.numel() for p in lesson[name].parameters())
        for name in ("convnext", "basic")
    )
    assert 16.5 < convnext / lesson["looks"]["ConvNeXt block"] < 17.5
    assert lesson["looks"]["basic block"] / basic > 0.99
    # A window of 7 × 7 is some five times as large as one of 3 × 3.
    assert 5 < 49 / 9 < 5.5


def normed(norm: nn.Module, x: Tensor) -> Tensor:
    """LN over the channels of each place, with the weights of a block's norm."""
    weight, bias = (p for _, p in norm.named_parameters())
    columns = F.layer_norm(x.movedim(1, 3), weight.shape, weight, bias)
    return columns.movedim(3, 1)


def healthy(block: nn.Module, x: Tensor) -> Tensor:
    """The drawing, written with torch's own attention and the block's weights."""
    b: dict[str, nn.Module] = dict(block.named_children())
    c, heads = x.shape[1], int(block.heads)  # type: ignore[arg-type]
    q, k, v = (
        part.unflatten(1, (heads, c // heads)).flatten(3).mT
        for part in b["qkv"](normed(b["norm1"], x)).chunk(3, 1)
    )
    y = F.scaled_dot_product_attention(q, k, v).mT.reshape(x.shape)
    x = x + b["out"](y)
    return x + b["narrow"](F.gelu(b["wide"](normed(b["norm2"], x))))


def test_one_of_six_blocks_is_healthy(lesson: Lesson) -> None:
    torch.manual_seed(0)
    x = torch.randn(3, 8, 4, 5)
    for name in "PQRSTU":
        block = lesson[name](8)
        with torch.no_grad():
            for parameter in block.parameters():
                parameter.copy_(0.5 * torch.randn_like(parameter) + 0.3)
            off = (block(x) - healthy(block, x)).abs().max()
        assert (off < 1e-3) == (name == "Q"), name


def test_the_faults_of_the_other_five(lesson: Lesson) -> None:
    torch.manual_seed(1)
    x = 2 * torch.randn(1, 8, 3, 4) + 1
    for name in "PQRSTU":
        block = lesson[name](8)
        block(x).sum().backward()
        unused = [n for n, p in block.named_parameters() if p.grad is None]
        assert bool(unused) == (name == "R"), name
        with torch.no_grad():
            for layer in (block.out, block.narrow):
                layer.weight.zero_()
                layer.bias.zero_()
            assert torch.equal(block(x), x) == (name != "P"), name


def test_only_u_normalises_with_other_places(lesson: Lesson) -> None:
    x = torch.randn(1, 8, 3, 4)
    other = x.clone()
    other[..., 0, 0] += 3
    for name in "PQRSTU":
        norm = lesson[name](8).norm1
        same = torch.equal(norm(x)[..., 1:, :], norm(other)[..., 1:, :])
        assert same == (name != "U")


def noise_error(lesson: Lesson, a: float, seed: int) -> float:
    torch.manual_seed(seed)
    held_out = lesson["held_out"]
    t = torch.full((len(held_out),), float(np.arccos(a**0.5) * 2 / np.pi))
    x, noise = lesson["mixed"](held_out, t)
    with torch.no_grad():
        return F.mse_loss(lesson["model"](x, t), noise).item()


def test_the_more_noise_the_easier(lesson: Lesson) -> None:
    for seed in range(3):
        errors = [noise_error(lesson, a, seed) for a in (0.99, 0.9, 0.5, 0.1, 0.01)]
        assert errors == sorted(errors, reverse=True)
        assert 0.3 < errors[0] < 0.9
        assert errors[-1] < 0.05


def test_what_comes_out_of_noise(lesson: Lesson) -> None:
    """Farther from the training pictures than real ones, nearer than by chance."""
    written = lesson["nearest"](lesson["held_out"])
    chance = lesson["nearest"](lesson["chance"])
    made = lesson["nearest"](lesson["seen"][-1])
    assert written.mean() == pytest.approx(2.3, abs=0.1)
    assert chance.mean() == pytest.approx(4.3, abs=0.15)
    assert made.mean() == pytest.approx(3.3, abs=0.2)
    assert made.min() > 0.8


def test_the_boards_are_those_of_the_check(lesson: Lesson) -> None:
    for size in ((5, 12, 12, 1, 1), (3, 9, 17, 8, 2)):
        for one, other in zip(
            lesson["rook_boards"](*size), checked.rook_boards(*size), strict=True
        ):
            assert torch.equal(one, other)


def test_who_is_content() -> None:
    """By hand: somebody of the liked colour in the row or the column."""
    boards, content = checked.rook_boards(6, 7, 9, deal=5, seed=6)
    colours, likes = checked.dealt(5)
    assert sorted(likes.tolist()) == list(range(6))
    kinds = torch.einsum("nchw,kc->nhwk", boards, colours).argmax(3)
    there = boards.abs().sum(1) > 0
    for n, row, column in there.nonzero().tolist():
        liked = likes[kinds[n, row, column]]
        found = there[n] & (kinds[n] == liked)
        seen = bool(found[row].any() or found[:, column].any())
        assert seen == bool(content[n, row, column])


def test_half_of_them_are_content() -> None:
    for deal in range(4):
        for size in checked.SIZES:
            boards, content = checked.rook_boards(300, *size, deal, deal)
            there = boards.abs().sum(1) > 0
            assert 0.47 < content[there].float().mean() < 0.55


class Roads(nn.Module):
    """The answer's network, with something else in place of its maxima."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind, wide = kind, 48 if kind in ("max", "sum") else 32
        self.see = nn.Sequential(nn.Conv2d(3, 16, 1), nn.ReLU())
        self.judge = nn.Sequential(
            nn.Conv2d(wide, 32, 1), nn.ReLU(), nn.Conv2d(32, 1, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        h = self.see(x)
        asked = {
            "max": [h.amax(2, keepdim=True), h.amax(3, keepdim=True)],
            "sum": [h.sum(2, keepdim=True), h.sum(3, keepdim=True)],
            "rows": [h.amax(3, keepdim=True)],
            "whole": [h.amax((2, 3), keepdim=True)],
        }[self.kind]
        found: Tensor = self.judge(torch.cat([h, *(y.expand_as(h) for y in asked)], 1))
        return found[:, 0]


def trained_on_boards(kind: str, deal: int) -> list[float]:
    """The shares told right on fresh boards of both sizes, after 400 steps."""
    torch.manual_seed(deal)
    boards, content = checked.rook_boards(400, 12, 12, deal, deal + 1)
    model = Roads(kind)
    adam = torch.optim.Adam(model.parameters())
    rates = torch.optim.lr_scheduler.OneCycleLR(adam, 0.01, 400)
    for _ in range(400):
        chosen = torch.randint(len(boards), (32,))
        x, t = boards[chosen], content[chosen].float()
        there = x.abs().sum(1) > 0
        loss = F.binary_cross_entropy_with_logits(model(x)[there], t[there])
        adam.zero_grad()
        loss.backward()
        adam.step()
        rates.step()
    shares = []
    for number, size in enumerate(checked.SIZES, 2):
        fresh, truth = checked.rook_boards(200, *size, deal, deal + number)
        there = fresh.abs().sum(1) > 0
        with torch.no_grad():
            shares.append(float(((model(fresh) > 0) == truth)[there].float().mean()))
    return shares


@pytest.mark.share(2)
@pytest.mark.parametrize(
    ("kind", "least", "most"),
    [
        ("max", 0.98, 1),
        ("sum", 0.76, 0.985),
        ("rows", 0.73, 0.87),
        ("whole", 0.48, 0.55),
    ],
)
def test_what_a_square_must_know(kind: str, least: float, most: float) -> None:
    for deal in (0, 1):
        for share in trained_on_boards(kind, deal):
            assert least < share < most, deal


def test_four_tables_and_what_they_say(lesson: Lesson) -> None:
    head, lines, verdict = (lesson[name] for name in ("HEAD", "lines", "verdict"))
    deep, wide = lesson["deep"], lesson["wide"]

    def told(one: tuple[float, ...], other: tuple[float, ...], first: int = 0) -> str:
        sides = [lines("deep", 0, *one), lines("wide", first, *other)]
        return str(verdict(head + "\n".join(sides)))

    gaps = np.array(deep) - np.array(wide)
    assert gaps.mean() == pytest.approx(0.022)
    assert min(gaps) > 0
    assert told(deep[:1], wide[:1]).endswith("pairs: 1. Nothing can be told.")
    assert told(deep, wide) == "deep − wide: 0.022 ± 0.004, 5 pairs: they differ"
    mixed = told(deep[::-1], wide)
    assert mixed == "deep − wide: 0.022 ± 0.011, 5 pairs: cannot be told"
    assert "pairs: 0." in told(deep, wide, 5)
    assert "they differ" in told(wide, deep)
    assert stats.t.ppf(0.975, 4) == pytest.approx(2.8, abs=0.03)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("results.csv", "should begin with side,seed,value"),
        ("", "should begin with side,seed,value"),
        ("side,seed,value\na,0,1\nb,0,1\nc,0,1", "here are 3"),
        ("side,seed,value\na,0,1", "here are 1"),
        ("side,seed,value\na,0,1\na,0,2\nb,0,1", "a has seed 0 twice"),
    ],
)
def test_a_table_that_is_none(lesson: Lesson, table: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        lesson["verdict"](table)


def test_the_sentence_that_is_quoted_stands_in_a_lesson() -> None:
    week5 = LESSON.parents[1] / "week5_batchnorm/2_batch_normalisation.py"
    quoted = "we could measure no harm at this size"
    assert quoted in week5.read_text("utf-8")
    assert quoted in LESSON.read_text("utf-8")


def test_the_points_of_the_project_are_ten() -> None:
    text = LESSON.read_text("utf-8")
    rubric = text[text.index("**How it is judged.**") :]
    lines = re.findall(r"# - \*\*(\w+)\.\*\* \*2:\*", rubric)
    assert lines == ["Question", "Baseline", "Measurement", "Verdict", "Code"]
