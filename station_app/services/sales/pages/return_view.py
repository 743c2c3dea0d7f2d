"""How the page of returns looks, in each of its states.

slips: which slip it is about; lines: what was on it, what comes back, how it is paid; part: how
much of one line; done: what was given back, until somebody goes on.
"""

from typing import Any, Literal

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.ledger.rounding import GRAM
from station_app.services.cash.commands import tenders_of
from station_app.services.sales import slip_records
from station_app.services.sales.outfit import Outfit
from station_app.services.sales.pages.shown import Shown
from station_app.services.sales.returning import RETURN_REASONS
from station_app.services.sales.returns import Back, Bringing
from station_app.services.sales.slip_records import SlipRow
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.page import Page
from station_app.shell.widgets.cells import Column, Icon, Row, Text, Tick
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.done import DonePanel
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.lending import LendingPanel
from station_app.shell.widgets.panels import Panel, Places
from station_app.shell.widgets.payment import GIVING_WAYS, PaymentPanel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint, rule, strong
from station_app.values.day import say_moment
from station_app.values.money import FULL_WIDTH, say_yuan
from station_app.values.staff import approval
from station_app.values.weight import parse_jin, say_jin, say_kg

Mode = Literal["slips", "lines", "part", "done"]
RIGHT_WIDTH, RIGHT_WIDTH_COMPACT = 480, 470
ROW_HEIGHT = 72
NUMBER_CHARACTERS_MAX = 16
PART_CHARACTERS_MAX = 20
FIRST_WAY = 5
SLIP_COLUMNS = (
    Column("icon", 56),
    Column("what"),
    Column("when", 240),
    Column("sum", 160, "right"),
    Column("cap", 84, "right"),
)
LINE_COLUMNS = (
    Column("tick", 58),
    Column("goods"),
    Column("back", 170, "right"),
    Column("sum", 130, "right"),
)


class ReturnView(Page):
    """The looks of the page."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Lay the page out with no slip open."""
        super().__init__(counter, key)
        self.outfit = outfit
        self.shown = Shown(counter)
        self.mode: Mode = "slips"
        self.bringing = Bringing()
        self.found: tuple[SlipRow, ...] = ()
        self._lay_out()
        counter.privacy.listen(self.show_all)

    def _lay_out(self) -> None:
        self.done = DonePanel()
        self._stack = Places()
        self._slips_panel = self._build_slips()
        self._work = self._build_work()
        for widget in (self._slips_panel, self._work, self.done):
            self._stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def _build_slips(self) -> QWidget:
        say = self.say
        panel = Panel(margins=(1, 14, 1, 8), spacing=8)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 0)
        self.number = TextField(
            self.counter.texts, say("sales.return.number"), limit=NUMBER_CHARACTERS_MAX
        )
        self.number.setFixedWidth(260)
        head.addWidget(self.number)
        head.addSpacing(20)
        head.addWidget(hint(say("sales.return.how"), wrap=True), 1)
        self._heading = strong("")
        self._heading.setContentsMargins(20, 4, 20, 0)
        self.slips = ListTable(SLIP_COLUMNS, name=say("sales.return.slips"), row_height=64)
        self.slips.set_owns_enter(owns=True)
        panel.body.addLayout(head)
        panel.body.addWidget(rule())
        panel.body.addWidget(self._heading)
        panel.body.addWidget(self.slips, 1)
        return panel

    def _build_work(self) -> QWidget:
        say = self.say
        listed = Panel(margins=(1, 12, 1, 0), spacing=6)
        self._title = strong("")
        self._title.setContentsMargins(20, 0, 20, 0)
        self.lines = ListTable(LINE_COLUMNS, name=say("sales.return.lines"), row_height=ROW_HEIGHT)
        self._foot = hint(say("sales.return.foot"))
        self._foot.setContentsMargins(20, 8, 20, 8)
        listed.body.addWidget(self._title)
        listed.body.addWidget(rule())
        listed.body.addWidget(self.lines, 1)
        listed.body.addWidget(rule())
        listed.body.addWidget(self._foot)
        self._right = Places()
        self._right.setFixedWidth(RIGHT_WIDTH)
        self._paying = self._build_paying()
        self._parting = self._build_part()
        self._right.addWidget(self._paying)
        self._right.addWidget(self._parting)
        work = QWidget()
        self._columns = QHBoxLayout(work)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(theme.FULL.gap)
        self._columns.addWidget(listed, 1)
        self._columns.addWidget(self._right)
        return work

    def _build_paying(self) -> Panel:
        say = self.say
        panel = Panel(margins=(22, 12, 22, 12), spacing=8)
        reasons = [Choice(one, say(f"sales.back_reason.{one}")) for one in RETURN_REASONS]
        self.reasons = ChoiceRow(reasons, columns=2, height=theme.INLINE_HEIGHT)
        self._account = Words("", theme.BODY, bold=True, ink="pressed", wrap=True)
        self.money = PaymentPanel(self.counter.texts, ways=GIVING_WAYS, first=FIRST_WAY)
        self.money.stand_tall()
        self.lending = LendingPanel(self.counter.texts)
        panel.body.addWidget(hint(say("sales.return.why")))
        for widget in (self.reasons, rule(), self._account, self.money, self.lending):
            panel.body.addWidget(widget)
        panel.body.addStretch(1)
        return panel

    def _build_part(self) -> Panel:
        panel = Panel("active", margins=(22, 14, 22, 12), spacing=10)
        self._part_title = Words("", theme.TITLE, bold=True, wrap=True)
        self.part = TextField(
            self.counter.texts,
            self.say("sales.return.part"),
            limit=PART_CHARACTERS_MAX,
            chinese=True,
        )
        self._part_means = hint("", wrap=True)
        for widget in (self._part_title, self.part, self._part_means):
            panel.body.addWidget(widget)
        panel.body.addStretch(1)
        return panel

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("sales.tab.return")

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._columns.setSpacing(theme.COMPACT.gap if is_compact else theme.FULL.gap)
        self._right.setFixedWidth(RIGHT_WIDTH_COMPACT if is_compact else RIGHT_WIDTH)
        margins = (16, 6, 16, 6) if is_compact else (22, 12, 22, 12)
        self._paying.body.setContentsMargins(*margins)
        self._paying.body.setSpacing(5 if is_compact else 8)
        self.lines.set_compact(compact=is_compact)
        self.slips.set_compact(compact=is_compact)
        self.money.set_compact(compact=is_compact)

    # --- Showing ---------------------------------------------------------------------------------

    def turn_to(self, mode: Mode) -> None:
        """Show another state."""
        self.mode = mode
        self.show_all()
        if self.isVisible():
            (self.first_focus() or self).setFocus()

    def to_slips(self) -> None:
        """Ask for a slip again."""
        self.bringing = Bringing()
        self.money.clear()
        self.lending.clear()
        self.number.set_text("")
        self.read_slips()
        self.turn_to("slips")
        self.keep_draft()

    def read_slips(self) -> None:
        """Read the slips of a number, or the newest of the day."""
        typed = self.number.text().translate(FULL_WIDTH)
        today = self.counter.desk.now().day

        def read(connection: Any) -> tuple[SlipRow, ...]:
            if not typed:
                return slip_records.newest_slips(connection, today)
            acts = slip_records.acts_of_number(connection, typed)
            rows = [slip_records.slip_row(connection, act) for act in acts]
            return tuple(row for row in rows if row is not None)

        self.found = self.counter.desk.read(read)
        key = "none" if not self.found and typed else "found" if typed else "newest"
        if not self.found and not typed:
            key = "none_today"
        self._heading.setText(self.say(f"sales.return.{key}", count=len(self.found)))
        self.slips.show_rows([self._slip_row(row) for row in self.found], keep=False)
        if self.found:
            self.slips.choose(self.found[0].act)
        self.touch_actions()

    def _slip_row(self, row: SlipRow) -> Row:
        when = say_moment(row.at, row.day, self.counter.desk.now().day)
        return Row(
            row.act,
            (
                Icon("receipt", "", "ink2"),
                Text(
                    self.say("sales.return.slip_of", number=row.number),
                    theme.STRONG,
                    bold=True,
                    small=self.say("sales.held.lines", count=row.lines),
                ),
                Text(when, ink="ink2"),
                Text(say_yuan(row.due_fen), theme.STRONG, bold=True),
                None,
            ),
        )

    def show_all(self) -> None:
        """Show the state as it is now."""
        shown = self._slips_panel if self.mode == "slips" else self._work
        self._stack.setCurrentWidget(self.done if self.mode == "done" else shown)
        if self.mode in ("lines", "part"):
            self._show_lines()
        self._right.setCurrentWidget(self._parting if self.mode == "part" else self._paying)
        if self.mode == "part":
            self.show_part()
        self.touch_actions()

    def _show_lines(self) -> None:
        now = self.bringing
        self._title.setText(self.say("sales.return.slip_of", number=now.number))
        self.lines.show_rows([self._line_row(line) for line in now.lines])
        self.reasons.set_value(now.reason)
        off = now.off_account_fen
        self._account.setText(self.say("sales.return.off_account", amount=say_yuan(off)))
        self._account.setVisible(bool(off))
        has_shift = bool(self.counter.desk.now().shift)
        self.money.show_paying(now.paying, has_shift=has_shift)
        self._show_lending()

    def _show_lending(self) -> None:
        now, place = self.bringing, self.counter.desk.now()
        tenders = tenders_of(now.paying)
        people = self.outfit.people

        def read(connection: Any) -> None:
            lent = slip_records.lent_by_return(connection, now.known, now.command, tenders, place)
            staff = len(people.coworkers(connection))
            self.lending.show_lending(lent, approval(staff, is_manager=place.is_manager))

        self.counter.desk.read(read)

    def _line_row(self, line: Back) -> Row:
        sold = line.sold
        whole = self.amount(line, sold.sale.quantity)
        small = self.say("sales.return.sold", quantity=whole)
        if sold.sale.back_quantity:
            back = self.amount(line, sold.sale.back_quantity)
            small += "·" + self.say("sales.return.back_before", quantity=back)
        is_back = bool(line.quantity)
        quantity = self.amount(line, line.quantity) if is_back else "—"
        into = self.say(f"sales.return.into_{line.into}") if is_back else ""
        return Row(
            line.sale,
            (
                Tick(is_back),
                Text(sold.name, theme.STRONG, bold=True, small=small),
                Text(
                    quantity,
                    theme.STRONG,
                    small=into,
                    small_ink="warn" if line.into == "spoiled" else "ink2",
                ),
                Text(say_yuan(self.bringing.back_of(line)) if is_back else "", bold=True),
            ),
        )

    def amount(self, line: Back, quantity: int) -> str:
        """Return a quantity of a line in words."""
        return self.shown.amount(line.sold.sale.unit, line.word, quantity)

    # --- A part of a line ------------------------------------------------------------------------

    def current_line(self) -> Back | None:
        """Return the line that is worked on."""
        current = self.lines.current()
        return next((line for line in self.bringing.lines if line.sale == current), None)

    def part_quantity(self) -> int | None:
        """Return how much of the current line comes back; None while that is no part of it."""
        line = self.current_line()
        text = self.part.text().translate(FULL_WIDTH).strip()
        if line is None or not text:
            return None
        if line.sold.sale.unit == GRAM:
            quantity = parse_jin(text) or 0
        else:
            bare = text.rstrip(line.word or "个").strip()
            is_number = bare.isascii() and bare.isdigit() and len(bare) < PART_CHARACTERS_MAX
            quantity = int(bare) if is_number else 0
        return quantity if 0 < quantity <= line.sold.left else None

    def show_part(self) -> None:
        """Say what was typed, or what is wrong with it."""
        line = self.current_line()
        if line is None:
            return
        left = self.amount(line, line.sold.left)
        self._part_title.setText(self.say("sales.return.part_of", name=line.sold.name))
        quantity = self.part_quantity()
        text = self.part.text()
        is_gram = line.sold.sale.unit == GRAM
        words = self.say("sales.return.part_left", left=left)
        if quantity is not None and is_gram:
            words = f"{say_jin(quantity)}（{say_kg(quantity)}）"
        self._part_means.setText(words)
        if text and quantity is None and not text.endswith("."):
            self.part.show_fault(self.say("sales.return.part_wrong", left=left))
        else:
            self.part.clear_fault()
        self.touch_actions()
