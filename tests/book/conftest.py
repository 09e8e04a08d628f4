"""A small book, and a browser that reads it. COURSEKIT_BOOK names a printed one."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coursekit.authoring.book import site
from tests.executed import ROOT, Twin

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LESSON = Path("solutions/week2_padding_stride/1_output_sizes.py")


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a book, of one lesson unless COURSEKIT_BOOK names another."""
    if printed := os.environ.get("COURSEKIT_BOOK"):
        return ROOT / printed
    Twin.of(LESSON, solved=True).executed()
    folder = tmp_path_factory.mktemp("book")
    small = site.plan(ROOT, [ROOT / LESSON], strict=True)
    site.make(small, folder / "site", folder / "work")
    return folder / "site"


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="session")
def address(book: Path) -> Iterator[str]:
    """Where the book is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(book)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture
def reader(browser: Browser) -> Iterator[Page]:
    """A fresh page, 1280 × 900."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()
