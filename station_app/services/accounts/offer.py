"""What money that is owed shows to the rest: two pages, a tile, scans, cases, words, slips."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from station_app.journal.log import Connection
from station_app.services.accounts import records
from station_app.services.accounts.asking import desk_rules
from station_app.services.accounts.outfit import Outfit
from station_app.services.accounts.telling import (
    ACT_KINDS,
    DEBIT,
    DEBTS_PAGE,
    OVERPAID,
    REFUNDS_PAGE,
    Telling,
)
from station_app.shell.offers import (
    ActOffer,
    CaseOffer,
    DocumentOffer,
    Meaning,
    Offer,
    PageOffer,
    Rank,
    ScanRoute,
    Tile,
)
from station_app.values.codes import SLIP, OwnCode, Recognised
from station_app.values.texts import Texts

if TYPE_CHECKING:
    from station_app.shell.counter import Counter
    from station_app.shell.page import Page

REFUND = "refund.due"


def offer(outfit: Outfit) -> Offer:
    """Return everything that this slice offers."""
    telling = Telling(outfit.people, outfit.texts)

    def debts(counter: "Counter") -> "Page":
        from station_app.services.accounts.pages.debts import DebtsPage

        return DebtsPage(counter, DEBTS_PAGE, outfit)

    def refunds(counter: "Counter") -> "Page":
        from station_app.services.accounts.pages.refunds import RefundsPage

        return RefundsPage(counter, REFUNDS_PAGE, outfit)

    rail = "accounts.rail.convenience"
    return Offer(
        pages=(
            PageOffer(REFUNDS_PAGE, rail, "people", "F7", refunds, "accounts.tab.refunds", 50,
                      telling.due_count),
            PageOffer(DEBTS_PAGE, rail, "people", "F7", debts, "accounts.tab.debts", 60),
        ),
        tiles=(
            Tile("accounts", "accounts.tile.title", "cash", REFUNDS_PAGE, telling.figures, 80),
        ),
        scan_routes=(ScanRoute(Rank.OWN_CODE, slip_finder(outfit.texts)),),
        cases=(
            CaseOffer(DEBIT, telling.case, telling.debits),
            CaseOffer(OVERPAID, telling.overpaid_case, telling.overpayments),
        ),
        documents=(DocumentOffer("receipt", "accounts.document.slip", telling.slip_again),),
        acts=(ActOffer(ACT_KINDS, telling.act),),
        rules=desk_rules(outfit.people, outfit.texts),
    )  # fmt: skip


def slip_finder(texts: Texts) -> Callable[[Connection, str, Recognised], Meaning | None]:
    """Return what recognises a slip that money is owed back against, or was."""

    def find(connection: Connection, _text: str, code: Recognised) -> Meaning | None:
        if not isinstance(code, OwnCode) or code.kind != SLIP:
            return None
        found = records.documents_of_slip(connection, code.payload)
        if not found:
            return None
        return Meaning(REFUND, REFUNDS_PAGE, found[0], texts.say("accounts.scan.refund"))

    return find
