"""The county's database, made or brought up to this program, by Alembic.

A *new table* needs no step: whatever the schema has and the database lacks is made. What changes
an existing table is a revision in `versions`, and a shipped one is never edited. A database that
has no note of Alembic yet is one of the first version; its note is written before anything else.
All of it is one transaction, so a power cut leaves the old database or the new one.

The read tables and the states follow from the facts. Where their declaration or the rules of the
fold have changed, those tables are made anew and everything is folded once more at the opening.
"""

import hashlib
from functools import cache
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select, text

from county_server.schema import Tables
from station_app.journal.projection import FOLD_VERSION

HERE = Path(__file__).parent
FIRST = "0001"
NEWEST = "0003"  # what `versions` ends with; a test holds the two together
_NOTE = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
_FOLDED_AS = "folded_as"
_LOCK = 0x76696C6C616765  # "village": one process at a time brings a PostgreSQL up
_TRIGGERS_SQLITE = (
    """CREATE TRIGGER IF NOT EXISTS facts_are_never_changed BEFORE UPDATE ON facts
        BEGIN SELECT RAISE(ABORT, 'a fact is never changed'); END""",
    """CREATE TRIGGER IF NOT EXISTS facts_are_never_removed BEFORE DELETE ON facts
        BEGIN SELECT RAISE(ABORT, 'a fact is never removed'); END""",
)
_TRIGGERS_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION refuse_fact() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE integrity_constraint_violation USING MESSAGE = TG_ARGV[0]; END $$""",
    """CREATE OR REPLACE TRIGGER facts_are_never_changed BEFORE UPDATE ON facts
        FOR EACH ROW EXECUTE FUNCTION refuse_fact('a fact is never changed')""",
    """CREATE OR REPLACE TRIGGER facts_are_never_removed BEFORE DELETE ON facts
        FOR EACH ROW EXECUTE FUNCTION refuse_fact('a fact is never removed')""",
)


class TooNew(RuntimeError):
    """The database was brought up by a newer program than this one."""


def bring_up(connection: Connection, tables: Tables) -> bool:
    """Make what is lacking and upgrade what is old, in the caller's transaction.

    Returns whether everything must be folded anew. Raises TooNew.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    there = set(inspect(connection).get_table_names())
    is_new = tables.facts.name not in there
    is_old = not is_new and _is_old(connection, is_noted=_NOTE.name in there)
    if is_old:
        _upgrade(connection)
        there = set(inspect(connection).get_table_names())
    lacking = [table for table in tables.metadata.sorted_tables if table.name not in there]
    if lacking:
        tables.metadata.create_all(connection, tables=lacking, checkfirst=False)
    if is_new:
        _note(connection, NEWEST)
    if lacking or is_old:
        _guard(connection)
    return _read_tables(connection, tables, is_new=is_new)


def _is_old(connection: Connection, *, is_noted: bool) -> bool:
    """Tell whether revisions are to be run; a database without a note gets one."""
    if not is_noted:
        _note(connection, FIRST)
    noted: str = connection.execute(select(_NOTE.c.version_num)).scalar_one()
    if noted > NEWEST:
        raise TooNew(f"the database is of version {noted}, this program ends at {NEWEST}")
    return noted != NEWEST


def _note(connection: Connection, version: str) -> None:
    """Note a version as Alembic does, without loading it: most openings have nothing to do."""
    _NOTE.create(connection)
    connection.execute(_NOTE.insert(), [{"version_num": version}])


def _upgrade(connection: Connection) -> None:
    """Run the revisions that are lacking, by `env.py`, on this connection."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    command.upgrade(config, NEWEST)


def _guard(connection: Connection) -> None:
    """Let the database itself refuse to change a fact, where it can."""
    triggers: tuple[str, ...] = _TRIGGERS_SQLITE
    if connection.dialect.name != "sqlite":
        triggers = _TRIGGERS_POSTGRESQL
        if connection.execute(text("SELECT 1 FROM pg_extension WHERE extname = 'citus'")).first():
            return  # a distributed table takes no triggers
    for trigger in triggers:
        connection.exec_driver_sql(trigger)


# --- What follows from the facts -----------------------------------------------------------------


def _read_tables(connection: Connection, tables: Tables, *, is_new: bool) -> bool:
    """Make read tables anew whose declaration has changed; tell whether to fold anew."""
    settings = tables.settings
    wanted = folded_as(tables)
    row = connection.execute(select(settings.c.value).where(settings.c.name == _FOLDED_AS)).first()
    if row is not None and row[0] == wanted:
        return False
    if not is_new:
        _renew(connection, list(tables.read.values()))
    connection.execute(settings.delete().where(settings.c.name == _FOLDED_AS))
    connection.execute(settings.insert(), [{"name": _FOLDED_AS, "value": wanted}])
    return not is_new


def folded_as(tables: Tables) -> str:
    """Return a digest of all that decides what facts are folded into here."""
    parts = [str(FOLD_VERSION), *_declared(tables)]
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


@cache
def _declared(tables: Tables) -> tuple[str, ...]:
    """Spell the read tables of a vocabulary out once: it is most of what an opening costs."""
    parts: list[str] = []
    for table in sorted(tables.read.values(), key=lambda table: table.name):
        parts += [table.name, *(f"{column.name} {column.type}" for column in table.columns)]
        parts += sorted(str(index.name) for index in table.indexes)
    return tuple(parts)


def _renew(connection: Connection, read: list[Table]) -> None:
    """Drop read tables and make them as they are declared now; they are filled from the facts."""
    for table in read:
        table.drop(connection, checkfirst=True)
        table.create(connection, checkfirst=False)
