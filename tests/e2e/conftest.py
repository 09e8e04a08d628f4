"""A JupyterLab server with an empty home, and a headless Chromium that looks at it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.error import URLError
from urllib.request import urlopen

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
# Nothing pops up over the notebook, and all its cells are on the page.
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none"},
    "docmanager-extension/plugin": {"autosave": False},
}
# Any free port of this machine, and no browser beside the one of the tests.
QUIETLY = ["--no-browser", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0"]
SERVER_STARTS_WITHIN = 180
# True when every cell has its number, "[3]:" and not "[ ]:" or "[*]:", and the kernel
# rests. The star alone says little: JupyterLab takes it off all waiting cells as soon
# as one cell fails. Cells whose code is folded away show no number.
ALL_RUN = r"""() => {
  const texts = (selector) =>
    [...document.querySelectorAll(selector)].map((node) => node.textContent.trim());
  const prompts = texts(".jp-CodeCell .jp-InputPrompt").filter((text) => text);
  const rests = texts(".jp-StatusBar-TextItem").some((text) => text.endsWith("| Idle"));
  return rests && prompts.every((prompt) => /\d/.test(prompt));
}"""
RUNS_WITHIN = 180


@dataclass(frozen=True)
class Lab:
    """A running server: its address, its token, and the folder it shows."""

    url: str
    token: str
    folder: Path

    def address(self, notebook: str) -> str:
        """Where a notebook of the folder is shown, alone in a fresh workspace."""
        return f"{self.url}lab/tree/{notebook}?token={self.token}&reset"


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page of 1280 × 900 pixels for the tests of one file."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def run_notebook(lab: Lab, page: Page) -> Callable[[str], None]:
    """Open a notebook of the lab's folder on the page and run all its cells."""

    def run(notebook: str) -> None:
        page.goto(lab.address(notebook))
        # What is run before the kernel is there is silently dropped.
        page.locator(".jp-StatusBar-TextItem", has_text="| Idle").wait_for()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        wait_until(lambda: page.evaluate(ALL_RUN), RUNS_WITHIN)

    return run


@pytest.fixture(scope="module")
def run_cells(
    lab: Lab, run_notebook: Callable[[str], None]
) -> Callable[[str, list[str]], None]:
    """Write a notebook of these cells into the lab's folder and run it."""

    def run(name: str, cells: list[str]) -> None:
        python = {"name": "python3", "display_name": "Python 3"}
        notebook = new_notebook(metadata={"kernelspec": python})
        notebook.cells = [new_code_cell(cleandoc(cell)) for cell in cells]
        nbformat.write(notebook, lab.folder / name)
        run_notebook(name)

    return run


@pytest.fixture(scope="module")
def running(
    request: pytest.FixtureRequest,
    page: Page,
    run_cells: Callable[[str, list[str]], None],
) -> Page:
    """The page with a module's NOTEBOOK of CELLS, run, and its widget, LABEL."""
    module = request.module
    run_cells(module.NOTEBOOK, module.CELLS)
    page.get_by_role("group", name=module.LABEL).first.wait_for()
    return page


@pytest.fixture
def dark(page: Page) -> Iterator[None]:
    """JupyterLab's dark theme, and the light one again."""
    _choose_theme(page, "JupyterLab Dark", light=False)
    yield
    _choose_theme(page, "JupyterLab Light", light=True)


def _choose_theme(page: Page, name: str, *, light: bool) -> None:
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    for words in ("Theme", name):
        item = page.locator(".lm-Menu-item", has_text=re.compile(f"^{words}$"))
        item.click()
    body = page.locator(f'body[data-jp-theme-light="{str(light).lower()}"]')
    body.wait_for(state="attached")


@pytest.fixture(scope="module")
def saved(lab: Lab, page: Page) -> Callable[[str], NotebookNode]:
    """Save the notebook on the page and read its file."""

    def save(notebook: str) -> NotebookNode:
        file = lab.folder / notebook
        before = file.stat().st_mtime_ns
        page.keyboard.press("Control+S")
        text = wait_until(lambda: _complete(file, since=before), 30)
        return nbformat.reads(text or "", as_version=4)

    return save


@pytest.fixture
def screenshot(page: Page, tmp_path: Path) -> Callable[[str], None]:
    """Keep a picture of the page: in COURSEKIT_SCREENSHOTS, or with pytest's files."""

    def keep(name: str) -> None:
        folder = Path(os.environ.get("COURSEKIT_SCREENSHOTS", tmp_path))
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png", animations="disabled")

    return keep


@pytest.fixture(scope="session")
def lab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab on a free port of this machine, with a home of its own."""
    home = tmp_path_factory.mktemp("home")
    folder = tmp_path_factory.mktemp("lab")
    if (ROOT / "notebooks").is_dir():
        shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    _choose_settings(home)
    command = [sys.executable, "-m", "jupyterlab", "--allow-root", *QUIETLY]
    with serving([*command, str(folder)], home, folder, environment(home)) as running:
        yield running


@contextmanager
def serving(
    command: list[str], home: Path, folder: Path, variables: dict[str, str]
) -> Iterator[Lab]:
    """Run a command in `folder` that starts JupyterLab, until it is no longer used."""
    log = home / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            command,
            cwd=folder,
            env=variables,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield _wait_for(server, home / "runtime", folder, log)
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(20)


def _choose_settings(home: Path) -> None:
    """What the user of this home has chosen in JupyterLab."""
    for name, values in SETTINGS.items():
        file = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))


def environment(home: Path) -> dict[str, str]:
    """The present environment, but with every folder of the user's below `home`."""
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith("JPY_")},
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "share"),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
    }


def _wait_for(server: subprocess.Popen, runtime: Path, folder: Path, log: Path) -> Lab:
    """The server's address, once it answers there."""

    def ready() -> Lab | None:
        if server.poll() is not None:
            pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")
        for file in runtime.glob("jpserver-*.json"):
            info = json.loads(file.read_text() or "{}")
            url = f"{info['url']}api/status?token={info['token']}" if info else ""
            if url and _answers(url):
                return Lab(info["url"], info["token"], folder)
        return None

    found = wait_until(ready, SERVER_STARTS_WITHIN)
    if found is None:
        pytest.fail(f"JupyterLab did not answer:\n{log.read_text()[-2000:]}")
    return found


def wait_until(condition: Callable[[], T], seconds: float) -> T:
    """Ask again and again until the answer is true or time is up; the last answer."""
    end = time.monotonic() + seconds
    while not (answer := condition()) and time.monotonic() < end:
        time.sleep(0.05)
    return answer


def _complete(file: Path, since: int) -> str | None:
    """The text of a notebook written after `since`, once all of it is there."""
    text = file.read_text(encoding="utf-8")
    written = file.stat().st_mtime_ns > since and text.endswith("}\n")
    return text if written else None


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as response:
            return response.status == 200
    except (URLError, OSError):
        return False
