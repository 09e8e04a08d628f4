"""Every link of the book leads somewhere, and nothing is asked from elsewhere."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

from coursekit.authoring.errors import AuthoringError

# What a page loads by itself, and what waits for a click.
LOADED = {"img": "src", "script": "src", "link": "href", "iframe": "src"}
CLICKED = {"a": "href"}


def check(site: Path) -> None:
    """Raise AuthoringError that lists the broken links of a site."""
    read.cache_clear()
    wrong = sorted(set(broken(site)))
    if wrong:
        shown = "\n".join(wrong[:20])
        raise AuthoringError(f"{len(wrong)} links lead nowhere:\n{shown}")


def broken(site: Path) -> Iterator[str]:
    """Page and address of each link that leads nowhere."""
    for file in sorted(site.rglob("*.html")):
        for name, address in read(file.resolve())[0]:
            parts = urlsplit(address)
            if parts.scheme in ("data", "mailto"):
                continue
            if parts.scheme or parts.netloc:
                wrong = name != "a"
            else:
                wrong = not leads(file, unquote(parts.path), unquote(parts.fragment))
            if wrong:
                yield f"{file.relative_to(site)}: {address}"


def leads(file: Path, path: str, fragment: str) -> bool:
    """Whether a file is there, with this anchor if one is named."""
    target = file.parent / path if path else file
    if target.is_dir():
        target /= "index.html"
    if not target.is_file():
        return False
    return not fragment or fragment in read(target.resolve())[1]


@cache
def read(file: Path) -> tuple[tuple[tuple[str, str], ...], frozenset[str]]:
    """The tag and the address of all that a page loads or links to; its ids."""
    page = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
    links = tuple(
        (name, str(tag[attribute]))
        for name, attribute in (LOADED | CLICKED).items()
        for tag in page.find_all(name)
        if tag.get(attribute)
    )
    return links, frozenset(str(tag["id"]) for tag in page.find_all(id=True))
