"""Every figure of a slip can be opened, and what is behind it comes to the figure."""

import random

import pytest

from station_app.ledger.lines import posted_lines
from station_app.services.cash import figure_records as figures
from station_app.services.cash.commands import (
    ComparePlace,
    HandOverShift,
    OpenDrawer,
    PutIn,
    TakeOut,
)
from station_app.services.cash.facts import Tender
from station_app.services.cash.figures import Names
from tests.services.cash.till import (
    STAFF,
    TEXTS,
    GoodRefunded,
    GoodShelved,
    Say,
    Till,
    count,
)

NAMES = Names(station="柳荫洼村站", couriers={"ZTO": "中通", "JTSD": "极兔"})
OTHER = STAFF[1].identity


def busy_day(seed: int, device: str = "D1") -> Till:
    """Return a till after a day of everything, in a random order."""
    dice = random.Random(seed)
    till = Till(device)
    till.open()
    till.settle("ZTO", 28_600)
    for _ in range(25):
        courier = dice.choice(("ZTO", "JTSD"))
        fen = dice.randrange(10, 500) * 10
        work = dice.randrange(9)
        if work == 0:
            till.do(Say(GoodShelved(courier=courier)))
        elif work in (1, 2):
            till.settle(courier, fen)
        elif work == 3:
            till.settle(courier, fen, Tender(way="wechat", amount_fen=fen, reference="42"))
        elif work == 4:
            till.give(courier, 10)
        elif work == 5:
            till.do(PutIn(place="drawer", reason="own", amount_fen=fen))
        elif work == 6:
            till.do(TakeOut(place="drawer", reason="petty", amount_fen=10, remark="买胶带"))
        elif work == 7:
            till.do(OpenDrawer(reason="change"))
        else:
            undone = till.settle(courier, fen).act
            till.at += 1
            till.desk.settle_undo(undone, ticket=till.ticket())
    due = Say(GoodRefunded(courier="ZTO", document="5e" * 32, owed_fen=900, paid_fen=0))
    till.do(due)
    till.do(ComparePlace(place="alipay", shown_fen=120, remark="手续费"))
    return till


def drawer_now(till: Till) -> int:
    return sum(
        amount
        for (amount,) in till.connection.execute(
            "SELECT amount FROM balances WHERE account = ?", (f"Assets:Drawer:{till.device}",)
        )
    )


@pytest.mark.parametrize("seed", range(8))
def test_what_is_behind_a_figure_comes_to_it(seed):
    till = busy_day(seed)
    shift = till.shift
    wants = drawer_now(till) - 130
    till.do(HandOverShift(taken_over_by=OTHER, counts=count(wants), remark="找错了"))
    till.settle("JTSD", 1_000)
    till.restart()
    till.settle("JTSD", 2_000)
    till.close(wants + 3_050, remark="多了")
    till.open(wants + 3_050)  # what comes later stays outside
    till.settle("JTSD", 7_000)
    shown = figures.figures_of(till.connection, shift, NAMES, TEXTS)
    assert {f.key for f in shown} >= {"not_mine", "own", "cash_in", "hand_over", "opening", "acts"}
    for figure in shown:
        if figure.key == "own":
            continue  # the sum of the lines below it; see the test of slips
        behind = figures.behind_figure(till.connection, shift, figure)
        assert behind.amount == figure.amount, figure
        assert behind.count >= len(behind.lines)


def test_the_lines_of_the_drawer_come_to_what_was_expected():
    till = busy_day(3)
    shift = till.shift
    till.close(drawer_now(till) // 10 * 10)
    sheet = figures.sheet_of(till.connection, shift)
    assert sheet is not None
    drawer = [f for f in figures.figures_of(till.connection, shift, NAMES, TEXTS) if f.part]
    parts = ("opening", "cash_in", "cash_out", "put_in", "taken_out", "hand_over")
    assert sum(f.amount for f in drawer if f.part in parts) == sheet.state.expected_fen


def test_an_open_shift_opens_nothing_that_gives_the_drawer_away():
    till = busy_day(5)
    shown = figures.figures_of(till.connection, till.shift, NAMES, TEXTS)
    keys = {f.key for f in shown}
    assert "not_mine" in keys
    assert not keys & {"own", "places", "opening", "cash_in", "cash_out", "put_in", "taken_out"}
    assert not any(a.startswith("Assets:Drawer") for f in shown for a in f.accounts)


def test_any_account_can_be_opened_by_its_name():
    till = busy_day(6)
    found = posted_lines(till.connection, ("Liabilities:Held:COD",), limit=3)
    assert (len(found.lines), found.count > 3) == (3, True)
    assert [one.at for one in found.lines] == sorted((o.at for o in found.lines), reverse=True)
    behind = figures.behind_accounts(till.connection, ("Liabilities:Held:COD",), sign=-1)
    assert behind.amount == sum(
        -amount
        for (amount,) in till.connection.execute(
            "SELECT amount FROM balances WHERE account LIKE 'Liabilities:Held:COD:%'"
        )
    )
