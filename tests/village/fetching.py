"""Produce that is fetched at growers' doors: asked for, on runs, brought or not.

An eighth of the villages has a van, and moves now and then: the histories of the others stay as
they were. Everything is asked for with commands, as the pages ask; a refusal is an answer, too.
"""

import random

from station_app.services.farm_pickups.commands import (
    AskFarmPickup,
    CallFarmPickupOff,
    EndFarmPickup,
    JoinVanRun,
)
from station_app.services.farm_pickups.facts import FACTS
from station_app.services.farm_pickups.rules import REASONS
from station_app.services.handing_on.commands import HandOn
from station_app.services.handing_on.facts import StationHandedOn
from tests.village.pc import Pc

VILLAGES, WHICH = 8, 2  # of so many villages that one has a van
MOVES = 0.2  # of their steps that move the station, where no shift is open
ACTS = 3  # at a step of an operator: lives are short
OF_FETCHING = frozenset(body.KIND for body in FACTS) | {StationHandedOn.KIND}
"""Kinds that only these villages say, by their commands."""


class Fetching:
    """Draws who telephones and what the van brings."""

    def __init__(self, seed: int) -> None:
        """Draw from dice that are nobody else's."""
        self._dice = random.Random(f"fetching {seed}")
        self._fetches = seed % VILLAGES == WHICH

    def act(self, pc: Pc) -> None:
        """Write down, send out, write down what came."""
        for _ in range(ACTS if self._fetches else 0):
            works = (self._ask, self._ask, self._join, self._end, self._end, self._call_off)
            self._dice.choice(works)(pc)
        if self._fetches and self._dice.random() < MOVES:
            keys = ((self._dice.choice(("door", "safe")), self._dice.randint(0, 3)),)
            pc.perform(HandOn(reason="moves", place="老供销社东屋", keys=keys))

    def _ask(self, pc: Pc) -> None:
        asked = AskFarmPickup(
            name=self._dice.choice(("张根喜", "赵秀英", "")),
            phone="15400001001",
            place=f"第{self._dice.randint(1, 9)}组",
            produce=self._dice.choice(("核桃", "red", "")),
            grams=self._dice.choice((100_000, 30_250, 0)),
            wanted_day=pc.open.desk.now().day,
        )
        pc.perform(asked)

    def _some(self, pc: Pc, status: str) -> list[str]:
        rows = pc.connection.execute(
            "SELECT entity FROM farm_pickups WHERE status = ? ORDER BY entity LIMIT 20", (status,)
        ).fetchall()
        found = [str(row[0]) for row in rows]
        return self._dice.sample(found, min(len(found), self._dice.randint(1, 3)))

    def _join(self, pc: Pc) -> None:
        pc.perform(JoinVanRun(pickups=tuple(self._some(pc, "waiting")), driver="任例福"))

    def _end(self, pc: Pc) -> None:
        for one in self._some(pc, "on_run")[:1]:
            reason = self._dice.choice(("", *REASONS))
            again = self._dice.choice(("", pc.open.desk.now().day)) if reason else ""
            command = EndFarmPickup(
                pickup=one, grams=98_500, packages=4, reason=reason, again_day=again
            )
            pc.perform(command)

    def _call_off(self, pc: Pc) -> None:
        for one in self._some(pc, "waiting")[:1]:
            pc.perform(CallFarmPickupOff(pickup=one))
