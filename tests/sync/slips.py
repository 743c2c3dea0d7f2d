"""Slips with a photo, for the tests of what becomes of it."""

import hashlib

from county_server.blobs import CountyBlobs
from county_server.county import County
from station_app.journal import blobs
from station_app.journal.blob import blob_name
from station_app.journal.fact import Saying
from station_app.journal.kinds import PrivateErased
from station_app.services.cash.facts import PaymentGiven, Tender
from station_app.services.clearing.facts import Portion, RemittanceProof, RemittanceSent
from tests.sync.stand import DAY, STATION, Pc

SLIP = b"\xff\xd8\xff" + b"".join(hashlib.sha256(b"%d" % n).digest() for n in range(4_000))


def attach(pc: Pc, content: bytes) -> str:
    """Keep a photo that no act has taken yet."""
    return pc.session.write(lambda r: blobs.put(r.connection, content, at=pc.clock.at))


def remit(pc: Pc, content: bytes = SLIP, number: int = 1) -> str:
    """Send money with a photo of the slip; return the fact."""
    name = attach(pc, content)
    body = RemittanceSent(
        number=number,
        way="bank",
        amount_fen=100,
        portions=(Portion(purse="", owner="", amount_fen=100),),
        day=DAY,
    )
    proof = RemittanceProof(carrier="任示福", photo=name)
    tender = Tender(way="bank", amount_fen=100)
    paid = PaymentGiven(due_fen=100, tenders=(tender,), shift="", day=DAY)
    return pc.say(Saying(body, proof), Saying(paid)).facts[0].identity


def erase(pc: Pc, fact: str) -> None:
    pc.say(Saying(PrivateErased(persons=(), facts=(fact,), day=DAY)))


def at_county(county: County, content: bytes = SLIP) -> str:
    with county.store.read() as connection:
        return CountyBlobs(county.store, connection, STATION).standing(blob_name(content)).state


def bytes_at_county(county: County, content: bytes = SLIP) -> bytes | None:
    with county.store.read() as connection:
        return CountyBlobs(county.store, connection, STATION).get(blob_name(content))


def state(pc: Pc, content: bytes = SLIP) -> str:
    return blobs.standing(pc.reader, blob_name(content)).state
