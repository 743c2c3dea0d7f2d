"""Signing on the screen for what is handed over: optional, in the place of the list of parcels."""

from typing import TYPE_CHECKING

from station_app.shell.photos import PhotoDesk
from station_app.shell.widgets.signing import SigningPanel

if TYPE_CHECKING:
    from station_app.services.parcels.pages.handover import HandOverPage


class Signing(SigningPanel):
    """The pad of the hand-over."""

    def __init__(self, page: "HandOverPage", photos: PhotoDesk | None) -> None:
        """Make the pad, hidden."""
        super().__init__(
            page,
            photos,
            taken=page.take_signature,
            left=page.on_escape_quietly,
            is_open=lambda: page.mode == "sign",
        )
        self._handover = page

    def open(self) -> None:
        """Let whoever takes the parcels sign."""
        page = self._handover
        now = page.handing
        name = page.name_served() if now.taken_by == "self" else now.collector
        self.begin(page.counter.privacy.name(name))
        page.turn_to("sign")
