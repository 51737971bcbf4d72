"""Builds the scenario ranking index of the appropriateness guidelines; ingestion calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from rag.answering.scenario_entries import scenario_entries, source_of
from rag.knowledge.appropriateness import Topic, load_topics
from rag.knowledge.clinical_terms import load_clinical_terms
from rag.knowledge.fact_questions import FILE as QUESTIONS
from rag.knowledge.procedure_names import load_procedure_names
from rag.knowledge.scenario_entry import ScenarioEntry
from rag.knowledge.scenario_referrals import load_referrals
from rag.knowledge.spelling import Speller, speller_of
from rag.knowledge.user_topics import FILE, UserTopic, dump_topics, with_user_topics

if TYPE_CHECKING:
    from rag.retrieval.postings import Floats

LEXICON = "clinical_terms.yaml"


def write_scenario_index(
    corpus: Path,
    folder: Path,
    embed: Callable[[Sequence[str]], Floats],
    model: str,
    users: Sequence[UserTopic] = (),
) -> bool:
    """Build the ranking index of ``corpus`` and the users' topics into ``folder``.

    ``embed`` turns texts into unit rows of ``model``. Returns whether anything was built: nothing
    is where the folder is up to date, or where there is no topic at all.

    Raises:
        CorpusError: a topic or the lexicon is wrong.
    """
    from rag.retrieval.scenario_index import build_scenario_index
    from rag.retrieval.scenario_store import save_scenario_index, stored_source

    source = scenario_source(corpus, model, users)
    if source is None or stored_source(folder) == source:
        return False
    topics: list[Topic] = []
    for path in _topic_folders(corpus):
        topics += with_user_topics(load_topics(path), users, load_procedure_names(path))
    terms = load_clinical_terms(corpus / LEXICON)
    said = {
        key: texts for path in _topic_folders(corpus) for key, texts in load_referrals(path).items()
    }
    entries = scenario_entries(topics, said)
    speller = corpus_speller(entries, corpus)
    gram = _metric(corpus, model, embed)
    index = build_scenario_index(entries, terms, embed, model, speller, gram)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_bytes(dump_topics(users))
    save_scenario_index(index, folder, source)
    return True


def _metric(corpus: Path, model: str, embed: Callable[[Sequence[str]], Floats]) -> Floats | None:
    """The metric of referrals of the first folder that has one for this model."""
    from rag.retrieval.referral_metric import FILE as METRIC
    from rag.retrieval.referral_metric import load_metric

    held = [folder / METRIC for folder in _topic_folders(corpus) if (folder / METRIC).is_file()]
    return load_metric(held[0], model, embed([""]).shape[1]) if held else None


def scenario_source(corpus: Path, model: str, users: Sequence[UserTopic] = ()) -> str | None:
    """What the ranking index is made from, as one name; ``None`` without an appropriateness folder."""
    from rag.retrieval.scenario_index import FORMAT

    folders = _topic_folders(corpus)
    if not folders:
        return None
    mark = blake2b(dump_topics(users), digest_size=6).hexdigest() if users else "built_in"
    return f"{source_of(folders, corpus / LEXICON)}-{mark}-{model}-{FORMAT}"


def _topic_folders(corpus: Path) -> tuple[Path, ...]:
    return tuple(sorted(path.parent for path in corpus.glob("*/topics") if path.is_dir()))


def corpus_speller(entries: Iterable[ScenarioEntry], corpus: Path) -> Speller:
    """Reads misspelt words as words of the scenarios and the lexicon; all words of the corpus are valid."""
    texts = [
        text
        for entry in entries
        for text in (entry.topic, entry.text, *entry.terms, *entry.referrals)
    ]
    texts.append((corpus / LEXICON).read_text(encoding="utf-8"))
    files = (
        *sorted(path for path in corpus.glob("*.yaml") if path.name != QUESTIONS),
        *sorted(corpus.glob("*/*.yaml")),
        *sorted(corpus.glob("*.md")),
    )
    return speller_of(texts, (path.read_text(encoding="utf-8") for path in files))
