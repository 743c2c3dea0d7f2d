"""Signing on the screen, by mouse, finger or pen: for the act that a page prepares, optional.

Without a hand on any of them the signature stands on the paper; a full disk stops nobody.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from station_app.shell import theme
from station_app.shell.counter import Notice
from station_app.shell.page import Action, Page
from station_app.shell.photos import MadePhoto, PhotoDesk
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.signature_pad import SignaturePad
from station_app.shell.widgets.words import Words, hint


class SigningPanel:
    """The pad, and what is done with it.

    taken(name): the signature is kept, "" if there was no room; left(): it stays on the paper;
    is_open(): whether somebody still signs: what is kept after that is swept away.
    """

    def __init__(
        self,
        page: Page,
        photos: PhotoDesk | None,
        *,
        taken: Callable[[str], None],
        left: Callable[[], None],
        is_open: Callable[[], bool],
    ) -> None:
        """Make the pad, hidden. photos: keeps the picture; None: nobody signs on the screen."""
        self._page, self._photos = page, photos
        self._taken, self._left, self._is_open = taken, left, is_open
        self._is_keeping = False
        self.panel = Panel("active", margins=(20, 14, 20, 14), spacing=8)
        self._who = Words("", theme.TITLE, bold=True)
        self.pad = SignaturePad(page.say("shell.signing.title"))
        self.pad.changed.connect(page.touch_actions)
        self.panel.body.addWidget(self._who)
        self.panel.body.addWidget(hint(page.say("shell.signing.small"), wrap=True))
        self.panel.body.addWidget(self.pad, 1)
        self.panel.hide()

    @property
    def is_possible(self) -> bool:
        """Tell whether somebody can sign on this screen."""
        return self._photos is not None

    def begin(self, name: str) -> None:
        """Let somebody sign. name: as it may stand on the screen now."""
        self._who.setText(self._page.say("shell.signing.who", name=name))
        self._is_keeping = False
        self.pad.clear()

    def actions(self) -> list[Action]:
        """Return what can be done while somebody signs."""
        say = self._page.say
        is_ready = self.pad.is_signed and not self._is_keeping
        return [
            Action(say("shell.signing.on_paper"), "Esc", self._left),
            Action(say("shell.signing.again"), "Del", self.pad.clear),
            Action(
                say("shell.signing.done"),
                "Enter",
                self._keep,
                kind="primary",
                is_enabled=is_ready,
                reason="" if is_ready else say("shell.signing.missing"),
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
        if not self._is_open():
            return  # somebody else is served by now; the picture is swept away
        if not name:
            words = self._page.say("shell.photo.no_room")
            self._page.counter.front.toast(Notice(words, "warn"))
        self._taken(name)


@dataclass(frozen=True, slots=True)
class Signer:
    """Who is to sign. purpose: what the signature is for the act; name: as shown."""

    purpose: str
    name: str


class AttachedSignatures:
    """The signatures of an act that a page prepares: its key lets one after the other sign.

    turned(): signing was opened or left; the page shows `panel` while `is_open`.
    """

    def __init__(
        self, page: Page, photos: PhotoDesk | None, key: str, turned: Callable[[], None]
    ) -> None:
        """Begin without any. key: of the page's own button."""
        self._page, self._key, self._turned = page, key, turned
        self._signing = SigningPanel(
            page, photos, taken=self._take, left=self.pass_on, is_open=lambda: self.is_open
        )
        self._waiting: list[Signer] = []
        self.taken: dict[str, str] = {}
        self.is_open = False

    @property
    def panel(self) -> Panel:
        """Return the pad with its words."""
        return self._signing.panel

    @property
    def pad(self) -> SignaturePad:
        """Return where they sign."""
        return self._signing.pad

    def actions(self, signers: Callable[[], Sequence[Signer]]) -> list[Action]:
        """Return what can be done: while somebody signs all of it, else the key that begins."""
        if self.is_open:
            return self._signing.actions()
        if not self._signing.is_possible:
            return []
        count = len(self.taken)
        words = self._page.say(f"shell.signing.{'signed' if count else 'open'}", count=count)
        return [Action(words, self._key, lambda: self.open(signers()), icon="pencil")]

    def open(self, signers: Sequence[Signer]) -> None:
        """Let these sign, one after the other; what they signed before is forgotten."""
        self.taken = {}
        self._waiting = list(signers)
        self.is_open = True
        self._turned()
        self._next()

    def _next(self) -> None:
        if not self._waiting:
            self.leave()
            return
        self._signing.begin(self._waiting[0].name)
        self._page.touch_actions()

    def _take(self, name: str) -> None:
        if name:
            self.taken[self._waiting[0].purpose] = name
        self.pass_on()

    def pass_on(self) -> None:
        """Go on to whoever is next; this one signs on the paper, or has signed."""
        if self.is_open:
            del self._waiting[:1]
            self._next()

    def leave(self) -> None:
        """Nobody signs any more; who has signed has."""
        if self.is_open:
            self.is_open = False
            self._waiting = []
            self._turned()
            self._page.touch_actions()

    def forget(self) -> None:
        """The act is over, or given up: the next begins without."""
        self.taken = {}
        self.leave()
