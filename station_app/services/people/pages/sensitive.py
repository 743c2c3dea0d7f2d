"""What of a villager is shown for a moment only: her whole ID number, and whether she is assisted.

One of them is open at a time; each is gone with Esc, with another villager and with the page.
"""

from collections.abc import Callable

from station_app.services.people.outfit import Outfit
from station_app.services.people.pages.assist_panel import AssistPanel
from station_app.services.people.pages.id_panel import IdPanel
from station_app.shell.page import Page
from station_app.shell.widgets.panels import Panel


class SensitivePanels:
    """Both panels. whose(): who is shown; changed(): one was opened, answered or ended."""

    def __init__(
        self, page: Page, outfit: Outfit, whose: Callable[[], str], changed: Callable[[], None]
    ) -> None:
        """Make them, hidden."""
        self._page = page
        self._whose = whose
        self.id = IdPanel(page)
        self.assist = AssistPanel(page, outfit)
        for panel in (self.id, self.assist):
            panel.changed.connect(changed)

    @property
    def panels(self) -> tuple[Panel, Panel]:
        """Return what stands on the page."""
        return self.id, self.assist

    @property
    def is_open(self) -> bool:
        """Tell whether one of them stands there."""
        return self.id.is_open or self.assist.is_open

    @property
    def takes_digits(self) -> bool:
        """Tell whether digits choose in one of them."""
        return self.id.is_asking or self.assist.is_open

    def end(self) -> None:
        """Close whichever is open."""
        self.id.end()
        self.assist.end()

    def ask_id(self) -> None:
        """Ask why the whole ID number is wanted; another panel gives way."""
        self.assist.end()
        self.id.ask(self._whose())
        self._page.setFocus()

    def open_assist(self) -> None:
        """Show whether she is assisted; another panel gives way."""
        self.id.end()
        self.assist.open(self._whose())
        self._page.setFocus()
