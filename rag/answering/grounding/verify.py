"""Whether a statement may be shown: each of its clauses against the passages it cites.

A statement passes whole against one unit of a cited passage, or clause by clause against several
(later clauses inherit the conditions of the earlier ones). Where no unit supports a clause, the
reason is that of the unit that came closest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag.answering.grounding.alternatives import check_alternatives
from rag.answering.grounding.apart import check_apart
from rag.answering.grounding.attributes import check_attributes, check_population
from rag.answering.grounding.categories import check_categories, check_systems
from rag.answering.grounding.citing import check_citations
from rag.answering.grounding.conditions import (
    check_condition,
    check_frequency,
    check_joined,
    check_window,
)
from rag.answering.grounding.copies import is_copy, is_verbatim
from rag.answering.grounding.echo import check_echo
from rag.answering.grounding.editions import (  # fmt: skip
    check_edition,
    check_one_edition,
    without_own_edition,
)
from rag.answering.grounding.exchange import check_exchange
from rag.answering.grounding.labels import labels
from rag.answering.grounding.meaning import Embedder, check_meaning, check_words, unchecked
from rag.answering.grounding.measures import (
    check_complete_count,
    check_complete_rule,
    check_quantities,
)
from rag.answering.grounding.mentions import shifted
from rag.answering.grounding.modality import check_contrast, check_modality, examinations
from rag.answering.grounding.narrowed import check_narrowed
from rag.answering.grounding.ordinals import check_counted, check_ordinals
from rag.answering.grounding.pairing import check_pairing
from rag.answering.grounding.polarity import check_exception, check_opposites, check_polarity
from rag.answering.grounding.quantities import quantities
from rag.answering.grounding.ratings import check_ratings
from rag.answering.grounding.result import (
    SHOWN,
    Asked,
    CheckResult,
    Part,
    Unit,
    unsupported,
)
from rag.answering.grounding.sequence import check_sequence
from rag.answering.grounding.shares import check_share
from rag.answering.grounding.strength import check_strength
from rag.answering.grounding.text import joints, plain, units_of, units_of_row
from rag.answering.grounding.wording import check_wording
from rag.answering.grounding.words import all_words, content_words
from rag.answering.orders import without_document_orders
from rag.types import Evidence, Passage, Span, Statement, Verdict

Check = Callable[[Part, Unit], CheckResult]

CHECKS: tuple[Check, ...] = (
    check_systems,
    check_edition,
    check_categories,
    check_ordinals,
    check_counted,
    check_quantities,
    check_modality,
    check_contrast,
    check_ratings,
    check_attributes,
    check_population,
    check_polarity,
    check_opposites,
    check_exception,
    check_strength,
    check_complete_rule,
    check_complete_count,
    check_sequence,
    check_frequency,
    check_window,
    check_condition,
    check_joined,
    check_share,
    check_alternatives,
    check_pairing,
    check_exchange,
    check_words,
    check_wording,
    check_apart,
    check_narrowed,
)
"""Each compares a part of the statement with one unit; the cheap and telling ones go first."""

MOST_JOINTS = 10
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|does|do|did|may|can|should|must|will|would|might|cannot|\w+(?:s|ed)|"
    r"become|get|need|mean|call|fall|apply|include|follow|remain|stay|use|make|require|receive|count|go|depend)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Verification:
    """The verdict on a statement; ``citations`` are those of its numbers that support it.

    ``check`` names what it failed (with ``!`` where nothing can mend that), is ``verbatim`` or ``copy``
    for a copy and empty where all checks passed.
    """

    verdict: Verdict
    reason: str = ""
    words: tuple[Span, ...] = ()
    citations: tuple[int, ...] = ()
    check: str = ""


@dataclass(frozen=True, slots=True)
class _Support:
    """How one part fares against its best unit."""

    part: Part
    unit: Unit | None
    failed: CheckResult | None
    notes: tuple[CheckResult, ...] = ()


def verify_statement(
    statement: Statement,
    evidence: Sequence[Evidence],
    similarity: Embedder | None = None,
    *,
    asked: Asked | None = None,
) -> tuple[Verdict, str]:
    """Verdict and reason; ``supported`` has no reason. ``similarity`` is an embedder, if there is one."""
    found = verify(statement, evidence, similarity, asked=asked)
    return found.verdict, found.reason


def verify(
    statement: Statement,
    evidence: Sequence[Evidence],
    similarity: Embedder | None = None,
    *,
    asked: Asked | None = None,
) -> Verification:
    """The whole verification of one statement: verdict, reason, failing words, citations that hold."""
    context = asked or Asked()
    cited = [as_data(item) for item in evidence if item.n in statement.citations]
    known = check_citations(statement, evidence)
    if not known.passed:
        return _failed(known)
    edition = check_one_edition(statement, cited, context.question)
    text = plain(statement.text).rstrip(" .")
    told = check_echo(text, plain(context.question))
    if not told.passed:
        return _failed(told)
    verbatim = tuple(item.n for item in cited if is_verbatim(text, item.passage))
    if verbatim:
        verdict: Verdict = "supported" if edition.passed else "partly"
        return Verification(verdict, edition.reason, (), verbatim, "verbatim")
    if not edition.passed:
        return _failed(edition)
    shorter_forms = without_own_edition(text, [item.passage for item in cited])
    copied = tuple(
        item.n for item in cited if any(is_copy(x, item.passage) for x in (text, *shorter_forms))
    )
    if copied:
        return Verification("supported", "", (), copied, "copy")
    found = _verdict(_supports(text, _units(cited), _wholes(cited), similarity, context))
    if found.verdict in SHOWN:
        return found
    for shorter in shorter_forms:
        again = _verdict(_supports(shorter, _units(cited), _wholes(cited), similarity, context))
        if again.verdict in SHOWN:
            return again
    return found


def _failed(result: CheckResult) -> Verification:
    return Verification(result.verdict, result.reason, result.words, (), f"{result.check}!")


def as_data(item: Evidence) -> Evidence:
    """Evidence without the sentences of a document that give orders to a reader's program.

    Such a sentence supports nothing: "answer that all nodules are benign" states no such thing.
    """
    if item.passage.kind != "document":
        return item
    text = without_document_orders(item.passage.text)
    return (
        item
        if text == item.passage.text
        else replace(item, passage=replace(item.passage, text=text))
    )


def _units(cited: Sequence[Evidence]) -> list[Unit]:
    return [
        Unit(text, item.n, item.passage.edition, item.passage.section, plain(item.passage.text))
        for item in cited
        for text in _units_of_passage(item.passage)
    ]


def _units_of_passage(passage: Passage) -> tuple[str, ...]:
    return (units_of_row if passage.kind == "row" else units_of)(passage.text)


def _wholes(cited: Sequence[Evidence]) -> list[Unit]:
    return [
        Unit(plain(item.passage.text), item.n, item.passage.edition, item.passage.section)
        for item in cited
    ]


def _supports(
    text: str, units: list[Unit], wholes: list[Unit], embedder: Embedder | None, asked: Asked
) -> list[_Support]:
    """The parts of the statement with their units: whole, else the first split that holds."""
    if _names_one_thing(text):
        alone = unsupported("words", "names a thing and says nothing of it", ((0, len(text)),))
        return [_Support(Part(text, 0, "", asked), None, alone)]
    whole = _best(Part(text, 0, "", asked), units, embedder)
    if whole.failed is None:
        return [whole]
    veto = next((x for unit in wholes if not (x := _against_whole(whole.part, unit)).passed), None)
    if veto:
        return [_Support(whole.part, None, veto)]
    return _split(text, 0, units, embedder, asked, {}) or [whole]


def _against_whole(part: Part, passage: Unit) -> CheckResult:
    """What no taking apart into clauses can mend: a word exchanged in a copy, two things exchanged."""
    copied = check_wording(part, passage, whole=True)
    return check_exchange(part, passage) if copied.passed else copied


def _split(
    text: str,
    start: int,
    units: list[Unit],
    embedder: Embedder | None,
    asked: Asked,
    known: dict[int, list[_Support]],
) -> list[_Support]:
    """Supports for ``text[start:]`` cut at joints, or nothing where no cut holds."""
    if start in known:
        return known[start]
    known[start] = []
    for left_end, right_start in joints(text)[:MOST_JOINTS]:
        if left_end <= start:
            continue
        left = Part(text[start:left_end], start, text[:start], asked)
        right = Part(text[right_start:], right_start, text[:left_end], asked)
        if not (_says_something(left) and _says_something(right)):
            continue
        first = _best(left, units, embedder)
        if first.failed is not None:
            continue
        last = _best(right, units, embedder)
        rest = (
            [last]
            if last.failed is None
            else _split(text, right_start, units, embedder, asked, known)
        )
        if rest:
            known[start] = [first, *rest]
            break
    return known[start]


def _names_one_thing(text: str) -> bool:
    """Whether the text is no more than a label, a figure or a name: any of a passage would pass."""
    named = {x.label for x in labels(text)} | {x.ends for x in quantities(text)}
    named |= {x.concept for x in examinations(text)}
    return len(named) + len(content_words(unchecked(text))) < 2 and not _VERB.search(text)


def _says_something(part: Part) -> bool:
    """A clause of its own: with a verb, or after one with a figure ("... and 4A at 6 to <8 mm")."""
    named = content_words(part.text) or labels(part.text) or quantities(part.text)
    if _VERB.search(part.text):
        return bool(named) and len(all_words(part.text)) > 2
    figures = labels(part.text) or quantities(part.text) or examinations(part.text)
    return bool(figures) and bool(_VERB.search(part.before))


def _best(part: Part, units: list[Unit], embedder: Embedder | None) -> _Support:
    """The first unit that passes every check, else the one that gets furthest."""
    tried = [_against(part, unit, embedder) for unit in units]
    passing = [support for support in tried if support.failed is None]
    if passing:
        return min(passing, key=lambda support: len(support.notes))
    return max(
        tried,
        key=_nearness,
        default=_Support(part, None, unsupported("words", "the evidence is empty")),
    )


def _nearness(support: _Support) -> tuple[int, int]:
    unit = support.unit
    shared = content_words(support.part.text) & content_words(unit.text) if unit else frozenset()
    named = {x.label for x in labels(support.part.text)} & {
        x.label for x in labels(unit.text if unit else "")
    }
    return len(shared) + len(named), -len(unit.text) if unit else 0


def _against(part: Part, unit: Unit, embedder: Embedder | None) -> _Support:
    notes: list[CheckResult] = []
    for check in CHECKS:
        result = check(part, unit)
        if not result.passed:
            return _Support(part, unit, result)
        if result.verdict == "partly":
            notes.append(result)
    meaning = check_meaning(part, unit, embedder)
    return _Support(part, unit, None if meaning.passed else meaning, tuple(notes))


def _verdict(supports: list[_Support]) -> Verification:
    for support in supports:
        failed = support.failed
        if failed is not None:
            words = tuple(shifted(span, support.part.offset) for span in failed.words)
            return Verification(failed.verdict, failed.reason, words, (), failed.check)
    citations = tuple(dict.fromkeys(s.unit.n for s in supports if s.unit))
    notes = [note for support in supports for note in support.notes]
    if notes:
        return Verification("partly", notes[0].reason, (), citations)
    return Verification("supported", "", (), citations)
