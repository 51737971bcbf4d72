"""``radcite appropriate``: from a referral to the scenario and its whole table; topics to browse."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from app.commands.opening import FAILED, open_parts

if TYPE_CHECKING:
    from app.corpus_labels import CorpusLabels
    from app.procedures import ProcedureTable
    from rag.answering.parts import Parts
    from rag.answering.scenario_desk import ScenarioDesk
    from rag.types import Response


@click.command()
@click.argument("referral", required=False)
@click.option(
    "--pick",
    type=click.IntRange(min=1),
    help="Show the scenario of this number instead of the first.",
)
@click.option(
    "--order",
    "row",
    type=click.IntRange(min=1),
    help="Print the order for the table row of this number as text.",
)
@click.option(
    "--topics",
    is_flag=True,
    help="List the topics; REFERRAL, --panel and --region narrow the list.",
)
@click.option("--panel", help="Topics of this panel only, e.g. Urologic.")
@click.option("--region", help="Topics of this body region only, e.g. knee.")
@click.option("--topic", help="Show this topic's scenarios, or with --scenario one table.")
@click.option("--scenario", type=int, help="Number of the scenario of --topic.")
@click.option("--study", help="The other way round: which scenarios rate this study highest.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer as one JSON object.")
@click.pass_context
def appropriate(
    ctx: click.Context, referral: str | None, pick: int | None, row: int | None, topics: bool,
    panel: str | None, region: str | None, topic: str | None, scenario: int | None,
    study: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Which study a REFERRAL needs, by the ACR Appropriateness Criteria.

    \b
    Examples:
      radcite appropriate "13yo fell off trampoline, lumbar pain, neuro intact"
      radcite appropriate "80F fell, hip pain, cannot walk" --order 1
      radcite appropriate --topics --region knee
      radcite appropriate --topic "Low Back Pain" --scenario 4
      radcite appropriate --study "MRI brain with contrast"
    """
    parts = open_parts()
    desk = _desk(parts)
    if topics or panel or region:
        _browse(desk, panel, region, referral or "")
    elif topic is not None:
        _topic(desk, topic, scenario, row, parts)
    elif study is not None or referral is not None:
        question = referral if study is None else f"which scenarios rate {study} highest"
        ctx.exit(_answer(question or "", parts, desk, pick, row, as_json))
    else:
        raise click.UsageError('give a REFERRAL, e.g. radcite appropriate "80F fell, hip pain"')


def _desk(parts: Parts) -> ScenarioDesk:
    from rag.errors import QuestionError

    desk = parts.desk()
    if desk is None:
        raise QuestionError("no appropriateness guideline on the shelf: see 'radcite corpus list'")
    return desk


def _browse(desk: ScenarioDesk, panel: str | None, region: str | None, text: str) -> None:
    from app import appropriate_print, terminal, topic_browser

    entries = topic_browser.topic_entries(desk)
    known = {"panel": topic_browser.panels(entries), "region": topic_browser.regions(entries)}
    chosen = {name: _known(name, given, known[name]) for name, given in (("panel", panel), ("region", region))}  # fmt: skip
    found = topic_browser.filtered(entries, chosen["panel"], chosen["region"], text)
    appropriate_print.print_topics(found, terminal.console())


def _known(name: str, given: str | None, names: Sequence[str]) -> str | None:
    """The filter's value as the shelf spells it."""
    if given is None:
        return None
    by_name = {one.lower(): one for one in names}
    if given.lower() not in by_name:
        raise click.UsageError(f"no {name} '{given}'; there are: {', '.join(names)}")
    return by_name[given.lower()]


def _topic(
    desk: ScenarioDesk, title: str, number: int | None, row: int | None, parts: Parts
) -> None:
    from app import appropriate_print, scenario_table, terminal, topic_browser
    from rag.errors import QuestionError

    entries = [
        e for e in topic_browser.topic_entries(desk) if title.lower() in (e.title.lower(), "")
    ] or list(topic_browser.filtered(topic_browser.topic_entries(desk), text=title))
    to = terminal.console()
    if not entries:
        raise QuestionError(f"no topic '{title}': see 'radcite appropriate --topics'")
    if number is None or len(entries) > 1:
        for entry in entries:
            terminal.say(to, (entry.title, "name"))
            appropriate_print.print_cards(entry.scenarios, to)
        return
    shown = scenario_table.table(desk, entries[0].title, number, _labels(parts))
    if row is None:
        appropriate_print.print_table(shown, to)
    else:
        click.echo(_order(desk, entries[0].title, number, shown, row, ""))


def _answer(
    question: str,
    parts: Parts,
    desk: ScenarioDesk,
    pick: int | None,
    row: int | None,
    as_json: bool,
) -> int:
    response = _response(question, parts)
    which = _scenarios_offered(response)
    if which and (pick is not None or _interactive(as_json)):
        from app.chips import with_detail

        number = pick or _picked(response.text, [label for _, label in which])
        question = with_detail(question, which[_within(number, len(which)) - 1][0])
        response, pick = _response(question, parts), None
    choices = response.appropriateness
    if pick is None and choices is not None and _asks(response) and _interactive(as_json):
        pick = _picked_close(response)
    if as_json:
        from app.batch import dumps
        from rag.answering.payload import to_json

        click.echo(dumps(to_json(response), indent=2))
    elif choices is not None:
        _print_scenario(question, response, parts, desk, pick, row)
    elif which := _scenarios_offered(response):
        _print_offered(question, response, [label for _, label in which])
    else:
        _print_response(response, parts)
    found = response.appropriateness or response.statements or _asks(response)
    return 0 if found else FAILED


def _response(question: str, parts: Parts) -> Response:
    """The tables' own answer, whatever route the question would take by itself."""
    from rag.answering.answer import ask

    return ask(question, parts=replace(parts, wording=None), route="appropriateness")


def _scenarios_offered(response: Response) -> tuple[tuple[str, str], ...]:
    """Scenario and label of what a bare complaint may mean; none where something else is asked."""
    from rag.answering.appropriate_close import SCENARIO
    from rag.types import NeedsDetails

    asked = response.clarification if isinstance(response, NeedsDetails) else None
    return asked.options if asked is not None and asked.descriptor == SCENARIO else ()


def _within(number: int, most: int) -> int:
    if number > most:
        raise click.UsageError(f"--pick takes 1 to {most}")
    return number


def _print_offered(question: str, response: Response, labels: Sequence[str]) -> None:
    from app import terminal

    to = terminal.console()
    terminal.say(to, (response.text, "care"))
    for number, label in enumerate(labels, 1):
        terminal.say(to, label, head=f"{number:>3}  ")
    again = f"radcite appropriate {shlex.quote(question)} --pick NUMBER"
    terminal.say(to, (f"Take one with: {again}", "soft"))


def _asks(response: Response) -> bool:
    from rag.types import NeedsDetails

    return isinstance(response, NeedsDetails)


def _interactive(as_json: bool) -> bool:
    return not as_json and sys.stdin.isatty() and sys.stdout.isatty()


def _picked_close(response: Response) -> int:
    """Two scenarios are close: the reader takes one by its number."""
    table = response.appropriateness
    assert table is not None
    close = [f"{table.topic}: {table.scenario}", *(f"{o.topic}: {o.scenario}" for o in table.alternatives[:3])]  # fmt: skip
    return _picked(response.text, close)


def _picked(said: str, labels: Sequence[str]) -> int:
    from app import terminal

    to = terminal.console()
    terminal.say(to, (said, "care"))
    for number, label in enumerate(labels, 1):
        terminal.say(to, label, head=f"{number:>3}  ")
    chosen: int = click.prompt("Number", type=click.IntRange(1, len(labels)), default=1)
    return chosen


def _print_scenario(
    question: str, response: Response, parts: Parts, desk: ScenarioDesk, pick: int | None, row: int | None
) -> None:  # fmt: skip
    from app import appropriate_print, scenario_table, terminal

    found = response.appropriateness
    assert found is not None
    keys = [(found.topic, found.variant_no), *((o.topic, o.variant_no) for o in found.alternatives)]
    number = pick or 1
    if number > len(keys):
        raise click.UsageError(f"--pick takes 1 to {len(keys)}")
    topic, variant = keys[number - 1]
    referral = scenario_table.referral_of(question, parts)
    shown = scenario_table.table(desk, topic, variant, _labels(parts), referral=referral)
    if row is not None:
        click.echo(_order(desk, topic, variant, shown, row, question))
        return
    to = terminal.console()
    if _asks(response) and pick is None:
        terminal.say(to, (response.text, "care"))
        to.print()
    elif pick is None:
        for line in _direct(response):
            terminal.say(to, (line, "name"))
    appropriate_print.print_table(shown, to)
    weighed = scenario_table.cautions(desk, (topic, variant), referral)
    if notices := weighed if pick else response.notices:
        to.print()
        for notice in notices:
            terminal.say(to, (notice, "care"))
    others = [f"{t}, scenario {n}: {desk.scenario(t, n).text}" for t, n in keys]
    if pick is None:
        appropriate_print.print_others(others[1:], to)


def _direct(response: Response) -> list[str]:
    """What answers a question about one study; the table says the rest."""
    from app.procedures import says_band

    table = response.appropriateness
    assert table is not None
    return [
        s.text for s in response.statements if not says_band(s) and table.scenario not in s.text
    ]


def _order(
    desk: ScenarioDesk, topic: str, variant: int, shown: ProcedureTable, row: int, indication: str
) -> str:
    from app import scenario_table

    rows = scenario_table.flat_rows(shown)
    if row > len(rows):
        raise click.UsageError(f"--order takes 1 to {len(rows)}")
    return scenario_table.order_text(desk, topic, variant, rows[row - 1].name, indication)


def _print_response(response: Response, parts: Parts) -> None:
    from app import terminal
    from app.view import view_of

    terminal.print_answer(view_of(response, _labels(parts)), terminal.console())


def _labels(parts: Parts) -> CorpusLabels:
    from app.corpus_labels import CorpusLabels

    return CorpusLabels(parts.shelf)
