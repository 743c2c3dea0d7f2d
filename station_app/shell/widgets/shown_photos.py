"""Photos and signatures that were kept of a thing or an act, side by side, in a place of a page."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.shell.page import Page
from station_app.shell.photos import PhotoDesk, ShownPhoto
from station_app.shell.widgets.photo_picker import PhotoView
from station_app.shell.widgets.words import Words

SHOWN_MAX = 4  # side by side they are still seen


class ShownPhotos:
    """Shows them in a place of the page, `view`."""

    def __init__(self, page: Page, photos: PhotoDesk | None) -> None:
        """Show nothing yet. photos: None where none are kept."""
        self._page, self._photos = page, photos
        self.view = QWidget()
        self._row = QHBoxLayout(self.view)
        self._shown: list[QWidget] = []
        self._names: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Tell whether photos are shown."""
        return bool(self._names)

    def names_of(self, entity: str) -> tuple[str, ...]:
        """Return the photos that speak of a thing, the newest first."""
        if self._photos is None or not entity:
            return ()
        return tuple(reversed(self._photos.named_by(entity)))

    def open(self, names: Sequence[str]) -> None:
        """Show these; one that is elsewhere says so."""
        assert self._photos is not None, "counted before"
        self.close()
        self._names = tuple(names)[:SHOWN_MAX]
        for name in self._names:
            place = QWidget()
            column = QVBoxLayout(place)
            photo, words = PhotoView(), Words("", wrap=True)
            column.addWidget(photo, 1)
            column.addWidget(words, 0, Qt.AlignmentFlag.AlignHCenter)
            self._row.addWidget(place, 1)
            self._shown.append(place)
            self._photos.show(name, partial(self._came, self._names, photo, words))

    def _came(
        self, names: tuple[str, ...], photo: PhotoView, words: Words, shown: ShownPhoto
    ) -> None:
        if names != self._names:
            return
        photo.show_photo(shown.content, self._page.say("shell.photo.one"))
        if not shown.content:
            words.setText(self._page.say(f"shell.photo.{shown.state}"))

    def close(self) -> None:
        """Show none any more."""
        self._names = ()
        for place in self._shown:
            self._row.removeWidget(place)
            place.hide()
            place.deleteLater()
        self._shown = []
