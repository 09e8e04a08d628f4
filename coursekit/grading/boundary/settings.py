"""What a course says about the grading of its notebooks; plain data, quickly read."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from .limits import Limits


@dataclass(frozen=True)
class Settings:
    """What a course says about the grading of its notebooks.

    limits: of each room; imports: modules that rooms have ready; readable: folders
    that students' code may read and import from
    extension, adopt: dotted names, "module:name", of what a course adds inside the
    room and of what its checks get for a name of the student
    memory: dotted name of a dictionary in which its checks keep texts that cost them
    time, such as slow hashes; what one notebook has added is there for the next one
    environment: names of variables that its checks read; rooms get none
    harmless, pure: see `effects.Rules`
    unsafe_without_sandbox: whether to run answers with the grader's rights where there
    is no sandbox; see `bare.WARNING`
    """

    limits: Limits = field(default_factory=Limits)
    imports: tuple[str, ...] = ("numpy",)
    readable: tuple[str, ...] = ()
    extension: str = ""
    adopt: str = ""
    harmless: tuple[str, ...] = ()
    pure: tuple[str, ...] = ()
    memory: str = ""
    environment: tuple[str, ...] = ()
    unsafe_without_sandbox: bool = False

    def to_json(self) -> str:
        """The settings as JSON text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Settings":
        """The settings from what `to_json` gave."""
        found: dict[str, Any] = json.loads(text)
        limits = Limits.from_dict(found.pop("limits"))
        return cls(limits, **{k: as_tuple(v) for k, v in found.items()})


def as_tuple(value: Any) -> Any:  # noqa: ANN401
    """A tuple in place of a list of JSON."""
    return tuple(value) if isinstance(value, list) else value
