"""The web program run by hand: one call at a time, in this thread, without a socket or a loop.

The calls do not truly wait on the SQLite path, so a coroutine can be stepped to its end. One that
waits for anything fails here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette


@dataclass(frozen=True)
class Heard:
    """An answer. headers: names in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def call(
    app: Starlette,
    method: str,
    path: str,
    body: bytes | Iterable[bytes] = b"",
    headers: Mapping[str, str] | None = None,
) -> Heard:
    """Make one call; raises whatever the program raises, as no server may answer 500."""
    pieces = [body] if isinstance(body, bytes) else list(body)
    given = dict(headers or {})
    if isinstance(body, bytes) and body:
        given["content-length"] = str(len(body))
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": piece, "more_body": number < len(pieces) - 1}
        for number, piece in enumerate(pieces)
    ]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path.partition("?")[0],
        "raw_path": path.partition("?")[0].encode(),
        "query_string": path.partition("?")[2].encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    step_to_the_end(app(scope, receive, send))
    start = sent[0]
    lower = {name.decode(): value.decode() for name, value in start["headers"]}
    return Heard(start["status"], lower, b"".join(m.get("body", b"") for m in sent[1:]))


def step_to_the_end(coroutine: Any) -> None:
    """Run a coroutine that waits for nothing; it may let others go first, but there are none."""
    try:
        while (waits_for := coroutine.send(None)) is None:
            pass
    except StopIteration:
        return
    raise AssertionError(f"the call waits for {waits_for}")
