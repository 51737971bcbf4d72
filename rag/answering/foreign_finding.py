"""Whether what is described is something that no table here is about: "4 cm subcapsular haematoma".

A lesion that the text puts into another organ ("solid nodule, 12 mm, in the spleen") is that organ's.
A text without the noun of a finding may still describe one ("8 mm, solid, new"). Where a word that the
glossary does not know stands at the end of what is measured, that word is the noun, and the size is
its size.
"""

from __future__ import annotations

import re
from functools import cache

from rag.answering.scope import is_plain
from rag.answering.source import Source
from rag.knowledge.words import overlap

_OWN = ("nodule_type", "composition", "mass_shape", "mass_margin", "breast_mass", "airway_level")
"""Layers that only a finding of ours has."""


def of_something_else(source: Source) -> bool:
    """Whether what is measured is named by a strange noun, and nothing points to our organs."""
    reading = source.reading
    named = any(
        m.layer[1:] in ("lung", "thyroid", "breast") and m.value == "sure" for m in reading.mentions
    )
    own = any(m.layer in _OWN for m in reading.mentions)
    if named or source.labels:
        return False
    if _all_of_another_organ(source):
        return True
    if own or source.grouped.groups:
        return False
    sizes = [m.span for m in source.grouped.beside.measures if m.quantity.kind == "length"]
    # "8 mm haemangioma, incidental": the only noun is another organ's, and it took the size with it.
    told = {m.layer for m in reading.mentions if not m.layer.startswith("@")}
    if reading.of("@other_organ") and told <= {"exam_context"} and re.search(r"\d", reading.folded):
        return True
    return any(_strange_noun_after(source, end) for _, end in sizes)


def _strange_noun_after(source: Source, place: int) -> bool:
    reading = source.reading
    chunk = reading.chunks[reading.chunk_at(max(place - 1, 0))]
    words = list(_word().finditer(reading.folded, place, chunk.span[1]))
    known = [m.span for m in reading.mentions]
    return bool(words) and not any(
        is_plain(word.group()) or any(overlap(word.span(), span) for span in known)
        for word in words[-1:]
    )


@cache
def _word() -> re.Pattern[str]:
    return re.compile(r"[a-z]{4,}")


_LESION = r"(?:nodul\w+|mass(?:es)?|lesions?|cysts?|lumps?|tumou?rs?)"


def _all_of_another_organ(source: Source) -> bool:
    """Whether a lesion of another organ is told, and in no other sentence a size or a type of ours."""
    reading = source.reading
    places = [m.start() for m in _lesion_of_another_organ().finditer(reading.folded)]
    theirs = {reading.sentence_at(place) for place in places}
    sizes = [m.span for m in source.grouped.beside.measures]
    sizes += [m.span for group in source.grouped.groups for m in group.measures]
    told = [*sizes, *(m.span for m in reading.mentions if m.layer in _OWN)]
    return bool(theirs) and all(reading.sentence_at(span[0]) in theirs for span in told)


def names_foreign_lesion(text: str) -> bool:
    """Whether ``text`` puts a lesion into an organ whose findings no table here grades.

    >>> names_foreign_lesion("12 mm nodule in the spleen"), names_foreign_lesion("8 mm nodule, renal cancer")
    (True, False)
    """
    return _lesion_of_another_organ().search(text) is not None


@cache
def _lesion_of_another_organ() -> re.Pattern[str]:
    """A lesion in, or called after, an organ whose findings are not graded here; its size, type and course
    may stand between, within one sentence. A word that makes the organ part of the history ("renal cancer"),
    or a noun of its own ("degenerative changes of the spine"), ends the search."""
    named = (
        r"(?:liver|hepatic|kidneys?|renal|spleen|splenic|pancreas|pancreatic|adrenals?|gallbladder|bladder|prostat\w+"
        r"|uter(?:us|ine)|cervix|endometri\w+|ovar(?:y|ies|ian)|adnexal?|testi(?:s|es|cles?|cular)|scrot(?:um|al)"
        r"|brain|cerebral|intracranial|pituitary|skull|bones?|osseous|spin(?:e|al)|vertebra\w*|femur|femoral|tibia\w*"
        r"|stomach|gastric|bowel|colon(?:ic)?|rect(?:um|al)|parotid|submandibular|neck|skin|muscle|thigh|groin)"
    )
    between = r"(?:(?!(?:cancer|carcinoma|ca|malignancy|patient|transplant|donor|failure|known|history|node|lung|chest|breast|thyroid"
    between += r"|changes?|diseases?|degenerat\w+|fractures?|\w*arthr\w+|spond\w+|scoliosis|calcul\w+|stones?|calcif\w+|atroph\w+|steatosis|fat\w*"
    between += r"|metastas\w+|abscess\w*|thickening|dilat\w+|hernia\w*|fluid|effusions?|clips?|surgery|resection|pain|hemangiomas?|scans?|ct|mri?|us|ultrasound|imaging|examination|radiograph\w*)\b)[\w-]+(?:\.\d[\w-]*)*,?\s+){0,4}?"
    return re.compile(
        rf"\b{_LESION},?\s+{between}(?:in|within|involving|of)\s+(?:(?:the|his|her|my|left|right|upper|lower|mid|pole|lobe|tail|head|body|of)\s+)*{named}\b(?!\s+(?:cancer|carcinoma|patient|transplant))"
        rf"|\b{named}\s+{between}{_LESION}\b"
    )
