"""Whatever is changed behind the county's back is found, and the first fact of it named."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from county_server.county import County
from county_server.verify import Finding, verify_county
from tests.sync.stand import (
    Pc,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    new_county,
    registered,
    reopened_county,
)

UNLOCK = (
    "DROP TRIGGER facts_are_never_changed",
    "DROP TRIGGER facts_are_never_removed",
)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str], list[int]]:
    """A county with a day in it, closed: its folder, the pushed streams, their lengths."""
    folder = tmp_path_factory.mktemp("image")
    clock = SetClock()
    county = new_county(folder, clock)
    pc = enrolled_pc(county, folder / "d1", clock)
    parcels = pc.shelve(6)
    pc.hand_over(parcels[1].identity)
    pc.say(registered("赵根喜"))
    converse(pc, direct(county))
    pc.restart()
    pc.call(parcels[2].identity)
    converse(pc, direct(county))
    with county.store.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT stream, length FROM streams ORDER BY stream"
        ).all()
    pc.close()
    county.close()
    return folder, [row[0] for row in rows], [row[1] for row in rows]


@pytest.fixture
def folder(image: tuple[Path, list[str], list[int]], tmp_path: Path) -> Path:
    for file in image[0].rglob("*"):
        if file.is_file() and file.parts[-2] != "d1":
            to = tmp_path / file.relative_to(image[0])
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(file.read_bytes())
    return tmp_path


def tampered(folder: Path, *statements: str) -> tuple[Finding, ...]:
    connection = sqlite3.connect(folder / "county.db")
    for statement in (*UNLOCK, *statements):
        connection.execute(statement)
    connection.commit()
    connection.close()
    county = reopened_county(folder, SetClock())
    try:
        return verify_county(county).findings
    finally:
        county.close()


def test_an_honest_county_holds(folder: Path, image: tuple[Path, list[str], list[int]]) -> None:
    county = reopened_county(folder, SetClock())
    report = verify_county(county)
    county.close()
    assert not report.findings
    assert report.facts == sum(image[2])
    assert report.streams == len(image[1])


def test_every_fact_changed_is_named(
    image: tuple[Path, list[str], list[int]], tmp_path: Path
) -> None:
    """Each fact in turn; the finding names its stream and its place."""
    source, streams, lengths = image
    number = 0
    for stream, length in zip(streams, lengths, strict=True):
        for seq in range(1, length + 1):
            number += 1
            copy = tmp_path / str(number)
            (copy / "keys").mkdir(parents=True)
            for name in ("county.db", *(f"keys/{f.name}" for f in (source / "keys").iterdir())):
                (copy / name).write_bytes((source / name).read_bytes())
            where = f"stream = '{stream}' AND seq = {seq}"
            found = tampered(copy, f"UPDATE facts SET at = at + 1 WHERE {where}")
            first = found[0]
            assert (first.check, first.stream, first.seq, first.reason) == (
                "chain",
                stream,
                seq,
                "altered",
            )


DEVICE = "stream LIKE 'NX0601/D1/%'"
EDITS: list[tuple[str, str]] = [
    (f"UPDATE facts SET body = X'7B7D' WHERE {DEVICE} AND seq = 2", "chain"),
    (f"UPDATE facts SET kind = 'parcel.lost' WHERE {DEVICE} AND seq = 3", "chain"),
    (f"UPDATE facts SET by_ = 'x' WHERE {DEVICE} AND seq = 1", "chain"),
    (f"UPDATE facts SET private_digest = '' WHERE {DEVICE} AND seq = 1", "chain"),
    (f"DELETE FROM facts WHERE {DEVICE} AND seq = 4", "chain"),
    ("UPDATE privates SET part = X'7B7D' WHERE rowid_of", "chain"),
    (f"UPDATE heads SET signature = zeroblob(64) WHERE {DEVICE}", "head"),
    (f"UPDATE heads SET identity = lower(hex(zeroblob(32))) WHERE {DEVICE}", "head"),
    (f"DELETE FROM heads WHERE {DEVICE}", "head"),
    ("UPDATE states SET data = X'7B7D' WHERE kind = 'parcel'", "fold:states"),
    ("DELETE FROM states WHERE kind = 'parcel'", "fold:states"),
    ("UPDATE parcels SET status = 'returned'", "fold:parcels"),
    ("UPDATE persons SET name = 'x' WHERE station = 'NX0601'", "fold:persons"),
    ("DELETE FROM folds WHERE station = 'NX0601'", "fold:folds"),
    ("INSERT INTO cases VALUES ('NX0601', 'x', 'y', '[]')", "fold:cases"),
    ("UPDATE postings SET amount = amount + 1 WHERE line = 0", "conservation"),
    ("UPDATE postings SET amount = -amount", "fold:postings"),
    ("DELETE FROM postings WHERE seq = 1", "fold:postings"),
    ("UPDATE balances SET amount = amount + 1", "fold:balances"),
    ("INSERT INTO balances VALUES ('NX0601', 'Assets:Safe', 'CNY', 100)", "fold:balances"),
]


@pytest.mark.parametrize(("edit", "check"), EDITS)
def test_every_edit_is_found(folder: Path, edit: str, check: str) -> None:
    edit = edit.replace("rowid_of", "identity = (SELECT min(identity) FROM privates)")
    found = tampered(folder, edit)
    assert check in {finding.check for finding in found}


def test_a_tail_cut_off_is_found(folder: Path) -> None:
    last = "(SELECT max(seq) FROM facts f WHERE f.stream = facts.stream)"
    found = tampered(folder, f"DELETE FROM facts WHERE {DEVICE} AND seq = {last}")
    assert ("chain", "end_differs") in {(f.check, f.reason) for f in found}


def test_two_facts_swapped_are_found(folder: Path) -> None:
    found = tampered(
        folder,
        f"UPDATE facts SET seq = -seq WHERE {DEVICE} AND seq IN (2, 3)",
        f"UPDATE facts SET seq = 5 + seq WHERE {DEVICE} AND seq < 0",
    )
    assert (found[0].check, found[0].seq) == ("chain", 2)


def test_a_county_put_back_begins_a_new_epoch(folder: Path) -> None:
    """What the county has given out and no longer holds is noticed at the next start."""
    county = reopened_county(folder, SetClock())
    assert county.keys.epoch.number == 1
    county.close()
    tampered(
        folder,
        "DELETE FROM facts WHERE stream = 'county.1/NX0601' AND kind = 'device.enrolled'",
    )
    for _ in range(2):
        again = reopened_county(folder, SetClock())
        assert again.keys.epoch.number == 2
        again.close()


def test_a_county_put_back_twice_begins_a_third(folder: Path) -> None:
    """The second image knows nothing of the second epoch."""
    image = (folder / "county.db").read_bytes()
    tampered(folder, "DELETE FROM facts WHERE stream = 'county.1/NX0601'")
    (folder / "county.db").write_bytes(image)
    county = reopened_county(folder, SetClock())
    assert county.keys.epoch.number == 3
    county.close()


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[tuple[County, Pc]]:
    clock = SetClock()
    county = new_county(tmp_path / "county", clock)
    pc = enrolled_pc(county, tmp_path / "d1", clock)
    yield county, pc
    pc.close()
    county.close()


Change = Callable[[Pc], object]


@pytest.mark.parametrize("change", [lambda pc: pc.shelve(3), lambda pc: pc.restart()])
def test_it_holds_after_every_push(busy: tuple[County, Pc], change: Change) -> None:
    county, pc = busy
    for _ in range(3):
        change(pc)
        pc.shelve(1)
        converse(pc, direct(county))
        assert not verify_county(county).findings
