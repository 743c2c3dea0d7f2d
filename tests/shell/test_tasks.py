"""Tasks: order of writing, results in the screen's thread, bugs that are seen, an end."""

import threading
from functools import partial
from queue import SimpleQueue

import pytest
from PySide6.QtCore import QThread

from station_app.shell.tasks import PerThread, Tasks


@pytest.fixture
def tasks(qapp):
    made = Tasks()
    yield made
    made.close()


def test_writes_stand_in_order_in_one_thread_and_results_come_here(tasks, qtbot):
    done, threads, here = [], set(), []

    def write(number):
        threads.add(threading.current_thread().name)
        return number

    def then(number):
        here.append(QThread.currentThread().isMainThread())
        done.append(number)

    for number in range(200):
        tasks.write(lambda number=number: write(number), then)
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert done == list(range(200))
    assert threads == {"writer"}
    assert all(here)


def test_a_slow_reader_holds_up_neither_writing_nor_the_screen(tasks, qtbot):
    gate = threading.Event()
    done: list = []
    tasks.read(gate.wait, lambda _: done.append("read"))
    tasks.write(lambda: None, lambda _: done.append("written"))
    qtbot.waitUntil(lambda: done == ["written"])
    assert not tasks.is_idle
    gate.set()
    qtbot.waitUntil(lambda: done == ["written", "read"])


def test_a_bug_in_a_thread_is_raised_where_it_is_seen(tasks, qtbot):
    def bug():
        raise ZeroDivisionError("a bug")

    with qtbot.captureExceptions() as seen:
        tasks.read(bug, lambda _: None)
        qtbot.waitUntil(lambda: tasks.is_idle)
    ((kind, _, _),) = seen
    assert kind is ZeroDivisionError


def test_the_writer_goes_on_after_a_bug(tasks, qtbot):
    def bug():
        raise ZeroDivisionError("a bug")

    done: list = []
    with qtbot.captureExceptions():
        tasks.write(bug, done.append)
        tasks.write(lambda: 7, done.append)
        qtbot.waitUntil(lambda: tasks.is_idle)
    assert done == [7]


def test_a_result_that_nobody_wants_any_more_is_dropped(tasks, qtbot):
    gate = threading.Event()
    done: list = []
    job = tasks.read(gate.wait, done.append)
    job.cancel()
    gate.set()
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert done == []


def test_progress_is_told_in_order_before_the_result(tasks, qtbot):
    told: list = []

    def work(_job, progress):
        for step in range(1, 4):
            progress(step, 3)
        return "done"

    tasks.read_slowly(work, told.append, lambda done, of: told.append((done, of)))
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert told == [(1, 3), (2, 3), (3, 3), "done"]


def test_closing_finishes_all_writing_and_ends_every_thread(qapp):
    tasks = Tasks()
    written: list = []
    gate = threading.Event()
    for number in range(50):
        tasks.write(partial(written.append, number), lambda _: None)
    busy = [tasks.read(gate.wait, lambda _: None) for _ in range(10)]
    gate.set()
    tasks.close()
    assert written == list(range(50))
    names = {thread.name for thread in threading.enumerate()}
    assert not names & {"writer", "reader-0", "reader-1"}
    assert len(busy) == 10
    with pytest.raises(AssertionError):
        tasks.write(lambda: None, lambda _: None)
    tasks.close()


class Emptied(SimpleQueue):
    """A queue whose last piece a reader takes right after somebody saw it lie there."""

    def empty(self):
        return False


def test_closing_never_waits_for_a_piece_that_a_reader_took_just_before(qapp, monkeypatch):
    monkeypatch.setattr("station_app.shell.tasks.SimpleQueue", Emptied)
    tasks = Tasks()
    closing = threading.Thread(target=tasks.close, daemon=True)
    closing.start()
    closing.join(5)
    assert not closing.is_alive()


def test_each_thread_gets_its_own(tasks, qtbot):
    opened: list = []
    seen: list = []

    def open_one():
        opened.append(threading.current_thread().name)
        return len(opened)

    own = PerThread(open_one)
    for _ in range(20):
        tasks.read(lambda: (threading.current_thread().name, own()), seen.append)
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert len(set(opened)) == len(opened) <= 2
    assert len(set(seen)) == len(opened)
