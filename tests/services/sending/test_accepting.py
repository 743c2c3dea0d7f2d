"""Accepting parcels: paper, contents, weight, price and number; and what becomes of them."""

import pytest

from station_app.journal.high_water import PutBack, compare, mark_of
from station_app.journal.recorder import new_ticket
from station_app.ledger.accounts import FEE_SENDING, drawer, held_sending, refund_due
from station_app.ledger.balances import balance
from station_app.services.parcels.commands import CloseManifest
from station_app.services.sending import records
from station_app.services.sending.accepting import kept_tail, number_refused
from station_app.services.sending.commands import (
    AskWaybills,
    CancelSending,
    HandSendingsOver,
)
from station_app.shell.desk import Done
from tests.services.sending.desk import COUNT, FIRST, ID_CARD, JOINT, WAYBILL, refused

FLOAT = 30_000


def fen(sending, account):
    return balance(sending.connection, account)


def papers(sending, act):
    return sending.connection.execute(
        "SELECT role, document FROM print_jobs WHERE act = ? AND role != 'drawer' ORDER BY job",
        (act,),
    ).fetchall()


def test_a_parcel_is_accepted_priced_labelled_and_its_money_is_the_couriers(sending):
    done = sending.send()
    assert isinstance(done, Done)
    sent = done.told[0].identity
    state = sending.state(sent)
    assert (state.waybill, state.zone, state.grams, state.charged_grams) == (
        WAYBILL, "henan", 2_360, 3_000,
    )  # fmt: skip
    assert (state.price_fen, state.courier_fen, state.fee_fen) == (1_200, 1_000, 200)
    assert (state.document, state.tail, state.frame) == ("id_card", "002X", "0a0b")
    assert fen(sending, held_sending(JOINT)) == -1_000
    assert fen(sending, FEE_SENDING) == -200
    assert fen(sending, drawer("D1")) == FLOAT + 1_200
    printed = papers(sending, done.act)
    assert [role for role, _ in printed] == ["waybill", "receipt"]
    label, slip = (document for _, document in printed)
    assert WAYBILL in label
    assert "林*红" in label
    assert "林样红" not in label
    assert "身份证 尾号 002X" in slip
    assert "3.000 公斤" in slip


def test_the_number_of_a_paper_is_checked_whole_and_never_kept(sending):
    sending.sent()
    number = ID_CARD[:17].encode()
    connection = sending.connection
    (data,) = connection.execute("SELECT data FROM states WHERE kind = 'sending'").fetchone()
    assert b"002X" in data
    assert number not in data
    columns = (("facts", "body"), ("privates", "part"), ("print_jobs", "document"))
    for table, column in columns:
        rows = connection.execute(f"SELECT {column} FROM {table}").fetchall()
        assert rows
        assert not any(number in _bytes(row[0]) for row in rows), table


def _bytes(value):
    return value.encode() if isinstance(value, str) else bytes(value or b"")


PAPERS = (
    ("id_card", ID_CARD, ""),
    ("id_card", "１１０１０５ 19491231 002x", ""),
    ("id_card", "110105194912310021", "ID_WRONG"),
    ("id_card", "110105194913310028", "ID_WRONG"),
    ("id_card", "1101051949123100", "ID_LENGTH"),
    ("id_card", "002X", ""),
    ("id_card", "X002", "NUMBER_ODD"),
    ("id_card", "", "TAIL_MISSING"),
    ("id_card", "02X", "TAIL_SHORT"),
    ("passport", "E12345678", ""),
    ("passport", "E123-4567", "NUMBER_ODD"),
    ("", "1234", "DOCUMENT_MISSING"),
)


@pytest.mark.parametrize(("document", "typed", "why"), PAPERS)
def test_the_paper_of_the_sender(document, typed, why):
    refusal = number_refused(document, typed)
    assert (refusal.reason.partition(".")[2] if refusal else "") == why
    if not why:
        assert len(kept_tail(typed)) == 4


REFUSED = (
    ({"sender": " "}, "SENDER_MISSING"),
    ({"number": ""}, "TAIL_MISSING"),
    ({"contents": ""}, "CONTENTS_MISSING"),
    ({"contents": "两瓶农药"}, "FORBIDDEN"),
    ({"is_looked_into": False}, "NOT_LOOKED_INTO"),
    ({"receiver": ""}, "RECEIVER_MISSING"),
    ({"receiver_phone": "154"}, "RECEIVER_PHONE_WRONG"),
    ({"address": "郑州"}, "ADDRESS_MISSING"),
    ({"grams": 0}, "WEIGHT_MISSING"),
    ({"grams": 30_001}, "TOO_HEAVY"),
    ({"courier": "SF"}, "NO_PRICES"),
)


def test_without_paper_look_address_weight_or_price_nothing_goes(sending):
    for said, why in REFUSED:
        assert refused(sending.send(**said)) == why, said
    assert sending.left().left == COUNT, "a no takes no number"
    assert fen(sending, drawer("D1")) == FLOAT


ZONES = (
    ("河南省南阳市内乡县赤眉镇", "county", 600),
    ("河南省 郑州市 示例路 1 号", "henan", 1_200),
    ("湖北省 襄阳市 示例路 1 号", "near", 1_800),
    ("西藏自治区 拉萨市 示例路", "remote", 5_800),
    ("广东省 广州市 示例路 1 号", "rest", 2_400),
)


def test_the_zone_is_the_one_that_names_most_of_the_address(sending):
    for address, zone, price_fen in ZONES:
        state = sending.state(sending.sent(price_fen, address=address))
        assert (state.zone, state.price_fen) == (zone, price_fen), address


def test_what_the_receiver_pays_moves_no_money_here(sending):
    done = sending.send(0, is_collect=True)
    assert isinstance(done, Done), done
    state = sending.state(done.told[0].identity)
    assert (state.price_fen, state.courier_fen, state.fee_fen) == (1_200, 0, 0)
    assert fen(sending, held_sending(JOINT)) == 0
    assert "到付" in papers(sending, done.act)[0][1]


# --- Numbers -------------------------------------------------------------------------------------


def test_numbers_run_on_warn_at_a_fifth_ask_once_and_end_in_words(sending):
    for place in range(COUNT):
        done = sending.send()
        assert isinstance(done, Done)
        assert done.told[0].body.waybill == f"NX0601{FIRST + place}"
        asked = [told for told in done.told if told.kind == "waybills.asked"]
        left = COUNT - place - 1
        assert [told.body.left for told in asked] == ([4] if left == 4 else [])
        assert sending.left().is_low == (left <= 4)
    assert refused(sending.send()) == "NO_WAYBILLS"
    assert refused(sending.pc.ask(AskWaybills(courier=JOINT))) == "ASKED_ALREADY"
    sending.grant(first=FIRST + 500)
    seen = sending.left()
    assert (seen.left, seen.is_asked, seen.next_waybill) == (COUNT, False, f"NX0601{FIRST + 500}")
    assert isinstance(sending.send(), Done)


def test_a_block_of_another_pc_is_never_touched(sending):
    sending.grant(first=FIRST + 900, device="D2")
    assert sending.left().left == COUNT
    for _ in range(COUNT):
        sending.sent()
    assert refused(sending.send()) == "NO_WAYBILLS"


def test_an_undone_parcel_gives_its_number_to_nobody(sending):
    done = sending.send()
    chance = sending.pc.premises.chance
    undone = sending.pc.premises.desk.settle_undo(done.act, ticket=new_ticket(chance))
    assert isinstance(undone, Done), undone
    assert sending.send().told[0].body.waybill == f"NX0601{FIRST + 1}"
    assert fen(sending, held_sending(JOINT)) == -1_000


def test_the_mark_outside_the_database_knows_how_far_a_block_is_used(sending):
    sending.sent()
    connection = sending.connection
    place = "NX0601/D1"
    mark = mark_of(connection, place, sending.pc.premises.session.author.stream)
    series = records.stocks(connection, "D1")[0].blocks[0].series
    assert mark.series[series] == 2
    connection.execute("UPDATE series SET next = 1 WHERE name = ?", (series,))
    found = compare(connection, mark)
    assert isinstance(found, PutBack)
    assert found.series == {series: 2}
    assert sending.send().told[0].body.waybill == f"NX0601{FIRST + 1}", "it is on a parcel already"


# --- Leaving, and taken back ---------------------------------------------------------------------


def given_to_courier(sending, *sent):
    listed = tuple((sending.state(one).waybill, JOINT) for one in sent)
    return sending.pc.ask(
        HandSendingsOver(courier=JOINT, sendings=sent),
        CloseManifest(direction="sent", courier=JOINT, seen=listed, other="张示驾"),
    )


def test_parcels_leave_on_a_list_that_both_sides_sign_and_only_once(sending):
    first, second = sending.sent(), sending.sent()
    done = given_to_courier(sending, first, second)
    assert isinstance(done, Done), done
    assert {sending.state(one).status for one in (first, second)} == {"gone"}
    printed = papers(sending, done.act)
    assert len(printed) == 2
    assert all("寄件交接单" in document for _, document in printed)
    assert refused(given_to_courier(sending, first)) == "GONE_ALREADY"
    gone = CancelSending(sending=first, reason="changed_mind")
    assert refused(sending.pc.ask(gone)) == "GONE_ALREADY"
    pieces = "Equity:Pieces:Shelf"
    assert balance(sending.connection, pieces, "PCS") == 0


def test_a_parcel_of_another_courier_leaves_on_no_list_of_this_one(sending):
    sent = sending.sent()
    outcome = sending.pc.ask(HandSendingsOver(courier="ZTO", sendings=(sent,)))
    assert refused(outcome) == "OTHER_COURIER"
    assert refused(sending.pc.ask(HandSendingsOver(courier=JOINT, sendings=()))) == (
        "NOTHING_TO_HAND_OVER"
    )


def test_a_parcel_taken_back_owes_what_was_paid_once(sending):
    sent = sending.sent()
    done = sending.pc.ask(CancelSending(sending=sent, reason="changed_mind"))
    assert isinstance(done, Done), done
    assert fen(sending, held_sending(JOINT)) == 0
    assert fen(sending, FEE_SENDING) == 0
    assert fen(sending, refund_due(sent)) == -1_200
    again = sending.pc.ask(CancelSending(sending=sent, reason="changed_mind"))
    assert refused(again) == "CANCELLED_ALREADY"
    assert refused(given_to_courier(sending, sent)) == "CANCELLED_ALREADY"
    row = records.row_of(sending.connection, sent)
    assert row is not None
    assert (row.due_fen, row.refund) == (1_200, refund_due(sent).rpartition(":")[2])


def test_who_was_erased_leaves_no_name_on_what_she_sent(sending):
    person = sending.pc.person()
    sent = sending.sent(person=person)
    (about,) = records.facts_about(sending.connection, (person,))
    assert about == sent
    assert records.receivers_of(sending.connection, person)[0].name == "林样红"
