"""The print queue: every state of a paper, and what one key does with it."""

import pytest

from station_app.overview.papers import TONES, print_anew, reason_words, state_words
from station_app.shell.offers import DocumentOffer
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.pills import StatusPill


def states(station):
    rows = station.connection.execute("SELECT state FROM print_jobs ORDER BY job").fetchall()
    return [state for (state,) in rows]


def open_queue(station, *papers):
    """Three labels in these states, and the page of the queue."""
    station.hire()
    for number, (state, error) in enumerate(papers):
        station.shelve(number)
        station.papers.settle(station.papers.queue()[-1].job, state, error)
    station.show_unlocked()
    station.window.open_page("overview.queue")
    return station.page


def test_a_paper_that_may_have_come_out_is_chosen_first_and_printed_again_as_a_copy(station):
    page = open_queue(station, ("queued", ""), ("uncertain", "CUT_OFF"))
    assert page._current().state == "uncertain"
    assert station.window.action_bar.primary_button.text() == "没出来，补打一张"
    station.press("Enter")
    assert states(station) == ["queued", "cancelled", "queued"]
    assert "排上了，打出来写着「补打 1」" in station.toasts()


def test_a_paper_that_is_there_after_all_is_marked_so(station):
    open_queue(station, ("uncertain", "CUT_OFF"))
    station.press("F11")
    assert states(station) == ["sent"]
    assert station.page._none.isVisible()


def test_a_paper_is_dropped(station):
    open_queue(station, ("failed", "TOO_LARGE"))
    station.press("Del")
    assert states(station) == ["cancelled"]


def test_a_paper_goes_to_another_printer(station):
    page = open_queue(station, ("failed", "TOO_LARGE"))
    labels = [action.label for action in page.action_bar()]
    assert "换到小票机" in labels
    station.press("F10")
    job = station.papers.queue()[0]
    assert (job.state, job.printer) == ("queued", "receipt")


def test_a_paper_that_waits_needs_nothing_and_says_so(station):
    open_queue(station, ("queued", ""))
    button = station.window.action_bar.primary_button
    assert button.reason == "排着队，打印机好了自动打"
    station.press("Enter")
    assert states(station) == ["queued"]


def test_a_paper_on_its_way_cannot_be_dropped(station):
    page = open_queue(station, ("sending", ""))
    assert [action.key for action in page.action_bar()] == ["Enter"]
    station.press("Del")
    assert states(station) == ["sending"]


def test_the_page_follows_the_printers_by_itself(station, qtbot):
    page = open_queue(station, ("queued", ""), ("queued", ""))
    assert page._heading.text() == "排着 2 张"
    station.papers.settle_all()
    qtbot.waitUntil(page._none.isVisible, timeout=4_000)
    station.papers.printers["label"] = ("fault", "COVER_OPEN")
    qtbot.waitUntil(lambda: "盖子没合上" in printer_words(page), timeout=4_000)


def printer_words(page):
    return [pill.words for pill in page.findChildren(StatusPill)]


def test_a_mended_printer_is_tried_at_once(station):
    station.papers.printers["label"] = ("fault", "JAM")
    page = open_queue(station, ("queued", ""))
    button = next(
        b for b in page.findChildren(object) if getattr(b, "text", str)() == "弄好了，接着打"
    )
    station.click(button)
    assert station.papers.retried == ["label"]


@pytest.mark.parametrize("state", list(TONES))
def test_every_state_has_a_word(texts, state):
    assert state_words(texts, state)


def test_a_reason_that_nobody_foresaw_is_still_a_sentence(texts):
    assert reason_words(texts, "E_0x20") == "打印机报错"


def test_what_no_slice_can_make_again_is_not_queued(station):
    offer = DocumentOffer("receipt", "x", lambda _connection, _act, _texts: None)
    assert print_anew(station.connection, offer, station.texts, act="A" * 16, at=1) is None
    assert states(station) == []


def test_the_tab_counts_what_is_in_the_queue_while_somebody_looks_at_it(station, qtbot):
    page = open_queue(station, ("queued", ""), ("queued", ""))
    tabs = station.window.content.tabs

    def badges():
        return [button._badge for button in tabs.findChildren(KeyButton) if button._badge]

    qtbot.waitUntil(lambda: badges() == ["2"], timeout=4_000)
    station.papers.settle_all()
    qtbot.waitUntil(page._none.isVisible, timeout=4_000)
    assert badges() == []


def test_a_paper_that_may_have_come_out_says_why_nobody_knows(station):
    page = open_queue(station, ("uncertain", "NO_PAPER"))
    assert "没纸。看看打印机：这张出来了吗" in str(page.list.rows_model.rows)
