"""`search.p95`: the universal search over a million parcels, against the raw indexed queries.

Ours is what the scan box asks, of all slices: recognising the text, the indexes, the rows, the
order, the words of each hit. The floor fetches the same rows with the bare driver: of people,
labels and waybills one look-up of the index and one fetch of what it names; nothing ranked, nothing
worded. Each has a connection of its own to the same encrypted database, as the program opens it,
and they take turns in being first. A million parcels are filled in once, into build/, and anew
whenever the code changes.
"""

import random
import shutil
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from station_app.journal.store import open_reader, transaction
from station_app.overview.search import paper_source
from station_app.premises import open_database
from station_app.reference import records as reference
from station_app.resources_dir import load_texts
from station_app.services.parcels import index as labels
from station_app.services.parcels.gathering import Gatherer
from station_app.services.parcels.meanings import HITS_MAX, WAYBILL_CHARACTERS_MIN, Meanings
from station_app.services.people import offer as people_offer
from station_app.services.people import records as people
from station_app.services.people.rules import PERSON, Person
from station_app.shell.offers import SearchSource, Sought
from station_app.shell.search import find_all
from station_app.values import finding, spelling
from station_app.values.codes import recognise
from tests.bench.report import Measured, percentile, tell
from tests.proofs.kit import KEY, database, furnish

PARCELS = 1_000_000
PEOPLE = 2_000
LABELS = 20_000
QUERIES = 1_000
FILLING_KIB = 300 * 1024  # pages kept in memory while filling; measured is with the program's own
ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "build" / "bench-search"
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
    """Fetch the same rows by the indexes alone, with as few queries as can be."""
    execute = connection.execute
    if typed.isdigit() and len(typed) >= WAYBILL_CHARACTERS_MIN:
        execute(
            "SELECT * FROM parcels WHERE waybill >= ? AND waybill < ? LIMIT ?",
            (typed, typed + "~", HITS_MAX),
        ).fetchall()
    asked = finding.question(typed)
    execute(
        "SELECT * FROM persons WHERE entity IN "
        "(SELECT person FROM people_index WHERE people_index MATCH ? LIMIT ?)",
        (asked, people.LOOKED_AT_MAX),
    ).fetchall()
    execute(
        "SELECT p.* FROM (SELECT person FROM people_index WHERE people_index MATCH ? LIMIT ?) i "
        "CROSS JOIN parcels p ON p.person = i.person AND p.status = 'on_hand'",
        (asked, people.LOOKED_AT_MAX),
    ).fetchall()
    execute(
        "SELECT p.* FROM receivers_index r CROSS JOIN parcels p ON p.tail = r.tail "
        "AND p.name = r.name AND p.status = 'on_hand' WHERE receivers_index MATCH ? LIMIT ?",
        (asked, labels.WAITING_MAX),
    ).fetchall()


def asker(connection: Any) -> Callable[[str], int]:
    """Return what the scan box does with a text; it returns how many hits the list has."""
    texts = load_texts()
    meanings = Meanings(Gatherer(people), texts)
    sources = (
        SearchSource("receivers", "parcels.search.receivers", meanings.receivers, 0),
        SearchSource("parcels", "parcels.search.parcels", meanings.parcels, 10),
        SearchSource("people", "people.search.heading", people_offer.find, 30),
        paper_source("overview.acts"),
    )
    patterns = reference.patterns(connection, "2026-11-23")

    def ask(typed: str) -> int:
        sought = Sought(typed, recognise(typed, patterns))
        return sum(len(found.hits) for found in find_all(connection, sought, sources, texts))

    return ask


def filled(parcels: int) -> Path:
    """Return a data folder with so many parcels: filled once, and anew when the code changes."""
    code = sha256(b"".join(file.read_bytes() for file in sorted(_code())))
    folder = CACHE / f"{parcels}-{code.hexdigest()[:16]}"
    if not (folder / "whole").exists():
        shutil.rmtree(CACHE, ignore_errors=True)
        furnish(folder)
        writer = open_database(folder, KEY)
        writer.execute(f"PRAGMA cache_size = {-FILLING_KIB}")
        with transaction(writer):
            fill(writer, parcels, random.Random(1))
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        writer.close()
        (folder / "whole").touch()
    return folder


def _code() -> Iterator[Path]:
    yield Path(__file__)
    yield from (ROOT / "station_app").rglob("*.py")


def measure(parcels: int = PARCELS) -> Measured:
    """Measure both and return the 95th percentiles in milliseconds."""
    path = database(filled(parcels))
    own, bare = open_reader(path, KEY), open_reader(path, KEY)
    ask = asker(own)
    ours: list[float] = []
    floor: list[float] = []
    hits = 0
    for turn, typed in enumerate(mixed(parcels, random.Random(2))):
        for is_ours in (turn % 2 == 0, turn % 2 == 1):  # who comes second finds the disk warm
            began = time.perf_counter()
            if is_ours:
                hits += ask(typed)
            else:
                raw(bare, typed)
            (ours if is_ours else floor).append((time.perf_counter() - began) * 1000)
    own.close()
    bare.close()
    return Measured(
        name="search.p95",
        ours=percentile(ours, 95),
        limit=percentile(floor, 95),
        unit="ms",
        runs=QUERIES,
        sizes={"parcels": parcels, "people": PEOPLE, "labels": LABELS, "hits": hits},
        notes={
            "ours_p50": round(percentile(ours, 50), 3),
            "limit_p50": round(percentile(floor, 50), 3),
            "ours_max": round(max(ours), 3),
        },
    )


def main() -> None:
    """Measure and print."""
    tell(measure())
