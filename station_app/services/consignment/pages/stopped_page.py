"""A stopped lot (停售): said aloud, how much still lies here, on which slips the rest was sold.

It is opened from the lots. No buyer is named: a slip is what whoever comes back brings along.
"""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.journal.projection import StateChange
from station_app.ledger.rounding import PIECE
from station_app.services.consignment import records, stopped_records
from station_app.services.consignment.outfit import Outfit
from station_app.services.consignment.stopped_records import Stopped
from station_app.services.consignment.telling import LOTS_PAGE
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Pill, Row, Text
from station_app.shell.widgets.panels import Banner, EmptyState, Panel, Places
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint
from station_app.values.day import say_moment
from station_app.values.spoken import SENTENCES
from station_app.values.weight import say_jin

FIGURES = ("came", "here", "sold", "away", "gone", "untold")
ROW_HEIGHT = 56


class StoppedPage(Page):
    """Shows one stopped lot."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page; `open_with` names the lot."""
        super().__init__(counter, key)
        self._outfit = outfit
        self._lot, self._state = "", None
        say = self.say
        self.list = ListTable(
            (Column("slip"), Column("quantity", 200, "right"), Column("back", 190, "right")),
            name=say("consignment.stopped.slips"),
            row_height=ROW_HEIGHT,
        )
        self._lay_out()

    _state: Stopped | None

    def _lay_out(self) -> None:
        say = self.say
        self._banner = Banner("", "stop")
        self._figures: dict[str, tuple[Panel, Words, Words]] = {}
        row = QHBoxLayout()
        row.setSpacing(theme.FULL.gap)
        for name in FIGURES:
            panel = Panel(margins=(14, 6, 14, 6), spacing=0)
            amount, words = Words("", theme.TITLE, bold=True), hint("")
            panel.body.addWidget(amount)
            panel.body.addWidget(words)
            self._figures[name] = (panel, amount, words)
            row.addWidget(panel, 1)
        listed = Panel(margins=(1, 8, 1, 4), spacing=4)
        self._head = Words("", theme.STRONG, bold=True)
        aside = hint(say("consignment.stopped.no_names"))
        head = QHBoxLayout()
        head.setContentsMargins(18, 0, 18, 0)
        head.addWidget(self._head)
        head.addStretch(1)
        head.addWidget(aside)
        listed.body.addLayout(head)
        listed.body.addWidget(self.list, 1)
        work = QWidget()
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.FULL.gap)
        column.addWidget(self._banner)
        column.addLayout(row)
        column.addWidget(listed, 1)
        self._empty = EmptyState("ok", say("consignment.stopped.none"), "")
        self._work = work
        self._stack = Places()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(work)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("consignment.stopped.title")

    def first_focus(self) -> QWidget | None:
        """Return the slips."""
        return self.list if self._state is not None else None

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self.list.set_compact(compact=is_compact)

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Show a lot, and say that it leaves the shelf."""
        self._lot = subject.get("lot", self._lot)
        self._read()
        if self._state is not None:
            self.counter.sounds.play("stop")
            self._speak()

    def activated(self) -> None:
        """Read anew."""
        self._read()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Read anew: something came back, or left the shelf."""
        self._read()

    def facts_behind(self) -> Mapping[str, str] | None:
        """Return the sale on which the cursor stands, else the lot."""
        entity = self.list.current() or self._lot
        return {"entity": entity, "title": self.title} if self._state is not None else None

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done: hear it again, go where it is written off or given back."""
        say = self.say
        back = Action(say("consignment.stopped.back"), "Esc", self.counter.front.go_back)
        if self._state is None:
            return [back]
        again = Action(say("consignment.stopped.again"), "F10", self._speak, icon="speaker")
        label = say("consignment.stopped.to_lots", quantity=self._said(self._state.here))
        return [back, again, Action(label, "Enter", self._to_lots, "primary")]

    def on_escape(self) -> bool:
        """Go back to where it was opened."""
        self.counter.front.go_back()
        return True

    # --- Showing ---------------------------------------------------------------------------------

    def _read(self) -> None:
        lot = self._lot
        read = self.counter.desk.read
        self._state = read(lambda c: stopped_records.stopped(c, lot)) if lot else None
        state, say = self._state, self.say
        self._stack.setCurrentWidget(self._empty if state is None else self._work)
        if state is not None:
            sort = read(lambda c: records.sort_name(c, state.produce))
            name = f"{sort} {state.grade}".rstrip()
            title = say("consignment.stopped.banner", name=name, number=state.number)
            others = "、".join(state.made_of_it)
            small = say("consignment.stopped.made", lots=others) if others else ""
            why = say("consignment.stopped.why", why=state.why)
            self._banner.tell(title, "stop", small="　".join(part for part in (why, small) if part))
            self._head.setText(say("consignment.stopped.slips_of", count=len(state.slips)))
            for figure, (panel, amount, words) in self._figures.items():
                self._show_figure(figure, panel, amount, words)
            self._show_slips(state)
        self.touch_actions()

    def _show_figure(self, figure: str, panel: Panel, amount: Words, words: Words) -> None:
        assert self._state is not None
        count: int = getattr(self._state, figure)
        amount.setText(self._said(count))
        key = "here_open" if figure == "here" and not self._state.is_locked else figure
        words.setText(self.say(f"consignment.stopped.{key}"))
        is_bad = (figure == "here" and count > 0) or (figure == "untold" and count != 0)
        panel.set_look("stop" if is_bad else "plain")

    def _show_slips(self, state: Stopped) -> None:
        today = self.counter.desk.now().day
        rows = []
        for row in state.slips:
            name = self.say("consignment.stopped.slip", number=row.number)
            left = row.quantity - row.back
            out = self.say("consignment.stopped.out", quantity=self._said(left))
            state_pill = Pill(out, "warn")
            if not left:
                state_pill = Pill(self.say("consignment.stopped.returned"), "ok")
            rows.append(
                Row(
                    row.sale,
                    (
                        Text(name, theme.STRONG, bold=True, small=say_moment(row.at, today)),
                        Text(self._said(row.quantity), theme.STRONG),
                        state_pill,
                    ),
                )
            )
        self.list.show_rows(rows)

    def _said(self, quantity: int) -> str:
        is_piece = self._state is not None and self._state.unit == PIECE
        return self.say("consignment.pieces", count=quantity) if is_piece else say_jin(quantity)

    # --- Doing -----------------------------------------------------------------------------------

    def _speak(self) -> None:
        self.counter.voice.speak("hindrance", SENTENCES["recall"])

    def _to_lots(self) -> None:
        self.counter.front.open_page(LOTS_PAGE, {"lot": self._lot})
