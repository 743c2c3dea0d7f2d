"""What was done today: the walk back over this PC's line of streams."""

from station_app.journal.fact import Saying
from station_app.ledger.paid_acts import facts_of_act
from station_app.overview.act_words import ActReader
from station_app.overview.acts import act_by_id, acts_of_day, facts_of
from station_app.overview.fact_words import FactWords
from station_app.services.parcels.facts import ParcelMoved, ParcelShelved, ParcelTold, Receiver
from station_app.shell.offers import ActOffer, ActWords, Offer
from station_app.vocabulary import VOCABULARY
from tests.overview.journals import DAY, MORNING, TestJournal

YESTERDAY = "2026-11-22"
MINUTE = 60_000


def shelved(day=DAY, serial=8):
    return Saying(
        ParcelShelved(
            courier="ZTO", waybill="73000000000017", after="", shelf="B", layer=2, serial=serial,
            size="M", cod_fen=8600, freight_fen=0, person="", day=day,
        ),
        Receiver(name="曾例兰", tail="1006"),
    )  # fmt: skip


def told(parcel, day=DAY):
    return Saying(ParcelTold(way="phone", outcome="reached", day=day), entity=parcel)


def test_a_new_journal_has_no_acts(journal):
    assert acts_of_day(journal.connection, DAY) == ()


def test_acts_of_the_day_stand_latest_first_and_whole(journal):
    (first,) = journal.say(shelved(YESTERDAY), at=MORNING - 86_400_000)
    (second,) = journal.say(shelved(serial=9), at=MORNING)
    journal.say(told(first.identity), told(second.identity), at=MORNING + MINUTE, by="a" * 64)
    late, early = acts_of_day(journal.connection, DAY)
    assert late.kinds == ("parcel.told", "parcel.told")
    assert (late.at, late.by, late.facts, late.first_seq) == (MORNING + MINUTE, "a" * 64, 2, 3)
    assert (early.act, early.kinds, early.stream) == (
        second.act, ("parcel.shelved",), journal.stream,
    )  # fmt: skip


def test_the_business_day_decides_and_not_the_clock(journal):
    journal.say(shelved(YESTERDAY), at=MORNING)
    journal.say(shelved(DAY, serial=9), at=MORNING - 20 * 3_600_000)
    assert len(acts_of_day(journal.connection, DAY)) == 1


def test_what_is_booked_to_yesterday_in_between_hides_nothing_of_today(journal):
    journal.say(shelved())
    for serial in range(5):
        journal.say(shelved(YESTERDAY, serial), at=MORNING + serial)
    journal.say(shelved(serial=9), at=MORNING + MINUTE)
    assert len(acts_of_day(journal.connection, DAY)) == 2


def test_the_walk_ends_in_the_day_before(journal):
    journal.say(shelved())
    for serial in range(30):
        journal.say(shelved(YESTERDAY, serial), at=MORNING + serial)
    assert acts_of_day(journal.connection, DAY) == ()


def test_the_walk_goes_over_starts_of_the_program(journal):
    journal.say(shelved())
    first = journal.stream
    journal.restart()
    journal.restart()
    journal.say(shelved(serial=9), at=MORNING + MINUTE)
    streams = [row.stream for row in acts_of_day(journal.connection, DAY)]
    assert streams == [journal.stream, first]


def test_an_undone_act_is_marked_and_its_undoing_is_not_listed(journal):
    (one,) = journal.say(shelved())
    journal.undo(one.act, at=MORNING + MINUTE)
    (row,) = acts_of_day(journal.connection, DAY)
    assert row.act == one.act
    assert row.is_undone


def test_acts_of_another_pc_are_not_of_this_one(journal, tmp_path):
    other = TestJournal(tmp_path, "D2", seed=2)
    other.say(shelved())
    other.give_to(journal)
    assert acts_of_day(journal.connection, DAY) == ()
    other.session.close()


def test_an_act_of_a_copy_with_our_luck_is_not_told_in_the_words_of_ours(journal, texts, tmp_path):
    """Both bear one name: a list of the books that opened the copy's found another kind there."""
    copy = TestJournal(tmp_path, "D2", seed=1)
    (parcel,) = journal.say(shelved())
    (theirs,) = copy.say(shelved(serial=9))
    (same,) = copy.say(told(theirs.identity))
    journal.say(Saying(ParcelMoved(shelf="C", layer=1, serial=3, day=DAY), entity=parcel.identity))
    copy.give_to(journal)
    copy.session.close()
    (count,) = journal.connection.execute(
        "SELECT count(DISTINCT stream) FROM facts WHERE act = ?", (same.act,)
    ).fetchone()
    assert count == 2
    offers = [Offer(acts=(ActOffer(("parcel.told", "parcel.moved"), _told_by_kind),))]
    reader = ActReader(offers, FactWords(texts, VOCABULARY), lambda: journal.stream)
    row = act_by_id(journal.connection, same.act, same.stream)
    assert row is not None
    assert reader.words(journal.connection, row).words == texts.say("overview.kind.parcel.told")
    ours = act_by_id(journal.connection, same.act, journal.stream)
    assert ours is not None
    assert reader.words(journal.connection, ours).words == "parcel.moved"


def _told_by_kind(connection, act, _texts):
    return ActWords("", facts_of_act(connection, act)[0].kind)


def test_an_act_of_many_facts_longer_than_a_slice_is_one_row(journal):
    (parcel,) = journal.say(shelved())
    journal.say(*[told(parcel.identity)] * 450, at=MORNING + MINUTE)
    rows = acts_of_day(journal.connection, DAY)
    assert [row.facts for row in rows] == [450, 1]


def test_an_act_opens_to_its_facts_in_words(journal, texts):
    (parcel,) = journal.say(shelved())
    journal.say(
        Saying(ParcelMoved(shelf="C", layer=1, serial=3, day=DAY), entity=parcel.identity),
        at=MORNING + MINUTE,
    )
    moved, first = acts_of_day(journal.connection, DAY)
    (fact,) = facts_of(journal.connection, first)
    assert (fact.seq, fact.identity, fact.entity) == (1, parcel.identity, "")
    words = FactWords(texts, VOCABULARY)
    assert words.kind(fact.kind) == "包裹上架"
    lines = words.lines(journal.connection, fact.kind, fact.body)
    assert ("代收货款", "¥86.00") in lines
    assert ("运单号", "73000000000017") in lines
    assert lines[-1] == ("营业日", "2026年11月23日")
    assert "到付运费" not in dict(lines)
    assert facts_of(journal.connection, moved)[0].entity == parcel.identity
