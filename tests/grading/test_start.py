"""How the grading tools start."""

import subprocess
import sys


def test_no_grammar_is_built_that_nobody_asks_for() -> None:
    """It costs each process two seconds: `coursekit grade` starts several."""
    source = """
import sys
from coursekit.grading import notebook_file
assert "jsonschema" in sys.modules
assert "lark" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", source], check=True, timeout=300)
