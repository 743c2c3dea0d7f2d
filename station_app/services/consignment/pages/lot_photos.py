"""The photos of a lot: how it came, and what of it was lost, the newest first."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.shell.page import Page
from station_app.shell.photos import PhotoDesk, ShownPhoto
from station_app.shell.widgets.photo_picker import PhotoView
from station_app.shell.widgets.words import Words

SHOWN_MAX = 4  # side by side they are still seen


class LotPhotos:
    """Shows them in a place of the page, `view`."""

    def __init__(self, page: Page, photos: PhotoDesk | None) -> None:
        """Show nothing yet."""
        self._page, self._photos = page, photos
        self.view = QWidget()
        self._row = QHBoxLayout(self.view)
        self._shown: list[QWidget] = []
        self._lot = ""

    @property
    def is_open(self) -> bool:
        """Tell whether the photos of a lot are shown."""
        return bool(self._lot)

    def count(self, lot: str) -> int:
        """Return how many photos speak of a lot."""
        return len(self._photos.named_by(lot)) if self._photos is not None and lot else 0

    def open(self, lot: str) -> None:
        """Show the photos of a lot; one that is elsewhere says so."""
        assert self._photos is not None, "counted before"
        self.close()
        self._lot = lot
        for name in list(reversed(self._photos.named_by(lot)))[:SHOWN_MAX]:
            place = QWidget()
            column = QVBoxLayout(place)
            photo, words = PhotoView(), Words("", wrap=True)
            column.addWidget(photo, 1)
            column.addWidget(words, 0, Qt.AlignmentFlag.AlignHCenter)
            self._row.addWidget(place, 1)
            self._shown.append(place)
            self._photos.show(name, partial(self._came, lot, photo, words))

    def _came(self, lot: str, photo: PhotoView, words: Words, shown: ShownPhoto) -> None:
        if lot != self._lot:
            return
        photo.show_photo(shown.content, self._page.say("consignment.lots.photo"))
        if not shown.content:
            words.setText(self._page.say(f"shell.photo.{shown.state}"))

    def close(self) -> None:
        """Show none any more."""
        self._lot = ""
        for place in self._shown:
            self._row.removeWidget(place)
            place.hide()
            place.deleteLater()
        self._shown = []
