"""The same with the mouse alone: no key is pressed from the lock page to the last page.

And with a keyboard that has no F-keys: Alt and a letter, Tab and the space bar.
"""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel

from station_app.ledger.accounts import drawer
from station_app.ledger.balances import balance
from station_app.services.cash.commands import TakeOut
from station_app.shell.desk import Done
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.tables import ListTable
from station_app.values.money import say_yuan
from tests.overview.quarrels import quarrel
from tests.overview.stations import PIN, settle
from tests.overview.test_pictures import OFFLINE


def button(widget, words):
    """The visible button with these words."""
    return next(b for b in widget.findChildren(KeyButton) if b.isVisible() and b.text() == words)


def click_cell(station, table, row, column):
    """Click the middle of a cell."""
    place = table.visualRect(table.rows_model.index(row, column)).center()
    station.click(table.viewport(), QPoint(place))


def click_pin(station, pin=PIN):
    for digit in pin:
        station.click(station.page.pad.keys[digit])


def test_a_colleague_is_chosen_and_the_pin_is_clicked(station):
    station.hire()
    other = station.hire("张示东", "operator")
    station.show()
    station.click(station.page._cards[1])
    click_pin(station, "12")
    station.click(station.page.pad.keys["back"])
    station.click(station.page.pad.keys["clear"])
    click_pin(station)
    assert station.premises.signed_in.operator == other


def test_from_today_to_everything_and_back(station):
    station.hire()
    done = station.shelve(1)
    quarrel(station)
    station.papers.settle_all()
    station.line.now = OFFLINE
    window = station.show()
    click_pin(station)
    today = station.page
    station.click(today.tiles["parcels"])
    assert station.page.key == "parcels.handover"
    station.click(window.rail.buttons["Home"])
    number = next(n for n, row in enumerate(today.acts.rows_model.rows) if row.subject == done.act)
    click_cell(station, today.acts, number, 2)
    assert station.page.key == "overview.acts"
    assert station.page._current().row.act == done.act
    click_cell(station, station.page.papers, 0, 3)
    assert station.papers.queue()[0].copy_number == 1
    station.click(window.content.tabs.buttons[2])
    assert station.page.key == "overview.queue"
    station.click(button(window.action_bar, "不打了"))
    assert station.papers.queue() == []
    station.click(window.rail.buttons["Home"])
    station.click(button(today, "看同步"))
    assert station.page.key == "overview.sync"
    station.click(window.action_bar.primary_button)
    assert station.line.tries == 1
    station.click(button(station.page, "去处理"))
    assert station.page.key == "overview.cases"
    station.click(window.rail.buttons["F12"])
    assert window.is_locked()


def test_an_act_is_undone_where_it_stands(station):
    station.hire()
    done = station.shelve(1)
    station.show()
    click_pin(station)
    click_cell(station, station.page.acts, 0, 4)
    settle()
    assert station.act(done).is_undone
    assert station.page.key == "overview.today"
    assert station.page.acts.rows_model.rows[0].cells[4].words == "已撤销"


def test_what_wants_a_look_is_opened_by_a_click(station):
    station.hire()
    station.papers.printers["label"] = ("fault", "JAM")
    station.show()
    click_pin(station)
    lines = [line.words for line in station.page._lines]
    click_cell(station, station.page.attention, lines.index("标签机卡纸"), 1)
    assert station.page.key == "overview.queue"


def f_buttons(window):
    """What bears the cap of an F-key on the page that is open and leads to no place of the rail."""
    places = (window.deck.current, window.action_bar)
    buttons = [one for place in places for one in place.findChildren(KeyButton)]
    return [one for one in buttons if one.isVisible() and one.cap in ("F10", "F11")]


def shown(window):
    """All words that stand on the screen, those in lists too."""
    labels = [one.text() for one in window.findChildren(QLabel) if one.isVisible()]
    lists = [one for one in window.findChildren(ListTable) if one.isVisible()]
    return " ".join([*labels, *(str(one.rows_model.rows) for one in lists)])


def test_no_f_key_is_needed_to_come_to_any_page_or_button_and_none_gives_the_drawer_away(station):
    """One walk through all pages, since to open them all takes seconds."""
    station.hire()
    station.open_shift()
    station.hand_over(1, cod_fen=12_345)
    taken = station.do(TakeOut(place="drawer", reason="petty", amount_fen=500, remark="胶带"))
    assert isinstance(taken, Done), "what the drawer holds is no other figure's sum"
    due = say_yuan(balance(station.connection, drawer("D1")))
    window = station.show_unlocked()
    seen, caps = set(), set()
    for key, entry in window.rail.buttons.items():
        if key == "F12":
            continue
        station.press(f"Alt+{entry.place.letter}")
        assert entry.isChecked(), key
        for number in range(max(1, len(window.content.tabs.buttons))):
            station.press(f"Ctrl+{number + 1}")
            seen.add(station.page.key)
            assert due not in shown(window), station.page.key
            for one in f_buttons(window):
                assert one.focusPolicy() & Qt.FocusPolicy.TabFocus, (station.page.key, one.text())
                caps.add(one.cap)
    assert len(seen) >= 20, "every page that the rail and its tabs lead to"
    assert {"cash.day", "cash.drawer", "overview.ledger"} <= seen
    assert caps == {"F10", "F11"}
    station.press("Alt+H")
    assert station.page.key == "shell.help"
    station.press("Alt+J")
    (papers,) = f_buttons(window)
    papers.setFocus(Qt.FocusReason.TabFocusReason)
    station.press("Space")
    assert station.page.key == "overview.acts"
    station.press("Alt+L")
    assert window.is_locked()
