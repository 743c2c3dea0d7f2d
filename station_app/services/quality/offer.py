"""What quality shows to the rest: its page beside the lots, its acts, a promise once more."""

from typing import TYPE_CHECKING

from station_app.services.quality.asking import desk_rules
from station_app.services.quality.outfit import Outfit
from station_app.services.quality.telling import ACT_KINDS, PAGE, Telling
from station_app.shell.offers import ActOffer, DocumentOffer, Offer, PageOffer

if TYPE_CHECKING:
    from station_app.shell.counter import Counter
    from station_app.shell.page import Page


def offer(outfit: Outfit) -> Offer:
    """Return everything that quality offers."""
    telling = Telling(outfit)

    def page(counter: "Counter") -> "Page":
        from station_app.services.quality.pages.quality_page import QualityPage

        return QualityPage(counter, PAGE, outfit)

    rail = "shell.rail.consignment"
    return Offer(
        pages=(PageOffer(PAGE, rail, "leaf", "F5", page, "quality.tab", 40, telling.lacking),),
        documents=(DocumentOffer("receipt", "quality.document.promise", telling.promise_again),),
        acts=(ActOffer(ACT_KINDS, telling.act),),
        rules=desk_rules(outfit.people, outfit.texts),
    )
