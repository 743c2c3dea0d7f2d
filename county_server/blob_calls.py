"""`PUT` and `GET /v1/blobs/HASH`: who asks, what came, and the signed word of how the blob stands.

As in the intake, the station comes from the registered key and from nothing else, a nonce is good
once, and the word follows the commit. This part knows no HTTP; `app` hands it headers and bytes.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from county_server.blobs import CountyBlobs, Held
from county_server.county import County
from county_server.cut_off import is_cut_off
from county_server.intake import Refused
from county_server.nonces import raise_nonce
from station_app.journal.blob import BLOB_BYTES_MAX, is_blob_name
from station_app.journal.fact import INTEGER_MAX, blake
from station_app.sync.blobs import (
    BLOBS_PATH,
    PUT,
    STATUS,
    BlobOpening,
    BlobReceipt,
    block_of,
    read_blob_opening,
    write_blob_receipt,
)
from station_app.sync.messages import Problem
from station_app.sync.segment import KnownKey, Rejected

FACT_BYTES = 1024  # of a photo count as one fact against the bucket of its device


@dataclass(frozen=True, slots=True)
class BlobAnswer:
    """Status and body of an answer, and how the blob stands."""

    status: int
    body: bytes
    state: str


class BlobCall:
    """One request about a blob, believed or refused before its body is read."""

    def __init__(self, county: County, method: str, path: str, authorization: str) -> None:
        """Look at who asks; raises Refused."""
        self._county = county
        self.method = method
        name = path.removeprefix(BLOBS_PATH)
        block = block_of(authorization)
        if block is None or not is_blob_name(name):
            raise Refused(400, Problem(reason="malformed", detail="opening"))
        now = county.clock.now_ms()
        with county.store.read(behind=True) as connection:
            key = county.device_of(connection, block.key_id)
            if key is None:
                raise Refused(401, Problem(reason="unknown_key", detail=block.key_id))
            wait_ms = county.buckets.wait_ms(county.store, connection, key.owner, now)
        if wait_ms:
            raise Refused(429, Problem(reason="busy"), 1 + wait_ms // 1000 + county.spread_s())
        opening = read_blob_opening(block, key, method, path)
        if isinstance(opening, Rejected):
            is_forged = opening.reason == "bad_signature"
            problem = Problem(reason=opening.reason, detail=opening.detail)
            raise Refused(401 if is_forged else 400, problem)
        self._opening = _checked(opening)
        self._key: KnownKey = key

    @property
    def bytes_max(self) -> int:
        """Return how long the body may be: as long as was signed."""
        return self._opening.length if self.method == PUT else 0

    def put(self, piece: bytes, *, is_whole: bool = True) -> BlobAnswer:
        """Take the bytes that came; is_whole: the body did not break off."""
        opening = self._opening
        if is_whole and (len(piece) != opening.length or blake(piece).hex() != opening.digest):
            raise Refused(400, Problem(reason="malformed", detail="not the bytes that were signed"))
        station = self._key.owner.rpartition("/")[0]
        county = self._county
        now = county.clock.now_ms()
        with county.store.write(behind=True) as connection:
            county.store.lock(connection, station)
            self._raise_nonce(connection)
            blobs = CountyBlobs(county.store, connection, station)
            held = blobs.take(opening.hash, opening.size, opening.first, piece, now)
            self._spend(connection, len(piece))
        return self._answer(held, b"")

    def get(self) -> BlobAnswer:
        """Return the bytes that are asked for, to a PC of the station whose fact names them.

        A PC that was cut off may hand in; it gets nothing about people.
        """
        opening = self._opening
        station, _, device = self._key.owner.rpartition("/")
        county = self._county
        with county.store.write(behind=True) as connection:
            is_cut = self._key.is_former or is_cut_off(county.store, connection, station, device)
            if is_cut:
                raise Refused(403, Problem(reason="revoked"))
            county.store.lock(connection, station)
            self._raise_nonce(connection)
            blobs = CountyBlobs(county.store, connection, station)
            held, content = blobs.fetch(opening.hash, opening.first, opening.length)
            self._spend(connection, len(content))
        return self._answer(held, content)

    def _spend(self, connection: Connection, count: int) -> None:
        """Count bytes as facts: a photo costs its PC what as many bytes of facts would."""
        county, cost = self._county, 1 + count // FACT_BYTES
        now = county.clock.now_ms()
        county.buckets.spend(county.store, connection, self._key.owner, cost, now_ms=now)

    def _raise_nonce(self, connection: Connection) -> None:
        opening = self._opening
        is_fresh = raise_nonce(
            self._county.store,
            connection,
            owner=self._key.owner,
            epoch=opening.epoch,
            counter=opening.counter,
        )
        if not is_fresh:
            raise Refused(409, Problem(reason="replayed"))

    def _answer(self, held: Held, content: bytes) -> BlobAnswer:
        county, opening = self._county, self._opening
        receipt = BlobReceipt(
            county=county.id,
            county_epoch=county.keys.epoch.number,
            device=opening.device,
            epoch=opening.epoch,
            counter=opening.counter,
            time=county.clock.now_ms(),
            hash=opening.hash,
            state=held.state,
            held=held.held,
            size=held.size,
            first=opening.first,
        )
        station, _, device = self._key.owner.rpartition("/")
        with county.store.read(behind=True) as connection:
            signer = county.signer_for(connection, station, device)
        block = write_blob_receipt(receipt, signer)
        return BlobAnswer(STATUS[held.state], block + content, held.state)


def _checked(opening: BlobOpening) -> BlobOpening:
    """Return the opening if its numbers are such as a device says; raises Refused."""
    numbers = (opening.counter, opening.size, opening.first, opening.length)
    is_sane = (
        len(opening.epoch) == 16
        and opening.counter > 0
        and all(0 <= number <= INTEGER_MAX for number in numbers)
    )
    if not is_sane:
        raise Refused(400, Problem(reason="malformed", detail="opening"))
    if opening.size > BLOB_BYTES_MAX:
        raise Refused(413, Problem(reason="too_big", limit=BLOB_BYTES_MAX))
    if opening.size and opening.length > opening.size:
        raise Refused(400, Problem(reason="malformed", detail="opening"))
    return opening
