"""Sounds: what the ear is told. Each has a visible twin, so a silent PC loses nothing.

Tones are made once, in memory (docs/DESIGN.md §9); the voice puts phrases together from pieces that
come with the program, or from a station's own recordings of the same names. A thread of its own
makes and plays them. Nothing here waits and nothing here fails: without a device there is silence,
said once. What is newer cuts a phrase short: nobody is told of the parcel before.
"""

import array
import io
import logging
import math
import os
import struct
import sys
import threading
import wave
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Full, Queue
from typing import Any, Final, Protocol

from station_app.values.spoken import Phrase

RATE: Final = 44_100
QUEUE_MAX: Final = 4  # more tones than that would speak of the past
_EDGE_MS: Final = 4  # a tone swells and fades, or it clicks
_LOUD: Final = 0.55

# name → (Hz, ms) one after the other; 0 Hz is a pause.
TONES: Final[Mapping[str, Sequence[tuple[int, int]]]] = {
    "ok": ((880, 60),),
    "duplicate": ((660, 60), (0, 50), (660, 60)),
    "gone": ((880, 70), (0, 30), (660, 70), (0, 30), (440, 140)),
    "full": ((550, 50), (0, 40), (550, 50), (0, 40), (550, 50), (0, 40), (550, 50)),
    "warn": ((440, 200),),
    "stop": ((220, 150), (0, 70), (220, 150), (0, 70), (220, 150)),
    "money": ((880, 90), (1320, 120)),
}

# What the voice speaks of, each switched by itself. A phrase of money is heard by whoever stands
# by, so it is silent until the station wants it.
VOICES: Final = ("place", "hindrance", "weight", "money", "state")
VOICES_AT_FIRST: Final = frozenset({"place", "hindrance"})

log = logging.getLogger(__name__)


class Sounds(Protocol):
    """Plays tones. Never waits, never fails."""

    def play(self, name: str) -> None:
        """Play one of `TONES`."""
        ...


class Silence:
    """Plays nothing."""

    def play(self, name: str) -> None:
        """Do nothing; an unknown name is still a bug."""
        assert name in TONES, name


class Voice(Protocol):
    """Speaks phrases of `values.spoken`. Never waits, never fails."""

    def speak(self, what: str, phrase: Phrase) -> None:
        """Speak soon; what: one of `VOICES`, which may be muted."""
        ...

    def read_out(self, phrase: Phrase) -> None:
        """Speak what somebody has just asked to hear by a key, whatever is muted."""
        ...

    def say_saved(self) -> None:
        """Say of an act that it is kept here, where no line is: the county hears of it later."""
        ...


class Mute:
    """Says nothing."""

    def speak(self, what: str, phrase: Phrase) -> None:
        """Do nothing; an unknown class is still a bug."""
        assert what in VOICES, what
        assert phrase

    def read_out(self, phrase: Phrase) -> None:
        """Do nothing; an empty phrase is still a bug."""
        assert phrase

    def say_saved(self) -> None:
        """Do nothing."""


Player = Callable[[bytes], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """What the settings say. loudness: percent; silent: muted tones; spoken: voices to be heard."""

    loudness: int = 100
    silent: Collection[str] = ()
    spoken: Collection[str] = VOICES_AT_FIRST


class ToneSounds:
    """Plays tones and phrases through a player, in a thread of its own.

    pieces: folders of pieces of the voice, the first that has one wins. `on_trouble` is told once,
    in that thread, if there is no device.
    """

    def __init__(
        self,
        player: Player,
        tuning: Tuning | None = None,
        *,
        pieces: Sequence[Path] = (),
        on_trouble: Callable[[], None] = lambda: None,
    ) -> None:
        """Start the thread; each tone is made there when it is first wanted."""
        self._player = player
        self._pieces = pieces
        self._on_trouble = on_trouble
        self._has_failed = False
        self._waves: dict[str, bytes] = {}
        self._waiting: Queue[str | Phrase | None] = Queue(QUEUE_MAX)
        self.tune(tuning or Tuning())
        self._thread = threading.Thread(target=self._serve, name="sounds", daemon=True)
        self._thread.start()

    def tune(self, tuning: Tuning) -> None:
        """Use other settings from the next sound on; a device that was missing is tried again."""
        self._has_failed = False
        self._tuning = tuning
        self._waves = {}

    def play(self, name: str) -> None:
        """Play a tone soon; if too many wait already, this one is dropped."""
        assert name in TONES, name
        if name not in self._tuning.silent:
            self._put(name)

    def speak(self, what: str, phrase: Phrase) -> None:
        """Speak a phrase soon, unless its class is muted; something newer cuts it short."""
        assert what in VOICES, what
        if what in self._tuning.spoken and phrase:
            self._put(phrase)

    def read_out(self, phrase: Phrase) -> None:
        """Speak what somebody has just asked to hear, whatever is muted."""
        self._put(phrase)

    def _put(self, wanted: str | Phrase) -> None:
        if not self._has_failed:
            with suppress(Full):
                self._waiting.put_nowait(wanted)

    def close(self) -> None:
        """Let the thread end after the tone or piece that it is playing."""
        while True:
            try:
                self._waiting.put_nowait(None)
            except Full:
                with suppress(Exception):
                    self._waiting.get_nowait()
            else:
                break
        self._thread.join(timeout=2)

    def _serve(self) -> None:
        while (wanted := self._waiting.get()) is not None:
            if self._has_failed:
                continue
            try:
                if isinstance(wanted, str):
                    self._player(self._wave(wanted, self._tone))
                else:
                    self._say(wanted)
            except Exception as error:  # noqa: BLE001 - whatever a sound system may raise
                self._has_failed = True
                log.info("no sound: %s", error)
                self._on_trouble()

    def _say(self, phrase: Phrase) -> None:
        for piece in phrase:
            if not self._waiting.empty():
                return
            content = self._wave(f"voice/{piece}", self._piece)
            if content:
                self._player(content)

    def _wave(self, key: str, make: Callable[[str], bytes]) -> bytes:
        waves = self._waves
        if key not in waves:
            waves[key] = make(key)
        return waves[key]

    def _tone(self, name: str) -> bytes:
        return tone_wave(TONES[name], self._tuning.loudness)

    def _piece(self, key: str) -> bytes:
        name = key.removeprefix("voice/")
        for folder in self._pieces:
            try:
                return piece_wave(_recording(folder, name), self._tuning.loudness)
            except (OSError, EOFError, wave.Error, ValueError) as error:
                log.debug("piece %s of %s: %s", name, folder, error)
        log.warning("the voice has no piece %s", name)
        return b""


PIECE_SECONDS_MAX: Final = 12


def _recording(folder: Path, name: str) -> bytes:
    """Return a piece as WAV: a station's own is one, whole sentences are kept as Ogg Vorbis."""
    packed = folder / f"{name}.ogg"
    if not packed.exists():
        return (folder / f"{name}.wav").read_bytes()
    import miniaudio  # type: ignore[import-untyped]

    heard = miniaudio.decode(
        packed.read_bytes(), miniaudio.SampleFormat.SIGNED16, nchannels=1, sample_rate=RATE
    )
    return _file(heard.samples.tobytes())


def piece_wave(content: bytes, loudness: int = 100) -> bytes:
    """Return a recording as the player wants it; raises ValueError if it is not of that kind.

    Half the player's rate or the same, one channel, 16 bit: what the program brings, and what a
    telephone's recorder writes as WAV.
    """
    with wave.open(io.BytesIO(content)) as file:
        kind = (file.getnchannels(), file.getsampwidth(), file.getframerate())
        if kind not in ((1, 2, RATE), (1, 2, RATE // 2)):
            raise ValueError(f"{kind}: one channel, 16 bit, {RATE} or {RATE // 2} Hz")
        heard = array.array("h", file.readframes(PIECE_SECONDS_MAX * RATE))
    if sys.byteorder == "big":
        heard.byteswap()
    part = min(100, max(0, loudness)) / 100
    samples = [round(sample * part) for sample in heard]
    if kind[2] != RATE:
        following = [*samples[1:], 0]
        pairs = zip(samples, following, strict=True)
        samples = [value for one, next_ in pairs for value in (one, (one + next_) // 2)]
    return _file(struct.pack(f"<{len(samples)}h", *samples))


def tone_wave(steps: Sequence[tuple[int, int]], loudness: int = 100) -> bytes:
    """Return tones as a WAV file: 16 bit, one channel."""
    return _file(b"".join(_frames(hertz, ms, loudness) for hertz, ms in steps))


def _file(frames: bytes) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(frames)
    return made.getvalue()


def _frames(hertz: int, ms: int, loudness: int) -> bytes:
    count = RATE * ms // 1000
    return struct.pack(f"<{count}h", *_samples(hertz, count, loudness))


def _samples(hertz: int, count: int, loudness: int) -> Iterator[int]:
    edge = RATE * _EDGE_MS // 1000
    peak = 32_767 * _LOUD * min(100, max(0, loudness)) / 100
    for number in range(count):
        swell = min(1.0, number / edge, (count - number) / edge)
        yield round(peak * swell * math.sin(2 * math.pi * hertz * number / RATE)) if hertz else 0


def _has_linux_sound() -> bool:
    """Look before opening: the sound library complains at length where there is nothing."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    server = bool(runtime) and (Path(runtime) / "pulse" / "native").exists()
    cards = any(Path("/dev/snd").glob("pcm*p")) if Path("/dev/snd").is_dir() else False
    return cards or server or "PULSE_SERVER" in os.environ


class DevicePlayer:
    """Plays WAV files on the machine's own device, which is opened at the first tone.

    It stays open until `close`: opening one for every beep would make each beep late.
    """

    def __init__(self) -> None:
        """Open nothing yet."""
        self._device: Any = None
        self._rest = memoryview(b"")
        self._over = threading.Event()

    def __call__(self, content: bytes) -> None:
        """Play a file of `tone_wave` to its end; raises if there is no device."""
        if self._device is None:
            self._open()
        with wave.open(io.BytesIO(content)) as file:
            frames = file.readframes(file.getnframes())
        self._over.clear()
        self._rest = memoryview(frames)
        self._over.wait(timeout=2 + len(frames) / (2 * RATE))

    def _open(self) -> None:
        if sys.platform.startswith("linux") and not _has_linux_sound():
            raise OSError("no sound device")
        # Imported here: its library is looked up only when a sound is wanted.
        import miniaudio

        device = miniaudio.PlaybackDevice(nchannels=1, sample_rate=RATE, buffersize_msec=40)
        if device.backend.lower() == "null":
            device.close()
            raise OSError("no sound device")
        source = self._frames()
        next(source)
        device.start(source)
        self._device = device

    def _frames(self) -> Generator[bytes, int, None]:
        wanted = yield b""
        while True:
            piece, self._rest = self._rest[: 2 * wanted], self._rest[2 * wanted :]
            if not piece:
                self._over.set()
            wanted = yield bytes(piece).ljust(2 * wanted, b"\0")

    def close(self) -> None:
        """Close the device."""
        if self._device is not None:
            self._device.close()
            self._device = None
