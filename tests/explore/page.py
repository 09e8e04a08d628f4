"""Run a widget's JavaScript as the page gets it, without a page."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from typing import Any

import pytest

from coursekit.explore import kit


def value(module: str, expression: str, **values: object) -> Any:  # noqa: ANN401
    """The value of an expression in the names that a module, joined, exports.

    Without Node.js: skip, or fail where the tests must not skip.
    """
    text = base64.b64encode(kit.script(module).encode()).decode()
    program = (
        f"import * as page from 'data:text/javascript;base64,{text}';"
        f"const {{{', '.join(values)}}} = {json.dumps(values)};"
        f"console.log(JSON.stringify({expression}))"
    )
    done = subprocess.run(
        [_node(), "--input-type=module"],
        input=program,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(done.stdout)


def _node() -> str:
    node = shutil.which("node")
    if node is None and os.environ.get("COURSEKIT_REQUIRE_BROWSER") == "1":
        pytest.fail("no Node.js found: install npm, which brings it")
    return node or pytest.skip("no Node.js; the browser tests compare the sums too")
