"""What the window stands in: everything that it is handed by whoever puts the program together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from station_app.devices.customer_display import CustomerDisplay, NoDisplay
from station_app.devices.scale import NoScale, Scale
from station_app.devices.scanner import Timing
from station_app.printing.document import Receipt
from station_app.shell.counter import DeskLike, Privacy
from station_app.shell.drafts import Drafts
from station_app.shell.scaling import ScreenScale
from station_app.shell.sounds import Mute, Sounds, Voice
from station_app.shell.taking_back import UndoRoute, no_undo_page
from station_app.values.texts import Texts
from station_app.values.waybills import CourierPattern

Heading = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the window stands in.

    tickets: a fresh act id; couriers: the county's patterns; heading: (station, day and operator)
    for the top bar; undo_route: for an act that moved money, the page (and subject) that says
    what to give back and take in first, None to undo at once. scale: how large the screen draws,
    offered on the help page, None where nobody chooses. put_out: prints a slip of no act.
    customer: the display that she looks at; weighing: the scale. is_township: whether the station
    passes parcels on to its villages, asked whenever stations were described anew.
    """

    desk: DeskLike
    texts: Texts
    sounds: Sounds
    drafts: Drafts
    tickets: Callable[[], str]
    couriers: Callable[[], Sequence[CourierPattern]] = tuple
    heading: Callable[[], Heading] = lambda: ("", "")
    undo_route: UndoRoute = no_undo_page
    timing: Timing = field(default_factory=Timing)
    scale: ScreenScale | None = None
    put_out: Callable[[Receipt, str], None] | None = None
    privacy: Privacy | None = None
    customer: CustomerDisplay = field(default_factory=NoDisplay)
    voice: Voice = field(default_factory=Mute)
    weighing: Scale = field(default_factory=NoScale)
    is_township: Callable[[], bool] = lambda: False
