"""Loading a guideline: what it becomes, and how every slip in a file is named."""

from __future__ import annotations

import shutil
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from rag.errors import CorpusError, QuestionError
from rag.knowledge.grade import grade
from rag.knowledge.guideline import Guideline, load_guideline
from rag.knowledge.passages import passages
from rag.knowledge.shelf import Shelf
from rag.knowledge.vocabulary import load_vocabulary
from rag.knowledge.yaml_file import read_yaml
from rag.types import Decision, Descriptor, Scalar

TINY = Path(__file__).parent / "data" / "tiny_corpus"


@pytest.fixture(scope="module")
def pebbles() -> Guideline:
    return Shelf.open(TINY).get("pebbles_2020")


def graded(guideline: Guideline, **values: Scalar) -> Decision:
    units = {
        name: guideline.vocabulary[name].unit for name in values if name in guideline.vocabulary
    }
    read = [Descriptor(name, value, units.get(name), "", (0, 0)) for name, value in values.items()]
    return grade(guideline, read)


# --- What is read ---


def test_a_guideline_keeps_its_parts_in_file_order(pebbles: Guideline) -> None:
    assert pebbles.edition.label == "Pebble-RADS 2020"
    assert pebbles.edition.year == 2020
    assert pebbles.edition.source_url == "https://doi.org/10.0000/pebbles"
    assert [category.label for category in pebbles.categories] == ["1", "2", "3", "X"]
    museum = pebbles.category("x")
    assert museum is not None
    assert museum.management == "Call the museum"
    assert pebbles.sections == ("Grades", "Pebbles", "Puddles")
    assert pebbles.fact("pb.rough").disagreement
    assert pebbles.fact("pb.grades").line == 2
    assert pebbles.nonexistent[0].labels == ("9",)
    assert pebbles.inventory == ("pb.grades",)


def test_values_are_frozen(pebbles: Guideline) -> None:
    with pytest.raises(FrozenInstanceError):
        pebbles.fact("pb.1").fact = "other"  # type: ignore[misc]


def test_facts_and_rows_become_passages(pebbles: Guideline) -> None:
    found = passages(pebbles)
    fact = next(p for p in found if p.fact_ids == ("pb.1",) and p.kind == "fact")
    assert fact.text == "Grade 1 (plain): look again after 12 months."
    assert fact.search_text.startswith("Pebble-RADS 2020 > Grades: ")
    assert fact.search_text.endswith("next look")
    row = next(p for p in found if "6 mm or more and less than 10 mm" in p.text)
    assert row.kind == "row"
    assert row.section == "Smooth pebbles"
    assert row.text == (
        "Pebble-RADS 2020, Smooth pebbles. Width: 6 mm or more and less than 10 mm. "
        "Category 2 (Odd): Look again after 3 months."
    )
    assert len({p.id for p in found}) == len(found)
    assert not any("see" in p.text.lower() for p in found if p.kind == "row")


def test_passage_ids_come_from_content(pebbles: Guideline) -> None:
    again = load_guideline(TINY / "pebbles_2020", load_vocabulary(TINY / "descriptors.yaml"))
    assert [p.id for p in passages(again)] == [p.id for p in passages(pebbles)]


def test_a_collected_fact_keeps_its_own_body_and_year() -> None:
    passage = passages(Shelf.open(TINY).get("pebbles_2010"))[0]
    assert (passage.edition.issuer, passage.edition.year) == ("Society of Elsewhere", 2008)
    assert passage.edition.source_url == "https://example.org/elsewhere"
    assert passage.edition.superseded


def test_the_shelf_lists_editions_without_loading_facts(tmp_path: Path) -> None:
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    (tmp_path / "pebbles_2020" / "facts.yaml").write_text("broken: [")
    shelf = Shelf.open(tmp_path)
    assert shelf.ids == ("pebbles_2010", "pebbles_2020")
    assert shelf.families == {"pebbles": ("pebbles_2020", "pebbles_2010")}
    assert shelf.names["pebble-rads"] == ("pebbles_2020", "pebbles_2010")
    assert shelf.names["pebble-rads 2010"] == ("pebbles_2010",)
    with pytest.raises(CorpusError, match=r"facts\.yaml:\d+: is not YAML"):
        shelf.get("pebbles_2020")


def test_the_shelf_names_a_missing_successor(tmp_path: Path) -> None:
    shutil.copytree(TINY / "pebbles_2010", tmp_path / "pebbles_2010")
    with pytest.raises(CorpusError, match="superseded_by names 'pebbles_2020'"):
        Shelf.open(tmp_path)


# --- What is graded ---


@pytest.mark.parametrize(
    ("values", "category"),
    [
        ({"finding": "pebble", "kind": "smooth", "width": 5.9}, "1"),
        ({"finding": "pebble", "kind": "smooth", "width": 6.0}, "2"),
        ({"finding": "pebble", "kind": "smooth", "width": 10.0}, "3"),
        ({"finding": "pebble", "kind": "smooth", "width": "< 6 mm"}, "1"),
        ({"finding": "pebble", "kind": "smooth", "width": "> 0.6 cm < 8 mm"}, "2"),
        ({"finding": "pebble", "kind": "smooth", "weight": 112.0}, "1"),
        ({"finding": "pebble", "kind": "smooth", "weight": 113.0}, "2"),
        ({"finding": "pebble", "kind": "smooth", "weight": 524.0}, "3"),
        ({"finding": "pebble", "kind": "rough", "core": 5.0}, "3"),
        ({"finding": "pebble", "kind": "rough", "width": 3.0}, "2"),
        ({"finding": "puddle", "colour": "mirror"}, "1"),
        ({"finding": "puddle", "colour": "blue", "ripples": "absent"}, "1"),
        ({"finding": "puddle", "colour": "blue", "ripples": "present", "width": 11.0}, "2"),
    ],
)
def test_decided(pebbles: Guideline, values: dict[str, Scalar], category: str) -> None:
    decision = graded(pebbles, **values)
    assert decision.category == category
    assert not decision.missing
    assert decision.fact_ids


@pytest.mark.parametrize(
    ("values", "missing", "possible"),
    [
        ({"finding": "pebble", "kind": "smooth"}, ("width",), ("1", "2", "3")),
        (
            {"finding": "pebble", "kind": "smooth", "width": ">= 5 mm <= 6 mm"},
            ("width",),
            ("1", "2"),
        ),
        ({"finding": "pebble", "kind": "rough", "width": 12.0}, ("core",), ("2", "3")),
        ({"finding": "puddle", "ripples": "present"}, ("colour",), ("1", "2")),
        ({"finding": "puddle", "colour": "blue"}, ("ripples",), ("1", "2")),
        ({"finding": "pebble"}, ("kind", "width", "core"), ("1", "2", "3")),
    ],
)
def test_missing(
    pebbles: Guideline,
    values: dict[str, Scalar],
    missing: tuple[str, ...],
    possible: tuple[str, ...],
) -> None:
    decision = graded(pebbles, **values)
    assert decision.category is None
    assert decision.missing == missing
    assert decision.possible == possible
    assert decision.clarification is not None
    assert decision.clarification.descriptor == missing[0]


def test_a_dispute_shows_every_reading(pebbles: Guideline) -> None:
    decision = graded(pebbles, finding="pebble", kind="rough", width=25.0, core=1.0)
    assert decision.category is None
    assert [(r.category, r.basis) for r in decision.readings] == [
        ("2", "by the core"),
        ("3", "some books"),
    ]
    assert decision.readings[1].fact_ids == ("pb.rough.big",)


def test_a_feature_lifts_only_the_categories_it_may(pebbles: Guideline) -> None:
    lifted = graded(pebbles, finding="pebble", kind="smooth", width=7.0, gleam="present")
    assert (lifted.category, lifted.management) == ("X", "Call the museum")
    assert lifted.notes == ("Category 2 without these features.", "Grade X because it gleams.")
    small = graded(pebbles, finding="pebble", kind="smooth", width=5.0, gleam="present")
    assert small.category == "1"
    assert small.notes == ("A gleam does not lift a plain pebble.",)
    agreed = graded(pebbles, finding="pebble", kind="rough", width=25.0, core=1.0, gleam="present")
    assert (agreed.category, agreed.readings) == ("X", ())


def test_an_exception_counts_only_where_it_is_stated(pebbles: Guideline) -> None:
    decision = graded(pebbles, finding="pebble", wet="present")
    assert (decision.category, decision.management) == (None, "Dry it first.")
    assert graded(pebbles, finding="pebble", kind="smooth", width=5.0, wet="absent").category == "1"


def test_a_later_table_gives_the_management(pebbles: Guideline) -> None:
    decision = graded(pebbles, finding="puddle", stated_grade="2", width=11.0)
    assert (decision.category, decision.management) == ("2", "Drain it.")
    assert (decision.row_text or "").count("\n") == 1
    open_width = graded(pebbles, finding="puddle", stated_grade="2")
    assert (open_width.category, open_width.management) == ("2", "Look again after 3 months")
    assert open_width.clarification is not None
    assert open_width.clarification.descriptor == "width"
    small = graded(pebbles, finding="puddle", stated_grade="2", width=10.0)
    assert (small.category, small.management) == ("2", None)
    assert "Nothing is said about small puddles of this grade." in small.notes


def test_points_are_shown_as_they_add_up(pebbles: Guideline) -> None:
    decision = graded(pebbles, finding="puddle", colour="blue", ripples="present", width=11.0)
    assert decision.notes == ("Points: Colour: blue, 1 point; Ripples: present, 3 points.",)
    assert "pb.points" in decision.fact_ids


def test_a_contradiction_is_reported_and_not_graded(pebbles: Guideline) -> None:
    decision = graded(pebbles, finding="pebble", kind="rough", width=5.0, core=8.0)
    assert (decision.category, decision.possible) == (None, ())
    assert decision.missing == ("core", "width")
    assert decision.notes == ("Core cannot be larger than width.",)


def test_two_statements_of_one_input_keep_both_open(pebbles: Guideline) -> None:
    said: list[tuple[str, Scalar]] = [
        ("finding", "pebble"),
        ("kind", "smooth"),
        ("width", 5.0),
        ("width", 7.0),
    ]
    decision = grade(pebbles, [Descriptor(name, value, None, "", (0, 0)) for name, value in said])
    assert decision.possible == ("1", "2")
    assert decision.notes == ("Width is stated in two ways; both are kept open.",)


def test_disagreeing_units_keep_both_open(pebbles: Guideline) -> None:
    decision = graded(pebbles, finding="pebble", kind="smooth", width=5.0, weight=200.0)
    assert decision.possible == ("1", "2")
    assert "both are kept open" in decision.notes[0]


def test_no_table_for_a_finding(pebbles: Guideline) -> None:
    assert "no table for this finding: cloud" in (
        graded(pebbles, finding="cloud").not_covered or ""
    )
    old = Shelf.open(TINY).get("pebbles_2010")
    assert "without decision tables" in (graded(old, finding="pebble").not_covered or "")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"finding": "mountain"}, "'mountain' is not declared"),
        ({"flavour": "sweet"}, "'flavour' is unknown"),
        ({"finding": "pebble", "width": "big"}, "'big' is no bounds"),
        ({"finding": "pebble", "width": "< 6"}, "needs its unit"),
    ],
)
def test_undeclared_input_is_an_error(
    pebbles: Guideline, values: dict[str, Scalar], message: str
) -> None:
    with pytest.raises(QuestionError, match=message):
        graded(pebbles, **values)


# --- What is rejected ---

DECISIONS, FACTS, ABOUT, WORDS = (
    "pebbles_2020/decisions.yaml",
    "pebbles_2020/facts.yaml",
    "pebbles_2020/guideline.yaml",
    "descriptors.yaml",
)

FAULTS = [
    ("gap", DECISIONS, '">= 6 mm < 1.0 cm"', '"> 6 mm < 1.0 cm"', r"GAP: .*'smooth' holds for width: 6 mm"),
    ("gap in an enum", DECISIONS, "kind: porous, wet: [unstated, absent]", "kind: rough, wet: absent", "OVERLAP: rows 'pebble.rough' and 'pebble.porous'"),
    ("overlap", DECISIONS, 'width: "< 6 mm"', 'width: "<= 6 mm"', r"OVERLAP: rows 'smooth.1' and 'smooth.2' both hold for width: 6 mm"),
    ("unknown descriptor", DECISIONS, "inputs: [width]\n", "inputs: [breadth]\n", r"'breadth' is not declared|not among"),
    ("unknown value", DECISIONS, "kind: porous", "kind: furry", r"rows\[pebble.porous\].when.kind: 'furry' is not declared"),
    ("unknown unit", DECISIONS, '"< 6 mm"}, category', '"< 6 inch"}, category', "unknown unit 'inch'"),
    ("unit of another kind", DECISIONS, '"< 6 mm"}, category', '"< 6 months"}, category', "months cannot be read as mm"),
    ("no unit", DECISIONS, '"< 6 mm"}, category', '"< 6"}, category', "needs its unit"),
    ("number without quotes", DECISIONS, 'category: "1", facts: [pb.smooth]', "category: 1, facts: [pb.smooth]", r"rows\[smooth.1\].category"),
    ("row without facts", DECISIONS, 'category: "1", facts: [pb.smooth]', 'category: "1", facts: []', "row 'smooth.1' names no facts"),
    ("unknown fact", DECISIONS, 'category: "1", facts: [pb.smooth]', 'category: "1", facts: [pb.smoth]', "no fact 'pb.smoth'"),
    ("number without a fact", DECISIONS, "< 1.0 cm", "< 1.2 cm", r"rows\[smooth.2\].when.width: row 'smooth.2': number 1.2 stands in none"),
    ("number in a note", DECISIONS, "From 10 mm on.", "From 11 mm on.", "number 11 stands in none"),
    ("number in our own management", DECISIONS, "say: Drain it.", "say: Drain 7 buckets.", "number 7 stands in none"),
    ("number in a not covered reason", DECISIONS, "not_covered: Nothing is said about porous", "not_covered: Not 3 porous", "number 3 stands in none"),
    ("unknown category", DECISIONS, 'width: ">= 10 mm"}, category: "3"', 'width: ">= 10 mm"}, category: "7"', "there is no category '7'"),
    ("category its facts do not name", DECISIONS, 'width: ">= 10 mm"}, category: "3"', 'width: ">= 10 mm"}, category: X', "none of the facts speaks of category X"),
    ("two outcomes", DECISIONS, 'category: "1", facts: [pb.smooth]', 'category: "1", not_covered: No., facts: [pb.smooth]', "needs exactly one outcome"),
    ("no outcome", DECISIONS, 'category: "1", facts: [pb.smooth]', "facts: [pb.smooth]", "needs exactly one outcome"),
    ("unknown table", DECISIONS, "see: smooth", "see: smoth", "there is no table 'smoth'"),
    ("tables in a circle", DECISIONS, 'category: "1", facts: [pb.smooth]', "see: pebble, facts: [pb.smooth]", "tables go round in a circle"),
    ("unreached table", DECISIONS, "    after: [puddle, stated]\n", "", "nothing leads to this table"),
    ("second step after no table", DECISIONS, "after: [puddle, stated]", "after: [puddle, state]", "no table 'state' to run after"),
    ("second step with a when", DECISIONS, "after: [puddle, stated]", "when: {finding: cloud}\n    after: [puddle, stated]", "either when or after"),
    ("category in a second step", DECISIONS, '"<= 1.0 cm"}, not_covered: Nothing is said about small puddles of this grade.', '"<= 1.0 cm"}, category: "1"', "second step gives a category"),
    ("tables that overlap", DECISIONS, "stated_grade: unstated", "stated_grade: [unstated, \"1\"]", "OVERLAP: tables 'puddle' and 'stated'"),
    ("unknown key", DECISIONS, "title: Smooth pebbles", "titel: Smooth pebbles", "title|titel"),
    ("duplicate key", DECISIONS, "title: Smooth pebbles", "title: Smooth\n    title: Rough", "key 'title' stands twice"),
    ("row id twice", DECISIONS, "id: smooth.2", "id: smooth.1", "row id 'smooth.1' stands twice"),
    ("input never asked", DECISIONS, "inputs: [width]\n", "inputs: [width, core]\n", "no row asks about 'core'"),
    ("agreeing dispute", DECISIONS, '{category: "3", basis: some books, facts: [pb.rough.big]}', '{category: "2", basis: some books, facts: [pb.rough]}', "all readings agree"),
    ("value without points", DECISIONS, "{grey: 0, blue: 1, mirror: 0}", "{grey: 0, blue: 1}", "points must be given for exactly"),
    ("points without a fact", DECISIONS, "{grey: 0, blue: 1, mirror: 0}", "{grey: 0, blue: 2, mirror: 0}", "2 points stand in none"),
    ("total without a row", DECISIONS, '">= 3 points"', '"3 points"', "GAP: .*'puddle'"),
    ("management of a missing key", DECISIONS, "{fact: pb.1, key: management}", "{fact: pb.1, key: what}", "no text under 'what'"),
    ("pair without a fact", DECISIONS, "[113, 6]", "[114, 6]", "number 114 stands in none"),
    ("existing label as nonexistent", DECISIONS, 'labels: ["9"]', 'labels: ["3"]', "also among the categories"),
    ("recalled fact", FACTS, "confidence: verified1", "confidence: recalled", "a recalled fact does not ship"),
    ("unknown confidence", FACTS, "confidence: verified1", "confidence: sure", "confidence"),
    ("fact twice", FACTS, "id: pb.none", "id: pb.grades", "fact 'pb.grades' stands twice"),
    ("unknown key in a fact", FACTS, "terms: [what to do, next look]", "words: [next look]", "words"),
    ("id is not the folder", ABOUT, "id: pebbles_2020", "id: pebbles", "must be the folder's name"),
    ("current but superseded", ABOUT, "superseded_by: null", "superseded_by: pebbles_2010", "superseded needs superseded_by"),
    ("yes is a boolean", ABOUT, "family: pebbles", "family: yes", "put it in quotes"),
    ("alias", ABOUT, "rights: Invented for tests.", "rights: &r Invented.\ngaps: [*r]", "an alias"),
    ("descriptor twice", WORDS, "name: ripples", "name: colour", "declared twice"),
    ("unknown unit of a descriptor", WORDS, "unit: mm3", "unit: pints", "unknown unit 'pints'"),
    ("enum without values", WORDS, "type: number\n    unit: months", "type: enum", "needs values"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "message"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS]
)
def test_every_slip_is_named_with_file_and_line(
    tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    path = tmp_path / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(CorpusError, match=message) as caught:
        Shelf.open(tmp_path).get("pebbles_2020")
    assert caught.value.file == str(path)
    assert caught.value.line is not None
    assert str(caught.value).startswith(f"{path}:{caught.value.line}: ")


def test_the_line_is_the_line_of_the_slip(tmp_path: Path) -> None:
    shutil.copytree(TINY, tmp_path, dirs_exist_ok=True)
    path = tmp_path / DECISIONS
    lines = path.read_text().split("\n")
    wrong = next(i for i, line in enumerate(lines) if "smooth.2" in line)
    lines[wrong] = lines[wrong].replace("1.0 cm", "1.2 cm")
    path.write_text("\n".join(lines))
    with pytest.raises(CorpusError) as caught:
        Shelf.open(tmp_path).get("pebbles_2020")
    assert caught.value.line == wrong + 1


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="cannot be read"):
        read_yaml(tmp_path / "none.yaml")
    with pytest.raises(CorpusError, match="holds no guideline"):
        Shelf.open(tmp_path)
