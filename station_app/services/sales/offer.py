"""What the counter's sale shows to the rest: three pages, a tile, scans, search, what waits."""

from typing import TYPE_CHECKING

from station_app.services.sales.asking import desk_rules
from station_app.services.sales.meanings import BASKET_PAGE, HELD_PAGE, RETURN_PAGE, Meanings
from station_app.services.sales.outfit import Outfit
from station_app.services.sales.telling import ACT_KINDS, Telling
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
    """Return everything that sales offer."""
    meanings, telling = Meanings(outfit), Telling(outfit)
    return Offer(
        pages=_pages(outfit, telling),
        tiles=(Tile("sales", "sales.tile.title", "cash", BASKET_PAGE, telling.figures, 20),),
        search_sources=(SearchSource("sales.goods", "sales.search.goods", meanings.find, 20),),
        scan_routes=(
            ScanRoute(Rank.OWN_CODE, meanings.of_own_code),
            ScanRoute(Rank.PRODUCT, meanings.of_goods),
        ),
        documents=(DocumentOffer("receipt", "sales.document.slip", telling.slip_again),),
        acts=(ActOffer(ACT_KINDS, telling.act),),
        rules=desk_rules(outfit.people, outfit.texts),
        held=(telling.held,),
    )


def _pages(outfit: Outfit, telling: Telling) -> tuple[PageOffer, ...]:
    def basket(counter: "Counter") -> "Page":
        from station_app.services.sales.pages.basket_page import BasketPage

        return BasketPage(counter, BASKET_PAGE, outfit)

    def held(counter: "Counter") -> "Page":
        from station_app.services.sales.pages.held_page import HeldPage

        return HeldPage(counter, HELD_PAGE, outfit)

    def returned(counter: "Counter") -> "Page":
        from station_app.services.sales.pages.return_page import ReturnPage

        return ReturnPage(counter, RETURN_PAGE, outfit)

    rail = "shell.rail.checkout"
    return (
        PageOffer(BASKET_PAGE, rail, "cash", "F6", basket, "sales.tab.basket", 10),
        PageOffer(HELD_PAGE, rail, "cash", "F6", held, "sales.tab.held", 20, telling.held_count),
        PageOffer(RETURN_PAGE, rail, "cash", "F6", returned, "sales.tab.return", 30),
    )
