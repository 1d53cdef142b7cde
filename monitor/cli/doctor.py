"""``doctor``: each check with its remedy, in the coach's language."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.surroundings import Surroundings, printable, surroundings
from monitor.errors import ConfigurationError
from monitor.language.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.language.speech import Speech
    from monitor.service.checks import Check

TITLES = {
    "configuration": N_("Configuration"),
    "keyring": N_("Keyring"),
    "sign_in": N_("Sign-in"),
    "login": N_("Mailbox"),
    "folders": N_("Folders"),
    "sending": N_("Sending"),
    "store": N_("Store"),
    "clock": N_("Clock"),
    "disk": N_("Disk"),
    "model": N_("Text model"),
    "unit": N_("Service"),
}
MARKS = {"ok": "✓", "hint": "·", "problem": "✗"}


class Form(StrEnum):
    """How the findings are written."""

    TEXT = "text"
    JSON = "json"


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: client-monitor doctor")(doctor)


def doctor(context: typer.Context, format: Annotated[Form, typer.Option(help="text or json.")] = Form.TEXT) -> None:
    """Check configuration, logins, folders, clock, keyring, store, model and service: exit 0 all well, 1 not."""
    around = surroundings(context)
    speech = around.speech
    told = []
    for check in _findings(around):
        row = _row(check, speech)
        told.append(row)
        if format is Form.TEXT:
            print(f"{MARKS[row['status']]} {speech.gettext(TITLES[row['check']])}: {row['told']}", flush=True)
            if row["remedy"]:
                print(f"    → {row['remedy']}", flush=True)
    problems = sum(row["status"] == "problem" for row in told)
    if format is Form.JSON:
        print(json.dumps({"healthy": not problems, "checks": told}, ensure_ascii=False, indent=2))
    elif problems:
        print(speech.ngettext("One problem.", "{number} problems.", problems).format(number=problems))
    else:
        print(speech.gettext("All is well."))
    raise typer.Exit(1 if problems else 0)


def _findings(around: Surroundings) -> Iterator[Check]:
    from monitor.service.checks import Check, Status, checks

    try:
        configuration = around.configuration
    except ConfigurationError as error:
        yield Check("configuration", Status.PROBLEM, error=error)
        return
    yield from checks(configuration, around.models, datetime.now(UTC))


def _row(check: Check, speech: Speech) -> dict[str, str]:
    from monitor.cli.complaint import in_words

    if check.error is not None:
        told, remedy = in_words(check.error, speech)
    else:
        told = check.told.in_words(speech.gettext) if check.told else ""
        remedy = check.remedy.in_words(speech.gettext) if check.remedy else ""
    return {
        "check": check.about,
        "status": str(check.status),
        "told": printable(told),
        "remedy": printable(remedy),
    }
