"""What instructors need besides, to grade."""

from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from coursekit.doctor.finding import Finding, State

INSTALL = 'run `python -m pip install -e ".[grade]"`'
# What nbgrader's package puts beside Jupyter's own: its pages, and its server's part.
PARTS = {
    "its pages in JupyterLab": ("data", "labextensions/@jupyter/nbgrader/package.json"),
    "its part of the server": ("config", "jupyter_server_config.d/nbgrader.json"),
}


def nbgrader() -> Iterator[Finding]:
    """The program, and the two halves of its extension."""
    try:
        version = metadata.version("nbgrader")
    except metadata.PackageNotFoundError:
        yield Finding("nbgrader", State.WITHOUT, "not installed", INSTALL)
        return
    missing = [name for name, place in PARTS.items() if not exists(*place)]
    if missing:
        found = f"{version}, without {' and '.join(missing)}"
        yield Finding("nbgrader", State.WITHOUT, found, INSTALL)
    else:
        yield Finding("nbgrader", State.HERE, f"{version} with its extensions")


def exists(kind: str, name: str) -> bool:
    """Whether a file lies in one of Jupyter's folders."""
    from jupyter_core.paths import jupyter_config_path, jupyter_path

    folders = jupyter_path() if kind == "data" else jupyter_config_path()
    return any(Path(folder, name).is_file() for folder in folders)


def sandbox() -> Iterator[Finding]:
    """Where students' code runs."""
    from coursekit.grading.boundary import sandbox

    if reason := sandbox.missing():
        yield Finding("Sandbox", State.WITHOUT, "no safe grading here", reason)
        return
    yield Finding("Sandbox", State.HERE, "bubblewrap works")
    if reason := sandbox.missing_extras():
        yield Finding("Tighter sandbox", State.WITHOUT, "not here", reason)
