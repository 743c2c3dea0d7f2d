r"""The language of `.day` files: a working day in an operator's words.

One step a line, a verb and its words; `#` begins a remark, an indented line of `|` text is read
aloud by nobody. A scan is a burst of keys, typing is slow, and nothing else ever reaches the
program: what a `.day` file does, an operator with a scanner and a keyboard can do.

    过 90                        the clock of this PC goes forward by so many minutes
    天 2026-11-23 07:50          it is put to this local time
    扫 73000000000017            a scan: fast keys and Enter; \u001d is that control character
    重扫 73000000000017          a scan of a scanner that ends with Enter twice
    混 一天0000000000017          a scan through a Chinese input method: it makes words of letters
    敲 1001                      typing
    贴 9×10000                   a paste by Ctrl+V: this text, or so many times this text
    换人 2 246813                F12, Alt+2 and a PIN: the second of the lock page signs in
    按 Enter                     one key, or with modifiers: Ctrl+Z, Alt+1; + is the number block's
    拍 02-入库 第一件上架         a picture of the window, with a caption
    应见 B-1-01                  this text stands on the screen now
    不见 账上应有                 this text does not
    断网 / 来网                   the line to the county goes down, or up
    上秤 13260                   so many grams lie on the scale now; 0 takes them off
    上秤 晃 13260                the same, and it does not come to rest; 上秤 乱码: it says rubbish
    打完                          wait until the printers have printed everything
    传完                          wait until the county has everything
    候 买好                        wait for somebody else: a file of that name beside the album
"""

import re
from dataclasses import dataclass

VERBS: dict[str, str] = {
    "天": "clock",
    "过": "clock",
    "扫": "scan",
    "重扫": "scan_twice_ended",
    "混": "scan_mixed",
    "敲": "type",
    "贴": "paste",
    "按": "press",
    "换人": "change_operator",
    "拍": "picture",
    "应见": "see",
    "不见": "see_not",
    "断网": "line_down",
    "来网": "line_up",
    "上秤": "weight",
    "打完": "printed",
    "传完": "synced",
    "候": "others",
}
KEYS = {"scan", "scan_twice_ended", "scan_mixed", "type", "paste", "press", "change_operator"}
WITHOUT_WORDS = {"line_down", "line_up", "printed", "synced"}
STEPS_MAX = 5000  # a script longer than a year's work is a mistake

_CONTROL = re.compile(r"\\u([0-9a-f]{4})")
_TIMES = re.compile(r"(.+)×(\d{1,6})")


class ScriptError(ValueError):
    """A line that this language does not know; says which."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a day. verb: an English name out of `VERBS`; words: the rest of the line."""

    line: int
    verb: str
    words: str
    text: str

    @property
    def is_key(self) -> bool:
        """Tell whether this step presses keys: only such a step may cause a fact."""
        return self.verb in KEYS


def parse(script: str) -> tuple[Step, ...]:
    """Return the steps of a `.day` file; raises ScriptError with the line number."""
    steps: list[Step] = []
    for number, raw in enumerate(script.splitlines(), start=1):
        line = raw.split("#", 1)[0].strip()
        if not line:
            continue
        word, _, rest = line.partition(" ")
        verb = VERBS.get(word)
        if verb is None:
            raise ScriptError(f"line {number}: {word} is no verb of a working day")
        words = rest.strip()
        if not words and verb not in WITHOUT_WORDS:
            raise ScriptError(f"line {number}: {word} needs something after it")
        steps.append(Step(number, verb, words, line))
    if len(steps) > STEPS_MAX:
        raise ScriptError(f"{len(steps)} steps are more than {STEPS_MAX}")
    return tuple(steps)


def with_controls(words: str) -> str:
    r"""Return a scan with its control characters: "12\u001d34" holds a group separator."""
    return _CONTROL.sub(lambda found: chr(int(found[1], 16)), words)


def repeated(words: str) -> str:
    """Return what a paste holds: "9×10000" is ten thousand nines."""
    found = _TIMES.fullmatch(words)
    return found[1] * int(found[2]) if found else words
