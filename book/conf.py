"""How Sphinx prints the book; `coursekit.authoring.book.site` calls it."""

from typing import Any

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


def setup(app: Sphinx) -> None:
    """Called by Sphinx; furo has made its part of a page before."""
    app.connect("html-page-context", mend, priority=900)
