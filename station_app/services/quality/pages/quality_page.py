"""The desk of promises (合格证): what lacks one, what is written down of a lot or of a grower.

The list at the left has the lots that a promise goes with, those that lack it on top; typing a name
lists growers instead, for their fields and certificates. One act at the right.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.journal.projection import StateChange
from station_app.reference import produce_records as reference
from station_app.reference.goods_records import produce_named
from station_app.services.quality import records
from station_app.services.quality.commands import PrintPromise, RecordTest
from station_app.services.quality.outfit import Outfit
from station_app.services.quality.pages.form import ISSUE, OF_LOT, QualityForm
from station_app.services.quality.records import Lot
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Pill, Row, Text
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.panels import EmptyState, Panel, Places
from station_app.shell.widgets.photographing import KEY, AttachedPhoto
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint
from station_app.shell.widgets.work_places import WorkPlaces
from station_app.values.day import say_day
from station_app.values.refusal import Refusal
from station_app.values.villagers import Reachable

RIGHT_WIDTH, ROW_HEIGHT, FOUND_MAX = 480, 60, 8


class QualityPage(Page):
    """Takes, issues and lists promises; writes down tests, fields and certificates."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page with the lots of half a year."""
        super().__init__(counter, key)
        self._outfit = outfit
        self._papers = outfit.papers
        self._lots: dict[str, Lot] = {}
        self._people: dict[str, Reachable] = {}
        self.photo = AttachedPhoto(self, outfit.photos, KEY, self._photo_turned)
        say = self.say
        self.who = TextField(counter.texts, say("quality.page.who"), chinese=True)
        self.list = ListTable(
            (Column("what"), Column("paper", 190, "right")),
            name=say("quality.tab"),
            row_height=ROW_HEIGHT,
        )
        self.form = QualityForm(counter)
        self._lay_out()
        self.who.changed.connect(lambda _typed: self._read())
        self.list.current_changed.connect(lambda _subject: self._show())
        self.form.changed.connect(self._show)
        counter.privacy.listen(self._read)
        self._read()

    def _lay_out(self) -> None:
        say = self.say
        self._empty = EmptyState("leaf", say("quality.page.no_lots"), say("quality.page.tip"))
        listed = Panel(margins=(1, 8, 1, 4), spacing=6)
        place = QWidget()
        row = QVBoxLayout(place)
        row.setContentsMargins(18, 0, 18, 0)
        row.addWidget(self.who)
        self._lists = Places()
        self._lists.addWidget(self._empty)
        self._lists.addWidget(self.list)
        listed.body.addWidget(place)
        listed.body.addWidget(self._lists, 1)
        right = Panel("active", margins=(20, 10, 20, 10), spacing=7)
        right.setFixedWidth(RIGHT_WIDTH)
        self._name = Words("", theme.TITLE, bold=True).elided()
        self._small = hint("", wrap=True)
        for widget in (self._name, self._small, self.form):
            right.body.addWidget(widget)
        right.body.addStretch(1)
        self._right = right
        self._stack = WorkPlaces(self, (listed, right), home=self.list, photo=self.photo)

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("quality.tab")

    def first_focus(self) -> QWidget | None:
        """Return the list: digits choose what is written down."""
        return self.list if self._lots or self._people else self.who

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._right.body.setContentsMargins(*((16, 4, 16, 4) if is_compact else (20, 10, 20, 10)))
        self._right.body.setSpacing(3 if is_compact else 7)
        self.form.set_compact(compact=is_compact)
        self.list.set_compact(compact=is_compact)

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        if self.photo.is_open:
            return self.photo.actions()
        say, kind = self.say, self.form.kind
        actions = [Action(say("quality.page.list"), "Ctrl+P", self._print_list)]
        if kind not in (ISSUE, "plot"):
            actions += self.photo.actions()
        missing = self._missing()
        label = say(f"quality.page.do_{kind}")
        reason = say(f"quality.page.missing_{missing}") if missing else ""
        return [
            *actions,
            Action(label, "Enter", self._commit, "primary", is_enabled=not missing, reason=reason),
        ]

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Read what came in."""
        self._read()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Read anew what papers there are."""
        kinds = {"lot", "plot", "certificate"}
        if not changes or any(change.kind.name in kinds for change in changes):
            self._read()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Choose a lot."""
        if subject.get("lot"):
            self.list.choose(subject["lot"])
            self._show()

    def on_digit(self, digit: int) -> bool:
        """Choose what is written down, or one of its row."""
        return self.form.take_digit(digit)

    def on_escape(self) -> bool:
        """Leave the photo; then the search; then what was typed."""
        if self.photo.is_open:
            self.photo.leave()
            return True
        if self.who.text():
            self.who.set_text("")
            self._read()
            self.list.setFocus()
            return True
        return False

    def left(self) -> None:
        """Nobody is photographed behind another page."""
        self.photo.leave()

    def _photo_turned(self) -> None:
        self._stack.turn_photo()

    # --- Showing ---------------------------------------------------------------------------------

    def _read(self) -> None:
        typed = self.who.text().strip()
        read = self.counter.desk.read
        self._lots, self._people = {}, {}
        if typed:
            found = read(lambda c: self._outfit.people.find(c, typed))[:FOUND_MAX]
            self._people = {one.identity: one for one in found}
            rows = read(lambda c: [self._person_row(c, one) for one in found])
        else:
            self._lots = dict(read(self._read_lots))
            rows = read(lambda c: [self._lot_row(c, *item) for item in self._lots.items()])
        self.list.show_rows(rows)
        if rows and not self.list.current():
            self.list.choose(rows[0].subject)
        self._lists.setCurrentWidget(self.list if rows else self._empty)
        self._show()

    def _read_lots(self, connection: Any) -> list[tuple[str, Lot]]:
        """Return the lots that a promise goes with, those that lack it on top."""
        today = self.counter.desk.now().day
        found = records.lots_since(connection, records.kept_since(connection, today))
        kept = [item for item in found if records.asks_promise(connection, item[1])]
        return sorted(kept, key=lambda item: not records.lacks_promise(connection, item[1]))

    def _lot_row(self, connection: Any, identity: str, lot: Lot) -> Row:
        day = say_day(lot.day, self.counter.desk.now().day)
        whose = "、".join(self._name_of(connection, one) for one in lot.growers[:2])
        name = self._called(connection, lot)
        small = f"{whose}·{self._papers.number(identity, lot)}·{day}"
        if lot.samples:
            small += "·" + self.say("quality.page.sealed", numbers="、".join(lot.samples))
        return Row(identity, (Text(name, theme.STRONG, bold=True, small=small), self._pill(lot)))

    def _called(self, connection: Any, lot: Lot) -> str:
        sort = produce_named(connection, lot.produce)
        return f"{sort.name if sort else lot.produce} {lot.grade}".rstrip()

    def _pill(self, lot: Lot) -> Pill:
        if lot.recalled or lot.failed:
            return Pill(self.say("quality.page.stopped", why=lot.recalled or lot.failed), "stop")
        if lot.promise in ("given", "issued", "declined"):
            return Pill(self.say(f"quality.promise.{lot.promise}"), "ok")
        return Pill(self.say(f"quality.page.{'mixed' if lot.is_mixed else 'lacks'}"), "warn")

    def _person_row(self, connection: Any, one: Reachable) -> Row:
        plots = records.plots_of(connection, one.identity)
        papers = records.certificates_of(connection, one.identity)
        small = self.say("quality.page.of_grower", plots=len(plots), papers=len(papers))
        name = self.counter.privacy.name(one.name)
        return Row(one.identity, (Text(name, theme.STRONG, bold=True, small=small), None))

    def _name_of(self, connection: Any, person: str) -> str:
        known = self._outfit.people.person(connection, person)
        return self.counter.privacy.name(known.name) if known else ""

    def _grower(self) -> str:
        """Return whose fields and certificates are written down, "" for several or nobody."""
        current = self.list.current()
        if current in self._people:
            return current
        lot = self._lots.get(current)
        return lot.growers[0] if lot is not None and len(lot.growers) == 1 else ""

    def _show(self) -> None:
        current, say = self.list.current(), self.say
        lot, person = self._lots.get(current), self._people.get(current)
        self._name.setText("")
        words = ""
        if lot is not None:
            self._name.setText(self.counter.desk.read(lambda c: self._called(c, lot)))
            form = "buyer" if lot.is_mixed else "producer"
            words = self._papers.promise_words(lot)
            if self.form.kind == ISSUE:
                words = say(f"quality.page.form_{form}")
            words = "　".join(part for part in (self._papers.number(current, lot), words) if part)
        elif person is not None:
            self._name.setText(self.counter.privacy.name(person.name))
        self._small.setText(words)
        self._small.setVisible(bool(words))
        self.touch_actions()

    def _missing(self) -> str:
        current = self.list.current()
        if not current:
            return "row"
        if self.form.kind in OF_LOT:
            return self.form.missing() if current in self._lots else "lot"
        if not self._grower():
            return "grower"
        missing = self.form.missing()
        is_asked = self.form.kind == "plot" or bool(self._typed_sort())
        return missing or ("produce" if is_asked and not self._sort() else "")

    def _typed_sort(self) -> str:
        return self.form.fields["produce"].text().strip()

    def _sort(self) -> str:
        """Return the code of the sort that was typed, "" for none or an unknown one."""
        typed = self._typed_sort()
        day = self.counter.desk.now().day
        found = self.counter.desk.read(lambda c: reference.find_sorts(c, typed, day))
        return found[0].code if found else ""

    # --- Doing -----------------------------------------------------------------------------------

    def _print_list(self) -> None:
        now = self.counter.desk.now()
        self._outfit.put_out(self.counter.desk.read(lambda c: self._papers.inspection(c, now)))
        self.counter.sounds.play("ok")
        self.counter.front.toast(Notice(self.say("quality.page.printed")))

    def _commit(self) -> None:
        if self._missing():
            return
        kind = self.form.kind
        command = self.form.command(
            lot=self.list.current(),
            person=self._grower(),
            produce=self._sort(),
            photos=self.photo.names,
        )
        is_stopped = isinstance(command, RecordTest) and not command.is_passed
        words = self.say(f"quality.page.done_{'stopped' if is_stopped else kind}")
        more = (PrintPromise(act=self.ticket),) if kind == ISSUE else ()

        def done(outcome: Done) -> None:
            self.photo.forget()
            self.form.clear()
            self._read()
            self.tell_done(words, outcome, sound="warn" if is_stopped else "ok")
            self.list.setFocus()

        self.perform(command, *more, done=done, refused=self._refused)

    def _refused(self, refusal: Refusal) -> None:
        field = self.form.first_field()
        place = field if isinstance(field, TextField) else self.who
        place.say_fault(refusal.text_key, **refusal.slots)
