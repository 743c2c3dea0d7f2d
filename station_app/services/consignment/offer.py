"""What produce shows to the rest: pages of the season, a tile, words, papers."""

from typing import TYPE_CHECKING

from station_app.services.consignment import contract_telling
from station_app.services.consignment.asking import desk_rules
from station_app.services.consignment.outfit import Outfit
from station_app.services.consignment.person_telling import of_person as of_person
from station_app.services.consignment.person_telling import standing as standing
from station_app.services.consignment.telling import (
    ACT_KINDS,
    INTAKE_KINDS,
    INTAKE_PAGE,
    LOTS_PAGE,
    SETTLE_PAGE,
    STOPPED_PAGE,
    WEIGHT_PAGE,
    Telling,
)
from station_app.shell.offers import (
    ActOffer,
    CaseOffer,
    CorrectionOffer,
    DocumentOffer,
    Offer,
    PageOffer,
    Tile,
)

if TYPE_CHECKING:
    from station_app.shell.counter import Counter
    from station_app.shell.page import Page

contracts_of = contract_telling.of_person  # what the register shows the manager of a villager


def offer(outfit: Outfit) -> Offer:
    """Return everything that produce offers."""
    telling = Telling(outfit)
    return Offer(
        pages=_pages(outfit, telling),
        tiles=(
            Tile("consignment", "consignment.tile.title", "leaf", INTAKE_PAGE, telling.figures, 18),
        ),
        documents=(
            DocumentOffer("receipt", "consignment.document.slip", telling.slip_again),
            DocumentOffer("label", "consignment.document.label", telling.label_again),
        ),
        cases=(CaseOffer("consignment.", telling.case),),
        acts=(ActOffer(ACT_KINDS, telling.act),),
        corrections=(CorrectionOffer(INTAKE_KINDS, WEIGHT_PAGE, "consignment.weight.title"),),
        rules=desk_rules(outfit.people, outfit.texts, outfit.open_lines),
    )


def _pages(outfit: Outfit, telling: Telling) -> tuple[PageOffer, ...]:
    def intake(counter: "Counter") -> "Page":
        from station_app.services.consignment.pages.intake_page import IntakePage

        return IntakePage(counter, INTAKE_PAGE, outfit)

    def settle(counter: "Counter") -> "Page":
        from station_app.services.consignment.pages.settlement_page import SettlementPage

        return SettlementPage(counter, SETTLE_PAGE, outfit)

    def lots(counter: "Counter") -> "Page":
        from station_app.services.consignment.pages.lots_page import LotsPage

        return LotsPage(counter, LOTS_PAGE, outfit)

    def stopped(counter: "Counter") -> "Page":
        from station_app.services.consignment.pages.stopped_page import StoppedPage

        return StoppedPage(counter, STOPPED_PAGE, outfit)

    def weight(counter: "Counter") -> "Page":
        from station_app.services.consignment.pages.weight_page import WeightPage

        return WeightPage(counter, WEIGHT_PAGE, outfit)

    rail = "shell.rail.consignment"
    return (
        PageOffer(INTAKE_PAGE, rail, "leaf", "F5", intake, "consignment.tab.intake", 10),
        PageOffer(
            SETTLE_PAGE,
            rail,
            "leaf",
            "F5",
            settle,
            "consignment.tab.settle",
            20,
            telling.waiting_count,
        ),
        PageOffer(
            LOTS_PAGE, rail, "leaf", "F5", lots, "consignment.tab.lots", 30, telling.here_count
        ),
        PageOffer(STOPPED_PAGE, rail, "leaf", "", stopped),
        PageOffer(WEIGHT_PAGE, rail, "leaf", "", weight),
    )
