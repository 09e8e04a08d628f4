"""The kit: what the page gets is whole, and it is there wherever coursekit is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hatchling.builders.wheel import WheelBuilder

from coursekit import explore, plots
from coursekit.authoring import student
from coursekit.explore import kit
from coursekit.explore.kit import picture
from tests.explore import page

FOLDER = Path(explore.__file__).parent
WIDGETS = sorted(path.stem for path in FOLDER.glob("*.mjs"))


@pytest.mark.parametrize("widget", WIDGETS)
def test_the_page_needs_nothing_from_elsewhere(widget: str) -> None:
    module, sheet = kit.script(widget), kit.style(widget)
    assert not re.search(r"https?://|^\s*import\b", module, re.MULTILINE)
    assert not re.search(r"https?://|@import\b|url\(", sheet)


@pytest.mark.parametrize("widget", WIDGETS)
def test_the_joined_module_is_one_that_anywidget_takes(widget: str) -> None:
    assert page.value(widget, "typeof page.default.render") == "function"


def test_a_file_that_many_import_is_there_once() -> None:
    assert kit.script("sliding").count("function format(") == 1


def test_joining_keeps_each_file_to_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two files may use the same name; what is imported twice is one and the same."""
    files = {
        "one": "const secret = 1;\nexport const one = () => secret;\n",
        "two": 'import { one } from "./one.mjs";\nconst secret = 2;\n'
        "export class Two {\n  sum = one() + secret;\n}\n",
        "whole": 'import { one } from "./one.mjs";\nimport {\n  Two,\n} from '
        '"./two.mjs";\nconst secret = 10 * one();\n'
        "export const all = [secret, new Two().sum];\n",
    }
    for name, text in files.items():
        (tmp_path / f"{name}.mjs").write_text(text)
    monkeypatch.setattr(kit.assets, "FOLDER", tmp_path)
    assert page.value("whole", "page.all") == [10, 3]


def wheel(folder: Path) -> None:
    builder = WheelBuilder(str(FOLDER.parents[1]))
    (built,) = builder.build(directory=str(folder), versions=["standard"])
    zipfile.ZipFile(built).extractall(folder)


def students_zip(folder: Path) -> None:
    for name, content in student.package(FOLDER.parent):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


@pytest.mark.slow
@pytest.mark.parametrize("ship", [wheel, students_zip])
def test_widgets_work_where_the_course_is_shipped(
    ship: Callable[[Path], None], tmp_path: Path
) -> None:
    ship(tmp_path)
    program = (
        "from pathlib import Path; from coursekit import explore;"
        "from coursekit.explore import kit; print(Path(explore.__file__).parent);"
        f"[print(len(kit.script(w) + kit.style(w))) for w in {WIDGETS}]"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    home, *sizes = done.stdout.split()
    assert Path(home) == tmp_path / "coursekit" / "explore"
    expected = [len(kit.script(widget) + kit.style(widget)) for widget in WIDGETS]
    assert list(map(int, sizes)) == expected


# ---- The guide ----


def test_the_guides_example_is_a_widget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guide = (FOLDER / "README.md").read_text(encoding="utf-8")
    [program] = re.findall(r"```python\n(.*?)```", guide, flags=re.DOTALL)
    [module] = re.findall(r"```js\n(.*?)```", guide, flags=re.DOTALL)
    shutil.copytree(FOLDER / "kit", tmp_path / "kit")
    (tmp_path / "threshold.mjs").write_text(module, encoding="utf-8")
    monkeypatch.setattr(kit.assets, "FOLDER", tmp_path)
    names: dict[str, Any] = {}
    exec(program, names)
    shown = names["threshold"]([-2, 1, 4], bias=-1)
    assert "1 of 3 numbers pass" in shown._repr_mimebundle_()[0]["text/html"]
    assert page.value("threshold", "typeof page.default.render") == "function"


# ---- Numbers ----


def test_the_page_writes_numbers_short() -> None:
    numbers = {
        30: "30",
        -1: "−1",
        1 / 9: "0.11",
        -0.5: "−0.5",
        0.00333: "0.003",
        127.456: "127.46",
        1e-17: "0",
        -0.0001: "−1.0e−4",
        2.5e7: "2.5e+7",
    }
    texts = page.value("kit/numbers", "values.map(page.format)", values=list(numbers))
    assert texts == list(numbers.values())


GREYS = [[[1, 1], [1, 1]], [[0, 0]], [[3, 5]], [[-2, -1]]]


def test_a_grid_of_equal_numbers_is_not_black() -> None:
    """Greys begin at 0 on the page, and in the picture of it alike."""
    found = page.value("kit/numbers", "grids.map(page.range)", grids=GREYS)
    fig, axes = plots.new(6, 2, 1, len(GREYS))
    for ax, values, limits in zip(axes, GREYS, found, strict=True):
        picture.grid(ax, np.array(values), "", True, signed=False)
        drawn = ax.images[0].get_clim()
        assert drawn == pytest.approx((limits["low"], limits["high"]), abs=1e-12)
    plt.close(fig)
    assert [limits["low"] for limits in found] == [0, 0, 0, -2]
    assert [round(limits["high"], 6) for limits in found] == [1, 0, 5, -1]
