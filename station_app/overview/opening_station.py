"""How a station is opened, from the first PIN to the counter: through its devices, if it has any.

Put together apart from the window, which only knows that there is such a page.
"""

from typing import TYPE_CHECKING

from station_app.overview.devices.offer import (
    FIRST_DEVICES,
    PRINTER,
    SCALE_PAGE,
    SCAN,
    TRIAL_CODE,
    first_devices_offer,
    is_first_wanted,
)
from station_app.overview.heading import station_words
from station_app.overview.sign_in import colleagues
from station_app.shell.offers import PageOffer

if TYPE_CHECKING:
    from station_app.overview.devices.first_devices import FirstWork
    from station_app.overview.window import StationWindow


def first_pages(window: "StationWindow") -> tuple[PageOffer, ...]:
    """Return the page of the devices, where there are devices."""
    if window.parts.hardware is None or window.parts.senses is None:
        return ()
    return (first_devices_offer(lambda: _work(window)),)


def after_setup(window: "StationWindow") -> None:
    """Go on after a PIN was set: whoever opens the station to its devices, others to their work."""
    is_first = not window.has_resumed and is_first_wanted(window.parts.hardware)
    if is_first and window.parts.senses is not None:
        window.open_page(FIRST_DEVICES)
    else:
        window.unlocked()


def _work(window: "StationWindow") -> "FirstWork":
    from station_app.overview.devices.first_devices import FirstWork

    parts = window.parts
    assert parts.hardware is not None
    assert parts.senses is not None
    return FirstWork(
        devices=parts.hardware,
        senses=parts.senses,
        spool=parts.spool,
        sync=parts.sync,
        ways={"printer": PRINTER, "scanner": SCAN, "scale": SCALE_PAGE},
        code=TRIAL_CODE,
        use=window.scan_filter.set_timing,
        listen=window.scan_filter.scanned.connect,
        smalls=lambda: _smalls(window),
        done=lambda: _done(window),
        county_phone=parts.county_phone(),
    )


def _smalls(window: "StationWindow") -> dict[str, str]:
    desk, texts = window.parts.desk, window.parts.texts
    name = desk.read(lambda connection: station_words(connection, desk.now().station))
    here = desk.read(colleagues)
    return {
        "code": texts.say("overview.enrol.claimed", name=name),
        "operator": "、".join(one.name for one in here),
    }


def _done(window: "StationWindow") -> None:
    """Open the counter; a page of a device that was gone through is no work to go back to."""
    window.unlocked()
    window.go_home()
