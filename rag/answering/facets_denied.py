"""Whether a fact is denied where it stands: "no trauma", "lacking all red flags: fever, known cancer"."""

from __future__ import annotations

import re

_NEGATED = re.compile(
    r"\b(?:no|not|non|without|w/o|denies|denied|never|negative for|absence of|exclud\w+|free of|nil)"
    r"(?:\s+(?:a|an|any|known|history|of|hx|h/o|prior|previous|recent|significant|other|evidence|\w+ or|\w+,)){0,5}[\s-]*$",
    re.I,
)
_LIST = re.compile(
    r"\b(?:no|without|lack\w*|absen\w+|none of|free of)\b[^.;:?]{0,40}:\s[^.;:?]*$", re.I
)
"""A list that a denial opens; it reaches to the end of the clause."""


def denied(text: str, start: int) -> bool:
    """Whether what begins at ``start`` is denied by the words before it.

    >>> denied("headache, no red flags: fever, trauma", 31), denied("no fever; trauma", 10)
    (True, False)
    """
    before = text[:start]
    return _NEGATED.search(before) is not None or _LIST.search(before) is not None
