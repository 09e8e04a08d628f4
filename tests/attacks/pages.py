"""Attacks on who reads: HTML and Markdown in an answer, in what it prints and raises.

Each text stands in the answer that a person grades (Markdown) and in that of `double`,
which prints and raises it. `acting` finds what would act in a page.
"""

import re
from collections import Counter
from html.parser import HTMLParser

FAMILY = "HTML and Markdown"
TEXTS = {
    "a script": "<script>alert(1)</script>",
    "a script in a line of words": "words <script>alert(1)</script> words",
    "a picture that fails": "<img src=x onerror=alert(1)>",
    "a drawing that loads": "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "a frame": '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "a form": '<form action="https://example.org"><input name=points></form>',
    "a style for the whole page": "<style>* {display: none}</style>",
    "a base for all links": '<base href="https://example.org/">',
    "a page to go to": '<meta http-equiv="refresh" content="0;url=//example.org">',
    "the end of the page's own element": "</pre></div></body><script>alert(1)</script>",
    "a link that is a script": "[click](javascript:alert(1))",
    "a link that is a script, in disguise": "[click](JaVaScRiPt&#58;alert(1))",
    "a link that is a page": "[click](data:text/html,<script>alert(1)</script>)",
    "a link with an attribute in it": '[click](https://example.org/"onclick="alert(1))',
    "a picture with an attribute in it": '![" onerror="alert(1)](x "t\\" onload=\\"a")',
    "a picture that is not there": "![mine](attachment:none.png)",
    "a reference that is a script": "[a][b]\n\n[b]: javascript:alert(1)",
    "mathematics with a script": "$</span><script>alert(1)</script>$",
    "a display of mathematics with a script": "$$</p><script>alert(1)</script>$$",
    "a diagram with a script": "```mermaid\n</pre><script>alert(1)</script>\n```",
    "a language of code with an attribute": '```a"onclick="alert(1)\nx\n```',
    "a heading with an attribute": '# <a onclick="alert(1)">x</a>" onclick="alert(1)',
    "a comment that does not end": "<!-- <script>alert(1)</script>",
    "quotations nested deep": ">" * 5_000 + " x",
    "a direction that is turned around": "\u202e 1 = 2 \u2066",
}
NAMES = {
    "script",
    *("iframe", "object", "embed", "form", "base", "meta", "style", "link", "svg"),
}
BAD = re.compile(r"\s*(javascript|vbscript|data:text|data:image/svg)", re.IGNORECASE)


def answer(text: str) -> str:
    """The answer to `double` that prints and raises a text."""
    return f"print({text!r})\ndef double(xs):\n    raise ValueError({text!r})"


class Acting(HTMLParser):
    """Counts what acts: elements, handlers, addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element."""
        if tag in NAMES:
            self.found[tag] += 1
        for name, value in attrs:
            if name.startswith("on"):
                self.found[name] += 1
            if name in ("href", "src", "action", "srcdoc") and BAD.match(value or ""):
                self.found[f"{name}={value}"] += 1


def acting(page: str) -> Counter[str]:
    """What acts in a page, and how often."""
    reader = Acting()
    reader.feed(page)
    reader.close()
    return reader.found
