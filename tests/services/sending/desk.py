"""A station that sends parcels, and a county whose words a test says."""

from typing import Any

from county_server.master import Known, Plan, plan
from station_app.journal.fact import Saying
from station_app.journal.recorder import new_ticket
from station_app.reference.facts import CourierPublished, SendingZonePublished
from station_app.resources_dir import resources
from station_app.services.cash.commands import TakePayment
from station_app.services.cash.facts import Tender
from station_app.services.sending import records
from station_app.services.sending.commands import AcceptSending, FinishSending
from station_app.services.sending.facts import WaybillsGranted
from station_app.shell.desk import Done, Outcome
from station_app.values.refusal import Refusal
from tests.services.county_words import say_from_county

JOINT, PREFIX = "NXGP", "NX0601"
WIDTH, FIRST, COUNT = 12, 261_123_000_017, 20
HENAN = "河南省 郑州市 示例区 样例路 8 号院"
ID_CARD = "11010519491231002X"
PUBLISHED = "2026-11-01"
WAYBILL = "NX0601261123000017"


def demo_words() -> list[Saying]:
    """The couriers and the zones of the demo county."""
    made = plan(resources() / "demo", Known(), day=PUBLISHED)
    assert isinstance(made, Plan)
    wanted = (CourierPublished, SendingZonePublished)
    return [Saying(step.body) for step in made.steps if isinstance(step.body, wanted)]


class Counter:
    """Sends parcels by commands at a PC, or at a station with its window."""

    def __init__(self, pc: Any) -> None:
        """pc: of `tests.services.accounts.pcs`, or a station of the overview."""
        self.pc = pc

    @property
    def connection(self) -> Any:
        return self.pc.connection

    def county_says(self, *sayings: Saying) -> str:
        """Let the county say something to this station; returns the identity of the first."""
        return say_from_county(self.pc, *sayings)

    def publish(self) -> None:
        """The county publishes couriers and prices."""
        self.county_says(*demo_words())

    def grant(self, first: int = FIRST, count: int = COUNT, device: str = "D1") -> None:
        """The county gives a PC waybill numbers."""
        block = WaybillsGranted(
            device=device, courier=JOINT, prefix=PREFIX, first=first, count=count, width=WIDTH,
            day=PUBLISHED,
        )  # fmt: skip
        self.county_says(Saying(block))

    def command(self, **more: Any) -> AcceptSending:
        said: dict[str, Any] = {
            "courier": JOINT,
            "sender": "陈示林",
            "phone": "15400001001",
            "document": "id_card",
            "number": ID_CARD,
            "contents": "板栗（干货）",
            "is_looked_into": True,
            "receiver": "林样红",
            "receiver_phone": "15400001059",
            "address": HENAN,
            "grams": 2_360,
            "frame": "0a0b",
        }
        return AcceptSending(**{**said, **more})

    def send(self, due_fen: int = 1_200, **more: Any) -> Outcome:
        """Ask to accept a parcel, paid in cash."""
        self.pc.clock.at_ms += 1_000
        ticket = new_ticket(self.pc.premises.chance)
        command = self.command(**more)
        paid = TakePayment(due_fen=due_fen, tenders=(Tender(way="cash", amount_fen=due_fen),))
        return self.pc.premises.desk.settle(
            command,
            *([paid] if due_fen else []),
            FinishSending(act=ticket, accepted=command),
            ticket=ticket,
        )

    def sent(self, due_fen: int = 1_200, **more: Any) -> str:
        """Accept a parcel; returns its identity."""
        done = self.send(due_fen, **more)
        assert isinstance(done, Done), done
        return str(done.told[0].identity)

    def state(self, sending: str) -> Any:
        return records.sending_state(self.connection, sending)

    def left(self) -> Any:
        return records.left_of(self.connection, JOINT, "D1")


def refused(outcome: Outcome) -> str:
    """Return why, without the name of the slice."""
    assert isinstance(outcome, Refusal), outcome
    return outcome.reason.partition(".")[2]
