"""Every request, counted and told in one line: around the whole program, knowing none of it."""

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from county_server import metrics as counted
from county_server.metrics import Metrics
from station_app.sync.blobs import BLOBS_PATH
from station_app.sync.messages import ENROL_PATH, HEALTH_PATH, SYNC_PATH

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
log = logging.getLogger("county")
_CALLS = {SYNC_PATH: counted.SYNC, ENROL_PATH: counted.ENROL, HEALTH_PATH: counted.HEALTH}
METHODS = frozenset({"GET", "HEAD", "POST", "PUT"})


def call_of(path: str) -> str:
    """Return what sort of call a path is; the path itself is told nobody."""
    if path.startswith(BLOBS_PATH):
        return counted.BLOB
    return _CALLS.get(path, counted.PAGE)


class Watching:
    """An ASGI program around another one."""

    def __init__(self, app: App, metrics: Metrics) -> None:
        """Count what `app` answers."""
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Let a request through, and say how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        metrics, call = self._metrics, call_of(scope["path"])
        began, status = metrics.seconds(), 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        metrics.inside.inc()
        try:
            await self._app(scope, receive, watched)
        finally:
            took = metrics.seconds() - began
            metrics.inside.dec()
            metrics.requests.labels(call, str(status)).inc()
            metrics.took.labels(call).observe(took)
            method = scope["method"] if scope["method"] in METHODS else "other"
            fields = {"call": call, "method": method, "status": status, "ms": int(took * 1000)}
            level = logging.WARNING if status >= 500 or not status else logging.INFO
            log.log(level, "request", extra=fields)
