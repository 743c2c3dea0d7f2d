"""The page of open cases: both sides, and a sentence that closes one.

Both facts stay; closing adds a third that says what somebody found. Where something must be done
first (pay back, look for a parcel), the slice names its page, and one key leads there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from station_app.journal.projection import StateChange
from station_app.journal.vocabulary import Vocabulary
from station_app.overview.case_list import Account, ClosedCase, OpenCase, closed_lately, open_cases
from station_app.overview.commands import CloseCase
from station_app.overview.fact_words import FactWords
from station_app.overview.moments import when
from station_app.overview.pieces import QuietEmpty, empty, scrolling, yielding
from station_app.overview.rules import REMARK_MAX, REMARK_MIN
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.offers import CaseOffer
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Icon, Row, Text
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.panels import Banner, Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import IconLabel, Words, hint, rule, strong
from station_app.values.day import DAY_MS
from station_app.values.refusal import Refusal

LIST_WIDTH = 340
CASE_HEIGHT = 72
LATELY_DAYS = 7
SIDES_IN_ROW = 2
SETTLED, EXPLAINED = "settled", "explained"
COLUMNS = (Column("icon", 48), Column("what"), Column("when", 96, "right"))


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesWork:
    """What the page needs besides the counter. offers: words of the slices; now: UTC ms."""

    offers: Sequence[CaseOffer]
    vocabulary: Vocabulary
    now: Callable[[], int]


class CasesPage(Page):
    """Lists open cases and closes them."""

    def __init__(self, counter: Counter, key: str, work: CasesWork) -> None:
        """Make the page."""
        super().__init__(counter, key)
        self._offers = tuple(work.offers)
        self._now = work.now
        self._words = FactWords(counter.texts, work.vocabulary, counter.privacy)
        self._cases: tuple[OpenCase, ...] = ()
        self._build()

    # --- What it is made of ----------------------------------------------------------------------

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.FULL.gap)
        row.addWidget(self._build_list())
        self._work = QWidget()
        right = QVBoxLayout(self._work)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(12)
        self._banner = Banner("", "stop")
        self._next = Panel(margins=(18, 12, 18, 14), spacing=8)
        sides = QWidget()
        self._sides = QGridLayout(sides)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._sides.setSpacing(12)
        right.addWidget(self._banner)
        right.addWidget(scrolling(sides), 1)
        right.addWidget(self._next)
        self._closing = self._build_closing()
        right.addWidget(self._closing)
        row.addWidget(self._work, 1)
        self._none = Panel()
        self._none.body.addWidget(
            QuietEmpty("ok", self.say("overview.cases.none"), self.say("overview.cases.none_hint"))
        )
        row.addWidget(self._none, 1)

    def _build_list(self) -> QWidget:
        panel = Panel(margins=(1, 14, 1, 8), spacing=8)
        panel.setFixedWidth(LIST_WIDTH)
        heading = strong(self.say("overview.cases.list"))
        heading.setContentsMargins(16, 0, 16, 0)
        self.list = ListTable(COLUMNS, name=self.say("overview.cases.list"), row_height=CASE_HEIGHT)
        self.list.current_changed.connect(lambda _subject: self._show_case())
        panel.body.addWidget(heading)
        panel.body.addWidget(rule())
        panel.body.addWidget(yielding(self.list), 1)
        self._lately = QVBoxLayout()
        self._lately.setContentsMargins(16, 0, 16, 6)
        self._lately.setSpacing(4)
        panel.body.addLayout(self._lately)
        return panel

    def _show_closed(self, closed: Sequence[ClosedCase]) -> None:
        """List what was settled in these days, below what is open."""
        empty(self._lately)
        if not closed:
            return
        self._lately.addWidget(rule())
        self._lately.addWidget(hint(self.say("overview.cases.lately")))
        for one in closed:
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(IconLabel("ok", "pressed", 20))
            line.addWidget(Words(one.title, theme.HINT, bold=True).elided(), 1)
            moment = when(self.counter.texts, one.at, self._now())
            line.addWidget(hint(moment.rpartition(" ")[0]))
            self._lately.addLayout(line)
            if one.remark and not self.counter.privacy.is_masked:
                self._lately.addWidget(hint(one.remark).elided())

    def _build_closing(self) -> QWidget:
        panel = Panel(margins=(18, 12, 18, 14), spacing=8)
        panel.head(self.say("overview.cases.verdict"), self.say("overview.cases.kept"))
        self.verdict = ChoiceRow(
            [
                Choice(SETTLED, self.say("overview.cases.settled"), "ok"),
                Choice(EXPLAINED, self.say("overview.cases.explained"), "merge"),
            ],
            height=48,
        )
        self.verdict.set_value(SETTLED)
        self.verdict.chosen.connect(lambda _value: self.touch_actions())
        self.remark = TextField(
            self.counter.texts,
            self.say("overview.cases.reason"),
            limit=REMARK_MAX,
            chinese=True,
            placeholder=self.say("overview.cases.reason_hint"),
        )
        self.remark.changed.connect(lambda _text: self._typed())
        panel.body.addWidget(self.verdict)
        panel.body.addWidget(self.remark)
        return panel

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("overview.cases.title")

    def first_focus(self) -> QWidget | None:
        """Write the reason at once."""
        case = self.current()
        return self.remark if case is not None and not case.is_view else None

    def is_empty(self) -> bool:
        """Tell whether both sides agree everywhere."""
        return not self._cases

    def action_bar(self) -> Sequence[Action]:
        """Close the case, deal with it, or leave it."""
        case = self.current()
        if case is None:
            return ()
        actions = [Action(self.say("overview.cases.leave"), "Ctrl+S", self.counter.front.go_back)]
        if case.is_view and not case.words.page:
            return tuple(actions)  # others decide: here there is nothing to press
        if case.is_view:
            deal = self.say("overview.cases.deal")
            return (*actions, Action(deal, "Enter", self._deal, kind="primary"))
        if case.words.page and case.words.page in self.counter.pages_offered():
            actions.insert(0, Action(self.say("overview.cases.deal"), "F10", self._deal))
        has_reason = len(self.remark.text()) >= REMARK_MIN
        close = Action(
            self.say(f"overview.cases.close_{self.verdict.value()}"),
            "Enter",
            self._close,
            kind="primary",
            is_enabled=has_reason,
            reason="" if has_reason else self.say("overview.cases.need_reason"),
        )
        return (*actions, close)

    # --- What happens ----------------------------------------------------------------------------

    def activated(self) -> None:
        """Read anew."""
        self._read()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Read anew: an act may have opened or settled a case."""
        self._read()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Open a certain case: `case` and `entity`."""
        self._read()
        self.list.choose(_subject(subject.get("case", ""), subject.get("entity", "")))

    def draft(self) -> Draft | None:
        """Keep a half-written reason with the case that it is about."""
        case, remark = self.current(), self.remark.text()
        if case is None or not remark:
            return None
        return {"case": case.case, "entity": case.entity, "remark": remark}

    def resume(self, draft: Draft) -> str:
        """Take the reason up again, if the case is still open."""
        self._read()
        if not self.list.choose(_subject(str(draft["case"]), str(draft["entity"]))):
            return ""
        self.remark.set_text(str(draft["remark"]))
        self.touch_actions()
        return self.say("shell.page.resumed")

    def current(self) -> OpenCase | None:
        """Return the case that is shown."""
        subject = self.list.current()
        return next((c for c in self._cases if _subject(c.case, c.entity) == subject), None)

    def _read(self) -> None:
        offers, words = self._offers, self._words
        self._cases = self.counter.desk.read(
            lambda connection: open_cases(connection, offers, words)
        )
        since, texts = self._now() - LATELY_DAYS * DAY_MS, self.counter.texts
        self._show_closed(
            self.counter.desk.read(lambda connection: closed_lately(connection, texts, since))
        )
        rows = [self._row(case) for case in self._cases]
        self.list.show_rows(rows)
        if self._cases and self.current() is None:
            self.list.choose(rows[0].subject)
        self._work.setVisible(bool(self._cases))
        self._none.setVisible(not self._cases)
        self._show_case()

    def _row(self, case: OpenCase) -> Row:
        moment = when(self.counter.texts, case.latest_at, self._now())
        small = "" if self.counter.privacy.is_masked else case.words.hint
        what = Text(case.words.title, bold=True, small=small)
        cells = (
            Icon("stop", case.words.title, "stop"),
            what,
            Text(moment.rpartition(" ")[0], theme.HINT, ink="ink2"),
        )
        return Row(_subject(case.case, case.entity), cells)

    def _show_case(self) -> None:
        case = self.current()
        empty(self._sides)
        self._closing.setVisible(case is not None and not case.is_view)
        if case is not None:
            words = case.words
            line = "line_view" if case.is_view else "line"
            small = words.line or self.say(f"overview.cases.{line}")
            self._banner.tell(words.title, "stop", small=small)
            self._show_steps(words.steps)
            for place, account in enumerate(case.accounts):
                card = self._side_card(account)
                self._sides.addWidget(card, place // SIDES_IN_ROW, place % SIDES_IN_ROW)
            self._sides.setRowStretch(len(case.accounts) // SIDES_IN_ROW + 1, 1)
        self.touch_actions()

    def _show_steps(self, steps: Sequence[str]) -> None:
        """Say what to do next, one line a step."""
        empty(self._next.body)
        self._next.setVisible(bool(steps))
        if not steps:
            return
        self._next.body.addWidget(strong(self.say("overview.cases.next")))
        for number, step in enumerate(steps, 1):
            row = QHBoxLayout()
            row.setSpacing(10)
            row.addWidget(Words(f"{number}", theme.BODY, bold=True, ink="accent"))
            row.addWidget(Words(step, theme.BODY, wrap=True), 1)
            self._next.body.addLayout(row)

    def _side_card(self, account: Account) -> Panel:
        side = account.side
        card = Panel(margins=(18, 12, 18, 12), spacing=4)
        card.body.addWidget(strong(side.who).elided())
        moment = when(self.counter.texts, side.at, self._now())
        card.body.addWidget(hint(f"{side.words}·{moment}").elided())
        card.body.addWidget(rule())
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for row, (word, value, differs) in enumerate(account.fields):
            grid.addWidget(hint(word), row, 0)
            ink = "warn" if differs else "ink"
            grid.addWidget(Words(value, theme.BODY, bold=differs, ink=ink).elided(), row, 1)
            if differs:
                grid.addWidget(IconLabel("warn", "warn", 20), row, 2)
        card.body.addLayout(grid)
        card.body.addStretch(1)
        card.setAccessibleName(f"{side.who} {side.words}")
        return card

    def _typed(self) -> None:
        self.touch_actions()
        self.touch_draft()

    def _deal(self) -> None:
        case = self.current()
        if case is not None:
            self.counter.front.open_page(case.words.page, case.words.subject)

    def _close(self) -> None:
        case = self.current()
        if case is None:
            return
        command = CloseCase(
            case=case.case,
            entity=case.entity,
            members=case.members,
            verdict=self.verdict.value() or SETTLED,
            remark=self.remark.text(),
        )
        self.perform(command, done=self._closed, refused=self._refused)

    def _closed(self, _done: Done) -> None:
        """Say so; there is no undo: a second closing opens the case again, on purpose."""
        self.remark.set_text("")
        self.counter.sounds.play("ok")
        self.counter.front.toast(Notice(self.say("overview.cases.closed")))
        self._read()

    def _refused(self, refusal: Refusal) -> None:
        self.remark.say_fault(refusal.text_key, **refusal.slots)
        self._read()


def _subject(case: str, entity: str) -> str:
    return f"{case} {entity}"
