"""What formgrader shows of a student's Markdown: nothing in it acts.

nbconvert lets HTML in Markdown through, scripts too, and formgrader's page may change
every grade. Here it is shown as text. Pictures that came with the cell stay.
"""

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import escape
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from traitlets.config import Config


class Renderer(IPythonRenderer):
    """HTML of Markdown without HTML in it, without diagrams that a script draws."""

    def block_mermaidjs(self, code: str) -> str:
        """The text of a diagram."""
        shown: str = self.block_code(code)
        return shown

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """A picture that is attached to the cell; of others the description."""
        name = url.removeprefix("attachment:")
        if url != name and name in self.attachments:
            shown: str = super().image(text, url, title)
            return shown
        return str(escape(f"(picture: {text})"))


@pass_context
def markdown(context: Context, source: str) -> str:
    """The HTML of a Markdown cell, in place of nbconvert's filter `markdown2html`."""
    attachments = context.get("cell", {}).get("attachments", {})
    renderer = Renderer(
        escape=True, allow_harmful_protocols=False, attachments=attachments
    )
    return MarkdownWithMath(renderer=renderer).render(source)


def configure_formgrader(c: Config) -> None:
    """Let formgrader show Markdown by `markdown`."""
    c.HTMLExporter.filters = {"markdown2html": f"{__name__}.{markdown.__name__}"}
