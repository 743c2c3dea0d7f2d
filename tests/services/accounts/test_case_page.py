"""Money that was paid twice, on the pages: a case with both sides, settled, and gone."""

# ruff: noqa: F811 - the fixtures of that name
import pytest

from station_app.journal.fact import Saying
from station_app.overview.case_list import count_cases
from station_app.services.accounts.facts import RefundPaid
from station_app.services.accounts.rules import refund_account
from station_app.services.accounts.telling import Telling
from station_app.services.cash.facts import PaymentGiven, Tender
from station_app.services.people import records as people
from station_app.shell.offers import CaseOffer
from tests.long_shelf import HEIGHTS
from tests.overview.conftest import dressed, furnished, station  # noqa: F401 - fixtures
from tests.overview.seen import caps, check_fit, primary, shoot, words
from tests.services.accounts.desk_page import lost, say
from tests.services.accounts.test_pages import begin, fen


def pay(station, key, amount_fen):
    """Say that a refund was paid, as another PC would have that knew of no other payout."""
    now = station.desk.now()
    say(
        station,
        Saying(
            RefundPaid(
                document=key, amount_fen=amount_fen, home="D1", permission="home",
                slip_taken=0, slip=1, day=now.day,
            )
        ),
        Saying(
            PaymentGiven(
                due_fen=amount_fen, tenders=(Tender(way="cash", amount_fen=amount_fen),),
                shift=now.shift, day=now.day,
            )
        ),
    )  # fmt: skip


@pytest.fixture
def twice(station):
    station.sign_in()
    station.open_shift()
    key = lost(station, 0, 3_000)
    pay(station, key, 3_000)
    pay(station, key, 3_000)
    return station, key


@pytest.mark.parametrize("height", HEIGHTS)
def test_both_sides_are_shown_and_it_is_settled_by_keys(twice, height):
    station, key = twice
    begin(station, "overview.cases", height)
    assert "包裹多付了" in words(station)
    assert words(station).count("付出 ¥30.00") == 2
    assert key not in words(station)
    assert "哪张单 包裹 " in words(station).replace("\n", " ")
    shoot(station, f"debit_case_{height}")
    assert caps(station) == [primary(station)[0]]
    station.press("Enter")
    assert "包裹多付了 ¥30.00" in words(station)
    check_fit(station)
    station.press("1")
    assert primary(station)[0] == "收回 ¥30.00"
    check_fit(station)
    shoot(station, f"debit_settle_{height}")
    station.press("Enter")
    assert fen(station, refund_account(key)) == 0
    station.window.open_page("overview.cases")
    station.hand.settle()
    assert station.page.is_empty()


def test_the_station_may_bear_it_with_a_reason(twice):
    station, key = twice
    begin(station, "accounts.refunds")
    station.press("Enter", "3")
    assert primary(station)[1:] == (False, "写一句原因")
    station.page.settling.reason.setFocus()
    station.compose("乡亲不在家了")
    before = fen(station, "Expenses:Compensation")
    station.press("Enter")
    assert fen(station, "Expenses:Compensation") == before + 3_000
    assert fen(station, refund_account(key)) == 0


def test_it_counts_among_the_open_cases_as_long_as_it_is_one(twice):
    station, key = twice
    telling = Telling(people, station.texts)
    offers = [CaseOffer("accounts.debit", telling.case, telling.debits)]
    assert count_cases(station.connection, offers) == count_cases(station.connection) + 1
    figures = telling.figures(station.connection, station.desk.now(), station.texts)
    assert figures.lines[1].words == "1 笔退了两次"
    assert key in str(telling.debits(station.connection))
