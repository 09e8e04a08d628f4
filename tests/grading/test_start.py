"""How the grading tools start."""

import subprocess
import sys


def test_no_grammar_is_built_that_nobody_asks_for() -> None:
    """It costs each process two seconds: `coursekit grade` starts several."""
    source = """
import sys
from coursekit.grading import notebook_file
from jsonschema import FormatChecker
assert "lark" not in sys.modules
assert "uri" in FormatChecker.checkers or "date" in FormatChecker.checkers
"""
    subprocess.run([sys.executable, "-c", source], check=True, timeout=300)
