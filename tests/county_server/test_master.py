"""Bringing in master data: what a good folder comes to, and how every bad row is named."""

import shutil
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from county_server.master import (
    COURIERS,
    PEOPLE,
    STATIONS,
    Known,
    Plan,
    Problems,
    carry_out,
    known_from,
    plan,
)
from station_app.journal.fact import Body, Fact, Saying, Told, canonical, seal
from station_app.journal.kinds import PrivateErased
from station_app.reference.facts import StationDescribed
from station_app.resources_dir import load_texts, resources
from station_app.services.people.facts import (
    ConsentRecorded,
    PersonAmended,
    PersonDetails,
    PersonRegistered,
)
from station_app.services.people.rules import Person
from station_app.vocabulary import VOCABULARY

DEMO = resources() / "demo"
DAY = "2026-11-25"

STATION_HEAD = (
    "station_code,level,parent_code,township_name,village_name,station_name,shelf_count,status"
)
COUNTY = "NX0000,county,,内乡县,,县中心,0,active"
TOWNSHIP = "NX0600,township,NX0000,赤眉镇,,赤眉镇站,8,active"
VILLAGE = "NX0601,village,NX0600,赤眉镇,柳荫洼村,柳荫洼村站,6,active"
COURIER_HEAD = (
    "courier_code,name,initial,waybill_regex,example_waybill,match_priority,operator_must_confirm"
)
COURIER = r"ZTO,中通快递,Z,^7[3-68]\d{12}$,73000000000017,70,0"
PEOPLE_HEAD = (
    "person_code,name,pinyin,pinyin_initials,phone,station_code,group_name,household_no,"
    "assist_status,consent_privacy,consent_leave_at_station"
)
PERSON = "V00001,曾示兰,zeng shi lan,zsl,15400001006,NX0601,第5组,0601,脱贫户,1,0"

GOOD = {
    STATIONS: [STATION_HEAD, COUNTY, TOWNSHIP, VILLAGE],
    COURIERS: [COURIER_HEAD, COURIER],
    PEOPLE: [PEOPLE_HEAD, PERSON],
}


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


def folder_with(folder: Path, **changes: Sequence[str] | None) -> Path:
    """Write the good sheets, some of them changed: `stations=[lines]`, or None for none."""
    for name, lines in GOOD.items():
        written = changes.get(name.removesuffix(".csv"), lines)
        if written is not None:
            (folder / name).write_text("\n".join(written) + "\n", "utf-8")
    return folder


def planned(folder: Path, known: Known | None = None) -> Plan:
    made = plan(folder, known or Known(), day=DAY)
    assert isinstance(made, Plan), made.lines(load_texts())
    return made


def bodies(made: Plan, kind: type[Body]) -> list[Any]:
    return [step.body for step in made.steps if isinstance(step.body, kind)]


def replaced(line: str, column: int, cell: str) -> str:
    cells = line.split(",")
    cells[column] = cell
    return ",".join(cells)


# --- A good folder -------------------------------------------------------------------------------


def test_the_demo_county_is_taken_whole() -> None:
    made = planned(DEMO)
    assert made.counts() == {
        "consent.recorded": 167 + 151,
        "courier.published": 14,
        "person.registered": 200,
        "station.described": 306,
    }
    assert made.rows["people.csv"] == 200
    assert made.rows["products.csv"] == 135
    streams = Counter(step.stream for step in made.steps)
    assert streams["county.1/all"] == 320
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
    assert len(office.told) == 306 + 14 + 200 + 318
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


# --- Bad rows ------------------------------------------------------------------------------------


def village(column: int, cell: str) -> dict[str, Any]:
    return {"stations": [STATION_HEAD, COUNTY, TOWNSHIP, replaced(VILLAGE, column, cell)]}


def courier(column: int, cell: str) -> dict[str, Any]:
    return {"couriers": [COURIER_HEAD, replaced(COURIER, column, cell)]}


def person(column: int, cell: str) -> dict[str, Any]:
    return {"people": [PEOPLE_HEAD, replaced(PERSON, column, cell)]}


def stations(*lines: str) -> dict[str, Any]:
    return {"stations": [STATION_HEAD, *lines]}


DAYS = f"{COURIER_HEAD},remind_days,call_days,return_days"
BAD_ROWS: list[tuple[dict[str, Any], tuple[str, int, str, str]]] = [
    (village(0, "nx0601"), (STATIONS, 4, "station_code", "WRONG_FORM")),
    (village(0, ""), (STATIONS, 4, "station_code", "WRONG_FORM")),
    (village(0, "NX0600"), (STATIONS, 4, "station_code", "CODE_TWICE")),
    (village(1, "hamlet"), (STATIONS, 4, "level", "NOT_ONE_OF")),
    (village(2, "NX0999"), (STATIONS, 4, "parent_code", "NO_SUCH_PARENT")),
    (village(2, ""), (STATIONS, 4, "parent_code", "NO_SUCH_PARENT")),
    (village(2, "NX0601"), (STATIONS, 4, "parent_code", "PARENT_TOO_LOW")),
    (village(3, ""), (STATIONS, 4, "township_name", "MISSING")),
    (village(4, ""), (STATIONS, 4, "village_name", "MISSING")),
    (village(5, ""), (STATIONS, 4, "station_name", "MISSING")),
    (village(5, "村" * 41), (STATIONS, 4, "station_name", "TOO_LONG")),
    (village(5, "=HYPERLINK(1)"), (STATIONS, 4, "station_name", "FORMULA")),
    (village(5, "@村站"), (STATIONS, 4, "station_name", "FORMULA")),
    (village(5, "柳\u200b荫洼"), (STATIONS, 4, "station_name", "HIDDEN_SIGN")),
    (village(5, "柳\x07荫洼"), (STATIONS, 4, "station_name", "HIDDEN_SIGN")),
    (village(5, '"柳荫\n洼"'), (STATIONS, 4, "station_name", "HIDDEN_SIGN")),
    (village(5, "柳\ufffd洼"), (STATIONS, 4, "station_name", "HIDDEN_SIGN")),
    (village(6, "-1"), (STATIONS, 4, "shelf_count", "NOT_A_NUMBER")),
    (village(6, "六"), (STATIONS, 4, "shelf_count", "NOT_A_NUMBER")),
    (village(6, "６"), (STATIONS, 4, "shelf_count", "NOT_A_NUMBER")),
    (village(6, "703"), (STATIONS, 4, "shelf_count", "NOT_A_NUMBER")),
    (village(7, "open"), (STATIONS, 4, "status", "NOT_ONE_OF")),
    (village(7, "active,"), (STATIONS, 4, "", "CELL_COUNT")),
    (stations(COUNTY, TOWNSHIP, VILLAGE[:30]), (STATIONS, 4, "", "CELL_COUNT")),
    (village(5, '"柳荫洼村站'), (STATIONS, 4, "", "BROKEN_QUOTES")),
    (village(5, '"柳荫洼"村站'), (STATIONS, 4, "", "BROKEN_QUOTES")),
    (
        stations(replaced(COUNTY, 2, "NX0600"), TOWNSHIP, VILLAGE),
        (STATIONS, 2, "parent_code", "COUNTY_HAS_PARENT"),
    ),
    (
        stations(COUNTY, replaced(COUNTY, 0, "NX0009"), TOWNSHIP, VILLAGE),
        (STATIONS, 3, "level", "SECOND_COUNTY"),
    ),
    ({"stations": []}, (STATIONS, 0, "", "EMPTY_FILE")),
    ({"stations": [STATION_HEAD]}, (STATIONS, 0, "", "NO_ROWS")),
    (
        {"stations": [STATION_HEAD.replace("parent_code", "parent"), COUNTY]},
        (STATIONS, 1, "", "COLUMN_MISSING"),
    ),
    ({"stations": [STATION_HEAD + ",level", COUNTY]}, (STATIONS, 1, "", "COLUMN_TWICE")),
    ({"stations": [STATION_HEAD.replace(",", ";"), COUNTY]}, (STATIONS, 1, "", "WRONG_SEPARATOR")),
    (courier(0, "中通"), (COURIERS, 2, "courier_code", "WRONG_FORM")),
    (courier(1, ""), (COURIERS, 2, "name", "MISSING")),
    (courier(2, "ZT"), (COURIERS, 2, "initial", "WRONG_FORM")),
    (courier(3, ""), (COURIERS, 2, "waybill_regex", "MISSING")),
    (courier(3, r"^7[3-68\d{12}$"), (COURIERS, 2, "waybill_regex", "PATTERN_BROKEN")),
    (courier(3, r"^(\d+)+$"), (COURIERS, 2, "waybill_regex", "PATTERN_TOO_FREE")),
    (courier(3, r"^\d+\d+\d+\d+\d+$"), (COURIERS, 2, "waybill_regex", "PATTERN_TOO_FREE")),
    (courier(3, r"^7.*$"), (COURIERS, 2, "waybill_regex", "PATTERN_TOO_FREE")),
    (courier(3, r"^99\d{12}$"), (COURIERS, 2, "waybill_regex", "PATTERN_MISSES_EXAMPLE")),
    (courier(4, "7.3E+13"), (COURIERS, 2, "waybill_regex", "PATTERN_MISSES_EXAMPLE")),
    (courier(5, "first"), (COURIERS, 2, "match_priority", "NOT_A_NUMBER")),
    (courier(6, "2"), (COURIERS, 2, "operator_must_confirm", "NOT_A_NUMBER")),
    (
        {"couriers": [DAYS, COURIER + ",5,3,7"]},
        (COURIERS, 2, "return_days", "DAYS_OUT_OF_ORDER"),
    ),
    (
        {"couriers": [COURIER_HEAD, COURIER, COURIER]},
        (COURIERS, 3, "courier_code", "CODE_TWICE"),
    ),
    (person(0, "v 1"), (PEOPLE, 2, "person_code", "WRONG_FORM")),
    (person(1, ""), (PEOPLE, 2, "name", "MISSING")),
    (person(1, "曾" * 31), (PEOPLE, 2, "name", "TOO_LONG")),
    (person(1, "+曾示兰"), (PEOPLE, 2, "name", "FORMULA")),
    (person(2, "Zeng1"), (PEOPLE, 2, "pinyin", "WRONG_FORM")),
    (person(3, "Z S"), (PEOPLE, 2, "pinyin_initials", "WRONG_FORM")),
    (person(4, "1.54E+10"), (PEOPLE, 2, "phone", "PHONE_LOOKS_WRONG")),
    (person(4, "1540000100"), (PEOPLE, 2, "phone", "PHONE_LOOKS_WRONG")),
    (person(4, "１５４００００１００６"), (PEOPLE, 2, "phone", "PHONE_LOOKS_WRONG")),
    (person(5, "NX0999"), (PEOPLE, 2, "station_code", "NO_SUCH_STATION")),
    (person(9, "yes"), (PEOPLE, 2, "consent_privacy", "NOT_ONE_OF")),
    (person(10, "2"), (PEOPLE, 2, "consent_leave_at_station", "NOT_ONE_OF")),
    ({"people": [PEOPLE_HEAD, PERSON, PERSON]}, (PEOPLE, 3, "person_code", "CODE_TWICE")),
]


def found_in(folder: Path) -> tuple[Any, ...]:
    made = plan(folder, Known(), day=DAY)
    assert isinstance(made, Problems)
    return made.found


@pytest.mark.parametrize(
    ("sheets", "wanted"), BAD_ROWS, ids=lambda v: v[3] if isinstance(v, tuple) else ""
)
def test_a_bad_row_is_named_alone_and_nothing_is_planned(
    tmp_path: Path, sheets: dict[str, Any], wanted: tuple[str, int, str, str]
) -> None:
    (problem,) = found_in(folder_with(tmp_path, **sheets))
    assert (problem.file, problem.line, problem.column, problem.reason) == wanted
    assert problem.detail.isprintable() or "\\" in repr(problem.detail)
    assert wanted[0] in problem.say(load_texts())


@pytest.mark.parametrize(
    ("content", "line", "guess"),
    [
        ("\n".join(GOOD[STATIONS]).encode("gbk"), 2, "GBK"),
        ("\n".join(GOOD[STATIONS]).encode("utf-16"), 1, "UTF-16"),
        (b"\xff\x80\xff" + STATION_HEAD.encode(), 1, "?"),
    ],
)
def test_another_encoding_is_named(tmp_path: Path, content: bytes, line: int, guess: str) -> None:
    (folder_with(tmp_path) / STATIONS).write_bytes(content)
    (problem,) = found_in(tmp_path)
    assert (problem.line, problem.reason, problem.slots) == (line, "NOT_UTF_8", {"guess": guess})


def test_a_sheet_of_a_room_that_is_to_come_is_judged_for_being_readable(tmp_path: Path) -> None:
    folder_with(tmp_path)
    shutil.copy(DEMO / "terms.csv", tmp_path)
    (tmp_path / "notes.csv").write_text("key,words\na,=1+1\n-,b\n", "utf-8")
    assert planned(tmp_path).rows["notes.csv"] == 2
    (tmp_path / "products.csv").write_text("sku,name\nP1,苹果,红\n", "utf-8")
    (problem,) = found_in(tmp_path)
    assert (problem.file, problem.line, problem.reason) == ("products.csv", 2, "CELL_COUNT")


def test_a_folder_that_is_not_there_and_one_without_sheets_are_named(tmp_path: Path) -> None:
    (problem,) = found_in(tmp_path / "none")
    assert problem.reason == "NO_FOLDER"
    (tmp_path / "prices.csv").write_text("a\n1\n", "utf-8")
    (problem,) = found_in(tmp_path)
    assert problem.reason == "NO_SHEETS"


def test_a_sheet_that_cannot_be_opened_or_is_no_register_is_named(tmp_path: Path) -> None:
    folder_with(tmp_path)
    with (tmp_path / "billers.csv").open("wb") as big:
        big.truncate(17 * 1024 * 1024)
    (problem,) = found_in(tmp_path)
    assert (problem.file, problem.reason) == ("billers.csv", "FILE_TOO_BIG")


def test_all_that_is_wrong_is_found_in_one_go(tmp_path: Path) -> None:
    folder_with(
        tmp_path,
        stations=[STATION_HEAD, COUNTY, replaced(TOWNSHIP, 7, "?"), replaced(VILLAGE, 6, "x")],
        couriers=[COURIER_HEAD, replaced(COURIER, 3, ".*")],
        people=[PEOPLE_HEAD, replaced(PERSON, 1, ""), replaced(PERSON, 4, "1")],
    )
    places = [(p.file, p.line, p.column) for p in found_in(tmp_path)]
    assert places == [
        (COURIERS, 2, "waybill_regex"),
        (PEOPLE, 2, "name"),
        (PEOPLE, 3, "person_code"),
        (STATIONS, 3, "status"),
        (STATIONS, 4, "shelf_count"),
    ]


def test_a_stations_sheet_that_is_wrong_does_not_blame_the_people(tmp_path: Path) -> None:
    folder_with(tmp_path, stations=[STATION_HEAD, COUNTY, TOWNSHIP, VILLAGE + ",x"])
    assert [problem.file for problem in found_in(tmp_path)] == [STATIONS]


def test_a_problem_is_one_chinese_sentence_with_its_place(tmp_path: Path) -> None:
    (problem,) = found_in(folder_with(tmp_path, **village(2, "NX0999")))
    assert problem.say(load_texts()) == (
        "stations.csv 第 4 行「parent_code」：没有「NX0999」这个上级站"
    )


def test_every_problem_has_its_words_and_no_phone_gets_into_them(tmp_path: Path) -> None:
    source = "".join(
        (Path(__file__).parents[2] / "county_server" / name).read_text("utf-8")
        for name in ("sheets.py", "station_sheets.py", "people_sheet.py", "master.py")
    )
    words = tomllib.loads((resources() / "texts/zh_CN/county.toml").read_text("utf-8"))["problem"]
    assert {reason for reason in words if f'"{reason}"' not in source} == set()
    (problem,) = found_in(folder_with(tmp_path, **person(4, "154000010067")))
    assert "154000010067" not in problem.detail + problem.say(load_texts())
