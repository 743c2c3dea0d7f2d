"""After a database was put back: the standing orders that it has forgotten are said again.

They stand with the keys (`standing`). A PC that was enrolled after the backup was made is known by
its key again, so what it holds can come back.
"""

import msgspec
from sqlalchemy import Connection, delete, select

from county_server.asking import ask
from county_server.keys import CountyKeys
from county_server.schema import EVERYWHERE
from county_server.scribe import EVERYBODY, Scribe
from county_server.standing import Order, read_orders
from county_server.store import Store
from station_app.journal.fact import Body, Saying, canonical
from station_app.reference.facts import CountyKeyAnnounced, CountyKeyTakenUp, DeviceEnrolled
from station_app.security.signing import key_id
from station_app.sync.segment import COUNTY
from station_app.values.clock import Chance
from station_app.values.day import local_day


def issue_again(
    store: Store, connection: Connection, keys: CountyKeys, chance: Chance, now: int
) -> int:
    """Say again what the database does not hold, in the present epoch; return how many orders."""
    by_audience: dict[str, list[Order]] = {}
    for order in read_orders(keys.folder):
        by_audience.setdefault(order.audience, []).append(order)
    issued = 0
    scribe = Scribe(store, connection, keys, chance)
    for home in sorted(map(_home, by_audience), key=lambda home: (home != EVERYWHERE, home)):
        store.lock(connection, home)
    for audience, orders in sorted(by_audience.items()):
        lacking = [order for order in orders if not _is_held(store, connection, order)]
        sayings = [order.saying(store.vocabulary, keys.signing.open_sealed) for order in lacking]
        for saying in sayings:
            if isinstance(saying.body, DeviceEnrolled):
                _register(store, connection, saying.body, now)
        scribe.say(audience, sayings, by=COUNTY, at=now)
        issued += len(sayings)
    scribe.seal()
    return issued


def say_keys(store: Store, keys: CountyKeys, chance: Chance, now: int) -> int:
    """Say of the county's keys what the stations have not been told; return how many facts.

    The files are written first, so after a power cut this says what was still to be said.
    """
    known = keys.signing.known()
    if len(known.public_keys) == 1:
        return 0
    day = local_day(now)
    wanted: list[Body] = [
        CountyKeyAnnounced(number=number, public_key=public_key, day=day)
        for number, public_key in enumerate(known.public_keys, start=1)
    ]
    if known.in_use > 1:
        wanted.append(CountyKeyTakenUp(number=known.in_use, day=day))
    with store.read(behind=True) as connection:
        if not _unsaid(store, connection, wanted):
            return 0
    with store.write() as connection:
        lacking = _unsaid(store, connection, wanted)
        scribe = Scribe(store, connection, keys, chance)
        scribe.say(EVERYBODY, [Saying(body) for body in lacking], by=COUNTY, at=now)
        scribe.seal()
    return len(lacking)


def _unsaid(store: Store, connection: Connection, wanted: list[Body]) -> list[Body]:
    kinds = [CountyKeyAnnounced.KIND, CountyKeyTakenUp.KIND]
    rows = ask(connection, store.questions.of_kinds, {"at": EVERYWHERE, "names": kinds})
    said = {(row[0], _without_day(bytes(row[1]))) for row in rows}
    return [body for body in wanted if (body.KIND, _without_day(canonical(body))) not in said]


def _without_day(body: bytes) -> bytes:
    tree = msgspec.json.decode(body)
    return msgspec.json.encode({**tree, "day": ""}, order="sorted")


def _home(audience: str) -> str:
    return EVERYWHERE if audience == EVERYBODY else audience


def _is_held(store: Store, connection: Connection, order: Order) -> bool:
    facts = store.tables.facts.c
    row = connection.execute(
        select(facts.identity)
        .where(facts.station == _home(order.audience), facts.kind == order.kind)
        .where(facts.body == order.body.encode("utf-8"))
        .limit(1)
    ).first()
    return row is not None


def _register(store: Store, connection: Connection, body: DeviceEnrolled, now: int) -> None:
    """Let a key speak for a PC; one that it had before speaks no more."""
    keys, former = store.tables.keys, store.tables.former_keys
    mine = (keys.c.station == body.station) & (keys.c.device == body.device)
    before = connection.execute(select(keys.c.key_id, keys.c.public_key).where(mine)).all()
    is_new = all(row[1] != body.public_key for row in before)
    if before and is_new:
        row = {"station": body.station, "device": body.device, "key_id": before[0][0]}
        row |= {"public_key": before[0][1], "renewed_at": now}
        connection.execute(store.upsert(former, keeps=True), [row])
        connection.execute(delete(keys).where(mine))
    row = {
        "station": body.station,
        "device": body.device,
        "key_id": key_id(bytes.fromhex(body.public_key)),
        "public_key": body.public_key,
        "slot": body.slot,
        "enrolled_at": now,
    }
    connection.execute(store.upsert(keys, keeps=True), [row])
