"""Speak the steps of the practice into `lessons/`: run from the root on a machine with espeak-ng.

    apt-get install --no-install-recommends espeak-ng vorbis-tools
    .venv/bin/python resources/sounds/make_lessons.py

What is spoken is what the band shows (`resources/texts/zh_CN/overview.practice.toml`), with its
keys and numbers read as people read them out; `lessons.csv` says of each file which words it has,
so that a sentence that was changed without its sound is found by a test. Sentences are long: they
are kept as Ogg Vorbis, three kilobytes a second. Voices and licence are those of `make_voice.py`.
"""

import array
import csv
import io
import re
import subprocess
import sys
import tomllib
import wave
from collections.abc import Iterator
from pathlib import Path

from pypinyin import Style, lazy_pinyin

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from make_voice import RATE, spoken, trimmed  # noqa: E402

TEXTS = HERE.parent / "texts" / "zh_CN" / "overview.practice.toml"
PAUSES = {"，": 0.28, "：": 0.28, "；": 0.35, "、": 0.15, "。": 0.4}
BETWEEN = 0.05  # seconds between two languages
KEYS = {"Enter": "回车", "Ctrl+": "Control ", "Alt+": "Alt ", "+": "加号"}
QUALITY = "0"
_PARTS = re.compile(r"[一-鿿]+|[A-Za-z][A-Za-z0-9 ]*|\d+|[，：；、。]")
DIGITS = "零幺二三四五六七八九"


def sentences() -> dict[str, str]:
    """Return every step of every lesson: name of its piece → what the band shows."""
    table = tomllib.loads(TEXTS.read_text("utf-8"))
    return {
        f"lesson_{lesson}_{step}": words
        for lesson, steps in table["lesson"].items()
        for step, words in steps.items()
        if step != "title"
    }


def heard(words: str) -> str:
    """Return a sentence as it is read out: keys by their names, long numbers digit by digit."""
    for sign, name in KEYS.items():
        words = words.replace(sign, name)
    words = re.sub(r"(?<![A-Za-z\d])(\d{3,})", lambda m: _digits(m[1]), words)
    return re.sub(r"(?<![A-Za-z\d])86(?!\d)", "八十六", words)


def _digits(text: str) -> str:
    return "".join(DIGITS[int(sign)] for sign in text)


def _samples(words: str) -> Iterator["array.array[int]"]:
    for part in _PARTS.findall(words):
        if part in PAUSES:
            yield array.array("h", [0] * round(PAUSES[part] * RATE))
            continue
        pinyin = ""
        if "一" <= part[0] <= "鿿":
            pinyin = " ".join(lazy_pinyin(part, style=Style.TONE3, neutral_tone_with_five=True))
        elif part.isdigit():
            part, pinyin = _digits(part), ""
            pinyin = " ".join(lazy_pinyin(part, style=Style.TONE3, neutral_tone_with_five=True))
        with wave.open(io.BytesIO(trimmed(spoken(part, pinyin)))) as file:
            yield array.array("h", file.readframes(file.getnframes()))
        yield array.array("h", [0] * round(BETWEEN * RATE))


def main() -> None:
    """Write every sentence, and what it says."""
    folder = HERE / "lessons"
    folder.mkdir(exist_ok=True)
    rows = []
    for name, words in sentences().items():
        samples = array.array("h")
        for piece in _samples(heard(words)):
            samples.extend(piece)
        made = io.BytesIO()
        with wave.open(made, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(samples.tobytes())
        line = ["oggenc", "-Q", "-q", QUALITY, "-s", "1", "-o", str(folder / f"{name}.ogg"), "-"]
        subprocess.run(line, input=made.getvalue(), check=True)
        rows.append((name, words, heard(words)))
    with (HERE / "lessons.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "text", "heard"))
        writer.writerows(rows)


if __name__ == "__main__":
    main()
