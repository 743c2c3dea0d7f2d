"""The keyring of the system is away: say so, try again, or have the county give the key back."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.overview.first_run import FirstRunFrame, Thing, things_grid
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.page import Page
from station_app.shell.widgets.panels import Banner
from station_app.shell.widgets.words import Words

RECOVER_KEY = "F8"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyringGoneWork:
    """What the page needs. again: looks once more, tells whether it is there; back: it is there;
    recover: the way by the county.
    """

    again: Callable[[], bool]
    back: Callable[[], None]
    recover: Callable[[], None]


class KeyringGonePage(Page):
    """Says what happened and what to do."""

    def __init__(self, counter: Counter, key: str, work: KeyringGoneWork) -> None:
        """Make the page."""
        super().__init__(counter, key)
        self._work = work
        say = self.say
        self._frame = FirstRunFrame(say("shell.brand"), say("overview.keyring.rail"), ())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._frame)
        content = self._frame.content
        content.addWidget(Words(self.title, theme.HEADING, bold=True, wrap=True))
        content.addWidget(Words(say("overview.keyring.line"), theme.BODY, ink="ink2", wrap=True))
        things = [
            Thing(
                icon,
                say(f"overview.keyring.thing_{number}"),
                say(f"overview.keyring.thing_{number}_line"),
            )
            for number, icon in enumerate(("lock", "undo", "phone"), 1)
        ]
        content.addWidget(things_grid(things, columns=1))
        self.verdict = Banner("", "warn")
        self.verdict.hide()
        content.addWidget(self.verdict)
        content.addStretch(1)
        self._frame.add_secondary(say("overview.keyring.recover"), RECOVER_KEY, self.recover)
        self._next = self._frame.add_primary(say("overview.keyring.again"), self.primary)

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("overview.keyring.title")

    def first_focus(self) -> QWidget | None:
        """Keys choose."""
        return self

    def on_compact(self, is_compact: bool) -> None:
        """Take less room in a low window."""
        self._frame.set_low(low=is_compact)

    def primary(self) -> None:
        """Look once more."""
        if self._work.again():
            self.counter.sounds.play("ok")
            self._work.back()
            return
        self.counter.sounds.play("warn")
        self.verdict.tell(self.say("overview.keyring.still"), "warn")
        self.verdict.show()

    def recover(self) -> None:
        """Go the way by the county."""
        self._work.recover()
