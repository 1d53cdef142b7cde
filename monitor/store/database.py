"""Open a store: one engine, its rights, its migrations, and its failures in our words."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path

import sqlalchemy
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url

from monitor.errors import ConfigurationError, StoreBroken, StoreError, StoreFull, StoreNewer
from monitor.store import schema

BUSY_SECONDS = 30


class Database:
    """An open store. ``reading`` and ``writing`` are the only ways in; each is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._file: Path | None = None
        self._identity = (0, 0)
        self._size = 0

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction for reading."""
        with _in_our_words(), self.engine.connect().execution_options(writes=False) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction for writing; kept as a whole or not at all."""
        with _in_our_words(), self.engine.begin() as connection:
            yield connection

    def require_whole(self) -> None:
        """Look whether the file of a SQLite store is still the one that was opened, and whole; costs nearly nothing.

        The database itself would go on with what it has in memory. Raises StoreBroken where the file was cut off, and
        StoreError where it was moved or replaced: ``renew`` opens what is there now.
        """
        if self._file is None:
            return
        try:
            told = self._file.stat()  # not opened: to close it again would drop the locks that SQLite holds on it
        except OSError as error:
            raise _file_gone() from error
        if (told.st_dev, told.st_ino) != self._identity:
            raise StoreError("The store file was replaced.", "The new one is used from the next try on.")
        with _in_our_words(), closing(self.engine.raw_connection()) as connection:
            cursor = connection.cursor()
            (pages,) = cursor.execute("PRAGMA page_count").fetchone()
            (size,) = cursor.execute("PRAGMA page_size").fetchone()
            cursor.close()
        # It may lack what still stands in the log alone; but what makes it smaller must leave that many pages.
        if told.st_size < self._size and told.st_size < pages * size:
            raise _translated(sqlite3.DatabaseError("malformed"))
        self._size = told.st_size

    def renew(self) -> None:
        """Let go of every connection and open the store anew: its file may have been replaced meanwhile.

        Raises what ``open_database`` raises.
        """
        self.engine.dispose()
        if self.engine.dialect.name == "sqlite":
            _make_file(self.engine.url)
        self._bring_up()

    def _bring_up(self) -> None:
        # Known before the first connection: a file that is replaced in between must not pass for the one in use.
        self._know_file()
        with _in_our_words():
            _bring_up(self.engine)

    def _know_file(self) -> None:
        name = self.engine.url.database
        if self.engine.dialect.name == "sqlite" and name and name != ":memory:":
            self._file = Path(name)
            try:
                told = self._file.stat()
            except OSError as error:
                raise _file_gone() from error
            self._identity = (told.st_dev, told.st_ino)
            self._size = told.st_size

    def in_our_words(self) -> AbstractContextManager[None]:
        """Turn the failures of what is done with ``engine`` itself into StoreError."""
        return _in_our_words()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_database(url: str) -> Database:
    """Open a store by its URL and bring it to the present shape; a SQLite file is made where there is none.

    Raises ConfigurationError for an unusable URL, StoreNewer, StoreBroken, StoreFull or StoreError else.
    """
    try:
        parsed = make_url(url)
    except sqlalchemy.exc.ArgumentError as error:
        raise ConfigurationError(
            "store.url is no database URL.", "Write it like sqlite:////var/lib/client-monitor/store.db"
        ) from error
    engine = _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _server(parsed)
    database = Database(engine)
    try:
        database._bring_up()
    except BaseException:
        database.close()
        raise
    return database


def is_present(url: str) -> bool:
    """Whether there is a store of the present shape; nothing is made or changed, and no failure is told."""
    engine: Engine | None = None
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            if not parsed.database or not Path(parsed.database).is_file():
                return False
            engine = create_engine(parsed)
        else:
            engine = _server(parsed)
        with engine.connect() as connection:
            return _revision(connection) == schema.REVISION
    except (sqlalchemy.exc.SQLAlchemyError, sqlite3.Error, ConfigurationError, OSError):
        return False
    finally:
        if engine is not None:
            engine.dispose()


def _make_file(url: URL) -> None:
    if url.database and url.database != ":memory:":
        path = Path(url.database)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            path.chmod(0o600)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise StoreFull("The disk has no room for the store.", "Make room; nothing is lost.") from error
            raise StoreError(
                "The store {path} cannot be opened: {reason}.",
                "Check store.url and the folder's rights.",
                path=str(path),
                reason=os.strerror(error.errno or 0),
            ) from error


def _sqlite(url: URL) -> Engine:
    _make_file(url)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's own BEGIN below, not the driver's late one
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            "synchronous=FULL",
            "secure_delete=ON",
            "trusted_schema=OFF",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer takes its lock at the start, so that it waits for another one instead of failing half way.
        writes = connection.get_execution_options().get("writes", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _server(url: URL) -> Engine:
    try:
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        return create_engine(url, pool_pre_ping=True)
    except (sqlalchemy.exc.NoSuchModuleError, ModuleNotFoundError) as error:
        raise ConfigurationError(
            "store.url names a database whose driver is not installed.",
            "For PostgreSQL: pip install 'client-health-monitor[postgres]'",
        ) from error


def _bring_up(engine: Engine) -> None:
    # For reading: whoever only looks must not wait for a writer.
    with engine.connect().execution_options(writes=False) as connection:
        revision = _revision(connection)
    if revision == schema.REVISION:
        return
    from monitor.store import migration  # Alembic is large, and needed only when the shape changes

    if revision is not None and not migration.is_known(revision):
        raise StoreNewer(
            "This store was written by a newer program (revision {revision}).",
            "Install the newer program again, or restore a backup from before.",
            revision=revision,
        )
    if revision is not None:
        copy_before(engine, revision)
    migration.upgrade(engine)


def copy_before(engine: Engine, revision: str) -> None:
    """Copy a SQLite store aside before its shape changes, so that an older program can go on from there.

    On a database server that is the administrator's task. Raises StoreFull or StoreError; then nothing is changed.
    """
    if engine.dialect.name != "sqlite" or not engine.url.database or engine.url.database == ":memory:":
        return
    store = Path(engine.url.database)
    copy_to(engine, store.with_name(f"{store.name}.before-{schema.REVISION}-was-{revision}"))


def copy_to(engine: Engine, target: Path) -> None:
    """Write a consistent copy of a SQLite store, as of one moment, while others go on writing."""
    aside = target.with_name(f".{target.name}.part")
    with suppress(OSError):
        aside.unlink()
    try:
        os.close(os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(engine.raw_connection()) as connection:
            source = connection.driver_connection
            assert isinstance(source, sqlite3.Connection)
            with closing(sqlite3.connect(aside)) as copy:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        aside.replace(target)
    except BaseException:
        with suppress(OSError):
            aside.unlink()
        raise


def _revision(connection: Connection) -> str | None:
    if not sqlalchemy.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Turn the database's failures into ours, once, without the statement and its values."""
    try:
        yield
    except sqlalchemy.exc.DBAPIError as error:
        raise _translated(error.orig) from None
    except sqlite3.Error as error:
        raise _translated(error) from None


def _file_gone() -> StoreError:
    return StoreError("The store file is not there any more.", "It is built anew from the mailbox at the next try.")


def _translated(error: BaseException | None) -> StoreError:
    told = str(error).lower()
    name = getattr(error, "sqlite_errorname", "") or ""
    if "full" in told or name == "SQLITE_FULL":
        return StoreFull(
            "The disk is full: nothing was written.",
            "Make room; the next round goes on where this one stopped.",
        )
    if name.startswith("SQLITE_IOERR"):
        return StoreError(
            "The disk fails, or its quota is used up: nothing was written.",
            "Check the disk, its room and its quota; the next round goes on where this one stopped.",
        )
    if "malformed" in told or "not a database" in told or name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return StoreBroken(
            "The store file is damaged or is no store.",
            "Restore a backup with: client-monitor restore FILE. "
            "Without one, move the file away: it is built anew from the mailbox.",
        )
    if "locked" in told or "busy" in told:
        return StoreError("The store is in use by another process.", "Wait until it is done, then try again.")
    if "readonly" in told or "read-only" in told:
        return StoreError(
            "The store may not be written by this user.",
            "Check the owner and the rights of the file and its folder.",
        )
    return StoreError(
        "The store cannot be used ({kind}).", "See: client-monitor doctor", kind=name or type(error).__name__
    )
