"""Orders as they are asked for: queries over their table, their words, what a person ordered last.

Everything is one look-up of an index. The words of an order are its private part: an erasure takes
them, and what is left says what the goods cost and no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import msgspec

from station_app.journal.log import Connection
from station_app.journal.series import printed_number
from station_app.ledger.accounts import refund_due
from station_app.ledger.balances import balance
from station_app.reference import goods_records as reference
from station_app.reference.goods_records import ProductRow
from station_app.reference.order_terms import OrderTerms
from station_app.services.accounts.facts import RefundPaid
from station_app.services.purchasing.cart import Cart, Item
from station_app.services.purchasing.completion_records import with_given
from station_app.services.purchasing.facts import (
    OrderPickedUp,
    OrderPlaced,
    OrderReturned,
    OrderWords,
)
from station_app.services.purchasing.placing import Wanted
from station_app.services.purchasing.rules import ORDER, PICKED_UP, Order
from station_app.values.paying import Credit
from station_app.values.villagers import Villager

FOUND_MAX = 30
SLIP_DIGITS_MAX = 9
PEOPLE_MAX = 20  # of whose orders are listed for what was typed
LIST_MAX = 200  # of a list that is looked through with the arrows
OPEN_WHERE = (
    "(o.status IN ('placed', 'accepted', 'bought', 'shipped') "
    "OR o.held_here_fen != 0 OR o.held_county_fen != 0 OR o.claim_fen != 0)"
)
_order = msgspec.json.Decoder(Order).decode
_words = msgspec.json.Decoder(OrderWords).decode
_ROW = "o.entity, o.person, o.status, o.goods_fen, o.fee_fen, o.day, f.stream, f.act, o.slip"


class KnownPerson(Villager, Protocol):
    """A villager, as far as an order has to know her."""

    @property
    def is_erased(self) -> int:
        """Tell whether she has asked to be forgotten."""
        ...


class People(Protocol):
    """The register, as far as this slice asks it; `services.people.records` is one."""

    def person(self, connection: Connection, identity: str, /) -> KnownPerson | None:
        """Return one villager."""
        ...

    def find(self, connection: Connection, typed: str, /) -> Sequence[KnownPerson]:
        """Return whoever fits what was typed."""
        ...

    def credit(self, connection: Connection, identity: str, /) -> Credit:
        """Return up to what she may owe, and what she owes."""
        ...

    def operator_name(self, connection: Connection, identity: str, /) -> str:
        """Return who works at the counter."""
        ...

    def names_of(self, connection: Connection, identity: str, /) -> tuple[str, ...]:
        """Return every identity under which other facts may know a villager."""
        ...


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order in a list. act: in which it was placed; number: on its slip."""

    order: str
    person: str
    status: str
    goods_fen: int
    fee_fen: int
    day: str
    stream: str
    act: str
    slip: int

    @property
    def number(self) -> str:
        """Return the number of its slip as printed."""
        return printed_number(self.slip, self.stream)


@dataclass(frozen=True, slots=True)
class Returned:
    """Goods of an order that came back and are still here. product: of its first line."""

    order: str
    number: str
    pieces: int
    product: str
    what: str = ""


# --- Goods ---------------------------------------------------------------------------------------


def wanted(connection: Connection, code: str, day: str) -> Wanted | None:
    """Return goods of the catalogue as the rule sees them."""
    row = reference.product(connection, code)
    if row is None:
        return None
    why_not = "" if row.may_be_sold else row.remark or row.policy
    return Wanted(
        name=row.name,
        price_fen=price_of(row, day),
        prepayment_bp=row.prepayment_bp,
        why_not=why_not,
    )


def product_row(connection: Connection, code: str) -> ProductRow | None:
    """Return goods of the catalogue."""
    return reference.product(connection, code)


def price_of(row: ProductRow, day: str) -> int:
    """Return what one piece costs a villager on a day: its price, and what the sending costs."""
    return row.price_on(day) + row.ship_fee_fen


def item_of(row: ProductRow, terms: OrderTerms, day: str, pieces: int = 1) -> Item:
    """Return goods of the catalogue as a line of a cart."""
    price_fen = price_of(row, day)
    return Item(
        product=row.code,
        words=" ".join(part for part in (row.name, row.spec) if part),
        price_fen=price_fen,
        ceiling_fen=terms.ceiling_fen(price_fen),
        pieces=pieces,
        prepayment_bp=row.prepayment_bp,
        small="",
        platform=row.platform,
    )


def priced_anew(connection: Connection, cart: Cart, day: str) -> Cart:
    """Return a cart at the terms and prices of a day."""
    terms = reference.order_terms(connection, day)
    items = []
    for item in cart.items:
        row = reference.product(connection, item.product) if item.product else None
        if row is not None and price_of(row, day) != item.price_fen:
            item = item_of(row, terms, day, item.pieces)
        items.append(item)
    return replace(cart, items=tuple(items), terms=terms)


# --- Orders --------------------------------------------------------------------------------------


def order_state(connection: Connection, order: str) -> Order | None:
    """Return all that is known of an order; None if it was undone or never heard of."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = ? AND entity = ?", (ORDER.name, order)
    ).fetchone()
    return _order(row[0]) if row else None


def words_of(connection: Connection, order: str) -> OrderWords:
    """Return what an order said in words when placed; nothing once they were erased."""
    row = connection.execute("SELECT part FROM privates WHERE identity = ?", (order,)).fetchone()
    return _words(row[0]) if row else OrderWords()


def words_now(connection: Connection, order: str) -> OrderWords:
    """Return the words of an order with what the county had completed since it was placed."""
    return with_given(connection, order, words_of(connection, order))


def order_row(connection: Connection, order: str) -> OrderRow | None:
    """Return one order as a list has it."""
    row = connection.execute(
        f"SELECT {_ROW} FROM orders o JOIN facts f ON f.identity = o.entity "  # noqa: S608
        "WHERE o.entity = ?",
        (order,),
    ).fetchone()
    return OrderRow(*row) if row else None


def orders_of(
    connection: Connection, persons: Sequence[str], most: int = FOUND_MAX
) -> tuple[OrderRow, ...]:
    """Return the orders of a villager, known under these identities, the newest first."""
    marks = ", ".join("?" * len(persons))
    rows = connection.execute(
        f"SELECT {_ROW} FROM orders o JOIN facts f ON f.identity = o.entity "  # noqa: S608
        f"WHERE o.person IN ({marks}) ORDER BY f.at DESC, o.entity LIMIT ?",
        (*persons, most),
    ).fetchall()
    return tuple(OrderRow(*row) for row in rows)


def find_orders(
    connection: Connection, persons: Sequence[str], *, is_open: bool, most: int = LIST_MAX
) -> tuple[OrderRow, ...]:
    """Return orders that are under way, or of these villagers, the newest first."""
    if persons:
        return orders_of(connection, persons, most)
    where = OPEN_WHERE if is_open else "o.status != ''"
    rows = connection.execute(
        f"SELECT {_ROW} FROM orders o JOIN facts f ON f.identity = o.entity "  # noqa: S608
        f"WHERE {where} ORDER BY f.at DESC, o.entity LIMIT ?",
        (most,),
    ).fetchall()
    return tuple(OrderRow(*row) for row in rows)


def orders_of_number(connection: Connection, typed: str) -> tuple[OrderRow, ...]:
    """Return the orders whose slip bears a number, as printed: 12-K7."""
    digits, _, mark = typed.strip().upper().removeprefix("NO.").partition("-")
    if not mark or not digits.isascii() or not digits.isdigit() or len(digits) > SLIP_DIGITS_MAX:
        return ()
    rows = connection.execute(
        f"SELECT {_ROW} FROM orders o JOIN facts f ON f.identity = o.entity "  # noqa: S608
        "WHERE o.slip = ? ORDER BY f.at DESC, o.entity LIMIT ?",
        (int(digits), LIST_MAX),
    ).fetchall()
    found = (OrderRow(*row) for row in rows)
    return tuple(row for row in found if row.number == f"{digits}-{mark}")


def returned_here(connection: Connection) -> tuple[Returned, ...]:
    """Return what came back and waits for the van, the oldest first."""
    rows = connection.execute(
        "SELECT o.entity, o.slip, f.stream, s.data FROM orders o "
        "JOIN facts f ON f.identity = o.entity "
        "JOIN states s ON s.kind = ? AND s.entity = o.entity "
        "WHERE o.status = ? AND json_extract(s.data, '$.pieces_back') > 0 "
        "ORDER BY o.closed_day, f.at, o.entity LIMIT ?",
        (ORDER.name, PICKED_UP, LIST_MAX),
    ).fetchall()
    found = []
    for order, slip, stream, data in rows:
        state = _order(data)
        product = next((line.product for line in state.lines if line.pieces), "")
        number = printed_number(slip, stream)
        found.append(Returned(order, number, state.pieces_back, product))
    return tuple(found)


def owed_back_fen(connection: Connection, order: str) -> int:
    """Return what is still to be paid back against an order."""
    return max(0, -balance(connection, refund_due(order)))


def refunded_fen(connection: Connection, order: str) -> int:
    """Return what was paid back against an order."""
    (fen,) = connection.execute(
        "SELECT coalesce(sum(p.amount), 0) FROM postings p "
        "JOIN facts f ON f.stream = p.stream AND f.seq = p.seq "
        "WHERE p.account = ? AND f.kind = ? AND NOT EXISTS "
        "(SELECT 1 FROM reversals r WHERE r.stream = f.stream AND r.act = f.act)",
        (refund_due(order), RefundPaid.KIND),
    ).fetchone()
    return int(fen)


def last_paper_act(connection: Connection, order: str) -> str:
    """Return the act of an order that printed its newest slip."""
    row = connection.execute(
        "SELECT f.act FROM folds o JOIN facts f ON f.identity = o.identity WHERE o.root = ? "
        "AND f.kind IN (?, ?, ?) AND NOT EXISTS (SELECT 1 FROM reversals r "
        "WHERE r.stream = f.stream AND r.act = f.act) ORDER BY o.at DESC, o.identity DESC LIMIT 1",
        (order, OrderPlaced.KIND, OrderPickedUp.KIND, OrderReturned.KIND),
    ).fetchone()
    return str(row[0]) if row else ""


def items_of(connection: Connection, order: str, terms: OrderTerms, day: str) -> tuple[Item, ...]:
    """Return the lines of an order to be ordered again: at today's prices, what may be had."""
    state, words = order_state(connection, order), words_now(connection, order)
    if state is None:
        return ()
    found: list[Item] = []
    for number, line in enumerate(state.lines):
        said = words.items[number] if number < len(words.items) else ""
        row = reference.product(connection, line.product) if line.product else None
        if row is not None and row.may_be_sold and price_of(row, day):
            found.append(item_of(row, terms, day, line.pieces))
        elif not line.product and said and line.pieces:
            price_fen = line.price_fen // line.pieces
            found.append(
                Item(
                    product="",
                    words=said,
                    price_fen=price_fen,
                    ceiling_fen=max(price_fen, line.ceiling_fen // line.pieces),
                    pieces=line.pieces,
                    prepayment_bp=terms.prepayment_bp,
                    link=words.link,
                )
            )
    return tuple(found)


def figures(connection: Connection, day: str) -> tuple[int, int]:
    """Return how many orders were placed on a day, and how many are under way."""
    (placed,) = connection.execute(
        "SELECT count(*) FROM orders WHERE day = ? AND person != ''", (day,)
    ).fetchone()
    (open_now,) = connection.execute(
        "SELECT count(*) FROM orders WHERE status IN ('placed', 'accepted', 'bought', 'shipped')"
    ).fetchone()
    return int(placed), int(open_now)


def count_open(connection: Connection, persons: Sequence[str]) -> int:
    """Return how many orders of a villager, known under these identities, are under way."""
    marks = ", ".join("?" * len(persons))
    (count,) = connection.execute(
        f"SELECT count(*) FROM orders WHERE person IN ({marks}) "  # noqa: S608
        "AND status IN ('placed', 'accepted', 'bought', 'shipped')",
        tuple(persons),
    ).fetchone()
    return int(count)


def waiting_for_her(connection: Connection) -> tuple[int, int]:
    """Return how many orders wait for a villager's word on the price, and how many lie here."""
    (quoted,) = connection.execute(
        "SELECT count(*) FROM orders o JOIN states s ON s.kind = ? AND s.entity = o.entity "
        "WHERE o.status IN ('placed', 'accepted') AND json_extract(s.data, '$.quote_fen') > 0",
        (ORDER.name,),
    ).fetchone()
    (arrived,) = connection.execute(
        "SELECT count(*) FROM orders o WHERE o.status IN ('accepted', 'bought', 'shipped') "
        "AND o.waybill != '' AND EXISTS (SELECT 1 FROM parcels p WHERE p.waybill = o.waybill "
        "AND p.status = 'on_hand')"
    ).fetchone()
    return int(quoted), int(arrived)


def order_of_act(connection: Connection, act: str) -> str:
    """Return the order that an act was about, "" for none."""
    row = connection.execute(
        "SELECT f.kind, f.identity, f.entity FROM tickets t "
        "JOIN facts f ON f.stream = t.stream AND f.act = t.ticket "
        "WHERE t.ticket = ? AND f.kind IN (?, ?, ?) LIMIT 1",
        (act, OrderPlaced.KIND, OrderPickedUp.KIND, OrderReturned.KIND),
    ).fetchone()
    if row is None:
        return ""
    return str(row[1] if row[0] == OrderPlaced.KIND else row[2])


def order_of_waybill(connection: Connection, waybill: str) -> str:
    """Return the order whose goods travel under a waybill, "" for none."""
    row = connection.execute(
        "SELECT entity FROM orders WHERE waybill = ? AND waybill != '' ORDER BY entity LIMIT 1",
        (waybill,),
    ).fetchone()
    return str(row[0]) if row else ""


def placed_in(connection: Connection, act: str) -> str:
    """Return the order that was placed in an act, also one still open; "" for none."""
    row = connection.execute(
        "SELECT f.identity FROM tickets t JOIN facts f ON f.stream = t.stream AND f.act = t.ticket "
        "WHERE t.ticket = ? AND f.kind = ? LIMIT 1",
        (act, OrderPlaced.KIND),
    ).fetchone()
    return str(row[0]) if row else ""


def placed_products(connection: Connection, order: str) -> tuple[str, ...]:
    """Return the goods of each line as they were ordered, "" for what is in no catalogue."""
    row = connection.execute("SELECT body FROM facts WHERE identity = ?", (order,)).fetchone()
    if row is None:
        return ()
    body = msgspec.json.decode(row[0], type=OrderPlaced)
    return tuple(line.product for line in body.lines)
