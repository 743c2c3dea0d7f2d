"""The way back of a township's van (回程): all that goes to the hub, on one list.

It is the page of lists with that one list always in hand.
"""

from collections.abc import Sequence

from station_app.services.parcels.outfit import Outfit
from station_app.services.parcels.pages.manifest import ManifestPage, Work
from station_app.shell.counter import Counter
from station_app.shell.offers import Scan
from station_app.shell.page import Action


class WayBackPage(ManifestPage):
    """Lists what the van takes along on its way back."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page with the list in hand."""
        super().__init__(counter, key, outfit)
        self._put_down()

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("parcels.rail.way_back")

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done; there is nothing to put down for another list."""
        made = super().action_bar()
        is_asking = self.signing.is_open or self.photo.is_open
        return made if is_asking else [one for one in made if one.key != "Esc"]

    def on_scan(self, _scan: Scan) -> bool:
        """Take nothing: what stands on this list left by an act of its own."""
        return False

    def on_escape(self) -> bool:
        """Leave the signature; else go home."""
        return (self.signing.is_open or self.photo.is_open) and super().on_escape()

    def _put_down(self) -> None:
        self._begin(Work("van"))
