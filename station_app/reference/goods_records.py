"""Goods as they are asked for: by barcode, by name, by what the label of a shop scale says.

And on what terms they are ordered for villagers.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from stdnum import ean

from station_app.journal.log import Connection
from station_app.reference.goods import PIECES, PRICE, PRODUCT, WEIGHT
from station_app.reference.order_terms import EVERYWHERE, ORDER_TERMS, OrderTerms, OrderTermsByDay
from station_app.values import finding

OK = "ok"
# What most shop scales print, until the county has said what those of its stations do.
USUAL_LABELS = {"20": (WEIGHT, 1), "21": (PRICE, 1), "22": (PIECES, 1)}
FOUND_MAX = 20
_terms = msgspec.json.Decoder(OrderTermsByDay).decode
LOOKED_AT_MAX = 400  # rows of the index taken before ranking


@dataclass(frozen=True, slots=True)
class ProductRow:
    """Goods of the catalogue; see `facts.GoodsPublished`. since: of which day the price is.

    list_fen: the price until next_day, from which on next_fen holds; "" for none that is known.
    """

    code: str
    barcode: str
    name: str
    initials: str
    spec: str
    unit: str
    list_fen: int
    policy: str
    remark: str
    since: str
    platform: str
    ship_fee_fen: int
    eta_days: int
    prepayment_bp: int
    return_days: int
    exchange_days: int
    next_fen: int
    next_day: str

    def price_on(self, day: str) -> int:
        """Return what one piece costs on a day."""
        return self.next_fen if self.next_day and self.next_day <= day else self.list_fen

    @property
    def may_be_sold(self) -> bool:
        """Tell whether a station may trade in it."""
        return self.policy == OK


@dataclass(frozen=True, slots=True)
class ProduceRow:
    """A sort of produce by name, which holds on every day; its prices: `produce_records`."""

    code: str
    name: str
    initials: str
    unit: str
    word: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the label of a shop scale says. code: the sort; value: grams, fen or pieces."""

    code: str
    holds: str
    value: int


_PRODUCT = (
    "SELECT code, barcode, name, initials, spec, unit, price_fen, policy, remark, since, "
    "platform, ship_fee_fen, eta_days, prepayment_bp, return_days, exchange_days, "
    "next_fen, next_day FROM products "
)
_PRODUCE = "SELECT code, name, initials, unit, word FROM produce "


def product(connection: Connection, code: str) -> ProductRow | None:
    """Return the product with this code."""
    return _product(connection, "code = ?", code)


def product_of_barcode(connection: Connection, barcode: str) -> ProductRow | None:
    """Return the product that bears this barcode; of two, the one that may be sold."""
    return _product(connection, "barcode = ? AND barcode != ''", barcode)


def _product(connection: Connection, where: str, value: str) -> ProductRow | None:
    row = connection.execute(
        f"{_PRODUCT} WHERE {where} ORDER BY policy DESC, code LIMIT 1",
        (value,),
    ).fetchone()
    return ProductRow(*row) if row else None


def find_products(
    connection: Connection, typed: str, most: int = FOUND_MAX
) -> tuple[ProductRow, ...]:
    """Return goods by any part of name, pinyin, initials, barcode or code, the likeliest first."""
    asked = finding.question(typed)
    if not asked:
        return ()
    rows = connection.execute(
        f"{_PRODUCT} WHERE entity IN (SELECT product FROM products_index "  # noqa: S608
        "WHERE products_index MATCH ? LIMIT ?)",
        (asked, LOOKED_AT_MAX),
    ).fetchall()
    is_right, bare = finding.checker(typed), finding.folded(typed)
    found = [row for row in (ProductRow(*one) for one in rows) if is_right((row.name, row.spec))]
    return tuple(sorted(found, key=lambda row: _rank(row, bare))[:most])


def _rank(row: ProductRow, typed: str) -> tuple[bool, bool, int, str]:
    name = finding.folded(row.name)
    return (
        typed not in (name, row.initials, row.barcode, row.code.lower()),
        not name.startswith(typed) and not row.initials.startswith(typed),
        len(name),
        row.code,
    )


def pictures(connection: Connection, codes: Sequence[str]) -> dict[str, bytes]:
    """Return the small pictures of goods, of those that have one."""
    marks = ", ".join("?" * len(codes))
    rows = connection.execute(
        "SELECT p.code, json_extract(s.data, '$.picture') FROM products p "  # noqa: S608
        f"JOIN states s ON s.kind = ? AND s.entity = p.entity WHERE p.code IN ({marks})",
        (PRODUCT.name, *codes),
    ).fetchall()
    return {str(code): base64.b64decode(text) for code, text in rows if text}


@dataclass(frozen=True, slots=True)
class Standing:
    """How the catalogue stands. count: goods in it; since: the day of its newest publication."""

    count: int
    since: str


def catalogue(connection: Connection) -> Standing:
    """Return how large the catalogue is, and of which day."""
    row = connection.execute("SELECT count(*), coalesce(max(since), '') FROM products").fetchone()
    return Standing(int(row[0]), str(row[1]))


def produce_named(connection: Connection, words: str) -> ProduceRow | None:
    """Return the sort of produce that a code or a name means, None for one of the village's own."""
    row = connection.execute(
        f"{_PRODUCE} WHERE code = ?1 OR name = ?1 ORDER BY code != ?1 LIMIT 1",
        (words,),
    ).fetchone()
    return ProduceRow(*row) if row else None


def read_scale_label(connection: Connection, barcode: str) -> Weighed | None:
    """Read the label of a shop scale; None for any other number.

    The prefixes are the county's; where it has said nothing of any, those that are usual hold.
    """
    if not (len(barcode) == 13 and barcode.isdigit() and ean.is_valid(barcode)):
        return None
    said = {
        prefix: (holds, divisor)
        for prefix, holds, divisor in connection.execute(
            "SELECT prefix, holds, divisor FROM scale_labels"
        ).fetchall()
    }
    found = (said or USUAL_LABELS).get(barcode[:2])
    if found is None:
        return None
    holds, divisor = found
    return Weighed(barcode[2:7], str(holds), int(barcode[7:12]) // max(1, int(divisor)))


def order_terms(connection: Connection, day: str) -> OrderTerms:
    """Return the terms that hold here on a day."""
    row = connection.execute(
        "SELECT s.data FROM order_terms t JOIN states s ON s.kind = ? AND s.entity = t.entity "
        "WHERE t.code = ?",
        (ORDER_TERMS.name, EVERYWHERE),
    ).fetchone()
    return _terms(row[0]).on(day) if row else OrderTerms()
