"""Gather the commands, and turn every expected failure into one line and its exit code."""

from __future__ import annotations

import io
import logging
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from monitor import __version__
from monitor.cli import demo, doctor, judging, keeping, learning, reading, serving, setup, talking
from monitor.cli.spoken_help import ASKED_BY, speak
from monitor.cli.surroundings import Surroundings, complain, surroundings
from monitor.errors import ClientMonitorError

log = logging.getLogger(__name__)

app = typer.Typer(
    name="client-monitor",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Reads your mailbox on this machine and mails you a weekly digest: which clients need a boundary "
    "conversation, why, and how to hold it kindly.",
    epilog="First look around with: client-monitor demo",
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"client-monitor {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option("--config", metavar="FILE", help="The configuration file.")] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Say more on standard error; never a word of a mail.")] = False,
    _version_asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options that stand before the command."""
    from monitor.service.logs import set_up

    set_up(debug)
    os.umask(0o077)  # whatever is written is for its owner alone
    if context.obj is None:
        context.obj = Surroundings()
    surroundings(context).config = config


for module in (demo, setup, serving, doctor, reading, judging, learning, talking, keeping):
    module.add_to(app)


def main() -> None:
    """Run a command; exit 0 done, 1 failed, 2 usage, 78 configuration."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A file's name may be no text; in JSON, what is written instead is an escape of that half character.
        sys.stdout.reconfigure(errors="backslashreplace")
    around = Surroundings()
    command = typer.main.get_command(app)
    try:
        if len(sys.argv) == 1 or ASKED_BY.intersection(sys.argv):
            speak(command, around.speech)
        command(obj=around)
    except ClientMonitorError as error:
        complain(error, around)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of a pipe has seen enough; Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception:
        # No traceback: it would print the exception's words, and they may quote a mail.
        log.critical("unexpected failure, please report this line", exc_info=True)
        sys.exit(1)
