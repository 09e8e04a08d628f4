"""A lesson shows the figures in the file of its name, or the build says why not."""

from pathlib import Path

import pytest

from coursekit import plots
from coursekit.authoring import build, figure_files
from coursekit.authoring.errors import AuthoringError
from tests.authoring import sample_course
from tests.authoring.sample_course import REPOSITORY, changed

NEW, OWN = "fig, axes = plots.new()", "fig = plots.week1.apples(2)"
FIGURE = "def {}(n: int) -> Figure:\n    pass\n"


def make(root: Path, call: str, **files: str) -> Path:
    """The sample course, whose lesson makes its figure with `call`."""
    sample_course.make(root, changed(NEW, call))
    for stem, text in files.items():
        path = root / f"coursekit/plots/week1/{stem}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_what_is_read_is_what_is_found_by_import() -> None:
    read = figure_files.read(REPOSITORY)
    assert set(read) == {
        (name, figure) for name, week in plots.WEEKS.items() for figure in dir(week)
    }
    assert read["week1", "four_parts"] == "dense_to_convolutional"


def test_a_lesson_shows_its_own_figure(tmp_path: Path) -> None:
    text = FIGURE.format("apples") + "def slope(n: int) -> float:\n    pass\n"
    make(tmp_path, OWN, adding=text + FIGURE.format("_part"))
    build.load(tmp_path)
    assert figure_files.read(tmp_path) == {("week1", "apples"): "adding"}


@pytest.mark.parametrize(
    ("call", "files", "words"),
    [
        (OWN, {}, "week1.apples does not stand in coursekit/plots/week1/adding"),
        (OWN, {"sums": FIGURE.format("apples")}, "does not stand in .*week1/adding.py"),
        ("plots.week2.x()", {"adding": FIGURE.format("apples")}, "week2.x do"),
        (NEW, {"adding": FIGURE.format("apples")}, "lesson does not show apples"),
        (OWN, {"adding": "def apples(:"}, "week1/adding.py cannot be read"),
        (
            OWN,
            dict.fromkeys(("adding", "sums"), FIGURE.format("apples")),
            "adding.py and sums.py both define apples",
        ),
    ],
)
def test_what_does_not_fit_is_refused(
    tmp_path: Path, call: str, files: dict[str, str], words: str
) -> None:
    make(tmp_path, call, **files)
    with pytest.raises(AuthoringError, match=words):
        build.load(tmp_path)
