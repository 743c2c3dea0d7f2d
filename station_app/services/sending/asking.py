"""Which rule decides which command: what this slice hands to the desk."""

from typing import Any

from station_app.reference.register import Register
from station_app.services.sending import accepting, records
from station_app.services.sending.commands import (
    AcceptSending,
    AskWaybills,
    CancelSending,
    FinishSending,
    HandSendingsOver,
)
from station_app.services.sending.papers import PaperMaker
from station_app.shell.desk import Rule
from station_app.values.texts import Texts


def desk_rules(people: Register, texts: Texts) -> tuple[Rule[Any, Any], ...]:
    """Return the rules of sending, with the papers that they print."""
    papers = PaperMaker(people, texts)
    return (
        Rule(AcceptSending, records.gather_accepting, accepting.accept_sending),
        Rule(FinishSending, records.gather_finishing, accepting.finish_sending, papers.of_act),
        Rule(HandSendingsOver, records.gather_leaving, accepting.hand_over),
        Rule(CancelSending, records.gather_one, accepting.cancel),
        Rule(AskWaybills, records.gather_left, accepting.ask_waybills),
    )
