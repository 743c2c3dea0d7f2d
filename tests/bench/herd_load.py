"""The crowd at the door: `python -m tests.bench.herd_load URL FILE`, a process of its own.

FILE holds the requests, each made beforehand; nothing is computed while the clock runs. All are
sent within WITHIN_MS over a connection each. Who is told to come again waits as long as he was
told and sends the same bytes. Prints one JSON object.
"""

import asyncio
import json
import pickle
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from station_app.sync.messages import CONTENT_TYPE, SYNC_PATH, BodyReader

WITHIN_MS = 100
TRIES_MAX = 20
OK = 200


@dataclass(slots=True)
class Seen:
    """What one PC has seen: statuses in order, seconds from its first byte to its receipt."""

    statuses: list[int] = field(default_factory=list)
    waited_s: list[float] = field(default_factory=list)
    began: float = 0.0
    ended: float = 0.0
    has_receipt: bool = False


async def answered(host: str, port: int, request: bytes) -> tuple[int, float, bytes]:
    """Send a request; return status, seconds to wait if any are named, and the body."""
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(request)
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        body = await reader.readexactly(int(fields["content-length"]))
        return int(head[0].split()[1]), float(fields.get("retry-after", 0)), body
    finally:
        writer.close()


async def one(host: str, port: int, body: bytes, delay: float) -> Seen:
    """Be one PC: send, obey, until there is a receipt."""
    head = f"POST {SYNC_PATH} HTTP/1.1\r\nhost: {host}\r\ncontent-type: {CONTENT_TYPE}\r\n"
    request = f"{head}content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body
    await asyncio.sleep(delay)
    seen = Seen(began=time.monotonic())
    for _ in range(TRIES_MAX):
        status, wait, answer = await answered(host, port, request)
        seen.statuses.append(status)
        if status == OK:
            reader = BodyReader()
            list(reader.feed(answer))
            seen.has_receipt = reader.block is not None
            seen.ended = time.monotonic()
            break
        seen.waited_s.append(wait)
        await asyncio.sleep(wait)
    return seen


async def crowd(url: str, bodies: list[bytes]) -> list[Seen]:
    """Let all come within WITHIN_MS."""
    where = urlsplit(url)
    step = WITHIN_MS / 1000 / max(1, len(bodies))
    calls = [
        one(str(where.hostname), int(where.port or 80), body, place * step)
        for place, body in enumerate(bodies)
    ]
    return list(await asyncio.gather(*calls))


def main() -> None:
    """Read the requests, let them go, say what was seen."""
    bodies: list[bytes] = pickle.loads(Path(sys.argv[2]).read_bytes())
    seen = asyncio.run(crowd(sys.argv[1], bodies))
    shown = [
        {
            "statuses": one.statuses,
            "waited_s": one.waited_s,
            "began": one.began,
            "ended": one.ended,
            "has_receipt": one.has_receipt,
        }
        for one in seen
    ]
    sys.stdout.write(json.dumps(shown))


if __name__ == "__main__":
    main()
