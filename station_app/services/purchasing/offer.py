"""What orders show to the rest: pages at F4, a tile, search, words for acts, slips."""

from typing import TYPE_CHECKING

from station_app.services.purchasing.asking import desk_rules
from station_app.services.purchasing.completion_records import facts_about as facts_about
from station_app.services.purchasing.outfit import Outfit
from station_app.services.purchasing.person_telling import of_person as of_person
from station_app.services.purchasing.person_telling import standing as standing
from station_app.services.purchasing.telling import (
    ACT_KINDS,
    ORDER_PAGE,
    ORDERS_PAGE,
    OWN_KINDS,
    OWN_PAGE,
    Telling,
)
from station_app.shell.offers import (
    ActOffer,
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
    """Return everything that orders offer."""
    telling = Telling(outfit)

    def order(counter: "Counter") -> "Page":
        from station_app.services.purchasing.pages.order_page import OrderPage

        return OrderPage(counter, ORDER_PAGE, outfit)

    def orders(counter: "Counter") -> "Page":
        from station_app.services.purchasing.pages.orders_page import OrdersPage

        return OrdersPage(counter, ORDERS_PAGE, outfit)

    def own(counter: "Counter") -> "Page":
        from station_app.services.purchasing.pages.own_page import OwnPage

        return OwnPage(counter, OWN_PAGE, outfit)

    rail = "shell.rail.purchasing"
    return Offer(
        pages=(
            PageOffer(ORDER_PAGE, rail, "cart", "F4", order, "purchasing.tab.order", 10),
            PageOffer(ORDERS_PAGE, rail, "cart", "F4", orders, "purchasing.tab.orders", 20,
                      telling.open_count),
            PageOffer(OWN_PAGE, rail, "cart", "F4", own, "purchasing.tab.own", 30),
        ),
        tiles=(Tile("purchasing", "purchasing.tile.title", "cart", ORDER_PAGE,
                    telling.figures, 15),),
        search_sources=(
            SearchSource("purchasing.goods", "purchasing.search.goods", telling.find, 30),
        ),
        scan_routes=(ScanRoute(Rank.OWN_CODE, telling.of_slip),),
        documents=(
            DocumentOffer("receipt", "purchasing.document.slip", telling.slip_again),
            DocumentOffer("label", "purchasing.document.tag", telling.tag_again),
        ),
        acts=(ActOffer(ACT_KINDS, telling.act), ActOffer(OWN_KINDS, telling.own_act)),
        rules=desk_rules(outfit.people, outfit.texts),
    )  # fmt: skip
