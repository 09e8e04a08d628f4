"""From a name to tensors: the local copy, then every source, then the stand-in."""

import math
import os
from collections.abc import Iterable
from pathlib import Path

import torch
from torch import Tensor

from coursekit.data import cache
from coursekit.data.catalogue import SPECS, Entry, Spec, TextSpec
from coursekit.data.dataset import (
    DataError,
    Dataset,
    Sentences,
    Split,
    StorageError,
)
from coursekit.data.formats import Bytes
from coursekit.data.sources import Joined
from coursekit.data.stand_in import DESCRIPTIONS, stand_in

# What could not be had in this process: a notebook asks again and again, and every
# look for an absent network takes seconds.
_failures: dict[str, str] = {}


def load(spec: Spec, allow_stand_in: bool = True) -> Dataset:
    """The data set, or its announced stand-in; see `coursekit.data.mnist`."""
    try:
        return _as_dataset(spec, _content(spec))
    except DataError as error:
        if not allow_stand_in:
            raise
        print(f"{error} Until then a stand-in: {DESCRIPTIONS[spec.key]}.", flush=True)
        return stand_in(spec)


def load_sentences(spec: TextSpec) -> Sentences:
    """The data set; there is no stand-in. See `coursekit.data.movie_reviews`."""
    content, texts, labels = _content(spec).tobytes(), [], []
    for label, file in enumerate(spec.files):
        part, content = content[: file.size], content[file.size :]
        lines = part.decode("latin-1").removesuffix("\n").split("\n")
        texts += lines
        labels += [label] * len(lines)
    return Sentences(spec.name, tuple(texts), torch.tensor(labels), spec.classes)


def prepare(names: Iterable[str] | str | None = None) -> int:
    """Get data sets in advance and report one line for each.

    `names` are keys such as "mnist"; None means all. Returns 0 when all are there and
    1 otherwise, for `sys.exit`. Raises ValueError for an unknown name.
    """
    specs = [_spec(name) for name in _listed(names)]
    _failures.clear()
    return max([_prepare_one(spec) for spec in specs], default=0)


def _listed(names: Iterable[str] | str | None) -> Iterable[str]:
    if names is None:
        return SPECS
    return [names] if isinstance(names, str) else names


def _spec(name: str) -> Entry:
    key = str(name).lower().replace("-", "_")
    found = {**SPECS, "cifar_10": SPECS["cifar10"]}.get(key)
    if found is None:
        raise ValueError(
            f"There is no data set {name!r}. Choose one of: {', '.join(SPECS)}."
        )
    return found


def _prepare_one(spec: Entry) -> int:
    try:
        _content(spec)
    except DataError as error:
        print(f"{error}{_until_then(spec)}", flush=True)
        return 1
    copy = cache.path_of(spec)
    where = copy if copy.exists() else cache.directory()
    size = f"{spec.size / 1e6:.0f} MB"
    print(f"{spec.name}: ready, {spec.holds}, {size} in {where}", flush=True)
    return 0


def _until_then(spec: Entry) -> str:
    if isinstance(spec, TextSpec):
        return ""
    return " Until then the lessons use a small stand-in."


def _content(spec: Entry) -> Bytes:
    """The verified content, from the local copy or a source. Raises DataError."""
    try:
        content = cache.read(spec)
        if content is None and isinstance(spec, TextSpec):
            content = _put_there(spec)
        return _fetch(spec) if content is None else content
    except StorageError as error:
        raise StorageError(f"{spec.name} cannot be kept here: {error}.") from None
    except DataError as error:
        raise DataError(
            f"{spec.name} cannot be had here: {error}. To get it, {_advice(spec)}."
        ) from None


def _advice(spec: Entry) -> str:
    if isinstance(spec, Spec):
        return "go online and run `python -m coursekit data`"
    names = " and ".join(file.name for file in spec.files)
    return (
        f"go online and run `python -m coursekit data {spec.key}`, or put {names} "
        f"into {cache.directory()}"
    )


def _put_there(spec: TextSpec) -> Bytes | None:
    """The content of the files if all were put, by hand, where the copies lie."""
    paths = [cache.directory() / file.name for file in spec.files]
    if not all(path.is_file() for path in paths):
        return None
    try:
        return Joined(spec.files)({path.name: path.read_bytes() for path in paths})
    except OSError as error:
        raise DataError(f"{error.filename} cannot be read ({error.strerror})") from None


def _fetch(spec: Entry) -> Bytes:
    if os.environ.get("COURSEKIT_OFFLINE", "0") not in ("", "0"):
        raise DataError("COURSEKIT_OFFLINE is set")
    if spec.key in _failures:
        raise DataError(_failures[spec.key])
    try:
        with cache.scratch(spec) as folder:
            # Another process may have been faster.
            copy = cache.read(spec, quietly=True)
            return _from_any_source(spec, folder) if copy is None else copy
    except StorageError:
        raise  # not remembered: room can be made at any time
    except DataError as error:
        _failures[spec.key] = str(error)
        raise


def _from_any_source(spec: Entry, folder: Path) -> Bytes:
    reasons = []
    for number, source in enumerate(spec.sources):
        own_folder = folder / str(number)
        own_folder.mkdir()
        try:
            content = source.content(spec.name, own_folder)
        except DataError as error:
            reasons.append(str(error))
            continue
        if cache.is_right(spec, content):
            cache.write(spec, content)
            return content
        reasons.append("the content is not what it should be")
    raise DataError("; ".join(reasons))


def _as_dataset(spec: Spec, content: Bytes) -> Dataset:
    values = torch.from_numpy(content)
    middle = spec.train * (math.prod(spec.shape) + 1)
    train, test = values[:middle], values[middle:]
    splits = (_split(train, spec.train, spec), _split(test, spec.test, spec))
    return Dataset(spec.name, *splits, spec.classes)


def _split(values: Tensor, n: int, spec: Spec) -> Split:
    images = values[:-n].view(n, *spec.shape)
    return Split(images, values[-n:].long())
