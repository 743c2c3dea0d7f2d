"""The line: carries one request at a time to the county by HTTP, and says what came of it.

It follows no redirect, trusts no environment, unpacks nothing, reads at most as much as was agreed
and waits at most so long. It judges nothing either: what an answer is worth is for the exchange to
say. What failed before there was an answer gets its cause here, since only here it is known.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

from station_app.sync import causes
from station_app.sync.messages import HEALTH_PATH

CONNECT_SECONDS = 15  # a satellite or 2G line takes a few; beyond it nobody is there
SILENCE_SECONDS = 60  # without a single byte: the county may be at work on a long request
ANSWER_SECONDS = 5 * 60  # for all of an answer: what only drips would hold the line for hours
PIECE_BYTES = 16 * 1024
HEALTH_BYTES_MAX = 64 * 1024

# What OpenSSL says when the certificate is right and this machine's clock is not.
_CLOCK_ERRORS = ("certificate is not yet valid", "certificate has expired")
_NOBODY_THERE = ("refused", "unreachable", "resolve", "resolution", "no route", "getaddrinfo")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. headers: names in lower case; is_whole: the body did not break off."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_whole: bool


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Nothing came back. cause: one of `sync.causes`; detail: for the technician."""

    cause: str
    detail: str


class HttpLink:
    """A line to one county. Not for several threads: it keeps one connection open."""

    def __init__(
        self,
        address: str,
        *,
        fingerprint: str = "",
        connect_seconds: int = CONNECT_SECONDS,
        silence_seconds: float = SILENCE_SECONDS,
        answer_seconds: int = ANSWER_SECONDS,
    ) -> None:
        """Talk to the county at `address` ("https://xian.example").

        fingerprint: SHA-256 of the county's certificate. Where it is pinned it alone decides, and
        neither an authority nor this machine's clock is asked.
        """
        self._address = address.rstrip("/")
        self._time_outs = (connect_seconds, silence_seconds)
        self._answer_seconds = answer_seconds
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = not fingerprint
        adapter = _Pinned(fingerprint) if fingerprint else HTTPAdapter(max_retries=0)
        self._session.mount("https://", adapter)
        self._session.mount("http://", HTTPAdapter(max_retries=0))

    def carry(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, limit: int
    ) -> Answer | NoAnswer:
        """Carry one request. limit: bytes of answer to read; more counts as broken off."""
        try:
            response = self._session.request(
                method,
                self._address + path,
                data=body or None,
                headers=dict(headers),
                timeout=self._time_outs,
                allow_redirects=False,
                stream=True,
            )
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as problem:
            return _failure(problem)
        try:
            content, is_whole = _read(response, limit, self._answer_seconds)
        finally:
            response.close()
        lower = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, lower, content, is_whole)

    def health(self) -> Answer | NoAnswer:
        """Ask whether the county is there; its answer holds no data."""
        return self.carry("GET", HEALTH_PATH, {}, b"", HEALTH_BYTES_MAX)

    def close(self) -> None:
        """Let the connection go."""
        self._session.close()


class _Pinned(HTTPAdapter):
    """Accepts one certificate, by its fingerprint."""

    def __init__(self, fingerprint: str) -> None:
        self._fingerprint = fingerprint
        super().__init__(max_retries=0)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **settings: Any
    ) -> None:
        """Check the fingerprint of every connection, and neither authority, name nor dates."""
        settings.update(assert_fingerprint=self._fingerprint, assert_hostname=False)
        super().init_poolmanager(connections, maxsize, block, **settings)


def _read(response: requests.Response, limit: int, seconds: int) -> tuple[bytes, bool]:
    """Return what arrives of a body in time, undecoded, and whether that is all of it."""
    content = bytearray()
    end = time.monotonic() + seconds
    try:
        while len(content) <= limit and time.monotonic() < end:
            piece = response.raw.read1(PIECE_BYTES, decode_content=False)
            if not piece:
                return bytes(content), True
            content += piece
    except (urllib3.exceptions.HTTPError, OSError):
        return bytes(content), False
    return bytes(content[:limit]), False


def _failure(problem: Exception) -> NoAnswer:
    """Return the cause behind an exception of the line."""
    text = f"{type(problem).__name__}: {problem}"
    lower = text.lower()
    if isinstance(problem, requests.exceptions.SSLError):
        is_clock = any(words in lower for words in _CLOCK_ERRORS)
        return NoAnswer(causes.WRONG_CLOCK if is_clock else causes.BAD_CERTIFICATE, text)
    if isinstance(problem, requests.exceptions.ConnectTimeout):
        return NoAnswer(causes.NO_LINE, text)
    if isinstance(problem, requests.exceptions.Timeout):
        return NoAnswer(causes.NO_ANSWER, text)
    if isinstance(problem, ValueError):  # an address that cannot be
        return NoAnswer(causes.WRONG_ADDRESS, text)
    if isinstance(problem, requests.exceptions.ProxyError):
        return NoAnswer(causes.PROXY_ERROR, text)
    if any(words in lower for words in _NOBODY_THERE):
        return NoAnswer(causes.NO_LINE, text)
    return NoAnswer(causes.CUT_OFF, text)
