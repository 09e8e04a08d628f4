"""Markdown that students wrote, as HTML of a few elements that do nothing.

mistune comes with nbconvert and reads Markdown as notebooks have it, mathematics and
tables too; its time grows evenly even with texts that were made to stop a parser. Here
it only makes a tree. Every element of the page is written below, so that none of the
student's can get into it: raw HTML is shown as text, pictures by their description.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from html import unescape
from typing import Any

import mistune
from markupsafe import Markup, escape
from mistune.plugins.formatting import strikethrough
from mistune.plugins.math import math
from mistune.plugins.table import table

from .visible import visible

Token = Mapping[str, Any]

# Where a link may lead: not to http://well.known@elsewhere, nor to a place with a
# backslash, which is a slash to browsers and not to readers.
TARGET = re.compile(
    r"https?://[^\s/?#@\\]+([/?#][^\s\\]*)?|mailto:[^\s@\\]+@[^\s\\]+", re.IGNORECASE
)
ALIGNED = {"center": ' class="middle"', "right": ' class="right"'}
_parse = mistune.create_markdown(renderer=None, plugins=[math, table, strikethrough])


def render(text: str) -> Markup:
    """The text as HTML. Never fails: what cannot be read is shown as it stands."""
    shown = visible(text)
    try:
        return _all(tree(shown))
    except (RecursionError, KeyError, TypeError):
        return Markup("<pre>{}</pre>").format(shown)


def tree(text: str) -> Sequence[Token]:
    """What mistune reads. Raises RecursionError for nesting without end."""
    found = _parse(text)
    return found if isinstance(found, list) else []


def plain(tokens: Sequence[Token]) -> str:
    """The words alone."""
    return "".join(
        plain(token["children"]) if "children" in token else _words(token)
        for token in tokens
    )


def _words(token: Token) -> str:
    if token["type"] in ("softbreak", "linebreak"):
        return " "
    return unescape(token.get("raw", "")) if token["type"] == "text" else _raw(token)


def _raw(token: Token) -> str:
    raw = token.get("raw", "")
    return raw if isinstance(raw, str) else ""


def _all(tokens: Sequence[Token]) -> Markup:
    return Markup("").join(map(_one, tokens))


def _one(token: Token) -> Markup:
    write = WRITERS.get(token["type"])
    if write:
        return write(token)
    return _all(token["children"]) if "children" in token else escape(_raw(token))


def _text(token: Token) -> Markup:
    return escape(visible(unescape(_raw(token))))


def _around(before: str, after: str) -> Callable[[Token], Markup]:
    """What writes the children between two pieces of HTML."""
    return lambda token: Markup(before) + _all(token["children"]) + Markup(after)


def _holding(before: str, after: str) -> Callable[[Token], Markup]:
    """What writes the text as it stands between two pieces of HTML."""
    return lambda token: Markup(before) + escape(_raw(token)) + Markup(after)


def _list(token: Token) -> Markup:
    attributes = token["attrs"]
    if not attributes["ordered"]:
        return _around("<ul>", "</ul>")(token)
    start = int(attributes.get("start", 1))
    opening = f'<ol start="{start}">' if start != 1 else "<ol>"
    return _around(opening, "</ol>")(token)


def _link(token: Token) -> Markup:
    """The text and where it leads, for all to see; a link only if that is harmless."""
    target = visible(unescape(token["attrs"]["url"]))
    text = _all(token["children"])
    if not TARGET.fullmatch(target):
        return text + Markup(" (<code>{}</code>)").format(target)
    link = Markup('<a href="{}" rel="noopener noreferrer nofollow">').format(target)
    if text == escape(target):
        return link + text + Markup("</a>")
    return link + text + Markup(" (<code>{}</code>)</a>").format(target)


def _image(token: Token) -> Markup:
    words = visible(plain(token["children"])).strip()
    return Markup("<em>[picture: {}]</em>").format(words or "without a description")


def _cell(token: Token) -> Markup:
    attributes = token["attrs"]
    name = "th" if attributes["head"] else "td"
    scope = ' scope="col"' if attributes["head"] else ""
    aligned = ALIGNED.get(attributes["align"] or "", "")
    return _around(f"<{name}{scope}{aligned}>", f"</{name}>")(token)


def _table(token: Token) -> Markup:
    box = '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>'
    return _around(box, "</table></div>")(token)


PRE = '<pre tabindex="0" role="group" aria-label="Code"><code>'
WRITERS: dict[str, Callable[[Token], Markup]] = {
    "text": _text,
    "paragraph": _around("<p>", "</p>"),
    "block_text": _around("", ""),
    # The headings of the page are those of the page.
    "heading": _around('<p class="heading"><strong>', "</strong></p>"),
    "emphasis": _around("<em>", "</em>"),
    "strong": _around("<strong>", "</strong>"),
    "strikethrough": _around("<del>", "</del>"),
    "block_quote": _around("<blockquote>", "</blockquote>"),
    "list": _list,
    "list_item": _around("<li>", "</li>"),
    "link": _link,
    "image": _image,
    "table": _table,
    "table_head": _around("<thead><tr>", "</tr></thead>"),
    "table_body": _around("<tbody>", "</tbody>"),
    "table_row": _around("<tr>", "</tr>"),
    "table_cell": _cell,
    "codespan": _holding("<code>", "</code>"),
    "block_code": _holding(PRE, "</code></pre>"),
    "inline_math": _holding('<code class="math">', "</code>"),
    "block_math": _holding('<p><code class="math">', "</code></p>"),
    "inline_html": _holding("", ""),
    "block_html": _holding("<p>", "</p>"),
    "linebreak": lambda token: Markup("<br>"),
    "softbreak": lambda token: Markup("\n"),
    "thematic_break": lambda token: Markup("<hr>"),
    "blank_line": lambda token: Markup(""),
}
