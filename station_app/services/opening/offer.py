"""What the first day shows to the rest: its pages, words for its acts, its slips."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from station_app.journal.log import Connection
from station_app.services.opening import telling
from station_app.services.opening.asking import desk_rules
from station_app.services.opening.outfit import Outfit
from station_app.shell.offers import (
    ActOffer,
    DocumentOffer,
    Hit,
    Offer,
    PageOffer,
    SearchSource,
    Sought,
)
from station_app.values.texts import Texts

if TYPE_CHECKING:
    from station_app.shell.counter import Counter
    from station_app.shell.page import Page

STEPS_PAGE = telling.STEPS_PAGE
TAB_ORDER = 90  # the last tab of F8: the books begin here, and hardly anybody comes back


def offer(texts: Texts, outfit: Outfit) -> Offer:
    """Return everything that the first day offers. outfit: files, paper, neighbours."""

    def steps(counter: "Counter") -> "Page":
        from station_app.services.opening.pages.steps_page import StepsPage

        return StepsPage(counter, STEPS_PAGE, outfit)

    def sheet(counter: "Counter") -> "Page":
        from station_app.services.opening.pages.sheet_page import SheetPage

        return SheetPage(counter, "opening.sheet", outfit, STEPS_PAGE)

    def lines(counter: "Counter") -> "Page":
        from station_app.services.opening.pages.lines_page import LinesPage

        return LinesPage(counter, "opening.lines", outfit, STEPS_PAGE)

    def shelves(counter: "Counter") -> "Page":
        from station_app.services.opening.pages.shelves_page import ShelvesPage

        return ShelvesPage(counter, "opening.shelves", outfit, STEPS_PAGE)

    def lots(counter: "Counter") -> "Page":
        from station_app.services.opening.pages.lots_page import LotsPage

        return LotsPage(counter, "opening.lots", outfit, STEPS_PAGE)

    def finish(counter: "Counter") -> "Page":
        from station_app.services.opening.pages.finish_page import FinishPage

        return FinishPage(counter, "opening.finish", outfit, STEPS_PAGE)

    def find(_connection: Connection, sought: Sought, texts: Texts) -> Sequence[Hit]:
        """Lead whoever types 开账 or its pinyin to the steps."""
        title = texts.say("opening.tab.opening")
        typed = sought.text.strip().lower()
        names = (title, *(name for name in texts.say("opening.search.names").split()))
        if not any(len(typed) > 1 and name.startswith(typed) for name in names):
            return ()
        return (Hit(title, texts.say("opening.steps.title"), "flag", STEPS_PAGE, {}),)

    rail = "cash.rail.day"
    return Offer(
        pages=(
            PageOffer(
                STEPS_PAGE,
                rail,
                "calendar",
                "F8",
                steps,
                "opening.tab.opening",
                TAB_ORDER,
                telling.open_count,
            ),
            PageOffer("opening.sheet", rail, "list", "", sheet),
            PageOffer("opening.lines", rail, "book", "", lines),
            PageOffer("opening.shelves", rail, "shelf", "", shelves),
            PageOffer("opening.lots", rail, "leaf", "", lots),
            PageOffer("opening.finish", rail, "flag", "", finish),
        ),
        search_sources=(SearchSource("opening", "opening.search.heading", find, 95),),
        documents=(DocumentOffer("receipt", "opening.slip.heading", outfit.papers.again),),
        acts=(ActOffer(telling.ACT_KINDS, telling.act),),
        rules=desk_rules(outfit.gatherer, texts),
    )
