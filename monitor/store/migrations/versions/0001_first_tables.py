"""The first tables: messages and what they ask, places, cursors, quarantine, digests, slots."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "message",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("key", sa.String(600), nullable=False),
        sa.Column("writer", sa.String(320), nullable=False),
        sa.Column("message_id", sa.String(600)),
        sa.Column("direction", sa.String(10), nullable=False),
        sa.Column("sent_at", sa.DateTime, nullable=False),
        sa.Column("utc_offset", sa.Integer, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("words", sa.Integer, nullable=False),
        sa.Column("reply_to", sa.String(600)),
        sa.Column("folder", sa.Text, nullable=False),
        sa.Column("remarks", sa.Text, nullable=False, server_default=""),
        sa.Column("model", sa.String(80)),
        sa.Column("unsure", sa.Boolean),
        sa.Column("out_of_scope", sa.Boolean),
        sa.Column("out_of_scope_probability", sa.Float),
        sa.Column("out_of_scope_evidence", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("key", "writer", name="uq_message_key"),
    )
    op.create_index("ix_message_sent_at", "message", ["sent_at"])
    op.create_table(
        "correspondent",
        sa.Column("message", sa.Integer, nullable=False),
        sa.Column("address", sa.String(320), nullable=False),
        sa.PrimaryKeyConstraint("message", "address", name="pk_correspondent"),
        sa.ForeignKeyConstraint(["message"], ["message.id"], name="fk_correspondent_message", ondelete="CASCADE"),
    )
    op.create_index("ix_correspondent_address", "correspondent", ["address"])
    op.create_table(
        "request",
        sa.Column("message", sa.Integer, nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("probability", sa.Float, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("message", "type", name="pk_request"),
        sa.ForeignKeyConstraint(["message"], ["message.id"], name="fk_request_message", ondelete="CASCADE"),
    )
    op.create_table(
        "place",
        sa.Column("folder", sa.Text, nullable=False),
        sa.Column("uidvalidity", sa.Integer, nullable=False),
        sa.Column("uid", sa.Integer, nullable=False),
        sa.Column("message", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("folder", "uidvalidity", "uid", name="pk_place"),
        sa.ForeignKeyConstraint(["message"], ["message.id"], name="fk_place_message", ondelete="CASCADE"),
    )
    op.create_index("ix_place_message", "place", ["message"])
    op.create_table(
        "cursor",
        sa.Column("folder", sa.Text, nullable=False),
        sa.Column("uidvalidity", sa.Integer, nullable=False),
        sa.Column("last_uid", sa.Integer, nullable=False),
        sa.Column("seen_at", sa.DateTime),
        sa.PrimaryKeyConstraint("folder", name="pk_cursor"),
    )
    op.create_table(
        "quarantine",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("found_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_quarantine"),
    )
    op.create_table(
        "digest",
        sa.Column("week", sa.String(10), nullable=False),
        sa.Column("message_id", sa.String(200), nullable=False),
        sa.Column("letter", sa.LargeBinary, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("rendered_at", sa.DateTime, nullable=False),
        sa.Column("sent_at", sa.DateTime),
        sa.PrimaryKeyConstraint("week", name="pk_digest"),
    )
    op.create_table(
        "slot",
        sa.Column("job", sa.String(40), nullable=False),
        sa.Column("due_at", sa.DateTime, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("tried_at", sa.DateTime, nullable=False),
        sa.Column("error", sa.Text),
        sa.PrimaryKeyConstraint("job", "due_at", name="pk_slot"),
    )


def downgrade() -> None:
    """Remove the tables."""
    for table in ("slot", "digest", "quarantine", "cursor", "place", "request", "correspondent", "message"):
        op.drop_table(table)
