"""What parcels show to the rest: pages, a tile, search, scans, words for acts and cases, papers."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from station_app.journal.log import Connection
from station_app.services.parcels import bag_records, records
from station_app.services.parcels.asking import desk_rules
from station_app.services.parcels.case_telling import CaseTelling
from station_app.services.parcels.counting_facts import LayerCounted
from station_app.services.parcels.facts import BagReceived, MessageQueued
from station_app.services.parcels.heaps import Heaps
from station_app.services.parcels.manifest_records import LIST_KINDS, ManifestDesk
from station_app.services.parcels.meanings import (
    DEPARTURES_PAGE,
    HANDOVER_PAGE,
    INTAKE_PAGE,
    MANIFEST_PAGE,
    NEW,
    NOTICES_PAGE,
    OVERDUE_PAGE,
    RUN_PAGE,
    SORTING_PAGE,
    STATISTICS_PAGE,
    STOCKTAKE_PAGE,
    STUBS_PAGE,
    TROUBLE_PAGE,
    VILLAGES_PAGE,
    WAY_BACK_PAGE,
    Meanings,
)
from station_app.services.parcels.outfit import Outfit
from station_app.services.parcels.telling import ACT_KINDS, Telling
from station_app.shell.offers import (
    ActOffer,
    CaseOffer,
    DocumentOffer,
    Hit,
    Offer,
    PageOffer,
    RailSpot,
    Rank,
    ScanRoute,
    SearchSource,
    Stray,
    Tile,
)
from station_app.values.now import Now
from station_app.values.texts import Texts

if TYPE_CHECKING:
    from station_app.shell.counter import Counter
    from station_app.shell.page import Page


VILLAGES_LABEL = "parcels.rail.villages"
Trace = Callable[[Connection, Sequence[str], Texts], Sequence[Hit]]


def offer(outfit: Outfit) -> Offer:
    """Return everything that parcels offer.

    The gatherer of `outfit` must be the one of the desk's rules, or one with the same start: else
    the page proposes other pickup codes than the rule would give.
    """
    meanings = Meanings(outfit.gatherer, outfit.texts)
    telling = Telling(outfit.gatherer, outfit.texts)
    cases = CaseTelling(outfit.gatherer)
    return Offer(
        pages=_pages(outfit, telling),
        tiles=(
            Tile("parcels", "parcels.tile.title", "parcel", HANDOVER_PAGE, telling.figures, 10),
        ),
        search_sources=(
            SearchSource("parcels.receivers", "parcels.search.receivers", meanings.receivers, 0),
            SearchSource("parcels.parcels", "parcels.search.parcels", meanings.parcels, 10),
        ),
        scan_routes=(
            ScanRoute(Rank.OWN_CODE, meanings.of_own_code),
            ScanRoute(Rank.KNOWN_HERE, meanings.of_known),
            ScanRoute(Rank.KNOWN_HERE, meanings.of_bag),
            ScanRoute(Rank.COURIER, meanings.of_new),
        ),
        strays=(Stray("parcels.scan.as_parcel", INTAKE_PAGE, NEW, 10),),
        cases=(CaseOffer("parcels.", cases.case, decide=cases.decide),),
        documents=(
            DocumentOffer("label", "parcels.document.label", telling.label_again),
            DocumentOffer("receipt", "parcels.document.slip", telling.slip_again),
            DocumentOffer(
                "receipt",
                "parcels.document.manifest",
                ManifestDesk(outfit.gatherer, outfit.texts).again,
            ),
        ),
        acts=(
            ActOffer(ACT_KINDS, telling.act),
            ActOffer((LayerCounted.KIND,), telling.count_act),
            ActOffer((MessageQueued.KIND,), telling.message_act),
            ActOffer((BagReceived.KIND, *LIST_KINDS), telling.manifest_act),
        ),
        rules=desk_rules(outfit.gatherer, outfit.texts),
    )


def trace(outfit: Outfit) -> Trace:
    """Return what shows the parcels of a person: (connection, her identities, words) → lines."""
    return Telling(outfit.gatherer, outfit.texts).of_person


def standing(connection: Connection, names: Sequence[str], texts: Texts) -> str:
    """Return how many of a person's parcels lie here, for her page in the register."""
    count = len(records.on_hand_of(connection, names))
    return texts.say("parcels.search.lie_here", count=count) if count else ""


def _pages(outfit: Outfit, telling: Telling) -> tuple[PageOffer, ...]:
    return (*_coming_in(outfit), *_going_out(outfit, telling), *_by_the_township(outfit))


def _coming_in(outfit: Outfit) -> tuple[PageOffer, ...]:
    """Return the pages of F2: intake, stocktake, trouble, manifests."""

    def intake(counter: "Counter") -> "Page":
        from station_app.services.parcels.pages.intake import IntakePage

        return IntakePage(counter, INTAKE_PAGE, outfit)

    def stocktake(counter: "Counter") -> "Page":
        from station_app.services.parcels.pages.stocktake import StocktakePage

        return StocktakePage(counter, STOCKTAKE_PAGE, outfit)

    def trouble(counter: "Counter") -> "Page":
        from station_app.services.parcels.pages.trouble import TroublePage

        return TroublePage(counter, TROUBLE_PAGE, outfit)

    def manifest(counter: "Counter") -> "Page":
        from station_app.services.parcels.pages.manifest import ManifestPage

        return ManifestPage(counter, MANIFEST_PAGE, outfit)

    def stubs(counter: "Counter") -> "Page":
        from station_app.services.parcels.pages.lists_page import ListsPage

        return ListsPage(counter, STUBS_PAGE, outfit)

    def closed(connection: Connection, _now: Now) -> int:
        return len(bag_records.unopened(connection))

    rail = ("parcels.rail.intake", "intake", "F2")
    return (
        PageOffer(INTAKE_PAGE, *rail, intake, "parcels.tab.intake", 10),
        PageOffer(STOCKTAKE_PAGE, *rail, stocktake, "parcels.tab.stocktake", 30),
        PageOffer(TROUBLE_PAGE, *rail, trouble, "parcels.tab.trouble", 40),
        PageOffer(
            MANIFEST_PAGE, *rail, manifest, "parcels.tab.manifest", 50, closed,
            transfer=RailSpot("F2", "parcels.rail.bags_in", "bag"),
        ),
        PageOffer(
            STUBS_PAGE, "parcels.rail.intake", "intake", "", stubs,
            transfer=RailSpot("F6", VILLAGES_LABEL, "flag", "parcels.stubs.title", 20),
        ),
    )  # fmt: skip


def _by_the_township(outfit: Outfit) -> tuple[PageOffer, ...]:
    """Return the pages of a township that passes parcels on: F3 to F6 along the way of the bags."""
    heaps = Heaps()

    def sorting(counter: "Counter") -> "Page":
        from station_app.services.parcels.pages.sorting import SortingPage

        return SortingPage(counter, SORTING_PAGE, outfit, heaps)

    def departures(counter: "Counter") -> "Page":
        from station_app.services.parcels.pages.departures import DeparturesPage

        return DeparturesPage(counter, DEPARTURES_PAGE, outfit, heaps)

    def way_back(counter: "Counter") -> "Page":
        from station_app.services.parcels.pages.way_back import WayBackPage

        return WayBackPage(counter, WAY_BACK_PAGE, outfit)

    def villages(counter: "Counter") -> "Page":
        from station_app.services.parcels.pages.villages import VillagesPage

        return VillagesPage(counter, VILLAGES_PAGE)

    def only_there(key: str, make: "Callable[[Counter], Page]", spot: RailSpot) -> PageOffer:
        return PageOffer(key, spot.rail_label, spot.icon, "", make, transfer=spot)

    its_villages = RailSpot("F6", VILLAGES_LABEL, "flag", "parcels.villages.title", 10)
    return (
        only_there(SORTING_PAGE, sorting, RailSpot("F3", "parcels.rail.sorting", "grid")),
        only_there(DEPARTURES_PAGE, departures, RailSpot("F4", "parcels.rail.departures", "truck")),
        only_there(WAY_BACK_PAGE, way_back, RailSpot("F5", "parcels.rail.way_back", "arrow-left")),
        only_there(VILLAGES_PAGE, villages, its_villages),
    )


def _going_out(outfit: Outfit, telling: Telling) -> tuple[PageOffer, ...]:
    """Return the pages of F3: hand-over, who is to be told, home delivery, what is overdue."""

    def handover(counter: "Counter") -> "Page":
        from station_app.services.parcels.pages.handover import HandOverPage

        return HandOverPage(counter, HANDOVER_PAGE, outfit)

    def overdue(counter: "Counter") -> "Page":
        from station_app.services.parcels.pages.overdue import OverduePage

        return OverduePage(counter, OVERDUE_PAGE, outfit)

    def run(counter: "Counter") -> "Page":
        from station_app.services.parcels.pages.run import RunPage

        return RunPage(counter, RUN_PAGE, outfit)

    def notices(counter: "Counter") -> "Page":
        from station_app.services.parcels.pages.notices import NoticesPage

        return NoticesPage(counter, NOTICES_PAGE, outfit)

    def statistics(counter: "Counter") -> "Page":
        from station_app.services.parcels.pages.statistics import StatisticsPage

        return StatisticsPage(counter, STATISTICS_PAGE, outfit)

    rail = ("parcels.rail.handover", "parcel", "F3")
    late, untold = telling.overdue_count, telling.untold_count
    return (
        PageOffer(HANDOVER_PAGE, *rail, handover, "parcels.tab.handover", 10),
        PageOffer(NOTICES_PAGE, *rail, notices, "parcels.tab.notices", 20, untold),
        PageOffer(RUN_PAGE, *rail, run, "parcels.tab.run", 30),
        PageOffer(OVERDUE_PAGE, *rail, overdue, "parcels.tab.overdue", 40, late),
        PageOffer(STATISTICS_PAGE, *rail, statistics, "parcels.tab.statistics", 50),
    )
