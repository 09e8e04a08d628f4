"""Hidden checks: the same check on a seed that students do not know, in harder cases.

One round does. Of a thousand mutants that the checks refuse, fewer than one gets
through the cases that students see (docs/mutants.md); a round costs as much as two of
those.

The seed comes from a secret: the environment variable COURSEKIT_SECRET, else the first
line of the file `.coursekit-secret` beside the README (git ignores it), else a default
that anybody can read here. Set one of the two before you grade for marks.
"""

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from IPython.utils.capture import capture_output

if TYPE_CHECKING:
    from coursekit.checks.core import Check

SECRET_FILE = Path(__file__).parents[2] / ".coursekit-secret"
DEFAULT_SECRET = "no secret was set"


def check(check: "Check", *answers: object) -> None:
    """Run `check` on the hidden seed. Shows nothing; raises CheckFailed."""
    # Checks bring torch along; who only grades never waits for it.
    from coursekit.checks.errors import CheckFailed

    seed = hidden_seed(check.id)
    try:
        with capture_output():  # what an answer draws was shown a moment ago
            check.run(*answers, seed=seed, hard=True)
    except CheckFailed as error:
        message = f"{error}\n  (a hidden case, seed {seed})"
        raise CheckFailed(message) from None


def hidden_seed(exercise_id: str) -> int:
    """The seed of one exercise; the same for every student."""
    return _seed(f"{secret()}/{exercise_id}/0")


def secret() -> str:
    """What the hidden seed is made of. Never shown."""
    given = os.environ.get("COURSEKIT_SECRET", "").strip()
    if given:
        return given
    if SECRET_FILE.is_file():
        lines = SECRET_FILE.read_text("utf-8").strip().splitlines()
        return lines[0] if lines else DEFAULT_SECRET
    return DEFAULT_SECRET


def _seed(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])
