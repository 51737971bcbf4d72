"""Orders in common wording -> rows of a procedure table.

"CT abd/pel w contrast", "MRI brain w/wo", "CXR", "KUB", "V/Q" are read as modality, body parts and
contrast, and matched with the vocabulary names of one table. What an order leaves open (contrast,
say) it matches in every form; what it says must agree. Two lists: the order's own words here, the
guideline's in ``procedures.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rag.knowledge.appropriateness import Procedure
from rag.knowledge.procedure_names import ProcedureName, spelled
from rag.types import Span

Names = Mapping[str, ProcedureName]
"""Vocabulary by printed name, as ``load_procedure_names`` gives it."""

Contrast = str
"""``without``, ``with`` or ``both`` (without and with)."""


@dataclass(frozen=True, slots=True)
class Order:
    """A study somebody asks for: ``family`` of the modality, the body ``parts``, ``contrast``.

    ``words`` must all stand in the procedure's name; ``None`` and empty where the order is open.
    """

    text: str
    span: Span
    family: str
    parts: frozenset[str] = frozenset()
    contrast: Contrast | None = None
    words: tuple[str, ...] = ()


# Studies with a name of their own: pattern, family, body parts, contrast, words of the name.
_NAMED: tuple[tuple[str, str, str, Contrast | None, str], ...] = (
    (r"c\.?x\.?r\b|chest (?:x-?\s?rays?|radiographs?|films?|xr)", "radiography", "chest", None, ""),
    (r"kub(?! ct)|(?<!ct )kub", "radiography", "abdomen", None, ""),
    (r"abdominal (?:x-?\s?rays?|films?|radiographs?)|axr", "radiography", "abdomen", None, ""),
    (r"ct kub|(?:non-?contrast )?ct stone(?: protocol)?|stone protocol ct", "ct", "abdomen pelvis", "without", ""),
    (r"ct-?\s?pa\b|ct pulmonary angio\w*|pe protocol ct|ct (?:chest )?(?:for pe|pe protocol)", "cta", "chest", None, ""),
    (r"v\s?/?\s?q(?: scan)?|ventilation[- ]perfusion(?: scan)?", "nuclear", "lung", None, "v/q"),
    (r"mrcp", "mri", "abdomen", None, "mrcp"),
    (r"hida(?: scan)?|cholescintigraphy", "nuclear", "gallbladder", None, ""),
    (r"dexa|dxa|bone density(?: scan)?", "densitometry", "", None, "dxa"),
    (r"(?:digital breast )?tomosynthesis|dbt", "mammography", "breast", None, "tomosynthesis"),
    (r"mammogra(?:m|ms|phy)|mammo", "mammography", "breast", None, "mammography"),
    (r"tee\b|transesophageal echo\w*|toe\b", "echo", "heart", None, "transesophageal"),
    (r"stress echo\w*", "echo", "heart", None, "stress"),
    (r"(?:transthoracic )?echo(?:cardiogra\w+)?|tte", "echo", "heart", None, ""),
    (r"(?:3|three)[- ]phase bone scan", "nuclear", "", None, "3-phase bone scan"),
    (r"bone scan|bone scintigraphy", "nuclear", "", None, "bone scan"),
    (r"wbc scan|white (?:blood )?cell scan|leukocyte scan", "nuclear", "", None, "wbc scan"),
    (r"psma pet\S*", "pet", "", None, "psma"),
    (r"dotatate(?: pet\S*)?", "pet", "", None, "dotatate"),
    (r"pet/?-?\s?mri?", "pet", "", None, "pet/mri"),
    (r"(?:fdg[- ])?pet(?:/?-?\s?ct)?(?: scan)?", "pet", "", None, "pet"),
    (r"ct urogra\w+|ctu\b|ct ivp", "ct", "", None, "urography"),
    (r"(?:ct|mr) enterography", "", "small bowel", None, "enterography"),
    (r"ct colonography|virtual colonoscopy|ctc\b", "ct", "colon", None, "colonography"),
    (r"(?:coronary (?:artery )?)?calcium score|coronary calcium|cac\b", "ct", "", None, "calcium"),
    (r"coronary cta?|ccta|cta? coronar\w+|cardiac cta", "cta", "coronary arteries", None, ""),
    (r"vcug|mcug|voiding cystourethro\w+|micturating cystogra\w+", "fluoroscopy", "bladder", None, "cystourethrography"),
    (r"barium swallow|esophagram|oesophagram", "fluoroscopy", "", None, "esophagram|swallow"),
    (r"upper gi(?: series)?|ugi(?: series)?|barium meal", "fluoroscopy", "", None, "upper gi"),
    (r"(?:barium|contrast) enema", "fluoroscopy", "", None, "enema"),
    (r"hsg|hysterosalpingo\w+", "fluoroscopy", "uterus", None, "hysterosalpingography"),
    (r"venous doppler|dvt (?:ultrasound|us|scan|study)|venous duplex", "us", "", None, "doppler"),
    (r"carotid (?:doppler|duplex|us|ultrasound)", "us", "carotid artery", None, "carotid"),
    (r"transvaginal (?:us|uss|ultrasound)|tvus?\b", "us", "", None, "transvaginal"),
    (r"skeletal survey", "radiography", "", None, "skeletal survey"),
    (r"ct myelogra\w+|myelogram", "ct", "", None, "myelography"),
    (r"(?:mr|mri) arthrogra\w+", "mri", "", None, "arthrography"),
    (r"ct arthrogra\w+", "ct", "", None, "arthrography"),
)  # fmt: skip
_MODALITIES: tuple[tuple[str, str], ...] = (
    ("cta", r"ct[- ]?a(?:ngio\w*)?(?!\s*[/&+])|ct angio\w*"),
    ("ctv", r"ct[- ]?v(?:enogra\w*)?"),
    ("mra", r"mr[- ]?a(?:ngio\w*)?|mr angio\w*"),
    ("mrv", r"mr[- ]?v(?:enogra\w*)?"),
    ("ct", r"(?:low[- ]dose |ld)?(?:ncct|ct|cat)(?: scans?)?|computed tomography"),
    ("mri", r"mri?(?: scans?)?|magnetic resonance(?: imaging)?"),
    ("us", r"uss?|ultrasound|ultrasonography|sonogra\w+|u/s|doppler|duplex"),
    ("radiography", r"x-?\s?rays?|xr|radiographs?|radiography|plain films?|films?"),
    ("arteriography", r"(?:catheter |conventional )?(?:angiogra\w+|arteriogra\w+)|dsa"),
    ("fluoroscopy", r"fluoroscopy|fluoro"),
)  # fmt: skip
_PARTS: tuple[tuple[str, str], ...] = (
    ("abdomen pelvis", r"abd(?:o|omen|ominal)?\s*(?:/|-|and|&|\+|,)?\s*pelv(?:is|ic)?|abd?/?\s?pelv?|a\s?/\s?p|ap\b|a&p|a\+p|abdo\s?pelvis"),
    ("chest abdomen pelvis", r"cap\b|c/a/p|chest,? abd\w*,? (?:and |& )?pelvis"),
    ("head", r"head|brain|cranial|intracranial"),
    ("cervical spine", r"c[- ]?spine|cervical(?: spine)?"),
    ("thoracic spine", r"t[- ]?spine|thoracic(?: spine)?|dorsal spine"),
    ("lumbar spine", r"l[- ]?s?[- ]?spine|lumbar(?: spine)?|lumbosacral(?: spine)?|low(?:er)? back"),
    ("complete spine", r"(?:whole|complete|total|full) spine"),
    ("spine", r"spine"),
    ("neck", r"neck|carotids?"),
    ("orbits", r"orbits?|eyes?"),
    ("paranasal sinuses", r"sinus(?:es)?|paranasal sinuses"),
    ("maxillofacial", r"face|facial(?: bones)?|maxillofacial"),
    ("temporal bone", r"temporal bones?|iac|internal auditory canals?"),
    ("sella", r"pituitary|sella"),
    ("chest", r"chest|thorax|lungs?"),
    ("heart", r"heart|cardiac"),
    ("breast", r"breasts?"),
    ("axilla", r"axilla|armpit"),
    ("abdomen", r"abd(?:omen|ominal|o)?|belly|liver|pancreas|ruq|right upper quadrant"),
    ("kidneys", r"kidneys?|renal"),
    ("pelvis", r"pelv(?:is|ic)"),
    ("scrotum", r"scrot(?:um|al)|testic\w+|testes"),
    ("prostate", r"prostate"),
    ("thyroid", r"thyroid"),
    ("shoulder", r"shoulders?"), ("elbow", r"elbows?"), ("wrist", r"wrists?|scaphoid"), ("hand", r"hands?|fingers?"),
    ("hip", r"hips?"), ("knee", r"knees?"), ("ankle", r"ankles?"), ("foot", r"foot|feet"),
    ("sacroiliac joints", r"si joints?|sacroiliac(?: joints?)?"),
    ("lower extremity", r"legs?|lower (?:extremit\w+|limbs?|leg)|tib\W?fib|tibia"),
    ("upper extremity", r"arms?|upper (?:extremit\w+|limbs?)"),
    ("aorta", r"aorta|aortic"),
    ("pregnant uterus", r"obstetric|pregnant uterus|fetal|ob"),
)  # fmt: skip
_CONTRAST: tuple[tuple[Contrast, str], ...] = (
    ("both", r"w\s?/?\s?(?:and|&|\+|/)\s?w/?o|w\s?/\s?wo|wwo|with(?:out)? (?:and|&) with(?:out)?(?: \w+)? ?contrast|with(?:out)? and with(?:out)?|"
             r"w ?/?o (?:and|&|\+) w(?:ith)?|pre[- ]and[- ]post[- ]contrast|\+/-\s?contrast|w/o\s?&\s?w"),
    ("without", r"w/?o(?:ut)?(?: iv)?(?: contrast| con| gad\w*)?|without(?: iv)?(?: contrast| gad\w*)?|no(?:n)?-?\s?contrast|noncon|unenhanced|plain|dry|c-(?!\w)"),
    ("with", r"w/?(?: iv)? ?(?:contrast|con\b|gad\w*)|with(?: iv)?(?: contrast| gad\w*| dye)|contrast[- ]?enhanced|ce(?=ct|mri?)|enhanced|post-?contrast|\+c|c\+|iv contrast"),
)  # fmt: skip
_FAMILIES: dict[str, frozenset[str]] = {
    "ct": frozenset({"CT", "CT arthrography", "CT myelography"}),
    "cta": frozenset({"CT angiography", "CT angiography and venography"}),
    "ctv": frozenset({"CT venography", "CT angiography and venography"}),
    "mri": frozenset({"MRI", "MR arthrography"}),
    "mra": frozenset({"MR angiography", "MR angiography and venography"}),
    "mrv": frozenset({"MR venography", "MR angiography and venography"}),
    "us": frozenset({"ultrasound", "Doppler ultrasound", "echocardiography"}),
    "echo": frozenset({"echocardiography"}),
    "radiography": frozenset({"radiography", "radiographic contrast study"}),
    "fluoroscopy": frozenset({"fluoroscopy", "radiographic contrast study"}),
    "nuclear": frozenset({"nuclear medicine"}),
    "pet": frozenset({"PET/CT", "PET/MRI", "PET"}),
    "mammography": frozenset({"mammography"}),
    "densitometry": frozenset({"bone densitometry"}),
    "arteriography": frozenset({"catheter study"}),
}
_NAMED_PATTERNS = tuple(
    (re.compile(rf"(?<![\w/])(?:{pattern})(?!\w)", re.I), family, part, contrast, words)
    for pattern, family, part, contrast, words in _NAMED
)
_MODALITY = tuple(
    (name, re.compile(rf"(?<![\w/])(?:{words})(?!\w)", re.I)) for name, words in _MODALITIES
)
_PART = tuple(
    (name, re.compile(rf"[\s/,&+-]*(?:of |the |and |for )*(?:{words})(?!\w)", re.I))
    for name, words in _PARTS
)
_WITH = tuple((name, re.compile(rf"[\s,(]*(?:{words})(?!\w)", re.I)) for name, words in _CONTRAST)
_SIDE = re.compile(
    r"[\s,/]*(?:(?:of|right|left|both|bilateral|r|l|rt|lt|his|her|my|the|a|an|of|scan|portable)\b[\s,/]*)+",
    re.I,
)
_BEFORE = tuple((name, re.compile(rf"(?<!\w)(?:{words})\s+$", re.I)) for name, words in _PARTS)
_CONTRAST_BEFORE = tuple(
    (name, re.compile(rf"(?<!\w)(?:{words})\s*$", re.I)) for name, words in _CONTRAST
)


def read_orders(text: str) -> tuple[Order, ...]:
    """The studies that ``text`` names, in order; studies with names of their own first read.

    >>> [(o.family, sorted(o.parts), o.contrast) for o in read_orders("CT abd/pel w contrast")]
    [('ct', ['abdomen', 'pelvis'], 'with')]
    """
    found: list[Order] = []
    for pattern, family, part, contrast, words in _NAMED_PATTERNS:
        for match in pattern.finditer(text):
            if _free(match.span(), found):
                end, parts, given = _tail(text, match.end())
                names = frozenset(
                    part.split(" ") if part == "abdomen pelvis" else [part] if part else []
                )
                span = (match.start(), end)
                found.append(
                    Order(
                        text[slice(*span)],
                        span,
                        family,
                        names or parts,
                        contrast or given,
                        tuple(filter(None, words.split("|"))),
                    )
                )
    for family, modality in _MODALITY:
        for match in modality.finditer(text):
            if _free(match.span(), found):
                found.append(_order(text, match, family))
    return tuple(sorted(found, key=lambda order: order.span))


def _free(span: Span, found: list[Order]) -> bool:
    return all(span[1] <= order.span[0] or order.span[1] <= span[0] for order in found)


def _order(text: str, match: re.Match[str], family: str) -> Order:
    end, parts, contrast = _tail(text, match.end())
    start = match.start()
    for name, pattern in _CONTRAST_BEFORE:
        before = pattern.search(text[:start])
        if before and contrast is None:
            contrast, start = name, before.start()
            break
    if not parts:
        for name, pattern in _BEFORE:
            before = pattern.search(text[:start])
            if before:
                parts, start = _split(name), before.start()
                break
    return Order(text[start:end], (start, end), family, parts, contrast)


def _tail(text: str, place: int) -> tuple[int, frozenset[str], Contrast | None]:
    """Body parts and contrast that follow a modality, as far as they follow without a gap."""
    parts: frozenset[str] = frozenset()
    contrast: Contrast | None = None
    end = place
    while True:
        step = _step(_PART, text, end)
        if step is not None:
            parts |= _split(step[0])
            end = step[1]
            continue
        given = _step(_WITH, text, end) if contrast is None else None
        if given is not None:
            contrast, end = given
            continue
        side = _SIDE.match(text, end)
        if (
            side is None
            or side.end() == end
            or not any(p.match(text, side.end()) for _, p in _PART)
        ):
            return end, parts, contrast
        end = side.end()


def _step(
    patterns: tuple[tuple[str, re.Pattern[str]], ...], text: str, place: int
) -> tuple[str, int] | None:
    matches = [(name, m.end()) for name, p in patterns if (m := p.match(text, place))]
    return max(matches, key=lambda item: item[1], default=None)


def _split(name: str) -> frozenset[str]:
    return (
        frozenset(name.split(" "))
        if name in {"abdomen pelvis", "chest abdomen pelvis"}
        else frozenset({name})
    )


_WITHIN = {
    "head": {"brain", "head"}, "chest": {"chest", "pulmonary arteries", "lung"},
    "pelvis": {"pelvis", "uterus", "adnexa", "ovaries", "pregnant uterus", "sacroiliac joints"},
    "abdomen": {"abdomen", "liver", "biliary", "gallbladder", "aorta", "kidneys"},
    "heart": {"heart", "coronary", "coronary arteries"}, "kidneys": {"kidneys", "kidney", "renal", "urinary tract", "abdomen"},
    "orbits": {"orbits", "orbit"}, "maxillofacial": {"maxillofacial", "face"}, "spine": {"spine", "complete spine"},
    "lower extremity": {"lower extremity", "leg", "tibia and fibula", "lower extremities", "extremity"},
    "upper extremity": {"upper extremity", "extremity"}, "foot": {"foot", "hindfoot", "calcaneus"},
    "wrist": {"wrist", "hand"}, "lung": {"lung", "chest"}, "hip": {"hip", "hips", "pelvis"},
    "temporal bone": {"temporal bone", "internal auditory canal", "head"}, "neck": {"neck", "carotid artery"},
}  # fmt: skip
_AREA = frozenset({"area of interest", "whole body", "skull base to mid-thigh"})


def match_procedures(
    order: Order, procedures: Iterable[Procedure], names: Names
) -> tuple[Procedure, ...]:
    """The rows of one table that the order means, best fit first, then by rating.

    A row fits when its modality is the order's and everything the order says of part, contrast and
    name agrees; a row that also covers other parts fits less well.
    """
    scored = [(fit, row) for row in procedures if (fit := _fit(order, row, names)) is not None]
    best = sorted(scored, key=lambda item: (-item[0], -(item[1].rating or 0), item[1].name))
    top = best[0][0] if best else 0.0
    return tuple(row for fit, row in best if fit >= top - 1e-6)


def _fit(order: Order, row: Procedure, names: Names) -> float | None:
    known = names.get(spelled(row.name))
    if known is None or (order.family and known.modality not in _FAMILIES[order.family]):
        return None
    lowered = known.name.lower()
    if order.words and not any(word in lowered for word in order.words):
        return None
    if order.contrast and contrast_of(known.contrast, lowered) != order.contrast:
        return None
    if not order.parts:
        return 1.0
    theirs = set(known.body_parts)
    met = [part for part in order.parts if theirs & ({part} | _WITHIN.get(part, set()))]
    if _any_area(theirs):
        return 0.5
    if len(met) < len(order.parts):
        return None
    extra = len(theirs) - len(met)
    return 2.0 - 0.25 * max(extra, 0) - (0.2 if "abbreviated" in lowered else 0.0)


def of_any_area(row: Procedure, names: Names) -> bool:
    """Whether a row names no part of the body: its scenario says which one is meant."""
    known = names.get(spelled(row.name))
    return known is not None and _any_area(set(known.body_parts))


def _any_area(parts: set[str]) -> bool:
    return parts <= _AREA or any("area of interest" in part for part in parts)


def contrast_of(contrast: str | None, name: str) -> Contrast | None:
    """The vocabulary's contrast as an order says it."""
    text = contrast or name
    if "without and with" in text:
        return "both"
    if "without" in text:
        return "without"
    return "with" if "with iv" in text.lower() or contrast else None
