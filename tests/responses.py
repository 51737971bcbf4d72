"""Responses as ``ask`` gives them, made by hand: one of each kind that front ends must show."""

from __future__ import annotations

from rag.types import (
    Answer,
    AppropriatenessTable,
    Clarification,
    Decision,
    Descriptor,
    Edition,
    Evidence,
    Hit,
    NeedsDetails,
    Passage,
    RatedProcedure,
    Reading,
    Refusal,
    Response,
    ScenarioRef,
    Statement,
    Withheld,
)

LUNG = Edition(
    "lung_rads_v2022",
    "Lung-RADS",
    "v2022",
    "American College of Radiology (ACR)",
    2022,
    None,
    "https://doi.org/10.1016/j.chest.2023.10.028",
)
LUNG_OLD = Edition(
    "lung_rads_v1_1", "Lung-RADS", "v1.1", "American College of Radiology (ACR)", 2019,
    "lung_rads_v2022", None,
)  # fmt: skip
FLEISCHNER = Edition("fleischner_2017", "Fleischner", "2017", "Fleischner Society", 2017)
MANUAL = Edition("doc-3f2a", "CT protocol manual", "2025", "Radiology department", 2025)

HOSTILE = "<script>window.hacked=1</script><img src=x onerror=window.hacked=1> **bold** $x^2$ [l](javascript:alert(1)) :material/home:"


def passage(
    id: str, text: str, section: str, kind: str = "fact", edition: Edition = LUNG, **more: object
) -> Passage:
    return Passage(id, text, f"{edition.label} > {section}: {text}", kind, edition, section, **more)  # type: ignore[arg-type]


ROW_4A = passage(
    "row4a",
    "Parenchymal nodules: solid; baseline; mean diameter >= 8 mm < 15 mm: category 4A, LDCT at 3 months",
    "Solid nodules",
    "row",
    fact_ids=("lr22.solid.baseline.4A",),
)
MANAGE_4A = passage(
    "man4a",
    'Category 4A "Suspicious": LDCT at 3 months; PET/CT may be considered when there is a solid nodule or '
    "solid component of at least 8 mm (268 mm3).",
    "Categories and management",
    fact_ids=("lr22.cat4A.management",),
)
GROWTH = passage(
    "growth",
    "Growth is an increase in mean diameter of more than 1.5 mm (more than 2 mm3) within 12 months.",
    "Growth",
    fact_ids=("lr22.growth.def",),
    note="The volume figure rests on one source.",
)
CATEGORIES = passage(
    "cats",
    "The complete set of exam categories is 0, 1, 2, 3, 4A, 4B, 4X; S is a modifier appended to a category.",
    "System",
    fact_ids=("lr22.system.categories",),
)
NO_5_6 = passage(
    "no56",
    "Lung-RADS has no category 5 and no category 6 (a confusion with BI-RADS).",
    "System",
    fact_ids=("lr22.system.no_5_6",),
)
PAGE = passage(
    "page7",
    "Portal venous phase at 70 s after the start of injection; 120 kV, reconstructed at 3 mm.",
    "Abdomen",
    "document",
    MANUAL,
    page=7,
    document="ct-protocols.pdf",
)

SIZE = Descriptor("mean_diameter", 9.0, "mm", "9 mm", (0, 4))
SOLID = Descriptor("nodule_type", "solid", None, "solid", (5, 10))
BASELINE = Descriptor("timing", "baseline", None, "baseline", (23, 31))

CATEGORY = Answer(
    id="q1",
    question="9 mm solid nodule on a baseline screening CT",
    route="category",
    text="Lung-RADS 4A: LDCT at 3 months. [1]",
    statements=(
        Statement("Lung-RADS 4A: LDCT at 3 months.", (1,)),
        Statement(
            "A solid nodule of 8 mm or more and less than 15 mm at baseline is category 4A.", (1,)
        ),
        Statement(
            "PET/CT may be considered when there is a solid nodule or solid component of at least 8 mm (268 mm3).",
            (2,),
            "partly",
        ),
    ),
    evidence=(Evidence(1, ROW_4A, ROW_4A.text), Evidence(2, MANAGE_4A, MANAGE_4A.text)),
    retrieved=(Hit(ROW_4A, 0.9, 1, 1, 0.8),),
    decisions=(
        Decision(
            LUNG,
            "nodule",
            category="4A",
            management="LDCT at 3 months",
            row="solid.baseline.4A",
            row_text=ROW_4A.text,
            fact_ids=("lr22.solid.baseline.4A",),
            descriptors=(SIZE, SOLID, BASELINE),
        ),
    ),
    index=None,
    elapsed_ms=12.3,
)
TEXT = Answer(
    id="q2",
    question="What counts as growth in Lung-RADS?",
    route="guideline_text",
    text=f"{GROWTH.text} [1]",
    statements=(Statement(GROWTH.text, (1,)),),
    withheld=(
        Withheld(
            "Growth is more than 2 mm within 12 months.",
            "contradicted",
            "says 2 mm, the source says 1.5 mm",
        ),
    ),
    notices=("The endpoint answered too slowly; guideline sentences are shown as they are.",),
    evidence=(Evidence(1, GROWTH, GROWTH.text),),
    index="all-MiniLM-L6-v2-384-p1",
    elapsed_ms=48.0,
)
DOCUMENT = Answer(
    id="q3",
    question="Which delay for the portal venous phase?",
    route="guideline_text",
    text="Portal venous phase at 70 s after the start of injection. [1]",
    statements=(Statement("Portal venous phase at 70 s after the start of injection.", (1,)),),
    evidence=(Evidence(1, PAGE, PAGE.text),),
    mode="llm",
    model="small-model",
    index="all-MiniLM-L6-v2-384-p1",
)
NONEXISTENT = Refusal(
    id="q4",
    question="What is Lung-RADS 6?",
    route="category",
    text=f"{NO_5_6.text} [1]\n{CATEGORIES.text} [2]",
    statements=(Statement(CATEGORIES.text, (2,)),),
    evidence=(Evidence(1, NO_5_6, NO_5_6.text), Evidence(2, CATEGORIES, CATEGORIES.text)),
    kind="nonexistent",
    reason="Lung-RADS v2022 has no category 6; it has 0, 1, 2, 3, 4A, 4B, 4X.",
)
NOT_COVERED = Refusal(
    id="q5",
    question="What is the capital of France?",
    route="none",
    text="No indexed guideline covers this.",
    kind="off_topic",
    reason="No indexed guideline covers this.",
)
DETAILS = NeedsDetails(
    id="q6",
    question="8 mm solid nodule",
    route="category",
    text="Is this the baseline examination, or is the nodule new?",
    statements=(Statement("A new solid nodule of 8 mm or more is category 4B.", (1,)),),
    evidence=(Evidence(1, ROW_4A, ROW_4A.text),),
    decisions=(
        Decision(
            LUNG,
            "nodule",
            descriptors=(Descriptor("mean_diameter", 8.0, "mm", "8 mm", (0, 4)), SOLID),
            missing=("timing",),
            possible=("2", "4A", "4B"),
            clarification=None,
        ),
    ),
    clarification=Clarification(
        "timing",
        "Is this the baseline examination, or is the nodule new, growing, slow-growing or stable since the last one?",
        (("baseline", "Baseline (first screening)"), ("new", "New"), ("growing", "Growing")),
    ),
)
HALF_DECIDED = NeedsDetails(
    id="q11",
    question="8 mm solid nodule, new",
    route="category",
    text="Lung-RADS 4B: clinical referral. [1]",
    statements=(Statement("Lung-RADS 4B: clinical referral.", (1,)),),
    evidence=(Evidence(1, ROW_4A, ROW_4A.text),),
    decisions=(
        Decision(LUNG, "solid", category="4B", management="clinical referral"),
        Decision(FLEISCHNER, "single_solid", missing=("risk",)),
    ),
    clarification=Clarification(
        "risk", "Is the risk low or high?", (("low", "Low risk"), ("high", "High risk"))
    ),
)
NUMBER = NeedsDetails(
    id="q7",
    question="new solid nodule?",
    route="category",
    text="What is the mean diameter?",
    decisions=(
        Decision(LUNG, "nodule", missing=("mean_diameter",), possible=("2", "3", "4A", "4B")),
    ),
    clarification=Clarification("mean_diameter", "What is the mean diameter?", (), "mm"),
)
DISPUTED = Answer(
    id="q8",
    question="new 10 mm part-solid nodule, solid component 5 mm",
    route="category",
    text="Sources read this row of Lung-RADS differently: 4B or 4A.",
    statements=(Statement("Sources read this row of Lung-RADS differently: 4B or 4A.", (1,)),),
    evidence=(Evidence(1, ROW_4A, ROW_4A.text),),
    decisions=(
        Decision(
            LUNG,
            "nodule",
            row="partsolid.new.ge6",
            readings=(
                Reading("4B", "Diagnostic chest CT", ("a",), "the solid part counts as new"),
                Reading("4A", "LDCT at 3 months", ("b",), "the baseline cut-offs hold"),
            ),
        ),
    ),
)
CRITERIA = Edition(
    "acr_ac_2025", "ACR Appropriateness Criteria", "release of April 2025",
    "American College of Radiology (ACR)", 2025,
)  # fmt: skip
STONE_ROWS = (
    RatedProcedure("US Kidneys", "usually appropriate", 7, "O", "O"),
    RatedProcedure(
        "CT Abdomen", "may be appropriate", 6, "\u2622\u2622\u2622", "\u2622\u2622\u2622\u2622"
    ),
    RatedProcedure("US Color Doppler", "may be appropriate (disagreement)", 5, "O", None),
    RatedProcedure("Radiography", "usually not appropriate", 2, "Varies", None),
    RatedProcedure("CTU", "usually not appropriate", None, None, None),
)
STONE = passage(
    "stone",
    "Flank Pain (2023), scenario 3: Pregnant patient, stone suspected; first test.\n"
    "US Kidneys: usually appropriate (7).\nCT Abdomen: may be appropriate (6).",
    "Flank Pain",
    "scenario",
    CRITERIA,
)
APPROPRIATE = Answer(
    id="q12",
    question="first test for suspected kidney stone in pregnancy?",
    route="appropriateness",
    text="Usually appropriate: US Kidneys (7). [1]",
    statements=(
        Statement(
            "Flank Pain (2023), scenario 3: Pregnant patient, stone suspected; first test.", (1,)
        ),
        Statement("Usually appropriate: US Kidneys (7).", (1,)),
        Statement("May be appropriate: CT Abdomen (6).", (1,)),
    ),
    evidence=(Evidence(1, STONE, STONE.text),),
    appropriateness=AppropriatenessTable(
        "Flank Pain", 2023, "Revised since.", "Pregnant patient, stone suspected; first test.", 3,
        STONE_ROWS, (ScenarioRef("Flank Pain", "Not pregnant; first test.", 1),),
    ),
)  # fmt: skip
SUPERSEDED = Answer(
    id="q9",
    question="category 4A stable at 3 months in Lung-RADS v1.1",
    route="category",
    text="Lung-RADS 2: annual LDCT. [1]",
    statements=(Statement("Lung-RADS 2: annual LDCT.", (1,)),),
    evidence=(
        Evidence(
            1,
            passage(
                "old", "Stable for 3 months or more: category 2.", "Follow-up", edition=LUNG_OLD
            ),
            "Stable for 3 months or more: category 2.",
        ),
    ),
    decisions=(Decision(LUNG_OLD, "followup", category="2", management="annual LDCT"),),
)
_HOSTILE_PASSAGE = Passage(
    "bad", HOSTILE, HOSTILE, "document", Edition("x", HOSTILE, HOSTILE, HOSTILE, 2024, HOSTILE, "javascript:alert(1)"),
    HOSTILE, page=1, document=HOSTILE, note=HOSTILE,
)  # fmt: skip
HOSTILE_ANSWER = NeedsDetails(
    id="q10",
    question=HOSTILE,
    route="category",
    text=HOSTILE,
    statements=(Statement(HOSTILE, (1,)),),
    withheld=(Withheld(HOSTILE, "unsupported", HOSTILE),),
    notices=(HOSTILE,),
    evidence=(Evidence(1, _HOSTILE_PASSAGE, HOSTILE),),
    decisions=(
        Decision(
            _HOSTILE_PASSAGE.edition, HOSTILE, row_text=HOSTILE, possible=(HOSTILE,), missing=("timing",),
            descriptors=(Descriptor("nodule_type", HOSTILE, None, HOSTILE, (0, 3)),),
            readings=(Reading(HOSTILE, HOSTILE, (), HOSTILE),), notes=(HOSTILE,),
        ),
    ),
    clarification=Clarification("timing", HOSTILE, (("new", HOSTILE),)),
    mode="llm",
    model=HOSTILE,
    index=HOSTILE,
)  # fmt: skip

ALL: tuple[Response, ...] = (
    CATEGORY,
    TEXT,
    DOCUMENT,
    NONEXISTENT,
    NOT_COVERED,
    DETAILS,
    HALF_DECIDED,
    NUMBER,
    DISPUTED,
    APPROPRIATE,
    SUPERSEDED,
    HOSTILE_ANSWER,
)
