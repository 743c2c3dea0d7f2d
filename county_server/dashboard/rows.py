"""What the county's pages show, as plain values: stations, their parcels, their drawers.

A figure says how far it reaches. What a station has not sent yet is unknown to the county, and
unknown is not nought: such a figure is None, or a lower bound, and the page says so in words.

A page asks each row for its state again and again (to sort, to count, to draw), so what follows
from a row is worked out once and kept in it.
"""

from dataclasses import dataclass
from functools import cached_property

from station_app.values.day import DAY_MS, local_day

HOUR_MS = 60 * 60 * 1000
ONLINE_MS = 4 * HOUR_MS  # stations send at noon and at the end of the day, most of them oftener
SILENT_MS = DAY_MS
ACT_MS = 3 * DAY_MS  # beyond it somebody goes there with a stick
DIFFERENCE_ACT_FEN = 10_00  # a smaller difference of a drawer is the day's rounding

ONLINE, QUIET, SILENT, ACT, NEVER = "online", "quiet", "silent", "act", "never"
STATES = (ACT, SILENT, QUIET, ONLINE, NEVER)  # the most urgent first


@dataclass(frozen=True, slots=True)
class Contact:
    """What the county knows of one PC from its conversations.

    last_heard_at: UTC milliseconds; waiting: facts that it still held back when it was heard last;
    facts_held: how many of its facts the county has.
    """

    station: str
    device: str
    last_heard_at: int
    waiting: int
    facts_held: int


def link_after(last_heard_at: int, now: int) -> str:
    """Return how a connection stands, by the time since somebody was heard (0: never)."""
    if not last_heard_at:
        return NEVER
    silent_ms = now - last_heard_at
    if silent_ms <= ONLINE_MS:
        return ONLINE
    if silent_ms <= SILENT_MS:
        return QUIET
    return ACT if silent_ms >= ACT_MS else SILENT


@dataclass(frozen=True, slots=True)
class Place:
    """A station as described: where it is and whether it is open."""

    code: str
    name: str
    level: str = "village"
    township: str = ""
    village: str = ""
    status: str = "active"


@dataclass(frozen=True, slots=True)
class Drawer:
    """A shift of one drawer. number: of its Z slip, 0 as long as it is open.

    slip: that number as it stands on the paper, with the mark of the start in which it was given.
    """

    device: str
    day: str
    opened_at: int
    closed_at: int
    number: int
    difference_fen: int
    slip: str = ""

    @property
    def is_far_off(self) -> bool:
        """Tell whether it was so far off that somebody must ask."""
        return abs(self.difference_fen) >= DIFFERENCE_ACT_FEN


@dataclass(frozen=True, slots=True)
class Parcels:
    """Parcels of a station, as far as the county has heard.

    overdue: on hand for as long as their courier wants people reminded, the same rule as at the
    counter; to_return: as long as it wants them back.
    """

    came: int = 0
    handed_over: int = 0
    returned: int = 0
    on_hand: int = 0
    overdue: int = 0
    to_return: int = 0

    @property
    def left(self) -> int:
        """Return how many left today, whichever way."""
        return self.handed_over + self.returned


@dataclass(frozen=True)
class Row:
    """One station on the page.

    yesterday: the drawers of the business day before; contacts: its PCs, the last heard first.
    """

    place: Place
    now: int
    contacts: tuple[Contact, ...] = ()
    parcels: Parcels = Parcels()
    yesterday: tuple[Drawer, ...] = ()

    @cached_property
    def last_heard_at(self) -> int:
        """Return when any PC was heard last, 0 for never."""
        return max((contact.last_heard_at for contact in self.contacts), default=0)

    @cached_property
    def silent_ms(self) -> int:
        """Return for how long nothing was heard; a clock that is ahead counts as just now."""
        return max(self.now - self.last_heard_at, 0)

    @cached_property
    def link(self) -> str:
        """Return how the connection stands: by time alone."""
        return link_after(self.last_heard_at, self.now)

    @cached_property
    def state(self) -> str:
        """Return the shape that stands for it: a drawer far off needs somebody, too."""
        return ACT if self.is_far_off else self.link

    @cached_property
    def is_far_off(self) -> bool:
        """Tell whether a drawer was so far off yesterday that somebody must ask."""
        return abs(self.difference_fen) >= DIFFERENCE_ACT_FEN

    @cached_property
    def is_online(self) -> bool:
        """Tell whether its figures are fresh."""
        return self.link == ONLINE

    @cached_property
    def waiting(self) -> int:
        """Return how many facts it held back when last heard: a lower bound once it is silent."""
        return sum(contact.waiting for contact in self.contacts)

    @cached_property
    def facts_held(self) -> int:
        """Return how many of its facts are here."""
        return sum(contact.facts_held for contact in self.contacts)

    def heard_on(self, day: str) -> bool:
        """Tell whether anything was heard on that day or later."""
        return bool(self.last_heard_at) and local_day(self.last_heard_at) >= day

    @cached_property
    def closed(self) -> tuple[Drawer, ...]:
        """Return yesterday's drawers that were closed with a Z slip."""
        return tuple(drawer for drawer in self.yesterday if drawer.number)

    @cached_property
    def difference_fen(self) -> int:
        """Return the largest difference of yesterday's drawers, with its sign; 0 for none."""
        return max((drawer.difference_fen for drawer in self.closed), key=abs, default=0)

    @cached_property
    def differing(self) -> int:
        """Return how many of yesterday's drawers did not hold what the books said."""
        return sum(1 for drawer in self.closed if drawer.difference_fen)


@dataclass(frozen=True)
class County:
    """Every station, and what they come to together."""

    now: int
    name: str
    rows: tuple[Row, ...]

    @cached_property
    def today(self) -> str:
        """Return the local day."""
        return local_day(self.now)

    def count(self, state: str) -> int:
        """Return how many stations have this shape."""
        return sum(1 for row in self.rows if row.state == state)

    @cached_property
    def online(self) -> int:
        """Return how many were heard within ONLINE_MS, whatever else is with them."""
        return sum(1 for row in self.rows if row.is_online)

    @cached_property
    def offline(self) -> tuple[Row, ...]:
        """Return the stations that were heard once, and not lately: their figures are old."""
        return tuple(row for row in self.rows if row.link in (QUIET, SILENT, ACT))

    @cached_property
    def waiting(self) -> int:
        """Return how many facts wait at all stations, as far as they said."""
        return sum(row.waiting for row in self.rows)

    @cached_property
    def longest(self) -> Row | None:
        """Return the station whose waiting facts have waited longest, None if none wait."""
        held_back = (row for row in self.rows if row.waiting)
        return max(held_back, key=lambda row: (row.silent_ms, row.place.code), default=None)

    @cached_property
    def parcels(self) -> Parcels:
        """Return the parcels of all stations together."""
        return Parcels(
            came=sum(row.parcels.came for row in self.rows),
            handed_over=sum(row.parcels.handed_over for row in self.rows),
            returned=sum(row.parcels.returned for row in self.rows),
            on_hand=sum(row.parcels.on_hand for row in self.rows),
            overdue=sum(row.parcels.overdue for row in self.rows),
            to_return=sum(row.parcels.to_return for row in self.rows),
        )

    @cached_property
    def day_ends(self) -> int:
        """Return at how many stations a drawer was closed yesterday."""
        return sum(1 for row in self.rows if row.closed)

    @cached_property
    def over_fen(self) -> int:
        """Return by how much yesterday's drawers held more than the books."""
        return sum(max(d.difference_fen, 0) for row in self.rows for d in row.closed)

    @cached_property
    def short_fen(self) -> int:
        """Return by how much they held less, as a positive amount."""
        return sum(max(-d.difference_fen, 0) for row in self.rows for d in row.closed)

    @cached_property
    def differing(self) -> int:
        """Return at how many stations a drawer differed yesterday."""
        return sum(1 for row in self.rows if row.differing)

    @cached_property
    def townships(self) -> dict[str, list[Row]]:
        """Return the stations by township, the larger townships first, the urgent ones ahead."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.place.township, []).append(row)
        for rows in found.values():
            rows.sort(key=lambda row: (STATES.index(row.state), -row.silent_ms, row.place.code))
        return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


@dataclass(frozen=True, slots=True)
class OnHand:
    """What stands on the shelves of one courier at one station. due_fen: to be collected."""

    courier: str
    name: str
    count: int
    overdue: int
    to_return: int
    due_fen: int


@dataclass(frozen=True, slots=True)
class Day:
    """A business day of a station. came, left: None when the station was not heard since."""

    day: str
    came: int | None
    left: int | None
    drawers: tuple[Drawer, ...]
    is_heard: bool


@dataclass(frozen=True, slots=True)
class Operator:
    """Who works at a station: a name to be masked, and the role."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class DoneAlone:
    """Money taken out by one person where two are asked for (一人办理): a voucher to look at.

    number: as it stands on the voucher.
    """

    device: str
    day: str
    number: str
    reason: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class StationPage:
    """Everything that the page of one station shows.

    county: the name of its county; open: shifts that nobody has closed; alone: to be reviewed.
    """

    row: Row
    county: str = ""
    days: tuple[Day, ...] = ()
    open: tuple[Drawer, ...] = ()
    on_hand: tuple[OnHand, ...] = ()
    operators: tuple[Operator, ...] = ()
    alone: tuple[DoneAlone, ...] = ()
