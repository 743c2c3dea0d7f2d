"""On what terms a station orders for villagers: its fee, what is paid beforehand, when to ask.

The county publishes them; until it has, nothing is charged, what is not in the catalogue is paid
whole, and nobody pays a fen more than was offered without being asked.
"""

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Columns, EntityKind
from station_app.reference.facts import OrderTermsPublished

EVERYWHERE = "all"
WHOLE_BP = 10_000
YUAN_FEN = 100


class OrderTerms(msgspec.Struct, frozen=True, kw_only=True):
    """The terms as they stand; see `facts.OrderTermsPublished`."""

    code: str = EVERYWHERE
    fee_bp: int = 0
    fee_min_fen: int = 0
    fee_max_fen: int = 0
    prepayment_bp: int = WHOLE_BP
    quote_bp: int = 0
    since: str = ""

    def fee_fen(self, goods_fen: int) -> int:
        """Return the station's fee for goods of this price, half a fen rounded up."""
        share_fen = (goods_fen * self.fee_bp + WHOLE_BP // 2) // WHOLE_BP
        return min(max(share_fen, self.fee_min_fen), self.fee_max_fen)

    def ceiling_fen(self, price_fen: int) -> int:
        """Return above which price the villager is asked, if she says nothing else."""
        return price_fen + price_fen * self.quote_bp // WHOLE_BP


def fold_order_terms(_state: OrderTerms | None, told: Told) -> OrderTerms:
    """Take the newer publication whole."""
    body: OrderTermsPublished = told.body
    return OrderTerms(
        code=body.code,
        fee_bp=body.fee_bp,
        fee_min_fen=body.fee_min_fen,
        fee_max_fen=body.fee_max_fen,
        prepayment_bp=body.prepayment_bp,
        quote_bp=body.quote_bp,
        since=body.day,
    )


ORDER_TERMS = EntityKind(
    name="order_terms",
    state=OrderTerms,
    facts=(OrderTermsPublished,),
    fold=fold_order_terms,
    natural_key={OrderTermsPublished: lambda told: str(told.body.code)},
    columns=Columns(
        table="order_terms",
        fields=(
            ("code", "TEXT"),
            ("fee_bp", "INTEGER"),
            ("fee_min_fen", "INTEGER"),
            ("fee_max_fen", "INTEGER"),
            ("prepayment_bp", "INTEGER"),
            ("quote_bp", "INTEGER"),
            ("since", "TEXT"),
        ),
        row=lambda t: (
            t.code,
            t.fee_bp,
            t.fee_min_fen,
            t.fee_max_fen,
            t.prepayment_bp,
            t.quote_bp,
            t.since,
        ),
    ),
)
