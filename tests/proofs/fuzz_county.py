"""The published calls of the county, asked with everything that may and may not be sent.

The county is the served program. schemathesis reads `docs/openapi.json` and makes requests that fit
and that do not: heads, methods, names, bodies. Bodies are drawn from true requests of an enrolled
PC, whole or changed, and from plain noise. Whatever comes: no answer of 500 or more, each in a type
that the document names, the server's memory stays capped, and in the end the county holds whole
acts only, verifies, and takes the PC's true request.

    python -m tests.proofs.fuzz_county --examples 100000 --seed 1 FOLDER
"""

import argparse
import json
import random
import sys
import time
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from station_app.sync.exchange import Request
from station_app.sync.messages import CONTENT_TYPE, PROBLEM_TYPE
from tests.county_server.serving import ROOT, Server, enrolled_over, new_data, over, said
from tests.sync.stand import Pc, converse
from tests.sync.test_mutated_bundles import INSIDE

DOCUMENT = ROOT / "docs" / "openapi.json"
TYPES = {CONTENT_TYPE, PROBLEM_TYPE, "application/json", "text/plain", ""}
MEMORY_BYTES_MAX = 300_000_000  # of the server, at its highest; idle it takes a third
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE")
HEADS = ("content-type", "content-length", "authorization", "content-encoding", "range", "expect")


def document() -> Any:
    """Return the published document."""
    return json.loads(DOCUMENT.read_text("utf-8"))


def readable(schema: Any) -> Any:
    """Yield what schemathesis makes of each published call."""
    return schema.get_all_operations()


def run(folder: Path, examples: int, seed: int) -> dict[str, Any]:
    """Ask so often; return what was answered and what is wrong with it."""
    data = new_data(folder)
    server = Server(data)
    try:
        pc = enrolled_over(server, data, folder / "pc", seed=seed)
        converse(pc, over(server))
        for _ in range(3):
            pc.hand_over(pc.shelve(20)[0].identity)
        asked = Asker(server, pc, seed)
        asked.ask(examples)
        memory = _highest_memory(server.process.pid)
        converse(pc, over(server))
        waiting = pc.unconfirmed()
        pc.close()
    finally:
        server.stop()
    found = asked.found
    if memory > MEMORY_BYTES_MAX:
        found.append(f"the server took {memory} bytes")
    if waiting:
        found.append(f"{waiting} facts of the true request did not arrive")
    findings = said(data, "verify")["findings"]
    found += [f"not sound: {finding}" for finding in findings]
    return {
        "examples": sum(asked.answers.values()),
        "seed": seed,
        "answers": dict(sorted(asked.answers.items())),
        "memory": memory,
        "found": found[:20],
    }


def _highest_memory(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


class Asker:
    """Asks, and keeps what was answered."""

    def __init__(self, server: Server, pc: Pc, seed: int) -> None:
        """Ask a server, with true requests of a PC to begin from."""
        self._server = server
        self._session = requests.Session()
        self._session.trust_env = False
        self._seed = seed
        self._pc = pc
        self.answers: Counter[str] = Counter()
        self.found: list[str] = []

    def ask(self, examples: int) -> None:
        """Ask so many times, spread over the published calls and over those that are none."""
        bodies = st.one_of(
            st.binary(max_size=4_000),
            st.tuples(st.integers(0, 2**32), st.sampled_from(INSIDE)).map(
                lambda drawn: drawn[1](random.Random(drawn[0]), self._true_body())
            ),
        )
        schemathesis.openapi.media_type(CONTENT_TYPE, bodies)
        schema = schemathesis.openapi.from_dict(document())
        schema.config.update(base_url=self._server.url)
        operations: list[Any] = [found.ok() for found in readable(schema)]
        each = max(1, examples // (len(operations) + 1))
        for operation in operations:
            cases = st.one_of(
                operation.as_strategy(),
                operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE),
            )
            self._given(cases, each, self._case)
        requests_of_any_kind = st.tuples(
            st.sampled_from(METHODS),
            st.sampled_from([op.path.replace("{name}", "ab" * 32) for op in operations]),
            st.dictionaries(st.sampled_from(HEADS), st.from_regex(r"[ -~]{0,60}", fullmatch=True)),
            bodies,
        )
        self._given(requests_of_any_kind, each, self._anything)

    def _true_body(self) -> bytes:
        """Return a request with a nonce of its own, as the PC would send it now."""
        self._pc.exchange.hurry()
        asked = self._pc.exchange.next_request(self._pc.clock.at)
        assert isinstance(asked, Request)
        self._pc.exchange.on_failure("no_answer", self._pc.clock.at)
        return asked.body

    def _given(self, cases: Any, examples: int, ask: Any) -> None:
        @seeded(self._seed)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(cases)
        def each(case: Any) -> None:
            ask(case)

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what the generator thinks of the document
            each()

    def _case(self, case: Any) -> None:
        try:
            response = case.call(session=self._session, base_url=self._server.url)
        except requests.RequestException as problem:
            self._no_answer(f"{case.method} {case.path}", problem, is_owed=True)
            return
        kind = response.headers.get("content-type", [""])
        shown = kind[0] if isinstance(kind, list) else kind
        self._note(f"{case.method} {case.path}", response.status_code, shown)

    def _anything(self, drawn: tuple[str, str, dict[str, str], bytes]) -> None:
        method, path, heads, body = drawn
        try:
            response = self._session.request(
                method,
                self._server.url + path,
                headers=heads,
                data=body,
                timeout=5,
                allow_redirects=False,
            )
        except (requests.RequestException, ValueError) as problem:
            is_owed = not {"content-length", "expect"} & heads.keys()
            self._no_answer(f"{method} {path}", problem, is_owed=is_owed)
            return
        self._note(f"{method} {path}", response.status_code, response.headers.get("content-type"))

    def _no_answer(self, what: str, problem: Exception, *, is_owed: bool) -> None:
        """A head that cannot be sent, or a length that is a lie, gets no answer; so be it.

        is_owed: it was whole, so waiting in vain for an answer is a finding.
        """
        self.answers[type(problem).__name__] += 1
        if is_owed and isinstance(problem, requests.Timeout):
            self.found.append(f"{what}: no answer")
        if self._server.process.poll() is not None:
            self.found.append(f"{what}: the server has ended")
            raise RuntimeError("the server has ended") from problem

    def _note(self, what: str, status: int, kind: str | None) -> None:
        self.answers[str(status)] += 1
        if status >= 500:
            self.found.append(f"{what}: {status}")
        if (kind or "").partition(";")[0].strip() not in TYPES:
            self.found.append(f"{what}: {status} in {kind}")


def main() -> int:
    """Ask and print one JSON object."""
    parser = argparse.ArgumentParser(description="Everything that may be sent to a county.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--examples", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    told = run(options.folder, options.examples, options.seed)
    told["seconds"] = round(time.monotonic() - began, 1)
    sys.stdout.write(json.dumps(told) + "\n")
    return 1 if told["found"] else 0


if __name__ == "__main__":
    sys.exit(main())
