"""Backups by night and the recovery sheet, as the start check shows them and by its keys."""

from pathlib import Path

import pytest

from station_app import backups
from station_app.check_up import first_ms
from station_app.journal.fact import Saying
from station_app.journal.troubles import DiskFull, StoreTrouble
from station_app.overview.doctor import DoctorWork
from station_app.overview.examination import BACKUP_OLD_MS, Signs, examine
from station_app.reference.facts import SettingPublished
from station_app.safekeeping import Safekeeping, first_catch_up, second_mark
from station_app.security.key_store import HIGH_WATER, PlainFileStore
from station_app.services.parcels.commands import ReturnParcels, ShelveParcel
from station_app.services.people.commands import Details, ErasePerson, RegisterPerson
from station_app.shell.desk import Done, Threads
from station_app.values.day import DAY_MS
from tests.services.county_words import say_from_county


@pytest.fixture
def safe(station, tmp_path):
    keys = PlainFileStore.create(tmp_path / "own.key")
    return Safekeeping(station.premises, keys, "passphrase", Threads())


def test_the_backup_of_the_night_runs_by_itself_once_a_day(station, safe):
    assert safe.last_ms() == 0
    safe.back_up_if_due()
    first = safe.last_ms()
    assert abs(first - station.clock.at_ms) < 1_000
    safe.back_up_if_due()
    assert safe.last_ms() == first, "not twice on one day"
    station.clock.at_ms += DAY_MS
    safe.back_up_if_due()
    assert safe.last_ms() > first
    folder = station.premises.folder / backups.FOLDER
    assert len(list(folder.glob("*.backup"))) == 2


def test_names_that_were_kept_long_enough_go_while_the_program_runs(station, safe):
    safe.start()
    told: list[Done] = []
    station.premises.desk.listen(told.append)
    shelved = ShelveParcel(courier="ZTO", waybill="73000000000017", name="甄示漏", tail="0987")
    parcel = station.do(shelved).told[0].identity
    station.do(ReturnParcels(parcels=(parcel,), reason="refused"))
    station.clock.at_ms += 91 * DAY_MS
    word = SettingPublished(name="messages.by", station="", value="none", day="2026-02-22")
    say_from_county(station, Saying(word))
    safe._clock.timeout.emit()
    assert [fact.kind for fact in told[-1].told] == ["private.erased"]
    row = station.connection.execute("SELECT name FROM parcels WHERE entity = ?", (parcel,))
    assert row.fetchone() == ("",)
    safe.stop()


def test_a_label_of_whom_was_erased_goes_while_the_program_runs(station, safe):
    safe.start()
    details = Details(name="甄示漏", phone="15412340987")
    person = station.do(RegisterPerson(details=details)).told[0].identity
    shelved = ShelveParcel(courier="ZTO", waybill="73000000000017", name="甄示漏", tail="0987")
    parcel = station.do(shelved).told[0].identity
    station.premises.signed_in.come("", is_manager=True)
    station.do(ErasePerson(person=person))
    told: list[Done] = []
    station.premises.desk.listen(told.append)
    safe._clock.timeout.emit()
    assert [(fact.kind, fact.body.facts) for fact in told[-1].told] == [
        ("private.erased", (parcel,))
    ]
    safe._clock.timeout.emit()
    assert len(told) == 1
    safe.stop()


def test_what_the_county_said_long_ago_needs_no_backup_here(station, safe):
    assert station.connection.execute("SELECT min(at) FROM facts").fetchone()[0] > 0
    assert first_ms(station.connection, safe.premises.enrolment) == 0
    station.hire()
    first = first_ms(station.connection, safe.premises.enrolment)
    assert abs(first - station.clock.at_ms) < 1_000
    station.clock.at_ms += DAY_MS
    station.hire("曾示兰")
    assert first_ms(station.connection, safe.premises.enrolment) == first


def test_a_backup_that_fails_is_told_and_tried_again(station, safe, monkeypatch):
    told: list[StoreTrouble | None] = []

    def full(*_: object, **__: object) -> None:
        raise DiskFull("no room")

    with monkeypatch.context() as world:
        world.setattr(backups, "take", full)
        safe.back_up(told.append)
    assert [type(trouble) for trouble in told] == [DiskFull]
    assert safe.last_ms() == 0
    safe.back_up(told.append)
    assert told[-1] is None
    assert safe.last_ms() > 0


def test_the_end_leaves_a_mark_with_the_keys_and_a_locked_place_stops_nothing(station, safe):
    station.hire()
    station.premises.keep_mark()
    safe.stop()
    mark = second_mark(safe.keys)
    assert mark is not None
    assert mark.place == "NX0601/D1"
    assert safe.keys.get(HIGH_WATER)
    first_catch_up(station.premises.folder, safe.keys)  # nothing was put back: nothing is asked


@pytest.mark.parametrize(
    ("signs", "findings"),
    [
        ({"first_fact_ms": 0}, []),
        ({"first_fact_ms": 10 * DAY_MS}, []),
        ({"first_fact_ms": 10 * DAY_MS - BACKUP_OLD_MS - 1}, ["backup_none"]),
        ({"first_fact_ms": 1, "backup_ms": 10 * DAY_MS}, []),
        ({"first_fact_ms": 1, "backup_ms": 10 * DAY_MS - BACKUP_OLD_MS - 1}, ["backup_old"]),
    ],
)
def test_a_station_without_backups_is_told_so(signs, findings):
    found = examine(Signs(now_ms=10 * DAY_MS, built_ms=1, **signs))
    assert [finding.name for finding in found.findings] == findings


def test_the_start_check_says_when_it_was_and_does_both_by_key(station):
    done = []

    def back_up(then):
        done.append("backup")
        then("备份好了")

    def print_sheet():
        done.append("sheet")
        return "恢复码打出来了，收好别丢"

    at = station.clock.at_ms
    work = DoctorWork(
        look=lambda: Signs(now_ms=at, built_ms=1, backup_ms=at, kept_in="passphrase"),
        actions={},
        opened=lambda: done.append("opened"),
        now=lambda: at,
        back_up=back_up,
        print_sheet=print_sheet,
    )
    station.show_closed(work)
    shown = " ".join(words.text() for words in station.page.findChildren(type(station.page._line)))
    assert "账本钥匙在口令里" in shown
    assert "备份好了 11月23日 07:50" in shown
    station.press("F5")
    assert station.page.said == "备份好了"
    station.press("F8")
    assert station.page.said == "恢复码打出来了，收好别丢"
    station.press("Enter")
    assert done == ["backup", "sheet", "opened"]


def test_there_is_a_sheet_once_the_key_was_sealed(station, safe, tmp_path: Path):
    assert safe.sheet() is None
    (station.premises.folder / "recovery.copy").write_text("VSC1ABC", "ascii")
    sheet = safe.sheet()
    assert sheet is not None
    assert "VSC1ABC" in str(sheet)
    assert "柳荫洼村电商服务站" in str(sheet)


def test_who_asks_while_the_backup_of_the_night_runs_is_told_of_that_one(station, tmp_path):
    class Later(Threads):
        def __init__(self):
            self.pieces = []

        def read(self, work, then):
            self.pieces.append(lambda: then(work()))

    threads = Later()
    keys = PlainFileStore.create(tmp_path / "own.key")
    safe = Safekeeping(station.premises, keys, "passphrase", threads)
    told: list[StoreTrouble | None] = []
    safe.back_up_if_due()
    safe.back_up(told.append)
    (piece,) = threads.pieces
    piece()
    assert told == [None]


def test_a_bug_in_one_backup_is_not_the_end_of_all(station, safe, monkeypatch):
    def bug(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as world:
        world.setattr(backups, "take", bug)
        with pytest.raises(ZeroDivisionError):
            safe.back_up_if_due()
    safe.back_up_if_due()
    assert safe.last_ms()
