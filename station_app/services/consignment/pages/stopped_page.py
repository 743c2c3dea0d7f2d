"""A stopped lot (停售): said aloud, where each gram is, who is still to be told, one key a row.

It is opened from the lots, or by a scan of its label. A buyer is known only who took it on account:
she and the growers are rung up, for all others the notice (停售告示) is put up.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QWidget

from station_app.journal.projection import StateChange
from station_app.ledger.rounding import PIECE
from station_app.services.consignment import records, stopped_records
from station_app.services.consignment.commands import TellOfRecall
from station_app.services.consignment.outfit import Outfit
from station_app.services.consignment.pages.stopped_rows import (
    HERE,
    Whereabout,
    Whereabouts,
)
from station_app.services.consignment.pages.stopped_view import StoppedView
from station_app.services.consignment.recalling import BOARD, IN_PERSON, NO_ANSWER, PHONE, REACHED
from station_app.services.consignment.stopped_records import Stopped
from station_app.services.consignment.taking import lot_number
from station_app.services.consignment.telling import LOTS_PAGE
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.offers import Scan
from station_app.shell.page import Action
from station_app.values.money import say_yuan
from station_app.values.spoken import SENTENCES
from station_app.values.weight import say_jin

KINDS = {"lot", "sale", "recall_telling", "person"}


class StoppedPage(StoppedView):
    """Shows one stopped lot, and writes down who was told."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page; `open_with` names the lot."""
        super().__init__(counter, key, outfit)
        self._lot = ""
        self._state: Stopped | None = None
        self._rows: dict[str, Whereabout] = {}
        self.list.current_changed.connect(lambda _subject: self._show_rows())
        counter.privacy.listen(self._read)

    # --- What it says about itself ---------------------------------------------------------------

    def first_focus(self) -> QWidget | None:
        """Return the list: digits say what came of a call."""
        return self.list if self._state is not None else None

    def facts_behind(self) -> Mapping[str, str] | None:
        """Return what is behind the row on which the cursor stands, else the lot."""
        if self._state is None:
            return None
        row = self._row()
        return {"entity": row.entity if row else self._lot, "title": self.title}

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done: hear it again, put up the notice, say what came of a call."""
        say = self.say
        back = Action(say("consignment.stopped.back"), "Esc", self.counter.front.go_back)
        if self._state is None:
            return [back]
        row = self._row()
        actions = [
            back,
            Action(say("consignment.stopped.again"), "F10", self._speak, icon="speaker"),
            Action(say("consignment.stopped.notice"), "Ctrl+P", self._post, icon="printer"),
        ]
        if row is not None and row.person is not None and row.is_open:
            actions += [
                Action(say("consignment.stopped.no_answer_key"), "1", self._not_reached),
                Action(say("consignment.stopped.in_person"), "2", self._by_word),
            ]
        label, run = self._next_step(row, self._state)
        return [*actions, Action(label, "Enter", run, "primary")]

    def _next_step(self, row: Whereabout | None, state: Stopped) -> tuple[str, Callable[[], None]]:
        """Return what is to be done about a row: tell her, put the notice up, clear the shelf."""
        say = self.say
        if row is not None and row.person is not None and row.is_open:
            return say("consignment.stopped.reached"), self._reached
        if row is not None and row.is_open and row.sort != HERE:
            return say("consignment.stopped.notice"), self._post
        return say("consignment.stopped.to_lots", quantity=self._said(state.here)), self._to_lots

    # --- What the window tells it ----------------------------------------------------------------

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Show a lot, and say that it leaves the shelf."""
        self._lot = subject.get("lot", self._lot)
        self._read()
        if self._state is not None:
            self.list.choose(next(iter(self._rows), ""))
            self.counter.sounds.play("stop")
            self._speak()

    def on_scan(self, scan: Scan) -> bool:
        """Open the lot whose label was scanned; of one that may be sold, say so and stay."""
        lot = scan.meaning.entity if scan.meaning is not None else ""
        found = self.counter.desk.read(lambda c: records.lot_state(c, lot)) if lot else None
        if found is None:
            return False
        if found.is_blocked:
            self.open_with({"lot": lot})
            return True
        self.counter.sounds.play("ok")
        number = lot_number(found.code, lot)
        words = self.say("consignment.stopped.may_be_sold", number=number)
        self.counter.front.toast(Notice(words, "notice"))
        return True

    def activated(self) -> None:
        """Read anew."""
        self._read()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Read anew: something came back, left the shelf, or somebody was told."""
        if not changes or any(change.kind.name in KINDS for change in changes):
            self._read()

    def on_digit(self, digit: int) -> bool:
        """Say that nobody answered, or that she was told face to face."""
        row = self._row()
        if digit not in (1, 2) or row is None or row.person is None or not row.is_open:
            return False
        (self._not_reached if digit == 1 else self._by_word)()
        return True

    def on_escape(self) -> bool:
        """Go back to where it was opened."""
        self.counter.front.go_back()
        return True

    # --- Showing ---------------------------------------------------------------------------------

    def _read(self) -> None:
        lot, say = self._lot, self.say
        read, today = self.counter.desk.read, self.counter.desk.now().day
        self._state = read(lambda c: stopped_records.stopped(c, lot)) if lot else None
        state = self._state
        self.show_work(has_lot=state is not None)
        if state is not None:
            sort = read(lambda c: records.sort_name(c, state.produce))
            name = f"{sort} {state.grade}".rstrip()
            others = "、".join(state.made_of_it)
            why = say("consignment.stopped.why", why=state.why)
            made = say("consignment.stopped.made", lots=others) if others else ""
            self.show_banner(
                say("consignment.stopped.banner", name=name, number=state.number),
                "　".join(part for part in (why, made) if part),
            )
            self.show_figures(state, self._said)
            read(lambda c: self._read_rows(c, state, today))
            self._show_rows()
        self.touch_actions()

    def _read_rows(self, connection: Any, state: Stopped, today: str) -> None:
        people, privacy = self.outfit.people, self.counter.privacy
        made = Whereabouts(
            self.counter.texts,
            today,
            lambda one: privacy.name(one.name),
            lambda identity: people.person(connection, identity),
        )
        self._rows = {row.subject: row for row in made.rows(state)}
        lines = [
            line
            for person in state.growers
            for line in self.outfit.open_lines(connection, person, today)
            if line.lot in state.lots
        ]
        open_fen = sum(line.settled.amount_fen for line in lines)
        others = [
            row.number
            for row in records.lots_here(connection)
            if set(row.growers.split()) & set(state.growers) and row.lot not in state.lots
        ]
        say = self.say
        self.show_origin(
            made.origins(state.first, self._said(state.first.quantity)),
            say("consignment.stopped.others", count=len(others), lots="、".join(others[:3]))
            if others
            else "",
            say("consignment.stopped.money_waits", amount=say_yuan(open_fen)) if open_fen else "",
        )

    def _row(self) -> Whereabout | None:
        return self._rows.get(self.list.current())

    def _show_rows(self) -> None:
        current = self.list.current()
        if current not in self._rows:
            current = next(iter(self._rows), "")
        blocked = QSignalBlocker(self.list)
        self.show_rows(tuple(self._rows.values()), current, self._said)
        self.list.choose(current)
        blocked.unblock()
        self.touch_actions()

    def _said(self, quantity: int) -> str:
        is_piece = self._state is not None and self._state.unit == PIECE
        return self.say("consignment.pieces", count=quantity) if is_piece else say_jin(quantity)

    # --- Doing -----------------------------------------------------------------------------------

    def _speak(self) -> None:
        self.counter.voice.speak("hindrance", SENTENCES["recall"])

    def _to_lots(self) -> None:
        self.counter.front.open_page(LOTS_PAGE, {"lot": self._lot})

    def _reached(self) -> None:
        self._tell(PHONE, REACHED)

    def _not_reached(self) -> None:
        self._tell(PHONE, NO_ANSWER)

    def _by_word(self) -> None:
        self._tell(IN_PERSON, REACHED)

    def _tell(self, way: str, outcome: str) -> None:
        """Write down what came of it, and go on to the next who is still to be told."""
        row = self._row()
        if row is None or row.person is None:
            return
        name = self.counter.privacy.name(row.person.name)
        key = "told_done" if outcome == REACHED else "no_answer_done"
        command = TellOfRecall(
            lot=self._lot, sale=row.sale, person=row.person.identity, way=way, outcome=outcome
        )

        def done(outcome_: Done) -> None:
            self.tell_done(self.say(f"consignment.stopped.{key}", name=name), outcome_)
            self._read()
            after = [one for one in self._rows.values() if one.is_open and one.person is not None]
            left = [one.subject for one in after if one.subject != row.subject]
            if left:
                self.list.choose(left[0])

        self.perform(command, done=done)

    def _post(self) -> None:
        """Print the notice and write down that it was put up."""

        def done(outcome: Done) -> None:
            self.tell_done(self.say("consignment.stopped.notice_done"), outcome)
            self._read()

        self.perform(TellOfRecall(lot=self._lot, way=BOARD), done=done)
