"""``corpus check`` passes on the shelf and names file and line of every planted fault."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rag.knowledge.check import check_corpus
from rag.settings import CORPUS

GUIDELINES = ("k_tirads_2016", "k_tirads_2021", "bi_rads_5", "bi_rads_2025", "protocols")
TOPIC, NAMES = "acr_ac_2025/topics/itch.yaml", "acr_ac_2025/procedures.yaml"
NEW, OLD = "k_tirads_2021", "k_tirads_2016"


def test_the_shelf_is_sound():
    checked = check_corpus(CORPUS)
    assert [str(fault) for fault in checked.faults] == []
    assert checked.sound
    assert (checked.editions, checked.topics) == (15, 257)
    assert checked.facts > 800
    assert checked.rows > 150


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A few real guidelines and one small topic, to plant faults in."""
    for name in GUIDELINES:
        shutil.copytree(CORPUS / name, tmp_path / name)
    shutil.copy(CORPUS / "descriptors.yaml", tmp_path)
    (tmp_path / "acr_ac_2025" / "topics").mkdir(parents=True)
    shutil.copy(CORPUS / "acr_ac_2025" / "guideline.yaml", tmp_path / "acr_ac_2025")
    (tmp_path / TOPIC).write_text(
        "topic: Itch\npanels: [Neurologic]\nscenarios:\n"
        "  - variant: 1\n    scenario: Itch; first test.\n    age: adult\n    sex: any\n"
        "    stage: initial\n    terms: [scratching]\n    confidence: verified2\n"
        "    procedures: |\n"
        "      8 | usually appropriate | O | O | Limited | US itch\n"
        "      5 | may be appropriate (disagreement) | O | - | Limited | MRI itch\n"
        "  - variant: 2\n    scenario: Itch that lasts; next test.\n    age: child\n    sex: any\n"
        "    stage: next\n    terms: [scratching]\n    confidence: verified2\n"
        "    procedures: |\n"
        "      2 | usually not appropriate | O | O | Limited | US itch\n",
        encoding="utf-8",
    )
    (tmp_path / NAMES).write_text(
        "procedures: |\n  US itch | US itch | ultrasound | - | - | -\n"
        "  MRI itch | MRI itch | MRI | - | - | -\n",
        encoding="utf-8",
    )
    return tmp_path


def test_the_small_corpus_is_sound(corpus):
    assert check_corpus(corpus).faults == ()


FAULTS = [
    # file, old text, new text, words of the message, text on the line that is named
    # --- schema ---
    (f"{NEW}/facts.yaml", "    section: Suspicious features\n", "", "section", "kt.susp"),
    (f"{NEW}/facts.yaml", "confidence: verified2", "confidence: recalled", "recalled", "recalled"),
    (f"{NEW}/guideline.yaml", "issuer:", "publisher:", "issuer", ""),
    (f"{NEW}/decisions.yaml", "kt.2021.3.size, kt.2021.strict]", "kt.2021.9.size]", "no fact",
     "biopsy.3.above"),
    (f"{NEW}/decisions.yaml", "comet_tail: present", "comet: present", "comet", "pattern.comet_tail"),
    (f"{NEW}/decisions.yaml", "composition: cystic}", "composition: fluid}", "fluid", "pattern.cyst"),
    # --- tables: a number without a fact, a gap, an overlap, an unknown unit ---
    (f"{NEW}/decisions.yaml", 'max_diameter: "> 2.0 cm"', 'max_diameter: "> 2.2 cm"', "2.2",
     "biopsy.3.above"),
    (f"{NEW}/decisions.yaml", 'max_diameter: "<= 2.0 cm"', 'max_diameter: "< 2.0 cm"', "GAP", ""),
    (f"{NEW}/decisions.yaml", 'max_diameter: "> 1.5 cm"', 'max_diameter: "> 1.0 cm"', "OVERLAP", ""),
    (f"{NEW}/decisions.yaml", 'max_diameter: "> 2.0 cm"', 'max_diameter: "> 2.0 inch"', "inch",
     "biopsy.3.above"),
    (f"{NEW}/decisions.yaml", "follow-up at 1, 3 and 5 years.", "follow-up at 1, 3 and 7 years.",
     "number 7", ""),
    # --- facts ---
    (f"{NEW}/facts.yaml", "is a size larger than 2.0 cm (>2.0 cm).", "is a size larger than 1.5 cm.",
     "", "kt.2021.3.size"),
    (f"{OLD}/facts.yaml", "id: kt.perf.2016", "id: kt.2021.5.risk", "also stands in",
     "kt.2021.5.risk"),
    ("protocols/facts.yaml", " (check your department's reaction card)", "", "reaction card",
     "pr.co.metoprolol"),
    ("protocols/facts.yaml", "'https://pmc.ncbi.nlm.nih.gov/articles/PMC5247306'", "'https:// pmc'",
     "no address", "pr.pr.seqs"),
    ("bi_rads_5/facts.yaml", "    note: Sources differ on whether", "    remark: Sources differ on",
     "remark", "remark"),
    # --- editions ---
    (f"{OLD}/guideline.yaml", "superseded_by: k_tirads_2021", "superseded_by: null", "superseded_by",
     "status"),
    (f"{OLD}/guideline.yaml", "superseded_by: k_tirads_2021", "superseded_by: k_tirads_2031",
     "not on the shelf", "superseded_by"),
    (f"{OLD}/guideline.yaml", "superseded_by: k_tirads_2021", "superseded_by: bi_rads_5",
     "another family", "superseded_by"),
    (f"{OLD}/guideline.yaml", "status: superseded\nsuperseded_by: k_tirads_2021",
     "status: current\nsuperseded_by: null", "current too", "status"),
    ("bi_rads_2025/guideline.yaml", "partial: true\n", "", "current too", "status"),
    (f"{NEW}/guideline.yaml", "Korean TI-RADS", "BI-RADS", "also a name of", "names"),
    (f"{NEW}/guideline.yaml", "doi: 10.3348/", "doi: doi.org/", "no DOI", "Ha EJ"),
    (f"{NEW}/changes.yaml", "was: [kt.2016.3.size]", "was: [kt.2016.3.sizes]", "no fact", "was"),
    (f"{NEW}/changes.yaml", "to more than 2.0 cm (2021)", "to more than 2.5 cm (2021)", "number 2.5",
     "2.5"),
    (f"{NEW}/changes.yaml", "since: k_tirads_2016", "since: k_tirads_2011", "not on the shelf",
     "since"),
    # --- topics ---
    (TOPIC, "8 | usually appropriate", "3 | usually appropriate", "goes with 7 to 9", "US itch"),
    (TOPIC, "5 | may be appropriate (disagreement)", "4 | may be appropriate (disagreement)",
     "goes with 5 to 5", "MRI itch"),
    (TOPIC, "Itch that lasts; next test.", "Itch;  first test.", "the same scenario", "variant: 2"),
    (TOPIC, "variant: 2", "variant: 1", "stands twice", "variant: 1"),
    (TOPIC, "MRI itch", "US itch", "rated twice", "US itch"),
    (TOPIC, "age: child", "age: small", "cannot read the age", "variant: 2"),
    (TOPIC, "topic: Itch", "topic: Itching", "must be itching.yaml", "topic: Itching"),
    (NAMES, "  MRI itch | MRI itch", "  CT itch | CT itch", "not in procedures.yaml", "MRI itch"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "words", "on_line"), FAULTS)
def test_a_planted_fault_is_found(corpus, file, old, new, words, on_line):
    path = corpus / file
    text = path.read_text(encoding="utf-8")
    assert old in text, "the fault cannot be planted: the corpus has changed"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    faults = [fault for fault in check_corpus(corpus).faults if words in fault.message]
    assert faults, [str(fault) for fault in check_corpus(corpus).faults]
    named = [(f, Path(f.file).read_text(encoding="utf-8").splitlines()[f.line - 1]) for f in faults]
    assert any(on_line in line for _, line in named), named
    assert all(str(fault).startswith(f"{fault.file}:{fault.line}: ") for fault in faults)


def test_a_misspelt_file_is_not_left_unread(corpus):
    (corpus / OLD / "decisions.yaml").rename(corpus / OLD / "decision.yaml")
    messages = [str(fault) for fault in check_corpus(corpus).faults]
    assert any("decision.yaml:1: is not read" in message for message in messages)


def test_a_folder_without_guideline_yaml_is_named(corpus):
    (corpus / OLD / "guideline.yaml").unlink()
    messages = [str(fault) for fault in check_corpus(corpus).faults]
    assert any("guideline.yaml:1: is missing" in message for message in messages)


def test_a_circle_of_editions_is_named(corpus):
    path = corpus / NEW / "guideline.yaml"
    text = path.read_text(encoding="utf-8").replace("status: current", "status: superseded")
    path.write_text(text.replace("superseded_by: null", f"superseded_by: {OLD}"), encoding="utf-8")
    messages = [str(fault) for fault in check_corpus(corpus).faults]
    assert any("in a circle" in message for message in messages)


def test_one_fault_does_not_hide_another(corpus):
    for name in (NEW, "bi_rads_5"):
        path = corpus / name / "facts.yaml"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("verified2", "certain", 1), encoding="utf-8")
    files = {Path(fault.file).parent.name for fault in check_corpus(corpus).faults}
    assert files >= {NEW, "bi_rads_5"}
