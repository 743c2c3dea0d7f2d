"""The register by keys alone: find, take in, put right, ask, erase."""

import pytest

from station_app.services.people import records
from station_app.services.people.assist_records import assist_of
from station_app.services.people.commands import (
    Details,
    LimitCredit,
    RecordAssist,
    RegisterPerson,
)
from tests.conftest import ROOT
from tests.long_shelf import HEIGHTS

TABS = 46  # px: what the tabs of F7 take where all slices are there


@pytest.fixture
def register(station):
    shop = station.shop
    station.wang = shop.villager("王秀兰", "13800006021", hamlet="第3组", household="1")
    station.son = shop.villager("王小明", "", hamlet="第3组", household="1")
    station.zeng = shop.villager("曾示兰", "15400001006", hamlet="第8组")
    station.press("F7")
    return station


def state(station, person):
    return records.person_state(station.shop.connection, person)


def people(station):
    return {p.name for p in records.find(station.shop.connection, "王")}


def test_somebody_is_found_and_shown(register):
    assert "在册 3 位" in register.words()
    register.type("wxl")
    assert "王秀兰" in register.words()
    assert "138****6021" in register.words()
    assert "一家 2 口在册" in register.words()
    register.press("F10")
    assert "13800006021" in register.words()


def test_of_several_nobody_is_chosen(register):
    register.write("王")
    assert "有 2 位" in register.words()
    assert "输名字、拼音或尾号找人" in register.words()
    register.press("Down")
    assert register.page.finder.table.current() in (register.wang, register.son)


def test_a_new_villager_is_taken_in(register):
    register.write("单雄信")
    assert "没找到" in register.words()
    register.press("Ctrl+N")
    assert register.page.form.name.text() == "单雄信"
    assert register.page.form.pinyin.text() == "shan xiong xin"
    register.press("Tab")
    register.type("1380000")
    assert "数一数位数" in register.words()  # odd, and allowed
    register.type("9999")
    assert "数一数位数" not in register.words()
    register.press("Enter")
    found = records.find(register.shop.connection, "sxx")
    assert [(p.name, p.tail) for p in found] == [("单雄信", "9999")]
    assert "单雄信 登记好了" in register.toasts


def test_a_form_without_a_name_says_so(register):
    register.press("Ctrl+N")
    assert register.reason == "先写名字"
    register.press("Enter")
    assert records.count_persons(register.shop.connection) == 3


def test_a_wrong_id_number_is_said_beside_its_field(register):
    register.press("Ctrl+N")
    register.write("李桂芳")
    register.page.form.id_number.line.setFocus()
    register.type("411325196203010031")
    register.press("Enter")
    assert "身份证号不对" in register.words()
    assert register.page.form.id_number.text() == "411325196203010031"
    assert records.count_persons(register.shop.connection) == 3


def test_the_same_key_twice_takes_in_a_namesake(register):
    register.press("Ctrl+N")
    register.write("王秀兰")
    register.press("Tab")
    register.type("13800006021")
    register.press("Enter")
    assert "已经有 王秀兰（第3组，尾号 6021）" in register.words()
    assert register.primary[0] == "是另一个人，登记"
    register.press("Enter")
    assert records.count_persons(register.shop.connection) == 4


def test_details_are_put_right(register):
    register.type("zsl")
    register.press("Ctrl+E")
    register.press("Tab", "Tab")
    register.press("Ctrl+A")
    register.write("第9组")
    register.press("Enter")
    person = state(register, register.zeng)
    assert (person.name, person.hamlet, person.pinyin) == ("曾示兰", "第9组", "zeng shi lan")


def test_a_remark_is_kept_shown_and_stands_in_the_private_part(register):
    register.type("zsl")
    register.press("Ctrl+E")
    register.page.form.remark.line.setFocus()
    register.write("腿脚不便，送到家门口")
    register.press("Enter")
    assert state(register, register.zeng).remark == "腿脚不便，送到家门口"
    assert "腿脚不便，送到家门口" in register.words()
    bodies = register.shop.connection.execute("SELECT body FROM facts").fetchall()
    assert not any("腿脚不便".encode() in bytes(row[0]) for row in bodies)
    register.press("Ctrl+E")
    register.page.form.remark.line.setFocus()
    register.press("Ctrl+A")
    register.write("长" * 30)
    register.press("Esc")
    assert state(register, register.zeng).remark == "腿脚不便，送到家门口", "given up, not kept"


def test_a_spelling_corrected_by_hand_stays(register):
    register.type("zsl")
    register.press("Ctrl+E")
    register.page.form.pinyin.line.setFocus()
    register.press("Ctrl+A")
    register.type("ceng shi lan")
    register.press("Enter")
    assert state(register, register.zeng).initials == "csl"


def test_answers_are_written_down_with_how_she_was_asked(register):
    register.type("wxl")
    register.press("Alt+6", "Alt+3")
    person = state(register, register.wang)
    assert (person.consent_leave, person.consent_leave_way) == ("yes", "phone")
    assert "同意·11月25日 电话" in register.words()
    register.press("Alt+2")
    assert state(register, register.wang).consent_personal == "no"
    register.press("Ctrl+Z")
    assert state(register, register.wang).consent_personal == "unknown"


def test_her_parcels_are_shown_and_handed_over(register):
    register.shop.shelve("73000000000017", person=register.wang, cod_fen=86_00)
    register.type("wxl")
    assert "在架 1 件" in register.words()
    assert "A-1-01 中通 要收 ¥86.00" in str(register.page.traces.table.rows_model.rows)
    register.press("Enter")
    assert register.page.key == "parcels.handover"
    assert register.page.handing.served.name == "王秀兰"


def test_erasing_is_asked_and_thorough(register):
    parcel = register.shop.shelve("73000000000017", name="王秀兰", tail="6021")
    from station_app.services.parcels.commands import ReassignParcel

    register.shop.do(ReassignParcel(parcel=parcel, person=register.wang))
    register.type("wxl")
    register.press("Shift+Del")
    assert "抹掉 王秀兰 的信息？" in register.words()
    register.press("Esc")
    assert not state(register, register.wang).is_erased
    register.press("Shift+Del", "Enter")
    assert state(register, register.wang).is_erased
    assert "王秀兰" not in register.words()
    assert register.page.finder.field.text() == "", "what she was looked for by is hers, too"
    assert people(register) == {"王小明"}
    held = register.shop.connection.execute("SELECT part FROM privates").fetchall()
    assert not any("王秀兰".encode() in bytes(part) for (part,) in held)


def test_who_was_registered_twice_under_one_code_is_erased_whole(register):
    """Of two that the county's code had made one, the later name stayed and was still shown."""
    shop = register.shop
    for at, name in enumerate(("周示梅", "周示玫")):
        shop.is_now(at=shop.now.at + 60_000 * at)
        shop.do(RegisterPerson(details=Details(name=name), code="V00077", is_another=True))
    register.type("zsm")
    register.press("Shift+Del", "Enter")
    held = shop.connection.execute("SELECT part FROM privates").fetchall()
    assert not any("周示".encode() in bytes(part) for (part,) in held)
    assert "周示" not in register.words()


STATUS_WORDS = ("脱贫户", "监测户", "易地搬迁户", "帮扶身份")


def shows_status(register):
    return [word for word in STATUS_WORDS if word in register.words()]


def test_the_manager_sees_and_writes_down_who_is_assisted_and_nothing_else_shows_it(register):
    register.window.resize(1366, 690)
    register.type("wxl")
    assert shows_status(register) == []
    register.press("Ctrl+H")
    register.hand.settle()
    register.assert_fits()
    assert set(shows_status(register)) == set(STATUS_WORDS)
    assert "没记过" in register.words()
    assert "没有合同" in register.words()
    register.press("2")
    assert "记下了" in register.toasts
    connection = register.shop.connection
    (said,) = connection.execute("SELECT identity, body FROM facts WHERE kind = 'assist.recorded'")
    assert b"lifted" not in said[1], "it stands in the private part alone"
    assert assist_of(connection, (register.wang,)).status == "lifted"
    register.press("Ctrl+B")  # somebody looks over
    assert shows_status(register) == []
    register.press("Ctrl+H")
    assert shows_status(register) == [], "nor does it come while names are blanked"
    register.press("Ctrl+B", "Ctrl+H", "Esc")
    assert shows_status(register) == [], "gone with Esc"
    register.press("F11", "Ctrl+H")
    assert shows_status(register) == [], "one question at a time"
    register.press("Esc")
    register.press("Shift+Del", "Enter")
    assert assist_of(connection, (register.wang,)).status == "", "erased with her"
    held = connection.execute("SELECT part FROM privates").fetchall()
    assert not any(b"lifted" in bytes(part) for (part,) in held)


def test_an_operator_has_no_key_for_it(register):
    register.shop.is_now(is_manager=False)
    register.type("wxl")
    register.press("Ctrl+H")
    assert shows_status(register) == []
    assert not register.page.card.assist.isVisible()
    refused = register.shop.no(RecordAssist(person=register.wang, status="lifted"))
    assert refused.reason == "people.ONLY_A_MANAGER"


def test_the_words_of_it_are_spoken_by_one_panel_only():
    """No label, receipt, list or page can say them: the catalogue has them in one place."""
    spoken = {}
    for path in sorted((ROOT / "resources" / "texts").rglob("*.toml")):
        text = path.read_text("utf-8")
        spoken[path.name] = sum(text.count(word) for word in STATUS_WORDS)
    assert {name for name, count in spoken.items() if count} == {"people.toml"}
    assert spoken["people.toml"] == len(STATUS_WORDS)
    modules = [*(ROOT / "station_app").rglob("*.py"), *(ROOT / "county_server").rglob("*.py")]
    speaking = {path.name for path in modules if "people.assist." in path.read_text("utf-8")}
    assert speaking == {"assist_panel.py", "register_parts.py"}, "the second says only 帮扶和合同"


def test_only_a_manager_erases(register):
    register.shop.is_now(is_manager=False)
    register.type("wxl")
    register.press("Shift+Del", "Enter")
    assert not state(register, register.wang).is_erased
    assert "这一步要站长来办" in register.toasts


def test_a_half_typed_form_is_there_after_a_power_cut(register):
    register.press("Ctrl+N")
    register.write("单雄信")
    register.page.keep_draft()
    register.restart()
    assert register.page.key == "people.register"
    assert register.page.form.name.text() == "单雄信"
    register.press("Enter")
    assert records.find(register.shop.connection, "单雄信")


def test_the_search_box_opens_her_page(register):
    register.press("F3")
    register.type("zsl")
    register.press("Enter")
    assert register.page.key == "people.register"
    assert "曾示兰" in register.words()


@pytest.mark.parametrize("height", HEIGHTS)
def test_nothing_is_cut_off(register, height):
    register.window.resize(1366, height)
    register.hand.settle()
    register.assert_fits()
    register.shop.shelve("73000000000017", person=register.wang)
    register.type("wxl")
    register.assert_fits()
    least, view = register.page.minimumSizeHint().height(), register.page.parentWidget().height()
    assert least <= view - TABS, "with the tabs that other slices bring"
    register.press("Shift+Del")
    register.assert_fits()
    register.press("Esc", "Ctrl+E")
    register.assert_fits()


def test_the_manager_sets_how_far_she_may_owe(register):
    register.type("wxl")
    assert "没定赊账额度" in register.words()
    register.press("F11")
    register.assert_fits()
    assert register.primary[1] is False
    register.type("500")
    assert register.primary == ("定为 ¥500.00", True)
    register.press("Enter")
    assert state(register, register.wang).credit_limit_fen == 500_00
    assert "赊账额度 ¥500.00" in register.words()


def test_only_the_manager_sets_it_and_only_so_high(register):
    register.shop.is_now(is_manager=False)
    register.type("wxl")
    register.press("F11")
    register.type("500")
    assert register.primary[1] is False
    assert (
        register.shop.no(LimitCredit(person=register.wang, limit_fen=500_00)).reason
        == "people.ONLY_A_MANAGER"
    )
    register.shop.is_now(is_manager=True)
    for wrong in (-1, 1_000_001):
        refusal = register.shop.no(LimitCredit(person=register.wang, limit_fen=wrong))
        assert refusal.reason == "people.LIMIT_OUT_OF_RANGE"


def test_the_whole_id_number_asks_a_reason_and_is_a_fact(register):
    shop = register.shop
    number = "11010519491231002X"
    liu = shop.villager("刘桂芬", "13900007777", hamlet="第2组", id_number=number)
    register.type("lgf")
    assert "****002X" in register.words()
    assert number not in register.words().replace(" ", "")
    register.press("Ctrl+L")
    register.assert_fits()
    assert "为什么要看" in register.words()
    assert number not in register.words().replace(" ", "")
    register.press("2")
    assert "110105 19491231 002X" in register.words()
    found = shop.connection.execute(
        "SELECT entity, by_, body FROM facts WHERE kind = 'id.shown'"
    ).fetchall()
    assert [(row[0], row[1]) for row in found] == [(liu, shop.now.operator)]
    assert b'"reason":"form"' in found[0][2]
    register.press("Ctrl+B")  # somebody looks over
    assert number not in register.words().replace(" ", "")
    register.press("Ctrl+B")
    assert number not in register.words().replace(" ", "")
    register.press("Esc")
    register.type("wxl")
    assert "Ctrl+L" not in [action.key for action in register.page.action_bar()]
