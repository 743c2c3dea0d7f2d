"""What handing on shows to the rest: one page, its acts, its paper."""

from typing import TYPE_CHECKING

from station_app.journal.log import Connection
from station_app.services.handing_on import records
from station_app.services.handing_on.asking import desk_rules
from station_app.services.handing_on.facts import StationHandedOn
from station_app.services.handing_on.outfit import Outfit
from station_app.shell.offers import ActOffer, ActWords, DocumentOffer, Offer, PageOffer
from station_app.values.texts import Texts

if TYPE_CHECKING:
    from station_app.shell.counter import Counter
    from station_app.shell.page import Page

PAGE = "handing_on.page"
TAB_ORDER = 95  # behind the first day: hardly anybody comes here twice


def offer(outfit: Outfit) -> Offer:
    """Return everything that this slice offers."""

    def page(counter: "Counter") -> "Page":
        from station_app.services.handing_on.pages.handing_on_page import HandingOnPage

        return HandingOnPage(counter, PAGE, outfit)

    return Offer(
        pages=(PageOffer(PAGE, "cash.rail.day", "key", "F8", page, "handing_on.tab", TAB_ORDER),),
        acts=(ActOffer((StationHandedOn.KIND,), _act),),
        documents=(DocumentOffer("receipt", "handing_on.paper.title", outfit.papers.again),),
        rules=desk_rules(outfit.people, outfit.texts),
    )


def _act(connection: Connection, act: str, texts: Texts) -> ActWords:
    row = records.of_act(connection, act)
    reason = texts.say(f"handing_on.reason.{row.state.reason}") if row else ""
    return ActWords("key", texts.say("handing_on.act", reason=reason), page=PAGE)
