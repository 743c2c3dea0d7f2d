"""The spool: nothing is lost, nothing comes out twice unmarked, and silence is never called ok."""

import contextlib
import logging
import threading

import pytest

from station_app.devices.printer import UNKNOWN, Delivery, Status
from station_app.printing import jobs
from station_app.printing.document import DrawerKick, Note, Receipt
from station_app.printing.spool import (
    DRAWER_LATE_MS,
    IDLE_ASK,
    KEPT_MS,
    PAUSES,
    Printer,
    PrinterState,
)
from station_app.printing.stick import TooLarge
from tests.printing.desk_of_jobs import NOW, PAPER, PROFILE, Database, ScriptedPort, spool_of

FAULT = Status("fault", "NO_PAPER")


@pytest.fixture
def database():
    return Database()


def run(spool):
    """Let the printer work until it has nothing to do or cannot."""
    steps = 0
    while spool.step("front"):
        steps += 1
        assert steps < 100
    return steps


def test_jobs_come_out_in_the_order_in_which_they_were_made(database):
    port = ScriptedPort()
    made = [database.add(Receipt((Note(text),))) for text in "一二三"]
    spool = spool_of(database, port)
    assert run(spool) == 3
    assert [job.decode() for job in port.delivered] == ["|一", "|二", "|三"]
    assert [database.state(job) for job in made] == ["sent"] * 3
    assert spool.queue() == []


def test_a_job_is_marked_before_its_first_byte_leaves(database):
    seen = []

    class Watching(ScriptedPort):
        def deliver(self, job):
            seen.append(database.state(number))
            return super().deliver(job)

    number = database.add()
    run(spool_of(database, Watching()))
    assert seen == ["sending"]


def test_a_printer_without_paper_keeps_its_jobs_and_goes_on_when_mended(database):
    port = ScriptedPort(script=[Delivery("not_started", "NO_PAPER", FAULT)], says=FAULT)
    made = [database.add() for _ in range(3)]
    spool = spool_of(database, port)
    assert not spool.step("front")
    assert spool.states()["front"] == PrinterState("fault", "NO_PAPER")
    assert database.error(made[0]) == "NO_PAPER"
    writes = database.writes
    for _ in range(5):
        assert not spool.step("front")
    assert database.writes == writes, "asking a printer at fault writes nothing"
    assert [database.state(job) for job in made] == ["queued"] * 3
    port.says = Status("ok")
    assert run(spool) == 3
    assert spool.states()["front"] == PrinterState("ok")


def test_pauses_grow_while_a_printer_is_at_fault_and_end_when_it_is_mended(database):
    port = ScriptedPort(says=FAULT, script=[Delivery("not_started", "NO_PAPER", FAULT)])
    database.add()
    spool = spool_of(database, port)
    bench = spool._benches["front"]
    assert bench.pause == IDLE_ASK
    waits = []
    for _ in range(len(PAUSES) + 2):
        spool.step("front")
        waits.append(bench.pause)
    assert waits == [*PAUSES, PAUSES[-1], PAUSES[-1]]
    spool.retry("front")
    assert bench.pause == IDLE_ASK
    port.says = Status("ok")
    run(spool)
    assert bench.pause == IDLE_ASK


INTERRUPTED = ["NO_PAPER", "CUT_OFF", "STALLED", "NO_ANSWER"]


@pytest.mark.parametrize("reason", INTERRUPTED)
@pytest.mark.parametrize("role", ["receipt", "label"])
def test_what_broke_off_is_uncertain_and_never_sent_again_by_itself(database, role, reason):
    port = ScriptedPort(script=[Delivery("interrupted", reason)])
    job = database.add(role=role)
    spool = spool_of(database, port, roles=("receipt", "label"))
    run(spool)
    assert database.state(job) == "uncertain"
    assert database.error(job) == reason
    assert run(spool) == 0
    run(spool_of(database, port, roles=("receipt", "label")))
    assert len(port.delivered) == 1
    (row,) = spool.queue()
    assert row.job == job


def test_later_jobs_do_not_wait_for_an_uncertain_one(database):
    port = ScriptedPort(script=[Delivery("interrupted", "CUT_OFF")])
    first, second = database.add(), database.add()
    run(spool_of(database, port))
    assert (database.state(first), database.state(second)) == ("uncertain", "sent")


def test_a_copy_says_on_the_paper_that_it_is_one(database):
    port = ScriptedPort()
    job = database.add()
    spool = spool_of(database, port)
    run(spool)
    spool.reprint(job)
    spool.reprint(job)
    run(spool)
    said = [paper.decode() for paper in port.delivered]
    assert said == ["|凭条", "补打 1|凭条", "补打 2|凭条"]


def test_the_operator_settles_an_uncertain_job(database):
    port = ScriptedPort(script=[Delivery("interrupted", "CUT_OFF")] * 2)
    kept, again = database.add(), database.add()
    spool = spool_of(database, port)
    run(spool)
    assert spool.came_out(kept)
    copy = spool.reprint(again)
    run(spool)
    assert [database.state(n) for n in (kept, again, copy)] == ["sent", "cancelled", "sent"]
    assert spool.queue() == []


def test_silence_is_unknown_never_ok_and_prints_all_the_same(database):
    port = ScriptedPort(says=UNKNOWN)
    job = database.add()
    spool = spool_of(database, port)
    run(spool)
    assert database.state(job) == "sent"
    assert spool.states()["front"] == PrinterState("unknown")


def test_a_printer_that_nobody_has_asked_yet_is_unknown(database):
    assert spool_of(database, ScriptedPort()).states() == {"front": PrinterState("unknown")}


def test_a_printer_takes_only_the_papers_of_its_roles_and_what_is_given_to_it(database):
    port = ScriptedPort()
    label = database.add(role="label")
    spool = spool_of(database, port)
    assert run(spool) == 0
    assert spool.redirect(label, "front")
    assert run(spool) == 1
    assert database.state(label) == "sent"


def test_a_paper_that_cannot_be_drawn_fails_and_holds_up_nobody(database):
    def draw(document, profile, mark=""):
        if document.blocks[0].text == "大":
            raise TooLarge("480 on 320")
        if document.blocks[0].text == "坏":
            raise ValueError("no")
        return b"paper"

    texts = ("大", "坏", "好")
    made = [database.add(Receipt((Note(text),))) for text in texts]
    broken = database.add()
    database.write(
        lambda c: c.execute("UPDATE print_jobs SET document = '{' WHERE job = ?", (broken,))
    )
    spool = spool_of(database, ScriptedPort(), render=draw)
    run(spool)
    assert [database.state(n) for n in (*made, broken)] == ["failed", "failed", "sent", "failed"]
    assert [database.error(n) for n in (*made[:2], broken)] == [
        "TOO_LARGE",
        "CANNOT_DRAW",
        "CANNOT_DRAW",
    ]
    assert spool.cancel(made[0])


def test_a_drawer_opens_at_once_or_not_at_all(database):
    port = ScriptedPort()
    clock = [NOW]
    spool = spool_of(database, port, roles=("receipt", "drawer"), now=lambda: clock[0])
    now = database.add(DrawerKick(), role="drawer")
    run(spool)
    assert port.delivered == [b"kick"]
    assert database.state(now) == "sent"
    for jump in (DRAWER_LATE_MS + 1, -DRAWER_LATE_MS - 1):
        late = database.add(DrawerKick(), role="drawer")
        clock[0] = NOW + jump
        run(spool)
        assert database.state(late) == "cancelled"
        assert database.error(late) == "TOO_LATE"
        clock[0] = NOW
    assert port.delivered == [b"kick"]


def test_a_drawer_that_may_have_opened_is_not_opened_again(database):
    port = ScriptedPort(script=[Delivery("interrupted", "CUT_OFF")])
    job = database.add(DrawerKick(), role="drawer")
    run(spool_of(database, port, roles=("drawer",)))
    assert database.state(job) == "cancelled"


def test_a_printer_without_drawer_cancels_the_kick(database):
    job = database.add(DrawerKick(), role="drawer")
    spool = spool_of(database, ScriptedPort(), roles=("drawer",), render=lambda *_: b"")
    run(spool)
    assert database.state(job) == "cancelled"
    assert database.error(job) == "NO_DRAWER"


def test_a_job_that_was_cancelled_in_between_is_not_sent(database):
    port = ScriptedPort()
    job = database.add()

    def draw(document, profile, mark=""):
        database.write(lambda c: jobs.cancel(c, job))
        return b"paper"

    run(spool_of(database, port, render=draw))
    assert port.delivered == []
    assert database.state(job) == "cancelled"


class PowerCut(BaseException):
    """The plug of the PC is pulled: nothing after it happens."""


CUTS = range(1, 9)


@pytest.mark.parametrize("cut", CUTS)
def test_wherever_the_power_goes_no_paper_is_lost_and_none_comes_out_twice(database, cut):
    """Cut before the n-th step of the outer world: a commit, or a byte on the wire."""
    made = [database.add(Receipt((Note(text),))) for text in "一二"]
    port = ScriptedPort()
    happened = [0]

    def world(step):
        def taken(*given):
            happened[0] += 1
            if happened[0] == cut:
                raise PowerCut
            return step(*given)

        return taken

    class Wire(ScriptedPort):
        deliver = staticmethod(world(port.deliver))

    spool = spool_of(database, Wire(), write=world(database.write))
    with contextlib.suppress(PowerCut):
        run(spool)
    database.write(jobs.recover)
    run(spool_of(database, port))
    said = [paper.decode() for paper in port.delivered]
    assert len(said) == len(set(said)), "no paper twice without a mark"
    for job, text in zip(made, "一二", strict=True):
        state = database.state(job)
        assert state in ("sent", "uncertain")
        assert state == "uncertain" or f"|{text}" in said


@pytest.mark.parametrize("failing", range(2, 8))
def test_a_database_that_fails_once_holds_up_nothing(database, failing):
    """Writes are counted from the first after the two jobs were added."""
    made = [database.add(Receipt((Note(text),))) for text in "一二"]
    database.fail_at = {database.writes + failing - 1}
    port = ScriptedPort()
    troubles: list[Exception] = []
    spool = spool_of(database, port, trouble=troubles.append)
    for _ in range(8):
        spool._guarded(spool._benches["front"], spool._step)
    assert [database.state(job) for job in made] == ["sent", "sent"]
    said = [paper.decode() for paper in port.delivered]
    assert said == ["|一", "|二"]
    assert len(troubles) == (failing <= 5)


def test_threads_print_while_the_counter_goes_on(database):
    quiet = threading.Event()

    def changed():
        if not database.read(jobs.queue):
            quiet.set()

    port = ScriptedPort()
    spool = spool_of(database, port, changed=changed)
    crashed = database.add()
    database.write(lambda c: jobs.settle(c, crashed, "sending"))
    spool.start()
    try:
        assert database.state(crashed) == "uncertain"
        assert spool.cancel(crashed)
        for text in "一二三四五":
            database.add(Receipt((Note(text),)))
            spool.wake()
        assert quiet.wait(20)
        while database.read(jobs.queue):
            quiet.clear()
            quiet.wait(20)
    finally:
        spool.stop()
    assert [paper.decode() for paper in port.delivered] == [f"|{text}" for text in "一二三四五"]
    assert port.asked >= 1, "a printer is asked how it is when the program starts"


def test_what_nobody_asked_to_hear_of_a_printer_stands_in_the_log(database, caplog):
    class Broken(ScriptedPort):
        def deliver(self, job):
            raise RuntimeError("a driver of another kind")

    spool = spool_of(database, Broken())
    database.add()
    with caplog.at_level(logging.ERROR):
        assert not spool._guarded(spool._benches["front"], spool._step)
    assert "a driver of another kind" in caplog.text


def test_a_thread_survives_what_it_did_not_expect(database):
    seen = threading.Event()
    quiet = threading.Event()
    troubles: list[Exception] = []

    class Broken(ScriptedPort):
        def deliver(self, job):
            if not troubles:
                raise RuntimeError("a driver of another kind")
            quiet.set()
            return super().deliver(job)

    def trouble(problem):
        troubles.append(problem)
        seen.set()

    spool = spool_of(database, Broken(), trouble=trouble)
    spool.start()
    try:
        first = database.add()
        spool.wake()
        assert seen.wait(20)
        database.add(PAPER)
        spool.retry("front")
        assert quiet.wait(20)
    finally:
        spool.stop()
    assert [type(problem) for problem in troubles] == [RuntimeError]
    assert (database.state(first), database.error(first)) == ("uncertain", "OTHER")


def test_a_printer_is_changed_without_a_restart_and_its_papers_go_to_the_new_one(database):
    """What was being sent ends on the old printer; what waited for one that is gone comes, too."""
    old, new = ScriptedPort(), ScriptedPort()
    is_sending, may_end = threading.Event(), threading.Event()

    class Slow(ScriptedPort):
        def deliver(self, job):
            is_sending.set()
            assert may_end.wait(20)
            old.delivered.append(job)
            return Delivery("sent")

    done = threading.Event()

    def changed():
        if not database.read(jobs.queue):
            done.set()

    spool = spool_of(database, Slow(), changed=changed)
    database.add(Receipt((Note("一"),)))
    spool.start()
    try:
        assert is_sending.wait(20)
        second = database.add(Receipt((Note("二"),)))
        third = database.add(Receipt((Note("三"),)), printer="label2")
        spool.replace([Printer("front", PROFILE, new, ("receipt",))])
        assert database.state(second) == database.state(third) == "queued", "two never send at once"
        may_end.set()
        assert done.wait(20)
    finally:
        spool.stop()
    assert [old.delivered, new.delivered] == [["|一".encode()], ["|二".encode(), "|三".encode()]]


def test_a_doubtful_paper_is_printed_again_on_another_printer(database):
    job = database.add(printer="front")
    database.write(lambda c: jobs.settle(c, job, "uncertain"))
    spool = spool_of(database, ScriptedPort())
    copy = spool.reprint(job, "back")
    found = database.read(lambda c: jobs.find(c, copy))
    assert (found.printer, found.copy_number, database.state(job)) == ("back", 1, "cancelled")


def test_a_paper_that_was_withdrawn_while_marking_it_failed_stays_withdrawn(database):
    """The database failed at the mark; before the printer's next turn the act was undone."""
    port = ScriptedPort()
    job = database.add()
    fails = [True]

    def write(work):
        if fails and getattr(work, "func", None) is jobs.begin:
            fails.pop()
            raise OSError("disk I/O error")
        return database.write(work)

    spool = spool_of(database, port, write=write)
    with pytest.raises(OSError):
        spool.step("front")
    assert database.write(lambda connection: jobs.cancel(connection, job))
    run(spool)
    assert database.state(job) == "cancelled"
    assert port.delivered == []


def test_a_paper_whose_words_were_erased_while_it_was_sent_is_no_fault(database):
    """A person is erased while her label is on its way, and the printer was out of paper."""

    class Erasing(ScriptedPort):
        def deliver(self, job):
            database.write(lambda connection: jobs.forget(connection, ["p1"]))
            return super().deliver(job)

    port = Erasing(script=[Delivery("not_started", "NO_PAPER", FAULT)], says=Status("ok"))
    job = database.add(persons=("p1",))
    spool = spool_of(database, port)
    run(spool)
    spool.retry("front")
    run(spool)
    assert database.state(job) == "cancelled"
    assert port.delivered == []


def test_how_a_paper_ended_is_written_though_its_printer_was_taken_away(database):
    """The database failed as the paper broke off; then the printers were set anew."""
    port = ScriptedPort(script=[Delivery("interrupted", "CUT_OFF")])
    job = database.add()
    database.fail_at = {database.writes + 2}
    spool = spool_of(database, port)
    with pytest.raises(OSError):
        spool.step("front")
    assert database.state(job) == "sending"
    (bench,) = spool._benches.values()
    bench.off.set()
    spool._work(bench)
    assert database.state(job) == "uncertain"


def test_a_copy_of_what_a_printer_that_is_no_more_has_printed_comes_out_on_another(database):
    job = database.add(printer="second")
    database.write(lambda connection: jobs.settle(connection, job, "sent"))
    port = ScriptedPort()
    spool = spool_of(database, port)
    spool.reprint(job)
    run(spool)
    assert [paper.decode() for paper in port.delivered] == ["补打 1|凭条"]


def test_a_start_shreds_what_was_finished_more_than_a_year_ago(database):
    old, lately = database.add(at=NOW - KEPT_MS - 1), database.add(at=NOW - KEPT_MS)
    for job in (old, lately):
        database.write(
            lambda c, job=job: c.execute(
                "UPDATE print_jobs SET state = 'sent' WHERE job = ?", (job,)
            )
        )
    spool = spool_of(database, ScriptedPort())
    spool.start()
    spool.stop()
    assert database.read(lambda c: jobs.find(c, old)) is None
    assert database.state(lately) == "sent"
