"""Which rule decides which command: what this slice hands to the desk."""

from collections.abc import Sequence
from typing import Any

from station_app.journal.fact import Saying
from station_app.journal.log import Connection
from station_app.services.accounts import rules
from station_app.services.accounts.commands import (
    PayRefund,
    PrintAccountSlip,
    RepayAccount,
    ReturnOverpaid,
    SettleDebit,
)
from station_app.services.accounts.papers import PaperMaker
from station_app.services.accounts.records import AccountGatherer, People
from station_app.shell.desk import Rule
from station_app.values.now import Now
from station_app.values.texts import Texts


def desk_rules(people: People, texts: Texts) -> tuple[Rule[Any, Any], ...]:
    """Return the rules of money that is owed, with the papers that they print."""
    gather, papers = AccountGatherer(people), PaperMaker(people, texts)
    return (
        Rule(RepayAccount, gather.owing, rules.repay_account),
        Rule(ReturnOverpaid, gather.overpaying, rules.return_overpaid),
        Rule(PayRefund, gather.refunding, rules.pay_refund),
        Rule(SettleDebit, gather.overdrawn, rules.settle_debit, papers.for_settling),
        Rule(PrintAccountSlip, _nothing_to_see, _nothing_to_say, papers.slip),
    )


def _nothing_to_see(_connection: Connection, _command: PrintAccountSlip, _now: Now) -> None:
    return None


def _nothing_to_say(_state: None, _command: PrintAccountSlip, _now: Now) -> Sequence[Saying]:
    return ()
