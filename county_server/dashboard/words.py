"""How figures are said on the county's pages: times, names, amounts, the words of the to-do list.

Pure: from values to texts. Whatever is not known is said to be so, and never shown as nought.
"""

from dataclasses import dataclass

from county_server.dashboard import listing, todo
from county_server.dashboard.rows import (
    HOUR_MS,
    ONLINE,
    Contact,
    Day,
    DoneAlone,
    Drawer,
    Place,
    Row,
    link_after,
)
from station_app.values.day import DAY_MS, local_day, local_time, say_day, weekday
from station_app.values.masks import mask_name
from station_app.values.money import say_yuan
from station_app.values.texts import Texts

MINUTE_MS = 60_000
NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Words:
    """Says things at one moment (`now`, UTC milliseconds), in the words of the catalogue."""

    texts: Texts
    now: int

    def say(self, key: str, /, **slots: object) -> str:
        """Return a sentence of this room: `county.` and the key."""
        return self.texts.say(f"county.{key}", **slots)

    # --- Times -----------------------------------------------------------------------------------

    @property
    def today(self) -> str:
        """Return the local day."""
        return local_day(self.now)

    def duration(self, length_ms: int) -> str:
        """Return "3 天 4 小时", "7 小时 11 分", "4 分"; what is shorter than a minute is "刚刚".

        So is what is still to come: somebody's clock is ahead.
        """
        days, rest = divmod(max(length_ms, 0), DAY_MS)
        hours, rest = divmod(rest, HOUR_MS)
        minutes = rest // MINUTE_MS
        if days:
            return self.say("time.days_hours" if hours else "time.days", days=days, hours=hours)
        if hours:
            key = "time.hours_minutes" if minutes else "time.hours"
            return self.say(key, hours=hours, minutes=minutes)
        return self.say("time.minutes", minutes=minutes) if minutes else self.say("time.just_now")

    def ago(self, length_ms: int) -> str:
        """Return "3 天 4 小时前", or "刚刚"."""
        spoken = self.duration(length_ms)
        return spoken if length_ms < MINUTE_MS else self.say("time.ago", duration=spoken)

    def moment(self, at: int) -> str:
        """Return "06:30" for a moment of today, "11-22 06:10" for another, with its year if old."""
        day = local_day(at)
        if day == self.today:
            return local_time(at)
        return f"{day[5:] if day[:4] == self.today[:4] else day} {local_time(at)}"

    def day(self, day: str) -> str:
        """Return "11-22 周日" or "11-23 今天"."""
        name = self.say("day.today") if day == self.today else self.say(f"day.{weekday(day)}")
        return f"{day[5:]} {name}"

    @property
    def clock(self) -> str:
        """Return the moment of the page: "11月23日 09:42"."""
        return f"{say_day(self.today, self.today)} {local_time(self.now)}"

    # --- Stations --------------------------------------------------------------------------------

    def station(self, place: Place) -> str:
        """Return what people call it: "柳荫洼村站"; its own name where there is no village."""
        if place.level == "village" and place.village:
            return self.say("station.short", village=place.village)
        return place.name or place.code

    def township(self, name: str) -> str:
        """Return the name of a township, or what is said of stations without one."""
        return name or self.say("station.no_township")

    def device(self, device: str) -> str:
        """Return "1 号机" for D1."""
        return self.say("station.device", number=device.removeprefix("D"))

    def heard(self, row: Row) -> str:
        """Return how long ago a station was heard."""
        if not row.last_heard_at:
            return self.say("state.never")
        return self.ago(row.silent_ms)

    def last_heard(self, row: Row) -> str:
        """Return the moment at which a station was heard last."""
        return self.moment(row.last_heard_at) if row.last_heard_at else NOTHING

    def person(self, name: str) -> str:
        """Return a masked name."""
        return mask_name(name) or NOTHING

    # --- Figures ---------------------------------------------------------------------------------

    def number(self, count: int) -> str:
        """Return "1,382"."""
        return f"{count:,}"

    def alone_reason(self, one: DoneAlone) -> str:
        """Return what money was taken out for by one person alone."""
        key = f"county.alone.reason.{one.reason}"
        return self.texts.say(key) if self.texts.has(key) else one.reason

    def yuan(self, fen: int) -> str:
        """Return "¥1,234.50", "−¥12.00"."""
        return say_yuan(fen)

    def waiting(self, row: Row) -> str:
        """Return how many facts a station still holds: exact, at least, or not known."""
        if not row.last_heard_at:
            return NOTHING
        return self._waiting(row.waiting, is_fresh=row.is_online)

    def waiting_of(self, contact: Contact) -> str:
        """Return the same for one PC."""
        return self._waiting(contact.waiting, is_fresh=self.link_of(contact) == ONLINE)

    def link_of(self, contact: Contact) -> str:
        """Return how the connection of one PC stands."""
        return link_after(contact.last_heard_at, self.now)

    def contact_ago(self, contact: Contact) -> str:
        """Return how long ago a PC was heard."""
        if not contact.last_heard_at:
            return self.say("state.never")
        return self.ago(max(self.now - contact.last_heard_at, 0))

    def _waiting(self, count: int, *, is_fresh: bool) -> str:
        if is_fresh:
            return self.say("figure.facts", count=self.number(count))
        if count:
            return self.say("figure.at_least_facts", count=self.number(count))
        return self.say("figure.unknown")

    def came(self, row: Row) -> str:
        """Return how many parcels came today, as far as that is known."""
        return self.of_today(row, row.parcels.came)

    def of_today(self, row: Row, count: int) -> str:
        """Return a count of today: exact, at least, or not here yet."""
        if row.is_online:
            return self.number(count)
        if not row.last_heard_at:
            return NOTHING
        return self.at_least(count if row.heard_on(self.today) else 0)

    def standing(self, row: Row, count: int) -> str:
        """Return a count of what stands on the shelves, as it stood when last heard."""
        return self.number(count) if row.last_heard_at else NOTHING

    def yesterday(self, row: Row) -> str:
        """Return by how much yesterday's drawers differed, or why that is not known."""
        if row.closed:
            return self.say_drawers(row.closed)
        if not row.last_heard_at:
            return NOTHING
        if not row.heard_on(self.today):
            return self.say("figure.not_here")
        return self.say("day_end.open") if row.yesterday else self.say("day_end.no_shift")

    def say_drawers(self, closed: tuple[Drawer, ...]) -> str:
        """Return the largest difference of some drawers, and how many others differ, too."""
        worst = max((drawer.difference_fen for drawer in closed), key=abs)
        others = sum(1 for drawer in closed if drawer.difference_fen) - 1
        if others > 0:
            return self.say("day_end.and_others", amount=self.yuan(worst), count=others)
        return self.yuan(worst)

    def of_day(self, day: Day, count: int | None) -> str:
        """Return a count of a past or present day: exact, at least, or not here yet."""
        if count is None:
            return self.say("figure.not_here")
        return self.number(count) if day.is_heard else self.at_least(count)

    def day_state(self, day: Day) -> str:
        """Return `closed`, `open`, `left_open`, `no_shift`, or `not_here` when nobody knows yet."""
        if any(not drawer.number for drawer in day.drawers):
            return "open" if day.day == self.today else "left_open"
        if day.drawers:
            return "closed"
        return "no_shift" if day.is_heard else "not_here"

    def at_least(self, count: int) -> str:
        """Return a lower bound; that there is at least nothing says nothing."""
        if not count:
            return self.say("figure.not_here")
        return self.say("figure.at_least", count=self.number(count))

    def slip(self, drawer: Drawer) -> str:
        """Return "第 128-K7 号": the number as it stands on the paper."""
        return self.say("day_end.slip", number=drawer.slip or str(drawer.number))

    # --- What to do ------------------------------------------------------------------------------

    def todo_title(self, entry: todo.Todo) -> str:
        """Return what wants somebody, in one line."""
        first = entry.rows[0]
        return self.say(
            f"todo.{entry.what}.title",
            station=self.station(first.place),
            township=self.township(entry.township),
            count=self.number(entry.count),
            duration=self.duration(first.silent_ms),
            difference=self.difference(first.difference_fen),
        )

    def todo_remark(self, entry: todo.Todo) -> str:
        """Return what is known about it, in one line."""
        first, places = entry.rows[0], self.say("list_mark")
        return self.say(
            f"todo.{entry.what}.remark",
            township=self.township(entry.township),
            waiting=self.waiting(first),
            slips=places.join(self.slip(d) for d in first.closed if d.difference_fen),
            device=places.join(self.device(d.device) for d in first.closed if d.difference_fen),
            first=self.moment(min(row.last_heard_at for row in entry.rows)),
            most=self.station(first.place),
            most_count=self.number(first.parcels.to_return),
            difference=self.yuan(abs(first.difference_fen)),
        )

    def todo_order(self, entry: todo.Todo) -> str:
        """Return the order of the list in which the stations of an entry stand first."""
        orders = {todo.RETURNS: listing.OVERDUE, todo.SMALL_DIFFERENCES: listing.DIFFERENCE}
        return orders.get(entry.what, listing.SILENCE)

    def difference(self, fen: int) -> str:
        """Return "少 ¥12.00" or "多 ¥3.00"."""
        key = "day_end.short" if fen < 0 else "day_end.over"
        return self.say(key, amount=self.yuan(abs(fen)))
