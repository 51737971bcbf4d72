"""radcite: radiology guideline questions answered with the row or sentence they rest on.

from rag import ask
response = ask("9 mm solid nodule on a baseline screening CT")
print(response.text)
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.settings import Settings, load_settings
from rag.types import Answer, NeedsDetails, Refusal, Response

if TYPE_CHECKING:
    from rag.answering.parts import Parts

__all__ = ["Answer", "NeedsDetails", "Refusal", "Response", "Settings", "ask"]


def ask(
    question: str,
    *,
    guideline: str | Collection[str] | None = None,
    history: Sequence[str] = (),
    id: str = "",
    settings: Settings | None = None,
) -> Answer | Refusal | NeedsDetails:
    """Answer one question from the guidelines, or say why not.

    Args:
        question: in plain words, English or Korean; a pasted finding is a question too.
        guideline: answer only from this guideline or document id, or these.
        history: earlier questions of the same conversation, oldest first.
        id: returned in the response.
        settings: those of the environment when left out; parts are kept for equal settings.

    Raises:
        QuestionError: the question is empty or too long, or names an unknown guideline.
        PassageIndexError: passages are needed and there is no usable index.
        SettingsError, CorpusError: something is wrong with the settings or the corpus.
    """
    from rag.answering.answer import ask as answer

    asked = (guideline,) if isinstance(guideline, str) else guideline
    parts = _parts(settings or load_settings())
    return answer(question, parts=parts, guidelines=asked, history=history, id=id)  # type: ignore[return-value]  # Response is always one of the three


@lru_cache(maxsize=4)
def _parts(settings: Settings) -> Parts:
    from rag.wire import build

    return build(settings)
