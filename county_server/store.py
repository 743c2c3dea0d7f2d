"""The county's database: one engine, one way to write, and settings that are checked.

SQLite by default: write-ahead log with a full sync at each commit, asserted on every connection,
and BEGIN IMMEDIATE for whoever writes, so that two pushes never interleave. PostgreSQL by a URL.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Table,
    bindparam,
    case,
    create_engine,
    event,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from county_server.asking import is_quick, run
from county_server.questions import questions
from county_server.schema import EVERYWHERE, Tables
from county_server.upgrades import bring_up
from station_app.journal.vocabulary import Vocabulary

BUSY_WAIT_MS = 10_000
CACHE_KIB = -16 * 1024  # a day's push touches more pages than the default of 2 MiB holds
_ERASED = "county_erased"  # on a connection whose transaction removes what nobody may find
WRITES = "county_writes"  # set on a connection that writes
# What every connection is set to, and the value that it must then report.
_SETTINGS: tuple[tuple[str, str, str | int], ...] = (
    ("busy_timeout", str(BUSY_WAIT_MS), BUSY_WAIT_MS),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("recursive_triggers", "ON", 1),
    ("secure_delete", "ON", 1),
    ("temp_store", "MEMORY", 2),
    ("trusted_schema", "OFF", 0),
    ("cache_size", str(CACHE_KIB), CACHE_KIB),
)


class UnsafeDatabase(RuntimeError):
    """A connection does not keep what it says it kept."""


def reach(url: str, data: Path) -> None:
    """Open a connection and close it; raises what keeps it from being opened.

    A file in the data folder needs no look: the folder may not be there yet, and is made first.
    """
    place = make_url(url)
    if place.get_backend_name() == "sqlite" and data in Path(place.database or "").parents:
        return
    engine = create_engine(url)
    try:
        engine.connect().close()
    finally:
        engine.dispose()


class Store:
    """The database of one county, with the tables of one vocabulary.

    catch_up: folds what is kept and not folded yet; set by whoever opens a county.
    """

    def __init__(self, url: str, vocabulary: Vocabulary) -> None:
        """Open the database at an SQLAlchemy URL; nothing is made yet."""
        self.vocabulary = vocabulary
        self.tables = _described(vocabulary)
        self.questions = questions(self.tables)
        self.engine: Engine = create_engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self.catch_up: Callable[[Store], None] | None = None
        if self.is_sqlite:
            event.listen(self.engine, "connect", _set_up)
            event.listen(self.engine, "begin", _begin)
        else:
            event.listen(self.engine, "connect", _set_up_postgresql)

    def make(self) -> bool:
        """Make what is not there yet and upgrade what is old; tell whether to fold anew."""
        with self.write(behind=True) as connection:
            return bring_up(connection, self.tables)

    @contextmanager
    def read(self, *, behind: bool = False) -> Iterator[Connection]:
        """Open a connection to look at one moment of the database.

        behind: states, tables and sums are not asked for, so they may lack what came a moment ago.
        """
        if not behind and self.catch_up:
            self.catch_up(self)
        with self.engine.connect() as connection:
            if not self.is_sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def write(self, *, behind: bool = False) -> Iterator[Connection]:
        """Run the body as one transaction that nobody else's writing mixes with.

        behind: the body asks for no figures, and locks by itself what it writes for.
        """
        if not behind and self.catch_up:
            self.catch_up(self)
        with self.engine.connect() as connection:
            writing = connection.execution_options(**{WRITES: True})
            with writing.begin():
                if not behind:
                    self.lock(writing, EVERYWHERE)
                yield writing
            if writing.info.pop(_ERASED, False):
                _empty_the_log(writing)

    def note_erased(self, connection: Connection) -> None:
        """Let nothing of what this transaction removes stay in the write-ahead log."""
        if self.is_sqlite:
            connection.info[_ERASED] = True

    def lock(self, connection: Connection, station: str) -> None:
        """Let nobody else write for a station until this transaction ends.

        Whoever writes what the county says locks EVERYWHERE first, and stations after it; the
        intake locks its own station and nothing else. So nobody waits in a circle.
        """
        if not self.is_sqlite:  # there BEGIN IMMEDIATE has locked the whole
            connection.execute(_locking(self.tables.feeds), {"at": station})

    def try_lock(self, connection: Connection, station: str) -> bool:
        """Lock a station unless somebody else writes for it at this moment."""
        if self.is_sqlite:
            return True
        feeds = self.tables.feeds
        query = select(feeds.c.newest).where(feeds.c.station == station)
        row = connection.execute(query.with_for_update(skip_locked=True)).first()
        return row is not None

    def lock_facts(self, connection: Connection) -> None:
        """Wait for everybody who is adding facts, and let nobody add any until the commit."""
        if not self.is_sqlite:
            connection.exec_driver_sql("LOCK TABLE facts IN SHARE ROW EXCLUSIVE MODE")

    def upsert(
        self,
        table: Table,
        *,
        adds: Sequence[str] = (),
        lowers: Sequence[str] = (),
        keeps: bool = False,
    ) -> Any:
        """Return a statement that inserts rows, or changes those whose primary key exists.

        adds: columns whose new value is added to the old one; lowers: columns of which the
        smaller value stays; keeps: leave existing rows alone.
        """
        return _upsert(table, tuple(adds), tuple(lowers), keeps, self.is_sqlite)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


@cache
def _described(vocabulary: Vocabulary) -> Tables:
    """Describe the tables once for all databases of this process: it takes a tenth of a second."""
    return Tables(vocabulary.entities)


@cache
def _locking(feeds: Table) -> Any:
    """Return what locks a station's row, which is made if it is not there."""
    row = postgresql.insert(feeds).values(station=bindparam("at"), newest=0)
    same = {"newest": feeds.c.newest}
    return row.on_conflict_do_update(index_elements=[feeds.c.station], set_=same)


@cache
def _upsert(
    table: Table, adds: tuple[str, ...], lowers: tuple[str, ...], keeps: bool, is_sqlite: bool
) -> Any:
    """Write a statement once for all databases of this process that have this table."""
    insert = sqlite.insert(table) if is_sqlite else postgresql.insert(table)
    key = list(table.primary_key.columns)
    others = [column.name for column in table.columns if not column.primary_key]
    if keeps or not others:
        return insert.on_conflict_do_nothing(index_elements=key)
    changes: dict[str, Any] = {name: insert.excluded[name] for name in others}
    changes |= {name: table.c[name] + insert.excluded[name] for name in adds}
    for name in lowers:
        was, comes = table.c[name], insert.excluded[name]
        changes[name] = case((comes < was, comes), else_=was)
    return insert.on_conflict_do_update(index_elements=key, set_=changes)


def _set_up(connection: Any, _record: Any) -> None:
    """Set up a new SQLite connection and check it."""
    connection.isolation_level = None  # transactions are ours, not the driver's
    for name, value, wanted in _SETTINGS:
        connection.execute(f"PRAGMA {name} = {value}")
        row = connection.execute(f"PRAGMA {name}").fetchone()
        found = row[0] if row else None
        in_memory = name == "journal_mode" and found == "memory"
        if found != wanted and not in_memory:
            raise UnsafeDatabase(f"{name} is {found}, not {wanted}")


def _set_up_postgresql(connection: Any, _record: Any) -> None:
    """Let a commit on this connection wait for the disk, whatever the server's default is."""
    connection.autocommit = True
    connection.execute("SET synchronous_commit TO on")
    connection.autocommit = False


def _empty_the_log(connection: Connection) -> None:
    """Bring the file up to date and cut the log: the old pages stand in it whole until then.

    Readers at work leave it for the next erasure, or for the close.
    """
    cursor = connection.connection.cursor()  # the driver's own: no transaction may be open
    try:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        cursor.close()


def _begin(connection: Connection) -> None:
    is_writing = connection.get_execution_options().get(WRITES, False)
    begin = "BEGIN IMMEDIATE" if is_writing else "BEGIN"
    if is_quick(connection):
        run(connection, begin)
        return
    connection.exec_driver_sql(begin)
