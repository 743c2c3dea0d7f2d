"""Two hundred lives of bills, whatever the counter and the county do: no fen is lost or stuck."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station_app.ledger.accounts import held_bill, refund_due
from station_app.ledger.posting import CNY
from station_app.services.bills import records
from station_app.services.bills.commands import AskBillCancellation
from station_app.services.bills.records import BillRow
from station_app.shell.desk import Done
from tests.services.accounts.pcs import Pc
from tests.services.bills.desk import SCHOOL, Bills

LIVES = 200
STEPS = ("undo", "offer", "ask_back", "paid", "failed", "sent_back", "refund", "refund_more")
FEE_FEN = 150


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bills]:
    folder: Path = tmp_path_factory.mktemp("always")
    pc = Pc(folder / "one", 1)
    pc.open_shift(500_000)
    made = Bills(pc)
    made.publish(SCHOOL, fee_fen=FEE_FEN, limit_fen=0)
    yield made
    pc.close()


def step(desk: Bills, row: BillRow, what: str) -> None:
    """Do one thing about a bill; what a page or the county's desk does not offer is refused."""
    fen = row.state.amount_fen
    sums = (fen, row.state.fee_fen)
    if what == "undo":
        desk.pc.premises.desk.settle_undo(row.act, ticket=f"U{row.act[1:]}")
    elif what == "offer":
        desk.offer(row.bill)
    elif what == "ask_back":
        desk.pc.ask(AskBillCancellation(bill=row.bill))
    elif what == "paid" and row.state.status == "queued":
        desk.paid(row.bill, *sums)
    elif what == "failed" and row.state.status == "queued":
        desk.failed(row.bill, *sums)
    elif what == "sent_back" and row.state.status == "paid":
        desk.sent_back(row.bill, *sums)
    elif what == "refund":
        desk.pc.pay_back(row.refund, sum(sums), lent_because="凭条退")
    elif what == "refund_more":
        outcome = desk.pc.pay_back(row.refund, sum(sums) + 1, lent_because="凭条退")
        assert not isinstance(outcome, Done), "never more than was paid in"


def goes_to_its_end(desk: Bills, row: BillRow) -> None:
    """Whatever a bill has come to, somebody can go on with it until nobody owes anybody."""
    if row.stands in ("queued", "sent", "asked"):
        step(desk, row, "failed")
    elif row.stands == "paid":
        step(desk, row, "sent_back")
    found = records.bill_row(desk.connection, row.bill)
    assert found is not None
    if found.due_fen:
        step(desk, found, "refund")
    assert desk.pc.balance(held_bill(row.bill)) == 0
    assert desk.pc.balance(refund_due(row.bill)) == 0


@settings(
    max_examples=LIVES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    fen=st.integers(min_value=100, max_value=90_000),
    life=st.lists(st.sampled_from(STEPS), max_size=7),
)
def test_a_bill_ends_held_paid_or_paid_back_and_never_between(
    desk: Bills, fen: int, life: list[str]
) -> None:
    bill = desk.taken(fen, fee_fen=FEE_FEN, biller=SCHOOL, account="S000017", is_meant=True)
    whole_fen = fen + FEE_FEN
    for what in life:
        row = records.bill_row(desk.connection, bill)
        if row is None:
            break  # undone: as if it had never been
        step(desk, row, what)
    held, due = desk.pc.balance(held_bill(bill)), desk.pc.balance(refund_due(bill))
    row = records.bill_row(desk.connection, bill)
    if row is None:
        assert (held, due) == (0, 0)
    else:
        assert held == (-whole_fen if row.stands in ("queued", "sent", "asked") else 0)
        assert due in (0, -whole_fen)
        assert due == 0 or row.stands in ("failed", "reversed")
        assert not [
            case
            for (case,) in desk.connection.execute(
                "SELECT kind FROM cases WHERE entity = ?", (bill,)
            )
        ]
        goes_to_its_end(desk, row)
    (total,) = desk.connection.execute(
        "SELECT coalesce(sum(amount), 0) FROM balances WHERE commodity = ?", (CNY,)
    ).fetchone()
    assert total == 0
