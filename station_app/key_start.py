"""From a data folder to its keys, with a screen: what is asked before the journal can be opened.

A PC with a keyring is asked nothing. One without chooses a place at the first start and is asked
for its passphrase at every later one. When the key is gone, the county gives it back.
"""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop

from station_app import recovery
from station_app.devices import sticks
from station_app.first_start import first_parts, stay
from station_app.journal.store import WrongKey, open_reader
from station_app.journal.troubles import StoreTrouble
from station_app.overview.first_light import FirstLight
from station_app.overview.first_window import (
    key_choice_window,
    keyring_gone_window,
    passphrase_window,
    recovery_window,
)
from station_app.overview.key_choice import KeyChoiceWork
from station_app.overview.keyring_gone import KeyringGoneWork
from station_app.overview.passphrase import PassphraseWork, Tried
from station_app.overview.recovery import RecoveryWork, Run, Shown
from station_app.premises import DATABASE, SystemChance, SystemClock
from station_app.resources_dir import load_texts
from station_app.security import key_place
from station_app.security.key_place import FILE, KEYRING, OWN_FILE, PASSPHRASE, PASSPHRASE_FILE
from station_app.security.key_store import DATABASE as DATABASE_KEY
from station_app.security.key_store import (
    KeyPlaceFailed,
    KeyStore,
    PlainFileStore,
    WrappedFileStore,
)
from station_app.security.passphrases import unlock
from station_app.security.pins import Locked, WrongPin
from station_app.shell.tasks import Tasks
from station_app.shell.window import MainWindow
from station_app.sync.usb_link import StickTrouble, beside

RECOVERING = (
    "recovering"  # the new place of a key, until the county's answer has opened the journal
)
FORGOTTEN = "forgotten"


def keys_at_start(data: Path, light: FirstLight | None = None) -> KeyStore | None:
    """Return the keys of a data folder, having asked what is to be asked.

    light: the first picture, which goes when a page has to come; what was typed into it was meant
    for the lock. None: the window was closed. Raises the troubles that no page can mend.
    """
    return KeyStart(data, light).run()


def uptime_ms() -> int:
    """Return milliseconds of a clock that nobody can set."""
    return time.monotonic_ns() // 1_000_000


class KeyStart:
    """One start: the pages that are needed, one after the other."""

    def __init__(self, data: Path, light: FirstLight | None) -> None:
        """Begin with a data folder, which need not be there yet."""
        self._data = data
        self._light = light
        self._chance = SystemChance()
        self._texts = load_texts()

    def run(self) -> KeyStore | None:
        """Return the keys, None if a window was closed."""
        has_journal = (self._data / DATABASE).exists()
        place = key_place.kept_in(self._data)
        store: KeyStore | str | None
        if place == PASSPHRASE:
            store = self._ask_passphrase(self._data)
        elif place == FILE:
            store = key_place.own_file(self._data)
        else:
            store = key_place.usable_keyring(self._data, is_first=not has_journal)
            if store is None:
                store = self._wait_for_keyring() if has_journal else self._choose(self._data)
        if store is None:
            return None
        if isinstance(store, str) and not has_journal:  # nothing is lost with that passphrase
            key_place.make_way(self._data)
            return self._choose(self._data)
        if isinstance(store, str) or (has_journal and not self._opens(store)):
            return self._recover(place)
        return store

    def _stay(self, window: MainWindow, loop: QEventLoop) -> None:
        stay(window, loop, self._light.leave if self._light is not None else _nothing)

    def _opens(self, store: KeyStore) -> bool:
        """Tell whether the key that is kept opens the journal; other troubles are told later."""
        key = store.get(DATABASE_KEY)
        if key is None:
            return False
        try:
            open_reader(self._data / DATABASE, key).close()
        except WrongKey:
            return False
        except StoreTrouble:
            return True  # damaged, or in use: that is not a matter of the key
        return True

    # --- Choosing a place ------------------------------------------------------------------------

    def _choose(self, folder: Path, *, is_lost: bool = False) -> KeyStore | None:
        """Let the manager choose; return the new, empty place."""
        made: list[KeyStore] = []

        def keep(way: str, passphrase: str) -> str:
            try:
                made.append(self._make(folder, way, passphrase))
            except (StoreTrouble, OSError) as problem:
                return self._texts.say("overview.key.failed", reason=str(problem))
            return ""

        tasks, loop = Tasks(), QEventLoop()
        work = KeyChoiceWork(keep=keep, kept=loop.quit, run=tasks.read, is_lost=is_lost)
        self._stay(key_choice_window(first_parts(), work), loop)
        tasks.close()
        return made[0] if made else None

    def _make(self, folder: Path, way: str, passphrase: str) -> KeyStore:
        folder.mkdir(parents=True, exist_ok=True)
        if way == FILE:
            return PlainFileStore.create(folder / OWN_FILE)
        return WrappedFileStore.create(folder / PASSPHRASE_FILE, passphrase, self._chance)

    # --- The passphrase --------------------------------------------------------------------------

    def _ask_passphrase(self, folder: Path) -> KeyStore | str | None:
        """Ask for the passphrase; return the place, FORGOTTEN, or None."""
        tries = key_place.tries_of(folder)
        opened: list[KeyStore | str] = []

        def attempt(typed: str) -> Tried:
            try:
                found = unlock(
                    folder / PASSPHRASE_FILE,
                    typed,
                    tries=tries,
                    uptime_ms=uptime_ms(),
                    chance=self._chance,
                )
            except (StoreTrouble, OSError) as problem:
                return self._said(problem)
            if isinstance(found, WrongPin | Locked):
                return found
            opened.append(found)
            return None

        tasks, loop = Tasks(), QEventLoop()

        def forgotten() -> None:
            opened.append(FORGOTTEN)
            loop.quit()

        work = PassphraseWork(
            attempt=attempt,
            waiting=lambda: tries.waiting_ms(uptime_ms()),
            run=tasks.read,
            opened=loop.quit,
            forgotten=forgotten,
            now=SystemClock().now_ms,
        )
        self._stay(passphrase_window(first_parts(), work), loop)
        tasks.close()
        return opened[0] if opened else None

    def _said(self, problem: Exception) -> str:
        if isinstance(problem, StoreTrouble):
            return self._texts.say(problem.text_key, **problem.slots)
        return self._texts.say("overview.key.failed", reason=str(problem))

    # --- The keyring is gone ---------------------------------------------------------------------

    def _wait_for_keyring(self) -> KeyStore | str | None:
        """Say so until it is back; return it, FORGOTTEN for the way by the county, or None."""
        found: list[KeyStore | str] = []
        loop = QEventLoop()

        def again() -> bool:
            store = key_place.usable_keyring(self._data, is_first=False)
            if store is not None:
                found.append(store)
            return store is not None

        def recover() -> None:
            found.append(FORGOTTEN)
            loop.quit()

        work = KeyringGoneWork(again=again, back=loop.quit, recover=recover)
        self._stay(keyring_gone_window(first_parts(), work), loop)
        return found[0] if found else None

    # --- The county gives it back ----------------------------------------------------------------

    def _recover(self, place: str) -> KeyStore | None:
        """Find a place for the key that comes back, ask, take; return the place with the key in."""
        keyring = key_place.usable_keyring(self._data, is_first=True) if place == KEYRING else None
        store = keyring or self._new_place()
        if store is None:
            return None
        if not self._exchange(store):
            return None
        return store if store is keyring else self._settle(store)

    def _new_place(self) -> KeyStore | None:
        """Return the place that was begun for the recovery, or a new one."""
        folder = self._data / RECOVERING
        begun = key_place.kept_in(folder)
        if begun == FILE:
            return key_place.own_file(folder)
        if begun == PASSPHRASE:
            asked = self._ask_passphrase(folder)
            if not isinstance(asked, str):
                return asked
            key_place.make_way(folder)
        return self._choose(folder, is_lost=True)

    def _exchange(self, store: KeyStore) -> bool:
        loop = QEventLoop()
        done: list[bool] = []

        def taken() -> None:
            done.append(True)
            loop.quit()

        tasks = Tasks()
        work = self._recovery_work(store, taken, tasks.read)
        self._stay(recovery_window(first_parts(), work), loop)
        tasks.close()
        return bool(done)

    def _recovery_work(self, store: KeyStore, taken: Callable[[], None], run: Run) -> RecoveryWork:
        def ask(copy: str) -> Shown:
            try:
                asking = recovery.ask(self._data, store, self._chance, copy=copy)
            except StoreTrouble as trouble:
                return Shown("", "", self._said(trouble))
            return Shown(asking.letter, asking.digits)

        def take(letter: str) -> str:
            try:
                recovery.take(self._data, store, letter)
            except WrongKey:
                return self._said(recovery.AnswerForAnother())
            except StoreTrouble as trouble:
                return self._said(trouble)
            return ""

        return RecoveryWork(
            ask=ask, take=take, save=self._save, read=self._read, taken=taken, run=run
        )

    def _save(self, letter: str) -> str:
        found = sticks.mounted()
        if not found:
            return self._texts.say("overview.recovery.no_stick")
        path = found[0] / recovery.REQUEST_FILE
        try:
            with beside(path) as file:  # it is on the stick before anybody is told to pull it out
                file.write(f"{letter}\n".encode("ascii"))
        except StickTrouble as problem:
            return self._said(problem)
        return self._texts.say("overview.recovery.saved", file=str(path))

    def _read(self) -> tuple[str, str]:
        found = sticks.mounted()
        for stick in found:
            if (stick / recovery.ANSWER_FILE).exists():
                try:
                    return recovery.read_file(stick / recovery.ANSWER_FILE), ""
                except StoreTrouble as trouble:
                    return "", self._said(trouble)
        return "", self._texts.say(
            "overview.recovery.no_answer" if found else "overview.recovery.no_stick"
        )

    def _settle(self, store: KeyStore) -> KeyStore:
        """Give the new place the name of the old one, whose file is kept beside."""
        key_place.make_way(self._data)
        folder = self._data / RECOVERING
        if isinstance(store, WrappedFileStore):
            store.move_to(self._data / PASSPHRASE_FILE)
            return store
        try:
            (folder / OWN_FILE).replace(self._data / OWN_FILE)
        except OSError as problem:
            raise KeyPlaceFailed(str(problem)) from problem
        return key_place.own_file(self._data)


def _nothing() -> None:
    """No picture stands behind the page."""
