"""Planted names, phones and numbers are found in no log, number, temporary file or backup."""

import contextlib
import io
import json
import logging
import signal
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from station_app import backups
from station_app.journal.recorder import new_ticket
from station_app.security.pictures import cleaned
from station_app.services.parcels.commands import ShelveParcel
from station_app.services.people.commands import Details, RegisterPerson
from station_app.shell.desk import Done
from station_app.station_log import begin as begin_log
from station_app.sync.messages import CONTENT_TYPE
from tests.county_server.serving import Server, command, enrolled_over, new_data, over
from tests.proofs.kit import KEY, SeededChance, furnish, open_furnished
from tests.sync.slips import remit
from tests.sync.stand import converse, registered

NAME, PHONE, ID = "甄示漏", "15412340987", "411325199001015678"
REMARK = "甄示漏欠的钱"
CANARIES = (NAME, PHONE, ID)


def spellings(text: str) -> set[bytes]:
    """A text as it may stand in a file: as UTF-8, as JSON or as a web address spells it."""
    escaped = json.dumps(text)[1:-1]
    quoted = "".join(f"%{byte:02X}" for byte in text.encode())
    forms = {text, escaped, escaped.upper(), quoted, quoted.lower()}
    return {form.encode() for form in forms} | {text.encode("utf-16-le"), text.encode("gb18030")}


def found_in(content: bytes) -> list[str]:
    return [text for text in CANARIES if any(form in content for form in spellings(text))]


def leaks(folder: Path, *, but: tuple[str, ...] = ()) -> list[str]:
    """The files below a folder in which a canary stands."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in but]
    assert files, "there is something to look through"
    return [f"{path}: {found}" for path in files if (found := found_in(path.read_bytes()))]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as once:
        return int(once.getsockname()[1])


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(json.dumps({"words": f"x {NAME} y"}))
    assert len(leaks(tmp_path)) == 1
    assert found_in(PHONE.encode()) == [PHONE]


def test_a_day_leaves_nobody_in_the_countys_log_and_numbers(tmp_path: Path) -> None:
    data = new_data(tmp_path)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    port = free_port()
    server = Server(data, "--metrics", port, env={"TMPDIR": str(temporary)})
    pc = enrolled_over(server, data, tmp_path / "pc", seed=5)
    pc.say(registered(NAME))
    pc.shelve(3)
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "gray").save(out, "JPEG", comment=NAME.encode())
    remit(pc, cleaned(out.getvalue()).content)
    converse(pc, over(server))
    _hostile(server)
    _break_inside(data, server)
    numbers = httpx.get(f"http://127.0.0.1:{port}/metrics").text
    assert server.stop(signal.SIGTERM) == 0
    pc.close()
    assert "county_facts_total" in numbers
    assert found_in(numbers.encode()) == []
    lines = [json.loads(line) for line in server.errors.decode().splitlines()]
    assert {"started", "push", "request", "refused", "stopped"} <= {one["event"] for one in lines}
    assert any("error" in one for one in lines), "the planted failure was logged"
    assert found_in(server.errors) == []
    (temporary / "nothing").touch()
    assert leaks(temporary) == []


def _hostile(server: Server) -> None:
    """Requests that hold canaries where a log is tempted to repeat them."""
    ours = {"content-type": CONTENT_TYPE}
    with httpx.Client(base_url=server.url) as client:
        client.post("/v1/sync", content=f"{NAME} {PHONE}".encode(), headers=ours)
        client.put(f"/v1/blobs/{PHONE}", content=NAME.encode(), headers=ours)
        client.get(f"/stations/{NAME}", params={"q": PHONE}, headers={"x-name": ID})
        client.get(f"/{ID}", headers={"user-agent": ID, "referer": f"http://x/{PHONE}"})
        client.post("/login", data={"code": PHONE, "password": ID})
    at = httpx.URL(server.url)
    with socket.create_connection((at.host, at.port or 0)) as line, contextlib.suppress(OSError):
        line.sendall(f"{PHONE} /{NAME} HTTP/9\r\n{ID}\r\n\r\n".encode())
        line.settimeout(2)
        line.recv(1000)


def _break_inside(data: Path, server: Server) -> None:
    """Let the database fail in a statement whose parameters hold a canary."""
    import sqlite3

    with contextlib.closing(sqlite3.connect(data / "county.db")) as connection:
        connection.execute("ALTER TABLE sign_in_tries RENAME TO gone")
        connection.commit()
    with httpx.Client(base_url=server.url) as client:
        token = client.get("/login").text.partition('name="token" value="')[2].partition('"')[0]
        fields = {"code": PHONE, "password": ID, "token": token}
        assert client.post("/login", data=fields).status_code == 500


def test_a_day_leaves_nobody_in_the_stations_log_files_and_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    folder = tmp_path / "data"
    furnish(folder)
    here = open_furnished(folder, seed=8)
    handler = begin_log(folder)
    chance = SeededChance(3)
    try:
        here.signed_in.come("", is_manager=True)
        details = Details(name=NAME, phone=PHONE)
        for asked in (
            RegisterPerson(details=details),
            ShelveParcel(courier="ZTO", waybill="73000000000017", name=NAME, tail=PHONE[-4:]),
        ):
            done = here.desk.settle(asked, ticket=new_ticket(chance))
            assert isinstance(done, Done), done
        _stumble()
        source = backups.Source(folder, KEY, here.enrolment)
        backups.take_nightly(source, at=here.clock.now_ms())
        here.keep_mark()
        assert leaks(folder) == []
    finally:
        here.close()
        logging.getLogger().removeHandler(handler)
        handler.close()
    assert leaks(folder) == []
    written = (folder / "logs" / "station.log").read_text("ascii").splitlines()
    lines = [json.loads(line) for line in written]
    assert any(one.get("error") == "ValueError" for one in lines)
    (temporary / "nothing").touch()
    assert leaks(temporary) == []


def _stumble() -> None:
    """What the line does with a bug: log it with everything that Python knows of it."""
    log = logging.getLogger("station_app.line")
    try:
        raise ValueError(f"{NAME} {PHONE} {ID}")
    except ValueError as bug:
        log.error("the line stumbled and goes on", exc_info=bug)  # noqa: TRY400 - as the line does
        log.warning("of %s", NAME)


def test_the_administrators_commands_name_nobody(tmp_path: Path) -> None:
    """`verify`, `rebuild` and `staff list` of the county print codes and counts."""
    data = new_data(tmp_path)
    server = Server(data)
    pc = enrolled_over(server, data, tmp_path / "pc", seed=6)
    pc.say(registered(NAME))
    converse(pc, over(server))
    server.stop()
    pc.close()
    said: Any = command(data, "verify").stdout + command(data, "rebuild").stdout
    assert found_in(said.encode()) == []
