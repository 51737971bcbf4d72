"""``radcite eval``: how good radcite is on this machine, and whether that changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.commands.opening import FAILED, home_dir

if TYPE_CHECKING:
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
