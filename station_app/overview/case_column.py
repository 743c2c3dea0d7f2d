"""The left of the page of cases: what is open, what was closed these days, how the month went."""

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from station_app.journal.case_sorts import GROUPS
from station_app.overview.case_list import OpenCase
from station_app.overview.case_past import ClosedCase, Month
from station_app.overview.moments import when
from station_app.overview.pieces import empty, yielding
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.cells import Column, Icon, Row, Text
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import IconLabel, Words, hint, rule, strong

LIST_WIDTH = 340
CASE_HEIGHT = 72
FILTER_KEY = "Ctrl+F"
COLUMNS = (Column("icon", 48), Column("what"), Column("when", 96, "right"))


@dataclass(frozen=True, slots=True)
class KnownCases:
    """What was read: the open cases, those closed these days, what this month came to."""

    cases: tuple[OpenCase, ...] = ()
    lately: tuple[ClosedCase, ...] = ()
    month: Month = field(default_factory=Month)


class CaseColumn(Panel):
    """Lists cases, all or one sort of them. Signal switched(): another case is in front."""

    switched = Signal()

    def __init__(self, counter: Counter, now: Callable[[], int]) -> None:
        """Make it empty. now: UTC ms."""
        super().__init__(margins=(1, 10, 1, 8), spacing=8)
        self._counter = counter
        self._now = now
        self._group = ""
        self.known = KnownCases()
        self._build()

    def _build(self) -> None:
        say = self._counter.texts.say
        self.setFixedWidth(LIST_WIDTH)
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 12, 0)
        self._order = hint(say("overview.cases.order"))
        self.filter = KeyButton("", FILTER_KEY, height=theme.INLINE_HEIGHT)
        self.filter.clicked.connect(lambda _checked: self._filter_on())
        head.addWidget(strong(say("overview.cases.list")), 1)
        head.addWidget(self._order)
        head.addWidget(self.filter)
        self.list = ListTable(COLUMNS, name=say("overview.cases.list"), row_height=CASE_HEIGHT)
        self.list.current_changed.connect(lambda _subject: self.switched.emit())
        self._lately = QVBoxLayout()
        self._lately.setContentsMargins(16, 0, 16, 0)
        self._lately.setSpacing(4)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 2, 16, 2)
        foot.setSpacing(8)
        self.foot = hint().elided()
        foot.addWidget(IconLabel("ok", "pressed", 20))
        foot.addWidget(self.foot, 1)
        self.body.addLayout(head)
        self.body.addWidget(rule())
        self.body.addWidget(yielding(self.list), 1)
        self.body.addLayout(self._lately)
        self.body.addWidget(rule())
        self.body.addLayout(foot)

    # --- What it shows ---------------------------------------------------------------------------

    def show_known(self, known: KnownCases) -> None:
        """Show what was read; the case in front stays if it is still open."""
        self.known = known
        self._show_closed()
        self._show_foot()
        self._show_list()

    def current(self) -> OpenCase | None:
        """Return the case in front."""
        subject = self.list.current()
        return next((c for c in self.known.cases if subject_of(c.case, c.entity) == subject), None)

    def choose(self, case: str, entity: str) -> bool:
        """Bring a case to the front; returns whether it is open."""
        self._group = ""
        self._show_list()
        return self.list.choose(subject_of(case, entity))

    def _filter_on(self) -> None:
        """Show the next sort of cases, after the last of them all."""
        ways = ["", *self._groups()]
        self._group = ways[(ways.index(self._group) + 1) % len(ways)]
        self._show_list()

    def _groups(self) -> list[str]:
        here = {case.group for case in self.known.cases}
        return [group for group in GROUPS if group in here]

    def _show_list(self) -> None:
        say, groups = self._counter.texts.say, self._groups()
        self._group = self._group if self._group in groups else ""
        cases = [c for c in self.known.cases if self._group in ("", c.group)]
        name = say(f"overview.cases.group_{self._group or 'all'}")
        self.filter.set_label(say("overview.cases.filter", group=name, count=len(cases)))
        self.filter.setVisible(len(groups) > 1)
        self._order.setVisible(len(groups) <= 1 < len(cases))
        rows = [self._row(case) for case in cases]
        self.list.show_rows(rows)
        if rows and self.current() is None:
            self.list.choose(rows[0].subject)
        self.switched.emit()

    def _row(self, case: OpenCase) -> Row:
        moment = when(self._counter.texts, case.latest_at, self._now())
        small = "" if self._counter.privacy.is_masked else case.words.hint
        if case.waits_for_answer:
            small = asked_words(self._counter, case)
        look = "stop" if case.is_urgent else "warn"
        cells = (
            Icon(look, case.words.title, look),
            Text(case.words.title, bold=True, small=small),
            Text(moment.rpartition(" ")[0], theme.HINT, ink="ink2"),
        )
        return Row(subject_of(case.case, case.entity), cells)

    def _show_closed(self) -> None:
        """List what was settled in these days, below what is open."""
        empty(self._lately)
        if not self.known.lately:
            return
        self._lately.addWidget(rule())
        self._lately.addWidget(hint(self._counter.texts.say("overview.cases.lately")))
        for one in self.known.lately:
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(IconLabel("ok", "pressed", 20))
            line.addWidget(Words(one.title, theme.HINT, bold=True).elided(), 1)
            moment = when(self._counter.texts, one.at, self._now())
            line.addWidget(hint(moment.rpartition(" ")[0]))
            self._lately.addLayout(line)
            self._lately.addWidget(hint(closing_words(self._counter, one)).elided())

    def _show_foot(self) -> None:
        """Say how much of it was done this month, and how much waits."""
        month, count = self.known.month, len(self.known.cases)
        key = "month" if month.closed else "month_none"
        if month.longest_days:
            key = "month_long"
        slots = {"closed": month.closed, "days": month.longest_days, "open": count}
        self.foot.setText(self._counter.texts.say(f"overview.cases.{key}", **slots))


def closing_words(counter: Counter, one: ClosedCase) -> str:
    """Return who decided how, and why: 县里定的：按 1 号电脑·货没出门."""
    verdict = one.verdict
    if one.by_county:
        verdict = counter.texts.say("overview.cases.county_said", verdict=verdict)
    is_open = one.remark and not counter.privacy.is_masked
    return f"{verdict}·{one.remark}" if is_open else verdict


def asked_words(counter: Counter, case: OpenCase) -> str:
    """Return what the county asked about a case, or was answered; "" if it asked nothing."""
    if not case.inquiry:
        return ""
    texts, is_masked = counter.texts, counter.privacy.is_masked
    if not case.waits_for_answer:
        words = case.asked.answers[-1].words
        if is_masked or not words:
            return texts.say("inquiries.answered_hidden")
        return texts.say("inquiries.answered", words=words)
    if is_masked:
        return texts.say("inquiries.asked_hidden")
    if not case.asked.words:  # it came by a way on which names are left out
        return texts.say("inquiries.asked_lost")
    return texts.say("inquiries.asked", words=case.asked.words)


def subject_of(case: str, entity: str) -> str:
    """Return what tells a case from the others in the list."""
    return f"{case} {entity}"
