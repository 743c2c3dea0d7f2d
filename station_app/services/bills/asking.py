"""Which rule decides which command: what this slice hands to the desk."""

from collections.abc import Sequence
from typing import Any

from station_app.journal.fact import Saying
from station_app.journal.log import Connection
from station_app.reference.register import Register
from station_app.services.bills import records, taking
from station_app.services.bills.commands import AskBillCancellation, PrintBillSlip, TakeBill
from station_app.services.bills.papers import PaperMaker
from station_app.shell.desk import Rule
from station_app.values.now import Now
from station_app.values.texts import Texts


def desk_rules(people: Register, texts: Texts) -> tuple[Rule[Any, Any], ...]:
    """Return the rules of bills, with the papers that they print."""
    papers = PaperMaker(people, texts)
    return (
        Rule(TakeBill, records.gather_taking, taking.take_bill),
        Rule(AskBillCancellation, records.gather_bill, taking.ask_cancellation),
        Rule(PrintBillSlip, _nothing_to_see, _nothing_to_say, papers.slip),
    )


def _nothing_to_see(_connection: Connection, _command: PrintBillSlip, _now: Now) -> None:
    return None


def _nothing_to_say(_state: None, _command: PrintBillSlip, _now: Now) -> Sequence[Saying]:
    return ()
