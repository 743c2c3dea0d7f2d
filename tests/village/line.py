"""The line between a PC and the county, with every fault that a village line has.

`Line.carry` takes a request and returns what comes back, or the cause why nothing does. What the
county did meanwhile is real: an answer that is lost on the way was committed before.
"""

import gzip
import random
from collections.abc import Callable

from county_server.county import County
from county_server.intake import Push, Refused
from station_app.sync import causes
from station_app.sync.exchange import Request
from station_app.sync.frame import format_of
from station_app.sync.messages import CONTENT_TYPE, BodyReader
from tests.sync.stand import Reply, post
from tests.village.disk import NoPower

HTML = {"content-type": "text/html"}
PORTAL = "<html><title>免费上网</title></html>".encode()

# Fault → how often, in a thousand trips over a bad line; the rest goes well.
FAULTS: dict[str, int] = {
    "refused": 60,  # nobody answers: nothing has left
    "lost_before": 50,  # the request never came
    "lost_after": 90,  # the county committed, the answer was lost
    "cut_request": 70,  # the line broke while the request was sent
    "cut_answer": 90,  # … while the answer came
    "twice": 60,  # the request was delivered twice
    "late": 50,  # a copy of it comes again, much later
    "reordered": 30,  # an older answer comes in place of this one
    "portal": 40,  # a page that wants a login, with status 200
    "redirect": 20,
    "bad_gateway": 30,
    "busy": 30,
    "garbage": 30,
    "flipped_request": 50,  # one bit
    "flipped_answer": 60,
    "wrong_length": 20,
    "slow": 40,  # the body comes in small pieces
    "too_big": 12,  # somebody between takes short requests only
    "gzip_bomb": 12,  # a few bytes that unpack to a million
    "cut_chunks": 12,  # an answer in chunks that break off
    "black_hole": 12,  # it is taken, and nothing ever comes
}


BLACK_HOLE_MS = 60_000  # so long somebody waits for an answer
SPOILED = ("cut_answer", "flipped_answer", "wrong_length")  # an answer that came in part


class Line:
    """One PC's line. Good or bad by `badness`, in thousandths of `FAULTS`."""

    def __init__(self, county: Callable[[], County | None], dice: random.Random) -> None:
        """Carry to whatever county stands at that moment; None while it is down."""
        self._county = county
        self._dice = dice
        self._late: list[bytes] = []
        self._former: Reply | None = None
        self.badness = 1_000
        self.seen: dict[str, int] = {}
        self.last = ""  # fault of the last trip
        self.formats: dict[int, int] = {}  # of the frames that left
        self.is_foreign = False  # what came back last was no answer to what was asked

    def carry(self, request: Request) -> Reply | str:
        """Carry one request."""
        county = self._county()
        self.is_foreign = False
        if county is None:
            return causes.NO_LINE
        self._note_formats(request.body)
        fault = self.last = self._fault()
        self.seen[fault] = self.seen.get(fault, 0) + 1
        try:
            return self._with(fault, county, request.body)
        except NoPower:  # the county's: no PC writes while its request is on the way
            return causes.NO_ANSWER

    def _note_formats(self, body: bytes) -> None:
        for frame in BodyReader().feed(body):
            version = format_of(frame)
            self.formats[version] = self.formats.get(version, 0) + 1

    def deliver_late(self) -> None:
        """Let an old copy of a request arrive at the county now."""
        county = self._county()
        if self._late and county is not None:
            post(county, self._late.pop(self._dice.randrange(len(self._late))))

    def _fault(self) -> str:
        drawn = self._dice.randrange(1_000)
        for name, often in FAULTS.items():
            drawn -= often * self.badness // 1_000
            if drawn < 0:
                return name
        return "none"

    def _with(self, fault: str, county: County, body: bytes) -> Reply | str:
        instead = _INSTEAD.get(fault)
        if instead is not None:
            self.is_foreign = True
            return instead
        if fault == "cut_request":
            push = Push(county)
            try:
                push.feed(body[: self._dice.randrange(len(body))])
                push.break_off()
            except Refused:
                pass
            return causes.NO_ANSWER
        if fault == "flipped_request":
            body = self._flipped(body)
        if fault == "late":
            self._late.append(body)
        reply = post(county, body, pieces=97 if fault == "slow" else 1 << 20)
        if fault == "twice":
            post(county, body)
        return self._returned(fault, reply)

    def _returned(self, fault: str, reply: Reply) -> Reply | str:
        former, self._former = self._former, reply
        status, headers, content, _ = reply
        if fault == "lost_after":
            return causes.NO_ANSWER
        if fault == "cut_answer" and content:
            return status, headers, content[: self._dice.randrange(len(content))], False
        if fault == "wrong_length" and content:
            return status, headers, content + bytes(7), True
        if fault == "flipped_answer":
            return status, headers, self._flipped(content), True
        if fault == "reordered" and former is not None:
            self.is_foreign = True
            return former
        return reply

    def _flipped(self, data: bytes) -> bytes:
        if not data:
            return data
        place = self._dice.randrange(len(data))
        changed = data[place] ^ (1 << self._dice.randrange(8))
        return data[:place] + bytes([changed]) + data[place + 1 :]


_INSTEAD: dict[str, Reply | str] = {
    "refused": causes.NO_LINE,
    "lost_before": causes.NO_ANSWER,
    "black_hole": causes.NO_ANSWER,
    "portal": (200, HTML, PORTAL, True),
    "redirect": (302, {"location": "http://portal.example/"}, b"", True),
    "bad_gateway": (502, HTML, b"Bad gateway", True),
    "busy": (429, HTML | {"retry-after": "3"}, b"", True),
    "garbage": (200, {"content-type": CONTENT_TYPE}, b"VO" + bytes(300), True),
    "too_big": (413, HTML, b"too large", True),
    "gzip_bomb": (
        200,
        {"content-type": CONTENT_TYPE, "content-encoding": "gzip"},
        gzip.compress(bytes(1_000_000)),
        True,
    ),
    "cut_chunks": (200, {"content-type": CONTENT_TYPE}, b"VO" + bytes(40), False),
}
