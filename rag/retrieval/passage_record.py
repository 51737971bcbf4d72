"""A passage as flat, scalar metadata, which is all that the store keeps beside text and vector."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple
from typing import cast

from rag.types import Box, Edition, Passage, PassageKind

Metadata = Mapping[str, str | int | float | bool]


def to_metadata(passage: Passage) -> dict[str, str | int | float | bool]:
    """A passage (its id and text apart) as Chroma keeps it; what is ``None`` is left out."""
    edition = passage.edition
    values: dict[str, str | int | float | bool | None] = {
        "search_text": passage.search_text,
        "kind": passage.kind,
        "section": passage.section,
        "fact_ids": json.dumps(passage.fact_ids),
        "page": passage.page,
        "page_start": passage.page_span[0] if passage.page_span else None,
        "page_end": passage.page_span[1] if passage.page_span else None,
        "document": passage.document,
        "note": passage.note,
        "line": passage.line,
        "boxes": json.dumps([astuple(box) for box in passage.boxes]) if passage.boxes else None,
        "made_by": passage.made_by,
        "guideline": edition.guideline,
        "title": edition.title,
        "edition": edition.edition,
        "issuer": edition.issuer,
        "year": edition.year,
        "superseded": edition.superseded,
        "superseded_by": edition.superseded_by,
        "source_url": edition.source_url,
    }
    return {name: value for name, value in values.items() if value is not None}


def from_record(passage_id: str, text: str, metadata: Metadata) -> Passage:
    """The passage that :func:`to_metadata` flattened."""
    page_start, page_end = _integer(metadata, "page_start"), _integer(metadata, "page_end")
    return Passage(
        id=passage_id,
        text=text,
        search_text=str(metadata["search_text"]),
        kind=cast(PassageKind, metadata["kind"]),
        edition=_edition(metadata),
        section=str(metadata["section"]),
        fact_ids=tuple(json.loads(str(metadata["fact_ids"]))),
        page=_integer(metadata, "page"),
        page_span=None if page_start is None or page_end is None else (page_start, page_end),
        document=_text(metadata, "document"),
        note=_text(metadata, "note"),
        line=_integer(metadata, "line"),
        boxes=tuple(Box(*values) for values in json.loads(str(metadata.get("boxes", "[]")))),
        made_by=_text(metadata, "made_by"),
    )


def _edition(metadata: Metadata) -> Edition:
    return Edition(
        guideline=str(metadata["guideline"]),
        title=str(metadata["title"]),
        edition=str(metadata["edition"]),
        issuer=str(metadata["issuer"]),
        year=_integer(metadata, "year"),
        superseded_by=_text(metadata, "superseded_by"),
        source_url=_text(metadata, "source_url"),
    )


def _text(metadata: Metadata, name: str) -> str | None:
    return str(metadata[name]) if name in metadata else None


def _integer(metadata: Metadata, name: str) -> int | None:
    return int(metadata[name]) if name in metadata else None
