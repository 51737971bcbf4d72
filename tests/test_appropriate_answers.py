"""What a clinician gets for a referral, through ``ask`` and the terminal: route, order, notes, choices."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from rag.answering.answer import ask
from rag.answering.appropriate_safety import PREGNANCY_NOTE
from rag.answering.facets import read_facets
from rag.answering.parts import Parts
from rag.answering.referral_signs import asks_about_text
from rag.knowledge.appropriateness import USUALLY, USUALLY_NOT, Procedure
from rag.knowledge.procedure_order import ordered_rows
from rag.settings import load_settings
from rag.types import Answer, NeedsDetails, Refusal
from rag.wire import build


@pytest.fixture(scope="module")
def parts(built_home: Path) -> Parts:
    return build(load_settings(home=built_home))


@pytest.mark.parametrize(
    ("referral", "topic"),
    [
        ("leg went cold and white two hours ago, AF", "Sudden Onset of Cold, Painful Leg"),
        ("scleroderma with a loud P2, pulmonary hypertension?", "Suspected Pulmonary Hypertension"),
        ("76M, 2.5 cm RCC on active surveillance, yearly imaging", "Post Treatment Follow-up and Active"),
        ("5 cm vulval cancer involving the anus, initial work-up", "Staging and Follow-up of Vulvar"),
        ("worst headache of her life, sudden onset", "Headache"),
        ("what should I not order for uncomplicated pyelonephritis?", "Acute Pyelonephritis"),
    ],
)  # fmt: skip
def test_a_referral_needs_no_special_word(referral: str, topic: str, parts: Parts) -> None:
    response = ask(referral, parts=parts)
    assert response.route == "appropriateness"
    assert response.appropriateness is not None
    assert response.appropriateness.topic.startswith(topic)


@pytest.mark.parametrize(
    ("question", "route"),
    [
        ("8 mm solid nodule on a baseline screening CT", "category"),
        ("How long should breastfeeding stop after gadolinium?", "guideline_text"),
        ("What counts as growth in Lung-RADS?", "guideline_text"),
    ],
)
def test_reports_and_text_questions_keep_their_routes(
    question: str, route: str, parts: Parts
) -> None:
    assert ask(question, parts=parts).route == route


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Palpable breast mass, ultrasound suspicious for malignancy, BI-RADS 4, next imaging study", "Palpable Breast Masses"),
        ("Incidental indeterminate pulmonary nodule of 8 mm on chest CT, next imaging study", "Incidentally Detected"),
        ("Breast cancer screening, lifetime risk 15-20 %, intermediate", "Female Breast Cancer Screening"),
        ("Saline breast implant, rupture suspected, initial imaging", "Breast Implant Evaluation"),
    ],
)  # fmt: skip
def test_a_study_asked_for_gets_its_table_before_a_category(
    question: str, topic: str, parts: Parts
) -> None:
    response = ask(question, parts=parts)
    assert response.appropriateness is not None
    assert response.appropriateness.topic.startswith(topic)


@pytest.mark.parametrize(
    "question",
    [
        "9 mm solid nodule on a baseline screening CT, next imaging study",
        "BI-RADS 5, next step",
        "category 4B nodule unchanged on the next scan, can it be downgraded?",
        "mammographic mass, 30 % likelihood of malignancy, BI-RADS?",
    ],
)
def test_a_category_asked_for_keeps_its_table(question: str, parts: Parts) -> None:
    assert ask(question, parts=parts).route == "category"


def test_a_negative_result_that_nobody_stated_decides_nothing(parts: Parts) -> None:
    found = ask("chest pain and breathless, suspected pulmonary embolism", parts=parts)
    assert found.appropriateness is not None
    assert found.appropriateness.procedures[0].category == USUALLY
    assert "negative" not in found.appropriateness.scenario


@pytest.mark.parametrize("question", ["male pattern baldness", "dry eyes", "insomnia for months"])
def test_what_no_topic_covers_is_refused(question: str, parts: Parts) -> None:
    assert isinstance(ask(question, parts=parts), Refusal)


def test_a_direct_question_is_answered_first(parts: Parts) -> None:
    response = ask("Is CT appropriate for a pregnant woman with flank pain, ?stone", parts=parts)
    assert isinstance(response, Answer)
    assert " here, rated " in response.statements[0].text
    assert "scenario 3" in " ".join(s.text for s in response.statements)


def test_a_contrast_reaction_stands_beside_the_rows_and_moves_them_back(parts: Parts) -> None:
    response = ask(
        "50M, high probability of pulmonary embolism, previous anaphylaxis to iodinated contrast",
        parts=parts,
    )
    assert response.appropriateness is not None
    rows = response.appropriateness.procedures
    touched = [row for row in rows if row.note]
    assert touched and all("contrast reaction stated" in (row.note or "") for row in touched)
    assert rows[0].note is None and rows[0].category == USUALLY
    assert any(row.name.startswith("CTA pulmonary") for row in rows)


@pytest.mark.parametrize(
    ("referral", "topic"),
    [
        ("8 weeks pregnant, vaginal bleeding", "First Trimester Vaginal Bleeding"),
        ("30 weeks pregnant, vaginal bleeding", "Second and Third Trimester Vaginal Bleeding"),
        ("LIF pain for two days", "Left Lower Quadrant Pain"),
        (
            "lower back pain, worse at night, prostate cancer last year, metastases?",
            "Low Back Pain",
        ),
    ],
)
def test_trimester_and_quadrant_are_hard_facts(referral: str, topic: str, parts: Parts) -> None:
    found = ask(referral, parts=parts).appropriateness
    assert found is not None and found.topic == topic


def row(name: str, rating: int, adult: str = "O", category: str = USUALLY) -> Procedure:
    return Procedure(name, category, rating, adult, None, "Moderate", name)


def test_ratings_come_first_and_ties_are_broken_by_what_was_asked_then_radiation() -> None:
    ct, mri, us = row("CT", 8, "\u2622\u2622\u2622"), row("MRI", 8), row("US", 9)
    assert ordered_rows([ct, mri, us]) == (us, mri, ct)
    assert ordered_rows([ct, mri, us], asked=[ct]) == (us, ct, mri)
    assert ordered_rows([ct, mri, us], touched=[us]) == (mri, ct, us)
    assert ordered_rows([mri, row("US", 8)], often={"US": 3}) == (row("US", 8), mri)
    worst = row("PET", 2, category=USUALLY_NOT)
    assert ordered_rows([worst, ct], touched=[ct]) == (ct, worst)


def test_pregnancy_weighs_radiation_only_where_the_scenario_is_not_for_it(parts: Parts) -> None:
    response = ask("pregnant, sprained wrist fell on it, ?scaphoid fracture", parts=parts)
    assert response.appropriateness is not None
    radiating = [r for r in response.appropriateness.procedures if (r.rrl_adult or "O") != "O"]
    assert radiating and all(r.note and PREGNANCY_NOTE in r.note for r in radiating)


@pytest.mark.parametrize(
    ("text", "acuity"),
    [
        ("low back pain 2 weeks, no red flags", "acute"),
        ("headache 6/12", "chronic"),
        ("cough 3/52, smoker", "acute"),
        ("knee replaced 14 months ago, hot joint", None),
    ],
)
def test_durations_as_clinicians_write_them(text: str, acuity: str | None) -> None:
    assert read_facets(text).acuity == acuity


@pytest.mark.parametrize(
    ("question", "about_text"),
    [
        ("How long should metformin be held?", True),
        ("Contrast CT planned, eGFR 45: renal risk category?", True),
        ("Which imaging for a swollen calf?", False),
        ("SOB and tachycardic after surgery, ?PE", False),
    ],
)
def test_a_question_about_the_text_is_told_from_a_presentation(
    question: str, about_text: bool
) -> None:
    assert asks_about_text(question) is about_text


@pytest.fixture
def radcite(built_home: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("RADCITE_HOME", str(built_home))
    return CliRunner()


@pytest.mark.parametrize("referral", ["headache", "chest pain", "what imaging for headache?"])
def test_a_bare_complaint_is_asked_about_and_nothing_is_assumed(
    referral: str, parts: Parts
) -> None:
    response = ask(referral, parts=parts)
    assert isinstance(response, NeedsDetails)
    assert response.appropriateness is None, "a table would assume what nobody said"
    assert response.clarification is not None
    assert len(response.clarification.options) > 1
    chosen = response.clarification.options[0][0]
    answered = ask(f"{referral}, {chosen}", parts=parts)
    assert answered.appropriateness is not None
    assert answered.appropriateness.scenario == chosen


@pytest.mark.parametrize("referral", ["thunderclap headache", "headache, 70 year old", "knee pain"])
def test_what_says_more_or_has_one_scenario_is_not_asked_about(referral: str, parts: Parts) -> None:
    response = ask(referral, parts=parts)
    asked = response.clarification if isinstance(response, NeedsDetails) else None
    assert asked is None or asked.descriptor != "scenario"


def test_what_the_scenarios_of_a_bare_complaint_agree_on_is_said(parts: Parts) -> None:
    response = ask("Which exam for a neck mass?", parts=parts)
    assert isinstance(response, NeedsDetails)
    (shared,) = response.statements
    assert shared.text.startswith("Usually appropriate in both: CT neck with IV contrast (")
    assert len(shared.citations) == 2
    apart = ask("headache", parts=parts, route="appropriateness")
    assert apart.statements[0].text.startswith("No study is usually appropriate in all ")


def test_a_working_diagnosis_weighs_more_than_what_else_is_said(parts: Parts) -> None:
    referral = (
        "50M with suspected acute PE, but has documented severe contrast allergy (anaphylaxis)."
    )
    response = ask(referral, parts=parts)
    assert response.appropriateness is not None
    assert response.appropriateness.topic == "Suspected Pulmonary Embolism"


def test_an_empty_referral_says_what_to_write(radcite: CliRunner) -> None:
    for empty in ("", "   ", "x" * 90_000):
        done = radcite.invoke(main, ["appropriate", empty])
        assert done.exit_code == 2
        assert "question" in done.output


def test_the_terminal_shows_bands_ratings_and_doses(radcite: CliRunner) -> None:
    shown = radcite.invoke(main, ["appropriate", "31F 28 weeks pregnant, flank pain, ?stone"])
    assert shown.exit_code == 0, shown.output
    assert "Usually appropriate" in shown.output and "mSv" in shown.output
    assert "Other scenarios that come near" in shown.output


def test_the_terminal_numbers_what_a_bare_complaint_may_mean(radcite: CliRunner) -> None:
    asked = radcite.invoke(main, ["appropriate", "headache"])
    assert asked.exit_code == 0 and "  2  " in asked.output
    assert "radcite appropriate headache --pick NUMBER" in asked.output
    assert "Usually appropriate" not in asked.output
    chosen = radcite.invoke(main, ["appropriate", "headache", "--pick", "1"])
    assert chosen.exit_code == 0 and "ppropriate (" in chosen.output
    assert radcite.invoke(main, ["appropriate", "headache", "--pick", "9"]).exit_code == 2


def test_the_terminal_reads_a_korean_referral(radcite: CliRunner) -> None:
    shown = radcite.invoke(main, ["appropriate", "45세 남자 우하복부 통증과 발열, 충수염 의심"])
    assert shown.exit_code == 0, shown.output
    assert "Right Lower Quadrant Pain" in shown.output


def test_the_terminal_copies_an_order_and_gives_json(radcite: CliRunner) -> None:
    referral = "31F 28 weeks pregnant, flank pain, ?stone"
    order = radcite.invoke(main, ["appropriate", referral, "--order", "1"])
    assert order.output.startswith("Order: US") and f"Indication: {referral}" in order.output
    found = json.loads(radcite.invoke(main, ["appropriate", referral, "--json"]).output)
    assert found["appropriateness"]["procedures"][0]["rating"] == 7
    assert len(found["appropriateness"]["alternatives"]) == 9


def test_the_terminal_browses_topics_and_looks_up_a_study(radcite: CliRunner) -> None:
    topics = radcite.invoke(main, ["appropriate", "--topics", "--region", "knee"])
    assert "Chronic Knee Pain" in topics.output
    wrong = radcite.invoke(main, ["appropriate", "--topics", "--panel", "Astrology"])
    assert wrong.exit_code == 2 and "there are: Breast" in wrong.output
    one = radcite.invoke(main, ["appropriate", "--topic", "Low Back Pain", "--scenario", "4"])
    assert "Cauda equina" in one.output
    study = radcite.invoke(main, ["appropriate", "--study", "MRI brain"])
    assert study.exit_code == 0 and "scenario" in study.output
