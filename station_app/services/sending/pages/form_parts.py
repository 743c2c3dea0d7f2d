"""The left and the middle of the page of sending: who sends, what, and to whom.

What was typed is judged as it is typed, by the same rules that decide. The number of the sender's
paper stands here only until it has been checked: then its last four signs are left.
"""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.services.sending import accepting
from station_app.services.sending.records import KnownReceiver
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.drafts import Draft
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import TextField, in_row
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel, StepBadge
from station_app.shell.widgets.words import hint
from station_app.values.masks import TAIL
from station_app.values.refusal import Refusal

LOOKED, FOUND = "looked", "found"
DOCUMENT_DIGIT = 5  # 1 to 4 are what was seen, and who pays
STACKED_HEIGHT = 54


def head_with(badge: StepBadge, button: KeyButton) -> QHBoxLayout:
    """Return the heading of a step with what may be opened from it at its right."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(badge, 1)
    row.addWidget(button)
    return row


class SenderPart(QWidget):
    """1 谁寄的, 2 寄什么. Signals: changed; person_wanted."""

    changed = Signal()
    person_wanted = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__()
        self._counter = counter
        texts = counter.texts
        self.person = ""
        find = KeyButton(self._say("person"), "Ctrl+E", kind="ghost", height=44)
        find.clicked.connect(lambda _=False: self.person_wanted.emit())
        self.name = TextField(texts, self._say("sender"), chinese=True)
        self.phone = TextField(texts, self._say("phone"))
        documents = [
            Choice(one, counter.say(f"sending.document.{one}")) for one in accepting.DOCUMENTS
        ]
        self.documents = ChoiceRow(
            documents, first=DOCUMENT_DIGIT, height=STACKED_HEIGHT, stacked=True
        )
        self.documents.set_value(accepting.ID_CARD)
        self.number = TextField(texts, self._say("number"), limit=accepting.NUMBER_MAX)
        self._seen = hint("", wrap=True, ink="pressed")
        self.contents = TextField(texts, self._say("contents"), chinese=True)
        self.looked = ChoiceRow(
            [
                Choice(LOOKED, self._say("looked"), "ok"),
                Choice(FOUND, self._say("found"), "stop"),
            ]
        )
        self._warning = hint("", wrap=True, ink="warn")
        who = Panel(margins=(16, 8, 16, 8), spacing=4)
        self._names = in_row(self.name, self.phone, spacing=8)
        who.body.addLayout(self._names)
        who.body.addWidget(self.documents)
        shown = QHBoxLayout()
        shown.setSpacing(12)
        shown.addWidget(self.number, 1)
        shown.addWidget(self._seen, 1, Qt.AlignmentFlag.AlignBottom)
        who.body.addLayout(shown)
        what = Panel(margins=(16, 8, 16, 8), spacing=4)
        for widget in (self.contents, self.looked, self._warning):
            what.body.addWidget(widget)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addLayout(head_with(StepBadge(1, self._say("who")), find))
        self._column.addWidget(who)
        self._column.addWidget(StepBadge(2, self._say("what")))
        self._column.addWidget(what)
        self._column.addStretch(1)
        self._panels = (who, what)
        fields = (self.name, self.phone, self.number, self.contents)
        for former, following in pairwise(fields):
            QWidget.setTabOrder(former.line, following.line)
        for field in (self.name, self.phone, self.contents):
            field.changed.connect(lambda _text: self.changed.emit())
        self.number.changed.connect(lambda _text: self._number_typed())
        self.documents.chosen.connect(lambda _which: self._number_typed())
        self.looked.chosen.connect(lambda _which: self.changed.emit())

    def _say(self, key: str, /, **slots: object) -> str:
        return self._counter.say(f"sending.form.{key}", **slots)

    def take_number(self, scanned: str) -> None:
        """Take the number of an ID card that was scanned."""
        self.documents.set_value(accepting.ID_CARD)
        self.number.set_text(scanned)
        self._number_typed()

    def _number_typed(self) -> None:
        """Check a number, and keep no more of it than its last four signs."""
        typed = self.number.text()
        document = self.documents.value()
        refusal = accepting.number_refused(document, typed) if typed else None
        is_short = len(accepting.bare_number(typed)) < accepting.ID_CHARACTERS
        is_whole = document != accepting.ID_CARD or not is_short
        if refusal is None and typed and is_whole and len(accepting.bare_number(typed)) > TAIL:
            typed = accepting.kept_tail(typed)
            self.number.set_text(typed)
        self.changed.emit()

    # --- What stands in it -----------------------------------------------------------------------

    def has_input(self) -> bool:
        """Tell whether anything was typed."""
        fields = (self.name, self.phone, self.number, self.contents)
        return any(field.text() for field in fields)

    def clear(self) -> None:
        """Begin with nothing."""
        self.person = ""
        for field in (self.name, self.phone, self.number, self.contents):
            field.set_text("")
        self.documents.set_value(accepting.ID_CARD)
        self.looked.set_value("")

    def show_person(self, identity: str, name: str, phone: str) -> None:
        """Take the name and the phone of the register; her paper is seen all the same."""
        self.person = identity
        self.name.set_text(name)
        self.phone.set_text(phone)
        self.number.set_text("")

    def draft(self) -> Draft:
        """Return what stands there; of a number only what would be kept of it."""
        number = accepting.bare_number(self.number.text())
        return {
            "person": self.person,
            "sender": self.name.text(),
            "phone": self.phone.text(),
            "document": self.documents.value(),
            "number": number if len(number) <= TAIL else "",
            "contents": self.contents.text(),
            "looked": self.looked.value(),
        }

    def resume(self, draft: Draft) -> None:
        """Put it there again."""
        self.person = draft["person"]
        for field, key in (
            (self.name, "sender"),
            (self.phone, "phone"),
            (self.number, "number"),
            (self.contents, "contents"),
        ):
            field.set_text(draft[key])
        self.documents.set_value(draft["document"])
        self.looked.set_value(draft["looked"])

    # --- Judging ---------------------------------------------------------------------------------

    def judge(self, forbidden: Sequence[str], ask_first: Sequence[str]) -> Refusal | None:
        """Show what is wrong with what was typed; return what is found in it, None for nothing."""
        typed = self.number.text()
        document = self.documents.value()
        wrong = accepting.number_refused(document, typed) if typed else None
        is_long = len(accepting.bare_number(typed)) > TAIL
        if wrong is not None and (is_long or wrong.reason == "sending.NUMBER_ODD"):
            self.number.show_fault(self._counter.say(wrong.text_key, **wrong.slots))
        else:
            self.number.clear_fault()
        tail = accepting.kept_tail(typed)
        seen = ""
        if typed and wrong is None:
            name = self._counter.say(f"sending.document.{document}")
            seen = self._say("seen", document=name, tail=tail)
        self._seen.setText(seen)
        contents = self.contents.text()
        word = accepting.forbidden_in(contents, forbidden)
        if word:
            self.contents.show_fault(self._counter.say("sending.refusal.FORBIDDEN", word=word))
        else:
            self.contents.clear_fault()
        asked = accepting.forbidden_in(contents, ask_first)
        if asked:
            self._warning.setText(self._say("asks", word=asked))
        else:
            never = self._say("never", words="、".join(forbidden[:4]))
            ask = self._say("ask", words="、".join(ask_first[:3]))
            self._warning.setText(never + ask)
        if self.looked.value() == FOUND:
            return Refusal("sending.FOUND_FORBIDDEN")
        return None

    def take_digit(self, digit: int) -> bool:
        """Choose what was seen, or which paper."""
        return self.looked.take_digit(digit) or self.documents.take_digit(digit)

    def first_field(self) -> QWidget:
        """Return what is typed next."""
        for field in (self.name, self.number, self.contents):
            if not field.text():
                return field
        return self.contents

    def hasHeightForWidth(self) -> bool:
        """Ask for no height of its own: a sentence below a field does not make the page scroll."""
        return False

    def set_compact(self, *, compact: bool) -> None:
        """Stand closer in a low window."""
        self._column.setSpacing(2 if compact else 6)
        margins = (12, 3, 12, 3) if compact else (16, 8, 16, 8)
        for panel in self._panels:
            panel.body.setContentsMargins(*margins)
            panel.body.setSpacing(1 if compact else 4)


class ReceiverPart(QWidget):
    """3 寄给谁. Signals: changed; again_wanted."""

    changed = Signal()
    again_wanted = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__()
        self._counter = counter
        texts = counter.texts
        again = KeyButton(self._say("again"), "F10", kind="ghost", height=44)
        again.clicked.connect(lambda _=False: self.again_wanted.emit())
        self.name = TextField(texts, self._say("receiver"), chinese=True)
        self.phone = TextField(texts, self._say("receiver_phone"))
        self.address = TextField(texts, self._say("address"), limit=120, chinese=True)
        self._reaches = hint("", wrap=True)
        self._panel = Panel(margins=(16, 8, 16, 8), spacing=4)
        self._panel.body.addLayout(in_row(self.name, self.phone, spacing=8))
        self._panel.body.addWidget(self.address)
        self._panel.body.addWidget(self._reaches)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._column = column
        column.addLayout(head_with(StepBadge(3, self._say("whom")), again))
        column.addWidget(self._panel)
        fields = (self.name, self.phone, self.address)
        for former, following in pairwise(fields):
            QWidget.setTabOrder(former.line, following.line)
        for field in fields:
            field.changed.connect(lambda _text: self.changed.emit())

    def _say(self, key: str, /, **slots: object) -> str:
        return self._counter.say(f"sending.form.{key}", **slots)

    def has_input(self) -> bool:
        """Tell whether anything was typed."""
        return any(field.text() for field in (self.name, self.phone, self.address))

    def clear(self) -> None:
        """Begin with nothing."""
        self.show_receiver(KnownReceiver("", "", ""))

    def show_receiver(self, receiver: KnownReceiver) -> None:
        """Take somebody to whom was sent before."""
        self.name.set_text(receiver.name)
        self.phone.set_text(receiver.phone)
        self.address.set_text(receiver.address)

    def draft(self) -> Draft:
        """Return what stands there."""
        return {
            "receiver": self.name.text(),
            "receiver_phone": self.phone.text(),
            "address": self.address.text(),
        }

    def resume(self, draft: Draft) -> None:
        """Put it there again."""
        self.show_receiver(
            KnownReceiver(draft["receiver"], draft["receiver_phone"], draft["address"])
        )

    def show_zone(self, words: str, refusal: Refusal | None) -> None:
        """Say how it gets there, or beside the address that it does not."""
        if refusal is not None:
            self.address.show_fault(self._counter.say(refusal.text_key, **refusal.slots))
        else:
            self.address.clear_fault()
        self._reaches.setText(words or self._say("reaches_later"))
        self._reaches.setVisible(refusal is None)

    def first_field(self) -> QWidget:
        """Return what is typed next."""
        for field in (self.name, self.phone, self.address):
            if not field.text():
                return field
        return self.address

    def hasHeightForWidth(self) -> bool:
        """Ask for no height of its own: a sentence below a field does not make the page scroll."""
        return False

    def set_compact(self, *, compact: bool) -> None:
        """Stand closer in a low window."""
        self._column.setSpacing(2 if compact else 6)
        self._panel.body.setContentsMargins(*((12, 3, 12, 3) if compact else (16, 8, 16, 8)))
        self._panel.body.setSpacing(1 if compact else 4)
        self._reaches.setFont(theme.font(theme.HINT))
