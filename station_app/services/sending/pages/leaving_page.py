"""Parcels that were accepted and wait to leave: ticked or scanned, given to the courier by a list.

Both sides sign the list (交接单), and each keeps one. A parcel that the sender wants back before it
has left is given back here, with what she paid.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QVBoxLayout

from station_app.journal.projection import StateChange
from station_app.ledger.paid_acts import is_undone
from station_app.services.parcels.commands import CloseManifest
from station_app.services.sending import records
from station_app.services.sending.accepting import REASONS
from station_app.services.sending.commands import CancelSending, HandSendingsOver
from station_app.services.sending.outfit import Outfit
from station_app.services.sending.records import SendingRow
from station_app.services.sending.rules import ACCEPTED
from station_app.services.sending.telling import PAGE, SENDING, TONES, short_name, stands
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.offers import Scan
from station_app.shell.page import Action, Page
from station_app.shell.widgets.beside import ListBeside
from station_app.shell.widgets.cells import ChipText, Column, Pill, Row, Text, Tick
from station_app.shell.widgets.choices import CHOICES_MAX, Choice, ChoiceRow
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.panels import EmptyState, Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint
from station_app.values.money import say_yuan
from station_app.values.weight import kg_plain

NAME_MAX = 30
SIDE_WIDTH, SIDE_WIDTH_COMPACT = 380, 350
REFUNDS_PAGE = "accounts.refunds"


class LeavingPage(Page):
    """Gives parcels to couriers. `mode`: list, or why: one goes back to its sender."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page with what stands here."""
        super().__init__(counter, key)
        self._outfit = outfit
        self.mode = "list"
        self._rows: tuple[SendingRow, ...] = ()
        self._beside = ""
        self._ticked: set[str] = set()
        self._lay_out()
        counter.privacy.listen(self._load)

    def _lay_out(self) -> None:
        say = self.say
        self._empty = EmptyState("truck", say("sending.leaving.empty"), "")
        columns = (
            Column("tick", 58),
            Column("waybill", 272),
            Column("what"),
            Column("price", 92, "right"),
            Column("state", 160),
        )
        self.table = ListTable(columns, name=say("sending.leaving.heading"), row_height=62)
        self.table.acted.connect(lambda sending, _column: self._switch(sending))
        self.table.current_changed.connect(lambda _sending: self._show_side())
        self._side = Panel(margins=(20, 14, 20, 12), spacing=8)
        self._title = Words("", theme.TITLE, bold=True, wrap=True)
        self._small = Words("", theme.BODY, ink="ink2", wrap=True)
        self._to = hint(say("sending.leaving.courier"))
        self.couriers = ChoiceRow(columns=2)
        self.couriers.chosen.connect(self._choose_courier)
        self.runner = TextField(
            self.counter.texts, say("sending.leaving.runner"), limit=NAME_MAX, chinese=True
        )
        self._how = hint(say("sending.leaving.choose"), wrap=True)
        self._why = hint(say("sending.leaving.why"))
        reasons = [Choice(one, say(f"sending.reason.{one}")) for one in REASONS]
        self.reasons = ChoiceRow(reasons, columns=1, height=theme.WORD_HEIGHT)
        self.reasons.chosen.connect(lambda _reason: self.touch_actions())
        for part in (
            self._title, self._small, self._to, self.couriers, self.runner, self._how, self._why,
            self.reasons,
        ):  # fmt: skip
            self._side.body.addWidget(part)
        self._side.body.addStretch(1)
        widths = (SIDE_WIDTH, SIDE_WIDTH_COMPACT)
        self._work = ListBeside(self._empty, self.table, self._side, widths=widths)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._work)

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("sending.leaving.heading")

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        say, row = self.say, self._current()
        if self.mode == "why" and row is not None:
            due_fen = row.state.courier_fen + row.state.fee_fen
            key = "give_back" if due_fen else "give_back_free"
            reason = "" if self.reasons.value() else say("sending.refusal.REASON_MISSING")
            give = Action(
                say(f"sending.action.{key}", amount=say_yuan(due_fen)), "Enter", self._give_back,
                kind="primary", is_enabled=not reason, reason=reason,
            )  # fmt: skip
            return (Action(say("sending.action.back"), "Esc", self._to_list), give)
        made = [Action(say("sending.action.form"), "F10", self._form, icon="parcel")]
        if row is not None:
            made.append(Action(say("sending.action.again"), "Ctrl+P", self._print, icon="printer"))
        if row is not None and row.state.status == ACCEPTED:
            made.append(Action(say("sending.action.cancel"), "Ctrl+D", self._ask, icon="undo"))
        elif row is not None and row.due_fen > 0:
            words = say("sending.action.refund", amount=say_yuan(row.due_fen))
            made.append(Action(words, "Ctrl+R", self._refund, kind="danger"))
        count = len(self._ticked)
        name = self._name_of(self.couriers.value())
        key = "hand_over" if count else "hand_over_none"
        words = say(f"sending.action.{key}", count=count, courier=name)
        reason = "" if count else say("sending.refusal.NOTHING_TO_HAND_OVER")
        made.append(
            Action(words, "Enter", self._hand_over, kind="primary", is_enabled=bool(count),
                   reason=reason)
        )  # fmt: skip
        return made

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Look at what stands here now."""
        self._load()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Look again after an act."""
        self._load()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Show one parcel, also one that is over for long."""
        self._beside = subject.get("sending", "")
        self.mode = "list"
        self._load()
        if self._beside:
            self.table.choose(self._beside)

    def on_scan(self, scan: Scan) -> bool:
        """Tick what is scanned."""
        meaning = scan.meaning
        if meaning is None or meaning.kind != SENDING or self.mode != "list":
            return False
        row = next((one for one in self._rows if one.sending == meaning.entity), None)
        if row is None:
            self.open_with({"sending": meaning.entity})
            return True
        if row.state.status != ACCEPTED:
            self.counter.sounds.play("warn")
        else:
            self._choose_courier(row.state.courier)
            self.counter.sounds.play("duplicate" if row.sending in self._ticked else "ok")
            self._ticked.add(row.sending)
            self._load()
        self.table.choose(row.sending)
        return True

    def on_digit(self, digit: int) -> bool:
        """Choose a courier, or why it goes back."""
        return (self.reasons if self.mode == "why" else self.couriers).take_digit(digit)

    def on_escape(self) -> bool:
        """Leave the question."""
        if self.mode != "why":
            return False
        self._to_list()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick the current parcel with the space bar."""
        if event.key() == Qt.Key.Key_Space and self.table.current() and self.mode == "list":
            self._switch(self.table.current())
            return
        super().keyPressEvent(event)

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._work.set_compact(compact=is_compact)

    # --- Showing ---------------------------------------------------------------------------------

    def _load(self) -> None:
        now = self.counter.desk.now()

        def load(connection: Any) -> tuple[list[Row], list[Choice]]:
            rows = list(records.listed(connection, now.day))
            if self._beside and all(one.sending != self._beside for one in rows):
                more = records.row_of(connection, self._beside)
                rows = [more, *rows] if more else rows
            self._rows = tuple(rows)
            here = dict.fromkeys(o.state.courier for o in rows if o.state.status == ACCEPTED)
            choices = [Choice(code, short_name(connection, code)) for code in here]
            if self.couriers.value() not in here:
                self.couriers.set_value("")
            wanted = self.couriers.value() or next(iter(here), "")
            possible = {
                one.sending for one in rows
                if one.state.courier == wanted and one.state.status == ACCEPTED
            }  # fmt: skip
            self._ticked &= possible
            return [self._row(connection, one) for one in rows], choices[:CHOICES_MAX]

        shown, choices = self.counter.desk.read(load)
        chosen = self.couriers.value()
        self.couriers.show_choices(choices)
        self.couriers.set_value(chosen or (choices[0].value if choices else ""))
        self._work.show_rows(are_there=bool(self._rows))
        self.table.show_rows(shown)
        if not self.table.current() and self._rows:
            self.table.choose(self._rows[0].sending)
        self._show_side()

    def _row(self, connection: Any, row: SendingRow) -> Row:
        state = row.state
        small = self.say(
            "sending.leaving.small",
            what=state.contents,
            kg=kg_plain(state.grams),
            sender=self.counter.privacy.name(state.sender),
        )
        place = f"{self.counter.privacy.name(state.receiver)}  {state.address}"
        is_here = state.status == ACCEPTED
        return Row(
            row.sending,
            (
                Tick(row.sending in self._ticked) if is_here else None,
                ChipText(short_name(connection, state.courier), state.waybill),
                Text(place, bold=True, small=small),
                Text(say_yuan(state.price_fen)),
                Pill(stands(state, self.counter.texts), TONES.get(state.status, "plain")),
            ),
        )

    def _show_side(self) -> None:
        is_why = self.mode == "why"
        for part in (self._to, self.couriers, self.runner, self._how):
            part.setVisible(not is_why)
        for part in (self._why, self.reasons):
            part.setVisible(is_why)
        row = self._current()
        if is_why and row is not None:
            self._title.setText(row.state.waybill)
            self._small.setText(f"{row.state.contents}  {say_yuan(row.state.price_fen)}")
        else:
            chosen = [one for one in self._rows if one.sending in self._ticked]
            grams = sum(one.state.grams for one in chosen)
            self._title.setText(
                self.say("sending.leaving.chosen", count=len(chosen), kg=kg_plain(grams))
            )
            small = self.say("sending.leaving.scan")
            if row is not None and row.due_fen > 0:
                small = self.say("sending.leaving.refund_due", amount=say_yuan(row.due_fen))
            self._small.setText(small)
        self.touch_actions()

    def _current(self) -> SendingRow | None:
        subject = self.table.current()
        return next((one for one in self._rows if one.sending == subject), None)

    def _name_of(self, courier: str) -> str:
        return self.counter.desk.read(lambda c: short_name(c, courier)) if courier else ""

    # --- Choosing --------------------------------------------------------------------------------

    def _choose_courier(self, courier: str) -> None:
        if courier != self.couriers.value():
            self.couriers.set_value(courier)
        others = {one.sending for one in self._rows if one.state.courier != courier}
        self._ticked -= others
        self._load()

    def _switch(self, sending: str) -> None:
        row = next((one for one in self._rows if one.sending == sending), None)
        if row is None or row.state.status != ACCEPTED:
            return
        if sending in self._ticked:
            self._ticked.discard(sending)
        else:
            self._choose_courier(row.state.courier)
            self._ticked.add(sending)
        self._load()

    def _form(self) -> None:
        self.counter.front.open_page(PAGE, {})

    def _ask(self) -> None:
        self.mode = "why"
        self.reasons.set_value("")
        self._show_side()
        self.setFocus()

    def _to_list(self) -> None:
        self.mode = "list"
        self._show_side()

    # --- Doing -----------------------------------------------------------------------------------

    def _hand_over(self) -> None:
        chosen = [one for one in self._rows if one.sending in self._ticked]
        courier = self.couriers.value()
        command = HandSendingsOver(courier=courier, sendings=tuple(one.sending for one in chosen))
        by_list = CloseManifest(
            direction="sent",
            courier=courier,
            seen=tuple((one.state.waybill, one.state.courier) for one in chosen),
            other=self.runner.text(),
        )
        count = len(chosen)
        self.perform(command, by_list, done=lambda done: self._gone(done, count))

    def _gone(self, done: Done, count: int) -> None:
        self._ticked.clear()
        self._load()
        self.tell_done(self.say("sending.done.handed_over", count=count), done)

    def _give_back(self) -> None:
        row = self._current()
        if row is not None:
            command = CancelSending(sending=row.sending, reason=self.reasons.value())
            self.perform(command, done=self._given_back)

    def _given_back(self, done: Done) -> None:
        self._to_list()
        self._load()
        self.tell_done(self.say("sending.done.cancelled"), done)

    def _refund(self) -> None:
        row = self._current()
        if row is not None:
            self.counter.front.open_page(REFUNDS_PAGE, {"document": row.refund})

    def _print(self) -> None:
        row = self._current()
        if row is None or self.counter.desk.read(lambda c: is_undone(c, row.act)):
            return
        papers = self._outfit.papers
        paper = self.counter.desk.read(lambda c: papers.label_again(c, row.act))
        if paper is not None:
            self._outfit.print_again(paper, row.act)
            self.counter.front.toast(Notice(self.say("sending.printed.label"), "notice"))
