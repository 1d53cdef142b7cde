"""How many messages each bound has cut."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "cut",
        sa.Column("bound", sa.String(40), nullable=False),
        sa.Column("messages", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("bound", name="pk_cut"),
    )


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("cut")
