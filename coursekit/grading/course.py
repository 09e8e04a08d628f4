"""How this course is graded: what rooms have ready, what checks get, and its titles."""

import tomllib
from pathlib import Path

import coursekit
from coursekit.grading.boundary.limits import MB, Limits
from coursekit.grading.boundary.settings import Settings

# An answer may train for a minute, and send the state of a network back.
LIMITS = Limits(
    seconds=300,
    call_seconds=120,
    cpu_seconds=300,
    memory=4096 * MB,
    reply_bytes=128 * MB,
)
SETTINGS = Settings(
    limits=LIMITS,
    imports=(
        *("numpy", "scipy.signal", "scipy.ndimage", "torch", "torchvision"),
        *("matplotlib.pyplot", "coursekit.checks.bench", "coursekit.checks"),
        *("coursekit.data", "coursekit.explore", "coursekit.models"),
        *("coursekit.plots", "coursekit.train"),
    ),
    readable=(str(Path(coursekit.__file__).parent),),
    extension="coursekit.checks.bench:Bench",
    adopt="coursekit.grading.benches:adopt",
    harmless=("plots.", "explore.", "checks.", "Markdown"),
    memory="coursekit.checks.quiz:DIGESTS",
    environment=(
        *("COURSEKIT_SECRET", "COURSEKIT_DATA", "COURSEKIT_OFFLINE", "TORCH_HOME"),
    ),
)


def titles(root: Path) -> tuple[str, dict[str, str]]:
    """The course's title, and those of its weeks by their names in nbgrader.

    root: the folder with course.toml; without one, nbgrader's names are shown
    """
    path = root / "course.toml"
    found = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    weeks = {
        week["id"]: f"Week {week['number']} · {week['title']}"
        for week in found.get("week", ())
    }
    return found.get("title", ""), weeks
