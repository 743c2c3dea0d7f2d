"""How sending stands, in words: the sentences of the sending page, the banner and the lock page.

Offline is normal and blue: the first thing that is said is that work goes on. Amber is only for
news that has not come for long, red only for what a human must look at.
"""

from dataclasses import dataclass

from station_app.journal.islands import Floor
from station_app.overview.moments import HOUR_MS, countdown, how_long, size, when, when_short
from station_app.overview.sync_view import PcSign, Standing, Waiting
from station_app.shell.offers import Line, Tone
from station_app.sync import causes
from station_app.sync.progress import (
    ALONE,
    BUSY,
    HELD_UP,
    OFFLINE,
    ONLINE,
    STICK_IN,
    STICK_OUT,
    Attempt,
)
from station_app.values.day import DAY_MS, local_day, say_day
from station_app.values.money import say_yuan
from station_app.values.texts import Texts

NO_NEWS_MS = 3 * DAY_MS  # a station that the county has not heard for three days is called
ONLINE_NO_NEWS_MS = 2 * HOUR_MS  # with a line, two hours without a success are worth a look
ATTEMPTS_SHOWN = 5
NEEDS_SOMEBODY = (
    causes.CAPTIVE_PORTAL,
    causes.REFUSED,
    causes.KEPT_HERE,
)  # besides what holds the line up

ICONS_OF_GROUPS = {
    "parcels": "parcel",
    "money": "cash",
    "orders": "cart",
    "produce": "leaf",
    "people": "people",
    "county": "megaphone",
    "photos": "image",
    "rest": "document",
}


@dataclass(frozen=True, slots=True)
class Headline:
    """The first thing on the page. small: the second line, sentences in a row."""

    tone: Tone
    icon: str
    words: str
    small: str


def headline(texts: Texts, standing: Standing, now: int) -> Headline:
    """Return how things stand, in one sentence and what follows from it."""
    count = standing.facts_waiting
    span = how_long(texts, now - standing.since)
    if standing.line == OFFLINE:
        first = _counted(texts, "overview.sync.offline_line", count)
        words = texts.say("overview.sync.offline_head", span=span)
        return Headline("offline", "offline", words, _row(first, _times(texts, standing, now)))
    if standing.line == BUSY:
        key = "busy_head" if standing.to_send else "busy_head_plain"
        words = texts.say(f"overview.sync.{key}", sent=standing.sent, count=standing.to_send)
        return Headline("notice", "sync", words, texts.say("overview.sync.busy_line"))
    if standing.line == HELD_UP:
        words = texts.say("overview.sync.held_up_head")
        cause = cause_words(texts, standing.cause)
        small = texts.say("overview.sync.held_up_line", cause=cause)
        return Headline("warn", "warn", words, small)
    if standing.line == ALONE:
        words = texts.say("overview.sync.alone_head")
        return Headline(
            "offline", "offline", words, texts.say("overview.sync.alone_line", count=count)
        )
    return _online(texts, standing, now)


def _online(texts: Texts, standing: Standing, now: int) -> Headline:
    assert standing.line == ONLINE, standing.line
    count = standing.facts_waiting
    if is_news_late(standing, now):
        words = texts.say("overview.sync.no_news", span=how_long(texts, _silence(standing, now)))
        first = texts.say("overview.sync.alone_line", count=count)
        return Headline("warn", "warn", words, _row(first, _times(texts, standing, now)))
    if count:
        words = texts.say("overview.sync.waiting_head", count=count)
        first = texts.say("overview.sync.waiting_line")
        return Headline("queued", "queued", words, _row(first, _times(texts, standing, now)))
    words = texts.say("overview.sync.online_head")
    first = texts.say("overview.sync.online_line")
    return Headline("ok", "ok", words, _row(first, _times(texts, standing, now)))


def is_news_late(standing: Standing, now: int) -> bool:
    """Tell whether no success for this long deserves an amber word; by itself, without an error."""
    limit = ONLINE_NO_NEWS_MS if standing.line == ONLINE else NO_NEWS_MS
    return bool(standing.facts_waiting) and _silence(standing, now) > limit


def _silence(standing: Standing, now: int) -> int:
    """Return for how long the county has confirmed nothing while something waited."""
    since = max(standing.last_success_at, standing.oldest_at)
    return now - since if since else 0


def _counted(texts: Texts, key: str, count: int) -> str:
    return texts.say(key, count=count) if count else texts.say(f"{key}_none")


def _times(texts: Texts, standing: Standing, now: int) -> str:
    """Return "上次传成 06:30，下次再试 1 分 20 秒后。"."""
    parts = []
    if standing.last_success_at:
        moment = when_short(texts, standing.last_success_at, now)
        parts.append(texts.say("overview.sync.last_success", when=moment))
    else:
        parts.append(texts.say("overview.sync.never_success"))
    if standing.next_try_at > now:
        span = countdown(texts, standing.next_try_at - now)
        parts.append(texts.say("overview.sync.next_try", span=span))
    return "，".join(parts) + "。"


def _row(*sentences: str) -> str:
    return "".join(sentence for sentence in sentences if sentence)


def banner_words(texts: Texts, standing: Standing) -> str:
    """Return the banner of today: empty unless the line is down."""
    if standing.line not in (OFFLINE, ALONE):
        return ""
    return _counted(texts, "overview.today.offline", standing.facts_waiting)


def strip_line(texts: Texts, standing: Standing, now: int) -> Line:
    """Return the short form for the status strip."""
    count = standing.facts_waiting
    if standing.line == OFFLINE:
        span = how_long(texts, now - standing.since)
        key = "offline" if count else "offline_none"
        return Line(
            "offline", texts.say(f"overview.strip.{key}", span=span, count=count), "offline"
        )
    if standing.line == ALONE:
        return Line("offline", texts.say("overview.strip.alone", count=count), "offline")
    if standing.line == BUSY:
        return Line("sync", texts.say("overview.strip.busy"), "notice")
    if standing.line == HELD_UP:
        return Line("warn", texts.say("overview.strip.held_up", count=count), "warn")
    if is_news_late(standing, now):
        return Line("warn", texts.say("overview.strip.late", count=count), "warn")
    if count:
        return Line("queued", texts.say("overview.strip.waiting", count=count), "queued")
    moment = when(texts, standing.last_success_at, now)
    return Line("ok", texts.say("overview.strip.done", when=moment), "ok")


def cause_words(texts: Texts, cause: str) -> str:
    """Return why a try did not succeed, also for a cause that this program does not know."""
    key = f"overview.sync.outcome.{cause}"
    return texts.say(key if texts.has(key) else "overview.sync.outcome.failed", up=0, down=0)


def attempt_line(texts: Texts, attempt: Attempt) -> Line:
    """Return one recent try: what went up and down, or why nothing did."""
    slots = {"up": attempt.facts_up, "down": attempt.facts_down}
    if attempt.outcome == "sent":
        up, down = bool(attempt.facts_up), bool(attempt.facts_down)
        key = {(True, True): "sent_and_got", (True, False): "sent", (False, True): "got"}
        words = texts.say(f"overview.sync.outcome.{key.get((up, down), 'nothing')}", **slots)
        return Line("ok", words, "ok")
    if attempt.outcome in (STICK_OUT, STICK_IN):
        words = texts.say(f"overview.sync.outcome.{attempt.outcome}", **slots)
        is_in = attempt.outcome == STICK_IN
        return Line("usb", words, "ok" if is_in else "queued")
    known = texts.has(f"overview.sync.outcome.{attempt.outcome}")
    name = attempt.outcome if known else "failed"
    words = texts.say(f"overview.sync.outcome.{name}", **slots)
    if name in causes.HOLD_UP or name in NEEDS_SOMEBODY:
        return Line("warn", words, "warn")
    return Line("offline", words, "offline")


def waiting_words(texts: Texts, waiting: Waiting, now: int) -> tuple[str, str, str, str]:
    """Return (group, count, oldest, size) of one row of what waits."""
    return (
        texts.say(f"overview.sync.group.{waiting.group}"),
        texts.say("overview.sync.count", count=waiting.facts),
        texts.say("overview.sync.oldest", when=when_short(texts, waiting.oldest_at, now)),
        size(waiting.size),
    )


def receipt_words(texts: Texts, standing: Standing, now: int) -> tuple[str, str]:
    """Return how much of this PC's work the county has, and by which receipt."""
    receipt = standing.receipt
    if receipt is None:
        return texts.say("overview.sync.receipt_none"), ""
    return (
        texts.say("overview.sync.receipt", number=standing.facts_held),
        texts.say(
            "overview.sync.receipt_line",
            shown=receipt.shown,
            when=when_short(texts, receipt.at, now),
        ),
    )


@dataclass(frozen=True, slots=True)
class PcLine:
    """A PC of the station in words."""

    tone: Tone
    icon: str
    name: str
    heard: str
    held: str


def pc_line(texts: Texts, pc: PcSign, now: int) -> PcLine:
    """Return when the county last heard a PC, and what that one still held back."""
    number = pc.device.lstrip("D")
    name = texts.say("overview.sync.pc_here" if pc.is_here else "overview.sync.pc", number=number)
    heard = (
        texts.say("overview.sync.pc_heard", when=when(texts, pc.at, now))
        if pc.at
        else texts.say("overview.sync.pc_never")
    )
    held = (
        texts.say(f"overview.sync.pc_held{'_here' if pc.is_here else ''}", count=pc.waiting)
        if pc.waiting
        else texts.say("overview.sync.pc_held_none")
    )
    if pc.is_cut_off:
        key = "pc_outside" if pc.outside else "pc_outside_none"
        held = texts.say(f"overview.sync.{key}", count=pc.outside)
        return PcLine("stop", "stop", name, texts.say("overview.sync.pc_cut_off"), held)
    if pc.is_renewed_elsewhere:
        do = texts.say("overview.sync.pc_key_do")
        return PcLine("stop", "key", name, texts.say("overview.sync.pc_key_elsewhere"), do)
    is_late = not pc.at or now - pc.at > NO_NEWS_MS
    tone: Tone = "warn" if is_late else "ok"
    return PcLine(tone, "warn" if is_late else "ok", name, heard, held if pc.at else "")


@dataclass(frozen=True, slots=True)
class Note:
    """Something that wants a look. what: the list that it counts."""

    what: str
    line: Line


def note_lines(texts: Texts, standing: Standing, now: int) -> tuple[Note, ...]:
    """Return what wants a look, the most urgent first."""
    signs, floor = standing.signs, standing.signs.floor
    found = []
    if signs.doubted:
        words = texts.say("overview.sync.note.doubted", count=signs.doubted)
        found.append(Note("doubted", Line("warn", words, "warn")))
    if signs.outside:
        amount = say_yuan(signs.outside_fen)
        words = texts.say("overview.sync.note.outside", count=signs.outside, amount=amount)
        found.append(Note("outside", Line("warn", words, "warn")))
    if signs.lost:
        words = texts.say("overview.sync.note.lost", count=signs.lost)
        found.append(Note("lost", Line("warn", words, "warn")))
    if standing.quarantined:
        words = texts.say("overview.sync.quarantined", count=standing.quarantined)
        found.append(Note("odd", Line("warn", words, "warn")))
    if not floor.is_whole:
        found.append(Note("floor", Line("queued", floor_words(texts, floor, now), "queued")))
    if signs.branches:
        words = texts.say("overview.sync.note.branches", count=signs.branches)
        found.append(Note("branches", Line("notice", words, "notice")))
    return tuple(found)


def floor_words(texts: Texts, floor: Floor, now: int) -> str:
    """Return what is not here yet, in one sentence."""
    if not floor.since_at:
        return texts.say("overview.sync.note.filling")
    if not floor.facts:
        return texts.say("overview.sync.note.folding", count=floor.aside)
    since = say_day(local_day(floor.since_at))
    return texts.say("overview.sync.note.floor", since=since, count=floor.facts)
