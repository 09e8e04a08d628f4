"""`python -m coursekit lab`: JupyterLab as a student should meet it."""

import asyncio
import json
import os
import platform
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.kernelspec import NoSuchKernel
from nbformat.v4 import new_notebook

from coursekit import cli, lab
from coursekit.authoring.notebook import METADATA
from coursekit.doctor import Finding, State
from coursekit.lab.contents import Contents, complete

ROOT = Path(__file__).parents[2]


def test_the_command_opens_the_notebooks_with_options_of_jupyterlab(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told: list[str] = []
    monkeypatch.setattr("jupyterlab.labapp.LabApp.launch_instance", told.extend)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "course.toml").touch()
    (tmp_path / "notebooks").mkdir()
    assert cli.main(["lab", "--no-browser", "--port=8890"]) == 0
    assert Path.cwd() == tmp_path / "notebooks"
    assert told[-2:] == ["--no-browser", "--port=8890"]
    assert told[:-2] == lab.options()


def test_a_package_that_is_missing_is_named_before(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = Finding("torch", State.MISSING, "not installed", "install it")
    monkeypatch.setattr("coursekit.doctor.packages.needed", lambda: iter([gone]))
    monkeypatch.setattr("coursekit.lab.run", lambda *_: None)
    (tmp_path / "course.toml").touch()
    assert cli.main(["--root", str(tmp_path), "lab"]) == 0
    assert capsys.readouterr().out == "✗ torch: not installed. To do: install it.\n"


@pytest.mark.parametrize("makefile", ["Makefile", "coursekit/authoring/student_files"])
def test_make_lab_runs_it(makefile: str) -> None:
    path = ROOT / makefile
    text = (path / "Makefile" if path.is_dir() else path).read_text("utf-8")
    assert "$(BIN)/python -m coursekit lab $(AS_ROOT) $(ARGS)" in text


def test_the_first_page_is_there() -> None:
    assert (ROOT / "notebooks" / lab.START).is_file()


def test_no_question_about_news_and_updates() -> None:
    text = (lab.SETTINGS / "overrides.json").read_text("utf-8")
    chosen = json.loads(text)["@jupyterlab/apputils-extension:notification"]
    assert chosen == {"checkForUpdates": False, "fetchNews": "false"}


def test_a_notebook_says_what_its_kernel_would_say() -> None:
    metadata: dict[str, Any] = json.loads(json.dumps(METADATA))
    complete(metadata)
    assert metadata["language_info"]["version"] == platform.python_version()
    assert metadata["kernelspec"].keys() == {"display_name", "language", "name"}


def test_other_kernels_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    other = {"kernelspec": {"name": "ir"}}
    for metadata in (dict(other), {}):
        before = dict(metadata)
        complete(metadata)
        assert metadata == before

    def unknown(name: str) -> None:
        raise NoSuchKernel(name)

    monkeypatch.setattr("coursekit.lab.contents.get_kernel_spec", unknown)
    metadata = {"kernelspec": {"name": "python3"}}
    complete(metadata)
    assert metadata == {"kernelspec": {"name": "python3"}}


def finished(work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 (as it is)
    """What comes of it, in a thread: a browser's loop may run in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def test_files_on_disk_stay_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "a.ipynb"
    nbformat.write(new_notebook(metadata=METADATA), file)
    (tmp_path / "b.txt").write_text("words", encoding="utf-8")
    before = file.read_bytes()
    contents = Contents(root_dir=os.fspath(tmp_path))
    model = finished(contents.get("a.ipynb"))
    version = model["content"]["metadata"]["language_info"]["version"]
    assert version == platform.python_version()
    assert finished(contents.get("a.ipynb", content=False))["content"] is None
    assert finished(contents.get("b.txt"))["content"] == "words"
    assert finished(contents.get(""))["type"] == "directory"
    assert file.read_bytes() == before
