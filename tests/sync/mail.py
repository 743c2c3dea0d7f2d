"""Sticks for the tests of sync: bundles and answers as the bytes that lie on one."""

import io
from collections.abc import Iterable

from county_server.bundles import BundleRead, read_bundle
from county_server.county import County
from station_app.security.sealed_file import FROM_COUNTY, TO_COUNTY, open_sealed, write_sealed
from station_app.security.signing import Signer
from station_app.sync.blob_port import StationBlobs
from station_app.sync.courier import Carried, Courier, Written
from station_app.sync.sibling import SiblingMail
from tests.sync.stand import Pc


def courier(pc: Pc) -> Courier:
    photos = StationBlobs(pc.reader, pc.session.write, pc.port.county_epoch)
    return Courier(pc.port, pc.signer, pc.press, pc.county, pc.key_of, pc.asking, photos)


def sealed(public_key: bytes, use: int, content: Iterable[bytes]) -> bytes:
    out = io.BytesIO()
    write_sealed(out, public_key, use, content)
    return out.getvalue()


def opened(content: bytes, signer: Signer, use: int) -> bytes:
    return b"".join(open_sealed(io.BytesIO(content), signer, use))


def bundle(pc: Pc) -> bytes:
    """What a PC writes on a stick now."""
    pc.clock.at += 1_000
    key = pc.county.key.public_key  # type: ignore[attr-defined]
    return sealed(key, TO_COUNTY, courier(pc).bundle(pc.clock.at, Written()))


def read(county: County, content: bytes) -> tuple[BundleRead, bytes]:
    """Let the county take a bundle; return what came of it, and its answer."""
    answer = read_bundle(county, io.BytesIO(content))
    out = io.BytesIO()
    answer.seal(out)
    return answer.read, out.getvalue()


def take(pc: Pc, answer: bytes) -> Carried:
    """Let a PC take an answer, and once more if its journal must be opened anew."""
    carried = _take(pc, answer)
    if carried.must_reopen:
        pc.restart()
        return _take(pc, answer)
    return carried


def _take(pc: Pc, answer: bytes) -> Carried:
    return courier(pc).take(open_sealed(io.BytesIO(answer), pc.signer, FROM_COUNTY), pc.clock.at)


def carry(pc: Pc, county: County) -> Carried:
    """Out, to the county, and back."""
    return take(pc, read(county, bundle(pc))[1])


def hand_on(pc: Pc, sibling: Pc) -> Carried:
    """From one PC of a station to the other, with no county."""
    pc.clock.at += 1_000
    content = b"".join(sibling_mail(pc).bundle(sibling.place, pc.clock.at, Written()))
    return sibling_mail(sibling).take([content], sibling.clock.at)


def sibling_mail(pc: Pc) -> SiblingMail:
    return SiblingMail(pc.port, pc.signer, pc.press, pc.county, pc.key_of)
