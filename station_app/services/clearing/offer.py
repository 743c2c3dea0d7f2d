"""What clearing shows to the rest: its page, a tile, words for its acts and cases, its slips."""

from typing import TYPE_CHECKING, Any

from station_app.journal.log import Connection
from station_app.services.clearing import telling
from station_app.services.clearing.asking import desk_rules
from station_app.services.clearing.facts import FACTS, FROM_COUNTY, DifferenceFound
from station_app.services.clearing.papers import OperatorName, PaperMaker
from station_app.services.clearing.telling import CLEARING_PAGE
from station_app.shell.desk import Rule
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
    from station_app.services.clearing.pages.view import Staff
    from station_app.shell.counter import Counter
    from station_app.shell.page import Page
    from station_app.shell.photos import PhotoDesk

TAB_ORDER = 3
OWN_KINDS = tuple(
    body.KIND for body in FACTS if body not in FROM_COUNTY and body is not DifferenceFound
)


def rules(texts: Texts, operator_name: OperatorName) -> tuple[Rule[Any, Any], ...]:
    """Return the rules of clearing, for a desk with or without a screen."""
    return desk_rules(PaperMaker(texts, operator_name))


def offer(
    texts: Texts, operator_name: OperatorName, staff: "Staff", photos: "PhotoDesk | None" = None
) -> Offer:
    """Return everything that clearing offers. staff: who works here now; photos: of slips."""
    papers = PaperMaker(texts, operator_name)

    def page(counter: "Counter") -> "Page":
        from station_app.services.clearing.pages.clearing_page import ClearingPage
        from station_app.services.clearing.pages.view import Outfit

        return ClearingPage(counter, CLEARING_PAGE, papers, Outfit(staff, photos))

    return Offer(
        pages=(
            PageOffer(
                CLEARING_PAGE,
                "cash.rail.day",
                "calendar",
                "F8",
                page,
                tab="clearing.rail.tab",
                tab_order=TAB_ORDER,
                count=telling.count,
            ),
        ),
        tiles=(
            Tile(
                "clearing", "clearing.tile.title", "swap", CLEARING_PAGE, telling.figures, order=95
            ),
        ),
        scan_routes=(ScanRoute(Rank.OWN_CODE, find_slip),),
        cases=(CaseOffer("clearing.", telling.case),),
        documents=(DocumentOffer("receipt", "clearing.slip.remittance", papers.again),),
        acts=(ActOffer(OWN_KINDS, telling.act),),
        rules=desk_rules(papers),
    )


def find_slip(connection: Connection, _text: str, code: Recognised) -> Meaning | None:
    """Recognise the code on a slip of clearing: it opens what the slip is about."""
    if not isinstance(code, OwnCode) or code.kind != SLIP:
        return None
    subject = telling.of_code(connection, code.payload)
    if not subject:
        return None
    ((name, identity),) = subject.items()
    return Meaning(f"clearing.{name}", CLEARING_PAGE, identity)
