"""Make the students' `coursekit/checks/quiz.json` from the `quiz.toml` of each week."""

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

from coursekit.checks import quiz
from coursekit.checks.quiz import EXACT, digest, mark, normalised, sealing
from coursekit.files import replacing

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "coursekit" / "checks" / "quiz.json"
KINDS = ("number", "numbers", "choice")


def write_quizzes(solutions: Path = ROOT / "solutions", target: Path = TARGET) -> None:
    """Write `target`, the same bytes each time.

    Raises ValueError, with file and place, for a malformed quiz.
    """
    target.write_text(quizzes_as_json(solutions), encoding="utf-8")


def quizzes_as_json(solutions: Path = ROOT / "solutions") -> str:
    """The text of `quiz.json`: every quiz of every week, no answer in clear."""
    sealed: dict[str, Any] = {}
    for source in sorted(solutions.glob("*/quiz.toml")):
        for quiz_id, questions in tomllib.loads(source.read_text("utf-8")).items():
            if quiz_id in sealed:
                raise ValueError(f"{source}: two quizzes have the id {quiz_id!r}")
            sealed[quiz_id] = sealed_quiz(quiz_id, questions, source)
    return json.dumps(sealed, indent=1, ensure_ascii=False) + "\n"


def sealed_quiz(
    quiz_id: str, questions: dict[str, Any], source: Path
) -> dict[str, Any]:
    """A quiz of `solutions/<week>/quiz.toml` as it stands in `quiz.json`.

    Raises ValueError, with file and place, for a malformed quiz.
    """
    root = source.parents[2]
    return {
        name: _once(f"{quiz_id}/{name}", question, source, root)
        for name, question in questions.items()
    }


def _once(
    place: str, question: dict[str, Any], source: Path, root: Path
) -> dict[str, Any]:
    """A sealed question, kept in `build/` until it or the code that seals it changes.

    The slow hashes of all questions take a minute.
    """
    key = hashlib.sha256(json.dumps([place, question], default=str).encode())
    for module in (__file__, quiz.__file__):
        key.update(Path(module).read_bytes())
    kept = root / "build" / "quizzes" / f"{key.hexdigest()}.json"
    if kept.exists():
        return dict(json.loads(kept.read_text("utf-8")))
    sealed = _sealed(place, question, source)
    if (root / "build").is_dir():
        kept.parent.mkdir(exist_ok=True)
        with replacing(kept) as partial:
            partial.write_text(json.dumps(sealed), "utf-8")
    return sealed


def _sealed(place: str, question: dict[str, Any], source: Path) -> dict[str, Any]:
    problem = _problem(question)
    if problem:
        raise ValueError(f"{source}: {place}: {problem}")
    digits = question.get("digits", EXACT)
    secret = digest(place, normalised(question["right"], digits))
    messages = dict(_message(place, wrong, digits) for wrong in question["wrong"])
    rounded = {"digits": digits} if "digits" in question else {}
    return rounded | {
        "kind": question["kind"],
        "choices": question.get("choices", []),
        "right": mark(secret, "right"),
        # Sorted by hash, so that the order tells nothing.
        "messages": dict(sorted(messages.items())),
    }


def _message(place: str, wrong: dict[str, Any], digits: int) -> tuple[str, str]:
    secret = digest(place, normalised(wrong["answer"], digits))
    return mark(secret, "wrong"), sealing(secret, wrong["says"].encode()).hex()


def _problem(question: dict[str, Any]) -> str:
    if not {"kind", "right", "wrong"} <= question.keys():
        return "needs kind, right and wrong"
    if question["kind"] not in KINDS:
        return f"kind is one of {', '.join(KINDS)}"
    if question["kind"] == "choice" and question["right"] not in question["choices"]:
        return "the right answer is not among the choices"
    digits = question.get("digits", EXACT)
    if question["kind"] == "choice" and "digits" in question:
        return "digits are of numbers"
    right = normalised(question["right"], digits)
    for wrong in question["wrong"]:
        if normalised(wrong["answer"], digits) == right:
            return f"{right} is right and wrong"
        if right.lower() in wrong["says"].lower().replace(",", "").split():
            return f"a message tells the right answer: {wrong['says']!r}"
    return ""
