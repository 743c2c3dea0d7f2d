"""What wants a look today, worked out from what is known: pure, so each line has a test.

Red is only for what a human must settle; the rest is amber or blue and waits without harm.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from station_app.overview.examination import CLOCK_DIFFERS_MS
from station_app.overview.moments import how_long
from station_app.overview.papers import mend_words, reason_words
from station_app.overview.sync_view import Standing
from station_app.overview.sync_words import cause_words, is_news_late, note_lines
from station_app.shell.offers import Figures, Tile, Tone
from station_app.sync.progress import ALONE, HELD_UP, OFFLINE
from station_app.values.day import DAY_MS
from station_app.values.texts import Texts

LINE_LOST_MS = DAY_MS  # a day without a line is normal; longer deserves a word


@dataclass(frozen=True, slots=True)
class SetUpLine:
    """A step of the first day that is still to be done: words, small, and its page."""

    words: str
    small: str = ""
    page: str = ""
    subject: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AttentionLine:
    """One line of 要留意: what it is, what to do about it, where a click leads."""

    tone: Tone
    words: str
    small: str = ""
    page: str = ""
    subject: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is known at the moment.

    cases, doubtful: how many open cases, and papers that may have come out; waiting: papers that
    wait for a printer, by its role; printers: name → (state, reason); names: words for printers.
    """

    now: int
    standing: Standing
    cases: int = 0
    doubtful: int = 0
    waiting: int = 0
    printers: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    tiles: Sequence[tuple[Tile, Figures]] = ()
    set_up: Sequence[SetUpLine] = ()


@dataclass(frozen=True, slots=True)
class Places:
    """Keys of the pages that the lines lead to."""

    cases: str
    sync: str
    queue: str
    doctor: str


def attention_lines(texts: Texts, now: Circumstances, places: Places) -> tuple[AttentionLine, ...]:
    """Return all lines, the most urgent first."""
    parts: tuple[Callable[[Texts, Circumstances, Places], list[AttentionLine]], ...] = (
        _cases,
        _clock,
        _line,
        _signs,
        _papers,
        _printers,
        _tiles,
        _set_up,
    )
    return tuple(line for part in parts for line in part(texts, now, places))


def _cases(texts: Texts, now: Circumstances, places: Places) -> list[AttentionLine]:
    lines = []
    if now.cases:
        words = texts.say("overview.attention.cases", count=now.cases)
        small = texts.say("overview.attention.cases_hint")
        lines.append(AttentionLine("stop", words, small, places.cases))
    if now.standing.quarantined:
        words = texts.say("overview.attention.quarantined", count=now.standing.quarantined)
        small = texts.say("overview.attention.quarantined_hint")
        lines.append(AttentionLine("warn", words, small, places.sync))
    return lines


def _clock(texts: Texts, now: Circumstances, places: Places) -> list[AttentionLine]:
    """A clock that differs from the county's books the work on the wrong day."""
    ahead = now.standing.clock_ahead_ms
    if abs(ahead) <= CLOCK_DIFFERS_MS:
        return []
    key = "clock_fast" if ahead > 0 else "clock_slow"
    words = texts.say(f"overview.attention.{key}", span=how_long(texts, abs(ahead)))
    return [AttentionLine("stop", words, texts.say("overview.attention.clock_hint"), places.doctor)]


def _line(texts: Texts, now: Circumstances, places: Places) -> list[AttentionLine]:
    """Tell of a line that needs somebody, or that has been gone for more than a day."""
    standing = now.standing
    lost = now.now - standing.since
    if standing.line == HELD_UP:
        words = texts.say("overview.sync.held_up_head")
        return [AttentionLine("warn", words, cause_words(texts, standing.cause), places.sync)]
    if standing.line in (OFFLINE, ALONE) and lost > LINE_LOST_MS:
        words = texts.say("overview.attention.line_never")
        if standing.since:
            words = texts.say("overview.attention.line_lost", span=how_long(texts, lost))
        small = texts.say("overview.attention.line_lost_hint")
        return [AttentionLine("offline", words, small, places.sync)]
    if is_news_late(standing, now.now):
        words = texts.say("overview.attention.news_late")
        small = texts.say("overview.attention.news_late_hint")
        return [AttentionLine("warn", words, small, places.sync)]
    return []


def _signs(texts: Texts, now: Circumstances, places: Places) -> list[AttentionLine]:
    """What the sending page wants looked at, but for what stands here already."""
    return [
        AttentionLine(note.line.tone, note.line.words, "", places.sync)
        for note in note_lines(texts, now.standing, now.now)
        if note.what in ("doubted", "lost", "floor")
    ]


def _papers(texts: Texts, now: Circumstances, places: Places) -> list[AttentionLine]:
    if not now.doubtful:
        return []
    words = texts.say("overview.attention.uncertain", count=now.doubtful)
    small = texts.say("overview.attention.uncertain_hint")
    return [AttentionLine("warn", words, small, places.queue)]


def _printers(texts: Texts, now: Circumstances, places: Places) -> list[AttentionLine]:
    """A printer at fault, with what helps; one that never answers is no fault."""
    lines = []
    for name, (state, reason) in now.printers.items():
        if state != "fault" and not reason:
            continue
        printer = now.names.get(name, name)
        words = texts.say(
            "overview.attention.printer", printer=printer, reason=reason_words(texts, reason)
        )
        key = "printer_hint" if now.waiting and state == "fault" else "printer_hint_none"
        small = texts.say(
            f"overview.attention.{key}", count=now.waiting, mend=mend_words(texts, reason)
        )
        lines.append(AttentionLine("warn", words, small, places.queue))
    return lines


def _tiles(texts: Texts, now: Circumstances, places: Places) -> list[AttentionLine]:
    """What a slice marks on its tile (overdue parcels) is worth a line here, too."""
    del places
    return [
        AttentionLine(line.tone, line.words, texts.say(tile.title), tile.page)
        for tile, figures in now.tiles
        for line in figures.lines
        if line.tone in ("warn", "stop")
    ]


def _set_up(texts: Texts, now: Circumstances, places: Places) -> list[AttentionLine]:
    del texts, places
    return [
        AttentionLine("notice", line.words, line.small, line.page, line.subject)
        for line in now.set_up
    ]
