"""The scanner's timing machine: a burst of keys, or somebody typing?

A wedge scanner is a keyboard that types fast. This machine gets every sign with the moment at
which the key was pressed, holds it for at most one gap, and says what it was: a scan, or typing
to be passed on. It is pure: no clock, no Qt; moments come in, and it says when it wants to be
asked again (`due_ms`).

Two things make it forgiving towards a PC that stalls in the middle of a scan. Once a scanner was
seen to end its scans with Enter or Tab, a burst waits for that end three times as long. And a burst
on the heels of a sign or two that nobody typed before is most likely the rest of a scan whose
beginning was passed on: it is called broken, to be scanned again, rather than taken for a shorter
number. Whoever types does so in pieces, one after the other, and slower than the scanner: then the
burst is whole, however soon it comes. Whose the Enter is has nothing to do with any of this.

A unit is what one key press or one commit of an input method gave: a commit of several signs is
one unit, since a person may commit a whole word, but nobody commits four words in a fifth of a
second.
"""

from dataclasses import dataclass, field, replace
from typing import Final, Literal

ENTER, TAB = "\r", "\t"
SIGNS_MAX: Final = 300  # what is longer is no code; the rest is not kept
GAP_MS_CAP: Final = 120  # slower than that is a person
RHYTHM_MS: Final = 1_000  # between two signs of one who types a tail with one finger
PERSONS_PIECES: Final = 3  # a PC that stalls that often in one scan reads none
SCANNER_GAP_MS: Final = 10  # a person who rolls over two keys is slower

Ended = Literal["", "enter", "tab", "silence"]


@dataclass(frozen=True, slots=True)
class Timing:
    """How fast this scanner is.

    gap_ms: the longest pause inside a burst; least: units that make one; silence_ms: the pause
    that ends one without a suffix; guard_ms: for so long after a burst an Enter is the scanner's.
    """

    gap_ms: int = 50
    least: int = 4
    silence_ms: int = 100
    guard_ms: int = 300

    def __post_init__(self) -> None:
        assert 0 < self.gap_ms <= GAP_MS_CAP
        assert self.least > 1

    @classmethod
    def measured(cls, slowest_gap_ms: int) -> "Timing":
        """Return the timing for a scanner whose slowest gap was measured: twice that, capped."""
        gap = min(GAP_MS_CAP, max(cls().gap_ms, 2 * slowest_gap_ms))
        return cls(gap_ms=gap, silence_ms=max(cls().silence_ms, gap + gap // 2))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a unit.

    typed: units that turned out to be typing, to be passed on now, in this order. burst: the text
    of a scan that is complete, None if there is none. ended: by what; slowest_gap_ms: inside it;
    is_broken: its beginning is most likely missing.
    is_held: the unit just fed waits here. is_swallowed: the Enter or Tab just fed was the
    scanner's; otherwise it goes its way, after `typed`.
    """

    typed: tuple[str, ...] = ()
    burst: str | None = None
    ended: Ended = ""
    slowest_gap_ms: int = 0
    is_broken: bool = False
    is_held: bool = False
    is_swallowed: bool = False


@dataclass(slots=True)
class _Held:
    units: list[str] = field(default_factory=list)
    signs: int = 0
    first_ms: int = 0
    last_ms: int = 0
    slowest_gap_ms: int = 0


@dataclass(frozen=True, slots=True)
class _Typing:
    """What was typed of late: pieces in a rhythm; the newest's units, slowest gap and end."""

    pieces: int = 0
    units: int = 0
    slowest_gap_ms: int = 0
    last_ms: int = 0

    def is_beginning_of(self, burst: _Held, guard_ms: int) -> bool:
        """Tell whether the newest piece is most likely the lost beginning of a burst."""
        if not self.pieces or not 0 <= burst.first_ms - self.last_ms <= guard_ms:
            return False
        if self.pieces >= PERSONS_PIECES:
            return False
        if self.units > 1:
            return self.slowest_gap_ms <= max(SCANNER_GAP_MS, 2 * burst.slowest_gap_ms)
        return self.pieces == 1


class Scanner:
    """Sorts units into scans and typing."""

    def __init__(self, timing: Timing | None = None) -> None:
        """Begin with nothing held."""
        self.timing = timing or Timing()
        self._held = _Held()
        self._last_burst_ms: int | None = None
        self._typing = _Typing()
        self._has_suffix = False

    @property
    def _patience_ms(self) -> int:
        """How long a burst waits for its next unit or its end."""
        timing = self.timing
        return timing.guard_ms if self._has_suffix else timing.silence_ms

    @property
    def is_holding(self) -> bool:
        """Tell whether units wait here."""
        return bool(self._held.units)

    @property
    def is_burst(self) -> bool:
        """Tell whether what is held can only be a scan."""
        return len(self._held.units) >= self.timing.least

    @property
    def due_ms(self) -> int | None:
        """Return the moment from which `tick` would decide, None when nothing is held."""
        if not self._held.units:
            return None
        wait = self._patience_ms if self.is_burst else self.timing.gap_ms
        return self._held.last_ms + wait

    def feed(self, unit: str, at_ms: int) -> Outcome:
        """Take a unit: signs, `ENTER` or `TAB`."""
        if unit in (ENTER, TAB):
            return self._end(unit, at_ms)
        gap = max(0, at_ms - self._held.last_ms)
        if not self._held.units:
            self._hold(unit, at_ms, 0)
            return Outcome(is_held=True)
        if gap <= self.timing.gap_ms or (self.is_burst and gap <= self._patience_ms):
            self._hold(unit, at_ms, gap)
            return Outcome(is_held=True)
        before = self.flush()
        self._hold(unit, at_ms, 0)
        return replace(before, is_held=True)

    def tick(self, at_ms: int) -> Outcome:
        """Decide about what is held, if it has waited long enough."""
        due = self.due_ms
        return Outcome() if due is None or at_ms <= due else self.flush()

    def flush(self) -> Outcome:
        """Decide now: another key, a click or a change of focus came in between."""
        if not self._held.units:
            return Outcome()
        return self._finish("silence") if self.is_burst else Outcome(typed=self._take_typed())

    def guards_enter(self, at_ms: int) -> bool:
        """Tell whether an Enter at this moment would be the scanner's."""
        if self.is_burst:
            return max(0, at_ms - self._held.last_ms) <= self.timing.guard_ms
        last = self._last_burst_ms
        return last is not None and max(0, at_ms - last) <= self.timing.guard_ms

    def _end(self, suffix: str, at_ms: int) -> Outcome:
        is_scanners = self.guards_enter(at_ms)
        if self.is_burst:
            suffixed: Ended = "enter" if suffix == ENTER else "tab"
            done = self._finish(suffixed if is_scanners else "silence")
            return replace(done, is_swallowed=is_scanners)
        if is_scanners:
            self._last_burst_ms = at_ms  # CR and LF, or a scanner that sends two
        return Outcome(typed=self._take_typed(), is_swallowed=is_scanners)

    def _hold(self, unit: str, at_ms: int, gap: int) -> None:
        held = self._held
        if not held.units:
            held.first_ms = at_ms
        if held.signs < SIGNS_MAX:
            held.units.append(unit)
            held.signs += len(unit)
        held.last_ms = at_ms
        held.slowest_gap_ms = max(held.slowest_gap_ms, gap)

    def _take(self) -> tuple[str, ...]:
        units = tuple(self._held.units)
        self._held = _Held()
        return units

    def _take_typed(self) -> tuple[str, ...]:
        """Let typing go, and remember how it came."""
        held, before = self._held, self._typing
        if held.units:
            is_next = before.pieces > 0 and 0 <= held.first_ms - before.last_ms <= RHYTHM_MS
            pieces = before.pieces + 1 if is_next else 1
            self._typing = _Typing(pieces, len(held.units), held.slowest_gap_ms, held.last_ms)
        return self._take()

    def _finish(self, ended: Ended) -> Outcome:
        held = self._held
        self._last_burst_ms = held.last_ms
        self._has_suffix = ended in ("enter", "tab")
        is_broken = self._typing.is_beginning_of(held, self.timing.guard_ms)
        self._typing = _Typing()
        burst = "".join(self._take())
        return Outcome(
            burst=burst, ended=ended, slowest_gap_ms=held.slowest_gap_ms, is_broken=is_broken
        )


Fault = Literal["", "doubled", "truncated", "caps_flipped", "alt_codes", "other"]


def fault_of(expected: str, received: str) -> Fault:
    """Say what is wrong with a scanner that read the test barcode so; "" when nothing is."""
    if received == expected:
        return ""
    if received.swapcase() == expected:
        return "caps_flipped"
    doubled = "".join(2 * sign for sign in expected)
    if received in (doubled, 2 * expected):
        return "doubled"
    codes = "".join(str(ord(sign)) for sign in expected)
    padded = "".join(f"{ord(sign):04}" for sign in expected)
    if received and received in (codes, padded):
        return "alt_codes"
    is_part = received and len(received) < len(expected)
    if is_part and (expected.startswith(received) or expected.endswith(received)):
        return "truncated"
    return "other"
