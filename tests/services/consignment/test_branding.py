"""A common mark on labels: with a licence, inside quota and prices; one that ran out is told."""

import json

import pytest

from station_app.printing.document import to_json
from station_app.reference.facts import BrandLicencePublished
from station_app.services.consignment.commands import MoveLot
from station_app.services.consignment.facts import LotBranded
from station_app.services.consignment.papers import PaperMaker
from station_app.services.people import records as people
from station_app.shell.desk import Done
from station_app.values.refusal import Refusal
from tests.long_shelf import HEIGHTS
from tests.overview.seen import check_fit, primary, shoot, words
from tests.services.consignment.barn import KIWI
from tests.services.consignment.test_intake_page import begin, goods, grower, harvested, lots, weigh
from tests.services.sales.store import DAY

MARK = "伏牛山珍"


def licence(yard, **more):
    """The county gives leave: 20 kg of kiwi between 8.00 and 12.00 a kilogram; it sells at 9.00."""
    said = {
        "code": "PP-2026-01", "mark": MARK, "produce": KIWI, "station": "", "quota": 20_000,
        "least_fen": 800, "most_fen": 1_200, "from_day": "2026-11-01", "until_day": "2026-11-30",
        "is_open": 1, "day": DAY,
    }  # fmt: skip
    yard.publish(BrandLicencePublished(**{**said, **more}))


def branded(barn, **more):
    return barn.try_intake(barn.taking(is_branded=True, **more))


def labels(barn, lot):
    made = PaperMaker(people, barn.pc.premises.texts).labels_of(barn.connection, lot)
    return json.dumps([to_json(one.document) for one in made], ensure_ascii=False)


def ran_out(barn, lot):
    """Its mark was printed under a licence that ended yesterday."""
    body = LotBranded(
        licence="PP-2026-01", mark=MARK, quantity=12_340, price_fen=900, until_day="2026-11-22",
        day="2026-11-20",
    )  # fmt: skip
    barn.say(body, entity=lot)


def test_a_lot_under_a_licence_bears_the_mark_and_uses_up_the_quota(barn):
    licence(barn)
    done = branded(barn)
    assert isinstance(done, Done)
    lot = done.told[0].identity
    state = barn.lot(lot)
    assert (state.mark, state.licence, state.marked) == (MARK, "PP-2026-01", 12_340)
    assert MARK in barn.printed("label")[-1]
    other = barn.intake()
    assert barn.lot(other).mark == ""
    assert MARK not in labels(barn, other), "nobody asked for it"
    assert branded(barn) == Refusal("consignment.MARK_QUOTA", {"mark": MARK, "left": "15.32 斤"})


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (None, "没有品牌授权"),
        ({"until_day": "2026-11-22"}, "11月22日 到期了，不能打标"),
        ({"from_day": "2026-12-01", "until_day": "2026-12-31"}, "12月1日 才开始"),
        ({"is_open": 0}, "到期了，不能打标"),
        ({"least_fen": 901}, "只打 ¥9.01 到 ¥12.00 的货"),
        ({"most_fen": 899}, "只打 ¥8.00 到 ¥8.99 的货"),
        ({"quota": 12_339}, "额度只剩 24.678 斤"),
        ({"station": "NX0699"}, "没有品牌授权"),
        ({"produce": "10010"}, "没有品牌授权"),
    ],
)
def test_without_a_licence_that_holds_nothing_is_taken_in_with_a_mark(barn, more, words):
    if more is not None:
        licence(barn, **more)
    outcome = branded(barn)
    assert isinstance(outcome, Refusal)
    assert words in barn.sentence(outcome)
    assert barn.connection.execute("SELECT count(*) FROM lots").fetchone()[0] == 0


def test_a_mark_that_ran_out_is_told_before_it_leaves_and_is_not_printed_again(barn):
    licence(barn)
    done = branded(barn)
    lot = done.told[0].identity
    assert MARK in labels(barn, lot)
    ran_out(barn, lot)
    assert MARK not in labels(barn, lot), "a copy of the label bears it no more"
    send = {"lot": lot, "how": "dispatch", "quantity": 1_000, "packages": 1}
    refused = barn.act(MoveLot(**send))
    assert isinstance(refused, Refusal)
    assert "授权 11月22日 到期了：撕掉标再发" in barn.sentence(refused)
    assert isinstance(barn.act(MoveLot(**send, is_unmarked=True)), Done)


@pytest.mark.parametrize("height", HEIGHTS)
def test_the_mark_is_offered_by_a_key_and_says_why_it_may_not_be(yard, height):
    licence(yard)
    station = begin(yard, height)
    grower(station)
    goods(station)
    weigh(station)
    harvested(station)
    station.press("Alt+9")
    assert f"打「{MARK}」标" in words(station)
    station.press("Ctrl+K")
    check_fit(station)
    shoot(station, f"intake_mark_{height}")
    station.press("Enter")
    assert MARK in yard.printed("label")[-1]
    grower(station)
    goods(station)
    weigh(station)
    harvested(station)
    assert f"「{MARK}」的额度只剩 15.32 斤" in words(station)
    check_fit(station)
    shoot(station, f"intake_mark_none_{height}")
    station.press("Ctrl+K", "Enter")
    assert MARK not in yard.printed("label")[-1]

    lot = next(row.lot for row in lots(station) if yard.lot(row.lot).mark)
    ran_out(yard, lot)
    station.press("Ctrl+3", "4")
    station.page.list.choose(lot)
    station.press("*")
    station.type("2")
    station.page.packages.setFocus()
    station.type("1")
    assert primary(station)[1:] == (False, "标的授权到期了：撕掉，按 Ctrl+K")
    check_fit(station)
    shoot(station, f"lots_mark_{height}")
    station.press("Ctrl+K", "Enter")
    assert yard.lot(lot).in_transit == 1_000
