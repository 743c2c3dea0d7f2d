"""Migrations: how the tables came to be, step by step, each step whole or not there.

A database is brought up to date by the migrations that it has not had, in order, each in a
transaction with its own note of having been done. A power cut between two statements leaves the
step undone and the next start does it again. A migration that has shipped is never edited.

Every room lists the statements of its own tables; the composition root puts the lists together.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from station_app.journal.log import Connection
from station_app.journal.store import transaction
from station_app.journal.troubles import NewerDatabase

_DIGEST_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class Migration:
    """One step. name: "<room>.<what>", unique for ever; statements: run in order."""

    name: str
    statements: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Return a short hash of the statements: what tells that a shipped step was edited."""
        text = "\0".join(self.statements).encode("utf-8")
        return hashlib.blake2b(text, digest_size=32).hexdigest()[:_DIGEST_CHARACTERS]


def named_by_content(name: str, statements: Iterable[str]) -> Migration:
    """Return a step whose name changes with its statements.

    For tables made from declarations (read tables): when one of them changes the step runs again
    and makes all of them anew and empty; `upgrading.fold_by_these_rules` fills them.
    """
    step = Migration(name, tuple(statements))
    return Migration(f"{name}@{step.digest}", step.statements)


def migrate(
    connection: Connection,
    migrations: Sequence[Migration],
    *,
    before_each: Callable[[str], None] = lambda _place: None,
) -> tuple[str, ...]:
    """Bring the database up to date; return the names of the steps that it had not had.

    before_each: called before every statement and before and after each commit with the place
    ("journal.first[3]"); tests cut the power there.
    """
    names = [migration.name for migration in migrations]
    assert len(set(names)) == len(names), "two migrations of one name"
    with transaction(connection):
        connection.execute(
            "CREATE TABLE IF NOT EXISTS migrations "
            "(name TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID"
        )
    done = _done(connection)
    fresh = []
    for migration in migrations:
        if migration.name in done:
            assert done[migration.name] == migration.digest, f"{migration.name} was edited"
            continue
        _take_step(connection, migration, before_each)
        fresh.append(migration.name)
    return tuple(fresh)


def _take_step(
    connection: Connection, migration: Migration, before_each: Callable[[str], None]
) -> None:
    with transaction(connection):
        for number, statement in enumerate(migration.statements):
            before_each(f"{migration.name}[{number}]")
            connection.execute(statement)
        connection.execute(
            "INSERT INTO migrations(name, digest) VALUES (?, ?)",
            (migration.name, migration.digest),
        )
        before_each(f"{migration.name}[commit]")
    before_each(f"{migration.name}[done]")


def refuse_newer(connection: Connection, migrations: Iterable[Migration]) -> None:
    """Raise NewerDatabase if the database has had a step that this program does not know.

    Takes the whole list of the program, before the first write. Steps named by their content are
    left out: they may be older ones.
    """
    has_table = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'"
    ).fetchone()
    if not has_table:
        return
    known = {migration.name for migration in migrations}
    unknown = sorted(name for name in _done(connection) if name not in known and "@" not in name)
    if unknown:
        raise NewerDatabase(", ".join(unknown), step=unknown[0])


def _done(connection: Connection) -> dict[str, str]:
    rows = connection.execute("SELECT name, digest FROM migrations").fetchall()
    return dict(rows)


_FACTS = (
    """CREATE TABLE facts (
        stream TEXT NOT NULL,
        seq INTEGER NOT NULL CHECK (seq > 0),
        act TEXT NOT NULL,
        at INTEGER NOT NULL,
        kind TEXT NOT NULL,
        v INTEGER NOT NULL,
        entity TEXT NOT NULL,
        by_ TEXT NOT NULL,
        prev TEXT NOT NULL,
        digest TEXT NOT NULL,
        identity TEXT NOT NULL UNIQUE,
        body BLOB NOT NULL,
        private_digest TEXT NOT NULL,
        PRIMARY KEY (stream, seq)
    )""",
    "CREATE INDEX facts_by_act ON facts (stream, act)",
    """CREATE TRIGGER facts_are_never_changed BEFORE UPDATE ON facts
        BEGIN SELECT RAISE(ABORT, 'a fact is never changed'); END""",
    """CREATE TRIGGER facts_are_never_removed BEFORE DELETE ON facts
        BEGIN SELECT RAISE(ABORT, 'a fact is never removed'); END""",
    # REPLACE removes without a DELETE trigger unless recursive triggers are on: refuse it here too.
    """CREATE TRIGGER facts_are_never_replaced BEFORE INSERT ON facts
        WHEN EXISTS (SELECT 1 FROM facts WHERE stream = NEW.stream AND seq = NEW.seq)
            OR EXISTS (SELECT 1 FROM facts WHERE identity = NEW.identity)
        BEGIN SELECT RAISE(ABORT, 'a fact is never replaced'); END""",
    """CREATE TABLE privates (
        identity TEXT PRIMARY KEY,
        part BLOB NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TRIGGER privates_are_never_changed BEFORE UPDATE ON privates
        BEGIN SELECT RAISE(ABORT, 'a private part is never changed, only erased'); END""",
    """CREATE TRIGGER privates_are_never_replaced BEFORE INSERT ON privates
        WHEN EXISTS (SELECT 1 FROM privates WHERE identity = NEW.identity)
        BEGIN SELECT RAISE(ABORT, 'a private part is never changed, only erased'); END""",
)

_STREAMS = (
    """CREATE TABLE streams (
        stream TEXT PRIMARY KEY,
        length INTEGER NOT NULL,
        head TEXT NOT NULL,
        first_prev TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE heads (
        stream TEXT NOT NULL,
        to_seq INTEGER NOT NULL,
        identity TEXT NOT NULL,
        key_id TEXT NOT NULL,
        signature BLOB NOT NULL,
        PRIMARY KEY (stream, to_seq)
    ) WITHOUT ROWID""",
)

_MONEY = (
    """CREATE TABLE postings (
        stream TEXT NOT NULL,
        seq INTEGER NOT NULL,
        line INTEGER NOT NULL,
        account TEXT NOT NULL,
        commodity TEXT NOT NULL,
        amount INTEGER NOT NULL,
        PRIMARY KEY (stream, seq, line)
    ) WITHOUT ROWID""",
    "CREATE INDEX postings_by_account ON postings (account, commodity)",
    """CREATE TABLE balances (
        account TEXT NOT NULL,
        commodity TEXT NOT NULL,
        amount INTEGER NOT NULL,
        PRIMARY KEY (account, commodity)
    ) WITHOUT ROWID""",
)

_FOLDS = (
    """CREATE TABLE folds (
        root TEXT NOT NULL,
        at INTEGER NOT NULL,
        identity TEXT NOT NULL,
        stream TEXT NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (root, at, identity)
    ) WITHOUT ROWID""",
    "CREATE INDEX folds_by_identity ON folds (identity)",
    """CREATE TABLE states (
        kind TEXT NOT NULL,
        entity TEXT NOT NULL,
        at INTEGER NOT NULL,
        identity TEXT NOT NULL,
        data BLOB NOT NULL,
        PRIMARY KEY (kind, entity)
    ) WITHOUT ROWID""",
    """CREATE TABLE founders (
        kind TEXT NOT NULL,
        natural_key TEXT NOT NULL,
        identity TEXT NOT NULL,
        PRIMARY KEY (kind, natural_key, identity)
    ) WITHOUT ROWID""",
    """CREATE TABLE roots (
        identity TEXT PRIMARY KEY,
        root TEXT NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX roots_by_root ON roots (root)",
    """CREATE TABLE reversals (
        stream TEXT NOT NULL,
        act TEXT NOT NULL,
        identity TEXT NOT NULL,
        PRIMARY KEY (stream, act, identity)
    ) WITHOUT ROWID""",
    """CREATE TABLE erased (
        whose TEXT PRIMARY KEY,
        identity TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE quarantine (
        identity TEXT PRIMARY KEY,
        reason TEXT NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE cases (
        kind TEXT NOT NULL,
        entity TEXT NOT NULL,
        members TEXT NOT NULL,
        PRIMARY KEY (kind, entity)
    ) WITHOUT ROWID""",
    "CREATE INDEX cases_by_entity ON cases (entity)",
)

_OWN = (
    """CREATE TABLE tickets (
        ticket TEXT PRIMARY KEY,
        stream TEXT NOT NULL,
        act TEXT NOT NULL,
        at INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE series (
        name TEXT PRIMARY KEY,
        next INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE offered (
        stream TEXT NOT NULL,
        act TEXT NOT NULL,
        PRIMARY KEY (stream, act)
    ) WITHOUT ROWID""",
    """CREATE TABLE acknowledged (
        county_epoch INTEGER NOT NULL,
        stream TEXT NOT NULL,
        seq INTEGER NOT NULL,
        identity TEXT NOT NULL,
        receipt BLOB NOT NULL,
        PRIMARY KEY (county_epoch, stream)
    ) WITHOUT ROWID""",
    """CREATE TABLE pulled (
        stream TEXT PRIMARY KEY,
        seq INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE local (
        name TEXT PRIMARY KEY,
        value NOT NULL
    ) WITHOUT ROWID""",
)

_ISLANDS = (
    """CREATE TABLE islands (
        stream TEXT NOT NULL,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL CHECK (last >= first),
        PRIMARY KEY (stream, first)
    ) WITHOUT ROWID""",
    """CREATE TABLE set_aside (
        stream TEXT NOT NULL,
        seq INTEGER NOT NULL,
        identity TEXT NOT NULL,
        PRIMARY KEY (stream, seq)
    ) WITHOUT ROWID""",
)

_RULINGS = (
    """CREATE TABLE rulings (
        what TEXT NOT NULL,
        name TEXT NOT NULL,
        seq INTEGER NOT NULL,
        hash TEXT NOT NULL,
        identity TEXT NOT NULL,
        PRIMARY KEY (name, what, seq, hash, identity)
    ) WITHOUT ROWID""",
    """CREATE TABLE kept_back (
        stream TEXT PRIMARY KEY,
        reach INTEGER NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE postings_aside (
        stream TEXT NOT NULL,
        seq INTEGER NOT NULL,
        line INTEGER NOT NULL,
        account TEXT NOT NULL,
        commodity TEXT NOT NULL,
        amount INTEGER NOT NULL,
        PRIMARY KEY (stream, seq, line)
    ) WITHOUT ROWID""",
)

# What was closed lately is listed on a page: the years before must not be read for it.
_CLOSINGS = ("CREATE INDEX facts_case_closed ON facts (at) WHERE kind = 'case.closed'",)

# What the county said of people, so that what lacks of it is found without reading all it said.
_NAMES = (
    "CREATE INDEX facts_told_with_names ON facts (identity) WHERE private_digest != '' "
    "AND stream >= 'county.' AND stream < 'county/'",
)

# What lay beyond a hole is filed anew with the version that it turns out to go on from; nothing of
# a fact changes by that, not even the name that its author gave its stream.
_REFILING = (
    "DROP TRIGGER facts_are_never_changed",
    """CREATE TRIGGER facts_are_never_changed BEFORE UPDATE ON facts
        WHEN (NEW.rowid, NEW.seq, NEW.act, NEW.at, NEW.kind, NEW.v, NEW.entity, NEW.by_, NEW.prev,
              NEW.digest, NEW.identity, NEW.body, NEW.private_digest)
            IS NOT (OLD.rowid, OLD.seq, OLD.act, OLD.at, OLD.kind, OLD.v, OLD.entity, OLD.by_,
              OLD.prev, OLD.digest, OLD.identity, OLD.body, OLD.private_digest)
            OR instr(OLD.stream, '~')
            OR substr(NEW.stream, 1, length(OLD.stream) + 1) != OLD.stream || '~'
            OR NOT EXISTS (SELECT 1 FROM islands i WHERE i.stream = OLD.stream
              AND OLD.seq BETWEEN i.first AND i.last)
        BEGIN SELECT RAISE(ABORT, 'a fact is never changed'); END""",
)

_WATCHES = (
    """CREATE TABLE compared (
        watch TEXT NOT NULL,
        fact TEXT NOT NULL,
        PRIMARY KEY (watch, fact)
    ) WITHOUT ROWID""",
)

JOURNAL = (
    Migration("journal.first", _FACTS + _STREAMS + _MONEY + _FOLDS + _OWN),
    Migration("journal.islands", _ISLANDS),
    Migration("journal.rulings", _RULINGS),
    Migration("journal.closings", _CLOSINGS),
    Migration("journal.names", _NAMES),
    Migration("journal.refiling", _REFILING),
    Migration("journal.watches", _WATCHES),
)
