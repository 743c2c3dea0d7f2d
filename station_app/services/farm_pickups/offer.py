"""What farm pickups show to the rest: two pages, acts, cases, the list of a run."""

from typing import TYPE_CHECKING, Any

from station_app.reference.register import Register
from station_app.services.farm_pickups.asking import desk_rules
from station_app.services.farm_pickups.outfit import Outfit
from station_app.services.farm_pickups.records import facts_about as facts_about
from station_app.services.farm_pickups.telling import ACT_KINDS, ASK_PAGE, PAGE, Telling
from station_app.shell.offers import ActOffer, CaseOffer, DocumentOffer, Offer, PageOffer

if TYPE_CHECKING:
    from station_app.shell.counter import Counter
    from station_app.shell.page import Page


def offer(outfit: Outfit) -> Offer:
    """Return everything that this slice offers."""
    telling = Telling(outfit.people)

    def pickups(counter: "Counter") -> "Page":
        from station_app.services.farm_pickups.pages.pickups_page import PickupsPage

        return PickupsPage(counter, PAGE, outfit)

    def ask(counter: "Counter") -> "Page":
        from station_app.services.farm_pickups.pages.ask_page import AskPage

        return AskPage(counter, ASK_PAGE, outfit)

    rail = "shell.rail.consignment"
    return Offer(
        pages=(
            PageOffer(
                PAGE, rail, "leaf", "F5", pickups, "farm_pickups.tab", 80, telling.open_count
            ),
            PageOffer(ASK_PAGE, rail, "leaf", "", ask),
        ),
        cases=(CaseOffer("farm_pickups.", telling.case),),
        documents=(DocumentOffer("receipt", "farm_pickups.paper.title", outfit.papers.document),),
        acts=(ActOffer(ACT_KINDS, telling.act),),
        rules=desk_rules(outfit.people, outfit.texts),
    )


def trace(people: Register) -> Any:
    """Return what shows, on a person's page, what was fetched at her door."""
    return Telling(people).of_person
