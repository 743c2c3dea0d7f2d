"""A parcel of which only a later fact has been heard: the sibling's word of its coming is late."""

from pathlib import Path

from station_app.journal.fact import Saying
from station_app.journal.recorder import new_ticket
from station_app.services.parcels.commands import MoveParcel
from station_app.services.parcels.facts import ParcelTold
from station_app.services.parcels.papers import PaperMaker
from station_app.shell.desk import Trouble
from tests.services.accounts.pcs import Pc

UNHEARD = "7e" * 32


def test_a_parcel_whose_coming_was_not_heard_here_gets_no_label_and_stops_nothing(
    tmp_path: Path,
) -> None:
    pc = Pc(tmp_path, 1)
    told = ParcelTold(way="phone", outcome="reached", day="2026-11-25")

    def say(recorder: object) -> None:
        act = pc.premises.session.recorder.open_act(
            new_ticket(pc.premises.chance), by="", at=pc.clock.at_ms
        )
        act.say(Saying(told, entity=UNHEARD))
        act.close()

    pc.premises.session.write(say)
    maker = PaperMaker(pc.premises.gatherer, pc.premises.texts)
    assert maker.label(pc.connection, UNHEARD) is None
    outcome = pc.ask(MoveParcel(parcel=UNHEARD, shelf="A", layer=1, may_crowd=True))
    assert not isinstance(outcome, Trouble)
    pc.close()
