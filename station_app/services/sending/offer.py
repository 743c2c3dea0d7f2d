"""What sending shows to the rest: pages, a tile, search, scans of labels, acts, cases, papers."""

from typing import TYPE_CHECKING

from station_app.services.sending.asking import desk_rules
from station_app.services.sending.outfit import Outfit
from station_app.services.sending.papers import WAYBILL
from station_app.services.sending.records import facts_about as facts_about
from station_app.services.sending.telling import ACT_KINDS, LEAVING_PAGE, PAGE, Telling
from station_app.services.sending.telling import of_person as of_person
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
    telling, papers = Telling(outfit), outfit.papers

    def page(counter: "Counter") -> "Page":
        from station_app.services.sending.pages.sending_page import SendingPage

        return SendingPage(counter, PAGE, outfit)

    def leaving(counter: "Counter") -> "Page":
        from station_app.services.sending.pages.leaving_page import LeavingPage

        return LeavingPage(counter, LEAVING_PAGE, outfit)

    rail = "accounts.rail.convenience"
    return Offer(
        pages=(
            PageOffer(PAGE, rail, "parcel", "F7", page, "sending.tab", 70, telling.open_count),
            PageOffer(LEAVING_PAGE, rail, "truck", "", leaving),
        ),
        tiles=(Tile("sending", "sending.tile.title", "parcel", PAGE, telling.figures, 75),),
        search_sources=(SearchSource("sending", "sending.search.heading", telling.find, 48),),
        scan_routes=(ScanRoute(Rank.KNOWN_HERE, telling.of_waybill),),
        cases=(CaseOffer("sending.", telling.case),),
        documents=(
            DocumentOffer(WAYBILL, "sending.paper.label", papers.label_document),
            DocumentOffer("receipt", "sending.paper.slip", papers.slip_document),
        ),
        acts=(ActOffer(ACT_KINDS, telling.act),),
        rules=desk_rules(outfit.people, outfit.texts),
    )
