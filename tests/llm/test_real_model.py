"""A real, weak model: it invents a Lung-RADS category 6 with the evidence before its eyes, and
radcite shows none of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from rag.answering.answer import ask
from rag.answering.grounding import verify_statement
from rag.answering.grounding.text import sentences
from rag.answering.llm import connect
from rag.answering.llm_endpoint import probe
from rag.answering.statements import plain_sentence, word_answer
from rag.settings import Settings
from rag.types import Answer, Evidence, Refusal, Statement
from rag.wire import build
from tests.grounding.cases import fact_passages

pytestmark = pytest.mark.llm

SHOWN = ("supported", "partly")
FACTS = ("lr22.system.no_5_6", "lr22.system.categories", "lr22.cat4B.management")
TEMPTING = [
    "What is Lung-RADS 6?",
    "What does Lung-RADS category 6 mean?",
    "How is a Lung-RADS category 6 nodule managed?",
    "Patient is Lung-RADS 5, what next?",
    "Explain Lung-RADS 4C.",
    "List all Lung-RADS categories.",
    "Is Lung-RADS 6 worse than Lung-RADS 5?",
    "What is the follow-up interval of Lung-RADS 5?",
]
QUESTIONS = [
    (
        "How long until the next CT after category 4A?",
        ("lr22.cat4A.management", "lr22.cat3.management"),
    ),
    ("What counts as growth in Lung-RADS?", ("lr22.growth.def", "lr22.growth.v11")),
    ("When is S added?", ("lr22.S.def", "lr22.S.known")),
    (
        "9 mm solid nodule on a baseline screening CT",
        ("lr22.solid.baseline.4A", "lr22.solid.new.4B"),
    ),
    ("What is Lung-RADS 6?", FACTS),
    ("How is category 3 managed?", ("lr22.cat3.management", "lr22.cat2.management")),
]


def evidence(facts: tuple[str, ...]) -> tuple[Evidence, ...]:
    given = (fact_passages()[fact] for fact in facts)
    return tuple(Evidence(n, item, item.text) for n, item in enumerate(given, start=1))


def free_text(settings: Settings, question: str, given: tuple[Evidence, ...]) -> Iterator[str]:
    """What the model says of its own accord, sentence by sentence: evidence given, nothing checked."""
    shown = "\n".join(f"[{item.n}] {item.quote}" for item in given)
    body = {
        "model": settings.llm_model,
        "temperature": 0,
        "seed": settings.llm_seed,
        "max_tokens": 160,
        "messages": [
            {
                "role": "system",
                "content": "You are a radiology assistant. Answer in short sentences.",
            },
            {"role": "user", "content": f"Evidence:\n{shown}\nQuestion: {question}"},
        ],
    }
    answer = httpx.post(
        f"{settings.llm_url}/chat/completions", json=body, timeout=120, trust_env=False
    )
    text = answer.json()["choices"][0]["message"]["content"]
    yield from (text[a:b] for a, b in sentences(text))


def names_what_is_not_there(sentence: str) -> bool:
    """Whether the sentence speaks of category 5, 6, 4C, 4Y, ... as if there were one."""
    invented = re.search(r"(?:RADS|category)\s+[56]\b|\b4[CD-WYZ]\b", sentence)
    return bool(invented) and not re.search(r"\b(?:no|not|n't)\b", sentence)


def test_the_endpoint_is_what_it_should_be(settings: Settings) -> None:
    found = probe(settings, 60, check_schema=True)
    assert (found.reachable, found.json_schema, found.problem) == (True, True, "")
    assert found.context_tokens == 4096


def test_the_raw_model_invents_categories_and_none_of_it_is_supported(settings: Settings) -> None:
    given = evidence(FACTS)
    said = [sentence for question in TEMPTING for sentence in free_text(settings, question, given)]
    invented = [sentence for sentence in said if names_what_is_not_there(sentence)]
    assert invented, f"the model no longer invents a category; it said: {said}"
    everything = tuple(item.n for item in given)
    for sentence in invented:
        text, fault = plain_sentence(sentence, everything)
        verdict, reason = verify_statement(Statement(text, everything), given)
        assert fault or verdict not in SHOWN, f"shown: {sentence}"
        assert fault or reason


@pytest.mark.parametrize(("question", "facts"), QUESTIONS)
def test_what_the_model_words_is_shown_only_if_the_evidence_says_it(
    settings: Settings, question: str, facts: tuple[str, ...]
) -> None:
    given = evidence(facts)
    found = word_answer(connect(settings), question, given)
    assert not any(names_what_is_not_there(item.text) for item in found.statements)
    for item in found.statements:
        assert verify_statement(item, given)[0] in SHOWN
    assert found.statements or found.notices
    assert all(item.reason for item in found.withheld)


def test_the_same_question_gets_the_same_words(settings: Settings) -> None:
    question, facts = QUESTIONS[0]
    first, second = (word_answer(connect(settings), question, evidence(facts)) for _ in range(2))
    assert first == second


def test_ask_with_the_model_refuses_lung_rads_6_and_decides_as_without_it(
    settings: Settings, tmp_path: Path
) -> None:
    parts = build(settings.model_copy(update={"home": tmp_path}))
    refused = ask("What is Lung-RADS 6?", parts=parts)
    assert isinstance(refused, Refusal)
    assert refused.kind == "nonexistent"
    answered = ask("9 mm solid nodule on a baseline screening CT", parts=parts)
    assert isinstance(answered, Answer)
    assert answered.decision is not None
    assert answered.decision.category == "4A"
    assert answered.model == settings.llm_model
    assert not any(names_what_is_not_there(item.text) for item in answered.statements)
    assert answered.statements
