"""The lock page: whose turn it is, and the PIN.

It covers the work and touches none of it: whoever signs in finds the page as it was left. Names
are masked here, since anybody may stand before a locked screen. Digits are the PIN, so colleagues
are chosen with Alt and a digit, with the mouse, or by scanning a card.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from station_app.overview.colleague_card import ColleagueCard
from station_app.overview.lock_face import COLUMNS, LockCard, LockFace, dress_lock
from station_app.overview.moments import countdown
from station_app.overview.pieces import empty
from station_app.overview.sign_in import Attendance, Colleague, PinDoor, by_card, colleagues
from station_app.security.pins import (
    DIGITS,
    DIGITS_LEAST,
    Accepted,
    Answer,
    Locked,
    NoPin,
    WrongPin,
)
from station_app.shell.counter import Counter
from station_app.shell.offers import Scan
from station_app.shell.page import Page
from station_app.values.codes import OPERATOR, OwnCode
from station_app.values.masks import mask_name

TICK_MS = 1_000
FACE_SECONDS = 5  # how often the figures at the left are read anew
TALL_UP_TO = 3  # colleagues; more stand in lower cards
SHOWN_MAX = 9  # one digit each; a station has two or three


@dataclass(frozen=True, slots=True, kw_only=True)
class LockWork:
    """What the page needs besides the counter.

    now: UTC ms; opened: called once somebody is in; set_up: called with an operator's identity
    ("" for nobody yet) when a PIN is to be set first; forgotten: called with who has forgotten
    hers; face: fills the left side, each second.
    """

    door: PinDoor
    attendance: Attendance
    now: Callable[[], int]
    opened: Callable[[], None]
    set_up: Callable[[str], None]
    face: Callable[[LockFace], None]
    forgotten: Callable[[str], None]


class LockPage(Page):
    """Signs somebody in."""

    def __init__(self, counter: Counter, key: str, work: LockWork) -> None:
        """Make the page, locked."""
        super().__init__(counter, key)
        self._work = work
        self._door = work.door
        self._now = work.now
        self._known: tuple[Colleague, ...] = ()
        self._chosen: Colleague | None = None
        self._cards: list[ColleagueCard] = []
        self._wait_until = 0
        self._seconds = 0
        self._is_checking = False
        self._is_compact = False
        self._build()
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._second_passed)

    # --- What it is made of ----------------------------------------------------------------------

    def _build(self) -> None:
        self.face = LockFace(self.say("shell.brand"))
        self._card = LockCard(self.counter.texts, DIGITS, self._pressed)
        self._card.forgotten.clicked.connect(lambda _=False: self._forget())
        self.boxes, self.pad = self._card.boxes, self._card.pad
        self.setFocusProxy(self.boxes)  # a click beside them takes the typing nowhere else
        self.boxes.set_least(DIGITS_LEAST)  # one that was set while fewer were allowed still opens
        self.boxes.completed.connect(self._try)
        self._card.enter.clicked.connect(lambda _=False: self.boxes.end_here())
        self.boxes.changed.connect(lambda _text: self._calm())
        dress_lock(self, self.face, self._card)

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("overview.lock.title")

    def first_focus(self) -> QWidget | None:
        """Type the PIN at once."""
        return self.boxes

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Lock: nobody is signed in; whoever was last is proposed."""
        last = self._work.attendance.operator
        self._work.attendance.go()
        self._card.show_least(self._door.least())
        self._known = self.counter.desk.read(colleagues)[:SHOWN_MAX]
        self._show_cards()
        self._seconds = 0
        self._second_passed()
        self._tick.start()
        if not self._known:
            self._set_up_soon("")
            return
        self.choose(self._proposed(last).identity)
        self.boxes.setFocus()

    def _proposed(self, last: str) -> Colleague:
        """Return who most likely signs in: whoever was last, else the first with a PIN here."""
        can = [one for one in self._known if one.has_pin] or self._known
        return next((one for one in can if one.identity == last), can[0])

    def left(self) -> None:
        """Stop the clock."""
        self._tick.stop()
        self.boxes.clear()

    def on_compact(self, is_compact: bool) -> None:
        """Become lower in a low window."""
        self._is_compact = is_compact
        self._fit_pad()

    def on_scan(self, scan: Scan) -> bool:
        """A card says who it is; the PIN is still asked. Nothing else is done on a locked PC."""
        colleague = by_card(self._known, scan.code)
        if colleague is not None:
            self.choose(colleague.identity)
        else:
            self.counter.sounds.play("warn")
            is_card = isinstance(scan.code, OwnCode) and scan.code.kind == OPERATOR
            key = "wrong_card" if is_card else "pin_first"
            self._say(self.say(f"overview.lock.{key}"), "warn")
        return True

    def on_escape(self) -> bool:
        """Empty the boxes."""
        self.boxes.clear()
        self._calm()
        return True

    # --- Choosing --------------------------------------------------------------------------------

    def _show_cards(self) -> None:
        grid = self._card.grid
        empty(grid)
        is_tall = len(self._known) <= TALL_UP_TO
        self._cards = []
        for place, one in enumerate(self._known):
            card = ColleagueCard(mask_name(one.name), f"Alt+{place + 1}", is_tall=is_tall)
            card.clicked.connect(lambda _=False, who=one.identity: self.choose(who))
            grid.addWidget(card, place // COLUMNS, place % COLUMNS)
            self._cards.append(card)
        for column in range(COLUMNS):
            grid.setColumnStretch(column, 1)
        self._fit_pad()

    def _fit_pad(self) -> None:
        is_crowded = len(self._known) > TALL_UP_TO
        self._card.fit(is_compact=self._is_compact, is_crowded=is_crowded)

    def choose(self, identity: str) -> None:
        """Let somebody of the list sign in."""
        self._chosen = next((one for one in self._known if one.identity == identity), None)
        for one, card in zip(self._known, self._cards, strict=True):
            card.set_selected(selected=one is self._chosen)
        self._wait_until = 0
        self.boxes.clear()
        self.boxes.setEnabled(True)
        self.boxes.setFocus()
        self._calm()
        if self._chosen is None:
            return
        if not self._chosen.has_pin:
            self._ask_for_pin(self._chosen)
            return
        self._door.ask_wait(identity, lambda wait: self._found_wait(identity, wait))

    def _ask_for_pin(self, one: Colleague) -> None:
        """Without any PIN on this PC the first one is set now; later a manager must be there."""
        if not any(other.has_pin for other in self._known):
            self._set_up_soon(one.identity)
            return
        self.boxes.setEnabled(False)
        self._say(self.say("overview.lock.no_pin"), "warn")

    def _set_up_soon(self, operator: str) -> None:
        """Leave for the page of PINs once this page has come to the front whole."""
        QTimer.singleShot(0, self, lambda: self._work.set_up(operator))

    def _forget(self) -> None:
        """Lead to the way back by phone, for whoever is chosen and had a PIN."""
        if self._chosen is not None and self._chosen.has_pin and self._door.can_readmit:
            self._work.forgotten(self._chosen.identity)
        else:
            self.counter.sounds.play("warn")
            self._say(self.say("overview.lock.forgotten_how"), "warn")

    # --- The PIN ---------------------------------------------------------------------------------

    def _pressed(self, name: str) -> None:
        if not self.boxes.isEnabled():
            return
        signs = {"clear": "", "back": self.boxes.text()[:-1]}
        typed = signs.get(name, self.boxes.text() + name)
        self.boxes.set_text(typed)
        self._calm()
        if self.boxes.is_complete() and name.isdigit():
            self._try(typed)

    def _try(self, pin: str) -> None:
        if self._chosen is None or self._is_checking:
            return
        who = self._chosen
        self._is_checking = True
        self.boxes.setEnabled(False)
        self._say(self.say("overview.lock.pin_checking"), "ink2")
        self._door.try_pin(who.identity, pin, lambda answer: self._answered(who, answer))

    def wait_no_longer(self, words: str) -> None:
        """The try stumbled: say so, and take another one."""
        super().wait_no_longer(words)
        if self._is_checking:
            self._take_another()
            self._say(words, "stop")

    def _take_another(self) -> None:
        self._is_checking = False
        self.boxes.clear()
        self.boxes.setEnabled(True)
        self.boxes.setFocus()

    def _answered(self, who: Colleague, answer: Answer) -> None:
        self._take_another()
        if isinstance(answer, Accepted):
            self._work.attendance.come(who.identity, is_manager=who.is_manager)
            self.counter.sounds.play("ok")
            self._work.opened()
            return
        self.counter.sounds.play("warn")
        if isinstance(answer, Locked):
            self._found_wait(who.identity, answer.wait_ms)
        elif isinstance(answer, WrongPin):
            self.boxes.mark_wrong()
            self._say(self.say("overview.lock.pin_wrong", left=answer.tries_left), "stop")
        else:
            assert isinstance(answer, NoPin)
            self._ask_for_pin(who)

    def _found_wait(self, identity: str, wait_ms: int) -> None:
        if self._chosen is None or self._chosen.identity != identity or not wait_ms:
            return
        self._wait_until = self._now() + wait_ms
        self.boxes.setEnabled(False)
        self._show_wait()

    def _show_wait(self) -> None:
        span = countdown(self.counter.texts, self._wait_until - self._now())
        self._say(self.say("overview.lock.pin_wait", span=span), "stop")

    def _second_passed(self) -> None:
        at = self._now()
        self.face.show_moment(self.counter.texts, at)
        self._seconds += 1
        if self._seconds % FACE_SECONDS == 1:
            self._work.face(self.face)
        if not self._wait_until:
            return
        if at < self._wait_until:
            self._show_wait()
        elif self._chosen is not None:
            self._wait_until = 0
            self.choose(self._chosen.identity)

    # --- Saying ----------------------------------------------------------------------------------

    def _calm(self) -> None:
        if not self._wait_until and not self._is_checking:
            self._say(self._card.pin_line, "ink2")

    def _say(self, sentence: str, ink: str) -> None:
        self._card.say(sentence, ink)

    @property
    def sentence(self) -> str:
        """Return what it says about the PIN now."""
        return self._card.sentence

    @property
    def chosen(self) -> str:
        """Return the identity of whoever is to sign in now, "" for nobody."""
        return self._chosen.identity if self._chosen is not None else ""

    @property
    def shown(self) -> Sequence[str]:
        """Return the names on the cards."""
        return [card.text() for card in self._cards]
