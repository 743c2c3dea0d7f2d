"""The register of people (村民档案): find somebody, see all, put right, ask, and erase.

Finding is by whatever is typed. Everybody who fits is listed and nobody is chosen for the
operator. Erasing is asked beforehand, since it is the one thing here that cannot be taken back.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from station_app.journal.projection import StateChange
from station_app.services.people import records
from station_app.services.people.commands import (
    AmendPerson,
    ErasePerson,
    LimitCredit,
    RecordConsent,
    RegisterPerson,
)
from station_app.services.people.outfit import Outfit
from station_app.services.people.pages.finder import Finder
from station_app.services.people.pages.merge_panel import MergePanel
from station_app.services.people.pages.register_parts import (
    ConsentPanel,
    CreditPanel,
    PersonForm,
    PersonPanel,
    TracePanel,
    column_of,
)
from station_app.services.people.pages.sensitive import SensitivePanels
from station_app.services.people.rules import Person
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.offers import Hit
from station_app.shell.page import Action, Page
from station_app.shell.widgets.panels import Banner, EmptyState
from station_app.values.money import say_yuan
from station_app.values.refusal import Refusal

HANDOVER_PAGE = "parcels.handover"
HITS_MAX = 60  # of all slices together
Mode = Literal["look", "new", "edit", "credit", "erase", "merge"]
FIELD_OF = {
    "people.NAME_MISSING": "name",
    "people.NAME_TOO_LONG": "name",
    "people.KNOWN_ALREADY": "name",
    "people.ID_NUMBER_WRONG": "id_number",
    "people.REMARK_TOO_LONG": "remark",
}


class RegisterPage(Page):
    """Everybody whom the station knows."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page with nobody chosen."""
        super().__init__(counter, key)
        self._outfit = outfit
        self._mode: Mode = "look"
        self._person = ""
        self._state: Person | None = None
        self._hits: list[Hit] = []
        self._is_whole = False
        self._is_another = False
        self._build()
        counter.privacy.listen(self._show)
        self.finder.seek("")
        self._show()

    def _build(self) -> None:
        self.finder = Finder(self.counter)
        self.finder.chosen.connect(self._choose)
        self.finder.new_wanted.connect(self._begin_new)
        self.card = PersonPanel(self.counter)
        self.card.edit.clicked.connect(lambda _=False: self._begin_edit())
        self.card.whole.clicked.connect(lambda _=False: self._switch_whole())
        self.consents = ConsentPanel(self.counter)
        self.consents.answered.connect(self._answer)
        self.credit = CreditPanel(self.counter)
        self.credit.changed.connect(self.touch_actions)
        self.sensitive = SensitivePanels(
            self, self._outfit, lambda: self._person, self._sensitive_changed
        )
        self.card.look.clicked.connect(lambda _=False: self.sensitive.ask_id())
        self.card.assist.clicked.connect(lambda _=False: self.sensitive.open_assist())
        self.traces = TracePanel(self.counter)
        self.traces.opened.connect(self._open_trace)
        self.banner = Banner("", "stop")
        self.banner.hide()
        self.merging = MergePanel(self, self.banner)
        self.card.show_person(Person(), family=0, is_whole=False)
        self.traces.show_hits(())
        self.form = PersonForm(self.counter)
        self.form.changed.connect(self._typed)
        self._nobody = EmptyState(
            "people", self.say("people.register.nobody"), self.say("people.register.nobody_small")
        )
        gap = theme.FULL.gap
        look = QWidget()
        self._column = column_of(
            self.banner, self.card, *self.sensitive.panels, self.consents, self.credit, self.traces,
            spacing=gap,
        )  # fmt: skip
        look.setLayout(self._column)
        self._stack = QStackedWidget()
        self._look = look
        for widget in (self._nobody, look, self.form):
            self._stack.addWidget(widget)
        self._row = QHBoxLayout()
        self._row.setSpacing(gap)
        self._row.addWidget(self.finder)
        self._row.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._row)

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("people.tab.register")

    def first_focus(self) -> QWidget | None:
        """Return the field in which somebody is looked for, or the form's first."""
        return self.form.name.line if self._mode in ("new", "edit") else self.finder.field.line

    def facts_behind(self) -> Mapping[str, str] | None:
        """Return who is shown: what was said of them, and up to how much they may owe."""
        return {"entity": self._person, "title": self.title} if self._state is not None else None

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        if self._mode in ("new", "edit"):
            return self._actions_of_form()
        if self._mode == "erase":
            return self._actions_of_erasure()
        if self._mode == "credit":
            return self._actions_of_credit()
        if self._mode == "merge":
            return self.merging.actions()
        if self._state is None or self._state.is_erased:
            return []
        name = self.counter.privacy.name(self._state.name)
        return [
            Action(self.say("people.register.erase"), "Shift+Del", self._ask_erase, kind="danger"),
            Action(self.say("people.merge.act"), "Ctrl+M", self._begin_merging, icon="merge"),
            *self.merging.apart(self._person),
            Action(self.say("people.credit.title"), "F11", self._ask_credit, icon="book"),
            Action(
                self.say("people.register.parcels", name=name),
                "Enter",
                self._hand_over,
                kind="primary",
            ),
        ]

    def _actions_of_form(self) -> list[Action]:
        name = self.form.name.text()
        key = "save_new" if self._mode == "new" else "save"
        if self._is_another:
            key = "save_another"
        return [
            Action(self.say("people.register.leave"), "Esc", self._leave),
            Action(
                self.say(f"people.register.{key}"),
                "Enter",
                self._save,
                kind="primary",
                is_enabled=bool(name),
                reason="" if name else self.say("people.register.name_first"),
            ),
        ]

    def _actions_of_credit(self) -> list[Action]:
        limit, is_manager = self.credit.limit.fen(), self.counter.desk.now().is_manager
        reason = "" if limit is not None else self.say("people.credit.amount_first")
        if not is_manager:
            reason = self.say("people.refusal.ONLY_A_MANAGER")
        words = self.say("people.credit.set", amount=say_yuan(limit or 0))
        return [
            Action(self.say("people.register.leave"), "Esc", self._leave),
            Action(
                words, "Enter", self._set_credit, kind="primary", is_enabled=not reason,
                reason=reason,
            ),
        ]  # fmt: skip

    def _actions_of_erasure(self) -> list[Action]:
        assert self._state is not None
        label = self.say("people.register.erase_now", name=self._state.name)
        return [
            Action(self.say("people.register.keep"), "Esc", self._leave),
            Action(label, "Enter", self._erase, kind="primary"),
        ]

    def draft(self) -> Draft | None:
        """Return what stands half-typed in the form."""
        if self._mode not in ("new", "edit"):
            return None
        texts = {str(n): field.text() for n, field in enumerate(self.form.fields())}
        return {"person": self._person if self._mode == "edit" else "", "texts": texts}

    def resume(self, draft: Draft) -> str:
        """Take up a half-typed form."""
        texts: Mapping[str, str] = draft["texts"]
        if draft["person"]:
            self._choose(draft["person"])
            self._begin_edit()
        else:
            self._begin_new("")
        for number, field in enumerate(self.form.fields()):
            field.set_text(texts.get(str(number), ""))
        self.touch_actions()
        return self.say("people.register.resumed")

    # --- What the window tells it ----------------------------------------------------------------

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Show somebody, or begin with a name."""
        if subject.get("person"):
            self._choose(subject["person"])
        elif subject.get("name"):
            self._begin_new(subject["name"])

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Show people as they are now."""
        self.finder.again()
        if self._person:
            self._load()
        self._show()

    def on_escape(self) -> bool:
        """Leave the form or the question, then empty the search."""
        if self.sensitive.is_open:
            self.sensitive.end()
            self._show()
        elif self._mode == "merge":
            self.leave_merging()
        elif self._mode != "look":
            self._leave()
        elif self.finder.field.text():
            self.finder.clear()
        else:
            return False
        return True

    def left(self) -> None:
        """Leave nobody's number on a page that is not looked at."""
        self.sensitive.end()

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        gap = theme.COMPACT.gap if is_compact else theme.FULL.gap
        self._row.setSpacing(gap)
        self._column.setSpacing(gap)
        self.card.body.setContentsMargins(20, *((8, 20, 8) if is_compact else (14, 20, 14)))
        self.consents.body.setContentsMargins(20, *((4, 20, 4) if is_compact else (10, 20, 10)))

    # --- Showing ---------------------------------------------------------------------------------

    def _choose(self, person: str) -> None:
        """Show a villager; a half-typed form is left alone."""
        if self._mode in ("new", "edit"):
            return
        if self._mode == "merge":
            self.merging.choose(person)
            self.show_merging()
            return
        if person != self._person:
            self.sensitive.end()
        self._person, self._mode, self._is_whole = person, "look", False
        self._load()
        self._show()

    @property
    def person(self) -> str:
        """Return who is shown, "" for nobody."""
        return self._person

    def show_person(self, person: str) -> None:
        """Show somebody after what was done to her record."""
        self._mode = "look"
        self.finder.again()
        self._choose(person)
        self.finder.field.setFocus()

    def _begin_merging(self) -> None:
        self.sensitive.end()
        self._mode = "merge"
        self.merging.begin(self._person)
        self.finder.clear()
        self.show_merging()

    def show_merging(self) -> None:
        """Show the record that stays, and what is asked about it."""
        self._person = self.merging.kept
        self._load()
        self._show()

    def leave_merging(self) -> None:
        """Merge nothing."""
        self.merging.end()
        self._leave()

    def _load(self) -> None:
        self._person = self.counter.desk.read(lambda c: records.root_of(c, self._person))
        names = self.counter.desk.read(lambda c: records.names_of(c, self._person))
        self._state = self.counter.desk.read(lambda c: records.person_state(c, self._person))
        self._hits = self.counter.desk.read(lambda c: self._outfit.traced(c, names))[:HITS_MAX]
        self.card.show_open(self.counter.desk.read(lambda c: self._outfit.open_with(c, names)))

    def _show(self) -> None:
        state = self._state
        if self._mode in ("new", "edit"):
            self._stack.setCurrentWidget(self.form)
        elif state is None:
            self._stack.setCurrentWidget(self._nobody)
        else:
            self._stack.setCurrentWidget(self._look)
            family = self.counter.desk.read(lambda c: records.household(c, state.household))
            may_look = self._mode == "look"
            self.card.show_person(
                state, family=len(family), is_whole=self._is_whole, may_look=may_look
            )
            self.card.show_credit(self.counter.desk.read(lambda c: records.credit(c, self._person)))
            self.credit.setVisible(self._mode == "credit")
            self.consents.show_person(state, self.counter.desk.now().day)
            is_plain = self._mode == "look" and not self.sensitive.is_open
            self.consents.setVisible(is_plain and not state.is_erased)
            self.traces.show_hits(self._hits)
            self.traces.setVisible(not self.sensitive.assist.is_open)
            self.banner.setVisible(self._mode == "erase" or self._tells_of_merging())
            if self._mode != "merge":
                self.finder.mark(self._person)
        self.touch_actions()

    def _tells_of_merging(self) -> bool:
        """Say in the banner what is merged, or about to be; return whether there is a word."""
        if self._mode == "merge":
            self.merging.tell()
            return True
        return self._mode == "look" and self.merging.tell_merged(self._person)

    def _switch_whole(self) -> None:
        self._is_whole = not self._is_whole
        self._show()

    def _open_trace(self, number: int) -> None:
        hit = self._hits[number]
        self.counter.front.open_page(hit.page, hit.subject)

    def _hand_over(self) -> None:
        self.counter.front.open_page(HANDOVER_PAGE, {"person": self._person})

    # --- The form --------------------------------------------------------------------------------

    def _begin_new(self, name: str) -> None:
        self._mode, self._is_another = "new", False
        self.form.fill(self.say("people.register.new_title"), Person(name=name))
        if name:
            self.form.pinyin.set_text(self.form.details().pinyin)
        self._show()
        self.form.name.setFocus()

    def _begin_edit(self) -> None:
        if self._state is None or self._state.is_erased:
            return
        self._mode, self._is_another = "edit", False
        title = self.say("people.register.edit_title", name=self._state.name)
        self.form.fill(title, self._state)
        self._show()
        self.form.name.setFocus()

    def _typed(self) -> None:
        self._is_another = False
        self.touch_actions()
        self.touch_draft()

    def _leave(self) -> None:
        self._mode = "look"
        self._show()
        self.finder.field.setFocus()
        self.keep_draft()

    def _save(self) -> None:
        details = self.form.details()
        command: RegisterPerson | AmendPerson
        if self._mode == "new":
            command = RegisterPerson(details=details, is_another=self._is_another)
        else:
            command = AmendPerson(person=self._person, details=details)
        self.perform(command, done=self._saved, refused=self._refused)

    def _saved(self, done: Done) -> None:
        name = self.form.name.text()
        was_new = self._mode == "new"
        self._mode = "look"
        if was_new:
            self._choose(done.told[0].subject)
        else:
            self._load()
        self.finder.again()
        self._show()
        self.finder.field.setFocus()
        key = "registered" if was_new else "amended"
        self.tell_done(self.say(f"people.register.{key}", name=name), done)

    def _refused(self, refusal: Refusal) -> None:
        """Show the sentence under its field; the same key once more means another person."""
        sentence = self.say(refusal.text_key, **refusal.slots)
        field = getattr(self.form, FIELD_OF.get(refusal.reason, "name"))
        field.show_fault(sentence)
        field.setFocus()
        self._is_another = refusal.reason == "people.KNOWN_ALREADY"
        self.touch_actions()

    # --- Credit, consent and erasure -------------------------------------------------------------

    def _sensitive_changed(self) -> None:
        self._show()
        if not self.sensitive.takes_digits:
            self.finder.field.setFocus()

    def _ask_credit(self) -> None:
        self._mode = "credit"
        self.credit.ask(self.counter.desk.read(lambda c: records.credit(c, self._person)))
        self._show()
        self.credit.limit.setFocus()

    def _set_credit(self) -> None:
        command = LimitCredit(person=self._person, limit_fen=self.credit.limit.fen() or 0)

        def done(outcome: Done) -> None:
            self._mode = "look"
            self._load()
            self._show()
            self.finder.field.setFocus()
            self.tell_done(self.say("people.credit.done"), outcome)

        def refused(refusal: Refusal) -> None:
            self.credit.limit.say_fault(refusal.text_key, **refusal.slots)

        self.perform(command, done=done, refused=refused)

    def _answer(self, matter: str, answer: str) -> None:
        way = self.consents.ways.value() or "in_person"
        command = RecordConsent(person=self._person, matter=matter, answer=answer, way=way)

        def done(outcome: Done) -> None:
            self._load()
            self._show()
            self.tell_done(self.say("people.register.answered"), outcome)

        self.perform(command, done=done)

    def _ask_erase(self) -> None:
        assert self._state is not None
        self._mode = "erase"
        self.banner.tell(
            self.say("people.register.erase_title", name=self._state.name),
            "stop",
            small=self.say("people.register.erase_small"),
        )
        self._show()
        self.setFocus()

    def _erase(self) -> None:
        person = self._person

        def gather(connection: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
            names = records.names_of(connection, person)
            found: list[str] = []
            for ask in self._outfit.facts_about:
                found += ask(connection, names)
            return names, tuple(found)

        names, facts = self.counter.desk.read(gather)

        def done(_outcome: Done) -> None:
            self._mode = "look"
            self._load()
            self.finder.clear()
            self._show()
            self.counter.sounds.play("ok")
            self.counter.front.toast(Notice(self.say("people.register.erased_done"), "notice"))

        self.perform(ErasePerson(person=person, names=names, facts=facts), done=done)
