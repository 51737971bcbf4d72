"""Builds the scenario ranking index of the appropriateness guidelines; ingestion calls it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.answering.scenario_entries import scenario_entries, source_of
from rag.knowledge.appropriateness import load_topics
from rag.knowledge.clinical_terms import load_clinical_terms

if TYPE_CHECKING:
    from rag.retrieval.postings import Floats

LEXICON = "clinical_terms.yaml"


def write_scenario_index(
    corpus: Path, folder: Path, embed: Callable[[Sequence[str]], Floats], model: str
) -> bool:
    """Build the ranking index of ``corpus`` into ``folder`` unless it is up to date.

    ``embed`` turns texts into unit rows of ``model``. Returns whether anything was built; without
    an appropriateness guideline in the corpus nothing is.

    Raises:
        CorpusError: a topic or the lexicon is wrong.
    """
    from rag.retrieval.scenario_index import FORMAT, build_scenario_index
    from rag.retrieval.scenario_store import save_scenario_index, stored_source

    folders = sorted(path.parent for path in corpus.glob("*/topics") if path.is_dir())
    source = f"{source_of(folders, corpus / LEXICON)}-{model}-{FORMAT}" if folders else None
    if source is None or stored_source(folder) == source:
        return False
    topics = [topic for path in folders for topic in load_topics(path)]
    terms = load_clinical_terms(corpus / LEXICON)
    index = build_scenario_index(scenario_entries(topics), terms, embed, model)
    save_scenario_index(index, folder, source)
    return True
