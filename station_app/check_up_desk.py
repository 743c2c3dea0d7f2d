"""The start check inside the running program: what is measured, and what helps.

Who judges is `overview/examination`; who measures the journal is `check_up`. Here is what only the
program knows: its printers, its scale, what it heard of the county's clock.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from station_app.check_up import signs_of
from station_app.devices import system_windows
from station_app.journal.troubles import StoreTrouble
from station_app.overview.check_slip import check_slip
from station_app.overview.devices.offer import scale_sign
from station_app.overview.examination import PrinterSign, Signs
from station_app.overview.strip_items import pictures
from station_app.premises import Premises
from station_app.printing.document import Receipt
from station_app.printing.spool import Spool
from station_app.reference import records as reference
from station_app.reference.settings import COUNTY_PHONE
from station_app.safekeeping import Safekeeping
from station_app.sync.progress import SyncStatus


@dataclass(frozen=True, kw_only=True)
class CheckUpDesk:
    """Looks, and helps.

    reading: a connection of the present thread; status: of the line, None without one; try_now:
    asks the county at once; put_out: prints a slip; enrol_anew: leaves the window for the page on
    which this PC becomes another one.
    """

    premises: Premises
    safe: Safekeeping
    spool: Spool
    devices: Any
    reading: Callable[[], Any]
    status: Callable[[], SyncStatus | None]
    try_now: Callable[[], None]
    put_out: Callable[[Receipt], None]
    enrol_anew: Callable[[], None]

    def signs(self) -> Signs:
        """Measure what the start check looks at."""
        status = self.status()
        ahead = status.clock_ahead_ms if status else 0
        now = self.premises.clock.now_ms()
        drawn = pictures(self.devices)
        return signs_of(
            self.reading(),
            self.premises.folder,
            self.premises.enrolment,
            now_ms=now,
            put_back=self.premises.put_back,
            is_restored=self.premises.is_restored,
            county_ms=now - ahead if ahead else 0,
            kept_in=self.safe.kept_in,
            printers_seen=[
                PrinterSign(role, state.state, state.reason)
                for role, state in self.spool.states().items()
                if role not in drawn and role in self.devices.names
            ],
            scale=scale_sign(self.devices, self.premises.desk.now().day),
        )

    def county_phone(self) -> str:
        """Return where the county is called, "" while it has not said."""
        desk, here = self.premises.desk, self.premises.enrolment.station
        day = desk.now().day
        return desk.read(lambda c: reference.read_setting(c, COUNTY_PHONE, here, day))

    # --- What helps ------------------------------------------------------------------------------

    def remedies(self) -> Mapping[str, Callable[[], None]]:
        """Return what helps, by `Finding.action`; what this PC has no program for is left out."""
        return {
            "sync": self.try_now,
            "backup": self.safe.back_up_now,
            "enrol": self.enrol_anew,
            **system_windows.remedies(self.premises.folder),
        }

    def back_up(self, then: Callable[[str], None]) -> None:
        """Make a backup, and tell a sentence."""
        texts = self.premises.texts

        def ended(trouble: StoreTrouble | None) -> None:
            if trouble is None:
                then(texts.say("overview.doctor.backed_up"))
            else:
                reason = texts.say(trouble.text_key, **trouble.slots)
                then(texts.say("overview.doctor.back_up_failed", reason=reason))

        self.safe.back_up(ended)

    def print_sheet(self) -> str:
        """Print the sheet with the recovery code; return a sentence."""
        sheet = self.safe.sheet()
        if sheet is None:
            return self.premises.texts.say("overview.sheet.unready")
        self.put_out(sheet)
        return self.premises.texts.say("overview.sheet.printed")

    def print_list(self, signs: Signs) -> str:
        """Print what was found, for whoever is called to help; return a sentence."""
        here, texts = self.premises.enrolment, self.premises.texts
        station = self.premises.desk.read(lambda c: reference.station(c, here.station))
        name = station.name if station else here.station
        self.put_out(check_slip(texts, signs, station=name, device=here.device))
        return texts.say("overview.doctor.list_printed")
