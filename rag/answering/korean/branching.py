"""What an undecided finding can be, in Korean: each category with its condition."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag.answering.branches import of_itself
from rag.knowledge.vocabulary import Vocabulary
from rag.types import Branch, Condition

_BRACKETS = re.compile(r" ?\([^)]*\)")


def branches_in_korean(
    found: Sequence[Branch], vocabulary: Vocabulary, sentences: Mapping[str, str]
) -> str:
    """The Korean of :func:`rag.answering.branches.branch_sentence`.

    ``sentences`` are managements in Korean; one that is not among them stays in English.
    """
    said = [_branch(branch, vocabulary, sentences) for branch in found if not of_itself(branch)]
    return f"{'; '.join(said)}." if said else ""


def _branch(branch: Branch, vocabulary: Vocabulary, sentences: Mapping[str, str]) -> str:
    conditions = ", ".join(_condition(each, vocabulary) for each in branch.conditions)
    labels = either(" or ".join(label or "none" for label in branch.categories))
    if labels:
        return f"{conditions}: 범주 {labels}"
    management = (branch.management or "").rstrip(".")
    return f"{conditions}: {sentences.get(management, management) or '해당 범주 없음'}"


def _condition(condition: Condition, vocabulary: Vocabulary) -> str:
    spec = vocabulary[condition.name]
    label = _BRACKETS.sub("", spec.label_ko or condition.label)
    if not spec.allowed:
        return f"{label} {condition.words}"
    names = {value.value: value.label_ko or value.label for value in spec.values}
    values = (_BRACKETS.sub("", names.get(str(value), str(value))) for value in condition.values)
    return f"{label} {' 또는 '.join(values)}"


def either(labels: str) -> str:
    """``4A or none`` as ``4A 또는 해당 없음``."""
    return labels.replace(" or ", " 또는 ").replace("none", "해당 없음")
