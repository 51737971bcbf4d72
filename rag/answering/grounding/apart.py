"""What the passage says of different things is not joined.

"Mild is limited hives, moderate is diffuse hives" does not support "limited hives are moderate": the two
stand in members of their own. Members are rivals where each has its own verb, or where the later one
begins with a figure or name of a kind that the earlier one has too ("1 mSv for adults and 3 mSv for
children").
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from rag.answering.grounding.mentions import quoted
from rag.answering.grounding.result import CheckResult, Part, Unit, contradicted, passed
from rag.answering.grounding.strands import CONDITIONAL, Member, Term, members

_APART = "apart"
_PRONOUNS = frozenset("it they this these which who".split())


def check_apart(part: Part, unit: Unit) -> CheckResult:
    """No clause of the statement joins what stands in rival members of the passage."""
    there = _without_heading(members(unit.text))
    homes = _homes(there)
    for member in members(part.text):
        for a, b in combinations([x for x in member.terms if x.is_telling and x.key in homes], 2):
            if a.key != b.key and _stand_apart(a, b, homes, there):
                reason = f"{quoted(part.text, [a.span, b.span])} are said of different things in the cited passage"
                return contradicted(_APART, reason, (a.span, b.span))
    return passed(_APART)


def _without_heading(found: Sequence[Member]) -> Sequence[Member]:
    """The members after a heading, which holds for all of them."""
    headed = len(found) > 1 and found[1].joint == ":"
    return found[1:] if headed else found


def _homes(found: Sequence[Member]) -> dict[str, list[int]]:
    homes: dict[str, list[int]] = {}
    for at, member in enumerate(found):
        for key in member.keys:
            homes.setdefault(key, []).append(at)
    return homes


def _stand_apart(a: Term, b: Term, homes: dict[str, list[int]], there: Sequence[Member]) -> bool:
    if set(homes[a.key]) & set(homes[b.key]):
        return False
    pairs = [(p, a, q, b) if p < q else (q, b, p, a) for p in homes[a.key] for q in homes[b.key]]
    return all(
        first.key in _own(there[p], there[q]) and later.key in there[q].keys
        for p, first, q, later in pairs
    )


def _own(member: Member, later: Member) -> frozenset[str]:
    """What of a member is not shared with a later one that stands beside it; nothing if it is no rival."""
    verb = member.verb
    names = frozenset(x.key for x in member.terms if x.kind in ("name", "examination"))
    if verb is not None and later.verb is not None and not _conditional(member, later):
        goes_on = later.verb == 0 or later.terms[0].text in _PRONOUNS
        return Member("", member.terms[verb if goes_on else 0 :]).keys - names
    lead = next((x for x in later.terms if x.kind != "empty"), None)
    if lead is None or not lead.frame or lead.key in member.keys:
        return frozenset()
    rivals = [at for at, x in enumerate(member.terms) if x.frame == lead.frame]
    return Member("", member.terms[rivals[-1] :]).keys if rivals else frozenset()


def _conditional(member: Member, later: Member) -> bool:
    return any(x.text in CONDITIONAL for m in (member, later) for x in m.terms)
