"""The scenario index on disk: one ``.npz`` file, written whole and read in milliseconds."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from rag.errors import IndexMismatch, IndexMissing
from rag.knowledge.facet_values import Quantity
from rag.knowledge.spelling import Speller
from rag.retrieval.postings import Postings
from rag.retrieval.scenario_index import FORMAT, ScenarioIndex

FILE = "scenarios.npz"
_ARRAYS = (
    "idf", "topic_of", "low", "high", "sex", "pregnant", "stage", "acuity", "for_children",
    "regions", "compatible", "said_of", "gram", "stretch",
)  # fmt: skip
Array = NDArray[np.generic]


def save_scenario_index(index: ScenarioIndex, folder: Path, source: str) -> Path:
    """Write ``index`` into ``folder``; ``source`` names the content it was made from."""
    arrays: dict[str, Array] = {name: getattr(index, name) for name in _ARRAYS}
    for name, view in index.views.items():
        arrays |= {
            f"view.{name}.starts": view.starts,
            f"view.{name}.rows": view.rows.astype(np.int16),
            f"view.{name}.values": view.values,
        }
    arrays |= {f"total.{name}": total for name, total in index.totals.items()}
    arrays |= {f"dense.{name}": rows.astype(np.float16) for name, rows in index.vectors.items()}
    arrays["said"] = index.said.astype(np.float16)
    text = json.dumps(_names(index, source), ensure_ascii=False).encode()
    arrays["names"] = np.frombuffer(text, np.uint8)
    folder.mkdir(parents=True, exist_ok=True)
    target, written = folder / FILE, folder / f"{FILE}.{os.getpid()}.part"
    with written.open("wb") as file:
        np.savez(file, **cast(dict[str, Any], arrays))
    written.replace(target)
    return target


def _names(index: ScenarioIndex, source: str) -> dict[str, object]:
    return {
        "format": FORMAT,
        "source": source,
        "model": index.model,
        "topics": index.topics,
        "keys": index.keys,
        "texts": index.texts,
        "vocabulary": sorted(index.vocabulary, key=lambda word: index.vocabulary[word]),
        "views": sorted(index.views),
        "totals": sorted(index.totals),
        "dense": sorted(index.vectors),
        "region_names": index.region_names,
        "results": [sorted(found) for found in index.results],
        "quantities": [[(q.name, q.low, q.high) for q in found] for found in index.quantities],
        "conditions": [sorted(found) for found in index.conditions],
        "known_words": dict(index.speller.known),
        "valid_words": sorted(index.speller.valid),
    }


def load_scenario_index(folder: Path, model: str | None = None) -> ScenarioIndex:
    """The index in ``folder``.

    Raises:
        IndexMissing: there is none.
        IndexMismatch: it has another format, or vectors of another model than ``model``.
    """
    path = folder / FILE
    if not path.is_file():
        raise IndexMissing(f"no scenario index in {folder}: run 'radcite ingest'")
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    entry = json.loads(arrays["names"].tobytes().decode())
    if entry["format"] != FORMAT or (model is not None and entry["model"] != model):
        raise IndexMismatch(
            f"the scenario index was built with {entry['model']}, format {entry['format']}; "
            f"this version reads {model or entry['model']}, format {FORMAT}: "
            "run 'radcite ingest --rebuild'"
        )
    return _index(_Names(**entry), arrays)


def stored_source(folder: Path) -> str | None:
    """What the stored index was made from, ``None`` without one."""
    if not (folder / FILE).is_file():
        return None
    with np.load(folder / FILE, allow_pickle=False) as stored:
        return cast(str, json.loads(stored["names"].tobytes().decode())["source"])


@dataclass(frozen=True)
class _Names:
    """The JSON entry of the file, as :func:`_names` writes it."""

    format: int
    source: str
    model: str
    topics: list[str]
    keys: list[tuple[str, int]]
    texts: list[str]
    vocabulary: list[str]
    views: list[str]
    totals: list[str]
    dense: list[str]
    region_names: list[str]
    results: list[list[tuple[str, str]]]
    quantities: list[list[tuple[str, float, float]]]
    conditions: list[list[str]]
    known_words: dict[str, int]
    valid_words: list[str]


def _index(names: _Names, arrays: Mapping[str, Array]) -> ScenarioIndex:
    n = len(names.keys)
    stored: dict[str, Any] = {name: arrays[name] for name in _ARRAYS}
    return ScenarioIndex(
        topics=tuple(names.topics),
        keys=tuple((topic, number) for topic, number in names.keys),
        texts=tuple(names.texts),
        vocabulary={word: i for i, word in enumerate(names.vocabulary)},
        views={name: _view(name, arrays, n) for name in names.views},
        totals={name: _floats(arrays[f"total.{name}"]) for name in names.totals},
        vectors={name: _floats(arrays[f"dense.{name}"]) for name in names.dense},
        said=_floats(arrays["said"]),
        region_names=tuple(names.region_names),
        results=tuple(frozenset((a, b) for a, b in found) for found in names.results),
        quantities=tuple(
            frozenset(Quantity(a, b, c) for a, b, c in found) for found in names.quantities
        ),
        conditions=tuple(frozenset(found) for found in names.conditions),
        model=names.model,
        speller=Speller(names.known_words, frozenset(names.valid_words)),
        **stored,
    )


def _view(name: str, arrays: Mapping[str, Array], n: int) -> Postings:
    rows = arrays[f"view.{name}.rows"].astype(np.int32)
    size = int(_floats(arrays["topic_of"]).max()) + 1 if name == "shelf" else n
    starts = arrays[f"view.{name}.starts"].astype(np.int32)
    return Postings(starts, rows, _floats(arrays[f"view.{name}.values"]), size)


def _floats(array: Array) -> NDArray[np.float32]:
    return array.astype(np.float32)
