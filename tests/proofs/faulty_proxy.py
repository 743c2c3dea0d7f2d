"""A proxy on loopback that does to requests and answers what village lines and portals do.

It runs as a process of its own between real stations and a real county, and draws a fault for each
request from a seed. What is sent on is sent as it came: the county's commit is real when its answer
is lost. At SIGTERM it prints how often each fault was played.

    python -m tests.proofs.faulty_proxy --to 8460 --seed 1
"""

import argparse
import asyncio
import json
import random
import signal
import socket
import struct
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress

PIECE = 65_536
ENDLESS_BYTES = 3_000_000  # far more than any answer that a station asks for
HOLD_SECONDS = 30  # how long a dead line stays open; the station gives up before
LATE_AFTER = 5  # requests that pass before a late copy comes
GOOD = 22  # of `GOOD` plus the number of faults, requests that nothing happens to

PORTAL = "<html><title>免费上网</title></html>".encode()


class Broken(Exception):
    """One of the two ends has gone."""


class Talk:
    """One connection of a station, with one request on it at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk over these two."""
        self.reader, self.writer = reader, writer

    def reset(self) -> None:
        """Break the connection as a dead line does, not as a polite end."""
        linger = struct.pack("ii", 1, 0)
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.writer.close()

    async def say(self, data: bytes) -> None:
        """Send."""
        self.writer.write(data)
        await self.writer.drain()


async def read_message(reader: asyncio.StreamReader) -> bytes:
    """Read one HTTP message with a content length; b"" when nothing more comes."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""
    return head + await reader.readexactly(_length(head))


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0


def answer(status: str, body: bytes, *headers: str, length: int | None = None) -> bytes:
    """Return an answer that no county gave."""
    said = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {said}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


class Proxy:
    """Passes requests on to the county, and does something to most of them."""

    def __init__(self, port: int, seed: int) -> None:
        """Stand before the county at a loopback port."""
        self._port = port
        self._dice = random.Random(seed)
        self._late: list[tuple[int, bytes]] = []
        self._former = b""
        self._requests = 0
        self.played: Counter[str] = Counter()
        self.under_way: set[asyncio.Task[None]] = set()
        self._faults: dict[str, Callable[[Talk, bytes], Awaitable[None]]] = {
            name.removeprefix("_do_"): getattr(self, name)
            for name in sorted(dir(self))
            if name.startswith("_do_")
        }

    def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take the requests of one connection, until its end or ours."""
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = Talk(reader, writer)
        ends = (OSError, Broken, asyncio.IncompleteReadError, asyncio.LimitOverrunError)
        try:
            while True:
                fault = self._drawn()
                if fault in ("refuse", "black_hole"):
                    self.played[fault] += 1
                    await self._faults[fault](talk, b"")
                    return
                request = await read_message(reader)
                if not request:
                    return
                self._requests += 1
                self.played[fault or "good"] += 1
                if not fault:
                    await talk.say(await self._passed(request))
                else:
                    await self._faults[fault](talk, request)
                await self._deliver_late()
        except ends:
            pass
        finally:
            writer.close()

    def _drawn(self) -> str:
        names = list(self._faults)
        number = self._dice.randrange(len(names) + GOOD)
        return names[number] if number < len(names) else ""

    # --- The county ------------------------------------------------------------------------------

    async def _passed(self, request: bytes, upto: int | None = None, pieces: int = PIECE) -> bytes:
        """Send a request on, or so many bytes of it, and return the answer."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError as gone:
            raise Broken from gone
        try:
            sent = request[:upto]
            for start in range(0, len(sent), pieces):
                writer.write(sent[start : start + pieces])
                await writer.drain()
                if pieces < PIECE:
                    await asyncio.sleep(0.001)
            if upto is not None:
                return b""
            whole = await read_message(reader)
        except (OSError, asyncio.IncompleteReadError) as gone:
            raise Broken from gone
        finally:
            writer.close()
        if not whole:
            raise Broken
        return whole

    async def _deliver_late(self) -> None:
        due = [request for at, request in self._late if at <= self._requests]
        self._late = [(at, request) for at, request in self._late if at > self._requests]
        for request in due:
            with suppress(Broken):
                await self._passed(request)

    def _somewhere(self, data: bytes) -> int:
        """Return a place behind the head of a message."""
        begin = data.find(b"\r\n\r\n") + 4
        return begin + self._dice.randrange(max(1, len(data) - begin))

    def _flipped(self, data: bytes) -> bytes:
        place = self._somewhere(data)
        if place >= len(data):
            return data
        changed = data[place] ^ (1 << self._dice.randrange(8))
        return data[:place] + bytes([changed]) + data[place + 1 :]

    # --- What happens to the request -------------------------------------------------------------

    async def _do_refuse(self, talk: Talk, _request: bytes) -> None:
        talk.reset()

    async def _do_black_hole(self, talk: Talk, _request: bytes) -> None:
        """The connection stands, and nothing ever comes."""
        await self._hold(talk)

    async def _do_reset_before(self, talk: Talk, _request: bytes) -> None:
        talk.reset()

    async def _do_cut_request(self, talk: Talk, request: bytes) -> None:
        await self._passed(request, self._somewhere(request))
        talk.reset()

    async def _do_flipped_request(self, talk: Talk, request: bytes) -> None:
        await talk.say(await self._passed(self._flipped(request)))

    async def _do_trickled_request(self, talk: Talk, request: bytes) -> None:
        await talk.say(await self._passed(request, pieces=max(97, len(request) // 20)))

    async def _do_twice(self, talk: Talk, request: bytes) -> None:
        first = await self._passed(request)
        second = await self._passed(request)
        await talk.say(self._dice.choice((first, second)))

    async def _do_late_copy(self, talk: Talk, request: bytes) -> None:
        self._late.append((self._requests + LATE_AFTER, request))
        await talk.say(await self._passed(request))

    # --- What happens to the answer --------------------------------------------------------------

    async def _do_lost_answer(self, talk: Talk, request: bytes) -> None:
        await self._passed(request)
        talk.reset()

    async def _do_half_open(self, talk: Talk, request: bytes) -> None:
        """The county has committed; the station hears nothing, and nobody hangs up."""
        await self._passed(request)
        await self._hold(talk)

    async def _do_cut_answer(self, talk: Talk, request: bytes) -> None:
        whole = await self._passed(request)
        await talk.say(whole[: self._somewhere(whole)])
        talk.reset()

    async def _do_ended_answer(self, talk: Talk, request: bytes) -> None:
        whole = await self._passed(request)
        await talk.say(whole[: self._somewhere(whole)])
        raise Broken

    async def _do_trickled_answer(self, talk: Talk, request: bytes) -> None:
        whole = await self._passed(request)
        for start in range(0, len(whole), max(61, len(whole) // 20)):
            await talk.say(whole[start : start + max(61, len(whole) // 20)])
            await asyncio.sleep(0.001)

    async def _do_delayed(self, talk: Talk, request: bytes) -> None:
        await asyncio.sleep(0.05 + self._dice.random() / 10)
        await talk.say(await self._passed(request))

    async def _do_flipped_answer(self, talk: Talk, request: bytes) -> None:
        await talk.say(self._flipped(await self._passed(request)))

    async def _do_former_answer(self, talk: Talk, request: bytes) -> None:
        """An older answer, perhaps another PC's, comes in place of this one."""
        former, self._former = self._former, await self._passed(request)
        await talk.say(former or self._former)

    async def _do_wrong_length(self, talk: Talk, request: bytes) -> None:
        _, _, body = (await self._passed(request)).partition(b"\r\n\r\n")
        kind = "Content-Type: application/x-village"
        await talk.say(answer("200 OK", body, kind, length=len(body) + 40))
        raise Broken

    # --- What somebody else says -----------------------------------------------------------------

    async def _do_portal(self, talk: Talk, _request: bytes) -> None:
        await talk.say(answer("200 OK", PORTAL, "Content-Type: text/html"))

    async def _do_redirect(self, talk: Talk, _request: bytes) -> None:
        await talk.say(answer("302 Found", b"", "Location: http://127.0.0.1:1/login"))

    async def _do_bad_gateway(self, talk: Talk, _request: bytes) -> None:
        status = self._dice.choice(("502 Bad Gateway", "503 Unavailable", "504 Timeout"))
        await talk.say(answer(status, b"<h1>oops</h1>", "Content-Type: text/html"))

    async def _do_busy(self, talk: Talk, _request: bytes) -> None:
        await talk.say(answer("429 Busy", b"", "Retry-After: 1"))

    async def _do_too_big(self, talk: Talk, _request: bytes) -> None:
        await talk.say(answer("413 Too Large", b"", "Content-Type: text/html"))

    async def _do_gzip_rubbish(self, talk: Talk, _request: bytes) -> None:
        body = b"\x1f\x8b" + self._dice.randbytes(400)
        await talk.say(answer("200 OK", body, "Content-Encoding: gzip"))

    async def _do_bad_chunks(self, talk: Talk, _request: bytes) -> None:
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        await talk.say(head + b"5\r\nhello\r\nZZ\r\n")
        raise Broken

    async def _do_endless(self, talk: Talk, _request: bytes) -> None:
        await talk.say(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(ENDLESS_BYTES // PIECE):
            await talk.say(bytes(PIECE))
        raise Broken

    async def _do_no_http(self, talk: Talk, _request: bytes) -> None:
        """Somebody who speaks TLS only."""
        await talk.say(b"\x15\x03\x03\x00\x02\x02\x46")
        raise Broken

    async def _hold(self, talk: Talk) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(HOLD_SECONDS):
                while await talk.reader.read(PIECE):
                    pass


async def run(port: int, seed: int) -> None:
    """Serve until SIGTERM; print the port first and the faults in the end."""
    proxy = Proxy(port, seed)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0, limit=1 << 22)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()
    server.close()
    for task in proxy.under_way:
        task.cancel()
    await asyncio.gather(*proxy.under_way, return_exceptions=True)
    sys.stdout.write(json.dumps(proxy.played) + "\n")
    sys.stdout.flush()


def main() -> int:
    """Run the proxy."""
    parser = argparse.ArgumentParser(description="A line that breaks in every way.")
    parser.add_argument("--to", type=int, required=True, help="port of the county")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    asyncio.run(run(options.to, options.seed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
