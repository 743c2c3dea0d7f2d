"""What vans take along in the village: the way back by command, a township's loads as facts.

An eighth of the villages loads: the histories of the others stay as they were.
"""

import random
from collections.abc import Callable
from typing import Any

from station_app.journal.fact import Body
from station_app.services.parcels.commands import LoadVan, ReturnParcels
from station_app.services.parcels.load_facts import FACTS, VillageLoadLeft
from tests.village.pc import Pc

VILLAGES, WHICH = 8, 6  # of so many villages that one loads
OF_LOADS = frozenset(body.KIND for body in FACTS)
"""Kinds that only these villages say."""


class Loading:
    """Draws what goes back and is loaded."""

    def __init__(self, seed: int) -> None:
        """Draw from dice that are nobody else's."""
        self._dice = random.Random(f"loading {seed}")
        self._loads = seed % VILLAGES == WHICH

    def act(self, pc: Pc, say_one: Callable[[Pc, type[Body]], Any]) -> None:
        """Give a parcel back and load the van; a township sends a village its load."""
        if not self._loads or self._dice.random() < 0.5:
            return
        rows = pc.connection.execute(
            "SELECT entity FROM parcels WHERE status = 'on_hand' ORDER BY entity LIMIT 20"
        ).fetchall()
        if rows and self._dice.random() < 0.7:
            pc.perform(ReturnParcels(parcels=(str(rows[0][0]),), reason="overdue"))
        pc.perform(LoadVan(driver="任例福"))
        if self._dice.random() < 0.3:
            say_one(pc, VillageLoadLeft)
