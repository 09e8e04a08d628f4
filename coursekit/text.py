"""From sentences to word numbers, as Kim 2014 prepared them for his networks."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from coursekit.data import Split

STRANGE = re.compile(r"[^a-z0-9(),!?'`]")
ENDING = re.compile(r"('s|'ve|n't|'re|'d|'ll)")
MARK = re.compile(r"([,!?()])")


def words(sentence: str) -> list[str]:
    """The words of a sentence, in small letters, by the rules that Kim published.

    Only letters a to z, digits, ( ) , ! ? and the two kinds of ' stay; all else, full
    stops too, parts words. The endings 's 've n't 're 'd 'll begin a word of their own;
    each of , ! ? ( ) is one.

    >>> words("It isn't Kim's film!")
    ['it', 'is', "n't", 'kim', "'s", 'film', '!']
    """
    kept = STRANGE.sub(" ", sentence.lower())
    return MARK.sub(r" \1 ", ENDING.sub(r" \1", kept)).split()


def vocabulary(sentences: Iterable[Sequence[str]]) -> dict[str, int]:
    """A number for each word, 1, 2, … in the order of first use; 0 is for padding."""
    found = dict.fromkeys(word for sentence in sentences for word in sentence)
    return {word: number for number, word in enumerate(found, start=1)}


def encode(
    sentences: Sequence[Sequence[str]], known: Mapping[str, int], *, edge: int = 4
) -> Tensor:
    """Sentences as rows of word numbers: int64 (n, longest sentence + 2 · edge).

    Words not in `known` are left out. There are `edge` zeros before each sentence and
    at least as many after it, so that a filter of edge + 1 words can begin or end at
    any word (Kim's code). Raises ValueError without sentences.
    """
    if not sentences:
        raise ValueError("There are no sentences to encode; give at least one.")
    rows = [[known[word] for word in words if word in known] for words in sentences]
    encoded = torch.zeros(len(rows), max(map(len, rows)) + 2 * edge, dtype=torch.int64)
    for line, row in zip(encoded, rows, strict=True):
        line[edge : edge + len(row)] = torch.tensor(row, dtype=torch.int64)
    return encoded


def folds(count: int, parts: int = 10, *, seed: int = 0) -> list[Tensor]:
    """0 … count - 1 in random order, cut into `parts` that differ by at most one.

    Raises ValueError for fewer than two parts, or more than there are numbers.
    """
    if not 2 <= parts <= count:
        raise ValueError(
            f"{count} sentences can be cut into 2 to {count} parts, not {parts}."
        )
    dice = torch.Generator().manual_seed(seed)
    return list(torch.randperm(count, generator=dice).tensor_split(parts))


@dataclass(frozen=True, eq=False, repr=False)
class Encoded(Split):
    """A split of sentences: `images` holds word numbers instead, int64 (n, length)."""

    def __post_init__(self) -> None:
        words, labels = self.images, self.labels
        if words.dtype != torch.int64 or words.ndim != 2 or len(words) != len(labels):
            raise ValueError(
                "Encoded sentences are int64 of shape (n, length) with n labels, not "
                f"{words.dtype} of shape {tuple(words.shape)} with {len(labels)}."
            )

    def __repr__(self) -> str:
        return f"Encoded({len(self):,} sentences of {self.images.shape[1]} words)"


class Trim(nn.Module):
    """Word numbers (n, length) without the padding that no sentence there needs.

    `edge` + 1 zeros stay after the longest sentence, so that every filter of up to that
    many words still meets padding alone: its greatest answer is the same.
    """

    def __init__(self, edge: int = 4) -> None:
        super().__init__()
        self.edge = edge

    def forward(self, words: Tensor) -> Tensor:
        used = words.count_nonzero(0).nonzero()
        longest = int(used.max()) + 1 if len(used) else 0
        return words[:, : longest + self.edge + 1]
