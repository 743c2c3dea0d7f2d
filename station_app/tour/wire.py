"""A line that can be cut: a relay on loopback between the station and its county.

When it is cut, connections under way break and new ones are refused, as when somebody trips over
the cable. The station cannot tell the difference, which is the point.
"""

import contextlib
import socket
import threading

PIECE = 64 * 1024


class Wire:
    """Relays one TCP port to another. Use it as a context: it is gone afterwards."""

    def __init__(self, host: str, port: int) -> None:
        """Relay to `host`:`port`, from a free port of loopback."""
        self._there = (host, port)
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._listener: socket.socket | None = None
        self._port = 0

    def __enter__(self) -> "Wire":
        self.mend()
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()

    @property
    def address(self) -> str:
        """Return the address under which the county is reached through the wire."""
        return f"http://127.0.0.1:{self._port}"

    def mend(self) -> None:
        """Let connections through, on the same port as before."""
        if self._listener is not None:
            return
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        listener.listen()
        self._port = int(listener.getsockname()[1])
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def cut(self) -> None:
        """Break everything that is under way and refuse what comes."""
        listener, self._listener = self._listener, None
        if listener is not None:
            _shut(listener)
        with self._lock:
            broken, self._open = self._open, []
        for plug in broken:
            _shut(plug)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:  # cut
                if self._listener is not listener:
                    return
                continue
            try:
                far = socket.create_connection(self._there)
            except OSError:  # nobody is there: say so at once
                _shut(near)
                continue
            with self._lock:
                self._open += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=_pump, args=(one, other), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(PIECE):
            sink.sendall(piece)
    for plug in (source, sink):
        _shut(plug)


def _shut(plug: socket.socket) -> None:
    with contextlib.suppress(OSError):
        plug.shutdown(socket.SHUT_RDWR)
    plug.close()
