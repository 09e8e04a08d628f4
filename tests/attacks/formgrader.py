"""The page on which a person grades, as formgrader's server makes it."""

from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config, PyFileConfigLoader


def page(notebook: Path, config: Path | None = None) -> str:
    """The HTML about an autograded notebook.

    config: the course's settings, without which it is nbgrader's own page
    """
    found = Config()
    if config is not None:
        found = PyFileConfigLoader(config.name, path=str(config.parent)).load_config()
    found.HTMLExporter.template_name = "formgrade"
    found.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    names = ["assignment_id", "notebook_id", "submission_id", "base_url", "student"]
    names += ["last_name", "first_name", "notebook_path"]
    about: dict[str, Any] = dict.fromkeys(names, "x") | {"index": 0, "total": 1}
    exporter = HTMLExporter(config=found)
    made: str = exporter.from_filename(str(notebook), resources=about)[0]
    return made
