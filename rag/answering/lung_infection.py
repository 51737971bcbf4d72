"""Whether a lung text suspects infection, and whether it is its one nodule that looks infectious."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.finding_group import Group
from rag.answering.source import Source
from rag.knowledge.phrases import Mention
from rag.knowledge.words import overlap


def infection_signs(source: Source) -> list[Mention]:
    """Words that suspect infection; "cannot exclude infection" does not."""
    found = [m for m in source.reading.mentions if m.layer in ("infection_sign", "@infection")]
    suspected = [m for m in found if source.polarity(m) == "affirmed" or _suspected(source, m)]
    return suspected if any(_says_infection(m) for m in suspected) else []


def _says_infection(mention: Mention) -> bool:
    return mention.layer == "@infection" or mention.value in (
        "many_new_nodules",
        "tree_in_bud",
        "consolidation",
    )


def _suspected(source: Source, mention: Mention) -> bool:
    polarity, cue = source.denied[mention]
    said = source.reading.folded[slice(*cue)]
    return polarity == "uncertain" and not any(
        word in said for word in ("exclude", "rule", "?", "unclear")
    )


def is_the_nodule(source: Source, infection: Sequence[Mention], groups: Sequence[Group]) -> bool:
    """Whether it is the one nodule of the text that looks infectious ("new nodule, likely infectious")."""
    if len(groups) != 1:
        return False
    if any(overlap(m.span, head.span) for m in infection for head in groups[0].heads):
        return True
    if any(m.value == "consolidation" for m in infection):
        return False
    sentences = {source.reading.sentence_at(head.span[0]) for head in groups[0].heads}
    said = (source.reading.folded[slice(*m.span)] for m in infection if m.value != "tree_in_bud")
    adjectives = all(word.startswith(("infect", "inflam", "감염", "염증")) for word in said)
    return adjectives and all(source.reading.sentence_at(m.span[0]) in sentences for m in infection)
