"""Plain data cross as they are; whatever else comes is refused, and soon."""

import contextlib
import json
import math
import os
import random
import resource
import struct
import threading
import time
import tracemalloc
from collections import OrderedDict
from typing import Any

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coursekit.grading.boundary import wire
from coursekit.grading.boundary.wire import (
    Gone,
    Late,
    NotPlainError,
    Plain,
    Ref,
    Senseless,
    decode,
    encode,
    receive,
    send,
)

PRIME = (1 << 61) - 1  # what Python's hash of an integer is the remainder by

SURROGATES = st.text(st.characters(codec=None), max_size=8)
REFS = st.builds(
    Ref,
    st.integers(0, wire.SAFE_INT),
    st.text(st.characters(codec="utf-8"), max_size=9),
    st.text(st.characters(codec="utf-8"), max_size=9),
)
DTYPES = st.one_of(
    arrays.boolean_dtypes(),
    arrays.integer_dtypes(endianness="?"),
    arrays.unsigned_integer_dtypes(endianness="?"),
    arrays.floating_dtypes(endianness="?"),
    arrays.complex_number_dtypes(endianness="?"),
    arrays.datetime64_dtypes(endianness="?"),
    arrays.timedelta64_dtypes(endianness="?"),
    arrays.byte_string_dtypes(),
    arrays.unicode_string_dtypes(endianness="?"),
)
ARRAYS = arrays.arrays(
    DTYPES, arrays.array_shapes(min_dims=0, min_side=0, max_dims=4, max_side=4)
)
KEYS = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.complex_numbers(),
        SURROGATES,
        st.binary(max_size=9),
    ),
    lambda keys: st.one_of(
        st.lists(keys, max_size=3).map(tuple), st.frozensets(keys, max_size=3)
    ),
    max_leaves=4,
)
STEPS = st.integers().filter(bool)
SCALARS = DTYPES.flatmap(arrays.from_dtype)
LEAVES = st.one_of(
    KEYS,
    st.integers(-(1 << 9_999), 1 << 9_999),
    SCALARS,
    ARRAYS,
    REFS,
    st.builds(range, st.integers(), st.integers(), STEPS),
    st.slices(9),
)
VALUES = st.recursive(
    LEAVES,
    lambda values: st.one_of(
        st.lists(values, max_size=4),
        st.lists(values, max_size=4).map(tuple),
        st.sets(KEYS, max_size=4),
        st.dictionaries(KEYS, values, max_size=4),
    ),
    max_leaves=8,
)
quickly = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def frame(text: bytes | str, *buffers: bytes) -> bytes:
    """A frame of any text and any buffers."""
    text = text.encode() if isinstance(text, str) else text
    return struct.pack("<I", len(text)) + text + b"".join(buffers)


def packed(value: Plain, *buffers: bytes) -> bytes:
    """A frame whose text has the right form around a value of any form."""
    return frame(json.dumps([value, [len(b) for b in buffers]]), *buffers)


def bits(value: Plain) -> Plain:
    """What tells two values apart to the last bit, and what class they are of."""
    kind = type(value).__name__
    if isinstance(value, torch.Tensor):
        return kind, str(value.dtype), value.shape, value.float().tolist()
    if isinstance(value, np.ndarray | np.generic):
        # A scalar has the machine's byte order, whatever array it is from.
        return kind, value.dtype.str, np.shape(value), value.tobytes()
    if isinstance(value, float):
        return kind, struct.pack(">d", value)
    if isinstance(value, complex):
        return kind, struct.pack(">dd", value.real, value.imag)
    if isinstance(value, set | frozenset):
        return kind, sorted(map(repr, map(bits, value)))
    if isinstance(value, list | tuple):
        return kind, [bits(item) for item in value]
    if isinstance(value, dict):
        return kind, [(bits(key), bits(item)) for key, item in value.items()]
    return kind, value


class Impostor(type):
    """Classes that claim to be any other."""

    def __eq__(cls, other: object) -> bool:
        return True

    def __hash__(cls) -> int:
        return hash(int)


class Like(metaclass=Impostor):
    """Looks like everything."""

    __class__ = int  # type: ignore[assignment]


class MyList(list[int]):
    """A list of somebody."""


class MyFloat(np.float64):
    """A number of somebody."""


# What crosses.


@quickly
@given(VALUES)
def test_whatever_is_plain_comes_back_as_it_was(value: Plain) -> None:
    assert bits(decode(encode(value))) == bits(value)


SPECIAL = [
    -0.0,
    math.inf,
    struct.unpack(">d", bytes.fromhex("7ff8000000000123"))[0],
    struct.unpack(">d", bytes.fromhex("fff8dead0000beef"))[0],
    complex(-0.0, math.nan),
    1 << 53,
    -(1 << 53) + 1,
    (1 << 10_000) - 1,
    "\ud83d\ude00",  # two halves side by side are not one character
    "\ud83d" + "x" * 500,
    "é😀" * 300,
    "",
    [[[]]],
    {},
    {(): [], (1, (2, b"")): {0}},
    {1: 1, 1.5: 2, "1": 3, None: 4},
    np.zeros(0),
    np.zeros((3, 0, 2), "f4"),
    np.array(2.5),
    np.array("text"),
    np.array([], "U"),
    np.array([-0.0, math.nan]),
    np.arange(12).reshape(3, 4)[::-1, ::2],
    np.asfortranarray(np.arange(6).reshape(2, 3)),
    np.arange(3, dtype=">f8"),
    np.broadcast_to(np.float32(1), (5, 5)),
    np.array(["a", "\ud800", ""], ">U3"),
    np.array(["2020-02-30T00", "NaT"][1:], "M8[25s]"),
    np.longdouble(1) / 3,
    np.str_(""),
    np.bytes_(b""),
    np.bool_(True),
    np.datetime64("NaT"),
    range(10**30, 0, -7),
    slice(None),
]


@pytest.mark.parametrize("value", SPECIAL, ids=lambda value: repr(value)[:30])
def test_special_values_come_back_as_they_were(value: Plain) -> None:
    assert bits(decode(encode(value))) == bits(value)
    assert bits(decode(encode([value, 1, value]))) == bits([value, 1, value])


def test_an_array_that_came_can_be_written_to() -> None:
    array = decode(encode(np.broadcast_to(1, (2, 2))))
    array[0, 0] = 5
    assert array.tolist() == [[5, 1], [1, 1]]


TENSORS = [
    torch.tensor(1.5, dtype=torch.bfloat16),
    torch.tensor([1.5, -0.0, math.inf], dtype=torch.bfloat16),
    torch.tensor([[1.5]], dtype=torch.float16),
    torch.arange(6).reshape(2, 3).T,
    torch.ones(1).expand(3, 4),
    torch.zeros(0, 4),
    torch.tensor([True, False]),
    torch.tensor([1, 2], dtype=torch.uint8),
]


@pytest.mark.parametrize("tensor", TENSORS, ids=lambda t: f"{t.dtype} {[*t.shape]}")
def test_tensors_come_back_as_they_were(tensor: torch.Tensor) -> None:
    back = decode(encode(tensor))
    assert back.dtype is tensor.dtype
    assert torch.equal(back, tensor)
    back[...] = 0  # its memory is its own


def test_a_complex_tensor_crosses_also_when_it_is_only_seen_as_conjugate() -> None:
    back = decode(encode(torch.tensor([1 + 2j]).conj()))
    assert back.tolist() == [1 - 2j]


def test_parameters_and_tensors_with_a_history_cross_as_tensors() -> None:
    parameter = torch.nn.Parameter(torch.ones(2))
    first, second = decode(encode([parameter, parameter * 2]))
    assert type(first) is torch.Tensor
    assert second.tolist() == [2, 2]


# What does not.

ENDLESS: list[Any] = []
ENDLESS.append(ENDLESS)

NOT_PLAIN: list[object] = [
    Like(),
    Like,
    MyList([1]),
    MyFloat(1),
    OrderedDict(a=1),
    object(),
    (i for i in range(3)),
    print,
    np.array([object()]),
    np.zeros(2, "i4,f8"),
    np.ma.masked_array([1], [True]),
    torch.ones(2).to_sparse(),
    torch.ones(2, device="meta"),
    torch.nn.Linear(1, 1),
    {object(): 1},
    {(1, Like()): 1},
    {frozenset([print])},
    slice(1.5, None),
    ENDLESS,
    1 << 10_000,
    np.broadcast_to(1.0, (1 << 40,)),
    np.empty((0, 1 << 40)),
    torch.ones(1).expand(1 << 40),
    [0] * wire.MAX_ITEMS,
    [[]] * 999_999 + [[[]] * 2],
    "x" * (65 << 20),
    bytes(65 << 20),
    ["x" * 90] * 900_000,
    {k * PRIME for k in range(30)},
    {k * PRIME: 0 for k in range(30)},
]


@pytest.mark.parametrize("value", NOT_PLAIN, ids=lambda v: type(v).__name__)
def test_what_is_not_plain_is_refused_with_words(value: object) -> None:
    with pytest.raises(NotPlainError) as caught:
        encode(value)
    assert 3 < len(str(caught.value)) < 90


def test_objects_can_be_kept() -> None:
    kept: list[object] = []

    def keep(value: object) -> Ref:
        kept.append(value)
        return Ref(len(kept), "object", type(value).__name__)

    thing = Like()
    keyed = {thing: 1}
    back = decode(encode([thing, 1, keyed, (print,)], keep))
    assert back[0] == Ref(1, "object", "Like")
    assert back[2:] == [
        Ref(2, "object", "dict"),
        (Ref(3, "object", "builtin_function_or_method"),),
    ]
    assert kept[0] is thing
    assert kept[1] is keyed


def test_what_keep_returns_must_be_a_ref() -> None:
    with pytest.raises(NotPlainError):
        encode(object(), keep=lambda _: [1])  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize(
    "parts", [(-1, "", ""), (True, "", ""), (1 << 60, "", ""), (1, "k" * 201, "")]
)
def test_a_ref_is_bounded(parts: tuple[Any, Any, Any]) -> None:
    with pytest.raises(ValueError, match="of a Ref"):
        Ref(*parts)


# Whatever comes.

F8 = np.ones(2).tobytes()
HOSTILE = {
    "nothing": b"",
    "too short": b"\0\0",
    "no text": frame(""),
    "no JSON": frame("[1,"),
    "not ASCII": frame("[1,[]]é"),
    "not Unicode": frame(b"[1,[]]\xff"),
    "no list": frame("1"),
    "a text of two": frame('"ab"'),
    "an object of two": frame('{"a":1,"b":[]}'),
    "three parts": frame("[1,[],2]"),
    "no sizes": frame("[1,2]"),
    "a negative size": frame("[1,[-1]]"),
    "sizes that cancel": frame('[[["bytes"],["bytes"]],[8,-8]]'),
    "a size of true": frame('[["bytes"],[true]]', b"x"),
    "a size of 1.0": frame('[["bytes"],[1.0]]', b"x"),
    "a huge size": frame(f'[["bytes"],[{1 << 70}]]', b"x"),
    "a size too big": frame('[["bytes"],[9]]', b"x"),
    "a size too small": frame('[["bytes"],[1]]', b"xxx"),
    "a buffer left over": packed(1, b"x"),
    "a buffer too few": packed(["list", ["bytes"], ["bytes"]], b"x"),
    "a text longer than the frame": struct.pack("<I", 9) + b"[1,[]]",
    "a text of 4 GB": b"\xff\xff\xff\xff[1,[]]",
    "NaN": frame("[NaN,[]]"),
    "infinity": frame("[1e999,[]]"),
    "a number in another way": frame(f"[{1 << 60},[]]"),
    "a number of many digits": frame("[" + "9" * 5_000 + ",[]]"),
    "a long way down": frame("[" * 100_000),
    "down to the end": frame("[" * 100_000 + "]" * 100_000),
    "too deep": packed(json.loads('["list",' * 22 + "1" + "]" * 22)),
    "an object": packed({"list": []}),
    "an object with one key twice": frame('[{"a":1,"a":2},[]]'),
    "no tag": packed([]),
    "a number as a tag": packed([1]),
    "a list as a tag": packed([[]]),
    "an unknown tag": packed(["pickle", "x"]),
    "a name of Python as a tag": packed(["__class__"]),
    "int of nothing": packed(["int"]),
    "int of a number": packed(["int", 5]),
    "int of words": packed(["int", "0x5"]),
    "int of spaces": packed(["int", " 5"]),
    "int of a line": packed(["int", "5\n"]),
    "int of too many": packed(["int", "f" * 2_501]),
    "float of words": packed(["float", "nan"]),
    "float of too little": packed(["float", "7ff8"]),
    "float of a number": packed(["float", 5]),
    "complex of one": packed(["complex", "7ff8000000000000"]),
    "str with parts": packed(["str", "x"], b"x"),
    "str that is none": packed(["str"], b"\xff"),
    "bytes without": packed(["bytes"]),
    "a set of lists": packed(["set", ["list"]]),
    "a set with one twice": packed(["set", 1, 1]),
    "a set with one and true": packed(["frozenset", 1, True]),
    "a dict of three": packed(["dict", 1, 2, 3]),
    "a dict with one key twice": packed(["dict", 1, 2, 1, 3]),
    "a dict with a list for a key": packed(["dict", ["list"], 2]),
    "a dict with an array for a key": packed(["dict", ["array", "<f8", 2], 2], F8),
    "a range without steps": packed(["range", 1, 2, 0]),
    "a range of text": packed(["range", "1", "2", "3"]),
    "a range of truth": packed(["range", True, 2, 1]),
    "a slice of text": packed(["slice", "1", None, None]),
    "a ref of nothing": packed(["ref"]),
    "a ref below zero": packed(["ref", -1, "a", "b"]),
    "a ref of text": packed(["ref", "1", "a", "b"]),
    "a ref of lists": packed(["ref", 1, ["list"], ["list"]]),
    "a ref of long words": packed(["ref", 1, "a", "b" * 1_000]),
    "an array of nothing": packed(["array"], F8),
    "an array that is larger": packed(["array", "<f8", 3], F8),
    "an array that is smaller": packed(["array", "<f8", 1], F8),
    "an array of -1": packed(["array", "<f8", -1], F8),
    "an array of -2 times -1": packed(["array", "<f8", -2, -1], F8),
    "an array of true": packed(["array", "<f8", True, 2], F8),
    "an array of 2.0": packed(["array", "<f8", 2.0], F8),
    "an array of text": packed(["array", "<f8", "2"], F8),
    "an array that overflows": packed(["array", "<f8", 1 << 32, 1 << 32], F8),
    "an array with 65 axes": packed(["array", "<f8", *[1] * 64, 2], F8),
    "a hollow array": packed(["array", "<f8", 0, 1 << 27, 1 << 27], b""),
    "a hollow kind": packed(["array", "<U99999999", 0, 9], b""),
    "an array of objects": packed(["array", "|O", 2], F8),
    "an array of records": packed(["array", "f8,f8", 1], F8),
    "an array of void": packed(["array", "|V8", 2], F8),
    "an array of names": packed(["array", "float64", 2], F8),
    "an array of odd numbers": packed(["array", "<f7", 2], F8[:14]),
    "an array of a list": packed(["array", [["a", "<f8"]], 2], F8),
    "an array of zero": packed(["array", "<U0", 0], b""),
    "an array of odd times": packed(["array", "<M8[xx]", 2], F8),
    "an array of endless times": packed(["array", "<M8[9999999s]", 2], F8),
    "an array of neither true nor false": packed(["array", "|b1", 2], b"\2\0"),
    "an array of no characters": packed(["array", "<U1", 2], b"\xff" * 8),
    "an array of no characters, turned": packed(["array", ">U1", 1], b"\xff\0\0\0"),
    "a scalar of two": packed(["scalar", "<f8"], F8),
    "a scalar with a shape": packed(["scalar", "<f8", 1], F8[:8]),
    "a scalar of objects": packed(["scalar", "|O"], F8[:8]),
    "a tensor of text": packed(["tensor", "<f8", 2], F8),
    "a tensor of objects": packed(["tensor", "object", 2], F8),
    "a tensor of a list": packed(["tensor", [], 2], F8),
    "a tensor that lies": packed(["tensor", "bfloat16", 3], F8),
    "a tensor of neither": packed(["tensor", "bool", 2], b"\7\1"),
    "a tensor with 65 axes": packed(["tensor", "float64", *[1] * 64, 2], F8),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_nobody_sends_is_senseless(name: str) -> None:
    with pytest.raises(Senseless):
        decode(HOSTILE[name])


@pytest.mark.parametrize("name", HOSTILE)
def test_what_nobody_sends_is_senseless_or_unfinished_in_a_pipe(name: str) -> None:
    read_fd, write_fd = os.pipe()
    threading.Thread(target=_write_and_close, args=(write_fd, HOSTILE[name])).start()
    with contextlib.suppress(Senseless, Gone):
        receive(read_fd, time.monotonic() + 5)
        # What stands behind a frame belongs to the next.
        with pytest.raises((Senseless, Gone)):
            receive(read_fd, time.monotonic() + 5)
    os.close(read_fd)


def _write_and_close(fd: int, data: bytes) -> None:
    os.write(fd, data[: 1 << 16])
    os.close(fd)


def expensive() -> dict[str, bytes]:
    """Frames made to take memory or time: small to send, large to hold."""
    keys = ",".join(f'["int","{k * PRIME:x}"]' for k in range(1, 90_000))
    pairs = ",".join(f'["int","{k * PRIME:x}"],0' for k in range(1, 90_000))
    tuples = ",".join(f'["tuple",["int","{k * PRIME:x}"]]' for k in range(1, 90_000))
    return {
        "empty lists": frame("[" + "[]," * 9_000_000 + "[]]"),
        "empty lists, fewer": frame("[" + "[]," * 1_300_000 + "[]]"),
        "empty objects": frame("[" + "{}," * 1_300_000 + "{}]"),
        "long numbers": frame("[" + ",".join(["9" * 4_299] * 2_000) + "]"),
        "digits": frame("[" + "9" * 9_000_000 + ",[]]"),
        "digits of a fraction": frame("[0." + "9" * 9_000_000 + ",[],1]"),
        "an exponent": frame("[1e" + "9" * 9_000_000 + ",[]]"),
        "escapes": frame('["' + r"\ud83d" * 1_000_000 + '",[],1]'),
        "sizes": frame("[1,[" + "0," * 3_000_000 + "0]]"),
        "one hash for all": frame('[["set",' + keys + "],[]]"),
        "one hash for all keys": frame('[["dict",' + pairs + "],[]]"),
        "one hash for all tuples": frame('[["set",' + tuples + "],[]]"),
        "too many": frame('[["list",' + "1," * wire.MAX_ITEMS + "1],[]]"),
    }


@pytest.mark.slow
def test_hostile_frames_take_little_time_and_memory() -> None:
    for name, data in expensive().items():
        seconds, kilobytes = cost(data)
        assert seconds < 10, name
        assert kilobytes < 500_000, name


def cost(data: bytes) -> tuple[float, int]:
    """Processor time and memory that it takes a fork of ours to refuse a frame."""
    read_fd, write_fd = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            before = resource.getrusage(resource.RUSAGE_SELF)
            with pytest.raises(Senseless):
                decode(data)
            after = resource.getrusage(resource.RUSAGE_SELF)
            took = [
                after.ru_utime - before.ru_utime,
                after.ru_maxrss - before.ru_maxrss,
            ]
            os.write(write_fd, json.dumps(took).encode())
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    seconds, kilobytes = json.loads(os.read(read_fd, 999))
    os.close(read_fd)
    os.close(write_fd)
    return seconds, kilobytes


@settings(quickly, max_examples=300)
@given(VALUES, st.integers(0, 1 << 32))
def test_damaged_frames_are_senseless_or_plain(value: Plain, seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(encode(value))
    for _ in range(chance.randint(1, 4)):
        _damage(data, chance)
    try:
        back = decode(bytes(data))
    except Senseless:
        return
    encode(back)  # whatever it is, it is plain


def _damage(data: bytearray, chance: random.Random) -> None:
    place = chance.randrange(len(data) + 1)
    match chance.randrange(5):
        case 0:
            del data[place : place + chance.randint(1, 9)]
        case 1:
            data[place:place] = chance.randbytes(chance.randint(1, 9))
        case 2:
            data[place:place] = data[chance.randrange(len(data) + 1) :][:20]
        case 3:
            data[place : place + 1] = chance.choice(b'[]{},:"-019eE.x<f').to_bytes()
        case 4:
            text = data[4:].replace(*chance.choice(SWAPS), 1)
            data[:] = struct.pack("<I", len(text)) + text


SWAPS = [
    (b"list", b"set"),
    (b"tuple", b"dict"),
    (b"array", b"tensor"),
    (b"array", b"scalar"),
    (b"<f8", b"|b1"),
    (b"<i8", b"<U2"),
    (b"1", b"-1"),
    (b"2", b"99999999999999999999"),
    (b"0", b"1e400"),
    (b"null", b"NaN"),
]


JSONS = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False),
        st.text(max_size=4),
        st.sampled_from([*wire._WAYS_BACK, "<f8", "|b1", "<U1", "bfloat16", "ff"]),
    ),
    lambda parts: st.one_of(
        st.lists(parts, max_size=5),
        st.dictionaries(st.text(max_size=2), parts, max_size=2),
        st.tuples(st.sampled_from([*wire._WAYS_BACK]), parts, parts).map(list),
    ),
)


@settings(quickly, max_examples=300)
@given(JSONS, st.lists(st.binary(max_size=16), max_size=3))
def test_any_json_is_senseless_or_plain(value: Plain, buffers: list[bytes]) -> None:
    try:
        encode(decode(packed(value, *buffers)))
    except Senseless:
        return


# Over pipes.


@pytest.fixture
def pipe() -> Any:  # noqa: ANN401
    """A pipe, closed at the end if it is open then."""
    ends = os.pipe()
    yield ends
    for fd in ends:
        try:
            os.close(fd)
        except OSError:
            continue


def soon(seconds: float = 0.2) -> float:
    """A deadline."""
    return time.monotonic() + seconds


def test_frames_follow_each_other(pipe: tuple[int, int]) -> None:
    for number in range(3):
        send(pipe[1], [number, b"x" * number], soon())
    assert [receive(pipe[0], soon()) for _ in range(3)] == [
        [0, b""],
        [1, b"x"],
        [2, b"xx"],
    ]


def test_a_large_value_goes_through_a_small_pipe(pipe: tuple[int, int]) -> None:
    array = np.arange(2_000_000)
    sender = threading.Thread(target=send, args=(pipe[1], array, soon(30)))
    sender.start()
    assert np.array_equal(receive(pipe[0], soon(30)), array)
    sender.join()


def test_no_deadline_waits(pipe: tuple[int, int]) -> None:
    threading.Timer(0.1, send, (pipe[1], "at last")).start()
    assert receive(pipe[0]) == "at last"


@pytest.mark.parametrize("start", [b"", b"\x06\0", b"\x06\0\0\0[1,"])
def test_who_does_not_go_on_is_late(pipe: tuple[int, int], start: bytes) -> None:
    os.write(pipe[1], start)
    begin = time.monotonic()
    with pytest.raises(Late):
        receive(pipe[0], soon())
    assert 0.15 < time.monotonic() - begin < 5


def test_who_sends_byte_by_byte_is_late(pipe: tuple[int, int]) -> None:
    stop = threading.Event()

    def drip() -> None:
        while not stop.wait(0.02):
            os.write(pipe[1], b"\1")

    dripping = threading.Thread(target=drip)
    dripping.start()
    begin = time.monotonic()
    with pytest.raises(Late):
        receive(pipe[0], soon())
    assert time.monotonic() - begin < 5
    stop.set()
    dripping.join()


def test_who_does_not_read_makes_us_late(pipe: tuple[int, int]) -> None:
    with pytest.raises(Late):
        send(pipe[1], b"x" * 1_000_000, soon())


@pytest.mark.parametrize("start", [b"", b"\x06\0", b"\x06\0\0\0[1,"])
def test_who_hangs_up_is_gone(pipe: tuple[int, int], start: bytes) -> None:
    os.write(pipe[1], start)
    os.close(pipe[1])
    with pytest.raises(Gone):
        receive(pipe[0], soon())


def test_nobody_to_send_to_is_gone(pipe: tuple[int, int]) -> None:
    os.close(pipe[0])
    with pytest.raises(Gone):
        send(pipe[1], 1, soon())


def test_a_closed_end_of_ours_is_gone(pipe: tuple[int, int]) -> None:
    os.close(pipe[0])
    with pytest.raises(Gone):
        receive(pipe[0], soon())


def test_a_frame_larger_than_the_limit_is_not_read(pipe: tuple[int, int]) -> None:
    os.write(pipe[1], encode(b"x" * 2_000)[:200])
    with pytest.raises(Senseless):
        receive(pipe[0], soon(), limit=1_000)
    with pytest.raises(NotPlainError):
        encode(b"x" * 2_000, limit=1_000)


def test_what_is_announced_takes_no_memory(pipe: tuple[int, int]) -> None:
    os.write(pipe[1], frame(f'[["bytes"],[{60 << 20}]]', b"x"))
    tracemalloc.start()
    with pytest.raises(Late):
        receive(pipe[0], soon())
    assert tracemalloc.get_traced_memory()[1] < 5 << 20
    tracemalloc.stop()
