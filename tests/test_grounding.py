"""Whole statements against the built-in guidelines: none that is wrong is shown, few that are right
are withheld, and the guidelines' own sentences always pass."""

from __future__ import annotations

import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from rag.answering.grounding import Asked, verify, verify_statement
from rag.knowledge.passages import passages
from rag.knowledge.shelf import Shelf
from rag.settings import CORPUS
from rag.types import Evidence, Passage, Statement
from tests.fakes import LUNG, OLD_LUNG, passage
from tests.grounding.cases import Case, cases, fact_passages

SHOWN = ("supported", "partly")
WRONG = tuple(
    case
    for name in (
        "wrong_statements",
        "wrong_statements_third",
        "wrong_statements_fourth",
        "wrong_statements_fifth",
        "wrong_statements_sixth",
    )
    for case in cases(name)
)
RIGHT = {
    name: cases(name)
    for name in ("paraphrases", "paraphrases_other", "paraphrases_later", "paraphrases_last")
}


def evidence(*texts: str, **more: object) -> tuple[Evidence, ...]:
    given = (passage(text, **more) for text in texts)  # type: ignore[arg-type]
    return tuple(Evidence(n, item, item.text) for n, item in enumerate(given, start=1))


@pytest.mark.parametrize("case", WRONG, ids=lambda case: f"{case.kind}: {case.text[:60]}")
def test_a_wrong_statement_is_never_shown(case: Case) -> None:
    found = case.verified()
    assert found.verdict not in SHOWN, str(case)
    assert found.reason


def test_there_are_many_kinds_of_wrong_statements() -> None:
    assert len(WRONG) >= 190
    assert len(Counter(case.kind for case in WRONG)) >= 35


def test_at_most_one_in_sixteen_correct_paraphrases_is_withheld() -> None:
    """Four sets, written one after the other; each was first measured as it stood (withheld then:
    22 %, 28 % and 9 % of the last three), then the checks' general faults were mended. Since no narrowing
    word may be left out, some that leave one out ("calcium scoring" for "coronary calcium scoring") fail."""
    given = [case for found in RIGHT.values() for case in found]
    withheld = [case for case in given if case.verified().verdict not in SHOWN]
    assert len(given) > 350
    assert len(withheld) <= 0.0625 * len(given), "\n".join(map(str, withheld))


def test_a_fresh_set_of_paraphrases_is_mostly_shown() -> None:
    """Written before its first run, in which 29 of 109 were withheld; then general faults were mended."""
    fresh = cases("paraphrases_fresh")
    withheld = [case for case in fresh if case.verified().verdict not in SHOWN]
    assert len(withheld) <= 0.15 * len(fresh), "\n".join(map(str, withheld))


@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("paraphrases_third", 0.15),
        ("paraphrases_fourth", 0.3),
        ("paraphrases_fifth", 0.2),
        ("paraphrases_sixth", 0.4),
    ],
)
def test_freer_paraphrases_are_mostly_shown(name: str, share: float) -> None:
    """Written before their first runs, in which 37 of 64 and 20 of 36 were withheld; of the wrong ones
    written with them 7 of 67 and 3 of 42 were shown. Then general faults were mended. The sixth set lost four
    when the thesaurus went: free wording is withheld rather than guessed at."""
    freer = cases(name)
    withheld = [case for case in freer if case.verified().verdict not in SHOWN]
    assert len(withheld) <= share * len(freer), "\n".join(map(str, withheld))


def test_every_passage_of_the_built_in_guidelines_supports_itself() -> None:
    shelf = Shelf.open(CORPUS)
    own = [item for name in shelf.ids for item in passages(shelf.get(name))]
    failed = [item.text for item in own if _own_verdict(item) not in SHOWN]
    assert len(own) > 900
    assert failed == []


def _own_verdict(item: Passage) -> str:
    return verify_statement(Statement(item.text, (1,)), (Evidence(1, item, item.text),))[0]


EXCHANGES = [
    (r"\bmm\b", "cm"), (r"\bmonths?\b", "weeks"), (r"\bat least\b", "less than"),
    (r"\bmore than\b", "less than"), (r"\bless than\b", "more than"), (r"\bor more\b", "or less"),
    (r"\bnot ", ""), (r"\bno ", ""), (r"\bis\b(?! not)", "is not"), (r"\bmay\b", "must"),
    (r"\bLDCT\b", "MRI"), (r"\bPET/CT\b", "MRI"), (r"\bbaseline\b", "new"), (r"\bnew\b", "baseline"),
    (r"\bgrowing\b", "stable"), (r"\bstable\b", "growing"), (r"\bpart-solid\b", "solid"),
    (r"\b4A\b", "4B"), (r"\b4B\b", "4A"), (r"\bcategory 2\b", "category 3"),
    (r"\bcategory 3\b", "category 4A"), (r"\bbenign\b", "malignant"), (r"\bbefore\b", "after"),
    (r"\bafter\b", "before"), (r"\bonly\b", "also"), (r"\bincrease", "decrease"),
]  # fmt: skip


def _altered(text: str) -> Iterator[str]:
    """The text with one figure, bound, label or telling word exchanged."""
    for found in re.finditer(r"(?<![\w.-])\d+(?:\.\d+)?(?![\w]*\.\d)", text):
        for value in (float(found.group()) + 1, float(found.group()) * 2):
            yield f"{text[: found.start()]}{value:g}{text[found.end() :]}"
    for old, new in EXCHANGES:
        for found in re.finditer(old, text):
            yield text[: found.start()] + new + text[found.end() :]


def test_a_fact_with_one_thing_exchanged_is_hardly_ever_shown() -> None:
    """The bound is not 0: some exchanges leave the sentence true ("0 to 4" and "1 to 4")."""
    items = [item for name, item in fact_passages().items() if name.startswith("lr22.")]
    tried = [(item, text) for item in items for text in _altered(item.text) if text != item.text]
    shown = [
        f"{text}\n    from: {item.text}"
        for item, text in tried
        if verify_statement(Statement(text, (1,)), (Evidence(1, item, item.text),))[0] in SHOWN
    ]
    assert len(tried) > 800
    assert len(shown) <= 0.005 * len(tried), "\n".join(shown)


def test_checking_takes_under_twenty_milliseconds_a_statement() -> None:
    """Processor time, so that a busy machine does not decide."""
    taken = []
    for case in (*WRONG, *RIGHT["paraphrases"]):
        start = time.process_time()
        case.verified()
        taken.append(time.process_time() - start)
    assert statistics.median(taken) < 0.020


def test_only_the_citations_that_support_a_statement_are_kept() -> None:
    given = evidence(
        "Category 3: LDCT at 6 months.", "Category 2: Annual screening LDCT at 12 months."
    )
    found = verify(Statement("Category 3 is followed with LDCT at 6 months.", (1, 2)), given)
    assert (found.verdict, found.citations) == ("supported", (1,))


def test_the_reason_names_the_words_that_failed() -> None:
    given = evidence("Category 3: LDCT at 6 months.")
    statement = "Category 3 is followed with LDCT at 9 months."
    found = verify(Statement(statement, (1,)), given)
    assert "9 months" in found.reason
    assert [statement[a:b] for a, b in found.words] == ["at 9 months"] or [
        statement[a:b] for a, b in found.words
    ] == ["9 months"]


def test_a_superseded_edition_is_named() -> None:
    given = evidence("A nodule of 20 mm or more is category 3.", edition=OLD_LUNG)
    bare = Statement("Nodules of at least 20 mm are category 3.", (1,))
    named = Statement("In v1.1, nodules of at least 20 mm are category 3.", (1,))
    assert verify_statement(bare, given)[0] == "unsupported"
    assert verify_statement(named, given)[0] == "supported"
    asked = Asked("What did Lung-RADS v1.1 say?")
    assert verify_statement(bare, given, asked=asked)[0] == "supported"


def test_two_editions_are_not_mixed_in_one_statement() -> None:
    new = passage("Growth is an increase of more than 1.5 mm within 12 months.", LUNG)
    old = passage("Growth is an increase of more than 1.5 mm.", OLD_LUNG)
    given = (Evidence(1, new, new.text), Evidence(2, old, old.text))
    mixed = Statement("Growth is an increase of more than 1.5 mm in v1.1.", (1, 2))
    verdict, reason = verify_statement(mixed, given)
    assert verdict == "unsupported"
    assert "mixes editions" in reason


def test_what_the_table_decided_goes_before_what_the_question_names() -> None:
    given = evidence("Category 3: LDCT at 6 months.")
    statement = Statement("The next LDCT is at 6 months.", (1,))
    wrong = Asked("Is this category 3?", decision="Lung-RADS 4A: LDCT at 3 months.")
    assert verify_statement(statement, given, asked=Asked("Is this category 3?"))[0] == "supported"
    assert verify_statement(statement, given, asked=wrong)[0] == "contradicted"
