"""The server ends while stations send: what was acknowledged is there, what came whole is kept."""

import contextlib
import signal
import socket
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from county_server.county import open_county
from county_server.verify import verify_county
from station_app.sync.dictionary import Press
from station_app.sync.exchange import Request
from station_app.sync.http_link import HttpLink
from station_app.sync.messages import CONTENT_TYPE, SYNC_PATH
from station_app.vocabulary import VOCABULARY
from tests.county_server.serving import Server, enrolled_over, new_data, over, said
from tests.sync.stand import Dice, Pc, SetClock, once

PCS = 4
ACTS_EACH = 30
GRACE = 3
AFTER_SECONDS = 0.4
FACTS = 600  # some frames


def marks_and_facts(pc: Pc) -> dict[str, tuple[int, str]]:
    """How far this PC believes that the county holds its streams, with the fact there."""
    rows = pc.reader.execute(
        "SELECT stream, seq, identity FROM acknowledged WHERE seq > 0"
    ).fetchall()
    return {row[0]: (row[1], row[2]) for row in rows}


def busy_pc(
    server: Server, data: Path, folder: Path, turn: Any, seed: int, acked: dict[str, Any]
) -> None:
    """Enrol, and send act after act until the line is gone."""
    with turn:
        pc = enrolled_over(server, data, folder, seed=seed)
    link = HttpLink(server.url)
    with contextlib.suppress(AssertionError):  # nothing is due: the line has failed
        for _ in range(ACTS_EACH * 20):
            pc.shelve(3)
            if once(pc, over(server, link)).what != "sent":
                break
    acked |= marks_and_facts(pc)
    pc.close()
    link.close()


@pytest.mark.parametrize(
    "workers", [pytest.param(1, marks=pytest.mark.long), 2], ids=["one", "two"]
)
def test_a_stop_in_the_middle_of_many_pushes_loses_nothing(tmp_path: Path, workers: int) -> None:
    data = new_data(tmp_path)
    server = Server(data, "--workers", workers, "--grace", GRACE)
    turn, acked = threading.Lock(), {}  # type: ignore[var-annotated]
    pushers = [
        threading.Thread(
            target=busy_pc,
            args=(server, data, tmp_path / f"pc{number}", turn, 200 + number, acked),
        )
        for number in range(PCS)
    ]
    for pusher in pushers:
        pusher.start()
    while len(said_devices(data)) < PCS:
        assert any(pusher.is_alive() for pusher in pushers)
        threading.Event().wait(0.1)
    threading.Event().wait(AFTER_SECONDS)
    began = time.monotonic()
    status = server.stop(signal.SIGTERM)
    took = time.monotonic() - began
    for pusher in pushers:
        pusher.join(60)
    assert status == 0, server.errors.decode()
    assert took < GRACE + 5
    assert len(acked) >= PCS, "every PC was told that something is there"
    holds(data, acked)


def said_devices(data: Path) -> list[Any]:
    """The PCs that the county has heard at least once, read beside it."""
    import sqlite3

    with contextlib.closing(sqlite3.connect(data / "county.db")) as connection:
        return connection.execute("SELECT station, device FROM contacts").fetchall()


def holds(data: Path, acked: dict[str, tuple[int, str]]) -> None:
    county = open_county(data, VOCABULARY, Press(), clock=SetClock(), chance=Dice(3))
    try:
        with county.store.read() as connection:
            for stream, (seq, identity) in acked.items():
                found = connection.exec_driver_sql(
                    "SELECT identity FROM facts WHERE stream = ? AND seq = ?", (stream, seq)
                ).all()
                assert [row[0] for row in found] == [identity], f"{stream} {seq} was acknowledged"
        assert verify_county(county).findings == ()
    finally:
        county.close()


def test_a_push_that_trickles_in_is_ended_and_its_whole_frames_are_kept(tmp_path: Path) -> None:
    """A line so slow that the grace is over first: half the body is there when the server ends."""
    data = new_data(tmp_path)
    server = Server(data, "--grace", 1)
    pc = enrolled_over(server, data, tmp_path / "pc", seed=77)
    once(pc, over(server))
    pc.shelve(FACTS)
    pc.exchange.hurry()
    request = pc.exchange.next_request(pc.clock.at)
    assert isinstance(request, Request)
    at = urlsplit(server.url)
    with socket.create_connection((str(at.hostname), int(at.port or 0))) as line:
        head = (
            f"POST {SYNC_PATH} HTTP/1.1\r\nHost: county\r\nContent-Type: {CONTENT_TYPE}\r\n"
            f"Content-Length: {len(request.body)}\r\n\r\n"
        )
        line.sendall(head.encode() + request.body[: len(request.body) * 3 // 4])
        threading.Event().wait(0.3)
        began = time.monotonic()
        status = server.stop(signal.SIGTERM)
        took = time.monotonic() - began
    assert status == 0
    assert took < 1 + 5
    held = said(data, "verify")
    assert held["findings"] == []
    assert 0 < held["lengths"][pc.port.live] < FACTS, "the frames that came whole, and no more"
    pc.close()
