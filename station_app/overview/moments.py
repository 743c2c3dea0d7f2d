"""Times, spans and sizes as they are said at the counter: 今天 06:30, 3 小时 12 分, 86 KB.

A station lives in one time zone. The words of the day are by the wall clock and serve the eye;
deadlines and business days never come from here (they are in the facts' bodies).
"""

from station_app.values.day import DAY_MS, add_days, local_day, local_time, say_day
from station_app.values.day import weekday as weekday_of
from station_app.values.texts import Texts

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
KILOBYTE = 1024
MEGABYTE = 1024 * KILOBYTE
GIGABYTE = 1024 * MEGABYTE


def day_words(texts: Texts, day: str, today: str) -> str:
    """Return 今天, 昨天, 11月20日, or with the year when it is another one."""
    if day == today:
        return texts.say("overview.time.today")
    if day == add_days(today, -1):
        return texts.say("overview.time.yesterday")
    return say_day(day, today)


def when(texts: Texts, at: int, now: int) -> str:
    """Return a moment as it is said now: "今天 06:30", "昨天 18:21", "11月20日 09:15"."""
    return f"{day_words(texts, local_day(at), local_day(now))} {local_time(at)}"


def when_short(texts: Texts, at: int, now: int) -> str:
    """Return a moment where today goes without saying: "06:30", "昨天 18:21"."""
    return local_time(at) if local_day(at) == local_day(now) else when(texts, at, now)


def day_and_time(at: int, now: int) -> str:
    """Return a moment with its date, also today's: "11月23日 08:02"."""
    return f"{say_day(local_day(at), local_day(now))} {local_time(at)}"


def weekday(texts: Texts, at: int) -> str:
    """Return the day of the week: 星期一."""
    return texts.say(f"overview.weekday.{weekday_of(local_day(at))}")


def how_long(texts: Texts, span: int) -> str:
    """Return a span of milliseconds in its two largest units: 3 小时 12 分, 2 天 3 小时."""
    days, rest = divmod(max(span, 0), DAY_MS)
    hours, rest = divmod(rest, HOUR_MS)
    minutes = rest // MINUTE_MS
    if days:
        return _two(texts, ("days", days), ("hours", hours))
    if hours:
        return _two(texts, ("hours", hours), ("minutes", minutes))
    if minutes:
        return texts.say("overview.span.minutes", count=minutes)
    return texts.say("overview.span.under_a_minute")


def _two(texts: Texts, large: tuple[str, int], small: tuple[str, int]) -> str:
    words = [texts.say(f"overview.span.{unit}", count=n) for unit, n in (large, small) if n]
    return " ".join(words)


def countdown(texts: Texts, span: int) -> str:
    """Return the time still to wait, to the second: 1 分 20 秒, 40 秒. Never zero."""
    seconds = max(1, -(-span // 1000))
    minutes, seconds = divmod(seconds, 60)
    if not minutes:
        return texts.say("overview.span.seconds", count=seconds)
    if not seconds:
        return texts.say("overview.span.minutes", count=minutes)
    return _two(texts, ("minutes", minutes), ("seconds", seconds))


def size(count: int) -> str:
    """Return a number of bytes: 512 B, 86 KB, 3.2 MB, 1.8 GB."""
    if count < KILOBYTE:
        return f"{count} B"
    if count < MEGABYTE:
        return f"{-(-count // KILOBYTE)} KB"
    unit, name = (MEGABYTE, "MB") if count < GIGABYTE else (GIGABYTE, "GB")
    tenths = count * 10 // unit
    return f"{tenths // 10}.{tenths % 10} {name}"


def part_of_day(at: int) -> str:
    """Return which greeting fits: dawn, morning, noon, afternoon, evening or night."""
    hour = int(local_time(at)[:2])
    starts = ((5, "dawn"), (8, "morning"), (11, "noon"), (13, "afternoon"), (18, "evening"))
    part = "night"
    for start, name in starts:
        if hour >= start:
            part = name
    return "night" if hour >= 22 else part


def given_name(name: str) -> str:
    """Return how a colleague is called: 李桂芳 is 桂芳, 王明 stays 王明, 欧阳修文 is 修文."""
    bare = name.strip()
    if len(bare) == 3:
        return bare[1:]
    return bare[2:] if len(bare) == 4 else bare
