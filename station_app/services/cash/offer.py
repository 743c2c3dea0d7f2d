"""What the drawer shows to the rest: its pages, a tile, words for its acts and cases, its slips."""

from typing import TYPE_CHECKING, Any

from station_app.journal.fact import station_of
from station_app.journal.log import Connection
from station_app.printing.document import Document
from station_app.services.cash import records, telling
from station_app.services.cash.asking import Staff, desk_rules
from station_app.services.cash.facts import (
    CashPutIn,
    CashTakenOut,
    DrawerOpened,
    PaymentGiven,
    PaymentTaken,
    PlaceCompared,
    ShiftClosed,
    ShiftHandedOver,
    ShiftOpened,
)
from station_app.services.cash.papers import OperatorName, PaperMaker
from station_app.services.cash.payment_records import CORRECTIONS, PaymentGatherer
from station_app.shell.desk import Rule
from station_app.shell.offers import (
    ActOffer,
    CaseOffer,
    CorrectionOffer,
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
    from station_app.services.cash.pages.edges import Edges
    from station_app.shell.counter import Counter
    from station_app.shell.page import Page

DAY_PAGE = "cash.day"
RIGHT_PAGE = "cash.right"
CLOSED_PAGE = "cash.closed"
DRAWER_PAGE = "cash.drawer"
FIGURE_PAGE = "cash.figure"
DRAWER_KINDS = (
    CashPutIn.KIND,
    CashTakenOut.KIND,
    DrawerOpened.KIND,
    ShiftHandedOver.KIND,
    PlaceCompared.KIND,
)


def rules(texts: Texts, operator_name: OperatorName, staff: Staff) -> tuple[Rule[Any, Any], ...]:
    """Return the rules of the drawer, for a desk with or without a screen.

    operator_name: returns who an operator is, by identity; staff: who works here now.
    """
    return desk_rules(PaperMaker(texts, operator_name), staff)


def offer(texts: Texts, operator_name: OperatorName, staff: Staff, edges: "Edges") -> Offer:
    """Return everything that the drawer offers. edges: printer and line."""
    papers = PaperMaker(texts, operator_name)

    def day_page(counter: "Counter") -> "Page":
        from station_app.services.cash.pages.day_page import DayPage

        return DayPage(counter, DAY_PAGE, papers, edges)

    def closed_page(counter: "Counter") -> "Page":
        from station_app.services.cash.pages.closed_page import ClosedPage

        return ClosedPage(counter, CLOSED_PAGE, papers, edges)

    def drawer_page(counter: "Counter") -> "Page":
        from station_app.services.cash.pages.drawer_page import DrawerPage

        return DrawerPage(counter, DRAWER_PAGE, papers, edges)

    def figure_page(counter: "Counter") -> "Page":
        from station_app.services.cash.pages.figure_page import FigurePage

        return FigurePage(counter, FIGURE_PAGE, papers, edges)

    day = PageOffer(
        DAY_PAGE, "cash.rail.day", "calendar", "F8", day_page, tab="cash.day.tab", tab_order=1
    )
    drawer = PageOffer(
        DRAWER_PAGE,
        "cash.drawer.title",
        "drawer",
        "F8",
        drawer_page,
        tab="cash.drawer.tab",
        tab_order=2,
    )
    return Offer(
        pages=(
            day,
            drawer,
            PageOffer(FIGURE_PAGE, "cash.figure.title", "list", "", figure_page),
            PageOffer(CLOSED_PAGE, "cash.rail.day", "document", "", closed_page),
        ),
        tiles=(Tile("cash", "cash.tile.title", "drawer", DAY_PAGE, telling.figures, order=90),),
        scan_routes=(ScanRoute(Rank.OWN_CODE, find_slip),),
        cases=(CaseOffer("cash.", telling.case),),
        documents=(DocumentOffer("receipt", "cash.slip.z_title", _again(papers)),),
        acts=(
            ActOffer((ShiftOpened.KIND, ShiftClosed.KIND), telling.shift_act),
            ActOffer(DRAWER_KINDS, telling.drawer_act),
            ActOffer((PaymentTaken.KIND, PaymentGiven.KIND), telling.payment_act),
        ),
        rules=desk_rules(papers, staff),
    )


def right_offer(texts: Texts, operator_name: OperatorName, gatherer: PaymentGatherer) -> Offer:
    """Return the page on which payments are put right. gatherer: of the desk's rules, or alike."""
    papers = PaperMaker(texts, operator_name)

    def right_page(counter: "Counter") -> "Page":
        from station_app.services.cash.pages.right_page import RightPage

        return RightPage(counter, RIGHT_PAGE, papers, gatherer)

    def slip(connection: Connection, act: str, _texts: Texts) -> Document | None:
        return papers.correction_again(connection, act)

    return Offer(
        pages=(PageOffer(RIGHT_PAGE, "cash.rail.day", "pencil", "", right_page),),
        documents=(DocumentOffer("receipt", "cash.right.slip_heading", slip),),
        acts=(ActOffer(CORRECTIONS, telling.correction_act),),
        corrections=(
            CorrectionOffer(
                (PaymentTaken.KIND, PaymentGiven.KIND), RIGHT_PAGE, "cash.right.of_payment"
            ),
        ),
    )


def find_slip(connection: Connection, _text: str, code: Recognised) -> Meaning | None:
    """Recognise the code on a Z slip: it opens the slip."""
    if not isinstance(code, OwnCode) or code.kind != SLIP:
        return None
    shift = records.shift_of_code(connection, code.payload)
    return Meaning("shift.closed", CLOSED_PAGE, shift) if shift else None


def _again(papers: PaperMaker) -> Any:
    """Return what makes a slip of an act anew: of a close, a voucher or a hand-over."""

    def rebuild(connection: Connection, act: str, _texts: Texts) -> Document | None:
        found = records.closing_by_act(connection, act)
        if found:
            return papers.z(connection, found[0], station_of(found[1]))
        fact = records.slip_fact_of_act(connection, act)
        if fact is None:
            return None
        make = papers.hand_over if fact.kind == ShiftHandedOver.KIND else papers.voucher
        return make(connection, fact.identity, station_of(fact.stream))

    return rebuild
