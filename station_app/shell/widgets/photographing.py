"""A photo for a parcel: what is broken, or who took it. Chosen or taken by keys, kept for the act.

Nothing waits for it: without a camera, a telephone or room on the disk the words stand alone.
"""

from collections.abc import Callable

from station_app.shell.counter import Notice
from station_app.shell.page import Action, Page
from station_app.shell.photos import MadePhoto, PhotoDesk
from station_app.shell.widgets.photo_picker import PhotoPicker

KEY = "F11"


class Photographing:
    """The choice of a photo in a place of the page. taken(name): it is kept, "" if there was no
    room; left(): the operator wants none.
    """

    def __init__(
        self,
        page: Page,
        photos: PhotoDesk | None,
        *,
        taken: Callable[[str], None],
        left: Callable[[], None],
    ) -> None:
        """Make the picker, hidden; without photos there is none."""
        self._page = page
        self._photos = photos
        self._taken = taken
        self._left = left
        self._is_keeping = False
        self.panel = PhotoPicker(page.counter, photos, page.touch_actions) if photos else None
        if self.panel is not None:
            self.panel.hide()

    @property
    def is_possible(self) -> bool:
        """Tell whether photos can be kept here."""
        return self.panel is not None

    def begin(self) -> None:
        """Look for photos, the newest first."""
        assert self.panel is not None, "nothing is chosen without photos"
        self._is_keeping = False
        self.panel.show()
        self.panel.begin()
        self.panel.table.setFocus()

    def end(self) -> None:
        """Show it no more."""
        if self.panel is not None:
            self.panel.hide()

    def actions(self) -> list[Action]:
        """Return what can be done while one is chosen."""
        assert self.panel is not None, "nothing is chosen without photos"
        say = self._page.say
        is_ready = self.panel.made is not None and not self._is_keeping
        attach = Action(
            say("shell.photo.attach"),
            "Enter",
            self._keep,
            kind="primary",
            is_enabled=is_ready,
            reason="" if is_ready else self.panel.why_not,
        )
        back = Action(say("shell.photo.leave"), "Esc", self._left)
        if not self.panel.is_by_camera:
            return [back, attach]
        anew = Action(say("shell.photo.anew"), KEY, self.panel.take_anew, icon="image")
        return [back, anew, attach]

    def _keep(self) -> None:
        assert self.panel is not None, "nothing is chosen without photos"
        assert self._photos is not None, "nothing is chosen without photos"
        made: MadePhoto | None = self.panel.made
        if made is not None:
            self._is_keeping = True
            self._photos.keep(made, self._kept)

    def _kept(self, name: str) -> None:
        self._is_keeping = False
        if self.panel is None or self.panel.isHidden():
            return  # somebody went on meanwhile; the picture is swept away
        if not name:
            words = self._page.say("shell.photo.no_room")
            self._page.counter.front.toast(Notice(words, "warn"))
        self._taken(name)


class AttachedPhoto:
    """Photos for the act that a page prepares: its key opens the choice, the act names them.

    turned(): the choice was opened or left; the page shows `panel` while `is_open`. most: how many
    go along; of one more than one the newest takes the place of the one before.
    """

    def __init__(
        self,
        page: Page,
        photos: PhotoDesk | None,
        key: str,
        turned: Callable[[], None],
        *,
        most: int = 1,
    ) -> None:
        """Begin without a photo. key: of the page's own button."""
        self._page, self._key, self._turned = page, key, turned
        self._most = most
        self._choice = Photographing(page, photos, taken=self._take, left=self.leave)
        self._names: tuple[str, ...] = ()
        self.is_open = False

    @property
    def panel(self) -> PhotoPicker | None:
        """Return the choice, None where no photo can be kept."""
        return self._choice.panel

    @property
    def names(self) -> tuple[str, ...]:
        """Return what the act names."""
        return self._names

    def actions(self) -> list[Action]:
        """Return what can be done: in the choice all of it, else the key that opens it."""
        if self.is_open:
            return self._choice.actions()
        if not self._choice.is_possible:
            return []
        key = "attached" if self._names else "open"
        words = self._page.say(f"shell.photo.{key}", count=len(self._names))
        return [Action(words, self._key, self.open, icon="image")]

    def open(self) -> None:
        """Choose a photo."""
        self.is_open = True
        self._turned()
        self._choice.begin()
        self._page.touch_actions()

    def leave(self) -> None:
        """Go on without one, or with that of before."""
        if self.is_open:
            self.is_open = False
            self._choice.end()
            self._turned()

    def _take(self, name: str) -> None:
        if name:
            others = (one for one in self._names if one != name)
            self._names = (*others, name)[-self._most :]
        self.leave()

    def forget(self) -> None:
        """The act is over, or given up: the next begins without."""
        self._names = ()
        self.leave()
