"""The window before there is a station: the first run, or a database that cannot be read.

It has no journal, so its desk can answer nothing; the one page in it needs none.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

from station_app.devices.scanner import Timing
from station_app.overview.doctor import DoctorPage, DoctorWork
from station_app.overview.enrolment import EnrolmentPage, EnrolmentWork
from station_app.overview.key_choice import KeyChoicePage, KeyChoiceWork
from station_app.overview.keyring_gone import KeyringGonePage, KeyringGoneWork
from station_app.overview.passphrase import PassphrasePage, PassphraseWork
from station_app.overview.recovery import RecoveryPage, RecoveryWork
from station_app.shell.desk import Done, Outcome
from station_app.shell.drafts import DraftsInMemory
from station_app.shell.offers import Offer, PageOffer
from station_app.shell.sounds import Sounds
from station_app.shell.window import MainWindow, Surroundings
from station_app.values.now import Now
from station_app.values.texts import Texts

T = TypeVar("T")
KEY_CHOICE, PASSPHRASE = "overview.key_choice", "overview.passphrase"
KEYRING_GONE, RECOVERY = "overview.keyring_gone", "overview.recovery"
ENROLMENT, DOCTOR = "overview.enrolment", "overview.doctor"


class ClosedDesk:
    """A desk without a journal: it knows the time, and nothing else can be asked of it."""

    def __init__(self, now: Callable[[], int]) -> None:
        """now: UTC ms."""
        self._now = now

    def now(self) -> Now:
        """Return the present moment, at no station."""
        return Now(at=self._now(), day="", operator="", device="", station="", is_manager=False)

    def read(self, query: Callable[[Any], T]) -> T:
        """Answer what needs no journal: what a scan means where nobody offers anything."""
        return query(None)

    def look_up(self, query: Callable[[Any], T], then: Callable[[T], None]) -> None:
        """Answer likewise."""
        then(query(None))

    def listen(self, listener: Callable[[Done], None]) -> None:
        """Nothing is ever done here."""

    def perform(self, *commands: Any, ticket: str, then: Callable[[Outcome], None]) -> NoReturn:
        """Nothing can be recorded without a journal; to ask is a bug."""
        raise AssertionError(f"{commands} asked without a journal: {ticket} {then}")

    def undo(self, act: str, *, ticket: str, then: Callable[[Outcome], None]) -> NoReturn:
        """Likewise."""
        raise AssertionError(f"{act} undone without a journal: {ticket} {then}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstParts:
    """What the window is made of; tickets are never used, but every page draws one."""

    texts: Texts
    sounds: Sounds
    tickets: Callable[[], str]
    now: Callable[[], int]
    timing: Timing = field(default_factory=Timing)


def enrolment_window(parts: FirstParts, work: EnrolmentWork) -> MainWindow:
    """Return the window that takes the one-time code."""
    return _window(parts, _bare(ENROLMENT, lambda c: EnrolmentPage(c, ENROLMENT, work)))


def closed_window(parts: FirstParts, work: DoctorWork) -> MainWindow:
    """Return the window of a start check that may not open the door."""
    return _window(parts, _bare(DOCTOR, lambda c: DoctorPage(c, DOCTOR, work)))


def key_choice_window(parts: FirstParts, work: KeyChoiceWork) -> MainWindow:
    """Return the window in which the manager chooses where the key is kept."""
    return _window(parts, _bare(KEY_CHOICE, lambda c: KeyChoicePage(c, KEY_CHOICE, work)))


def passphrase_window(parts: FirstParts, work: PassphraseWork) -> MainWindow:
    """Return the window that asks for the passphrase."""
    return _window(parts, _bare(PASSPHRASE, lambda c: PassphrasePage(c, PASSPHRASE, work)))


def keyring_gone_window(parts: FirstParts, work: KeyringGoneWork) -> MainWindow:
    """Return the window of a keyring that is not there."""
    return _window(parts, _bare(KEYRING_GONE, lambda c: KeyringGonePage(c, KEYRING_GONE, work)))


def recovery_window(parts: FirstParts, work: RecoveryWork) -> MainWindow:
    """Return the window in which the county gives a key back."""
    return _window(parts, _bare(RECOVERY, lambda c: RecoveryPage(c, RECOVERY, work)))


def _bare(key: str, make: Callable[[Any], Any]) -> PageOffer:
    return PageOffer(key, "", "home", "Home", make, is_bare=True)


def _window(parts: FirstParts, page: PageOffer) -> MainWindow:
    around = Surroundings(
        desk=ClosedDesk(parts.now),
        texts=parts.texts,
        sounds=parts.sounds,
        drafts=DraftsInMemory(),
        tickets=parts.tickets,
        timing=parts.timing,
    )
    return MainWindow([Offer(pages=(page,))], around)
