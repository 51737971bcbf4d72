"""Errors of evaluation; part of radcite's tree, so that the command line says them in one sentence."""

from __future__ import annotations

from rag.errors import RadciteError


class EvaluationError(RadciteError):
    """A measurement cannot be made or read; the message says what to do."""


class CaseError(EvaluationError):
    """A file of cases is wrong; the message names file, line or case, and key."""


class HistoryError(EvaluationError):
    """The history of quality-control runs cannot be read."""
