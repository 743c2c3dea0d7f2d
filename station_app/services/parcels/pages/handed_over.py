"""After a hand-over: what was done stays to be seen, its slip may be printed, it may be undone."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSize, Qt

from station_app.ledger import paid_acts
from station_app.services.parcels import records
from station_app.services.parcels.handing import HandOver, Item, Served
from station_app.services.parcels.pages.handover_view import HandOverView
from station_app.shell.counter import Notice
from station_app.shell.desk import Done, Outcome
from station_app.shell.page import Action
from station_app.shell.photos import ShownPhoto
from station_app.shell.widgets.photo_picker import PhotoView
from station_app.values.money import say_yuan

SIGNATURE = QSize(400, 150)
CENTRED = Qt.AlignmentFlag.AlignHCenter
UNDO_PAGE = "overview.undo"  # where money is given back before an act is undone


class HandedOver:
    """Shows a hand-over that is recorded."""

    def __init__(self, view: HandOverView) -> None:
        """Show on `view`."""
        self._view = view
        self._act = ""
        self._signature = PhotoView(SIGNATURE)
        view.done.body.insertWidget(view.done.body.count() - 1, self._signature, 0, CENTRED)
        self._signature.hide()

    def show_done(self, act: str, now: HandOver) -> None:
        """Show what was just handed over, with the change to give."""
        self._act = act
        view, say = self._view, self._view.say
        view.handing = replace(now, wrong=None)
        name, count = view.name_served(), len(now.items)
        title = say("parcels.handover.done_title", name=name, count=count)
        if now.due_fen:
            amount = say_yuan(now.to_pay_fen)
            title = say("parcels.handover.done_due", name=name, count=count, amount=amount)
        words, change = "", ""
        if now.change_fen > 0:
            words, change = say("parcels.handover.give_change"), say_yuan(now.change_fen)
        key = "change_first" if change else "slip_comes" if now.due_fen else "no_slip"
        small = say(f"parcels.handover.{key}")
        view.done.show_done(title, words, change, small)
        self._show_signature(now)
        view.turn_to("done")
        view.keep_draft()

    def _show_signature(self, now: HandOver) -> None:
        """Show how it was signed for, if it was on the screen."""
        self._signature.hide()
        photos, act = self._view.outfit.photos, self._act
        names = photos.named_by(now.items[0].parcel) if photos is not None and now.items else ()
        if photos is None or not names:
            return

        def came(photo: ShownPhoto) -> None:
            if act == self._act and photo.content:
                self._signature.show_photo(photo.content, self._view.say("parcels.signing.signed"))
                self._signature.show()

        photos.show(names[-1], came)

    def show(self, act: str) -> None:
        """Show a hand-over of before, from its slip."""
        found = self._find(act)
        if found is not None:
            self.show_done(act, found)

    def leave_if_undone(self) -> None:
        """Let an act go from the screen that was undone elsewhere."""
        act = self._act
        if act and self._view.counter.desk.read(lambda c: paid_acts.is_undone(c, act)):
            self._act = ""
            self._view.put_down()

    def _find(self, act: str) -> HandOver | None:
        """Return what an act handed over, as it was."""
        view = self._view

        def find(connection: Any) -> HandOver | None:
            rows = records.handed_over_in(connection, act)
            if not rows:
                return None
            receiver = view.shown.receiver(connection, rows[0])
            served = Served(person=rows[0].person, name=receiver.name, tail=receiver.tail)
            return HandOver(served=served, items=tuple(Item(row, is_scanned=True) for row in rows))

        return view.counter.desk.read(find)

    def actions(self) -> list[Action]:
        """Return what can be done with it."""
        say = self._view.say
        return [
            Action(say("parcels.handover.undo"), "Ctrl+Z", self._undo, icon="undo"),
            Action(say("parcels.handover.print"), "Ctrl+P", self._print, icon="printer"),
            Action(say("parcels.handover.next"), "Enter", self._view.put_down, kind="primary"),
        ]

    def _undo(self) -> None:
        """Take it back at once; where money was taken, by the page that says what to give back."""
        view, act = self._view, self._act
        if view.handing.due_fen:
            view.counter.front.open_page(UNDO_PAGE, {"act": act})
            return
        words = view.say(
            "parcels.handover.undone", name=view.name_served(), count=len(view.handing.items)
        )

        def settle(outcome: Outcome) -> None:
            if isinstance(outcome, Done):
                view.counter.sounds.play("ok")
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
