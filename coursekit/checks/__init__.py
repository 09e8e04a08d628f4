"""Checks for the exercises: `checks.week1.output_size(output_size)` in a lesson.

`checks.week1` holds the checks in the files of the folder `week1`, one for each lesson;
a new file or a new folder is found without being listed.
"""

from collections.abc import Mapping
from types import ModuleType
from typing import TYPE_CHECKING

from coursekit import weeks
from coursekit.checks.core import REGISTRY, Check, Registered, use_seed
from coursekit.checks.errors import CheckFailed

__all__ = ["REGISTRY", "WEEKS", "Check", "CheckFailed", "use_seed"]


def checks_in(module: ModuleType) -> dict[str, Registered]:
    """The checks in the file of a lesson. Raises ImportError for one that is hidden."""
    known = {id(check) for check in REGISTRY.values()}
    found = {name: v for name, v in vars(module).items() if id(v) in known}
    for name, check in found.items():
        if check.name != name:
            raise ImportError(
                f"{module.__name__}: the check of {check.id!r} must have the name "
                f"{check.name}, not {name}."
            )
    return found


def refuse_hidden(
    registered: Mapping[str, Registered], found: Mapping[str, ModuleType]
) -> None:
    """Raise ImportError for a check that is in no week, so that nobody can call it."""
    reached = {id(check) for week in found.values() for check in vars(week).values()}
    for check in registered.values():
        if id(check) not in reached:
            raise ImportError(
                f"the check of {check.id!r} cannot be called: its file defines "
                f"{check.name} twice. Give one of the two another name."
            )


WEEKS = weeks.find(__name__, checks_in)
refuse_hidden(REGISTRY, WEEKS)


def __dir__() -> list[str]:
    return [*__all__, *WEEKS]


if TYPE_CHECKING:  # found while running

    def __getattr__(week: str) -> ModuleType: ...
