"""Other versions of a stream stand beside the first, and may be taken in; closings are refolded.

Before, they lay in `branches`, where nothing could come of them. Each becomes a line of its own,
with its heads, in the feed of its station; what does not hang together with anything that is held
stays where it is: the PC that wrote it offers it again. What closed a shift before is looked at,
too, when nobody needs the database.
"""

from typing import NamedTuple

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
_HEADER = "act, at, kind, v, entity, by_, prev, digest, identity, body, private_digest"
_HEADS = "to_seq, identity, key_id, signature"


def upgrade() -> None:
    """Make the table of versions, and lines of what lies in the branches."""
    op.create_table(
        "versions",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("station", "line", "stream")),
        sa.Column("first", sa.BigInteger, nullable=False),
        sa.Column("parent", sa.Text, nullable=False),
        sa.Column("upto", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("station", "line"),
        sqlite_with_rowid=False,
    )
    op.create_index("versions_by_stream", "versions", ["station", "stream"])
    op.create_table(
        "refolds",
        *(sa.Column(name, sa.Text, nullable=False) for name in ("station", "identity", "stream")),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("seq", "state", "feed")),
        sa.Column("detail", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("station", "identity"),
        sqlite_with_rowid=False,
    )
    op.create_index("refolds_by_state", "refolds", ["station", "state"])
    connection = op.get_bind()
    closed = "SELECT station, identity, stream, seq, 0, 0, :nothing FROM facts WHERE kind = :kind"
    connection.execute(
        sa.text(f"INSERT INTO refolds {closed}"), {"kind": "shift.closed", "nothing": b""}
    )
    rows = connection.execute(
        sa.text(
            "SELECT station, stream, seq, identity, prev FROM branches "
            "WHERE stream NOT LIKE 'county.%' ORDER BY station, stream, seq, identity"
        )
    ).all()
    ends: dict[str, str] = {}  # the line that ends in a fact
    for row in rows:
        one = Branch(*row)
        line = ends.pop(one.prev, "") or _begun(connection, one)
        if line:
            ends[one.identity] = line
            _move(connection, one, line)
    if ends:  # what follows from the facts is made anew at the opening
        connection.execute(sa.text("DELETE FROM settings WHERE name = 'folded_as'"))


class Branch(NamedTuple):
    """A fact of another version, as it lay in the branches."""

    station: str
    stream: str
    seq: int
    identity: str
    prev: str


def _begun(connection: sa.Connection, one: Branch) -> str:
    """Begin a line, unless what it goes on from is not held; return its name, "" for none."""
    station, stream, seq, identity, prev = one
    found = connection.execute(
        sa.text("SELECT stream, seq FROM facts WHERE station = :station AND identity = :prev"),
        {"station": station, "prev": prev},
    ).first()
    is_inside = found is not None and found[0].partition("~")[0] == stream
    if seq > 1 and not (is_inside and found is not None and found[1] == seq - 1):
        return ""
    line = f"{stream}~{identity[:16]}"
    parent = found[0] if is_inside and found is not None else ""
    connection.execute(
        sa.text(
            "INSERT INTO versions (station, line, stream, first, parent, upto) "
            "VALUES (:station, :line, :stream, :first, :parent, :upto)"
        ),
        {
            "station": station,
            "line": line,
            "stream": stream,
            "first": seq,
            "parent": parent,
            "upto": seq - 1 if parent else 0,
        },
    )
    connection.execute(
        sa.text(
            "INSERT INTO streams (station, stream, author, length, head, first_prev, is_tip, "
            "is_anchored) VALUES (:station, :line, :author, :seq, :identity, :prev, 1, :anchored)"
        ),
        {
            "station": station,
            "line": line,
            "author": stream.rsplit("/", 1)[0],
            "seq": seq,
            "identity": identity,
            "prev": prev,
            "anchored": int(found is not None or not prev),
        },
    )
    return line


def _move(connection: sa.Connection, one: Branch, line: str) -> None:
    """Let a fact of a branch stand in its line."""
    which = one._asdict() | {"line": line, "author": one.stream.rsplit("/", 1)[0]}
    at = "WHERE station = :station AND stream = :stream AND identity = :identity"
    for sql in (
        f"INSERT INTO facts (station, stream, seq, {_HEADER}) "  # noqa: S608 - our own names
        f"SELECT station, :line, seq, {_HEADER} FROM branches {at}",
        "INSERT INTO privates (station, identity, part) "  # noqa: S608
        f"SELECT station, identity, private FROM branches {at} AND private IS NOT NULL",
        f"INSERT INTO heads (station, stream, {_HEADS}) "  # noqa: S608
        f"SELECT station, :line, {_HEADS} FROM branch_heads {at}",
        "UPDATE streams SET length = :seq, head = :identity WHERE station = :station "
        "AND stream = :line",
        "UPDATE feeds SET newest = newest + 1 WHERE station = :station",
        "INSERT INTO runs (station, feed, stream, author, first, last) SELECT station, newest, "
        ":line, :author, :seq, :seq FROM feeds WHERE station = :station",
        f"DELETE FROM branch_heads {at}",  # noqa: S608
        f"DELETE FROM branches {at}",  # noqa: S608
    ):
        connection.execute(sa.text(sql), which)
