"""Words, numbers, folds: how sentences become input of a network."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from coursekit import data, models, text

TEXTS = Path(__file__).parents[2] / "shared" / "data" / "text"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It isn't Kim's film!", "it is n't kim 's film !"),
        ("we've you're i'd they'll", "we 've you 're i 'd they 'll"),
        ("(really?), yes.", "( really ? ) , yes"),
        ("co-writer/director 21st", "co writer director 21st"),
        ("a caf\xe9\x85 `quoted' ", "a caf `quoted'"),
        ("O'Neal \t  -- ", "o'neal"),
        (" . ", ""),
    ],
)
def test_words(sentence: str, expected: str) -> None:
    assert text.words(sentence) == expected.split()


def test_words_are_numbered_from_one_as_they_come() -> None:
    known = text.vocabulary([["b", "a"], [], ["a", "c"]])
    assert known == {"b": 1, "a": 2, "c": 3}


def test_sentences_stand_between_zeros() -> None:
    sentences = [["a", "b", "c"], [], ["c", "new", "a"]]
    found = text.encode(sentences, {"a": 1, "b": 2, "c": 3}, edge=2)
    assert found.dtype == torch.int64
    assert found.tolist() == [
        [0, 0, 1, 2, 3, 0, 0],
        [0, 0, 0, 0, 0, 0, 0],
        [0, 0, 3, 1, 0, 0, 0],
    ]


def test_no_sentences_cannot_be_encoded() -> None:
    with pytest.raises(ValueError, match="give at least one"):
        text.encode([], {})


def test_folds_hold_each_number_once_and_are_even() -> None:
    parts = text.folds(23, 5)
    assert sorted(torch.cat(parts).tolist()) == list(range(23))
    assert sorted(map(len, parts)) == [4, 4, 5, 5, 5]
    assert not torch.equal(torch.cat(parts), torch.arange(23))


def test_folds_follow_the_seed() -> None:
    def first(seed: int) -> Tensor:
        return text.folds(100, seed=seed)[0]

    assert torch.equal(first(3), first(3))
    assert not torch.equal(first(3), first(4))


@pytest.mark.parametrize("parts", [1, 0, 6])
def test_impossible_folds_are_refused(parts: int) -> None:
    with pytest.raises(ValueError, match=f"2 to 5 parts, not {parts}"):
        text.folds(5, parts)


def test_encoded_says_what_it_holds() -> None:
    split = text.Encoded(torch.zeros(2, 9, dtype=torch.int64), torch.zeros(2).long())
    assert len(split) == 2
    assert repr(split) == "Encoded(2 sentences of 9 words)"


@pytest.mark.parametrize(
    "words",
    [torch.zeros(2, 9), torch.zeros(2).long(), torch.zeros(3, 9).long()],
    ids=["type", "shape", "count"],
)
def test_encoded_refuses_what_does_not_fit(words: Tensor) -> None:
    with pytest.raises(ValueError, match="int64 of shape"):
        text.Encoded(words, torch.zeros(2).long())


def test_trimmed_sentences_have_the_same_scores() -> None:
    torch.manual_seed(0)
    model: Any = models.text_cnn(20, embedding=8, filters=6).eval()
    words = torch.zeros(3, 40, dtype=torch.int64)
    words[0, 4:15], words[1, 4:9] = torch.arange(1, 12), torch.arange(12, 17)
    trimmed = text.Trim()(words)
    assert trimmed.shape == (3, 15 + 5)
    # With every filter asking for nothing, padding alone is the best place.
    for bias in (0.0, 5.0):
        for conv in model.convolutions:
            torch.nn.init.constant_(conv.bias, bias)
        torch.testing.assert_close(model(trimmed), model(words))


def test_nothing_but_padding_is_long_enough_for_the_filters() -> None:
    assert text.Trim()(torch.zeros(2, 9, dtype=torch.int64)).shape == (2, 5)


def test_sparse_gradients_are_those_of_the_words() -> None:
    words = torch.tensor([[1, 2, 3, 4, 5, 0, 0]])
    gradients = []
    for sparse in (False, True):
        torch.manual_seed(0)
        make = partial(models.text_cnn, 20, embedding=8, filters=4, sparse=sparse)
        model: Any = make().eval()
        model(words).square().sum().backward()
        gradients.append(model.embeddings[0].weight.grad)
    dense, rows = gradients
    assert rows.is_sparse
    assert set(rows.coalesce().indices()[0].tolist()) == {1, 2, 3, 4, 5}
    torch.testing.assert_close(rows.to_dense(), dense)


def test_movie_reviews_have_the_papers_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kim 2014, table 1: 10,662 sentences, 18,765 words, 20 a sentence on average."""
    if not (TEXTS / "rt-polarity.pos").exists():
        pytest.skip("the sentences of MR are not on this computer")
    monkeypatch.setenv("COURSEKIT_DATA", str(TEXTS))
    reviews = data.movie_reviews()
    assert len(reviews) == 10_662
    assert reviews.labels.bincount().tolist() == [5331, 5331]
    assert reviews.texts[0].startswith("simplistic , silly and tedious")
    assert reviews.texts[-1].startswith("provides a porthole into that noble")
    sentences = [text.words(sentence) for sentence in reviews.texts]
    assert len(text.vocabulary(sentences)) == 18_765
    lengths = [len(sentence) for sentence in sentences]
    assert max(lengths) == 56
    assert round(sum(lengths) / len(lengths)) == 20
