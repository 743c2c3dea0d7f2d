"""Choosing a photo by keys: the newest of stick, telephone and folders, a copied one, a camera's.

One list, the newest on top, and beside it the photo as it would be kept. ↑↓ choose, the primary of
the page attaches. What is no photo, or a dangerous one, is said in a sentence in place of it.
"""

import io
from collections.abc import Callable, Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QSize, Qt, QTimer
from PySide6.QtGui import (
    QGuiApplication,
    QHideEvent,
    QImage,
    QImageWriter,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QLabel, QSizePolicy

from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.photos import FoundPhoto, MadePhoto, PhotoDesk
from station_app.shell.widgets.cells import Column, Row, Text
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, strong
from station_app.values.day import local_day, local_time, say_day

ROW_HEIGHT = 52
CLIPBOARD, PHONE = "clipboard", "phone"
PHONE_LOOK_MS = 250
ROWS_SHOWN = 4
LEAST = 120  # px


class PhotoView(QLabel):
    """A photo, as large as there is room, its sides in proportion."""

    def __init__(self, fixed: QSize | None = None) -> None:
        """Show nothing. fixed: its size, instead of all the room that there is."""
        super().__init__()
        self._dots = QPixmap()
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        if fixed is not None:
            self.setFixedSize(fixed)
        else:
            self.setMinimumSize(LEAST, LEAST)
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def show_photo(self, content: bytes, name: str = "") -> None:
        """Show a JPEG, nothing for b""; name: for readers."""
        self._dots = QPixmap()
        if content:
            self._dots = QPixmap.fromImage(QImage.fromData(content))
        self.setAccessibleName(name)
        self._fit()

    @property
    def has_photo(self) -> bool:
        """Tell whether a photo stands there."""
        return not self._dots.isNull()

    @property
    def stays_in_sight(self) -> bool:
        """Let no toast lie over it: a code could not be scanned, a photo not be judged."""
        return self.has_photo

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the photo anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._dots.isNull():
            self.clear()
            return
        ratio = self.devicePixelRatioF()
        size = self.size() * ratio
        fitted = self._dots.scaled(
            size,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        fitted.setDevicePixelRatio(ratio)
        self.setPixmap(fitted)


def qr_code(text: str) -> bytes:
    """Return a QR code as PNG, with its quiet zone."""
    import segno  # loaded at the first code

    held = io.BytesIO()
    segno.make_qr(text, error="m").save(held, kind="png", scale=8, border=4)
    return held.getvalue()


def copied_picture() -> bytes:
    """Return the picture in the clipboard as PNG, b"" if there is none. In the screen's thread."""
    clipboard = QGuiApplication.clipboard()
    mime: QMimeData | None = clipboard.mimeData()  # None where nobody has copied anything
    image = QImage() if mime is None or not mime.hasImage() else clipboard.image()
    if image.isNull():
        return b""
    held = QBuffer()
    held.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(held, QByteArray(b"png")).write(image), "memory takes it"
    return bytes(held.data().data())


class PhotoPicker(Panel):
    """The list and the photo. changed: called when what can be done may have changed."""

    def __init__(self, counter: Counter, photos: PhotoDesk, changed: Callable[[], None]) -> None:
        """Make it empty; `begin` looks for photos."""
        super().__init__("active", margins=(20, 14, 20, 14), spacing=8)
        self._counter = counter
        self._photos = photos
        self._changed = changed
        self._copied = b""
        self._sent = b""
        self._taken: frozenset[str] = frozenset()  # keys of the cameras
        self._is_phone_alone = False
        self._look = QTimer(self, interval=PHONE_LOOK_MS)
        self._look.timeout.connect(self._look_for_phone)
        self.made: MadePhoto | None = None
        self._title = strong(counter.say("shell.photo.title"), theme.TITLE)
        self.table = ListTable(
            (Column("what"),), name=counter.say("shell.photo.title"), row_height=ROW_HEIGHT
        )
        self.table.setMaximumHeight(ROWS_SHOWN * ROW_HEIGHT + 4)
        self.table.current_changed.connect(self._chosen)
        self.words = Words("", theme.BODY, wrap=True)
        self.view = PhotoView()
        self.body.addWidget(self._title)
        self.body.addWidget(self.table)
        self.body.addWidget(self.words)
        self.body.addWidget(self.view, 1)

    def begin(self) -> None:
        """Look for photos, and show the newest."""
        self.made = None
        self._sent = b""
        self._hang_up()
        self._copied = copied_picture()
        self.view.show_photo(b"")
        self.table.show_rows([], keep=False)
        self.words.setText(self._counter.say("shell.photo.looking"))
        self._photos.find(self._found)

    def _found(self, found: Sequence[FoundPhoto]) -> None:
        say = self._counter.say
        all_of_them = list(found)
        if self._copied:
            all_of_them.insert(
                0, FoundPhoto(CLIPBOARD, say("shell.photo.copied"), say("shell.photo.clipboard"))
            )
        phone = FoundPhoto(PHONE, say("shell.phone.row"), say("shell.phone.row_small"))
        all_of_them.append(phone)
        self._taken = frozenset(one.key for one in found if one.is_taken)
        today = self._counter.desk.now().day
        self.table.show_rows([self._row(one, today) for one in all_of_them], keep=False)
        self._is_phone_alone = all_of_them[0].key == PHONE
        self.table.choose(all_of_them[0].key)
        self._changed()

    def _row(self, one: FoundPhoto, today: str) -> Row:
        when = f"·{say_day(local_day(one.at), today)} {local_time(one.at)}" if one.at else ""
        return Row(one.key, (Text(one.name, bold=True, small=f"{one.place}{when}"),))

    def _chosen(self, key: str) -> None:
        self.made = None
        self.view.show_photo(b"")
        if key == PHONE and not self._sent:
            self._wait_for_phone()
            return
        self._hang_up()
        is_taken = key in self._taken
        self.words.setText(self._counter.say(f"shell.photo.{'taking' if is_taken else 'opening'}"))
        self._changed()
        given = {CLIPBOARD: self._copied, PHONE: self._sent}
        name = "" if key in given else key
        self._photos.make(name, given.get(key, b""), lambda made: self._came(key, made))

    @property
    def is_by_camera(self) -> bool:
        """Tell whether the chosen row is a camera, which can take it anew."""
        return self.table.current() in self._taken

    @property
    def why_not(self) -> str:
        """Say beside the primary why there is nothing to attach yet."""
        if self._look.isActive():
            return self._counter.say("shell.phone.waits")
        return self.words.text() or self._counter.say("shell.photo.none")

    def take_anew(self) -> None:
        """Let the camera take another one."""
        self._chosen(self.table.current())

    # --- A telephone -----------------------------------------------------------------------------

    def _wait_for_phone(self) -> None:
        """Show the code that a telephone scans, and look whether its photo comes."""
        say = self._counter.say
        url = self._photos.open_phone()
        words = say("shell.phone.scan" if url else "shell.phone.no_network")
        if self._is_phone_alone:
            words = f"{say('shell.photo.none')}\n{words}"
        if url:
            self.view.show_photo(qr_code(url), say("shell.phone.row"))
            self._look.start()
        self.words.setText(words)
        self._changed()

    def _look_for_phone(self) -> None:
        self._sent = self._photos.phone_photo()
        if self._sent and self.table.current() == PHONE:
            self._counter.sounds.play("ok")
            self._chosen(PHONE)

    def _hang_up(self) -> None:
        if self._look.isActive():
            self._look.stop()
            self._photos.close_phone()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks any more: no telephone may come in."""
        super().hideEvent(event)
        self._hang_up()

    def _came(self, key: str, made: MadePhoto) -> None:
        if key != self.table.current():
            return  # another row is current by now
        self.made = made if made.content else None
        self.view.show_photo(made.content, self._counter.say("shell.photo.title"))
        say = self._counter.say
        self.words.setText(
            say(f"shell.photo.refused.{made.reason}") if made.reason else say("shell.photo.small")
        )
        self._changed()
