"""Planted holes at the county and at a PC: each contact shows them, who holds it sends it."""

import pytest
from sqlalchemy import text

from county_server.county import County
from tests.sync.stand import (
    STATION,
    Pc,
    converse,
    direct,
    folded_here,
    folded_there,
)

PRIVATES = (
    "DELETE FROM privates WHERE identity IN (SELECT identity FROM facts WHERE stream = :stream)"
)


@pytest.fixture
def pcs(pc: Pc, sibling: Pc, county: County) -> list[Pc]:
    """Two PCs that have worked through three starts each, and hold the same."""
    made = [pc, sibling]
    for _ in range(3):
        for pc in made:
            pc.restart()
            pc.shelve(2)
            converse(pc, direct(county))
    for pc in made:
        converse(pc, direct(county))
    return made


def streams_of(pc: Pc) -> list[str]:
    rows = pc.reader.execute("SELECT stream FROM streams ORDER BY stream").fetchall()
    return [row[0] for row in rows if row[0].startswith(f"{pc.place}/")]


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_stream_that_a_pc_lost_is_found_by_comparison_and_comes_back(
    pcs: list[Pc], county: County, which: int
) -> None:
    """Also one in the middle of the chain: what continues it names it."""
    one, two = pcs
    lost = streams_of(one)[which]
    connection = two.session.connection
    connection.execute("DROP TRIGGER facts_are_never_removed")
    connection.execute(PRIVATES.replace(":stream", "?"), (lost,))
    for table in ("facts", "streams", "heads", "postings", "acknowledged"):
        connection.execute(f"DELETE FROM {table} WHERE stream = ?", (lost,))
    assert lost not in {fact.stream for fact in two.facts()}
    converse(two, direct(county))
    assert {f.identity for f in two.facts()} == {f.identity for f in one.facts()}


def test_what_the_county_lost_of_a_dead_pc_comes_back_from_its_sibling(
    pcs: list[Pc], county: County
) -> None:
    one, two = pcs
    lost = streams_of(one)[-1]
    with county.store.write() as connection:
        connection.execute(text("DROP TRIGGER facts_are_never_removed"))
        connection.execute(text(PRIVATES), {"stream": lost})
        for table in ("facts", "streams", "heads", "runs", "postings", "folds"):
            connection.execute(
                text(f"DELETE FROM {table} WHERE stream = :stream"), {"stream": lost}
            )
    two.restart()  # the other PC is dead; this one has nothing new to say
    converse(two, direct(county))
    with county.store.read() as connection:
        rows = connection.execute(
            text("SELECT count(*) FROM facts WHERE stream = :stream"), {"stream": lost}
        ).scalar_one()
    assert rows == two.port.head(lost).to > 0
    assert folded_here(two)[:2] == folded_there(county, STATION)[:2]
