"""Asking for a second person: an answer counts for the question that it was given to."""

import pytest

from station_app.shell.page import Page
from station_app.shell.widgets.second_person import SecondPersonPanel
from station_app.values.staff import Coworker
from tests.shell.shop import offer_of

ANNA, BERTA = Coworker("a", "张建国", is_manager=True), Coworker("b", "李桂芳", is_manager=True)


class Asking(Page):
    def __init__(self, counter):
        super().__init__(counter, "toys.shelf")
        self.asked: list = []
        self.confirmed: list = []
        self.panel = SecondPersonPanel(
            counter, lambda who, pin, then: self.asked.append((who, pin, then))
        )
        self.panel.setParent(self)
        self.panel.confirmed.connect(self.confirmed.append)


@pytest.fixture
def page(shop, shown):
    return shown(shop.window(offer_of(Asking))).window.deck.current


def test_a_pin_counts_for_the_question_that_it_was_typed_for(page):
    page.panel.ask("取出 ¥50.00", "", [ANNA])
    page.panel.boxes.fill("123456")
    page.panel.ask("取出 ¥5,000.00", "", [ANNA])
    page.asked[0][2]("")
    assert page.confirmed == []
    page.panel.boxes.fill("123456")
    page.asked[1][2]("")
    assert page.confirmed == ["a"]


def test_a_pin_given_up_with_escape_opens_nothing_afterwards(page):
    page.panel.ask("取出 ¥50.00", "", [ANNA])
    page.panel.boxes.fill("123456")
    page.panel.hide()
    page.asked[0][2]("")
    assert page.confirmed == []


def test_a_wrong_pin_is_said_and_asked_for_again(page):
    page.panel.ask("取出 ¥50.00", "", [ANNA, BERTA])
    page.panel.people.choose("b")
    page.panel.boxes.fill("123456")
    page.asked[0][2]("密码不对，还能试 4 次")
    assert (page.confirmed, page.panel.boxes.text()) == ([], "")
    assert page.panel.boxes.isEnabled()
