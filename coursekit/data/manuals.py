"""Sentences that come with the installed packages: two manuals, and whose is whose.

Python's own manual is the text that `help()` shows, `pydoc_data.topics`, under the PSF
licence; the other one is the documentation of NumPy's and SciPy's functions, under the
BSD licence.
"""

import importlib
import inspect
import re
from collections.abc import Iterable

import torch

from coursekit.data.dataset import DataError, Sentences

PACKAGES = (
    "numpy",
    "numpy.linalg",
    "numpy.fft",
    "numpy.random",
    "scipy.signal",
    "scipy.ndimage",
)
CLASSES = ("Python's manual", "NumPy's and SciPy's")
# Code, grammar, tables and lines under headings are no sentences.
NO_PROSE = re.compile(r">>>|::=|\|\s|={3,}|-{3,}|\*{3,}")
END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
LONG = range(6, 41)  # words


def manuals() -> Sentences:
    """As many sentences of one manual as of the other, some thousands in all.

    Label 0 is Python's manual, 1 that of NumPy and SciPy. Raises DataError where
    Python came without its manual.
    """
    try:
        topics = importlib.import_module("pydoc_data.topics").topics
    except ImportError as error:
        raise DataError(f"Python's manual is not installed: {error}.") from None
    found = [_sentences(topics.values()), _sentences(_documentation())]
    count = min(map(len, found))
    texts = tuple(text for part in found for text in part[:count])
    labels = torch.arange(2).repeat_interleave(count)
    return Sentences("Two manuals", texts, labels, CLASSES)


def _documentation() -> Iterable[str]:
    """The documentation of every public name of the packages."""
    for package in map(importlib.import_module, PACKAGES):
        for name in sorted(dir(package)):
            if not name.startswith("_"):
                yield inspect.getdoc(getattr(package, name)) or ""


def _sentences(pages: Iterable[str]) -> list[str]:
    """Sentences of 6 to 40 words, each once, in order."""
    blocks = [block for page in pages for block in re.split(r"\n\s*\n", page)]
    lines = [" ".join(block.split()) for block in blocks if not NO_PROSE.search(block)]
    parts = [part for line in lines for part in END.split(line)]
    whole = [p for p in parts if p[:1].isupper() and p[-1] == "."]
    return list(dict.fromkeys(p for p in whole if len(p.split()) in LONG))
