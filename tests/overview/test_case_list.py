"""Open cases: both sides in words, and what closing them does."""

from station_app.journal.fact import Saying
from station_app.journal.log import FactLog
from station_app.journal.recorder import new_ticket
from station_app.overview.case_list import RULES, count_cases, open_cases
from station_app.overview.case_past import closed_lately
from station_app.overview.commands import CloseCase
from station_app.overview.fact_words import FactWords
from station_app.services.parcels.facts import ParcelHandedOver, ParcelShelved, Receiver
from station_app.shell.desk import Desk, Done
from station_app.shell.offers import CaseOffer, CaseWords, Side
from station_app.values.now import Now
from station_app.values.refusal import Refusal
from station_app.vocabulary import VOCABULARY
from tests.overview.journals import DAY, MORNING, STATION, TestJournal

MINUTE = 60_000


def handed_over(parcel, **changed):
    said = {
        "courier": "ZTO", "taken_by": "self", "check": "phone_tail", "cod_fen": 8600,
        "freight_fen": 0, "slip": 1, "day": DAY,
    }  # fmt: skip
    return Saying(ParcelHandedOver(**{**said, **changed}), entity=parcel)


def quarrel(journal, tmp_path):
    """One parcel, handed over on two PCs while both were offline."""
    shelved = ParcelShelved(
        courier="ZTO", waybill="73000000000017", after="", shelf="B", layer=2, serial=8,
        size="M", cod_fen=0, freight_fen=0, person="", day=DAY,
    )  # fmt: skip
    (parcel,) = journal.say(Saying(shelved, Receiver(name="邱例林", tail="1038")))
    other = TestJournal(tmp_path, "D2", seed=2)
    journal.give_to(other)
    journal.say(handed_over(parcel.identity, cod_fen=0), at=MORNING + MINUTE)
    other.say(
        handed_over(parcel.identity, cod_fen=0, taken_by="on_behalf", slip=7),
        at=MORNING + 8 * MINUTE,
    )
    facts = list(FactLog(other.connection).all_of(other.stream))
    journal.session.write(lambda recorder: recorder.take(facts))
    other.session.close()
    return parcel.identity


def desk_of(journal):
    now = Now(at=MORNING + 9 * MINUTE, day=DAY, operator="", device="D1", station=STATION)
    return Desk(journal.session, RULES, lambda _connection: now)


def close(journal, case, **changed):
    asked = {
        "case": case.case, "entity": case.entity, "members": case.members,
        "verdict": "explained", "remark": "两次都是真的，退了一次又来",
    }  # fmt: skip
    return desk_of(journal).settle(
        CloseCase(**{**asked, **changed}), ticket=new_ticket(journal.chance)
    )


def test_a_journal_without_quarrels_has_no_cases(journal, texts):
    assert open_cases(journal.connection, (), FactWords(texts, VOCABULARY)) == ()
    assert count_cases(journal.connection) == 0


def test_a_case_that_no_slice_words_shows_its_facts_and_where_they_differ(journal, tmp_path, texts):
    parcel = quarrel(journal, tmp_path)
    (case,) = open_cases(journal.connection, (), FactWords(texts, VOCABULARY))
    assert (case.case, case.entity) == ("parcels.closed_twice", parcel)
    assert case.latest_at == MORNING + 8 * MINUTE
    assert case.words.title == "同一件交了两次", "by the catalogue of its slice"
    assert case.words.hint == "包裹交出"
    first, second = case.accounts
    assert first.side.who == "1 号电脑·没登记的人"
    assert second.side.who.startswith("2 号电脑")
    assert ("谁取的", "本人", True) in first.fields
    assert ("谁取的", "代取", True) in second.fields
    assert ("怎么查的", "手机尾号", False) in first.fields


def test_a_slice_words_its_own_cases(journal, tmp_path, texts):
    quarrel(journal, tmp_path)

    def describe(_connection, case, entity, members, _texts):
        sides = tuple(Side(f"第 {n} 台", MORNING, case, m) for n, m in enumerate(members))
        return CaseWords("一件包裹交了两回", "B-2-08", sides, page="parcels.handover")

    offers = (CaseOffer("cash.", describe), CaseOffer("parcels.", describe))
    (case,) = open_cases(journal.connection, offers, FactWords(texts, VOCABULARY))
    assert case.words.title == "一件包裹交了两回"
    assert [account.side.who for account in case.accounts] == ["第 0 台", "第 1 台"]
    assert any(differs for _, _, differs in case.accounts[0].fields)


def test_closing_needs_a_reason_and_then_the_case_is_gone(journal, tmp_path, texts):
    quarrel(journal, tmp_path)
    (case,) = open_cases(journal.connection, (), FactWords(texts, VOCABULARY))
    refusal = close(journal, case, remark="")
    assert isinstance(refusal, Refusal)
    assert texts.say(refusal.text_key, **refusal.slots) == "写一句原因，县里也看得见"
    assert isinstance(close(journal, case), Done)
    assert open_cases(journal.connection, (), FactWords(texts, VOCABULARY)) == ()
    assert close(journal, case).reason == "overview.CASE_NOT_OPEN"


def test_what_was_settled_is_listed_for_some_days_and_not_once_it_is_open_again(
    journal, tmp_path, texts
):
    quarrel(journal, tmp_path)
    words = FactWords(texts, VOCABULARY)
    (case,) = open_cases(journal.connection, (), words)
    assert closed_lately(journal.connection, texts, 0) == ()
    assert isinstance(close(journal, case), Done)
    (closed,) = closed_lately(journal.connection, texts, MORNING)
    assert closed.remark == "两次都是真的，退了一次又来"
    assert closed_lately(journal.connection, texts, closed.at + 1) == ()
    journal.say(handed_over(case.entity, cod_fen=0, slip=9), at=MORNING + 20 * MINUTE)
    assert closed_lately(journal.connection, texts, 0) == ()


def test_what_nobody_saw_is_not_closed(journal, tmp_path, texts):
    quarrel(journal, tmp_path)
    (case,) = open_cases(journal.connection, (), FactWords(texts, VOCABULARY))
    refusal = close(journal, case, members=case.members[:1])
    assert refusal.reason == "overview.CASE_CHANGED"
    assert texts.say(refusal.text_key, **refusal.slots) == "又来了新情况，现在有 2 条。看一眼再办"
