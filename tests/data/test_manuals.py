"""Sentences of two manuals, which come with the installed packages."""

import sys

import pytest

from coursekit import data
from coursekit.data import DataError


def test_as_many_sentences_of_either_manual() -> None:
    found = data.manuals()
    assert len(found) > 2000
    assert (found.labels == 0).sum() == (found.labels == 1).sum()
    assert len(found.labels) == len(found.texts)
    for text in found.texts[::100]:
        assert 6 <= len(text.split()) <= 40
        assert text[0].isupper()
        assert text.endswith(".")


def test_without_reviews_the_manuals_are_announced(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nothing() -> data.Sentences:
        raise DataError("Movie reviews cannot be had here.")

    monkeypatch.setattr(data, "movie_reviews", nothing)
    assert data.reviews_or_manuals().classes == data.manuals().classes
    printed = " ".join(capsys.readouterr().out.split())
    assert "cannot be had" in printed
    assert "PSF licence" in printed
    assert "BSD licence" in printed


def test_a_python_without_its_manual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pydoc_data.topics", None)
    with pytest.raises(DataError, match="manual is not installed"):
        data.manuals()
