"""One opening of the journal after another: a disk that fails while it is opened again."""

from typing import Any

import pytest
from sqlcipher3 import dbapi2

from station_app.journal.recorder import new_ticket
from station_app.journal.session import Session
from tests.journal.notebook import TOYS, Dice, found, memory


def test_a_disk_that_fails_while_the_journal_is_opened_again_stops_no_later_act() -> None:
    """Every act after it said that the database is closed, until the program was started anew."""
    dice, opened = Dice(3), list[Any]()

    def opener() -> Any:
        connection = memory(TOYS)
        if len(opened) == 1:  # the first page of the second opening cannot be read
            connection.set_authorizer(lambda *_: dbapi2.SQLITE_DENY)
        opened.append(connection)
        return connection

    session = Session(opener, TOYS, place="NX0601/D1", chance=dice)
    with pytest.raises(dbapi2.DatabaseError):
        session.reopen()

    def work(recorder: Any) -> int:
        act = recorder.open_act(new_ticket(dice), by="operator", at=1_000)
        act.say(found("bear"))
        return len(act.close().facts)

    assert session.write(work) == 1
    assert session.connection is opened[2]
    with pytest.raises(dbapi2.ProgrammingError):
        opened[1].execute("SELECT 1")  # nothing stays open behind it
