"""What holds the project together: dependencies, commands, and the ways in."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

from coursekit.authoring import student

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

DOCS = sorted((ROOT / "docs").glob("*.md"))

# jupyterlab cannot be installed without these.
PARTS_OF_JUPYTER = {"ipython", "nbclient", "nbconvert", "nbformat", "pyyaml"}
PARTS_OF_JUPYTER |= {"ipykernel", "jupyter-client", "jupyter-core", "jupyter-server"}
PARTS_OF_JUPYTER |= {"traitlets"}


def names(requirements: list[str]) -> set[str]:
    """Names of the packages: "torch>=2.6" → torch."""
    return {re.split(r"[^A-Za-z0-9_.-]", r)[0].lower() for r in requirements}


def imported(folder: Path) -> set[str]:
    """Top-level names that the Python files below `folder` import."""
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return (
        found
        - set(sys.stdlib_module_names)
        - {"benchmarks", "coursekit", "tests", "__future__"}
    )


def test_environment_wraps_pyproject() -> None:
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())
    plain = [d for d in conda["dependencies"] if isinstance(d, str)]
    [nested] = [d["pip"] for d in conda["dependencies"] if isinstance(d, dict)]
    assert f"python{PROJECT['requires-python']}" in plain
    assert nested == ["-e .[dev]"]
    assert not names(plain) & names(PROJECT["dependencies"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "extras"),
    [("coursekit", ["book", "grade", "pictures"]), ("tests", ["book", "grade", "dev"])],
)
def test_imports_are_declared(folder: str, extras: list[str]) -> None:
    declared = names(PROJECT["dependencies"])
    for extra in extras:
        declared |= names(PROJECT["optional-dependencies"][extra])
    declared |= PARTS_OF_JUPYTER
    owners = packages_distributions()
    for name in sorted(imported(ROOT / folder)):
        packages = {o.lower().replace("_", "-") for o in owners.get(name, [name])}
        assert packages & declared, f"{name} is imported but not declared"


def test_readme_names_commands_that_exist() -> None:
    readme = (ROOT / "README.md").read_text()
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z0-9]+):.*##", makefile, flags=re.MULTILINE))
    mentioned = set(re.findall(r"(?:`|^)make\s([a-z0-9]+)", readme, flags=re.MULTILINE))
    assert {"lab", "test"} <= mentioned <= targets


@pytest.mark.slow
def test_readme_shows_python_that_runs() -> None:
    readme = (ROOT / "README.md").read_text()
    [program] = re.findall(r"```python\n(.*?)```", readme, flags=re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"COURSEKIT_OFFLINE": "1", "NBGRADER_EXECUTION": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "61,706 parameters" in done.stdout
    assert "% of the test images right" in done.stdout


def test_continuous_integration_calls_the_readmes_test_command() -> None:
    last = (ROOT / ".ci" / "run").read_text().strip().splitlines()[-1]
    assert last == "make test"
    assert "make test" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize(
    "page", ["README.md", "SECURITY.md", *(f"docs/{p.name}" for p in DOCS)]
)
def test_pictures_and_links_exist(page: str) -> None:
    path = ROOT / page
    text = path.read_text()
    targets = re.findall(r"\]\((?!https?:|#)([^)]+)\)", text)
    files = [target.partition("#")[0] for target in targets]
    assert [t for t in files if not (path.parent / t).exists()] == []
    assert not re.search(r"!\[\s*\]", text), "a picture without alternative text"


def test_dev_container_is_valid() -> None:
    text = (ROOT / ".devcontainer" / "devcontainer.json").read_text()
    assert "pip install -e ." in json.loads(text)["postCreateCommand"]


def test_images_install_the_course_and_nothing_by_version() -> None:
    """Versions are pinned in pyproject.toml alone."""
    binder = (ROOT / ".binder/requirements.txt").read_text().splitlines()
    assert binder[-1] == "-e ."
    assert names(binder[1:-1]) <= names(PROJECT["dependencies"])
    assert not re.search("[<=>]=", "".join(binder))
    docker = (ROOT / "Dockerfile").read_text()
    zipped = student.ZIP
    assert f"COPY --chown=${{NB_UID}}:${{NB_GID}} {zipped} /tmp/" in docker
    assert f"!{zipped}" in (ROOT / ".dockerignore").read_text()
    assert f'-e "${{HOME}}/{student.FOLDER}"' in docker


def test_nothing_large_or_secret_is_kept() -> None:
    made = {"build", "dist", "node_modules"}
    for path in ROOT.glob("[!.]*/**/*"):
        if path.is_file() and not made & set(path.relative_to(ROOT).parts):
            assert path.stat().st_size < 4_000_000, path


def test_the_lock_of_node_packages_works_with_any_registry() -> None:
    """Versions and checksums are fixed; where they come from is the user's setting."""
    lock = json.loads((ROOT / "tests/javascript/package-lock.json").read_text())
    for name, package in lock["packages"].items():
        if name:
            assert "integrity" in package, name
            assert "resolved" not in package, name
