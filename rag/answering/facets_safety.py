"""What changes the choice of a study for safety: renal function, allergy, implants, immunity, cancer."""

from __future__ import annotations

import re

from rag.answering.facets_denied import denied
from rag.answering.facets_people import Read, descriptor

_CONDITIONS: tuple[tuple[str, str], ...] = (
    ("contrast_allergy",
     r"(?:(?:iodinated |iv |ct |gadolinium |gad )?(?:contrast|iodine|gadolinium)(?: media| dye)?[- ]"
     r"(?:(?:severe|known|prior|previous|documented) )?(?:allerg\w+|(?:adverse |allergic )?reaction|hypersensitivity|anaphyla\w+)|allerg\w+ to (?:iodinated |iv |ct |the )?(?:contrast|iodine|gadolinium|dye)|"
     r"(?:reacted|anaphyla\w+|hives) (?:to|with|after) (?:iv |ct |iodinated )?(?:contrast|dye)|dye allergy)"),
    ("gadolinium_contraindicated",
     r"(?:gadolinium|gbca|mri contrast|gad) (?:is )?(?:contraindicated|not possible|allergy)|nsf\b"),
    ("pacemaker", r"pacemaker|ppm|icd\b|(?:implantable )?defibrillator|cardiac device"),
    ("mri_contraindicated",
     r"mri?[- ](?:is )?(?:contraindicated|unsafe|not possible|incompatible)|(?:non|not)[- ]?mri?[- ](?:compatible|safe|conditional)|(?:cannot|can't|can not|unable to) (?:have|get|undergo)"
     r" (?:an )?mri?|cochlear implant|aneurysm clip|neuro-?stimulator|metal(?:lic)? (?:fragment|foreign body) in (?:the |his |her )?eye|"
     r"claustrophob\w+"),
    ("immunocompromised",
     r"immuno-?\s?(?:compromised|suppress\w+|deficien\w+)|neutropeni\w+|hiv\b|aids\b|(?:on|receiving) (?:chemo\w*|"
     r"methotrexate|tacrolimus|biologics?|azathioprine|rituximab)|bone marrow transplant|stem cell transplant|"
     r"(?:solid )?organ transplant|transplant recipient"),
    ("known_cancer",
     r"(?:known|history of|h/o|hx of|previous|prior|past|diagnosed with|established|metastatic|treated) (?:\w+ ){0,3}"
     r"(?:cancer|ca\b|carcinoma|malignan\w+|lymphoma|melanoma|sarcoma|leuk(?:a)?emia|myeloma|tumou?r)|"
     r"(?:cancer|carcinoma|lymphoma|melanoma|sarcoma|myeloma) (?:patient|history|survivor|hx)"),
    ("anticoagulated", r"anticoagula\w+|warfarin|apixaban|rivaroxaban|eliquis|xarelto|doac|blood thinners?|on heparin"),
    ("dialysis", r"(?:on |ha?emo|peritoneal )dialysis|dialysis[- ]dependent|esr[df]|hd patient"),
    ("renal_impairment", r"ckd\b|chronic kidney disease|renal (?:impairment|failure|insufficiency)|aki\b|acute kidney injury|"
                         r"(?:raised|elevated|high) creatinine"),
    ("metformin", r"metformin"),
    ("unstable", r"(?:ha?emodynamic(?:ally)? )?unstable|ha?emodynamic instability|hypotensi(?:ve|on)|in shock|septic shock"),
    ("trauma", r"trauma(?:tic)?|injur(?:y|ed|ies)|mvc|mva|rt[ac]|fell|fall from|car crash|(?:car|road|traffic) accident|assault\w*|"
               r"kicked|hit (?:by|her|his)|gunshot|stab\w*"),
    ("past_disease",
     r"known|established|previously|previous|prior|earlier|history of|h/o|hx of|past|recurren\w+|relapse\w*|persist\w+|"
     r"already (?:diagnosed|treated|repaired|known)|chronic(?:ally)? known|came back|comeback"),
    ("past_treatment",
     r"treated|after (?:treatment|therapy|surgery|repair|resection|operation|ablation|chemo\w*|radio\w*)|post-?\s?(?:op\w*|treatment|therapy|"
     r"surg\w+|procedur\w+)|s/p|status post|underwent|following (?:surgery|treatment|repair)|had (?:surgery|an operation|a repair)|repaired|"
     r"resected|replacement|arthroplasty|(?:mast|lump|nephr|prostat|colect|orchi|thyroid|hyster|cholecyst|lob)ectomy|transplant\w*|stent(?:ed|s)?|"
     r"bypass|reconstruct\w+|evar|tevar|ablated|chemoradi\w+"),
    ("lactating", r"lactating|breast-?\s?feeding|nursing (?:mother|woman)"),
    ("postpartum", r"post-?\s?partum|after (?:delivery|giving birth|childbirth)|post-?natal"),
)  # fmt: skip
_PATTERNS = tuple((name, re.compile(rf"\b(?:{words})\b", re.I)) for name, words in _CONDITIONS)
_GFR = re.compile(r"\be?gfr\s*(?:of|is|was|=|:|<|>|~)?\s*(?P<n>\d{1,3})(?:\.\d)?\b", re.I)


def read_conditions(text: str) -> tuple[frozenset[str], Read]:
    """Conditions the text states, without those it denies ("no contrast allergy")."""
    found: set[str] = set()
    read: list[tuple[tuple[int, int], str]] = []
    for name, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if denied(text, match.start()):
                continue
            found.add(name)
            read.append((match.span(), name))
            break
    return frozenset(found), tuple(descriptor("condition", n, None, text, s) for s, n in read)


def read_gfr(text: str) -> tuple[float | None, Read]:
    """eGFR in mL/min/1.73 m2 as written."""
    match = _GFR.search(text)
    if match is None:
        return None, ()
    value = float(match["n"])
    return value, (descriptor("gfr", value, "mL/min/1.73 m2", text, match.span()),)
