"""Which rule decides which command: what this slice hands to the desk."""

from collections.abc import Sequence
from typing import Any

from station_app.journal.fact import Saying
from station_app.journal.log import Connection
from station_app.services.purchasing.commands import (
    AnswerQuote,
    AnswerSwap,
    AskCancellation,
    CancelOrder,
    ChooseDelivery,
    CompleteOrder,
    NoteOwnOrder,
    PickUpOrder,
    PlaceOrder,
    PrintOrderSlip,
    ReturnOrder,
    SendBackOrder,
    SettleClaim,
    TellOwnWaybill,
)
from station_app.services.purchasing.completing import complete_order
from station_app.services.purchasing.fates import (
    answer_quote,
    answer_swap,
    ask_cancellation,
    cancel_order,
    choose_delivery,
    pick_up_order,
    return_order,
    send_back_order,
    settle_claim,
)
from station_app.services.purchasing.gathering import OrderGatherer
from station_app.services.purchasing.own_placing import note_own_order, tell_own_waybill
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
        Rule(AnswerSwap, gather.fate, answer_swap),
        Rule(ChooseDelivery, gather.fate_of_choice, choose_delivery),
        Rule(CompleteOrder, gather.completing, complete_order),
        Rule(SettleClaim, gather.fate, settle_claim),
        Rule(NoteOwnOrder, gather.own, note_own_order),
        Rule(TellOwnWaybill, gather.own_order, tell_own_waybill),
        Rule(PrintOrderSlip, _nothing_to_see, _nothing_to_say, papers.slip),
    )


def _nothing_to_see(_connection: Connection, _command: PrintOrderSlip, _now: Now) -> None:
    return None


def _nothing_to_say(_state: None, _command: PrintOrderSlip, _now: Now) -> Sequence[Saying]:
    return ()
