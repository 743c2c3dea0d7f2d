"""Which rule decides which command: what this slice hands to the desk."""

from typing import Any

from station_app.services.cash import payments, rules
from station_app.services.cash.commands import CloseShift, GivePayment, OpenShift, TakePayment
from station_app.services.cash.records import gather_closing, gather_nothing, gather_opening
from station_app.shell.desk import Rule


def desk_rules() -> tuple[Rule[Any, Any], ...]:
    """Return the rules of the drawer."""
    return (
        Rule(OpenShift, gather_opening, rules.open_shift),
        Rule(TakePayment, gather_nothing, payments.take_payment),
        Rule(GivePayment, gather_nothing, payments.give_payment),
        Rule(CloseShift, gather_closing, rules.close_shift),
    )
