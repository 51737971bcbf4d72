"""A Korean question down the same routes as an English one.

The grammar of findings reads Korean itself, and what it decides stands, with its spans. Where it
finds nothing, or lacks a detail, the question is read once more in the English of the glossary.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rag.answering.conversation import Read, Whole
from rag.answering.draft import Draft
from rag.answering.korean.asking import English, in_english
from rag.answering.referral_signs import asks_for_examination
from rag.answering.route import Routed
from rag.knowledge.korean import KoreanWords

Draw = Callable[[Whole], Draft]


def draft_of_korean(whole: Whole, draw: Draw, read: Read, words: KoreanWords) -> Draft:
    """The draft of the question as it stands, or of its English where that says more."""
    own = draw(whole)
    english = in_english(whole.text, words)
    to_examine = asks_for_examination(english.text)
    if own.route == "category" and own.outcome != "needs_details" and not to_examine:
        return own
    routed = _in_its_own_words(read(english.text), english, whole.text)
    if own.route == "category" and "definition of" in english.text:
        other = draw(replace(whole, text=english.text, routed=routed))
        return other if other.outcome == "answer" else own
    if own.route == "category" and own.outcome != "needs_details":
        other = draw(replace(whole, text=english.text, routed=routed))
        return other if other.route == "appropriateness" and other.outcome == "answer" else own
    if own.route == "category":
        both = None if whole.carried_over else _together(routed, whole.routed)
        other = draw(Whole(english.text, both)) if both else own
        decided = other.route == "category" and other.outcome == "answer"
        return other if decided else own
    other = draw(replace(whole, text=english.text, routed=routed))
    return own if other.outcome == "refusal" and own.outcome != "refusal" else other


def _in_its_own_words(routed: Routed, english: English, question: str) -> Routed:
    """The reading, each descriptor with the words of the question that it was read from."""
    findings = tuple(
        replace(
            finding,
            descriptors=tuple(english.descriptor(d, question) for d in finding.descriptors),
        )
        for finding in routed.findings
    )
    return replace(routed, findings=findings)


def _together(english: Routed, own: Routed) -> Routed | None:
    """One finding read twice, with all that either reading holds; ``None`` where they disagree."""
    if len(english.findings) != 1 or len(own.findings) != 1:
        return None
    finding, known = english.findings[0], own.findings[0]
    said = {item.name: item.value for item in finding.descriptors}
    if any(said.get(item.name, item.value) != item.value for item in known.descriptors):
        return None
    more = tuple(item for item in known.descriptors if item.name not in said)
    if set(known.open) - set(said):
        return None
    whole = replace(finding, descriptors=(*finding.descriptors, *more))
    return replace(english, findings=(whole,))
