"""The interface says the same in both languages."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import fields

import pytest

from app.words import EN, KO, LANGUAGES, Words, words_in

SAME_IN_BOTH = {
    "product", "missing", "unit_as", "unit_prompt", "took_ms",
}  # fmt: skip
"""Names, and texts that are nothing but places for data."""


def said(words: Words) -> dict[str, object]:
    return {f.name: getattr(words, f.name) for f in fields(words) if f.name != "language_code"}


def texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from texts(item)
    else:
        yield str(value)


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("name", sorted(said(EN)))
def test_every_word_is_said_in_korean_with_the_same_places(name: str) -> None:
    english, korean = said(EN)[name], said(KO)[name]
    assert type(english) is type(korean)
    pairs = list(zip(texts(english), texts(korean), strict=True))
    if isinstance(english, dict):
        assert isinstance(korean, dict) and english.keys() == korean.keys()
    for one, other in pairs:
        assert places(one) == places(other)
        assert "—" not in one + other
    if name not in SAME_IN_BOTH:
        assert any(re.search("[가-힣]", other) for _, other in pairs)


def test_a_language_is_found_by_its_code() -> None:
    assert words_in("ko") is KO and words_in("en") is EN and words_in("fr") is EN
    assert set(LANGUAGES) == {"en", "ko"}
