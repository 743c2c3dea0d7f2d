"""Lots that are called back (召回): which there are, what of them is where, who has answered.

A station answers by what it does: it was in touch since, nothing lies on its shelf any more, the
notice hangs, growers were told. Until then it stands on the list of those whom somebody rings up.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, and_, select

from county_server.desks.hub.station_lots import StationLot, states_of
from county_server.desks.pen import Refused
from county_server.store import Store
from station_app.services.consignment.lots import LOT, Lot
from station_app.services.consignment.recalling import BOARD, REACHED, RECALL_TELLING
from station_app.services.quality.facts import LotRecalled, LotTested
from station_app.values.codes import LOT as LOT_CODE
from station_app.values.codes import OwnCode, TraceCode, identity_prefix, recognise

UNHEARD, OPEN, ANSWERED = "unheard", "open", "answered"
LOTS_MAX = 100  # of one recall; beyond it somebody means a sort, not lots
REASON_MAX = 40
_NUMBER = re.compile(r"([0-9]{4})-([0-9]{6})-([0-9]{3})", re.ASCII)
_BARE = re.compile(r"[0-9A-F]{8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Recalled(StationLot):
    """A lot that is stopped. at: since when, UTC ms; heard_at: when its station was heard last.

    told: how many were reached by word; is_posted: the notice hangs.
    """

    at: int
    heard_at: int
    told: int
    is_posted: bool

    @property
    def why(self) -> str:
        """Return why it is stopped."""
        return self.state.recalled or self.state.failed

    @property
    def standing(self) -> str:
        """Return whether the station has heard of it, and has done what there is to do."""
        if self.heard_at <= self.at:
            return UNHEARD
        is_told = self.is_posted or not self.state.sold
        return ANSWERED if is_told and self.state.on_shelf <= 0 else OPEN


def read_recalled(store: Store, connection: Connection, heard: dict[str, int]) -> list[Recalled]:
    """Return every stopped lot, those first that nobody has heard of."""
    lots = store.tables.read[LOT.name].c
    told = _told(store, connection)
    found = [
        Recalled(
            station, lot, state, _since(store, connection, station, lot),
            heard.get(station, 0), *told.get((station, lot), (0, False)),
        )
        for station, lot, state in states_of(store, connection, lots.is_blocked == 1)
    ]  # fmt: skip
    order = (UNHEARD, OPEN, ANSWERED)
    return sorted(found, key=lambda one: (order.index(one.standing), -one.at, one.station, one.lot))


def _told(store: Store, connection: Connection) -> dict[tuple[str, str], tuple[int, bool]]:
    table = store.tables.read[RECALL_TELLING.name].c
    found: dict[tuple[str, str], tuple[int, bool]] = {}
    for station, lot, way, outcome in connection.execute(
        select(table.station, table.lot, table.way, table.outcome)
    ):
        count, is_posted = found.get((station, lot), (0, False))
        is_word = way != BOARD and outcome == REACHED
        found[station, lot] = (count + is_word, is_posted or way == BOARD)
    return found


def _since(store: Store, connection: Connection, station: str, lot: str) -> int:
    facts, folds = store.tables.facts, store.tables.folds
    of_fact = and_(facts.c.station == folds.c.station, facts.c.identity == folds.c.identity)
    rows = connection.execute(
        select(facts.c.at)
        .join_from(folds, facts, of_fact)
        .where(
            folds.c.station == station,
            folds.c.root == lot,
            facts.c.kind.in_((LotRecalled.KIND, LotTested.KIND)),
        )
    )
    return max((int(row[0]) for row in rows), default=0)


def named_lots(store: Store, connection: Connection, text: str) -> list[tuple[str, str, Lot]]:
    """Return the lots that lines of numbers or scanned codes name, with all made of them.

    Raises Refused for a line that names none, naming it.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not 0 < len(lines) <= LOTS_MAX:
        raise Refused("recall_lines", most=LOTS_MAX)
    found: dict[tuple[str, str], Lot] = {}
    for line in lines:
        named = _named(store, connection, line)
        if not named:
            raise Refused("recall_unknown", text=line[:40])
        for station, lot, state in named:
            found[station, lot] = state
            found |= _made_of(store, connection, station, lot)
    return [(station, lot, state) for (station, lot), state in found.items()]


def _named(store: Store, connection: Connection, line: str) -> list[tuple[str, str, Lot]]:
    lots, code = store.tables.read[LOT.name].c, recognise(line, ())
    if isinstance(code, TraceCode):
        return states_of(store, connection, lots.code == code.digits)
    number, bare = _NUMBER.fullmatch(line), _BARE.fullmatch(line.upper())
    if number is not None:
        return states_of(store, connection, lots.code.like(f"______{''.join(number.groups())}_"))
    prefix = bare[0].lower() if bare else ""
    if isinstance(code, OwnCode) and code.kind == LOT_CODE:
        prefix = identity_prefix(code.payload)
    if not prefix:
        return []
    return states_of(store, connection, and_(lots.entity >= prefix, lots.entity < f"{prefix}g"))


def _made_of(
    store: Store, connection: Connection, station: str, lot: str
) -> dict[tuple[str, str], Lot]:
    """Return all that was made of a lot at its station, of parts and of parts of parts.

    Not packs that went back into what they were made of: there are none any more.
    """
    table = store.tables.read[LOT.name].c
    every = states_of(store, connection, table.station == station)
    made = [one for one in every if not one[2].unpacked]
    found: dict[tuple[str, str], Lot] = {}
    waiting = [lot]
    while waiting:
        one = waiting.pop()
        for _, entity, state in made:
            if (station, entity) not in found and any(part.lot == one for part in state.parts):
                found[station, entity] = state
                waiting.append(entity)
    return found


def stopped(found: Iterable[tuple[str, str, Lot]]) -> list[tuple[str, str, Lot]]:
    """Return those that the county has called back already."""
    return [one for one in found if one[2].recalled]
