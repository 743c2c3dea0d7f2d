"""A stopped lot by keys: said aloud, counted to nothing, every slip on which it was sold."""

import pytest

from station_app.services.cash.commands import GivePayment
from station_app.services.cash.facts import Tender
from station_app.services.consignment import records, stopped_records
from station_app.services.consignment.commands import MergeLots, MoveLot
from station_app.services.quality.facts import LotRecalled
from station_app.services.sales import slip_records
from station_app.services.sales.commands import ReturnGoods, ReturnLine
from station_app.services.sales.returning import Returning, paid_back
from station_app.values.spoken import SENTENCES
from tests.overview.seen import check_fit, primary, shoot, words
from tests.services.sales.store import DAY


@pytest.fixture
def called_back(yard):
    """Sold twice, once of what it was joined into; the first sale came back; some was sent."""
    lot, other = yard.intake(), yard.intake(person=yard.pc.person(1))
    yard.act(MoveLot(lot=lot, how="dispatch", quantity=2_000, packages=1))
    yard.sell(yard.line(lot, 1_500, 1_000))
    (sale,) = [str(row[0]) for row in yard.connection.execute("SELECT entity FROM sales")]
    sold = slip_records.sold_line(yard.connection, sale)
    assert sold is not None
    asked = ReturnGoods(
        lines=(ReturnLine(sale=sale, quantity=1_500, into="shelf"),), reason="quality"
    )
    fen = paid_back(Returning(sold={sale: sold}), asked)
    yard.pc.do(asked, GivePayment(due_fen=fen, tenders=(Tender(way="cash", amount_fen=fen),)))
    yard.act(MergeLots(lots=(lot, other)))
    (made,) = [row.lot for row in records.lots_here(yard.connection)]
    yard.sell(yard.line(made, 3_000, 1_000))
    yard.publish(LotRecalled(reason="毒死蜱超标", day=DAY), entity=lot)
    yard.lots = (lot, other, made)
    return yard


def test_all_that_was_made_of_it_is_followed_and_nothing_is_untold(called_back):
    lot, other, _made = called_back.lots
    found = stopped_records.stopped(called_back.connection, lot)
    assert found is not None
    assert (found.came, found.away, found.untold) == (2 * 12_340, 2_000, 0)
    assert (found.sold, found.back) == (3_000, 1_500)
    assert [(row.quantity, row.back) for row in found.slips] == [(1_500, 1_500), (3_000, 0)]
    assert len(found.made_of_it) == 1
    assert not found.is_locked, "what it was joined into before is not stopped by itself"
    assert stopped_records.stopped(called_back.connection, other) is None, "it is not stopped"
    assert stopped_records.stopped(called_back.connection, "00" * 32) is None


@pytest.mark.parametrize("height", [768, 690])
def test_it_is_said_aloud_and_its_slips_are_listed_without_a_buyer(called_back, height):
    station = called_back.pc
    lot, _, made = called_back.lots
    called_back.publish(LotRecalled(reason="毒死蜱超标", day=DAY), entity=made)
    station.show_unlocked((1366, height))
    station.press("F5", "Ctrl+3")
    station.hand.settle()
    station.page.list.choose(made)
    assert "停售：毒死蜱超标" in words(station)
    check_fit(station)
    del station.sounds.spoken[:]
    station.press("Ctrl+L")
    station.hand.settle()
    assert ("hindrance", SENTENCES["recall"]) in station.sounds.spoken
    shown = words(station)
    for said in ("停售：猕猴桃 一级", "卖出去的 1 笔", "还没说清", "0 斤"):
        assert said in shown, said
    assert primary(station)[0].endswith("去下架")
    check_fit(station)
    shoot(station, f"stopped_{height}")
    station.page.open_with({"lot": lot})
    assert "卖出去的 2 笔" in words(station)
    assert "在架，锁住了" in words(station)
    shoot(station, f"stopped_whole_{height}")
    station.press("Enter")
    assert station.page.key == "consignment.lots"
