"""The page of open cases: both sides, what to do, and a sentence that closes one.

Both facts stay; closing adds a third that says what somebody found, and which side holds. Where
the slice knows what follows from that (money owed back), it is said in the same act and stands on
the button. Where something must be done first, one key leads to the page of the slice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from station_app.journal.log import Connection
from station_app.journal.projection import StateChange
from station_app.journal.vocabulary import Vocabulary
from station_app.overview.case_column import (
    CaseColumn,
    KnownCases,
    asked_words,
    closing_words,
    subject_of,
)
from station_app.overview.case_list import (
    Account,
    OpenCase,
    offer_of,
    open_cases,
)
from station_app.overview.case_parts import COUNTY_KEY, SideCard, StepsPanel
from station_app.overview.case_past import closed_before, closed_in, closed_lately
from station_app.overview.commands import CloseCase
from station_app.overview.fact_words import FactWords
from station_app.overview.moments import when
from station_app.overview.pieces import QuietEmpty, empty, scrolling
from station_app.overview.rules import EXPLAINED, REMARK_MIN, SETTLED
from station_app.services.inquiries.commands import AnswerInquiry
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.offers import CaseOffer, Following, Tone
from station_app.shell.page import Action, Page
from station_app.shell.widgets.choices import Choice
from station_app.shell.widgets.panels import Banner, Panel
from station_app.values.day import DAY_MS
from station_app.values.refusal import Refusal

LATELY_DAYS = 7
SIDES_IN_ROW, SIDE_GAP = 2, 12
SIDES_CHOSEN_MAX = 8  # a digit each, and one is left for "all of them are true"
DEAL_KEY, ANSWER_KEY = "Ctrl+E", "Ctrl+R"


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesWork:
    """What the page needs besides the counter. offers: words of the slices; now: UTC ms."""

    offers: Sequence[CaseOffer]
    vocabulary: Vocabulary
    now: Callable[[], int]
    county_phone: Callable[[], str] = str


class CasesPage(Page):
    """Lists open cases and closes them."""

    def __init__(self, counter: Counter, key: str, work: CasesWork) -> None:
        """Make the page."""
        super().__init__(counter, key)
        self._offers = tuple(work.offers)
        self._now = work.now
        self._words = FactWords(counter.texts, work.vocabulary, counter.privacy)
        self._shown = ""
        self._chosen = ""
        self._is_low = False
        self._cards: list[SideCard] = []
        self._remarks: dict[str, str] = {}  # half-written, by case
        self._build(work.county_phone)

    # --- What it is made of ----------------------------------------------------------------------

    def _build(self, county_phone: Callable[[], str]) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.FULL.gap)
        self.column = CaseColumn(self.counter, self._now)
        self.list = self.column.list
        row.addWidget(self.column)
        self._work = QWidget()
        self._right = right = QVBoxLayout(self._work)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(SIDE_GAP)
        self._banner = Banner("", "stop")
        sides = QWidget()
        self._sides = QGridLayout(sides)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._sides.setSpacing(SIDE_GAP)
        self.steps = StepsPanel(self.counter, county_phone, self._typed)
        self.steps.verdict.chosen.connect(self._choose)
        self.remark = self.steps.remark
        right.addWidget(self._banner)
        right.addWidget(scrolling(sides), 1)
        right.addWidget(self.steps)
        row.addWidget(self._work, 1)
        self._none = Panel()
        self._none.body.addWidget(
            QuietEmpty("ok", self.say("overview.cases.none"), self.say("overview.cases.none_hint"))
        )
        row.addWidget(self._none, 1)
        self.column.switched.connect(self._show_case)

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("overview.cases.title")

    def first_focus(self) -> QWidget | None:
        """Write the reason at once."""
        case = self.current()
        can_write = case is not None and (not case.ends_by_itself or case.waits_for_answer)
        return self.remark if can_write else None

    def is_empty(self) -> bool:
        """Tell whether both sides agree everywhere."""
        return not self.column.known.cases

    def action_bar(self) -> Sequence[Action]:
        """Close the case, deal with it, ask the county, or leave it."""
        case = self.current()
        if case is None:
            return ()
        ask = Action(
            self.say("overview.cases.ask_county"), COUNTY_KEY, self.steps.show_county, icon="phone"
        )
        leave = Action(self.say("overview.cases.leave"), "Ctrl+S", self.counter.front.go_back)
        if case.is_view and not case.words.page:
            return (ask, leave)  # others decide: here there is nothing to press
        deal = self.say("overview.cases.deal")
        if case.ends_by_itself and not case.waits_for_answer:
            return (ask, leave, Action(deal, "Enter", self._deal, kind="primary"))
        actions = [ask, leave]
        if case.words.page and case.words.page in self.counter.pages_offered():
            actions.append(Action(deal, DEAL_KEY, self._deal))
        has_reason = len(self.remark.text()) >= REMARK_MIN
        if case.waits_for_answer:
            actions.append(self._answer_action(has_words=has_reason))
        if case.ends_by_itself:
            return actions  # the county decides; here its question is answered
        close = Action(
            self._close_words(case),
            "Enter",
            self._close,
            kind="primary",
            is_enabled=has_reason,
            reason="" if has_reason else self.say("overview.cases.need_reason"),
        )
        return (*actions, close)

    def _answer_action(self, *, has_words: bool) -> Action:
        """Return the key that only answers the county: the case stays as it is."""
        return Action(
            self.say("inquiries.answer"),
            ANSWER_KEY,
            self._answer,
            is_enabled=has_words,
            reason="" if has_words else self.say("inquiries.refusal.WORDS_NEEDED"),
        )

    def _close_words(self, case: OpenCase) -> str:
        """Return what Enter will do: 按 1 号电脑，记该退 ¥86.00."""
        side = next((a for a in case.accounts if a.side.identity == self._chosen), None)
        if side is None:
            return self.say(f"overview.cases.close_{self._chosen or SETTLED}")
        number = side.device.lstrip("D")
        which = "by_side" if number else "by_county"
        words = self.say(f"overview.cases.{which}", device=number)
        following = self._following(case)
        if following is None:
            return self.say("overview.cases.close_side", side=words)
        return self.say("overview.cases.close_follows", side=words, what=following.words)

    def _following(self, case: OpenCase) -> Following | None:
        """Return what follows from the choice in the books of its slice; None: nothing."""
        offer = offer_of(self._offers, case.case)
        decide = offer.decide if offer is not None else None
        if decide is None or self._chosen not in case.members:
            return None
        chosen, texts = self._chosen, self.counter.texts
        return self.counter.desk.read(
            lambda connection: decide(connection, case.case, case.members, chosen, texts)
        )

    # --- What happens ----------------------------------------------------------------------------

    def activated(self) -> None:
        """Read anew."""
        self._read()

    def left(self) -> None:
        """Take the note away."""
        self.counter.front.show_note("")

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Read anew: an act may have opened or settled a case."""
        self._read()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Open a certain case: `case` and `entity`."""
        self._read()
        self.column.choose(subject.get("case", ""), subject.get("entity", ""))

    def draft(self) -> Draft | None:
        """Keep a half-written reason and the choice with the case that they are about."""
        case, remark = self.current(), self.remark.text()
        if case is None or not remark:
            return None
        return {
            "case": case.case,
            "entity": case.entity,
            "remark": remark,
            "verdict": self._chosen,
        }

    def resume(self, draft: Draft) -> str:
        """Take the reason up again, if the case is still open."""
        self._read()
        if not self.column.choose(str(draft["case"]), str(draft["entity"])):
            return ""
        self.remark.set_text(str(draft["remark"]))
        self._choose(str(draft.get("verdict", "")))
        return self.say("shell.page.resumed")

    def on_compact(self, is_compact: bool) -> None:
        """Become lower in a low window."""
        self._is_low = is_compact
        metrics = theme.COMPACT if is_compact else theme.FULL
        self._right.setSpacing(min(metrics.gap, SIDE_GAP))
        self._show_case()

    def current(self) -> OpenCase | None:
        """Return the case that is shown."""
        return self.column.current()

    def _read(self) -> None:
        self.column.show_known(self.counter.desk.read(self._look))

    def _look(self, connection: Connection) -> KnownCases:
        texts, since = self.counter.texts, self._now() - LATELY_DAYS * DAY_MS
        return KnownCases(
            open_cases(connection, self._offers, self._words),
            closed_lately(connection, texts, since),
            closed_in(connection, self.counter.desk.now().day),
        )

    # --- The case --------------------------------------------------------------------------------

    def _show_case(self) -> None:
        case = self.current()
        empty(self._sides)
        self._cards = []
        self._work.setVisible(case is not None)
        self._none.setVisible(case is None)
        if case is not None:
            subject = subject_of(case.case, case.entity)
            if subject != self._shown:
                self._remarks[self._shown] = self.remark.text()
                self._shown, self._chosen = subject, ""
                self.remark.set_text(self._remarks.get(subject, ""))
            self._show_banner(case)
            self.steps.show_steps(
                self._steps_of(case),
                case.words.call,
                is_view=case.ends_by_itself and not case.waits_for_answer,
            )
            self._show_sides(case)
            self._choose(self._chosen)
        self.touch_actions()

    def _show_banner(self, case: OpenCase) -> None:
        words, texts = case.words, self.counter.texts
        line = words.line or self.say(f"overview.cases.line{'_view' if case.is_view else ''}")
        before = (
            None
            if case.is_view
            else self.counter.desk.read(
                lambda connection: closed_before(connection, texts, case.case, case.entity)
            )
        )
        if before is not None:
            moment = when(texts, before.at, self._now())
            said = closing_words(self.counter, before)
            line = self.say("overview.cases.again", when=moment, said=said)
        if before is None or case.waits_for_answer:
            line = asked_words(self.counter, case) or line
        tone: Tone = "stop" if case.is_urgent else "warn"
        if self._is_low:  # one line instead of two: the sides below need the room
            line = self.say("overview.cases.title_line", title=words.title, line=line)
            self._banner.tell(line, tone)
        else:
            self._banner.tell(words.title, tone, small=line)

    def _steps_of(self, case: OpenCase) -> Sequence[str]:
        """Return the steps as the slice says them, else those of this kind of case."""
        if case.words.steps:
            return case.words.steps
        name = case.case.replace(".", "_")
        keys = [f"overview.todo.{name}_{number}" for number in (1, 2)]
        known = [self.say(key) for key in keys if self.counter.texts.has(key)]
        return known or [self.say("overview.todo.other_1")]

    def _show_sides(self, case: OpenCase) -> None:
        numbers = {
            account.side.identity: place + 1
            for place, account in enumerate(case.choosable[:SIDES_CHOSEN_MAX])
        }
        for place, account in enumerate(case.accounts):
            card = self._card(case, account, place, numbers.get(account.side.identity, 0))
            self._cards.append(card)
            self._sides.addWidget(card, place // SIDES_IN_ROW, place % SIDES_IN_ROW)
        self._sides.setRowStretch(len(case.accounts) // SIDES_IN_ROW + 1, 1)
        true = Choice(EXPLAINED, self.say("overview.cases.explained"), "merge")
        settled = Choice(SETTLED, self.say("overview.cases.settled"), "ok")
        choices = (true,) if numbers else (settled, true)
        default = case.choosable[0].side.identity if numbers else SETTLED
        allowed = {*numbers, *(choice.value for choice in choices)}
        if self._chosen not in allowed:
            self._chosen = default
        self.steps.show_verdicts(choices, first=len(numbers) + 1, chosen=self._chosen)

    def _card(self, case: OpenCase, account: Account, place: int, number: int) -> SideCard:
        side = account.side
        here = self.counter.desk.now().device
        heading = side.who
        if account.device:
            key = "computer_here" if account.device == here else "computer"
            heading = self.say(f"overview.cases.{key}", device=account.device.lstrip("D"))
        order = ""
        if number:
            key = ("first", "second")[place] if len(case.choosable) == SIDES_IN_ROW else "nth"
            order = self.say(f"overview.cases.{key}", number=number)
        moment = when(self.counter.texts, side.at, self._now())
        parts = [order, account.by, moment if side.at else "", side.words]
        card = SideCard(
            self.counter,
            account,
            heading=heading,
            moment="·".join(part for part in parts if part),
            number=number,
        )
        if card.button is not None:
            card.button.clicked.connect(lambda _=False, which=side.identity: self._choose(which))
        return card

    def _choose(self, value: str) -> None:
        """Say what holds: one of the sides, all of them, or that nothing is left to do."""
        self._chosen = value or self._chosen
        for card in self._cards:
            card.set_chosen(chosen=bool(card.identity) and card.identity == self._chosen)
        self.steps.verdict.set_value(self._chosen)
        self.touch_actions()
        self.touch_draft()

    def _typed(self) -> None:
        has_reason = len(self.remark.text()) >= REMARK_MIN
        self.counter.front.show_note(self.say("overview.cases.undo") if has_reason else "")
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
        close = CloseCase(
            case=case.case,
            entity=case.entity,
            members=case.members,
            verdict=self._chosen or SETTLED,
            remark=self.remark.text(),
        )
        following = self._following(case)
        commands = following.commands if following is not None else ()
        self.perform(close, *commands, done=self._closed, refused=self._refused)

    def _closed(self, done: Done) -> None:
        """Say so; undone, the case is open again as it was."""
        self._is_said("overview.cases.closed", done)

    def _answer(self) -> None:
        """Answer what the county asked; the case stays open."""
        case = self.current()
        if case is None or not case.waits_for_answer:
            return
        answer = AnswerInquiry(inquiry=case.inquiry, words=self.remark.text())
        self.perform(answer, done=self._answered, refused=self._refused)

    def _answered(self, done: Done) -> None:
        """Say that it leaves with the next contact; undone, the county still waits."""
        self._is_said("inquiries.sent", done)

    def _is_said(self, key: str, done: Done) -> None:
        self.remark.set_text("")
        self._remarks.pop(self._shown, None)
        self.counter.front.show_note("")
        self.tell_done(self.say(key), done)
        self._read()

    def _refused(self, refusal: Refusal) -> None:
        self.remark.say_fault(refusal.text_key, **refusal.slots)
        self._read()
