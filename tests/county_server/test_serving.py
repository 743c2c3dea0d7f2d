"""The real server in a process of its own, over real sockets: stopped, killed, started again."""

import re
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from county_server.serving import listen
from county_server.store import Store
from station_app.sync import causes
from station_app.sync.exchange import Outcome, Request
from station_app.sync.http_link import Answer, HttpLink
from station_app.vocabulary import VOCABULARY
from tests.county_server.serving import Server, enrolled_over, new_data, over, said
from tests.sync.stand import Pc, Reply, converse, folded_here, once, small_sheets

KILLS = 5  # each costs a start; the long runs do hundreds


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return new_data(tmp_path)


@pytest.fixture
def start(data: Path) -> Iterator[Callable[[], Server]]:
    running: list[Server] = []

    def start() -> Server:
        running.append(Server(data))
        return running[-1]

    yield start
    for server in running:
        if server.process.poll() is None:
            server.stop(signal.SIGKILL)


def lengths(data: Path) -> dict[str, int]:
    store = Store(f"sqlite:///{data / 'county.db'}", VOCABULARY)
    with store.read() as connection:
        rows = connection.exec_driver_sql("SELECT stream, length FROM streams").all()
    store.close()
    return {row[0]: row[1] for row in rows}


def test_two_pcs_converge_over_the_line(
    data: Path, start: Callable[[], Server], tmp_path: Path
) -> None:
    server = start()
    one = enrolled_over(server, data, tmp_path / "d1", seed=1)
    two = enrolled_over(server, data, tmp_path / "d2", seed=2)
    line = over(server)
    parcels = one.shelve(30)
    for pc in (one, two):
        converse(pc, line)
    two.hand_over(parcels[4].identity)
    for pc in (two, one):
        converse(pc, line)
    assert folded_here(one) == folded_here(two)
    assert one.unconfirmed() == two.unconfirmed() == 0
    assert server.stop() == 0
    assert said(data, "verify")["findings"] == []
    one.close()
    two.close()


def test_health_over_the_line(start: Callable[[], Server]) -> None:
    server = start()
    link = HttpLink(server.url)
    health = link.health()
    assert isinstance(health, Answer)
    assert health.status == 200
    assert b"parcel.shelved" in health.body
    link.close()
    with requests.Session() as session:  # more than a pipe holds, if its log went into one
        for _ in range(300):  # each is logged twice
            assert session.post(f"{server.url}/v1/sync", timeout=5).status_code == 415
    assert server.stop() == 0


def test_the_pages_are_served_to_whoever_has_an_account_only(tmp_path: Path) -> None:
    data = tmp_path / "county"
    made = said(data, "init")
    said(data, "import-master", small_sheets(tmp_path / "sheets"))
    server = Server(data)
    pc = enrolled_over(server, data, tmp_path / "d1", seed=1)
    pc.shelve(4)
    converse(pc, over(server))
    browser = requests.Session()
    browser.trust_env = False
    asked = browser.get(server.url + "/", timeout=10)
    assert asked.url.endswith("/login")
    assert "柳荫洼村" not in asked.text
    token = re.search(r'name="token" value="([^"]+)"', asked.text)
    assert token is not None
    form = {"token": token[1], "account": made["account"], "password": made["password"]}
    once = browser.post(server.url + "/login", data=form, timeout=10)
    assert once.url.endswith("/password")
    token = re.search(r'name="token" value="([^"]+)"', once.text)
    assert token is not None
    chosen = "只有我自己知道的口令"
    new = {"old": made["password"], "new": chosen, "again": chosen}
    shown = browser.post(server.url + "/password", data=new | {"token": token[1]}, timeout=10)
    assert shown.status_code == 200
    assert "柳荫洼村" in shown.text
    assert "石板村" in shown.text
    station = browser.get(server.url + "/stations/NX0601", timeout=10)
    assert station.status_code == 200
    browser.close()
    assert server.stop() == 0
    pc.close()


@pytest.mark.long
def test_a_stop_in_the_middle_and_a_start_later_lose_and_double_nothing(
    data: Path, start: Callable[[], Server], tmp_path: Path
) -> None:
    server = start()
    pc = enrolled_over(server, data, tmp_path / "d1", seed=1)
    pc.shelve(300)
    pc.exchange._pace._room_limit = 4096
    first = once(pc, over(server))
    assert 0 < first.facts_up < 300
    server.stop()
    assert once(pc, over(server)).cause == causes.NO_LINE
    pc.shelve(5)
    converse(pc, over(start()))
    assert pc.unconfirmed() == 0
    assert lengths(data)[pc.port.live] == 305
    assert said(data, "verify")["findings"] == []
    pc.close()


@pytest.mark.long
def test_killed_again_and_again_while_pushes_come_in(
    data: Path, start: Callable[[], Server], tmp_path: Path
) -> None:
    """kill -9 as a push is under way; what was acknowledged is there, and all is there once."""
    server = start()
    pc = enrolled_over(server, data, tmp_path / "d1", seed=1)
    for _ in range(KILLS):
        pc.shelve(40)
        killed = kill_during(pc, server)
        assert killed.cause in ("", causes.NO_LINE, causes.CUT_OFF), killed
        server.stop(signal.SIGKILL)
        held = lengths(data)
        for stream, seq in pc.marks().items():
            assert held.get(stream, 0) >= seq, f"acknowledged and gone: {stream}"
        server = start()
    converse(pc, over(server))
    assert lengths(data)[pc.port.live] == 40 * KILLS
    assert pc.unconfirmed() == 0
    server.stop()
    assert said(data, "verify")["findings"] == []
    pc.close()


def kill_during(pc: Pc, server: Server) -> Outcome:
    """One round trip, and a kill from another thread as soon as its bytes leave."""
    leaving = threading.Event()

    def kill() -> None:
        leaving.wait()
        server.process.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    line = over(server)

    def carry(request: Request) -> Reply | str:
        leaving.set()
        return line(request)

    try:
        return once(pc, carry)
    finally:
        killer.join()


def test_no_answer_waits_for_the_other_ends_acknowledgement() -> None:
    """On a line that was kept, head and body of each answer came 40 ms apart (Nagle)."""
    with listen("127.0.0.1", 0) as listener:
        with socket.create_connection(listener.getsockname()):
            connected, _ = listener.accept()
        with connected:
            assert connected.proto == socket.IPPROTO_TCP, "or asyncio leaves Nagle's delay on"
