"""How Sphinx prints the book; `coursekit.authoring.book.site` calls it."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

project = "Convolutional networks, hands on"
html_title = project
language = "en"

extensions = ["myst_nb", "sphinx.ext.mathjax"]
nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = [
    "amsmath",
    "attrs_block",
    "attrs_inline",
    "colon_fence",
    "dollarmath",
]
myst_dmath_double_inline = True

# MathJax and its fonts lie in the site: no page asks another server for anything.
mathjax_path = "mathjax/tex-chtml.js"
mathjax3_config = {"options": {"enableMenu": False}}

html_theme = "furo"
html_theme_options = {"light_logo": "logo.svg", "dark_logo": "logo.svg"}
html_static_path = ["static"]
html_css_files = ["book.css"]
html_js_files = [("book.js", {"defer": "defer"})]
html_favicon = "static/logo.svg"
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_use_index = False
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"

# What furo and MyST-NB leave unsaid, or say over what stands there.
MENDED = {
    "furo_navigation_tree": ('role="heading"', 'role="heading" aria-level="2"'),
    "body": ('<summary aria-label="Toggle hidden content">', "<summary>"),
}


def mend(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """Let a page be read aloud as it can be seen."""
    for part, (old, new) in MENDED.items():
        context[part] = context.get(part, "").replace(old, new)


def end_exercises(app: Sphinx, doctree: nodes.document) -> None:
    """An exercise ends with its last hint: what follows it belongs to the lesson.

    Markdown knows no end of a section but the next heading.
    """
    for section in list(doctree.findall(nodes.section)):
        ends = [at for at, child in enumerate(section.children) if is_end(child)]
        if ends and section["ids"][0].startswith("exercise-"):
            after = section.children[ends[-1] + 1 :]
            del section[ends[-1] + 1 :]
            place = section.parent.index(section) + 1
            section.parent.insert(place, after)


def is_end(node: nodes.Node) -> bool:
    """Whether a hint ends here, or what a page says in place of a check."""
    raw = node.astext() if isinstance(node, nodes.raw) else ""
    return raw.strip() == "</details>" or 'class="trial"' in raw


def setup(app: Sphinx) -> None:
    """Called by Sphinx; furo has made its part of a page before."""
    app.connect("doctree-read", end_exercises)
    app.connect("html-page-context", mend, priority=900)
