"""This computer: room on the disk, the network, a browser, npm."""

import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

from coursekit.doctor.finding import Finding, State
from coursekit.doctor.material import missing_bytes

# An address at which the course's first data set lies. Only its head is asked for.
ADDRESS = "https://ossci-datasets.s3.amazonaws.com/mnist/t10k-labels-idx1-ubyte.gz"
SECONDS = 3.0
SPARE = 1_000_000_000  # bytes that should be free besides
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Question(Thread):
    """Asks whether there is a network, while other things are looked at."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.answered = False

    def run(self) -> None:
        """Ask; a server that answers with an error was reached as well."""
        request = urllib.request.Request(ADDRESS, method="HEAD")
        try:
            urllib.request.urlopen(request, timeout=SECONDS).close()
            self.answered = True
        except urllib.error.HTTPError:
            self.answered = True
        except OSError:
            self.answered = False


def ask() -> Question | None:
    """Begin to ask; None when the environment says that no network is to be used."""
    if os.environ.get("COURSEKIT_OFFLINE", "0") not in ("", "0"):
        return None
    question = Question()
    question.start()
    return question


def network(question: Question | None) -> Finding:
    """Whether the data could be downloaded. Waits for the answer, but not long."""
    if question is None:
        found = "not asked, since COURSEKIT_OFFLINE is set"
        return Finding("Network", State.WITHOUT, found)
    question.join(SECONDS)
    if question.answered:
        return Finding("Network", State.HERE, "online")
    found = "offline, nobody answers; the lessons work without"
    return Finding("Network", State.WITHOUT, found)


def disk() -> Iterator[Finding]:
    """Room where the data sets are kept."""
    from coursekit.data import cache

    folder = existing(cache.directory())
    free, needed = shutil.disk_usage(folder).free, missing_bytes() + SPARE
    found = f"{free / 1e9:.0f} GB free at {folder}"
    if free >= needed:
        yield Finding("Disk", State.HERE, found)
    else:
        advice = f"make room: {needed / 1e9:.1f} GB should be free"
        yield Finding("Disk", State.MISSING, found, advice)


def existing(folder: Path) -> Path:
    """The folder, or the nearest one above that exists."""
    return next(one for one in (folder, *folder.absolute().parents) if one.exists())


def browser() -> Iterator[Finding]:
    """A Chromium, for the tests in a browser."""
    named = os.environ.get("COURSEKIT_CHROMIUM")
    path = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path:
        yield Finding("Browser", State.HERE, path)
    else:
        advice = "install chromium, or name one in COURSEKIT_CHROMIUM"
        yield Finding("Browser", State.WITHOUT, "not found; its tests skip", advice)


def npm() -> Iterator[Finding]:
    """For the style of the widgets' JavaScript, and as a second road to the data."""
    if path := shutil.which("npm"):
        yield Finding("npm", State.HERE, path)
    else:
        found = "not found; the widgets' JavaScript goes unchecked"
        advice = "install it (Debian, Ubuntu: `sudo apt install npm`)"
        yield Finding("npm", State.WITHOUT, found, advice)
