"""What must hold in the village when everybody has talked: `docs/SYNC.md` §6, as code."""

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from county_server.cut_off import is_cut_off
from county_server.refolding import differing, refold_all
from county_server.verify import verify_county
from station_app.journal.fact import said_as
from station_app.journal.verify import verify
from station_app.own_key import RENEWED_ELSEWHERE
from station_app.vocabulary import VOCABULARY
from tests.sync.stand import FOLDED, joining
from tests.village.keys import is_renewed_elsewhere

if TYPE_CHECKING:
    from tests.village.pc import Pc
    from tests.village.simulate import Village


_LINE = re.compile(r"[A-Z0-9]+/D\d+/[0-9a-f]{16}~[0-9a-f]{16}")


def check_village(village: "Village") -> list[str]:
    """Return everything that does not hold."""
    return [
        *_everybody_is_sound(village),
        *_nothing_told_is_lost(village),
        *_everything_arrived_once(village),
        *_same_facts_same_state(village),
        *_erased_names_are_gone(village),
        *_no_honest_closing_is_doubted(village),
        *_no_load_waits_to_be_announced(village),
    ]


def _everybody_is_sound(village: "Village") -> Iterator[str]:
    """3, 5, 6: no holes, zero sums, every chain and head verifies, fold = states = tables."""
    for pc in village.all_pcs:
        report = verify(pc.connection, VOCABULARY, pc.known_keys().is_signed)
        if not report.is_sound:
            yield f"{pc.place}: not sound: {report.first_broken}"
    assert village.county is not None
    if village.is_thorough:
        for finding in verify_county(village.county).findings[:3]:
            yield f"county: not sound: {finding}"


def held_at_county(village: "Village") -> set[str]:
    """Return the identity of every fact that the county holds, in whatever place."""
    assert village.county is not None
    with village.county.store.read() as connection:
        facts = connection.exec_driver_sql("SELECT identity FROM facts").all()
        branches = connection.exec_driver_sql("SELECT identity FROM branches").all()
    return {str(row[0]) for row in (*facts, *branches)}


def _nothing_told_is_lost(village: "Village") -> Iterator[str]:
    """1, 2: what was shown as done is held by somebody, except what only a bad disk ever had."""
    there = held_at_county(village)
    for pc in village.all_pcs:
        here = pc.identities()
        for told in pc.told:
            missing = [i for i in told.identities if i not in here and i not in there]
            if missing and told.act not in pc.excused:
                yield f"{pc.place}: act {told.act} is lost"
            if missing and len(missing) != len(told.identities):
                yield f"{pc.place}: act {told.act} is there in part"


def _everything_arrived_once(village: "Village") -> Iterator[str]:
    """2, 3: the county has what the PCs have, each fact once."""
    there = held_at_county(village)
    for pc in village.all_pcs:
        waiting = pc.identities() - there
        if waiting:
            first = next(fact for fact in pc.facts() if fact.identity in waiting)
            yield f"{pc.place}: {len(waiting)} facts never arrived: {first.stream} {first.seq}"
        if pc.port.backlog().facts:
            yield f"{pc.place}: {pc.port.backlog().facts} facts wait without end"


def cursor_says_too_much(village: "Village", pc: "Pc") -> list[str]:
    """Return what the cursor of a PC counts as taken, and what is not held there.

    A county that was put back and had said nothing since goes on in the same epoch and uses the
    numbers of its feed again; there the tips of the receipts ask for what the cursor passed over.
    So they do for a disk that lies, and for what a copy said as the PC that this one was.
    """
    county = village.county
    assert county is not None
    if village.happened.get("county_back") or pc.disk.had_lied or pc.port.stage()[0]:
        return []  # a new PC begins at the end of the feed: what lies before comes otherwise
    if pc.is_filled and _is_cut_off(village, pc):
        return []  # it was being filled, and is told nothing more
    epoch = pc.port.county_epoch()
    if epoch != county.keys.epoch.number:
        return []
    station = pc.place.partition("/")[0]
    with county.store.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT r.stream, r.last, f.identity FROM (SELECT station, stream, max(last) AS last "
            "FROM runs WHERE station = ? AND author NOT IN (SELECT value FROM json_each(?)) "
            "AND feed <= ? GROUP BY stream) r "
            "JOIN facts f ON f.station = r.station AND f.stream = r.stream AND f.seq = r.last",
            (station, json.dumps(sorted(pc.was)), pc.port.cursor(epoch)),
        ).all()
    held = pc.identities() if rows else set()
    return [
        f"{pc.place}: the cursor counts {stream} up to {last} as taken"
        for stream, last, identity in rows
        if identity not in held
    ]


def _same_facts_same_state(village: "Village") -> Iterator[str]:
    """4: whoever holds the same facts shows the same."""
    assert village.county is not None
    folds: dict[str, Any] = {}
    for pc in village.all_pcs:
        station = pc.place.partition("/")[0]
        if is_renewed_elsewhere(village.county, pc):
            if pc.own is None or pc.own.standing() != RENEWED_ELSEWHERE:
                yield f"{pc.place}: was never told that another key speaks for it"
            continue  # a copy of a PC: it is told nothing besides
        if _is_cut_off(village, pc):
            yield from _counts_what_the_county_counts(village, pc)
            continue  # it is told of the decisions about itself, and nothing besides
        mine = _folded_here(pc)
        theirs = folds.setdefault(station, _folded_there(village, station))
        for name, here, there in zip(_NAMES, mine, theirs, strict=True):
            if here != there:
                odd = [row for row in here if row not in there][:1]
                missing = [row for row in there if row not in here][:1]
                yield f"{pc.place}: {name} differ: here {odd}, at the county {missing}"


def _is_cut_off(village: "Village", pc: "Pc") -> bool:
    assert village.county is not None
    if is_renewed_elsewhere(village.county, pc):
        return True
    with village.county.store.read() as connection:
        return is_cut_off(village.county.store, connection, *pc.place.split("/"))


_OUTSIDE = (
    "SELECT f.identity FROM kept_back k JOIN facts f ON f.stream = k.stream AND f.seq > k.reach"
)


def _counts_what_the_county_counts(village: "Village", pc: "Pc") -> Iterator[str]:
    """Of its own streams a cut-off PC counts as much as everybody, which is never all of them."""
    assert village.county is not None
    with village.county.store.read() as connection:
        there = {str(row[0]) for row in connection.exec_driver_sql(_OUTSIDE)}
    here = {str(row[0]) for row in pc.connection.execute(_OUTSIDE)}
    rows = pc.connection.execute(
        "SELECT identity FROM facts WHERE stream LIKE ?", (f"{pc.place}/%",)
    )
    own = {str(row[0]) for row in rows}
    for identity in sorted(own & (here ^ there))[:1]:
        counts = "counts" if identity in there else "does not count"
        yield f"{pc.place}: {counts} {identity[:12]}, the county does otherwise"
    if not any(row[0] == pc.place for row in pc.connection.execute("SELECT name FROM rulings")):
        yield f"{pc.place}: was never told that it was cut off"


_NAMES = ("states", "cases", "founders", "quarantine", "reversals", "postings", "balances")


def _folded_here(pc: "Pc") -> list[list[tuple[Any, ...]]]:
    return [_plain(pc.connection.execute(sql).fetchall()) for sql in FOLDED]


def _folded_there(village: "Village", station: str) -> list[list[tuple[Any, ...]]]:
    assert village.county is not None
    found = []
    with village.county.store.read() as connection:
        for sql in FOLDED:
            both = sql.replace(
                " ORDER", f" {joining(sql)} station IN ('{station}', 'county') ORDER", 1
            )
            found.append(_plain(connection.exec_driver_sql(both).all()))
    return found


def _plain(rows: Any) -> list[tuple[Any, ...]]:
    """Return rows as texts and numbers, of two versions of a stream both by its own name.

    Which of them bears that name here depends on what came first.
    """
    plain = [
        tuple(bytes(v).decode() if isinstance(v, bytes | memoryview) else v for v in row)
        for row in rows
    ]
    return sorted((tuple(said_as(v) if is_line(v) else v for v in row) for row in plain), key=repr)


def is_line(value: Any) -> bool:
    """Tell whether a value names a version of a stream."""
    return isinstance(value, str) and _LINE.fullmatch(value) is not None


def _no_honest_closing_is_doubted(village: "Village") -> Iterator[str]:
    """What the county adds up at the cut of a slip is what the slip says; nobody lies here."""
    assert village.county is not None
    store = village.county.store
    refold_all(store)
    with store.read() as connection:
        for one in differing(store, connection):
            first = one.differences[:2]
            yield f"county: the closing {one.identity[:12]} of {one.station} is doubted: {first}"


def _no_load_waits_to_be_announced(village: "Village") -> Iterator[str]:
    """Whatever a county that died left unsaid to a village is said, or was nobody's to hear."""
    assert village.county is not None
    with village.county.store.read() as connection:
        for row in connection.exec_driver_sql("SELECT stream, seq FROM untold_loads").all():
            yield f"county: nobody was told of the load {row[0]} {row[1]}"


def _erased_names_are_gone(village: "Village") -> Iterator[str]:
    """11: no private part that speaks of an erased person is held anywhere."""
    assert village.county is not None
    with village.county.store.read() as connection:
        erased = {
            (str(station), str(whose))
            for station, whose in connection.exec_driver_sql("SELECT station, whose FROM erased")
        }
        parts = connection.exec_driver_sql("SELECT station, identity, part FROM privates").all()
    for station, identity, part in parts:
        if any((station, whose) in erased for whose in (str(identity), *_persons(part))):
            yield f"county: the private part of an erased person is still here: {identity}"
    for pc in village.all_pcs:
        here = {str(row[0]) for row in pc.connection.execute("SELECT whose FROM erased")}
        for identity, part in pc.connection.execute("SELECT identity, part FROM privates"):
            if {str(identity), *_persons(part)} & here:
                yield f"{pc.place}: the private part of an erased person is still here: {identity}"


def _persons(part: bytes) -> set[str]:
    whose = json.loads(bytes(part)).get("whose", "")
    return {whose} if isinstance(whose, str) else set(whose)
