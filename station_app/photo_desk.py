"""Photos at this PC: finds files, makes them small in a reading thread, keeps them in the journal.

What a page asks through `shell.photos`; the decoder is loaded with the first photo, not before.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from station_app.devices import camera, picture_files, sticks
from station_app.devices.own_address import own_address
from station_app.journal import blobs
from station_app.journal.blob import GONE, WHOLE
from station_app.journal.recorder import Recorder
from station_app.journal.reserve import LOW_BYTES
from station_app.journal.troubles import StoreTrouble
from station_app.premises import Premises, free_bytes
from station_app.services.pictures.records import pictures_beside
from station_app.shell.desk import Threads
from station_app.shell.photos import FoundPhoto, MadePhoto, ShownPhoto

if TYPE_CHECKING:
    from station_app.devices.phone_photos import PhoneDoor

UNREADABLE, NO_PICTURE = "unreadable", "no_picture"
_CAMERA = "camera:"  # before the path of one, in the key of its row


_NAME = re.compile(r"[0-9a-f]{64}")


@dataclass(slots=True)
class StationPhotos:
    """The photos of the premises. wake: lets the line look what there is to fetch."""

    premises: Premises
    threads: Threads
    reading: Callable[[], Any]
    wake: Callable[[], None]
    mounted: Callable[[], Sequence[Path]] = sticks.mounted
    free: Callable[[Path], int] = free_bytes
    address: Callable[[], str] = own_address
    cameras: Callable[[], Sequence[camera.Camera]] = camera.cameras
    take_picture: Callable[[Path], bytes] = camera.take_picture
    _door: "PhoneDoor | None" = None

    def find(self, then: Callable[[Sequence[FoundPhoto]], None]) -> None:
        """Look for the newest photos on sticks and in the folders; cameras stand behind them."""
        self.threads.read(self._find, then)

    def _find(self) -> Sequence[FoundPhoto]:
        found = picture_files.newest(self._places())
        rows = [FoundPhoto(str(f.path), f.path.name, f.place, f.at) for f in found]
        words = self.premises.texts.say("shell.photo.camera")
        rows += [
            FoundPhoto(f"{_CAMERA}{one.path}", words, one.name, is_taken=True)
            for one in self.cameras()
        ]
        return rows

    def _places(self) -> Sequence[tuple[str, Path]]:
        say = self.premises.texts.say
        places = [(say("shell.photo.stick", name=p.name or str(p)), p) for p in self.mounted()]
        places.append((say("shell.photo.pictures"), platformdirs.user_pictures_path()))
        places.append((say("shell.photo.downloads"), platformdirs.user_downloads_path()))
        return [(words, folder) for words, folder in places if folder.is_dir()]

    def open_phone(self) -> str:
        """Open a page for one photo of a telephone; returns its address, "" without a network."""
        from station_app.devices.phone_photos import PhoneDoor, PhoneWords

        self.close_phone()
        address = self.address()
        if not address:
            return ""
        names = ("title", "ask", "choose", "send", "came", "again")
        words = PhoneWords(*(self.premises.texts.say(f"shell.phone.{name}") for name in names))
        try:
            self._door = PhoneDoor(address, self.premises.chance, words)
        except OSError:
            return ""
        return self._door.url

    def phone_photo(self) -> bytes:
        """Return the photo that a telephone sent, b"" as long as none came."""
        return self._door.take() if self._door is not None else b""

    def close_phone(self) -> None:
        """Nobody waits for a telephone any more."""
        door, self._door = self._door, None
        if door is not None:
            # Closing waits for the port's thread; the screen does not.
            self.threads.read(door.close, lambda _none: None)

    def make(self, key: str, content: bytes, then: Callable[[MadePhoto], None]) -> None:
        """Make a photo small and harmless: that of a found one, of a camera, or these bytes."""
        self.threads.read(lambda: self._make(key, content), then)

    def _make(self, key: str, content: bytes) -> MadePhoto:
        if not key.startswith(_CAMERA):
            return _made(key, content)
        try:
            return _made("", self.take_picture(Path(key.removeprefix(_CAMERA))))
        except OSError:
            return MadePhoto(b"", NO_PICTURE)

    def keep(self, made: MadePhoto, then: Callable[[str], None]) -> None:
        """Keep it; `then` gets its name, "" when there is no room for photos any more."""
        premises = self.premises

        def put(recorder: Recorder) -> str:
            at = premises.clock.now_ms()
            return blobs.put(recorder.connection, made.content, at=at)

        def work() -> str:
            if self.free(premises.folder) < LOW_BYTES:
                return ""  # what is left is for business; pickup and money go on without a photo
            try:
                return premises.session.write(put)
            except StoreTrouble:
                return ""

        self.threads.write(work, then)

    def show(self, name: str, then: Callable[[ShownPhoto], None]) -> None:
        """Return a photo that a fact names; one that is elsewhere is asked for."""

        def work() -> ShownPhoto:
            connection = self.reading()
            standing = blobs.standing(connection, name)
            content = blobs.get(connection, name)
            if content is not None:
                return ShownPhoto(content, "here", is_sent=standing.state == WHOLE)
            if not blobs.is_named(connection, name) or standing.state == GONE:
                return ShownPhoto(b"", "erased")
            return ShownPhoto(b"", "coming")

        def shown(photo: ShownPhoto) -> None:
            if photo.state == "coming":
                self._ask_for(name)
            then(photo)

        self.threads.read(work, shown)

    def _ask_for(self, name: str) -> None:
        premises = self.premises
        at = premises.clock.now_ms()

        def work() -> None:
            premises.session.write(lambda recorder: blobs.want(recorder.connection, name, at=at))

        self.threads.write(work, lambda _none: self.wake())

    def named_by(self, entity: str) -> Sequence[str]:
        """Return the names of the photos of a thing, and of those made for what befell it."""
        connection = self.reading()
        own, beside = blobs.names_of(connection, entity), pictures_beside(connection, entity)
        return tuple(dict.fromkeys((*own, *beside)))


def sweep(recorder: Recorder, now_ms: int) -> int:
    """Remove photos that were attached and never recorded; a half-filled form keeps its own."""
    rows = recorder.connection.execute("SELECT body FROM drafts").fetchall()
    in_use = [name for row in rows for name in _NAME.findall(row[0])]
    return blobs.sweep(recorder.connection, in_use=in_use, now_ms=now_ms)


def _made(key: str, content: bytes) -> MadePhoto:
    from station_app.security.pictures import FILE_BYTES_MAX, PictureRefused, cleaned

    try:
        raw = content or picture_files.read_file(Path(key), FILE_BYTES_MAX)
        return MadePhoto(cleaned(raw).content)
    except PictureRefused as refused:
        return MadePhoto(b"", refused.reason)
    except OSError:
        return MadePhoto(b"", UNREADABLE)
