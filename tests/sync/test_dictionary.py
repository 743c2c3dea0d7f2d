"""The dictionary that was shipped stays what it is, and earns its place."""

import base64
import hashlib
from typing import Any

import msgspec

from station_app.journal.fact import Fact, canonical, seal
from station_app.journal.recorder import new_ticket
from station_app.resources_dir import resources
from station_app.sync.dictionary import NO_DICTIONARY, Press, load_press
from station_app.sync.frame import pack, unpack
from station_app.sync.packing import LEVEL_SLOW
from tests.sync.stand import Dice, shelved
from tests.sync.test_segment import D1, STREAM, THE_COUNTY, key_of, segment

FOLDER = resources() / "dictionaries"
# Both ends must have the same bytes under a number, for ever. A better one gets the next number.
SHIPPED = {1: "d974e23ddf7f115ea7bacbd8c8e9cb06", 2: "7e0ce42643ad813fca91871522a0a2f5"}


def test_what_was_shipped_was_never_changed() -> None:
    found = {
        int(file.stem): hashlib.blake2b(file.read_bytes(), digest_size=16).hexdigest()
        for file in FOLDER.glob("*.zstd")
    }
    assert found == SHIPPED


def test_the_shipped_ones_are_loaded() -> None:
    assert load_press(FOLDER).numbers == (NO_DICTIONARY, *SHIPPED)
    assert load_press(FOLDER).newest == max(SHIPPED)


def shelved_parcels(count: int) -> tuple[Fact, ...]:
    facts: list[Fact] = []
    chance = Dice(5)
    for seq in range(1, count + 1):
        saying = shelved(f"73{int.from_bytes(chance.draw(5), 'big') % 10**12:012}", seq)
        assert saying.private is not None
        salt = base64.b32encode(chance.draw(10)).decode()
        private = canonical(msgspec.structs.replace(saying.private, salt=salt))
        header: dict[str, Any] = {"act": new_ticket(chance), "by": "ab" * 32, "entity": ""}
        header |= {"kind": saying.body.KIND, "v": 1, "stream": STREAM, "seq": seq}
        header |= {"at": 1_795_564_800_000 + seq * 9_000}
        prev = facts[-1].identity if facts else ""
        facts.append(seal(canonical(saying.body), private, prev=prev, **header))
    return tuple(facts)


def test_twenty_facts_are_shorter_with_it() -> None:
    press, facts = load_press(FOLDER), segment(shelved_parcels(20))
    sizes = {
        number: len(pack((facts,), D1, press, level=LEVEL_SLOW, dictionary=number))
        for number in (0, 1)
    }
    assert sizes[0] - sizes[1] > 150, sizes  # most of the rest are salts, tickets, signatures
    packed = pack((facts,), D1, press, level=LEVEL_SLOW)
    assert unpack(packed, key_of, press, county=THE_COUNTY) == (facts,)


def test_an_older_program_gets_what_it_can_read() -> None:
    press = Press({1: b"a" * 300, 2: b"b" * 300, 5: b"c" * 300})
    best = [press.best_of(range(n + 1), for_columns=False) for n in (0, 1, 3, 5, 99)]
    assert best == [0, 1, 1, 5, 5]


def test_columns_are_packed_with_what_was_trained_on_columns() -> None:
    press = Press({1: b"a" * 300, 2: b"b" * 300, 5: b"c" * 300})
    best = [press.best_of(range(n + 1), for_columns=True) for n in (0, 1, 3, 99)]
    assert best == [0, 1, 2, 2]
    assert press.best_of((0, 7), for_columns=True) == 0
