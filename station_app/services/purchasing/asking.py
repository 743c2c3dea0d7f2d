"""Which rule decides which command: what this slice hands to the desk."""

from collections.abc import Sequence
from typing import Any

from station_app.journal.fact import Saying
from station_app.journal.log import Connection
from station_app.services.purchasing.commands import (
    AnswerQuote,
    AskCancellation,
    CancelOrder,
    PickUpOrder,
    PlaceOrder,
    PrintOrderSlip,
    ReturnOrder,
    SendBackOrder,
)
from station_app.services.purchasing.fates import (
    answer_quote,
    ask_cancellation,
    cancel_order,
    pick_up_order,
    return_order,
    send_back_order,
)
from station_app.services.purchasing.gathering import OrderGatherer
from station_app.services.purchasing.papers import PaperMaker
from station_app.services.purchasing.placing import place_order
from station_app.services.purchasing.records import People
from station_app.shell.desk import Rule
from station_app.values.now import Now
from station_app.values.texts import Texts


def desk_rules(people: People, texts: Texts) -> tuple[Rule[Any, Any], ...]:
    """Return the rules of orders, with the papers that they print."""
    gather, papers = OrderGatherer(people), PaperMaker(people, texts)
    return (
        Rule(PlaceOrder, gather.placing, place_order, papers.for_placing),
        Rule(CancelOrder, gather.fate, cancel_order),
        Rule(AskCancellation, gather.fate, ask_cancellation),
        Rule(AnswerQuote, gather.fate, answer_quote),
        Rule(PickUpOrder, gather.fate_with_slip, pick_up_order, papers.for_picking_up),
        Rule(ReturnOrder, gather.fate_with_slip, return_order, papers.for_return),
        Rule(SendBackOrder, gather.fate, send_back_order),
        Rule(PrintOrderSlip, _nothing_to_see, _nothing_to_say, papers.slip),
    )


def _nothing_to_see(_connection: Connection, _command: PrintOrderSlip, _now: Now) -> None:
    return None


def _nothing_to_say(_state: None, _command: PrintOrderSlip, _now: Now) -> Sequence[Saying]:
    return ()
