"""``radcite eval``: how good radcite is on this machine, and whether that changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.commands.opening import FAILED, home_dir

if TYPE_CHECKING:
    from evals.drift.watch import Watched
    from evals.ragas_bridge import Judge
    from evals.suites.case import Suite


@click.group("eval")
def evaluation() -> None:
    """Measure answers on this machine, compare runs, watch for drift."""


@evaluation.command("list")
def eval_list() -> None:
    """List the suites and the finished runs."""
    from evals.run.store import list_runs
    from evals.suites.files import load_suites
    from evals.text_tables import columns

    suites = load_suites()
    click.echo("\n".join(columns([(s.name, f"{len(s.cases)} cases", s.about) for s in suites])))
    runs = list_runs(home_dir())
    click.echo(f"\nRuns, newest first: {', '.join(runs) or 'none yet: radcite eval run all'}")


@evaluation.command("run")
@click.argument("suites", nargs=-1)
@click.option(
    "--cases", "files", multiple=True, metavar="PATH",
    type=click.Path(exists=True, path_type=Path),
    help="Also run the cases of a JSON-lines file, or of all such files of a folder; may be repeated.",
)  # fmt: skip
@click.option(
    "--fresh", is_flag=True, help="Begin anew, also where an interrupted run could go on."
)
def eval_run(suites: tuple[str, ...], files: tuple[Path, ...], fresh: bool) -> None:
    """Run SUITES (names, or 'all') and write the run's JSON and report.

    \b
    Examples:
      radcite eval run all
      radcite eval run category refusals
      radcite eval run --cases cases.jsonl
    An interrupted run goes on where it stopped when the same command is given again.
    """
    from app import terminal
    from app.commands.opening import open_parts
    from evals.report.page import write_report
    from evals.run.assistant import Radcite
    from evals.run.evaluate import evaluate
    from evals.suites.files import load_suites
    from evals.text_tables import run_text

    chosen = _chosen(suites, files)
    bases = {case.id: case for suite in load_suites() for case in suite.cases}
    parts = open_parts()
    with terminal.progress_bar() as progress:
        done = evaluate(
            parts.settings, chosen, bases=bases, assistant=Radcite(parts), say=progress,
            fresh=fresh,
        )  # fmt: skip
    if done.resumed:
        click.echo(
            f"Went on from an interrupted run: {done.resumed} cases were finished.", err=True
        )
    report = write_report(done.folder, done.run)
    click.echo(run_text(done.run))
    click.echo(f"\nRun: {done.folder / 'run.json'}\nReport: {report}")


def _chosen(names: tuple[str, ...], files: tuple[Path, ...]) -> list[Suite]:
    """The named suites, then those of the files."""
    from evals.suites.bench_sets import load_cases
    from evals.suites.files import load_suites

    known = {suite.name: suite for suite in load_suites()}
    wanted = tuple(known) if "all" in names else names
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise click.UsageError(f"no suite {', '.join(unknown)}; there are: all, {', '.join(known)}")
    found = [path for file in files for path in _files(file)]
    chosen = [known[name] for name in wanted] + [load_cases(path) for path in found]
    if not chosen:
        raise click.UsageError(f"name a suite ({', '.join(known)}), 'all', or --cases PATH")
    return chosen


def _files(path: Path) -> list[Path]:
    return sorted(path.glob("*.jsonl")) if path.is_dir() else [path]


@evaluation.command("compare")
@click.argument("first")
@click.argument("second")
@click.pass_context
def eval_compare(ctx: click.Context, first: str, second: str) -> None:
    """Show what changed from run FIRST to run SECOND, case by case.

    A run is its id, 'latest', 'previous', or a path to its JSON. Exit status 1: something got worse
    beyond chance.
    """
    from evals.compare import compare, comparison_text
    from evals.run.store import find_run, read_run

    home = home_dir()
    found = compare(read_run(find_run(home, first)), read_run(find_run(home, second)))
    click.echo(comparison_text(found))
    worse = [change for change in found.scores if change.difference.clear and change.worse]
    ctx.exit(FAILED if worse else 0)


@evaluation.command("report")
@click.argument("run", default="latest")
def eval_report(run: str) -> None:
    """Write the HTML report of a finished RUN anew and say where it is."""
    from evals.report.page import write_report
    from evals.run.store import find_run, read_run

    path = find_run(home_dir(), run)
    click.echo(write_report(path.parent, read_run(path)))


@evaluation.command("table")
@click.argument("run", default="latest")
def eval_table(run: str) -> None:
    """Write the README's results table from a RUN of all suites (for who publishes figures)."""
    from evals.readme_table import README, SUMMARY, write
    from evals.run.store import find_run, read_run

    write(read_run(find_run(home_dir(), run)))
    click.echo(f"Written: {SUMMARY} and the table in {README}")


@evaluation.command("watch")
@click.option(
    "--accept", metavar="REASON", default="", help="Start new limits from this run, and say why."
)
@click.option("--show", is_flag=True, help="Run nothing: show how the latest run stands.")
@click.pass_context
def eval_watch(ctx: click.Context, accept: str, show: bool) -> None:
    """Run the quality-control suite, append it to the history, hold it against its limits.

    For every night or for CI. Exit status 1: a score left its control limits for the worse; the
    probable cause is named. The history is a page of the browser app.
    """
    from evals.drift.charts import charts, latest_signals
    from evals.drift.history import read_history
    from evals.drift.watch import Watched, watched_text

    if show:
        points = read_history(home_dir())
        if not points:
            raise click.UsageError("no history yet: run 'radcite eval watch'")
        seen = Watched(points[-1], charts(points))
    else:
        seen = _watch(accept)
    click.echo(watched_text(seen))
    ctx.exit(FAILED if any(chart.worse(mark) for chart, mark in latest_signals(seen.charts)) else 0)


def _watch(accept: str) -> Watched:
    from app import terminal
    from app.commands.opening import open_parts
    from evals.drift.watch import watch
    from evals.run.assistant import Radcite
    from evals.suites.files import quality_suite

    with terminal.progress_bar() as progress:
        return watch(Radcite(open_parts()), quality_suite(), progress, accept)


@evaluation.command("ragas")
@click.argument("suites", nargs=-1)
@click.option(
    "--cases", "files", multiple=True, metavar="PATH", type=click.Path(exists=True, path_type=Path),
    help="Also score the cases of a JSON-lines file or folder; may be repeated.",
)  # fmt: skip
@click.option(
    "--judge-url", envvar="RADCITE_JUDGE_URL", metavar="URL",
    help="OpenAI-compatible server of the judge, e.g. http://127.0.0.1:8000/v1.",
)  # fmt: skip
@click.option(
    "--judge-model", envvar="RADCITE_JUDGE_MODEL", metavar="NAME", help="The judge's name there."
)
@click.option(
    "--judge-key", envvar="RADCITE_JUDGE_API_KEY", default="none", help="Key, if it wants one."
)
@click.option(
    "--judge-timeout", default=120.0, show_default=True, help="Seconds one call may take."
)
@click.option("--limit", type=click.IntRange(min=1), help="Only the first N cases of each suite.")
@click.option(
    "--fresh", is_flag=True, help="Begin anew, also where an interrupted run could go on."
)
def eval_ragas(
    suites: tuple[str, ...], files: tuple[Path, ...], judge_url: str | None, judge_model: str | None,
    judge_key: str, judge_timeout: float, limit: int | None, fresh: bool,
) -> None:  # fmt: skip
    """Score answers with RAGAS on SUITES (default: protocol and editions).

    Metrics that need no judge are always scored. With a judge also faithfulness, answer relevancy,
    context precision and recall, factual correctness and noise sensitivity; what the judge fails at
    is unscored and counted. The judge should be another model than the one that words the answers.

    \b
    Examples:
      radcite eval ragas
      radcite eval ragas protocol --judge-url http://127.0.0.1:8000/v1 --judge-model NAME
    """
    from evals.ragas_bridge import Judge

    if bool(judge_url) != bool(judge_model):
        raise click.UsageError("a judge needs both --judge-url and --judge-model")
    judge = None
    if judge_url and judge_model:
        judge = Judge(judge_url, judge_model, judge_key, judge_timeout, 6 * judge_timeout)
    named = suites or (() if files else ("protocol", "editions"))
    chosen = _chosen(named, files)
    if limit:
        chosen = [replace(suite, cases=suite.cases[:limit]) for suite in chosen]
    _ragas(chosen, judge, fresh)


def _ragas(chosen: list[Suite], judge: Judge | None, fresh: bool) -> None:
    from app import terminal
    from app.commands.opening import open_parts
    from evals.ragas_bridge import RagasScorer
    from evals.ragas_run import Facts, judge_said, ragas_run, scorable
    from evals.report.page import write_report
    from evals.run.assistant import Radcite
    from evals.text_tables import run_text, unscored_text
    from rag.retrieval.embedding import PackagedEmbeddings

    parts = open_parts()
    facts = Facts({f.id: f.fact for name in parts.shelf.ids for f in parts.shelf.get(name).facts})
    assistant, embed = (
        Radcite(parts),
        PackagedEmbeddings(parts.settings.embedding_model).embed_query,
    )
    click.echo(f"Judge: {judge_said(judge, assistant) or 'none, so only metrics that need none'}")
    with RagasScorer(embed, judge) as scorer, terminal.progress_bar() as progress:
        done = ragas_run(scorable(chosen, facts), facts, assistant, scorer, judge, progress, fresh)
    click.echo(run_text(done.run))
    click.echo(unscored_text(done.run))
    click.echo(f"Run: {done.folder / 'run.json'}\nReport: {write_report(done.folder, done.run)}")


@evaluation.command("peers")
@click.argument("names", nargs=-1)
@click.option(
    "--result", type=click.Path(path_type=Path), help="Also write everything to this JSON file."
)
def eval_peers(names: tuple[str, ...], result: Path | None) -> None:
    """Race radcite against a plain LangChain pipeline and LlamaIndex (NAMES, or all).

    All get the same documents (the built-in guidelines as PDFs), the same embedding model, the same
    questions on retrieval, protocols and refusals, on this machine, one after the other. Answers of
    the peers need a language model (RADCITE_LLM_URL); without one only their search is scored.
    """
    import json

    from app import terminal
    from evals.peers.side_by_side import NAMES, race, sides_text, to_json
    from rag.settings import load_settings

    unknown = [name for name in names if name not in NAMES]
    if unknown:
        raise click.UsageError(f"no side {', '.join(unknown)}; there are: {', '.join(NAMES)}")
    with terminal.progress_bar() as progress:
        sides = race(load_settings(), names or NAMES, progress)
    click.echo(sides_text(sides))
    if result:
        result.write_text(
            json.dumps(to_json(sides), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        click.echo(f"Written: {result}")


@evaluation.command("cost")
@click.option(
    "--factors", default="1,10,100", show_default=True, metavar="LIST",
    help="Sizes to measure, as multiples of the shelf.",
)  # fmt: skip
@click.option(
    "--result", type=click.Path(path_type=Path), help="Also write the figures to this JSON file."
)
def eval_cost(factors: str, result: Path | None) -> None:
    """Measure how index build, query time and memory grow with the number of passages.

    Passages are synthetic and vectors random, so that the store and the lexical index are measured
    and not the embedding. 100 times the shelf takes about half an hour on two cores.
    """
    from app import terminal
    from evals.cost_curves import curves_text, measure, write_curves
    from rag.settings import load_settings

    try:
        chosen = [float(part) for part in factors.split(",")]
    except ValueError as error:
        raise click.UsageError(
            f"--factors: {factors!r} is no list of numbers such as 1,10"
        ) from error
    with terminal.progress_bar() as progress:
        points = measure(load_settings(), chosen, progress)
    click.echo(curves_text(points))
    click.echo(f"Plots: {write_curves(home_dir() / 'evals' / 'cost', points, result)}")
