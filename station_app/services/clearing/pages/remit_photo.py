"""The photo of a remittance: attached to the form, and shown on the card of one that went.

Bank slip, carrier's paper, the tied bag: whatever proves it later. A remittance goes without one,
too; nothing of the money waits for a photo.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget, QWidget

from station_app.shell import theme
from station_app.shell.counter import Notice
from station_app.shell.page import Action, Page
from station_app.shell.photos import PhotoDesk, ShownPhoto
from station_app.shell.widgets.photo_picker import PhotoPicker, PhotoView
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint

KEY = "F11"
_KEPT = "photo:"
CARD_WIDTH, CARD_HEIGHT = 150, 100  # px of the photo on the card


class RemitPhoto:
    """The photo of the form and that of the card. changed: called when one was attached or not.

    name: of the photo that is attached, "" for none.
    """

    def __init__(self, page: Page, photos: PhotoDesk | None, changed: Callable[[], None]) -> None:
        """Make the parts; without photos nothing of it shows."""
        self._page = page
        self._photos = photos
        self._changed = changed
        self._stack: QStackedWidget | None = None
        self._list: ListTable | None = None
        self._behind: QWidget | None = None
        self.name = ""
        self._shown = ""
        self.line = hint("", wrap=True)
        if photos is None:
            self.line.hide()  # to show it before it has a place would open a window of its own
        self.view = PhotoView(QSize(CARD_WIDTH, CARD_HEIGHT))
        self.words = Words("", theme.BODY, wrap=True)
        for part in self.card:
            part.hide()
        self.picker = PhotoPicker(page.counter, photos, page.touch_actions) if photos else None
        self._say_attached()

    @property
    def card(self) -> tuple[QWidget, ...]:
        """Return what stands on the card of a remittance that went, side by side."""
        return self.view, self.words

    def stand_in(self, stack: QStackedWidget, worked_in: ListTable) -> None:
        """Take a place at the right; while a photo is chosen, arrows move in its list."""
        self._stack, self._list = stack, worked_in
        if self.picker is not None:
            stack.addWidget(self.picker)

    @property
    def is_picking(self) -> bool:
        """Tell whether a photo is being chosen."""
        return self._stack is not None and self._stack.currentWidget() is self.picker

    # --- Attaching -------------------------------------------------------------------------------

    def offered(self) -> list[Action]:
        """Return what can be done about the photo of the form."""
        if self._photos is None:
            return []
        say = self._page.say
        if self.name:
            return [Action(say("shell.photo.take_off"), KEY, self._take_off, icon="image")]
        return [Action(say("shell.photo.open"), KEY, self._open, icon="image")]

    def possible(self) -> list[Action]:
        """Return what can be done while one is chosen."""
        assert self.picker is not None, "nothing is chosen without photos"
        say = self._page.say
        is_ready = self.picker.made is not None
        attach = Action(
            say("shell.photo.attach"),
            "Enter",
            self._attach,
            kind="primary",
            is_enabled=is_ready,
            reason="" if is_ready else self.picker.why_not,
        )
        back = Action(say("shell.photo.leave"), "Esc", self.leave)
        if not self.picker.is_by_camera:
            return [back, attach]
        anew = Action(say("shell.photo.anew"), KEY, self.picker.take_anew, icon="image")
        return [back, anew, attach]

    def _open(self) -> None:
        assert self._stack is not None, "it stands somewhere"
        assert self.picker is not None, "nothing is chosen without photos"
        assert self._list is not None, "it stands beside a list"
        self._behind = self._stack.currentWidget()
        self._list.is_arrow_driven = False
        self._stack.setCurrentWidget(self.picker)
        self.picker.begin()
        self._changed()

    def leave(self) -> None:
        """Choose none."""
        if self._stack is not None and self._behind is not None:
            self._stack.setCurrentWidget(self._behind)
        if self._list is not None:
            self._list.is_arrow_driven = True
        self._changed()

    def _attach(self) -> None:
        assert self.picker is not None, "nothing is chosen without photos"
        assert self._photos is not None, "nothing is chosen without photos"
        made = self.picker.made
        if made is not None:
            self._photos.keep(made, self._kept)

    def _kept(self, name: str) -> None:
        self.name = name
        self._say_attached()
        self.leave()
        if not name:
            words = self._page.say("shell.photo.no_room")
            self._page.counter.front.toast(Notice(words, tone="warn"))

    def _take_off(self) -> None:
        self.clear()
        self._changed()

    def clear(self) -> None:
        """Have none attached."""
        self.name = ""
        self._say_attached()

    def _say_attached(self) -> None:
        key = "attached" if self.name else "not_attached"
        self.line.setText(self._page.say(f"shell.photo.{key}", count=1))

    # --- What outlives a power cut ---------------------------------------------------------------

    def kept(self) -> list[str]:
        """Return what a draft keeps of it."""
        return [_KEPT + self.name] if self.name else []

    def take_kept(self, kept: Sequence[str]) -> list[str]:
        """Attach what a draft kept; return what in it is something else."""
        names = [one.removeprefix(_KEPT) for one in kept if one.startswith(_KEPT)]
        self.name = names[0] if names else ""
        self._say_attached()
        return [one for one in kept if not one.startswith(_KEPT)]

    # --- Showing ---------------------------------------------------------------------------------

    def show_of(self, remittance: str) -> None:
        """Show the photo of a remittance that went, if it has one."""
        names = self._photos.named_by(remittance) if self._photos is not None else ()
        self._shown = names[0] if names else ""
        for part in self.card:
            part.setVisible(bool(names))
        if self._photos is not None and names:
            name = self._shown
            self._photos.show(name, lambda photo: self._came(name, photo))

    def _came(self, name: str, photo: ShownPhoto) -> None:
        if name != self._shown:
            return
        say = self._page.say
        is_masked = self._page.counter.privacy.is_masked  # faces and names stand on slips
        content = b"" if is_masked else photo.content
        self.view.show_photo(content, say("shell.photo.title"))
        self.view.setVisible(bool(content))
        if photo.content:
            self.words.setText(say("shell.photo.sent" if photo.is_sent else "shell.photo.waits"))
        else:
            self.words.setText(say(f"shell.photo.{photo.state}"))
