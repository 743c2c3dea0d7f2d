"""A return half done, over a power cut, by keys."""

from station_app.ledger.accounts import drawer
from station_app.values.codes import SLIP, make_code
from tests.overview.seen import primary
from tests.services.accounts.test_half_typed import power_cut
from tests.services.sales.test_pages import FLOAT, begin, fen


def test_what_was_ticked_of_a_slip_is_still_ticked(shop):
    lot = shop.consigned("红薯", 10_000)
    done = shop.sell(shop.line(lot, 2_000, 500), shop.bag(2))
    station = begin(shop)
    station.scan(make_code(SLIP, done.act))
    station.press("*")
    station.type("1")
    station.press("Enter", "2", "F10")
    power_cut(station)
    assert "刚才断电了。退货办到一半，钱没退，接着办" in station.toasts()
    assert "不能卖了" in str(station.page.lines.rows_model.rows)
    assert primary(station)[:2] == ("收下货，退 ¥2.50", True)
    station.press("Enter")
    assert fen(station, drawer("D1")) == FLOAT + 7_580 - 250
    assert station.drafts.find("sales.return") is None


def test_what_came_back_meanwhile_is_given_up(shop):
    done = shop.sell(shop.bag(2))
    station = begin(shop)
    station.scan(make_code(SLIP, done.act))
    station.press("1")
    sale = station.page.bringing.lines[0].sale
    power_cut(station, lambda: shop.bring_back(sale, 2, 6_580))
    assert any("断电前办的退货不用了" in toast for toast in station.toasts())
    assert fen(station, drawer("D1")) == FLOAT
