"""The county's own pen: what it says to one station, or to all, as facts of its streams.

One act at a time, signed at its end. Before an act takes effect in the database, its head is kept
with the keys: a database that is put back later is missing it, and that is noticed.
"""

import base64
from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from county_server import put_back
from county_server.journal import CountyJournal
from county_server.keys import CountyKeys
from county_server.recording import Recording
from county_server.schema import EVERYBODY as EVERYBODY
from county_server.schema import home_of
from county_server.standing import Order, keep_orders, orders_in
from county_server.store import Store
from station_app.journal.chain import Head
from station_app.journal.fact import FACT_BYTES_MAX, Fact, Private, Saying, canonical, seal
from station_app.sync.segment import COUNTY, sign_head
from station_app.values.clock import Chance

ACT_FACTS_MAX = 500
THE_FIRST = "the first fact of this call"  # as an entity: what this call itself founded
_TICKET_BYTES = 10
_SALT_BYTES = 10


class Scribe:
    """Writes acts of the county inside an open transaction."""

    def __init__(self, store: Store, connection: Connection, keys: CountyKeys, chance: Chance):
        """Write on a writing connection, sign with the county's key."""
        self._store, self._connection = store, connection
        self._keys = keys
        self._chance = chance
        self._journal = CountyJournal(store, connection)
        self._recording = Recording(store, connection)
        self._ends: dict[str, Head] = {}
        self._orders: list[Order] = []

    def say(self, audience: str, sayings: Sequence[Saying], *, by: str, at: int) -> list[Fact]:
        """Record what is said to one station ("NX0601") or to EVERYBODY; return the facts.

        Much is said in several acts of at most 500 facts. A saying whose entity is THE_FIRST is
        about what the first of them founds. The last call of a transaction is `seal`. Raises
        PaymentsStopped where a county that was put back would pay twice.
        """
        put_back.check(self._store, self._connection, self._keys.epoch, audience, sayings)
        facts = self._say(audience, sayings, by, at)
        self._recording.flush()
        self._orders += orders_in(facts, audience, self._keys.signer.public_key)
        if facts:
            last = facts[-1]
            self._ends[last.stream] = Head(last.stream, last.seq, last.identity)
        return facts

    def seal(self) -> None:
        """Sign where the streams end now and keep it with the keys; the commit may follow."""
        for end in self._ends.values():
            self._journal.keep_head(sign_head(end, self._keys.county, self._keys.signer))
        keep_orders(self._keys.folder, self._orders)
        self._orders = []
        if self._ends:
            self._keys.give(self._ends.values())

    def _say(self, audience: str, sayings: Sequence[Saying], by: str, at: int) -> list[Fact]:
        if audience == EVERYBODY:
            for_everybody = self._recording.vocabulary.kinds_for_everybody
            told_all = {saying.body.KIND for saying in sayings}
            assert told_all <= for_everybody, told_all - for_everybody
        stream = f"{COUNTY}.{self._keys.epoch.number}/{audience}"
        self._store.lock(self._connection, home_of(stream))
        before = self._journal.head(stream)
        former = before if before.to else self._former(audience)
        head, prev = before, former.identity
        # What is said later holds, whatever the clock of this machine did meanwhile.
        moment = max(at, self._journal.at_of(former) + 1)
        facts: list[Fact] = []
        for number, saying in enumerate(sayings):
            if number % ACT_FACTS_MAX == 0:
                act = base64.b32encode(self._chance.draw(_TICKET_BYTES)).decode("ascii")
            body, private = canonical(saying.body), self._private(saying.private)
            assert len(body) + len(private or b"") <= FACT_BYTES_MAX, saying.body.KIND
            fact = seal(
                body,
                private,
                stream=stream,
                seq=head.to + 1,
                act=act,
                at=moment + number,
                kind=saying.body.KIND,
                v=saying.body.VERSION,
                entity=facts[0].identity if saying.entity == THE_FIRST else saying.entity,
                by=by,
                prev=prev,
            )
            facts.append(fact)
            head, prev = Head(stream, fact.seq, fact.identity), fact.identity
        if facts:
            self._recording.enter(facts, before)
        return facts

    def _former(self, audience: str) -> Head:
        """Return the end of what a former epoch said to this audience: the chain goes on."""
        for number in range(self._keys.epoch.number - 1, 0, -1):
            head = self._journal.head(f"{COUNTY}.{number}/{audience}")
            if head.to:
                return head
        return Head("", 0, "")

    def _private(self, private: Private | None) -> bytes | None:
        if private is None:
            return None
        salt = base64.b32encode(self._chance.draw(_SALT_BYTES)).decode("ascii")
        return canonical(msgspec.structs.replace(private, salt=salt))
