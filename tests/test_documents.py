"""What the documents promise is what the program has."""

from __future__ import annotations

import re
from pathlib import Path

import typer.main

from monitor.cli.entrance import app

ROOT = Path(__file__).resolve().parent.parent


def test_every_command_stands_in_the_readme_and_the_readme_names_no_other() -> None:
    table = re.findall(r"^\| `([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    group = typer.main.get_command(app)
    commands = {name for name, command in group.commands.items() if not command.hidden}  # type: ignore[attr-defined]

    assert set(table) == commands
    assert len(table) == len(set(table))


def test_every_folder_of_the_package_is_told_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    folders = {path.name for path in (ROOT / "monitor").iterdir() if path.is_dir() and not path.name.startswith("__")}

    assert {folder for folder in folders if f"{folder}/" not in readme} == set()


def test_the_repository_names_only_invented_addresses() -> None:
    allowed = re.compile(r"(?:\.example|@example\.(?:com|org|net))$|^[\w.+-]+@\d")
    found: set[str] = set()
    for file in [*ROOT.glob("*.md"), *(ROOT / "systemd").iterdir(), *(ROOT / "monitor" / "demo").rglob("*.eml")]:
        text = file.read_text(encoding="utf-8", errors="replace").replace("=\n", "")  # soft breaks of quoted-printable
        found |= set(re.findall(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", text))

    assert {address for address in found if not allowed.search(address)} == set()
