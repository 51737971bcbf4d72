"""The ``radcite`` command: its frame and the list of its commands, each in a file of its own.

Command files import what is slow only inside the command that needs it.
"""

from __future__ import annotations

import os
import sys

import click

from app.commands.appropriate import appropriate
from app.commands.ask import ask
from app.commands.browser import app
from app.commands.corpus import corpus
from app.commands.doctor import doctor
from app.commands.eval import evaluation
from app.commands.grade import grade
from app.commands.library import ingest, library
from app.commands.opening import FAILED, INTERRUPTED, WRONG
from rag.errors import RadciteError


class Commands(click.Group):
    """Turns every error of radcite into one sentence; Ctrl-C and a closed pipe into silence."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except RadciteError as error:
            if ctx.params.get("debug"):
                raise
            click.echo(f"radcite: {error}", err=True)
            ctx.exit(WRONG)
        except KeyboardInterrupt:
            click.echo("", err=True)
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            # Python would complain once more while closing standard output.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(FAILED)
        return None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        click.echo(f"radcite {version('radcite')}")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version,
    help="Show the version and exit.",
)  # fmt: skip
@click.option("--debug", is_flag=True, help="Show the whole traceback when something fails.")
def main(debug: bool) -> None:
    """Radiology guideline answers with the row or sentence they rest on.

    Not a medical device: check the source before acting.
    """


for command in (ask, appropriate, grade, ingest, library, corpus, evaluation, app, doctor):
    main.add_command(command)
