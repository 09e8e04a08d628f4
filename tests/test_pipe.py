"""Commands end quietly when nobody reads on."""

import os
import subprocess
import sys

import pytest

from coursekit.pipe import piped

LONG = "print('a line\\n' * 100_000)"
SHORT = "print('a line')"


@pytest.mark.parametrize("printing", [LONG, SHORT])
def test_a_reader_that_goes_away_is_no_error(printing: str) -> None:
    code = f"from coursekit.pipe import piped; exit(piped(lambda: {printing}))"
    buffered = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=buffered,
    ) as command:
        assert command.stdout is not None
        assert command.stderr is not None
        command.stdout.close()
        assert command.stderr.read() == b""
    assert command.returncode == 1


def test_the_exit_status_is_that_of_the_command() -> None:
    assert piped(lambda: 3) == 3
    assert piped(lambda: None) == 0
