"""Customer displays on a serial line: two lines of twenty signs (VFD), or eight digits (LED).

`vfd` speaks the CD5220 language that nearly every pole display understands, `vfd_gbk` the same
with Chinese for those that have its characters, `led8` that of Chinese tills: one amount, a light
that says whether it is the price, the total, what was given or the change. The encoders are pure; a
thread of its own writes the newest view only, and again after the plug was out.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol

import serial

from station_app.devices.customer_display import IDLE, CustomerView
from station_app.devices.serial_line import NOT_OS_ERRORS

COLUMNS: Final = 20
LED_DIGITS: Final = 8
LED_FEN_MAX: Final = 999_999_99  # eight digits, two of them behind the point
WRITE_SECONDS: Final = 2.0
AGAIN_SECONDS: Final = 2.0
STOP_SECONDS: Final = 3.0
RESET, CLEAR = b"\x1b@", b"\x0c"
TROUBLES: Final[tuple[type[Exception], ...]] = (OSError, ValueError, *NOT_OS_ERRORS)
_LIGHTS: Final = {"none": b"0", "price": b"1", "total": b"2", "given": b"3", "change": b"4"}
_ASCII: Final = {
    "total": "TOTAL",
    "gets": "REFUND",
    "given": "PAID",
    "change": "CHANGE",
    "idle": "",
}
_CHINESE: Final = {
    "total": "应收",
    "gets": "应退",
    "given": "收您",
    "change": "找您",
    "idle": "您好",
}

log = logging.getLogger(__name__)


def figure(fen: int) -> str:
    """Return an amount as such displays show it: 125.50."""
    return f"{abs(fen) // 100}.{abs(fen) % 100:02}"


def encode_led8(view: CustomerView) -> bytes:
    """Return the bytes that show the one amount that matters now."""
    light, fen = _one_amount(view)
    if fen is None or abs(fen) > LED_FEN_MAX:
        return CLEAR + b"\x1bs" + _LIGHTS["none"]
    return b"\x1bQA" + figure(fen).encode("ascii") + b"\r" + b"\x1bs" + _LIGHTS[light]


def _one_amount(view: CustomerView) -> tuple[str, int | None]:
    if view.change_fen is not None:
        return "change", view.change_fen
    if view.given_fen is not None:
        return "given", view.given_fen
    if view.total_fen:
        return "total", view.total_fen
    return ("price", view.lines[-1].amount_fen) if view.lines else ("none", None)


def encode_vfd(view: CustomerView, *, chinese: bool = False) -> bytes:
    """Return the bytes that show two lines: the sum, and below it what was given and comes back."""
    words = _CHINESE if chinese else _ASCII
    upper, lower = _lines(view, words)
    code = "gb18030" if chinese else "ascii"

    def line(mark: bytes, text: str) -> bytes:
        return b"\x1bQ" + mark + text.encode(code, "replace")[:COLUMNS].ljust(COLUMNS) + b"\r"

    return CLEAR + line(b"A", upper) + line(b"B", lower)


def _lines(view: CustomerView, words: dict[str, str]) -> tuple[str, str]:
    if view.is_idle:
        return words["idle"], ""
    total = view.total_fen or 0
    upper = _spread(words["gets" if total < 0 else "total"], figure(total)) if total else ""
    if view.change_fen is not None:
        return upper, _spread(words["change"], figure(view.change_fen))
    if view.given_fen is not None:
        return upper, _spread(words["given"], figure(view.given_fen))
    return upper, ""


def _spread(words: str, amount: str) -> str:
    wide = len(words.encode("gb18030"))
    return words + " " * max(1, COLUMNS - wide - len(amount)) + amount


ENCODERS: Final[dict[str, Callable[[CustomerView], bytes]]] = {
    "vfd": encode_vfd,
    "vfd_gbk": lambda view: encode_vfd(view, chinese=True),
    "led8": encode_led8,
}


class Plug(Protocol):
    """What is needed of an open line."""

    def write(self, sent: bytes, /) -> int | None:
        """Write; raises OSError."""
        ...

    def close(self) -> None:
        """Close."""
        ...


def open_plug(path: str, baud: int) -> Plug:
    """Open a serial line for writing. Raises OSError or ValueError."""
    plug: Plug = serial.Serial(path, baud, write_timeout=WRITE_SECONDS)
    return plug


class SerialDisplay:
    """Shows views on a serial display. Implements `CustomerDisplay`."""

    def __init__(self, kind: str, open_it: Callable[[], Plug]) -> None:
        """Begin with nobody served; kind: of `ENCODERS`."""
        self._encode = ENCODERS[kind]
        self._open = open_it
        self._wanted: CustomerView = IDLE
        self._is_told = False
        self._change = threading.Condition()
        self._is_off = False
        self._is_shown = False
        self._thread = threading.Thread(target=self._serve, name="customer display", daemon=True)
        self._thread.start()

    def show(self, view: CustomerView) -> None:
        """Show this view soon; one that was not yet shown is left out."""
        with self._change:
            if view != self._wanted:
                self._wanted, self._is_shown = view, False
                self._change.notify()

    def close(self) -> None:
        """Clear the display and let go of the line."""
        self.show(IDLE)
        with self._change:
            self._is_off = True
            self._change.notify()
        self._thread.join(STOP_SECONDS)

    def _next(self) -> CustomerView | None:
        with self._change:
            self._change.wait_for(lambda: self._is_off or not self._is_shown)
            if self._is_shown:
                return None
            self._is_shown = True
            return self._wanted

    def _serve(self) -> None:
        plug: Plug | None = None
        while (view := self._next()) is not None:
            try:
                if plug is None:
                    plug = self._open()
                    plug.write(RESET)
                plug.write(self._encode(view))
                self._is_told = False
            except TROUBLES as trouble:
                self._say_once(trouble)
                _close(plug)
                plug = None
                if not self._again():
                    return
        _close(plug)

    def _say_once(self, trouble: Exception) -> None:
        if not self._is_told:
            log.info("no customer display: %s", trouble)
        self._is_told = True

    def _again(self) -> bool:
        """Wait before another try, which shows the newest view; False when it is over."""
        with self._change:
            self._change.wait_for(lambda: self._is_off, timeout=AGAIN_SECONDS)
            self._is_shown = False
            return not self._is_off


def _close(plug: Plug | None) -> None:
    if plug is not None:
        with suppress(*TROUBLES):
            plug.close()
