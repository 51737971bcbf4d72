"""What answering needs, handed in: the shelf, the way to passages, and an optional model.

Built once by :mod:`rag.wire`; tests build it from fakes. Everything costly behind these doors
(the embedding model, the store, the endpoint) is opened when it is first used.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.answering.aim import Aims
from rag.answering.scenario_desk import ScenarioDesk
from rag.errors import QuestionError
from rag.knowledge.glossary import Glossary
from rag.knowledge.korean import KoreanWords
from rag.knowledge.shelf import Shelf
from rag.knowledge.vocabulary import Vocabulary
from rag.retrieval.body_regions import BodyRegions
from rag.retrieval.relevance import Judged
from rag.settings import Settings
from rag.types import Evidence, Hit, Statement, Verdict, Withheld


class Search(Protocol):
    """Hybrid retrieval: the best ``k`` passages of these guidelines (all when ``None``)."""

    def __call__(
        self,
        query: str,
        k: int,
        guidelines: Collection[str] | None = None,
        include_superseded: bool = False,
    ) -> tuple[Hit, ...]: ...


@dataclass(frozen=True, slots=True)
class Worded:
    """What a language model made of the evidence, already checked statement by statement."""

    statements: tuple[Statement, ...]
    withheld: tuple[Withheld, ...] = ()
    notices: tuple[str, ...] = ()
    model: str | None = None


class Wording(Protocol):
    """Words statements from evidence; never raises for a model that is down, slow or wrong."""

    def __call__(self, question: str, evidence: Sequence[Evidence], decided: str) -> Worded: ...


class Verify(Protocol):
    """Checks one statement against the evidence it cites: verdict and, when it fails, the words."""

    def __call__(
        self, statement: Statement, evidence: Sequence[Evidence], question: str = ""
    ) -> tuple[Verdict, str]: ...


@dataclass(frozen=True, slots=True)
class Parts:
    """The real parts, or their fakes.

    ``excerpt`` gives of a question and a text within a search text the sentences that answer;
    ``desk`` opens the appropriateness tables (``None`` where the shelf has none);
    ``aims`` tells what a question that nothing answers is after; ``korean`` opens the Korean words of the field;
    ``searchable`` are the guideline and document ids that the current index holds.
    """

    settings: Settings
    shelf: Shelf
    vocabulary: Vocabulary
    glossary: Glossary
    regions: BodyRegions
    search: Search
    judge: Callable[[str, Sequence[Hit]], tuple[Judged, ...]]
    accepts: Callable[[Judged], bool]
    nearly: Callable[[Judged], bool]
    excerpt: Callable[[str, str, str], str]
    in_domain: Callable[[str], bool]
    searchable: Callable[[], tuple[str, ...]]
    desk: Callable[[], ScenarioDesk | None]
    fingerprint: Callable[[], str | None]
    verify: Verify
    wording: Wording | None = None
    korean: Callable[[], KoreanWords | None] | None = None
    aims: Callable[[], Aims | None] | None = None

    def known_guidelines(self, asked: Collection[str] | None) -> None:
        """Reject a guideline id that is neither on the shelf nor in the index.

        Raises:
            QuestionError: names the unknown id and lists those that exist.
        """
        unknown = sorted(set(asked or ()) - set(self.shelf.ids))
        if unknown and set(unknown) - set(self.searchable()):
            known = ", ".join(
                (*self.shelf.ids, *sorted(set(self.searchable()) - set(self.shelf.ids)))
            )
            raise QuestionError(
                f"no guideline or document {', '.join(unknown)}; there are: {known}"
            )
