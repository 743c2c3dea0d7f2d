"""What every desk has in common: its county, its words, how far its page reaches.

A page of a desk says at its foot until when its numbers were counted and how many stations were
not in touch: what they have not sent is not in any figure.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec
from sqlalchemy import Connection, select
from starlette.responses import RedirectResponse, Response

from county_server.contacts import heard_from
from county_server.county import County
from county_server.dashboard.figures import courier_names, read_places
from county_server.dashboard.rows import ONLINE, Place, link_after
from county_server.dashboard.words import Words
from county_server.desks.pen import Refused
from county_server.schema import EVERYWHERE
from county_server.web.frame import NOT_KEPT, Ask, Frame
from station_app.journal.series import printed_number
from station_app.ledger.accounts import COUNTY_CURRENT
from station_app.ledger.posting import CNY
from station_app.services.clearing.facts import Portion
from station_app.values.day import is_day
from station_app.values.masks import mask_name
from station_app.values.money import yuan_plain
from station_app.values.said import say_value

SLIPPED = ("order", "bill")  # kinds of entities that villagers and clerks call by their slip
KEY_CHARACTERS = 16  # of an identity in an account's name
STALE = 409  # the status of a page that somebody else has overtaken
TOGETHER = "+"  # between the codes of two who said one thing


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a page's numbers reach. last: when each station was heard last, 0 for never."""

    last: dict[str, int]
    now: int

    @property
    def offline(self) -> int:
        """Return how many stations were heard once, and not lately."""
        return sum(1 for at in self.last.values() if at and link_after(at, self.now) != ONLINE)

    def is_online(self, station: str) -> bool:
        """Tell whether what is known of a station is fresh."""
        return link_after(self.last.get(station, 0), self.now) == ONLINE


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk of one county, in a frame."""

    county: County
    frame: Frame

    def reach(self, connection: Connection, now: int) -> Reach:
        """Return when each station was heard last."""
        last: dict[str, int] = {}
        for contact in heard_from(self.county.store, connection):
            last[contact.station] = max(last.get(contact.station, 0), contact.last_heard_at)
        return Reach(last, now)

    def words(self, now: int, names: Mapping[str, str] | None = None) -> "DeskWords":
        """Return the words of this moment. names: masked, by the key in an account's name."""
        return DeskWords(self.frame.texts, now, names or {})

    def names(self, connection: Connection, station: str, owners: Iterable[str]) -> dict[str, str]:
        """Return whose money it is, by the key that stands in an account's name.

        A villager by her masked name, an order or a bill by the number of its slip, a courier by
        its name. A key is the beginning of an identity, so each is one step into an index. Who was
        erased, or is not described here, keeps her key.
        """
        states = self.county.store.tables.states.c
        found = courier_names(connection)
        for owner in set(owners):
            first = _beginning(owner)
            if not first:
                continue
            row = connection.execute(
                select(states.kind, states.entity, states.data).where(
                    states.station.in_((station, EVERYWHERE)),
                    states.kind.in_(("person", *SLIPPED)),
                    states.entity >= first,
                    states.entity < f"{first}g",  # behind every hexadecimal digit
                )
            ).first()
            if row is not None:
                name = self._name_of(connection, station, *row)
                found |= {owner: name} if name else {}
        return found

    def _name_of(
        self, connection: Connection, station: str, kind: str, entity: str, data: bytes
    ) -> str:
        state = msgspec.json.decode(bytes(data))
        if kind not in SLIPPED:
            return mask_name(state.get("name", ""))
        facts = self.county.store.tables.facts.c
        founded = select(facts.stream).where(facts.station == station, facts.identity == entity)
        stream = connection.execute(founded).scalar()
        if not stream or not state.get("slip"):
            return ""
        number = printed_number(state["slip"], stream)
        return self.frame.texts.say("county.purse.slip", number=number)

    def operators(
        self, connection: Connection, station: str, identities: Iterable[str]
    ) -> dict[str, str]:
        """Return the masked names of a station's operators who recorded something."""
        states = self.county.store.tables.states.c
        found: dict[str, str] = {}
        for by in set(identities) - {""}:
            row = connection.execute(
                select(states.data).where(
                    states.station == station, states.kind == "operator", states.entity == by
                )
            ).first()
            name = msgspec.json.decode(bytes(row[0])).get("name", "") if row else ""
            if name:
                found[by] = mask_name(name)
        return found

    def page(self, template: str, ask: Ask, status: int = 200, **slots: Any) -> Response:
        """Render a page of the desk."""
        with self.frame.read() as connection:
            slots.setdefault("reached", self.reach(connection, ask.now))
            slots.setdefault("places", places_by_code(connection))
        slots.setdefault("trouble", "")
        slots.setdefault("typed", {})
        slots.setdefault("quantity", self.frame.quantity)
        words = self.words(ask.now, slots.pop("names", None))
        return self.frame.member_page(template, ask, words, status, done=self._done(ask), **slots)

    def _done(self, ask: Ask) -> str:
        """Return what the address says was done just now, if there are words for it."""
        said = ask.query.get("done", "")
        return said if self.frame.texts.has(f"county.done.{said}") else ""

    def trouble(self, ask: Ask, refused: Refused) -> str:
        """Return a refusal as a sentence."""
        return self.words(ask.now).say(f"refusal.{refused.reason}", **refused.slots)


def _beginning(owner: str) -> str:
    """Return the first 20 hexadecimal digits of the identity that a key stands for, "" for none."""
    try:
        return base64.b32decode(owner).hex() if len(owner) == KEY_CHARACTERS else ""
    except binascii.Error:
        return ""


def status_of(refused: Refused) -> int:
    """Return the status of a page that comes back with a refusal."""
    return STALE if refused.reason == "stale" else 422


def go(url: str, done: str = "") -> Response:
    """Return to a page after something was done, and say so there once."""
    mark = "&" if "?" in url else "?"
    return RedirectResponse(f"{url}{mark}done={done}" if done else url, 303, headers=NOT_KEPT)


def places_by_code(connection: Connection) -> dict[str, Place]:
    """Return every place of the county by its code."""
    return {place.code: place for place in read_places(connection)}


class HasKind(Protocol):
    """A case, as far as its title needs it."""

    @property
    def kind(self) -> str:
        """Return the kind of the case."""
        ...


class HasVerdict(Protocol):
    """A case that was decided, as far as its words need it."""

    @property
    def verdict(self) -> str:
        """Return the word of the verdict, or the identity of the side that holds."""
        ...

    @property
    def device(self) -> str:
        """Return the PC whose side holds, "" for none."""
        ...


@dataclass(frozen=True, slots=True)
class DeskWords(Words):
    """How money, purses and slips are said at the desks. names: of growers, masked."""

    names: Mapping[str, str] = field(default_factory=dict)

    def place(self, places: dict[str, Place], code: str) -> str:
        """Return the name of a station; its code when the county does not describe it."""
        return self.station(places[code]) if code in places else code

    def value(self, name: str, value: object) -> str:
        """Return a field of a publication as it is said."""
        if name.startswith("is_"):
            return self.say("master.yes" if value else "master.no")
        is_plain = isinstance(value, str) and (not value or is_day(value))
        return str(value) if is_plain else say_value(self.texts, name, value)

    def plain_yuan(self, fen: int) -> str:
        """Return an amount as it is typed."""
        return yuan_plain(fen)

    def slip_number(self, device: str, number: str) -> str:
        """Return "1 号机 NO.12-K7": the number as it stands on the slip."""
        return self.say("finance.slip", device=self.device(device), number=number)

    def purse(self, portion: Portion) -> str:
        """Return whose money a portion is."""
        if not portion.purse:
            return self.say("purse.current")
        key = f"purse.{portion.purse}"
        known = portion.purse if self.texts.has(f"county.{key}") else "other"
        return self.say(f"purse.{known}", owner=self.names.get(portion.owner, portion.owner))

    def account(self, account: str) -> str:
        """Return an account between station and county in words."""
        parts = account.split(":")
        if account == COUNTY_CURRENT:
            return self.say("purse.current")
        if account.startswith("Liabilities:Held:") and len(parts) == 5:
            where = self.say("purse.here" if parts[4] == "Here" else "purse.county")
            purse = self.purse(Portion(purse=parts[2], owner=parts[3], amount_fen=0))
            return f"{purse}{where}"
        for count in (3, 2):
            key = f"account.{'_'.join(parts[:count])}"
            if self.texts.has(f"county.{key}"):
                return self.say(key, rest=" ".join(map(self._whose, parts[count:]))).strip()
        return account

    def _whose(self, part: str) -> str:
        return self.names.get(part, part)

    def kind(self, kind: str) -> str:
        """Return what a fact of this kind is called; its own name when nobody has given one."""
        key = f"kind.{kind.replace('.', '_')}"
        if self.texts.has(f"county.{key}"):
            return self.say(key)
        at_the_station = f"overview.kind.{kind}"
        return self.texts.say(at_the_station) if self.texts.has(at_the_station) else kind

    def field(self, name: str) -> str:
        """Return what an amount in a fact is called; its own name when nobody has given one."""
        key = f"overview.field.{name}"
        return self.texts.say(key) if self.texts.has(key) else name

    def case_title(self, case: "HasKind") -> str:
        """Return what a case is about; a kind that nobody has named is two sides that differ."""
        key = f"case_title.{case.kind.replace('.', '_')}"
        room, _, name = case.kind.partition(".")
        at_the_station = f"{room}.case.{name}"
        if not self.texts.has(f"county.{key}") and self.texts.has(at_the_station):
            return self.texts.say(at_the_station)
        return self.say(key if self.texts.has(f"county.{key}") else "case_title.other")

    def verdict(self, closing: "HasVerdict") -> str:
        """Return how a case was decided: 按 1 号机, 两边都留."""
        if closing.device:
            return self.say("verdict.by", device=self.device(closing.device))
        key = f"verdict.{closing.verdict}"
        return self.say(key if self.texts.has(f"county.{key}") else "verdict.other")

    def bill_reason(self, reason: str) -> str:
        """Return why a bill was not paid, as the counter says it."""
        key = f"bills.reason.{reason}"
        return self.texts.say(key) if self.texts.has(key) else reason

    def message_reason(self, reason: str) -> str:
        """Return why a message did not go or arrive, as the counter says it."""
        key = f"parcels.not_arrived.{reason}"
        return self.texts.say(key if self.texts.has(key) else "parcels.not_arrived.other")

    def way(self, way: str) -> str:
        """Return how money travels."""
        return self.say(f"way.{way}") if self.texts.has(f"county.way.{way}") else way

    def figure(self, amount: int, commodity: str) -> str:
        """Return an amount of money, or a number of pieces."""
        return self.yuan(amount) if commodity == CNY else self.say("pieces", count=amount)

    def signed(self, fen: int) -> str:
        """Return an amount, or — for nothing."""
        return self.yuan(fen) if fen else "—"
