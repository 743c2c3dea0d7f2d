"""Finding people: by anything that somebody may type, and never the wrong one."""

import csv

import pytest

from station_app.resources_dir import resources
from station_app.services.people import records
from station_app.services.people.commands import (
    Details,
    RegisterOperator,
    RegisterPerson,
    RemoveOperator,
)
from station_app.values import finding
from station_app.values.spelling import readings, spell
from tests.services.parcels.shop import shops

PEOPLE = (
    ("王秀兰", "13800006021", "大兰"),
    ("王小兰", "13800003308", ""),
    ("曾示兰", "15400001006", ""),
    ("单雄信", "", "单二哥"),
    ("赵根喜", "037765330000", ""),
    ("兰秀王", "13900008888", ""),
    ("欧阳明月", "13700001234", ""),
    ("𠮷川", "13700009999", ""),
)


@pytest.fixture(scope="module")
def shop():
    with shops(1) as (opened,):
        for name, phone, nickname in PEOPLE:
            opened.villager(name, phone, nickname=nickname, household="060103001")
        yield opened


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("王秀兰", {"王秀兰"}),
        ("秀兰", {"王秀兰"}),
        ("兰", {"王秀兰", "王小兰", "曾示兰", "兰秀王"}),
        ("王", {"王秀兰", "王小兰", "兰秀王"}),
        ("王兰", set()),
        ("大兰", {"王秀兰"}),
        ("二哥", {"单雄信"}),
        ("wxl", {"王秀兰", "王小兰"}),
        ("wangxiu", {"王秀兰"}),
        ("WANGXIULAN", {"王秀兰"}),
        ("xiulan", {"王秀兰"}),
        ("lan", {"王秀兰", "王小兰", "曾示兰", "兰秀王"}),
        ("zeng", {"曾示兰"}),
        ("ceng", {"曾示兰"}),  # the other reading of 曾
        ("shan", {"单雄信"}),
        ("dxx", {"单雄信"}),
        ("ouyang", {"欧阳明月"}),
        ("6021", {"王秀兰"}),
        ("8000060", {"王秀兰"}),
        ("6533", {"赵根喜"}),
        ("王 3308", {"王小兰"}),
        ("wx 6021", {"王秀兰"}),
        ("𠮷", {"𠮷川"}),
        ("ｗｘｌ", {"王秀兰", "王小兰"}),
        ("不在册", set()),
        ('"王" OR "赵"', set()),  # no language of the index is understood
        ("*", set()),
        ("", set()),
        ("   ", set()),
    ],
)
def test_whoever_fits_is_found(shop, typed, names):
    assert {person.name for person in records.find(shop.connection, typed)} == names


def test_the_tail_of_an_id_number_finds_and_its_middle_does_not():
    with shops(1) as (shop,):
        shop.villager("王秀兰", "13800006021", id_number="11010519491231002X")
        assert [p.name for p in records.find(shop.connection, "002X")] == ["王秀兰"]
        assert not records.find(shop.connection, "1949")


def test_the_whole_name_comes_first(shop):
    assert records.find(shop.connection, "wxl")[0].name in ("王小兰", "王秀兰")
    assert records.find(shop.connection, "兰秀王")[0].name == "兰秀王"
    assert records.find(shop.connection, "王")[-1].name == "兰秀王"


def test_a_household_is_found_together(shop):
    assert len(records.find(shop.connection, "060103001")) == len(PEOPLE)
    assert not records.household(shop.connection, "")


def test_nobody_with_one_tail_is_left_out():
    with shops(1) as (shop,):
        for number in range(40):
            details = Details(name=f"村民{number}", phone=f"138{number:04d}6021")
            shop.do(RegisterPerson(details=details))
        assert len(records.by_tail(shop.connection, "6021")) == 40


def test_somebody_of_the_same_name_and_phone_is_pointed_at():
    with shops(1) as (shop,):
        shop.villager("王秀兰", "13800006021", hamlet="第3组")
        twin = RegisterPerson(details=Details(name="王秀兰", phone="138 0000 6021"))
        refusal = shop.no(twin)
        assert refusal.slots == {"name": "王秀兰", "hamlet": "第3组", "tail": "6021"}
        shop.do(RegisterPerson(details=twin.details, is_another=True))
        assert records.count_persons(shop.connection) == 2


def test_the_countys_people_are_one_by_their_code():
    with shops(2) as (one, two):
        first = one.do(RegisterPerson(details=Details(name="王秀兰"), code="V00001")).told[0]
        two.is_now(at=one.now.at + 60_000)
        second = two.do(
            RegisterPerson(details=Details(name="王秀蓝", phone="13800006021"), code="V00001")
        ).told[0]
        one.hears(two)
        for identity in (first.identity, second.identity):
            person = records.person(one.connection, identity)
            assert person is not None
            assert person.name == "王秀蓝"
        assert set(records.names_of(one.connection, first.identity)) == {
            first.identity, second.identity,
        }  # fmt: skip
        assert [p.name for p in records.find(one.connection, "王")] == ["王秀蓝"]


def test_operators_come_and_go():
    with shops(1) as (shop,):
        shop.do(RegisterOperator(name="李桂芳", role="manager"))
        second = shop.do(RegisterOperator(name="张建国", role="operator")).told[0].identity
        assert [o.name for o in records.operators(shop.connection)] == ["张建国", "李桂芳"]
        assert records.operator_name(shop.connection, second) == "张建国"
        shop.do(RemoveOperator(operator=second))
        assert [o.has_left for o in records.operators(shop.connection)] == [0, 1]
        assert records.operator_name(shop.connection, "0" * 64) == ""


# --- Spelling and words --------------------------------------------------------------------------


def test_the_demo_people_are_spelled_as_the_county_does():
    with (resources() / "demo" / "people.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 100
    for row in rows:
        spelled = spell(row["name"])
        assert (spelled.pinyin, spelled.initials) == (row["pinyin"], row["pinyin_initials"])


@pytest.mark.parametrize(
    ("name", "pinyin", "others"),
    [
        ("单雄信", "shan xiong xin", {"dan xiong xin", "chan xiong xin"}),
        ("单于明", "chan yu ming", {"dan yu ming"}),
        ("尉迟恭", "yu chi gong", {"wei chi gong"}),
        ("吕布", "lv bu", set()),
        ("Tom 王", "tom wang", set()),
        ("", "", set()),
        ("·", "", set()),
    ],
)
def test_names_are_read_as_names(name, pinyin, others):
    found = readings(name)
    assert found[0].pinyin == pinyin
    assert others <= {reading.pinyin for reading in found}


def test_the_index_knows_pairs_but_asks_for_runs():
    assert finding.checker("小王小")(["王小王"]) is False
    assert finding.checker("小王小")(["王小王", "小王小二"]) is True
    assert finding.checker("小王")(["王小王"]) is True
    assert finding.question("王") == '"王"'
    assert finding.question("王秀兰6021") == '"王秀" AND "秀兰" AND "6021"*'
