"""What a process that judges has learned, for those that are forked after it.

It ends with its notebook, and its time is spent again with the next one: modules that
are imported late, and what the course's checks remember. Answers of students have no
part in it: it comes from the process in which only checks run.
"""

import importlib
import json
import sys
import warnings
from collections.abc import Iterable

MOST_TEXTS = 10_000  # that are remembered; then from the beginning

Memory = dict[str, str]


class Learned:
    """Notes what is known at the start, to tell at the end what is new.

    memory: a dictionary of the course, in which its checks keep texts
    """

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._modules, self._texts = set(sys.modules), set(memory)

    def told(self) -> str:
        """What is new, as text."""
        modules = [name for name in sys.modules if name not in self._modules]
        texts = {k: x for k, x in self._memory.items() if k not in self._texts}
        return json.dumps([modules, texts])


def take_over(told: str, memory: Memory) -> None:
    """Know it from now on."""
    modules, texts = json.loads(told)
    import_all(modules)
    if len(memory) + len(texts) > MOST_TEXTS:
        memory.clear()
    memory |= texts


def import_all(modules: Iterable[str]) -> None:
    """Import what can be imported."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for module in modules:
            if module not in sys.modules:
                try:
                    importlib.import_module(module)
                except Exception:  # the check that needs it says so
                    continue
