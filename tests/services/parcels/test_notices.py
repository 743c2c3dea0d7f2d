"""Notices: who is to be told, by message where she may, and how far that has come.

The answers of the county come on a stream of its own, late, twice and in any order.
"""

import itertools

import msgspec
import pytest

from station_app.journal.fact import Told
from station_app.reference.facts import SettingPublished
from station_app.services.parcels import message_records, records
from station_app.services.parcels.commands import QueueMessages, TellReceiver
from station_app.services.parcels.message_facts import (
    MessageDelivered,
    MessageQueued,
    MessageRefused,
    MessageSent,
)
from station_app.services.parcels.messages import (
    Addressee,
    Message,
    fold_message,
    is_mobile,
    queue_messages,
    why_not_message,
)
from station_app.services.people.commands import RecordConsent
from station_app.values.refusal import Refusal
from tests.long_shelf import HEIGHTS

WANG, ZHAO, LI, ZHOU, LABEL = (f"730000000000{n}" for n in ("17", "24", "31", "48", "55"))
QUEUED = MessageQueued(
    way="sms",
    purpose="arrived",
    parcels=("a" * 64,),
    person="b" * 64,
    consent="yes",
    day="2025-11-25",
)
ANSWERS = (
    MessageSent(number="G1", day="2025-11-25"),
    MessageRefused(reason="switched_off", day="2025-11-25"),
    MessageDelivered(reported_day="2025-11-25", day="2025-11-26"),
)


def told(body, at):
    return Told(
        identity=f"{at:064x}", stream="county.1/NX0601", seq=at, act="A", at=at,
        kind=body.KIND, by="", entity="", body=body,
    )  # fmt: skip


def folded(said):
    state = Message()
    for at, body in enumerate(said):
        state = fold_message(state, told(body, at))
    return state


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_furthest_word_holds_in_whatever_order_and_however_often_it_comes(order):
    said = [QUEUED, *(ANSWERS[place] for place in order), ANSWERS[order[0]]]
    state = folded(said)
    assert (state.status, state.reason, state.answered_day) == ("delivered", "", "2025-11-26")
    assert state.number == "G1"


def test_a_refusal_holds_against_having_been_sent():
    state = folded((ANSWERS[1], QUEUED, ANSWERS[0]))
    assert (state.status, state.reason) == ("refused", "switched_off")


@pytest.mark.parametrize(
    ("phone", "leave", "personal", "why"),
    [
        ("15400001038", "yes", "yes", ""),
        ("154 0000 1038", "unknown", "unknown", ""),
        ("", "yes", "yes", "no_phone"),
        ("0377-65310038", "yes", "yes", "no_mobile"),
        ("15400001038", "no", "yes", "not_left_here"),
        ("15400001038", "no", "no", "not_to_gateway"),
    ],
)
def test_who_may_get_a_message(phone, leave, personal, why):
    one = Addressee(
        person="", phone=phone, consent_leave=leave, consent_personal=personal, parcels=("a",)
    )
    assert why_not_message(one) == why


def test_nobody_to_message_is_a_calm_no(station):
    assert queue_messages([], QueueMessages(parcels=("a",)), station.shop.now) == Refusal(
        "parcels.NOBODY_TO_MESSAGE"
    )
    assert not is_mobile("")


@pytest.fixture
def waiting(station):
    """Wang and Zhao have mobiles, Li a landline, Zhou no phone at all; one label has a number."""
    shop = station.shop
    people = {
        WANG: shop.villager("王秀兰", "13800006021", hamlet="第3组"),
        ZHAO: shop.villager("赵根喜", "13800003308", hamlet="第1组"),
        LI: shop.villager("李大山", "0377-65310038", hamlet="第1组"),
        ZHOU: shop.villager("周桂林", "", hamlet="第8组"),
    }
    station.people, station.parcels = people, {}
    for waybill, person in people.items():
        station.parcels[waybill] = shop.shelve(waybill, person=person)
    station.parcels[LABEL] = shop.shelve(LABEL, name="孙平", tail="7788", phone="15600007788")
    station.press("F3", "Ctrl+2")
    return station


def queued(shop):
    facts = [fact for fact in shop.own_facts() if fact.kind == MessageQueued.KIND]
    return [msgspec.json.decode(fact.body, type=MessageQueued) for fact in facts]


def next_day(station, day):
    station.shop.is_now(day=day)
    station.press("Esc", "F3", "Ctrl+2")


def parcel(station, waybill):
    state = records.parcel_state(station.shop.connection, station.parcels[waybill])
    assert state is not None
    return state


def messages(station):
    rows = station.shop.connection.execute("SELECT entity, person, status FROM messages")
    return {person: (entity, status) for entity, person, status in rows}


def standings(station):
    return {row.subject: row.cells[-1].words for row in station.page.table.rows_model.rows}


def answer(station, person, body):
    entity = messages(station)[person][0]
    station.shop.county(body, entity=entity)
    station.page.activated()


def test_one_key_asks_for_messages_to_all_who_may_get_one(waiting):
    people = waiting.people
    assert standings(waiting)[people[LI]] == "座机，要打电话"
    assert standings(waiting)[people[ZHOU]] == "喇叭或捎话"
    waiting.press("Ctrl+T")
    assert waiting.toasts[-1] == "排上 3 条，来网自动发"
    assert set(messages(waiting)) == {people[WANG], people[ZHAO], ""}
    assert standings(waiting)[people[WANG]] == "短信等网"
    waiting.press("Ctrl+T")  # nothing is asked for twice
    assert len(messages(waiting)) == 3


def test_who_wants_no_message_and_nothing_left_here_is_rung(waiting):
    shop, people = waiting.shop, waiting.people
    for person, matter in ((people[WANG], "personal_data"), (people[ZHAO], "leave_at_station")):
        shop.do(RecordConsent(person=person, matter=matter, answer="no", way="in_person"))
    waiting.press("Ctrl+T")
    assert set(messages(waiting)) == {""}
    assert standings(waiting)[people[WANG]] == "不让发短信"
    assert standings(waiting)[people[ZHAO]] == "不让放站，先问"


def test_the_message_keeps_what_had_been_answered(waiting):
    shop, people = waiting.shop, waiting.people
    shop.do(
        RecordConsent(person=people[WANG], matter="leave_at_station", answer="yes", way="paper")
    )
    waiting.press("Ctrl+T")
    bodies = {b.person: b.consent for b in queued(shop)}
    assert (bodies[people[WANG]], bodies[people[ZHAO]]) == ("yes", "unknown")


def test_what_the_gateway_says_comes_down_and_a_day_late_still_counts(waiting):
    people = waiting.people
    waiting.press("Ctrl+T")
    answer(waiting, people[WANG], MessageRefused(reason="blocked", day="2025-11-25"))
    answer(waiting, people[ZHAO], MessageSent(number="G7", day="2025-11-25"))
    assert standings(waiting)[people[WANG]] == "对方拦了短信"
    assert standings(waiting)[people[ZHAO]] == "短信发了"
    waiting.shop.is_now(day="2025-11-26")
    waiting.page.activated()
    assert standings(waiting)[people[ZHAO]] == "短信没回音"
    late = MessageDelivered(reported_day="2025-11-25", day="2025-11-26")
    answer(waiting, people[ZHAO], late)
    assert people[ZHAO] not in standings(waiting)  # she knows: out of the list by itself
    answer(waiting, people[ZHAO], late)  # and twice is once
    assert messages(waiting)[people[ZHAO]][1] == "delivered"
    assert message_records.told_by_message(
        waiting.shop.connection, records.on_hand(waiting.shop.connection)
    ) == {waiting.parcels[ZHAO]}


def test_who_knows_by_message_stands_on_no_call_list_and_is_not_called_out(waiting):
    people, shop = waiting.people, waiting.shop
    waiting.press("Ctrl+T")
    answer(waiting, people[WANG], MessageDelivered(reported_day="2025-11-25", day="2025-11-25"))
    notices = waiting.outfit.notices
    paper = notices.paper(shop.connection, "calls", shop.now)
    assert people[WANG] not in paper.persons
    assert "第3组" not in notices.spoken(shop.connection, shop.now)


def test_a_message_that_did_not_arrive_may_be_tried_the_next_day(waiting):
    people = waiting.people
    waiting.press("Ctrl+T")
    answer(waiting, people[WANG], MessageRefused(reason="switched_off", day="2025-11-25"))
    waiting.press("Ctrl+T")
    first = messages(waiting)[people[WANG]]
    next_day(waiting, "2025-11-26")
    waiting.press("Ctrl+T")
    assert waiting.toasts[-1] == "排上 1 条，来网自动发"
    assert first[1] == "refused"
    assert standings(waiting)[people[WANG]] == "短信等网"


def test_who_was_told_three_days_ago_is_reminded(waiting):
    shop, people = waiting.shop, waiting.people
    shop.do(TellReceiver(parcels=(waiting.parcels[WANG],), way="phone"))
    next_day(waiting, "2025-11-27")
    waiting.press("F11")
    assert not messages(waiting)
    next_day(waiting, "2025-11-28")
    waiting.press("F11")
    (body,) = queued(shop)
    assert (body.person, body.purpose) == (people[WANG], "again")


def test_calls_go_on_to_the_next(waiting):
    people = waiting.people
    first = waiting.page.table.current()
    assert "13800006021" in str(waiting.page.table.rows_model.rows) or first != people[WANG]
    waiting.press("1")  # no answer
    assert standings(waiting)[first] == "没接 1 回"
    second = waiting.page.table.current()
    assert second != first
    waiting.press("Enter")
    assert second not in standings(waiting)
    third = waiting.page.table.current()
    waiting.press("2")
    assert third not in standings(waiting)


def test_the_row_in_work_alone_shows_the_whole_number(waiting):
    waiting.page.table.choose(waiting.people[WANG])
    shown = str(waiting.page.table.rows_model.rows)
    assert "13800006021" in shown
    assert "13800003308" not in shown


def test_not_wanted_is_asked_about_and_goes_back(waiting):
    waiting.page.table.choose(waiting.people[ZHAO])
    waiting.press("3")
    assert len(records.on_hand(waiting.shop.connection)) == 5
    waiting.press("Esc", "3", "Enter")
    gone = parcel(waiting, ZHAO)
    assert (gone.status, gone.reason) == ("returned", "refused")


def test_the_words_for_the_loudspeaker_are_read_out_and_nothing_is_written_down(waiting):
    waiting.press("F10")
    ((what, phrase),) = waiting.voice.spoken
    assert what == "asked", "whoever presses the key hears it, whatever is muted"
    assert phrase[0] == "call"
    assert phrase[-4:] == ("together", "n5", "called", "bring")
    assert waiting.people[ZHOU] in standings(waiting)


def test_the_loudspeaker_reaches_those_without_a_number(waiting):
    waiting.press("Ctrl+K")
    assert waiting.people[ZHOU] not in standings(waiting)
    assert parcel(waiting, ZHOU).told_way == "loudspeaker"


def test_the_board_is_printed_as_it_is_now(waiting):
    waiting.press("Ctrl+P")
    (board,) = [doc for role, doc in waiting.shop.jobs() if role == "receipt"]
    assert "有包裹，请来取" in board


@pytest.mark.parametrize("height", HEIGHTS)
def test_nothing_is_cut_off(waiting, height):
    waiting.window.resize(1366, height)
    waiting.hand.settle()
    waiting.assert_fits()
    waiting.press("3")
    waiting.assert_fits()


def test_without_a_gateway_there_is_no_button_for_messages(waiting):
    none = SettingPublished(name="messages.by", station="", value="none", day="2025-11-25")
    waiting.shop.county(none)
    waiting.page.activated()
    waiting.press("Ctrl+T", "F11")
    assert not messages(waiting)
    assert "发短信" not in waiting.words()
