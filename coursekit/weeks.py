"""Find what lessons use in files that have their names, so that nobody lists it.

`checks/week2/output_sizes.py` and `plots/week2/output_sizes.py` belong to the lesson
`output_sizes` of week 2. A lesson calls what they define `checks.week2.…` and
`plots.week2.…`, whichever of the week's files it stands in.
"""

import importlib
import pkgutil
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType

WEEK = re.compile(r"week[1-9]\d*")
Take = Callable[[ModuleType], Mapping[str, object]]


def find(package: str, take: Take) -> dict[str, ModuleType]:
    """Make `package.week1` and its like ready to use; returns them by name.

    package: an imported package with folders week1, week2, …, in each a file for each
    lesson; the folders need no `__init__.py`.  take: what of a file lessons may use.
    Raises ImportError when two files of a week define one name.
    """
    return {
        folder.name: gather(f"{package}.{folder.name}", folder, take)
        for root in sys.modules[package].__path__
        for folder in sorted(Path(root).iterdir())
        if WEEK.fullmatch(folder.name) and any(folder.glob("*.py"))
    }


def gather(name: str, folder: Path, take: Take) -> ModuleType:
    """The week `name`, with everything that `take` finds in the files of its folder.

    What is found hides a file of the same name: `checks.week3.pooling` is the check.
    """
    found: dict[str, object] = {}
    owners: dict[str, str] = {}
    for _, stem, _ in pkgutil.iter_modules([str(folder)]):
        for key, value in take(importlib.import_module(f"{name}.{stem}")).items():
            if key in found:
                raise ImportError(
                    f"{name}: {owners[key]}.py and {stem}.py both define {key}. "
                    "Give one of the two another name."
                )
            found[key], owners[key] = value, stem
    week = importlib.import_module(name)
    vars(week).update(found, __all__=sorted(found), __dir__=lambda: sorted(found))
    return week
