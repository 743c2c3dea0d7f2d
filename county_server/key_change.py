"""Keys that are renewed: the county's own, and those of PCs.

The county's key: a new one is made and *announced* to all stations by a fact that the old key
signs; some time later it is *taken up*. A PC that has not heard of it yet is answered with the key
that it believes, however many changes ago that was, and is told of the next ones in that answer.

A PC's key: the PC *offers* a new one by a fact in a stream that its old key signs. The county
registers it and says so; from then on the old key behaves like that of a PC that was cut off: it
may hand in, it is told nothing but which key speaks now, and what it brings counts only when
somebody has looked, or when the PC itself names it with its new key.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection, select, update

from county_server.acceptances import acceptances
from county_server.asking import ask
from county_server.county import County, last_named
from county_server.cut_off import is_cut_off
from county_server.issuing import say_keys
from county_server.journal import CountyJournal
from county_server.revoking import NotDecided
from county_server.scribe import Scribe
from county_server.store import Store
from station_app.journal.fact import Body, Fact, Saying
from station_app.journal.kinds import BranchFound, DeviceKeyOffered
from station_app.journal.rulings import ACCEPTED, TAKEN_IN, said_as
from station_app.reference.facts import DeviceEnrolled, DeviceKeyAsked
from station_app.security.signing import DEVICE_KEY, key_id, verify
from station_app.sync.enrolment import offer_message
from station_app.sync.messages import Opening
from station_app.sync.segment import COUNTY, SignedHead, author_of
from station_app.values.day import local_day

_WHY_NOT = {
    "no_such_device": "the county knows no such PC",
    "revoked_already": "this PC was cut off: enrol it anew",
}
CHAIN_MAX = 5_000  # streams of one PC; ten years of starts are some 3,700


class NotRenewed(ValueError):
    """It cannot be done; the argument is the sentence."""


# --- The county's own key ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyStanding:
    """How the county's keys stand. numbers from 1; unaware: PCs that do not know the newest."""

    in_use: int
    newest: int
    newest_id: str
    unaware: tuple[str, ...] = ()


def announce(county: County) -> int:
    """Make the next signing key and announce it; return its number. Raises NotRenewed.

    Broken off anywhere it may be asked again: a key that was made and not taken up is the one.
    """
    known = county.keys.signing.known()
    number = len(known.public_keys)
    if known.in_use == number:
        number = county.keys.add_key(county.chance)
    _say_keys(county)
    return number


def take_up(county: County) -> int:
    """Let the newest key sign from now on; return its number. Raises NotRenewed."""
    known = county.keys.signing.known()
    number = len(known.public_keys)
    if number == known.in_use:
        raise NotRenewed("no key was announced: `county-key announce` comes first")
    _say_keys(county)
    county.keys.take_up(number)
    _say_keys(county)
    return number


def _say_keys(county: County) -> None:
    say_keys(county.store, county.keys, county.chance, county.clock.now_ms())


def standing(county: County) -> KeyStanding:
    """Return how the county's keys stand, and which living PCs do not know the newest."""
    known = county.keys.signing.known()
    ids = [key_id(bytes.fromhex(public)) for public in known.public_keys]
    keys, trusted = county.store.tables.keys.c, county.store.tables.trusted_keys.c
    with county.store.read() as connection:
        believed = {
            (row[0], row[1]): row[2]
            for row in connection.execute(select(trusted.station, trusted.holder, trusted.key_id))
        }
        pcs = connection.execute(
            select(keys.station, keys.device).order_by(keys.station, keys.device)
        ).all()
        unaware = tuple(
            f"{station}/{device}"
            for station, device in pcs
            if len(ids) > 1
            and ids[-1]
            not in (believed.get((station, last_named(device))), believed.get((station, device)))
            and not is_cut_off(county.store, connection, station, device)
        )
    return KeyStanding(known.in_use, len(ids), ids[-1], unaware)


# --- A PC's key ----------------------------------------------------------------------------------


def ask_for_new_key(county: County, station: str, device: str) -> None:
    """Ask a PC to renew its key as soon as it hears of it; raises NotRenewed."""
    now = county.clock.now_ms()
    with county.store.write() as connection:
        try:
            said = asking(county, connection, station, device, day=local_day(now))
        except NotDecided as problem:
            raise NotRenewed(_WHY_NOT[problem.reason]) from problem
        scribe = Scribe(county.store, connection, county.keys, county.chance)
        scribe.say(station, [said], by=COUNTY, at=now)
        scribe.seal()


def asking(
    county: County, connection: Connection, station: str, device: str, *, day: str
) -> Saying:
    """Return what asks a PC to renew its key; raises NotDecided."""
    if county.key_of_device(connection, station, device) is None:
        raise NotDecided("no_such_device")
    if is_cut_off(county.store, connection, station, device):
        raise NotDecided("revoked_already")
    return Saying(DeviceKeyAsked(station=station, device=device, day=day))


@dataclass(slots=True)
class KeyChanges:
    """What keys that change mean for what one push brings, inside its transaction.

    is_former: whoever hands in speaks with a key that was renewed; flush: writes what has
    gathered of the push, before something is said about it.
    """

    county: County
    connection: Connection
    station: str
    is_former: bool
    flush: Callable[[], None] = lambda: None
    _former: set[str] | None = field(default=None)

    def _is_former(self, key: str) -> bool:
        """Tell whether a key is a renewed one of a PC of this station."""
        return key in self._known()

    def _known(self) -> set[str]:
        if self._former is None:
            asked = self.county.store.questions.former_keys
            rows = ask(self.connection, asked, {"at": self.station})
            self._former = {row[1] for row in rows}
        return self._former

    # --- Offers ---

    def look(self, facts: Sequence[Fact], heads: Sequence[SignedHead]) -> None:
        """Register the keys that these facts offer, if the key that signed them may say so."""
        for fact in facts:
            if fact.kind == DeviceKeyOffered.KIND:
                head = next(one for one in heads if one.to >= fact.seq)
                self._take_offer(fact, head.key_id)

    def _take_offer(self, fact: Fact, signed_with: str) -> None:
        county, connection = self.county, self.connection
        device = author_of(fact.stream).partition("/")[2]
        try:
            offered = msgspec.json.decode(fact.body, type=DeviceKeyOffered)
            new, proof = bytes.fromhex(offered.public_key), bytes.fromhex(offered.proof)
        except (msgspec.DecodeError, ValueError):
            return
        old = county.key_of_device(connection, self.station, device)
        if old is None or key_id(old.public_key) != signed_with or new == old.public_key:
            return
        if is_cut_off(county.store, connection, self.station, device):
            return
        message = offer_message(author_of(fact.stream), old.public_key, new)
        if not verify(new, DEVICE_KEY, message, proof):
            return
        if county.device_of(connection, key_id(new)) is not None:
            return  # it is, or was, some PC's key
        self._renew(device, old.public_key, new)

    def _renew(self, device: str, old: bytes, new: bytes) -> None:
        county, connection, now = self.county, self.connection, self.county.clock.now_ms()
        keys = county.store.tables.keys
        slot = connection.execute(
            select(keys.c.slot).where(keys.c.station == self.station, keys.c.device == device)
        ).scalar_one()
        register_renewed(county.store, connection, (self.station, device), new=new, now=now)
        self._known().add(key_id(old))
        body = DeviceEnrolled(
            station=self.station,
            device=device,
            slot=slot,
            public_key=new.hex(),
            day=local_day(now),
        )
        self._say(body)

    # --- What a former key brings ---

    def doubt(self, first: Fact, head: SignedHead) -> None:
        """Let what a former key hands in wait, from this fact on, until somebody has looked."""
        if self.is_former and self._is_former(head.key_id):
            day = local_day(self.county.clock.now_ms())
            body = BranchFound(
                stream=said_as(first.stream), seq=first.seq, hash=first.identity, day=day
            )
            self._say(body)

    def vouch_tips(self, opening: Opening) -> None:
        """Let that count which the PC's present key names as its own, at the end of a chain."""
        if self.is_former or not self._known():
            return
        journal = CountyJournal(self.county.store, self.connection)
        reaches = self._reaches()
        for tip in opening.tips:
            held = journal.identity_at(tip.stream, tip.seq) if tip.stream in reaches else ""
            is_mine = author_of(tip.stream) == opening.device
            if held and is_mine and held.startswith(tip.mark) and reaches[tip.stream] < tip.seq:
                self._accept(tip.stream, tip.seq, held)

    def _reaches(self) -> dict[str, int]:
        asked = self.county.store.questions.kept_back
        return {row[0]: row[1] for row in ask(self.connection, asked, {"at": self.station})}

    def _accept(self, stream: str, seq: int, identity: str) -> None:
        """Take in what waits for no other reason than its key; a cut stays a cut."""
        device = author_of(stream).partition("/")[2]
        if is_cut_off(self.county.store, self.connection, self.station, device):
            return
        name = said_as(stream)  # decisions are about a stream, whichever line its version stands in
        if not self._has_said(name, seq, identity):
            self.flush()
            day = local_day(self.county.clock.now_ms())
            store, where = self.county.store, (self.station, stream)
            for body in acceptances(store, self.connection, where, upto=seq, day=day):
                self._say(body)

    def _has_said(self, name: str, seq: int, identity: str) -> bool:
        """Tell whether that much was taken in before: what waits still waits for something else."""
        asked = self.county.store.questions.rulings_about
        rows = self.connection.execute(asked, {"at": self.station, "names": [name]})
        said = {tuple(row)[:4] for row in rows}
        return any((what, name, seq, identity) in said for what in (ACCEPTED, TAKEN_IN))

    def vouch(self, first: Fact, head: SignedHead) -> None:
        """Let that count which a stream of the PC's present key goes on from."""
        if first.seq != 1 or not first.prev or not self._known() or self._is_former(head.key_id):
            return
        journal = CountyJournal(self.county.store, self.connection)
        reaches = self._reaches()
        author, before = author_of(first.stream), first.prev
        for _ in range(CHAIN_MAX):
            stream = journal.stream_of(before, self.station)
            if not reaches or author_of(stream or "/") != author:
                return
            seq = self._seq_of(before)
            if stream in reaches and reaches.pop(stream) < seq:
                self._accept(stream, seq, before)
            run = journal.run(stream, 1, 1)
            before = run[0].prev if run else ""
            if not before:
                return

    def _seq_of(self, identity: str) -> int:
        facts = self.county.store.tables.facts.c
        seq: int = self.connection.execute(
            select(facts.seq).where(facts.station == self.station, facts.identity == identity)
        ).scalar_one()
        return seq

    def _say(self, body: Body) -> None:
        self.flush()
        county = self.county
        scribe = Scribe(county.store, self.connection, county.keys, county.chance)
        scribe.say(self.station, [Saying(body)], by=COUNTY, at=county.clock.now_ms())
        scribe.seal()


def register_renewed(
    store: Store, connection: Connection, who: tuple[str, str], *, new: bytes, now: int
) -> None:
    """Let a new key speak for a PC ("NX0601", "D1"), and keep its old one for what it signed."""
    keys, former = store.tables.keys, store.tables.former_keys
    mine = (keys.c.station == who[0]) & (keys.c.device == who[1])
    old_id, old = connection.execute(select(keys.c.key_id, keys.c.public_key).where(mine)).one()
    row: dict[str, object] = {"station": who[0], "device": who[1], "key_id": old_id}
    row |= {"public_key": old, "renewed_at": now}
    connection.execute(store.upsert(former, keeps=True), [row])
    connection.execute(update(keys).where(mine).values(key_id=key_id(new), public_key=new.hex()))
