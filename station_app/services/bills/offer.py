"""What bills show to the rest: a page, a tile, search, scans of slips, acts, cases, papers."""

from typing import TYPE_CHECKING

from station_app.services.bills.asking import desk_rules
from station_app.services.bills.outfit import Outfit
from station_app.services.bills.records import facts_about as facts_about
from station_app.services.bills.telling import ACT_KINDS, PAGE, Telling
from station_app.services.bills.telling import of_person as of_person
from station_app.shell.offers import (
    ActOffer,
    CaseOffer,
    DocumentOffer,
    Offer,
    PageOffer,
    Rank,
    ScanRoute,
    SearchSource,
    Tile,
)

if TYPE_CHECKING:
    from station_app.shell.counter import Counter
    from station_app.shell.page import Page


def offer(outfit: Outfit) -> Offer:
    """Return everything that this slice offers."""
    telling = Telling(outfit)

    def page(counter: "Counter") -> "Page":
        from station_app.services.bills.pages.bills_page import BillsPage

        return BillsPage(counter, PAGE, outfit)

    rail = "accounts.rail.convenience"
    return Offer(
        pages=(
            PageOffer(PAGE, rail, "receipt", "F7", page, "bills.tab", 5, telling.open_count),
        ),
        tiles=(Tile("bills", "bills.tile.title", "receipt", PAGE, telling.figures, 70),),
        search_sources=(
            SearchSource("bills", "bills.search.heading", telling.find, 40),
            SearchSource("bills.billers", "bills.search.billers", telling.find_billers, 45),
        ),
        scan_routes=(ScanRoute(Rank.OWN_CODE, telling.of_slip),),
        cases=(CaseOffer("bills.", telling.case),),
        documents=(DocumentOffer("receipt", "bills.document.slip", telling.slip_again),),
        acts=(ActOffer(ACT_KINDS, telling.act),),
        rules=desk_rules(outfit.people, outfit.texts),
    )  # fmt: skip
