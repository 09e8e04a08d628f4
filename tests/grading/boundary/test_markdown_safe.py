"""Markdown of students: what is rendered, and what is not."""

import time

import pytest

from coursekit.grading.boundary.markdown_safe import render


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*a* **b** `c` ~~d~~", "<em>a</em> <strong>b</strong> <code>c</code>"),
        ("# A *title*", '<p class="heading"><strong>A <em>title</em></strong></p>'),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("- a\n  1. b", "<ul><li>a<ol><li>b</li></ol></li></ul>"),
        ("> a", "<blockquote><p>a</p></blockquote>"),
        ("a  \nb", "<p>a<br>b</p>"),
        ("$a_1 < b_2$", '<code class="math">a_1 &lt; b_2</code>'),
        ("$$\na_1\n$$", '<p><code class="math">a_1</code></p>'),
        ("a &lt; b &amp;&nbsp;c", "<p>a &lt; b &amp;\xa0c</p>"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("<div>\nx\n</div>", "<p>&lt;div&gt;\nx\n&lt;/div&gt;\n</p>"),
        ("![a *cat*](http://x.y/z.png)", "<em>[picture: a cat]</em>"),
        ("![](z.png)", "<em>[picture: without a description]</em>"),
        ("[a](javascript:x)", "<p>a (<code>javascript:x</code>)</p>"),
        ("[a](/etc/passwd)", "<p>a (<code>/etc/passwd</code>)</p>"),
        ("[a](http://x.y@z/)", "<p>a (<code>http://x.y@z/</code>)</p>"),
        ("[a](http:x.y)", "<p>a (<code>http:x.y</code>)</p>"),
        ("\u202e\x00", "<p>⟨U+202E⟩⟨U+0000⟩</p>"),
        ("&#x202e;&#8238;", "<p>⟨U+202E⟩⟨U+202E⟩</p>"),
        ("", ""),
    ],
)
def test_what_is_rendered(text: str, html: str) -> None:
    assert html in render(text)


@pytest.mark.parametrize(
    "target", ["http://x.y/?a=1&b=2", "https://x.y", "mailto:a@b.c"]
)
def test_a_link_shows_where_it_leads(target: str) -> None:
    shown = target.replace("&", "&amp;")
    opening = f'<a href="{shown}" rel="noopener noreferrer nofollow">'
    assert render(f"[here]({target})") == (
        f"<p>{opening}here (<code>{shown}</code>)</a></p>"
    )
    assert render(f"<{target}>") == f"<p>{opening}{shown}</a></p>"


def test_a_table() -> None:
    html = render("| a | b |\n|---|--:|\n| *1* | 2 |")
    assert '<th scope="col">a</th><th scope="col" class="right">b</th>' in html
    assert '<tr><td><em>1</em></td><td class="right">2</td></tr>' in html


PIECES = [
    *("[", "![", "[a](", "](", "[a][b", "[^a", "[a]: <b\n", '[x]: <x> "'),
    *("*a_ ", "**a", "***a", "~~", "`", "$", "$$", "\\", "("),
    *("<", "<a ", "<!--", "<http:", "&", "&#0;", "\x00"),
    *("> ", ">\n", "- ", "-\n", "1. ", "|", "|a|\n|-|\n", "\n", "\t"),
]


@pytest.mark.parametrize("piece", PIECES)
def test_no_text_takes_long(piece: str) -> None:
    before = time.process_time()
    render(piece * (20_000 // len(piece)))
    assert time.process_time() - before < 5
