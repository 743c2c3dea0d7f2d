"""Enrolment codes and what becomes of them: a new PC of a station, with a slot and a fact.

A code is made for one station, works once and not for long. The county keeps no code: only by what
it finds one again, and what proofs are made with. Asked twice with the same key it answers twice,
because the first answer may have been lost; another key learns that the code is used.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from county_server.county import County
from county_server.intake import Refused
from county_server.revoking import cuts
from county_server.scribe import Scribe
from station_app.journal.fact import Saying
from station_app.reference.facts import DeviceEnrolled
from station_app.security.signing import Signer, fingerprint, key_id, verify
from station_app.sync.enrolment import (
    EXPIRED,
    FULL,
    SECRET_BYTES,
    UNKNOWN,
    USED,
    code_payload,
    is_proof,
    read_payload,
)
from station_app.sync.messages import (
    BLOCK_BYTES_MAX,
    ENROL_PATH,
    ENROLMENT_LABEL,
    REQUEST_LABEL,
    SYNC_METHOD,
    BodyReader,
    EnrolAnswer,
    EnrolRequest,
    Problem,
    decode,
    encode,
    request_message,
    seal_block,
)
from station_app.sync.segment import COUNTY, Rejected
from station_app.values.codes import ENROLMENT, make_code
from station_app.values.day import local_day

CODE_MS = 7 * 24 * 60 * 60 * 1000  # a week: the code travels on paper to the village
SLOTS = 8
SLOT_RESTS_MS = 60 * 24 * 60 * 60 * 1000  # a lost PC's codes may stand on shelves for weeks


class NoStation(LookupError):
    """The county has described no station of this code, or has closed it."""


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code that was just made. expires_at: UTC ms."""

    code: str
    station: str
    expires_at: int


def make_enrolment_code(county: County, station: str) -> NewCode:
    """Make a code for a PC of a station; raises NoStation. The code is told once and not kept."""
    secret = county.chance.draw(SECRET_BYTES)
    signer = county.keys.signer
    payload = code_payload(fingerprint(signer.public_key), secret)
    parts = read_payload(payload)
    assert parts is not None
    now = county.clock.now_ms()
    row = {
        "station": station,
        "lookup": parts.lookup,
        "proof_key": parts.proof_key,
        "made_at": now,
        "expires_at": now + CODE_MS,
        "used_by": "",
        "device": "",
    }
    with county.store.write() as connection:
        if not _is_open_station(county, connection, station):
            raise NoStation(station)
        connection.execute(county.store.tables.codes.insert(), [row])
        county.note_trust(connection, station, parts.lookup, signer.key_id)
    return NewCode(make_code(ENROLMENT, payload), station, now + CODE_MS)


def _is_open_station(county: County, connection: Connection, station: str) -> bool:
    stations = county.store.tables.read["station"]
    row = connection.execute(select(stations.c.status).where(stations.c.code == station)).first()
    return row is not None and row[0] != "closed"


def enrol(county: County, body: bytes) -> bytes:
    """Return the county's signed answer to an enrolment; raises Refused with a named reason."""
    answer, signer = enrolled(county, body)
    return sign_answer(answer, signer)


def enrolled(county: County, body: bytes, *, address: str = "") -> tuple[EnrolAnswer, Signer]:
    """Enrol whoever asks and return what is answered; raises Refused with a named reason.

    With it comes the key to sign it with: that whose fingerprint stands in the code.
    address: under which the county answers, for a PC that asked by stick.
    """
    request, public_key = _read(body)
    now = county.clock.now_ms()
    with county.store.write() as connection:
        codes = county.store.tables.codes
        row = connection.execute(
            select(
                codes.c.station,
                codes.c.proof_key,
                codes.c.expires_at,
                codes.c.used_by,
                codes.c.device,
            ).where(codes.c.lookup == request.lookup)
        ).first()
        if row is None or not is_proof(bytes(row[1]), public_key, request.proof):
            raise Refused(403, Problem(reason=UNKNOWN))
        station, _, expires_at, used_by, device = row
        if used_by and used_by != request.public_key:
            raise Refused(403, Problem(reason=USED))
        if not used_by:
            if expires_at <= now:
                raise Refused(403, Problem(reason=EXPIRED))
            device = _register(county, connection, station, request.public_key)
            trusted = county.signer_for(connection, station, request.lookup)
            county.note_trust(connection, station, device, trusted.key_id)
            connection.execute(
                update(codes)
                .where(codes.c.station == station, codes.c.lookup == request.lookup)
                .values(used_by=request.public_key, device=device)
            )
        slot, slots = _slots(county, connection, station, device)
        signer = county.signer_for(connection, station, request.lookup)
    answer = EnrolAnswer(
        county=county.id,
        county_epoch=county.keys.epoch.number,
        county_key=signer.public_key.hex(),
        station=station,
        device=device,
        slot=slot,
        slots=slots,
        public_key=request.public_key,
        nonce=request.nonce,
        time=now,
        formats=county.formats,
        dictionaries=county.press.numbers,
        address=address,
    )
    return answer, signer


def _read(body: bytes) -> tuple[EnrolRequest, bytes]:
    """Return a request that its own key signed."""
    reader = BodyReader()
    frames = list(reader.feed(body[: BLOCK_BYTES_MAX * 2]))
    block = reader.block
    if block is None or frames or not reader.is_between_frames:
        raise Refused(400, Problem(reason="malformed"))
    request = decode(block.content, EnrolRequest)
    if isinstance(request, Rejected):
        raise Refused(400, Problem(reason="malformed", detail=request.detail))
    try:
        public_key = bytes.fromhex(request.public_key)
    except ValueError as problem:
        raise Refused(400, Problem(reason="malformed", detail="public_key")) from problem
    message = request_message(SYNC_METHOD, ENROL_PATH, block.content)
    is_canonical = public_key.hex() == request.public_key
    if not is_canonical or not verify(public_key, REQUEST_LABEL, message, block.signature):
        raise Refused(401, Problem(reason="bad_signature"))
    return request, public_key


def _register(county: County, connection: Connection, station: str, public_key: str) -> str:
    """Give a new PC its name and slot, register its key, and say so to the station."""
    keys = county.store.tables.keys
    rows = connection.execute(
        select(keys.c.device, keys.c.slot, keys.c.key_id).where(keys.c.station == station)
    ).all()
    resting = _rested(county, connection, station)
    taken = {row[1] for row in rows if row[0] not in resting}
    free = [slot for slot in range(SLOTS) if slot not in taken]
    if not free:
        raise Refused(403, Problem(reason=FULL))
    if county.device_of(connection, key_id(bytes.fromhex(public_key))) is not None:
        raise Refused(403, Problem(reason=USED, detail="this key belongs to a PC already"))
    device = f"D{1 + max((int(row[0][1:]) for row in rows), default=0)}"
    now = county.clock.now_ms()
    connection.execute(
        keys.insert(),
        [
            {
                "station": station,
                "device": device,
                "key_id": key_id(bytes.fromhex(public_key)),
                "public_key": public_key,
                "slot": free[0],
                "enrolled_at": now,
            }
        ],
    )
    enrolled = DeviceEnrolled(
        station=station,
        device=device,
        slot=free[0],
        public_key=public_key,
        day=local_day(now),
    )
    scribe = Scribe(county.store, connection, county.keys, county.chance)
    scribe.say(station, [Saying(enrolled)], by=COUNTY, at=now)
    scribe.seal()
    return device


def _rested(county: County, connection: Connection, station: str) -> set[str]:
    """Return the PCs that were cut off so long ago that their slot may be given again."""
    since = county.clock.now_ms() - SLOT_RESTS_MS
    return {cut.device for cut in cuts(county.store, connection, [station]) if cut.at <= since}


def _slots(county: County, connection: Connection, station: str, device: str) -> tuple[int, int]:
    """Return a PC's slot and how many living slots its station has."""
    keys = county.store.tables.keys
    rows = connection.execute(
        select(keys.c.device, keys.c.slot).where(keys.c.station == station)
    ).all()
    gone = {cut.device for cut in cuts(county.store, connection, [station])}
    living = sum(1 for row in rows if row[0] not in gone)
    return next(row[1] for row in rows if row[0] == device), living


def sign_answer(answer: EnrolAnswer, signer: Signer) -> bytes:
    """Return the signed block of an answer."""
    content = encode(answer)
    return seal_block(content, signer.sign(ENROLMENT_LABEL, content), signer.key_id)
