"""Whose mail was erased: so that what still lies in the mailbox does not come back."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "erased",
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("erased_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_erased"),
    )


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("erased")
