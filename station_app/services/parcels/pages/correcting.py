"""Corrections from the entry itself (改正): undo, another receiver, another place, labels again.

Each is one act and a few keys. What was typed wrong is not typed again: for another receiver the
others of the same tail come first.
"""

from dataclasses import replace

from station_app.ledger import paid_acts
from station_app.services.parcels import records
from station_app.services.parcels.commands import MoveParcel, ReassignParcel
from station_app.services.parcels.entering import Entry
from station_app.services.parcels.pages.intake_view import IntakeView
from station_app.services.parcels.places import Layer
from station_app.shell.counter import Notice
from station_app.shell.desk import Done, Outcome
from station_app.shell.page import Action


class Corrections:
    """Corrects what was done in this round.

    undoable: acts that may be taken back, the latest last.
    """

    def __init__(self, view: IntakeView) -> None:
        """Correct what `view` shows."""
        self._view = view
        self.undoable: list[str] = []

    def actions(self) -> list[Action]:
        """Return what can be corrected now."""
        say, desk = self._view.say, self._view.counter.desk
        last = self.undoable[-1] if self.undoable else ""
        if last and desk.read(lambda c: paid_acts.is_undone(c, last)):
            self.undoable.pop()  # by its toast
        actions: list[Action] = []
        if self.undoable:
            actions.append(Action(say("parcels.intake.undo"), "Ctrl+Z", self.undo, icon="undo"))
        if self._current() is not None:
            actions.append(Action(say("parcels.intake.fix_receiver"), "Ctrl+E", self.ask_receiver))
            actions.append(Action(say("parcels.intake.reprint"), "Ctrl+P", self.print_again))
        if self._current() is not None and len(self._view.round.rows) > 1:
            actions.append(Action(say("parcels.intake.swapped"), "Ctrl+R", self.print_both))
        return actions

    def _current(self) -> records.ParcelRow | None:
        return self._view.round.current()

    # --- Undo ------------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take the latest act of this round back."""
        view, desk = self._view, self._view.counter.desk
        act = self.undoable[-1]

        def settle(outcome: Outcome) -> None:
            if isinstance(outcome, Done):
                view.counter.sounds.play("ok")
                view.counter.front.toast(Notice(view.say("parcels.intake.undone")))
                view.reload()
            else:
                view.counter.sounds.play("warn")
                view.counter.front.say_refusal(outcome.text_key, outcome.slots)

        desk.undo(act, ticket=view.counter.tickets(), then=settle)

    # --- Another receiver ------------------------------------------------------------------------

    def ask_receiver(self, parcel: str = "") -> None:
        """Ask again for whom a parcel is: the current one, if none is named."""
        view, desk = self._view, self._view.counter.desk
        current = self._current()
        wanted = parcel or (current.parcel if current else "")
        row = desk.read(lambda c: records.parcel_row(c, wanted))
        if row is None:
            return
        receiver = desk.read(lambda c: view.shown.receiver(c, row))
        known = desk.read(lambda c: view.outfit.entering.by_tail(c, receiver.tail))
        others = tuple(one for one in known if (one.person, one.name) != (row.person, row.name))
        others = tuple(one for one in others if not row.person or one.person != row.person)
        view.hand.put_down()
        view.hand.fixing = row.parcel
        view.clear_fields()
        entry = Entry(waybill=row.waybill, courier=row.courier)
        if others and receiver.tail:
            entry = replace(entry, typed=receiver.tail, candidates=others)
            view.parcel.ask_person(others)
        view.hand.entry = entry
        view.show_stored(row.parcel)
        view.focus_next()

    def commit_receiver(self, entry: Entry) -> None:
        """Record the right receiver; a new label comes out."""
        view = self._view
        asked = entry.command()
        parcel = view.hand.fixing
        command = ReassignParcel(
            parcel=parcel,
            person=asked.person,
            name=asked.name,
            tail=asked.tail,
            phone=asked.phone,
        )

        def done(outcome: Done) -> None:
            view.hand.put_down()
            self._is_corrected(parcel, outcome, view.say("parcels.intake.fixed"))

        view.perform(command, done=done)

    # --- Another place ---------------------------------------------------------------------------

    def move(self, layer: Layer, *, may_crowd: bool) -> None:
        """Put the parcel that is being corrected, or the current one, on another layer."""
        fixing = self._view.hand.fixing
        row = self._current()
        if fixing:
            row = self._view.counter.desk.read(lambda c: records.parcel_row(c, fixing))
        if row is None:
            return
        parcel = row.parcel
        command = MoveParcel(
            parcel=parcel, shelf=layer.shelf, layer=layer.number, may_crowd=may_crowd
        )

        def done(outcome: Done) -> None:
            self._view.hand.put_down()
            new = self._view.counter.desk.read(lambda c: records.parcel_row(c, parcel))
            code = str(new.code) if new else ""
            words = self._view.say("parcels.intake.moved", code=code)
            self._is_corrected(parcel, outcome, words)

        self._view.perform(command, done=done)

    def _is_corrected(self, parcel: str, outcome: Done, words: str) -> None:
        self.undoable.append(outcome.act)
        self._view.reload()
        self._view.show_stored(parcel)
        self._view.tell_done(words, outcome)
        self._view.focus_next()

    # --- Labels again ----------------------------------------------------------------------------

    def print_again(self) -> None:
        """Print the label of the current parcel once more, marked as a copy."""
        row = self._current()
        if row is not None and self._print(row):
            self._tell("reprinted", code=str(row.code))

    def print_both(self) -> None:
        """Print the labels of the current parcel and of the one before it: they were swapped.

        The books are right, and who was told her code was told the right one; only the paper lies.
        """
        row, rows = self._current(), list(self._view.round.rows)
        if row is None or len(rows) < 2:
            return
        place = next(n for n, one in enumerate(rows) if one.parcel == row.parcel)
        other = rows[place + 1] if place + 1 < len(rows) else rows[place - 1]
        printed = [self._print(one) for one in (row, other)]
        if all(printed):
            self._tell("swapped_done", code=str(row.code), other=str(other.code))

    def _print(self, row: records.ParcelRow) -> bool:
        view, desk = self._view, self._view.counter.desk
        paper = desk.read(lambda c: view.outfit.papers.label(c, row.parcel))
        act = desk.read(lambda c: records.act_of(c, row))
        if paper is not None:
            view.outfit.print_again(paper, act)
        return paper is not None

    def _tell(self, key: str, **slots: str) -> None:
        words = self._view.say(f"parcels.intake.{key}", **slots)
        self._view.counter.front.toast(Notice(words, "notice"))
