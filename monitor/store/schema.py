"""The tables, and what each column holds. Migrations bring a store to this shape."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

REVISION = "0007"
"""The revision of this shape; a test holds it to the newest migration."""


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept as naive UTC so that every database orders it alike."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse a naive moment: nobody would know whose clock it is."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give the moment back in UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

message = Table(
    "message",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(600), nullable=False),  # Message-ID, or a hash of the content
    Column("writer", String(320), nullable=False),  # a stranger can repeat a Message-ID, but not with this sender
    Column("message_id", String(600)),
    Column("direction", String(10), nullable=False),  # received | sent
    Column("sent_at", Moment, nullable=False),
    Column("utc_offset", Integer, nullable=False),  # minutes, the writer's
    Column("subject", Text, nullable=False),  # empty for people who are no clients
    Column("words", Integer, nullable=False),
    Column("reply_to", String(600)),
    Column("folder", Text, nullable=False),
    Column("remarks", Text, nullable=False, server_default=""),  # space-separated
    Column("model", String(80)),  # the model that classified it; NULL: not classified
    Column("unsure", Boolean),
    Column("out_of_scope", Boolean),
    Column("out_of_scope_probability", Float),
    Column("out_of_scope_evidence", Text),
    UniqueConstraint("key", "writer"),
    Index(None, "sent_at"),
)

correspondent = Table(
    "correspondent",
    metadata,
    Column("message", Integer, ForeignKey(message.c.id, ondelete="CASCADE"), nullable=False),
    Column("address", String(320), nullable=False),
    PrimaryKeyConstraint("message", "address"),
    Index(None, "address"),
)

request = Table(
    "request",
    metadata,
    Column("message", Integer, ForeignKey(message.c.id, ondelete="CASCADE"), nullable=False),
    Column("type", String(40), nullable=False),  # a request type of the label guide
    Column("rank", Integer, nullable=False),  # 0 is the most likely main type
    Column("probability", Float, nullable=False),
    Column("evidence", Text, nullable=False),
    PrimaryKeyConstraint("message", "type"),
)

place = Table(
    "place",
    metadata,
    Column("folder", Text, nullable=False),
    Column("uidvalidity", Integer, nullable=False),
    Column("uid", Integer, nullable=False),
    Column("message", Integer, ForeignKey(message.c.id, ondelete="CASCADE"), nullable=False),
    PrimaryKeyConstraint("folder", "uidvalidity", "uid"),
    Index(None, "message"),
)

label = Table(
    "label",
    metadata,
    Column("message", Integer, ForeignKey(message.c.id, ondelete="CASCADE"), nullable=False),
    Column("label", String(40), nullable=False),  # a request type, out_of_scope, in_scope or not_a_client
    Column("since", Moment, nullable=False),
    Column("until", Moment),  # taken out of the folder again; NULL: it lies there
    PrimaryKeyConstraint("message", "label"),
)

talk = Table(
    "talk",
    metadata,
    Column("client", String(200), nullable=False),  # the name in the configuration
    Column("held_on", Date, nullable=False),  # a day of the coach's calendar
    Column("note", Text, nullable=False, server_default=""),
    Column("entered_at", Moment, nullable=False),
    PrimaryKeyConstraint("client", "held_on"),
)

snooze = Table(
    "snooze",
    metadata,
    Column("client", String(200), primary_key=True),
    Column("until", Date, nullable=False),  # included
    Column("since", Date),  # NULL: it holds for every judgement up to then
    Column("entered_at", Moment, nullable=False),
)

erased = Table(
    "erased",
    metadata,
    Column("salt", String(32), nullable=False),
    Column("fingerprint", String(64), primary_key=True),  # of an address; the address itself is kept nowhere
    Column("erased_at", Moment, nullable=False),
)

cursor = Table(
    "cursor",
    metadata,
    Column("folder", Text, primary_key=True),
    Column("uidvalidity", Integer, nullable=False),
    Column("last_uid", Integer, nullable=False),
    Column("seen_at", Moment),  # the last look that succeeded
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("source", Text, primary_key=True),  # folder/uidvalidity/uid, or a hash of the file's path
    Column("reason", Text, nullable=False),
    Column("found_at", Moment, nullable=False),
)

cut = Table(
    "cut",
    metadata,
    Column("bound", String(40), primary_key=True),
    Column("messages", Integer, nullable=False),
)

digest = Table(
    "digest",
    metadata,
    Column("week", String(10), primary_key=True),  # ISO week of the period, such as 2026-W10
    Column("message_id", String(200), nullable=False),
    Column("letter", LargeBinary, nullable=False),  # the mail as it is sent, kept so that a retry sends the same
    Column("content", Text, nullable=False),  # the JSON of the same digest
    Column("rendered_at", Moment, nullable=False),
    Column("offered_at", Moment),  # handed to a server whose answer is not known: it may have arrived
    Column("sent_at", Moment),
    Column("token", String(40)),  # what a reply to this letter must carry; NULL: of before there were replies
    Index(None, "token"),
)

letter_key = Table(
    "letter_key",
    metadata,
    Column("value", String(64), primary_key=True),  # one row: what the tokens of letters are made from, in hex
)

instruction = Table(
    "instruction",
    metadata,
    Column("number", Integer, primary_key=True),  # what the coach takes it back by
    Column("mail", String(600), nullable=False),  # the reply's Message-ID, or a hash of its content
    Column("place", Integer, nullable=False),  # its place in the reply
    Column("week", String(10), nullable=False),  # of the digest that was answered
    Column("kind", String(20), nullable=False),
    Column("client", String(200), nullable=False, server_default=""),
    Column("day", Date),
    Column("signal", String(40)),
    Column("target", Integer),  # a question of the digest, or the instruction to take back
    Column("label", String(40)),
    Column("about", Text, nullable=False, server_default=""),  # an address, or the words that were not understood
    Column("outcome", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Column("confirmed_at", Moment),  # by a mail of its own, where the coach wants that
    Column("undone_at", Moment),
    UniqueConstraint("mail", "place"),
)

correction = Table(
    "correction",
    metadata,
    Column("message", Integer, ForeignKey(message.c.id, ondelete="CASCADE"), nullable=False),
    Column("label", String(40), nullable=False),
    Column("holds", Boolean, nullable=False),  # the message bears the label; or does not
    Column("instruction", Integer, ForeignKey(instruction.c.number, ondelete="CASCADE"), nullable=False),
    Column("since", Moment, nullable=False),
    PrimaryKeyConstraint("message", "label"),
)

slot = Table(
    "slot",
    metadata,
    Column("job", String(40), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", String(10), nullable=False),  # claimed | done | missed
    Column("tries", Integer, nullable=False),
    Column("tried_at", Moment, nullable=False),
    Column("error", Text),
    PrimaryKeyConstraint("job", "due_at"),
)
