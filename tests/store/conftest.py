"""Stores of both kinds: what is said of a store holds for a file and for a database server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from servers.postgres import Postgres

from monitor.store.database import Database, open_database


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a store that nobody has used before."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    server = request.getfixturevalue("postgres")
    assert isinstance(server, Postgres)
    return server.database()


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    """An open store."""
    with open_database(store_url) as opened:
        yield opened


@pytest.fixture
def on_disk(store_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], bytes]:
    """Return what the files of the store hold at that moment, in small letters."""

    def read() -> bytes:
        if store_url.startswith("sqlite"):
            return bytes_in(tmp_path)
        server = request.getfixturevalue("postgres")
        assert isinstance(server, Postgres)
        return server.bytes_of(store_url).lower()

    return read


def bytes_in(folder: Path) -> bytes:
    """What the files of a folder hold, in small letters."""
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file()).lower()
