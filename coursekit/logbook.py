"""Which exercises have passed: one small file on this computer. Nothing is sent.

It lies in the user's data folder, or where the environment variable COURSEKIT_PROGRESS
says. Checks write into it while somebody works in JupyterLab: not in tests, not while
grading, not where notebooks are executed by a program.
"""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from coursekit.progress import in_notebook, is_quiet

VARIABLE = "COURSEKIT_PROGRESS"
SESSION = "JPY_SESSION_NAME"  # Jupyter's server sets it for a notebook that is open
SECONDS_TO_WAIT = 1.0


def path() -> Path:
    """The file: $COURSEKIT_PROGRESS, or one in the user's data folder."""
    if chosen := os.environ.get(VARIABLE):
        return Path(chosen).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("coursekit", appauthor=False)) / (
        "progress.json"
    )


def passed() -> list[str]:
    """The ids of the exercises that have passed, the latest last.

    A file that is damaged or cannot be read counts as none.
    """
    try:
        found = json.loads(path().read_text(encoding="utf-8"))["passed"]
        return [name for name in found if isinstance(name, str)]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def note(exercise: str) -> None:
    """Remember that an exercise has passed, where somebody works in JupyterLab.

    Nothing that goes wrong here is the student's concern: it is left unsaid.
    """
    if somebody_works():
        with suppress(Exception):
            add(exercise)


def somebody_works() -> bool:
    """Whether a person has this notebook open, and no program executes it."""
    return in_notebook() and SESSION in os.environ and not is_quiet()


def add(exercise: str) -> None:
    """Put an exercise into the file. Raises OSError or Timeout when that fails."""
    if exercise in passed():
        return
    from filelock import FileLock

    target = path()
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{target}.lock", timeout=SECONDS_TO_WAIT):
        write(target, [*(one for one in passed() if one != exercise), exercise])


def write(target: Path, exercises: Sequence[str]) -> None:
    """Renew the file, whole or not at all."""
    from coursekit.files import replacing

    with replacing(target) as partial:
        text = json.dumps({"passed": list(exercises)}, indent=1)
        partial.write_text(f"{text}\n", encoding="utf-8")
