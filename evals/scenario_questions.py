"""Questions made from the shelf's own text, for fitting the scenario ranker.

Each scenario's search terms are split in two: one half stays in the index, from the other half (and
from the scenario's sentence with words left out and wordings exchanged) a question is made in the
manner of a phrase, a one-liner or a vignette. Everything is drawn with one seed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from rag.knowledge.scenario_entry import ScenarioEntry

STAGES = {
    "initial": ("first test?", "initial imaging", "which scan first?", "first line imaging", "what imaging?"),
    "next": ("next imaging study", "what next?", "next step", "further imaging"),
    "follow-up": ("follow up", "follow-up imaging", "f/u"),
    "surveillance": ("surveillance", "routine follow up", "monitoring"),
    "screening": ("screening", "screen"),
    "staging": ("staging", "initial staging"),
    "treatment planning": ("treatment planning", "pre-op planning", "work up before treatment"),
    "treatment": ("treatment options?", "management", "which procedure", ""),
}  # fmt: skip
ASIDES = (
    "Vital signs are normal.", "Afebrile.", "No significant past medical history.", "BMI 27.",
    "Temperature is 37.0 C, pulse 80/min, blood pressure 124/78.", "History of hypertension.",
    "No known drug allergies.", "On metformin and lisinopril.", "Otherwise well.", "Non-smoker.",
    "Examination otherwise unremarkable.", "History of type 2 diabetes.", "Ex-smoker.",
    "Pain is 7/10.", "Symptoms started gradually.", "Works in an office.", "Lives alone.",
    "CBC and metabolic panel are normal.",
)  # fmt: skip
DURATIONS = (
    "for 3 days", "for 2 weeks", "for 6 months", "since yesterday", "for a year", "acute", "chronic",
    "progressive", "severe", "intermittent", "x 2 months", "over 3 weeks", "worsening", "new", "persistent",
)  # fmt: skip
SUSPECTING = ("suspected ", "r/o ", "?", "possible ", "concern for ", "suspicion of ")
# Words that a question would not leave out, because a scenario turns on them.
_KEPT = re.compile(
    r"(?:no|not|without|nor|neither|never|known|established|previous(?:ly)?|earlier|past|prior|history|"
    r"after|treated|recurrent|persistent|normal|negative|positive|abnormal|indeterminate|equivocal|acute|"
    r"chronic|suspected|asymptomatic|untreated|unrepaired|trauma|cancer|malignancy|repaired|"
    r"postoperative|post\S*)[,;:.]?", re.I)  # fmt: skip
_TAIL = re.compile(
    r"[;:] ?(?:first test|next test|next study|what next|next step|which test first)(?: if any)?\.?$"
)
_SUSPECTED = re.compile(
    r"(?:suspected|suspicion of|possible|concern(?:ing)? for)\s+(?P<a>[^,;:.]{4,70})"
    r"|(?P<b>[^,;:.]{4,60})\s+(?:is |clinically )?suspected", re.I)  # fmt: skip
_TITLE = re.compile(
    r"^(?:Suspected|Imaging (?:of|for|after)|Evaluation of|Management of|Radiologic Management of|"
    r"Workup of|Clinically Suspected|Possible|Newly Diagnosed|Staging and Follow-up of|Assessment of)"
    r"(?: and Known)? |[-–— ]+Child.*$| \(.*\)|,.*$", re.I)  # fmt: skip


class QuestionMaker:
    """Makes questions; ``wordings`` are the lexicon's groups of equal wordings."""

    def __init__(self, wordings: Sequence[Sequence[str]], seed: int = 11) -> None:
        self._random = random.Random(seed)
        self._groups: dict[str, Sequence[str]] = {}
        for group in wordings:
            for wording in group:
                if len(wording) > 2:
                    self._groups.setdefault(wording.lower(), group)
        longest_first = sorted(self._groups, key=len, reverse=True)
        self._pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.I)

    def question(self, entry: ScenarioEntry, spare: Sequence[str]) -> str:
        """One question for ``entry``; ``spare`` are the terms that its index entry lacks."""
        draw = self._random
        stage = draw.choice(STAGES[entry.stage]) if draw.random() < 0.65 else ""
        terms = draw.sample(list(spare), min(draw.choice((0, 1, 1, 2, 2, 3)), len(spare)))
        keep = draw.uniform(0.35, 0.9) if terms else draw.uniform(0.6, 1)
        sentence = self._varied(self._dropped(entry.text, keep), 0.4).rstrip(".")
        if len(terms) >= 2 and draw.random() < 0.3:
            sentence = ""
        parts = self._noisy(
            [part for part in (sentence, *(self._varied(t, 0.2) for t in terms)) if part], entry
        )
        draw.shuffle(parts)
        specific = entry.low > 0 or entry.high < 200 or entry.sex != "any" or bool(entry.pregnant)
        person = self._person(entry) if specific or draw.random() < 0.6 else ""
        style = draw.random()
        if style < 0.4:
            text = self._phrase(entry, parts, person if specific else "", stage)
        elif style < 0.7:
            text = self._one_liner(entry, parts, terms, person, stage)
        else:
            text = self._vignette(entry, parts, terms, person, stage)
        if entry.pregnant and "pregnan" not in text.lower():
            text += ", pregnant"
        return self._misspelt(text) if draw.random() < 0.12 else text

    def _phrase(self, entry: ScenarioEntry, parts: list[str], person: str, stage: str) -> str:
        pieces = [piece for part in parts for piece in re.split(r"[,;:] ?", part) if piece]
        self._random.shuffle(pieces)
        if entry.high <= 18 or entry.for_children:
            pieces.append("child")
        elif person:
            pieces.insert(0, person)
        return ", ".join((*pieces, stage) if stage else pieces)

    def _one_liner(
        self, entry: ScenarioEntry, parts: list[str], terms: list[str], person: str, stage: str
    ) -> str:
        if self._random.random() < 0.4 and terms:
            parts = [*parts, self._random.choice(SUSPECTING) + self._suspect(entry, terms)]
        body = ", ".join((*parts, stage) if stage else parts)
        return f"{person} with {body}" if person else body

    def _vignette(
        self, entry: ScenarioEntry, parts: list[str], terms: list[str], person: str, stage: str
    ) -> str:
        asides = self._random.sample(ASIDES, self._random.choice((0, 1, 1, 2, 3)))
        body = [f"{person or 'Patient'} presents with {parts[0]}."] + [f"{p}." for p in parts[1:]]
        told = body + asides if self._random.random() < 0.5 else body[:1] + asides + body[1:]
        if self._random.random() < 0.5:
            told.append(
                f"{self._random.choice(SUSPECTING).strip().capitalize()} {self._suspect(entry, terms)}."
            )
        return " ".join((*told, stage) if stage else told)

    def _suspect(self, entry: ScenarioEntry, terms: list[str]) -> str:
        said = [(m["a"] or m["b"]).strip() for m in _SUSPECTED.finditer(entry.text)]
        title = _TITLE.sub("", _TITLE.sub("", entry.topic))
        return self._varied(
            self._random.choice(said * 2 + [title] + [t for t in terms if len(t) > 6][:1]), 0.4
        )

    def _noisy(self, parts: list[str], entry: ScenarioEntry) -> list[str]:
        """A duration where the scenario leaves it open, so that it is learned to say little."""
        still = entry.stage in ("screening", "surveillance") or entry.facets.acuity is not None
        if parts and not still and self._random.random() < 0.35:
            word = self._random.choice(DURATIONS)
            parts = [f"{parts[0]} {word}" if " " in word else f"{word} {parts[0]}", *parts[1:]]
        return parts

    def _person(self, entry: ScenarioEntry) -> str:
        draw = self._random
        low, high = entry.low, min(entry.high, 85.0)
        if entry.for_children:
            high = min(high, 17.5)
        elif low == 0 and high == 85:
            low = 18
        sex = entry.sex if entry.sex != "any" else draw.choice(("female", "male"))
        age = draw.uniform(low, max(high - 0.01, low))
        if entry.pregnant:
            age, sex = draw.uniform(max(low, 19), max(min(high, 42), 20)), "female"
        words = {
            ("female", True): ("girl", "female", "F"), ("male", True): ("boy", "male", "M"),
            ("female", False): ("woman", "female", "F", "lady"), ("male", False): ("man", "male", "M"),
        }[sex, age < 18]  # fmt: skip
        return f"{self._age(age)} {draw.choice(words)}"

    def _age(self, years: float) -> str:
        if years < 0.15:
            return f"{max(1, int(years * 365))} day old"
        if years < 2:
            return f"{max(1, int(years * 12))} month old"
        return f"{int(years)}{self._random.choice(('yo', ' y/o', '-year-old', ' year old'))}"

    def _varied(self, text: str, share: float) -> str:
        def other(match: re.Match[str]) -> str:
            if self._random.random() > share:
                return match.group()
            return self._random.choice(self._groups[match.group().lower()][:8])

        return self._pattern.sub(other, text)

    def _dropped(self, text: str, keep: float) -> str:
        words = _TAIL.sub("", text).split()
        return " ".join(w for w in words if self._random.random() < keep or _KEPT.fullmatch(w))

    def _misspelt(self, text: str) -> str:
        words = text.split()
        long = [i for i, word in enumerate(words) if len(word) > 6 and word.isalpha()]
        if long:
            place = self._random.choice(long)
            word, cut = words[place], self._random.randrange(1, len(words[place]) - 2)
            words[place] = self._random.choice(
                (
                    word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :],
                    word[:cut] + word[cut + 1 :],
                )
            )
        return " ".join(words)


def folds(entries: Sequence[ScenarioEntry]) -> tuple[list[ScenarioEntry], list[ScenarioEntry]]:
    """The entries twice, each time with every other term."""
    return (
        [replace(entry, terms=entry.terms[0::2]) for entry in entries],
        [replace(entry, terms=entry.terms[1::2]) for entry in entries],
    )
