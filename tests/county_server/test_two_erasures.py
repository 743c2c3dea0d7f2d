"""One person is erased at two PCs at once: whoever looks later finds the same erasure named."""

from pathlib import Path

from station_app.journal.fact import Saying
from station_app.journal.kinds import PrivateErased
from tests.sync.stand import (
    DAY,
    STATION,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    new_county,
    registered,
)


def test_of_two_erasures_of_one_person_both_ends_name_the_same(tmp_path: Path) -> None:
    clock = SetClock()
    county = new_county(tmp_path / "county", clock)
    pcs = [enrolled_pc(county, tmp_path / f"d{seed}", clock, seed=seed) for seed in (100, 200)]
    person = pcs[0].say(registered("王示明")).facts[0].identity
    for pc in (*pcs, *pcs):
        converse(pc, direct(county))
    said = [
        pc.say(Saying(PrivateErased(persons=(person,), day=DAY))).facts[0].identity for pc in pcs
    ]
    for pc in sorted(pcs, key=lambda pc: said[pcs.index(pc)]):  # the smaller one comes first …
        converse(pc, direct(county))
    for pc in pcs:  # … so that a county where the last one wins would name the other
        converse(pc, direct(county))
    named = [
        pc.session.connection.execute(
            "SELECT identity FROM erased WHERE whose = ?", (person,)
        ).fetchone()[0]
        for pc in pcs
    ]
    with county.store.read() as connection:
        there = connection.exec_driver_sql(
            "SELECT identity FROM erased WHERE station = ? AND whose = ?", (STATION, person)
        ).scalar_one()
    assert [*named, there] == [min(said)] * 3
    for pc in pcs:
        pc.close()
    county.close()
