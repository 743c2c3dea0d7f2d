"""Notices (通知): whom to tell that a parcel is here, by message, phone, loudspeaker or note.

One key asks for messages to all who may get one; they leave when there is a line. Meanwhile the
list is worked by phone, whoever waits longest first: said, no answer, told by somebody, not wanted.
Whom a message has reached falls out of the list by itself, also when that is known a day later.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from station_app.journal.projection import StateChange
from station_app.printing.document import Receipt
from station_app.printing.raster import Raster
from station_app.services.parcels.commands import QueueMessages, ReturnParcels, TellReceiver
from station_app.services.parcels.message_records import (
    REACHED,
    STANDINGS,
    WAITS,
    Waiter,
    to_message,
    to_remind,
    waiters,
    way_of,
)
from station_app.services.parcels.outfit import Outfit
from station_app.services.parcels.pages.handover_parts import ReturnPanel
from station_app.services.parcels.pages.notices_parts import (
    BoardPanel,
    Figures,
    LoudspeakerPanel,
    OutcomeRow,
    columns,
    figures_of,
    row_of,
)
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done, Paper
from station_app.shell.page import Action, Page
from station_app.shell.widgets.panels import EmptyState, Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import hint, rule, strong

BY_NOTHING = "none"  # the county has no gateway


class NoticesPage(Page):
    """Lists whoever is to be told, and writes down how she was."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page."""
        super().__init__(counter, key)
        self._outfit = outfit
        self._found: list[Waiter] = []
        self._listed: list[Waiter] = []
        self._way = BY_NOTHING
        self._reason = ""
        self._board: Paper | None = None
        self._lay_out()
        counter.privacy.listen(self._show)
        self._load()

    def _lay_out(self) -> None:
        self._empty = EmptyState(
            "ok", self.say("parcels.notices.empty"), self.say("parcels.notices.empty_small")
        )
        self.figures = Figures(self.counter)
        self._panel = Panel(margins=(1, 8, 1, 4), spacing=0)
        self._title, self._aside = strong(), hint()
        self.outcomes = OutcomeRow(self.counter)
        self.outcomes.not_reached.clicked.connect(self._not_reached)
        self.outcomes.note.clicked.connect(self._by_note)
        self.outcomes.refused.clicked.connect(self._ask_return)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 14, 6)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._aside)
        head.addSpacing(theme.FULL.gap)
        head.addWidget(self.outcomes)
        self._panel.body.addLayout(head)
        self._panel.body.addWidget(rule())
        self.table = ListTable(columns(), name=self.say("parcels.notices.list_name"), row_height=56)
        self.table.current_changed.connect(lambda _subject: self._show())
        self._panel.body.addWidget(self.table, 1)
        self.loudspeaker = LoudspeakerPanel(self.counter)
        self.loudspeaker.called.clicked.connect(self._called)
        self.loudspeaker.read.clicked.connect(self._read_out)
        self.board = BoardPanel(self.counter)
        self.board.print.clicked.connect(self._print_board)
        self.back = ReturnPanel(self.counter)
        self.back.reason_chosen.connect(self._choose_reason)
        self.back.hide()
        self._left = QVBoxLayout()
        self._left.addWidget(self._empty, 1)
        self._left.addWidget(self._panel, 1)
        self._left.addWidget(self.loudspeaker)
        self._columns = QHBoxLayout()
        self._columns.addLayout(self._left, 1)
        self._columns.addWidget(self.board)
        self._columns.addWidget(self.back)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.figures)
        self._column.addLayout(self._columns, 1)
        self._space(theme.FULL.gap)

    def _space(self, gap: int) -> None:
        for layout in (self._left, self._columns, self._column):
            layout.setSpacing(gap)

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("parcels.tab.notices")

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        if not self.back.isHidden():
            return self._actions_of_return()
        actions = [] if self._way == BY_NOTHING else self._actions_of_messages()
        if self._current() is not None:
            actions += [
                Action(self.say("parcels.overdue.take"), "Ctrl+G", self._hand_over),
                Action(self.say("parcels.notices.reached"), "Enter", self._reached, kind="primary"),
            ]
        return actions

    def _actions_of_messages(self) -> list[Action]:
        today = self._today()
        fresh, late = to_message(self._found, today), to_remind(self._found, today)
        actions = []
        if fresh:
            words = self.say(f"parcels.notices.{self._way}", count=len(fresh))
            ask = partial(self._message, fresh, "arrived")
            actions.append(Action(words, "Ctrl+T", ask, icon="message"))
        if late:
            words = self.say("parcels.notices.remind", count=len(late))
            actions.append(Action(words, "F11", partial(self._message, late, "again"), icon="bell"))
        return actions

    def _actions_of_return(self) -> list[Action]:
        current = self._current()
        count = len(current.rows) if current else 0
        return [
            Action(self.say("parcels.handover.keep"), "Esc", self._leave_return),
            Action(
                self.say("parcels.handover.back_primary", count=count),
                "Enter",
                self._return,
                kind="primary",
                is_enabled=bool(count and self._reason),
                reason="" if self._reason else self.say("parcels.handover.missing.reason"),
            ),
        ]

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Look at the shelves as they are now."""
        self._load()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Look again after an act, here or by what the county answered."""
        kinds = {change.kind.name for change in changes}
        if not changes or kinds & {"parcel", "person", "message", "setting"}:
            self._load()

    def on_escape(self) -> bool:
        """Leave the question about returning."""
        if self.back.isHidden():
            return False
        self._leave_return()
        return True

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._space(theme.COMPACT.gap if is_compact else theme.FULL.gap)
        self.figures.set_compact(compact=is_compact)
        self.board.set_compact(compact=is_compact)

    # --- Showing ---------------------------------------------------------------------------------

    def _today(self) -> str:
        return self.counter.desk.now().day

    def _load(self) -> None:
        now, notices = self.counter.desk.now(), self._outfit.notices

        def load(connection: Any) -> tuple[list[Waiter], str, Paper | None, str]:
            return (
                waiters(connection, self._outfit.gatherer),
                notices.spoken(connection, now),
                notices.paper(connection, "board", now),
                way_of(connection, now),
            )

        self._found, spoken, self._board, self._way = self.counter.desk.read(load)
        waiting = [w for w in self._found if w.standing(now.day) != REACHED]
        self._listed = sorted(waiting, key=lambda w: STANDINGS.index(w.standing(now.day)))
        self.loudspeaker.show_words(spoken)
        self.board.show_raster(self._raster())
        self.figures.show_figures(figures_of(self._found, now.day))
        self._show()

    def _raster(self) -> Raster | None:
        document = self._board.document if self._board else None
        return self._outfit.preview(document) if isinstance(document, Receipt) else None

    def _show(self) -> None:
        today, is_empty = self._today(), not self._listed
        self._empty.setVisible(is_empty)
        self._panel.setVisible(not is_empty)
        is_asking = not self.back.isHidden()
        self.board.setVisible(not is_asking)
        self.outcomes.setVisible(not is_asking)
        current = self.table.current()
        if not any(w.subject == current for w in self._listed):
            current = self._listed[0].subject if self._listed else ""
        blocked = QSignalBlocker(self.table)
        self.table.show_rows(
            [row_of(w, self.counter, today, is_current=w.subject == current) for w in self._listed]
        )
        if current:
            self.table.choose(current)
        blocked.unblock()
        self._title.setText(self.say("parcels.notices.title", count=len(self._listed)))
        waiting = sum(1 for w in self._listed if w.standing(today) == WAITS)
        self._aside.setText(self.say("parcels.notices.aside", count=waiting) if waiting else "")
        self.touch_actions()

    def _current(self) -> Waiter | None:
        subject = self.table.current()
        return next((w for w in self._listed if w.subject == subject), None)

    # --- Telling ---------------------------------------------------------------------------------

    def _reached(self) -> None:
        self._tell("phone", "reached", "parcels.overdue.told_done")

    def _not_reached(self) -> None:
        self._tell("phone", "no_answer", "parcels.overdue.not_reached_done")

    def _by_note(self) -> None:
        self._tell("note", "reached", "parcels.notices.note_done")

    def _tell(self, way: str, outcome: str, key: str) -> None:
        """Write down for all that she has here how she was told, and go on to the next."""
        current = self._current()
        if current is None or not self.back.isHidden():
            return
        place = [w.subject for w in self._listed].index(current.subject)
        name = self.counter.privacy.name(current.name) or str(current.rows[0].code)

        def done(outcome_: Done) -> None:
            self.tell_done(self.say(key, name=name), outcome_)
            self._load()
            left = [w.subject for w in self._listed]
            after = left.index(current.subject) + 1 if current.subject in left else place
            if left:
                self.table.choose(left[min(after, len(left) - 1)])

        command = TellReceiver(parcels=current.parcels, way=way, outcome=outcome)
        self.perform(command, done=done)

    def _read_out(self) -> None:
        """Let the voice say what stands there, for whoever holds the microphone to it."""
        now = self.counter.desk.now()
        phrase = self.counter.desk.read(lambda c: self._outfit.notices.called(c, now))
        if phrase:
            self.counter.voice.read_out(phrase)

    def _called(self) -> None:
        """Write down that the loudspeaker has called all who have no phone to be rung."""
        deaf = [w for w in self._listed if not w.phone]
        parcels = tuple(parcel for w in deaf for parcel in w.parcels)
        if not parcels:
            self.counter.front.toast(Notice(self.say("parcels.notices.called_nobody"), "notice"))
            return

        def done(outcome: Done) -> None:
            self.tell_done(self.say("parcels.notices.called_done", count=len(deaf)), outcome)
            self._load()

        self.perform(TellReceiver(parcels=parcels, way="loudspeaker"), done=done)

    def _message(self, to: Sequence[Waiter], purpose: str) -> None:
        parcels = tuple(parcel for w in to for parcel in w.parcels)

        def done(outcome: Done) -> None:
            self.tell_done(self.say("parcels.notices.queued_done", count=len(to)), outcome)
            self._load()

        command = QueueMessages(parcels=parcels, purpose=purpose, way=self._way)
        self.perform(command, done=done)

    def _hand_over(self) -> None:
        current = self._current()
        if current is not None:
            self.counter.front.open_page("parcels.handover", {"parcel": current.parcels[0]})

    # --- Not wanted ------------------------------------------------------------------------------

    def _ask_return(self) -> None:
        current = self._current()
        if current is None:
            return
        self._reason = "refused"
        self.back.ask([str(row.code) for row in current.rows], self._reason)
        self.back.show()
        self._show()
        self.setFocus()

    def _choose_reason(self, reason: str) -> None:
        self._reason = reason
        self.touch_actions()

    def _leave_return(self) -> None:
        self.back.hide()
        self._show()

    def _return(self) -> None:
        current = self._current()
        if current is None:
            return

        def done(outcome: Done) -> None:
            count = len(current.parcels)
            self.tell_done(self.say("parcels.handover.back_done", count=count), outcome)
            self.back.hide()
            self._load()

        self.perform(ReturnParcels(parcels=current.parcels, reason=self._reason), done=done)

    # --- The board -------------------------------------------------------------------------------

    def _print_board(self) -> None:
        self._load()  # as it is now: somebody may have fetched hers meanwhile
        if self._board is not None:
            self._outfit.put_up(self._board)
            self.counter.front.toast(Notice(self.say("parcels.lists.board_done"), "notice"))
