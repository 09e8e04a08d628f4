"""What the cells of a lesson have shown, as the book shows it.

In a notebook each picture is there twice, inside HTML and as a smaller PNG. Here it is
a file that the browser fetches when the reader comes near.
"""

import base64
import hashlib
import html
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, v4
from PIL import Image

from coursekit.explore.kit import STATE

FOLDER = "figures"
EMBEDDED = re.compile(
    r'src="data:image/(?:png|webp);base64,(?P<data>[^"]+)"(?: width="(?P<width>\d+)")?'
)
# A plot has few colours, and losing none costs little; a photograph has all of them.
COLOURS, QUALITY = 20_000, 88
LAZY = 'loading="lazy" decoding="async"'
# How wide the column of a page is, and how much finer screens may be.
WIDEST = 2 * 760


@dataclass(frozen=True)
class Album:
    """The pictures of the site, each once, in the folder `figures` below `site`."""

    site: Path

    def linked(self, text: str, up: str) -> str:
        """HTML whose embedded pictures have become files; `up` leads to the site."""
        return EMBEDDED.sub(
            lambda match: self.source(
                base64.b64decode(match["data"]), up, int(match["width"] or 0)
            ),
            text,
        )

    def source(self, picture: bytes, up: str, shown: int = 0) -> str:
        """The attributes of an `<img>` that shows this picture.

        shown: how wide, when it has more dots than the page has
        """
        name = f"{FOLDER}/{hashlib.sha256(picture).hexdigest()[:16]}.webp"
        file = self.site / name
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            save(Image.open(io.BytesIO(picture)), file)
        width, height = Image.open(file).size
        size = f'width="{shown or width}" height="{(shown or width) * height // width}"'
        return f'src="{up}{name}" {size} {LAZY}'


def save(picture: Image.Image, file: Path) -> None:
    """Write a picture as WebP: without loss if it has few colours."""
    if picture.width > WIDEST:
        size = (WIDEST, round(picture.height * WIDEST / picture.width))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    few = picture.convert("RGB").getcolors(COLOURS) is not None
    picture.save(file, "WEBP", lossless=few, quality=QUALITY, method=4)


def shown(outputs: Iterable[Mapping[str, Any]], album: Album) -> list[NotebookNode]:
    """The outputs of a cell of a lesson, each in the one form that the book needs."""
    return [
        v4.new_output("stream", name="stdout", text=output["text"])
        if output["output_type"] == "stream"
        else v4.new_output("display_data", data=data(output["data"], album))
        for output in joined(outputs)
    ]


def joined(outputs: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The outputs; neighbouring pieces of printed text as one.

    Raises ValueError for an error: a complete lesson runs to its end.
    """
    last: dict[str, Any] = {}
    for output in map(dict, outputs):
        if output["output_type"] == "error":
            raise ValueError(f"a cell ended with {output['ename']}")
        if last and output["output_type"] == last["output_type"] == "stream":
            last["text"] += output["text"]
            continue
        if last:
            yield last
        last = output
    if last:
        yield last


def data(kinds: Mapping[str, Any], album: Album) -> dict[str, str]:
    """One output in its best form."""
    if state := kinds.get(STATE):
        return {"text/html": explorer(state, album.linked(kinds["text/html"], "../"))}
    if page := kinds.get("text/html"):
        return {"text/html": album.linked(page, "../")}
    if png := kinds.get("image/png"):
        alt = html.escape(kinds.get("text/plain", ""))
        source = album.source(base64.b64decode(png), "../")
        return {"text/html": f'<img {source} alt="{alt}">'}
    kind = "text/markdown" if "text/markdown" in kinds else "text/plain"
    return {kind: kinds[kind]}


def explorer(state: Mapping[str, Any], picture: str, up: str = "../") -> str:
    """A widget with its data; until its script runs there is a picture."""
    name, values = state["module"], json.dumps(state["values"]).replace("<", "\\u003c")
    return (
        f'<div class="explorer" data-explorer="{name}">{picture}'
        f'<script type="application/json">{values}</script>'
        f'<link rel="stylesheet" href="{up}explorers/{name}.css">'
        f'<script defer src="{up}explorers/{name}.js"></script></div>'
    )
