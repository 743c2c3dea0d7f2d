"""Messages in the village: operators ask for them, the county hands them to a bad gateway.

An eighth of the villages has a gateway: the histories of the others stay as they were. What the
gateway has taken it does not send again, whatever becomes of the county meanwhile; so nobody ever
gets one message twice, also when the county's power goes between the taking and the writing down.
"""

import random
from collections.abc import Sequence
from contextlib import suppress

from county_server.county import County
from county_server.messages.gateway import GatewayTrouble, Outgoing, Report
from county_server.messages.passing_on import run_round
from station_app.resources_dir import load_texts
from station_app.services.parcels.commands import QueueMessages, ShelveParcel
from station_app.services.people.commands import Details, RegisterPerson
from station_app.shell.desk import Done
from tests.village.pc import Pc

FIRST = 20_000  # the seeds that kill mutants lie below, and stay as they were
VILLAGES, WHICH = 8, 3  # of so many villages that one has a gateway
ACTS, ROUNDS = 3, 3  # at a step of an operator, and of the county: lives are short
DAY = "2026-11-25"
_TEXTS = load_texts()


class Gateway:
    """A provider that draws what it says; see `county_server.messages.gateway`."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self.sent: dict[str, Outgoing] = {}
        self._open: list[Report] = []

    def send(self, outgoing: Sequence[Outgoing]) -> Sequence[Report]:
        said = []
        for one in outgoing:
            self.sent.setdefault(one.name, one)
            state = self._dice.choice(("sent", "sent", "refused", ""))
            if state:
                said.append(self._report(one.name, state))
        if self._dice.random() < 0.2:
            raise GatewayTrouble("the line broke")
        return said

    def reports(self) -> Sequence[Report]:
        for name in sorted(self.sent):
            if self._dice.random() < 0.3:
                state = self._dice.choice(("delivered", "delivered", "refused", "sent"))
                self._open += [self._report(name, state)] * self._dice.randint(1, 2)
        return tuple(self._open)

    def seen(self) -> None:
        self._open = []

    def _report(self, name: str, state: str) -> Report:
        return Report(name, state, number="G1", reason="switched_off", day=DAY)


class Messaging:
    """Draws who is written to, and lets the gateway answer."""

    def __init__(self, seed: int) -> None:
        """Draw from dice that are nobody else's."""
        self._dice = random.Random(f"messages {seed}")
        self.gateway = Gateway(self._dice)
        self._waybills = 0
        self._has_gateway = seed >= FIRST and seed % VILLAGES == WHICH

    def act(self, pc: Pc) -> None:
        """Shelve for people with a number, and ask for messages to whoever may get one."""
        if not self._has_gateway:
            return
        for _ in range(ACTS):
            self._dice.choice((self._shelve, self._shelve, self._ask))(pc)

    def _shelve(self, pc: Pc) -> None:
        self._waybills += 1
        phone = f"1540000{self._dice.randrange(10_000):04}"
        name, person = self._dice.choice(("钱示一", "钱示二")), ""
        if self._dice.random() < 0.5:
            details = Details(name=name, phone=phone)
            outcome = pc.perform(RegisterPerson(details=details, is_another=True))
            person = outcome.told[0].identity if isinstance(outcome, Done) else ""
        waybill = f"75{self._waybills:012}"
        pc.perform(
            ShelveParcel(courier="ZTO", waybill=waybill, person=person)
            if person
            else ShelveParcel(
                courier="ZTO", waybill=waybill, name=name, phone=phone, tail=phone[-4:]
            )
        )

    def _ask(self, pc: Pc) -> None:
        rows = pc.connection.execute(
            "SELECT entity FROM parcels WHERE status = 'on_hand' ORDER BY entity LIMIT 40"
        ).fetchall()
        purpose = self._dice.choice(("arrived", "arrived", "again"))
        pc.perform(QueueMessages(parcels=tuple(str(row[0]) for row in rows), purpose=purpose))

    def county_says(self, county: County) -> None:
        """Do one round with the gateway."""
        if not self._has_gateway:
            return
        for _ in range(ROUNDS):
            # What was not written down is offered again by the next round.
            with suppress(GatewayTrouble):
                run_round(county, self.gateway, _TEXTS)
