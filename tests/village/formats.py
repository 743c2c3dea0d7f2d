"""Which formats of frames the programs of a village speak: old ones, new ones, and both in turn.

Of four histories one has only rows, one only columns, in one every second PC is of the old program,
and in one the county and the PCs change between old and new at their starts: somebody upgrades, and
somebody puts the former version back. It follows from the seed without drawing any lots.
"""

from dataclasses import dataclass

from station_app.sync.frame import FORMATS, ROWS

OLD = (ROWS,)
ONLY_OLD, ONLY_NEW, OLD_PCS, CHANGING = range(4)


@dataclass(slots=True)
class Formats:
    """What the programs of the village of this seed read and write."""

    seed: int
    county_starts: int = 0

    @property
    def mix(self) -> int:
        """Return which of the four mixes is played."""
        return self.seed % 4

    def of_county(self) -> tuple[int, ...]:
        """Return the formats of the county that starts now."""
        self.county_starts += 1
        if self.mix == CHANGING:
            return FORMATS if self.county_starts % 2 else OLD
        return OLD if self.mix == ONLY_OLD else FORMATS

    def of_pc(self, place: str, start: int) -> tuple[int, ...]:
        """Return the formats of a PC at its so-manieth start."""
        if self.mix == CHANGING:
            return OLD if start % 3 == 2 else FORMATS
        is_old = self.mix == ONLY_OLD or (self.mix == OLD_PCS and place.endswith("D2"))
        return OLD if is_old else FORMATS
