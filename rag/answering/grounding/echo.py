"""A statement that only says the question again: true perhaps, but no answer.

"A 32 mm ground-glass nodule has been stable" answers no "which category?". Where the question can be
answered by yes or no, or offers a choice, its own words are the answer and nothing is withheld here.
"""

from __future__ import annotations

import re

from rag.answering.grounding.attributes import mentions as attribute_mentions
from rag.answering.grounding.labels import labels
from rag.answering.grounding.mentions import mask, places
from rag.answering.grounding.modality import contrast, examinations
from rag.answering.grounding.quantities import quantities
from rag.answering.grounding.ratings import categories
from rag.answering.grounding.result import CheckResult, passed, unsupported
from rag.answering.grounding.words import content_words

_CHECK = "echo"
_YES_OR_NO = re.compile(
    r"(?:^|[,:;.?]\s*|\b(?:and|so|then|but)\s+)(?:is|are|was|were|do|does|did|can|could|should|may|must|will|would|has|have|need)\b"
    r"|\bor\b|\bwhether\b",
    re.IGNORECASE,
)


_VERB = re.compile(
    r"\b(?:is|are|was|were|be|has|have|had|do|does|did|may|can|should|must|will|cannot|become|need|\w{3,}(?:s|ed))\b",
    re.IGNORECASE,
)
"""Without one there is no answer of any kind."""


def check_echo(text: str, question: str) -> CheckResult:
    """The statement tells something that the question does not hold already."""
    if not question or (_YES_OR_NO.search(question) and _VERB.search(text)):
        return passed(_CHECK)
    if not _telling(text) <= _telling(question):
        return passed(_CHECK)
    return unsupported(_CHECK, "says no more than the question", ((0, len(text)),))


def _telling(text: str) -> frozenset[str]:
    """What makes a claim: figures, labels, examinations, attributes and words that are not common."""
    named = (*examinations(text), *contrast(text), *categories(text), *attribute_mentions(text))
    found = {mention.concept for mention in named}
    found |= {label.label for label in labels(text)} | {str(q.ends) for q in quantities(text)}
    return content_words(mask(text, places(named, labels(text), quantities(text)))) | found
