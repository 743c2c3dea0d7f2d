"""Which rule decides which command: what this slice hands to the desk."""

from typing import Any

from station_app.services.clearing import answering, records, rules, statement_records
from station_app.services.clearing.commands import (
    AllotCountyMoney,
    AnswerStatement,
    AskRemittanceBack,
    PayCourier,
    ReceiveCountyMoney,
    ReturnCountyMoney,
    ReturnCourierPayment,
    SendRemittance,
    TakeRemittanceBack,
)
from station_app.services.clearing.papers import PaperMaker
from station_app.shell.desk import Rule


def desk_rules(papers: PaperMaker) -> tuple[Rule[Any, Any], ...]:
    """Return the rules of clearing, with the papers that they print."""
    receiving = records.gather_receiving
    returning = records.gather_returning
    return (
        Rule(SendRemittance, records.gather_remitting, rules.send_remittance, papers.for_act),
        Rule(AskRemittanceBack, returning, rules.ask_remittance_back),
        Rule(TakeRemittanceBack, returning, rules.take_remittance_back),
        Rule(ReceiveCountyMoney, receiving, rules.receive_county_money),
        Rule(AllotCountyMoney, receiving, rules.allot_county_money),
        Rule(ReturnCountyMoney, receiving, rules.return_county_money),
        Rule(PayCourier, records.gather_paying, rules.pay_courier, papers.for_act),
        Rule(ReturnCourierPayment, records.gather_payment, rules.return_courier_payment),
        Rule(
            AnswerStatement,
            statement_records.gather_answering,
            answering.answer_statement,
            papers.for_act,
        ),
    )
