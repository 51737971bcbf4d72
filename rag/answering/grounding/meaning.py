"""Meaning: no word without a basis in the passage, and the whole close to a cited sentence.

Two measures, because each misses what the other sees. The closed world of words catches the one
foreign word in a familiar sentence ("hyperechoic" for "hypoechoic"), to which sentence embeddings
are nearly blind; the embedding catches familiar words in an unrelated sentence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from rag.answering.grounding.attributes import mentions as attribute_mentions
from rag.answering.grounding.labels import labels
from rag.answering.grounding.mentions import find, lexicon, mask, places, quoted
from rag.answering.grounding.modality import contrast, examinations
from rag.answering.grounding.polarity import spelled_out
from rag.answering.grounding.quantities import quantities
from rag.answering.grounding.ratings import categories
from rag.answering.grounding.result import CheckResult, Part, Unit, passed, unsupported
from rag.answering.grounding.strength import firm_words
from rag.answering.grounding.systems import editions, system_of, systems
from rag.answering.grounding.words import all_words, content_words, placed_words

Embedder = Callable[[Sequence[str]], Sequence[Sequence[float]]]
"""Texts in, one vector each out; the vectors need not be normalised."""

SIMILARITY = 0.40
"""Least cosine between a statement and its cited sentence.

Measured with all-MiniLM-L6-v2: of the correct paraphrases in ``tests/grounding`` 98 % lie above it
(median 0.85), of statements paired with another fact of the same guideline 25 %, unrelated ones none.
Wrong statements *about* the cited fact lie as high as correct ones (flipped comparison: median 0.88),
which is why this is the last check and not the only one.
"""

OVERLAP = 0.25
"""Least share of content words in common, where there is no embedder."""

CLOSE = 0.6
"""From this share on the embedder is not asked: it could add nothing and takes its time."""


def check_words(part: Part, unit: Unit) -> CheckResult:
    """Every word that makes a claim stands in the passage, by itself or by a word of equal meaning."""
    abbreviations = " ".join(_ABBREVIATION.findall(unit.passage))
    text = spelled_out(unit.text, part.text)
    known = all_words(f"{text} {unit.text} {unit.heading} {abbreviations}") | _implied(unit.text)
    known |= (
        _subject(unit) | _abbreviated(part.text, unit.text) | _abbreviated(unit.text, part.text)
    )
    told = placed_words(unchecked(part.text))
    foreign = tuple(span for word, span in told if not means_known(word, known))
    if not foreign:
        return passed("words")
    return unsupported(
        "words", f"{quoted(part.text, foreign)} does not stand in the cited passage", foreign
    )


def means_known(word: str, known: frozenset[str]) -> bool:
    """Whether a word of equal meaning, or one made of it by an ending, is known."""
    return word in known or _derived(word, known)


def implied(part: Part, unit: Unit) -> frozenset[str]:
    """Words of the passage that the statement says in other ways: abbreviations, figures, the organ."""
    short = _abbreviated(unit.text, part.text) | _abbreviated(part.text, unit.text)
    return _implied(part.text) | _subject(unit) | short


_SUFFIX = re.compile(r"a|al|ial|ic|ical|s|ar|ary|ous|er|or|ist|ity|y")
"""Endings by which one word is made of another: gonad, gonadal."""


def _derived(word: str, known: frozenset[str]) -> bool:
    """Whether a known word is this one with an ending put on or taken off."""
    return any(
        min(len(word), len(other)) > 4
        and (word.startswith(other) or other.startswith(word))
        and bool(_SUFFIX.fullmatch(max(word, other, key=len)[min(len(word), len(other)) :]))
        for other in known
    )


_LINKING = lexicon(
    ("link", r"compared (?:with|to)|no longer|as opposed to|e\.g|i\.e|for (?:example|instance)|in keeping with|in line with|consistent with what"
             r"|if (?:at all|any)|(?:go|goes|going) back to|in terms of|with (?:regard|respect) to|on purpose|by means of|at the time of|in the setting of"
             r"|in the case of|as a result|of the (?:order|kind|type)|no matter which|one way or another|at (?:one|any) time|(?:treated|regarded|counted|taken|handled|classed|considered) as|on top of|consistent with|(?:proves?|proved|turns?|turned out) to be"
             r"|for the (?:first|next|following|initial)(?= \d)"),
)  # fmt: skip
"""Turns of phrase that join and say nothing themselves."""

_PREDICTIVE = re.compile(r"\bpositive predictive value|\bPPV\d?\b", re.IGNORECASE)
_ORGANS: Mapping[str, str] = {
    "lung_rads": "lung", "fleischner": "lung", "bi_rads": "breast", "k_tirads": "thyroid",
    "acr_ti_rads": "thyroid", "li_rads": "liver", "pi_rads": "prostate", "o_rads": "ovarian adnexal",
}  # fmt: skip
"""The organ that a reporting system is for, which its sentences need not name."""

_EXPANDED: Mapping[str, str] = {
    "ADC": "apparent diffusion coefficient", "AEC": "automatic exposure control", "APHE": "arterial phase hyperenhancement",
    "CAD": "coronary artery disease", "DCE": "dynamic contrast enhancement enhanced", "DWI": "diffusion weighted imaging",
    "GI": "gastrointestinal", "IM": "intramuscular", "IVC": "inferior vena cava", "LVO": "large vessel occlusion",
    "NPV": "negative predictive value", "NSF": "nephrogenic systemic fibrosis", "PE": "pulmonary embolism",
    "PPV": "positive predictive value", "SC": "subcutaneous", "AKI": "acute kidney injury", "GBCA": "gadolinium based contrast",
}  # fmt: skip
"""Abbreviations that every radiologist reads as these words."""

_DOSES = frozenset({"mg", "mL", "mg/kg", "mL/kg", "mmol/kg", "mGy", "mSv"})
_ABBREVIATION = re.compile(r"\b[A-Z][A-Z0-9]+s?\b")


@lru_cache(maxsize=4096)
def unchecked(text: str) -> str:
    """The text without what other checks have looked at already."""
    named = (
        labels(text),
        quantities(text),
        editions(text),
        systems(text),
        examinations(text),
        contrast(text),
        categories(text),
        attribute_mentions(text),
        firm_words(text),
        find(text, _LINKING),
    )
    return mask(text, places(*named))


def _abbreviated(short: str, long: str) -> frozenset[str]:
    """The capitals of one text that stand for words of the other, and those words."""
    words = re.findall(r"[A-Za-z]+", long)
    initials = "".join(word[0] for word in words).lower()
    found: set[str] = set()
    for name in _ABBREVIATION.findall(short):
        letters = name.rstrip("s").lower()
        at = initials.find(letters) if len(letters) > 2 else -1
        if at >= 0:
            found |= all_words(" ".join((name, *words[at : at + len(letters)])))
    return frozenset(found)


def _subject(unit: Unit) -> frozenset[str]:
    return content_words(" ".join(_ORGANS.get(name, "") for name in system_of(unit.edition)))


def _initials(text: str) -> frozenset[str]:
    """Meanings that the passage's examinations and findings carry in other words."""
    return frozenset(
        word
        for mention in (*examinations(text), *attribute_mentions(text))
        for word in content_words(mention.concept.replace("_", " "))
    )


def _implied(text: str) -> frozenset[str]:
    """Words that say no more than the passage's figures and labels do."""
    timed = examinations(text) and any(x.dimension in ("months", "days") for x in quantities(text))
    dosed = any(x.dimension in _DOSES for x in quantities(text))
    waited = any(x.dimension in ("minutes", "seconds", "days", "months") for x in quantities(text))
    words = (
        ("follow-up " if timed else "")
        + ("dose " if dosed else "")
        + ("wait interval " if waited else "")
    )
    words += "magnetic field strength " if any(x.dimension == "T" for x in quantities(text)) else ""
    words += "magnetic " if any(m.concept in ("mri", "mra") for m in examinations(text)) else ""
    words += "malignant probability " if _PREDICTIVE.search(text) else ""
    words += "".join(told for pattern, told in _TELLS if pattern.search(text))
    return _initials(text) | _moves(text) | _written_out(text) | content_words(words)


def _written_out(text: str) -> frozenset[str]:
    """Abbreviations of the text as words, and words of it as abbreviations."""
    lower = text.lower()
    full = " ".join(
        words for short, words in _EXPANDED.items() if re.search(rf"\b{short}\d?\b", text)
    )
    short = " ".join(
        short for short, words in _EXPANDED.items() if words in lower.replace("-", " ")
    )
    return content_words(full) | all_words(short)


_TELLS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bpack[- ]?years?\b", re.I), "smoking "),
    (re.compile(r"\bmL/s\b|\binject", re.I), "contrast medium "),
    (re.compile(r"\bthin(?:ner)?\b", re.I), "thickness "),
    (re.compile(r"\bwithout\b", re.I), "unless "),
    (re.compile(r"\bweight\b", re.I), "body "),
    (re.compile(r"\bmL of saline\b", re.I), "flush "),
    (re.compile(r"\bnearest\b", re.I), "rounded "),
    (re.compile(r"\bin(?:stead| place) of\b", re.I), "replaced "),
)
"""What a figure or word of a passage says by itself."""


_BECOMES = re.compile(
    r"\b(?P<first>[1-5])\b[^.;]*\bbecomes? (?:\w+-RADS |category )?(?P<then>[1-5])\b"
)


def _moves(text: str) -> frozenset[str]:
    """ "Downgraded" and "upgraded" say no more than the two labels, or the two scores, of a transition do."""
    scores = _BECOMES.search(text)
    if scores and scores["first"] != scores["then"]:
        raised = scores["then"] > scores["first"]
        return content_words("upgraded raised" if raised else "downgraded lowered")
    sources = [x.label for x in labels(text) if x.role in ("source", "both")]
    targets = [x.label for x in labels(text) if x.role in ("target", "both")]
    if not sources or not targets or sources[0] == targets[-1]:
        return frozenset()
    return content_words("downgraded" if targets[-1] < sources[0] else "upgraded")


def overlap(part: str, unit: str) -> float:
    """Share of the smaller text's content words and figures that the other has too, from 0 to 1."""
    own, there = _substance(part), _substance(unit)
    if min(len(own), len(there)) < 2:
        own, there = all_words(part), all_words(unit)
    return len(own & there) / max(1, min(len(own), len(there)))


@lru_cache(maxsize=8192)
def _substance(text: str) -> frozenset[str]:
    """Content words, labels and quantities; not the names of systems, which say only whose it is."""
    figures = {x.label for x in labels(text)} | {f"{x.dimension}{x.ends}" for x in quantities(text)}
    return content_words(mask(text, places(systems(text), editions(text)))) | figures


def check_meaning(part: Part, unit: Unit, embedder: Embedder | None) -> CheckResult:
    """The part is close in meaning to the unit: by embedding, or by shared words without one."""
    shared = overlap(part.text, unit.text)
    if shared >= (CLOSE if embedder else OVERLAP):
        return passed("meaning")
    if embedder and similarity(embedder, part.text, unit.text) >= SIMILARITY:
        return passed("meaning")
    span = (0, len(part.text))
    return unsupported("meaning", "no cited sentence says this", (span,))


def similarity(embedder: Embedder, first: str, second: str) -> float:
    """Cosine of the two texts' vectors, from -1 to 1."""
    a, b = embedder([first, second])
    norm = math.sqrt(math.fsum(x * x for x in a) * math.fsum(y * y for y in b))
    return math.fsum(x * y for x, y in zip(a, b, strict=True)) / norm if norm else 0.0
