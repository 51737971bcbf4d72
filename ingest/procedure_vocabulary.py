"""Printed procedure names -> one vocabulary: name, modality, body part, contrast, laterality.

Topics print the same procedure in different case and, now and then, in different words. Here every
printed name is read by its own grammar (modality first, then body part, then contrast). Nothing is
guessed: a part that a name does not state is ``-``. Used once by ``import_appropriateness``; the
result, ``corpus/acr_ac_2025/procedures.yaml``, is owned as data from then on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NONE = "-"
OTHER = "procedure or treatment"

MODALITIES: tuple[tuple[str, str], ...] = (
    (r"(image|us|trus|mr|mri|ct|endoscopic us)[- ](guided|targeted)\b", "image-guided procedure"),
    (r"angiography and |angiography with |.*angiograph.*\b(thrombolytic|embolization)",
     "image-guided procedure"),
    (r"cta and ctv\b", "CT angiography and venography"),
    (r"cta\b", "CT angiography"),
    (r"(ctv|ct venography)\b", "CT venography"),
    (r"ct myelography\b", "CT myelography"),
    (r"ct arthrography\b", "CT arthrography"),
    (r"ctu?\b", "CT"),
    (r"mra and mrv\b", "MR angiography and venography"),
    (r"mra\b", "MR angiography"),
    (r"mrv\b", "MR venography"),
    (r"mr arthrography\b", "MR arthrography"),
    (r"(mri|mru|mr)\b", "MRI"),
    (r"us echocardiography\b", "echocardiography"),
    (r"us intravascular\b", "intravascular ultrasound"),
    (r"us (color|duplex) doppler\b.*aspiration", "image-guided procedure"),
    (r"us (color|duplex) doppler\b", "Doppler ultrasound"),
    (r"(us|trus|surveillance us|voiding urosonography)\b", "ultrasound"),
    (r"radiographic (arthrography|myelography)\b", "radiographic contrast study"),
    (r"radiography\b", "radiography"),
    (r"fluoroscopy\b", "fluoroscopy"),
    (r"(digital breast tomosynthesis|mammography|ductography)\b", "mammography"),
    (r"(dxa|qct|qus|sxa|tbs)\b", "bone densitometry"),
    (r".*\bpet/ct\b", "PET/CT"),
    (r".*\bpet/mri\b", "PET/MRI"),
    (r".*\bpet\b", "PET"),
    (r".*\b(scan|spect|lymphoscintigraphy|renography|mbi)\b|nuclear medicine|dtpa ",
     "nuclear medicine"),
    (r"(arteriography|aortography|venography|lymphangiography|venous sampling|discography"
     r"|catheter venography|catheter-directed angiography|mesenteric angiography"
     r"|catheterization)\b", "catheter study"),
    (r"(ercp|capsule endoscopy|push enteroscopy|diagnostic/therapeutic colonoscopy"
     r"|endoscopic/bronchoscopic|bronchoscopic)", "endoscopy"),
    (r"(ankle brachial index|plethysmography)", "physiological test"),
)  # fmt: skip
"""First match wins; a name that starts otherwise is a procedure or a treatment."""

CONTRAST = (
    ("without and with hepatobiliary contrast", "without and with hepatobiliary"),
    ("without and with iv contrast", "without and with IV"),
    ("without iv contrast", "without IV"),
    ("with iv contrast", "with IV"),
    ("with bladder contrast", "with bladder"),
    ("with tubal contrast agent", "with tubal"),
)
LATERALITY = (
    (r"\bbilateral\b", "bilateral"),
    (r"\bipsilateral\b", "ipsilateral"),
    (r"\bright or left\b", "right or left"),
    (r"\bleft\b", "left"),
)
PROPER = {
    word.lower(): word
    for word in (
        "ABIs ACE BRTO CT CTA CTU CTV CDT/PMT DCFPyL DMSA DOTATATE DTI DTPA DXA E1 ERCP EUS-BD FAST "
        "FDG-PET FDG-PET/CT FDG-PET/MRI GI HMPAO I-123 I-131 IV IVC MAG3 MBI MIBG MPI MR MRA MRCP MRI "
        "MRU MRV N-13 PCN PCNU PET/CT PET/MRI PICC PSMA PYP QCT QUS RBC RLQ Rb-82 SMA SPECT SPECT/CT "
        "SXA TBS TIPS TRUS TTTS Tc-99m UGI US US-guided TRUS-guided V/Q VFA WBC Doppler fMRI "
        "Broden’s MR-guided MRI-targeted ACE-inhibitor"
    ).split()
}
SAME = {
    "ctu without and with iv contrast": "CT urography without and with IV contrast",
    "mru without and with iv contrast": "MR urography without and with IV contrast",
    "mru without iv contrast": "MR urography without IV contrast",
    "tips": "transjugular intrahepatic portosystemic shunt",
    "surgical endarterectomy or bypass": "surgical bypass or endarterectomy",
    "qct lumbar spine and hip": "QCT lumbar spine and hip(s)",
    "mri chest, abdomen, pelvis without and with iv contrast":
        "MRI chest abdomen pelvis without and with IV contrast",
    "mri chest, abdomen, pelvis without iv contrast":
        "MRI chest abdomen pelvis without IV contrast",
    "mri abdomen and pelvis (without and with iv contrast)":
        "MRI abdomen and pelvis without and with IV contrast",
    "mri abdomen and pelvis (without iv contrast)":
        "MRI abdomen and pelvis without IV contrast",
}  # fmt: skip
"""Different words for one procedure; everything else differs in case only."""

BODY_PARTS = (
    "area of interest|whole body|skull base to mid-thigh|skull base|complete spine"
    "|cervical and thoracic spine|thoracic and lumbar spine|cervical spine|thoracic spine"
    "|lumbar spine|spine|lumbosacral plexus|brachial plexus|sacroiliac joints|internal auditory canal"
    "|temporal bone|paranasal sinuses|maxillofacial|craniofacial|cervicocerebral|cerebral|head|brain"
    "|orbits?|face|neck|sella|petrosal sinus|skull|mandible|parotid|thyroid|parathyroid|pharynx"
    "|carotid artery|transcranial|chest|lungs?|pulmonary arter(?:y|ies)|pulmonary|mediastinal"
    "|bronchial|thoracic|ribs?|breast|axillary node|axilla|coronary arter(?:y|ies)|coronary"
    "|right heart|heart|aorta|aortoiliac arterial segment|iliofemoral arteries|iliofemoral system"
    "|subclavian (?:artery and )?vein|external jugular vein|internal jugular vein|femoral vein"
    "|iliac veins?|iliac artery|renal veins?|ovarian vein|portal vein|splenic vein|hepatic vein"
    "|superior mesenteric vein|inferior vena cava|ivc|mesenteric|visceral|abdomen|esophag(?:us|eal)"
    "|esophagram|upper gi|ugi tract|small bowel|gallbladder|biliary|liver|hepatic|spleen|splenic"
    "|pancrea\\w+|kidney transplant|kidneys?|renal|adrenal gland|retroperitoneum|retroperitoneal"
    "|bladder|urethra|prostatectomy bed|prostate|scrotum|pelvis|hips?|adnexa|ovaries|cervix"
    "|pregnant uterus|maternal uterine artery|uterine artery|fetal middle cerebral artery"
    "|fetal umbilical artery|ductus venosus|fetal|anus|endoanal|groin|lymph node"
    "|upper extremity|lower extremit(?:y|ies)|extremity|shoulder|elbow|distal forearm|wrist|hand"
    "|hindfoot|femur|knee|tibia and fibula|leg|ankle tendon sheath|ankle|calcaneus|foot"
    "|appendicular skeleton|axial skeleton|hemodialysis access"
)
BODY_PART = re.compile(rf"\b(?:{BODY_PARTS})\b")
IMPLIED_PART = (
    (r"mammography|tomosynthesis|ductography|\bmbi\b", "breast"),
    (r"echocardiography|\bmpi\b|pyp scan", "heart"),
    (r"v/q scan", "lung"),
    (r"mrcp", "biliary"),
    (r"sonohysterography|hysterosalpingography|hyster", "uterus"),
    (r"colonography|colonoscopy|barium enema", "colon"),
    (r"enterography|enteroclysis", "small bowel"),
    (r"cystography|cystourethrography|urosonography", "bladder"),
    (r"urethrography", "urethra"),
    (r"renography", "kidneys"),
    (r"urography|\bctu\b|\bmru\b|pyelography", "urinary tract"),
)
"""Parts that the kind of study states by itself."""


@dataclass(frozen=True, slots=True)
class ProcedureName:
    """One printed name and what it says; parts that it does not state are ``-``."""

    printed: str
    name: str
    modality: str
    body_part: str
    contrast: str
    laterality: str

    def columns(self) -> tuple[str, ...]:
        return (
            self.printed, self.name, self.modality, self.body_part, self.contrast, self.laterality,
        )  # fmt: skip


def read_name(printed: str) -> ProcedureName:
    """What a printed procedure name states.

    >>> read_name("MRI Breast Without and With IV Contrast").columns()[2:]
    ('MRI', 'breast', 'without and with IV', '-')
    """
    low = " ".join(printed.lower().split())
    modality = next((m for pattern, m in MODALITIES if re.match(pattern, low)), OTHER)
    return ProcedureName(
        printed=printed,
        name=vocabulary_name(low),
        modality=modality,
        body_part=body_part(low),
        contrast=_contrast(low),
        laterality=next((side for pattern, side in LATERALITY if re.search(pattern, low)), NONE),
    )


def vocabulary_name(low: str) -> str:
    """The one spelling of a procedure: lower case, acronyms and proper names kept."""
    text = SAME.get(low) or " ".join(_word(word) for word in low.split(" "))
    return text[:1].upper() + text[1:] if not text.startswith(("fMRI",)) else text


def _word(word: str) -> str:
    bare = word.strip("(),")
    return word.replace(bare, PROPER[bare]) if bare in PROPER else word


def _contrast(low: str) -> str:
    """All contrast statements in the order printed, joined with `` + `` for composite studies."""
    found: list[tuple[int, str]] = []
    rest = low
    for phrase, meaning in CONTRAST:
        while (at := rest.find(phrase)) >= 0:
            found.append((at, meaning))
            rest = rest[:at] + "#" * len(phrase) + rest[at + len(phrase) :]
    return " + ".join(meaning for _, meaning in sorted(found)) or NONE


def body_part(low: str) -> str:
    """The body parts a name states, in its order and joined with commas, or ``-``.

    >>> body_part("ct abdomen and pelvis with iv contrast")
    'abdomen, pelvis'
    """
    named = dict.fromkeys(BODY_PART.findall(low.replace("(not pelvis or hip)", "")))
    implied = (part for pattern, part in IMPLIED_PART if re.search(pattern, low))
    return ", ".join(dict.fromkeys((*named, *implied))) or NONE
