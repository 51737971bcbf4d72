"""What a question asks, read once: its concepts, its focus, the kind of answer, its numbers.

The focus is the thing asked for ("which *echo time*", "how is it *calibrated*"): a passage that
speaks of everything else in the question but not of its focus does not answer it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from rag.retrieval.answer_kind import kinds_wanted
from rag.retrieval.bounds import Bounds, labels_of, quantities
from rag.retrieval.concepts import Concept, Synonyms, asking_terms, concepts
from rag.retrieval.tokens import tokens


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as retrieval reads it.

    ``focus`` are those of ``concepts`` that name the thing asked for; ``wanted`` the kinds of
    quantity of which one would answer; ``labels`` the categories named; ``terms`` all its index
    terms; ``defines`` where nothing is asked but what a thing is; ``text`` as it was put.
    """

    concepts: tuple[Concept, ...]
    focus: tuple[Concept, ...]
    wanted: frozenset[str]
    quantities: tuple[Bounds, ...]
    labels: frozenset[str]
    terms: frozenset[str]
    defines: bool
    text: str


def asked(question: str, synonyms: Synonyms = ()) -> Asked:
    """Read ``question``; ``synonyms`` as :func:`rag.retrieval.concepts.concepts` takes them."""
    core = _extension().sub("", question)
    named = concepts(
        core, [(said, names) for said, names in synonyms if said.lower() in core.lower()]
    )
    focus = frozenset(_focus_terms(question))
    return Asked(
        concepts=named,
        focus=tuple(concept for concept in named if focus & set(concept.said)),
        wanted=kinds_wanted(question),
        quantities=quantities(question),
        labels=labels_of(question),
        terms=frozenset(tokens(core)),
        defines=_definition().search(question) is not None,
        text=question,
    )


@cache
def _extension() -> re.Pattern[str]:
    """ ", including in children": what a rule reaches too, which a passage on the rule need not name."""
    return re.compile(r"\s*,\s*(?:also )?including\b[^,.?;]*(?=[.?;]|$)", re.IGNORECASE)


@cache
def _definition() -> re.Pattern[str]:
    """``What is X?`` with X a thing and not an attribute of one."""
    related = r"(?:of|for|in|on|with|to|at|from|after|before|by|under|between|using|per)"
    return re.compile(
        rf"^\W*(?:what(?:'s| is| are)|define|explain)\s+(?:an? |the )?(?!.*\b{related}\b)(?:[\w/-]+\s*){{1,4}}\W*$",
        re.IGNORECASE,
    )


_GENERAL = (
    "percentage proportion fraction share number count difference criteria rule word term example reason way "
    "advice thing role amount value option meaning definition suggestion latest current mandatory standard "
    "proper best assigned defined described handled managed performed done calculated scored reported called "
    "judged graded classified applied made up needed suggest make correspond persist exam examination"
)
"""What is asked for in so general a word that no passage need carry it."""


@cache
def _general_terms() -> frozenset[str]:
    return asking_terms() | frozenset(tokens(_GENERAL))


@cache
def _openings() -> tuple[re.Pattern[str], ...]:
    end = (
        r"(?=\s+(?:is|are|was|were|do|does|did|should|must|can|may|will|would|has|have|in|of|for|on|with|at|under"
        r"|to|that|when|which|goes|applies|apply|between|after|before|according|during)\b|[?,;:.]|$)"
    )
    return tuple(
        re.compile(pattern, re.IGNORECASE)
        for pattern in (
            rf"\b(?:what|which)(?:'s)?\s+(?:is|are|was|were)\s+(?:the |an? |his |her )?(?P<focus>[\w /-]+?){end}",
            rf"\b(?:what|which)\s+(?P<focus>[\w /-]+?){end}",
            rf"\bhow (?:much|many)\s+(?P<focus>[\w/-]+(?: [\w/-]+)?){end}",
            r"\bhow (?:is|are|was|were|do|does|did|should|can|must|long|often|soon|fast)\b[^?]*?(?P<focus>\w+ed)\s*\??\s*$",
        )
    )


def _focus_terms(question: str) -> Iterable[str]:
    for opening in _openings():
        match = opening.search(question)
        if match:
            return [t for t in tokens(match["focus"]) if t not in _general_terms()]
    return ()
