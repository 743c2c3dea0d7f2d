"""Bringing in master data: what a good folder comes to, and what is said when it comes again."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from county_server.master import STATIONS, Known, Plan, Problems, carry_out, known_from, plan
from station_app.journal.fact import Body, Fact, Saying, Told, canonical, seal
from station_app.journal.kinds import PrivateErased
from station_app.reference.facts import SettingPublished, StationDescribed
from station_app.services.people.facts import (
    ConsentRecorded,
    PersonAmended,
    PersonDetails,
    PersonRegistered,
)
from station_app.services.people.rules import Person
from station_app.vocabulary import VOCABULARY
from tests.county_server.master_folders import (
    COUNTY,
    DAY,
    DEMO,
    PEOPLE_HEAD,
    PERSON,
    STATION_HEAD,
    TOWNSHIP,
    VILLAGE,
    folder_with,
    planned,
    replaced,
)


class Office:
    """A county that says sayings: its facts, told as a fold sees them."""

    def __init__(self) -> None:
        self.told: list[Told] = []

    def say(self, stream: str, sayings: Sequence[Saying]) -> list[str]:
        return [self._record(stream, saying) for saying in sayings]

    def _record(self, stream: str, saying: Saying) -> str:
        fact: Fact = seal(
            canonical(saying.body),
            canonical(saying.private) if saying.private else None,
            stream=stream,
            seq=len(self.told) + 1,
            act="A" * 16,
            at=1_795_564_800_000 + len(self.told),
            kind=saying.body.KIND,
            v=saying.body.VERSION,
            entity=saying.entity,
            by="",
            prev="0" * 64,
        )
        self.told.append(VOCABULARY.read(fact))
        return fact.identity

    def known(self) -> Known:
        return known_from(self.told)


def bodies(made: Plan, kind: type[Body]) -> list[Any]:
    return [step.body for step in made.steps if isinstance(step.body, kind)]


# --- A good folder -------------------------------------------------------------------------------


def test_the_demo_county_is_taken_whole() -> None:
    made = planned(DEMO)
    assert made.counts() == {
        "biller.published": 15,
        "brand_licence.published": 1,
        "consent.recorded": 167 + 151,
        "courier.published": 14,
        "order_terms.published": 1,
        "platform.published": 5,
        "person.registered": 200,
        "produce.published": 20,
        "produce_rule.published": 21,
        "produce_terms.published": 20,
        "product.published": 135,
        "scale_label.published": 3,
        "sending_zone.published": 7,
        "setting.published": 1,
        "station.described": 306,
    }
    assert made.rows["people.csv"] == 200
    assert made.rows["products.csv"] == 135
    streams = Counter(step.stream for step in made.steps)
    assert streams["county.1/all"] == 320 + 179 + 36 + 5 + 1 + 7 + 1
    assert set(streams) == {
        "county.1/all", "county.1/NX0601", "county.1/NX0602", "county.1/NX0603",
        "county.1/NX0201", "county.1/NX0401",
    }  # fmt: skip


def test_a_station_a_courier_and_a_person_say_what_their_rows_say(tmp_path: Path) -> None:
    steps: Any = planned(folder_with(tmp_path)).steps
    county, _, village, courier, person, personal, leave = steps
    assert county.body.level == "county"
    assert (village.body.code, village.body.shelves, village.body.layers) == ("NX0601", 6, 4)
    assert (village.body.parent, village.body.village) == ("NX0600", "柳荫洼村")
    assert (courier.body.remind_days, courier.body.call_days, courier.body.return_days) == (3, 5, 7)
    assert person.stream == "county.1/NX0601"
    assert person.body == PersonRegistered(code="V00001", day=DAY)
    assert person.private == PersonDetails(
        name="曾示兰",
        pinyin="zeng shi lan",
        initials="zsl",
        phone="15400001006",
        hamlet="第5组",
        household="0601",
    )
    assert (personal.body.matter, personal.body.answer) == ("personal_data", "yes")
    assert (leave.body.matter, leave.body.answer) == ("leave_at_station", "no")
    assert personal.entity_of == leave.entity_of == "V00001"


def test_relief_status_and_contracts_never_leave_the_sheet() -> None:
    steps = planned(DEMO).steps
    said = b"".join(canonical(step.body) + canonical(step.private or {}) for step in steps).decode()
    assert "柳荫洼" in said
    for word in ("脱贫户", "监测户", "易地搬迁户", "BF2018", "assist"):
        assert word not in said


def test_everything_planned_can_be_read_by_a_station_and_posts_nothing() -> None:
    office = Office()
    carry_out(planned(DEMO), office.say)
    assert len(office.told) == 306 + 14 + 179 + 36 + 5 + 200 + 318 + 1 + 7 + 1
    assert all(VOCABULARY.post(told) == () for told in office.told)


def test_an_answer_names_the_person_whom_the_same_stream_founded() -> None:
    office = Office()
    carry_out(planned(DEMO), office.say)
    founded = {t.identity: t for t in office.told if isinstance(t.body, PersonRegistered)}
    answers = [told for told in office.told if isinstance(told.body, ConsentRecorded)]
    assert len(answers) == 318
    assert all(founded[told.entity].stream == told.stream for told in answers)


def test_a_pinyin_that_the_sheet_leaves_open_is_made(tmp_path: Path) -> None:
    folder_with(tmp_path, people=[PEOPLE_HEAD, replaced(replaced(PERSON, 2, ""), 3, "")])
    (person,) = [s for s in planned(tmp_path).steps if isinstance(s.body, PersonRegistered)]
    assert isinstance(person.private, PersonDetails)
    assert (person.private.pinyin, person.private.initials) == ("zeng shi lan", "zsl")


@pytest.mark.parametrize(
    "write",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.rstrip("\n").encode(),
        lambda text: (text + "\n,,,,,,,\n").encode(),
        lambda text: text.replace("柳荫洼村站", '"柳荫洼村站"').encode(),
        lambda text: text.replace("赤眉镇,柳", " 赤眉镇 ,　柳").encode(),
    ],
    ids=["byte-order mark", "Windows lines", "no last line end", "blank lines", "quotes", "spaces"],
)
def test_what_excel_does_to_a_sheet_changes_nothing(tmp_path: Path, write: Any) -> None:
    wanted = planned(folder_with(tmp_path)).steps
    sheet = tmp_path / STATIONS
    sheet.write_bytes(write(sheet.read_text("utf-8")))
    assert planned(tmp_path).steps == wanted


def test_a_comma_inside_quotes_is_part_of_the_name(tmp_path: Path) -> None:
    quoted = VILLAGE.replace("柳荫洼村站", '"柳荫洼, ""东""站"')
    folder_with(tmp_path, stations=[STATION_HEAD, COUNTY, TOWNSHIP, quoted])
    described = bodies(planned(tmp_path), StationDescribed)
    assert described[-1].name == '柳荫洼, "东"站'


def test_a_folder_may_hold_one_sheet_only(tmp_path: Path) -> None:
    folder_with(tmp_path, stations=None, people=None)
    assert planned(tmp_path).counts() == {"courier.published": 1}


# --- Again ---------------------------------------------------------------------------------------


def test_the_same_folder_again_says_nothing() -> None:
    office = Office()
    carry_out(planned(DEMO), office.say)
    assert planned(DEMO, office.known()).steps == ()


def test_a_run_that_broke_off_is_taken_up_where_it_stopped() -> None:
    office = Office()
    whole = planned(DEMO)
    calls = 0

    def breaks(stream: str, sayings: Sequence[Saying]) -> Sequence[str]:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise ConnectionError
        return office.say(stream, sayings)

    with pytest.raises(ConnectionError):
        carry_out(whole, breaks)
    told = len(office.told)
    assert 0 < told < len(whole.steps)
    rest = planned(DEMO, office.known())
    assert len(rest.steps) == len(whole.steps) - told
    carry_out(rest, office.say)
    assert planned(DEMO, office.known()).steps == ()


def test_only_what_changed_is_said(tmp_path: Path) -> None:
    office = Office()
    carry_out(planned(folder_with(tmp_path)), office.say)
    folder_with(
        tmp_path,
        stations=[STATION_HEAD, COUNTY, TOWNSHIP, replaced(VILLAGE, 7, "closed")],
        people=[PEOPLE_HEAD, replaced(replaced(PERSON, 4, "15400009999"), 10, "1")],
    )
    steps = planned(tmp_path, office.known()).steps
    assert [step.body.KIND for step in steps] == [
        "station.described",
        "person.amended",
        "consent.recorded",
    ]
    (founder,) = [t.identity for t in office.told if isinstance(t.body, PersonRegistered)]
    amended = steps[1]
    assert isinstance(amended.private, PersonDetails)
    assert amended.entity == steps[2].entity == founder
    assert amended.private.whose == (founder,)
    assert (amended.private.phone, amended.private.name) == ("15400009999", "曾示兰")
    carry_out(Plan(steps, {}), office.say)
    assert planned(tmp_path, office.known()).steps == ()


def test_what_a_station_corrected_is_kept(tmp_path: Path) -> None:
    """The counter wrote a nickname and a new phone; then the county's sheet changes the hamlet."""
    office = Office()
    carry_out(planned(folder_with(tmp_path)), office.say)

    def present(_entity: str) -> Person:
        return Person(
            code="V00001", name="曾示兰", pinyin="zeng shi lan", initials="zsl",
            nickname="兰嫂", phone="15400007777", hamlet="第5组", household="0601",
        )  # fmt: skip

    known = known_from(office.told, present)
    assert planned(tmp_path, known).steps == ()
    folder_with(tmp_path, people=[PEOPLE_HEAD, replaced(PERSON, 6, "第6组")])
    (step,) = planned(tmp_path, known).steps
    assert isinstance(step.body, PersonAmended)
    assert isinstance(step.private, PersonDetails)
    assert (step.private.hamlet, step.private.phone) == ("第6组", "15400007777")
    assert step.private.nickname == "兰嫂"


def test_whoever_was_erased_is_not_brought_back(tmp_path: Path) -> None:
    office = Office()
    carry_out(planned(folder_with(tmp_path)), office.say)
    folder_with(tmp_path, people=[PEOPLE_HEAD, replaced(PERSON, 4, "15400009999")])
    known = known_from(office.told, lambda _entity: Person(code="V00001", is_erased=1))
    assert planned(tmp_path, known).steps == ()


def test_whoever_moved_is_told_to_the_new_station_as_well(tmp_path: Path) -> None:
    other = "NX0602,village,NX0600,赤眉镇,梨花庄村,梨花庄村站,4,active"
    stations = [STATION_HEAD, COUNTY, TOWNSHIP, VILLAGE, other]
    office = Office()
    carry_out(planned(folder_with(tmp_path, stations=stations)), office.say)
    moved = [PEOPLE_HEAD, replaced(PERSON, 5, "NX0602")]
    steps = planned(folder_with(tmp_path, stations=stations, people=moved), office.known()).steps
    assert [step.stream for step in steps] == ["county.1/NX0602"] * 3
    assert isinstance(steps[0].body, PersonRegistered)


def test_what_stations_say_of_people_is_not_taken_for_the_countys_word() -> None:
    office = Office()
    office.say(
        "NX0601/D1/0123456789abcdef",
        [Saying(PersonRegistered(code="V00001", day=DAY), PersonDetails(name="王示明"))],
    )
    office.say("county.1/NX0601", [Saying(PrivateErased(persons=("0" * 64,), day=DAY))])
    assert office.known() == Known()


# --- Settings of the counters --------------------------------------------------------------------


def settings_in(folder: Path, *rows: str) -> Path:
    (folder / "settings.csv").write_text("\n".join(("name,station,value", *rows)), "utf-8")
    return folder


def test_settings_are_said_once_and_again_when_they_change(tmp_path: Path) -> None:
    folder = settings_in(
        folder_with(tmp_path),
        "parcels.on_behalf_cod_fen,,20000",
        "parcels.on_behalf_cod_fen,NX0601,0",
    )
    office = Office()
    first = plan(folder, office.known(), day=DAY)
    assert isinstance(first, Plan)
    assert [(b.name, b.station, b.value) for b in bodies(first, SettingPublished)] == [
        ("parcels.on_behalf_cod_fen", "", "20000"),
        ("parcels.on_behalf_cod_fen", "NX0601", "0"),
    ]
    carry_out(first, office.say)
    settings_in(folder, "parcels.on_behalf_cod_fen,,30000", "parcels.on_behalf_cod_fen,NX0601,0")
    again = plan(folder, office.known(), day="2026-12-01")
    assert isinstance(again, Plan)
    assert [(b.station, b.value) for b in bodies(again, SettingPublished)] == [("", "30000")]


def test_a_setting_that_no_counter_knows_is_named(tmp_path: Path) -> None:
    folder = settings_in(
        folder_with(tmp_path),
        "parcels.colour,,red",
        "parcels.code_style,,sideways",
        "parcels.code_style,NX9999,phone",
        "parcels.code_style,NX9999,phone",
    )
    made = plan(folder, Known(), day=DAY)
    assert isinstance(made, Problems)
    assert {(p.line, p.column) for p in made.found} >= {(2, "name"), (3, "value"), (5, "name")}
    settings_in(folder, "parcels.code_style,NX9999,phone")
    made = plan(folder, Known(), day=DAY)
    assert isinstance(made, Problems)
    assert [(p.line, p.column, p.reason) for p in made.found] == [(2, "station", "NO_SUCH_STATION")]
