"""The key that the tokens of letters are made from."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table and the key: before the first backup, which is to carry it."""
    made = op.create_table(
        "letter_key",
        sa.Column("value", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("value", name="pk_letter_key"),
    )
    op.bulk_insert(made, [{"value": secrets.token_hex(32)}])


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("letter_key")
