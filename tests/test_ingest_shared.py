"""Real guideline documents, where a folder with them is at hand: the right document and page.

The documents are their publishers' and are not in the repository: ``RADCITE_SHARED`` names a
folder whose ``pdfs/`` holds them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.build import BuildReport, build_index
from rag.retrieval.search import PassageSearch
from rag.settings import load_settings
from tests.tiny_shelf import write_tiny_corpus

RLQ = "ACR_right_lower_quadrant_pain_narrative.pdf"
ADRENAL = "IF_adrenal_JACR.pdf"
FISTULA = "ACR_IR_Dialysis_Fistula_Malfunction.pdf"
ACCESS = "ACR_IR_Central_Venous_Access_Device_and_Site_Selection.pdf"
DVT = "ACR_IR_Radiologic_Management_of_Iliofemoral_Venous_Thrombosis.pdf"
LUNG = "ACR_IR_Radiologic_Management_of_Thoracic_Nodules_and_Masses.pdf"
PANCREAS = "ACR_acute_pancreatitis_narrative.pdf"
LIVER = "RADS_LI-RADS_2018_core.pdf"

CASES = [
    ("right lower quadrant pain in pregnancy MRI", RLQ, {1, 14, 15, 16, 18}),
    ("negative appendectomy rate without preoperative CT, low clinical probability", RLQ, {5}),
    ("noncontrast CT for appendicitis: pooled sensitivity and specificity", RLQ, {5, 9}),
    ("Tc-99m white blood cell scan for suspected appendicitis", RLQ, {8, 14, 18}),
    ("fecal loading sign on abdominal radiograph in appendicitis", RLQ, {7, 12, 13, 17}),
    ("dual-energy CT for gangrenous appendicitis", RLQ, {3}),
    ("incidental adrenal mass smaller than 1 cm in the short axis: follow-up?", ADRENAL, {4}),
    ("adrenal mass stable for 1 year", ADRENAL, {4}),
    ("absolute percentage washout threshold for adenoma", ADRENAL, {5}),
    ("adrenal mass of 4 cm without history of cancer: resection?", ADRENAL, {5}),
    ("myelolipoma with macroscopic fat in the adrenal: further workup?", ADRENAL, {4}),
    ("threshold growth definition in v2018, 50% in 6 months", LIVER, {6, 27, 34}),
    ("dialysis access flow in mL/min that predicts dysfunction or thrombosis", FISTULA, {7}),
    ("diagnostic fistulography without the intention to intervene", FISTULA, {6, 7}),
    ("PICC in a patient with chronic kidney disease", ACCESS, {3, 12, 13, 15}),
    ("how often do nontunneled dialysis catheters fail in critical care", ACCESS, {6}),
    ("compression stockings to prevent postthrombotic syndrome", DVT, {4, 5}),
    ("May-Thurner syndrome, iliac vein compression and stent", DVT, {1, 5, 6}),
    ("acceptable complication rate of percutaneous lung biopsy", LUNG, {9}),
    ("needle angle and prone position against pneumothorax in lung biopsy", LUNG, {9}),
    (
        "first presentation of acute pancreatitis within 48 to 72 hours",
        PANCREAS,
        {1, 3, 4, 5, 6, 17},
    ),
    ("MRI severity index in acute pancreatitis", PANCREAS, {9}),
]


@pytest.fixture(scope="module")
def built(
    shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[PassageSearch, BuildReport]:
    pdfs = sorted((shared / "pdfs").glob("*.pdf"))
    if not pdfs:
        pytest.skip("the extra material holds no pdfs/")
    folder = tmp_path_factory.mktemp("shared")
    settings = load_settings(home=folder / "home", corpus=write_tiny_corpus(folder / "corpus"))
    report = build_index(settings, pdfs)
    return PassageSearch(settings), report


def test_every_document_is_read(built: tuple[PassageSearch, BuildReport]) -> None:
    _, report = built
    assert report.failed == ()
    assert set(report.added) >= {name for _, name, _ in CASES}
    assert any("could not be read" in notice for _, notice in report.notices)


@pytest.mark.parametrize(("question", "document", "pages"), CASES)
def test_the_right_document_and_page(
    built: tuple[PassageSearch, BuildReport], question: str, document: str, pages: set[int]
) -> None:
    search, _ = built
    found = [(hit.passage.document, hit.passage.page) for hit in search.hits(question, 3)]
    assert any(name == document and page in pages for name, page in found), found
