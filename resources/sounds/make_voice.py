"""Speak the pieces of `pieces.csv` into `voice/`: run from the root on a machine with espeak-ng.

    apt-get install --no-install-recommends espeak-ng
    python3 resources/sounds/make_voice.py

Mandarin is given as pinyin with tones: Debian's espeak-ng comes without its list of characters and
would spell them out in English. Letters are spoken by an English voice. What comes out is
22,050 Hz, 16 bit, one channel; silent edges are cut and peaks brought to one height, so that pieces
join. The program is GPL-3.0-or-later; what it speaks is the work of whoever wrote the words, and
these files have this project's own licence.
"""

import array
import csv
import io
import subprocess
import wave
from pathlib import Path

HERE = Path(__file__).resolve().parent
RATE = 22_050
QUIET = 250  # of 32,767: below that is an edge
EDGE = RATE // 100  # 10 ms stay on both sides
PEAK = 26_000
SPEED_WORDS, SPEED_LETTERS = "165", "150"


def spoken(text: str, pinyin: str) -> bytes:
    """Return a WAV file of a piece, as espeak-ng speaks it."""
    voice, speed = ("cmn-latn-pinyin", SPEED_WORDS) if pinyin else ("en-us", SPEED_LETTERS)
    words = ["espeak-ng", "-v", voice, "-s", speed, "--stdout", pinyin or text]
    return subprocess.run(words, check=True, capture_output=True).stdout


def trimmed(content: bytes) -> bytes:
    """Return it without silent edges, at the common height."""
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        heard = array.array("h", file.readframes(file.getnframes()))
    loud = [number for number, sample in enumerate(heard) if abs(sample) > QUIET]
    heard = heard[max(0, loud[0] - EDGE) : loud[-1] + EDGE]
    peak = max(abs(sample) for sample in heard)
    heard = array.array("h", [sample * PEAK // peak for sample in heard])
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(heard.tobytes())
    return made.getvalue()


def main() -> None:
    """Write every piece."""
    folder = HERE / "voice"
    folder.mkdir(exist_ok=True)
    with (HERE / "pieces.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            content = trimmed(spoken(row["text"], row["pinyin"]))
            (folder / f"{row['name']}.wav").write_bytes(content)


if __name__ == "__main__":
    main()
