"""What counts nowhere yet, as the operator meets it: as cases, and when she works on."""

from station_app.journal.cuts import reach, tips_here
from station_app.journal.kinds import BranchRefused, StreamEnd
from station_app.overview.branches import OWN, WAITS, branch_cases, outside
from station_app.overview.ledger.account_book import Asked, account_page
from station_app.services.parcels.commands import HandOverParcels, ShelveParcel
from station_app.shell.desk import Done
from station_app.values.refusal import Refusal
from tests.overview.quarrels import county_says, cut_off, quarrel
from tests.proofs.kit import DAY


def cases(station):
    offer = branch_cases(station.premises.desk.now, "overview.sync")
    assert offer.views is not None
    return offer, offer.views(station.connection)


def told(station, found):
    offer, views = cases(station)
    ((case, entity, members),) = [view for view in views if view[0] == found]
    return offer.describe(station.connection, case, entity, members, station.texts)


def test_a_pc_that_was_cut_off_says_so_and_what_to_do(station):
    station.shelve(1, "73000000000071")
    assert cases(station)[1] == []
    county_says(station, cut_off("D1", "lost"))
    words = told(station, OWN)
    assert words.title == "县里停用了这台电脑"
    assert words.hint == "县里写的原因：丢了"
    assert "1 笔" in words.line
    assert len(words.steps) == 3
    assert words.page == "overview.sync"


def test_no_new_business_begins_on_it_and_what_was_begun_is_finished(station):
    parcel = station.shelve(1, "73000000000071").told[0]
    end = StreamEnd(parcel.stream, parcel.seq, parcel.identity)
    county_says(station, cut_off("D1", ends=(end,)))
    command = ShelveParcel(courier="ZTO", waybill="73000000000072", name="曾示兰", tail="1006")
    refused = station.do(command)
    assert isinstance(refused, Refusal)
    assert station.texts.say(refused.text_key).startswith("县里停用了这台电脑")
    assert isinstance(station.do(HandOverParcels(parcels=(parcel.identity,), paid_fen=0)), Done)
    (mine,) = outside(station.connection)
    assert (mine.device, mine.acts) == ("D1", 1)


def test_another_pc_that_is_cut_off_stops_nothing_here(station):
    county_says(station, cut_off("D2"))
    command = ShelveParcel(courier="ZTO", waybill="73000000000072", name="曾示兰", tail="1006")
    assert isinstance(station.do(command), Done)


def test_what_another_pc_said_outside_is_shown_with_its_sum_until_it_is_decided(station):
    quarrel(station)
    county_says(station, cut_off("D2"))
    (one,) = outside(station.connection)
    assert (one.device, one.acts, one.money_fen) == ("D2", 1, 0)
    words = told(station, WAITS)
    assert words.title == "2 号电脑停用后 1 笔"
    assert words.page == ""
    assert "¥0.00" in words.hint or "￥0.00" in words.hint


def test_a_decision_takes_it_away(station):
    quarrel(station)
    row = station.connection.execute(
        "SELECT stream, seq, identity FROM facts WHERE stream LIKE '%/D2/%' ORDER BY seq DESC"
    ).fetchone()
    refused = BranchRefused(stream=row[0], to=row[1], hash=row[2], day=DAY)
    county_says(station, cut_off("D2"), refused)
    assert outside(station.connection) == ()
    assert cases(station)[1] == []


def test_the_account_behind_a_slip_keeps_its_lines_after_a_pc_was_cut_off(station):
    """What a slip showed stays; the page behind it lacked what was put out since."""
    quarrel(station, cod_fen=30_00)
    account = "Assets:Drawer:D2"
    cut = reach(station.connection, tips_here(station.connection))
    before = account_page(station.connection, Asked(account, upto=cut))
    assert [line.amount for line in before.lines] == [30_00]
    county_says(station, cut_off("D2"))
    after = account_page(station.connection, Asked(account, upto=cut))
    assert (after.lines, after.closing) == (before.lines, before.closing)
    assert account_page(station.connection, Asked(account)).lines == ()
