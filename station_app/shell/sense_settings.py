"""How a PC hears and is heard: one value, kept in its own database.

`Senses.use` puts another one to work at once; a page changes it, tries it, and keeps it.
"""

from typing import Any

import msgspec

from station_app.devices.customer_display import SERIAL_BAUDS
from station_app.shell.sounds import TONES, VOICES, VOICES_AT_FIRST

SCANNERS = ("keyboard", "serial", "evdev", "raw_input")
DISPLAYS = ("none", "window", *SERIAL_BAUDS)
SERIAL_BAUD = 9_600
_SETTING = "senses"


class SenseSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How this PC hears and is heard.

    loudness: percent, 0 for silence; silent: tones that are muted (of `TONES`); spoken: what the
    voice speaks of (of `VOICES`). scanner: of `SCANNERS`; scanner_place: port, path or name of the
    device, "" for a keyboard; scanner_baud: of a serial one. customer: of `DISPLAYS`;
    customer_place: its serial port; customer_words: what it says while nobody is served.
    """

    loudness: int = 100
    silent: tuple[str, ...] = ()
    spoken: tuple[str, ...] = tuple(sorted(VOICES_AT_FIRST))
    scanner: str = "keyboard"
    scanner_place: str = ""
    scanner_baud: int = SERIAL_BAUD
    customer: str = "none"
    customer_place: str = ""
    customer_words: str = ""

    def __post_init__(self) -> None:
        for value, known in ((self.scanner, SCANNERS), (self.customer, DISPLAYS)):
            if value not in known:
                raise ValueError(f"{value!r} is none of {', '.join(known)}")
        if set(self.silent) - set(TONES) or set(self.spoken) - set(VOICES):
            raise ValueError("no such tone or voice")


def kept(connection: Any) -> SenseSettings:
    """Return how this PC is set."""
    row = connection.execute("SELECT value FROM local WHERE name = ?", (_SETTING,)).fetchone()
    return msgspec.json.decode(row[0], type=SenseSettings) if row else SenseSettings()


def keep(connection: Any, settings: SenseSettings) -> None:
    """Keep how this PC is set; inside a transaction."""
    connection.execute(
        "INSERT OR REPLACE INTO local(name, value) VALUES (?, ?)",
        (_SETTING, msgspec.json.encode(settings).decode("utf-8")),
    )
