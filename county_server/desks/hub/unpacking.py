"""Work of the hub that is taken back: packs go back into what they were made of. (撤销改装)

Only while all of it lies there: nothing of a pack was sold or worked on, and nobody has decided who
bears what was lost. Afterwards there is nothing to take back: what happened, happened.
"""

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, and_, select

from county_server.desks.hub.station_lots import StationLot, states_of
from county_server.desks.pen import Refused, mark_of
from county_server.store import Store
from station_app.journal.fact import Saying
from station_app.services.consignment.facts import (
    LotDifferenceDecided,
    LotPacked,
    LotProcessed,
    LotProcessingUndone,
    LotUnpacked,
)
from station_app.services.consignment.lots import LOT

_processed = msgspec.json.Decoder(LotProcessed).decode


@dataclass(frozen=True, slots=True)
class Input(StationLot):
    """A lot that went in. fact: by which; is_decided: what was lost of it has its bearer."""

    fact: str
    body: LotProcessed
    is_decided: bool


@dataclass(frozen=True, slots=True)
class Done:
    """A work that was done: what went in and what came out."""

    inputs: tuple[Input, ...]
    packs: tuple[StationLot, ...]

    @property
    def mark(self) -> str:
        """Return a mark of how it stands: what was sold of it meanwhile is found out."""
        lies = ((one.lot, one.state.at_hub, one.state.difference) for one in self.packs)
        return mark_of(*lies, *((one.lot, one.state.difference) for one in self.inputs))

    @property
    def why_not(self) -> str:
        """Return why it stays as it is, "" where it can be taken back."""
        if not self.packs or any(pack.state.unpacked for pack in self.packs):
            return "unpack_done"
        if any(pack.state.at_hub != pack.state.quantity for pack in self.packs):
            return "unpack_used"
        return "unpack_decided" if any(one.is_decided for one in self.inputs) else ""


def read_done(store: Store, connection: Connection, station: str, pack: str) -> Done:
    """Return the work by which a pack was made."""
    facts = store.tables.facts
    place = connection.execute(
        select(facts.c.stream, facts.c.act, facts.c.at).where(
            facts.c.station == station, facts.c.identity == pack, facts.c.kind == LotPacked.KIND
        )
    ).first()
    if place is None:
        return Done((), ())
    stream, act, at = place
    rows = connection.execute(
        select(facts.c.identity, facts.c.kind, facts.c.entity, facts.c.body)
        .where(facts.c.station == station, facts.c.stream == stream, facts.c.act == act)
        .order_by(facts.c.seq)
    ).all()
    table = store.tables.read[LOT.name].c
    names = {row[2] or row[0] for row in rows}
    wanted = and_(table.station == station, table.entity.in_(names))
    known = {lot: StationLot(where, lot, state) for where, lot, state in
             states_of(store, connection, wanted)}  # fmt: skip
    decided = _decided_since(store, connection, station, names, int(at))
    return Done(
        tuple(
            Input(station, entity, known[entity].state, identity, _processed(bytes(body)),
                  entity in decided)
            for identity, kind, entity, body in rows
            if kind == LotProcessed.KIND and entity in known
        ),
        tuple(known[row[0]] for row in rows if row[1] == LotPacked.KIND and row[0] in known),
    )  # fmt: skip


def _decided_since(
    store: Store, connection: Connection, station: str, lots: set[str], at: int
) -> set[str]:
    """Return of which lots somebody has decided a difference since a moment."""
    facts, folds = store.tables.facts, store.tables.folds
    of_fact = and_(facts.c.station == folds.c.station, facts.c.identity == folds.c.identity)
    rows = connection.execute(
        select(folds.c.root)
        .join_from(folds, facts, of_fact)
        .where(
            folds.c.station == station,
            folds.c.root.in_(lots),
            folds.c.at > at,
            facts.c.kind == LotDifferenceDecided.KIND,
        )
    )
    return {str(row[0]) for row in rows}


def undoing(done: Done, day: str) -> list[Saying]:
    """Return what takes a work back: packs first, then what they were made of. Raises Refused."""
    if done.why_not:
        raise Refused(done.why_not)
    said = [
        Saying(
            LotUnpacked(quantity=pack.state.quantity, cost_fen=pack.state.cost_fen, day=day),
            entity=pack.lot,
        )
        for pack in done.packs
    ]
    said += [
        Saying(
            LotProcessingUndone(
                answers=one.fact, used=one.body.used, drawn_fen=one.body.drawn_fen,
                lost=one.body.lost, day=day,
            ),
            entity=one.lot,
        )
        for one in done.inputs
    ]  # fmt: skip
    return said
