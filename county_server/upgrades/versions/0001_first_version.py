"""The first version: databases that were made before versions were noted.

Nothing is done here: a new database is made whole, and an old one is as it was.
"""

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Leave it."""
