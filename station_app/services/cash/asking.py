"""Which rule decides which command: what this slice hands to the desk."""

from typing import Any

from station_app.services.cash import payments, rules
from station_app.services.cash.commands import CloseShift, GivePayment, OpenShift, TakePayment
from station_app.services.cash.papers import PaperMaker
from station_app.services.cash.records import gather_closing, gather_nothing, gather_opening
from station_app.shell.desk import Rule


def desk_rules(papers: PaperMaker) -> tuple[Rule[Any, Any], ...]:
    """Return the rules of the drawer, with the papers that they print."""
    return (
        Rule(OpenShift, gather_opening, rules.open_shift, papers.for_opening),
        Rule(TakePayment, gather_nothing, payments.take_payment, papers.for_money),
        Rule(GivePayment, gather_nothing, payments.give_payment, papers.for_money),
        Rule(CloseShift, gather_closing, rules.close_shift, papers.for_closing),
    )
