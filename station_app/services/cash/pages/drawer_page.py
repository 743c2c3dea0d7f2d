"""The drawer (钱箱): what happened to it today, and what may be done with it besides sales.

Nothing here says what should be in it: only what was put in, taken out and paid, each line open to
its facts. What asks for a second person is asked in place, before it is done.
"""

from collections.abc import Mapping, Sequence
from enum import Enum, auto

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.journal.projection import StateChange
from station_app.ledger.balances import balance, books
from station_app.services.cash.commands import TakeOut
from station_app.services.cash.drawer_records import DrawerEvent, drawer_events, place_slips
from station_app.services.cash.pages.drawer_forms import ComparingForm, OpeningForm
from station_app.services.cash.pages.edges import Edges
from station_app.services.cash.pages.reading import print_reading
from station_app.services.cash.pages.voucher_panel import PUT_IN, TAKE_OUT, VoucherPanel
from station_app.services.cash.papers import PaperMaker
from station_app.services.cash.vouchers import account_of, lent_by_taking
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Icon, Pill, Row, Text
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.lending import say_whose
from station_app.shell.widgets.panels import EmptyState, Panel, Places
from station_app.shell.widgets.second_person import SecondPersonPanel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint
from station_app.values.day import local_time
from station_app.values.money import say_yuan
from station_app.values.refusal import Refusal

RIGHT_WIDTH = 560
MENU_HEIGHT, MENU_HEIGHT_LOW = 72, 60
OPEN, COMPARE = "open", "compare"
COLUMNS = (
    Column("time", 76),
    Column("icon", 44),
    Column("words"),
    Column("amount", 150, "right"),
    Column("state", 96, "right"),
)
ICONS = {
    "cash.put_in": "intake",
    "cash.taken_out": "outtake",
    "drawer.opened": "unlock",
    "shift.opened": "sun",
    "shift.handed_over": "swap",
}
ASKS = ("cash.SECOND_NEEDED", "cash.USES_OTHERS_MONEY")


class Mode(Enum):
    """What the right side shows."""

    MENU = auto()
    VOUCHER = auto()
    OPENING = auto()
    COMPARING = auto()
    SECOND = auto()


class DrawerPage(Page):
    """Lists what happened to the drawer; puts in, takes out, opens, compares."""

    def __init__(self, counter: Counter, key: str, papers: PaperMaker, edges: Edges) -> None:
        """Make the page. papers: makes the reading; edges: printer, colleagues."""
        super().__init__(counter, key)
        self._papers = papers
        self._edges = edges
        self.mode = Mode.MENU
        self._events: dict[str, DrawerEvent] = {}
        self.list = ListTable(COLUMNS, name=counter.say("cash.drawer.today"))
        self.menu = ChoiceRow(columns=1, height=MENU_HEIGHT)
        self.voucher = VoucherPanel(counter)
        self.opening = OpeningForm(counter)
        self.comparing = ComparingForm(counter)
        self.second = SecondPersonPanel(counter, edges.try_pin)
        self._lay_out()
        self._join()

    def _lay_out(self) -> None:
        say = self.say
        listed = Panel(margins=(8, 14, 8, 8), spacing=6)
        heading = Words(say("cash.drawer.today"), theme.STRONG, bold=True)
        heading.setContentsMargins(12, 0, 12, 0)
        self._how = hint(say("cash.drawer.how"))
        self._how.setContentsMargins(12, 0, 12, 0)
        self._none = EmptyState(
            "drawer", say("cash.drawer.none"), say("cash.drawer.none_small"), look="bare"
        )
        self._lists = Places()
        self._lists.addWidget(self.list)
        self._lists.addWidget(self._none)
        listed.body.addWidget(heading)
        listed.body.addWidget(self._how)
        listed.body.addWidget(self._lists, 1)
        self._menu_panel = Panel(margins=(24, 16, 24, 16), spacing=10)
        self._menu_panel.head(say("cash.drawer.do"))
        self._menu_panel.body.addWidget(self.menu)
        self._menu_panel.body.addStretch(1)
        self._menu_panel.body.addWidget(hint(say("cash.drawer.blind"), wrap=True))
        self._places: dict[Mode, QWidget] = {
            Mode.MENU: self._menu_panel,
            Mode.VOUCHER: self.voucher,
            Mode.OPENING: self.opening,
            Mode.COMPARING: self.comparing,
            Mode.SECOND: self.second,
        }
        self._right = Places()
        self._right.setFixedWidth(RIGHT_WIDTH)
        for widget in self._places.values():
            self._right.addWidget(widget)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.FULL.gap)
        row.addWidget(listed, 1)
        row.addWidget(self._right)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(row)

    def _join(self) -> None:
        self.list.opened.connect(self._open_event)
        self.menu.chosen.connect(self._begin)
        for form in (self.voucher, self.opening, self.comparing):
            form.changed.connect(self._typed)
        self.comparing.slips.opened.connect(self._open_slip)
        self.second.confirmed.connect(lambda who: self._take_out(confirmed_by=who))
        self.second.alone.connect(lambda reason: self._take_out(alone_reason=reason))

    # --- What the window asks --------------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("cash.drawer.title")

    def first_focus(self) -> QWidget | None:
        """Return what is to be typed in; the list while nothing is begun."""
        if self.mode is Mode.SECOND:
            return self.second.first_focus()
        return self.list if self.mode is Mode.MENU else None

    def activated(self) -> None:
        """Read anew."""
        self._show()

    def left(self) -> None:
        """Take back a question that nobody answered: a PIN is not asked behind a back."""
        if self.mode is Mode.SECOND:
            self._go(Mode.VOUCHER)

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Read anew."""
        self._show()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Begin something at once: subject `begin` is `put_in`, `take_out`, `open`, `compare`."""
        if subject.get("begin"):
            self._begin(subject["begin"])

    def on_digit(self, digit: int) -> bool:
        """Let a digit choose."""
        takers = {
            Mode.MENU: self.menu.take_digit,
            Mode.VOUCHER: self.voucher.take_digit,
            Mode.OPENING: self.opening.reasons.take_digit,
            Mode.COMPARING: self.comparing.places.take_digit,
            Mode.SECOND: self.second.take_digit,
        }
        return takers[self.mode](digit)

    def on_escape(self) -> bool:
        """Go one step back."""
        if self.mode is Mode.MENU:
            return False
        self._go(Mode.VOUCHER if self.mode is Mode.SECOND else Mode.MENU)
        return True

    def on_compact(self, is_compact: bool) -> None:
        """Use lower rows in a low window."""
        self.list.set_compact(compact=is_compact)
        for button in self.menu.buttons:
            button.set_height(MENU_HEIGHT_LOW if is_compact else MENU_HEIGHT)

    def under_way(self) -> str:
        """Return what would be left half done."""
        return self.say("cash.drawer.under_way") if self.draft() is not None else ""

    def draft(self) -> Draft | None:
        """Return a voucher as far as it was typed."""
        if self.mode not in (Mode.VOUCHER, Mode.SECOND) or not self.voucher.is_touched:
            return None
        return {"voucher": self.voucher.written()}

    def resume(self, draft: Draft) -> str:
        """Take up a voucher that was cut off."""
        written = draft.get("voucher")
        if not isinstance(written, dict):
            return ""
        self.voucher.take({str(key): str(value) for key, value in written.items()})
        self._go(Mode.VOUCHER)
        return self.say("cash.drawer.resumed")

    # --- Actions ---------------------------------------------------------------------------------

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        say = self.say
        if self.mode is Mode.MENU:
            has_shift = bool(self.counter.desk.now().shift)
            rest = (
                Action(say("cash.day.reading"), "Ctrl+P", self._print_reading, icon="printer"),
                Action(say("cash.figure.title"), "F11", self._open_figures, icon="list"),
                Action(say("cash.day.hand_over"), "Ctrl+H", self._hand_over, icon="swap"),
            )
            return rest if has_shift else ()
        back = Action(say("cash.drawer.back"), "Esc", self._back)
        if self.mode is Mode.SECOND:
            return (back,)  # her panel has its own buttons
        missing = self._what_is_missing()
        words, run = {
            Mode.VOUCHER: (self.voucher.primary_words, self._do_voucher),
            Mode.OPENING: (lambda: say("cash.drawer.open"), self._do_open),
            Mode.COMPARING: (self.comparing.primary_words, self._do_compare),
        }[self.mode]
        primary = Action(words(), "Enter", run, "primary", is_enabled=not missing, reason=missing)
        return (back, primary)

    def _what_is_missing(self) -> str:
        if self.mode is Mode.OPENING:
            return self.opening.what_is_missing()
        if not self.counter.desk.now().shift:
            return self.say("cash.drawer.shift_first")
        form = self.voucher if self.mode is Mode.VOUCHER else self.comparing
        return form.what_is_missing()

    def _back(self) -> None:
        self.on_escape()

    def _begin(self, what: str) -> None:
        if what in (PUT_IN, TAKE_OUT):
            self.voucher.begin(what)
            self._go(Mode.VOUCHER)
        elif what == OPEN:
            self.opening.begin()
            self._go(Mode.OPENING)
        else:
            self.comparing.begin()
            self._go(Mode.COMPARING)

    def _go(self, mode: Mode) -> None:
        self.mode = mode
        self._right.setCurrentWidget(self._places[mode])
        self.list.set_owns_enter(owns=mode is Mode.MENU)
        if mode is Mode.MENU:
            self.menu.set_value("")
            self.keep_draft()
        (self.first_focus() or self).setFocus()
        self.touch_actions()

    def _typed(self) -> None:
        self.touch_actions()
        self.touch_draft()

    # --- Doing -----------------------------------------------------------------------------------

    def _do_voucher(self) -> None:
        self._take_out()

    def _take_out(self, *, confirmed_by: str = "", alone_reason: str = "") -> None:
        command = self.voucher.command(confirmed_by=confirmed_by, alone_reason=alone_reason)
        key = f"cash.drawer.{self.voucher.way}_done"
        amount = say_yuan(command.amount_fen)

        def done(outcome: Done) -> None:
            self.voucher.begin(self.voucher.way)
            self._go(Mode.MENU)
            self._show()
            self.tell_done(self.say(key, amount=amount), outcome, sound="money")

        self.perform(command, done=done, refused=self._voucher_refused)

    def _voucher_refused(self, refusal: Refusal) -> None:
        if refusal.reason in ASKS:
            self._ask_second(refusal)
            return
        if self.mode is Mode.SECOND:
            self._go(Mode.VOUCHER)
        on_words = refusal.reason in ("cash.PETTY_WORDS_MISSING", "cash.REMARK_TOO_LONG")
        field = self.voucher.remark if on_words else self.voucher.amount
        field.say_fault(refusal.text_key, **refusal.slots)
        field.setFocus()

    def _ask_second(self, refusal: Refusal) -> None:
        """Ask beforehand: who else, or why nobody. Whose money it would be is said first."""
        now, command = self.counter.desk.now(), self.voucher.command()
        assert isinstance(command, TakeOut)
        staff, now_books = self.counter.desk.read(lambda c: (self._edges.staff(c), books(c)))
        lent = lent_by_taking(now_books, command, now.device)
        whose = say_whose(self.counter.texts, lent, is_blind=True) if lent.asks else ""
        title = self.say(
            "cash.drawer.second_others" if whose else "cash.drawer.second_limit",
            amount=say_yuan(command.amount_fen),
        )
        people = [
            one
            for one in staff
            if one.identity != now.operator and (now.is_manager or one.is_manager)
        ]
        small = whose or self.say(refusal.text_key, **refusal.slots)
        self.second.ask(title, small, people)
        self._go(Mode.SECOND)

    def _do_open(self) -> None:
        def done(_outcome: Done) -> None:
            self._go(Mode.MENU)
            self._show()
            self.counter.sounds.play("ok")
            self.counter.front.toast(Notice(self.say("cash.drawer.open_done")))

        def refused(refusal: Refusal) -> None:
            self.opening.remark.say_fault(refusal.text_key, **refusal.slots)

        self.perform(self.opening.command(), done=done, refused=refused)

    def _do_compare(self) -> None:
        command, now = self.comparing.command(), self.counter.desk.now()
        if not self.comparing.is_compared:
            account = account_of(command.place, now.device)
            expected, slips = self.counter.desk.read(
                lambda c: (
                    balance(c, account),
                    place_slips(c, command.place, now.shift, now.day),
                )
            )
            self.comparing.show_difference(command.shown_fen - expected, slips)
            return

        def done(outcome: Done) -> None:
            self._go(Mode.MENU)
            self._show()
            self.tell_done(self.say("cash.comparing.done"), outcome)

        def refused(refusal: Refusal) -> None:
            self.comparing.shown.say_fault(refusal.text_key, **refusal.slots)

        self.perform(command, done=done, refused=refused)

    # --- The list --------------------------------------------------------------------------------

    def _show(self) -> None:
        now = self.counter.desk.now()
        read, words = self.counter.desk.read, self._edges.act_words
        events = read(lambda c: drawer_events(c, now.device, now.shift))
        said = read(lambda c: {e.act: words(c, e.stream, e.act) for e in events})
        self._events = {f"{e.stream} {e.act}": e for e in events}
        self.list.show_rows([self._row(key, e, said[e.act]) for key, e in self._events.items()])
        self._lists.setCurrentWidget(self.list if events else self._none)
        self._how.setVisible(bool(events))
        if events and not self.list.current():
            self.list.choose(next(iter(self._events)))
        self.list.set_owns_enter(owns=self.mode is Mode.MENU)
        self._show_menu(has_shift=bool(now.shift))
        self.touch_actions()

    def _show_menu(self, *, has_shift: bool) -> None:
        say = self.say
        reason = "" if has_shift else say("cash.drawer.shift_first")
        rows = (
            (PUT_IN, "intake", has_shift),
            (TAKE_OUT, "outtake", has_shift),
            (OPEN, "unlock", True),
            (COMPARE, "phone", has_shift),
        )
        self.menu.show_choices(
            [
                Choice(
                    what,
                    say(f"cash.drawer.{what}"),
                    icon=icon,
                    is_possible=possible,
                    reason="" if possible else reason,
                )
                for what, icon, possible in rows
            ]
        )

    def _row(self, key: str, event: DrawerEvent, said: str) -> Row:
        state = Pill(self.say("cash.drawer.undone"), "plain") if event.is_undone else None
        amount = say_yuan(event.amount_fen) if event.amount_fen else ""
        if event.kind == "shift.opened":
            amount = ""
        return Row(
            key,
            (
                Text(local_time(event.at), theme.HINT, ink="ink2"),
                Icon(ICONS.get(event.kind, "cash"), "", "ink2"),
                Text(
                    self._words(event, said),
                    small=event.remark,
                    ink="placeholder" if event.is_undone else "ink",
                ),
                Text(amount, bold=True),
                state,
            ),
        )

    def _words(self, event: DrawerEvent, said: str) -> str:
        say = self.say
        if event.kind == "cash.put_in":
            return say("cash.drawer.was_put_in", reason=say(f"cash.in_reason.{event.reason}"))
        if event.kind == "cash.taken_out":
            return say("cash.drawer.was_taken_out", reason=say(f"cash.out_reason.{event.reason}"))
        if event.kind == "drawer.opened":
            return say("cash.drawer.was_opened", reason=say(f"cash.drawer_reason.{event.reason}"))
        key = f"overview.kind.{event.kind}"
        return said or (say(key) if self.counter.texts.has(key) else event.kind)

    def _open_event(self, key: str) -> None:
        stream, _, act = key.rpartition(" ")
        if self._edges.acts_page:
            self.counter.front.open_page(self._edges.acts_page, {"act": act, "stream": stream})

    def _open_slip(self, key: str) -> None:
        self._open_event(key)

    # --- The rest --------------------------------------------------------------------------------

    def _open_figures(self) -> None:
        self.counter.front.open_page("cash.figure", {"shift": self.counter.desk.now().shift})

    def _hand_over(self) -> None:
        self.counter.front.open_page("cash.day", {"begin": "hand_over"})

    def _print_reading(self) -> None:
        print_reading(self.counter, self._papers, self._edges)
