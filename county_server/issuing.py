"""After a database was put back: the standing orders that it has forgotten are said again.

They stand with the keys (`standing`). A PC that was enrolled after the backup was made is known by
its key again, so what it holds can come back.
"""

from sqlalchemy import Connection, select

from county_server.keys import CountyKeys
from county_server.schema import EVERYWHERE
from county_server.scribe import EVERYBODY, Scribe
from county_server.standing import Order, read_orders
from county_server.store import Store
from station_app.reference.facts import DeviceEnrolled
from station_app.security.signing import key_id
from station_app.values.clock import Chance

BY = "county"


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
        sayings = [order.saying(store.vocabulary) for order in lacking]
        for saying in sayings:
            if isinstance(saying.body, DeviceEnrolled):
                _register(store, connection, saying.body, now)
        scribe.say(audience, sayings, by=BY, at=now)
        issued += len(sayings)
    scribe.seal()
    return issued


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
    keys = store.tables.keys
    row = {
        "station": body.station,
        "device": body.device,
        "key_id": key_id(bytes.fromhex(body.public_key)),
        "public_key": body.public_key,
        "slot": body.slot,
        "enrolled_at": now,
    }
    connection.execute(store.upsert(keys, keeps=True), [row])
