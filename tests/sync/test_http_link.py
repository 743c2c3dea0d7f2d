"""The line itself, against sockets that misbehave in every way that a village line does."""

import hashlib
import os
import socket
import ssl
import struct
import subprocess
import threading
import tracemalloc
from pathlib import Path

import pytest
import requests

from station_app.sync import causes
from station_app.sync.http_link import Answer, HttpLink, NoAnswer, _failure
from tests.sync.lines import closed_port, http, listening, read_request, saying

LIMIT = 1_000_000


def carry(address: str, *, fingerprint: str = "", silence_seconds: int = 2) -> Answer | NoAnswer:
    link = HttpLink(
        address,
        fingerprint=fingerprint,
        connect_seconds=2,
        silence_seconds=silence_seconds,
    )
    try:
        return link.carry("POST", "/v1/sync", {"content-type": "x/y"}, b"body", LIMIT)
    finally:
        link.close()


def answer(address: str) -> Answer:
    got = carry(address)
    assert isinstance(got, Answer), got
    return got


def cause(address: str, *, silence_seconds: int = 2) -> str:
    got = carry(address, silence_seconds=silence_seconds)
    assert isinstance(got, NoAnswer), got
    return got.cause


def test_an_answer_comes_back_as_it_was_sent() -> None:
    with listening(saying(http("200 OK", b"hello", "Content-Type: a/b", "X-Odd: 1"))) as address:
        got = answer(address)
    assert (got.status, got.body, got.is_whole) == (200, b"hello", True)
    assert (got.headers["content-type"], got.headers["x-odd"]) == ("a/b", "1")


def test_the_request_arrives_whole_and_says_nothing_of_this_machine() -> None:
    seen: list[bytes] = []

    def behave(connection: socket.socket) -> None:
        seen.append(read_request(connection))
        connection.sendall(http("200 OK"))

    with listening(behave) as address:
        answer(address)
    assert seen[0].startswith(b"POST /v1/sync HTTP/1.1\r\n")
    assert seen[0].endswith(b"\r\n\r\nbody")


def test_a_redirect_is_not_followed() -> None:
    portal = "http://127.0.0.1:1/login"
    with listening(saying(http("302 Found", b"", f"Location: {portal}"))) as address:
        got = answer(address)
    assert (got.status, got.body, got.headers["location"]) == (302, b"", portal)


def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(saying(http("200 OK", b"proxied"))) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy)
        monkeypatch.delenv("no_proxy", raising=False)
        with listening(saying(http("200 OK", b"direct"))) as address:
            assert answer(address).body == b"direct"


def test_a_packed_body_is_not_unpacked() -> None:
    packed = http("200 OK", b"\x1f\x8b rest", "Content-Encoding: gzip")
    with listening(saying(packed)) as address:
        assert answer(address).body == b"\x1f\x8b rest"


def test_a_body_that_breaks_off_is_kept_and_marked() -> None:
    with listening(saying(http("200 OK", b"half", length=400))) as address:
        got = answer(address)
    assert (got.body, got.is_whole) == (b"half", False)


def test_a_body_that_is_reset_is_kept_and_marked() -> None:
    def behave(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(http("200 OK", b"half" * 5_000, length=40_000))
        connection.recv(0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with listening(behave) as address:
        got = carry(address)
    assert isinstance(got, Answer)
    assert not got.is_whole


def test_broken_chunks_are_marked() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    with listening(saying(head + b"5\r\nhello\r\nZZ\r\n")) as address:
        assert not answer(address).is_whole


def test_a_body_without_end_is_read_up_to_the_limit() -> None:
    def behave(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(200):
            connection.sendall(bytes(100_000))

    with listening(behave) as address:
        tracemalloc.start()
        got = answer(address)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (len(got.body), got.is_whole) == (LIMIT, False)
    assert peak < 8 * LIMIT


def test_nobody_there() -> None:
    assert cause(closed_port()) == causes.NO_LINE


def test_a_name_that_nobody_knows() -> None:
    assert cause("http://county.invalid") == causes.NO_LINE


def test_a_line_that_is_silent() -> None:
    def behave(connection: socket.socket) -> None:
        read_request(connection)
        connection.recv(1)  # until the other side gives up

    with listening(behave) as address:
        assert cause(address, silence_seconds=1) == causes.NO_ANSWER


def test_a_line_that_is_reset_before_an_answer() -> None:
    def behave(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with listening(behave) as address:
        assert cause(address) == causes.CUT_OFF


@pytest.mark.parametrize("noise", [b"hello\r\n\r\n", b"\x00\xff" * 50, b"HTTP/1.1 abc\r\n\r\n"])
def test_what_is_no_http(noise: bytes) -> None:
    with listening(saying(noise)) as address:
        assert cause(address) == causes.CUT_OFF


@pytest.mark.parametrize("address", ["", "county", "ftp://x", "http://", "http://[::"])
def test_an_address_that_cannot_be(address: str) -> None:
    assert cause(address) == causes.WRONG_ADDRESS


# --- Certificates --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of nobody's, with its key."""
    folder = tmp_path_factory.mktemp("tls")
    line = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    line += ["-subj", "/CN=county.example", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run(line, cwd=folder, check=True, capture_output=True, env=dict(os.environ))
    return folder


def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    return context


def fingerprint_of(certificate: Path) -> str:
    der = ssl.PEM_cert_to_DER_cert((certificate / "cert.pem").read_text())
    return hashlib.sha256(der).hexdigest()


def over_tls(certificate: Path):
    context = tls(certificate)

    def behave(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as wrapped:
            read_request(wrapped)
            wrapped.sendall(http("200 OK", b"secret"))

    return behave


def test_a_certificate_of_nobodys_is_refused(certificate: Path) -> None:
    with listening(over_tls(certificate)) as address:
        assert cause(address.replace("http:", "https:")) == causes.BAD_CERTIFICATE


def test_a_pinned_certificate_is_enough(certificate: Path) -> None:
    with listening(over_tls(certificate)) as address:
        got = carry(address.replace("http:", "https:"), fingerprint=fingerprint_of(certificate))
    assert isinstance(got, Answer)
    assert got.body == b"secret"


def test_another_certificate_than_the_pinned_one_is_refused(certificate: Path) -> None:
    with listening(over_tls(certificate)) as address:
        pinned = "00" * 32
        got = carry(address.replace("http:", "https:"), fingerprint=pinned)
    assert isinstance(got, NoAnswer)
    assert got.cause == causes.BAD_CERTIFICATE


@pytest.mark.parametrize("words", ["certificate is not yet valid", "certificate has expired"])
def test_a_certificate_that_the_clock_refuses_is_a_matter_of_the_clock(words: str) -> None:
    problem = requests.exceptions.SSLError(f"certificate verify failed: {words} (_ssl.c:1000)")
    assert _failure(problem).cause == causes.WRONG_CLOCK


def test_an_answer_that_drips_is_given_up_after_a_while() -> None:
    """A byte now and then never lets the line fall silent, and would hold it for hours."""
    over = threading.Event()

    def behave(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(http("200 OK", b"", length=LIMIT))
        while not over.wait(0.02):
            connection.sendall(b"x")

    with listening(behave) as address:
        link = HttpLink(address, connect_seconds=2, silence_seconds=2, answer_seconds=1)
        got = link.carry("GET", "/v1/health", {}, b"", 200)
        link.close()
        over.set()
    assert isinstance(got, Answer)
    assert not got.is_whole
    assert 0 < len(got.body) < 200
