"""Categories by their label: what one means, that one does not exist, what a modifier adds."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from rag.answering.compose import (
    bare_label,
    category_headline,
    category_named,
    fact_passages,
)
from rag.answering.draft import Draft, EvidenceList, refusal
from rag.answering.fact_picking import best_first, names_label, picked
from rag.answering.route import Routed
from rag.knowledge.guideline import Category, Guideline
from rag.knowledge.shelf import Shelf
from rag.retrieval.concepts import Synonyms, concepts
from rag.retrieval.tokens import tokens
from rag.types import Clarification, Decision, Passage, Statement


def from_nonexistent(routed: Routed, shelf: Shelf) -> Draft:
    """Decline a category that does not exist, by name, with the list of those that do."""
    evidence = EvidenceList()
    statements = []
    for guideline_id, label in routed.nonexistent:
        guideline = shelf.get(guideline_id)
        cited = evidence.cite_all(fact_passages(guideline, _inventory(guideline, label)))
        statements.append(Statement(nonexistent_sentence(guideline, label), cited))
    reason = " ".join(statement.text for statement in statements)
    return refusal(
        "category", "nonexistent", reason, evidence=evidence.items, statements=tuple(statements)
    )


def nonexistent_sentence(guideline: Guideline, label: str) -> str:
    """``Lung-RADS v2022 has no category 6. Its categories are 0, 1, ... S is a modifier.``"""
    existing = ", ".join(category.label for category in guideline.categories)
    modifiers = ", ".join(modifier.label for modifier in guideline.modifiers)
    tail = f" {modifiers} is a modifier, not a category." if modifiers else ""
    return (
        f"{guideline.edition.label} has no category {label}. Its categories are {existing}.{tail}"
    )


def _inventory(guideline: Guideline, label: str) -> tuple[str, ...]:
    """Facts that say which categories exist: those named for this label, else all such."""
    named = [entry for entry in guideline.nonexistent if label in entry.labels]
    denied = (fact for entry in named or guideline.nonexistent for fact in entry.facts)
    modifiers = (fact for modifier in guideline.modifiers for fact in modifier.facts)
    return tuple(dict.fromkeys((*denied, *guideline.inventory, *modifiers)))


def from_labels(
    question: str, routed: Routed, guidelines: Sequence[Guideline], synonyms: Synonyms = ()
) -> Draft | None:
    """Say what the categories asked about mean and what follows, under each system.

    ``None`` where no system on the shelf has such a label. Where the question names no system
    and several have the label, the answer under each is shown and the system is asked for.
    """
    evidence = EvidenceList()
    found = [
        (guideline, category)
        for guideline in guidelines
        for category in (category_named(guideline, label) for label in routed.labels)
        if category is not None
    ]
    if not found:
        return None
    statements = [
        statement
        for guideline, category in found
        for statement in (
            *asked_statements(question, guideline, category, evidence, synonyms),
            *category_statements(question, guideline, category, evidence, synonyms),
        )
    ]
    statements = list({statement.text: statement for statement in reversed(statements)}.values())[
        ::-1
    ]
    systems = tuple(dict.fromkeys(guideline for guideline, _ in found))
    unclear = len(systems) > 1 and bool(routed.ambiguous)
    return Draft(
        route="category",
        outcome="needs_details" if unclear else "answer",
        statements=tuple(statements),
        evidence=evidence.items,
        decisions=tuple(_explained(guideline, category) for guideline, category in found),
        clarification=which_system(systems) if unclear else None,
        asking=(which_system(systems).question,) if unclear else (),
        lead=len(statements),
    )


@cache
def _by_itself(label: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'’.-]){re.escape(label)}(?![\w'’.-])")


def _mentioning(label: str) -> Callable[[Passage], bool]:
    return lambda passage: _by_itself(label).search(passage.text) is not None


def from_modifiers(
    question: str, routed: Routed, shelf: Shelf, synonyms: Synonyms = ()
) -> Draft | None:
    """What a modifier ("S") means and when it is added; ``None`` where none is asked about.

    A modifier is a capital letter by itself, so the case of the question counts here.
    """
    named = [n for n in routed.guidelines or shelf.ids if shelf.has_tables(n)]
    asked = [
        (guideline, modifier)
        for guideline in (shelf.get(n) for n in named if not shelf.edition(n).superseded)
        for modifier in guideline.modifiers
        if _by_itself(modifier.label).search(question)
    ]
    if not asked:
        return None
    evidence = EvidenceList()
    found = [
        passage
        for guideline, modifier in asked
        for passage in (
            *picked(guideline, question, synonyms, about=_mentioning(modifier.label)),
            *fact_passages(guideline, modifier.facts),
        )
    ]
    statements = [Statement(p.text, (evidence.cite(p),)) for p in dict.fromkeys(found)]
    return Draft(
        route="category",
        outcome="answer",
        statements=tuple(statements),
        evidence=evidence.items,
        lead=len(statements),
    )


_MANAGEMENT_WORDS = (
    "category management manage managed follow followup up next ct ldct scan interval until when "
    "nodule finding lesion do what now patient describe explain definition meaning level"
)
"""Words that the category's own entry answers; others may ask for a fact of their own."""


def asks_beyond(
    question: str, guideline: Guideline, labels: Sequence[str], synonyms: Synonyms = ()
) -> bool:
    """Whether a question on categories asks for something that no category's own entry says."""
    besides = {*_besides(guideline), *(term for label in labels for term in tokens(label))}
    besides |= {bare_label(label).lower() for label in labels}
    return any(not set(c.said) <= besides for c in concepts(question, synonyms))


def _besides(guideline: Guideline) -> set[str]:
    """Index terms that point to no fact of their own: the guideline's names, words of management."""
    names = tokens(" ".join((*guideline.names, guideline.edition.label, guideline.edition.title)))
    return {*names, *tokens(_MANAGEMENT_WORDS)}


def asked_statements(
    question: str,
    guideline: Guideline,
    category: Category,
    evidence: EvidenceList,
    synonyms: Synonyms = (),
) -> tuple[Statement, ...]:
    """Facts on this category that the question's own words point to, before all others."""
    facts = picked(
        guideline,
        question,
        synonyms,
        about=lambda passage: names_label(passage, category.label),
        besides={*_besides(guideline), *tokens(category.label), bare_label(category.label)},
    )
    return tuple(Statement(passage.text, (evidence.cite(passage),)) for passage in facts)


def category_statements(
    question: str,
    guideline: Guideline,
    category: Category,
    evidence: EvidenceList,
    synonyms: Synonyms = (),
) -> tuple[Statement, ...]:
    """The category with its management, then its facts, the one most asked about first."""
    own = fact_passages(guideline, category.facts)
    passages = best_first(own, guideline, question, synonyms)
    headline = category_headline(guideline, category.label, category.management)
    cited = evidence.cite_all(passages)
    rest = [Statement(passage.text, (evidence.cite(passage),)) for passage in passages[1:]]
    return (Statement(headline, cited), *rest)


def _explained(guideline: Guideline, category: Category) -> Decision:
    return Decision(
        edition=guideline.edition,
        table="categories",
        category=category.label,
        management=category.management,
        fact_ids=category.facts,
    )


def which_system(guidelines: Sequence[Guideline]) -> Clarification:
    """Ask which system is meant, where a label or finding exists in several."""
    options = tuple((g.id, g.edition.label) for g in guidelines)
    names = " or ".join(label for _, label in options)
    return Clarification("guideline", f"Which system do you mean: {names}?", options)
