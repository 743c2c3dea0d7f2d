"""From one PC of a station to the other by stick, with no county in between.

What travels is what travels to the county: a signed opening that says how far the writer's streams
reach, and frames. It is sealed to the sibling's key. The reader believes the authors' heads and
nothing else: no mark moves, no cursor moves, since only the county can say what it holds.

A bundle holds what the county has not confirmed, and beyond what the sibling's own last bundle has
named, if one ever came: so two PCs without a line converge after each has carried once.

Behind the facts stand photos: those that the county lacks, and those that a page of the sibling
waits for. Before them stands a note of what the writer itself holds and waits for, so that the
next bundle towards it carries only what it lacks. A photo proves itself by its name: what no
private part here names, such as one that was erased meanwhile, is not kept.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import msgspec
from msgspec import UNSET

from station_app.journal.fact import said_as
from station_app.journal.projection import FOLD_VERSION
from station_app.sync.courier import DAMAGED, OTHER_PC, ROOM_BYTES, Carried, Written
from station_app.sync.dictionary import Press
from station_app.sync.messages import (
    BY_HAND,
    NAMED_STREAMS_MAX,
    BodyReader,
    Opening,
    open_request,
    read_opening,
    seal_note,
)
from station_app.sync.outgoing import HoldBack, Loader
from station_app.sync.port import JournalPort
from station_app.sync.progress import STICK_IN, Attempt
from station_app.sync.segment import KeyOf, Rejected, Signer, author_of
from station_app.sync.taking import County, Taker, is_shown

NAMES_MAX = 1_000  # photos that a note names: 64 KiB of the 256 that one may have
NAME_CHARACTERS = 64


class PhotoNote(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a PC says of its photos. held: those here that the county lacks; wanted: by a page."""

    held: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()


class PhotoPort(Protocol):
    """What the correspondence of siblings needs of the photos of a journal."""

    def unsent_blobs(self) -> list[str]:
        """Return all blobs here that the county does not have."""
        ...

    def wanted_blobs(self, limit: int) -> list[str]:
        """Return the blobs that a page waits for."""
        ...

    def blob(self, name: str) -> bytes | None:
        """Return the bytes of a blob; None when they are not here."""
        ...

    def take_blob(self, content: bytes, *, at: int) -> bool:
        """Keep a blob that a sibling brought, if it is named here and not held; tell whether."""
        ...

    def note_of(self, sibling: str) -> bytes:
        """Return the last note of a sibling, b"" for none."""
        ...

    def keep_note(self, sibling: str, note: bytes) -> None:
        """Keep what a sibling says of its photos."""
        ...


@dataclass(slots=True)
class SiblingMail:
    """One PC's correspondence with the others of its station."""

    port: JournalPort
    signer: Signer
    press: Press
    county: County
    key_of: KeyOf
    asking: frozenset[str] = frozenset()
    photos: PhotoPort | None = None
    _counter: int = field(default=0)

    # --- Out -------------------------------------------------------------------------------------

    def bundle(self, sibling: str, now_ms: int, written: Written) -> Iterator[bytes]:
        """Yield the opening and then frames for a sibling ("NX0601/D2"); count in `written`."""
        hold = HoldBack(self.asking)
        loader = Loader(self.port, self.signer, self.press, county=self.county.id, hold=hold)
        tips, frames = loader.sibling_load(
            self.port.named_by(sibling), self.port.asked_back(sibling)
        )
        device, epoch = self.port.live.rsplit("/", 1)
        self._counter += 1
        opening = Opening(
            device=device,
            epoch=epoch,
            counter=self._counter,
            county_epoch=self.port.county_epoch(),
            cursor=0,
            room=ROOM_BYTES,
            clock=now_ms,
            fold_version=FOLD_VERSION,
            dictionary=self.press.newest,
            tips=tips,
            missing=self.port.tips()[1],
            bare=tuple(self.port.bare()[:NAMED_STREAMS_MAX]) or UNSET,
        )
        block = open_request(opening, self.signer, BY_HAND)
        yield from written.filled(block, frames)
        if self.photos is not None:
            yield from self._photos(self.photos, sibling, written)

    def _photos(self, photos: PhotoPort, sibling: str, written: Written) -> Iterator[bytes]:
        """Yield the note, and then the photos that the sibling lacks, as many as fit."""
        unsent = photos.unsent_blobs()
        here = PhotoNote(
            held=tuple(unsent[-NAMES_MAX:]), wanted=tuple(photos.wanted_blobs(NAMES_MAX))
        )
        packed = seal_note(msgspec.json.encode(here))
        written.size += len(packed)
        yield packed
        there = read_note(photos.note_of(sibling))
        held = frozenset(there.held)
        lacking = [name for name in unsent if name not in held]
        yield from written.with_photos(dict.fromkeys((*there.wanted, *lacking)), photos.blob)

    # --- In --------------------------------------------------------------------------------------

    def take(self, bundle: Iterable[bytes], now_ms: int) -> Carried:
        """Take a sibling's bundle; each frame proves itself, and what does not join on is left."""
        reader = BodyReader(BY_HAND.bytes_max, has_photos=self.photos is not None)
        opening: Opening | None = None
        taker = Taker(self.port, self.press, self.county, self.key_of)
        down, photos, trouble = 0, 0, ""
        for piece in bundle:
            for frame in reader.feed(piece):
                opening = opening or self._opening(reader)
                if opening is None:
                    return Carried(OTHER_PC)
                if self._is_ahead(opening):
                    return Carried(must_reopen=True)
                assert reader.block is not None, "no opening without its block"
                epoch, packer = self.port.county_epoch(), reader.block.key_id
                cursor = self.port.cursor(epoch)  # where it stands: only the county moves it
                taken = taker.take_frame(frame, epoch, cursor, packer=packer)
                if isinstance(taken, Rejected):
                    trouble = trouble or taken.reason
                else:
                    down += taken
            opening = opening or self._opening(reader)
            photos += self._take_photos(reader, opening, now_ms)
        if opening is None:
            return Carried(DAMAGED if reader.block is None else OTHER_PC)
        if self._is_ahead(opening):
            return Carried(must_reopen=True)
        if not reader.is_between_frames or trouble:
            return Carried(DAMAGED, trouble, facts_down=down, photos=photos)
        self.port.keep_named(opening.device, self._named(opening))
        self.port.keep_asked(opening.device, opening.bare or ())
        if self.photos is not None and reader.note:
            self.photos.keep_note(opening.device, reader.note)
        self.port.note(Attempt(now_ms, STICK_IN, 0, down))
        return Carried(facts_down=down, photos=photos)

    def _take_photos(self, reader: BodyReader, opening: Opening | None, now_ms: int) -> int:
        """Keep the photos that have come and are named here; return how many."""
        came, reader.photos = reader.photos, []
        if self.photos is None or opening is None:
            return 0
        return sum(self.photos.take_blob(content, at=now_ms) for content in came)

    def _named(self, opening: Opening) -> dict[str, int]:
        """Return how far the streams reach at a sibling, by the names they are kept under here.

        Where another version stands here, nothing of it is known there: all of it is sent.
        """
        own, named = author_of(self.port.live), dict[str, int]()
        for tip in opening.tips:
            line = self.port.line_at(tip)
            if line is None and author_of(tip.stream) == own:
                continue  # longer there than here: whether it is the same nobody knows
            known = tip.stream if line is None else line or said_as(tip.stream)
            named[known] = max(0 if line == "" else tip.seq, named.get(known, 0))
        return named

    def _opening(self, reader: BodyReader) -> Opening | None:
        """Return who wrote it, if that is another PC of this very station."""
        if reader.block is None:
            return None
        key = self.key_of(reader.block.key_id)
        here = self.port.live.rsplit("/", 1)[0]
        station = here.partition("/")[0]
        if key is None or getattr(key, "is_former", False):
            return None  # a copy of that PC, or an old image of it
        if key.owner == here or key.owner.partition("/")[0] != station:
            return None
        opening = read_opening(reader.block, key, BY_HAND)
        return opening if isinstance(opening, Opening) else None

    def _is_ahead(self, opening: Opening) -> bool:
        """Tell whether the sibling holds something of the live stream that is not held here."""
        return any(is_shown(self.port, tip) for tip in opening.tips)


def read_note(raw: bytes) -> PhotoNote:
    """Return what a PC said of its photos; of one that cannot be read: nothing is known."""
    try:
        note = msgspec.json.decode(raw, type=PhotoNote)
    except msgspec.DecodeError:  # also a note of another shape
        return PhotoNote()
    return PhotoNote(held=note.held[:NAMES_MAX], wanted=note.wanted[:NAMES_MAX])
