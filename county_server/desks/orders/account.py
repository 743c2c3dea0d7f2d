"""The account that the county buys with (采购户): what is left in it, and how that comes about.

Somebody looks into the account and says what it holds; from then on the desk adds what was put in
or given back, and takes off what was taken out and what was bought. So what is left is always
counted from the last look, and a slip of long ago is not dragged along.
"""

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, func, select
from starlette.responses import Response

from county_server.desks.desk import Desk, go, status_of
from county_server.desks.orders import queue
from county_server.desks.pen import Refused, check_mark, mark_of
from county_server.schema import EVERYWHERE, home_of
from county_server.scribe import EVERYBODY, Scribe
from county_server.staff import roles
from county_server.staff.accounts import StaffBook
from county_server.store import Store
from county_server.web.frame import Ask, Endpoint
from station_app.journal.fact import Body, Saying
from station_app.reference.facts import PurchasingAccountCounted, PurchasingAccountFunded
from station_app.reference.purchasing_account import (
    GIVEN_BACK,
    PURCHASING_ACCOUNT,
    PUT_IN,
    TAKEN_OUT,
    WAYS,
    PurchasingAccount,
)
from station_app.values.day import local_day
from station_app.values.money import parse_yuan

URL = "/orders/account"
SHOWN_MAX = 100
REFERENCE_MAX = 40
_account = msgspec.json.Decoder(PurchasingAccount).decode
_funded = msgspec.json.Decoder(PurchasingAccountFunded).decode
_counted = msgspec.json.Decoder(PurchasingAccountCounted).decode


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left, and what of it is what. last: the last fact of the account, "" for none."""

    state: PurchasingAccount
    bought_fen: int
    bought: int
    last: str

    @property
    def left_fen(self) -> int:
        """Return what the account should hold now."""
        return self.state.funded_fen - self.bought_fen

    @property
    def put_in_fen(self) -> int:
        """Return what was put in since it was counted."""
        return self.state.moved.get(PUT_IN, 0)

    @property
    def given_back_fen(self) -> int:
        """Return what platforms gave back since then."""
        return self.state.moved.get(GIVEN_BACK, 0)

    @property
    def taken_out_fen(self) -> int:
        """Return what was taken out since then."""
        return self.state.moved.get(TAKEN_OUT, 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was said about the account. way: of WAYS, or "counted"; fen: as a change.

    off_fen: by how much a look found more than the desk had made of it.
    """

    identity: str
    at: int
    by: str
    way: str
    fen: int
    reference: str = ""
    takes_back: str = ""
    off_fen: int = 0


def standing(store: Store, connection: Connection) -> Standing | None:
    """Return how the account stands; None before anybody has said what it holds."""
    states, orders = store.tables.states.c, store.tables.read[queue.KIND].c
    row = connection.execute(
        select(states.data, states.identity).where(
            states.station == EVERYWHERE, states.kind == PURCHASING_ACCOUNT.name
        )
    ).first()
    state = _account(bytes(row[0])) if row else PurchasingAccount()
    if row is None or not state.counted_at:
        return None
    fen, count = connection.execute(
        select(func.coalesce(func.sum(orders.bought_fen), 0), func.count()).where(
            orders.bought_at > state.counted_at
        )
    ).one()
    return Standing(state, int(fen), int(count), str(row[1]))


def entries(store: Store, connection: Connection) -> list[Entry]:
    """Return what was said about the account, the latest first."""
    f = store.tables.facts.c
    kinds = (PurchasingAccountFunded.KIND, PurchasingAccountCounted.KIND)
    rows = connection.execute(
        select(f.identity, f.at, f.by_, f.kind, f.body)
        .where(f.station == EVERYWHERE, f.kind.in_(kinds))
        .order_by(f.at.desc(), f.identity)
        .limit(SHOWN_MAX)
    )
    return [_entry(str(row[0]), int(row[1]), str(row[2]), row[3], bytes(row[4])) for row in rows]


def _entry(identity: str, at: int, by: str, kind: str, body: bytes) -> Entry:
    if kind == PurchasingAccountCounted.KIND:
        seen = _counted(body)
        off_fen = seen.shown_fen - seen.expected_fen
        return Entry(identity, at, by, "counted", seen.shown_fen, off_fen=off_fen)
    said = _funded(body)
    is_less = (said.way == TAKEN_OUT) != bool(said.takes_back)
    fen = -said.amount_fen if is_less else said.amount_fen
    return Entry(identity, at, by, said.way, fen, said.reference, said.takes_back)


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order that was bought out of the account."""

    station: str
    entity: str
    at: int
    fen: int


def purchases(store: Store, connection: Connection, since: int) -> list[Purchase]:
    """Return what was bought since a moment, the latest first."""
    o = store.tables.read[queue.KIND].c
    rows = connection.execute(
        select(o.station, o.entity, o.bought_at, o.bought_fen)
        .where(o.bought_at > since)
        .order_by(o.bought_at.desc(), o.entity)
        .limit(SHOWN_MAX)
    )
    return [Purchase(str(row[0]), str(row[1]), int(row[2]), int(row[3])) for row in rows]


class PurchasingAccountPages:
    """The page of the account, and what is said about it."""

    def __init__(self, desk: Desk) -> None:
        """Keep the account of one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the pages and acts."""
        page, look, do = roles.PURCHASING_ACCOUNT, roles.LOOK, roles.DO
        return [
            Endpoint("GET", URL, page, look, self.page),
            Endpoint("POST", f"{URL}/fund", page, do, self.fund),
            Endpoint("POST", f"{URL}/count", page, do, self.count),
            Endpoint("POST", f"{URL}/undo", page, do, self.undo),
        ]

    def page(self, ask: Ask, trouble: str = "", status: int = 200) -> Response:
        """Show what is left, how that comes about, and everything that was said."""
        store = self._desk.county.store
        with self._desk.frame.read() as connection:
            now = standing(store, connection)
            said = entries(store, connection)
            bought = purchases(store, connection, now.state.counted_at) if now else []
            people = {
                account.member.code: account.member.name
                for account in StaffBook(store, connection).all()
            }
            mark = _mark(store, connection)
        fields = ("way", "amount", "reference", "shown")
        return self._desk.page(
            "orders_account.html", ask, status, now=now, said=said, bought=bought, people=people,
            mark=mark, trouble=trouble, tab="account", tabs=queue.TABS, ways=WAYS,
            typed={name: ask.form.get(name) for name in fields} if trouble else {},
            undo=_undo(said, ask.query.get("undo", ""), ask.member.code),
        )  # fmt: skip

    def fund(self, ask: Ask) -> Response:
        """Say that money went in or out."""
        way, fen = ask.form.get("way"), parse_yuan(ask.form.get("amount"))
        reference = ask.form.get("reference").strip()
        try:
            if way not in WAYS:
                raise Refused("account_way")
            if not fen:
                raise Refused("account_amount")
            if len(reference) > REFERENCE_MAX or not (reference.isascii() or not reference):
                raise Refused("account_reference", most=REFERENCE_MAX)
            body = PurchasingAccountFunded(
                way=way, amount_fen=fen, reference=reference, takes_back="", day=local_day(ask.now)
            )
            said = self._say(ask, body)
        except Refused as refused:
            return self._again(ask, refused)
        return go(f"{URL}?undo={said}", "account_funded")

    def count(self, ask: Ask) -> Response:
        """Say what the account holds; what is left is counted from here."""
        fen = parse_yuan(ask.form.get("shown"))
        try:
            if fen is None:
                raise Refused("account_amount")
            with self._desk.frame.read() as connection:
                now = standing(self._desk.county.store, connection)
            expected_fen = now.left_fen if now else fen
            body = PurchasingAccountCounted(
                shown_fen=fen, expected_fen=expected_fen, day=local_day(ask.now)
            )
            self._say(ask, body)
        except Refused as refused:
            return self._again(ask, refused)
        return go(URL, "account_counted")

    def undo(self, ask: Ask) -> Response:
        """Take back what the same person said last."""
        store, named = self._desk.county.store, ask.form.get("undo")
        try:
            with self._desk.frame.read() as connection:
                last = _undo(entries(store, connection), named, ask.member.code)
            if last is None:
                raise Refused("account_undo")
            body = PurchasingAccountFunded(
                way=last.way, amount_fen=abs(last.fen), reference=last.reference,
                takes_back=last.identity, day=local_day(ask.now),
            )  # fmt: skip
            self._say(ask, body)
        except Refused as refused:
            return self._again(ask, refused)
        return go(URL, "account_undone")

    def _again(self, ask: Ask, refused: Refused) -> Response:
        return self.page(ask, self._desk.trouble(ask, refused), status_of(refused))

    def _say(self, ask: Ask, body: Body) -> str:
        county = self._desk.county
        with county.store.write() as connection:
            county.store.lock(connection, home_of(f"county.{county.keys.epoch.number}/{EVERYBODY}"))
            check_mark(lambda: _mark(county.store, connection), ask.form.get("mark"))
            scribe = Scribe(county.store, connection, county.keys, county.chance)
            (fact,) = scribe.say(EVERYBODY, [Saying(body)], by=ask.member.code, at=ask.now)
            scribe.seal()
        return fact.identity


def _mark(store: Store, connection: Connection) -> str:
    said = entries(store, connection)
    return mark_of(said[0].identity if said else "")


def _undo(said: list[Entry], named: str, by: str) -> Entry | None:
    """Return the entry that may be taken back at once: the last one, by whoever said it."""
    last = said[0] if said else None
    if last is None or last.identity != named or last.by != by:
        return None
    return None if last.takes_back or last.way == "counted" else last
