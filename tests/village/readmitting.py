"""A PC that was cut off is let in again: it becomes another PC of its station, with its journal.

As the program does it (`station_app.enrol_anew`): a code of the county, a new key that is kept
before it asks, and the answer written on its disk. The answer may be lost, and the power may go
while it is written; then it is asked again with the same code and the same key.
"""

import random
from typing import TYPE_CHECKING

from county_server.county import County
from county_server.cut_off import is_cut_off
from county_server.enrol import make_enrolment_code
from county_server.intake import Refused
from station_app import enrol_anew
from station_app.journal.store import transaction
from station_app.own_key import OwnKey
from station_app.services.cash.commands import CloseShift
from station_app.services.cash.facts import Count
from tests.sync.stand import Dice
from tests.village.beginning import claimed
from tests.village.keys import is_renewed_elsewhere

if TYPE_CHECKING:
    from tests.village.pc import Pc
    from tests.village.simulate import Village

OFTEN = 0.15  # of the steps of a PC that was cut off
ANSWER_LOST, POWER_GOES = 0.2, 0.2
CUT_WITHIN = 8  # changes of the disk: the answer is one small transaction
HALF, DONE = "let_in_half", "let_in_again"


class Readmitting:
    """Draws from dice of its own; without a PC that was cut off nothing is drawn."""

    def __init__(self, dice: random.Random) -> None:
        """Draw from `dice`."""
        self._dice = dice
        self._codes: dict[str, str] = {}  # by place: asked with once, and not heard of

    def act(self, village: "Village", pc: "Pc") -> str:
        """Let a PC in again, perhaps; return what was done, "" for nothing."""
        assert village.county is not None
        if pc.disk.had_lied or not is_out(village.county, pc):
            return ""
        if self._dice.random() >= OFTEN or not self._is_ready(pc):
            return ""
        return self._become(village.county, pc)

    def _is_ready(self, pc: "Pc") -> bool:
        """Close the shift that is open: a till that nobody counts would stay open for ever."""
        if enrol_anew.hindrance(pc.connection, pc.open.enrolment):
            counts = (Count(10_000, self._dice.randint(0, 9)),)
            pc.perform(CloseShift(counts=counts, remark="数的"))
        return not enrol_anew.hindrance(pc.connection, pc.open.enrolment)

    def _become(self, county: County, pc: "Pc") -> str:
        """Ask with a code, and write down what is answered; then the program starts anew."""
        chance, before = Dice(self._dice.getrandbits(64)), pc.open.enrolment
        key = enrol_anew.new_key(pc.connection, pc.keyring, chance)
        code = self._codes.pop(pc.place, "") or make_enrolment_code(county, before.station).code
        try:
            place, pin, here = claimed(county, code, key, chance)
        except Refused:
            return ""  # all slots are taken, or the county was put back to before the code
        if self._dice.random() < ANSWER_LOST:
            self._codes[pc.place] = code
            return HALF
        if self._dice.random() < POWER_GOES:
            pc.cut_soon(self._dice.randint(1, CUT_WITHIN))
        try:
            with transaction(pc.connection):
                own = OwnKey(pc.keyring, chance, pc.connection, before)
                assert enrol_anew.become(pc.connection, own, here) == ""
        except Exception:
            if not pc.disk.is_dead:
                raise
        pc.disk.on_change = None
        if pc.disk.is_dead:
            pc.cut_power()
        else:
            pc.stop()
        pc.start()
        if pc.open.enrolment.device == before.device:
            self._codes[pc.place] = code
            return HALF
        pc.place, pc.county, pc.base_image = place, pin, pc.disk.image()
        return DONE


def is_out(county: County, pc: "Pc") -> bool:
    """Tell whether a PC is told nothing any more, for whatever reason."""
    if is_renewed_elsewhere(county, pc):
        return True
    with county.store.read() as connection:
        return is_cut_off(county.store, connection, *pc.place.split("/"))
