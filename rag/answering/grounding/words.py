"""Content words, compared by stem and by a short list of equal meanings."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[A-Za-z][\w'-]*\w|[A-Za-z]|[가-힣]+")
_PREFIX = 7
"""Long words that begin with so many equal letters are one (``predominant``, ``predominates``)."""


_EQUAL = """
nodule nodules lesion
follow-up followup surveillance recheck rechecked
screening screen screened
exam examination exams scan scans study test imaging
ct ldct
classify classified categorise categorised categorize categorized grade graded rate rated assign assigned call called count counted label labelled reclassify reclassified recategorised designate designated denote denotes denoted
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
pending awaited await wait waits waiting delay delays delayed postpone postponed postpones defer deferred located
infection infectious infected
inflammation inflammatory
evaluate evaluated evaluable evaluation assess assessed assessable assessment judge judged judges decide decided decides deciding decision decisions
prefer prefers preferred preferable preference favour favours favoured favor favors favored
tie ties tied link links linked
before beforehand
normalise normalised normalises normalize normalized normal
distinguish distinguishes distinguished separates
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
lower lowered lowers cut cuts fall fell reduce reduced reduces reducing lessen lessens lessened diminish diminishes diminished
spiculation spiculated spicules
lymph node nodes
double doubles doubling doubled
widen widened broaden broadened extend extended
add added adds addition append appended introduce introduced introduces
replace replaces replaced replacing succeed succeeds succeeded supersede supersedes superseded supplant supplanted
usual typical common customary conventional
prefer wish wishes wished
fast rapid quick
korea korean
practice policy
severe serious grave
watch look monitor monitored monitors monitoring
eligible accept accepts accepted admit
hide hidden hides obscure obscures obscured conceal mask masked
suitable appropriate
remove removed drop dropped
replace replaced
appear appears appearing seen visible shown found detected identified noted observed
new fresh
cross-react cross-reacts cross-reactivity
withhold withheld withholding
share proportion percentage fraction
exceed exceeds exceeding above greater
high height higher
perform performed performs done carried
child children paediatric pediatric
smoke smoker smokers smoking smokes
begin begins began start starts started
need needs needed require required requires mandatory obligatory compulsory
use used uses using utilise
give given gives giving gave inject injects injected injection injections administer administers administered administration deliver delivered
apply applies applied applicable
become becomes became turn turns
remain remains stay stays keep keeps kept
define defined defines definition mean means meaning represent represents
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
largest greatest biggest highest peak peaks peaked maximal maximum dominant
several multiple many
immediate immediately straight away urgent urgently directly
ggn ggo ggns ground-glass non-solid nonsolid
symptom symptoms
biopsy biopsied sampling sampled
age aged old
exclude excluded excludes rule-out
radiation dose
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
axis axes
t2w t2-weighted t2
t1w t1-weighted t1
sequence sequences acquisition acquisitions
fetus fetuses foetus fetal foetal
react reacts reacted reaction reactions
drug drugs medication medications medicine medicines
prevent prevents prevented prevention preventive prophylactic prophylaxis prophylactically
oral orally mouth drink drinks drinking drank ingest ingested
spoken verbal verbally conversation interview
hazard hazards danger dangers hazardous dangerous
quick quickly quicker rapid rapidly
centre center
hospital institution department site
advise advises advised advice
adequate sufficient
unclear uncertain unsure
contraindicated contraindication contraindications
therapy therapies treat treats treated treating treatment treatments
divide divides divided dividing division subdivide subdivided subdivision split splits
probe transducer transducers probes array arrays
part-solid partly-solid
symptoms symptomatic
column columns
gain gains develop develops acquire
"""  # groups of words with one meaning, a line each

COMMON = frozenset(
    """
alongside beside besides ahead amongst amid unlike now ago meant thereafter currently presently formerly nowadays ideally comprise comprises comprised encompass encompasses constitute
constitutes likewise history altogether
function functions modality modalities old gave went saw knew told enter enters entering entered percentage carry carries carried itself roughly ones altogether acquire acquired acquires came data nearest afterwards previously respectively roughly approximately around considered
agent agents lesion lesions observation observations test tests finding findings technique techniques protocol protocols
a able about above accordance according accordingly account accounts across action actions add addition additionally
advise advised advises after again against aim aims all allow allows along already also although am among amount an
and another answer answers any anyone apart appear appears applied applies apply approach appropriate are area arise
around arrange as ask asks aspect assign assigned assigns assume at available aware base based basis be became because
become becomes been before begin being belong belongs below between beyond both bring brings broad but by calculated
call called calls can care carried carries carry case cases categories categorise categorised categorize categorized
category check checked checks choice choose chooses chosen classed classified classify come comes complete concept
consider considered considers consist consists contain contains context continue continued continues correspond
corresponds could count counted counts cover covered covers criteria cubic current currently defined defines
definition depend depends describe described describes detail details detected determine determined determines
determining diameter diameters did do does doing done due during each earlier easily either else enough ensure entire
equal equally especially establish even ever every exact exactly exam examination examinations example examples exams
except exist existing exists explain explained express expressed extent fact fall falls far feature features few
finally finding findings follow followed following follows for form former forms found from further generally get gets
getting give given gives go goes grade graded group groups guidance guideline guidelines had handle handled handles
happen happens has have having he hence her here his hold holds how however idea identified if image images imaging in
include included includes including indicate indicated indicates individual individuals information inside instance
instead intend intended interpret interpretation interpreted into is issue it item items its just keep kept kind know
knowledge known label labelled lay lead leads least less let level levels lie lies like likewise line list listed
lists look looks lung lungs made make makes making manage managed management manner many match matches matter may mean
meaning means meanwhile measure measured measurement measures measuring meet meets mention mentioned mentions mere
merely met method might millimeter millimeters millimetre millimetres modifier more most must name named namely
near need needed needs neither next no nodule nodules nor not notable note noted notes number numbers observed obtain
occur occurs of off offer offered offers often on once one ones only onto option options or order ordinary other
otherwise out outside over overall pair part particular partly past patient patients people per perform
performed performs perhaps person phrase place placed plan please point points practice present presents principle
printed proceed produce provide provided provides pulmonary purpose put question questions quite radiologist radiology
range ranges rated rather reach reaches read reader reading really reason recategorised receive received receives
reclassified reclassify recommend recommendation recommendations recommended recommends refer refers reflect regard
regarded related relevant remain remains remark repeat repeated report reported reporting request require required
requires respect respectively rest result results return returned returns role row rows rule rules said same say says
scan scans section see seek seem seems seen sense sentence separate serve set sets several shall she should show shown
shows similar similarly simply since single situation size sized sizes so some someone something sometimes somewhat
sort speaking specifically specified specify square stand stands start state stated statement states step steps still
studies study subject such suspected system systems table tables take taken takes task tell tells term terms text than
that the their them then there thereby therefore these they thing things this those though thought through throughout
thus time times to today together too topic total totals toward towards try turn turns two type types under understood
until up upon us use used user uses using usual value values various version versus very via view visible volume vs
was way ways well were what whatever when whenever where whereas wherever whether which while who whole whom whose
wide will with within without word words work works worth would write written yes yet
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
        known.update({word[:_PREFIX]: known[word] for word in stems if len(word) > _PREFIX})
    return known


@lru_cache(maxsize=1)
def _common_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in COMMON)


def is_common(word: str) -> bool:
    """Whether the word, or the meaning, makes no claim of its own."""
    return stem(word) in _common_stems() or word in _common_meanings()


def meaning_of(word: str) -> str:
    """One word for all words of equal meaning."""
    root = stem(word)
    return _equal_meanings().get(root) or (root[:_PREFIX] if "-" not in root else root)


@lru_cache(maxsize=1)
def _common_meanings() -> frozenset[str]:
    return frozenset(meaning_of(word) for word in COMMON)


@lru_cache(maxsize=8192)
def content_words(text: str) -> frozenset[str]:
    """The meanings of all words of the text that are not common."""
    return frozenset(meaning for meaning, _ in placed_words(text) if meaning)


@lru_cache(maxsize=8192)
def all_words(text: str) -> frozenset[str]:
    """The meanings of all words of the text, common ones too."""
    return frozenset(
        meaning_of(piece) for found in _WORD.finditer(text) for piece in pieces(found.group())
    )


def pieces(word: str) -> list[str]:
    """A hyphenated word's parts, or the whole where it has a meaning of its own."""
    return [word] if stem(word) in _equal_meanings() else word.split("-")


@lru_cache(maxsize=4096)
def placed_words(text: str) -> tuple[tuple[str, tuple[int, int]], ...]:
    """``(meaning, span)`` of every word that is not common, in order."""
    common = _common_stems()
    found = []
    for match in _WORD.finditer(text):
        at = match.start()
        for piece in pieces(match.group()):
            if piece and stem(piece) not in common:
                found.append((meaning_of(piece), (at, at + len(piece))))
            at += len(piece) + 1
    return tuple(found)
