"""The page of today, the acts behind it, undoing, and papers printed again; by keys and scans."""

from dataclasses import replace

import pytest

from station_app.journal.log import FactLog
from station_app.journal.recorder import new_ticket
from station_app.overview.act_words import may_undo
from station_app.overview.acts import acts_of_day
from station_app.overview.attention import (
    AttentionLine,
    Circumstances,
    Places,
    SetUpLine,
    attention_lines,
)
from station_app.overview.sync_view import Standing, Waiting
from station_app.overview.today import ACT_HEIGHT, ATTENTION_HEIGHT
from station_app.overview.undoing import money_of, way_to_undo
from station_app.services.cash.commands import TakePayment
from station_app.services.cash.facts import Tender
from station_app.services.parcels.commands import HandOverParcels, PrintSlip, ShelveParcel
from station_app.shell.desk import Done
from station_app.shell.offers import Figures, Line
from station_app.shell.widgets.cells import Link
from station_app.shell.widgets.strip import StatusItem
from station_app.shell.widgets.tiles import SlimTile
from station_app.values.day import DAY_MS
from station_app.vocabulary import VOCABULARY
from tests.overview.seen import check_fit
from tests.overview.seen import words as words_of
from tests.overview.stations import MINUTE
from tests.proofs.kit import DAY

PLACES = Places(cases="c", sync="s", queue="q", doctor="overview.doctor")
NOW = 1_795_391_400_000


def listed(station):
    """The words of the acts on the page of today."""
    rows = station.page.acts.rows_model.rows
    return [(row.cells[2].words, isinstance(row.cells[4], Link)) for row in rows]


def lines(station):
    return [(line.tone, line.words) for line in station.page._lines]


# --- The page ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines_told", "seen"),
    [
        ((), ""),
        ((Line("ok", "没有挂着的单"),), "没有挂着的单"),
        ((Line("cash", "一共 ¥3.00"), Line("warn", "2 张挂着", "warn")), "2 张挂着"),
    ],
)
def test_a_slim_tile_shows_the_line_that_warns_and_speaks_all(qtbot, lines_told, seen):
    tile = SlimTile("今天卖货", "cash", "F6")
    qtbot.addWidget(tile)
    tile.show_figures(Figures(3, "单", lines_told))
    assert " ".join(label.words.text() for label in tile.labels) == seen
    assert all(line.words in tile.accessibleName() for line in lines_told)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (Line("cash", "¥3.00"), (True, True)),
        (Line("parcel", "今天收了 23 件包裹"), (True, False)),
        (Line("warn", "中通单号剩 5 个", "warn"), (False, True)),
    ],
)
def test_six_slim_tiles_stand_on_the_smallest_screen_and_cut_no_words(qtbot, line, shown):
    tile = SlimTile("寄件", "parcel", "F7")
    qtbot.addWidget(tile)
    tile.show_figures(Figures(12, "件等走", (line,)))
    tile.resize((1366 - 100 - 2 * 24 - 5 * 16) // 6, tile.sizeHint().height())
    tile.show()
    assert (tile.unit_label.isVisible(), tile.labels[0].isVisible()) == shown
    assert tile.minimumSizeHint().width() <= tile.width()


def test_the_lists_keep_their_lines_on_a_low_screen(station):
    station.sign_in()
    station.show_unlocked((1366, 690))
    page = station.page
    check_fit(station)
    assert page.acts.viewport().height() >= 3 * ACT_HEIGHT
    assert page.attention.viewport().height() >= 2 * ATTENTION_HEIGHT


def test_it_greets_and_waits_for_a_scan(station):
    station.show_unlocked()
    assert station.page.greeting.text() == "早，示芳。扫一下就能开始。"
    assert station.window.top_bar.scan_box.line.hasFocus()


def test_a_day_without_work_says_how_to_begin(station):
    station.hire()
    station.clock.at_ms += DAY_MS
    station.show_unlocked()
    assert station.page.no_acts.isVisible()
    assert station.page.no_acts._words.text() == "今天还没活。扫一下就能开始"


def test_what_is_done_elsewhere_appears_at_once(station):
    station.show_unlocked()
    before = len(listed(station))
    station.desk.tell(station.shelve(1))
    assert len(listed(station)) == before + 1
    words, undoable = listed(station)[0]
    assert "王示" in words
    assert undoable


def test_enter_in_the_list_opens_the_act_to_its_facts(station):
    station.hire()
    done = station.shelve(1, cod_fen=8600)
    station.show_unlocked()
    station.press("Down", "Enter")
    assert station.page.key == "overview.acts"
    assert station.page._current().row.act == done.act
    ((_, what, fields),) = station.page._opened.facts
    assert what == "包裹上架"
    assert ("快递公司", "中通快递") in fields
    assert ("代收货款", "¥86.00") in fields


def test_blanked_names_stand_nowhere(station):
    station.hire()
    station.shelve(1)
    station.show_unlocked()
    station.press("Ctrl+B")
    assert listed(station)[0][0] == "包裹上架"
    assert "示芳" not in station.page.greeting.text()
    station.press("F10")
    fields = dict(station.page._opened.facts[0][2])
    assert fields["乡亲"] == "王*共"


# --- What wants a look ---------------------------------------------------------------------------


def standing(line="online", since=NOW, **more):
    return Standing(line, since, **more)


@pytest.fixture
def told(texts):
    """What the list says, given what is known."""

    def tell(**known):
        values = {"now": NOW, "standing": standing(last_success_at=NOW)}
        return attention_lines(texts, Circumstances(**{**values, **known}), PLACES)

    return tell


def test_a_calm_day_wants_no_look(told):
    assert told() == ()


@pytest.mark.parametrize(
    ("known", "line"),
    [
        ({"cases": 2}, ("stop", "2 件待核对", "c")),
        ({"standing": standing(quarantined=3)}, ("warn", "3 条看不懂的记录", "s")),
        ({"standing": standing("held_up", cause="revoked")}, ("warn", "传不了，有一样要先看", "s")),
        ({"standing": standing("alone", 0)}, ("offline", "还没连过县里", "s")),
        (
            {"standing": standing("offline", NOW - 50 * 3_600_000)},
            ("offline", "断网 2 天 2 小时了", "s"),
        ),
        (
            {"standing": standing(waiting=(Waiting("money", 1, 1, NOW - 3 * 3_600_000),))},
            ("warn", "好久没有县里的消息", "s"),
        ),
        ({"doubtful": 1}, ("warn", "1 张不知打没打成", "q")),
        (
            {"printers": {"label": ("fault", "JAM")}, "names": {"label": "标签机"}, "waiting": 3},
            ("warn", "标签机卡纸", "q"),
        ),
        ({"printers": {"receipt": ("ok", "PAPER_LOW")}}, ("warn", "receipt纸快完了", "q")),
        ({"set_up": (SetUpLine("还没接秤", page="x"),)}, ("notice", "还没接秤", "x")),
    ],
)
def test_each_thing_that_wants_a_look_is_one_line(told, known, line):
    (found,) = told(**known)
    assert (found.tone, found.words, found.page) == line


def test_a_printer_that_never_answers_is_no_fault(told):
    assert told(printers={"label": ("unknown", "")}) == ()


def test_offline_for_an_hour_is_normal(told):
    assert told(standing=standing("offline", NOW - 3_600_000)) == ()


def test_overdue_parcels_stand_in_the_list_too(station):
    station.shelve(1)
    station.clock.at_ms += 8 * DAY_MS
    station.show_unlocked()
    assert any(tone == "warn" and "件" in words for tone, words in lines(station))


def test_a_line_leads_to_its_page(station):
    station.papers.printers["label"] = ("fault", "JAM")
    station.show_unlocked()
    number = next(n for n, line in enumerate(station.page._lines) if "标签机" in line.words)
    assert isinstance(station.page._lines[number], AttentionLine)
    station.page._open_line(number)
    assert station.page.key == "overview.queue"


# --- Undoing -------------------------------------------------------------------------------------


def test_an_act_without_money_is_undone_at_once(station):
    station.hire()
    done = station.shelve(1)
    station.show_unlocked()
    station.press("F10")
    station.press("Ctrl+Z")
    assert station.page.key == "overview.acts"
    row = station.act(done)
    assert row.is_undone
    assert station.page.list.rows_model.rows[0].cells[4].words == "已撤销"
    assert "撤销了" in station.toasts()


def test_an_act_with_money_goes_by_way_of_the_page_that_says_what_to_give_back(station):
    station.sign_in()
    station.open_shift()
    done = station.hand_over(1, cod_fen=12_550)
    station.papers.settle_all()
    station.show_unlocked()
    station.press("F10", "Ctrl+Z")
    assert station.page.key == "overview.undo"
    page = station.page
    assert page._heading.text().startswith("撤销：交件")
    assert [words for _, words in page._sentences(page._way)] == ["退给乡亲现金 ¥125.50"]
    button = station.window.action_bar.primary_button
    assert (button.text(), button.cap) == ("退 ¥125.50，撤销这笔", "Enter")
    assert not station.act(done).is_undone
    station.press("Enter")
    assert station.act(done).is_undone
    assert station.page.key == "overview.acts"
    assert "撤销了" in station.toasts()


def test_what_came_out_with_the_money_is_taken_in_and_torn(station):
    """One act that took money and printed a slip and a label; what did not come out is no step."""
    station.sign_in()
    station.open_shift()
    parcel = station.shelve(1, "73000000000901", cod_fen=12_550).told[0].identity
    ticket = new_ticket(station.premises.chance)
    tender = Tender(way="cash", amount_fen=12_550)
    done = station.desk.settle(
        HandOverParcels(parcels=(parcel,), paid_fen=12_550),
        TakePayment(due_fen=12_550, tenders=(tender,)),
        PrintSlip(act=ticket),
        ShelveParcel(courier="ZTO", waybill="73000000000777", tail="6021"),
        ticket=ticket,
    )
    assert isinstance(done, Done), done
    plain = station.hand_over(2, cod_fen=100)
    station.papers.settle_all()
    station.show_unlocked()
    taken_in = ["收回小票，撕掉", "标签撕掉，别再贴"]
    for act, wanted in (
        (done, ["退给乡亲现金 ¥125.50", *taken_in]),
        (plain, ["退给乡亲现金 ¥1.00"]),
    ):
        route = way_to_undo(station.connection, act.act)
        assert route is not None
        page, request = route
        station.window.open_page(page, request)
        station.hand.settle()
        shown = words_of(station)
        assert [words for words in wanted if words in shown] == wanted
        assert [words for words in taken_in if words in shown] == wanted[1:]


def test_a_paper_that_still_waits_goes_with_its_act(station):
    """The printer was off: a label that comes out later would be put on a parcel."""
    station.hire()
    came_out = station.shelve(1)
    station.papers.settle_all()
    waits = station.shelve(2)
    for done in (came_out, waits):
        outcome = station.desk.settle_undo(done.act, ticket=f"{done.act[:-1]}7")
        assert isinstance(outcome, Done), outcome
    assert jobs_of(station, waits.act) == [("label", 0, "cancelled")]
    assert jobs_of(station, came_out.act) == [("label", 0, "sent")]


def test_leaving_the_page_undoes_nothing(station):
    station.sign_in()
    station.open_shift()
    done = station.hand_over(1, cod_fen=12_550)
    station.show_unlocked()
    station.press("F10", "Ctrl+Z", "Esc")
    assert not station.act(done).is_undone
    assert station.page.key == "overview.acts"


def test_what_was_done_before_this_start_is_not_undone_here(station):
    station.sign_in()
    station.open_shift()
    done = station.hand_over(1, cod_fen=12_550)
    station.restart()
    station.show_unlocked()
    station.window.open_page("overview.acts", {"act": done.act})
    assert station.page._current().may_undo is False
    station.window.open_page("overview.undo", {"act": done.act})
    assert station.page._banner.isVisible()
    station.press("Enter")
    assert not station.act(done).is_undone


def test_the_list_and_the_desk_agree_on_what_may_be_undone(station):
    station.sign_in()
    station.open_shift()
    station.hand_over(1, cod_fen=500)
    station.shelve(2)
    station.clock.at_ms += MINUTE
    undone = station.shelve(3)
    assert isinstance(station.desk.settle_undo(undone.act, ticket="A" * 16), Done)
    live = station.premises.session.author.stream
    rows = acts_of_day(station.connection, DAY)
    assert len(rows) == 6
    for number, row in enumerate(rows):
        expected = may_undo(station.connection, VOCABULARY, row, live)
        station.connection.execute("SAVEPOINT try_it")
        outcome = station.desk.settle_undo(row.act, ticket=f"{number:016}")
        station.connection.execute("ROLLBACK TO try_it")
        station.connection.execute("RELEASE try_it")
        assert isinstance(outcome, Done) == expected, row


def test_the_money_of_an_act_is_the_sum_of_its_own_postings(station):
    station.sign_in()
    station.open_shift()
    done = station.hand_over(1, cod_fen=12_550)
    row = station.act(done)
    assert [(m.place, m.amount_fen) for m in money_of(station.connection, row)] == [
        ("drawer", 12_550)
    ]
    shelved = station.shelve(2)
    assert way_to_undo(station.connection, shelved.act) is None
    assert way_to_undo(station.connection, done.act) == ("overview.undo", {"act": done.act})
    assert way_to_undo(station.connection, "Z" * 16) is None


# --- Papers --------------------------------------------------------------------------------------


def jobs_of(station, act):
    return station.connection.execute(
        "SELECT role, copy_number, state FROM print_jobs WHERE act = ? ORDER BY job", (act,)
    ).fetchall()


def test_a_paper_is_printed_again_with_one_key_and_its_number(station):
    station.hire()
    done = station.shelve(1)
    station.papers.settle_all()
    station.show_unlocked()
    station.press("F10", "Enter")
    assert jobs_of(station, done.act) == [("label", 0, "sent"), ("label", 1, "queued")]
    assert "排上了，打出来写着「补打 1」" in station.toasts()
    station.press("Enter")
    assert jobs_of(station, done.act)[-1] == ("label", 2, "queued")
    assert "排上了，打出来写着「补打 2」" in station.toasts()


def test_a_paper_whose_job_is_gone_is_made_anew_as_a_copy(station):
    station.hire()
    done = station.shelve(1)
    station.connection.execute("DELETE FROM print_jobs")
    station.show_unlocked()
    station.press("F10")
    rows = station.page.papers.rows_model.rows
    label = next(row for row in rows if row.subject == "make label")
    station.page.papers.acted.emit(label.subject, "again")
    assert jobs_of(station, done.act) == [("label", 1, "queued")]


def test_an_erased_paper_cannot_be_printed_and_says_so(station):
    station.hire()
    done = station.shelve(1)
    station.papers.settle_all()
    station.show_unlocked()
    station.press("F10")
    paper = station.page._opened.papers[0]
    station.connection.execute("UPDATE print_jobs SET document = ''")
    station.page._reprint(paper)
    assert "内容已抹除，不能再打" in station.toasts()
    assert jobs_of(station, done.act) == [("label", 0, "sent")]
    assert station.page._first_paper() is None


def test_the_facts_of_an_act_are_those_of_the_journal(station):
    station.hire()
    done = station.shelve(1)
    station.show_unlocked()
    station.press("F10")
    stream = station.premises.session.author.stream
    facts = FactLog(station.connection).act(stream, done.act)
    assert [number for number, _, _ in station.page._opened.facts] == [f.seq for f in facts]


def test_the_scanner_is_called_ready_when_it_has_scanned_and_not_before(station):
    window = station.show_unlocked()
    pill = window.top_bar.scanner
    assert (pill.words, pill.tone) == ("扫描枪没试过", "waiting")
    station.scan("73000000000017")
    assert (pill.words, pill.tone) == ("扫描枪就绪", "ok")
    lost = StatusItem("scanner", "扫描枪没插", "warn")
    window.parts = replace(window.parts, devices=lambda: (lost,))
    window.show_states()
    assert (pill.words, pill.tone) == ("扫描枪没插", "warn")
