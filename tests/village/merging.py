"""Records of villagers in the village: made one at one PC, otherwise at another, and two again.

An eighth of the villages merges: the histories of the others stay as they were.
"""

import random

from station_app.services.people import merge_records
from station_app.services.people.commands import (
    Details,
    MergePersons,
    RegisterPerson,
    TakeMergeBack,
)
from tests.village.pc import Pc

FIRST = 20_000  # the seeds that kill mutants lie below, and stay as they were
VILLAGES, WHICH = 8, 1  # of so many villages that one merges
ACTS = 3  # at a step of an operator: lives are short


class Merging:
    """Draws which records are made one."""

    def __init__(self, seed: int) -> None:
        """Draw from dice that are nobody else's."""
        self._dice = random.Random(f"merges {seed}")
        self._merges = seed >= FIRST and seed % VILLAGES == WHICH

    def act(self, pc: Pc) -> None:
        """Make two records one, or one two again, now and then."""
        if not self._merges:
            return
        for _ in range(ACTS):
            self._dice.choice((self._meet, self._merge, self._take_back))(pc)

    def _meet(self, pc: Pc) -> None:
        name = self._dice.choice(("孙示一", "孙示二"))
        pc.perform(RegisterPerson(details=Details(name=name), is_another=True))

    def _merge(self, pc: Pc) -> None:
        rows = pc.connection.execute(
            "SELECT entity FROM persons ORDER BY entity LIMIT 12"
        ).fetchall()
        if len(rows) > 1:
            kept, other = self._dice.sample([str(row[0]) for row in rows], 2)
            pc.perform(MergePersons(kept=kept, other=other))

    def _take_back(self, pc: Pc) -> None:
        rows = pc.connection.execute("SELECT entity FROM merges ORDER BY entity").fetchall()
        if not rows:
            return
        merge = str(self._dice.choice(rows)[0])
        state = merge_records.merge_state(pc.connection, merge)
        if state is not None and state.live:
            claim = self._dice.choice(state.live)
            pc.perform(TakeMergeBack(merge=merge, claim=claim.fact))
