"""The way that the reader chose for a question, where the one that was found is not what they meant.

Everything else stays as it is: tables decide, statements are checked, and a route that has nothing
to say declines and says so.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, get_args

from rag.answering.appropriate import from_appropriateness
from rag.answering.category_route import from_category, from_findings
from rag.answering.conversation import Whole
from rag.answering.draft import Draft, refusal
from rag.answering.label_route import from_modifiers
from rag.answering.parts import Parts
from rag.answering.route import Routed, systems_for
from rag.answering.text_route import from_text, or_weak_match

ForcedRoute = Literal["category", "appropriateness", "guideline_text"]
FORCED_ROUTES: tuple[ForcedRoute, ...] = get_args(ForcedRoute)


def draft_by_route(
    whole: Whole, parts: Parts, guidelines: Collection[str] | None, route: ForcedRoute
) -> Draft:
    """What this one route makes of the question; a refusal of that route where it makes nothing."""
    if route == "appropriateness":
        desk = parts.desk()
        if desk is None:
            return refusal(route, "not_covered", "No appropriateness tables are on the shelf.")
        return from_appropriateness(whole.text, desk)
    if route == "guideline_text":
        draft = from_text(whole.text, whole.routed, parts, guidelines)
        return or_weak_match(draft, whole.text, whole.routed, parts, guidelines)
    return _graded(whole.text, whole.routed, parts, guidelines) or refusal(
        route,
        "not_covered",
        "No finding that a table grades was read from this question. Describe the finding as in a "
        "report: what it is, its size, and whether it is new.",
    )


def _graded(
    question: str, routed: Routed, parts: Parts, guidelines: Collection[str] | None
) -> Draft | None:
    """The finding graded or the category explained, whatever else the question asks."""
    synonyms = parts.glossary.named_things(question)
    draft = from_category(question, routed, parts.shelf, synonyms, guidelines)
    if draft is None and routed.findings:
        fitting = (name for f in routed.findings for name in systems_for(f, parts.shelf))
        named = tuple(guidelines or routed.guidelines) or tuple(dict.fromkeys(fitting))
        systems = tuple(parts.shelf.get(name) for name in named if name in parts.shelf.ids)
        draft = from_findings(question, routed, systems, synonyms)
    return draft or from_modifiers(question, routed, parts.shelf, synonyms)
