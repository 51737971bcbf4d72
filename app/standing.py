"""What answers now: mode, model and passage index, as rows of a list."""

from __future__ import annotations

from app import state
from app.doctor import age, elapsed
from app.words import Words

Rows = list[tuple[str, str]]


def answering_rows(words: Words) -> Rows:
    """How questions are answered, and by which model."""
    settings = state.settings()
    mode = words.mode_evidence
    if settings.llm_url:
        mode = words.mode_llm.format(model=settings.llm_model or words.asked_of_endpoint)
    return [(words.mode, mode), (words.endpoint, settings.llm_url or words.no_endpoint)]


def index_rows(words: Words) -> Rows:
    """The passage index that answers, or how to build one."""
    settings, current = state.settings(), state.index_state()
    if current is None:
        return [
            (words.index_title, f"{words.index_none}. {words.index_hint}"),
            (words.folder, str(settings.home_dir)),
        ]
    return [
        (words.fingerprint, current.fingerprint),
        (words.embedding, f"{current.model_id} ({current.dimension})"),
        (words.passages, f"{current.passages:,}"),
        (words.documents, str(len(current.documents))),
        (words.built, _age(current.created, words)),
        (words.folder, str(settings.home_dir)),
    ]


def _age(created: str, words: Words) -> str:
    if words.language_code == "en":
        return age(created)  # which knows one minute from several
    count, unit = elapsed(created)
    said = {"day": words.days_ago, "hour": words.hours_ago, "minute": words.minutes_ago}[unit]
    return said.format(n=count) if count else words.just_now
