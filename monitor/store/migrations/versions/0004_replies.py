"""Replies to the digest: its token, what the coach instructs, and the corrections that follow."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables and columns."""
    op.add_column("digest", sa.Column("offered_at", sa.DateTime))
    op.add_column("digest", sa.Column("token", sa.String(40)))
    op.create_index("ix_digest_token", "digest", ["token"])
    op.create_table(
        "instruction",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("mail", sa.String(600), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("week", sa.String(10), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("client", sa.String(200), nullable=False, server_default=""),
        sa.Column("day", sa.Date),
        sa.Column("signal", sa.String(40)),
        sa.Column("target", sa.Integer),
        sa.Column("label", sa.String(40)),
        sa.Column("about", sa.Text, nullable=False, server_default=""),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("confirmed_at", sa.DateTime),
        sa.Column("undone_at", sa.DateTime),
        sa.PrimaryKeyConstraint("number", name="pk_instruction"),
        sa.UniqueConstraint("mail", "place", name="uq_instruction_mail"),
    )
    op.create_table(
        "correction",
        sa.Column("message", sa.Integer, nullable=False),
        sa.Column("label", sa.String(40), nullable=False),
        sa.Column("holds", sa.Boolean, nullable=False),
        sa.Column("instruction", sa.Integer, nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("message", "label", name="pk_correction"),
        sa.ForeignKeyConstraint(["message"], ["message.id"], name="fk_correction_message", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["instruction"], ["instruction.number"], name="fk_correction_instruction", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    """Remove the tables and columns."""
    for table in ("correction", "instruction"):
        op.drop_table(table)
    op.drop_index("ix_digest_token", "digest")
    op.drop_column("digest", "token")
    op.drop_column("digest", "offered_at")
