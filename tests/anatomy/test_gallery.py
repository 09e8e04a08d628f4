"""The page with every network of the course."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from coursekit import models
from coursekit.anatomy import __main__ as command
from coursekit.anatomy import gallery

FEW = ["LeNet-5 (1998)", "Text CNN"]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two networks on the page instead of all: drawing takes a second each."""
    chosen = {name: gallery.NETWORKS[name] for name in FEW}
    monkeypatch.setattr(gallery, "NETWORKS", chosen)


def test_every_constructor_is_on_the_page() -> None:
    there = {
        build.func if isinstance(build, partial) else build
        for build, _ in gallery.NETWORKS.values()
    }
    helpers = {"margin_loss", "route", "squash"}
    classes = {"MLP", "SmallCNN"}
    names = {n for n in models.__all__ if n.islower()} - helpers | classes
    assert {getattr(models, name) for name in names} == there


@pytest.mark.parametrize("name", gallery.NETWORKS)
def test_rows_and_notes_account_for_every_parameter(name: str) -> None:
    found = gallery.anatomy(name)
    rows = sum(layer.parameters for layer in found)
    left_out = re.match(r"([\d,]+) parameters", " ".join(found.notes))
    other = int(left_out[1].replace(",", "")) if left_out else 0
    assert rows + other == found.parameters
    assert bool(other) == (name == "CapsNet"), "its decoder is not in the pass"
    assert found.model == name
    for layer in found:
        if layer.weights_per_neuron is not None:
            assert layer.connections == layer.weights_per_neuron * layer.neurons
    assert found.notes == () or other, "all fields and weights are known"


def test_the_page_stands_alone_and_says_in_words_what_it_shows(few: None) -> None:
    open_before = plt.get_fignums()
    page = gallery.page()
    assert re.findall("<h2>(.*?)</h2>", page) == FEW
    pictures = re.findall(r"<img ([^>]*)>", page)
    assert len(pictures) == 2
    assert all(re.search(r'alt="[^"]{100,}"', picture) for picture in pictures)
    assert "LeNet-5 (1998) as 8 boxes from left to right" in pictures[0]
    assert re.findall(r'(?:src|href)="(?!data:)', page) == []
    assert page.count("<details>") == page.count("<table") == 2
    assert page.count("60,000 parameters") == 3  # caption, table and its name
    assert plt.get_fignums() == open_before


@pytest.mark.slow
def test_the_command_writes_the_page(
    few: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "networks.html"
    assert command.main([str(file)]) == 0
    assert file.read_text(encoding="utf-8") == gallery.page()
    assert capsys.readouterr().out.startswith(f"{file}: 0.")


def test_a_page_that_cannot_be_written_is_said_in_one_line(
    few: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        command.main([str(tmp_path / "nowhere" / "page.html")])
    last = capsys.readouterr().err.splitlines()[-1]
    assert "page.html cannot be written: No such file" in last
