"""Where villagers and operators are found: queries over their tables, and the index of names.

The index holds each person once, so that a name of two characters is found among a million
parcels by one look-up of the person and one of her parcels. It is a writer of the recorder: what
an act changed is in the index when the act is on disk, and an erasure leaves nothing in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from station_app.journal.log import Connection
from station_app.journal.recorder import Batch
from station_app.ledger.accounts import receivable
from station_app.ledger.balances import balance
from station_app.services.people import merge_records
from station_app.services.people.commands import (
    AmendPerson,
    LimitCredit,
    MergePersons,
    ReadmitOperator,
    RecordConsent,
    RegisterOperator,
    RegisterPerson,
    RemoveOperator,
    ShowId,
    TakeMergeBack,
)
from station_app.services.people.merging import Merge, Merging
from station_app.services.people.rules import OPERATOR, PERSON, Namesake, Operator, Person, tail_of
from station_app.values import finding, spelling
from station_app.values.now import Now
from station_app.values.paying import Credit
from station_app.values.staff import Coworker

FOUND_MAX = 30  # a list that nobody reads to its end; typing one more character shortens it
LOOKED_AT_MAX = 120  # rows of the index taken before ranking
ROWID_DIGITS = 15  # 60 bits of the identity: a row of the index needs an integer of its own

SCHEMA = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS people_index USING fts5("
    f"words, person UNINDEXED, tokenize='{finding.TOKENIZER}', prefix='1 2 3')",
    "INSERT INTO people_index(people_index, rank) VALUES ('secure-delete', 1)",
)
TABLES = ("people_index",)

_COLUMNS = (
    "entity, code, name, pinyin, initials, nickname, phone, tail, hamlet, household, "
    "consent_leave, consent_personal, erased"
)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A villager in a list; see `rules.Person`. identity: of the entity that she is now."""

    identity: str
    code: str
    name: str
    pinyin: str
    initials: str
    nickname: str
    phone: str
    tail: str
    hamlet: str
    household: str
    consent_leave: str
    consent_personal: str
    is_erased: int


@dataclass(frozen=True, slots=True)
class OperatorRow:
    """Somebody at the counter; role: `operator` or `manager`."""

    identity: str
    name: str
    pinyin: str
    role: str
    since: str
    has_left: int


# --- Queries -------------------------------------------------------------------------------------


def root_of(connection: Connection, identity: str) -> str:
    """Return the record that stands for an identity, itself when none does."""
    return merge_records.root_of(connection, identity)


def names_of(connection: Connection, identity: str) -> tuple[str, ...]:
    """Return every identity under which other facts may know this person."""
    return merge_records.names_of(connection, root_of(connection, identity))


def person(connection: Connection, identity: str) -> PersonRow | None:
    """Return one villager, also by an identity that was joined to another one."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM persons WHERE entity = ?",  # noqa: S608 - our own columns
        (root_of(connection, identity),),
    ).fetchone()
    return PersonRow(*row) if row else None


def person_state(connection: Connection, identity: str) -> Person | None:
    """Return all that is known of a villager."""
    return _state(connection, PERSON.name, root_of(connection, identity), Person)


def own_state(connection: Connection, identity: str) -> Person | None:
    """Return what one record says of itself, also where another stands for it now."""
    joined = connection.execute("SELECT root FROM roots WHERE identity = ?", (identity,)).fetchone()
    return _state(connection, PERSON.name, joined[0] if joined else identity, Person)


def by_tail(connection: Connection, tail: str) -> tuple[PersonRow, ...]:
    """Return all whose phone ends in these four digits, by hamlet and name; none is left out."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM persons WHERE tail = ? AND erased = 0 "  # noqa: S608
        "ORDER BY hamlet, name, entity",
        (tail,),
    ).fetchall()
    return standing(connection, [PersonRow(*row) for row in rows])


def household(connection: Connection, number: str) -> tuple[PersonRow, ...]:
    """Return the members of a household by name; none for an empty number."""
    if not number:
        return ()
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM persons WHERE household = ? AND erased = 0 "  # noqa: S608
        "ORDER BY name, entity",
        (number,),
    ).fetchall()
    return standing(connection, [PersonRow(*row) for row in rows])


def family(connection: Connection, identity: str) -> tuple[PersonRow, ...]:
    """Return everybody of somebody's household, herself first; alone where none is written down."""
    one = person(connection, identity)
    if one is None:
        return ()
    members = household(connection, one.household)
    return (one, *(member for member in members if member.identity != one.identity))


def find(connection: Connection, typed: str, most: int = FOUND_MAX) -> tuple[PersonRow, ...]:
    """Return villagers by name, part of it, pinyin, initials, nickname, number or household.

    The likeliest come first: the whole name, then its beginning, then a tail of the phone.
    """
    asked = finding.question(typed)
    if not asked:
        return ()
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM persons WHERE entity IN "  # noqa: S608
        "(SELECT person FROM people_index WHERE people_index MATCH ? LIMIT ?)",
        (asked, LOOKED_AT_MAX),
    ).fetchall()
    people = [PersonRow(*row) for row in rows]
    is_right, bare = finding.checker(typed), finding.folded(typed)
    fitting = [p for p in people if is_right((p.name, p.nickname))]
    return standing(connection, sorted(fitting, key=lambda p: _rank(p, bare)))[:most]


def standing(connection: Connection, rows: Sequence[PersonRow]) -> tuple[PersonRow, ...]:
    """Return each villager once, by the record that stands for her, in the order of `rows`."""
    if not merge_records.has_any(connection):
        return tuple(rows)
    found: dict[str, PersonRow] = {}
    for row in rows:
        root = root_of(connection, row.identity)
        shown = row if root == row.identity else person(connection, root)
        if shown is not None and not shown.is_erased:
            found.setdefault(root, shown)
    return tuple(found.values())


def _rank(row: PersonRow, typed: str) -> tuple[Any, ...]:
    name = finding.folded(row.name)
    joined = row.pinyin.replace(" ", "")
    return (
        typed not in (name, row.tail, row.initials, joined),
        not name.startswith(typed) and not row.initials.startswith(typed),
        not joined.startswith(typed),
        row.name,
        row.hamlet,
        row.identity,
    )


def operator_name(connection: Connection, identity: str) -> str:
    """Return the name of somebody at the counter, "" when nobody has signed in."""
    row = connection.execute("SELECT name FROM operators WHERE entity = ?", (identity,)).fetchone()
    return row[0] if row else ""


def coworkers(connection: Connection) -> tuple[Coworker, ...]:
    """Return all who work at this station now, as rules of other slices see them."""
    return tuple(
        Coworker(row.identity, row.name, row.role == "manager")
        for row in operators(connection)
        if not row.has_left
    )


def credit(connection: Connection, identity: str) -> Credit:
    """Return up to what a villager may owe the station, and what she owes under all her names."""
    row = connection.execute(
        "SELECT credit_limit_fen FROM persons WHERE entity = ?", (root_of(connection, identity),)
    ).fetchone()
    owes_fen = sum(balance(connection, receivable(n)) for n in names_of(connection, identity))
    return Credit(limit_fen=row[0] if row else 0, owes_fen=max(0, owes_fen))


def count_persons(connection: Connection) -> int:
    """Return how many villagers are known, the erased ones left out."""
    row = connection.execute(
        "SELECT count(*) FROM persons WHERE erased = 0 "
        "AND entity NOT IN (SELECT other FROM merges WHERE kept != '')"
    ).fetchone()
    count: int = row[0]
    return count


def everybody(connection: Connection) -> dict[str, Person]:
    """Return all villagers by identity, the erased ones left out: a whole sheet is compared."""
    decode = msgspec.json.Decoder(Person).decode
    rows = connection.execute(
        "SELECT entity, data FROM states WHERE kind = ? ORDER BY entity", (PERSON.name,)
    ).fetchall()
    people = {entity: decode(data) for entity, data in rows}
    return {entity: state for entity, state in people.items() if not state.is_erased}


def operators(connection: Connection) -> tuple[OperatorRow, ...]:
    """Return all who work or worked here, those present first."""
    rows = connection.execute(
        "SELECT entity, name, pinyin, role, since, has_left FROM operators "
        "ORDER BY has_left, name, entity"
    ).fetchall()
    return tuple(OperatorRow(*row) for row in rows)


def gather_merging(connection: Connection, command: MergePersons, _now: Now) -> Merging:
    """Return both records that are to be one."""
    both = [person_state(connection, one) for one in (command.kept, command.other)]
    return Merging(
        are_known=None not in both,
        is_one_erased=any(state is not None and state.is_erased for state in both),
        roots=(root_of(connection, command.kept), root_of(connection, command.other)),
    )


def gather_merge(connection: Connection, command: TakeMergeBack, _now: Now) -> Merge | None:
    """Return the merge that is to be taken back."""
    return merge_records.merge_state(connection, command.merge)


# --- What the rules need -------------------------------------------------------------------------


def gather_register(connection: Connection, command: RegisterPerson, _now: Now) -> Namesake | None:
    """Return somebody of the same name and phone who is known already."""
    phone = "".join(c for c in command.details.phone if c.isdigit())
    if not phone:
        return None
    row = connection.execute(
        "SELECT name, hamlet, phone FROM persons WHERE name = ? AND phone = ? AND erased = 0 "
        "ORDER BY entity LIMIT 1",
        (command.details.name.strip(), phone),
    ).fetchone()
    return Namesake(row[0], row[1], tail_of(row[2])) if row else None


def gather_person(
    connection: Connection,
    command: AmendPerson | RecordConsent | LimitCredit | ShowId,
    _now: Now,
) -> Person | None:
    """Return the villager that a command is about."""
    return person_state(connection, command.person)


def gather_operators(
    connection: Connection,
    _command: RegisterOperator | RemoveOperator | ReadmitOperator,
    _now: Now,
) -> dict[str, Operator]:
    """Return all operators by identity."""
    decode = msgspec.json.Decoder(Operator).decode
    rows = connection.execute(
        "SELECT entity, data FROM states WHERE kind = ? ORDER BY entity", (OPERATOR.name,)
    ).fetchall()
    return {entity: decode(data) for entity, data in rows}


def _state(connection: Connection, kind: str, entity: str, shape: type[Person]) -> Person | None:
    row = connection.execute(
        "SELECT data FROM states WHERE kind = ? AND entity = ?", (kind, entity)
    ).fetchone()
    return msgspec.json.decode(row[0], type=shape) if row else None


# --- The index -----------------------------------------------------------------------------------


def keep_search(connection: Connection, batch: Batch) -> None:
    """Bring the index up to what an act changed; a writer of the recorder."""
    changed = {c.entity: c.after for c in batch.changes if c.kind.name == PERSON.name}
    for entity, after in changed.items():
        _forget(connection, entity)
        if after is not None and not after.is_erased:
            _index(connection, entity, after)


def rebuild_search(connection: Connection) -> None:
    """Make the index anew from the states."""
    connection.execute("DELETE FROM people_index")
    rows = connection.execute(
        "SELECT entity, data FROM states WHERE kind = ? ORDER BY entity", (PERSON.name,)
    ).fetchall()
    decode = msgspec.json.Decoder(Person).decode
    for entity, data in rows:
        state = decode(data)
        if not state.is_erased:
            _index(connection, entity, state)


def _rowid(entity: str) -> int:
    return int(entity[:ROWID_DIGITS], 16)


def _forget(connection: Connection, entity: str) -> None:
    connection.execute("DELETE FROM people_index WHERE rowid = ?", (_rowid(entity),))


def _index(connection: Connection, entity: str, state: Person) -> None:
    connection.execute(
        "INSERT INTO people_index(rowid, words, person) VALUES (?, ?, ?)",
        (_rowid(entity), " ".join(sorted(words_of(state))), entity),
    )


def words_of(state: Person) -> set[str]:
    """Return every word under which a villager is found."""
    words = spelling.words(state.name) | spelling.words(state.nickname)
    words |= finding.spelling_words(state.pinyin, state.initials)
    words |= finding.number_words(state.phone) | finding.number_words(state.id_number[-4:])
    if state.household:
        words |= finding.name_words(state.household)
    return words
