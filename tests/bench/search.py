"""`search.p95`: the universal search over a million parcels, against the raw indexed queries.

Ours is what the scan box asks of parcels and people: recognising the text, the index, the rows,
the order, the words of each hit. The floor sends the same texts to the same tables through the
bare driver: one look-up of the index, one fetch of its rows, nothing ranked and nothing worded.
Both take turns on one connection of the same encrypted database.
"""

import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from station_app.journal.store import open_reader, transaction
from station_app.premises import open_database
from station_app.reference import records as reference
from station_app.resources_dir import load_texts
from station_app.services.parcels import index as labels
from station_app.services.parcels.gathering import Gatherer
from station_app.services.parcels.meanings import Meanings
from station_app.services.people import records as people
from station_app.services.people.rules import PERSON, Person
from station_app.shell.offers import Sought
from station_app.values import finding, spelling
from station_app.values.codes import recognise
from tests.bench.report import Measured, percentile, tell
from tests.proofs.kit import KEY, database, furnish

PARCELS = 1_000_000
PEOPLE = 2_000
LABELS = 20_000
QUERIES = 1_000
HITS = 30
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "秀兰桂芳建国玉梅根喜大牛小明志强春花海燕永福"
PARCEL_FIELDS = 23


def fill(connection: Any, parcels: int, dice: random.Random) -> None:
    """Write read tables and name indexes as the folds would, for so many parcels."""
    persons = []
    for number in range(PEOPLE):
        name = dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(GIVEN)
        spelt = spelling.spell(name)
        person = Person(
            name=name,
            pinyin=spelt.pinyin,
            initials=spelt.initials,
            phone=f"138{dice.randrange(10**8):08}",
            hamlet="第1组",
            household=str(number // 3),
        )
        identity = f"{dice.getrandbits(256):064x}"
        assert PERSON.columns is not None
        row = (identity, *PERSON.columns.row(person))
        connection.execute(f"INSERT INTO persons VALUES ({_marks(len(row))})", row)
        people._index(connection, identity, person)
        persons.append(identity)
    known = [
        (
            dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(GIVEN),
            f"{dice.randrange(10_000):04}",
        )
        for _ in range(LABELS)
    ]
    _pour(connection, "parcels", [_parcel(n, persons, known, dice) for n in range(parcels)])
    for name, tail in sorted(set(known)):
        labels._settle_label(connection, name, tail)


def _pour(connection: Any, table: str, rows: list[tuple[Any, ...]]) -> None:
    """Write many rows into a table: in the order of its key, the indexes after the rows.

    The table is then as it would be row by row, only sooner: each page is encrypted once.
    """
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? "
        "AND sql IS NOT NULL",
        (table,),
    ).fetchall()
    for name, _sql in indexes:
        connection.execute(f"DROP INDEX {name}")
    rows.sort()
    connection.executemany(f"INSERT INTO {table} VALUES ({_marks(len(rows[0]))})", rows)
    for _name, sql in indexes:
        connection.execute(sql)


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _parcel(
    number: int, persons: list[str], known: list[tuple[str, str]], dice: random.Random
) -> tuple[Any, ...]:
    is_person = dice.random() < 0.7
    name, tail = ("", "") if is_person else dice.choice(known)
    is_here = number < 300
    day = f"20{16 + number % 10:02}-{1 + number % 12:02}-{1 + number % 28:02}"
    return (
        f"{dice.getrandbits(256):064x}",
        "ZTO",
        f"73{number:012}",
        dice.choice(persons) if is_person else "",
        name,
        tail,
        dice.choice("ABCD"),
        dice.randrange(1, 4),
        dice.randrange(1, 1000),
        "on_hand" if is_here else "handed_over",
        0,
        0,
        "M",
        day,
        number,
        "D1",
        "" if is_here else day,
        "",
        0,
        0,
        "",
        "",
        "",
    )


def mixed(parcels: int, dice: random.Random) -> list[str]:
    """Return what is typed: names of two characters above all, tails, initials, waybills."""
    kinds: tuple[Callable[[], str], ...] = (
        lambda: dice.choice(SURNAMES) + dice.choice(GIVEN),
        lambda: dice.choice(SURNAMES) + dice.choice(GIVEN),
        lambda: dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(GIVEN),
        lambda: f"{dice.randrange(10_000):04}",
        lambda: dice.choice(("wxl", "zjg", "lh", "cym")),
        lambda: f"73{dice.randrange(parcels):012}",
    )
    return [kinds[number % len(kinds)]() for number in range(QUERIES)]


def raw(connection: Any, typed: str) -> None:
    """Ask the indexes alone."""
    if typed.isdigit() and len(typed) > 8:
        connection.execute("SELECT * FROM parcels WHERE waybill = ?", (typed,)).fetchall()
        return
    asked = finding.question(typed)
    connection.execute(
        "SELECT * FROM persons WHERE entity IN "
        "(SELECT person FROM people_index WHERE people_index MATCH ? LIMIT ?)",
        (asked, HITS),
    ).fetchall()
    found = connection.execute(
        "SELECT name, tail FROM receivers_index WHERE receivers_index MATCH ? LIMIT ?",
        (asked, HITS),
    ).fetchall()
    for name, tail in found:
        connection.execute(
            "SELECT count(*) FROM parcels WHERE tail = ? AND name = ? AND status = 'on_hand'",
            (tail, name),
        ).fetchone()


def measure(parcels: int = PARCELS) -> Measured:
    """Measure both and return the 95th percentiles in milliseconds."""
    dice = random.Random(1)
    with tempfile.TemporaryDirectory(prefix="bench-search-") as place:
        folder = Path(place) / "data"
        furnish(folder)
        writer = open_database(folder, KEY)
        with transaction(writer):
            fill(writer, parcels, dice)
        writer.close()
        connection = open_reader(database(folder), KEY)
        texts = load_texts()
        meanings = Meanings(Gatherer(people), texts)
        patterns = reference.patterns(connection)
        ours, floor = [], []
        for typed in mixed(parcels, dice):
            began = time.perf_counter()
            raw(connection, typed)
            between = time.perf_counter()
            sought = Sought(typed, recognise(typed, patterns))
            meanings.receivers(connection, sought, texts)
            meanings.parcels(connection, sought, texts)
            ended = time.perf_counter()
            floor.append((between - began) * 1000)
            ours.append((ended - between) * 1000)
        connection.close()
    return Measured(
        name="search.p95",
        ours=percentile(ours, 95),
        limit=percentile(floor, 95),
        unit="ms",
        runs=QUERIES,
        sizes={"parcels": parcels, "people": PEOPLE, "labels": LABELS},
        notes={
            "ours_p50": round(percentile(ours, 50), 3),
            "limit_p50": round(percentile(floor, 50), 3),
        },
    )


def main() -> None:
    """Measure and print."""
    tell(measure())
