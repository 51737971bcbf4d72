"""Generated descriptions: the same finding in other words, units and orders decides the same.

``RADCITE_GENERATED=10000`` runs ten thousand of them; the ordinary suite runs a few hundred.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.answering.descriptors import read_findings
from rag.answering.grading import most_suspicious_first
from rag.knowledge.glossary import Glossary, load_glossary
from rag.knowledge.grade import grade
from rag.knowledge.shelf import Shelf
from rag.settings import load_settings
from rag.types import Decision, Descriptor, Scalar

EXAMPLES = int(os.environ.get("RADCITE_GENERATED", "60"))
many = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)  # fmt: skip

Outcome = tuple[str | None, tuple[str | None, ...], bool, bool]
"""Category, readings, whether more is needed, whether the guideline is silent."""

TYPES = {
    "solid": ("solid nodule", "solid pulmonary nodule", "solid lung nodule", "nodule (solid)"),
    "part_solid": ("part-solid nodule", "partly solid nodule", "part solid lung nodule",
                   "semisolid nodule", "mixed ground-glass nodule"),
    "non_solid": ("ground-glass nodule", "GGN", "pure GGN", "non-solid nodule", "nonsolid nodule",
                  "ground glass opacity", "pure ground-glass nodule"),
}  # fmt: skip
EXAMS = {
    "baseline": ("Baseline LDCT", "baseline screening CT", "First screening LDCT", "Initial screening CT",
                 "Screening LDCT, no prior CT for comparison", "1st round of screening"),
    "new": ("Annual LDCT, new", "Annual screening CT: new", "Yearly screening LDCT, newly seen"),
    "growing": ("Annual LDCT, growing", "Annual screening CT: enlarging", "Follow-up LDCT, growing"),
    "stable": ("Annual LDCT, stable", "Annual screening CT: unchanged", "Follow-up LDCT: stable"),
}  # fmt: skip
PLACES = ("", " in the RUL", " in the left lower lobe", ", lingula", " in the right middle lobe")
ASIDES = (
    "No pleural effusion.", "Mild emphysema.", "Heart size is normal.", "The liver is unremarkable.",
    "DLP 62 mGy cm.", "Mediastinal lymph nodes are not enlarged.", "Simple renal cyst of 14 mm.",
    "Degenerative changes of the spine.", "Moderate coronary artery calcification.",
    "The airways are clear.", "No axillary lymphadenopathy.", "Slice thickness 1 mm.",
    "55-year-old smoker.", "Hiatal hernia.", "Report electronically signed.",
)  # fmt: skip
THYROID_ASIDES = (
    "The parotid glands are normal.", "No cervical lymphadenopathy.", "TSH 2.1.",
    "The right lobe measures 48 x 16 x 15 mm.", "Transducer 12 MHz.", "The isthmus is 3 mm thick.",
)  # fmt: skip


@dataclass(frozen=True)
class Lung:
    kind: str
    timing: str
    tenths: int
    core_tenths: int | None


@cache
def shelf() -> Shelf:
    return Shelf.open(load_settings().corpus)


@cache
def glossary() -> Glossary:
    return load_glossary(load_settings().corpus / "glossary.yaml", shelf().vocabulary)


def outcome(decision: Decision) -> Outcome:
    return (
        decision.category,
        tuple(reading.category for reading in decision.readings),
        bool(decision.missing),
        decision.not_covered is not None,
    )


def of_text(text: str, guideline: str) -> Outcome:
    """What the table says of the most suspicious finding of a text."""
    findings = read_findings(text, shelf().vocabulary, glossary())
    cases = most_suspicious_first(shelf().get(guideline), findings)
    assert len(cases) == 1, (text, [case.finding.descriptors for case in cases])
    return outcome(cases[0].decision)


def of_values(guideline: str, **values: Scalar | None) -> Outcome:
    told = [
        Descriptor(name, value, None, "", (0, 0))
        for name, value in values.items()
        if value is not None
    ]
    return outcome(grade(shelf().get(guideline), told))


def length(tenths: int, style: int) -> str:
    """A size in tenths of a millimetre, written in one of several ways."""
    mm, cm = f"{tenths / 10:g}", f"{tenths / 100:g}"
    styles = (f"{mm} mm", f"{mm}mm", f"{cm} cm", f"{mm} x {mm} mm", f"{cm} x {cm} cm", f"{mm}-mm")
    return styles[style % len(styles)]


lungs = st.builds(
    Lung,
    st.sampled_from(sorted(TYPES)),
    st.sampled_from(sorted(EXAMS)),
    st.integers(25, 350),
    st.integers(20, 120),
)
styles = st.integers(0, 5)


def sized(lung: Lung, kind: str, style: int, core_style: int, place: str) -> str:
    """ "8 mm solid nodule in the RUL", or the size after the noun; the solid part last."""
    size = length(lung.tenths, style)
    head = f"{size} {kind}{place}" if style % 2 else f"{kind} of {size}{place}"
    if lung.kind != "part_solid" or lung.core_tenths is None:
        return head
    core = length(min(lung.core_tenths, lung.tenths), core_style)
    return f"{head} with a {core} solid component"


def lung_text(draw: st.DrawFn, lung: Lung, *, timed: bool = True, with_size: bool = True) -> str:
    kind = draw(st.sampled_from(TYPES[lung.kind]))
    place = draw(st.sampled_from(PLACES))
    exam = draw(st.sampled_from(EXAMS[lung.timing])) if timed else "Screening LDCT"
    said = sized(lung, kind, draw(styles), draw(styles), place) if with_size else f"{kind}{place}"
    joint = (
        " " if lung.timing != "baseline" and timed else draw(st.sampled_from((": ", ". ", ", ")))
    )
    aside = draw(st.lists(st.sampled_from(ASIDES), max_size=3, unique=True))
    sentences = [f"{exam}{joint}{said}.", *aside]
    if draw(st.booleans()) and aside:
        sentences = [*aside, f"{exam}{joint}{said}."]
    text = " ".join(sentences)
    return text.lower() if draw(st.booleans()) else text


def expected(lung: Lung, **changed: Scalar | None) -> Outcome:
    core = min(lung.core_tenths or 0, lung.tenths) / 10 if lung.kind == "part_solid" else None
    values: dict[str, Scalar | None] = {
        "finding": "nodule", "exam_context": "screening", "nodule_type": lung.kind,
        "timing": lung.timing, "mean_diameter": lung.tenths / 10, "solid_component": core,
    }  # fmt: skip
    return of_values("lung_rads_v2022", **(values | changed))


@many
@given(lungs, st.data())
def test_words_units_and_order_never_change_a_lung_outcome(lung: Lung, data: st.DataObject) -> None:
    text = data.draw(st.composite(lambda draw: lung_text(draw, lung))())
    assert of_text(text, "lung_rads_v2022") == expected(lung), text


@many
@given(lungs, st.booleans(), st.data())
def test_without_timing_or_size_nothing_is_assumed(
    lung: Lung, timed: bool, data: st.DataObject
) -> None:
    text = data.draw(
        st.composite(lambda draw: lung_text(draw, lung, timed=timed, with_size=not timed))()
    )
    gone: dict[str, Scalar | None] = (
        {"mean_diameter": None, "solid_component": None} if timed else {"timing": None}
    )
    without = expected(lung, **gone)
    assert of_text(text, "lung_rads_v2022") == without, text
    if lung.kind == "solid" and lung.timing in ("baseline", "new"):
        assert without[2], text


FEATURES: dict[str, dict[str, Sequence[str]]] = {
    "composition": {"solid": ("solid", "almost completely solid"), "mixed": ("mixed cystic and solid", "partially cystic")},
    "echogenicity": {"iso_or_hyperechoic": ("isoechoic", "hyperechoic"), "hypoechoic": ("hypoechoic", "mildly hypoechoic"),
                     "very_hypoechoic": ("very hypoechoic", "markedly hypoechoic")},
    "orientation": {"parallel": ("wider than tall", "wider-than-tall"), "nonparallel": ("taller than wide", "taller-than-wide")},
    "thyroid_margin": {"smooth": ("smooth margin", "smooth margins", "well-defined margin"), "ill_defined": ("ill-defined margin",),
                       "irregular": ("irregular margin", "lobulated margin", "spiculated margin")},
    "foci": {"none": ("no echogenic foci", "without echogenic foci"), "punctate": ("punctate echogenic foci", "microcalcifications"),
             "macro": ("macrocalcification", "macrocalcifications"), "rim": ("peripheral rim calcification", "rim calcification")},
}  # fmt: skip
patterns = st.fixed_dictionaries({name: st.sampled_from(sorted(v)) for name, v in FEATURES.items()})


def thyroid_values(pattern: dict[str, str]) -> dict[str, Scalar | None]:
    foci = pattern["foci"]
    return {
        "finding": "thyroid_nodule",
        **{name: value for name, value in pattern.items() if name != "foci"},
        "punctate_foci": "present" if foci == "punctate" else "absent",
        "macrocalcification": "present" if foci == "macro" else "absent",
        "rim_calcification": "present" if foci == "rim" else "absent",
    }


def thyroid_text(draw: st.DrawFn, pattern: dict[str, str], left_out: str | None = None) -> str:
    said = [draw(st.sampled_from(FEATURES[n][v])) for n, v in pattern.items() if n != left_out]
    tenths, style = draw(st.integers(30, 400)), draw(styles)
    words = draw(st.permutations(said))
    head = draw(
        st.sampled_from(
            (f"{length(tenths, style)} thyroid nodule", f"Thyroid nodule, {length(tenths, style)}")
        )
    )
    aside = draw(st.lists(st.sampled_from(THYROID_ASIDES), max_size=2, unique=True))
    joint = draw(st.sampled_from((", ", ": ")))
    text = " ".join([f"{head}{joint}{', '.join(words)}.", *aside])
    return text.upper() if draw(st.integers(0, 9)) == 0 else text


@pytest.mark.parametrize("guideline", ["acr_ti_rads_2017", "k_tirads_2021"])
@many
@given(patterns, st.data())
def test_words_and_order_never_change_a_thyroid_outcome(
    guideline: str, pattern: dict[str, str], data: st.DataObject
) -> None:
    text = data.draw(st.composite(lambda draw: thyroid_text(draw, pattern))())
    assert of_text(text, guideline) == of_values(guideline, **thyroid_values(pattern)), text


@many
@given(patterns, st.sampled_from(sorted(FEATURES)), st.data())
def test_a_thyroid_feature_left_out_is_asked_for_where_it_matters(
    pattern: dict[str, str], left_out: str, data: st.DataObject
) -> None:
    text = data.draw(st.composite(lambda draw: thyroid_text(draw, pattern, left_out))())
    names = (
        ("punctate_foci", "macrocalcification", "rim_calcification")
        if left_out == "foci"
        else (left_out,)
    )
    gone = {**thyroid_values(pattern), **dict.fromkeys(names)}
    if left_out != "foci" and pattern["foci"] != "none":
        # foci not named are absent only where a description names all feature groups
        named = {
            "punctate": "punctate_foci",
            "macro": "macrocalcification",
            "rim": "rim_calcification",
        }
        kept = named[pattern["foci"]]
        foci = ("punctate_foci", "macrocalcification", "rim_calcification")
        gone |= {name: None for name in foci if name != kept}
    without = of_values("acr_ti_rads_2017", **gone)
    assert of_text(text, "acr_ti_rads_2017") == without, text
