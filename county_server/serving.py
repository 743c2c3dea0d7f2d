"""The server as a process, or as several: begins when the port is there, ends when told to.

On SIGTERM (or Ctrl+C) the port is closed first, so that whoever stands before it sends the next
request elsewhere; what is under way is finished, for ten seconds at most. Then whatever has come
whole of the rest is kept, and the process ends. Nothing is acknowledged before its commit, so even
a kill loses nothing that anybody was told is there.

Several workers share one socket. A worker that dies ends all: the service manager starts anew.
"""

import contextlib
import gc
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
import uvicorn
from prometheus_client import start_http_server
from starlette.routing import BaseRoute

from county_server import logs
from county_server.app import make_app
from county_server.county import County
from county_server.metrics import Metrics
from county_server.watching import Watching

BACKLOG = 2048  # three hundred stations that all come at six
ACCEPT_AT_ONCE = 8  # so that of several processes none takes all who come in one moment
GRACE_SECONDS = 10
KILL_AFTER_SECONDS = 5  # beyond the grace, a worker that has not ended is killed
KEEP_ALIVE_SECONDS = 20
WORKERS_MAX = 32
log = logging.getLogger("county")
Said = Callable[[dict[str, object]], None]


class Stop(Exception):
    """Ends the command with one sentence and status 2."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen, and how to end.

    port 0: any free one; metrics: port of the numbers, 0 for none; grace: seconds in which what is
    under way may still be finished.
    """

    host: str
    port: int
    metrics_host: str
    metrics: int
    grace: int = GRACE_SECONDS


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything is announced; a taken one is no traceback."""
    try:
        taken = socket.create_server((host, port), backlog=BACKLOG)
    except OSError as problem:
        raise Stop(f"cannot listen on {host} port {port}: {problem.strerror}") from problem
    # Made anew, it knows that its protocol is TCP. Without that asyncio leaves Nagle's delay on
    # for all connections: each answer on a line that was kept came 40 ms late.
    return socket.socket(fileno=taken.detach())


def serve(
    county: County, pages: Sequence[BaseRoute], place: Place, inherited: int, said: Said
) -> int:
    """Serve in this process. inherited: a socket that is open already, −1 for none."""
    listener = socket.socket(fileno=inherited) if inherited >= 0 else listen(place.host, place.port)
    logs.begin()
    metrics = Metrics(time.perf_counter)
    metrics.watch_database(county.store.engine)
    metrics.watch_store(county.store)
    if place.metrics:
        _show_metrics(metrics, place)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    config = uvicorn.Config(
        Watching(make_app(county, pages, metrics), metrics),
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=ACCEPT_AT_ONCE if inherited >= 0 else BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=place.grace,
    )
    try:
        with contextlib.suppress(KeyboardInterrupt):
            _Announcing(config, place.host, said).run([listener])
    finally:  # a handled SIGTERM comes out as SystemExit
        log.info("stopped")
    return 0


def _show_metrics(metrics: Metrics, place: Place) -> None:
    try:
        start_http_server(place.metrics, place.metrics_host, metrics.registry)
    except OSError as problem:
        where = f"{place.metrics_host} port {place.metrics}"
        raise Stop(f"cannot listen on {where}: {problem.strerror}") from problem


class _Announcing(uvicorn.Server):
    """Says in one line where it listens, once it does."""

    def __init__(self, config: uvicorn.Config, host: str, said: Said) -> None:
        super().__init__(config)
        self._host = host
        self._said = said

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        assert sockets, "the port was taken beforehand"
        gc.freeze()  # what is loaded stays to the end: nobody looks for garbage among it again
        sockets[0].listen(BACKLOG)  # the queue is long, though few are taken out of it at once
        port = sockets[0].getsockname()[1]
        self._said({"url": f"http://{self._host}:{port}", "port": port})
        log.info("started", extra={"port": port})


# --- Several -------------------------------------------------------------------------------------


def serve_with_workers(command: Sequence[str], place: Place, count: int, said: Said) -> int:
    """Serve with several processes on one socket, until told to stop or until one of them dies.

    command: the words behind `python -m county_server` that let one of them serve.
    """
    if not 1 <= count <= WORKERS_MAX:
        raise Stop(f"workers: 1 to {WORKERS_MAX}, not {count}")
    if sys.platform == "win32":
        raise Stop("several workers need a system that hands sockets on; start one on Windows")
    listener = listen(place.host, place.port)
    workers = [_worker(command, place, listener, number) for number in range(count)]
    told: list[int] = []

    def tell(number: int, _frame: object) -> None:
        told.append(number)
        for worker in workers:
            worker.send_signal(signal.SIGTERM)

    signal.signal(signal.SIGTERM, tell)
    signal.signal(signal.SIGINT, tell)
    ready = [worker.stdout is not None and worker.stdout.readline() for worker in workers]
    listener.close()
    if all(ready):
        first = ready[0]
        assert isinstance(first, bytes)
        said(msgspec.json.decode(first))
    _wait_for_one(workers)
    for worker in workers:
        if worker.poll() is None and not told:
            worker.send_signal(signal.SIGTERM)
    return 0 if _end(workers, place.grace + KILL_AFTER_SECONDS) and told else 1


def _worker(
    command: Sequence[str], place: Place, listener: socket.socket, number: int
) -> "subprocess.Popen[bytes]":
    words = [sys.executable, "-m", "county_server", *command, "--socket", str(listener.fileno())]
    words += ["--host", place.host, "--metrics-host", place.metrics_host]
    words += ["--grace", str(place.grace)]
    words += ["--metrics", str(place.metrics + number)] if place.metrics else []
    return subprocess.Popen(words, stdout=subprocess.PIPE, pass_fds=(listener.fileno(),))


def _wait_for_one(workers: "Sequence[subprocess.Popen[bytes]]") -> None:
    """Wait until the first of them ends."""
    ours = {worker.pid for worker in workers}
    while all(worker.poll() is None for worker in workers):
        found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
        if found is not None and found.si_pid in ours:
            return


def _end(workers: "Sequence[subprocess.Popen[bytes]]", seconds: int) -> bool:
    """Wait for all, kill whoever takes too long; tell whether all ended in good order."""
    is_good = True
    for worker in workers:
        try:
            is_good = worker.wait(seconds) == 0 and is_good
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
            is_good = False
    return is_good
