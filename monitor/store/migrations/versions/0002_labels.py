"""What the coach filed into labelled folders."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "label",
        sa.Column("message", sa.Integer, nullable=False),
        sa.Column("label", sa.String(40), nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.Column("until", sa.DateTime),
        sa.PrimaryKeyConstraint("message", "label", name="pk_label"),
        sa.ForeignKeyConstraint(["message"], ["message.id"], name="fk_label_message", ondelete="CASCADE"),
    )


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("label")
