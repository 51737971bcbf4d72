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
from rag.answering.grounding.strands import CONDITIONAL, PREPOSITIONS, Member, Term, members

_APART = "apart"
_TURNS = frozenset("but so while whereas".split())
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
    colons = [at for at, member in enumerate(found) if member.joint == ":"]
    return found[colons[-1] :] if colons else found


def _homes(found: Sequence[Member]) -> dict[str, list[int]]:
    homes: dict[str, list[int]] = {}
    for at, member in enumerate(found):
        for key in member.keys:
            homes.setdefault(key, []).append(at)
    return homes


def _stand_apart(a: Term, b: Term, homes: dict[str, list[int]], there: Sequence[Member]) -> bool:
    if set(homes[a.key]) & set(homes[b.key]) or (a.frame and a.frame == b.frame):
        return False
    pairs = [(p, a, q, b) if p < q else (q, b, p, a) for p in homes[a.key] for q in homes[b.key]]
    return all(
        first.key in own and later.key in others
        for p, first, q, later in pairs
        for own, others in (_rivals(there, p, q),)
    )


_Keys = frozenset[str]


def _rivals(there: Sequence[Member], at: int, later: int) -> tuple[_Keys, _Keys]:
    """What a member and a later one do not share; nothing where they are no rivals."""
    first, last = there[at], there[later]
    if _in_clause(there, at, later) and (last.verb is not None or last.joint in _TURNS):
        return (frozenset(), frozenset()) if _conditional(first, last) else _clauses(first, last)
    head = last.terms[0].text
    if last.verb is None and head in PREPOSITIONS and len(last.keys) > 1:
        at_head = [n for n, x in enumerate(first.terms) if x.text == head]
        return (Member("", first.terms[at_head[0] :]).keys if at_head else frozenset()), last.keys
    lead = next((x for x in last.terms if x.kind != "empty"), None)
    if (
        lead is None
        or not lead.frame
        or lead.key in first.keys
        or _breaks(there[at + 1 : later], lead.frame)
    ):
        return frozenset(), frozenset()
    places = [at for at, x in enumerate(first.terms) if x.frame == lead.frame]
    own = Member("", first.terms[places[-1] :]).keys if places else frozenset[str]()
    bare = len(own) == 1 or (first.verb is None and last.verb is not None)
    return own, frozenset({lead.key}) if bare else last.keys - _last_noun(last)


def _in_clause(there: Sequence[Member], at: int, later: int) -> bool:
    """Whether the member has a verb, or stands by "or" or "and" beside one that has."""
    back = ahead = at
    while back and there[back].verb is None and there[back].joint in ("or", "and"):
        back -= 1
    while (
        ahead + 1 < len(there)
        and there[ahead].verb is None
        and there[ahead + 1].joint in ("or", "and")
    ):
        ahead += 1
    return there[back].verb is not None or (there[ahead].verb is not None and ahead < later)


def _clauses(first: Member, last: Member) -> tuple[_Keys, _Keys]:
    """Two clauses with a verb each; the later one may go on with the subject of the earlier."""
    held = (
        ("examination",) if any(x.kind == "name" for x in last.terms) else ("name", "examination")
    )
    shared = frozenset(x.key for x in first.terms if x.kind in held)
    goes_on = last.verb == 0 or last.terms[0].text in _PRONOUNS
    own = Member("", first.terms[(first.verb or 0) if goes_on else 0 :]).keys
    if "name" not in held:
        own |= frozenset(x.key for x in first.terms if x.kind == "name")
    return own - shared, last.keys


def _breaks(between: Sequence[Member], frame: str) -> bool:
    """Whether a member between them has such a figure, but not at its head: no series of like members."""
    leads = [next((x for x in m.terms if x.kind != "empty"), None) for m in between]
    return any(
        any(x.frame == frame for x in m.terms) and (lead is None or lead.frame != frame)
        for m, lead in zip(between, leads, strict=True)
    )


def _last_noun(member: Member) -> _Keys:
    """The word at the end, which may belong to all ("2 % for fine and 5 % for coarse calcifications")."""
    return frozenset(x.key for x in member.terms[-1:] if x.kind == "word" and len(member.terms) > 2)


def _conditional(member: Member, later: Member) -> bool:
    return any(x.text in CONDITIONAL for m in (member, later) for x in m.terms)
