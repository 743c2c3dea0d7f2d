"""The tables of the county, for SQLite and PostgreSQL alike.

Every primary and every unique key contains the column `station`, so that a database spread over
many machines can take the schema as it is: all that belongs to one station lies together. What the
county says to all its stations stands under the name EVERYWHERE, which no station can bear. The
few tables that concern the whole county are listed as REFERENCE_TABLES.

Facts are only ever added. The read tables follow from the vocabulary, as at the stations.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from station_app.journal.fact import is_from_county, station_of
from station_app.journal.projection import Columns, EntityKind

EVERYWHERE = "county"
EVERYBODY = "all"  # the audience of what is kept there
STATION = "station"
ITS_STATION = "its_station"  # a field of a read table that is called as the column above

REFERENCE_TABLES = frozenset(
    {
        "settings",
        "staff",
        "staff_log",
        "sign_in_tries",
        "ended_sessions",
        "master_drafts",
        "one_time_codes",
    }
)


def home_of(stream: str) -> str:
    """Return under which station a stream is kept: EVERYWHERE for what all stations read.

    A text that is no stream's name is kept nowhere: "".
    """
    if "/" not in stream:
        return ""
    if is_from_county(stream) and stream.endswith("/all"):
        return EVERYWHERE
    return station_of(stream)


def _table(metadata: MetaData, name: str, *columns: Column[Any], key: tuple[str, ...]) -> Table:
    return Table(
        name,
        metadata,
        Column(STATION, Text, nullable=False),
        *columns,
        PrimaryKeyConstraint(STATION, *key),
        sqlite_with_rowid=False,
    )


def _reference(metadata: MetaData, name: str, *columns: Column[Any], key: Column[Any]) -> Table:
    """Return a table that concerns the whole county."""
    constraint = PrimaryKeyConstraint(key.name)
    return Table(name, metadata, key, *columns, constraint, sqlite_with_rowid=False)


def _text(name: str) -> Column[Any]:
    return Column(name, Text, nullable=False)


def _number(name: str) -> Column[Any]:
    return Column(name, BigInteger, nullable=False)


def _bytes(name: str) -> Column[Any]:
    return Column(name, LargeBinary, nullable=False)


def _fact_columns() -> tuple[Column[Any], ...]:
    return (
        _text("stream"),
        _number("seq"),
        _text("act"),
        _number("at"),
        _text("kind"),
        _number("v"),
        _text("entity"),
        _text("by_"),
        _text("prev"),
        _text("digest"),
        _text("identity"),
        _bytes("body"),
        _text("private_digest"),
    )


class Tables:
    """All tables, with the read tables that these kinds of entity declare."""

    def __init__(self, kinds: Iterable[EntityKind[Any]]) -> None:
        """Describe the tables; `metadata.create_all` makes them."""
        self.metadata = MetaData()
        self._journal(self.metadata)
        self._versions(self.metadata)
        self._money(self.metadata)
        self._folds(self.metadata)
        self._county(self.metadata)
        self._intake(self.metadata)
        self._staff(self.metadata)
        self._desks(self.metadata)
        self._blobs(self.metadata)
        self.read: dict[str, Table] = {
            kind.name: self._read_table(kind.columns) for kind in kinds if kind.columns is not None
        }

    def _journal(self, metadata: MetaData) -> None:
        self.facts = _table(metadata, "facts", *_fact_columns(), key=("stream", "seq"))
        Index("facts_by_identity", self.facts.c.station, self.facts.c.identity, unique=True)
        Index("facts_by_act", self.facts.c.station, self.facts.c.stream, self.facts.c.act)
        self.privates = _table(
            metadata, "privates", _text("identity"), _bytes("part"), key=("identity",)
        )
        # Words of the county that came back without their private part, which nobody has erased.
        self.bare = _table(metadata, "bare", _text("identity"), key=("identity",))
        self.streams = _table(
            metadata,
            "streams",
            _text("stream"),
            _text("author"),
            _number("length"),
            _text("head"),
            _text("first_prev"),
            Column("is_tip", Integer, nullable=False),
            Column("is_anchored", Integer, nullable=False),
            key=("stream",),
        )
        Index("streams_by_head", self.streams.c.station, self.streams.c.head)
        Index("streams_by_prev", self.streams.c.station, self.streams.c.first_prev)
        self.heads = _table(
            metadata,
            "heads",
            _text("stream"),
            _number("to_seq"),
            _text("identity"),
            _text("key_id"),
            _bytes("signature"),
            key=("stream", "to_seq"),
        )
        self.runs = _table(
            metadata,
            "runs",
            _number("feed"),
            _text("stream"),
            _text("author"),
            _number("first"),
            _number("last"),
            key=("feed",),
        )

    def _versions(self, metadata: MetaData) -> None:
        # Versions of streams, by the name of their line; stream: as said, first: the first seq that
        # differs, parent, upto: the line that it goes on from and up to where, "" and 0 for none.
        self.versions = _table(
            metadata,
            "versions",
            *map(_text, ("line", "stream")),
            _number("first"),
            _text("parent"),
            _number("upto"),
            key=("line",),
        )
        Index("versions_by_stream", self.versions.c.station, self.versions.c.stream)
        # Other versions of what the county itself said, as a station handed them in.
        self.branches = _table(
            metadata,
            "branches",
            *_fact_columns(),
            Column("private", LargeBinary),
            key=("stream", "identity"),
        )
        self.branch_heads = _table(
            metadata,
            "branch_heads",
            _text("stream"),
            _number("to_seq"),
            _text("identity"),
            _text("key_id"),
            _bytes("signature"),
            key=("stream", "identity"),
        )

    def _money(self, metadata: MetaData) -> None:
        self.postings = _table(
            metadata,
            "postings",
            _text("stream"),
            _number("seq"),
            _number("line"),
            _text("account"),
            _text("commodity"),
            _number("amount"),
            key=("stream", "seq", "line"),
        )
        Index("postings_by_account", self.postings.c.station, self.postings.c.account)
        self.postings_aside = _table(
            metadata,
            "postings_aside",
            *map(_text, ("stream",)),
            *map(_number, ("seq", "line")),
            *map(_text, ("account", "commodity")),
            _number("amount"),
            key=("stream", "seq", "line"),
        )
        self.balances = _table(
            metadata,
            "balances",
            _text("account"),
            _text("commodity"),
            _number("amount"),
            key=("account", "commodity"),
        )

    def _folds(self, metadata: MetaData) -> None:
        self.folds = _table(
            metadata,
            "folds",
            _text("root"),
            _number("at"),
            _text("identity"),
            _text("stream"),
            _number("seq"),
            key=("root", "at", "identity"),
        )
        self.states = _table(
            metadata,
            "states",
            _text("kind"),
            _text("entity"),
            _number("at"),
            _text("identity"),
            _bytes("data"),
            key=("kind", "entity"),
        )
        self.founders = _table(
            metadata,
            "founders",
            _text("kind"),
            _text("natural_key"),
            _text("identity"),
            key=("kind", "natural_key", "identity"),
        )
        self.roots = _table(metadata, "roots", _text("identity"), _text("root"), key=("identity",))
        Index("roots_by_root", self.roots.c.station, self.roots.c.root)
        self.reversals = _table(
            metadata,
            "reversals",
            _text("stream"),
            _text("act"),
            _text("identity"),
            key=("stream", "act", "identity"),
        )
        self.rulings = _table(
            metadata,
            "rulings",
            *map(_text, ("what", "name", "hash", "identity")),
            _number("seq"),
            key=("name", "what", "seq", "hash", "identity"),
        )
        self.kept_back = _table(
            metadata, "kept_back", _text("stream"), _number("reach"), key=("stream",)
        )
        self.erased = _table(metadata, "erased", _text("whose"), _text("identity"), key=("whose",))
        self.quarantine = _table(
            metadata, "quarantine", _text("identity"), _text("reason"), key=("identity",)
        )
        self.cases = _table(
            metadata,
            "cases",
            _text("kind"),
            _text("entity"),
            _text("members"),
            key=("kind", "entity"),
        )

    def _county(self, metadata: MetaData) -> None:
        self.keys = _table(
            metadata,
            "keys",
            _text("device"),
            _text("key_id"),
            _text("public_key"),
            _number("slot"),
            _number("enrolled_at"),
            key=("device", "key_id"),
        )
        Index("keys_by_id", self.keys.c.key_id)
        # Keys that PCs have renewed: they verify what they signed, and may still hand in.
        self.former_keys = _table(
            metadata,
            "former_keys",
            *map(_text, ("device", "key_id", "public_key")),
            _number("renewed_at"),
            key=("device", "key_id"),
        )
        Index("former_keys_by_id", self.former_keys.c.key_id)
        # Which key of the county a PC, or who holds a code, was last known to believe; no row
        # while that is the first. holder: "D1", or `lookup` of a code.
        self.trusted_keys = _table(
            metadata, "trusted_keys", _text("holder"), _text("key_id"), key=("holder",)
        )
        self.nonces = _table(
            metadata,
            "nonces",
            _text("device"),
            _text("epoch"),
            _number("counter"),
            key=("device", "epoch"),
        )
        self.contacts = _table(
            metadata,
            "contacts",
            _text("device"),
            _number("at"),
            _number("waiting"),
            _number("oldest_at"),
            _number("clock_ahead_ms"),
            _number("fold_version"),
            key=("device",),
        )
        self.codes = _table(
            metadata,
            "codes",
            _text("lookup"),
            _bytes("proof_key"),
            _number("made_at"),
            _number("expires_at"),
            _text("used_by"),
            _text("device"),
            key=("lookup",),
        )
        Index("codes_by_lookup", self.codes.c.lookup)
        self.settings = _reference(metadata, "settings", _text("value"), key=_text("name"))

    def _intake(self, metadata: MetaData) -> None:
        """What processes that take in facts side by side must know of one another."""
        # One row per station, locked by whoever writes for it, to the commit; newest: of its feed.
        self.feeds = _table(metadata, "feeds", _number("newest"), key=())
        # Streams of which facts are kept and not folded yet, with the first such fact.
        self.unfolded = _table(
            metadata, "unfolded", _text("stream"), _number("first"), key=("stream",)
        )
        # Loads of a township that their villages have not been told of (`loads`).
        self.untold_loads = _table(
            metadata,
            "untold_loads",
            *map(_text, ("identity", "stream")),
            _number("seq"),
            key=("identity",),
        )
        # Where a PC first said, in a stream of its own, that nothing of its station lacks there;
        # seq, mark: its last fact then, 0 and "" before the first.
        self.said_whole = _table(
            metadata, "said_whole", *map(_text, ("stream", "mark")), _number("seq"), key=("stream",)
        )
        # How many facts a PC may still hand in; at: as of when, UTC ms.
        self.buckets = _table(
            metadata, "buckets", _text("device"), *map(_number, ("facts", "at")), key=("device",)
        )

    def _desks(self, metadata: MetaData) -> None:
        # What closed shifts, to be folded once more; state: `refolding`, feed: when last looked at,
        # detail: which accounts differ, as JSON.
        self.refolds = _table(
            metadata,
            "refolds",
            *map(_text, ("identity", "stream")),
            *map(_number, ("seq", "state", "feed")),
            _bytes("detail"),
            key=("identity",),
        )
        Index("refolds_by_state", self.refolds.c.station, self.refolds.c.state)
        self.frozen_statements = _table(
            metadata,
            "frozen_statements",
            *map(_text, ("id", "month", "made_by")),
            _number("made_at"),
            *map(_text, ("since", "replaces", "standing")),
            _bytes("content"),
            key=("id",),
        )
        self.photos = _table(
            metadata,
            "photos",
            *map(_text, ("entity", "hash", "sort", "by_")),
            _number("at"),
            key=("entity", "hash"),
        )
        # How often the public page of a lot's code was looked at, and when first (UTC ms).
        looks = map(_number, ("count", "first_at"))
        self.trace_looks = _table(metadata, "trace_looks", _text("code"), *looks, key=("code",))

    def _blobs(self, metadata: MetaData) -> None:
        """Photos: which fact names which, their bytes, those that are coming, those that went."""
        self.blob_names = _table(
            metadata, "blob_names", *map(_text, ("hash", "identity")), key=("hash", "identity")
        )
        Index("blob_names_by_fact", self.blob_names.c.station, self.blob_names.c.identity)
        # Rows of 200 kB lie better in a table with row numbers than in the index itself.
        self.blobs = Table(
            "blobs",
            metadata,
            *map(_text, (STATION, "hash")),
            *map(_number, ("size", "at")),
            _bytes("content"),
            PrimaryKeyConstraint(STATION, "hash"),
        )
        self.blob_parts = Table(
            "blob_parts",
            metadata,
            *map(_text, (STATION, "hash")),
            *map(_number, ("first", "size", "length")),
            _bytes("content"),
            PrimaryKeyConstraint(STATION, "hash", "first"),
        )
        self.blobs_gone = _table(metadata, "blobs_gone", _text("hash"), key=("hash",))

    def _staff(self, metadata: MetaData) -> None:
        self.staff = _reference(
            metadata,
            "staff",
            *map(_text, ("name", "roles", "area", "password_hash")),
            *map(_number, ("must_change", "is_disabled", "made_at", "seen_at", "changed_at")),
            key=_text("code"),
        )
        self.staff_log = _reference(
            metadata,
            "staff_log",
            _number("at"),
            *map(_text, ("by_", "what", "code", "detail")),
            key=_number("number"),
        )
        self.sign_in_tries = Table(
            "sign_in_tries",
            metadata,
            _text("subject"),
            _number("number"),
            _number("at"),
            PrimaryKeyConstraint("subject", "number"),
            sqlite_with_rowid=False,
        )
        self.master_drafts = _reference(
            metadata,
            "master_drafts",
            Column("content", LargeBinary, nullable=False),
            _text("by_"),
            _number("at"),
            key=_text("sheet"),
        )
        self.one_time_codes = _reference(
            metadata,
            "one_time_codes",
            Column("secret", LargeBinary, nullable=False),
            _number("is_on"),
            _number("last_step"),
            key=_text("code"),
        )
        self.ended_sessions = _reference(
            metadata, "ended_sessions", _number("at"), key=_text("name")
        )

    def _read_table(self, columns: Columns[Any]) -> Table:
        table = _table(
            self.metadata,
            columns.table,
            _text("entity"),
            *(
                _number(column_name(name)) if sort == "INTEGER" else _text(column_name(name))
                for name, sort in columns.fields
            ),
            key=("entity",),
        )
        for index in columns.indexes:
            name = f"{columns.table}_by_{'_'.join(index)}"
            Index(name, table.c.station, *(table.c[column_name(field)] for field in index))
        return table


def column_name(field: str) -> str:
    """Return the column of a read table's field."""
    return ITS_STATION if field == STATION else field
