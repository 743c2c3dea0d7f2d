"""Sticks and new PCs in the village.

Bundles go out and come in, late, twice, partly written, to the wrong PC; new PCs join in the middle
of a history and are filled while everything goes wrong.

Drawn from dice of their own and played in one history of eight, so that the others stay as they
are: their seeds are known to kill what they kill.
"""

import io
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from county_server.bundles import NoBundle, read_bundle
from station_app.security.sealed_file import (
    FROM_COUNTY,
    TO_COUNTY,
    TO_SIBLING,
    open_sealed,
    read_cover,
    write_sealed,
)
from station_app.sync.courier import Carried, Courier, Written
from station_app.sync.dictionary import Press
from station_app.sync.sibling import SiblingMail

if TYPE_CHECKING:
    from tests.village.pc import Pc
    from tests.village.simulate import Village

HISTORIES = 8  # one in so many has sticks and new PCs
WHOLE_UPTO = 6  # facts: also a village's small station fills its new PCs in order
LATELY_DAYS = 0  # a history lasts a few days: what is over is old at once
OFTEN = 0.3
JOINS_MAX, JOINS_OFTEN = 2, 0.05
FIRST_JOINED = 1_000_000  # of their chance: nobody else draws from there
LYING_MAX = 12  # files that lie about on sticks; the oldest is thrown away


def are_played(seed: int) -> bool:
    """Tell whether this history has sticks and new PCs."""
    return seed % HISTORIES == 0


@dataclass
class File:
    """What lies on a stick. use: as in `sealed_file`; reader: the place of the PC that opens it."""

    use: int
    content: bytes
    reader: str = ""


@dataclass
class Sticks:
    """The sticks of a village, and what lies on them."""

    dice: random.Random
    lying: list[File] = field(default_factory=list)
    joined: int = 0

    def act(self, village: "Village", pc: "Pc") -> str:
        """Let something happen with a stick, perhaps; return what."""
        if self.dice.random() > OFTEN:
            return ""
        steps = (self._out, self._to_county, self._in, self._to_sibling, self._in)
        return self.dice.choice(steps)(village, pc)

    def join(self, village: "Village", station: str) -> str:
        """Enrol a new PC now; what it lacks comes over the line, whatever that is like."""
        if self.joined >= JOINS_MAX or self.dice.random() > JOINS_OFTEN:
            return ""
        self.joined += 1
        pc = village.enrol_now(station, FIRST_JOINED + village.seed * JOINS_MAX + self.joined)
        village.pcs.append(pc)
        pc.start()
        return "join"

    # --- Out -------------------------------------------------------------------------------------

    def _out(self, _village: "Village", pc: "Pc") -> str:
        key = pc.known_keys().to_seal_to()
        content = _courier(pc).bundle(pc.clock.now_ms(), Written())
        self._lay(File(TO_COUNTY, self._perhaps_torn(_sealed(key, TO_COUNTY, content))))
        return "stick_out"

    def _to_sibling(self, village: "Village", pc: "Pc") -> str:
        station = pc.place.partition("/")[0]
        others = [o for o in village.pcs if o.place.startswith(f"{station}/") and o is not pc]
        if not others:
            return ""
        other = self.dice.choice(others)
        content = _sibling(pc).bundle(other.place, pc.clock.now_ms(), Written())
        sealed = _sealed(other.signer.public_key, TO_SIBLING, content)
        self._lay(File(TO_SIBLING, self._perhaps_torn(sealed), other.place))
        return "stick_to_sibling"

    def _perhaps_torn(self, content: bytes) -> bytes:
        """Pull the stick out while it is written, now and then."""
        if self.dice.random() < 0.15:
            return content[: self.dice.randrange(len(content))]
        return content

    def _lay(self, file: File) -> None:
        self.lying = [*self.lying, file][-LYING_MAX:]

    def _found(self, *uses: int) -> File | None:
        """Find a file; it stays where it lies, so it may come again, and much later."""
        found = [file for file in self.lying if file.use in uses]
        return self.dice.choice(found) if found else None

    # --- In --------------------------------------------------------------------------------------

    def _to_county(self, village: "Village", _pc: "Pc") -> str:
        file = self._found(TO_COUNTY)
        if file is None or village.county is None:
            return ""
        try:
            answer = read_bundle(village.county, io.BytesIO(file.content))
        except NoBundle:
            return "stick_refused"
        out = io.BytesIO()
        answer.seal(out)
        content = self._perhaps_torn(out.getvalue())
        self._lay(File(FROM_COUNTY, content, answer.read.device))
        return "stick_at_county"

    def _in(self, village: "Village", pc: "Pc") -> str:
        file = self._found(FROM_COUNTY, TO_SIBLING)
        if file is None:
            return ""
        readers = [other for other in village.all_pcs if other.place == file.reader]
        reader = self.dice.choice(readers) if readers and self.dice.random() < 0.9 else pc
        try:
            if take(reader, file).must_reopen:
                reader.open.session.reopen()
                take(reader, file)
        except ValueError:
            return "stick_refused"
        return "stick_in"


def take(pc: "Pc", file: File) -> Carried:
    """Let a PC take what lies on a stick; raises ValueError for what it cannot open."""
    opener = pc.opener(read_cover(io.BytesIO(file.content)).key_id)
    pieces = open_sealed(io.BytesIO(file.content), opener, file.use)
    mail = _sibling(pc) if file.use == TO_SIBLING else _courier(pc)
    return mail.take(pieces, pc.clock.now_ms())


def _courier(pc: "Pc") -> Courier:
    return Courier(pc.port, pc.signer, Press(), pc.known_keys().county(), pc.key_of, pc.asking)


def _sibling(pc: "Pc") -> SiblingMail:
    return SiblingMail(pc.port, pc.signer, Press(), pc.known_keys().county(), pc.key_of, pc.asking)


def _sealed(public_key: bytes, use: int, content: object) -> bytes:
    out = io.BytesIO()
    write_sealed(out, public_key, use, content)  # type: ignore[arg-type]
    return out.getvalue()
