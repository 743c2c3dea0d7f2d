"""The county's words, said at a PC as if they had come down: no line is needed for them."""

from typing import Any

from station_app.journal.fact import Saying
from station_app.journal.recorder import Author, Recorder, new_ticket
from station_app.premises import WRITERS
from tests.proofs.kit import STATION


def say_from_county(pc: Any, *sayings: Saying) -> str:
    """Let the county say something to the station of a PC; return the identity of the first."""
    told: list[Any] = []

    def work(recorder: Any) -> None:
        pc.clock.at_ms += 1_000
        author, chance = Author(f"county.1/{STATION}", ""), pc.premises.chance
        connection, words = recorder.connection, recorder.vocabulary
        pen = Recorder(connection, words, author, chance=chance, writers=WRITERS)
        act = pen.open_act(new_ticket(chance), by="C01", at=pc.clock.at_ms)
        told.extend(act.say(*sayings))
        act.close()

    pc.premises.session.write(work)
    return str(told[0].identity)
