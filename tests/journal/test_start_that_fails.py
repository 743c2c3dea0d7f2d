"""A start that fails gives the folder back: the doctor, or the next try, must get in."""

from pathlib import Path
from typing import Any

import pytest

from station_app.journal.one_process import OneProcess
from station_app.journal.store import DamagedDatabase
from station_app.premises import open_premises
from tests.proofs.kit import KEY, SeededChance, SetClock, furnish, open_furnished


def test_a_start_that_failed_on_a_damaged_disk_does_not_keep_the_folder(tmp_path: Path) -> None:
    def fails() -> Any:
        raise DamagedDatabase("a page is missing")

    with pytest.raises(DamagedDatabase):
        open_premises(tmp_path, KEY, clock=SetClock(), chance=SeededChance(1), opener=fails)
    OneProcess(tmp_path).release()


def test_a_list_of_erasures_that_lost_a_page_is_named_and_does_not_keep_the_folder(
    tmp_path: Path,
) -> None:
    """Found by a village's seed: the next start said that the program was open elsewhere."""
    furnish(tmp_path)
    premises = open_furnished(tmp_path, seed=1)
    premises.session.connection.execute("INSERT INTO erased(whose, identity) VALUES (x'00', '')")
    premises.close()
    with pytest.raises(DamagedDatabase):
        open_premises(tmp_path, KEY, clock=SetClock(), chance=SeededChance(2))
    OneProcess(tmp_path).release()
