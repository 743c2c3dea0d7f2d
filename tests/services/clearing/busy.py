"""A month at a station, with something of everything that the page shows."""

import msgspec

from station_app.ledger.accounts import part
from station_app.services.clearing.commands import AnswerStatement
from station_app.services.clearing.facts import Portion
from tests.services.clearing.office import GROWER, Office, current, prepayment
from tests.services.clearing.test_statements import CHARGES, all_facts, issue


def busy() -> Office:
    """Orders and bills, a remittance that differs, money coming, couriers, two statements."""
    office = Office().open(90_000)
    for fen in (7_200, 12_850, 3_600):
        office.order(fen)
    office.pen.paid(office.bill(12_650), 12_650)
    office.bill(4_500)
    first = office.remit(current(12_650), carrier="任例福").told[0].identity
    office.pen.confirm(first, 12_600)
    order = office.order(9_900)
    office.remit(prepayment(order, 9_900), carrier="任例福")
    office.pen.paid(office.bill(5_200), 5_200)
    office.pen.sold(18_000)
    hers = Portion(purse="Grower", owner=part(GROWER), amount_fen=18_000)
    office.pen.send_down("XH-1125-017", 18_000, hers)
    for number in range(7):
        office.hand_over("ZTO", 8_600 + number * 100, 1_200 if number % 2 else 0)
    office.hand_over("JTSD", 28_600)
    office.pay("JTSD", fee_fen=60, runner="王示明")
    for number in range(3):
        office.hand_over("JTSD", 2_600 + number)
    october = issue(office, "2026-10")
    office.do(AnswerStatement(statement=october))
    seen = all_facts(office)
    office.remit(current(100), may_exceed=True)
    office.pen.paid(office.bill(3_300), 3_300)
    office.pen.sold(2_200)

    def falsify(lines):
        lines[0] = msgspec.structs.replace(lines[0], amount_fen=lines[0].amount_fen + 100)
        return lines[:-1]

    issue(office, "2026-11", since=october, seen=seen, change=falsify, charges=CHARGES)
    return office
