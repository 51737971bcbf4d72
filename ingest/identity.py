"""What a document says of itself: its title, and the year printed on it. Nothing is invented."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.document import PageText

_JUNK_TITLE = re.compile(
    r"(preview|untitled|document\d*|slide \d+|powerpoint presentation|microsoft (word|powerpoint).*"
    r"|title|.*\.(indd|docx?|xlsx?|pptx?|pdf|qxd|tmp|rtf))",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"(?:revised|last review(?:ed)?(?: date)?|reviewed|updated|published|publication date|"
    r"effective(?: date)?|adopted|amended|release date|version of|copyright|©|\(c\)|개정|제정|발행)"
    r"[^\d\n]{0,30}((?:19|20)\d{2})(?!\d)",
    re.IGNORECASE,
)
_EDGE_PAGES = 2
_TITLE_CHARACTERS = 200


def title_of(stated: str | None, pages: Sequence[PageText]) -> str | None:
    """The file's own title if it is one, else the first page's foremost heading, else ``None``."""
    if stated and len(stated) > 3 and not _JUNK_TITLE.fullmatch(stated.strip()):
        return _shortened(stated)
    for page in pages[:_EDGE_PAGES]:
        if page.headings:
            best = min(page.headings, key=lambda heading: (heading.level, heading.span))
            return _shortened(page.text[best.span[0] : best.span[1]])
    return None


def year_of(pages: Sequence[PageText]) -> int | None:
    """The latest year that the first or last two pages print beside a word of issue or revision."""
    edge = [*pages[:_EDGE_PAGES], *pages[-_EDGE_PAGES:]]
    years = [int(found) for page in edge for found in _DATED.findall(page.text)]
    return max(years, default=None)


def _shortened(title: str) -> str:
    plain = " ".join(title.split())
    if len(plain) <= _TITLE_CHARACTERS:
        return plain
    return plain[:_TITLE_CHARACTERS].rsplit(" ", 1)[0]
