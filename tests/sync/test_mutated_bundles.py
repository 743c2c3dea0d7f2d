"""Two thousand sticks that went wrong: damaged outside, or sealed rightly with nonsense inside.

Anybody may seal anything to the county's public key, so what is inside is mutated too. After each
of them both ends hold whole acts in unbroken chains, and the true stick still brings everything.
"""

import io
import random
import tracemalloc
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from county_server.bundles import NoBundle
from county_server.county import County
from county_server.journal import CountyJournal
from county_server.verify import verify_county
from station_app.journal.fact import blake
from station_app.journal.verify import verify
from station_app.security import sealed_file
from station_app.security.sealed_file import (
    FROM_COUNTY,
    TO_COUNTY,
    Damaged,
    ForAnotherKey,
    NotSealedForUs,
    TooLong,
    open_sealed,
    write_sealed,
)
from station_app.sync.frame import FRAME_LABEL, FRAME_MAGIC, PACKED_BYTES_MAX
from station_app.sync.messages import BY_STICK, BodyReader
from station_app.vocabulary import VOCABULARY
from tests.sync import mail
from tests.sync.stand import Pc, SetClock, enrolled_pc, folded_here, folded_there

EACH = 500
NOT_TAKEN = (NoBundle, Damaged, ForAnotherKey, NotSealedForUs, TooLong)
Change = Callable[[random.Random, bytes], bytes]


def flipped(dice: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(dice.choice((1, 1, 1, 4, 30))):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def cut(dice: random.Random, content: bytes) -> bytes:
    return content[: dice.randrange(len(content))]


def grown(dice: random.Random, content: bytes) -> bytes:
    place = dice.randrange(len(content) + 1)
    return content[:place] + dice.randbytes(dice.randrange(1, 400)) + content[place:]


def doubled(dice: random.Random, content: bytes) -> bytes:
    first, last = sorted(dice.randrange(len(content) + 1) for _ in range(2))
    return content[:last] + content[first:]


def lacking(dice: random.Random, content: bytes) -> bytes:
    first, last = sorted(dice.randrange(len(content) + 1) for _ in range(2))
    return content[:first] + content[last:]


def framewise(dice: random.Random, content: bytes) -> bytes:
    """Frames in another order, some twice, some not at all."""
    frames = list(BodyReader(BY_STICK.bytes_max).feed(content))
    if not frames:
        return content
    block = content[: len(content) - sum(map(len, frames))]
    return block + b"".join(dice.choices(frames, k=dice.randrange(2 * len(frames))))


BYTEWISE: tuple[Change, ...] = (flipped, cut, grown, doubled, lacking)
INSIDE: tuple[Change, ...] = (*BYTEWISE, framewise, framewise)


def busy(pc: Pc) -> None:
    """Enough acts for several frames, some of several facts."""
    for _ in range(3):
        parcels = pc.shelve(60)
        for parcel in parcels[:9]:
            pc.hand_over(parcel.identity)
        pc.restart()


def acts_in(county: County, pc: Pc) -> dict[str, int]:
    """How far the county holds each stream of the PC: always to the end of an act."""
    ends = {fact.stream: fact.seq for fact in pc.facts() if fact.stream.startswith("NX")}
    with county.store.read() as connection:
        journal = CountyJournal(county.store, connection)
        return {stream: journal.head(stream).to for stream in ends}


def test_a_thousand_bundles_that_went_wrong(
    pc: Pc, county: County, capsys: pytest.CaptureFixture[str]
) -> None:
    busy(pc)
    dice = random.Random(1)
    true = mail.bundle(pc)
    inside = mail.opened(true, county.keys.signer, TO_COUNTY)
    mine = {fact.identity for fact in pc.facts()}
    told: Counter[str] = Counter()
    for number in range(2 * EACH):
        is_outside = number % 2 == 0
        change = dice.choice(BYTEWISE if is_outside else INSIDE)
        if is_outside:
            changed = change(dice, true)
        else:
            content = change(dice, inside)
            changed = mail.sealed(county.keys.signer.public_key, TO_COUNTY, [content])
        try:
            done, _ = mail.read(county, changed)
        except NOT_TAKEN as problem:
            told[getattr(problem, "reason", "")] += 1
            continue
        told["taken" if not is_outside else "outside taken"] += 1
        assert done.device == pc.place
        assert not is_outside or changed == true
    with county.store.read() as connection:
        journal = CountyJournal(county.store, connection)
        for stream, upto in acts_in(county, pc).items():
            held = list(journal.run(stream, 1, upto))
            assert {fact.identity for fact in held} <= mine
            after = [f.act for f in pc.facts() if f.stream == stream and f.seq == upto + 1]
            assert not held or after != [held[-1].act], "an act was taken in part"
    assert not verify_county(county).findings
    mail.carry(pc, county)
    assert folded_here(pc) == folded_there(county, "NX0601")
    with capsys.disabled():
        print(f"\n  mutated bundles: {sum(told.values())} {dict(told)}")
    assert sum(told.values()) == 2 * EACH
    assert told["taken"] > 50 < told["damaged"]


def test_a_thousand_answers_that_went_wrong(
    pc: Pc, county: County, tmp_path: Path, clock: SetClock, capsys: pytest.CaptureFixture[str]
) -> None:
    sibling = enrolled_pc(county, tmp_path / "d2", clock, seed=200)
    busy(sibling)
    mail.carry(sibling, county)
    pc.shelve(3)
    dice = random.Random(2)
    _, true = mail.read(county, mail.bundle(pc))
    inside = mail.opened(true, pc.signer, FROM_COUNTY)
    theirs = {fact.identity for fact in sibling.facts()} | {fact.identity for fact in pc.facts()}
    told: Counter[str] = Counter()
    for number in range(2 * EACH):
        is_outside = number % 2 == 0
        change = dice.choice(BYTEWISE if is_outside else INSIDE)
        if is_outside:
            changed = change(dice, true)
        else:
            changed = mail.sealed(pc.signer.public_key, FROM_COUNTY, [change(dice, inside)])
        try:
            carried = mail.take(pc, changed)
        except NOT_TAKEN as problem:
            told[type(problem).__name__] += 1
            continue
        told[carried.trouble or "taken"] += 1
        assert not carried.must_reopen
    held = pc.facts()
    county_said = {fact.identity for fact in held if fact.stream.startswith("county.")}
    assert {fact.identity for fact in held} <= theirs | county_said
    assert verify(pc.reader, VOCABULARY).is_sound
    assert mail.take(pc, true).trouble == ""
    assert mail.carry(sibling, county).trouble == ""
    assert folded_here(pc) == folded_here(sibling) == folded_there(county, "NX0601")
    with capsys.disabled():
        print(f"\n  mutated answers: {sum(told.values())} {dict(told)}")
    assert sum(told.values()) == 2 * EACH
    sibling.close()


def bomb(pc: Pc, size: int, *, says: int | None = None) -> bytes:
    """A frame that its owner signed, a few KiB that unpack to `size` bytes of nothing."""
    press = zstandard.ZstdCompressor(level=19, write_content_size=says is None)
    block = press.compress(bytes(size))
    key = bytes.fromhex(pc.signer.key_id)
    prefix = FRAME_MAGIC + bytes([1, 0, 19]) + len(block).to_bytes(4, "big") + key
    return prefix + pc.signer.sign(FRAME_LABEL, blake(prefix + block)) + block


@pytest.mark.parametrize(("size", "says"), [(100_000_000, None), (100_000_000, 0)])
def test_a_bomb_is_refused_before_it_is_unpacked(
    pc: Pc, county: County, size: int, says: int | None
) -> None:
    pc.shelve(2)
    inside = mail.opened(mail.bundle(pc), county.keys.signer, TO_COUNTY)
    frame = bomb(pc, size, says=says)
    assert len(frame) < PACKED_BYTES_MAX
    written = mail.sealed(county.keys.signer.public_key, TO_COUNTY, [inside, frame])
    tracemalloc.start()
    done, _ = mail.read(county, written)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (done.facts, done.refused) == (2, 1)
    assert peak < 8_000_000


def test_a_long_file_is_written_and_read_in_little_memory(pc: Pc, tmp_path: Path) -> None:
    piece = random.Random(3).randbytes(1_000_000)
    path = tmp_path / "long"
    tracemalloc.start()
    with path.open("wb") as out:
        write_sealed(out, pc.signer.public_key, FROM_COUNTY, (piece for _ in range(40)))
    with path.open("rb") as file:
        length = sum(map(len, open_sealed(file, pc.signer, FROM_COUNTY)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert length == 40_000_000
    assert peak < 6_000_000


def test_more_than_the_limit_is_not_written(pc: Pc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_file, "SEALED_BYTES_MAX", 1_000_000)
    with pytest.raises(TooLong):
        write_sealed(io.BytesIO(), pc.signer.public_key, FROM_COUNTY, [bytes(1_200_000)])
    out = io.BytesIO()
    monkeypatch.setattr(sealed_file, "SEALED_BYTES_MAX", 2_000_000)
    write_sealed(out, pc.signer.public_key, FROM_COUNTY, [bytes(1_200_000)])
    monkeypatch.setattr(sealed_file, "SEALED_BYTES_MAX", 1_000_000)
    with pytest.raises(TooLong):
        open_sealed(out, pc.signer, FROM_COUNTY)


def test_a_body_that_is_none_of_ours_is_not_gathered_however_long_it_is() -> None:
    """Anybody can seal nonsense to the county: a quarter of a gigabyte of it fits on a stick."""
    reader = BodyReader(BY_STICK.bytes_max)
    assert list(reader.feed(b"nonsense")) == []
    assert reader.trouble == "malformed"
    tracemalloc.start()
    for _ in range(64):
        assert list(reader.feed(bytes(1 << 20))) == []
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 4 << 20
    assert reader.trouble == "malformed"
