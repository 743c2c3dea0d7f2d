"""What must hold in the village when everybody has talked: `docs/SYNC.md` §6, as code."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from county_server.cut_off import is_cut_off
from county_server.verify import verify_county
from station_app.journal.rulings import WHOLE
from station_app.journal.verify import verify
from station_app.own_key import RENEWED_ELSEWHERE
from station_app.vocabulary import VOCABULARY
from tests.sync.stand import FOLDED, joining
from tests.village.keys import is_renewed_elsewhere

if TYPE_CHECKING:
    from tests.village.pc import Pc
    from tests.village.simulate import Village


def check_village(village: "Village") -> list[str]:
    """Return everything that does not hold."""
    return [
        *_everybody_is_sound(village),
        *_nothing_told_is_lost(village),
        *_everything_arrived_once(village),
        *_same_facts_same_state(village),
        *_erased_names_are_gone(village),
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
        main = connection.exec_driver_sql("SELECT identity FROM facts").all()
        beside = connection.exec_driver_sql("SELECT identity FROM branches").all()
    return {str(row[0]) for row in (*main, *beside)}


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
        waiting = [fact for fact in pc.facts() if fact.identity not in there]
        if waiting:
            first = waiting[0]
            yield f"{pc.place}: {len(waiting)} facts never arrived: {first.stream} {first.seq}"
        if pc.port.backlog().facts:
            yield f"{pc.place}: {pc.port.backlog().facts} facts wait without end"


def cursor_says_too_much(village: "Village", pc: "Pc") -> list[str]:
    """Return what the cursor of a PC counts as taken, and what is not held there.

    A county that was put back and had said nothing since goes on in the same epoch and uses the
    numbers of its feed again; there the tips of the receipts ask for what the cursor passed over.
    So they do for a disk that lies.
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
            "SELECT stream, max(last) FROM runs WHERE station = ? AND author != ? AND feed <= ? "
            "GROUP BY stream",
            (station, pc.place, pc.port.cursor(epoch)),
        ).all()
    return [
        f"{pc.place}: the cursor counts {stream} up to {last} as taken"
        for stream, last in rows
        if pc.port.head(stream).to < last
    ]


def _same_facts_same_state(village: "Village") -> Iterator[str]:
    """4: whoever holds the same facts shows the same."""
    assert village.county is not None
    folds: dict[str, Any] = {}
    for pc in village.all_pcs:
        station = pc.place.partition("/")[0]
        if _holds_another_version(village, pc):
            continue  # what stands beside the main line is folded nowhere else, until it is decided
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


def _counts_what_the_county_counts(village: "Village", pc: "Pc") -> Iterator[str]:
    """Of its own streams a cut-off PC counts as much as everybody, which is never all of them."""
    assert village.county is not None
    sql = "SELECT stream, reach FROM kept_back ORDER BY stream"
    with village.county.store.read() as connection:
        there = {str(row[0]): row[1] for row in connection.exec_driver_sql(sql)}
    here = dict(pc.connection.execute(sql).fetchall())
    for stream, reach in here.items():
        held = pc.port.head(stream).to  # an image that was put back holds less, and gets no more
        counted = there.get(stream, WHOLE)
        if stream.startswith(f"{pc.place}/") and min(counted, held) != min(reach, held):
            yield f"{pc.place}: counts {stream} up to {reach}, the county {there.get(stream)}"
    if not any(row[0] == pc.place for row in pc.connection.execute("SELECT name FROM rulings")):
        yield f"{pc.place}: was never told that it was cut off"


def _holds_another_version(village: "Village", pc: "Pc") -> bool:
    """Tell whether a PC holds facts that the county keeps as a branch: two machines, one memory."""
    assert village.county is not None
    with village.county.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT identity FROM branches").all()
    return bool(pc.identities() & {str(row[0]) for row in rows})


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
    return [
        tuple(bytes(v).decode() if isinstance(v, bytes | memoryview) else v for v in row)
        for row in rows
    ]


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
