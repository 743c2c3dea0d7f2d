"""On what terms a station orders for villagers: its fee, what is paid beforehand, when to ask.

The county publishes them; until it has, nothing is charged, what is not in the catalogue is paid
whole, and nobody pays a fen more than was offered without being asked. A publication holds from its
day on, so that the fee of the new year lies here before it begins.
"""

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Columns, EntityKind
from station_app.reference.facts import DatedOrderTermsPublished, OrderTermsPublished
from station_app.reference.versions import begun, with_new

EVERYWHERE = "all"
WHOLE_BP = 10_000
YUAN_FEN = 100


class OrderTerms(msgspec.Struct, frozen=True, kw_only=True):
    """The terms as they stand from `from_day` on; see `facts.OrderTermsPublished`."""

    code: str = EVERYWHERE
    fee_bp: int = 0
    fee_min_fen: int = 0
    fee_max_fen: int = 0
    prepayment_bp: int = WHOLE_BP
    quote_bp: int = 0
    from_day: str = ""

    def fee_fen(self, goods_fen: int) -> int:
        """Return the station's fee for goods of this price, half a fen rounded up."""
        share_fen = (goods_fen * self.fee_bp + WHOLE_BP // 2) // WHOLE_BP
        return min(max(share_fen, self.fee_min_fen), self.fee_max_fen)

    def ceiling_fen(self, price_fen: int) -> int:
        """Return above which price the villager is asked, if she says nothing else."""
        return price_fen + price_fen * self.quote_bp // WHOLE_BP


class OrderTermsByDay(msgspec.Struct, frozen=True, kw_only=True):
    """Every version of the terms that still matters, by the day from which each holds."""

    code: str
    versions: tuple[OrderTerms, ...]

    def on(self, day: str) -> OrderTerms:
        """Return what holds on a day; the first of all holds before its day, too."""
        return begun(self.versions, day) or self.versions[0]


def fold_order_terms(state: OrderTermsByDay | None, told: Told) -> OrderTermsByDay:
    """Put a publication among the others: what was to begin on its day or later is replaced."""
    body: OrderTermsPublished = told.body
    terms = OrderTerms(
        code=body.code,
        fee_bp=body.fee_bp,
        fee_min_fen=body.fee_min_fen,
        fee_max_fen=body.fee_max_fen,
        prepayment_bp=body.prepayment_bp,
        quote_bp=body.quote_bp,
        from_day=getattr(body, "from_day", "") or body.day,
    )
    known = state.versions if state else ()
    return OrderTermsByDay(code=body.code, versions=with_new(known, terms, body.day))


def _code(told: Told) -> str:
    return str(told.body.code)


ORDER_TERMS = EntityKind(
    name="order_terms",
    state=OrderTermsByDay,
    facts=(OrderTermsPublished, DatedOrderTermsPublished),
    fold=fold_order_terms,
    natural_key={OrderTermsPublished: _code, DatedOrderTermsPublished: _code},
    columns=Columns(
        table="order_terms",
        fields=(("code", "TEXT"), ("since", "TEXT")),
        row=lambda t: (t.code, t.versions[-1].from_day),
    ),
)
