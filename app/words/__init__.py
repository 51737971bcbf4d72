"""Every word of the interface, in one place: English and Korean side by side, a file a room.

Numbers, units, category labels and what guidelines say are data and never stand here. ``{...}``
parts are filled by ``str.format``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from app.words.asking import ASKING_KO, AskingWords
from app.words.grading import GRADING_KO, GradingWords
from app.words.people import PEOPLE_KO, PeopleWords
from app.words.shelf import SHELF_KO, ShelfWords

Language = Literal["en", "ko"]

LANGUAGES: dict[Language, str] = {"en": "English", "ko": "한국어"}
"""The languages of the interface, each by its own name."""


@dataclass(frozen=True)
class Words(PeopleWords, AskingWords, GradingWords, ShelfWords):
    """The strings of one interface language; the defaults are the English ones."""

    language_code: Language = "en"


def _joined(code: Language, *groups: object) -> Words:
    """The words of several rooms as one."""
    said = {f.name: getattr(group, f.name) for group in groups for f in fields(group)}  # type: ignore[arg-type]  # every group is a dataclass
    return Words(language_code=code, **said)


EN = Words()
KO = _joined("ko", PEOPLE_KO, ASKING_KO, GRADING_KO, SHELF_KO)


def words_in(language: str) -> Words:
    """The words of a language; English for one that is not spoken here."""
    return KO if language == "ko" else EN
