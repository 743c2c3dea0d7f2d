"""The county as a web program: sync, enrolment, health, and whatever pages are put in.

Thin on purpose: each call hands bytes to a part that knows no HTTP, and hands its answer back. The
calls do not wait inside on the SQLite path, so one process serves in one thread, one after the
other, and the whole can be run by hand in a test.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import msgspec
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from county_server import metrics as counted
from county_server.admission import Admission
from county_server.blob_calls import BlobAnswer, BlobCall
from county_server.county import County
from county_server.enrol import enrol
from county_server.intake import Push, Refused
from county_server.metrics import Metrics
from station_app.journal.blob import BLOB_BYTES_MAX
from station_app.journal.projection import FOLD_VERSION
from station_app.sync.blobs import BLOBS_PATH, GET, PUT
from station_app.sync.messages import (
    BLOCK_BYTES_MAX,
    BODY_BYTES_MAX,
    CONTENT_TYPE,
    ENROL_PATH,
    HEALTH_PATH,
    PROBLEM_TYPE,
    SYNC_PATH,
    Problem,
)

ENROLMENTS_PER_MINUTE = 60  # a county enrols a few a day; guessing codes needs far more
_MINUTE_MS = 60_000
log = logging.getLogger("county")


class SystemClock:
    """This machine's clock."""

    def now_ms(self) -> int:
        """Return UTC milliseconds."""
        return time.time_ns() // 1_000_000


class SystemChance:
    """The system's random source."""

    def draw(self, count: int) -> bytes:
        """Return `count` random bytes."""
        return secrets.token_bytes(count)


class Calls:
    """The calls of devices."""

    def __init__(self, county: County, admission: Admission, metrics: Metrics) -> None:
        """Answer for one county."""
        self._county = county
        self._admission = admission
        self._metrics = metrics
        self._enrolments: list[int] = []

    async def sync(self, request: Request) -> Response:
        """Take what a device sends and answer with the receipt and what is new."""
        try:
            _check_head(request, BODY_BYTES_MAX)
            with self._admission.request() as visit:
                push = Push(self._county)
                try:
                    async for piece in request.stream():
                        push.feed(visit.count(piece))
                except ClientDisconnect:
                    push.break_off()
                    return Response(status_code=400)
                except asyncio.CancelledError:
                    push.break_off()  # the server ends: what has come whole is kept
                    raise
                status, body = await self._admission.finish(push)
        except Refused as refused:
            return self._refuse(counted.SYNC, refused)
        self._took(push)
        return Response(body, status, media_type=CONTENT_TYPE)

    def _took(self, push: Push) -> None:
        """Count what a push came to."""
        metrics, taken = self._metrics, push.taken
        metrics.facts.inc(taken.facts)
        metrics.branched.inc(len(taken.branched))
        for _, reason in taken.refused:
            metrics.frames.labels(metrics.reason(reason)).inc()
        if taken.facts or taken.refused:
            device = push.device.owner if push.device else ""
            fields = {"device": device, "facts": taken.facts, "frames": len(taken.refused)}
            log.info("push", extra=fields)

    def _refuse(self, call: str, refused: Refused) -> Response:
        """Count a refusal, say it in the log, and answer with it."""
        reason = self._metrics.reason(refused.problem.reason)
        self._metrics.refused.labels(call, reason).inc()
        fields = {"call": call, "reason": reason, "status": refused.status}
        log.info("refused", extra=fields)
        return problem_response(refused)

    def _say_blob(self, call: BlobCall, answer: BlobAnswer, count: int) -> Response:
        """Count a word on a photo, and answer with it."""
        self._metrics.photos.labels(call.method.lower(), answer.state).inc()
        self._metrics.photo_bytes.inc(count)
        return Response(answer.body, answer.status, media_type=CONTENT_TYPE)

    async def blob(self, request: Request) -> Response:
        """Take a piece of a photo, or hand one out; answer how it stands."""
        try:
            _check_head(request, BLOB_BYTES_MAX)
            header = request.headers.get("authorization", "")
            call = BlobCall(self._county, request.method, request.url.path, header)
            if request.method == GET:
                return self._say_blob(call, call.get(), 0)
            piece = b""
            try:
                async for more in request.stream():
                    piece += more
                    if len(piece) > call.bytes_max:
                        raise Refused(413, Problem(reason="too_big", limit=call.bytes_max))
            except ClientDisconnect:
                call.put(piece, is_whole=False)
                return Response(status_code=400)
            except asyncio.CancelledError:
                call.put(piece, is_whole=False)  # the server ends: what has come is kept
                raise
            return self._say_blob(call, call.put(piece), len(piece))
        except Refused as refused:
            return self._refuse(counted.BLOB, refused)

    async def enrol(self, request: Request) -> Response:
        """Take a code and a key; answer which PC of which station this is."""
        try:
            _check_head(request, BLOCK_BYTES_MAX)
            self._hold_guessers()
            body = b""
            async for piece in request.stream():
                body += piece
                if len(body) > BLOCK_BYTES_MAX:
                    raise Refused(413, Problem(reason="too_big"))
            answer = enrol(self._county, body)
        except ClientDisconnect:
            return Response(status_code=400)
        except Refused as refused:
            return self._refuse(counted.ENROL, refused)
        return Response(answer, media_type=CONTENT_TYPE)

    def _hold_guessers(self) -> None:
        now = self._county.clock.now_ms()
        self._enrolments = [at for at in self._enrolments if 0 <= now - at < _MINUTE_MS]
        if len(self._enrolments) >= ENROLMENTS_PER_MINUTE:
            raise Refused(429, Problem(reason="busy"), _MINUTE_MS // 1000)
        self._enrolments.append(now)

    async def health(self, _request: Request) -> Response:
        """Say that the county is there, what time it has and what it can fold; no data."""
        county = self._county
        content = {
            "county": county.id,
            "county_epoch": county.keys.epoch.number,
            "time": county.clock.now_ms(),
            "fold_version": FOLD_VERSION,
            "kinds": sorted(f"{kind} {v}" for kind, v in county.store.vocabulary.kinds),
            "dictionaries": list(county.press.numbers),
        }
        return Response(msgspec.json.encode(content), media_type="application/json")


def _check_head(request: Request, limit: int) -> None:
    """Refuse by the head alone what cannot be ours."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != CONTENT_TYPE or request.headers.get("content-encoding", "identity") != "identity":
        raise Refused(415, Problem(reason="malformed", detail="content type"))
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > limit:
        raise Refused(413, Problem(reason="too_big", limit=limit // 2))


def problem_response(refused: Refused) -> Response:
    """Return the answer to a request that gets none of ours."""
    headers = {"Retry-After": str(refused.retry_after_s)} if refused.retry_after_s else None
    return Response(
        msgspec.json.encode(refused.problem),
        refused.status,
        headers=headers,
        media_type=PROBLEM_TYPE,
    )


def make_app(
    county: County, pages: Sequence[BaseRoute] = (), metrics: Metrics | None = None
) -> Starlette:
    """Return the program of an open county; `pages` are what people look at."""
    admission = Admission(county)
    calls = Calls(county, admission, metrics or Metrics(time.perf_counter))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with admission.open():
            yield

    return Starlette(
        lifespan=lifespan,
        routes=[
            Route(SYNC_PATH, calls.sync, methods=["POST"]),
            Route(ENROL_PATH, calls.enrol, methods=["POST"]),
            Route(HEALTH_PATH, calls.health, methods=["GET"]),
            Route(BLOBS_PATH + "{name}", calls.blob, methods=[PUT, GET]),
            *pages,
        ],
    )
