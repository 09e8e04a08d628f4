"""Notebooks that look as JupyterLab writes them.

When a kernel starts, JupyterLab writes into the notebook which Python it is, down to
the third number of its version. Where a file says anything else, the notebook counts as
changed before anybody has touched it. So it is told beforehand.
"""

from typing import Any

from ipykernel.ipkernel import IPythonKernel
from jupyter_client.kernelspec import NoSuchKernel, get_kernel_spec
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

KERNEL = "python3"


class Contents(AsyncLargeFileManager):
    """Jupyter's files; a Python notebook says at once what its kernel would say."""

    async def get(self, *args: Any, **options: Any) -> dict[str, Any]:  # noqa: ANN401
        """The model of a file or folder."""
        model: dict[str, Any] = await super().get(*args, **options)
        if model["type"] == "notebook" and model["content"]:
            complete(model["content"]["metadata"])
        return model


def complete(metadata: dict[str, Any]) -> None:
    """Fill in what the kernel of this environment says of itself."""
    if metadata.get("kernelspec", {}).get("name") != KERNEL:
        return
    try:
        known = get_kernel_spec(KERNEL)
    except NoSuchKernel:
        return
    metadata["kernelspec"] = {
        "display_name": known.display_name,
        "language": known.language,
        "name": KERNEL,
    }
    metadata["language_info"] = dict(IPythonKernel.language_info)
