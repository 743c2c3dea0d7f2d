"""A PC that was cut off goes on working, and loses the end of its disk when some of it is accepted.

It is told what the county has accepted and never gets what it lacks of that. So this is where one
sees whether such a PC counts of its own streams what everybody counts. The dice are nobody else's,
and only some villages play it: the other histories stay as they were.
"""

import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.village.readmitting import is_out

if TYPE_CHECKING:
    from tests.village.pc import Pc
    from tests.village.simulate import Village

EVERY_VILLAGE, WHICH = 23, 0
KEEPS, LOSES, WORKS, DECIDED = 0.2, 0.35, 0.75, 0.95  # of the steps of a PC that was cut off
LOST_ITS_END = "lost_its_end"


class Losing:
    """Draws what befalls a PC that was cut off, in few villages."""

    def __init__(self, seed: int) -> None:
        """Draw from dice that are nobody else's."""
        self.dice = random.Random(f"losing {seed}")
        self.is_played = seed % EVERY_VILLAGE == WHICH

    def act(self, village: "Village", pc: "Pc", work: Callable[["Pc"], None]) -> str:
        """Let it work on, keep an image or get one back, or let somebody decide about it.

        Returns what befell it, "" for nothing. work: lets it do business and talk to the county.
        """
        if not self.is_played or village.county is None or pc.disk.had_lied:
            return ""
        if not is_out(village.county, pc):
            return ""
        drawn = self.dice.random()
        if drawn < KEEPS:
            pc.keep_image(self.dice)
        elif drawn < LOSES and pc.images:
            pc.stop()
            pc.put_image_back(with_mark=self.dice.random() < 0.5)
            pc.start()
            return LOST_ITS_END
        elif drawn < WORKS:
            work(pc)
        elif drawn < DECIDED:
            village.clerk.decide(village.county)
        return ""
