"""What must hold of appropriateness topics beyond what loading checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from rag.errors import CorpusError
from rag.knowledge.appropriateness import RATINGS, Scenario, Topic, read_topic, slug, topic_files
from rag.knowledge.fault import Fault
from rag.knowledge.procedure_names import FILE, ProcedureName, load_procedure_names, spelled
from rag.knowledge.scenario_referrals import FILE as REFERRALS
from rag.knowledge.scenario_referrals import load_referrals


def topic_faults(folder: Path) -> tuple[int, list[Fault]]:
    """How many topics a guideline folder holds, and their faults; none in an ordinary folder."""
    files = topic_files(folder)
    if not files:
        return 0, []
    try:
        names = load_procedure_names(folder)
    except CorpusError as error:
        return len(files), [Fault.of(error)]
    found: list[Fault] = []
    used: set[str] = set()
    titles: dict[str, Path] = {}
    scenarios: set[tuple[str, int]] = set()
    for path in files:
        try:
            topic = read_topic(path, names)
        except CorpusError as error:
            found.append(Fault.of(error))
            continue
        used |= {spelled(p.name) for s in topic.scenarios for p in s.procedures}
        found += _topic(topic, path)
        scenarios |= {(topic.title, scenario.variant_no) for scenario in topic.scenarios}
        if topic.title in titles:
            found.append(Fault(str(path), 1, f"topic also stands in {titles[topic.title].name}"))
        titles.setdefault(topic.title, path)
    if not found:
        found += _unused(folder, names, used)
        found += _referrals(folder, scenarios)
    return len(files), found


def _referrals(folder: Path, scenarios: set[tuple[str, int]]) -> list[Fault]:
    """A referral of a scenario that does not exist would be left unread in silence."""
    try:
        strange = sorted(load_referrals(folder).keys() - scenarios)
    except CorpusError as error:
        return [Fault.of(error)]
    path = str(folder / REFERRALS)
    return [Fault(path, 1, f"'{title}' has no scenario {number}") for title, number in strange]


def _topic(topic: Topic, path: Path) -> Iterator[Fault]:
    if path.stem != slug(topic.title):
        yield Fault(str(path), 1, f"the file of '{topic.title}' must be {slug(topic.title)}.yaml")
    numbers: dict[int, int] = {}
    texts: dict[str, int] = {}
    for scenario in topic.scenarios:
        number, text = scenario.variant_no, " ".join(scenario.text.casefold().split())
        if number in numbers:
            message = f"variant {number} stands twice (line {numbers[number]})"
            yield Fault(str(path), scenario.line, message)
        if text in texts:
            message = f"the same scenario as in line {texts[text]}"
            yield Fault(str(path), scenario.line, message)
        numbers.setdefault(number, scenario.line)
        texts.setdefault(text, scenario.line)
        yield from _rows(scenario, path)


def _rows(scenario: Scenario, path: Path) -> Iterator[Fault]:
    """Ratings agree with their categories, and a procedure is rated once."""
    first: dict[str, int] = {}
    for index, procedure in enumerate(scenario.procedures):
        line = scenario.table_line + index
        if procedure.rating is not None and procedure.rating not in RATINGS[procedure.category]:
            allowed = RATINGS[procedure.category]
            message = (
                f"'{procedure.category}' goes with {allowed.start} to {allowed.stop - 1}, "
                f"the rating of '{procedure.name}' is {procedure.rating}"
            )
            yield Fault(str(path), line, message)
        name = spelled(procedure.name)
        if name in first:
            message = f"'{procedure.name}' is rated twice in one scenario (line {first[name]})"
            yield Fault(str(path), line, message)
        first.setdefault(name, line)


def _unused(folder: Path, names: Mapping[str, ProcedureName], used: set[str]) -> Iterator[Fault]:
    """A name that no topic prints is a slip in one of the two places."""
    lines = (folder / FILE).read_text(encoding="utf-8").splitlines()
    for key, name in names.items():
        if key not in used:
            at = next((n for n, t in enumerate(lines, 1) if t.strip().startswith(name.printed)), 1)
            yield Fault(str(folder / FILE), at, f"no topic prints '{name.printed}'")
