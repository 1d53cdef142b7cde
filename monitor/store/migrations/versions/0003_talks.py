"""What the coach enters: conversations that were held, and the wish for none."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "talk",
        sa.Column("client", sa.String(200), nullable=False),
        sa.Column("held_on", sa.Date, nullable=False),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("entered_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("client", "held_on", name="pk_talk"),
    )
    op.create_table(
        "snooze",
        sa.Column("client", sa.String(200), nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("since", sa.Date),
        sa.Column("entered_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("client", name="pk_snooze"),
    )


def downgrade() -> None:
    """Remove the tables."""
    for table in ("snooze", "talk"):
        op.drop_table(table)
