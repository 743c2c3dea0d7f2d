"""A stopped lot by keys: said aloud, counted to nothing, every slip on which it was sold."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QLabel

from station_app.printing.document import to_json
from station_app.services.cash.commands import GivePayment
from station_app.services.cash.facts import Tender
from station_app.services.consignment import records, stopped_records
from station_app.services.consignment.commands import MergeLots, MoveLot, TellOfRecall
from station_app.services.people import records as people
from station_app.services.people.commands import LimitCredit
from station_app.services.quality.facts import LotRecalled
from station_app.services.sales import slip_records
from station_app.services.sales.commands import ReturnGoods, ReturnLine
from station_app.services.sales.returning import Returning, paid_back
from station_app.shell import theme
from station_app.shell.widgets.toasts import ToastArea
from station_app.values.refusal import Refusal
from station_app.values.spoken import SENTENCES
from tests.long_shelf import HEIGHTS
from tests.overview.seen import check_fit, primary, shoot, words
from tests.services.sales.store import DAY, label_of


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


def test_a_joined_lot_that_is_stopped_is_counted_once(called_back):
    """It said that 45.36 斤 of the lot that was joined were somewhere that nobody knew."""
    _, _, made = called_back.lots
    called_back.publish(LotRecalled(reason="毒死蜱超标", day=DAY), entity=made)
    found = stopped_records.stopped(called_back.connection, made)
    assert found is not None
    assert (found.came, found.untold) == (2 * 12_340 - 2_000, 0)


@pytest.mark.parametrize("height", HEIGHTS)
def test_it_is_said_aloud_and_who_bought_is_named_only_on_account(called_back, height):
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
    for said in ("停售：猕猴桃 一级", "到哪去了", "还没说清", "0 斤", "从哪来的", "钱先不动"):
        assert said in shown, said
    assert primary(station)[0].endswith("去下架")
    check_fit(station)
    shoot(station, f"stopped_{height}")
    station.page.open_with({"lot": lot})
    rows = [row.words for row in station.page._rows.values()]
    assert [word.split()[0] for word in rows] == [
        "站里货架上",
        "小票",
        "小票",
        "货主",
        "货主",
        "发了县仓，1",
    ]
    assert "在架，锁住了" in words(station)
    shoot(station, f"stopped_whole_{height}")
    station.press("Enter")
    assert station.page.key == "consignment.lots"


def known(yard, number):
    return people.person(yard.connection, yard.pc.person(number))


def stopped_page(yard, lot):
    station = yard.pc
    station.show_unlocked()
    station.press("F5")
    station.window.open_page("consignment.stopped", {"lot": lot})
    station.hand.settle()
    return station


def hidden_by_toasts(station):
    """Return what stands out on the page and lies under a toast: headings, what waits."""
    content = station.window.content
    (area,) = content.findChildren(ToastArea)
    assert area.isVisible()
    return [
        one.text()
        for one in content.findChildren(QLabel)
        if one.isVisible() and one.text() and one.font().bold()
        and one.font().pixelSize() >= theme.BODY and not area.isAncestorOf(one)
        and area.geometry().intersects(QRect(one.mapTo(content, QPoint(0, 0)), one.size()))
    ]  # fmt: skip


def standing(station, sort):
    return [(row.state, row.is_open) for row in station.page._rows.values() if row.sort == sort]


def test_growers_are_rung_up_and_everybody_else_reads_the_notice(called_back):
    lot, _, _ = called_back.lots
    station = stopped_page(called_back, lot)
    assert standing(station, "grower") == [("not_told", True)] * 2
    assert standing(station, "sale") == [("unknown", True), ("returned", False)]
    first, second = [key for key in station.page._rows if key.startswith("grower")]
    station.page.list.choose(first)
    phone = station.page._rows[first].person.phone
    assert phone
    assert phone in str(station.page.list.model().rows), "the row in work has the number to dial"
    station.press("1")
    station.hand.settle()
    assert standing(station, "grower") == [("no_answer", True), ("not_told", True)]
    assert station.page.list.current() == second, "the next who is to be told"
    station.press("Enter")
    station.hand.settle()
    assert standing(station, "grower") == [("no_answer", True), ("told", False)]
    station.press("2")
    station.hand.settle()
    assert standing(station, "grower") == [("told", False)] * 2
    shoot(station, "stopped_told")
    assert hidden_by_toasts(station) == [], "two are told, and what waits still stands there"
    station.press("Ctrl+P")
    station.hand.settle()
    assert standing(station, "sale") == [("posted", False), ("returned", False)]
    (paper,) = [text for text in called_back.printed("receipt") if "停售告示" in text]
    for said in ("毒死蜱超标", "带小票和货来退", "小票号"):
        assert said in paper, said
    for person in (0, 1):
        assert known(called_back, person).name not in paper
    assert len(paper.split("NO.")) == 2, "what came back is not called back"
    (act,) = called_back.connection.execute(
        "SELECT act FROM facts WHERE kind = 'recall.told' ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    copy = station.page.outfit.notices.again(called_back.connection, act)
    assert to_json(copy.document) == paper
    station.press("Ctrl+Z")
    station.hand.settle()
    assert standing(station, "sale") == [("unknown", True), ("returned", False)]


def test_who_took_it_on_account_is_rung_up_by_name(called_back):
    lot, _, made = called_back.lots
    yard = called_back
    owes = yard.pc.person(2)
    yard.pc.do(LimitCredit(person=owes, limit_fen=50_000))
    yard.sell(
        yard.line(made, 1_000, 1_000),
        tenders=[Tender(way="account", amount_fen=1_000, person=owes)],
    )
    station = stopped_page(yard, lot)
    assert standing(station, "sale")[0] == ("unknown", True)
    (row,) = [r for r in station.page._rows.values() if r.sort == "sale" and r.person]
    assert known(yard, 2).name in row.small
    station.page.list.choose(row.subject)
    station.press("Enter")
    station.hand.settle()
    assert station.page._rows[row.subject].state == "told"


def test_a_label_scanned_there_opens_its_lot_or_says_that_it_may_be_sold(called_back):
    lot, _, made = called_back.lots
    station = stopped_page(called_back, lot)
    station.scan(label_of(made))
    station.hand.settle()
    assert station.page.key == "consignment.stopped"
    assert any("能卖" in toast.notice.words for toast in station.window.toasts.toasts)
    called_back.publish(LotRecalled(reason="毒死蜱超标", day=DAY), entity=made)
    station.clock.at_ms += 5_000  # or the second scan would be a trembling hand
    station.scan(label_of(made))
    station.hand.settle()
    assert station.page.facts_behind()["entity"].startswith(made)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({}, "consignment.NOBODY_TO_TELL"),
        ({"person": "ab" * 32}, "consignment.NOBODY_TO_TELL"),
        ({"way": "board", "person": "hers"}, "consignment.NOBODY_TO_TELL"),
        ({"person": "hers", "sale": "ab" * 32}, "consignment.NOBODY_TO_TELL"),
        ({"lot": "other", "person": "hers"}, "consignment.NOT_STOPPED"),
    ],
)
def test_nobody_is_told_of_what_is_not_stopped(called_back, more, why):
    lot, other, _ = called_back.lots
    hers = called_back.pc.person(0)
    said = {"lot": lot, "way": "phone"} | {
        key: {"hers": hers, "other": other}.get(value, value) for key, value in more.items()
    }
    outcome = called_back.settle(TellOfRecall(**said))
    assert isinstance(outcome, Refusal)
    assert (outcome.text_key, called_back.pc.texts.has(outcome.text_key)) == (
        why.replace("consignment.", "consignment.refusal."),
        True,
    )
