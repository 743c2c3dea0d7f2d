"""The table of print jobs: what waits, what is erased, what may be printed once more."""

import sqlite3

import pytest

from station_app.printing import jobs
from station_app.printing.document import Note, Receipt, from_json
from tests.printing.desk_of_jobs import NOW, PAPER, Database


@pytest.fixture
def database():
    return Database()


def set_state(database, job, state):
    database.write(lambda c: jobs.settle(c, job, state))


def test_a_job_lives_and_dies_with_its_act(database):
    def act(connection):
        jobs.enqueue(connection, at=NOW, act="ACT", role="label", document=PAPER)
        return 1 // 0

    with pytest.raises(ZeroDivisionError):
        database.write(act)
    assert database.read(jobs.queue) == []
    job = database.add(persons=["p1"])
    (row,) = database.read(jobs.queue)
    assert (row.job, row.act, row.role, row.state) == (job, "ACT", "receipt", "queued")
    assert from_json(database.read(lambda c: jobs.document_of(c, job))) == PAPER


def test_the_queue_shows_what_is_not_finished_oldest_first(database):
    numbers = {state: database.add() for state in ("sent", "uncertain", "cancelled", "failed")}
    for state, job in numbers.items():
        set_state(database, job, state)
    waiting = database.add()
    assert [row.job for row in database.read(jobs.queue)] == [
        numbers["uncertain"],
        numbers["failed"],
        waiting,
    ]


def test_the_queue_is_found_without_reading_the_whole_table(database):
    seen: list[str] = []
    database.connection.set_trace_callback(seen.append)
    database.read(jobs.queue)
    database.read(lambda c: jobs.oldest_for(c, "front", ["receipt"]))
    database.connection.set_trace_callback(None)
    for statement in seen:
        plan = database.connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
        assert any("print_queue" in row[-1] for row in plan), plan


def test_a_state_that_nobody_knows_is_refused_by_the_table(database):
    job = database.add()
    with pytest.raises(sqlite3.IntegrityError):
        set_state(database, job, "lost")


def test_copies_are_counted_from_the_original_also_when_a_copy_is_copied(database):
    job = database.add(persons=["p1"])
    first = database.write(lambda c: jobs.reprint(c, job, at=NOW + 1))
    second = database.write(lambda c: jobs.reprint(c, first, at=NOW + 2))
    third = database.write(lambda c: jobs.reprint(c, job, at=NOW + 3))
    found = [database.read(lambda c, n=n: jobs.find(c, n)) for n in (first, second, third)]
    assert [row.copy_number for row in found] == [1, 2, 3]
    assert database.read(lambda c: jobs.document_of(c, third)) == database.read(
        lambda c: jobs.document_of(c, job)
    )


def test_a_paper_that_was_made_anew_is_a_copy_too(database):
    job = database.add()
    new: jobs.NewJob = {"at": NOW, "act": "ACT", "role": "receipt", "document": PAPER}
    numbers = [database.write(lambda c: jobs.enqueue_copy(c, **new)) for _ in range(2)]
    numbers.append(database.write(lambda c: jobs.reprint(c, job, at=NOW)))
    found = [database.read(lambda c, n=n: jobs.find(c, n)) for n in numbers]
    assert [row.copy_number for row in found] == [1, 2, 3]


def test_copies_of_another_paper_of_the_same_act_are_counted_apart(database):
    receipt, label = database.add(), database.add(role="label")
    database.write(lambda c: jobs.reprint(c, receipt, at=NOW))
    copy = database.write(lambda c: jobs.reprint(c, label, at=NOW))
    assert database.read(lambda c: jobs.find(c, copy)).copy_number == 1


def test_a_copy_settles_the_paper_that_may_not_have_come_out(database):
    job = database.add()
    set_state(database, job, "uncertain")
    database.write(lambda c: jobs.reprint(c, job, at=NOW))
    assert database.state(job) == "cancelled"
    printed = database.add()
    set_state(database, printed, "sent")
    database.write(lambda c: jobs.reprint(c, printed, at=NOW))
    assert database.state(printed) == "sent"


def test_what_is_erased_is_found_nowhere_and_not_printed_again(database):
    waiting = database.add(persons=["p1", "p2"])
    done = database.add(persons=["p2"])
    other = database.add(persons=["p3"])
    nobody = database.add()
    set_state(database, done, "sent")
    assert database.write(lambda c: jobs.forget(c, ["p2", "p9"])) == 2
    assert [database.state(n) for n in (waiting, done, other, nobody)] == [
        "cancelled",
        "sent",
        "queued",
        "queued",
    ]
    for job in (waiting, done):
        assert database.read(lambda c, n=job: jobs.document_of(c, n)) == ""
        with pytest.raises(jobs.NothingToReprint):
            database.write(lambda c, n=job: jobs.reprint(c, n, at=NOW))
    dump = "\n".join(database.connection.iterdump())
    assert "p2" not in dump
    assert "p3" in dump


def test_a_job_that_is_not_there_is_not_reprinted(database):
    with pytest.raises(jobs.NothingToReprint):
        database.write(lambda c: jobs.reprint(c, 99, at=NOW))
    assert database.read(lambda c: jobs.find(c, 99)) is None


CHANGES = [  # state before → after cancel, after came_out, after redirect
    ("queued", "cancelled", "queued", "queued"),
    ("sending", "sending", "sending", "sending"),
    ("sent", "sent", "sent", "sent"),
    ("uncertain", "cancelled", "sent", "uncertain"),
    ("failed", "cancelled", "failed", "queued"),
    ("cancelled", "cancelled", "cancelled", "cancelled"),
]


@pytest.mark.parametrize(("before", "cancelled", "came_out", "redirected"), CHANGES)
def test_what_an_operator_may_do_with_a_job(database, before, cancelled, came_out, redirected):
    acts = (
        (jobs.cancel, cancelled),
        (jobs.came_out, came_out),
        (lambda c, n: jobs.redirect(c, n, "back"), redirected),
    )
    for act, after in acts:
        job = database.add()
        set_state(database, job, before)
        database.write(lambda c, act=act, job=job: act(c, job))
        assert database.state(job) == after


def test_after_a_crash_what_was_being_sent_is_uncertain_and_no_drawer_opens(database):
    receipt, drawer, waiting = database.add(), database.add(role="drawer"), database.add()
    for job in (receipt, drawer):
        set_state(database, job, "sending")
    assert database.write(jobs.recover) == 2
    assert [database.state(n) for n in (receipt, drawer, waiting)] == [
        "uncertain",
        "cancelled",
        "queued",
    ]


def test_a_copy_keeps_its_number_also_when_the_original_was_shredded(database):
    job = database.add(at=1)
    set_state(database, job, "sent")
    copy = database.write(lambda c: jobs.reprint(c, job, at=2))
    set_state(database, copy, "sent")
    assert database.write(lambda c: jobs.shred(c, before=NOW)) == 1
    row = database.read(lambda c: jobs.find(c, copy))
    assert row.copy_number == 1
    again = database.write(lambda c: jobs.reprint(c, copy, at=NOW))
    assert database.read(lambda c: jobs.find(c, again)).copy_number == 2


def test_finished_jobs_are_shredded_by_age_and_others_kept(database):
    old, open_, new = database.add(at=1), database.add(at=1), database.add()
    for job in (old, new):
        set_state(database, job, "sent")
    assert database.write(lambda c: jobs.shred(c, before=NOW)) == 1
    assert database.read(lambda c: jobs.find(c, old)) is None
    assert database.state(open_) == "queued"
    assert database.state(new) == "sent"


def test_a_paper_whose_words_have_changed_gets_no_number_of_a_copy_twice(database):
    job = database.add()
    set_state(database, job, "sent")
    database.write(lambda c: jobs.reprint(c, job, at=2))
    other = Receipt((Note("说法改了"),))
    made = database.write(
        lambda c: jobs.enqueue_copy(c, at=3, act="ACT", role="receipt", document=other)
    )
    assert database.read(lambda c: jobs.find(c, made)).copy_number == 2
    second = Receipt((Note("同一笔的另一张"),))
    database.write(lambda c: jobs.enqueue(c, at=4, act="ACT", role="receipt", document=second))
    made = database.write(
        lambda c: jobs.enqueue_copy(c, at=5, act="ACT", role="receipt", document=second)
    )
    assert database.read(lambda c: jobs.find(c, made)).copy_number == 1, "a paper of its own"


def test_old_papers_are_shredded_in_parts_without_reading_those_that_stay(database, monkeypatch):
    monkeypatch.setattr(jobs, "SHREDDED_AT_ONCE", 3)
    for at in (1, 2, 3, 4, NOW, NOW + 1, 5):  # the last one by a clock that was put back
        set_state(database, database.add(at=at), "sent")
    assert database.write(lambda c: jobs.shred(c, before=NOW)) == 3
    assert database.write(lambda c: jobs.shred(c, before=NOW)) == 1
    assert database.write(lambda c: jobs.shred(c, before=NOW)) == 0, "what stands behind newer ones"
    left = database.connection.execute("SELECT at FROM print_jobs ORDER BY job").fetchall()
    assert [at for (at,) in left] == [NOW, NOW + 1, 5]
