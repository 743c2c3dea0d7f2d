"""The conversation with the county as a pure state machine: no thread, no sleep, no clock.

Whoever drives it asks `next_request(now)`, carries the request over whatever link there is, and
hands the answer (or the failure) back. One round trip does both ways: facts up, receipt and facts
down. Only a receipt that verifies moves a mark; each whole frame of an answer is kept on its own,
with the cursor, in one transaction. All that a crash between two calls can lose is a try.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from msgspec import UNSET

from station_app.journal.fact import said_as
from station_app.journal.projection import FOLD_VERSION
from station_app.sync import causes
from station_app.sync.bisecting import EVERY_MS, Bisection, Lack
from station_app.sync.blobs import ANSWER_BYTES_MAX, BlobPort, BlobTalk
from station_app.sync.dictionary import Press
from station_app.sync.filling import Filling, is_night
from station_app.sync.frame import COLUMNS, FORMATS
from station_app.sync.judging import FULL, Believed, Nonce, Unsent, judge, trouble_in
from station_app.sync.lending import Borrowing, Lending
from station_app.sync.messages import (
    BODY_BYTES_MAX,
    CONTENT_TYPE,
    NAMED_STREAMS_MAX,
    SYNC_METHOD,
    SYNC_PATH,
    WHOLE,
    Opening,
    Receipt,
    Wanted,
    digest_shown,
    open_request,
)
from station_app.sync.outgoing import HoldBack, Load, Loader
from station_app.sync.pacing import Pace
from station_app.sync.packing import LINE_FRAME_BYTES
from station_app.sync.port import JournalPort
from station_app.sync.progress import ATTEMPTS_KEPT, SENT, Attempt, Diary, LastReceipt, SyncStatus
from station_app.sync.segment import KeyOf, Rejected, Signer, author_of
from station_app.sync.taking import County as County
from station_app.sync.taking import Taker, ahead_of, ends_of
from station_app.values.clock import Chance

MUST_REOPEN = "must_reopen"
NOT_SENT = "not_sent"
STUCK_MS = 60 * 60_000  # what a comparison by tips leaves open is looked into once an hour
ASKED_BYTES = 2 * LINE_FRAME_BYTES  # a failed request that was longer may have arrived in part
HEADERS = {"content-type": CONTENT_TYPE, "accept": CONTENT_TYPE, "accept-encoding": "identity"}


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be carried now, whole; then `on_answer` or `on_failure` must follow."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    answer_bytes_max: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is to be sent before `until` (UTC ms), unless something happens here."""

    until: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one round trip went.

    what: `sent`, `not_sent` (see cause), or `must_reopen`: the county holds a fact of this
    start's stream that is not held here, or has seen its numbers used, so the journal must be
    opened anew before anything is recorded. again: there is more to do at once.
    facts_up: newly confirmed; facts_down: taken. renewed: the key that speaks for this PC, if
    this request was signed with one that the county knows as a former one.
    """

    what: str
    cause: str = ""
    detail: str = ""
    facts_up: int = 0
    facts_down: int = 0
    again: bool = False
    renewed: str = ""


@dataclass(frozen=True, slots=True)
class _Flight:
    """The request under way. lacking: what was known to be missing, here or there."""

    nonce: Nonce
    began: int
    size: int
    load: Load
    lacking: tuple[object, ...]
    stage: int


class Exchange:
    """One device's conversation with its county. It lives as long as the program runs."""

    def __init__(  # noqa: PLR0913 - every end of the conversation is handed in
        self,
        port: JournalPort,
        signer: Signer,
        press: Press,
        *,
        county: County,
        key_of: KeyOf,
        chance: Chance,
        asking: frozenset[str] = frozenset(),
        blobs: BlobPort | None = None,
        formats: tuple[int, ...] = FORMATS,
        closing: frozenset[str] = frozenset(),
    ) -> None:
        """Talk for the device that writes `port.live`.

        key_of: finds the key of a frame's packer or a head's author: the county's, the siblings'.
        asking: kinds of facts that ask others to act; their acts are held back for a minute.
        blobs: the photos, which go last, when nothing else wants the line.
        formats: of frames that this program reads and writes. closing: kinds of facts that end a
        day at the counter.
        """
        self._closing = closing
        self._port = port
        self._signer = signer
        self._press = press
        self._county = county
        self._taker = Taker(port, press, county, key_of, formats=formats)
        self._loader = Loader(
            port, signer, press, county=county.id, hold=HoldBack(asking), formats=formats
        )
        self._blobs = BlobTalk(blobs, signer, county.id, county.speaker) if blobs else None
        self._blob_began, self._blob_size = 0, 0
        self._pace = Pace(chance)
        self._diary = Diary(tuple(port.attempts()), port.backlog())
        self._epoch, self._counter = "", 0
        self._flight: _Flight | None = None
        self._is_hurried = False
        self._wanted: tuple[Wanted, ...] = ()
        self._asked: tuple[str, ...] = ()
        self._filling = Filling(port)
        self._bisection = Bisection(port.between)
        self._holes: tuple[Lack, ...] = ()  # what the county lacks, to be sent
        self._lending = Lending(port.asked_back)
        self._borrowing = Borrowing(port)
        self._is_healing = False
        self._must_ask = False

    def status(self) -> SyncStatus:
        """Return how things stand, from memory."""
        return self._diary.status

    # --- What to do next -------------------------------------------------------------------------

    def hurry(self) -> None:
        """Try at once, hold nothing back: the operator asked, or the day is over."""
        self._is_hurried = True
        self._filling.hurry()

    def compare(self) -> None:
        """Compare all that is held with the county, beginning with the next request."""
        self._bisection.rest()
        self._bisection.begin()
        self.hurry()

    def next_request(self, now_ms: int) -> Request | Wait:
        """Return what to send now, or until when there is nothing to do.

        Acts that ask others to act are marked as offered before this returns.
        """
        assert self._flight is None, "one request at a time"
        assert not self._carries_blob, "one request at a time"
        self._filling.look(now_ms, self._pace.level)
        until = self._pace.wait_until(now_ms)
        if until and not self._is_hurried:
            return Wait(until)
        if self._must_ask:
            return self._depart(self._loader.question(self._asked), now_ms)
        load = self._loader.load(
            room=self._pace.room,
            level=self._pace.level,
            now_ms=now_ms,
            at_once=self._is_hurried,
            asked=self._asked,
            holes=(*self._holes, *self._lending.runs),
        )
        poll_at = self._pace.poll_at(now_ms)
        is_comparing = self._bisection.is_under_way or self._is_healing
        is_idle = not load.frames and not is_comparing
        if poll_at and is_idle and not self._is_hurried:
            photo = self._depart_blob(now_ms) if self._pace.may_carry_bulk(now_ms) else None
            return photo or Wait(min(poll_at, load.held_until or poll_at))
        self._port.offer(load.asking)
        self._is_hurried = False
        return self._depart(load, now_ms)

    def _next_nonce(self) -> Nonce:
        device, epoch = self._port.live.rsplit("/", 1)
        if epoch != self._epoch:
            self._epoch, self._counter = epoch, 0
        self._counter += 1
        return Nonce(device, epoch, self._counter)

    def _depart(self, load: Load, now_ms: int) -> Request:
        nonce = self._next_nonce()
        opening = self._opening(nonce, load, now_ms)
        is_short = COLUMNS in self._port.formats() and COLUMNS in opening.formats
        block = open_request(opening, self._signer, is_short=is_short)
        body = b"".join([block, *(frame.packed for frame in load.frames)])
        stage = opening.stage
        self._flight = _Flight(nonce, now_ms, len(body), load, self._lacking(), stage)
        return Request(SYNC_METHOD, SYNC_PATH, HEADERS, body, BODY_BYTES_MAX)

    def _opening(self, nonce: Nonce, load: Load, now_ms: int) -> Opening:
        county_epoch = self._port.county_epoch()
        stage, place = self._port.stage()
        backlog = self._port.backlog()
        self._diary.departs(now_ms, backlog)
        return Opening(
            device=nonce.device,
            epoch=nonce.epoch,
            counter=nonce.counter,
            county_epoch=county_epoch,
            cursor=self._port.cursor(county_epoch),
            room=self._pace.room,
            clock=now_ms,
            fold_version=FOLD_VERSION,
            dictionary=self._press.newest,
            formats=self._taker.formats,
            waiting=backlog.facts,
            oldest_at=backlog.oldest_at,
            tips=load.tips,
            wanted=self._wanted,
            missing=self._filling.missing(),
            stage=stage,
            place=place,
            county_key=self._county.newest_key() or UNSET,
            spans=self._bisection.asked() or UNSET,
            bare=self._borrowing.named(now_ms) or UNSET,
        )

    @property
    def _carries_blob(self) -> bool:
        return self._blobs is not None and self._blobs.is_under_way

    def _depart_blob(self, now_ms: int) -> Request | None:
        """Return the next piece of a photo, if there is one to send or to fetch."""
        if self._blobs is None or not self._blobs.has_work():
            return None
        asked = self._blobs.next_request(self._next_nonce(), self._pace.room)
        if asked is None:
            return None
        self._blob_began, self._blob_size = now_ms, len(asked.body)
        return Request(asked.method, asked.path, asked.headers, asked.body, ANSWER_BYTES_MAX)

    # --- What came back --------------------------------------------------------------------------

    def on_failure(self, cause: str, now_ms: int, detail: str = "") -> Outcome:
        """Say that no answer came. cause: one of `sync.causes`."""
        if self._blobs is not None and self._blobs.is_under_way:
            self._blobs.give_up()
        else:
            self._land()
        return self._fail(Unsent(cause, detail), now_ms)

    def on_own_fault(self, now_ms: int, detail: str) -> Outcome:
        """Say that this program stumbled in the middle, wherever: what was under way is given up.

        It is remembered only here: what stumbled may have been the journal.
        """
        self._flight = None
        if self._blobs is not None:
            self._blobs.give_up()
        self._pace.failed(now_ms)
        status = self.status()
        attempts = (Attempt(now_ms, causes.OWN_FAULT), *status.attempts)[:ATTEMPTS_KEPT]
        self._diary.failed(attempts, status.backlog, self._pace.retry_at, detail)
        return Outcome(NOT_SENT, causes.OWN_FAULT, detail)

    def on_answer(
        self,
        status: int,
        headers: Mapping[str, str],
        body: bytes,
        now_ms: int,
        *,
        is_whole: bool = True,
    ) -> Outcome:
        """Take an answer. headers: names in lower case; is_whole: the body did not break off."""
        if self._blobs is not None and self._blobs.is_under_way:
            return self._on_blob(self._blobs.on_answer(status, headers, body, now_ms), body, now_ms)
        flight = self._land()
        verdict = judge(
            status,
            headers,
            body,
            is_whole=is_whole,
            nonce=flight.nonce,
            county=self._county.id,
            key_of=self._county.speaker,
        )
        if isinstance(verdict, Unsent) and verdict.cause == causes.TWIN:
            self._fail(verdict, now_ms)
            return Outcome(MUST_REOPEN, causes.TWIN, verdict.detail, again=True)
        if isinstance(verdict, Unsent):
            return self._fail(verdict, now_ms)
        if verdict.receipt.county_epoch < self._port.county_epoch():
            return self._fail(Unsent(causes.OLD_EPOCH), now_ms)
        self._pace.measure(flight.size + len(body), now_ms - flight.began)
        return self._believe(verdict, flight, now_ms)

    def _on_blob(self, unsent: Unsent | None, body: bytes, now_ms: int) -> Outcome:
        """Go on with the next piece, or say why this one does not count."""
        if unsent is not None:
            outcome = self._fail(unsent, now_ms)
            is_twin = unsent.cause == causes.TWIN
            return Outcome(MUST_REOPEN, unsent.cause, again=True) if is_twin else outcome
        self._pace.measure(self._blob_size + len(body), now_ms - self._blob_began)
        self._pace.carried()
        return Outcome(SENT, again=self._blobs is not None and self._blobs.has_work())

    def _land(self) -> _Flight:
        flight = self._flight
        assert flight is not None, "nothing is under way"
        self._flight = None
        # Until a receipt says so, nobody knows how much of a long request has arrived: asking costs
        # less than sending it twice. A short one is simply sent again.
        self._must_ask = flight.load.size > ASKED_BYTES
        return flight

    def _believe(self, answer: Believed, flight: _Flight, now_ms: int) -> Outcome:
        """Take over what a verified answer says and brings."""
        self._must_ask = False
        receipt = answer.receipt
        named = {tip.stream for tip in flight.load.tips}
        is_new = receipt.county_epoch > self._port.county_epoch()
        settled = self._port.settle(receipt, answer.proof, named=named)
        if self._blobs is not None and (settled.confirmed or settled.lost):
            self._blobs.county_holds_more()
        self._hear(answer, now_ms - (now_ms - flight.began) // 2)
        up, forks = settled.confirmed, settled.forks
        if self._taker.is_ahead_of_us(receipt, forks):
            self._fail(Unsent(causes.FORK, self._port.live), now_ms, up=up)
            self._pace.at_once()
            return Outcome(MUST_REOPEN, causes.FORK, self._port.live, up, again=True)
        down, trouble = self._take_frames(answer, flight.stage)
        if down:
            forks = self._port.settle(receipt, answer.proof, named=named).forks
        self._taker.forked.update(forks, receipt.branched)
        self._diary.forks(tuple(sorted(self._taker.forked)))
        is_taken_back = self._loader.take_back(
            flight.load, [n for n, reason in receipt.refused if reason not in FULL]
        )
        trouble = trouble or (None if is_taken_back else trouble_in(answer))
        if trouble is None:
            self._filling.answered(flight.stage, receipt)
        self._compare(receipt)
        self._lending.heard(receipt.county_epoch, flight.load)
        if trouble is not None:
            return self._fail(trouble, now_ms, up=up, down=down)
        self._borrowing.heard(receipt)
        self._filling.end_if_whole(self._wanted, receipt)
        self._bisect(receipt, flight, now_ms)
        lacking = self._lacking()
        has_moved = bool(up or down) or self._has_learnt(flight.load)
        has_more = bool(
            receipt.more
            or settled.lost
            or is_taken_back
            or (flight.load.has_more and has_moved)
            or (any(lacking) and lacking != flight.lacking)
            or self._bisection.is_under_way
            or self._is_healing
            or self._lending.runs
            or self._borrowing.goes_on
            or (is_new and self._port.pending(receipt.county_epoch))
        )
        is_stuck = bool(flight.load.frames) and not up
        self._pace.succeeded(now_ms, has_more=has_more, is_stuck=is_stuck)
        if self._closes(flight.load):
            self._pace.close_day(now_ms, flight.nonce.device)
        has_photos = not has_more and self._blobs is not None and self._blobs.has_work()
        has_photos = has_photos and self._pace.may_carry_bulk(now_ms)
        if has_photos:
            self._pace.carried()
        self._port.note(Attempt(now_ms, SENT, up, down))
        self._diary.succeeded(
            tuple(self._port.attempts()), self._port.backlog(), self._pace.retry_at
        )
        again, renewed = has_more or has_photos, receipt.speaks or ""
        return Outcome(SENT, facts_up=up, facts_down=down, again=again, renewed=renewed)

    def _closes(self, load: Load) -> bool:
        """Tell whether a request has carried the end of a day."""
        segments = (segment for frame in load.frames for segment in frame.segments)
        return any(fact.kind in self._closing for segment in segments for fact in segment.facts)

    def _has_learnt(self, load: Load) -> bool:
        """Tell whether asking without sending has brought something, so that one may go on at once.

        Of a stream that is held there in another version nothing is learnt, however often one asks.
        """
        if load.frames or not load.unsure:
            return not load.frames
        pending = self._port.pending(self._port.county_epoch())
        return sum(entry.was_held for entry in pending) < load.unsure

    def _hear(self, answer: Believed, midway: int) -> None:
        held = answer.receipt.held
        upto = next((entry.seq for entry in held if entry.stream == self._port.live), 0)
        receipt = LastReceipt(upto, digest_shown(answer.proof), midway)
        self._diary.heard(receipt, midway - answer.receipt.time)

    def _take_frames(self, answer: Believed, stage: int) -> tuple[int, Unsent | None]:
        """Take each whole frame of an answer; stop at the first that is not to be believed."""
        down = 0
        receipt = answer.receipt
        for number, (frame, cursor) in enumerate(zip(answer.frames, receipt.cursors, strict=False)):
            ahead = ahead_of(stage, receipt, number)
            taken = self._taker.take_frame(
                frame, receipt.county_epoch, cursor, ahead, packer=answer.key_id
            )
            if isinstance(taken, Rejected):
                return down, Unsent(causes.GARBLED, f"{taken.reason} {taken.detail}")
            down += taken
        return down, None

    def _compare(self, receipt: Receipt) -> None:
        """Look for what one side has and the other lacks, to be asked for in the next request.

        While more is announced, the streams of others come by themselves.
        """
        own, forked = author_of(self._port.live), self._taker.forked_in(receipt)
        ends = [
            (stream, length)
            for stream, length in ends_of(receipt)
            if said_as(stream) not in forked and not (receipt.more and author_of(stream) != own)
        ]
        wanted = self._filling.wanted(ends, comes_anyway=bool(receipt.more))
        if self._port.stage()[0] == WHOLE and not receipt.more:
            others = [tip for tip in receipt.tips if said_as(tip.stream) in forked]
            wanted += tuple(Wanted(t.stream, 0) for t in others if not self._port.line_at(t))
        self._wanted = wanted
        holders = {self._port.stream_of(identity) for identity in receipt.missing}
        self._asked = tuple(sorted(holders - {""}))

    def _bisect(self, receipt: Receipt, flight: "_Flight", now_ms: int) -> None:
        """Go on comparing everything, or begin: when it is due, or tips do not come to rest."""
        bisection = self._bisection
        if bisection.is_under_way:
            if bisection.heard(None if receipt.spans is UNSET else receipt.spans or ()):
                self._end_bisection(now_ms)
            return
        if self._is_healing:  # what lacked has just been sent, and asked for: look once more
            self._holes, self._is_healing = (), False
            bisection.begin()
            return
        is_whole = self._port.stage()[0] == WHOLE and not receipt.more
        lacking = self._lacking()
        is_stuck = any(lacking) and lacking == flight.lacking
        age = abs(now_ms - self._port.compared_at())
        is_due = age >= EVERY_MS and is_night(now_ms)
        if is_whole and (is_due or (is_stuck and age >= STUCK_MS)):
            bisection.rest()
            bisection.begin()

    def _end_bisection(self, now_ms: int) -> None:
        """Ask for what lacks here, send what lacks there, and look once more."""
        self._port.keep_compared(now_ms)
        here, there = self._bisection.lacking()
        if not self._bisection.may_heal():
            return
        forked = {*self._taker.forked, *self._port.forked()}  # these are compared end by end
        own = tuple(Wanted(lack.stream, lack.first - 1, lack.last) for lack in here)
        self._wanted = (*self._wanted, *(w for w in own if w.stream not in forked))
        self._wanted = self._wanted[:NAMED_STREAMS_MAX]
        self._holes = tuple(lack for lack in there if lack.stream not in forked)
        self._is_healing = True

    def _lacking(self) -> tuple[object, ...]:
        """Return what the last comparison showed: a change in it is a reason to go on."""
        return self._wanted, self._asked, self._filling.missing()

    def _fail(self, unsent: Unsent, now_ms: int, *, up: int = 0, down: int = 0) -> Outcome:
        self._filling.failed()
        if unsent.cause == causes.TOO_BIG:
            self._pace.limit(unsent.limit)
        self._pace.failed(now_ms, asked_ms=unsent.retry_after_ms, has_moved=bool(up or down))
        self._port.note(Attempt(now_ms, unsent.cause, up, down))
        self._diary.failed(
            tuple(self._port.attempts()), self._port.backlog(), self._pace.retry_at, unsent.detail
        )
        return Outcome(NOT_SENT, unsent.cause, unsent.detail, up, down)
