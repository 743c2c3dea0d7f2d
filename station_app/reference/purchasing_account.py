"""The account that the county buys with: what it held when somebody looked, and what moved since.

It is the county's money and stands in no station's books. What was bought since is a view over the
purchases that the county has said (`county_server.desks.orders.account`), so that no sum is kept
twice.
"""

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Columns, EntityKind
from station_app.reference.facts import PurchasingAccountCounted, PurchasingAccountFunded

NAME = "all"  # there is one
PUT_IN, GIVEN_BACK, TAKEN_OUT = "put_in", "given_back", "taken_out"
WAYS = (PUT_IN, GIVEN_BACK, TAKEN_OUT)


class PurchasingAccount(msgspec.Struct, frozen=True, kw_only=True):
    """The account as it stands. moved: in fen since it was counted, by way.

    counted_at, counted_day: when that was, 0 and "" for never; shown_fen: what it held then.
    """

    shown_fen: int = 0
    counted_at: int = 0
    counted_day: str = ""
    moved: dict[str, int] = {}

    @property
    def funded_fen(self) -> int:
        """Return what it would hold if nothing had been bought since it was counted."""
        sums = {way: self.moved.get(way, 0) for way in WAYS}
        return self.shown_fen + sums[PUT_IN] + sums[GIVEN_BACK] - sums[TAKEN_OUT]


def fold_purchasing_account(state: PurchasingAccount | None, told: Told) -> PurchasingAccount:
    """Begin anew where it was counted; add up what moved since."""
    before, body = state or PurchasingAccount(), told.body
    if isinstance(body, PurchasingAccountCounted):
        return PurchasingAccount(shown_fen=body.shown_fen, counted_at=told.at, counted_day=body.day)
    fen = -body.amount_fen if body.takes_back else body.amount_fen
    moved = {**before.moved, body.way: before.moved.get(body.way, 0) + fen}
    return msgspec.structs.replace(before, moved=moved)


PURCHASING_ACCOUNT = EntityKind(
    name="purchasing_account",
    state=PurchasingAccount,
    facts=(PurchasingAccountFunded, PurchasingAccountCounted),
    fold=fold_purchasing_account,
    natural_key={
        PurchasingAccountFunded: lambda _told: NAME,
        PurchasingAccountCounted: lambda _told: NAME,
    },
    columns=Columns(
        table="purchasing_accounts",
        fields=(("shown_fen", "INTEGER"), ("funded_fen", "INTEGER"), ("counted_day", "TEXT")),
        row=lambda a: (a.shown_fen, a.funded_fen, a.counted_day),
    ),
)
