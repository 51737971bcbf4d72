"""Which phrases a text affirms, denies or leaves uncertain.

After the NegEx idea (Chapman 2001, J Biomed Inform 34:301): cue words before or after a phrase,
each with a reach that ends with its chunk. Two differences keep the reading safe: a cue reaches
over a list ("no calcification, fat or spiculation"), and what could be meant either way ("no
growth and smooth margins") is left uncertain rather than affirmed. A structured report answers
its headings ("Spiculation: no"); such an answer is a cue for the heading alone.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal

from rag.answering.field_answers import (
    FieldAnswer,
    field_answers,
    is_heading,
    ticked,
    unticked,
)
from rag.answering.reading import Chunk, Reading
from rag.knowledge.glossary import ROLE
from rag.knowledge.phrases import Mention
from rag.knowledge.words import overlap
from rag.types import Span

Polarity = Literal["affirmed", "negated", "uncertain"]

LISTED = frozenset(
    """margin shape calcification fat spiculation lymphadenopathy metastasis doubling suspicious_features
    secretions tubular_opacities punctate_foci macrocalcification rim_calcification comet_tail
    suspicious_node thyroid_margin mass_margin mass_shape infection_sign architectural_distortion
    asymmetry calcification_morphology calcification_distribution cyst_nodule cyst_content loculation
    immunosuppression known_cancer""".split()
)
"""Layers whose phrases stand in lists of findings, so that one "no" may deny several."""

_HEADS = ("@nodule", "@cyst", "@airway", "@component", "@wall", "@infection", "@other_organ")
_READ_ROLES = ("@juxtapleural", "@subpleural", "@persistent", "@subsolid")


def polarities(reading: Reading) -> dict[Mention, tuple[Polarity, Span]]:
    """Each descriptor phrase and head noun with its polarity and the cue that gave it.

    An affirmed phrase is left out. The span covers phrase and cue, or where a list lies between
    them the phrase alone.
    """
    found: dict[Mention, tuple[Polarity, Span]] = {}
    answers = field_answers(reading.folded)
    taken = [answer.span for answer in answers]
    for answer in answers:
        found.update((m, (answer.polarity, answer.span)) for m in _headings(reading, answer))
    for cue in (m for m in reading.mentions if not any(overlap(m.span, span) for span in taken)):
        for mention, polarity in _reached(reading, cue):
            if found.get(mention, ("",))[0] != "negated":
                found[mention] = (polarity, cue.span)
    doubted = (_questioned, _alternatives, _supposed)
    for mention in (m for doubt in doubted for m in doubt(reading)):
        found.setdefault(mention, ("uncertain", mention.span))
    for none in (*reading.of("@no_foci"), *reading.of("@no_suspicious")):
        for mention in _named_within(reading, reading.chunk_at(none.span[0])):
            found.setdefault(mention, ("negated", mention.span))
    for mention, polarity in (
        *_unchosen(reading),
        *_echoed(reading, found),
        *_spelt_out(reading, found),
    ):
        found.setdefault(mention, (polarity, mention.span))
    return found


def _reached(reading: Reading, cue: Mention) -> Iterator[tuple[Mention, Polarity]]:
    match cue.layer:
        case "@negation_before":
            yield from _denied(reading, cue)
        case "@uncertain_before":
            yield from ((m, "uncertain") for m in _doubted(reading, cue))
        case "@negation_after":
            yield from ((m, "negated") for m in _before(reading, cue))
        case "@uncertain_after":
            yield from ((m, "uncertain") for m in _before(reading, cue) if _can_be_doubted(m))


def speaks(mention: Mention) -> bool:
    """Whether a mention is a descriptor phrase or a head noun, not a cue."""
    return not mention.layer.startswith(ROLE) or mention.layer in (*_HEADS, *_READ_ROLES)


def _can_be_doubted(mention: Mention) -> bool:
    """A possible nodule is still the nodule that the text speaks about; a possible solid part is not there."""
    return mention.layer not in _HEADS or mention.layer in ("@component", "@infection")


def _within(reading: Reading, start: int, end: int) -> tuple[Mention, ...]:
    first = bisect_left(reading.mentions, start, key=lambda m: m.span[0])
    last = bisect_left(reading.mentions, end, lo=first, key=lambda m: m.span[0])
    return tuple(m for m in reading.mentions[first:last] if speaks(m) and m.span[1] <= end)


@cache
def _reach_end() -> re.Pattern[str]:
    """Words after which a denial no longer holds, once it has met what it denies."""
    return re.compile(
        r"\b(?:is|are|was|were|has|have|measur\w*|since|compared|than|now|currently"
        r"|(?:of|in|within|from|at|on|for|to) (?:the|this|that|these|a|an|his|her|its))\b|\d+(?:[.,]\d+)?\s*(?:mm|cm)\b"
    )


def _after(reading: Reading, cue: Mention) -> tuple[Mention, ...]:
    """What stands after the cue in its chunk, or in the next one after a bare "not ... with"."""
    number = reading.chunk_at(cue.span[0])
    end = reading.chunks[number].span[1]
    found = _within(reading, cue.span[1], end)
    if not found and number + 1 < len(reading.chunks):
        following = reading.chunks[number + 1]
        if following.sentence == reading.chunks[number].sentence and (
            following.opener in ("with", "including", "showing", "/", "(")
            or not reading.folded[cue.span[1] : end].strip()
        ):
            found = _within(reading, *following.span)
    if not found:
        return ()
    stop = _reach_end().search(reading.folded, found[0].span[1], max(found[-1].span[1], end))
    reached = (m for m in found if stop is None or m.span[0] < stop.start())
    return tuple(m for m in reached if m is found[0] or not _of_examination(m))


def _of_examination(mention: Mention) -> bool:
    return mention.layer == "exam_context" or mention.value == "baseline"


def _doubted(reading: Reading, cue: Mention) -> Iterator[Mention]:
    """What a doubt reaches: up to the noun it stands before ("possibly part-solid nodule at baseline")."""
    seen = False
    for mention in _after(reading, cue):
        if mention.layer in ("@nodule", "@cyst", "@airway") and seen:
            return
        if _can_be_doubted(mention):
            seen = True
            yield mention


def _denied(reading: Reading, cue: Mention) -> Iterator[tuple[Mention, Polarity]]:
    direct = _after(reading, cue)
    yield from ((m, "negated") for m in direct)
    if not direct:
        return
    run = tuple(_list_after(reading, reading.chunk_at(direct[-1].span[0])))
    yield from (
        (m, "negated") for m in _named_within(reading, reading.chunk_at(direct[-1].span[0]))
    )
    either = any(_has_or(reading, chunk, items) for chunk, items in run)
    joined = any(chunk.opener in ("and", "및") for chunk, _ in run)
    if either or joined:
        polarity: Polarity = "negated" if either else "uncertain"
        yield from ((m, polarity) for _, items in run for m in items)


def _named_within(reading: Reading, number: int) -> tuple[Mention, ...]:
    """What a denial names as part of what is not there ("no foci of any kind, including comet tail")."""
    if number + 1 >= len(reading.chunks) or reading.chunks[number + 1].opener != "including":
        return ()
    return tuple(m for m in _within(reading, *reading.chunks[number + 1].span) if m.layer in LISTED)


def _has_or(reading: Reading, chunk: Chunk, items: tuple[Mention, ...]) -> bool:
    """Whether the listed items of a chunk come with an "or" or a "nor"."""
    said = reading.folded[chunk.span[0] : items[-1].span[1]].split()
    return bool({"or", "nor", "또는", "혹은"} & set(said))


def _list_after(reading: Reading, number: int) -> Iterator[tuple[Chunk, tuple[Mention, ...]]]:
    """The chunks after ``number`` that go on with the list, each with its listed findings."""
    for chunk in reading.chunks[number + 1 :]:
        items = _leading_items(reading, chunk) if chunk.opener in (",", "and", "/", "및") else ()
        if not items:
            return
        yield chunk, items
        if items[-1] is not _within(reading, *chunk.span)[-1]:
            return


@cache
def _filler() -> re.Pattern[str]:
    words = "or|nor|and|any|evidence|of|sign|signs|significant|other|the|a|an|obvious|definite|internal|regional|associated|margins?"
    return re.compile(rf"(?:[\s\d.,]|\b(?:{words})\b|또는|혹은)*")


def _leading_items(reading: Reading, chunk: Chunk) -> tuple[Mention, ...]:
    """The listed findings with which a chunk starts, with nothing but small words between them."""
    items: list[Mention] = []
    place = chunk.span[0]
    for mention in _within(reading, *chunk.span):
        touching = mention.span[0] < place
        listed = mention.layer in (*LISTED, "@other_organ")
        if not listed or not (
            touching or _filler().fullmatch(reading.folded, place, mention.span[0])
        ):
            break
        items.append(mention)
        place = max(place, mention.span[1])
    return tuple(items)


@cache
def _linked() -> re.Pattern[str]:
    return re.compile(
        r"(?:\s|,|/|및|와|과|나|이나|또는|or|and|nor|은|는|이|가|의|도|소견|동반|margins?|is|are)*"
    )


def _headings(reading: Reading, answer: FieldAnswer) -> Iterator[Mention]:
    """The headings that an answer belongs to ("Fat, calcification: none"); "yes" leaves them affirmed."""
    if answer.polarity != "affirmed":
        yield from _listed_before(reading, answer.span[0])


def _before(reading: Reading, cue: Mention) -> Iterator[Mention]:
    """The phrase right before the cue, and those linked to it as a list."""
    yield from _listed_before(reading, cue.span[0])


def _listed_before(reading: Reading, place: int) -> Iterator[Mention]:
    """The phrase that ends right before ``place``, and those linked to it as a list."""
    chunk = reading.chunks[reading.chunk_at(max(place - 1, 0))]
    end, last = place, (-1, -1)
    for mention in reversed(_within(reading, chunk.span[0], place)):
        if mention.span == last:  # one word that says two things ("spiculation")
            yield mention
            continue
        if mention.span[1] > end or not _linked().fullmatch(reading.folded, mention.span[1], end):
            if mention.span[1] <= end:
                return
            continue
        yield mention
        last = mention.span
        if mention.layer not in LISTED:
            return
        end = mention.span[0]


@cache
def _question_mark() -> re.Pattern[str]:
    return re.compile(r"\s*\(?\s*\?")


def _questioned(reading: Reading) -> Iterator[Mention]:
    """Phrases with a question mark of their own: "?new", "new (?)", ", new?" as a fragment."""
    for mention in reading.mentions:
        if not speaks(mention) or mention.layer in _HEADS:
            continue
        start, end = mention.span
        if (start and reading.folded[start - 1] == "?") or (
            (match := _question_mark().match(reading.folded, end))
            and ("(" in match.group() or _alone_in_fragment(reading, mention))
        ):
            yield mention


def _unchosen(reading: Reading) -> Iterator[tuple[Mention, Polarity]]:
    """Items of a form whose box is empty: denied where another box is ticked, else nobody chose yet."""
    polarity: Polarity = "negated" if ticked(reading.folded) else "uncertain"
    for mention in reading.mentions:
        if speaks(mention) and unticked(reading.folded, mention.span[0]):
            yield mention, polarity


def _echoed(
    reading: Reading, found: Mapping[Mention, tuple[Polarity, Span]]
) -> Iterator[tuple[Mention, Polarity]]:
    """Headings whose own field denies them in the same words ("Fat: no fat")."""
    for mention in reading.mentions:
        polarity = found.get(mention, ("affirmed",))[0]
        if polarity == "affirmed" or mention.layer.startswith(ROLE):
            continue
        for heading in reading.of(mention.layer):
            if 0 < mention.span[0] - heading.span[1] < 30 and is_heading(
                reading.folded, heading.span[1], mention.span[0]
            ):
                yield heading, polarity


def _spelt_out(
    reading: Reading, found: Mapping[Mention, tuple[Polarity, Span]]
) -> Iterator[tuple[Mention, Polarity]]:
    """What brackets only say in other words after a denied or doubted phrase ("no PEF (punctate foci)")."""
    for mention in reading.mentions:
        chunk = reading.chunks[reading.chunk_at(mention.span[0])]
        if chunk.opener != "(" or mention.layer.startswith(ROLE):
            continue
        for said in reading.of(mention.layer):
            between = reading.folded[said.span[1] : mention.span[0]]
            if said in found and said.value == mention.value and between.strip() == "(":
                yield mention, found[said][0]


def _alone_in_fragment(reading: Reading, mention: Mention) -> bool:
    chunk = reading.chunks[reading.chunk_at(mention.span[0])]
    return (
        chunk.opener in (",", "-", "(", "/")
        and reading.folded[slice(*chunk.span)].strip() == reading.folded[slice(*mention.span)]
    )


def _supposed(reading: Reading) -> Iterator[Mention]:
    """What a text only supposes after it has described its case ("...; what if it grows?").

    A supposition that opens the text is the case itself ("If a 4A nodule is stable, what next?").
    """
    first = min((m.span[0] for m in reading.mentions if speaks(m)), default=0)
    for cue in reading.of("@hypothetical"):
        if cue.span[0] > first:
            sentence = reading.sentence_at(cue.span[0])
            after = (m for m in reading.mentions if m.span[0] >= cue.span[1] and speaks(m))
            yield from (
                m
                for m in after
                if reading.sentence_at(m.span[0]) == sentence and _can_be_doubted(m)
            )


@cache
def _either() -> re.Pattern[str]:
    return re.compile(
        r"[\s/]*(?:margins?|nodules?)?[\s,]*(?:or|vs\.?|versus|/|또는|혹은|to)[\s,]*(?:a |an |is it |the )?\s*"
    )


def _alternatives(reading: Reading) -> Iterator[Mention]:
    """Two different values of one descriptor with "or" between them: neither is stated."""
    for layer in {m.layer for m in reading.mentions if not m.layer.startswith(ROLE)}:
        mentions = reading.of(layer)
        for first, second in itertools.pairwise(mentions):
            gap = reading.folded[first.span[1] : second.span[0]]
            same = reading.glossary.same_to_tables(layer, first.value, second.value)
            if not same and _either().fullmatch(gap):
                yield first
                yield second
