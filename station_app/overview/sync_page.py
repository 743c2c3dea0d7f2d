"""The sending page: what waits, when it last went, what came of the last tries, one key to try.

It only looks at a `Standing`. It is calm on purpose: a station may be offline for months, and
every verb of the counter works all that time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.journal.log import Connection
from station_app.journal.projection import StateChange
from station_app.overview.case_list import count_cases
from station_app.overview.moments import size, when
from station_app.overview.pieces import QuietEmpty, Seal, WholeRows, empty
from station_app.overview.sync_view import Standing, SyncView
from station_app.overview.sync_words import (
    ATTEMPTS_SHOWN,
    ICONS_OF_GROUPS,
    attempt_line,
    headline,
    note_lines,
    pc_line,
    receipt_words,
    waiting_words,
)
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Bar, Column, Icon, Row, Text
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.tones import INKS
from station_app.shell.widgets.words import IconLabel, Words, hint, rule, strong
from station_app.sync.progress import BUSY

TICK_MS = 1_000  # the countdown to the next try
ROW_HEIGHT, RECENT_HEIGHT = 51, 36
ROW_HEIGHTS = {5: 44, 6: 41}  # five sorts and more: lower rows, all in sight
SEAL, SEAL_COMPACT = 96, 56
HEAD_MARGINS, HEAD_MARGINS_COMPACT = (24, 18, 24, 18), (18, 8, 18, 8)
WAITING_COLUMNS = (
    Column("icon", 52),
    Column("group", 148),
    Column("share"),
    Column("count", 100, "right"),
    Column("oldest", 170, "right"),
    Column("size", 92, "right"),
)
NOTES_FROM = 2  # the digit of the first note; 1 is for the cases
NOTE_HEIGHT, NOTES_MAX, PCS_MAX = 44, 3, 2  # more of them scroll
NOTE_COLUMNS = (Column("icon", 52), Column("words"), Column("look", 56, "right"))
PC_COLUMNS = (Column("icon", 52), Column("pc", 170), Column("heard"), Column("held", 150, "right"))
RECENT_COLUMNS = (Column("when", 132), Column("icon", 40), Column("words"))


@dataclass(frozen=True, slots=True)
class CasesEntry:
    """Where open cases are dealt with, how many there are, and what the first is about."""

    page: str
    count: Callable[[Connection], int] = count_cases
    first: Callable[[Connection], str] = lambda _connection: ""


class SyncPage(Page):
    """Shows how things stand between this PC and the county.

    now: UTC ms; cases: the page that a click on the case card opens, and how many wait there.
    """

    def __init__(  # noqa: PLR0913 - what it shows, and the pages that it opens
        self,
        counter: Counter,
        key: str,
        *,
        sync: SyncView,
        now: Callable[[], int],
        cases: CasesEntry,
        lists: str = "",
        county_phone: Callable[[], str] = lambda: "",
    ) -> None:
        """Make the page; it follows `sync` from now on. lists: the page of what a figure counts.

        county_phone: whom to ring about what does not agree, "" where it is not known.
        """
        super().__init__(counter, key)
        self._sync = sync
        self._now = now
        self._entry = cases
        self._lists = lists
        self._county_phone = county_phone
        self._shown: Standing | None = None
        self._is_low = False
        self._build()
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._tick_on)
        self._stick_shown = sync.stick()
        sync.listen(self._changed)

    # --- What it is made of ----------------------------------------------------------------------

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.FULL.gap)
        column.addWidget(self._build_headline())
        self._column = column
        self._row = row = QHBoxLayout()
        row.setSpacing(theme.FULL.gap)
        row.addWidget(self._build_waiting(), 65)
        row.addLayout(self._build_right(), 35)
        column.addLayout(row, 1)

    def _build_headline(self) -> QWidget:
        panel = Panel(margins=HEAD_MARGINS, spacing=20, horizontal=True)
        self._head = panel
        self._seal = Seal("sync", "notice", SEAL)
        self._words = Words("", theme.HEADING, bold=True).elided()
        self._small = Words("", theme.BODY, ink="ink2").elided()
        lines = QVBoxLayout()
        lines.setSpacing(4)
        lines.addStretch(1)
        lines.addWidget(self._words)
        lines.addWidget(self._small)
        lines.addStretch(1)
        panel.body.addWidget(self._seal)
        panel.body.addLayout(lines, 1)
        return panel

    def _build_waiting(self) -> QWidget:
        panel = Panel(margins=(1, 14, 1, 8), spacing=0)
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 16, 10)
        self._total = hint()
        head.addWidget(strong(self.say("overview.sync.waiting")))
        head.addStretch(1)
        head.addWidget(self._total)
        name = self.say("overview.sync.waiting")
        self._waiting = ListTable(WAITING_COLUMNS, name=name, row_height=ROW_HEIGHT)
        self._waiting.opened.connect(lambda group: self._open_list(f"waiting {group}"))
        self._waiting.clicked.connect(
            lambda _index: self._open_list(f"waiting {self._waiting.current()}")
        )
        self._nothing = QuietEmpty(
            "ok",
            self.say("overview.sync.waiting_none"),
            self.say("overview.sync.waiting_none_hint"),
        )
        panel.body.addLayout(head)
        panel.body.addWidget(rule())
        self._waiting_room = WholeRows(self._waiting)
        panel.body.addWidget(self._waiting_room, 1)
        panel.body.addWidget(self._nothing, 1)
        panel.body.addWidget(rule())
        panel.body.addLayout(self._build_receipt())
        return panel

    def _build_receipt(self) -> QVBoxLayout:
        """Return the foot of the panel: what the county holds by which receipt, and the stick."""
        self._receipt_icon = IconLabel("ok", "pressed")
        self._held = Words("", theme.BODY, bold=True)
        self._receipt = hint()
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 16, 0)
        row.setSpacing(12)
        row.addWidget(self._receipt_icon)
        row.addWidget(self._held)
        row.addStretch(1)
        row.addWidget(self._receipt)
        self._pcs = ListTable(
            PC_COLUMNS, name=self.say("overview.sync.pcs"), row_height=RECENT_HEIGHT
        )
        self._stick_words = Words("", theme.BODY, ink="ink2").elided()
        self._stick_row = QWidget()
        below = QHBoxLayout(self._stick_row)
        below.setContentsMargins(16, 6, 16, 0)
        below.setSpacing(12)
        below.addWidget(IconLabel("usb", "ink2"))
        below.addWidget(self._stick_words, 1)
        foot = QVBoxLayout()
        foot.setSpacing(0)
        foot.addLayout(row)
        foot.addWidget(self._stick_row)
        foot.addWidget(self._pcs)
        return foot

    def _build_right(self) -> QVBoxLayout:
        self._right = column = QVBoxLayout()
        column.setSpacing(theme.FULL.gap)
        self._cases = Panel("stop", margins=(20, 12, 20, 12), spacing=6)
        self._notes_panel = Panel(margins=(1, 6, 1, 6), spacing=0)
        self._notes = ListTable(
            NOTE_COLUMNS, name=self.say("overview.sync.notes"), row_height=NOTE_HEIGHT
        )
        self._notes.opened.connect(self._open_list)
        self._notes.clicked.connect(lambda _index: self._open_list(self._notes.current()))
        self._notes_panel.body.addWidget(self._notes)
        recent = Panel(margins=(1, 14, 1, 8), spacing=4)
        heading = strong(self.say("overview.sync.recent"))
        heading.setContentsMargins(16, 0, 16, 0)
        self._recent = ListTable(
            RECENT_COLUMNS, name=self.say("overview.sync.recent"), row_height=RECENT_HEIGHT
        )
        recent.body.addWidget(heading)
        room = WholeRows(self._recent)
        room.setMinimumHeight(RECENT_HEIGHT)
        recent.body.addWidget(room, 1)
        column.addWidget(self._cases)
        column.addWidget(self._notes_panel)
        column.addWidget(recent, 1)
        return column

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("overview.sync.title")

    def action_bar(self) -> Sequence[Action]:
        """Offer to try now, and the stick: what is likely next has Ctrl+U."""
        is_busy = self._sync.standing().line == BUSY
        retry = Action(
            self.say("overview.sync.retry"),
            "Enter",
            self.try_now,
            kind="primary",
            icon="sync",
            is_enabled=not is_busy,
            reason=self.say("overview.sync.retry_busy") if is_busy else "",
        )
        sign = self._sync.stick()
        out = Action(
            self.say("overview.sync.stick_out"),
            "F10" if sign.has_answer else "Ctrl+U",
            self.write_stick,
            icon="usb",
        )
        back = Action(
            self.say("overview.sync.stick_in"),
            "Ctrl+U" if sign.has_answer else "F10",
            self.take_stick,
            icon="download",
        )
        return (out, back, retry)

    # --- What happens ----------------------------------------------------------------------------

    def activated(self) -> None:
        """Look anew, and count down while somebody looks."""
        self._stick_words.setText("")
        self._show()
        self._sync.look_for_stick()
        self._tick.start()

    def left(self) -> None:
        """Stop counting down."""
        self._tick.stop()
        self.counter.front.show_note("")

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """What was done just now waits, too."""
        self._changed()

    def on_compact(self, is_compact: bool) -> None:
        """Become lower in a low window."""
        self._is_low = is_compact
        self._fit_all()
        gap = theme.COMPACT.gap if is_compact else theme.FULL.gap
        for box in (self._column, self._row, self._right):
            box.setSpacing(gap)

    def try_now(self) -> None:
        """Ask for a try at once; the counter goes on meanwhile."""
        self.counter.front.show_note(self.say("overview.sync.retry_asked"))
        self._sync.try_now()

    def write_stick(self) -> None:
        """Write what waits to the stick; the counter goes on meanwhile."""
        self._ask_stick(self._sync.write_stick, "overview.sync.stick_writing")

    def take_stick(self) -> None:
        """Take the county's answer from the stick; the counter goes on meanwhile."""
        self._ask_stick(self._sync.take_stick, "overview.sync.stick_taking")

    def _ask_stick(self, ask: Callable[[Callable[[str, bool], None]], None], asked: str) -> None:
        self._stick_words.setText(self.say(asked))
        self._stick_row.show()
        self.counter.front.show_note("")
        self._stick_words.set_ink("ink2")
        ask(self._stick_ended)

    def _stick_ended(self, words: str, is_done: bool) -> None:
        self._stick_words.setText(words)
        self._stick_row.show()
        self._stick_words.set_ink("pressed" if is_done else "warn")
        self.counter.sounds.play("ok" if is_done else "warn")
        self.counter.front.toast(Notice(words, "ok" if is_done else "warn"))

    def _tick_on(self) -> None:
        self._show_headline()
        self._sync.look_for_stick()

    def _changed(self) -> None:
        if self.isVisible():
            self._show()

    # --- Showing ---------------------------------------------------------------------------------

    def _show(self) -> None:
        self._show_headline()
        standing = self._sync.standing()
        if standing != self._shown:
            self._shown = standing
            self._show_waiting(standing)
            self._show_receipt(standing)
            self._show_recent(standing)
            self._show_pcs(standing)
            self._show_notes(standing)
            self.touch_actions()
        self._show_stick()
        self._show_cases(
            self.counter.desk.read(self._entry.count), self.counter.desk.read(self._entry.first)
        )

    def _show_headline(self) -> None:
        head = headline(self.counter.texts, self._sync.standing(), self._now())
        self._seal.show_mark(head.icon, head.tone)
        self._words.setText(head.words)
        self._small.setText(head.small)
        self.setAccessibleName(f"{head.words} {head.small}")

    def _show_waiting(self, standing: Standing) -> None:
        whole = max(1, standing.facts_waiting)
        total = size(standing.bytes_waiting)
        self._total.setText(self.say("overview.sync.total", count=whole, size=total))
        self._total.setVisible(bool(standing.waiting))
        self._waiting_room.setVisible(bool(standing.waiting))
        self._nothing.setVisible(not standing.waiting)
        rows = []
        sorts = min(len(standing.waiting), max(ROW_HEIGHTS))
        self._waiting.set_row_height(ROW_HEIGHTS.get(sorts, ROW_HEIGHT))
        for group in standing.waiting:
            name, count, oldest, weight = waiting_words(self.counter.texts, group, self._now())
            cells = (
                Icon(ICONS_OF_GROUPS[group.group], name, "ink2"),
                Text(name, bold=True),
                Bar(group.facts * 1000 // whole),
                Text(count, theme.STRONG, bold=True),
                Text(oldest, theme.HINT, ink="ink2"),
                Text(weight, theme.HINT, ink="ink2"),
            )
            rows.append(Row(group.group, cells))
        self._waiting.show_rows(rows)

    def _show_stick(self) -> None:
        """Say which stick was seen, when that is new: a sentence about it stays until then."""
        sign = self._sync.stick()
        if sign == self._stick_shown and self._stick_words.text():
            return
        self._stick_shown = sign
        key = "answer" if sign.has_answer else "there" if sign.is_there else "none"
        words = self.say(f"overview.sync.stick_{key}")
        self._stick_words.setText(words)
        self._stick_row.hide()  # it stands beside the keys; here stands what came of one
        self.counter.front.show_note(words)
        self.touch_actions()

    def _show_receipt(self, standing: Standing) -> None:
        held, receipt = receipt_words(self.counter.texts, standing, self._now())
        has_receipt = standing.receipt is not None
        self._receipt_icon.show_icon("ok" if has_receipt else "waiting", "pressed")
        self._held.setText(held)
        self._receipt.setText(receipt)

    def _show_recent(self, standing: Standing) -> None:
        rows = []
        for attempt in standing.attempts[:ATTEMPTS_SHOWN]:
            line = attempt_line(self.counter.texts, attempt)
            moment = when(self.counter.texts, attempt.at, self._now())
            cells = (
                Text(moment, theme.HINT, ink="ink2"),
                Icon(line.icon, line.words, INKS[line.tone]),
                Text(line.words, theme.HINT),
            )
            rows.append(Row(str(attempt.at), cells))
        if not rows:
            words = Text(self.say("overview.sync.recent_none"), theme.HINT, ink="ink2")
            rows.append(Row("", (words, None, None)))
        self._recent.show_rows(rows)

    def _show_pcs(self, standing: Standing) -> None:
        """Say of each PC of the station when the county last heard it.

        Of one alone nothing, unless its key speaks no more.
        """
        is_said = len(standing.pcs) > 1 or any(pc.is_renewed_elsewhere for pc in standing.pcs)
        pcs = standing.pcs if is_said else ()
        rows = []
        for pc in pcs:
            line = pc_line(self.counter.texts, pc, self._now())
            cells = (
                Icon(line.icon, line.heard, INKS[line.tone]),
                Text(line.name, theme.HINT, bold=True),
                Text(line.heard, theme.HINT, ink="ink2"),
                Text(line.held, theme.HINT, ink="ink2"),
            )
            rows.append(Row(pc.device, cells))
        self._pcs.show_rows(rows)
        self._pcs.setVisible(bool(rows))

    def _show_notes(self, standing: Standing) -> None:
        """Name what wants a look; each opens what it counts, and stops nothing else."""
        rows: list[Row] = []
        for note in note_lines(self.counter.texts, standing, self._now()):
            cells = (
                Icon(note.line.icon, note.line.words, INKS[note.line.tone]),
                Text(note.line.words, theme.HINT, bold=True),
                Text(str(len(rows) + NOTES_FROM), theme.HINT, ink="ink2"),
            )
            rows.append(Row(note.what, cells))
        self._notes.show_rows(rows)
        self._fit_all()
        self._notes_panel.setVisible(bool(rows))

    def _fit_all(self) -> None:
        """Give room to what wants a look: the headline is lower then."""
        notes = len(self._notes.rows_model.rows)
        is_small = self._is_low or notes > 1
        self._seal.set_side(SEAL_COMPACT if is_small else SEAL)
        margins = HEAD_MARGINS_COMPACT if is_small else HEAD_MARGINS
        self._head.body.setContentsMargins(*margins)
        self._fit(self._pcs, len(self._pcs.rows_model.rows))
        self._fit(self._notes, notes)

    def _fit(self, table: ListTable, rows: int) -> None:
        """Give a short list the height of its rows, of a few; more of them scroll."""
        table.set_compact(compact=self._is_low)  # the window tells its lists after its pages
        most = PCS_MAX if table is self._pcs else NOTES_MAX - self._is_low
        height = table.rowHeight(0) if rows else 0
        table.setFixedHeight(height * min(rows, most))

    def _open_list(self, what: str) -> None:
        if self._lists and what.strip():
            self.counter.front.open_page(self._lists, {"what": what})

    def _show_cases(self, count: int, first: str) -> None:
        empty(self._cases.body)
        self._cases.setVisible(bool(count))
        if not count:
            return
        words = self.say("overview.sync.cases", count=count)
        head = _headed("stop", "stop", words)
        button = KeyButton(self.say("overview.sync.to_cases"), "1", height=theme.WORD_HEIGHT)
        button.clicked.connect(lambda _checked: self._open_cases())
        head.addWidget(button)
        self._cases.body.addLayout(head)
        is_told = first and not self.counter.privacy.is_masked
        line = first if is_told else self.say("overview.sync.cases_line")
        self._cases.body.addWidget(hint(line, ink="ink").elided())
        phone = self._county_phone()
        if phone and not self._notes.rows_model.rows:  # else there is no room for it
            ring = self.say("overview.sync.ring_county", phone=phone)
            self._cases.body.addWidget(hint(ring).elided())

    def _open_cases(self) -> None:
        self.counter.front.open_page(self._entry.page)

    def on_digit(self, digit: int) -> bool:
        """1 opens the cases, when there are any; the next ones what else wants a look."""
        notes = self._notes.rows_model.rows
        if digit == 1 and not self._cases.isHidden():
            self._open_cases()
        elif 0 <= digit - NOTES_FROM < len(notes):
            self._open_list(notes[digit - NOTES_FROM].subject)
        else:
            return False
        return True


def _headed(icon: str, ink: str, words: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(10)
    row.addWidget(IconLabel(icon, ink))
    row.addWidget(Words(words, theme.STRONG, bold=True, ink=ink).elided(), 1)
    return row
