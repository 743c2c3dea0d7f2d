"""Lists for the door, the round and the loudspeaker: they say no more than they may.

The page is worked by keys, and by the mouse; what is read here is what the printer was given.
"""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from station_app.services.parcels.commands import TellReceiver
from station_app.services.people.commands import ErasePerson
from station_app.shell.widgets.keys import KeyButton
from tests.long_shelf import HEIGHTS

OLD, CALLED, MORE, FRESH, NOBODYS, LABEL_ONLY = (
    f"730000000000{n}" for n in ("17", "24", "31", "48", "55", "62")
)
NAMES, PHONES = ("王秀兰", "赵根喜", "李大山", "孙平"), ("13800006021", "13800003308")


@pytest.fixture
def waiting(station):
    """Four villagers of three hamlets and two labels that nobody knows; nobody is told yet."""
    shop = station.shop
    wang = shop.villager("王秀兰", "13800006021", hamlet="第10组")
    zhao = shop.villager("赵根喜", "13800003308", hamlet="第2组")
    li = shop.villager("李大山", "", hamlet="第2组")
    station.persons = {"wang": wang, "zhao": zhao, "li": li}
    station.parcels = {}
    for day, waybill, said in (
        ("18", OLD, {"person": wang}),
        ("24", CALLED, {"person": zhao}),
        ("24", MORE, {"person": wang}),
        ("25", FRESH, {"person": li}),
        ("25", NOBODYS, {"tail": "7788", "name": "孙平"}),
        ("25", LABEL_ONLY, {"tail": "7788", "name": "孙平"}),
    ):
        shop.is_now(day=f"2025-11-{day}")
        station.parcels[waybill] = shop.shelve(waybill, **said)
    station.press("F3", "Ctrl+4")
    return station


def printed(station, before=0):
    """Return the papers that are no labels: their rows of words, joined per block."""
    rows = [doc for role, doc in station.shop.jobs() if role == "receipt"][before:]
    return [json.loads(document)["blocks"] for document in rows]


def told_of(blocks):
    """Return (hamlet, its rows) of a list by hamlet."""
    groups: list[tuple[str, list]] = []
    for block in blocks:
        if block["type"] == "line":
            groups.append((block["left"], []))
        elif block["type"] == "table" and groups:
            groups[-1][1].extend(block["rows"])
    return groups


def test_the_board_is_by_hamlet_and_says_half_a_name_and_two_digits(waiting):
    waiting.press("Ctrl+P")
    assert waiting.primary == ("打公示名单", True)
    assert waiting.enter_caps() == ["打公示名单"]
    waiting.press("Enter")
    (board,) = printed(waiting)
    assert told_of(board) == [
        (
            "第2组",
            [
                ["", "赵*喜", "尾号 **08", "1 件", "放 1 天"],
                ["", "李*山", "", "1 件", "今天到"],
            ],
        ),
        ("第10组", [["", "王*兰", "尾号 **21", "2 件", "放 7 天"]]),
        ("没写组", [["", "孙*", "尾号 **88", "2 件", "今天到"]]),
    ]
    words = json.dumps(board, ensure_ascii=False)
    codes = [str(one.row.code) for one in waiting.page._found]
    for hidden in (*NAMES, *PHONES, "6021", "3308", "7788", *codes):
        assert hidden not in words
    assert waiting.toasts[-1] == "公示名单在打，贴到门口"
    assert waiting.primary[0] == "说到了，下一位"  # back at the list


def test_the_round_goes_to_those_whom_nobody_has_reached(waiting):
    shop, parcels = waiting.shop, waiting.parcels
    shop.do(TellReceiver(parcels=(parcels[OLD], parcels[MORE]), way="phone", outcome="reached"))
    shop.do(TellReceiver(parcels=(parcels[CALLED],), way="phone", outcome="no_answer"))
    waiting.press("Ctrl+P", "2", "Enter")
    (calls,) = printed(waiting)
    groups = [(name, rows) for name, rows in told_of(calls) if rows]
    assert groups == [
        (
            "第2组",
            [
                ["□", "赵*喜", "3308", "1 件", "没接 1 回"],
                ["□", "李*山", "", "1 件", "没有电话"],
            ],
        ),
        ("没写组", [["□", "孙*", "7788", "2 件", ""]]),
    ]


def test_what_is_late_stands_on_paper_oldest_first(waiting):
    waiting.shop.is_now(day="2025-11-27")
    waiting.press("Ctrl+P", "3", "Enter")
    (late,) = printed(waiting)
    (table,) = [block for block in late if block["type"] == "table"]
    assert [(row[2], row[3]) for row in table["rows"]] == [
        ("王*兰 6021", "放 9 天 该退"),
        ("王*兰 6021", "放 3 天 要提醒"),
        ("赵*喜 3308", "放 3 天 要提醒"),
    ]
    assert [row[1][:2] for row in table["rows"]] == ["A-"] * 3  # where they stand


def test_the_loudspeaker_names_hamlets_and_nobody(waiting):
    waiting.press("Ctrl+P")
    shown = waiting.words()
    assert "通知：第2组、第10组和别的组，共 4 位乡亲有包裹到站" in shown
    spoken = waiting.page.papers._spoken.text()
    assert not [name for name in NAMES if name in spoken]
    everybody = (waiting.parcels[NOBODYS], waiting.parcels[LABEL_ONLY])
    waiting.shop.do(TellReceiver(parcels=everybody, way="in_person", outcome="reached"))
    waiting.press("2")
    assert "通知：第2组、第10组，共 3 位乡亲有包裹到站" in waiting.words()
    everybody = tuple(waiting.parcels.values())
    for parcel in everybody:
        waiting.shop.do(TellReceiver(parcels=(parcel,), way="loudspeaker", outcome="reached"))
    waiting.press("Esc", "Ctrl+P", "2")
    assert "都说到了，不用喊" in waiting.words()
    assert (waiting.primary[1], waiting.reason) == (False, "都说到了，没有要打的")
    waiting.press("Enter")
    assert printed(waiting) == []


def test_an_erasure_knows_of_whom_a_list_speaks(waiting):
    waiting.press("Ctrl+P", "Enter")
    (said,) = waiting.shop.connection.execute(
        "SELECT persons FROM print_jobs WHERE role = 'receipt'"
    ).fetchall()
    people, labels = waiting.persons, waiting.parcels
    assert set(json.loads(said[0])) == {*people.values(), labels[NOBODYS], labels[LABEL_ONLY]}
    waiting.shop.do(ErasePerson(person=people["zhao"]))
    waiting.press("Ctrl+P", "Enter")
    words = json.dumps(printed(waiting, before=1), ensure_ascii=False)
    assert "赵" not in words
    assert "**08" not in words


def test_what_left_while_the_question_stood_is_not_on_the_list(waiting):
    waiting.press("Ctrl+P")
    waiting.shop.hand_over(waiting.parcels[FRESH])
    waiting.press("Enter")
    (board,) = printed(waiting)
    words = json.dumps(board, ensure_ascii=False)
    assert "赵*喜" in words
    assert "李*山" not in words


def test_with_nothing_late_the_board_is_at_hand_and_with_nothing_here_it_says_so(station):
    station.press("F3", "Ctrl+4", "Ctrl+P")
    assert station.toasts[-1] == "架上没有件，没有名单可打"
    station.shop.shelve(OLD, tail="6021")
    station.press("Ctrl+P")
    assert station.primary == ("打公示名单", True)
    assert "村站通知：共 1 位乡亲有包裹到站" in station.words()
    station.press("3")
    assert (station.primary[1], station.reason) == (False, "没有放久的件")


def test_a_list_by_the_mouse_alone_and_left_again(waiting):
    for words in ("名单和喇叭词", "滞留单，照着去找", "打滞留单", "名单和喇叭词", "不打了"):
        (button,) = [
            one
            for one in waiting.window.findChildren(KeyButton)
            if one.isVisible() and one.isEnabled() and one.text() == words
        ]
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        waiting.hand.settle()
    assert len(printed(waiting)) == 1
    assert waiting.primary[0] == "说到了，下一位"


@pytest.mark.parametrize("height", HEIGHTS)
def test_nothing_is_cut_off(waiting, height):
    waiting.window.resize(1366, height)
    waiting.hand.settle()
    waiting.assert_fits()
    for key in ("Ctrl+P", "2", "3"):
        waiting.press(key)
        waiting.assert_fits()
