"""Acts: done once, said, undone; a no is calm and keeps the input."""

import pytest

from station_app.values.refusal import Refusal
from tests.shell.shop import FoundToy, offer_of
from tests.shell.toy_page import ALL, ToyPage, record


@pytest.fixture
def at_shelf(shop, shown):
    hand = shown(shop.window(offer_of(ToyPage), ALL))
    return hand, hand.window.deck.current


def test_an_act_beeps_says_what_was_done_and_can_be_undone_by_key(at_shelf, shop):
    hand, page = at_shelf
    record(hand, page)
    assert shop.toys() == ["球"]
    assert shop.sounds.played == ["ok"]
    (toast,) = hand.window.toasts.toasts
    assert toast.notice.words == "球 记下了"
    hand.press("Ctrl+Z")
    assert shop.toys() == []
    (toast,) = hand.window.toasts.toasts
    assert toast.notice.words == shop.texts.say("shell.toast.undone")


def test_after_the_shift_was_closed_nothing_older_offers_to_be_undone(at_shelf, shop):
    hand, page = at_shelf
    record(hand, page)
    assert hand.window.toasts.last_undo() == page.done[0].act
    shop.clock.shift = ""
    record(hand, page, "车")
    acts = [toast.notice.act for toast in hand.window.toasts.toasts if toast.notice.act]
    assert acts == [page.done[1].act]


def test_a_refusal_is_said_calmly_and_keeps_the_input(at_shelf, shop):
    hand, page = at_shelf
    record(hand, page)
    record(hand, page)
    assert page.field.text() == "球"
    assert shop.sounds.played == ["ok", "warn"]
    assert hand.window.toasts.toasts[-1].notice.words == "这个玩具有了：球"


def test_a_refusal_may_stand_beside_its_field(at_shelf):
    hand, page = at_shelf
    record(hand, page)
    refusals: list = []
    page.perform(FoundToy("球"), done=page.done.append, refused=refusals.append)
    assert refusals == [Refusal("shell.KNOWN", {"label": "球"})]


def test_each_act_has_a_fresh_ticket(at_shelf):
    hand, page = at_shelf
    before = page.ticket
    record(hand, page)
    record(hand, page, "车")
    assert len({before, page.ticket, page.done[0].act, page.done[1].act}) == 3


def test_undo_by_way_of_a_page(shop, shown):
    window = shop.window(
        offer_of(ToyPage), ALL, undo_route=lambda act: ("toys.other", {"undo": act})
    )
    hand = shown(window)
    page = window.deck.current
    record(hand, page)
    hand.press("Ctrl+Z")
    assert window.deck.current.key == "toys.other"
    assert window.deck.current.opened == [{"undo": page.done[0].act}]
    assert shop.toys() == ["球"]
