"""Signing on the screen for what is handed over: optional, in the place of the list of parcels.

Without a hand on mouse, finger or pen the signature stands on the paper, as before.
"""

from typing import TYPE_CHECKING

from station_app.shell import theme
from station_app.shell.counter import Notice
from station_app.shell.page import Action
from station_app.shell.photos import MadePhoto, PhotoDesk
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.signature_pad import SignaturePad
from station_app.shell.widgets.words import Words, hint

if TYPE_CHECKING:
    from station_app.services.parcels.pages.handover import HandOverPage


class Signing:
    """The pad, and what is done with it."""

    def __init__(self, page: "HandOverPage", photos: PhotoDesk | None) -> None:
        """Make the pad, hidden. photos: keeps the picture; None: nobody signs on the screen."""
        self._page = page
        self._photos = photos
        self._is_keeping = False
        self.panel = Panel("active", margins=(20, 14, 20, 14), spacing=8)
        self._who = Words("", theme.TITLE, bold=True)
        self.pad = SignaturePad(page.say("parcels.signing.title"))
        self.pad.changed.connect(page.touch_actions)
        self.panel.body.addWidget(self._who)
        self.panel.body.addWidget(hint(page.say("parcels.signing.small"), wrap=True))
        self.panel.body.addWidget(self.pad, 1)
        self.panel.hide()

    @property
    def is_possible(self) -> bool:
        """Tell whether somebody can sign on this screen."""
        return self._photos is not None

    def open(self) -> None:
        """Let whoever takes the parcels sign."""
        page = self._page
        now = page.handing
        name = page.name_served() if now.taken_by == "self" else now.collector
        self._who.setText(page.say("parcels.signing.who", name=page.counter.privacy.name(name)))
        self.pad.clear()
        page.turn_to("sign")

    def actions(self) -> list[Action]:
        """Return what can be done while somebody signs."""
        say = self._page.say
        is_ready = self.pad.is_signed and not self._is_keeping
        return [
            Action(say("parcels.signing.on_paper"), "Esc", self._page.on_escape_quietly),
            Action(say("parcels.signing.again"), "Del", self.pad.clear),
            Action(
                say("parcels.signing.done"),
                "Enter",
                self._keep,
                kind="primary",
                is_enabled=is_ready,
                reason="" if is_ready else say("parcels.signing.missing"),
            ),
        ]

    def _keep(self) -> None:
        assert self._photos is not None, "nobody signs without it"
        self._is_keeping = True
        self._page.touch_actions()
        self._photos.make("", self.pad.content(), self._made)

    def _made(self, made: MadePhoto) -> None:
        assert self._photos is not None, "nobody signs without it"
        assert made.content, "what the program draws itself is a picture"
        self._photos.keep(made, self._kept)

    def _kept(self, name: str) -> None:
        self._is_keeping = False
        page = self._page
        if page.mode != "sign":
            return  # somebody else is served by now; the picture is swept away
        if not name:
            page.counter.front.toast(Notice(page.say("shell.photo.no_room"), "warn"))
        page.take_signature(name)
