"""The county's database: one engine, one way to write, and settings that are checked.

SQLite by default: write-ahead log with a full sync at each commit, asserted on every connection,
and BEGIN IMMEDIATE for whoever writes, so that two pushes never interleave. PostgreSQL by a URL.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, Table, case, create_engine, event, inspect
from sqlalchemy.dialects import postgresql, sqlite

from county_server.questions import questions
from county_server.schema import Tables
from station_app.journal.vocabulary import Vocabulary

BUSY_WAIT_MS = 10_000
_WRITES = "county_writes"
# What every connection is set to, and the value that it must then report.
_SETTINGS: tuple[tuple[str, str, str | int], ...] = (
    ("busy_timeout", str(BUSY_WAIT_MS), BUSY_WAIT_MS),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("recursive_triggers", "ON", 1),
    ("secure_delete", "ON", 1),
    ("temp_store", "MEMORY", 2),
    ("trusted_schema", "OFF", 0),
)
_TRIGGERS = (
    """CREATE TRIGGER IF NOT EXISTS facts_are_never_changed BEFORE UPDATE ON facts
        BEGIN SELECT RAISE(ABORT, 'a fact is never changed'); END""",
    """CREATE TRIGGER IF NOT EXISTS facts_are_never_removed BEFORE DELETE ON facts
        BEGIN SELECT RAISE(ABORT, 'a fact is never removed'); END""",
)


class UnsafeDatabase(RuntimeError):
    """A connection does not keep what it says it kept."""


class Store:
    """The database of one county, with the tables of one vocabulary."""

    def __init__(self, url: str, vocabulary: Vocabulary) -> None:
        """Open the database at an SQLAlchemy URL; nothing is made yet."""
        self.vocabulary = vocabulary
        self.tables = _described(vocabulary)
        self.questions = questions(self.tables)
        self.engine: Engine = create_engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        if self.is_sqlite:
            event.listen(self.engine, "connect", _set_up)
            event.listen(self.engine, "begin", _begin)

    def make(self) -> None:
        """Make all tables that are not there yet."""
        with self.write() as connection:
            there = set(inspect(connection).get_table_names())  # one question, not one a table
            lacking = [t for t in self.tables.metadata.sorted_tables if t.name not in there]
            self.tables.metadata.create_all(connection, tables=lacking, checkfirst=False)
            if self.is_sqlite:
                for trigger in _TRIGGERS:
                    connection.exec_driver_sql(trigger)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a connection to look at one moment of the database."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Run the body as one transaction that nobody else's writing mixes with."""
        with self.engine.connect() as connection:
            writing = connection.execution_options(**{_WRITES: True})
            with writing.begin():
                yield writing

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


def _begin(connection: Connection) -> None:
    is_writing = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
