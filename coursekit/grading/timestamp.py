"""When something was handed in: nbgrader's timestamp.txt, whatever stands in it."""

from datetime import UTC, datetime, tzinfo
from pathlib import Path

from dateutil import parser, tz

from coursekit.grading.text_file import decoded, shown

NAME = "timestamp.txt"
MAX_BYTES = 1_000
FIRST = datetime(2000, 1, 1)


def read(folder: Path) -> datetime | None:
    """The time in UTC, or None when there is none or it cannot be read."""
    text = content(folder)
    try:
        time = parser.parse(text, tzinfos=zone)
        time = time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time
    # dateutil has many ways to fail on words; none of them is about the submission.
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None
    # It also makes a day of this month out of "12".
    return time if str(time.year) in text and time >= FIRST else None


def zone(name: str | None, seconds: int | None) -> tzinfo | int | None:
    """What a time zone means, by its offset or else its name."""
    return seconds if seconds is not None else tz.gettz(name)


def content(folder: Path) -> str:
    """The text of the file, cut short; "" when there is no such file."""
    try:
        with (folder / NAME).open("rb") as file:
            return decoded(file.read(MAX_BYTES)).strip("\0 \r\n\t")
    except OSError:
        return ""


def problem(folder: Path) -> str:
    """What is odd about the file; "" when it is fine or not there."""
    path = folder / NAME
    if not path.exists() or read(folder):
        return ""
    if path.is_dir():
        return "it is a folder, not a time"
    text = content(folder)
    return f"it holds no time: {shown(text[:40])!r}" if text else "it is empty"
