"""Every figure of the sending page opens what it counts."""

from dataclasses import replace

from station_app.journal import blobs, put_back
from station_app.journal.blob import blob_name
from station_app.journal.fact import Saying, seal
from station_app.journal.islands import Floor, keep_known, keep_stage
from station_app.journal.store import transaction
from station_app.overview.fact_words import FactWords
from station_app.overview.papers_after import last_papers
from station_app.overview.search import floor_source
from station_app.overview.sync_lists import ListSource, rows_of
from station_app.overview.sync_view import PcSign, Signs, signs_of, waiting_facts, waiting_photos
from station_app.services.accounts.commands import PayRefund
from station_app.services.accounts.rules import RefundStanding, pay_refund
from station_app.services.cash.facts import PaymentGiven, Tender
from station_app.services.clearing.facts import Portion, RemittanceProof, RemittanceSent
from station_app.shell.offers import Sought
from station_app.sync.messages import LATELY, THE_REST
from station_app.values.codes import recognise
from station_app.values.day import DAY_MS
from station_app.values.refusal import Refusal
from station_app.vocabulary import VOCABULARY
from tests.overview.quarrels import county_says, cut_off, quarrel
from tests.overview.test_pictures import NOW, OFFLINE
from tests.proofs.kit import STATION


def words_of(table):
    return [[getattr(cell, "words", cell) for cell in row.cells] for row in table.rows_model.rows]


def test_a_group_that_waits_opens_its_records_and_each_its_act(station):
    station.sign_in()
    station.open_shift()
    station.shelve(1)
    station.shelve(2)
    connection = station.premises.session.connection
    station.line.now = replace(OFFLINE, waiting=waiting_facts(connection, {}))
    station.show_unlocked()
    station.press("F9")
    station.page._waiting.opened.emit("parcels")
    page = station.page
    assert page.key == "overview.sync_list"
    assert page.title == "等着传的：包裹进出"
    assert [row[2] for row in words_of(page._list)] == ["包裹上架", "包裹上架"]
    page._list.opened.emit(page._list.rows_model.rows[0].subject)
    assert station.page.key == "overview.acts"


def test_what_the_county_holds_is_not_listed_as_waiting(station):
    station.sign_in()
    station.shelve(1)
    stream = station.premises.session.author.stream
    station.line.now = replace(OFFLINE, marks={stream: 1_000})
    station.show_unlocked()
    station.press("F9")
    station.page._open_list("waiting parcels")
    assert words_of(station.page._list) == []
    assert station.page._none.isVisible()


def test_what_is_not_here_yet_is_said_with_its_day_and_count(station):
    floor = Floor(stage=3, facts=41_230, since_at=NOW - 90 * DAY_MS)
    station.line.now = replace(OFFLINE, signs=Signs(floor))
    station.show_unlocked()
    station.press("F9")
    (note,) = words_of(station.page._notes)
    assert "还差 41230 笔，夜里自动取" in note[1]
    station.press("2")
    assert station.page.key == "overview.sync_list"
    assert station.page.title == "还没取到的老账"
    station.press("Esc")
    assert station.page.key == "overview.sync"


def test_an_act_that_asks_others_is_confirmed_one_by_one(station, monkeypatch):
    one = put_back.Doubted("NX0601/D1/0123456789abcdef", "MCPT6KKS56RQY66M", NOW, "remittance.sent")
    monkeypatch.setattr(put_back, "doubted", lambda _connection: [one])
    station.line.now = replace(OFFLINE, signs=Signs(doubted=1))
    station.show_unlocked()
    station.press("F9", "2")
    assert station.page.title == "求人办的，看过才传"
    station.press("Enter")
    assert station.line.asked == [f"confirm {one.stream} {one.act}"]
    assert station.line.tries == 1


def test_a_record_that_cannot_be_read_is_named_with_its_kind_and_the_reason(station):
    fact = seal(
        b'{"colour":"red"}', None, stream=f"{STATION}/D2/{'0' * 16}", seq=1, act="A" * 16,
        at=station.clock.at_ms, kind="toy.painted", v=1, entity="", by="", prev="",
    )  # fmt: skip
    station.premises.session.write(lambda recorder: recorder.take([fact]))
    station.line.now = replace(OFFLINE, quarantined=1)
    station.show_unlocked()
    station.press("F9", "2")
    assert station.page.key == "overview.sync_list"
    ((_, _, words, detail),) = [row[:4] for row in words_of(station.page._list)]
    assert "toy.painted" in f"{words} {detail}"
    assert detail, "why nobody here can read it"


def test_what_nobody_holds_is_listed_by_number_and_taken_off_when_entered(station, monkeypatch):
    numbers = (put_back.Numbers("parcels.slip/D1", 128, 131),)
    lost = put_back.Lost("NX0601/D1/0123456789abcdef", 9, "", 4, numbers, NOW)
    found = [put_back.Lacking(lost, 6, 9)]
    monkeypatch.setattr(put_back, "lacking", lambda _connection: found)
    station.line.now = replace(
        OFFLINE, signs=Signs(lost=4), pcs=(PcSign("D1", NOW, 0, is_here=True), PcSign("D2", NOW, 3))
    )
    station.show_unlocked()
    station.press("F9", "2")
    rows = [row[2] for row in words_of(station.page._list)]
    assert rows == ["cdef 第 6 到 9 笔", "小票 128 到 131 号", "2 号电脑还有 3 笔没传上来"]
    station.press("Enter")
    assert station.line.asked == [f"entered {lost.stream}"]


def test_each_pc_of_the_station_stands_with_its_last_contact(station):
    station.line.now = replace(
        OFFLINE,
        pcs=(
            PcSign("D1", NOW - 60_000, 47, is_here=True),
            PcSign("D2", NOW - 5 * DAY_MS, 12),
            PcSign("D3", 0, 0),
        ),
    )
    station.show_unlocked()
    station.press("F9")
    rows = words_of(station.page._pcs)
    assert [row[1] for row in rows] == ["1 号（本机）", "2 号电脑", "3 号电脑"]
    assert rows[1][3] == "那时 12 笔没传"
    assert rows[2][2] == "还没跟县里连过"


def test_a_photo_that_waits_is_a_group_of_its_own_and_opens_its_fact(station):
    station.sign_in()
    connection = station.premises.session.connection
    name = blob_name(b"\xff\xd8\xff a slip")
    sent = RemittanceSent(
        number=1,
        way="bank",
        amount_fen=100,
        portions=(Portion(purse="", owner="", amount_fen=100),),
        day="2026-11-25",
    )
    tender = Tender(way="bank", amount_fen=100)
    paid = PaymentGiven(due_fen=100, tenders=(tender,), shift="", day="2026-11-25")

    def work(recorder):
        blobs.put(recorder.connection, b"\xff\xd8\xff a slip", at=NOW)
        act = recorder.open_act("T" * 16, by="", at=NOW)
        act.say(Saying(sent, RemittanceProof(photo=name)), Saying(paid))
        act.close()

    station.premises.session.write(work)
    (photos,) = waiting_photos(connection, 0)
    assert (photos.group, photos.facts, photos.size) == ("photos", 1, 10)
    station.line.now = replace(OFFLINE, waiting=(photos,))
    assert station.line.now.facts_waiting == 1
    station.show_unlocked()
    station.press("F9")
    station.page._waiting.opened.emit("photos")
    assert station.page.title == "等着传的：照片"
    (row,) = words_of(station.page._list)
    assert row[2] == "缴款给县里"
    blobs.mark(connection, name, 1, state="whole", held=10)
    assert waiting_photos(connection, 1) == ()
    words = FactWords(station.premises.texts, VOCABULARY)
    source = ListSource(station.premises.texts, words, NOW, {})
    assert rows_of(connection, "waiting photos", source) == []


def test_a_search_says_that_not_everything_is_here_yet(station):
    connection = station.premises.session.connection
    station.show_unlocked()
    found = floor_source("overview.sync").find(
        connection, Sought("没有的人", recognise("没有的人", ())), station.texts
    )
    assert found == ()
    with transaction(connection):
        keep_stage(connection, THE_REST)
        keep_known(connection, 41_000, NOW - 90 * DAY_MS)
    (hit,) = floor_source("overview.sync").find(
        connection, Sought("没有的人", recognise("没有的人", ())), station.texts
    )
    assert hit.title == "老账没取全，查不到不等于没有"
    assert hit.page == "overview.sync"


def test_a_new_pc_pays_nothing_out_before_it_has_what_is_open(station):
    connection = station.premises.session.connection
    assert station.premises.desk.now().is_filled
    with transaction(connection):
        keep_stage(connection, LATELY)
    now = station.premises.desk.now()
    assert not now.is_filled
    command = PayRefund(document="x", amount_fen=1, slip_taken=True, remark="")
    assert pay_refund(RefundStanding(due_fen=1), command, now) == Refusal("accounts.NOT_FILLED")


def test_what_counts_nowhere_yet_is_a_note_with_its_sum_and_opens_act_by_act(station):
    quarrel(station)
    county_says(station, cut_off("D2"))
    signs = signs_of(station.connection)
    assert (signs.outside, signs.outside_fen) == (1, 0)
    station.line.now = replace(OFFLINE, signs=replace(signs, outside_fen=12_550))
    station.show_unlocked()
    station.press("F9")
    (note,) = words_of(station.page._notes)
    assert note[1] == "1 笔停在外面，现金 ¥125.50"
    station.press("2")
    rows = words_of(station.page._list)
    assert [row[2] for row in rows] == ["2 号电脑，1 笔不算数", "包裹交出"]
    assert rows[0][3] == "现金合计 ¥0.00"
    station.page._list.opened.emit(station.page._list.rows_model.rows[1].subject)
    assert station.page.key == "overview.acts"


def test_a_pc_that_was_cut_off_stands_in_the_list_of_pcs(station):
    signs = (
        PcSign("D1", NOW - 60_000, 0, is_here=True),
        PcSign("D2", NOW - 5 * DAY_MS, 12, is_cut_off=True, outside=3),
    )
    station.line.now = replace(OFFLINE, pcs=signs)
    station.show_unlocked()
    station.press("F9")
    row = words_of(station.page._pcs)[1]
    assert (row[1], row[2], row[3]) == ("2 号电脑", "县里停用了", "3 笔停在外面")


def test_a_pc_whose_key_was_renewed_elsewhere_says_so_and_what_to_do(station):
    """It is a copy, or an old image: it hands in, gets nothing, and is enrolled anew."""
    signs = (PcSign("D1", NOW - 60_000, 3, is_here=True, is_renewed_elsewhere=True),)
    station.line.now = replace(OFFLINE, pcs=signs)
    station.show_unlocked()
    station.press("F9")
    row = words_of(station.page._pcs)[0]
    assert (row[2], row[3]) == ("钥匙在别处换过", "打县里电话，重新开通")


def test_what_a_lost_pc_never_handed_in_is_named_by_the_numbers_of_its_papers(station):
    quarrel(station)
    pcs = (PcSign("D1", NOW, 0, is_here=True), PcSign("D2", NOW, 3))
    source = ListSource(station.texts, FactWords(station.texts, VOCABULARY), NOW, {}, pcs, STATION)
    rows = [row for row in rows_of(station.connection, "lost", source) if "D2" in row.subject]
    assert rows[0].words == "2 号电脑还有 3 笔没传上来"
    (paper,) = last_papers(station.connection, STATION, "D2")
    assert paper.number.startswith("7-")
    assert rows[1].words == f"小票 {paper.number} 以后的没见着"
    assert rows[1].detail == "包裹交出"
