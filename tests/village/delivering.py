"""Home delivery in the village: parcels leave on a list, and each comes to an end at return.

Everything is asked for with commands, as the page asks; a refusal is an answer like any other.
"""

import random
from typing import Any

from station_app.services.cash.commands import TakePayment
from station_app.services.parcels.commands import BringBack, DeliverOnRun, TakeOnRun
from station_app.services.parcels.runs import FAILURES
from tests.village.money import Money
from tests.village.pc import Pc

VILLAGES, WHICH = 8, 5  # of so many villages that one delivers
ACTS = 0.5


class Delivering:
    """Draws what leaves for people's doors, and what becomes of it."""

    def __init__(self, seed: int) -> None:
        """Draw from dice that are nobody else's: other villages stay as they were."""
        self._dice = random.Random(f"delivering {seed}")
        self._money = Money(self._dice)
        self._delivers = seed % VILLAGES == WHICH

    def act(self, pc: Pc) -> None:
        """Let parcels leave, or come to an end, now and then."""
        if not self._delivers or self._dice.random() >= ACTS:
            return
        self._dice.choice((self._leave, self._deliver, self._bring_back))(pc)

    def _parcels(self, pc: Pc, status: str) -> list[tuple[str, int]]:
        rows = pc.connection.execute(
            "SELECT entity, cod_fen + freight_fen FROM parcels WHERE status = ? "
            "ORDER BY entity LIMIT 40",
            (status,),
        ).fetchall()
        return [(str(row[0]), int(row[1])) for row in rows]

    def _one(self, pc: Pc) -> tuple[str, int] | None:
        """Return one that is out; now and then one that is not: the rule says no."""
        status = "on_run" if self._dice.random() < 0.9 else "on_hand"
        found = self._parcels(pc, status)
        return self._dice.choice(found) if found else None

    def _leave(self, pc: Pc) -> None:
        found = self._parcels(pc, "on_hand")
        chosen = self._dice.sample(found, min(len(found), self._dice.randint(1, 3)))
        pc.perform(TakeOnRun(parcels=tuple(parcel for parcel, _ in chosen), runner="任例福"))

    def _deliver(self, pc: Pc) -> None:
        one = self._one(pc)
        if one is None:
            return
        parcel, due_fen = one
        paid: tuple[Any, ...] = ()
        if due_fen:
            paid = (TakePayment(due_fen=due_fen, tenders=(self._money.tender(due_fen),)),)
        pc.perform(DeliverOnRun(parcels=(parcel,), paid_fen=due_fen), *paid)

    def _bring_back(self, pc: Pc) -> None:
        one = self._one(pc)
        if one is not None:
            pc.perform(BringBack(parcel=one[0], reason=self._dice.choice((*FAILURES, ""))))
