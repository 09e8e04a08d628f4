"""Recipes, their runs in pieces, and the table beside the papers."""

import json
from dataclasses import replace
from functools import partial
from operator import methodcaller
from pathlib import Path

import pytest
import torch
from torch import nn

from coursekit import data, models
from coursekit.augment import UNCHANGED
from coursekit.data import Sentences, Split
from coursekit.models.capsnet import lengths
from coursekit.models.capsnet_baseline import capsnet_baseline
from coursekit.models.sigmoid_mlp import sigmoid_mlp
from coursekit.runs import losses, material, recipes, results, running
from coursekit.runs import papers as command
from coursekit.runs.material import Material, Overlapping
from coursekit.runs.optimisers import Adadelta
from coursekit.runs.recipes import RECIPES, Recipe
from coursekit.runs.results import FinishedRun
from coursekit.runs.table import table
from coursekit.train import Constant

# "Paper figures" of the course's facts: error in %.
PAPER = {
    "lenet5": 0.95,
    "lenet5-distorted": 0.8,
    "nin": 10.41,
    "nin-augmented": 8.81,
    "resnet20": 8.75,
    "resnet32": 7.51,
    "resnet44": 7.17,
    "resnet56": 6.97,
    "resnet110": 6.43,
    "preact110": 6.37,
    "preact164": 5.46,
    "densenet-bc-100": 4.51,
    "capsnet": 0.25,
    "capsnet-baseline": 0.39,
    "capsnet-affine": 21,
    "capsnet-baseline-affine": 34,
    "capsnet-overlapping": 5.2,
    "capsnet-baseline-overlapping": 8.1,
    "text-cnn": 23.9,
}


def dots(n: int = 40) -> Split:
    dice = torch.Generator().manual_seed(0)
    labels = torch.arange(n) % 10
    images = torch.randint(0, 50, (n, 1, 28, 28), generator=dice)
    return Split((images + 20 * labels.view(-1, 1, 1, 1)).byte(), labels)


def dense() -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 10))


TINY = Recipe(
    "tiny",
    "a tiny network",
    "dots",
    dense,
    1.5,
    "nobody, table 0",
    steps=16,
    batch=8,
    schedule=Constant(0.01),
    optimiser=recipes.SGD,
    seeds=(0, 1),
)


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    part = (dots().images, dots().labels)
    monkeypatch.setitem(material.MAKERS, "dots", lambda: Material(dots(), part, part))
    monkeypatch.setitem(RECIPES, "tiny", TINY)
    material.material.cache_clear()


def run(*arguments: str | Path | int) -> int:
    return command.main([*map(str, arguments), "--device", "cpu"])


def test_each_row_of_the_papers_has_a_recipe_with_the_papers_figure() -> None:
    found = {r.name: r.paper for r in recipes.LONG if r.paper is not None}
    assert found == PAPER
    assert len(RECIPES) == len(recipes.LONG) + len(recipes.FAST) + 1


def test_the_papers_own_recipe_of_resnets() -> None:
    recipe = RECIPES["resnet56"]
    assert (recipe.steps, recipe.batch) == (64_000, 128)
    rates = [recipe.schedule(s) for s in (0, 31_999, 32_000, 48_000)]
    assert rates == pytest.approx([0.1, 0.1, 0.01, 0.001])
    assert RECIPES["resnet110"].schedule(399) == 0.01
    optimiser = recipe.optimiser(dense().parameters(), lr=1.0)
    assert optimiser.defaults["weight_decay"] == 1e-4
    assert optimiser.defaults["momentum"] == 0.9


def test_short_recipes_say_that_they_are_ours() -> None:
    for recipe in recipes.FAST:
        assert recipe.name.endswith("-fast")
        assert "our" in recipe.title
        assert recipe.differences.startswith("our own recipe")
        assert recipe.steps < 10_000


SIZES = {
    "resnet110": 1_727_962,
    "preact164": 1_703_258,
    "plain56": 853_018,
    "lenet5": 60_000,
    "sigmoid-mlp": 99_710,
    "sigmoid-mlp-bn": 100_010,
}


@pytest.mark.parametrize("name", SIZES)
def test_recipes_build_the_networks_of_their_names(name: str) -> None:
    count = sum(p.numel() for p in RECIPES[name].build().parameters())
    assert count == SIZES[name]


@pytest.mark.parametrize("normalised", [False, True])
def test_the_network_of_sigmoids_starts_small(normalised: bool) -> None:
    model = sigmoid_mlp(normalised=normalised, pixels=12, hidden=50, classes=3)
    assert model(torch.rand(4, 2, 2, 3)).shape == (4, 3)
    kinds = [kind(layer) for layer in model]
    block = (
        ["Linear", "BatchNorm1d", "Sigmoid"] if normalised else ["Linear", "Sigmoid"]
    )
    assert kinds == ["Flatten", *3 * block, "Linear"]
    weights = torch.cat([p.flatten() for p in model.parameters() if p.dim() > 1])
    assert 0.09 < weights.std() < 0.11
    assert sum(
        layer.bias is not None for layer in model if kind(layer) == "Linear"
    ) == (1 if normalised else 4)
    with pytest.raises(ValueError, match="hidden"):
        sigmoid_mlp(normalised=normalised, hidden=0)


def kind(layer: nn.Module) -> str:
    return type(layer).__name__


def test_the_baseline_of_capsnet_has_the_papers_size() -> None:
    model = capsnet_baseline()
    assert sum(p.numel() for p in model.parameters()) == 35_445_522
    small = capsnet_baseline(image_size=6, classes=4, channels=3)
    assert small(torch.rand(2, 3, 6, 6)).shape == (2, 4)
    with pytest.raises(ValueError, match="6 × 6"):
        small(torch.rand(2, 3, 7, 7))
    with pytest.raises(ValueError, match="image_size"):
        capsnet_baseline(image_size=0)


def test_a_run_leaves_its_result(tmp_path: Path) -> None:
    assert run("tiny", "--out", tmp_path) == 0
    for seed in (0, 1):
        (result,) = results.read(tmp_path / f"tiny-{seed}.json")
        assert (result.recipe, result.seed, result.steps) == ("tiny", seed, 16)
        assert 0 <= result.test_error <= 100
        assert result.train_error == result.test_error  # the same images here
        assert [row[0] for row in result.history] == [*range(2, 17, 2)]
        assert result.alongside == 2
        assert result.seconds > 0
        assert "CPU" in result.hardware
        assert result.torch == torch.__version__


def test_a_run_in_pieces_ends_like_one_in_one_piece(tmp_path: Path) -> None:
    pieces, whole = tmp_path / "pieces", tmp_path / "whole"
    run("tiny", "--out", pieces, "--seeds", 0, "--steps", 7)
    assert not list(pieces.glob("*.json"))
    run("tiny", "--out", pieces, "--seeds", 0)
    run("tiny", "--out", whole, "--seeds", 0)
    one, two = (
        torch.load(f / "tiny-0.pt")["state"]["trainer"]["model"]
        for f in (pieces, whole)
    )
    assert all(torch.equal(one[name], two[name]) for name in one)
    (first,), (second,) = (results.read(f / "tiny-0.json") for f in (pieces, whole))
    assert first.test_error == second.test_error


@pytest.mark.parametrize(
    "change", [{"batch": 4}, {"schedule": Constant(0.02)}, {"steps": 18}]
)
def test_a_run_does_not_go_on_from_one_of_another_recipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict
) -> None:
    run("tiny", "--out", tmp_path, "--seeds", 0, "--steps", 2)
    before = (tmp_path / "tiny-0.pt").read_bytes()
    monkeypatch.setitem(RECIPES, "tiny", replace(TINY, **change))
    with pytest.raises(ValueError, match=f"another training .{next(iter(change))}: "):
        run("tiny", "--out", tmp_path, "--seeds", 0)
    assert (tmp_path / "tiny-0.pt").read_bytes() == before
    monkeypatch.setitem(RECIPES, "tiny", replace(TINY, title="the same", paper=2.0))
    assert run("tiny", "--out", tmp_path, "--seeds", 0) == 0


def test_when_time_is_up_the_command_says_so_and_goes_on_later(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("tiny", "--out", tmp_path, "--minutes", 0) == 1
    assert "run the same command again" in capsys.readouterr().out
    assert run("tiny", "--out", tmp_path) == 0
    assert run("tiny", "--out", tmp_path) == 0
    assert "done already" in capsys.readouterr().out


def test_an_unknown_name_lists_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        run("resnet21")
    assert "resnet20" in capsys.readouterr().err


def result(seed: int = 0, date: str = "2026-01-01", error: float = 2.0) -> FinishedRun:
    return FinishedRun(
        recipe="tiny",
        seed=seed,
        steps=16,
        test_error=error,
        train_error=1.0,
        seconds=90.0,
        alongside=1,
        hardware="a card",
        precision="float32",
        torch="2.6",
        date=date,
        history=((8, 0.5, 3.0),),
    )


def test_results_of_several_files_are_merged(tmp_path: Path) -> None:
    kept, one, two = (tmp_path / name for name in ("kept", "one", "two"))
    results.write([result(0, error=4), result(1)], kept)
    results.write([result(0, "2026-01-02", error=3)], one)
    results.write([result(2)], two)
    merged = results.merge([one, two], kept)
    assert [(r.seed, r.test_error) for r in merged] == [(0, 3), (1, 2), (2, 2)]
    assert results.read(kept) == merged
    older = tmp_path / "older"
    results.write([result(0, "2025-01-01", error=9)], older)
    assert results.merge([older], kept) == merged
    assert len(list(tmp_path.iterdir())) == 4  # no halves left


def test_the_command_merges_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(results, "RESULTS", tmp_path / "results.json")
    results.write([result()], tmp_path / "tiny-0.json")
    run("--merge", tmp_path)
    assert results.read(tmp_path / "results.json") == [result()]
    line = (
        "| a tiny network | dots | 1.50 | 2.00 | 16 steps of 8 images | 1.5 | a card |"
    )
    assert line in capsys.readouterr().out


def test_the_table_says_what_was_not_run() -> None:
    whole = table(found=[result(0, error=2), result(1, error=3)])
    (ours,) = [row for row in whole.rows if row[0] == TINY.title]
    assert ours[3] == "2.50 (2 seeds, 2.00 to 3.00)"
    assert ours[5] == "1.5"  # minutes
    assert sum(row[3] == "not yet run" for row in whole.rows) == len(RECIPES) - 1
    assert {len(row) for row in whole.rows} == {7}


def test_a_lessons_table_has_the_rows_it_asks_for() -> None:
    small = table("resnet20", "tiny", found=[])
    assert [row[0] for row in small.rows] == ["ResNet-20", "a tiny network"]
    assert small.rows[0][2] == "8.75"
    page = small._repr_html_()
    assert page.count("<tr>") == 3
    assert "<caption>" in page
    assert "He et al. 2015, table 6" in page
    with pytest.raises(ValueError, match="resnet20"):
        table("resnet21")


def test_kept_results_belong_to_recipes_and_are_whole() -> None:
    for kept in results.read(results.RESULTS):
        recipe = RECIPES[kept.recipe]
        assert kept.steps == recipe.steps
        assert kept.history[-1][0] == kept.steps or kept.steps % running.CHECKS
        assert json.dumps(kept.hardware)


def test_two_overlapping_digits_are_of_different_classes() -> None:
    feed = Overlapping(dots(), 200)
    pairs, labels = feed[0]
    assert pairs.shape == (200, 2, 36, 36)
    assert labels.shape == (200, 2)
    assert (labels[:, 0] != labels[:, 1]).all()
    assert labels[:, 1].bincount(minlength=10).min() > 8  # every class comes
    assert torch.equal(pairs, Overlapping(dots(), 200)[0][0])


def test_partners_are_any_image_of_another_class() -> None:
    labels = torch.tensor([0, 1, 1, 2])
    dice = torch.Generator().manual_seed(0)
    chosen = torch.tensor([1]).expand(3000)
    partners = material.others(labels, chosen, dice).bincount(minlength=4)
    assert partners[[1, 2]].sum() == 0
    assert partners[[0, 3]].min() > 1350  # half each


def test_overlapping_digits_add_up() -> None:
    pairs = torch.tensor([[[[200, 0]], [[100, 30]]]], dtype=torch.uint8)
    images, _ = material.merged(pairs, torch.tensor([[1, 2]]))
    assert images.tolist() == [[[[255, 30]]]]


def test_the_loss_of_1998_is_equation_9() -> None:
    images, labels = torch.rand(4, 1, 28, 28), torch.tensor([3, 1, 4, 1])
    model = dense()
    y = -model(images).double()
    rest = torch.exp(torch.tensor(-losses.REST_DISTANCE).double())
    expected = y[range(4), labels] + torch.log(rest + torch.exp(-y).sum(1))
    found = losses.distances(model, images, labels).item()
    assert found == pytest.approx(expected.mean().item(), rel=1e-5)


def capsules() -> nn.Module:
    torch.manual_seed(0)
    return models.capsnet(image_size=20, width=4, types=2)


def test_the_loss_of_capsules_is_the_margin_and_a_little_reconstruction() -> None:
    model, images = capsules(), torch.rand(3, 1, 20, 20)
    labels = torch.tensor([1, 5, 7])
    assert isinstance(model, models.CapsNet)
    poses = model.capsules(images)
    margin = models.margin_loss(lengths(poses), labels)
    difference = (model.reconstruct(poses, labels) - images).square().sum() / 3
    expected = (margin + 0.0005 * difference).item()
    assert losses.capsules(model, images, labels).item() == pytest.approx(expected)


def test_the_loss_of_two_digits_asks_for_both() -> None:
    model, pairs = capsules(), torch.rand(3, 2, 20, 20)
    labels = torch.tensor([[1, 2], [5, 0], [7, 3]])
    assert isinstance(model, models.CapsNet)
    poses = model.capsules(pairs.sum(1, keepdim=True).clamp(max=1))
    wanted = torch.zeros(3, 10).scatter(1, labels, 1.0)
    expected = models.margin_loss(lengths(poses), wanted).item()
    for digit in range(2):
        picture = model.reconstruct(poses, labels[:, digit])
        error = (picture - pairs[:, digit : digit + 1]).square().sum() / 3
        expected += 0.0005 * error.item()
    found = losses.overlapping_capsules(model, pairs, labels).item()
    assert found == pytest.approx(expected)


def test_prepared_digits_fit_the_network_of_1998() -> None:
    ready = running.prepare(RECIPES["lenet5"], dots())
    values = ready(dots().images[:2])
    assert values.shape == (2, 1, 32, 32)
    unit = running.prepare(replace(TINY, pixels="unit"), dots())(dots().images)
    assert unit.max().item() == pytest.approx(dots().images.max().item() / 255)


@pytest.mark.slow
def test_repeated_blocks_are_compiled_and_give_the_same() -> None:
    torch.manual_seed(0)
    model = models.cifar_resnet(8, width=4).eval()
    images = torch.rand(2, 3, 16, 16)
    expected = model(images)
    running.compile_blocks(model)
    blocks = [m for m in model.modules() if m._compiled_call_impl is not None]
    assert len(blocks) == 3
    with torch.compiler.set_stance("force_eager"):
        assert torch.allclose(model(images), expected)


def reviews(n: int = 200) -> Sentences:
    """Short sentences; a word tells the class of nine in ten."""
    dice = torch.Generator().manual_seed(0)
    filling = torch.randint(0, 30, (n, 6), generator=dice).tolist()
    told = [("bad", "good")[i % 2] if i % 10 else "so" for i in range(n)]
    texts = (
        " ".join([f"w{word}" for word in row] + [last])
        for row, last in zip(filling, told, strict=True)
    )
    return Sentences("Tiny", tuple(texts), torch.arange(n) % 2, ("bad", "good"))


TINY_TEXT = replace(
    RECIPES["text-cnn"],
    name="tiny-text",
    build=partial(models.text_cnn, 34, embedding=8, filters=4, sparse=True),
    steps=32,
    batch=10,
    seeds=(0, 1),
)


@pytest.fixture
def tiny_reviews(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "movie_reviews", reviews)
    monkeypatch.setitem(RECIPES, "tiny-text", TINY_TEXT)


@pytest.mark.usefixtures("tiny_reviews")
def test_each_sentence_is_tested_in_one_fold_and_not_trained_there() -> None:
    tested: list[tuple[int, ...]] = []
    for fold in range(10):
        whole = material.material("movie reviews", "cpu", fold)
        assert whole.dev is not None
        parts = [
            [tuple(row) for row in words.tolist()]
            for words, _ in (whole.seen, whole.dev, whole.test)
        ]
        assert [len(part) for part in parts] == [162, 18, 20]
        assert len({row for part in parts for row in part}) == 200
        tested += parts[2]
        assert torch.equal(whole.train.images, whole.seen[0])
        assert torch.equal(whole.train.labels, whole.seen[1])
    assert len(set(tested)) == 200


@pytest.mark.usefixtures("tiny_reviews")
def test_dev_data_choose_the_step_whose_error_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = running.Run(TINY_TEXT, 0, running.Options(device="cpu", out=tmp_path))
    dev_errors = iter([30.0, 20.0, 25.0, 20.0, 40.0, 50.0, 60.0, 70.0])
    assert isinstance(made.trainer.model, models.TextCNN)
    output = made.trainer.model.output.weight
    weights, keep_best = [], made.keep_best

    def told(_: float) -> None:
        weights.append(output.detach().clone())
        keep_best(next(dev_errors))

    monkeypatch.setattr(made, "keep_best", told)
    made.begin()
    assert made.advance()
    assert not torch.equal(output, weights[1])
    made.finish()
    assert torch.equal(output, weights[1])
    (result,) = results.read(made.result)
    assert result.test_error == result.history[1][2]


@pytest.mark.usefixtures("tiny_reviews")
def test_early_stopping_in_pieces_ends_as_in_one_piece(tmp_path: Path) -> None:
    pieces, whole = tmp_path / "pieces", tmp_path / "whole"
    run("tiny-text", "--out", pieces, "--seeds", 1, "--steps", 13)
    run("tiny-text", "--out", pieces, "--seeds", 1)
    run("tiny-text", "--out", whole, "--seeds", 1)
    first, second = (
        replace(results.read(folder / "tiny-text-1.json")[0], seconds=0)
        for folder in (pieces, whole)
    )
    assert first.test_error == second.test_error
    assert first.train_error == second.train_error


@pytest.mark.usefixtures("tiny_reviews")
def test_weights_are_limited_after_each_step(tmp_path: Path) -> None:
    longest = []
    for after in (None, methodcaller("limit_weights", 0.2)):
        recipe = replace(TINY_TEXT, after=after)
        made = running.Run(recipe, 0, running.Options(device="cpu", out=tmp_path))
        made.begin()
        assert isinstance(made.trainer.model, models.TextCNN)
        longest.append(made.trainer.model.output.weight.norm(dim=1).max().item())
    assert longest[0] > 0.2
    assert longest[1] == pytest.approx(0.1)


def test_the_table_speaks_of_folds_and_sentences() -> None:
    found = [replace(result(i, error=2 + i), recipe="text-cnn") for i in range(2)]
    (row,) = table("text-cnn", found=found).rows
    assert row[2] == "23.90"
    assert row[3] == "2.50 (2 folds, 2.00 to 3.00)"
    assert row[4] == "1,384 steps of 50 sentences"


def test_sparse_adadelta_gives_the_numbers_of_torch() -> None:
    ends = []
    for sparse, make in ((False, torch.optim.Adadelta), (True, Adadelta)):
        torch.manual_seed(0)
        model = models.text_cnn(60, embedding=8, filters=4, sparse=sparse)
        optimiser = make(model.parameters(), lr=0.5, rho=0.8)
        dice = torch.Generator().manual_seed(1)
        for _ in range(30):  # a batch holds about a third of the words
            words = torch.randint(0, 60, (3, 9), generator=dice)
            optimiser.zero_grad()
            model(words).square().sum().backward()
            optimiser.step()
        ends.append(model.state_dict())
    for name, expected in ends[0].items():
        torch.testing.assert_close(ends[1][name], expected)


@pytest.mark.gpu
@pytest.mark.usefixtures("tiny_reviews")
def test_sentences_are_trained_on_a_graphics_card(tmp_path: Path) -> None:
    options = running.Options(device="cuda", out=tmp_path)
    assert running.train_all([(TINY_TEXT, 0)], options) == []
    assert (tmp_path / "tiny-text-0.json").exists()


@pytest.mark.gpu
def test_recipes_run_side_by_side_on_a_graphics_card(tmp_path: Path) -> None:
    lenet = replace(TINY, name="small", build=partial(models.lenet5))
    options = running.Options(device="cuda", out=tmp_path, alongside=3)
    jobs = [(TINY, 0), (TINY, 1), (replace(lenet, augment=UNCHANGED), 0)]
    assert running.train_all(jobs, options) == []
    assert len(list(tmp_path.glob("*.json"))) == 3
