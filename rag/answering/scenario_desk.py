"""Everything the appropriateness route needs, opened when it is first used.

The ranking index is built by ingestion (``scenario_build.py``); topics are read one at a time,
only those that an answer shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rag.answering.appropriate_intent import with_suspicion
from rag.answering.ranked_words import takes_up_a_caution, without_asking, without_cautions
from rag.errors import CorpusError
from rag.knowledge.appropriateness import Procedure, Scenario, Topic, load_topics
from rag.knowledge.clinical_terms import ClinicalTerms, load_clinical_terms
from rag.knowledge.clinical_text import read_clinical_text
from rag.knowledge.facet_values import Facets
from rag.knowledge.procedure_names import load_procedure_names, spelled
from rag.knowledge.procedure_order import recommended
from rag.knowledge.procedures import Names, Order, match_procedures, of_any_area
from rag.knowledge.spelling import Correction
from rag.knowledge.user_topics import load_user_topics, with_user_topics
from rag.types import Edition

if TYPE_CHECKING:
    from rag.retrieval.scenario_index import ScenarioIndex
    from rag.retrieval.scenario_ranker import Embed, Ranking, RankingWeights

REVERSE_SHOWN = 10


class ScenarioDesk:
    """Ranking, topics and procedure names of one appropriateness guideline folder.

    ``index_folder`` holds the ranking index, ``embed`` makes unit rows of the same model (``None``:
    lexical ranking only), ``safety`` maps contrast fact ids to their sentences.
    """

    def __init__(
        self, corpus: Path, edition: Edition, index_folder: Path, embed: Embed | None,
        model: str | None = None, safety: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.edition = edition
        self.safety = safety or {}
        self._corpus = corpus
        self._folder = corpus / edition.guideline
        self._index_folder = index_folder
        self._embed = embed
        self._model = model
        self._topics: dict[str, Topic] = {}

    @cached_property
    def index(self) -> ScenarioIndex:
        from rag.retrieval.scenario_store import load_scenario_index

        return load_scenario_index(self._index_folder, self._model)

    @cached_property
    def weights(self) -> RankingWeights:
        """The fitted weights; measurements put others in their place."""
        from rag.retrieval.scenario_ranker import load_weights

        return load_weights(self._corpus / "scenario_ranking.json")

    @cached_property
    def names(self) -> Names:
        return load_procedure_names(self._folder)

    @cached_property
    def _terms(self) -> ClinicalTerms:
        return load_clinical_terms(self._corpus / "clinical_terms.yaml")

    def rank(self, question: str, facets: Facets, k: int) -> Ranking:
        """The ``k`` best scenarios, what is suspected counted twice; see
        :func:`rag.retrieval.scenario_ranker.rank_scenarios`.

        A caution such as a contrast allergy counts only where the best scenario is about one.
        """
        asked = without_asking(question)
        found = self._ranked(asked, facets, k)
        plain = without_cautions(asked, facets)
        if plain == asked or not found.scenarios or not plain.strip(" .,;?"):
            return found
        best = found.scenarios[0]
        if takes_up_a_caution(self.scenario(best.topic, best.variant_no).text):
            return found
        return self._ranked(plain, facets, k)

    def _ranked(self, text: str, facets: Facets, k: int) -> Ranking:
        from rag.retrieval.scenario_ranker import rank_scenarios

        return rank_scenarios(
            with_suspicion(text), facets, self.index, self._terms, self.weights, self._embed, k
        )

    def corrected(self, question: str) -> tuple[str, tuple[Correction, ...]]:
        """``question`` with misspelt words read as words of the shelf, and which were."""
        return self.index.speller.corrected(question)

    def vocabulary_name(self, name: str) -> str:
        """A procedure's one name in the vocabulary; the name itself where it is not there."""
        known = self.names.get(spelled(name))
        return known.name if known else name

    def rows_named(self, name: str) -> tuple[Procedure, ...]:
        """Every row of the shelf whose procedure has this vocabulary name."""
        return tuple(
            row
            for topic in self.topics()
            for scenario in topic.scenarios
            for row in scenario.procedures
            if row.vocabulary_name == name
        )

    def regions_named(self, text: str) -> frozenset[str]:
        """The body regions of the lexicon that ``text`` names."""
        return frozenset(read_clinical_text(text, self._terms).regions)

    def regions(self, title: str) -> tuple[str, ...]:
        """The body regions that a topic's title and scenarios name, by name."""
        index = self.index
        if title not in index.topics:
            return ()
        rows = index.regions[index.topic_of == index.topics.index(title)]
        return tuple(
            name for name, named in zip(index.region_names, rows.any(axis=0), strict=True) if named
        )

    def topic(self, title: str) -> Topic:
        """The topic of this title; the first one asked for reads the whole folder (0.3 s)."""
        if not self._topics:
            self.topics()
        return self._topics[title]

    def scenario(self, title: str, variant_no: int) -> Scenario:
        """The scenario, always of the topic file as it stands now.

        Raises:
            CorpusError: the index names a scenario that the corpus no longer has.
        """
        for scenario in self.topic(title).scenarios:
            if scenario.variant_no == variant_no:
                return scenario
        raise CorpusError(
            f"the ranking index names {title}, scenario {variant_no}, which the corpus lacks: "
            "run 'radcite ingest'"
        )

    def scenarios_of(self, title: str) -> tuple[Scenario, ...]:
        """The scenarios of a topic; none where the shelf has no such topic."""
        self.topics()
        return self._topics[title].scenarios if title in self._topics else ()

    def topics(self) -> tuple[Topic, ...]:
        """All topics by title, read once."""
        if not self._topics:
            users = load_user_topics(self._index_folder)
            topics = with_user_topics(load_topics(self._folder), users, self.names)
            self._topics = {topic.title: topic for topic in topics}
        return tuple(self._topics[title] for title in sorted(self._topics))

    @cached_property
    def often(self) -> Mapping[str, int]:
        """How often the shelf calls each procedure usually appropriate."""
        return recommended(
            row for topic in self.topics() for s in topic.scenarios for row in s.procedures
        )

    def rating_highest(
        self, order: Order, about: str = ""
    ) -> tuple[tuple[Topic, Scenario, Procedure], ...]:
        """Scenarios that rate the order highest: rating first, then how well ``about`` fits."""
        named = self.regions_named(order.text)
        found = [
            (topic, scenario, rows[0])
            for topic in self.topics()
            for scenario in topic.scenarios
            if (rows := match_procedures(order, scenario.procedures, self.names))
            if not of_any_area(rows[0], self.names)
            or not order.parts
            or named & set(self.regions(topic.title))
        ]
        words = {word for word in about.lower().split() if len(word) > 3}
        found.sort(
            key=lambda item: (
                -(item[2].rating or 0),
                -sum(word in f"{item[0].title} {item[1].text}".lower() for word in words),
                item[0].title,
                item[1].variant_no,
            )
        )
        return tuple(found[:REVERSE_SHOWN])
