"""Commands whose output somebody reads only in part: `… | head`."""

import os
import sys
from collections.abc import Callable


def piped(main: Callable[[], int | None]) -> int:
    """The exit status of a command; 1, and no error shown, if its reader went away."""
    try:
        status = main() or 0
        sys.stdout.flush()
    except BrokenPipeError:
        # Python writes what is left when it ends, and would fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status
