"""A gateway behind HTTP: three calls, one object each, a token in the head.

`POST URL/messages` {"messages": [{id, to, way, text}]} hands over; `GET URL/reports` returns what
is known and has not been seen; `POST URL/seen` {"reports": [{id, state}]} says that it was written
down. Each answers {"reports": [{id, state, number, reason, day}]}. What is no such answer (a
portal's page, a redirect, more than a megabyte) is trouble, and nothing has been said.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
import requests

from county_server.messages.gateway import GatewayTrouble, Outgoing, Report

ANSWER_BYTES_MAX = 1024 * 1024
SECONDS = (5, 30)  # to connect, to answer
REDIRECT = 300


class _Row(msgspec.Struct, frozen=True):
    id: str
    state: str
    number: str = ""
    reason: str = ""
    day: str = ""


class _Answer(msgspec.Struct, frozen=True):
    reports: tuple[_Row, ...] = ()


class HttpGateway:
    """The service of a provider."""

    def __init__(self, url: str, token: str = "", seconds: tuple[float, float] = SECONDS) -> None:
        """Call below `url`; token: what the provider knows the county by, "" for none."""
        self._url = url.rstrip("/")
        self._seconds = seconds
        self._session = requests.Session()
        self._session.trust_env = False
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"
        self._last: Sequence[Report] = ()

    def send(self, outgoing: Sequence[Outgoing]) -> Sequence[Report]:
        """Hand messages over."""
        rows = [{"id": o.name, "to": o.phone, "way": o.way, "text": o.text} for o in outgoing]
        return self._call("POST", "messages", {"messages": rows})

    def reports(self) -> Sequence[Report]:
        """Ask what has become known."""
        self._last = self._call("GET", "reports")
        return self._last

    def seen(self) -> None:
        """Say which reports were written down."""
        if self._last:
            rows = [{"id": one.name, "state": one.state} for one in self._last]
            self._call("POST", "seen", {"reports": rows})
        self._last = ()

    def _call(self, method: str, path: str, content: Any = None) -> Sequence[Report]:
        body = None if content is None else msgspec.json.encode(content)
        try:
            with self._session.request(
                method,
                f"{self._url}/{path}",
                data=body,
                headers={"Content-Type": "application/json"},
                timeout=self._seconds,
                allow_redirects=False,
                stream=True,
            ) as answer:
                if answer.status_code >= REDIRECT:
                    raise GatewayTrouble(f"{path}: status {answer.status_code}")
                content = answer.raw.read(ANSWER_BYTES_MAX + 1, decode_content=True)
        except requests.RequestException as problem:
            raise GatewayTrouble(f"{path}: {type(problem).__name__}") from problem
        if len(content) > ANSWER_BYTES_MAX:
            raise GatewayTrouble(f"{path}: more than {ANSWER_BYTES_MAX} bytes")
        try:
            rows = msgspec.json.decode(content, type=_Answer).reports
        except msgspec.DecodeError as problem:
            raise GatewayTrouble(f"{path}: no answer that was agreed on") from problem
        return [Report(row.id, row.state, row.number, row.reason, row.day) for row in rows]
