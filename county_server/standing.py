"""Standing orders, kept with the keys: what must hold whatever becomes of the database.

Who was cut off, which branch was accepted or refused, which keys belong, whose names are erased: a
database that is put back has forgotten the latest of these, and nobody would send them again. So
each is written here, a line each, before it takes effect, and said again in the next county epoch.

The file holds identities, public keys and codes in the clear. A clerk's remark may name people: it
is sealed to the county's own key, so the file alone tells nothing, and it is taken out when the
fact that bore it is erased.
"""

import os
from collections.abc import Callable, Iterable, Sequence, Set
from contextlib import suppress
from pathlib import Path

import msgspec

from county_server.keys import replace_file
from station_app.journal.fact import Body, Fact, Private, Saying
from station_app.journal.kinds import RULINGS, PaymentsReleased, PrivateErased
from station_app.journal.vocabulary import Unreadable, Vocabulary
from station_app.reference.facts import CountyKeyAnnounced, CountyKeyTakenUp, DeviceEnrolled
from station_app.security.signing import seal

FILE = "standing.jsonl"
_BODIES: tuple[type[Body], ...] = (
    *RULINGS,
    PrivateErased,
    PaymentsReleased,
    DeviceEnrolled,
    CountyKeyAnnounced,
    CountyKeyTakenUp,
)
KINDS = frozenset(body.KIND for body in _BODIES)
_PRIVATE_FILE = 0o600
Opener = Callable[[bytes], bytes]
_encoder = msgspec.json.Encoder(order="sorted")


class Order(msgspec.Struct, frozen=True):
    """One order: to whom it was said ("NX0601", "all"), and what, as canonical JSON.

    identity: of the fact that said it first; sealed: its private part, in hex, for the county only.
    """

    audience: str
    kind: str
    v: int
    entity: str
    body: str
    identity: str = ""
    sealed: str = ""

    def saying(self, vocabulary: Vocabulary, opened: Opener | None = None) -> Saying:
        """Return it as something to be said again, with its private part if `opened` opens it."""
        body: Body = msgspec.json.decode(self.body, type=vocabulary.kinds[self.kind, self.v])
        private: Private | None = None
        if self.sealed and opened is not None and body.PRIVATE is not None:
            with suppress(ValueError):  # sealed to a key whose seed is lost, or cut by a power cut
                part = opened(bytes.fromhex(self.sealed))
                private = msgspec.json.decode(part, type=body.PRIVATE)
        return Saying(body, private, self.entity)

    @property
    def said(self) -> tuple[str, str, int, str, str]:
        """Return what is said to whom: twice the same is one order."""
        return self.audience, self.kind, self.v, self.entity, self.body


def orders_in(facts: Iterable[Fact], audience: str, county_key: bytes) -> list[Order]:
    """Return what of these facts of the county must hold whatever becomes of the database.

    county_key: to which private parts are sealed.
    """
    return [
        Order(
            audience,
            fact.kind,
            fact.v,
            fact.entity,
            fact.body.decode("utf-8"),
            fact.identity,
            seal(county_key, fact.private).hex() if fact.private else "",
        )
        for fact in facts
        if fact.kind in KINDS
    ]


def erasures_in(
    facts: Iterable[Fact], station: str, county_key: bytes, vocabulary: Vocabulary
) -> list[Order]:
    """Return the erasures that a station asks for: nothing else that it says is an order.

    One that this program cannot read orders nothing; it stands in quarantine.
    """
    asked = (fact for fact in facts if fact.kind == PrivateErased.KIND)
    return orders_in((f for f in asked if _is_readable(f, vocabulary)), station, county_key)


def _is_readable(fact: Fact, vocabulary: Vocabulary) -> bool:
    try:
        vocabulary.read(fact)
    except Unreadable:
        return False
    return True


def keep_orders(folder: Path, orders: Sequence[Order]) -> None:
    """Add orders to the file and wait for the disk. Raises OSError if it refuses."""
    if not orders:
        return
    _forget(folder, _erased_in(orders))
    lines = b"".join(_encoder.encode(order) + b"\n" for order in orders)
    handle = os.open(folder / FILE, os.O_CREAT | os.O_RDWR | os.O_APPEND, _PRIVATE_FILE)
    with os.fdopen(handle, "r+b") as file:
        file.seek(0, os.SEEK_END)
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                lines = b"\n" + lines  # the power went in the middle of a line: it is no order
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())


def read_orders(folder: Path) -> list[Order]:
    """Return all orders, each once, in the order in which they were kept."""
    try:
        content = (folder / FILE).read_bytes()
    except FileNotFoundError:
        return []
    found: dict[tuple[str, str, int, str, str], Order] = {}
    for line in content.splitlines():
        try:
            order = msgspec.json.decode(line, type=Order)
        except msgspec.DecodeError:
            continue  # cut off by a power cut, before what it orders took effect
        known = found.setdefault(order.said, order)
        if order.sealed and not known.sealed:
            found[order.said] = order
    return list(found.values())


def _erased_in(orders: Iterable[Order]) -> set[str]:
    """Return the facts whose private parts these orders erase."""
    erasures = [order for order in orders if order.kind == PrivateErased.KIND]
    bodies = (msgspec.json.decode(order.body, type=PrivateErased) for order in erasures)
    return {identity for body in bodies for identity in body.facts if identity}


def _forget(folder: Path, erased: Set[str]) -> None:
    """Take the sealed private parts of these facts out of the file."""
    if not erased:
        return
    known = read_orders(folder)
    if not any(order.sealed and order.identity in erased for order in known):
        return
    kept = [
        msgspec.structs.replace(order, sealed="") if order.identity in erased else order
        for order in known
    ]
    replace_file(folder / FILE, b"".join(_encoder.encode(order) + b"\n" for order in kept))
