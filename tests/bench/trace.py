"""`trace.pages`: public trace pages out of one process over loopback, against bytes from a socket.

Ours is a real county as a process of its own: its door, its cache of a minute, its headers; the
pages are asked for by buyers on lines that stay open. The floor answers every request with the same
bytes and reads none of them. Both are asked by the same buyers, and take turns.
"""

import http.client
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.report import Measured, tell
from tests.county_server.hub_story import CODE, grower, lot
from tests.county_server.order_story import OrderTill
from tests.county_server.serving import Server, enrolled_over, new_data, over
from tests.sync.stand import converse

BUYERS = 4
PAGES = 500  # of each buyer
RUNS = 3
GATE = 500.0  # pages a second
FLOOR = """
import asyncio, sys
answer = bytes.fromhex(sys.stdin.readline())

async def serve(reader, writer):
    while await reader.read(65536):
        writer.write(answer)

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
"""


def asked(port: int, path: str) -> float:
    """Return how many pages a second all buyers got."""

    def buy() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for _ in range(PAGES):
            line.request("GET", path)
            answer = line.getresponse()
            answer.read()
            good.append(answer.status == 200)
        line.close()

    good: list[bool] = []
    buyers = [threading.Thread(target=buy) for _ in range(BUYERS)]
    began = time.perf_counter()
    for buyer in buyers:
        buyer.start()
    for buyer in buyers:
        buyer.join()
    took = time.perf_counter() - began
    if good.count(True) != BUYERS * PAGES:
        raise RuntimeError(f"{good.count(True)} pages of {BUYERS * PAGES} came")
    return len(good) / took


def whole_answer(port: int, path: str) -> bytes:
    """Return an answer as the floor sends it."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", path)
    answer = line.getresponse()
    body = answer.read()
    line.close()
    heads = "".join(f"{name}: {value}\r\n" for name, value in answer.getheaders())
    return f"HTTP/1.1 200 OK\r\n{heads}\r\n".encode() + body


@contextmanager
def bare_socket(page: bytes) -> Iterator[int]:
    """Start the floor, a process of its own; yields its port."""
    floor = subprocess.Popen(
        [sys.executable, "-c", FLOOR], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert floor.stdin is not None
    assert floor.stdout is not None
    floor.stdin.write(page.hex().encode() + b"\n")
    floor.stdin.flush()
    yield int(floor.stdout.readline())
    floor.kill()
    floor.communicate()


def main() -> None:
    """Measure, and print the line; fails below the gate."""
    with tempfile.TemporaryDirectory(prefix="trace-") as place:
        folder = Path(place)
        data = new_data(folder)
        server = Server(data)
        try:
            pc = enrolled_over(server, data, folder / "d1", seed=1)
            till = OrderTill(pc)
            lot(till, grower(till))
            converse(pc, over(server))
            pc.close()
            port, path = urlsplit(server.url).port or 0, f"/t/{CODE}"
            page = whole_answer(port, path)
            with bare_socket(page) as bare:
                turns = [(asked(port, path), asked(bare, path)) for _ in range(RUNS)]
        finally:
            server.stop()
    ours, limit = (statistics.median(column) for column in zip(*turns, strict=True))
    sizes = {"buyers": BUYERS, "pages": BUYERS * PAGES, "bytes": len(page)}
    tell(Measured("trace.pages", ours, limit, "pages/s", RUNS, sizes, is_rate=True))
    if ours < GATE:
        sys.exit(f"trace.pages: {ours:.0f} pages a second, {GATE:.0f} are wanted")
