"""The benchmarks: fair turns, honest tables, and peers that may be missing."""

import sys
import time
from pathlib import Path

import pytest
import torch

from benchmarks import __main__ as command
from benchmarks import machine, measure, peers, report, steps, winograd
from benchmarks.measure import Case, Turn, Way
from coursekit import models


def sleeper(seconds: float, calls: list[str], name: str) -> Way:
    """A way that takes so long and notes that it was called."""

    def run() -> None:
        calls.append(name)
        time.sleep(seconds)

    return Way(run)


def test_all_take_turns_and_another_one_begins_each_round() -> None:
    calls: list[str] = []
    ways = {name: sleeper(0.002, calls, name) for name in "abc"}
    turns = measure.interleaved(ways, rounds=3, seconds=0.001)
    assert {name: len(t) for name, t in turns.items()} == {"a": 3, "b": 3, "c": 3}
    assert "".join(calls[-9:]) == "abcbcacab"


def test_ratios_are_those_of_what_runs_take() -> None:
    calls: list[str] = []
    ways = {"slow": sleeper(0.02, calls, "slow"), "fast": sleeper(0.005, calls, "fast")}
    turns = measure.interleaved(ways, rounds=3, seconds=0.02)
    found = measure.ratios(turns, "fast", "slow", "wall")
    assert 0.15 < found.low <= found.median <= found.high < 0.6
    assert calls.count("fast") > calls.count("slow")
    assert measure.ratios(turns, "fast", "slow", "cpu").median >= 0


def test_sleeping_costs_no_processor_time_but_counting_does() -> None:
    asleep = measure.timed(lambda: time.sleep(0.1), 1)
    busy = measure.timed(lambda: sum(range(10**6)), 10)
    assert asleep.wall >= 0.1
    assert asleep.cpu < 0.05
    assert busy.cpu > 0


def test_no_rounds_are_refused() -> None:
    with pytest.raises(ValueError, match="rounds must be 1 or more"):
        measure.interleaved({"a": Way(lambda: None)}, rounds=0, seconds=1)


def test_quartiles() -> None:
    spread = measure.Spread.of([1.0, 2.0, 3.0, 4.0, 5.0])
    assert (spread.low, spread.median, spread.high) == (2, 3, 4)
    assert measure.Spread.of([7.0]).median == 7


def done(cpu: bool = True) -> report.Done:
    """Ours takes half the time of the peer on the clock, and as much processor time."""
    limit = Way(lambda: None, flops=4e9)
    ways = {
        "peer": Way(lambda: None, items=10, flops=1e9),
        "coursekit": Way(lambda: None, items=10, flops=1e9, target=0.75),
        "too slow": Way(lambda: None, items=10, target=0.75),
    }
    turns = {
        "peer": [Turn(0.2, 0.2)] * 3,
        "coursekit": [Turn(0.1, 0.2)] * 3,
        "too slow": [Turn(0.3, 0.3)] * 3,
        machine.LIMIT: [Turn(0.1, 0.1)] * 3,
    }
    return report.Done(Case("Race", "images", ways, cpu), turns, limit)


def test_the_table_says_who_is_how_fast() -> None:
    _, _, _, _, peer, ours, slow, *rest = report.section(done()).split("\n")
    assert peer == "| peer | 200 | 1 | 1 | 50 images | 12% |  |  |"
    assert "| 0.50 (0.50–0.50) | 1.00 (1.00–1.00) | 100 images | 25% | ≤ 0.75 |" in ours
    assert ours.endswith("| yes (CPU time: no) |")
    assert slow.endswith("| – | ≤ 0.75 | no |")
    assert "40 GFLOP/s" in rest[1]


def test_without_processor_time_the_clock_decides() -> None:
    ours = report.section(done(cpu=False)).split("\n")[5]
    assert "| – |" in ours
    assert ours.endswith("| yes |")


def test_a_missing_peer_is_skipped_with_the_reason(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    command.main(["resnet20", "capsnet", "--peers", str(tmp_path)])
    printed = capsys.readouterr().out
    assert (
        "resnet20: skipped. akamaster/pytorch_resnet_cifar10: no resnet.py" in printed
    )
    assert "capsnet: skipped. XifengGuo/CapsNet-Pytorch" in printed


def test_every_peer_that_is_missing_says_how_to_name_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in peers.PEERS:
        monkeypatch.delenv(f"BENCH_{name.upper().replace('-', '_')}", raising=False)
        with pytest.raises(peers.SkippedError, match=f"--peer {name}=FOLDER"):
            peers.Peers().find(name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A peer with modules of names that others have too."""
    place = tmp_path / "pytorch_resnet_cifar10"
    (place / "models").mkdir(parents=True)
    (place / "models" / "__init__.py").write_text("import helper\nname = helper.name\n")
    (place / "helper.py").write_text("import absent_package\nname = 'peer'\n")
    (place / "resnet.py").write_text("import models\n")
    return place


def test_a_peer_is_found_by_root_by_name_and_by_variable(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert peers.Peers(folder.parent).find("akamaster") == folder
    named = peers.Peers(None, (command.name_and_folder(f"akamaster={folder}"),))
    assert named.find("akamaster") == folder
    monkeypatch.setenv("BENCH_AKAMASTER", str(folder))
    assert peers.Peers().find("akamaster") == folder


def test_a_peers_modules_are_forgotten(folder: Path) -> None:
    before = dict(sys.modules)
    stand_in = type(sys)("absent_package")
    found = peers.module(folder, "resnet", absent_package=stand_in)
    assert found.models.name == "peer"
    assert not {"resnet", "models", "helper", "absent_package"} & set(sys.modules)
    assert {n: sys.modules[n] for n in before} == before
    assert str(folder) not in sys.path


def test_a_peer_that_does_not_load_is_skipped(folder: Path) -> None:
    with pytest.raises(peers.SkippedError, match="does not load: No module"):
        peers.module(folder, "resnet")
    assert "helper" not in sys.modules


def test_cuda_leaves_tensors_on_the_cpu_for_a_while() -> None:
    x = torch.zeros(2)
    with peers.cuda_means(torch.device("cpu")):
        assert x.cuda() is x
    assert torch.Tensor.cuda.__name__ != "stay"


def test_steps_train_and_are_counted() -> None:
    images, labels = steps.batch(8, 1, 28)
    step = steps.ours(models.lenet5, images, labels)
    losses = [step() for _ in range(8)]
    assert losses[-1] < losses[0]
    convolutions = 2 * 8 * (25 * 6 * 28**2 + 150 * 16 * 10**2)
    assert steps.counted(step, 8).flops > 2 * convolutions


def test_unknown_names_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["alexnet"])
    assert "there is no case alexnet" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        command.main(["--peer", "nobody=/tmp"])
    assert "NAME is one of akamaster" in capsys.readouterr().err


def test_the_document_has_what_was_skipped_and_the_machine() -> None:
    text = report.document(["### A"], ["b: no card"], machine.description(), "Once.")
    assert "### A" in text
    assert "- b: no card" in text
    assert f"torch {torch.__version__.split('+')[0]}" in text


def test_one_name_may_stand_for_several_cases() -> None:
    assert command.options(["winograd"]).names == ["winograd-capsnet", "winograd-vgg"]
    assert set(command.GROUPS["winograd"]) <= set(command.CASES)


def test_the_two_capsnets_differ_in_their_convolution_only() -> None:
    plain, quick = winograd.plain_capsnet(), models.capsnet()
    assert type(plain.get_submodule("primary.conv")) is torch.nn.Conv2d
    quick.load_state_dict(plain.state_dict())
    images = torch.rand(64, 1, 28, 28)
    with torch.no_grad():
        assert torch.allclose(plain(images), quick(images), atol=1e-4)
