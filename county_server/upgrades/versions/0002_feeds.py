"""Several processes side by side: each station's feed gets a row that can be locked.

Before, the newest number was looked up among the runs, which only one process may do at a time.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the feeds and begin each where its runs end."""
    op.create_table(
        "feeds",
        sa.Column("station", sa.Text, nullable=False),
        sa.Column("newest", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("station"),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO feeds SELECT station, max(feed) FROM runs GROUP BY station")
