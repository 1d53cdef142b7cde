"""What the documents promise is what the program has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import typer.main

from monitor.agreement import DEFAULT_LEEWAY
from monitor.cli.entrance import app
from monitor.config.schema import MonitoringSection, RetentionSection
from monitor.facts import Remark
from monitor.health.compassion import REST as LIFE
from monitor.health.patterns import THRESHOLD
from monitor.health.talks import REST
from monitor.labels import Care, Signal

ROOT = Path(__file__).resolve().parent.parent


def test_every_command_stands_in_the_readme_and_the_readme_names_no_other() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (rows,) = re.findall(r"^\| command \| what it does \|\n((?:\|.*\n)+)", readme, re.MULTILINE)
    table = re.findall(r"^\| `([a-z-]+)", rows, re.MULTILINE)
    group = typer.main.get_command(app)
    present = {name for name, command in group.commands.items() if not command.hidden}  # type: ignore[attr-defined]

    assert set(table) == present
    assert len(table) == len(set(table))


def commands(group: Any = None, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every visible command with its full name, those of groups too."""
    for name, command in (group or typer.main.get_command(app)).commands.items():
        if command.hidden:
            continue
        if hasattr(command, "commands"):
            yield from commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


def told_of(command: str) -> str:
    """What the tables of commands say of one."""
    rows = []
    for file in (ROOT / "README.md", ROOT / "docs" / "commands.md"):
        for row in file.read_text(encoding="utf-8").splitlines():
            if re.search(rf"^\|.*?`{command}\b[^|]*`", row):
                rows.append(row)
    return "\n".join(rows)


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_every_option_is_told_where_its_command_is(name: str, command: Any) -> None:
    row = told_of(name)
    told = [each for each in command.params if not getattr(each, "hidden", False)]
    options = {option for each in told for option in each.opts if option.startswith("--")} - {"--help"}

    assert row, f"docs/commands.md says nothing of {name}"
    assert {option for option in options if not re.search(rf"{option}\b", row)} == set()


def test_no_option_is_told_that_there_is_not() -> None:
    known = {
        option for _, command in commands() for each in command.params for option in (*each.opts, *each.secondary_opts)
    }
    known |= {option for each in typer.main.get_command(app).params for option in each.opts} | {"--help", "-h"}
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")

    assert set(re.findall(r"`(--[a-z-]+)", text)) <= known


def test_no_text_sends_anybody_to_a_command_or_option_that_is_not_there() -> None:
    known = {name for name, command in typer.main.get_command(app).commands.items() if not command.hidden}  # type: ignore[attr-defined]
    options = {option for _, command in commands() for each in command.params for option in each.opts}
    texts = [
        file.read_text(encoding="utf-8")
        for pattern in (
            "monitor/**/*.py",
            "monitor/language/*.po",
            "templates/**/*.j2",
            "systemd/**/*.service",
            "docs/*.md",
            "*.md",
        )
        for file in ROOT.glob(pattern)
        if file.is_file()
    ]
    named = {
        (command, option or "")
        for text in texts
        for command, option in re.findall(
            r"(?<![/\w.@])client-monitor (?:--config \S+ )?([a-z]{3,})\b(?: (--[a-z0-9-]+))?", text.replace('"\n"', "")
        )
    }
    # In running text the name is followed by words.
    verbs = {"command", "is", "in", "on", "and", "setup", "oder", "arbeitet", "läuft"}

    assert len(named) > 10
    assert {command for command, _ in named} - verbs <= known
    assert {option for _, option in named if option} <= options


def test_every_key_of_the_configuration_for_keeping_is_told() -> None:
    told = (ROOT / "docs" / "administration.md").read_text(encoding="utf-8")

    for section in (RetentionSection, MonitoringSection):
        assert {key for key in section.model_fields if not re.search(rf"^{key} = ", told, re.MULTILINE)} == set()


def test_the_promises_of_the_privacy_page_are_the_defaults() -> None:
    told = (ROOT / "PRIVACY.md").read_text(encoding="utf-8")
    kept = RetentionSection()

    assert f"Sätze und Betreffe {kept.quotes_months} Monate, alles andere {kept.facts_months} Monate" in told
    assert f"Sentences and subjects {kept.quotes_months} months, everything else {kept.facts_months} months" in told


def test_every_signal_is_told_in_the_page_on_judging() -> None:
    told = (ROOT / "docs" / "judging.md").read_text(encoding="utf-8")

    for signal in Signal:
        assert re.search(rf"^\| `{signal}` \|.*\| {DEFAULT_LEEWAY[signal]} \|", told, re.MULTILINE), signal
    for care in Care:
        assert f"| `{care}` |" in told


def test_the_numbers_of_the_page_on_judging_are_those_of_the_rules() -> None:
    told = " ".join((ROOT / "docs" / "judging.md").read_text(encoding="utf-8").split())

    assert pytest.approx(3 / 7) == THRESHOLD
    assert "is 3/7 or more" in told
    assert timedelta(weeks=2) == REST
    assert "For two weeks nothing is proposed" in told
    for events, weeks in ((("illness",), 2), (("bereavement", "birth", "crisis"), 4)):
        assert {LIFE[Remark(event)] for event in events} == {timedelta(weeks=weeks)}
    assert "(two weeks for illness, four for the rest)" in told


def test_links_between_the_documents_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    dead = [
        (page.name, target)
        for page in pages
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert dead == []


def test_every_folder_of_the_package_is_told_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    folders = {path.name for path in (ROOT / "monitor").iterdir() if path.is_dir() and not path.name.startswith("__")}

    assert {folder for folder in folders if f"{folder}/" not in readme} == set()


def test_the_repository_names_only_invented_addresses() -> None:
    allowed = re.compile(r"(?:\.example|@example\.(?:com|org|net))$|^[\w.+-]+@\d")
    found: set[str] = set()
    for file in [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "systemd").rglob("*.service"),
        *(ROOT / "monitor" / "demo").rglob("*.eml"),
    ]:
        text = file.read_text(encoding="utf-8", errors="replace").replace("=\n", "")  # soft breaks of quoted-printable
        found |= set(re.findall(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", text))

    assert {address for address in found if not allowed.search(address)} == set()
