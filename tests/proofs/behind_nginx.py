"""The lines for nginx on docs/OPERATIONS.md, tried with a real nginx and a real county behind it.

    python -m tests.proofs.behind_nginx

needs nginx and openssl. It takes the lines from the page itself, puts TLS before them, and looks
whether a station comes through with its certificate pinned, with a long body and a photo; and
whether what a station has sent before its line broke is at the county, which a proxy that buffers
requests keeps for itself: so it is tried with buffering off, as the page says, and on, as nginx has
it by itself: then a broken request or photo goes once more, and nothing is lost. Prints one JSON
object.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from county_server.blobs import CountyBlobs
from county_server.county import open_county
from station_app.journal.blob import blob_name
from station_app.sync.blobs import PUT
from station_app.sync.dictionary import Press
from station_app.sync.exchange import Request
from station_app.sync.http_link import HttpLink
from station_app.vocabulary import VOCABULARY
from tests.awaited import until
from tests.county_server.serving import ROOT, Server, enrolled_over, new_data, over, said
from tests.sync.slips import SLIP, remit
from tests.sync.stand import STATION, Dice, Reply, SetClock, converse, once

FACTS = 3_000
LISTENS_SECONDS = 5


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as once_:
        return int(once_.getsockname()[1])


def lines_of_the_page(port: int, buffering: str) -> str:
    """The block `location / { … }` of the page, with the port of this run."""
    page = (ROOT / "docs" / "OPERATIONS.md").read_text("utf-8")
    (block,) = re.findall(r"( {4}location / \{\n(?: {8}.+\n)+ {4}\})", page)
    block = block.replace("buffering off;", f"buffering {buffering};")
    return block.replace("127.0.0.1:8460", f"127.0.0.1:{port}")


@contextlib.contextmanager
def nginx(folder: Path, county: str, buffering: str) -> Iterator[tuple[str, str]]:
    """Run nginx before a county; yields its address and the fingerprint of its certificate."""
    port = free_port()
    line = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    line += ["-subj", "/CN=county", "-keyout", str(folder / "key.pem")]
    subprocess.run([*line, "-out", str(folder / "cert.pem")], check=True, capture_output=True)
    user = "user root; " if os.geteuid() == 0 else ""  # it writes into the folder of this run
    (folder / "nginx.conf").write_text(
        f"{user}daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        "events {}\nhttp {\n"
        f"  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
        f"  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n"
        f"  server {{\n    listen 127.0.0.1:{port} ssl;\n"
        f"    ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;\n"
        f"{lines_of_the_page(int(urlsplit(county).port or 0), buffering)}\n  }}\n}}\n"
    )
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    running = subprocess.Popen([program, "-c", str(folder / "nginx.conf"), "-p", str(folder)])
    try:
        until(lambda: _listens(port), LISTENS_SECONDS, "nginx")
        der = ssl.PEM_cert_to_DER_cert((folder / "cert.pem").read_text())
        yield f"https://127.0.0.1:{port}", hashlib.sha256(der).hexdigest()
    finally:
        running.terminate()
        running.wait(10)


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


def half_of(request: Request, address: str) -> None:
    """Send three quarters of a request through the proxy, and drop the line."""
    at = urlsplit(address)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection((str(at.hostname), int(at.port or 0))) as plain,
        context.wrap_socket(plain) as line,
    ):
        heads = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
        head = (
            f"{request.method} {request.path} HTTP/1.1\r\nHost: county\r\n{heads}"
            f"Content-Length: {len(request.body)}\r\n\r\n"
        )
        line.sendall(head.encode() + request.body[: len(request.body) * 3 // 4])
        threading.Event().wait(1.0)


def of_photo(data: Path) -> tuple[int, bool]:
    """Return how many bytes of the photo the county holds, and whether it is whole and right."""
    county = open_county(data, VOCABULARY, Press(), clock=SetClock(), chance=Dice(9))
    with county.store.read() as connection:
        blobs = CountyBlobs(county.store, connection, STATION)
        found = blobs.standing(blob_name(SLIP)).held, blobs.get(blob_name(SLIP)) == SLIP
    county.close()
    return found


def tried(folder: Path, buffering: str) -> dict[str, object]:
    """Send facts and a photo through nginx, each broken off once. buffering: `off` or `on`."""
    data = new_data(folder)
    server = Server(data)
    with nginx(folder, server.url, buffering) as (address, fingerprint):
        pc = enrolled_over(server, data, folder / "pc", seed=4)
        link = HttpLink(address, fingerprint=fingerprint)
        converse(pc, over(server, link))
        pc.shelve(FACTS)
        pc.exchange.hurry()
        request = pc.exchange.next_request(pc.clock.at)
        assert isinstance(request, Request)
        half_of(request, address)
        pc.exchange.on_failure("cut_off", pc.clock.at)
        threading.Event().wait(0.5)
        kept = said(data, "verify")["lengths"].get(pc.port.live, 0)
        remit(pc)
        pc.clock.at += 3_600_000
        carry = over(server, link)
        broken: list[Request] = []

        def breaking(request: Request) -> Reply | str:
            if request.method != PUT:
                return carry(request)
            if not broken:
                half_of(request, address)
            broken.append(request)
            return "no_answer"

        while not broken:  # facts go first
            pc.clock.at += 3_600_000
            converse(pc, breaking)
        threading.Event().wait(0.5)
        photo_kept, _ = of_photo(data)
        for _ in range(4):
            pc.clock.at += 3_600_000
            outcomes = converse(pc, carry)
        told: dict[str, object] = {
            "kept_of_a_broken_request": kept,
            "of": FACTS,
            "kept_of_a_broken_photo": photo_kept,
            "of_bytes": len(SLIP),
            "photo_is_whole": of_photo(data)[1],
            "unconfirmed_after": pc.unconfirmed(),
            "last": outcomes[-1].what,
        }
        once(pc, over(server, HttpLink(address, fingerprint="0" * 64)))
        told["another_certificate"] = pc.exchange.status().cause
        pc.close()
    server.stop()
    told["holds"] = not said(data, "verify")["findings"]
    return told


def main() -> int:
    """Try it as the page says, and with buffering as nginx has it; print what was seen."""
    seen: dict[str, object] = {}
    is_well = True
    for buffering in ("off", "on"):
        with tempfile.TemporaryDirectory() as name:
            told = tried(Path(name), buffering)
        seen[f"buffering_{buffering}"] = told
        is_well &= bool(told["holds"] and told["photo_is_whole"] and not told["unconfirmed_after"])
        if buffering == "off":
            is_well &= bool(told["kept_of_a_broken_request"])
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    version = subprocess.run([program, "-v"], capture_output=True, text=True, check=True)
    seen["nginx"] = version.stderr.strip()
    sys.stdout.write(json.dumps(seen) + "\n")
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
