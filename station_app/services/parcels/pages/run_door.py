"""What stands beside the list of a run: what leaves, and later the door where the runner was."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from station_app.services.parcels.doors import Answer, Door
from station_app.services.parcels.pages.shown import is_payment_number
from station_app.services.parcels.rules import TAKERS
from station_app.services.parcels.runs import FAILURES
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.offers import Scan
from station_app.shell.widgets.cards import Amount
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.payment import REFERENCE_MAX
from station_app.shell.widgets.words import Words, hint, rule, strong
from station_app.values.money import say_yuan
from station_app.values.paying import ALIPAY, CASH, WECHAT

CHECKS = ("signature", "phone_tail")  # as the runner's list has them
WAYS = (CASH, WECHAT, ALIPAY)  # in which a door pays; the runner's own code is cash to the station
WAY_KEY = "Ctrl+W"
FIRST_CHECK = len(TAKERS) + len(FAILURES) + 1
NAME_MAX = 30
DOOR_WIDTHS = (464, 448)  # two ways, or three checks, beside each other, with their keys
MARGINS, MARGINS_COMPACT = (22, 14, 22, 12), (16, 8, 16, 6)
TAKER_ICONS = {"self": "check", "on_behalf": "people"}


def failure_key(reason: str) -> str:
    """Return the end of the text key of why nobody took it; another program may know more."""
    return f"failed_{reason}" if reason in FAILURES else "did_back"


class DoorMoney(QWidget):
    """What is due at a door and how it was paid. Signal changed(): another way, or its number."""

    changed = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make it with nothing due, in cash."""
        super().__init__()
        self._say = counter.say
        self.way = CASH
        self.amount = Amount(counter.say("parcels.run.due"))
        self._turn = KeyButton("", WAY_KEY, height=theme.FORM_HEIGHT)
        self._turn.clicked.connect(lambda _checked: self._next())
        self.reference = TextField(counter.texts, limit=REFERENCE_MAX)
        self.reference.line.setPlaceholderText(counter.say("shell.paying.reference_hint"))
        self.reference.line.setAccessibleName(counter.say("shell.paying.reference"))
        self.reference.changed.connect(lambda _text: self.changed.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._turn)
        for part in (self.amount, self.reference):  # the button of what is next says both
            row.addWidget(part, 1)
        self.begin_anew()

    def begin_anew(self) -> None:
        """Cash, as most often."""
        self._pay_by(CASH)

    def _next(self) -> None:
        self._pay_by(WAYS[(WAYS.index(self.way) + 1) % len(WAYS)])
        if self.way != CASH:
            self.reference.setFocus()
        self.changed.emit()

    def _pay_by(self, way: str) -> None:
        self.way = way
        self.reference.set_text("")
        self.reference.setVisible(way != CASH)
        self.amount.setVisible(way == CASH)
        self._turn.set_label(self._say("parcels.run.paid_by", way=self.way_words))

    @property
    def way_words(self) -> str:
        """Return how it is paid, in words."""
        return self._say(f"shell.paying.way.{self.way}")

    @property
    def is_number_wanted(self) -> bool:
        """Tell whether the number of the payment is still to be said."""
        is_empty = not self.reference.text().strip()
        return not self.isHidden() and self.way != CASH and is_empty

    def take_scan(self, scan: Scan) -> bool:
        """Take the number of the payment from the scanner; returns whether it is one."""
        if self.isHidden() or self.way == CASH or not is_payment_number(scan):
            return False
        self.reference.set_text(scan.text)
        self.changed.emit()
        return True


class DoorPanel(Panel):
    """What leaves, or a door: who lives there, what came of it, how that was confirmed.

    runner: who takes it along. Signal changed(): the operator chose or typed something.
    """

    changed = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make a panel of no door."""
        super().__init__(margins=MARGINS, spacing=8)
        self._counter = counter
        self.runner = TextField(counter.texts, self._say("who"), limit=NAME_MAX, chinese=True)
        self._head = hint(self._say("now"))
        self._name, self._code = strong("", theme.TITLE), strong("", theme.TITLE)
        self._code.right()
        top = QHBoxLayout()
        top.addWidget(self._name)
        top.addStretch(1)
        top.addWidget(self._code)
        self._small = Words("", theme.BODY, ink="ink2").elided()
        self._subject, self._is_compact = "", False
        self.body.addWidget(self._head)
        self.body.addLayout(top)
        self.body.addWidget(self._small)
        self.body.addWidget(self.runner)
        self._line = rule()
        self.body.addWidget(self._line)
        self._build_choices()
        self.body.addStretch(1)
        self.money = DoorMoney(counter)
        self.money.changed.connect(self.changed)
        self.body.addWidget(self.money)

    def _say(self, key: str, /, **slots: object) -> str:
        return self._counter.texts.say(f"parcels.run.{key}", **slots)

    def _build_choices(self) -> None:
        taken = [Choice(one, self._say(f"did_{one}"), TAKER_ICONS[one]) for one in TAKERS]
        failed = [Choice(one, self._say(f"failed_{one}")) for one in FAILURES]
        self.came_to = ChoiceRow(columns=3, height=theme.WORD_HEIGHT)
        self.came_to.lead = len(taken)
        self.came_to.show_choices((*taken, *failed))
        self.came_to.chosen.connect(lambda _value: self._chosen())
        texts = self._counter.texts
        self.collector = TextField(texts, limit=NAME_MAX, chinese=True)
        self.relation = TextField(texts, limit=NAME_MAX, chinese=True)
        self._who = QWidget()
        row = QHBoxLayout(self._who)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for field, key, share in ((self.collector, "collector", 3), (self.relation, "relation", 2)):
            words = self._counter.say(f"parcels.handover.{key}")
            field.line.setPlaceholderText(words)
            field.line.setAccessibleName(words)
            field.changed.connect(lambda _words: self.changed.emit())
            row.addWidget(field, share)
        checks = [Choice(one, self._say(f"check_{one}")) for one in CHECKS]
        self.checks = ChoiceRow(checks, first=FIRST_CHECK, height=theme.WORD_HEIGHT)
        self.checks.chosen.connect(lambda _value: self.changed.emit())
        self._asked_came, self._asked_how = hint(self._say("came_to")), hint(self._say("how"))
        for part in (self._asked_came, self.came_to, self._who, self._asked_how, self.checks):
            self.body.addWidget(part)

    @property
    def reason(self) -> str:
        """Return why nobody took it, "" when somebody did."""
        value = self.came_to.value()
        return value if value in FAILURES else ""

    @property
    def answer(self) -> Answer:
        """Return who took it, and how that was confirmed."""
        return Answer(
            taken_by=self.came_to.value() or "self",
            check=self.checks.value(),
            collector=self.collector.text().strip(),
            relation=self.relation.text().strip(),
            way=self.money.way,
            reference=self.money.reference.text().strip(),
        )

    @property
    def missing(self) -> str:
        """Return what is still to be written, as a text key."""
        answer = self.answer
        if self.reason:
            return ""
        if answer.taken_by != "self" and not answer.collector:
            return "parcels.run.collector_first"
        if answer.taken_by != "self" and not answer.relation:
            return "parcels.run.relation_first"
        return "shell.paying.missing.reference" if self.money.is_number_wanted else ""

    def show_leaving(self, chosen: str, to_collect: str) -> None:
        """Show what leaves."""
        self._name.setText(chosen)
        self._code.setText("")
        self._small.setText(to_collect)
        for part in (self._line, self.came_to, self.money):
            part.hide()
        self.runner.show()
        self._show_asked(is_open=False)

    def show_door(self, door: Door, name: str, code: str, small: str) -> None:
        """Show a door; at another one than before nothing has been chosen yet."""
        is_open = not door.outcome
        self._head.setText(self._say("now" if is_open else "done_before"))
        self._name.setText(name)
        self._code.setText(code)
        self._small.setText(small)
        if door.subject != self._subject:
            self.begin_anew(door.subject)
        self.money.amount.show_amount(say_yuan(door.due_fen))
        self._line.show()
        self.came_to.setVisible(is_open)
        self.money.setVisible(is_open and bool(door.due_fen))
        self.runner.hide()
        self._show_asked(is_open=is_open)

    def begin_anew(self, subject: str = "") -> None:
        """Choose what is most often so, and empty what was typed."""
        self._subject = subject
        self.came_to.set_value(TAKERS[0])
        self.checks.set_value(CHECKS[0])
        self.money.begin_anew()
        for field in (self.collector, self.relation):
            field.set_text("")

    def _show_asked(self, *, is_open: bool) -> None:
        """Show what is asked of whoever took it, if somebody did."""
        is_taken = is_open and not self.reason
        self._who.setVisible(is_taken and self.answer.taken_by == "on_behalf")
        self.checks.setVisible(is_taken)
        self._asked_came.setVisible(is_open and not self._is_compact)
        is_asked_who = not self._who.isHidden()  # the fields take the room of the small words
        self._asked_how.setVisible(is_taken and not self._is_compact and not is_asked_who)
        self._head.setVisible(self.runner.isHidden() and not is_asked_who)

    def _chosen(self) -> None:
        self._show_asked(is_open=True)
        if not self._who.isHidden():
            self.collector.line.setFocus()
        self.changed.emit()

    def set_compact(self, *, compact: bool) -> None:
        """Stand closer in a low window, where the buttons say by themselves what they ask."""
        self._is_compact = compact
        self._show_asked(is_open=not self.came_to.isHidden())
        self.body.setContentsMargins(*(MARGINS_COMPACT if compact else MARGINS))
        self.body.setSpacing(4 if compact else 8)


class OnWay(QWidget):
    """How far a run has come: 这一趟 6 家 9 件, 送到 1, 没送到 1, 还剩 4, 还要收 ¥125.50."""

    def __init__(self, counter: Counter) -> None:
        """Say nothing yet."""
        super().__init__()
        self._counter = counter
        self._all = strong()
        self._delivered, self._back, self._left = (Words("", bold=True) for _ in range(3))
        self._delivered.set_ink("pressed")
        self._back.set_ink("warn")
        self._due = strong()
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 8)
        row.setSpacing(12)
        for part in (self._all, self._delivered, self._back, self._left):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(hint(self._say("still_due")))
        row.addWidget(self._due)

    def _say(self, key: str, /, **slots: object) -> str:
        return self._counter.texts.say(f"parcels.run.{key}", **slots)

    def show_counts(self, doors: dict[str, int], pieces: int, due: str) -> None:
        """Show them. doors: how many by what came of them."""
        self._all.setText(self._say("on_way", doors=sum(doors.values()), count=pieces))
        named = ((self._delivered, "delivered"), (self._back, "back"), (self._left, ""))
        for words, outcome in named:
            count = doors.get(outcome, 0)
            words.setText(self._say(f"on_way_{outcome or 'left'}", count=count))
            words.setVisible(bool(count))
        self._due.setText(due)
