"""What the code of one submission may use."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

MB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """All sizes in bytes; `seconds` and `call_seconds` are wall time."""

    seconds: float = 120  # of one submission
    call_seconds: float = 30
    cpu_seconds: int = 120
    memory: int = 2048 * MB
    processes: int = 64  # and threads
    file_bytes: int = 64 * MB  # of one file
    disk_bytes: int = 256 * MB  # of all files; they are in memory
    reply_bytes: int = 64 * MB
    open_files: int = 256
    output_characters: int = 20_000

    def __post_init__(self) -> None:
        """Raises ValueError for what is no amount."""
        for name, value in asdict(self).items():
            kinds = (int, float) if name.endswith("seconds") else (int,)
            if type(value) not in kinds or not 0 < value < 1 << 50:
                raise ValueError(f"the limit {name} cannot be {value!r}")

    def as_dict(self) -> dict[str, float]:
        """The limits as plain data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, float]) -> "Limits":
        """The limits from plain data. Raises ValueError for what there is not."""
        unknown = sorted(set(data) - {field.name for field in fields(cls)})
        if unknown:
            raise ValueError(f"no limits: {', '.join(map(str, unknown))}")
        return cls(**data)  # type: ignore[arg-type]
