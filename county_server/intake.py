"""What happens to one sync request: believed, committed, answered, in that order.

The body is taken as it arrives. Its opening says who speaks; the station comes from the registered
key and from nothing else. Every whole frame is checked by itself, and what came before a body broke
off is kept. One transaction holds a push with everything that follows from it; the receipt is
signed after the commit and says only what is held then.

The server never refuses what has happened. What does not join on is asked for again, another
version of a fact is kept beside the first (`forks`), what cannot be read is set aside; of both so
much and no more is taken of one PC (`bounds`).
"""

from collections.abc import Sequence
from dataclasses import replace

from msgspec import UNSET
from sqlalchemy import Connection

from county_server.bare import Bare
from county_server.blobs import CountyBlobs
from county_server.bounds import BRANCHES_FULL, QUARANTINE_FULL, Bounds
from county_server.bulk import put_rows
from county_server.contacts import heard_of, note_whole
from county_server.county import County, KeyRing
from county_server.downlink import Dispatch
from county_server.forks import Forks, as_line
from county_server.held import HeldThere
from county_server.holdings import Holdings, Taken
from county_server.joining import Arrived, joined
from county_server.journal import CountyJournal
from county_server.key_change import KeyChanges
from county_server.loads import announce_what_waits, note_loads
from county_server.mending import compared, mended
from county_server.nonces import raise_nonce
from county_server.openings import is_sane, note_trust, signer_for, speaks_now
from county_server.recording import Recording
from county_server.schema import EVERYWHERE, home_of
from county_server.standing import erasures_in, keep_orders
from station_app.journal.chain import Head
from station_app.journal.fact import VERSION_MARK, Fact
from station_app.sync.frame import COLUMNS, packer_of, unpack
from station_app.sync.messages import (
    BY_LINE,
    BY_STICK,
    NAMED_STREAMS_MAX,
    TIP_HASH_CHARACTERS,
    Block,
    BodyReader,
    Opening,
    Problem,
    Receipt,
    Tip,
    Way,
    read_opening,
    write_receipt,
)
from station_app.sync.places import InFrames
from station_app.sync.segment import (
    COUNTY,
    KnownKey,
    Rejected,
    Segment,
    SignedHead,
    author_of,
)

GROUP_BYTES = 1024 * 1024  # and a bundle that is read as quickly as a disk goes, in pieces
GROUP_MS = 1_000  # a body that trickles in is committed in groups, at the latest each second
OK = 200
GAP = 409


class Refused(Exception):
    """The request gets no receipt. status: of HTTP; retry_after_s: when to come again, or 0."""

    def __init__(self, status: int, problem: Problem, retry_after_s: int = 0) -> None:
        """Keep what to answer."""
        super().__init__(problem.reason)
        self.status = status
        self.problem = problem
        self.retry_after_s = retry_after_s


class Push:
    """One sync request under way, or one bundle of a stick."""

    def __init__(self, county: County, way: Way = BY_LINE) -> None:
        """Begin before the first byte.

        way: a bundle may come late, twice or long after a newer one. So it is measured by no
        nonce, waits for no bucket, and is answered every time: only its PC can open the answer.
        """
        self._county = county
        self._way = way
        self._reader = BodyReader(way.bytes_max, has_photos=way is BY_STICK)
        self._opening: Opening | None = None
        self._key: KnownKey | None = None
        self._packer = ""
        self._frames: list[bytes] = []
        self._number = 0
        self._has_committed = False
        self._ring = KeyRing({})
        self._taken = Taken()
        self._committed_at = county.clock.now_ms()

    def feed(self, piece: bytes) -> None:
        """Take some bytes of the body. Raises Refused; then nothing more is taken."""
        self._frames += self._reader.feed(piece)
        if self._reader.block is not None and self._opening is None:
            self._opening = self._authenticated(self._reader.block)
        if self._reader.trouble == "too_big":
            self._commit_what_came()
            raise Refused(413, Problem(reason="too_big", limit=self._way.bytes_max // 2))
        if self._reader.trouble:
            self._commit_what_came()
            raise Refused(400, Problem(reason=self._reader.trouble))
        is_late = self._county.clock.now_ms() - self._committed_at >= GROUP_MS
        came = [*self._frames, *self._reader.photos]
        is_much = sum(map(len, came)) >= GROUP_BYTES
        if came and (is_late or is_much):
            self.commit()

    @property
    def _is_line(self) -> bool:
        return self._way is BY_LINE

    @property
    def device(self) -> KnownKey | None:
        """Return whose key signed the opening, once it is there."""
        return self._key

    @property
    def taken(self) -> Taken:
        """Return what it has come to so far."""
        return self._taken

    def break_off(self) -> None:
        """The body broke off: keep the frames that came whole."""
        self._commit_what_came()

    def finish(self) -> tuple[int, bytes]:
        """Commit what came and return status and body of the answer."""
        self.check_whole()
        self.commit()
        return self.reply()

    def check_whole(self) -> None:
        """Raise Refused unless the body has come to its end; keep what came of it."""
        if self._opening is None:
            raise Refused(400, Problem(reason="malformed", detail="no opening"))
        if not self._reader.is_between_frames:
            self._commit_what_came()
            raise Refused(400, Problem(reason="cut_off"))

    def reply(self) -> tuple[int, bytes]:
        """Return status and body of the answer, once all is committed."""
        assert self._opening is not None, "it came whole"
        body = self.answer(self._opening)
        return (GAP if self._taken.has_gap else OK), body

    def _commit_what_came(self) -> None:
        if self._opening is not None and (self._frames or self._reader.photos):
            self.commit()

    # --- Who speaks ------------------------------------------------------------------------------

    def _authenticated(self, block: Block) -> Opening:
        county = self._county
        now = county.clock.now_ms()
        with county.store.read(behind=True) as connection:
            key = county.device_of(connection, block.key_id)
            if key is None:
                raise Refused(401, Problem(reason="unknown_key", detail=block.key_id))
            wait_ms = county.buckets.wait_ms(county.store, connection, key.owner, now)
            self._ring = county.ring(connection, key.owner.rpartition("/")[0])
        if wait_ms and self._is_line:
            raise Refused(429, Problem(reason="busy"), 1 + wait_ms // 1000 + county.spread_s())
        opening = read_opening(block, key, self._way)
        if isinstance(opening, Rejected):
            raise Refused(
                401 if opening.reason == "bad_signature" else 400,
                Problem(reason=opening.reason, detail=opening.detail),
            )
        if not is_sane(opening):
            raise Refused(400, Problem(reason="malformed", detail="opening"))
        self._key, self._packer = key, block.key_id
        return opening

    # --- Committing ------------------------------------------------------------------------------

    def commit(self) -> None:
        """Take the frames that have come so far, in one transaction."""
        opening = self._opening
        assert opening is not None
        segments = self._unpacked(opening)
        with self._county.store.write(behind=True) as connection:
            self._lock(connection, opening, segments)
            self._enter(connection, opening, segments)
        self._note_commit()

    def enter(self, connection: Connection) -> None:
        """Take the frames that have come so far, in the caller's transaction.

        He has locked the whole database, has seen that the body came whole, and calls `reply`
        once it is committed.
        """
        assert self._opening is not None
        self._enter(connection, self._opening, self._unpacked(self._opening))
        self._note_commit()

    def _note_commit(self) -> None:
        self._has_committed = True
        self._committed_at = self._county.clock.now_ms()

    def _lock(self, connection: Connection, opening: Opening, segments: Arrived) -> None:
        store = self._county.store
        if any(home_of(segment.stream) == EVERYWHERE for _, segment in segments):
            store.lock(connection, EVERYWHERE)
        store.lock(connection, opening.device.rpartition("/")[0])

    def _enter(self, connection: Connection, opening: Opening, segments: Arrived) -> None:
        county, before = self._county, self._taken.facts
        station = opening.device.rpartition("/")[0]
        if not self._has_committed and self._is_line:
            self._raise_nonce(connection, opening)
        is_former = self._key is not None and self._key.is_former
        changes = KeyChanges(county, connection, station, is_former)
        intake = _Intake(county, connection, station, self._taken, changes)
        intake.take(segments)
        intake.flush()
        changes.vouch_tips(opening)
        self._note_contact(connection, opening, station)
        now, fresh = county.clock.now_ms(), self._taken.facts - before
        photos, self._reader.photos = self._reader.photos, []
        blobs = CountyBlobs(county.store, connection, station)
        self._taken.photos += [blobs.take_whole(content, now) for content in photos]
        if self._is_line and fresh:
            county.buckets.spend(county.store, connection, opening.device, fresh, now_ms=now)

    def _unpacked(self, opening: Opening) -> Arrived:
        """Return the segments of the frames that have come; note why others are not taken.

        All that can be checked without the database is checked here, before it is locked.
        """
        county, station = self._county, opening.device.rpartition("/")[0]
        segments: list[tuple[int, Segment]] = []
        frames, self._frames = self._frames, []
        places = InFrames(HeldThere(county.store, station))
        for frame in frames:
            found = unpack(
                frame,
                self._ring,
                county.press,
                county=county.id,
                places=places,
                formats=county.formats,
            )
            if not isinstance(found, Rejected) and packer_of(frame) != self._packer:
                found = Rejected("foreign_packer")
            if isinstance(found, Rejected):
                self._taken.refused.append((self._number, found.reason))
            else:
                for segment in found:
                    places.note(segment.facts)
                    if home_of(segment.stream) in (station, EVERYWHERE):
                        segments.append((self._number, segment))
                    else:
                        self._taken.refused.append((self._number, "foreign_stream"))
            self._number += 1
        return segments

    def _raise_nonce(self, connection: Connection, opening: Opening) -> None:
        """Let a nonce be used once: whoever replays a request is not told anything."""
        is_fresh = raise_nonce(
            self._county.store,
            connection,
            owner=opening.device,
            epoch=opening.epoch,
            counter=opening.counter,
        )
        if not is_fresh:
            raise Refused(409, Problem(reason="replayed"))

    def _note_contact(self, connection: Connection, opening: Opening, station: str) -> None:
        county = self._county
        now = county.clock.now_ms()
        device = opening.device.rpartition("/")[2]
        note_trust(county, connection, opening)
        row = {
            "station": station,
            "device": device,
            "at": now,
            "waiting": max(0, opening.waiting - self._taken.facts),
            "oldest_at": opening.oldest_at,
            "clock_ahead_ms": opening.clock - now,
            "fold_version": opening.fold_version,
        }
        if not self._is_line:
            row["clock_ahead_ms"] = 0  # days on the road say nothing of its clock
        else:
            note_whole(county.store, connection, opening)
        if self._is_line or self._taken.facts:
            put_rows(connection, county.store.upsert(county.store.tables.contacts), [row])

    # --- Answering -------------------------------------------------------------------------------

    def answer(self, opening: Opening) -> bytes:
        """Return receipt and news for an opening that was checked, or made here."""
        county, taken = self._county, self._taken
        if not county.is_busy:
            announce_what_waits(county)
        station = opening.device.rpartition("/")[0]
        # Only a new PC is told what is open at its station, which takes the folds.
        with county.store.read(behind=not opening.stage) as connection:
            journal = CountyJournal(county.store, connection)
            signer = signer_for(county, connection, opening)
            down = Dispatch(
                county,
                connection,
                opening,
                signer,
                is_stick=not self._is_line,
                is_former=self._key is not None and self._key.is_former,
            ).load()
            held = Holdings(county, connection, station, taken).of(opening, down)
            receipt = Receipt(
                county=county.id,
                county_epoch=county.keys.epoch.number,
                device=opening.device,
                epoch=opening.epoch,
                counter=opening.counter,
                time=county.clock.now_ms(),
                held=held,
                branched=tuple(sorted(taken.branched)),
                cursors=tuple(down.cursors),
                begun=down.begun,
                more=int(down.has_more),
                tips=()
                if down.is_cut_off
                else tuple(
                    Tip(head.stream, head.to, head.identity[:TIP_HASH_CHARACTERS])
                    for head in journal.ends(station)[:NAMED_STREAMS_MAX]
                ),
                missing=_missing(journal, opening.device, of_its_own=down.is_cut_off),
                refused=tuple(taken.refused),
                photos=tuple(taken.photos),
                formats=county.formats,
                dictionaries=county.press.numbers,
                stage=down.stage,
                places=tuple(down.places) if down.stage else (),
                aside=down.aside,
                total=down.total,
                since=down.since,
                pcs=heard_of(county.store, connection, station),
                speaks=speaks_now(county, connection, self._key),
                spans=UNSET if down.is_cut_off else compared(county.store, connection, opening),
                bare=Bare(county.store, connection, station).named(opening.counter) or UNSET,
            )
        is_short = COLUMNS in opening.formats and COLUMNS in county.formats
        block = write_receipt(receipt, signer, self._way, is_short=is_short)
        return b"".join([block, *down.frames])


def _missing(journal: CountyJournal, device: str, *, of_its_own: bool) -> tuple[str, ...]:
    """Return what lacks here; a PC that was cut off is asked for its own streams, and no others."""
    author = device if of_its_own else ""
    return tuple(journal.missing(device.rpartition("/")[0], author)[:NAMED_STREAMS_MAX])


class _Intake:
    """Takes frames inside one transaction."""

    def __init__(
        self,
        county: County,
        connection: Connection,
        station: str,
        taken: Taken,
        changes: KeyChanges,
    ) -> None:
        self._changes = changes
        self._county = county
        self._connection = connection
        self._station = station
        self._taken = taken
        self._journal = CountyJournal(county.store, connection)
        self._recording = Recording(county.store, connection, defers=county.is_busy)
        changes.flush = self.flush
        self._forks = Forks(county, connection, station)
        self._bounds = Bounds(county.store, connection, station)
        self._frame = 0

    def take(self, segments: Arrived) -> None:
        """Take segments in their order; those that continue one another go in as one."""
        for run in joined(segments):
            first = run[0][1]
            before = self._journal.head(first.stream)
            is_new = before.to == first.first - 1 and self._agrees(first, before, before.to)
            facts = tuple(fact for _, segment in run for fact in segment.facts)
            if is_new and len(run) > 1 and self._bounds.can_read(facts):
                self._append(facts, before, [segment.head for _, segment in run])
            else:
                for self._frame, segment in run:
                    self._take(segment)

    def flush(self) -> None:
        """Write what has gathered."""
        self._recording.flush()

    def _take(self, segment: Segment) -> None:
        before = self._journal.head(segment.stream)
        if segment.first > before.to + 1 and not self._joins_a_version(segment):
            self._taken.has_gap = True
            return
        shared = min(before.to, segment.last)
        if segment.first <= before.to + 1:
            self._taken.facts += mended(
                self._county.store, self._connection, self._recording, segment
            )
        if segment.first > before.to + 1 or not self._agrees(segment, before, shared):
            self._beside(segment)
            return
        fresh = segment.facts[shared + 1 - segment.first :]
        if not self._bounds.has_room_to_set_aside(fresh):
            self._refuse(QUARANTINE_FULL)
            return
        self._append(fresh, before, [segment.head])

    def _append(self, fresh: Sequence[Fact], before: Head, heads: Sequence[SignedHead]) -> None:
        """Enter facts that continue what is held, and keep the heads that their author signed."""
        last = heads[-1]
        if fresh:
            is_station = author_of(last.stream) != COUNTY
            if is_station:  # whose names a station erases, stay erased
                keys, vocabulary = self._county.keys, self._county.store.vocabulary
                own = keys.signer.public_key
                keep_orders(keys.folder, erasures_in(fresh, self._station, own, vocabulary))
                self._changes.doubt(fresh[0], heads[0])
            self._recording.enter(fresh, before)
            if is_station:
                note_loads(self._county.store, self._connection, fresh)
                self._changes.look(fresh, heads)
                self._changes.vouch(fresh[0], heads[0])
            self._taken.facts += len(fresh)
            if author_of(last.stream) != COUNTY:
                self._journal.add_run(self._station, last.stream, fresh[0].seq, last.to)
        self._journal.keep_heads(heads)
        self._end(Head(last.stream, last.to, last.identity))

    def _refuse(self, reason: str) -> None:
        """Leave a frame with the PC: it stays there, and is told why."""
        if (self._frame, reason) not in self._taken.refused:
            self._taken.refused.append((self._frame, reason))

    def _joins_a_version(self, segment: Segment) -> bool:
        """Tell whether a run that lies beyond the main line goes on from another version."""
        known = (segment.prev, segment.facts[0].identity)
        return any(VERSION_MARK in self._journal.stream_of(i, self._station) for i in known)

    def _agrees(self, segment: Segment, before: Head, shared: int) -> bool:
        """Tell whether a segment says the same of the facts that are held already."""
        if shared >= segment.first:
            known = segment.facts[shared - segment.first].identity
            return self._journal.identity_at(segment.stream, shared) == known
        return not before.to or segment.prev == before.identity

    def _end(self, head: Head) -> None:
        former = self._taken.ends.get(head.stream)
        if former is None or former.to < head.to:
            self._taken.ends[head.stream] = head

    def _beside(self, segment: Segment) -> None:
        """Keep another version of a stream beside the first; nothing of it counts for now."""
        if author_of(segment.stream) == COUNTY:
            self._taken.facts += self._forks.keep_what_the_county_said(segment)
            self._note_branched(segment)
            return
        fresh = self._forks.fresh(segment.facts)
        before = self._forks.end_before(fresh[0]) if fresh else None
        if fresh and (before is None or fresh[0].seq + len(fresh) - 1 != segment.last):
            self._taken.has_gap = True
            return
        if before is None:  # all of it is held
            line = self._journal.stream_of(segment.head.identity, self._station)
            self._journal.keep_head(replace(segment.head, stream=line))
        else:
            if not self._bounds.has_room_beside(author_of(segment.stream), len(fresh)):
                self._refuse(BRANCHES_FULL)
                return
            line = before.stream
            self._append(as_line(fresh, line), before, [replace(segment.head, stream=line)])
            self.flush()
            self._forks.say_found(fresh[0])
        self._note_branched(segment)

    def _note_branched(self, segment: Segment) -> None:
        self._taken.branched.add(segment.stream)
        self._taken.ends[segment.stream] = Head(segment.stream, segment.last, segment.head.identity)
