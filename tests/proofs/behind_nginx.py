"""The lines for nginx on docs/OPERATIONS.md, tried with a real nginx and a real county behind it.

    python -m tests.proofs.behind_nginx

needs nginx and openssl. It takes the lines from the page itself, puts TLS before them, and looks
whether a station comes through with its certificate pinned, with a long body and a photo; and
whether what a station has sent before its line broke is at the county, which a proxy that buffers
requests would keep for itself. Prints one JSON object.
"""

import contextlib
import hashlib
import json
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from station_app.sync.exchange import Request
from station_app.sync.http_link import HttpLink
from station_app.sync.messages import CONTENT_TYPE, SYNC_PATH
from tests.county_server.serving import ROOT, Server, enrolled_over, new_data, over, said
from tests.sync.slips import attach, remit
from tests.sync.stand import Pc, converse, once

FACTS = 3_000


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as once_:
        return int(once_.getsockname()[1])


def lines_of_the_page(port: int) -> str:
    """The block `location / { … }` of the page, with the port of this run."""
    page = (ROOT / "docs" / "OPERATIONS.md").read_text("utf-8")
    (block,) = re.findall(r"( {4}location / \{\n(?: {8}.+\n)+ {4}\})", page)
    return block.replace("127.0.0.1:8460", f"127.0.0.1:{port}")


@contextlib.contextmanager
def nginx(folder: Path, county: str) -> Iterator[tuple[str, str]]:
    """Run nginx before a county; yields its address and the fingerprint of its certificate."""
    port = free_port()
    line = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    line += ["-subj", "/CN=county", "-keyout", str(folder / "key.pem")]
    subprocess.run([*line, "-out", str(folder / "cert.pem")], check=True, capture_output=True)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        "events {}\nhttp {\n"
        f"  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
        f"  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n"
        f"  server {{\n    listen 127.0.0.1:{port} ssl;\n"
        f"    ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;\n"
        f"{lines_of_the_page(int(urlsplit(county).port or 0))}\n  }}\n}}\n"
    )
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    running = subprocess.Popen([program, "-c", str(folder / "nginx.conf"), "-p", str(folder)])
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        der = ssl.PEM_cert_to_DER_cert((folder / "cert.pem").read_text())
        yield f"https://127.0.0.1:{port}", hashlib.sha256(der).hexdigest()
    finally:
        running.terminate()
        running.wait(10)


def half_sent(pc: Pc, address: str) -> None:
    """Send three quarters of a long request through the proxy, and drop the line."""
    pc.exchange.hurry()
    request = pc.exchange.next_request(pc.clock.at)
    assert isinstance(request, Request)
    at = urlsplit(address)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection((str(at.hostname), int(at.port or 0))) as plain,
        context.wrap_socket(plain) as line,
    ):
        head = (
            f"POST {SYNC_PATH} HTTP/1.1\r\nHost: county\r\nContent-Type: {CONTENT_TYPE}\r\n"
            f"Content-Length: {len(request.body)}\r\n\r\n"
        )
        line.sendall(head.encode() + request.body[: len(request.body) * 3 // 4])
        threading.Event().wait(1.0)
    pc.exchange.on_failure("cut_off", pc.clock.at)


def main() -> int:
    """Try it, and print what was seen."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = new_data(folder)
        server = Server(data)
        with nginx(folder, server.url) as (address, fingerprint):
            pc = enrolled_over(server, data, folder / "pc", seed=4)
            link = HttpLink(address, fingerprint=fingerprint)
            converse(pc, over(server, link))
            pc.shelve(FACTS)
            half_sent(pc, address)
            threading.Event().wait(0.5)
            kept = said(data, "verify")["lengths"].get(pc.port.live, 0)
            remit(pc)
            attach(pc, b"\xff\xd8\xff")
            pc.clock.at += 3_600_000
            outcomes = converse(pc, over(server, link))
            told = {
                "kept_of_a_broken_request": kept,
                "of": FACTS,
                "unconfirmed_after": pc.unconfirmed(),
                "last": outcomes[-1].what,
                "nginx": subprocess.run(
                    [shutil.which("nginx") or "/usr/sbin/nginx", "-v"],
                    capture_output=True, text=True, check=True,
                ).stderr.strip(),
            }  # fmt: skip
            once(pc, over(server, HttpLink(address, fingerprint="0" * 64)))
            told["another_certificate"] = pc.exchange.status().cause
            pc.close()
        server.stop()
        told["holds"] = not said(data, "verify")["findings"]
    sys.stdout.write(json.dumps(told) + "\n")
    return 0 if told["holds"] and kept and told["unconfirmed_after"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
