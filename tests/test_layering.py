"""Imports point one way: entrances, pipelines, core and shell, as the syntax trees of the package tell."""

from __future__ import annotations

import ast
import dataclasses
import importlib
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pytest

import monitor

PACKAGE = Path(monitor.__file__).parent

# What judges and decides: the same input always gives the same answer, with no server, no file system, no clock.
CORE = (
    "labels", "agreement", "facts", "talks", "names", "instructions", "errors", "bounds", "sieve", "language",
    "message", "classification", "health", "digest", "service.due",
)  # fmt: skip
NOT_CORE = (
    "classification.model_file", "classification.serving", "classification.versions", "classification.benchmark",
)  # fmt: skip
OUTSIDE_WORLD = frozenset(
    {
        "imapclient", "imaplib", "smtplib", "sqlite3", "sqlalchemy", "alembic", "keyring", "socket", "ssl", "select",
        "time", "os", "subprocess", "signal", "fcntl", "tempfile", "shutil",
    }
)  # fmt: skip

# One module for each thing outside.
ONLY_IN = {
    "imapclient": ("mailbox.imap",),
    "imaplib": ("mailbox",),
    "smtplib": ("outbox.smtp",),
    "urllib.request": ("providers.internet",),
    "http": ("providers.internet",),
    "requests": ("credentials.oauth2",),
    "webbrowser": (),
    "sqlite3": ("store",),
    "sqlalchemy": ("store",),
    "alembic": ("store",),
    "keyring": ("credentials",),
    "msal": ("credentials.oauth2",),
    "dns": ("providers.internet",),
    "tomlkit": ("config.writing",),
    "sklearn": ("classification.training", "classification.benchmark"),
    "jinja2": ("letter",),
    "typer": ("cli",),
    "rich": ("cli",),
    "schedule": ("service.daemon",),
    "monitor.cli": ("cli", "__main__"),
    "monitor.service": ("cli", "service"),
}

# The way of a message: a stage knows those before it, and none after it.
STAGES = ("mailbox", "message", "classification", "store", "health", "digest", "letter", "outbox")

# What holds a connection: pipelines are handed it, and name only the data that it gives or takes.
CONNECTIONS = (
    "mailbox.imap", "mailbox.access", "mailbox.asking", "mailbox.wire", "outbox", "credentials", "store.database",
    "store.migration", "reader.process", "reader.child", "cli", "service",
)  # fmt: skip
DATA_ONLY = ("store", "config", "reader", "mailbox")


def modules() -> dict[str, ast.Module]:
    """Every module of the package, by its name below ``monitor``."""
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(file.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
        found[name] = ast.parse(file.read_text(encoding="utf-8"))
    return found


def imported(tree: ast.Module) -> Iterator[tuple[str, str | None]]:
    """Every import wherever it stands: the module, and the name taken out of it."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((each.name, None) for each in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                yield from ((module, each.name) for each in names)
            case ast.ImportFrom():
                yield "(relative)", None
            case ast.Call(func=ast.Name(id="__import__") | ast.Attribute(attr="import_module")):
                yield "(computed)", None


def targets(tree: ast.Module) -> set[str]:
    """What is imported, as modules: ``from monitor.store import schema`` is an import of ``monitor.store.schema``."""
    found = set()
    for module, name in imported(tree):
        inner = f"{module}.{name}".removeprefix("monitor.").replace(".", "/")
        is_module = (PACKAGE / f"{inner}.py").is_file() or (PACKAGE / inner / "__init__.py").is_file()
        found.add(f"{module}.{name}" if name and module.startswith("monitor") and is_module else module)
    return found


def within(module: str, parts: tuple[str, ...]) -> bool:
    return any(module == part or module.startswith(f"{part}.") for part in parts)


def is_core(module: str) -> bool:
    return within(module, CORE) and not within(module, NOT_CORE)


def offences(module: str, tree: ast.Module) -> Iterator[str]:
    """What a module imports or calls and may not."""
    for target in sorted(targets(tree)):
        inner = target.removeprefix("monitor.")
        ours = inner != target
        if target in ("(relative)", "(computed)"):
            yield f"{module}: {target} import"
        for owned, owners in ONLY_IN.items():
            if within(target, (owned,)) and not within(module, owners):
                yield f"{module} imports {target}"
        if (is_core(module) or within(module, ("pipelines", "letter"))) and target.partition(".")[0] in OUTSIDE_WORLD:
            yield f"{module} imports {target}"
        if is_core(module) and ours and not is_core(inner) and inner != "mailbox.raw_message":
            yield f"{module} imports {target}"
        if within(module, ("pipelines",)) and within(inner, CONNECTIONS):
            yield f"{module} imports {target}"
        if module.partition(".")[0] in STAGES and inner.partition(".")[0] in STAGES and ours:
            later = STAGES.index(inner.partition(".")[0]) > STAGES.index(module.partition(".")[0])
            if later:
                yield f"{module} imports {target}"
    if is_core(module) or within(module, ("pipelines", "store", "mailbox", "outbox", "reader", "letter")):
        yield from (f"{module} reads a clock: {call}" for call in clocks(tree))


def clocks(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr="now" | "today" | "utcnow")):
                if ast.unparse(owner).rpartition(".")[2] in ("datetime", "date"):
                    yield ast.unparse(node)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="time"), attr="time" | "localtime" | "gmtime")):
                yield ast.unparse(node)


def test_imports_point_one_way() -> None:
    package = modules()

    assert len(package) > 50
    assert [offence for module, tree in package.items() for offence in offences(module, tree)] == []


def test_pipelines_take_only_data_from_the_shell() -> None:
    taken = [
        (module, target, name)
        for module, tree in modules().items()
        if within(module, ("pipelines",))
        for target, name in imported(tree)
        if name and within(target.removeprefix("monitor."), DATA_ONLY)
    ]

    assert taken
    for module, target, name in taken:
        value = getattr(importlib.import_module(target), name)
        members = getattr(value, "__args__", (value,))  # of a union
        assert all(
            isinstance(one, type) and (dataclasses.is_dataclass(one) or issubclass(one, Enum)) for one in members
        ), f"{module} takes {name} from {target}"


def test_every_named_part_is_there() -> None:
    package = modules()
    named = {*CORE, *STAGES, *CONNECTIONS, *DATA_ONLY, *(owner for owners in ONLY_IN.values() for owner in owners)}

    # A measuring tool may be left out.
    assert {part for part in named if not any(within(module, (part,)) for module in package)} <= {
        "classification.benchmark"
    }


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("health.patterns", "import os"),
        ("health.patterns", "def f():\n    from time import sleep"),
        ("message.reading", "import subprocess"),
        ("service.due", "import sqlalchemy.orm"),
        ("pipelines.weekly", "import socket"),
        ("classification.model", "from sklearn.linear_model import LogisticRegression"),
        ("mailbox.folders", "from imapclient import IMAPClient"),
        ("service.delivery", "import smtplib"),
        ("pipelines.weekly", "from sqlalchemy import select"),
        ("service.rounds", "import keyring"),
        ("mailbox.files", "from monitor.message.mime import raw_message"),
        ("message.reading", "from monitor.store import schema"),
        ("store.fact_store", "from monitor.health.findings import Finding"),
        ("pipelines.intake", "from monitor.mailbox.imap import Mailbox"),
        ("pipelines.weekly", "from monitor.outbox.smtp import send"),
        ("pipelines.weekly", "from monitor.store import database"),
        ("store.database", "from monitor.service.lock import only_one"),
        ("config.configuration", "from monitor.cli.surroundings import complain"),
        ("service.daemon", "from monitor.cli import main"),
        ("health.judgement", "from monitor.config.configuration import load"),
        ("health.judgement", "now = datetime.now(UTC)"),
        ("health.judgement", "import datetime as dt\nnow = dt.datetime.utcnow()"),
        ("pipelines.weekly", "today = date.today()"),
        ("labels", "from . import agreement"),
        ("labels", "importlib.import_module('os')"),
    ],
)
def test_the_watch_sees_what_points_the_other_way(module: str, source: str) -> None:
    assert list(offences(module, ast.parse(source)))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("mailbox.imap", "from imapclient import IMAPClient"),
        ("message.reading", "from datetime import datetime, time"),
        ("message.reading", "from monitor.mailbox.raw_message import RawMessage"),
        ("outbox.smtp", "import smtplib"),
        ("cli.judging", "from monitor.service.delivery import deliver_due"),
        ("service.daemon", "import os, time, subprocess"),
        ("service.daemon", "now = datetime.now(UTC)"),
        ("health.judgement", "day = case.today(now)"),
        ("pipelines.intake", "from monitor.store.fact_store import Cursor"),
    ],
)
def test_the_watch_lets_through_what_belongs_there(module: str, source: str) -> None:
    assert not list(offences(module, ast.parse(source)))
