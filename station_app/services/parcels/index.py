"""What the parcels' facts leave besides their table: codes that rest, couriers chosen, labels.

These are a writer of the recorder, so they are on disk with the act, and all of them can be made
anew from the facts:

- `codes_used`: the last day on which a pickup code stood on a parcel; also of an act undone, since
  its label was out of the printer.
- `courier_choices`: which courier a waybill of some shape turned out to belong to.
- `receivers_index`: names and tails that were only read off a label, each once, to be found by any
  part, as people are.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Told, blake
from station_app.journal.log import Connection
from station_app.journal.recorder import Batch
from station_app.services.parcels.facts import ParcelMoved, ParcelShelved, Receiver
from station_app.services.parcels.visits import ON_HAND, PARCEL, Parcel
from station_app.values import finding, spelling
from station_app.values.waybills import Waybill

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS codes_used (shelf TEXT NOT NULL, layer INTEGER NOT NULL, "
    "serial INTEGER NOT NULL, day TEXT NOT NULL, PRIMARY KEY (shelf, layer, serial)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS courier_choices (shape TEXT PRIMARY KEY, courier TEXT NOT NULL, "
    "at INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE VIRTUAL TABLE IF NOT EXISTS receivers_index USING fts5("
    f"words, name UNINDEXED, tail UNINDEXED, tokenize='{finding.TOKENIZER}', prefix='1 2 3')",
    "INSERT INTO receivers_index(receivers_index, rank) VALUES ('secure-delete', 1)",
)
TABLES = ("codes_used", "courier_choices", "receivers_index")
FOUND_MAX = 30
WAITING_MAX = 120


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A receiver known only by a label; on_hand: how many parcels wait for it."""

    name: str
    tail: str
    on_hand: int


Label = tuple[str, str]


def keep_parcels(connection: Connection, batch: Batch) -> None:
    """Bring codes, choices and labels up to what an act changed; a writer of the recorder."""
    for told in batch.told:
        _keep_told(connection, told)
    touched: set[Label] = set()
    for change in batch.changes:
        if change.kind.name != PARCEL.name:
            continue
        if change.after is not None:
            _keep_closing(connection, change.after)
        touched |= _labels(state for state in (change.before, change.after) if state is not None)
    touched |= {
        (told.private.name, told.private.tail)
        for told in batch.told
        if isinstance(told.private, Receiver)
    }
    for name, tail in sorted(touched):
        _settle_label(connection, name, tail)


def rebuild(connection: Connection) -> None:
    """Make codes, choices and labels anew from the facts and states.

    As at every act: not from what waits to be folded, nor from what cannot be read.
    """
    for table in TABLES:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
    shapes: tuple[type[ParcelShelved] | type[ParcelMoved], ...] = (ParcelShelved, ParcelMoved)
    for shape in shapes:
        rows = connection.execute(
            "SELECT at, body FROM facts f WHERE kind = ? AND v = ? "
            "AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.identity = f.identity) "
            "AND NOT EXISTS (SELECT 1 FROM set_aside a WHERE a.stream = f.stream "
            "AND a.seq = f.seq)",
            (shape.KIND, shape.VERSION),
        ).fetchall()
        for at, data in rows:
            _keep_body(connection, msgspec.json.decode(data, type=shape), at)
    read = msgspec.json.Decoder(Parcel).decode
    labels: set[Label] = set()
    states = connection.execute("SELECT data FROM states WHERE kind = ?", (PARCEL.name,))
    for (data,) in states.fetchall():
        state = read(data)
        _keep_closing(connection, state)
        labels |= _labels((state,))
    for name, tail in sorted(labels):
        _settle_label(connection, name, tail)


def find_labels(connection: Connection, typed: str, most: int = FOUND_MAX) -> list[LabelRow]:
    """Return receivers known only by their labels, who fit what was typed and have parcels here.

    The index holds every label there ever was, so who waits is asked before the list is cut short.
    """
    asked = finding.question(typed)
    if not asked:
        return []
    rows = connection.execute(
        "SELECT name, tail, (SELECT count(*) FROM parcels p WHERE p.tail = receivers_index.tail "
        "AND p.name = receivers_index.name AND p.status = ?1 AND p.person = '') AS waiting "
        "FROM receivers_index WHERE receivers_index MATCH ?2 AND waiting LIMIT ?3",
        (ON_HAND, asked, WAITING_MAX),
    ).fetchall()
    is_right = finding.checker(typed)
    found = [LabelRow(*row) for row in rows if is_right((row[0],))]
    return sorted(found, key=lambda row: (row.name, row.tail))[:most]


def _keep_told(connection: Connection, told: Told) -> None:
    body = told.body
    if isinstance(body, ParcelShelved | ParcelMoved):
        _keep_body(connection, body, told.at)


def _keep_body(connection: Connection, body: ParcelShelved | ParcelMoved, at: int) -> None:
    _keep_code(connection, body.shelf, body.layer, body.serial, body.day)
    if isinstance(body, ParcelShelved) and body.waybill:
        shape = Waybill((), body.waybill, body.waybill, must_confirm=False).prefix_and_length
        connection.execute(
            "INSERT INTO courier_choices(shape, courier, at) VALUES (?, ?, ?) "
            "ON CONFLICT(shape) DO UPDATE SET courier = excluded.courier, at = excluded.at "
            "WHERE excluded.at > at OR (excluded.at = at AND excluded.courier > courier)",
            (shape, body.courier, at),
        )


def _keep_closing(connection: Connection, state: Parcel) -> None:
    if state.closed_day and state.shelf:
        _keep_code(connection, state.shelf, state.layer, state.serial, state.closed_day)


def _keep_code(connection: Connection, shelf: str, layer: int, serial: int, day: str) -> None:
    connection.execute(
        "INSERT INTO codes_used(shelf, layer, serial, day) VALUES (?, ?, ?, ?) "
        "ON CONFLICT(shelf, layer, serial) DO UPDATE SET day = max(day, excluded.day)",
        (shelf, layer, serial, day),
    )


def _labels(states: Iterable[Parcel]) -> set[Label]:
    return {(s.name, s.tail) for s in states if not s.person and (s.name or s.tail)}


def _label_row(tail: str, name: str) -> int:
    return int(blake(f"{tail}|{name}".encode()).hex()[:15], 16)


def _settle_label(connection: Connection, name: str, tail: str) -> None:
    """Keep a label in the index exactly while a parcel bears it."""
    row = _label_row(tail, name)
    is_borne = connection.execute(
        "SELECT 1 FROM parcels WHERE tail = ? AND name = ? AND person = '' LIMIT 1", (tail, name)
    ).fetchone()
    is_indexed = connection.execute(
        "SELECT 1 FROM receivers_index WHERE rowid = ?", (row,)
    ).fetchone()
    if is_indexed and not is_borne:
        connection.execute("DELETE FROM receivers_index WHERE rowid = ?", (row,))
    elif is_borne and not is_indexed and (name or tail):
        words = spelling.words(name) | finding.number_words(tail)
        connection.execute(
            "INSERT INTO receivers_index(rowid, words, name, tail) VALUES (?, ?, ?, ?)",
            (row, " ".join(sorted(words)), name, tail),
        )
