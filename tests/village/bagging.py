"""Bags with a broken seal in the village, and lists that both sides sign on the screen.

Everything is asked for with commands, as the page asks; a refusal is an answer like any other.
"""

import random

from station_app.services.parcels.commands import CloseManifest, ReceiveBag
from station_app.services.parcels.facts import ManifestClosed
from station_app.services.parcels.seals import SealFoundBroken
from station_app.services.pictures.commands import OWN_SIGNATURE, SIGNATURE, KeepPicture
from station_app.services.pictures.facts import PictureKept
from station_app.shell.desk import Done
from tests.village.pc import Pc

VILLAGES, WHICH = 8, 5  # of so many villages that one signs on the screen
ACTS = 0.3
SAID_HERE = frozenset({SealFoundBroken.KIND, PictureKept.KIND})


class Bagging:
    """Draws bags, whether their seal held, and who signs."""

    def __init__(self, seed: int) -> None:
        """Draw from dice that are nobody else's: other villages stay as they were."""
        self._dice = random.Random(f"bagging {seed}")
        self._signs = seed % VILLAGES == WHICH
        self._bags = 0

    def act(self, pc: Pc) -> None:
        """Take a bag in and close its list, now and then."""
        if not self._signs or self._dice.random() >= ACTS:
            return
        self._bags += 1
        outcome = pc.perform(ReceiveBag(code=f"S{self._bags}", pieces=2))
        if not isinstance(outcome, Done) or not outcome.told:
            return
        is_broken = self._dice.random() < 0.5
        words = "袋口扎带断了" if is_broken and self._dice.random() < 0.9 else ""
        seen = tuple((f"8{self._bags:010}{n}", "ZTO") for n in range(self._dice.randint(1, 3)))
        close = CloseManifest(
            direction="in", bag=outcome.told[0].identity, seen=seen, other="任例福",
            is_seal_broken=is_broken, seal_words=words,
        )  # fmt: skip
        purposes = (SIGNATURE, OWN_SIGNATURE)[: self._dice.randint(0, 2)]
        names = [f"{self._dice.getrandbits(256):064x}" for _ in purposes]
        signed = [
            KeepPicture(ManifestClosed.KIND, (name,), purpose)
            for name, purpose in zip(names, purposes, strict=True)
        ]
        pc.perform(close, *signed)
