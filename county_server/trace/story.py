"""How a lot came to be where it is, out of the facts that the county holds: for everybody to read.

Nothing here says more than a label may: growers by half a name, no phone, no money, no buyer. A lot
that was made of others tells of their fields, too.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, select

from county_server.desks.hub.station_lots import states_of
from county_server.published import setting_on
from county_server.schema import EVERYWHERE
from county_server.store import Store
from station_app.reference.settings import COUNTY_PHONE
from station_app.services.consignment.facts import (
    LotCountySaleReturned,
    LotDispatched,
    LotDrawn,
    LotMade,
    LotPacked,
    LotProcessed,
    LotProcessingUndone,
    LotReceived,
    LotReceivedBecause,
    LotUnpacked,
)
from station_app.services.consignment.lots import LOT, Lot
from station_app.services.consignment.moving import unit_of
from station_app.services.consignment.taking import lot_number
from station_app.services.quality.facts import LotCertified, LotEndorsed, LotRecalled, LotTested
from station_app.values.day import days_between, local_day
from station_app.values.masks import mask_name

PARTS_MAX, STEPS_MAX, PLOTS_MAX = 20, 60, 6
_BODIES: dict[str, Any] = {
    body.KIND: msgspec.json.Decoder(body).decode
    for body in (
        LotCertified, LotTested, LotEndorsed, LotDispatched, LotReceivedBecause, LotRecalled,
        LotPacked, LotProcessed, LotProcessingUndone, LotUnpacked, LotCountySaleReturned,
    )
}  # fmt: skip


class _Named(msgspec.Struct):
    name: str = ""


_named = msgspec.json.Decoder(_Named).decode


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened. key: of the texts; slots: of its sentence; is_bad: it warns."""

    key: str
    day: str
    slots: dict[str, object] = field(default_factory=dict)
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A test as it was reported."""

    lab: str
    item: str
    limit: str
    value: str
    is_passed: bool
    report: str
    day: str


@dataclass(frozen=True, slots=True)
class Kin:
    """A lot of which this one was made, or that was made of it. code: "" for one without a page."""

    number: str
    code: str


@dataclass(frozen=True, slots=True)
class Promise:
    """Its promise (承诺达标合格证). who: the grower, masked, "" where the station promises."""

    who: str
    bases: tuple[str, ...]
    day: str


@dataclass(frozen=True, slots=True)
class Story:
    """A lot for everybody. home: code of its station; phone: of the county, "" for none.

    grower: masked, "" where nobody is known; households: of how many; fields: on which it grew.
    made_of, made_into: its kin, one step back and one step on.
    """

    home: str
    phone: str
    code: str
    produce: str
    grade: str
    station: str
    place: str
    grower: str
    households: int
    harvest_day: str
    day: str
    quantity: int
    unit: str
    promise: str
    stopped: str
    stopped_day: str
    steps: tuple[Step, ...]
    reports: tuple[Report, ...]
    promised: Promise | None = None
    made_of: tuple[Kin, ...] = ()
    made_into: tuple[Kin, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the names of the fields on which it grew."""
        return tuple(str(one.slots["name"]) for one in self.steps if one.key == "plant")


def read_story(store: Store, connection: Connection, code: str, today: str) -> Story | None:
    """Return the story of a code, with the telephone of today; None where no lot bears it."""
    lots = store.tables.read[LOT.name].c
    found = [one for one in states_of(store, connection, lots.code == code) if one[2].founder]
    if not found:
        return None
    station, lot, state = found[0]
    facts = list(_facts(store, connection, station, lot))
    stops = [at for at, body in facts if isinstance(body, LotRecalled)]
    stops += [at for at, body in facts if isinstance(body, LotTested) and not body.is_passed]
    persons = sorted({share.person for share in state.shares} | {state.seller} - {""})
    names = [name for one in persons if (name := name_of(store, connection, station, one))]
    called, place = _station(store, connection, station)
    return Story(
        home=station,
        phone=setting_on(store, connection, COUNTY_PHONE, today),
        code=code,
        produce=_produce(store, connection, state.produce),
        grade=state.grade,
        station=called or station,
        place=place,
        grower=mask_name(names[0]) if names else "",
        households=len(persons),
        harvest_day=state.harvest_day,
        day=state.day,
        quantity=state.quantity,
        unit=unit_of(state),
        promise=state.promise,
        stopped=state.recalled or state.failed,
        stopped_day=local_day(max(stops)) if stops and state.is_blocked else "",
        steps=_steps(store, connection, station, state, facts),
        reports=tuple(
            Report(b.lab, b.item, b.limit, b.value, bool(b.is_passed), b.report, b.day)
            for _, b in facts
            if isinstance(b, LotTested)
        ),
        promised=_promised(store, connection, station, facts),
        made_of=kin_of(store, connection, station, [part.lot for part in state.parts]),
        made_into=kin_of(store, connection, station, made_of_it(store, connection, station, lot)),
    )


def _promised(
    store: Store, connection: Connection, station: str, facts: Iterable[tuple[int, Any]]
) -> Promise | None:
    """Return the last promise that was made of it."""
    said = [body for _, body in facts if isinstance(body, LotCertified)]
    if not said:
        return None
    last: LotCertified = said[-1]
    name = name_of(store, connection, station, last.person) if last.person else ""
    return Promise(mask_name(name) if name else "", last.bases, last.day)


def kin_of(
    store: Store, connection: Connection, station: str, lots: Iterable[str]
) -> tuple[Kin, ...]:
    """Return lots by their numbers, as their kin is shown; without work that was taken back."""
    table = store.tables.read[LOT.name].c
    wanted = and_(table.station == station, table.entity.in_(list(lots)[:PARTS_MAX]))
    found = [Kin(lot_number(one.code, lot), one.code) for _, lot, one in
             states_of(store, connection, wanted) if not one.unpacked]  # fmt: skip
    return tuple(sorted(found, key=lambda kin: kin.number))


def made_of_it(store: Store, connection: Connection, station: str, lot: str) -> list[str]:
    """Return the lots that were founded in the acts in which some of this one was drawn."""
    drawn, folds, made = store.tables.facts.alias(), store.tables.folds, store.tables.facts.alias()
    rows = connection.execute(
        select(made.c.identity)
        .select_from(folds)
        .join(drawn, and_(drawn.c.station == folds.c.station,
                          drawn.c.identity == folds.c.identity))
        .join(made, and_(made.c.station == drawn.c.station, made.c.stream == drawn.c.stream,
                         made.c.act == drawn.c.act))
        .where(
            folds.c.station == station,
            folds.c.root == lot,
            drawn.c.kind.in_((LotDrawn.KIND, LotProcessed.KIND)),
            made.c.kind.in_((LotMade.KIND, LotPacked.KIND)),
        )
        .limit(PARTS_MAX)
    )  # fmt: skip
    return [str(row[0]) for row in rows]


def _steps(
    store: Store,
    connection: Connection,
    station: str,
    state: Lot,
    facts: Iterable[tuple[int, Any]],
) -> tuple[Step, ...]:
    """Return what happened, by day: fields first, then what the lot went through."""
    parts = _parts(store, connection, station, state)
    found: list[Step] = []
    for one in (state, *parts):
        found += [
            Step("spray", spray.day, {"name": spray.name, "days": spray.interval_days})
            for spray in one.inputs
        ]
        if one.harvest_day:
            found.append(_harvest(one))
    found += _plots(store, connection, station, (state, *parts))
    came: dict[str, object] = {"count": len(state.parts), "quantity": state.quantity}
    told = list(facts)
    packed = next((body.step for _, body in told if isinstance(body, LotPacked)), "")
    if packed:  # where it was before it was packed: every part came in, and went to the hub
        found += [
            Step("intake", part.day, {"quantity": part.quantity})
            for part in parts
            if not part.parts
        ]
        for origin in state.parts:
            for at, body in _facts(store, connection, station, origin.lot):
                found += [] if isinstance(body, LotProcessed) else _step(local_day(at), body)
    found.append(Step(packed or ("made" if parts else "intake"), state.day, came))
    for at, body in told:
        found += _step(local_day(at), body)
    last = max((step.day for step in found), default=state.day)
    found += [
        Step(key, last, {"quantity": quantity}, is_bad=key == "spoil")
        for key, quantity in (("sell", state.sold), ("spoil", state.spoiled))
        if quantity > 0
    ]
    unique = {(one.key, one.day, tuple(sorted(one.slots.items()))): one for one in found}
    return tuple(sorted(unique.values(), key=lambda step: step.day))[:STEPS_MAX]


def _harvest(lot: Lot) -> Step:
    """Return its harvest, and how long after the last spray it was."""
    sprays = [spray.day for spray in lot.inputs if spray.day <= lot.harvest_day]
    if not sprays:
        return Step("harvest", lot.harvest_day)
    return Step("picked", lot.harvest_day, {"days": days_between(max(sprays), lot.harvest_day)})


def _step(day: str, body: Any) -> list[Step]:
    if isinstance(body, LotCertified):
        return [Step("promise", body.day, {"number": body.number})]
    if isinstance(body, LotTested):
        key = "tested" if body.is_passed else "failed"
        return [Step(key, body.day, {"lab": body.lab, "item": body.item}, not body.is_passed)]
    if isinstance(body, LotEndorsed):
        return [Step("endorsed", body.day, {"office": body.office})]
    if isinstance(body, LotDispatched):
        return [Step("transport", body.day, {"count": body.packages})]
    if isinstance(body, LotReceived):
        return [Step("hub", body.day)]
    if isinstance(body, LotProcessed):
        return [Step("worked", body.day, {"quantity": body.used})]
    if isinstance(body, LotCountySaleReturned):
        return [Step("returned", body.day, {"quantity": body.quantity})]
    if isinstance(body, LotPacked):
        return []  # it stands there by its own step
    if isinstance(body, LotUnpacked):
        return [Step("unpacked", body.day, is_bad=True)]
    return [Step("recall", day, {"why": body.reason}, is_bad=True)]


def _facts(
    store: Store, connection: Connection, station: str, lot: str
) -> Iterable[tuple[int, Any]]:
    """Yield what was said of a lot and not taken back, decoded, in order."""
    facts, folds, undone = store.tables.facts, store.tables.folds, store.tables.reversals
    of_fact = and_(facts.c.station == folds.c.station, facts.c.identity == folds.c.identity)
    is_undone = and_(
        undone.c.station == facts.c.station,
        undone.c.stream == facts.c.stream,
        undone.c.act == facts.c.act,
    )
    rows = connection.execute(
        select(facts.c.identity, facts.c.kind, facts.c.at, facts.c.body)
        .join_from(folds, facts, of_fact)
        .outerjoin(undone, is_undone)
        .where(
            folds.c.station == station,
            folds.c.root == lot,
            facts.c.kind.in_(list(_BODIES)),
            undone.c.act.is_(None),
        )
        .order_by(facts.c.at, facts.c.identity)
    )
    told = [(identity, int(at), _BODIES[kind](bytes(body))) for identity, kind, at, body in rows]
    taken_back = {body.answers for _, _, body in told if isinstance(body, LotProcessingUndone)}
    for identity, at, body in told:
        if identity not in taken_back and not isinstance(body, LotProcessingUndone):
            yield at, body


def _parts(store: Store, connection: Connection, station: str, state: Lot) -> list[Lot]:
    """Return the lots that this one was made of, and those that they were made of."""
    table = store.tables.read[LOT.name].c
    found: list[Lot] = []
    waiting, known = [part.lot for part in state.parts], set[str]()
    while waiting and len(found) < PARTS_MAX:
        one = waiting.pop(0)
        if one in known:
            continue
        known.add(one)
        wanted = and_(table.station == station, table.entity == one)
        for _, _, part in states_of(store, connection, wanted):
            found.append(part)
            waiting += [deeper.lot for deeper in part.parts]
    return found


def _plots(store: Store, connection: Connection, station: str, lots: Iterable[Lot]) -> list[Step]:
    """Return on which fields it grew, as its growers described them."""
    table, states = store.tables.read["plot"].c, store.tables.states.c
    persons = {share.person for one in lots for share in one.shares} | {
        one.seller for one in lots if one.seller
    }
    sorts = {one.produce for one in lots}
    of_plot = and_(
        states.station == table.station, states.kind == "plot", states.entity == table.entity
    )
    rows = connection.execute(
        select(table.name, table.tenth_mu)
        .join_from(store.tables.read["plot"], store.tables.states, of_plot)
        .where(
            table.station == station,
            table.person.in_(persons),
            table.produce.in_(sorts),
            table.tenth_mu > 0,
        )
        .order_by(states.at, table.name)
        .limit(PLOTS_MAX)
    )
    return [  # when it was planted nobody has said: it stands first, without a day
        Step("plant", "", {"name": name, "mu": f"{tenth // 10}.{tenth % 10}"})
        for name, tenth in rows
    ]


def name_of(store: Store, connection: Connection, station: str, person: str) -> str:
    """Return the whole name of a grower, "" where nobody knows her: mask it."""
    states = store.tables.states.c
    row = connection.execute(
        select(states.data).where(
            states.station.in_((station, EVERYWHERE)),
            states.kind == "person",
            states.entity == person,
        )
    ).first()
    return _named(bytes(row[0])).name if row else ""


def _station(store: Store, connection: Connection, station: str) -> tuple[str, str]:
    table = store.tables.read["station"].c
    row = connection.execute(
        select(table.name, table.township, table.village).where(
            table.station == EVERYWHERE, table.code == station
        )
    ).first()
    return (row[0], f"{row[1]} {row[2]}".strip()) if row else ("", "")


def _produce(store: Store, connection: Connection, code: str) -> str:
    table = store.tables.read["produce"].c
    row = connection.execute(
        select(table.name).where(table.station == EVERYWHERE, table.code == code)
    ).first()
    return str(row[0]) if row else code
