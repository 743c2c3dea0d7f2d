"""A thin line to a real server: a proxy on loopback that lets through so many bits a second.

What a bit takes and how far away the other end is are counted from when a byte arrives here, in
both directions at once, as on a duplex line: a piece of `n` bytes leaves when the line has carried
all before it and them, and arrives half the round trip later. Opening a connection costs one round
trip more. The proxy counts connections and bytes, so that a bench can say what a line carried.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

PIECE_BYTES = (
    512  # a piece of 64 ms at 64 kbit/s: small enough to be a line, large enough to keep up
)


@dataclass(slots=True)
class Carried:
    """What went over the line since it was set to zero. up, down: bytes with HTTP heads."""

    connections: int = 0
    up: int = 0
    down: int = 0


class ThinLine:
    """A shaping proxy in a thread of its own.

    bits_per_second: each way; latency_s: there and back.
    """

    def __init__(self, url: str, *, bits_per_second: int, latency_s: float) -> None:
        """Listen on a free port of loopback for connections to `url`."""
        place = urlsplit(url)
        self._to = (place.hostname or "127.0.0.1", place.port or 80)
        self._rate = bits_per_second / 8
        self._half_s = latency_s / 2
        self.carried = Carried()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self.url = ""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait(10)

    def close(self) -> None:
        """Stop listening; connections that are open break off."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _serve(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        self.carried.connections += 1
        await asyncio.sleep(2 * self._half_s)  # the handshake
        far, out = await asyncio.open_connection(*self._to)
        try:
            await asyncio.gather(
                self._carry(near, out, self._count_up), self._carry(far, back, self._count_down)
            )
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            out.close()
            back.close()

    def _count_up(self, count: int) -> None:
        self.carried.up += count

    def _count_down(self, count: int) -> None:
        self.carried.down += count

    async def _carry(
        self,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        count: Callable[[int], None],
    ) -> None:
        """Carry one direction: first the line, then the way."""
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        arriving = asyncio.create_task(self._arrive(under_way, sink))
        clock = self._loop.time
        free_at = clock()
        while piece := await source.read(PIECE_BYTES):
            free_at = max(free_at, clock()) + len(piece) / self._rate
            await _until(clock, free_at)
            count(len(piece))
            under_way.put_nowait((free_at + self._half_s, piece))
        under_way.put_nowait((clock(), b""))
        await arriving

    async def _arrive(
        self, under_way: "asyncio.Queue[tuple[float, bytes]]", sink: asyncio.StreamWriter
    ) -> None:
        while True:
            at, piece = await under_way.get()
            await _until(self._loop.time, at)
            if not piece:
                if sink.can_write_eof():
                    sink.write_eof()
                return
            sink.write(piece)
            await sink.drain()


async def _until(clock: Callable[[], float], at: float) -> None:
    wait = at - clock()
    if wait > 0:
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
        await sleep(wait)
