"""Hand-over (取件): all parcels of a receiver, each scanned, their money first, one key.

A parcel of somebody else among them is called out in place, and nothing goes on until that is
seen: nothing has been recorded, so there is nothing to undo. What was handed over stays on the
screen with its change until somebody goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtGui import QKeyEvent, Qt

from station_app.journal.projection import StateChange
from station_app.services.parcels import handing, records
from station_app.services.parcels.handing import HandOver, Serving
from station_app.services.parcels.meanings import (
    GONE,
    INTAKE_PAGE,
    ON_HAND,
    SLIP,
    TROUBLE_PAGE,
)
from station_app.services.parcels.outfit import Outfit
from station_app.services.parcels.pages.giving_back import GivingBack
from station_app.services.parcels.pages.gone import tell_gone
from station_app.services.parcels.pages.handed_over import HandedOver
from station_app.services.parcels.pages.handover_view import HandOverView
from station_app.services.parcels.pages.shown import is_payment_number
from station_app.services.parcels.pages.signing import Signing
from station_app.shell.counter import Counter
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.offers import Scan
from station_app.shell.page import Action
from station_app.shell.widgets.photographing import KEY, Photographing
from station_app.values import spoken
from station_app.values.money import say_yuan
from station_app.values.paying import Paying
from station_app.values.refusal import Refusal

AT_WORK = ("serving", "ways", "sign", "photo")


class HandOverPage(HandOverView):
    """Hand parcels over."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page with nobody served."""
        super().__init__(counter, key, outfit)
        self._serving = Serving(outfit.gatherer)
        self.giving_back = GivingBack(self)
        self.handed_over = HandedOver(self)
        self.signing = Signing(self, outfit.photos)
        self.add_to_left(self.signing.panel)
        self.photographing = Photographing(
            self, outfit.photos, taken=self._take_photo, left=self.on_escape_quietly
        )
        if self.photographing.panel is not None:
            self.add_to_left(self.photographing.panel)
        self._connect()
        self.show_all()

    def _connect(self) -> None:
        pay = self.pay
        pay.money.changed.connect(self._pay)
        pay.more.clicked.connect(lambda _=False: self._open_ways())
        self.ways.changed.connect(self._pay)
        pay.taker_chosen.connect(self._choose_taker)
        pay.check_chosen.connect(self._choose_check)
        pay.collector_typed.connect(lambda text: self._change(collector=text))
        pay.relation_typed.connect(lambda text: self._change(relation=text))
        self.counted.switched.connect(self._switch)
        self.back.reason_chosen.connect(self.giving_back.choose)
        self.other.clicked.connect(lambda _=False: self.put_down())
        self.banner.add_button(self.say("parcels.handover.seen"), "Enter", self._see_wrong)
        self.serve_other = self.banner.add_button("", "Ctrl+G", self._serve_wrong)

    # --- What it says about itself ---------------------------------------------------------------

    def facts_behind(self) -> Mapping[str, str] | None:
        """Return the parcel on which the cursor stands."""
        parcel = self.counted.table.current() if self.mode == "serving" else ""
        return {"entity": parcel, "title": self.title} if parcel else None

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        if self.mode == "back":
            return self.giving_back.actions()
        if self.mode == "done":
            return self.handed_over.actions()
        if self.mode == "sign":
            photo = Action(self.say("parcels.photo.instead"), KEY, self._open_photo, icon="image")
            return [photo, *self.signing.actions()]
        if self.mode == "photo":
            return self.photographing.actions()
        if self.mode == "empty":
            return [Action(self.say("parcels.intake.home"), "Esc", self.counter.front.go_home)]
        if self.mode == "ways":
            back = Action(self.say("parcels.handover.back_to_list"), "Esc", self.on_escape_quietly)
            return [back, self._primary()]
        return [
            Action(
                self.say("parcels.handover.give_back"),
                "Ctrl+R",
                self.giving_back.ask,
                icon="arrow-left",
            ),
            Action(self.say("parcels.handover.not_this"), "Del", self._drop_current),
            Action(self.say("parcels.intake.fix_receiver"), "Ctrl+E", self._put_right),
            Action(self.say("parcels.handover.trouble"), "Ctrl+T", self._open_trouble),
            self._primary(),
        ]

    def _primary(self) -> Action:
        now = self.handing
        missing = now.missing(has_shift=bool(self.counter.desk.now().shift))
        slots: dict[str, Any] = {"count": len(now.items), "amount": say_yuan(now.to_pay_fen)}
        reason = self._reason(missing)
        return Action(
            self.say(
                "parcels.handover.primary_due" if now.due_fen else "parcels.handover.primary",
                **slots,
            ),
            "Enter",
            self._commit,
            kind="primary",
            is_enabled=not missing,
            reason=reason,
        )

    def _reason(self, missing: str) -> str:
        """Return what the primary still waits for, in words."""
        if missing.startswith(handing.PAY):
            return self.say(f"shell.paying.missing.{missing.removeprefix(handing.PAY)}")
        if not missing:
            return ""
        return self.say(f"parcels.handover.missing.{missing}", count=self.handing.unscanned)

    def under_way(self) -> str:
        """Return whose hand-over is half done, "" when nothing has been scanned."""
        if self.mode not in AT_WORK or not any(item.is_scanned for item in self.handing.items):
            return ""
        return self.say("parcels.handover.under_way", name=self.name_served())

    def draft(self) -> Draft | None:
        """Return who is served and what has been scanned."""
        if self.mode not in AT_WORK:
            return None
        served = self.handing.served
        return {
            "person": served.person,
            "name": served.name,
            "tail": served.tail,
            "parcels": [item.parcel for item in self.handing.items],
            "scanned": [item.parcel for item in self.handing.items if item.is_scanned],
            "signature": self.handing.signature,
            "check": self.handing.check,
        }

    def resume(self, draft: Draft) -> str:
        """Serve again whoever was served when the power went; nothing was taken from her."""
        if draft["person"]:
            found = self.counter.desk.read(lambda c: self._serving.person(c, draft["person"]))
        else:
            found = self.counter.desk.read(
                lambda c: self._serving.label(c, draft["tail"], draft["name"])
            )
        if found is None or not found.items:
            return ""
        for item in found.items:
            if item.parcel not in draft["parcels"]:
                found = handing.without(found, item.parcel)
        for parcel in draft["scanned"]:
            found = handing.scanned(found, parcel)
        if draft.get("signature"):
            check = draft.get("check", "signature")
            found = replace(found, check=check, signature=draft["signature"])
        self.serve(found)
        key = "resumed_due" if found.due_fen else "resumed"
        return self.say(f"parcels.handover.{key}", name=self.name_served())

    # --- What the window tells it ----------------------------------------------------------------

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Serve somebody: by person, by a parcel, or by a label's tail and name."""
        desk = self.counter.desk
        if subject.get("act"):
            self.handed_over.show(subject["act"])
            return
        if subject.get("parcel"):
            self._open_parcel(subject["parcel"], is_scanned=False)
            return
        found = (
            desk.read(lambda c: self._serving.person(c, subject["person"]))
            if subject.get("person")
            else desk.read(
                lambda c: self._serving.label(c, subject.get("tail", ""), subject.get("name", ""))
            )
        )
        if found is not None:
            self.serve(found)
            self._send_for_next()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Drop what is no longer here; show people by their present names."""
        kinds = {change.kind.name for change in changes}
        if self.mode in ("serving", "ways", "back") and (
            not changes or kinds & {"parcel", "person"}
        ):
            current = self.handing
            self.handing = self.counter.desk.read(lambda c: self._serving.again(c, current))
        elif self.mode == "done":
            self.handed_over.leave_if_undone()
        self.show_all()

    def on_scan(self, scan: Scan) -> bool:
        """Tick a parcel, begin with another receiver, or call a wrong one out."""
        if self._is_payment_number(scan):
            panel = self.ways if self.mode == "ways" else self.pay.money
            return panel.take_scan(scan.text)
        meaning = scan.meaning
        if meaning is None:
            return False
        if meaning.kind == ON_HAND:
            self._scan_parcel(meaning.entity)
        elif meaning.kind == GONE:
            tell_gone(self, meaning.entity)
        elif meaning.kind == SLIP:
            self.handed_over.show(meaning.entity)
        else:
            return False
        return True

    def _is_payment_number(self, scan: Scan) -> bool:
        panel = self.ways if self.mode == "ways" else self.pay.money
        line = panel.reference.line
        is_awaited = line.hasFocus() or self.mode == "ways"
        return line.isVisible() and is_awaited and is_payment_number(scan)

    def on_escape(self) -> bool:
        """Go one step back: see the wrong one, leave the question, serve nobody."""
        if self.handing.wrong is not None:
            self._see_wrong()
        elif self.mode == "back":
            self.giving_back.leave()
        elif self.mode in ("ways", "sign", "photo"):
            self.photographing.end()
            self.turn_to("serving")
        elif self.mode != "empty":
            self.put_down()
        else:
            return False
        return True

    def on_escape_quietly(self) -> None:
        """Go one step back, for a button."""
        self.on_escape()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick the current parcel with the space bar."""
        if event.key() == Qt.Key.Key_Space and self.mode == "serving":
            self._switch(self.counted.table.current())
            return
        super().keyPressEvent(event)

    # --- Whom and what ---------------------------------------------------------------------------

    def _open_parcel(self, parcel: str, *, is_scanned: bool) -> None:
        found = self.counter.desk.read(lambda c: self._serving.parcel(c, parcel))
        if found is None:
            tell_gone(self, parcel)
            return
        self.serve(handing.scanned(found, parcel) if is_scanned else found)
        self.counted.table.choose(parcel)
        self._send_for_next()

    def _scan_parcel(self, parcel: str) -> None:
        if self.mode not in AT_WORK:
            self.counter.sounds.play("ok")
            self._open_parcel(parcel, is_scanned=True)
            return
        if not handing.has(self.handing, parcel):
            self._call_out(parcel)
            return
        item = next(item for item in self.handing.items if item.parcel == parcel)
        self.counter.sounds.play("duplicate" if item.is_scanned else "ok")
        self._set(replace(handing.scanned(self.handing, parcel), wrong=None))
        self.counted.table.choose(parcel)
        if item.is_scanned:
            return
        if not self.handing.unscanned and self.handing.due_fen:
            self.counter.voice.speak("money", spoken.due(self.handing.due_fen))
        self._send_for_next()

    def _send_for_next(self) -> None:
        """Say where the next of hers lies that was not scanned, as its label is read."""
        waiting = next((item for item in self.handing.items if not item.is_scanned), None)
        if waiting is not None:
            code = waiting.row.code
            self.counter.voice.speak("place", spoken.fetch(code.shelf, code.layer, code.digits))

    def _call_out(self, parcel: str) -> None:
        """Say that this parcel is somebody else's, and where it belongs."""
        desk = self.counter.desk
        row = desk.read(lambda c: records.parcel_row(c, parcel))
        if row is None:
            return
        self.counter.sounds.play("stop")
        self.counter.voice.speak("hindrance", spoken.SENTENCES["wrong"])
        who = desk.read(lambda c: self._serving.who(c, row))
        self._set(replace(self.handing, wrong=row, wrong_of=who))

    def _see_wrong(self) -> None:
        self._set(replace(self.handing, wrong=None, wrong_of=""))

    def _serve_wrong(self) -> None:
        """The operator means the other receiver: begin with her parcel."""
        wrong = self.handing.wrong
        if wrong is not None:
            self._open_parcel(wrong.parcel, is_scanned=True)

    def _switch(self, parcel: str) -> None:
        if parcel and self.mode == "serving":
            self._set(handing.switched(self.handing, parcel))

    def _drop_current(self) -> None:
        """Leave the current parcel on its shelf for today."""
        parcel = self.counted.table.current()
        if parcel:
            self._set(handing.without(self.handing, parcel))

    def _put_right(self) -> None:
        """Somebody else's parcel is filed under this person: say whose it is."""
        parcel = self.counted.table.current()
        if parcel:
            self.counter.front.open_page(INTAKE_PAGE, {"fix": parcel})

    def _open_trouble(self) -> None:
        """Something is wrong with the current parcel: say what, where that is said."""
        parcel = self.counted.table.current()
        if parcel:
            self.counter.front.open_page(TROUBLE_PAGE, {"parcel": parcel})

    # --- How ---------------------------------------------------------------------------------

    def _pay(self, paying: Paying) -> None:
        self._change(paid=paying)

    def _open_ways(self) -> None:
        """Show all ways of paying in the place of the list: several, on account, round-off."""
        self.turn_to("ways")
        self.ways.first_field().setFocus()

    def _choose_taker(self, taker: str) -> None:
        self._change(taken_by=taker)
        if taker == "on_behalf":
            self.pay.collector.setFocus()
        else:
            self.setFocus()

    def _choose_check(self, check: str) -> None:
        """Check in this way; a signature may be made on the screen."""
        self._change(check=check, signature="")
        if check == "signature" and self.signing.is_possible:
            self.signing.open()

    def take_signature(self, name: str) -> None:
        """Go on with what was signed; "" leaves it to the paper."""
        self._change(signature=name)
        self.turn_to("serving")

    def _open_photo(self) -> None:
        """Photograph whoever takes them, instead of letting her sign."""
        self.turn_to("photo")
        self.photographing.begin()

    def _take_photo(self, name: str) -> None:
        """Go on with the photo; without room for it she signs on the paper."""
        self.photographing.end()
        self._change(signature=name, check="photo" if name else "signature")
        self.turn_to("serving")

    def show_all(self) -> None:
        """Show the state as it is now, with the pad while somebody signs."""
        if hasattr(self, "signing"):
            self.signing.panel.setVisible(self.mode == "sign")
        super().show_all()

    def _change(self, **changed: Any) -> None:
        self._set(replace(self.handing, **changed))

    def _set(self, now: HandOver) -> None:
        self.handing = now
        self.show_all()
        self.touch_draft()

    # --- The act ---------------------------------------------------------------------------------

    def _commit(self) -> None:
        now = self.handing
        if not now.missing(has_shift=bool(self.counter.desk.now().shift)):
            commands = now.commands(self.ticket)
            self.perform(*commands, done=self._is_handed_over, refused=self._refused)

    def _is_handed_over(self, done: Done) -> None:
        now = self.handing
        words = self.say("parcels.handover.done", name=self.name_served(), count=len(now.items))
        self.tell_done(words, done, sound="money" if now.due_fen else "ok")
        self._speak_of_rest(now)
        self.handed_over.show_done(done.act, now)

    def _speak_of_rest(self, now: HandOver) -> None:
        """Say what comes back, and whether more of hers is still here."""
        voice = self.counter.voice
        if now.change_fen:
            voice.speak("money", spoken.change(now.to_pay_fen + now.change_fen, now.change_fen))
        left = len(self.counter.desk.read(lambda c: self._serving.again_served(c, now)))
        if left:
            voice.speak("place", spoken.more(left))

    def _refused(self, refusal: Refusal) -> None:
        """Show the sentence; the parcels are read again, since that is what may have changed."""
        current = self.handing
        self.handing = self.counter.desk.read(lambda c: self._serving.again(c, current))
        self.show_all()
        self.counter.front.say_refusal(refusal.text_key, refusal.slots)
