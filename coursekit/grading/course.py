"""How this course is graded: what its rooms have ready and what its checks get."""

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
