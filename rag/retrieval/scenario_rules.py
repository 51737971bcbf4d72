"""Rules of the ranking that are facts and not learned: trimester, quadrant, and what is left unsaid.

A referral at 8 weeks is not for the third trimester, one of the left lower quadrant not for the right.
A referral that states no age is an adult's wherever an adult scenario fits, and one that asks for no
treatment wants imaging wherever an imaging scenario fits. One that speaks of no pregnancy, of no man and
of nothing felt is not for the topics named for these.
"""

from __future__ import annotations

import re

import numpy as np

from rag.knowledge.facet_values import Facets
from rag.retrieval.postings import Floats
from rag.retrieval.scenario_index import SEXES, STAGES, Bools, ScenarioIndex

UNSAID = np.float32(3.0)
"""Score taken from children's and from treatment scenarios where the question does not say so, at
most; less where no other scenario fits nearly as well."""
SUSPECTED = np.float32(1.0)
"""Score taken from scenarios of a known disease where the question only suspects one."""
_SECOND_FROM, _THIRD_FROM = 14.0, 28.0
"""Weeks of gestation from which the second and the third trimester count (ACOG)."""
_TRIMESTERS = (
    re.compile(r"\bfirst[- ]trimester|first trimester", re.I),
    re.compile(r"\bsecond(?: and third| or third)?[- ]trimesters?", re.I),
    re.compile(r"\b(?:second (?:and|or) )?third[- ]trimesters?", re.I),
)
_QUADRANTS: dict[str, re.Pattern[str]] = {
    name: re.compile(rf"\b(?:{words})\b", re.I)
    for name, words in {
        "right lower": r"right lower quadrant|rlq|rif|right iliac fossa",
        "left lower": r"left lower quadrant|llq|lif|left iliac fossa",
        "right upper": r"right upper quadrant|ruq",
        "left upper": r"left upper quadrant|luq",
    }.items()
}
_SPINE: dict[str, re.Pattern[str]] = {
    name: re.compile(rf"\b(?:{words})\b", re.I)
    for name, words in {
        "cervical": r"cervical(?: spine| spinal| radiculopathy| pain| myelopathy|, thoracic| (?:and|or) thoracic)|neck pain|c-?spine",
        "thoracic": r"thoracic (?:back|spine|spinal|(?:and|or) lumbar)|(?:upper|mid(?:dle)?)[- ]?back|t-?spine|thoracolumbar",
        "lumbar": r"low(?:er)?[- ]back|lumbar|lumbosacral|l-?s?-?spine|lbp|sciatica|thoracolumbar",
    }.items()
}
_CHILD = re.compile(r"\b(?:child\w*|infan\w+|bab(?:y|ies)|newborn|neonat\w+|toddler|p(?:a)?ediatric|kids?|boys?|girls?|teen\w*|adolescen\w+)\b", re.I)  # fmt: skip
_PREGNANCY = re.compile(
    r"\b(?:pregnan\w*|gravid\w*|gestation\w*|trimester|f(?:o)?et(?:al|us|uses)|obstetric\w*|placent\w*|ectopic|ante-?natal|"
    r"pre-?natal|miscarr\w*|labou?r|in utero|amnio\w*|expecting|conception|embryo\w*|anomaly scan|twins?|monochorionic|dichorionic|"
    r"b-?hcg|hcg|lmp|ivf|(?:\d+ )?weeks?(?: \d)?)\b", re.I)  # fmt: skip
"""What speaks of a pregnancy without saying it."""

_MEN = re.compile(r"\b(?:male|men)\b", re.I)
_FELT_TITLE = re.compile(r"\bpalpable\b", re.I)
_FELT = re.compile(
    r"\b(?:im)?palpa\w*|\b(?:lump|mass|nodul|swell|bump|knot|thicken|feel|felt)\w*", re.I
)


_ONE_CRANIAL_NERVE = re.compile(
    r"\b(?:isolated|unilateral)\b.{0,40}\b(?:CN|cranial nerve|nerve)\b", re.I
)
_LIMB_OR_SPEECH = re.compile(
    r"\b(?:arms?|legs?|limbs?|hands?|side)\b[^.;]{0,20}\b(?:weak\w*|numb\w*|paraly\w+|drift\w*|heavy|dropp\w+)"
    r"|\b(?:weak\w*|numb\w*|paraly\w+|drift\w*) (?:of |in )?(?:the |his |her |my )?(?:right |left )?(?:arms?|legs?|limbs?|hands?|side)\b"
    r"|\b(?:can'?t|cannot|unable to) (?:lift|move|raise) (?:the |his |her |my )?(?:right |left )?(?:arm|leg|hand)\b"
    r"|\bhemi(?:paresis|plegia)|\bhaemi(?:paresis|plegia)|\baphasi\w+|\b(?:slurred|lost|loss of|no) speech\b",
    re.I,
)


_DENYING = re.compile(r"\b(?:no|not|nor|without|den(?:y|ies|ied))\b(?:\s+[\w/]+){0,3}\s*$", re.I)
"""What makes the sign after it a denied one: "no facial numbness or arm weakness"."""


def barred_by_rule(question: str, facets: Facets, index: ScenarioIndex) -> dict[str, Bools]:
    """Scenarios of another trimester, quadrant of the abdomen or part of the spine, by reason; and those of
    one cranial nerve alone where a weak limb or lost speech is told: that is no isolated palsy."""
    found: dict[str, Bools] = {}
    if facets.gestation is not None:
        week = facets.gestation
        now = 0 if week < _SECOND_FROM else 1 if week < _THIRD_FROM else 2
        named = _named(index, _TRIMESTERS)
        found["trimester"] = np.asarray(named.any(axis=1) & ~named[:, now])
    for reason, parts in (("side", _QUADRANTS), ("spine", _SPINE)):
        said = [bool(pattern.search(question)) for pattern in parts.values()]
        if any(said):
            named = _named(index, tuple(parts.values()))
            found[reason] = np.asarray(named.any(axis=1) & ~named[:, said].any(axis=1))
    if any(not _DENYING.search(question[: m.start()]) for m in _LIMB_OR_SPEECH.finditer(question)):
        found["isolated"] = _named(index, (_ONE_CRANIAL_NERVE,))[:, 0]
    return found


def _named(index: ScenarioIndex, patterns: tuple[re.Pattern[str], ...]) -> Bools:
    """Which pattern each scenario's title or sentence names, shape ``(n, patterns)``."""
    texts = [f"{topic} {text}" for (topic, _), text in zip(index.keys, index.texts, strict=True)]
    return np.array([[bool(p.search(text)) for p in patterns] for text in texts])


def unsaid(
    question: str,
    facets: Facets,
    scores: Floats,
    index: ScenarioIndex,
    elsewhere: Floats | None,
    results: Floats | None = None,
    suspected: bool = False,
) -> Floats:
    """Score to take from each scenario for what the question leaves unsaid, shape ``(n,)``.

    ``elsewhere`` marks scenarios of other parts of the body than those named; they are unsaid too.
    ``results`` marks with 1 those that rest on the result of a test where the question states none:
    nobody without a D-dimer is answered as if it were negative, or as if pregnant. (An abnormal result
    may be told in words that are not read as one.) What is only
    ``suspected`` is not yet known: scenarios of an earlier disease come a little later.

    All of :data:`UNSAID` where the best other scenario is as good, nothing where it is far behind.
    """
    taken = np.zeros(len(index), np.float32)
    if facets.age is None and not _CHILD.search(question):
        taken += _against(index.for_children, scores)
    if facets.pregnant is None and facets.gestation is None and not _PREGNANCY.search(question):
        taken += _against(index.pregnant == 1, scores)
    if facets.sex is None:
        taken += _against(_of_men(index), scores)
    if not _FELT.search(question):
        taken += _against(_titled(_FELT_TITLE, index), scores)
    if facets.stage != "treatment":
        taken += _against(index.stage == STAGES.index("treatment"), scores)
    if elsewhere is not None:
        taken += _against(elsewhere > 0, scores)
    if results is not None and facets.stage in (None, "initial"):
        if suspected and "past_disease" not in facets.conditions:
            taken += SUSPECTED * _past(index)
        pregnant = (index.pregnant == 1) & (facets.pregnant is None)
        resting = ((results >= 1) & _on_a_normal(index)) | pregnant
        taken -= _ahead_of_unstated(resting, scores - taken, index)
    return taken


def _of_men(index: ScenarioIndex) -> Bools:
    """Scenarios of topics named for men, of whom a referral that states no sex is hardly ever one."""
    found: Bools = _titled(_MEN, index) & (index.sex == SEXES.index("male"))
    return found


def _titled(words: re.Pattern[str], index: ScenarioIndex) -> Bools:
    """Scenarios of the topics that bear such a word in their title."""
    found: Bools = np.array([bool(words.search(topic)) for topic in index.topics])[index.topic_of]
    return found


def _on_a_normal(index: ScenarioIndex) -> Bools:
    """Scenarios that rest on a test having been normal."""
    kinds, place = index.kinds.results
    found: Bools = np.array([any(o == "normal" for _, o in said) for said in kinds])[place]
    return found


def _past(index: ScenarioIndex) -> Floats:
    """1 for scenarios that rest on an earlier or known disease."""
    kinds, place = index.kinds.conditions
    found: Floats = np.array(["past_disease" in said for said in kinds], np.float32)[place]
    return found


def _ahead_of_unstated(resting: Bools, scores: Floats, index: ScenarioIndex) -> Floats:
    """What lifts a topic's scenarios above their siblings that rest on an unstated normal result or pregnancy.

    Only within a topic: which topic fits is not decided by what its scenarios rest on. Nothing where
    the siblings are twice :data:`UNSAID` or more ahead.
    """
    best = np.full((2, len(index.topics)), -np.inf, np.float32)
    for side, rows in enumerate((resting, ~resting)):
        np.maximum.at(best[side], index.topic_of[rows], scores[rows])
    behind = np.where(np.isfinite(best).all(axis=0), best[0] - best[1], 0.0)
    lift = np.where((behind > 0) & (behind < 2 * UNSAID), behind + 0.01, 0.0)
    raised: Floats = (lift[index.topic_of] * ~resting).astype(np.float32)
    return raised


def _against(rows: Bools, scores: Floats) -> Floats:
    if not rows.any() or rows.all():
        return np.zeros(len(rows), np.float32)
    behind = max(float(scores[rows].max() - scores[~rows].max()), 0.0)
    weight = UNSAID * np.float32(max(0.0, 1.0 - behind / (2 * float(UNSAID))))
    taken: Floats = rows.astype(np.float32) * weight
    return taken
