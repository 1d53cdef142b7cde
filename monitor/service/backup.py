"""Backup and restore: store, model versions and configuration in one file that a fresh machine can go on from.

The file is a gzipped tar archive. ``manifest.json`` comes first and names every other member with its SHA-256.
Secrets are no part of it: they live in the keyring.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor import __version__
from monitor.classification import versions
from monitor.errors import ClientMonitorError
from monitor.store.database import Database, copy_to
from monitor.store.transfer import is_used, sqlite_file, take_in

FORMAT = 1
MOST_BYTES = 8 * 1024**3  # a store of many years is a hundredth of it
_STORE, _CONFIGURATION = "store.db", "config.toml"


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup holds; ``store`` is False where a database server keeps the store."""

    store: bool
    models: int
    configuration: bool


class NoBackup(ClientMonitorError):
    """The file is no backup that this program can read."""


def back_up(
    database: Database, store_url: str, models: Path, configuration: Path | None, target: Path, now: datetime
) -> BackedUp:
    """Write a backup, consistent while the service works. Raises ClientMonitorError if ``target`` is there already."""
    if target.exists():
        raise ClientMonitorError("{path} is there already.", "Name another file.", path=str(target))
    with tempfile.TemporaryDirectory(prefix="client-monitor-") as folder:
        members: dict[str, Path] = {}
        is_file = sqlite_file(store_url) is not None
        if is_file:
            members[_STORE] = Path(folder) / _STORE
            copy_to(database.engine, members[_STORE])
        if configuration is not None:
            members[_CONFIGURATION] = configuration
        kept = [file for file in _models_in(models) if file.is_file()]
        members |= {f"models/{file.name}": file for file in kept}
        _write(target, members, now)
    return BackedUp(is_file, sum(file.suffix == ".npz" for file in kept), configuration is not None)


def _models_in(models: Path) -> Iterator[Path]:
    """The record first: a model that is made meanwhile is then missing from both."""
    yield models / "versions.json"
    for version in versions.read(models).versions:
        yield models / f"{version.name}.npz"


def _write(target: Path, members: dict[str, Path], now: datetime) -> None:
    manifest = {
        "format": FORMAT,
        "program": __version__,
        "made_at": now.isoformat(),
        "members": {name: _sum(file) for name, file in members.items()},
    }
    aside = target.with_name(f".{target.name}.part")
    try:
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
            with tarfile.open(fileobj=opened, mode="w:gz", format=tarfile.PAX_FORMAT) as archive:
                _add(archive, "manifest.json", json.dumps(manifest, indent=2).encode(), now)
                for name, file in members.items():
                    _add(archive, name, file.read_bytes(), now)
            opened.flush()
            os.fsync(opened.fileno())
        aside.replace(target)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise ClientMonitorError(
            "{path} cannot be written: {reason}.",
            "Check the path and the room on its disk.",
            path=str(target),
            reason=os.strerror(error.errno or 0),
        ) from error


def _add(archive: tarfile.TarFile, name: str, data: bytes, now: datetime) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = len(data), 0o600, int(now.timestamp())
    archive.addfile(member, io.BytesIO(data))


def _sum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def read_backup(file: Path) -> dict[str, bytes]:
    """Return the members of a backup by their names, each as its checksum promises. Raises NoBackup."""
    remedy = "Check that it was copied whole; a backup is written by: client-monitor backup FILE"
    try:
        with tarfile.open(file, "r:gz") as archive:
            first = archive.next()
            if first is None or first.name != "manifest.json" or (opened := archive.extractfile(first)) is None:
                raise NoBackup("{path} is no backup.", remedy, path=str(file))
            manifest = json.loads(opened.read(1_000_000))
            if manifest["format"] != FORMAT:
                raise NoBackup("A newer program has written {path}.", "Install the newer program.", path=str(file))
            found: dict[str, bytes] = {}
            while (member := archive.next()) is not None:
                if member.size > MOST_BYTES or (content := archive.extractfile(member)) is None:
                    raise NoBackup("{path} is no backup.", remedy, path=str(file))
                found[member.name] = content.read()
    except FileNotFoundError as error:
        raise NoBackup("There is no file {path}.", "Check the path.", path=str(file)) from error
    except (OSError, tarfile.TarError, EOFError, ValueError, KeyError, TypeError) as error:
        raise NoBackup("{path} is no backup, or it is damaged.", remedy, path=str(file)) from error
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in found.items()}
    if sums != manifest["members"]:
        raise NoBackup("{path} is damaged.", remedy, path=str(file))
    return found


def restore(members: dict[str, bytes], store_url: str, models: Path) -> bool:
    """Put store and models of a backup in place; return whether it held a store.

    Raises ClientMonitorError where there is something already: nothing is ever overwritten. Raises StoreNewer if a
    newer program has written the store.
    """
    store = sqlite_file(store_url)
    if store is not None and is_used(store):
        raise ClientMonitorError(
            "There is a store with messages already: {path}.",
            "Nothing was changed. To go on from the backup, stop the service, move that file away, and restore again.",
            path=str(store),
        )
    if versions.read(models).versions:
        raise ClientMonitorError(
            "There are models already in {path}.",
            "Nothing was changed. To go on from the backup, move that folder away, and restore again.",
            path=str(models),
        )
    names = [name for name in members if name.startswith("models/") and Path(name).name == name.partition("/")[2]]
    if _STORE in members and store is not None:
        take_in(members[_STORE], store)
    models.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in sorted(names, key=lambda name: name.endswith("versions.json")):
        put_file(models / Path(name).name, members[name])
    return _STORE in members


def put_file(path: Path, data: bytes) -> None:
    """Write a file in one piece; its owner alone may read it."""
    aside = path.with_name(f".{path.name}.part")
    with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
        os.fchmod(opened.fileno(), 0o600)
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())
    aside.replace(path)
