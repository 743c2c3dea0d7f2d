"""After a hand-over: what was done stays to be seen, its slip may be printed, it may be undone.

Undoing a hand-over that took money says first what to give back and what to take in.
"""

from dataclasses import replace

from station_app.services.parcels import records
from station_app.services.parcels.handing import HandOver, Item, Served
from station_app.services.parcels.pages.handover_view import HandOverView
from station_app.shell.counter import Notice
from station_app.shell.desk import Done, Outcome
from station_app.shell.page import Action
from station_app.values.money import say_yuan

CODES_SHOWN = 6


class TakingBack:
    """Shows a hand-over that is recorded, and takes it back."""

    def __init__(self, view: HandOverView) -> None:
        """Show on `view`."""
        self._view = view
        self._act = ""

    def show_done(self, act: str, now: HandOver) -> None:
        """Show what was just handed over, with the change to give."""
        self._act = act
        view = self._view
        say = view.say
        title = say("parcels.handover.done_title", name=view.name_served(), count=len(now.items))
        words, amount = "", ""
        if now.due_fen:
            title = say(
                "parcels.handover.done_due",
                name=view.name_served(),
                count=len(now.items),
                amount=say_yuan(now.due_fen),
            )
        if now.change_fen > 0:
            words, amount = say("parcels.handover.give_change"), say_yuan(now.change_fen)
        small = say("parcels.handover.slip_comes" if now.due_fen else "parcels.handover.no_slip")
        view.done.show_done(title, words, amount, small)
        view.handing = replace(now, wrong=None)
        view.turn_to("done")
        view.keep_draft()

    def show(self, act: str) -> None:
        """Show a hand-over of before, from its slip."""
        found = self._find(act)
        if found is not None:
            self.show_done(act, found)

    def ask(self, act: str) -> None:
        """Say what to give back before a hand-over is undone."""
        found = self._find(act)
        if found is None:
            return
        self._act = act
        view, say = self._view, self._view.say
        view.handing = found
        codes = [str(item.row.code) for item in found.items[:CODES_SHOWN]]
        view.done.show_done(
            say("parcels.handover.undo_title", name=view.name_served(), count=len(found.items)),
            say("parcels.handover.undo_words") if found.due_fen else "",
            say_yuan(found.due_fen) if found.due_fen else "",
            say("parcels.handover.undo_small", codes="、".join(codes)),
        )
        view.turn_to("undo")

    def _find(self, act: str) -> HandOver | None:
        """Return what an act handed over, as it was."""
        view = self._view

        def find(connection: object) -> HandOver | None:
            rows = records.handed_over_in(connection, act)  # type: ignore[arg-type] # the desk's
            if not rows:
                return None
            receiver = view.shown.receiver(connection, rows[0])  # type: ignore[arg-type]
            served = Served(person=rows[0].person, name=receiver.name, tail=receiver.tail)
            items = tuple(Item(row, is_scanned=True) for row in rows)
            return HandOver(served=served, items=items)

        return view.counter.desk.read(find)

    def actions(self) -> list[Action]:
        """Return what can be done with it."""
        say = self._view.say
        if self._view.mode == "undo":
            due = self._view.handing.due_fen
            key = "undo_primary_due" if due else "undo_primary"
            label = say(f"parcels.handover.{key}", amount=say_yuan(due))
            return [
                Action(say("parcels.handover.keep_done"), "Esc", self._view.put_down),
                Action(label, "Enter", self._undo, kind="primary"),
            ]
        return [
            Action(say("parcels.handover.undo"), "Ctrl+Z", self._ask_undo, icon="undo"),
            Action(say("parcels.handover.print"), "Ctrl+P", self._print, icon="printer"),
            Action(say("parcels.handover.next"), "Enter", self._view.put_down, kind="primary"),
        ]

    def _ask_undo(self) -> None:
        if self._view.handing.due_fen:
            self.ask(self._act)
        else:
            self._undo()

    def _undo(self) -> None:
        view = self._view
        act, count, name = self._act, len(view.handing.items), view.name_served()

        def settle(outcome: Outcome) -> None:
            if isinstance(outcome, Done):
                view.counter.sounds.play("ok")
                words = view.say("parcels.handover.undone", name=name, count=count)
                view.counter.front.toast(Notice(words, "notice"))
                view.put_down()
            else:
                view.counter.sounds.play("warn")
                view.counter.front.say_refusal(outcome.text_key, outcome.slots)

        view.counter.desk.undo(act, ticket=view.counter.tickets(), then=settle)

    def _print(self) -> None:
        view, act = self._view, self._act
        paper = view.counter.desk.read(lambda c: view.outfit.papers.slip_again(c, act))
        if paper is not None:
            view.outfit.print_again(paper, act)
            view.counter.front.toast(Notice(view.say("parcels.handover.printed"), "notice"))
