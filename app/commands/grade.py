"""``radcite grade``: a finding to the row of a table, by flags, free text or keyboard."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rag.answering.grade_form import Field
    from rag.types import Scalar

_TEXT = click.option("--text", metavar="WORDS", help="Words of a report; '-' reads them from standard input.")  # fmt: skip
_JSON = click.option("--json", "as_json", is_flag=True, help="Print everything as one JSON object.")
_STATED = click.option("--stated", metavar="LABEL", help="A category that the report states: does it agree?")  # fmt: skip
_BESIDE = click.option(
    "--beside", multiple=True, metavar="ID",
    help="Show another system beside; may be repeated, 'all' takes every one that fits.",
)  # fmt: skip
_PROPOSE = click.option(
    "--propose", "proposing", is_flag=True,
    help="Let the language model of the settings propose what the text says; you confirm each.",
)  # fmt: skip
_ASKING = click.option(
    "--interactive/--no-interactive", "asking", default=None,
    help="Ask for what is missing (the default in a terminal, unless --json).",
)  # fmt: skip


class GradeCommands(click.Group):
    """One subcommand a guideline with tables; its flags are the tables' own inputs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        from app.grade_run import graded_guidelines

        return list(graded_guidelines())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        from app.grade_run import graded_guidelines

        return _command(cmd_name) if cmd_name in graded_guidelines() else None


@click.group(cls=GradeCommands, invoke_without_command=True)
@_TEXT
@_JSON
@click.pass_context
def grade(ctx: click.Context, text: str | None, as_json: bool) -> None:
    """Grade one finding by a guideline's decision table.

    \b
    Examples:
      radcite grade lung_rads_v2022                     (asks for each input)
      radcite grade lung_rads_v2022 --type solid --size 9x7 --timing baseline
      radcite grade --text "12 mm solid hypoechoic thyroid nodule, smooth, no foci"
      radcite grade k_tirads_2021 --text "..." --beside all --json

    Without a guideline every system whose tables fit the text is shown side by side.
    The inputs of a guideline: radcite grade GUIDELINE --help
    """
    if ctx.invoked_subcommand is not None:
        if text is not None or as_json:
            raise click.UsageError("give --text and --json after the guideline's name")
        return
    if text is None:
        raise click.UsageError("name a guideline, or give --text: radcite grade --help")
    from app.grade_run import grade_text, held, print_graded

    print_graded(grade_text(_words(text), held()), as_json)


def _words(text: str) -> str:
    return sys.stdin.read() if text == "-" else text


def _command(guideline_id: str) -> click.Command:
    """The subcommand of one guideline, its flags made from the declared inputs."""
    from app.grade_flags import flags_of, shown_choices
    from app.grade_run import declared

    form = declared(guideline_id)
    flags = flags_of(form)
    options = [
        click.Option([*flags[field.name], field.name], metavar=shown_choices(field).upper(),
                     help=field.spec.label)
        for field in form
    ]  # fmt: skip
    if any(field.name in ("mean_diameter", "max_diameter") for field in form):
        options.insert(0, click.Option(["--size"], metavar="SIZE", help="One, two or three axes: 9, 9x7, '1.2 x 0.9 cm'."))  # fmt: skip
    command = click.Command(
        guideline_id, params=list(options), callback=_callback(guideline_id, form),
        help=f"Grade a finding by {guideline_id}; numbers without a unit are in the unit shown.",
    )  # fmt: skip
    for option in (_PROPOSE, _ASKING, _JSON, _STATED, _BESIDE, _TEXT):
        command = option(command)
    return command


def _callback(guideline_id: str, form: tuple[Field, ...]) -> Callable[..., None]:
    def run(
        text: str | None,
        as_json: bool,
        stated: str | None,
        beside: tuple[str, ...],
        asking: bool | None,
        proposing: bool,
        **given: Any,
    ) -> None:
        from app.grade_run import grade_one, held, print_graded

        by_keyboard = asking if asking is not None else _is_terminal() and not as_json
        graded = grade_one(
            guideline_id, None if text is None else _words(text), _values(form, given), held(),
            beside=beside, stated=stated, ask=_ask if by_keyboard else None, say=_say, proposing=proposing and text is not None,
        )  # fmt: skip
        print_graded(graded, as_json)

    return run


def _values(form: tuple[Field, ...], given: dict[str, str | None]) -> dict[str, Scalar | None]:
    from app.grade_flags import size_values, value_of

    size = given.pop("size", None)
    values: dict[str, Scalar | None] = {**size_values(form, size)} if size else {}
    named = {field.name: field for field in form}
    values |= {name: value_of(named[name], said) for name, said in given.items() if said}
    return values


def _say(line: str) -> None:
    """On standard error, so that what is printed for other programs stays clean."""
    click.echo(line, err=True)


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _ask(prompt: str) -> str | None:
    try:
        return input(prompt)
    except EOFError:
        return None
