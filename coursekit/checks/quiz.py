"""Quizzes: numbers and choices, checked at once, with the answers out of sight.

`quiz.json` holds no answer in clear: a right answer stands there as a slow salted hash,
and the message for a common wrong one can be read by its own answer only. This hides;
it does not protect. Whoever tries all choices, or all numbers up to a million, finds
the answer: a quiz is for learning, and its points are small.

`coursekit.authoring.quizzes` writes `quiz.json` from the `quiz.toml` of each week.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np

from coursekit.checks.compare import array
from coursekit.checks.core import passed, registered
from coursekit.checks.errors import CheckFailed, NotPlainError
from coursekit.checks.show import as_text
from coursekit.checks.values import Plain, plain

MAX_KEPT, MAX_DIGESTS = 200, 4096  # characters of an answer, and answers
DIGESTS: dict[str, str] = {}  # place and answer → its slow hash, in hexadecimal
EXACT = 10  # significant digits in which two numbers that are equal may differ


@dataclass(frozen=True)
class Question:
    """One value of a quiz as the students' files hold it.

    kind: "number", "numbers" (a list) or "choice"
    digits: so many significant digits of a number count; what is smaller than one in
    the last of so many places is 0
    right: hash of the right answer; messages: hash of a wrong one to sealed message
    """

    kind: str
    choices: list[str]
    right: str
    messages: dict[str, str]
    digits: int = EXACT

    def verdict(self, place: str, value: object) -> str:
        """ "" when the value is right; else a message that does not tell the answer."""
        if value is None or value is ...:
            return f"is not filled in yet; {self._wanted()}"
        try:
            value = plain(_widened(value))
            text = normalised(value, self.digits)
        except NotPlainError as error:
            return f"is {error}; {self._wanted()}"
        if not self._fits(text):
            return f"= {as_text(value)}: {self._wanted()}"
        secret = digest(place, text)
        if mark(secret, "right") == self.right:
            return ""
        sealed = self.messages.get(mark(secret, "wrong"))
        hint = " " + sealing(secret, bytes.fromhex(sealed)).decode() if sealed else ""
        return f"= {as_text(value)} is not right.{hint}"

    def _wanted(self) -> str:
        if self.kind == "choice":
            return "choose one of " + ", ".join(repr(c) for c in self.choices)
        if self.kind == "numbers":
            return "give a list of numbers such as [1, 2]"
        return "give a number"

    def _fits(self, text: str) -> bool:
        if self.kind == "choice":
            return text in [normalised(choice) for choice in self.choices]
        if self.kind == "numbers":
            return text.startswith("[")
        return _is_number(text)


class Quiz:
    """The check of a quiz. Call it with the values by name."""

    def __init__(self, quiz_id: str) -> None:
        self.id = quiz_id
        self.name = quiz_id.replace("-", "_")

    @cached_property  # not earlier: whoever writes quiz.json imports this module
    def questions(self) -> dict[str, Question]:
        """The values asked for, by name."""
        stored = _stored()[self.id]
        return {name: Question(**question) for name, question in stored.items()}

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the values asked for."""
        return tuple(self.questions)

    def __call__(self, **values: Plain) -> None:
        """Check all values and print one line. Raises CheckFailed."""
        if values.keys() != self.questions.keys():
            names = ", ".join(f"{name}=…" for name in self.questions)
            raise CheckFailed(f"✗ {self.id}: call the check with {names}.")
        wrong = [
            f"\n  {name} {verdict}"
            for name, question in self.questions.items()
            if (verdict := question.verdict(f"{self.id}/{name}", values[name]))
        ]
        right = len(values) - len(wrong)
        if wrong:
            count = f"{right} of {len(values)} right so far."
            raise CheckFailed(f"✗ {self.id}: {count}" + "".join(wrong))
        passed(self.id, f"all right ({right} of {right}).")


def quiz(quiz_id: str) -> Quiz:
    """The quiz with this id, whose questions stand in `quiz.json`."""
    return registered(Quiz(quiz_id))


def normalised(value: Plain, digits: int = EXACT) -> str:
    """One text for all ways to write an answer: 26, 26.0, "26"; " Dense", "dense".

    A column of numbers is the list of them; floats are rounded to `digits`.
    """
    value = array(value)
    if isinstance(value, np.ndarray):
        column = value.ndim == 2 and value.shape[1] == 1 < len(value)
        value = _sure(value[:, 0] if column else value).tolist()
    if isinstance(value, list | tuple):
        return "[" + ",".join(normalised(item, digits) for item in value) + "]"
    if isinstance(value, float):
        return _normalised_float(value, digits)
    if isinstance(value, str):
        return _normalised_text(value, digits)
    return str(value).lower()


def _widened(value: object) -> object:
    """One of NumPy's short floats as an array: plain data would forget its type."""
    short = any(type(value) is kind for kind in (np.float32, np.float16))
    return np.array(value) if short else value


def _sure(values: np.ndarray) -> np.ndarray:
    """float32's numbers in decimals it is sure of: 0.02, not 0.019999999553.

    Whole numbers stay, however long.
    """
    if values.dtype.kind != "f" or values.dtype.itemsize > 4:
        return values
    digits = np.finfo(values.dtype).precision
    flat = [v if v.is_integer() else float(f"{v:.{digits}g}") for v in values.flat]
    return np.array(flat, float).reshape(values.shape)


def _normalised_float(value: float, digits: int) -> str:
    if digits < EXACT and abs(value) < 10**-digits:
        return "0"
    rounded = value if value.is_integer() else float(f"{value:.{digits}g}")
    return str(int(rounded)) if rounded.is_integer() else f"{rounded:.{digits}g}"


def digest(place: str, text: str) -> bytes:
    """A slow hash (some 50 ms) of a normalised answer, salted with where it stands."""
    key = f"{place}\0{text}"
    if key not in DIGESTS:
        salt = f"coursekit/{place}".encode()
        made = hashlib.scrypt(text.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)
        if len(text) > MAX_KEPT or len(DIGESTS) >= MAX_DIGESTS:
            return made
        DIGESTS[key] = made.hex()
    return bytes.fromhex(DIGESTS[key])


def mark(secret: bytes, purpose: str) -> str:
    """What may stand in a file to recognise a digest by."""
    return hashlib.sha256(secret + purpose.encode()).hexdigest()[:32]


def sealing(secret: bytes, message: bytes) -> bytes:
    """Seal a message with a digest, or open it again with the same one."""
    key = hashlib.shake_256(secret + b"message").digest(len(message))
    return bytes(a ^ b for a, b in zip(message, key, strict=True))


@cache
def _stored() -> dict[str, dict[str, Any]]:
    return json.loads((files("coursekit.checks") / "quiz.json").read_text("utf-8"))


def _normalised_text(text: str, digits: int) -> str:
    text = " ".join(text.lower().split()).strip(" .")
    number = text.replace(",", "").replace("_", "").replace(" ", "")
    return normalised(float(number), digits) if _is_number(number) else text


def _is_number(text: str) -> bool:
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False
