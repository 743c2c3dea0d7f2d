"""A photo from a telephone: it opens a page of this PC over the Wi-Fi of the station, once.

The address is shown as a QR code while the operator waits for it, and holds 128 bits that are drawn
anew each time. There is one page and one act behind it, for one photo; everything else is answered
with nothing, and when the photo has come, or nobody waits any more, the port is closed. What comes
is believed to be a picture by nobody: it is opened and drawn anew like every other file.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from station_app.values.clock import Chance

TOKEN_BYTES: Final = 16
BODY_BYTES_MAX: Final = 25 * 1024 * 1024  # the longest photo that is opened, and its envelope
CALLERS_MAX: Final = 4  # telephones that talk at once; one is meant
QUIET_SECONDS: Final = 20.0  # of a telephone that stops in the middle
SLICE: Final = 64 * 1024
_SAFE_HEADERS: Final = (
    ("Cache-Control", "no-store"),
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    ),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PhoneWords:
    """What the telephone shows. ask: above the button; again: for what was no upload."""

    title: str
    ask: str
    choose: str
    send: str
    came: str
    again: str


class PhoneDoor:
    """Open for one photo. Make it to open the port; `close` it when nobody waits any more."""

    def __init__(self, address: str, chance: Chance, words: PhoneWords) -> None:
        """Listen on a free port of this address. Raises OSError."""
        self._token = chance.draw(TOKEN_BYTES).hex()
        self._words = words
        self._photo: bytes | None = None
        self._guard = threading.Lock()
        self._callers = threading.Semaphore(CALLERS_MAX)
        self._server = _Server((address, 0), self._handler())
        port = self._server.server_address[1]
        self.url = f"http://{address}:{port}/{self._token}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True
        )
        self._thread.start()

    def take(self) -> bytes:
        """Return the photo that came, b"" as long as none has."""
        with self._guard:
            return self._photo or b""

    def close(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(2)

    def _accept(self, photo: bytes) -> bool:
        """Keep the first photo; returns whether this was it."""
        with self._guard:
            if self._photo is not None:
                return False
            self._photo = photo
            return True

    @property
    def _is_spent(self) -> bool:
        with self._guard:
            return self._photo is not None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        door = self

        class Answering(_PhoneCall):
            token, words, callers = door._token, door._words, door._callers
            accept = staticmethod(door._accept)

            @property
            def is_spent(self) -> bool:
                return door._is_spent

        return Answering


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = CALLERS_MAX

    def handle_error(self, _request: object, _client: object) -> None:
        """A telephone that went away is no trouble of ours."""
        log.debug("a telephone broke off", exc_info=True)


class _PhoneCall(BaseHTTPRequestHandler):
    """One page and one act. Only the path with the token is anything at all."""

    token = ""
    words = PhoneWords("", "", "", "", "", "")
    callers = threading.Semaphore(1)
    accept: Callable[[bytes], bool]
    timeout = QUIET_SECONDS
    server_version, sys_version = "station", ""

    @property
    def is_spent(self) -> bool:
        """Tell whether the photo has come."""
        raise NotImplementedError

    def do_GET(self) -> None:
        """Show the page."""
        if not self._is_meant():
            return
        self._answer(HTTPStatus.OK, page_of(self.words))

    def do_POST(self) -> None:
        """Take the photo."""
        if not self._is_meant():
            return
        if not self.callers.acquire(blocking=False):
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, said(self.words, self.words.again))
            return
        try:
            photo = self._read_photo()
        finally:
            self.callers.release()
        if photo and self.accept(photo):
            self._answer(HTTPStatus.OK, said(self.words, self.words.came))
        else:
            self._answer(HTTPStatus.BAD_REQUEST, said(self.words, self.words.again))

    def _is_meant(self) -> bool:
        if self.path != f"/{self.token}":
            self._answer(HTTPStatus.NOT_FOUND, "")
            return False
        if self.is_spent:
            self._answer(HTTPStatus.GONE, said(self.words, self.words.came))
            return False
        return True

    def _read_photo(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit() or int(length) > BODY_BYTES_MAX:
            self.close_connection = True
            return b""
        left, pieces = int(length), list[bytes]()
        while left:
            piece = self.rfile.read(min(SLICE, left))
            if not piece:
                return b""
            pieces.append(piece)
            left -= len(piece)
        return file_in(self.headers.get("Content-Type", ""), b"".join(pieces))

    def _answer(self, status: HTTPStatus, text: str) -> None:
        body = text.encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        for name, value in _SAFE_HEADERS:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: an address in a log would be a key on a notice board."""


def file_in(content_type: str, body: bytes) -> bytes:
    """Return the first file of a form (multipart/form-data), b"" if there is none."""
    kind, _, rest = content_type.partition(";")
    mark = rest.strip().removeprefix("boundary=").strip('"').encode("latin-1", "replace")
    if kind.strip().lower() != "multipart/form-data" or not 0 < len(mark) <= 70:
        return b""
    edge = b"--" + mark
    begin = body.find(edge)
    while begin >= 0:
        head_end = body.find(b"\r\n\r\n", begin)
        if head_end < 0:
            return b""
        end = body.find(b"\r\n" + edge, head_end + 2)
        if end < 0:
            return b""
        if b"filename=" in body[begin:head_end].lower():
            return body[head_end + 4 : end]
        begin = body.find(edge, end)
    return b""


_STYLE: Final = (
    "body{font:20px sans-serif;margin:0;padding:24px;color:#13201C;background:#EFF2F1}"
    "h1{font-size:26px}label,button{display:block;width:100%;box-sizing:border-box;padding:20px;"
    "margin:16px 0;border-radius:12px;font-size:22px;text-align:center}"
    "label{background:#fff;border:2px solid #00675A;color:#00675A}"
    "button{background:#00675A;border:0;color:#fff}input{width:100%;font-size:18px}"
)


def said(words: PhoneWords, sentence: str) -> str:
    """Return a page with a sentence and nothing to press."""
    return _page(words, f"<p>{sentence}</p>")


def page_of(words: PhoneWords) -> str:
    """Return the page: choose or take a photo, send it. It needs no script."""
    return _page(
        words,
        f'<p>{words.ask}</p><form method="post" enctype="multipart/form-data">'
        f"<label>{words.choose}"
        '<input type="file" name="photo" accept="image/jpeg,image/png,image/webp" required>'
        f"</label><button>{words.send}</button></form>",
    )


def _page(words: PhoneWords, inside: str) -> str:
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{words.title}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{words.title}</h1>{inside}</body></html>"
    )
