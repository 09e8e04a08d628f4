"""The course in JupyterLab: `python -m coursekit lab`, which `make lab` runs.

It opens the start page; it asks nothing about news and updates; and a notebook that was
only opened counts as unchanged. All of it holds for this server alone: the user's own
settings are read as ever, come first, and are not written to.
"""

import os
from collections.abc import Sequence
from pathlib import Path

START = "start.ipynb"
SETTINGS = Path(__file__).parent / "settings"


def options() -> list[str]:
    """What JupyterLab is told."""
    return [
        f"--LabApp.app_settings_dir={SETTINGS}",
        f"--LabApp.default_url=/lab/tree/{START}",
        "--ServerApp.contents_manager_class=coursekit.lab.contents.Contents",
    ]


def run(notebooks: Path, arguments: Sequence[str]) -> None:
    """Run JupyterLab in the folder of the notebooks until it is stopped.

    arguments: any of JupyterLab's own; they come last, so that they win.
    """
    from jupyterlab.labapp import LabApp

    os.chdir(notebooks)
    LabApp.launch_instance([*options(), *arguments])
