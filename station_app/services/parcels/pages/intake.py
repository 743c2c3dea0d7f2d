"""Intake (入库): scan, tail, Enter; the label comes out and the next one may be scanned.

The page holds one entry at a time and the round so far. Everything typed makes a new `Entry`;
what the parcel would get (place, code, label) is looked up again and shown. Nothing is recorded
before Enter, and the next scan of a parcel counts as that Enter when nothing is missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from station_app.journal.projection import StateChange
from station_app.services.parcels import records
from station_app.services.parcels.entering import (
    Candidate,
    Entry,
    choose,
    entry_as_draft,
    filed_number,
)
from station_app.services.parcels.meanings import GONE, NEW, ON_HAND, OVERDUE_PAGE
from station_app.services.parcels.outfit import Outfit
from station_app.services.parcels.pages.correcting import Corrections
from station_app.services.parcels.pages.gone import tell_gone
from station_app.services.parcels.pages.intake_view import IntakeView
from station_app.services.parcels.pages.people_steps import record_consent, register_person
from station_app.services.parcels.pages.placing import read_out
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.offers import Meaning, Scan
from station_app.shell.page import Action
from station_app.values import spoken
from station_app.values.codes import Barcode, Waybill
from station_app.values.refusal import Refusal

KNOWN_HERE = (ON_HAND, GONE)
# What speaks against a parcel, told apart by ear: its tone, and what the voice says.
HEARD = {
    "parcels.ON_HAND_ALREADY": ("duplicate", "on_hand"),
    "parcels.HANDED_OVER_ALREADY": ("gone", "handed_over"),
    "parcels.EXPECTED_ELSEWHERE": ("stop", "elsewhere"),
    "parcels.SHELVES_FULL": ("full", "full"),
    "parcels.LAYER_FULL": ("full", "full"),
    "parcels.NO_CODE_FREE": ("full", "full"),
    "parcels.UNREADABLE_WAYBILL": ("warn", "unreadable"),
    "parcels.COURIER_NOT_CHOSEN": ("warn", "unknown"),
}
MAY_COME_IN = ("parcels.HANDED_OVER_ALREADY", "parcels.EXPECTED_ELSEWHERE")


class IntakePage(IntakeView):
    """Scan parcels in, one after another."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page with an empty round."""
        super().__init__(counter, key, outfit)
        self._next = ""
        self.corrections = Corrections(self)
        self._connect()
        self.show_hand()

    def _connect(self) -> None:
        parcel = self.parcel
        parcel.tail_typed.connect(self._type_tail)
        parcel.candidate_chosen.connect(self._choose_candidate)
        parcel.person.pressed.connect(self._choose_again)
        parcel.courier_chosen.connect(lambda code: self._change(courier=code))
        parcel.name_typed.connect(self._type_name)
        parcel.phone_typed.connect(lambda phone: self._change(phone=phone, focus=False))
        parcel.amounts_changed.connect(self._type_amounts)
        parcel.size_chosen.connect(lambda size: self._change(size=size, focus=False))
        parcel.register.clicked.connect(lambda _=False: self._register())
        parcel.consent.clicked.connect(lambda _=False: self._record_consent())
        parcel.banner.add_button(
            self.say("parcels.intake.go_on"), "Ctrl+G", self._take_all_the_same
        )
        self.round.name_wanted.connect(self.corrections.ask_receiver)
        self.round.row_chosen.connect(lambda _parcel: self.touch_actions())
        self.place.asked.connect(self._ask_place)
        self.place.shelf_chosen.connect(self._choose_place)

    # --- What it says about itself ---------------------------------------------------------------

    def draft(self) -> Draft | None:
        """Return the parcel in hand and since when the round has been going on."""
        entry, since = self.hand.entry, self.hand.since
        if self.hand.is_summed_up:
            return None
        kept = {"since": since, "here_since": self.hand.here_since, "back": self.hand.back}
        if entry is None or self.hand.fixing:
            return kept if since else None
        return kept | {"entry": entry_as_draft(entry)}

    def resume(self, draft: Draft) -> str:
        """Take up the round, and the parcel that was in hand."""
        self.hand.since = int(draft.get("since", 0))
        self._open_books(str(draft.get("here_since", "")), str(draft.get("back", "")))
        self.reload()
        kept: Mapping[str, Any] = draft.get("entry", {})
        if not kept:
            return ""
        self._begin(str(kept["waybill"]))
        entry = self.hand.entry
        if entry is None:
            return ""
        entry = replace(
            entry,
            courier=str(kept["courier"]) or entry.courier,
            size=str(kept["size"]),
            cod_fen=int(kept["cod_fen"]),
            freight_fen=int(kept["freight_fen"]),
        )
        self.show_amounts(entry)
        self.hand.entry = entry
        if kept["name"]:
            self.hand.is_naming = True
            self.parcel.name.set_text(str(kept["name"]))
            self._type_name(str(kept["name"]))
        else:
            self._type_tail(str(kept["typed"]))
        return self.say("parcels.intake.resumed")

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        entry = self.hand.entry
        if entry is not None:
            return [*self._side_actions(), self._primary(entry)]
        is_over = self.hand.is_summed_up or not self.round.rows
        key = "parcels.intake.home" if is_over else "parcels.intake.finish"
        if is_over and self.hand.here_since:
            key = "parcels.intake.back"
        run = self._leave if is_over else self._sum_up
        tell = Action(self.say("parcels.intake.tell"), "F11", self._tell_receivers, icon="phone")
        return [
            *self.corrections.actions(),
            *([tell] if self.hand.is_summed_up else []),
            Action(self.say("parcels.intake.manual"), "Ctrl+N", self._begin_manual),
            Action(self.say(key), "Esc", run),
        ]

    def _side_actions(self) -> list[Action]:
        name = "by_tail" if self.hand.is_naming else "no_phone"
        actions = [Action(self.say(f"parcels.intake.{name}"), "Ctrl+N", self._switch_naming)]
        if not self.hand.fixing:
            actions.append(Action(self.say("parcels.intake.amounts"), "F11", self._switch_amounts))
        entry = self.hand.entry
        if entry is not None and entry.chosen is not None and entry.candidates:
            actions.append(Action(self.say("parcels.intake.not_her"), "Ctrl+E", self._choose_again))
        actions.append(Action(self.say("parcels.intake.drop"), "Esc", self._drop))
        return actions

    def _primary(self, entry: Entry) -> Action:
        missing = self._missing(entry)
        return Action(
            self.say("parcels.intake.fix" if self.hand.fixing else "parcels.intake.primary"),
            "Enter",
            self._commit,
            kind="primary",
            is_enabled=not missing,
            reason=self.say(f"parcels.intake.missing.{missing}") if missing else "",
        )

    def _missing(self, entry: Entry) -> str:
        """Return what keeps the parcel in hand from the shelf; "" if nothing does."""
        if self.hand.objection is not None:
            return "objection"
        return "amount" if self.parcel.is_amount_wrong() else entry.missing

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Show the round as it is now."""
        self.reload()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Begin with a number, show a parcel of the round, or put a receiver right."""
        if subject.get("here_since"):
            self._open_books(subject["here_since"], subject.get("back", ""))
        elif subject.get("fix"):
            self.corrections.ask_receiver(subject["fix"])
        elif subject.get("waybill"):
            self._take(subject["waybill"])
        elif subject.get("parcel"):
            self.round.table.choose(subject["parcel"])

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Show the round anew after an act, here or elsewhere."""
        kinds = {change.kind.name for change in changes}
        if not changes or kinds & {"parcel", "person", "courier", "station"}:
            self.reload()

    def on_scan(self, scan: Scan) -> bool:
        """Take a waybill; what stands here already is pointed at."""
        code, meaning = scan.code, scan.meaning
        is_waybill = isinstance(code, Waybill) or (
            isinstance(code, Barcode) and code.waybill is not None
        )
        is_known = meaning is not None and meaning.kind in KNOWN_HERE
        is_new = meaning is not None and meaning.kind == NEW
        if is_waybill or is_new:
            self._take(scan.text)
        elif is_known and meaning is not None:
            self._point_at(meaning)
        return is_waybill or is_new or is_known

    def on_escape(self) -> bool:
        """Give up what is in hand, then sum the round up."""
        if self.place.is_asking:
            self.place.stop_asking()
            self.focus_next()
        elif self.hand.entry is not None:
            self._drop()
        elif self.round.rows and not self.hand.is_summed_up:
            self._sum_up()
        elif self.hand.here_since:
            self._leave()
        else:
            return False
        return True

    # --- A parcel comes --------------------------------------------------------------------------

    def _take(self, scanned: str) -> None:
        """Take a scanned number: the next parcel, or the one in hand once more."""
        if self.hand.fixing:
            self._drop()
        entry = self.hand.entry
        if entry is None:
            self._begin(scanned)
        elif entry.waybill == filed_number(scanned):
            self.counter.sounds.play("duplicate")
        elif self._missing(entry):
            self.counter.sounds.play("warn")
            self.counter.front.toast(Notice(self.say("parcels.intake.first_this"), "warn"))
        else:
            self._next = scanned
            self._commit()

    def _begin(self, scanned: str) -> None:
        now = self.counter.desk.now()
        entry, refusal = self.counter.desk.read(
            lambda connection: self.outfit.entering.begin(connection, scanned, now)
        )
        if self.hand.is_summed_up:
            self.hand.is_summed_up = False
            self.hand.since = 0
        self.hand.put_down()
        self.hand.since = self.hand.since or now.at
        self.clear_fields()
        self.reload()
        entry = replace(entry, here_since=self.hand.here_since)
        if refusal is not None:
            self.counter.sounds.play(self.sound_of(refusal))
        if refusal is None or self._object(refusal, entry):
            self.show_amounts(entry)
            if entry.candidates and entry.chosen is None:
                self.parcel.ask_person(entry.candidates)
            self._set(entry)

    def _object(self, refusal: Refusal, entry: Entry) -> bool:
        """Show what speaks against a number; returns whether it may come in all the same."""
        self._speak_of(refusal)
        sentence = self.say(refusal.text_key, **refusal.slots)
        if refusal.reason in MAY_COME_IN:
            is_elsewhere = refusal.reason == "parcels.EXPECTED_ELSEWHERE"
            self.hand.objection = refusal
            self.parcel.banner.tell(sentence, "stop" if is_elsewhere else "warn")
            return True
        self.counter.front.toast(Notice(sentence, "warn"))
        visits = self.counter.desk.read(lambda c: records.by_waybill(c, entry.waybill))
        if visits:
            self.show_stored(visits[0].parcel)
        return False

    def sound_of(self, refusal: Refusal) -> str:
        """Return the tone by which this no is told from the others."""
        return HEARD.get(refusal.reason, ("warn", ""))[0]

    def _speak_of(self, refusal: Refusal) -> None:
        said = HEARD.get(refusal.reason, ("", ""))[1]
        if said:
            self.counter.voice.speak("hindrance", spoken.SENTENCES[said])

    def _take_all_the_same(self) -> None:
        """The operator has seen the objection, and takes the parcel."""
        self.hand.objection = None
        self._change(again=True, stays_here=True)

    def _begin_manual(self) -> None:
        """Begin a parcel whose number cannot be read."""
        self._begin("")
        self.hand.is_naming = True
        self.show_hand()
        self.focus_next()

    def _point_at(self, meaning: Meaning) -> None:
        """Show a parcel that stands here already, or say that it left."""
        parcel = meaning.entity
        if meaning.kind == GONE:
            tell_gone(self, parcel)
            return
        self.counter.sounds.play("duplicate")
        self.counter.voice.speak("hindrance", spoken.SENTENCES["on_hand"])
        if self.hand.entry is None and self.round.table.choose(parcel):
            self.show_stored(parcel)
        elif self.hand.entry is None:
            self.counter.front.open_page("parcels.handover", {"parcel": parcel})
        else:
            self.counter.front.toast(Notice(self.say("parcels.intake.first_this"), "warn"))

    # --- What is typed ---------------------------------------------------------------------------

    def _set(self, entry: Entry, *, focus: bool = True) -> None:
        """Hold another entry: propose a place, show both, put the cursor where it belongs."""
        self.hand.entry = entry
        if not self.hand.fixing:
            now = self.counter.desk.now()
            self.hand.proposal = self.counter.desk.read(
                lambda connection: self.outfit.entering.propose(connection, entry, now)
            )
        self.show_hand()
        if focus:
            self.focus_next()
        self.touch_draft()

    def _change(self, *, focus: bool = True, **changed: Any) -> None:
        if self.hand.entry is not None:
            self._set(replace(self.hand.entry, **changed), focus=focus)

    def _type_tail(self, typed: str) -> None:
        entry = self.hand.entry
        if entry is None:
            return
        found = self.counter.desk.read(
            lambda connection: self.outfit.entering.with_tail(connection, entry, typed)
        )
        if found.candidates and found.chosen is None:
            self.parcel.fold_amounts()
            self.parcel.ask_person(found.candidates)
        self._set(found)

    def _type_name(self, name: str) -> None:
        entry = self.hand.entry
        if entry is None:
            return
        found = self.counter.desk.read(
            lambda connection: self.outfit.entering.with_name(connection, entry, name)
        )
        self.parcel.offer_names(found.candidates)
        self._set(found, focus=False)

    def _type_amounts(self) -> None:
        cod, freight = self.parcel.cod.fen(), self.parcel.freight.fen()
        self._change(cod_fen=cod or 0, freight_fen=freight or 0, focus=False)

    def _choose_candidate(self, number: int) -> None:
        if self.hand.entry is not None:
            chosen = choose(self.hand.entry, number)
            self.hand.is_naming = self.hand.is_naming and chosen.chosen is None
            if chosen.chosen is not None:
                chosen = replace(chosen, typed=chosen.chosen.tail)
            self._set(chosen)

    def _choose_again(self) -> None:
        """List everybody of the tail again: she who was taken alone may not be the one."""
        entry = self.hand.entry
        if entry is not None and entry.candidates:
            self.parcel.ask_person(entry.candidates)
            self._set(replace(entry, chosen=None, is_nobody=False))

    def _switch_naming(self) -> None:
        """Write a name instead of a tail, or go back to the tail."""
        if self.hand.entry is None:
            return
        self.hand.is_naming = not self.hand.is_naming
        self.parcel.name.set_text("")
        self.parcel.offer_names(())
        self._change(typed="", name="", phone="", candidates=(), chosen=None, is_nobody=False)

    def _switch_amounts(self) -> None:
        is_opened = self.parcel.amounts.isHidden()
        self.parcel.amounts.show()
        if not is_opened and self.parcel.fold_amounts():
            self.focus_next()
        else:
            self.parcel.cod.setFocus()

    # --- Acts ------------------------------------------------------------------------------------

    def _commit(self) -> None:
        entry, hand = self.hand.entry, self.hand
        if entry is None or self._missing(entry):
            return
        if hand.fixing:
            self.corrections.commit_receiver(entry)
            return
        code = hand.proposal.code if hand.proposal else None
        command = entry.command(code.serial if code else 0)
        self.perform(command, done=self._shelved, refused=self._refused)

    def _shelved(self, done: Done) -> None:
        parcel = done.told[0].subject if done.told else ""
        self.corrections.undoable.append(done.act)
        self.hand.put_down()
        row = self.counter.desk.read(lambda c: records.parcel_row(c, parcel))
        self.reload()
        if row is not None:
            receiver = self.counter.desk.read(lambda c: self.shown.receiver(c, row))
            name = receiver.name or receiver.tail
            self.tell_done(self.say("parcels.intake.done", code=str(row.code), name=name), done)
            self.show_stored(row.parcel)
            self.counter.voice.speak("place", read_out(row.code))
        scanned, self._next = self._next, ""
        if scanned:
            self._begin(scanned)
        else:
            self.focus_next()

    def _refused(self, refusal: Refusal) -> None:
        """Show a no beside what it is about; the input stays."""
        self._next = ""
        if self.hand.entry is not None:
            self._object(refusal, self.hand.entry)
        self.show_hand()
        self.focus_next()

    def _register(self) -> None:
        entry = self.hand.entry
        if entry is not None:
            fault = self.parcel.name.show_fault
            register_person(self, entry, done=self._is_registered, refused=fault)

    def _is_registered(self, chosen: Candidate) -> None:
        self.hand.is_naming = False
        self._change(chosen=chosen, typed=chosen.tail, is_nobody=False)

    def _record_consent(self) -> None:
        chosen = self.hand.entry.chosen if self.hand.entry else None
        if chosen is not None and chosen.person:
            record_consent(self, chosen, done=lambda asked: self._change(chosen=asked))

    def _ask_place(self) -> None:
        """Choose another place: for the parcel in hand, else for the current row."""
        if self.hand.entry is not None or self.round.current() is not None:
            self.parcel.fold_amounts()
            self.placing.ask()
            self.setFocus()

    def _choose_place(self, value: str) -> None:
        layer = self.placing.choose(value)
        if layer is None:
            return
        is_full = self.placing.is_full(layer)
        if self.hand.entry is not None and not self.hand.fixing:
            self._change(layer=layer, may_crowd=is_full)
        else:
            self.corrections.move(layer, may_crowd=is_full)

    # --- Between two parcels ---------------------------------------------------------------------

    def _drop(self) -> None:
        """Give up what is in hand; nothing of it was recorded."""
        self.hand.put_down()
        self.place.stop_asking()
        self.placing.show_nothing()
        self.show_hand()
        self.focus_next()
        self.keep_draft()

    def _open_books(self, here_since: str, back: str) -> None:
        """Take in what stood here before the books began; "" ends that."""
        self.hand.here_since, self.hand.back = here_since, back
        self.opening.setVisible(bool(here_since))
        self.touch_actions()

    def _leave(self) -> None:
        """Go home, or back to the first day, which a round of old parcels ends."""
        back = self.hand.back
        if not self.hand.here_since:
            self.counter.front.go_home()
            return
        self._open_books("", "")
        self.counter.front.open_page(back)

    def _tell_receivers(self) -> None:
        self.counter.front.open_page(OVERDUE_PAGE, {"show": "all"})

    def _sum_up(self) -> None:
        """End the round: say what it came to; the next scan begins another."""
        self.hand.is_summed_up = True
        self.corrections.undoable.clear()
        self.show_hand()
        self.keep_draft()
