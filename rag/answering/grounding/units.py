"""Units, number words and bounds, as radiology texts write them."""

from __future__ import annotations

UNITS: tuple[tuple[str, str, float], ...] = (
    (r"mm\^?3|cubic millimet(?:re|er)s?", "mm3", 1),
    (r"cm\^?3|cc\b|cubic centimet(?:re|er)s?", "mm3", 1000),
    (r"s/mm\^?2", "s/mm2", 1),
    (r"mm\^?2", "mm2", 1),
    (r"mm|millimet(?:re|er)s?", "mm", 1),
    (r"cm|centimet(?:re|er)s?", "mm", 10),
    (r"pack[- ]?years?", "pack-years", 1),
    (r"months?|mos?\b|개월", "months", 1),
    (r"years?|yrs?|y\b|년|세", "months", 12),
    (r"weeks?|wks?|주", "days", 7),
    (r"days?|일", "days", 1),
    (r"hours?|hrs?|h\b", "minutes", 60),
    (r"minutes?|mins?", "minutes", 1),
    (r"seconds?|secs?|s\b", "seconds", 1),
    (r"%|percent|per cent", "percent", 1),
    (r"mgy|milligrays?", "mGy", 1),
    (r"gy\b", "mGy", 1000),
    (r"msv|millisieverts?", "mSv", 1),
    (r"mg/dl", "mg/dL", 1),
    (r"mmol/l", "mmol/L", 1),
    (r"mg/ml", "mg/mL", 1),
    (r"mg/kg", "mg/kg", 1),
    (r"ml/kg", "mL/kg", 1),
    (r"mmol/kg", "mmol/kg", 1),
    (r"ml/min(?:/1\.73 ?m2?)?", "mL/min", 1),
    (r"ml/s(?:ec)?", "mL/s", 1),
    (r"ml|millilit(?:re|er)s?", "mL", 1),
    (r"lit(?:re|er)s?|l\b", "mL", 1000),
    (r"mg|milligrams?", "mg", 1),
    (r"mcg|µg|ug", "mg", 0.001),
    (r"kg", "kg", 1),
    (r"g\b|grams?", "mg", 1000),
    (r"hu\b|hounsfield units?", "HU", 1),
    (r"kvp?\b", "kV", 1),
    (r"mas\b", "mAs", 1),
    (r"t\b|tesla", "T", 1),
    (r"gauge|g\b", "gauge", 1),
    (r"mhz|megahertz", "MHz", 1),
    (r"khz|kilohertz", "MHz", 0.001),
    (r"points?", "points", 1),
    (r"degrees?|°", "degrees", 1),
    (r"detector rows?|rows?", "rows", 1),
)
UNIT_WORDS = "|".join(f"(?P<u{at}>{words})" for at, (words, _, _) in enumerate(UNITS))
NUMBER_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "eighteen": 18,
    "twenty-four": 24, "twenty": 20, "thirty": 30, "thirty-six": 36, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
}  # fmt: skip
_WORD = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
NUMBER = rf"\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|\b(?:{_WORD})\b|\bhalf an?(?= (?:hour|day|year)\b)|\ban?(?= (?:single )?(?:year|month|week|day|hour|minute)\b)"
BEFORE: tuple[tuple[str, str], ...] = (
    ("ge", r">=|=>|≥|⩾|at least|no(?:t)? (?:less|smaller|fewer|younger|lower|thinner|shorter|finer) than|(?:a )?minimum (?:of )?"
           r"|(?:greater|more|larger) than or equal to|equal to or (?:greater|more|larger) than|at or above|not be (?:less|smaller|fewer|younger|lower|thinner|shorter|finer) than|not (?:under|below)"
           r"|(?:starting|beginning) (?:at|from)|lower (?:end|limit|bound) (?:is|of)|reaches|reaching|reached|from(?= [^,.;]{1,20}(?:upwards?|on\b|up\b))|from(?= \d[\d.]* ?(?:mm|cm)\b(?![^.;]*(?:\bto\b|-)))"),
    ("le", r"<=|≤|⩽|at most|no(?:t)? (?:more|greater|larger|thicker|longer|older|bigger|higher|later|coarser) than|not be (?:more|greater|larger|thicker|longer|older|bigger|higher|later|coarser) than|up to(?! but)"
           r"|(?:a )?maximum (?:of )?|(?:less|smaller) than or equal to|at or (?:below|under)|upper (?:end|limit|bound) (?:is|of)|not (?:exceeding|above|over)"
           r"|(?:does|do|must|should|may|can|shall|will|to) not exceed|no later than|until"),
    ("lt", r"<|less than|smaller than|below|under|fewer than|shorter than|younger than|thinner than|lower than|finer than|just under"
           r"|up to but (?:not including|excluding)|measur\w+ (?:less|under)|not reaching|short of|within less than"),
    ("gt", r">|more than|greater than|larger than|bigger than|over|above|exceed(?:s|ing)?|longer than|older than|thicker than"
           r"|higher than|later than|coarser than|in excess of|beyond|upwards of"),
    ("within", r"within(?: (?:an?|the|any|the (?:past|last|first)|less than))?|inside (?:of )?(?:an?|the)?|in the (?:past|last|first)"
               r"|during (?:the )?(?:past|last|first)"),
    ("about", r"~|about|approximately|approx\.?|around|roughly|circa|nearly|almost|some"),
    ("in", r"(?:in|during|per|across|throughout)(?: (?:an?|the|any|each|one))?|over (?:an?|the|any)"),
)  # fmt: skip
AFTER: tuple[tuple[str, str], ...] = (
    ("ge", r"\s*(?:or|and|&) (?:more|larger|greater|above|over|older|longer|bigger|higher|up(?! to)|upwards?|thicker|beyond|later)\b(?! than)"
           r"|\s*\+(?=\s|[.,;)]|$)|\s*(?:at (?:the )?minimum|upwards?)\b|\s*이상"),
    ("le", r"\s*(?:or|and) (?:less|smaller|below|under|fewer|younger|shorter|thinner|lower|finer)\b(?! than)|\s*(?:at (?:the )?most)\b|\s*이하"),
    ("lt", r"\s*미만"),
    ("gt", r"\s*초과|\s*(?:is|are|was|were|being|be|has been) exceeded\b"),
)  # fmt: skip
