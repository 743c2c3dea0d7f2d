"""Opening a shift: which day it is, whether as last night, and where a difference comes from."""

from PySide6.QtCore import Signal

from station_app.services.cash import records
from station_app.services.cash.commands import OpenShift
from station_app.services.cash.counting import REMARK_MAX
from station_app.services.cash.days import IMPOSSIBLE, DayProposal
from station_app.services.cash.facts import Count
from station_app.services.cash.pages.compare_panels import unclear_button
from station_app.services.cash.rules import FLOAT_CHANGED, OVER_SHORT_FOUND
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import TextField, in_row
from station_app.shell.widgets.panels import Banner, Panel, StepBadge
from station_app.shell.widgets.words import Words
from station_app.values.day import is_day, say_day
from station_app.values.money import say_yuan

OTHER_DAY = "other"
LARGE_FLOAT_FEN = 20_000_00  # far above what a village counter changes in a day
DAY_CHARACTERS = 10  # 2026-11-25


class OpeningPanel(Panel):
    """Stands beside the count. Signal changed: an answer was given."""

    changed = Signal()

    def __init__(self, counter: Counter, build_ms: int) -> None:
        """Make it without questions. build_ms: before it no clock is believed."""
        super().__init__(margins=(24, 12, 24, 12), spacing=8)
        self._counter = counter
        self._build_ms = build_ms
        say = counter.say
        self._proposal = DayProposal("", "", "", "")
        self._head = StepBadge(2, say("cash.open.title"))
        self._how = Words("", theme.STRONG, bold=True, wrap=True)
        self._how_small = Words("", theme.BODY, ink="ink2", wrap=True)
        self.large = Banner("", "warn", small=say("cash.open.large_small"))
        self._day_question = Banner("", "warn")
        self.days = ChoiceRow(height=theme.FORM_HEIGHT)
        self.other_day = TextField(
            counter.texts, limit=DAY_CHARACTERS, placeholder=say("cash.open.other_day")
        )
        self.other_day.line.setAccessibleName(say("cash.open.other_day"))
        self._difference = Banner(say("cash.open.differs"), "warn", small=say("cash.open.why"))
        self.reasons = ChoiceRow(
            [
                Choice(FLOAT_CHANGED, say("cash.open.float")),
                Choice(OVER_SHORT_FOUND, say("cash.open.over_short")),
            ],
            first=4,
            columns=2,
            height=theme.FORM_HEIGHT,
        )
        self.remark = TextField(
            counter.texts,
            limit=REMARK_MAX,
            chinese=True,
            placeholder=say("cash.compare.reason_example"),
        )
        self.remark.line.setAccessibleName(say("cash.compare.reason"))
        self._unclear = unclear_button(counter, self.remark)
        for widget in (
            self._head,
            self._how,
            self._how_small,
            self.large,
            self._day_question,
            self.days,
            self.other_day,
            self._difference,
            self.reasons,
        ):
            self.body.addWidget(widget)
        words = in_row(self.remark, self._unclear, spacing=8)
        words.setStretch(0, 1)
        self.body.addLayout(words)
        self.body.addStretch(1)
        self.days.chosen.connect(lambda _value: self._answered(self.other_day))
        self.reasons.chosen.connect(lambda _value: self._answered(self.remark))
        self.other_day.changed.connect(lambda _text: self.changed.emit())
        self.remark.changed.connect(lambda _text: self.changed.emit())
        self._ask_nothing(self._proposal)

    @property
    def has_last(self) -> bool:
        """Tell whether a shift was closed on this PC before."""
        device = self._counter.desk.now().device
        return self._counter.desk.read(lambda c: records.last_closed(c, device)) is not None

    def _proposed(self) -> DayProposal:
        now = self._counter.desk.now()
        return self._counter.desk.read(lambda c: records.day_now(c, now.at, self._build_ms))

    def look_at_the_day(self) -> None:
        """Ask anew if it is another day than the one that was asked about."""
        if self._proposed() != self._proposal:
            self.begin()

    def begin(self) -> None:
        """Ask what has to be asked."""
        say = self._counter.say
        self._proposal = proposal = self._proposed()
        day = say("cash.open.day", day=say_day(proposal.day)) if proposal.day else ""
        self._head.aside.setText(day)
        self._how.setText(say("cash.open.how"))
        self._how_small.setText(
            say("cash.open.how_again" if self.has_last else "cash.open.how_first")
        )
        self._ask_nothing(proposal)

    def _ask_nothing(self, proposal: DayProposal) -> None:
        """Forget every answer, and ask about nothing but the day."""
        self.say_size(0)
        self._ask_day(proposal)
        self.reasons.set_value("")
        self.remark.set_text("")
        self.ask_difference(is_asked=False)

    def _ask_day(self, proposal: DayProposal) -> None:
        say = self._counter.say
        is_asked = bool(proposal.asks)
        self._day_question.setVisible(is_asked)
        self.days.setVisible(is_asked)
        self.other_day.set_text("")
        self.days.set_value("")
        self._show_other()
        if not is_asked:
            return
        slots = {
            "clock": say_day(proposal.clock_day) if proposal.clock_day else "",
            "last": say_day(proposal.last_day) if proposal.last_day else "",
        }
        key = "impossible" if proposal.asks == IMPOSSIBLE else proposal.asks
        self._day_question.tell(
            say(f"cash.open.{key}", **slots), "warn", small=say("cash.open.which_day")
        )
        offered = [day for day in (proposal.clock_day, proposal.last_day) if day]
        choices = [Choice(day, say_day(day)) for day in dict.fromkeys(offered)]
        self.days.show_choices([*choices, Choice(OTHER_DAY, say("cash.open.another"))])

    def say_size(self, counted_fen: int) -> None:
        """Point at a float so large that a face was probably typed wrong; nothing is barred.

        A float that differs from the last shift's is asked about by itself; the first one has
        nothing to be held against.
        """
        is_large = counted_fen > LARGE_FLOAT_FEN
        self.large.setVisible(is_large)
        if is_large:
            amount = say_yuan(counted_fen)
            self.large.tell(
                self._counter.say("cash.open.large", amount=amount),
                "warn",
                small=self._counter.say("cash.open.large_small"),
            )

    def ask_difference(self, *, is_asked: bool) -> None:
        """Ask where a difference to the books comes from, or do not."""
        self._difference.setVisible(is_asked)
        self.reasons.setVisible(is_asked)
        self._show_remark()

    @property
    def asks_difference(self) -> bool:
        """Tell whether the count was found to differ."""
        return not self.reasons.isHidden()

    # --- Answers ---------------------------------------------------------------------------------

    @property
    def day(self) -> str:
        """Return the day that the operator chose, "" when nothing was asked."""
        if not self._proposal.asks:
            return ""
        chosen = self.days.value()
        return self.other_day.text() if chosen == OTHER_DAY else chosen

    @property
    def reason(self) -> str:
        """Return where a difference comes from, "" when nobody was asked."""
        return self.reasons.value() if self.asks_difference else ""

    def what_is_missing(self) -> str:
        """Return why it cannot go on, "" when every question is answered."""
        say = self._counter.say
        if self._proposal.asks and not is_day(self.day):
            is_other = self.days.value() == OTHER_DAY
            return say("cash.open.day_form" if is_other else "cash.open.day_first")
        if self.asks_difference and not self.reasons.value():
            return say("cash.open.reason_first")
        if self.reason == OVER_SHORT_FOUND and not self.remark.text():
            return say("cash.compare.write_reason")
        return ""

    def command(self, counts: tuple[Count, ...] | None, *, is_first: bool) -> OpenShift:
        """Return what is asked for. counts: None takes last night's over; the first is a float."""
        return OpenShift(
            counts=counts or (),
            as_last=counts is None,
            reason=FLOAT_CHANGED if is_first else self.reason,
            remark=self.remark.text(),
            day=self.day,
        )

    def take_digit(self, digit: int) -> bool:
        """Let a digit choose."""
        return self.days.take_digit(digit) or self.reasons.take_digit(digit)

    def _answered(self, words: TextField) -> None:
        """Go on to the words that this answer asks for, if it asks for any."""
        self._show_other()
        self._show_remark()
        if words.isVisible():
            words.line.setFocus()
        self.changed.emit()

    def _show_other(self) -> None:
        self.other_day.setVisible(bool(self._proposal.asks) and self.days.value() == OTHER_DAY)

    def _show_remark(self) -> None:
        is_asked = not self.reasons.isHidden() and self.reasons.value() == OVER_SHORT_FOUND
        self.remark.setVisible(is_asked)
        self._unclear.setVisible(is_asked)
