"""Standing orders, kept with the keys: what must hold whatever becomes of the database.

Who was cut off, which branch was accepted or refused, which keys belong, whose names are erased: a
database that is put back has forgotten the latest of these, and nobody would send them again. So
each is written here, a line each, before it takes effect, and said again in the next county epoch.

The file holds identities, public keys and codes, and nothing about people.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from station_app.journal.fact import Body, Fact, Saying
from station_app.journal.kinds import RULINGS, PrivateErased
from station_app.journal.vocabulary import Vocabulary
from station_app.reference.facts import CountyKeyAnnounced, CountyKeyTakenUp, DeviceEnrolled

FILE = "standing.jsonl"
_BODIES: tuple[type[Body], ...] = (
    *RULINGS,
    PrivateErased,
    DeviceEnrolled,
    CountyKeyAnnounced,
    CountyKeyTakenUp,
)
KINDS = frozenset(body.KIND for body in _BODIES)
_PRIVATE_FILE = 0o600
_encoder = msgspec.json.Encoder(order="sorted")


class Order(msgspec.Struct, frozen=True):
    """One order: to whom it was said ("NX0601", "all"), and what, as canonical JSON."""

    audience: str
    kind: str
    v: int
    entity: str
    body: str

    def saying(self, vocabulary: Vocabulary) -> Saying:
        """Return it as something to be said again."""
        body: Body = msgspec.json.decode(self.body, type=vocabulary.kinds[self.kind, self.v])
        return Saying(body, None, self.entity)


def orders_in(facts: Iterable[Fact], audience: str) -> list[Order]:
    """Return what of these facts must hold whatever becomes of the database."""
    return [
        Order(audience, fact.kind, fact.v, fact.entity, fact.body.decode("utf-8"))
        for fact in facts
        if fact.kind in KINDS
    ]


def keep_orders(folder: Path, orders: Sequence[Order]) -> None:
    """Add orders to the file and wait for the disk. Raises OSError if it refuses."""
    if not orders:
        return
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
    found: dict[Order, None] = {}
    for line in content.splitlines():
        try:
            found[msgspec.json.decode(line, type=Order)] = None
        except msgspec.DecodeError:
            continue  # cut off by a power cut, before what it orders took effect
    return list(found)
