"""Accounts in village words: 代收货款 极兔 for `Liabilities:Held:COD:JTSD:Here`.

The head of a name is looked up in the catalogue, the longest first; what is left of it says whose:
a courier, a villager, a paper, a lot, a PC. A kind that a newer program made still gets words.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from station_app.journal.log import Connection
from station_app.ledger.accounts import COUNTY, HERE
from station_app.ledger.posting import CNY, PCS
from station_app.reference.records import courier
from station_app.services.people import records as people
from station_app.shell.counter import Privacy
from station_app.values.masks import mask_name
from station_app.values.money import say_yuan
from station_app.values.texts import Texts
from station_app.values.weight import say_kg

KEY_CHARACTERS = 16  # of an identity in an account's name
WEIGHED = "gram"  # the unit of a lot that goes over the scale
_STATES_WITH_PERSON = ("order", "bill", "sending", "parcel", "sale")


class _Known(msgspec.Struct):
    """What a fact or a state may say of whose it is."""

    person: str = ""
    grower: str = ""
    number: str = ""
    slip: int = 0


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose an account is. person: identity, "" if it is nobody's; words: her name or the thing."""

    words: str = ""
    person: str = ""


@dataclass(slots=True)
class AccountWords:
    """Names accounts for one connection's look-up; what it found once it keeps.

    is_masked: names as on paper, for files; else as the screen may show them now.
    """

    texts: Texts
    privacy: Privacy = field(default_factory=Privacy)
    is_masked: bool = False
    _owners: dict[str, Owner] = field(default_factory=dict)

    def name(self, connection: Connection, account: str) -> str:
        """Return what an account is called."""
        head, rest = self._head(account)
        if not head:
            return self.texts.say("ledger.account.other", name=account)
        where = rest[-1] if rest and rest[-1] in (HERE, COUNTY) else ""
        key = rest[: -1 if where else None]
        whose = self.whose(connection, head, key[0]) if key else Owner()
        words = self.texts.say(f"ledger.account.{head}")
        place = self.texts.say("ledger.account.at_county") if where == COUNTY else ""
        return f"{words}{place} {whose.words}".strip()

    def short(self, account: str) -> str:
        """Return the kind of account without whose it is."""
        head, _ = self._head(account)
        return self.texts.say_known(f"ledger.account.{head}", "ledger.account.other", name=account)

    def _head(self, account: str) -> tuple[str, list[str]]:
        parts = account.split(":")
        for count in range(len(parts), 0, -1):
            key = "_".join(parts[:count]).lower()
            if self.texts.has(f"ledger.account.{key}"):
                return key, parts[count:]
        return "", parts

    def whose(self, connection: Connection, head: str, key: str) -> Owner:
        """Return whose account it is. head: of the catalogue; key: the part behind it."""
        if head == "equity_counter":
            return Owner()
        if head == "assets_drawer":
            return Owner(self.texts.say("ledger.account.device", device=key.lstrip("D")))
        if key.startswith("LOT-"):
            return Owner(self._lot(connection, key))
        if len(key) == KEY_CHARACTERS:
            found = self._owners.get(key)
            if found is None:
                found = self._owners[key] = self._find(connection, key)
            return self._worded(connection, found)
        known = courier(connection, key)
        return Owner(known.short_name or known.name if known is not None else key)

    def _worded(self, connection: Connection, found: Owner) -> Owner:
        if not found.person:
            return found
        return Owner(self.person(connection, found.person), found.person)

    def person(self, connection: Connection, identity: str) -> str:
        """Return how a person is shown; who was erased, or is nobody we know, gets words, too."""
        row = people.person(connection, identity) if identity else None
        if row is None or not row.name:
            return self.texts.say("ledger.account.somebody")
        return mask_name(row.name) if self.is_masked else self.privacy.name(row.name)

    def _find(self, connection: Connection, key: str) -> Owner:
        """Find the person behind a key: herself, or whose order, bill or paper it is."""
        try:
            first = base64.b32decode(key).hex()
        except ValueError:
            return Owner(key)
        row = connection.execute(
            "SELECT identity, entity, body FROM facts WHERE identity >= ? AND identity < ? LIMIT 1",
            (first, first + "g"),
        ).fetchone()
        if row is None:
            return Owner(key[:6])
        identity, entity, body = row
        if people.person(connection, identity) is not None:
            return Owner("", people.root_of(connection, identity))
        person = self._person_of(body) or self._person_of_state(connection, entity or identity)
        return Owner("", people.root_of(connection, person)) if person else Owner(key[:6])

    def _person_of_state(self, connection: Connection, identity: str) -> str:
        root = people.root_of(connection, identity)
        for kind in _STATES_WITH_PERSON:
            row = connection.execute(
                "SELECT data FROM states WHERE kind = ? AND entity = ?", (kind, root)
            ).fetchone()
            if row is not None and (person := self._person_of(row[0])):
                return person
        return ""

    def _person_of(self, raw: Any) -> str:
        try:
            said = msgspec.json.decode(raw, type=_Known)
        except msgspec.MsgspecError:
            return ""
        return said.person or said.grower

    def _lot(self, connection: Connection, commodity: str) -> str:
        unit = unit_of(connection, commodity)
        return unit.code or commodity.removeprefix("LOT-")[:6]

    def amount(self, connection: Connection, amount: int, commodity: str) -> str:
        """Return an amount with its unit: ¥12.00, 3 件, 2.5 公斤."""
        if commodity == CNY:
            return say_yuan(amount)
        if commodity == PCS:
            return self.texts.say("ledger.unit.pieces", count=amount)
        if unit_of(connection, commodity).is_weighed:
            return say_kg(amount)
        return self.texts.say("ledger.unit.count", count=amount)


class _Lot(msgspec.Struct):
    code: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class LotUnit:
    """How a lot is counted. code: its printed code, "" if the lot is not held here."""

    code: str
    is_weighed: bool


def unit_of(connection: Connection, commodity: str) -> LotUnit:
    """Return how a commodity `LOT-…` is counted."""
    try:
        first = base64.b32decode(commodity.removeprefix("LOT-")).hex()
    except ValueError:
        return LotUnit("", is_weighed=True)
    row = connection.execute(
        "SELECT data FROM states WHERE kind = 'lot' AND entity >= ? AND entity < ? LIMIT 1",
        (first, first + "g"),
    ).fetchone()
    if row is None:
        return LotUnit("", is_weighed=True)
    lot = msgspec.json.decode(row[0], type=_Lot)
    return LotUnit(lot.code, is_weighed=lot.unit in ("", WEIGHED))


def kinds_in_words(texts: Texts, kinds: Sequence[str]) -> str:
    """Return what facts of these kinds say happened: 包裹上架 · 收钱."""
    said = (
        texts.say(f"overview.kind.{kind}") if texts.has(f"overview.kind.{kind}") else kind
        for kind in dict.fromkeys(kinds)
    )
    return " · ".join(said)
