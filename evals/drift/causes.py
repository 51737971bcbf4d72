"""Which change probably moved a score: what differs between two stamps, likeliest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

WORDS = {
    "model": "model",
    "prompt": "prompt",
    "index": "passage index",
    "corpus": "corpus",
    "weights": "retrieval weights",
    "settings": "settings",
    "code": "radcite's code",
    "machine": "machine",
}
"""Parts of a stamp in the reader's words."""

REACHES: Mapping[str, Sequence[str]] = {
    "category": ("corpus", "code", "settings"),
    "editions": ("corpus", "code", "index", "weights", "settings"),
    "appropriateness": ("weights", "corpus", "index", "code", "settings"),
    "retrieval": ("index", "weights", "corpus", "code", "settings"),
    "latency": ("machine", "model", "code", "index"),
}
"""What can touch the scores of a suite, likeliest first; other suites: see ``_ANY``."""

_ANY = ("model", "prompt", "weights", "index", "corpus", "settings", "code", "machine")
UNKNOWN = (
    "nothing that is recorded changed: the model server may serve other weights under the same "
    "name, or the machine answers differently"
)


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """Parts whose digest differs, each with the things inside it that differ.

    >>> changed({"corpus/a": "1", "model": ""}, {"corpus/a": "2", "model": ""})
    {'corpus': ('a',)}
    """
    found: dict[str, list[str]] = defaultdict(list)
    for key in sorted({*before, *after}):
        if before.get(key, "") != after.get(key, ""):
            part, _, inside = key.partition("/")
            found[part].append(inside)
    return {part: tuple(filter(None, inside)) for part, inside in found.items() if part in WORDS}


def probable_cause(score: str, before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """What probably moved ``score`` between two stamps, in words.

    Parts that can touch the score's suite come first; what changed and hardly can is not named
    while a likelier part changed.
    """
    differs = changed(before, after)
    order = REACHES.get(score.partition(".")[0], _ANY)
    likely = [part for part in order if part in differs]
    named = likely or [part for part in _ANY if part in differs]
    return "; ".join(_said(part, differs[part]) for part in named) or UNKNOWN


def _said(part: str, inside: Sequence[str]) -> str:
    return f"{WORDS[part]} changed" + (f" ({', '.join(inside)})" if inside else "")
