"""Things of one kind of which a text means one and not the other, from ``corpus/alternatives.yaml``.

A question on gadolinium is not answered by a passage on iodinated contrast, one on a child not by
one on adults. A passage on a special group of patients (``only_named``) does not answer a question
that names none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from rag.knowledge.corpus_schema import Strict
from rag.knowledge.yaml_file import open_yaml
from rag.retrieval.stemming import stem
from rag.retrieval.tokens import tokens


class _Group(Strict):
    only_named: bool = False
    members: dict[str, list[str]] = Field(min_length=2)


class _File(Strict):
    groups: dict[str, _Group] = Field(min_length=1)


Named = tuple[frozenset[str], ...]
"""For each group in order, the members that a text names."""

Names = tuple[frozenset[str], ...]
"""Ways to name a thing, each as the index terms that all have to be there."""


@dataclass(frozen=True, slots=True)
class Group:
    """Things that exclude each other; ``members`` are the ways to name each of them."""

    members: Mapping[str, Names]
    only_named: bool

    def named_by(self, terms: frozenset[str]) -> frozenset[str]:
        return frozenset(
            member
            for member, names in self.members.items()
            if any(name <= terms and not _denied(name, terms) for name in names)
        )


def _denied(name: frozenset[str], terms: frozenset[str]) -> bool:
    """Whether the text says ``non-pregnant`` where ``pregnant`` is the name."""
    return any(stem(f"non{term}") in terms for term in name)


@dataclass(frozen=True)
class Alternatives:
    """All groups of a corpus."""

    groups: tuple[Group, ...] = ()

    def named_by(self, terms: frozenset[str]) -> Named:
        """The members of each group that a text with these index terms names."""
        return tuple(group.named_by(terms) for group in self.groups)

    def apart(self, question: Named, passage: Named) -> int:
        """In how many groups the passage names other members than the question and none of its."""
        pairs = zip(question, passage, strict=True)
        return sum(bool(asked and said and not asked & said) for asked, said in pairs)

    def special(self, question: Named, passage: Named) -> bool:
        """Whether the passage is on a special group of patients that the question does not name."""
        pairs = zip(self.groups, question, passage, strict=True)
        return any(group.only_named and said - asked for group, asked, said in pairs)


def load_alternatives(path: Path) -> Alternatives:
    """The groups of a corpus.

    Raises:
        CorpusError: the file is wrong, or a name without index terms stands in it.
    """
    file = open_yaml(path)
    groups: list[Group] = []
    for name, entry in file.as_model(_File).groups.items():
        members = {
            member: tuple(frozenset(tokens(word)) for word in words)
            for member, words in entry.members.items()
        }
        if any(not terms for names in members.values() for terms in names):
            raise file.error(f"a name of {name!r} has no index term; reword it", ("groups", name))
        groups.append(Group(members, entry.only_named))
    return Alternatives(tuple(groups))
