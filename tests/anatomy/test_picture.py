"""The table and the picture of a network."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from functools import cache
from html.parser import HTMLParser

import matplotlib.pyplot as plt
import pytest
import torch
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Polygon
from matplotlib.transforms import BboxBase
from torch import Tensor, nn

from coursekit import models, plots
from coursekit.anatomy import Anatomy, count_layers, picture

IMAGE, SMALL = (3, 224, 224), (3, 32, 32)


def inception() -> nn.Module:
    return models.googlenet_2014().get_submodule("inception3a")


NETWORKS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...], int]] = {
    # constructor, shape, boxes
    "LeNet": (models.lenet5, (1, 28, 28), 8),
    "AlexNet": (models.alexnet_2012, (3, 227, 227), 11),
    "VGG-16": (lambda: models.vgg("D"), IMAGE, 13),
    "NiN": (models.nin_cifar, SMALL, 12),
    "GoogLeNet": (models.googlenet_2014, IMAGE, 17),
    "ResNet-50": (lambda: models.resnet(50), IMAGE, 9),
    "ResNet-110": (lambda: models.cifar_resnet(110), SMALL, 7),
    "DenseNet-121": (models.densenet, IMAGE, 15),
    "CapsNet": (models.capsnet, (1, 28, 28), 4),
    "U-Net": (models.unet, (1, 572, 572), 20),
    "text CNN": (lambda: models.text_cnn(5000), (59,), 6),
    "DQN": (models.dqn, (4, 84, 84), 5),
    "Go": (models.go_policy, (48, 19, 19), 4),
    "MLP": (models.MLP, (1, 28, 28), 3),
    "inception": (inception, (192, 28, 28), 8),
}


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    plt.close("all")


@cache
def anatomy(name: str) -> Anatomy:
    build, shape, _ = NETWORKS[name]
    if name == "text CNN":
        return count_layers(build(), shape)
    with torch.device("meta"):
        return count_layers(build(), shape)


def texts(fig: Figure) -> list[str]:
    return [text.get_text() for text in fig.axes[0].texts]


def overlap(one: BboxBase, other: BboxBase) -> bool:
    """Do two rectangles share more than a pixel's edge?"""
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    along = min(one.y1, other.y1) - max(one.y0, other.y0)
    return min(across, along) >= 1


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_labels_are_free_of_everything_else(name: str) -> None:
    fig = anatomy(name).picture()
    labels = [text.get_window_extent() for text in fig.axes[0].texts]
    shapes = [patch.get_window_extent() for patch in fig.axes[0].patches]
    for i, (label, words) in enumerate(zip(labels, texts(fig), strict=True)):
        assert fig.bbox.x0 <= label.x0 <= label.x1 <= fig.bbox.x1, words
        assert fig.bbox.y0 <= label.y0 <= label.y1 <= fig.bbox.y1, words
        others = labels[i + 1 :] + shapes
        assert not any(overlap(label, other) for other in others), words
    assert fig.get_size_inches()[0] <= 10, "a notebook's width, at a legible size"


@pytest.mark.parametrize("name", NETWORKS)
def test_every_box_is_drawn_and_described(name: str) -> None:
    found = anatomy(name)
    boxes = NETWORKS[name][2]
    fig = found.picture()
    faces = [p for p in fig.axes[0].patches if isinstance(p, Polygon)]
    assert len(faces) == 3 * boxes
    assert f"as {boxes} boxes from left to right" in found.describe()
    assert found.describe().count(";") == boxes - 1


def front(fig: Figure, box: int) -> tuple[float, float]:
    """Width and height of the front of a box."""
    faces = [p for p in fig.axes[0].patches if isinstance(p, Polygon)]
    (left, low), _, (right, high), *_ = faces[3 * box].get_xy()
    return right - left, high - low


def test_boxes_are_to_scale() -> None:
    fig = anatomy("LeNet").picture()
    heights = [front(fig, box)[1] for box in range(5)]
    assert [h / heights[0] for h in heights] == pytest.approx(
        [1, 1, 14 / 28, 10 / 28, 5 / 28]
    )
    thick = [front(fig, box)[0] for box in range(5)]
    assert (thick[3] / thick[1]) ** 2 == pytest.approx(16 / 6)
    bars = [front(fig, box)[1] for box in (5, 6, 7)]
    assert [(b / thick[1]) ** 2 for b in bars] == pytest.approx([20, 14, 10 / 6])


def test_depth_is_to_scale_too() -> None:
    fig = count_layers(nn.MaxPool2d((1, 4)), (2, 8, 16)).picture()
    sides = [p for p in fig.axes[0].patches if isinstance(p, Polygon)][2::3]
    depth = [side.get_xy()[1] - side.get_xy()[0] for side in sides]
    assert depth[0] == pytest.approx(4 * depth[1])


def test_blocks_are_named_and_counted() -> None:
    words = texts(anatomy("ResNet-50").picture())
    assert {"layer3.0–5", "6 × Bottleneck", "1024×14×14"} <= set(words)
    words = texts(anatomy("DenseNet-121").picture())
    assert {"24 × DenseLayer", "denselayer1–24"} <= set(words)
    assert "inception4a–c" in texts(anatomy("GoogLeNet").picture())


def test_a_block_around_one_layer_names_the_layer() -> None:
    described = anatomy("CapsNet").describe()
    assert "primary (PrimaryCapsules, convolution 9×9, stride 2): 1152×8" in described


def test_paths_that_do_not_come_from_the_box_before_are_named() -> None:
    described = anatomy("U-Net").describe()
    assert "up.0 (UpStep, plus down.3.2): 512×52×52" in described
    assert "up.3 (UpStep, plus down.0.2): 64×388×388" in described
    described = anatomy("text CNN").describe()
    assert "convolutions.1 (convolution 4, from embeddings.0)" in described
    assert "output (dense, plus convolutions.0, plus convolutions.1)" in described
    described = anatomy("inception").describe()
    assert "branch3.0.conv (convolution 1×1, from input)" in described
    assert "output (joined, plus branch1.conv, plus branch2.1.conv" in described


def test_paths_side_by_side_are_boxes_of_their_own() -> None:
    with torch.device("meta"):
        model = models.googlenet(auxiliary=True)
    described = count_layers(model, IMAGE, training=True).describe()
    assert "aux1 (Head, from inception4a" in described
    assert "aux2 (Head, from inception4d" in described
    assert "joined" not in described, "three outputs stay three"


def test_arrows_join_only_boxes_that_follow() -> None:
    def arrows(name: str) -> int:
        patches = anatomy(name).picture().axes[0].patches
        return sum(isinstance(p, FancyArrowPatch) for p in patches)

    assert arrows("LeNet") == 7
    assert arrows("text CNN") == 3, "two of three convolutions start anew"


def test_a_wrapped_network_is_opened() -> None:
    class Wrapper(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = models.lenet5()

        def forward(self, x: Tensor) -> Tensor:
            return self.net(2 * x - 1)

    assert "net.features.0" in count_layers(Wrapper(), (1, 28, 28)).describe()


def test_show_has_a_caption_and_an_alternative_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[dict[str, str]] = []
    monkeypatch.setattr(plots, "show", lambda fig, **words: shown.append(words))
    rows = anatomy("LeNet")
    rows.show()
    rows.show("Two thirds of the weights are in one layer.")
    assert shown[0]["caption"].startswith("ConvNet on 1×28×28: 61,706 parameters")
    assert shown[1]["caption"].startswith("Two thirds")
    assert shown[0]["alt"] == rows.describe()
    bundle = plots.bundle(rows.picture(), caption="c", alt=rows.describe())
    assert html.escape(rows.describe()) in bundle["text/html"]


class Table(HTMLParser):
    """The cells of a table, and where headers are."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.scopes: list[str | None] = []
        self.caption = self.tag = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tag = tag
        if tag == "tr":
            self.rows.append([])
        if tag == "th":
            self.scopes.append(dict(attrs).get("scope"))

    def handle_data(self, data: str) -> None:
        if self.tag in ("th", "td"):
            self.rows[-1].append(data)
        if self.tag == "caption":
            self.caption += data


def test_the_table_is_accessible() -> None:
    page = anatomy("LeNet")._repr_html_()
    table = Table(page)
    assert table.caption.startswith(
        "ConvNet on 1×28×28: 61,706 parameters, 416,520 mul"
    )
    assert table.scopes == ["col"] * 11 + ["row"] * 7
    assert [len(row) for row in table.rows] == [11] * 8
    assert table.rows[1][:7] == [
        *("features.0", "convolution 5×5", "6×28×28", "26", "4,704", "122,304", "156")
    ]
    assert table.rows[1][8:] == ["5", "1", "−2"]
    assert "are not shown (5)" in page
    assert 'tabindex="0"' in page, "scrolled with the keyboard"


def test_names_are_escaped() -> None:
    model = nn.Sequential()
    model.add_module("<b>&", nn.Linear(2, 2))
    page = count_layers(model, (2,))._repr_html_()
    assert "<b>" not in page
    assert "&lt;b&gt;&amp;" in page


def test_the_text_is_a_table_too() -> None:
    lines = repr(anatomy("AlexNet")).splitlines()
    assert lines[0].startswith("ConvNet on 3×227×227: 60,965,224 parameters")
    assert re.search(r"features\.4 +convolution 5×5, 2 groups +256×27×27 ", repr_row(4))
    assert len({line.index("field") for line in lines if "field" in line}) == 1


def repr_row(number: int) -> str:
    return repr(anatomy("AlexNet")).splitlines()[number]


def test_group_names() -> None:
    from coursekit.anatomy.steps import group_name

    assert group_name(["a.0", "a.1", "a.2"]) == "a.0–2"
    assert group_name(["m.9.conv", "m.10.conv", "m.11.conv"]) == "m.9–11.conv"
    assert group_name(["conv10", "conv12"]) == "conv10–12"
    assert group_name(["4a", "4c"]) == "4a–c"
    assert group_name(["a.x", "b.y"]) == "a.x – b.y"
    assert group_name(["pool"]) == "pool"


def test_the_scale_is_written_under_every_picture() -> None:
    assert picture.SCALE in texts(anatomy("DQN").picture())
