"""What a rule depends on beside sizes: timing, nodule type, level, margin, shape, population.

Each attribute is a closed list of exclusive values. A statement may name only values that its
passage names, and a statement of a rule ("... is category 3") must not leave out an attribute that
the rule depends on: "solid nodules below 6 mm are category 2" is wrong without "at baseline".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from rag.answering.grounding.labels import labels
from rag.answering.grounding.mentions import Lexicon, Mention, concepts, find, lexicon, quoted
from rag.answering.grounding.result import (
    CheckResult,
    Part,
    Unit,
    contradicted,
    passed,
    unsupported,
)
from rag.answering.grounding.systems import system_of
from rag.answering.grounding.text import ARROW, without_asides

_OPEN = re.compile(r"\b(?:may|can|might)\b", re.IGNORECASE)

IGNORED = "-"
"""Words that look like a value but are none: ``solid component``, ``a new category``."""

_SCAN = (
    r"(?:screening |screen )?(?:scan|exam|examination|CT|LDCT|study|screen|screening|round|visit)"
)
ATTRIBUTES: Mapping[str, Lexicon] = {
    "timing": lexicon(
        (IGNORED, r"new (?:overall )?(?:categor(?:y|ies)|edition|version|rules?|table|score|assessment|code|one)"
                  r"|growth (?:definition|means|is)|smaller than|(?:smaller|larger) or equal"),
        ("slow_growing", r"slow(?:ly)?[- ]growing|slow(?:er)? growth|grow(?:s|ing|n)? slowly|slowly (?:growing|enlarging)"),
        ("baseline", rf"baseline|(?:first|initial) {_SCAN}"),
        ("new", r"new|newly"),
        ("growing", r"grow(?:s|ing|n|th)?|grew|enlarg\w+|increas\w+ in (?:size|diameter)|doubl\w+"),
        ("smaller", r"smaller|decreas\w+|shr[aiu]nk\w*|shrinking|reduced in size|regress\w+"),
        ("stable", r"stable|stability|unchanged|persist\w*|no change(?! of| to)|not changed|has not changed|without change"),
        ("resolved", r"resolv\w+|disappear\w*|resolution"),
    ),
    "nodule type": lexicon(
        (IGNORED, r"solid (?:component|part|portion)s?"),
        ("part_solid", r"part(?:ly|ially)?[- ]solid|mixed solid and ground[- ]glass"),
        ("non_solid", r"non-?\s?solid|ground[- ]glass|GGNs?|GGOs?|pure ground[- ]glass"),
        ("subsolid", r"sub-?solid"),
        ("solid", r"solid"),
    ),
    "finding": lexicon(
        ("juxtapleural", r"juxta-?pleural"),
        ("perifissural", r"perifissural|PFNs?|intrapulmonary lymph nodes?"),
        ("airway", r"airways?|endobronchial|endotracheal"),
        ("cyst", r"cysts?|cystic"),
        ("tree_in_bud", r"tree-in-bud"),
        ("mass", r"mass|masses"),
        ("calcification", r"calcifications?|calcified|calcium"),
        ("asymmetry", r"asymmetr(?:y|ies)"),
    ),
    "airway level": lexicon(
        ("subsegmental", r"sub-?segmental"),
        ("segmental", r"segmental(?: or more proximal)?|lobar|proximal"),
    ),
    "cyst wall": lexicon(("thin", r"thin[- ]walled|thin wall"), ("thick", r"thick[- ]walled|thick wall")),
    "locules": lexicon(("uni", r"unilocular"), ("multi", r"multilocular")),
    "margin": lexicon(
        ("smooth", r"smooth\w*"),
        ("spiculated", r"spicul\w+"),
        ("microlobulated", r"microlobulated"),
        ("lobulated", r"lobulated"),
        ("irregular", r"irregular"),
        ("indistinct", r"indistinct"),
        ("ill_defined", r"ill[- ]defined"),
        ("obscured", r"obscured"),
        ("circumscribed", r"circumscribed"),
    ),
    "shape": lexicon(
        ("oval", r"oval|ovoid"),
        ("lentiform", r"lentiform|lens-shaped|lenticular"),
        ("triangular", r"triangular|triangle"),
        ("round", r"round"),
    ),
    "echogenicity": lexicon(
        ("very_hypoechoic", r"(?:very|markedly) hypo-?echoic"),
        ("hypoechoic", r"hypo-?echo\w+"),
        ("iso_or_hyper", r"iso-?/?(?:echoic)? ?(?:or|/|-) ?hyper-?echoic"),
        ("hyperechoic", r"hyper-?echo\w+"),
        ("isoechoic", r"iso-?echo\w+"),
        ("anechoic", r"anecho\w+"),
    ),
    "orientation": lexicon(
        ("nonparallel", r"non-?parallel|not parallel|taller[- ]than[- ]wide"),
        ("parallel", r"parallel|wider[- ]than[- ]tall"),
    ),
    "side": lexicon(("left", r"left"), ("right", r"right")),
}  # fmt: skip
"""Attributes with their values; earlier values of one attribute take their words away first."""

POPULATIONS: Mapping[str, Lexicon] = {
    "pregnancy": lexicon(
        ("lactating", r"lactat\w+|breast-?feed\w+"),
        ("not_pregnant", r"non-?pregnant|not pregnant"),
        ("pregnant", r"pregnan\w+|gravid|expectant mothers?"),
    ),
    "age group": lexicon(
        (
            "child",
            r"child(?:ren|hood)?|p(?:a)?ediatric\w*|infants?|neonat\w+|newborns?|toddlers?|adolescents?|boys?|girls?",
        ),
        ("older", r"elderly|older adults?|older patients?"),
        ("adult", r"adults?"),
    ),
    "sex": lexicon(("female", r"wom[ae]n|females?"), ("male", r"m[ae]n|males?")),
    "setting": lexicon(
        ("screening", r"screen(?:ing|ings|ed|s)?"), ("incidental", r"incidental\w*")
    ),
    "symptoms": lexicon(
        ("asymptomatic", r"asymptomatic|without symptoms|no symptoms"),
        ("symptomatic", r"symptomatic"),
    ),
    "risk": lexicon(
        (
            IGNORED,
            r"\w+[- ]risk (?:features?|findings?|lesions?|signs?|papillary|of (?:malignan\w+|cancer))|risk (?:factors?|ranges?)",
        ),
        ("high_risk", r"high(?:er)?[- ]risk|increased risk|elevated risk"),
        ("low_risk", r"low(?:er)?[- ]risk"),
        ("average_risk", r"average[- ]risk|intermediate[- ]risk"),
    ),
    "immunity": lexicon(("immunosuppressed", r"immunosuppress\w+|immunocompromi\w+")),
}
_MUST_BE_SAID = ("pregnancy", "age group", "risk", "symptoms")
"""Populations that a statement may not drop: what holds for them need not hold for others."""

_IMPLIED = {"lung_rads": "screening", "fleischner": "incidental"}
"""The setting that a guideline's own title implies."""


@lru_cache(maxsize=8192)
def values(text: str, attribute: str) -> frozenset[str]:
    """The values of one attribute that the text names."""
    words = ATTRIBUTES.get(attribute) or POPULATIONS[attribute]
    return concepts(text, words) - {IGNORED}


def mentions(text: str) -> tuple[Mention, ...]:
    """Every attribute value that the text names, with its place."""
    tables = (*ATTRIBUTES.values(), *POPULATIONS.values())
    return tuple(mention for table in tables for mention in find(text, table))


def denying_phrases(text: str) -> tuple[Mention, ...]:
    """Values named by what they are not: "without symptoms", "not pregnant", "has not changed"."""
    tables = (POPULATIONS["symptoms"], POPULATIONS["pregnancy"], ATTRIBUTES["timing"])
    named = (mention for table in tables for mention in find(text, table))
    return tuple(m for m in named if m.concept in ("asymptomatic", "not_pregnant", "stable"))


def is_rule(text: str) -> bool:
    """Whether the unit gives a category its conditions: it has an arrow or a resulting label."""
    named = labels(text)
    if ARROW.search(text):
        return bool(named)
    results = [x for x in named if x.role == "target"]
    conditions = sum(bool(values(text, attribute)) for attribute in ATTRIBUTES)
    return bool(results) and conditions > 1 and not _OPEN.search(text)


def inherited(part: Part, attribute: str) -> frozenset[str]:
    """What the statement so far, the decision or the question says of the attribute."""
    sources = (part.before, part.asked.decision, part.asked.question)
    return next((found for text in sources if (found := values(text, attribute))), frozenset())


def _decided(part: Part, attribute: str) -> frozenset[str]:
    """What a statement may repeat of the finding that a table has decided on."""
    if not part.asked.decision:
        return frozenset()
    return values(part.asked.decision, attribute) | values(part.asked.question, attribute)


def check_attributes(part: Part, unit: Unit) -> CheckResult:
    """Timing, type, location, margin, ... of the statement are those of the passage."""
    for attribute in ATTRIBUTES:
        result = _check(part, unit, attribute, required=is_rule(without_asides(unit.text)))
        if not result.passed:
            return result
    return passed("conditions")


def check_population(part: Part, unit: Unit) -> CheckResult:
    """The people a statement speaks of are those its passage speaks of."""
    for attribute in POPULATIONS:
        result = _check(part, unit, attribute, required=attribute in _MUST_BE_SAID)
        if not result.passed:
            return result
    return passed("population")


def _check(part: Part, unit: Unit, attribute: str, *, required: bool) -> CheckResult:
    own, there = values(part.text, attribute), _named_in(unit, attribute)
    extra = own - there
    if extra and not (not there and extra <= _decided(part, attribute)):
        return _extra(part, unit, attribute, extra, bool(there))
    needed = values(without_asides(unit.text), attribute) if required else frozenset()
    if own or not needed:
        return passed(attribute)
    known = inherited(part, attribute)
    if not known:
        return unsupported(attribute, f"leaves out the {attribute}, on which the passage depends")
    if not known & needed:
        return contradicted(attribute, f"the cited passage is about another {attribute}")
    return passed(attribute)


def _named_in(unit: Unit, attribute: str) -> frozenset[str]:
    named = values(unit.text, attribute) | values(unit.section, attribute)
    if attribute == "setting":
        named |= {_IMPLIED[system] for system in system_of(unit.edition) if system in _IMPLIED}
    if attribute == "finding" and values(unit.text, "locules"):
        named |= {"cyst"}  # only cysts have locules
    return named


def _extra(
    part: Part, unit: Unit, attribute: str, extra: frozenset[str], other: bool
) -> CheckResult:
    words = ATTRIBUTES.get(attribute) or POPULATIONS[attribute]
    spans = tuple(m.span for m in find(part.text, words) if m.concept in extra)
    named = quoted(part.text, spans)
    if other:
        return contradicted(
            attribute, f"{named} is not the {attribute} of the cited passage", spans
        )
    return unsupported(attribute, f"{named} does not stand in the cited passage", spans)
