"""What an appropriateness question wants: the table, one study's rating, what to leave, a look-up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.knowledge.facet_values import Facets
from rag.knowledge.procedures import Order, read_orders
from rag.types import Span

Intent = Literal["table", "direct", "avoid", "reverse"]

_AVOID = re.compile(
    r"\b(?:what|which)\b[^.?]{0,40}\b(?:not|never|avoid|unnecessary|inappropriate)\b"
    r"|\b(?:avoid|should ?n[o']t (?:i|we|be)|not to order|do not order|don'?t order|should i not|"
    r"not appropriate studies|contra-?indicated (?:tests|studies|scans))\b", re.I)  # fmt: skip
_REVERSE = re.compile(
    r"\bindications? (?:for|of)\b|\bwhen (?:is|are|should|do|does|would)\b[^.?]{0,60}\b(?:appropriate|indicated|"
    r"used|ordered|order|rated|best|recommended|first)\b|\b(?:which|what) (?:scenarios?|topics?|situations?|conditions?|"
    r"indications?|patients?)\b|\b(?:what|which)\b[^.?]{0,12}\bis\b[^.?]{2,40}\b(?:good|used|best|rated highest) for\b"
    r"|\b(?:scenarios?|topics?) (?:that|which|where)\b", re.I)  # fmt: skip
_DIRECT = re.compile(
    r"\bwhy (?:not|no)\b|^\s*(?:is|are|should|can|could|do|does|would|will|may|need|any (?:role|need|point))\b|\b(?:appropriate|indicated|"
    r"justified|warranted|worthwhile|reasonable|ok(?:ay)?|any good|rating (?:of|for)|how (?:is|appropriate))\b"
    r"|\bdo (?:i|we|they) need\b|\bneeds? (?:an? )?(?=ct|mri|x-?ray|us|ultrasound)\b|\bor\b", re.I)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """The intent, the studies asked about, and the text that describes the patient alone."""

    intent: Intent
    orders: tuple[Order, ...]
    about: str
    beside: str = ""
    """The question without the studies."""


def read_intent(question: str, facets: Facets) -> Asked:
    """Intent and orders of ``question``; a study that has been done is a result, not an order."""
    done = [read.span for read in facets.read if read.name == "prior_result"]
    orders = tuple(
        o for o in read_orders(question) if not any(_meet(o.span, span) for span in done)
    )
    about = _without(question, [order.span for order in orders])
    if _AVOID.search(question):
        return Asked("avoid", (), question, about)
    if orders and _REVERSE.search(question) and not _describes_patient(about, facets):
        return Asked("reverse", orders, about, about)
    if orders and _DIRECT.search(question):
        return Asked("direct", orders, about, about)
    return Asked("table", orders, question, about)


def _describes_patient(about: str, facets: Facets) -> bool:
    """Whether a patient stands in the question besides the study asked about."""
    return (facets.age is not None and facets.age.stated) or bool(facets.results)


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _without(text: str, spans: list[Span]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


_SUSPICION = re.compile(
    r"\b(?:suspect\w*|suspicion (?:of|for)|concern(?:ed|ing)? (?:for|about)|rule out|r/o|query|possible|possibly|likely|"
    r"worried about|(?:evaluate|eval|assess) for)\s*:?\s+(?:for |an? |the )?(?P<named>[^.;?!()]{3,70})"
    r"|\?(?P<marked>[a-z][^.;?!()]{2,50})"
    r"|(?:^|[,.;:] *)(?P<before>[a-z][^.,;:?!()]{2,50}?) suspected(?= *(?:[,.;?!]|$))", re.I)  # fmt: skip


def with_suspicion(text: str) -> str:
    """``text`` with what is suspected said once more: a working diagnosis tells more than any symptom.

    >>> with_suspicion("Vertigo, tinnitus. Suspected acoustic neuroma.")
    'Vertigo, tinnitus. Suspected acoustic neuroma. acoustic neuroma.'
    >>> with_suspicion("man aged 50, acute pulmonary embolism suspected, severe asthma")
    'man aged 50, acute pulmonary embolism suspected, severe asthma acute pulmonary embolism.'
    """
    found = list(_SUSPICION.finditer(text))
    if not found:
        return text
    last = found[-1]
    return f"{text} {last['named'] or last['marked'] or last['before']}."
