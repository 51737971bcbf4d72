"""The course of the illness: how long it lasts, which test has been done, what the study is for."""

from __future__ import annotations

import re

from rag.answering.facets_denied import denied
from rag.answering.facets_people import Read, descriptor
from rag.knowledge.facet_values import Acuity, Outcome, PriorResult

_ACUITY: tuple[tuple[Acuity, re.Pattern[str]], ...] = (
    ("chronic", re.compile(
        r"\b(?:chronic|long-?\s?standing|long[- ]term|persistent|for (?:many |several )?(?:months|years)|"
        r"(?:months|years) of(?! age))\b", re.I)),
    ("subacute", re.compile(r"\b(?:subacute|(?:several|for|few) weeks)\b", re.I)),
    ("acute", re.compile(
        r"\b(?:acute(?:ly)?|sudden(?:ly)?|abrupt|new[- ]onset|hyperacute|just (?:now|started)|"
        r"today|this morning|last night|yesterday|thunderclap|fell|fall)\b", re.I)),
)  # fmt: skip
_FOR = re.compile(
    r"\b(?:for|x|×|over|past|last|since|lasting|of)\s*(?:the\s+)?(?:past\s+|last\s+)?(?:about\s+|~\s*)?"
    r"(?P<n>\d{1,3})(?:\s?-\s?\d{1,3})?\s*[- ]?(?P<unit>hours?|hrs?|h|days?|d|weeks?|wks?|w|months?|mos?|"
    r"mths?|years?|yrs?|y)\b(?!\s*(?:of age|old|pregnan|gest|ga\b))"
    r"|\b(?P<n2>\d{1,3})[- ](?P<unit2>hour|day|week|month|year)s?[- ](?:history|hx|h/o)"
    r"|(?<!after )(?<!after about )(?<!every )(?<!within )(?<!\bin )(?<!\bat )(?<!post )(?<!post-op )(?<![\d.])(?<!under )(?<!over )"
    r"(?P<n4>\d{1,3})(?:\s?-\s?\d{1,3})?[\s-]*(?P<unit4>hours?|hrs?|days?|weeks?|wks?|months?|mths?|years?|yrs?)\b(?=\s*(?:[,.;?]|of\b(?!\s+age)|with\b|no\b|$))"
    r"|\b(?P<n3>\d{1,2})/(?P<of>52|12|7)\b", re.I)  # fmt: skip
_PAST = re.compile(
    r"\b(?:earlier|prior|previous|past|old|history of|h/o|hx of)\s+(?:\w+\s+)?$", re.I
)
"""What stands before an illness that is over: "earlier acute pulmonary embolism"."""
_PARTS = {"52": "w", "12": "m", "7": "d"}
_DAYS = {"h": 1 / 24, "d": 1.0, "w": 7.0, "m": 30.4, "y": 365.25}
SUBACUTE_DAYS = 28
CHRONIC_DAYS = 84


def _by_duration(days: float) -> Acuity:
    """Common usage: chronic from three months on, subacute from four weeks (our reading, not a rule)."""
    return "chronic" if days >= CHRONIC_DAYS else "subacute" if days >= SUBACUTE_DAYS else "acute"


def read_acuity(text: str) -> tuple[Acuity | None, Read]:
    """Acute, subacute or chronic, by word or by a stated duration; words win, the first one counts."""
    found = [
        (match.span(), acuity)
        for acuity, pattern in _ACUITY
        for match in pattern.finditer(text)
        if not (denied(text, match.start()) or _PAST.search(text[: match.start()]))
    ]
    if not found:
        match = _FOR.search(text)
        if match is None:
            return None, ()
        unit = match["unit"] or match["unit2"] or match["unit4"] or _PARTS[match["of"]]
        number = float(match["n"] or match["n2"] or match["n4"] or match["n3"])
        found = [(match.span(), _by_duration(number * _DAYS[unit.lower()[0]]))]
    span, acuity = min(found)
    return acuity, (descriptor("acuity", acuity, None, text, span),)


_TESTS: tuple[tuple[str, str], ...] = (
    ("chest radiography", r"c\.?x\.?r|chest (?:x-?\s?rays?|radiographs?|films?|radiography)"),
    ("radiography", r"x-?\s?rays?|radiographs?|radiography|plain films?|films?|xr"),
    ("ct", r"(?:non-?contrast )?ct(?:a| scan| angiogra\w+| pulmonary angiogram)?|ctpa|cat scan|ncct"),
    ("mri", r"mri?(?: scan)?|mra|magnetic resonance"),
    ("us", r"(?:pelvic |first |initial |duplex |doppler |transvaginal )*(?:us|uss|ultrasound|ultrasonography|"
           r"sonograph?y|sonogram|duplex|doppler)(?: scan)?"),
    ("mammography", r"mammogra(?:m|ms|phy)|mammo|tomosynthesis|dbt"),
    ("bone scan", r"bone scan|scintigraphy"),
    ("echocardiography", r"(?:transthoracic )?echo(?:cardiogra(?:m|phy))?|tte"),
    ("d dimer", r"d-?\s?dimers?"),
    ("hcg", r"(?:(?:serum|urine) (?:or (?:serum|urine) )?)?(?:(?:beta|[βßb])[- ]?)?hcg|pregnancy test"),
    ("ecg", r"e[ck]g|electrocardiogram"),
    ("troponin", r"trop(?:onin)?s?"),
    ("endoscopy", r"(?:upper )?endoscopy|egd|ogd|gastroscopy"),
    ("colonoscopy", r"colonoscopy"),
    ("cystoscopy", r"cystoscopy"),
    ("biopsy", r"biops(?:y|ies)"),
    ("pretest probability", r"wells(?: score| criteria)?|pre-?test probability|geneva score|perc"),
    ("clinical rule", r"pecarn|nexus|ottawa(?: (?:ankle |knee )?(?:rules?|criteria))?|canadian c-?spine"),
    ("exam", r"neuro(?:logic(?:al)?)? exam(?:ination)?|physical exam(?:ination)?"),
    ("imaging", r"(?:initial |first |prior |previous |earlier )?imaging|scans?"),
)  # fmt: skip
_OUTCOMES: tuple[tuple[Outcome, str], ...] = (
    ("indeterminate", r"indeterminate|equivocal|inconclusive|non-?\s?diagnostic|non-?specific|uncertain|"
                      r"unclear|unsatisfactory|not diagnostic|insufficient|limited"),
    ("normal", r"normal|negative|neg|unremarkable|clear|clean|without (?:fracture|abnormalit\w+)|"
               r"shows? no(?:thing| \w+)|no (?:fracture|abnormalit\w+|acute \w+)|ok|fine|low(?: risk)?|"
               r"did not show|wnl"),
    ("abnormal", r"abnormal|positive|pos|shows?|showed|showing|demonstrat\w+|reveal\w*|suggest\w*|"
                 r"suspicious|elevated|raised|high|found|finds?|confirm\w*"),
    ("done", r"done|performed|completed|obtained|already"),
)  # fmt: skip
IMAGING = frozenset(
    ("chest radiography", "radiography", "ct", "mri", "us", "mammography", "bone scan",
     "echocardiography", "imaging")
)  # fmt: skip
"""Tests after which a further study is the *next* one; a laboratory value alone does not make it so."""
_ANY_OUTCOME = "|".join(f"(?P<{name}>{words})" for name, words in _OUTCOMES)
_AFTER = tuple(
    (name, re.compile(
        rf"\b(?:{words})\b(?:\s*(?:of|on)\s[\w ]{{2,20}})?(?:\s*\([\w ]{{2,24}}\))?[\s:]*(?:(?:is|was|were|are|came back|has been|have been|"
        rf"being|either|all|already|today|score|findings?|result|report(?:ed)?|=|previously|but|also|initially)\s*){{0,3}}"
        rf"(?:{_ANY_OUTCOME})\b(?:\s*(?:or|and|/)\s*(?P<second>[\w-]+))?", re.I))
    for name, words in _TESTS
)  # fmt: skip
_BEFORE = tuple(
    (name, re.compile(
        rf"\b(?:{_ANY_OUTCOME})(?:\s*(?:or|/|and)\s*(?P<second>[\w-]+))?\s+(?:\w+\s+){{0,2}}?(?:{words})\b", re.I))
    for name, words in _TESTS
)  # fmt: skip
_SECOND = tuple((name, re.compile(rf"(?:{words})$", re.I)) for name, words in _OUTCOMES)
_NOT_BETWEEN = re.compile(r"[,;.]")


def _outcome_of(match: re.Match[str]) -> Outcome:
    return next(name for name, _ in _OUTCOMES if match[name])


def _second(word: str | None) -> Outcome | None:
    if not word:
        return None
    return next((name for name, pattern in _SECOND if pattern.match(word)), None)


def read_results(text: str) -> tuple[frozenset[PriorResult], Read]:
    """Tests already done and how they came out: "x-ray neg", "equivocal US", "D-dimer raised".

    A general word ("imaging") is used only where no test is named at the same place.
    """
    results: set[PriorResult] = set()
    read: list[tuple[tuple[int, int], str, Outcome]] = []
    for patterns in (_AFTER, _BEFORE):
        for test, pattern in patterns:
            for match in pattern.finditer(text):
                if _NOT_BETWEEN.search(match.group()) or _overlaps(match.span(), read):
                    continue
                outcome = _outcome_of(match)
                second = _second(match["second"])
                results |= {PriorResult(test, outcome)}
                results |= {PriorResult(test, second)} if second else set()
                read.append((match.span(), test, outcome))
    found = tuple(
        descriptor("prior_result", f"{test}: {outcome}", None, text, span)
        for span, test, outcome in read
    )
    return frozenset(results), found


def _overlaps(span: tuple[int, int], read: list[tuple[tuple[int, int], str, Outcome]]) -> bool:
    return any(span[0] < other[1] and other[0] < span[1] for other, _, _ in read)


# Order matters: the first stage whose words are found counts.
_STAGES: tuple[tuple[str, str], ...] = (
    ("next", r"next (?:imaging |best )?(?:study|test|imaging|scan|exam\w*|investigation)|what (?:is |should be )?next|"
             r"further (?:imaging|evaluation|work-?\s?up|characteri[sz]ation)|"
             r"after (?:a |an |the )?(?:normal|negative|equivocal|inconclusive|indeterminate|non-?diagnostic)"),
    ("staging", r"(?:initial |clinical |local |nodal |pre-?treatment )?staging|stage (?:the|this|her|his)|extent of disease"),
    ("treatment planning", r"(?:pre-?\s?(?:op(?:erative)?|surgical|procedural|procedure|treatment|intervention\w*)|surgical|"
                           r"treatment|procedural|intervention\w*|surgery) (?:planning|work-?\s?up|assessment|evaluation)|"
                           r"pre-?\s?op|planning (?:for )?(?:surgery|tavr|tavi|ablation|treatment|intervention)|"
                           r"before (?:surgery|tavr|tavi|ablation|treatment)|plan (?:the )?(?:surgery|treatment)"),
    ("surveillance", r"surveillance|monitor(?:ing)?|for recurrence|routine follow-?\s?up|annual (?:follow|check)\w*"),
    ("follow-up", r"follow-?\s?up|f/u|post-?\s?(?:treatment|therapy|op|operative) (?:assessment|evaluation|imaging|follow)\w*|"
                  r"re-?check|repeat imaging|after treatment|re-?staging|response (?:assessment|to)"),
    ("screening", r"screen(?:ing|ed)?"),
    ("treatment", r"(?:best |first |initial )?(?<!step in )(?<!steps in )(?:treatment|therapy|management)(?: options?)?(?=\s*[?.]|\s*$)|"
                  r"how (?:to|should \w+ be) (?:treat|manage)\w*|next (?:treatment|therapy)|"
                  r"(?:should|best) (?:we )?(?:treat|drain|stent|emboli[sz]e)\w*"),
    ("initial", r"(?:initial|first)(?:[- ]line)? (?:imaging|test|study|exam\w*|investigation|evaluation|work-?\s?up|scan)|"
                r"(?:which|what) (?:imaging|scan|test|study)|"
                r"(?:which|what) (?:\w+ )?first|initially|first test"),
)  # fmt: skip
_STAGE = tuple((stage, re.compile(rf"\b(?:{words})", re.I)) for stage, words in _STAGES)


def read_stage(text: str, has_results: bool) -> tuple[str | None, Read]:
    """What the study is for; a stated prior result alone means that the next test is asked for."""
    for stage, pattern in _STAGE:
        match = pattern.search(text)
        if match and not (stage == "initial" and has_results):
            return stage, (descriptor("stage", stage, None, text, match.span()),)
    return ("next" if has_results else None), ()
