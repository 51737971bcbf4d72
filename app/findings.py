"""What a table said of each finding, below the headline: what was read, missing and open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.badge import Badge, badge_of
from app.chips import Chip, Labels, chips_of, missing_chip
from app.words import Words
from rag.types import Decision, Reading, Response


@dataclass(frozen=True, slots=True)
class Finding:
    """One graded finding below the headline: what was read, what is missing, what stays open."""

    headline: str
    badge: Badge
    chips: tuple[Chip, ...]
    possible: tuple[str, ...]
    readings: tuple[tuple[str, str], ...]
    row_text: str
    notes: tuple[str, ...]


def findings_of(response: Response, labels: Labels, words: Words) -> tuple[Finding, ...]:
    """Every decision once; what was read for one is not said again for the next."""
    said: set[Chip] = set()
    findings = []
    for decision in response.decisions:
        finding = _finding(decision, response, labels, words)
        findings.append(replace(finding, chips=tuple(c for c in finding.chips if c not in said)))
        said |= set(finding.chips)
    return tuple(findings)


def _finding(decision: Decision, response: Response, labels: Labels, words: Words) -> Finding:
    statements, question = response.statements, response.question
    read = {item.name for item in decision.descriptors}
    missing = tuple(name for name in decision.missing if name not in read)
    told = {note for note in decision.notes if any(note in s.text for s in statements)}
    told_already = decision.management and any(decision.management in s.text for s in statements)
    return Finding(
        headline="" if told_already else _finding_headline(decision, missing, labels, words),
        badge=badge_of(decision.edition, labels, words),
        chips=chips_of(decision.descriptors, labels, question)
        + tuple(missing_chip(name, labels, question) for name in missing),
        possible=decision.possible if decision.category is None else (),
        readings=tuple(
            (_reading(r.category, r.management), r.basis)
            for r in decision.readings
            if not any(says_reading(s.text, r) for s in statements)
        ),
        row_text=decision.row_text or "",
        notes=tuple(note for note in decision.notes if note not in told),
    )


def _finding_headline(
    decision: Decision, missing: Sequence[str], labels: Labels, words: Words
) -> str:
    system = decision.edition.label
    if decision.category is not None or decision.management is not None:
        named = f" {decision.category}" if decision.category else ""
        return _reading(f"{system}{named}", decision.management)
    if decision.readings:
        said = f" {words.either} ".join(str(r.category) for r in decision.readings)
        return words.disputed.format(system=system, labels=said)
    if decision.not_covered:
        return words.no_row.format(system=system)
    return words.depends.format(
        system=system, labels=", ".join(labels.name(name).lower() for name in missing)
    )


def says_reading(text: str, reading: Reading) -> bool:
    return bool(reading.basis) and reading.basis in text


def _reading(category: str | None, management: str | None) -> str:
    return ": ".join(part for part in (category, management) if part)
