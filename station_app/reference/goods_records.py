"""Goods as they are asked for: by barcode, by name, by what the label of a shop scale says."""

from dataclasses import dataclass

from stdnum import ean

from station_app.journal.log import Connection
from station_app.reference.goods import PIECES, PRICE, WEIGHT

OK = "ok"
# What most shop scales print, until the county has said what those of its stations do.
USUAL_LABELS = {"20": (WEIGHT, 1), "21": (PRICE, 1), "22": (PIECES, 1)}
FOUND_MAX = 20


@dataclass(frozen=True, slots=True)
class ProductRow:
    """Goods of the catalogue. unit: the word of one piece; since: of which day the price is."""

    code: str
    barcode: str
    name: str
    initials: str
    spec: str
    unit: str
    price_fen: int
    policy: str
    remark: str
    since: str

    @property
    def may_be_sold(self) -> bool:
        """Tell whether a station may trade in it."""
        return self.policy == OK


@dataclass(frozen=True, slots=True)
class ProduceRow:
    """A sort of produce; prices per kilogram or piece."""

    code: str
    name: str
    initials: str
    unit: str
    word: str
    floor_fen: int
    price_fen: int


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the label of a shop scale says. code: the sort; value: grams, fen or pieces."""

    code: str
    holds: str
    value: int


_PRODUCT = (
    "SELECT code, barcode, name, initials, spec, unit, price_fen, policy, remark, since "
    "FROM products "
)
_PRODUCE = "SELECT code, name, initials, unit, word, floor_fen, price_fen FROM produce "


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
    """Return goods by a part of the name, by initials or by the beginning of the code."""
    bare = typed.strip()
    if not bare:
        return ()
    rows = connection.execute(
        f"{_PRODUCT} WHERE instr(name, ?1) OR instr(initials, ?2) = 1 "
        "OR instr(code, ?3) = 1 ORDER BY instr(name, ?1) != 1, length(name), code LIMIT ?4",
        (bare, bare.lower(), bare.upper(), most),
    ).fetchall()
    return tuple(ProductRow(*row) for row in rows)


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
