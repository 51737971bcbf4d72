"""Names of reporting systems and of their editions, as statements and passages write them."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.answering.grounding.mentions import Mention, lexicon
from rag.answering.grounding.mentions import find as find_words
from rag.types import Edition

_DASH = r"[- ]?"
SYSTEMS = lexicon(
    ("c_lung_rads", rf"C-Lung{_DASH}RADS"),
    ("lung_rads", rf"Lung{_DASH}RADS"),
    ("bi_rads", rf"BI{_DASH}RADS"),
    ("k_tirads", rf"(?:K|Korean){_DASH}TI{_DASH}RADS"),
    ("eu_tirads", rf"EU{_DASH}TI{_DASH}RADS"),
    ("acr_ti_rads", rf"(?:ACR )?TI{_DASH}RADS"),
    ("li_rads", rf"(?:CEUS |US )?LI{_DASH}RADS"),
    ("pi_rads", rf"PI{_DASH}RADS"),
    ("o_rads", rf"O{_DASH}RADS"),
    ("ni_rads", rf"NI{_DASH}RADS"),
    ("c_rads", rf"C{_DASH}RADS"),
    ("cad_rads", rf"CAD{_DASH}RADS"),
    ("node_rads", rf"Node{_DASH}RADS"),
    ("vi_rads", rf"VI{_DASH}RADS"),
    ("fleischner", r"Fleischner(?: Society)?"),
    ("bosniak", r"Bosniak"),
    ("acr_ac", r"(?:ACR )?Appropriateness Criteria"),
    ("uspstf", r"USPSTF|Preventive Services Task Force"),
    ("nccn", r"NCCN"),
    ("cms", r"CMS|Medicare"),
    ("acs", r"ACS|American Cancer Society"),
    ("esur", r"ESUR"),
    ("nlst", r"NLST"),
    ("bts", r"BTS|British Thoracic Society"),
    ("accp", r"ACCP|American College of Chest Physicians"),
)
"""Systems and issuers that a statement may name; a name outside its passages fails."""

_NAMES = "|".join(pattern.pattern for _, pattern in SYSTEMS[:17])
_ORDINALS = {"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6"}
_EDITION = re.compile(
    r"\b(?:v|ver\.? ?|versions? |(?<=versions \d\.\d and ))(?P<version>\d{4}|\d+(?:\.(?:\d+|x))?)\b(?!\s*(?:mm|cm|%))"
    rf"|\b(?P<ordinal>\d{{1,2}}(?:st|nd|rd|th)|{'|'.join(_ORDINALS)})[ -]ed(?:ition|\.)"
    r"|\b(?P<year>20[0-4]\d)[ -](?:edition|version|update|release|revision)"
    rf"|(?<=RADS )(?P<after>20[0-4]\d)\b|(?<=Fleischner )(?P<fleischner>20[0-4]\d)\b"
    rf"|\b(?P<before>20[0-4]\d)(?= (?:{_NAMES}))",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def systems(text: str) -> tuple[Mention, ...]:
    """Reporting systems and issuers named in the text."""
    return find_words(text, SYSTEMS)


@lru_cache(maxsize=4096)
def editions(text: str) -> tuple[Mention, ...]:
    """Editions named in the text, as bare numbers: ``v1.1`` is ``1.1``, ``5th edition`` is ``5``."""
    return tuple(
        Mention(_bare(next(group for group in found.groups() if group)), found.span())
        for found in _EDITION.finditer(text)
    )


def _bare(name: str) -> str:
    word = name.lower()
    return _ORDINALS.get(word) or re.sub(r"(?<=\d)(?:st|nd|rd|th)$", "", word)


def edition_names(edition: Edition) -> frozenset[str]:
    """The bare numbers under which this edition may be named."""
    named = {mention.concept for mention in editions(edition.label)}
    named |= set(re.findall(r"\d+(?:\.\d+)?", edition.edition))
    return frozenset(named | ({str(edition.year)} if edition.year else set()))


def system_of(edition: Edition) -> frozenset[str]:
    """The systems that the guideline's own title names."""
    return frozenset(mention.concept for mention in systems(edition.title))
