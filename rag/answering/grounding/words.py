"""Content words, compared by stem and by a short list of equal meanings."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*[A-Za-z]|[A-Za-z]|[가-힣]+")

_EQUAL = """
nodule nodules lesion
follow-up followup surveillance recheck rechecked
screening screen screened
exam examination exams scan scans study test imaging
ct ldct
classify classified categorise categorised categorize categorized grade graded rate rated assign assigned call called count counted label labelled reclassify reclassified recategorised
category class
management manage managed handle handled
patient patients person people individual individuals
stable unchanged stability persist persistent unchanging
size sizes diameter diameters measure measures measured measuring measurement sized
grow growing growth grown grows enlarge enlarging enlarged enlargement increase increased increases larger
smaller decrease decreased shrink shrunk shrinking
suspicious concerning suspicion concern concerns worrying
cancer malignancy malignant cancerous carcinoma
benign harmless
prior previous earlier past former before precede
compare comparison compared
pending awaited await waiting located located
infection infectious infected
inflammation inflammatory
evaluate evaluated evaluable evaluation assess assessed assessable assessment
part portion
suggest suggests suggesting suggestive
justify justified warrant
special particular
short-interval short
probably probable likely
cover covers covering include includes included including comprise
lung pulmonary lungs
threshold cutoff cut-off limit cutoffs cut-offs
interval period window span
annual annually yearly
year years
recommend recommended recommendation recommends
without lack lacks lacking absence absent
disappear resolve resolved resolves
exist exists existing existence
begin begins start starts run runs
date day
raise raised rise rose lift lifts raises
lower lowered fall fell
spiculation spiculated spicules
lymph node nodes
double doubles doubling doubled
widen widened broaden broadened extend extended
add added adds addition append appended
remove removed drop dropped
replace replaced
appear appears appearing seen visible shown found detected identified noted observed
new fresh
need needs needed require required requires
use used uses using utilise
give given gives giving
apply applies applied applicable
become becomes became turn turns
remain remains stay stays keep keeps kept
define defined defines definition mean means meaning
smoke smoker smokers smoking smokes
quit quitting quitted stopped
eligible eligibility qualify qualifies qualified
doctor clinician physician
child children
woman women
pregnant pregnancy
dose doses dosing
contrast enhanced
slice slices
breath-hold breath-holding
thick thicker thickness thickening
thin thinner
wall walled walls
cyst cysts cystic
immunocompromise immunocompromised immunosuppressed
overall total
clinically clinical
intravenous iv
way manner pathway
same equal identical unchanged-from
suspicious suspected suspicion suspect
estimate estimated estimates
prevalence frequency
probability likelihood chance risk
result results lead leads
release released publish published issue issued
separate separately own alone
largest greatest biggest highest
several multiple many
immediate immediately straight away urgent urgently
ggn ggo ggns ground-glass non-solid nonsolid
symptom symptoms
biopsy biopsied sampling sampled
age aged old
exclude excluded excludes rule-out
radiation dose
decide decided decides
feature features characteristic characteristics sign signs
meet meets met fulfil fulfils satisfy satisfies
condition conditions criterion criteria requirement requirements
whole complete completely entire entirely
obtain obtained get
image images
additional further extra more another
repeat repeated repeating
table grid chart
row rows
print printed prints
column columns
gain gains develop develops acquire
"""  # groups of words with one meaning, a line each

COMMON = frozenset(
    """
a an the this that these those it its they their them he she his her which who whom whose what when where while whereas
if then than thus so such as at by for from in into of off on onto or and but nor to toward towards with within without
is are was were be been being am do does did done has have had having will would shall should can could may might must
not no yes only also too very quite just even still already yet again once both either neither each every any all some most
more less least much many few several other another one ones two next same
about above across after against along among around because before behind below beneath beside between beyond during
except inside instead like near out outside over past per since through throughout under until up upon via versus vs
according accordingly additionally however therefore hence otherwise overall generally namely respectively specifically
account accounts accordance action actions answer answers applies apply applied appears appear approach basis based belong belongs
call called calls carry carries case cases category categories classed classify classified consider considered considers consist
consists correspond corresponds count counts counted criteria current currently defined defines definition describe described
describes depend depends detail details determine determined determines determining due example examples fact fall
falls feature features finding findings follow followed following follows form give given gives goes guideline guidelines
guidance handle handled handles hold holds include included includes including indicate indicates indicated information
interpret interpreted interpretation item items keep kept know known lead leads level levels list listed lists made make makes
making management manage managed mean means meaning measure measured measures measuring measurement meet meets met name named
note noted notes number numbers option options order part particular patient patients people person place placed point points
present presents printed provide provided provides purpose put question questions range ranges reach reaches read reading
reason receive received receives recommend recommended recommends recommendation recommendations refer refers regard regarded
related relevant remain remains report reported reporting require required requires result results return returns returned row rows rule rules
said say says see seen set sets show shown shows simply single situation state stated states statement step steps
system systems table tables take taken takes term terms that there thing things time times
turn turns type types understood use used uses using usual value values version way ways whether
continue continued continues offer offered offers call calls base based count lie lies match matches mention mentioned mentions cover covers covered
group groups individual individuals individuals someone anyone care appropriate advise advised advises
lung lungs pulmonary nodule nodules radiology radiologist
calculated considered expressed assign assigned assigns exist exists existing become becomes became reclassify reclassified recategorised categorise categorised categorize
categorized grade graded rated label labelled exam exams examination examinations scan scans study studies image images imaging
need needs needed detected seen found visible identified observed diameter diameters size sizes sized volume modifier suspected repeat repeated
""".split()
)
"""Words that add no claim of their own: a statement may use them whatever its passage says."""


def stem(word: str) -> str:
    """The word without its inflection: ``categories`` and ``category`` are one."""
    word = word.lower().removesuffix("'s").removesuffix("'")
    if len(word) <= 3:
        return word
    for ending, replacement in (("ies", "y"), ("ied", "y"), ("sses", "ss")):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word.removesuffix(ending) + replacement
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-2] if word.endswith(("xes", "ches", "shes", "zes")) else word[:-1]
    for ending in ("ingly", "edly", "ing", "ed", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return _undoubled(word.removesuffix(ending))
    return word.removesuffix("e") if len(word) > 3 else word


def _undoubled(word: str) -> str:
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        return word[:-1]
    return word.removesuffix("e")


@lru_cache(maxsize=1)
def _equal_meanings() -> dict[str, str]:
    known: dict[str, str] = {}
    for line in _EQUAL.strip().splitlines():
        stems = [stem(word) for word in line.split()]
        first = next((known[word] for word in stems if word in known), stems[0])
        known.update({word: known.get(word, first) for word in stems})
    return known


@lru_cache(maxsize=1)
def _common_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in COMMON)


def is_common(word: str) -> bool:
    """Whether the word makes no claim of its own."""
    return stem(word) in _common_stems()


def meaning_of(word: str) -> str:
    """One word for all words of equal meaning."""
    return _equal_meanings().get(stem(word), stem(word))


@lru_cache(maxsize=8192)
def content_words(text: str) -> frozenset[str]:
    """The meanings of all words of the text that are not common."""
    return frozenset(meaning for meaning, _ in placed_words(text) if meaning)


@lru_cache(maxsize=4096)
def placed_words(text: str) -> tuple[tuple[str, tuple[int, int]], ...]:
    """``(meaning, span)`` of every word that is not common, in order."""
    common = _common_stems()
    found = []
    for match in _WORD.finditer(text):
        pieces = (
            [match.group()]
            if stem(match.group()) in _equal_meanings()
            else match.group().split("-")
        )
        at = match.start()
        for piece in pieces:
            if piece and stem(piece) not in common:
                found.append((meaning_of(piece), (at, at + len(piece))))
            at += len(piece) + 1
    return tuple(found)
