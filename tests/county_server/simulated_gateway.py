"""A gateway for messages as bad as real ones: it refuses, delays, says things twice, and late.

What it does with a number stands in `MANNERS`; a number that is not there is told of at once and
delivered by the next round. The same gateway answers behind HTTP, as a provider's service would.
"""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from county_server.messages.gateway import GatewayTrouble, Outgoing, Report


class SimulatedGateway:
    """A provider.

    manners: by number: `refuses`, `delays` (says nothing for a round), `twice` (each report
    again), `late` (delivered, one day on), `turns` (refused first, then delivered after all).
    """

    def __init__(self, manners: dict[str, str], day: str) -> None:
        self.manners = manners
        self.day = day
        self.got: list[Outgoing] = []
        self.sent: dict[str, Outgoing] = {}
        self.breaks_after_taking = False
        self._rounds: list[list[Report]] = []
        self._open: list[Report] = []

    def send(self, outgoing: Sequence[Outgoing]) -> Sequence[Report]:
        said: list[Report] = []
        for one in outgoing:
            self.got.append(one)
            if one.name not in self.sent:  # what it has, it does not send again
                self.sent[one.name] = one
                self._plan(one)
            manner = self.manners.get(one.phone, "")
            if manner == "refuses":
                said.append(Report(one.name, "refused", reason="blocked"))
            elif manner != "delays":
                said.append(self._taken(one))
        if self.breaks_after_taking:
            raise GatewayTrouble("messages: the line broke")
        return said

    def reports(self) -> Sequence[Report]:
        self._open += self._rounds.pop(0) if self._rounds else []
        return tuple(self._open)

    def seen(self) -> None:
        self._open = []

    def _taken(self, one: Outgoing) -> Report:
        return Report(one.name, "sent", number=f"G{list(self.sent).index(one.name) + 1}")

    def _plan(self, one: Outgoing) -> None:
        arrived = Report(one.name, "delivered", day=self.day)
        manner = self.manners.get(one.phone, "")
        plans = {
            "refuses": [],
            "delays": [[], [self._taken(one)], [arrived]],
            "twice": [[arrived, arrived], [arrived]],
            "late": [[], [], [arrived]],
            "turns": [[Report(one.name, "refused", reason="switched_off")], [arrived]],
        }
        for place, reports in enumerate(plans.get(manner, [[arrived]])):
            while len(self._rounds) <= place:
                self._rounds.append([])
            self._rounds[place] += reports


@contextmanager
def behind_http(gateway: SimulatedGateway, token: str) -> Iterator[str]:
    """Let a gateway answer on this machine; give its address."""

    class Service(BaseHTTPRequestHandler):
        def log_message(self, *_arguments: Any) -> None:
            """Say nothing: the numbers are people's."""

        def do_POST(self) -> None:
            size = int(self.headers.get("content-length", "0"))
            content = json.loads(self.rfile.read(size) or b"{}")
            if self.path.endswith("/seen"):
                gateway.seen()
                self._answer(())
                return
            rows = content["messages"]
            self._answer(
                gateway.send([Outgoing(r["id"], r["to"], r["text"], r["way"]) for r in rows])
            )

        def do_GET(self) -> None:
            self._answer(gateway.reports())

        def _answer(self, reports: Sequence[Report]) -> None:
            is_known = self.headers.get("authorization") == f"Bearer {token}"
            rows = [
                {"id": r.name, "state": r.state, "number": r.number, "reason": r.reason,
                 "day": r.day}
                for r in reports
            ]  # fmt: skip
            body = json.dumps({"reports": rows}).encode()
            self.send_response(200 if is_known else 401)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = HTTPServer(("127.0.0.1", 0), Service)
    worker = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    worker.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        worker.join()
        server.server_close()
