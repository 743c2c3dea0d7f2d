"""The day's end, and its beginning: count the drawer, compare, close, print; or open a shift.

Two steps with a wall between them. While the drawer is counted, nothing on the screen says what
should be in it; only a confirmed count is compared, and may be done over once. Closing waits for
nobody: the slip is a row in the queue, what is not sent yet goes when there is a line.
"""

from collections.abc import Mapping, Sequence
from enum import Enum, auto

from PySide6.QtWidgets import QHBoxLayout, QWidget

from station_app.journal.projection import StateChange
from station_app.services.cash.commands import CloseShift, HandOverShift, OpenShift
from station_app.services.cash.counting import RECOUNTS_MAX
from station_app.services.cash.pages.before_count import BeforeCount
from station_app.services.cash.pages.closing_side import ClosingSide, Counted
from station_app.services.cash.pages.count_panel import CountPanel
from station_app.services.cash.pages.edges import Edges
from station_app.services.cash.pages.handing_side import HandingSide
from station_app.services.cash.pages.opening_panel import OpeningPanel
from station_app.services.cash.pages.reading import print_reading
from station_app.services.cash.papers import PaperMaker
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.offers import HeldWork
from station_app.shell.page import Action, Page
from station_app.shell.widgets.panels import Places
from station_app.values.money import say_yuan
from station_app.values.refusal import Refusal

CLOSED_PAGE = "cash.closed"


class Step(Enum):
    """Where the work stands."""

    OPENING = auto()
    COUNTING = auto()
    COMPARING = auto()
    ASKING = auto()
    HANDING = auto()
    DONE = auto()


class DayPage(Page):
    """Opens and closes shifts."""

    def __init__(self, counter: Counter, key: str, papers: PaperMaker, edges: Edges) -> None:
        """Make the page. papers: makes slips; edges: printer and line."""
        super().__init__(counter, key)
        self._papers = papers
        self._edges = edges
        self.step = Step.COUNTING
        self._recounts = 0
        self.is_handing = False  # the drawer only changes hands, the shift goes on
        self.count = CountPanel(counter)
        self.opening = OpeningPanel(counter, edges.build_ms)
        self.before = BeforeCount(counter)
        self.handing = HandingSide(counter, edges)
        self.closing = ClosingSide(counter, papers, edges)
        self._lay_out()
        self.count.changed.connect(self._typed)
        self.closing.confirmed.connect(self._close)
        self.closing.taken_back.connect(self._think_again)
        self.closing.reason_changed.connect(self._reason_typed)
        self.opening.changed.connect(self.touch_actions)
        self.before.cancelled.connect(self._cancel_work)
        self.handing.ready.connect(self._hand_over)
        edges.on_sending(self._sending_changed)

    def _lay_out(self) -> None:
        self._right = Places()
        self._places = {
            Step.OPENING: self.opening,
            Step.COUNTING: self.before,
            Step.COMPARING: self.closing,
            Step.ASKING: self.closing,
            Step.HANDING: self.handing,
            Step.DONE: self.closing,
        }
        for widget in dict.fromkeys(self._places.values()):
            self._right.addWidget(widget)
        self._outer = outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(theme.FULL.gap)
        outer.addWidget(self.count)
        outer.addWidget(self._right, 1)

    # --- What the window asks --------------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return what is done here now."""
        if self.is_handing:
            return self.say("cash.hand_over.title")
        return self.say("cash.open.title" if self.step is Step.OPENING else "cash.day.title")

    def first_focus(self) -> QWidget | None:
        """Return the first face of money while it is counted."""
        if self.step in (Step.OPENING, Step.COUNTING):
            return next(iter(self.count.fields.values()))
        if self.step is Step.HANDING:
            return self.handing.first_focus()
        if self.step is Step.COMPARING and not self.closing.compare.reason.isHidden():
            return self.closing.compare.reason
        return None

    def activated(self) -> None:
        """Begin with what has to be done: open a shift, or count this one."""
        has_shift = bool(self.counter.desk.now().shift)
        if has_shift and self.step in (Step.OPENING, Step.DONE):
            self._begin_count()
        elif not has_shift and self.step is not Step.DONE:
            self._go_on_opening()
        elif self.step is Step.COMPARING:
            self._show_comparison()
        elif self.step is Step.COUNTING and not self.count.is_touched and not self.is_handing:
            self._begin_count()
        self.closing.show_unsent()
        self._show_before()

    def left(self) -> None:
        """Leave the finished shift behind; no question and no PIN waits behind a back."""
        if self.step in (Step.ASKING, Step.HANDING):
            self._think_again()
        if self.step is Step.DONE:
            self._begin_opening()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Compare anew when money came in meanwhile."""
        if self.step in (Step.COMPARING, Step.ASKING) and self.counter.desk.now().shift:
            self._show_comparison()
        self.closing.show_unsent()
        self._show_before()

    def on_digit(self, digit: int) -> bool:
        """Let a digit answer a question of the opening, or choose who takes over."""
        if self.step is Step.HANDING:
            return self.handing.take_digit(digit)
        return self.step is Step.OPENING and self.opening.take_digit(digit)

    def on_escape(self) -> bool:
        """Take the question back."""
        if self.step not in (Step.ASKING, Step.HANDING):
            return False
        self._think_again()
        return True

    def on_compact(self, is_compact: bool) -> None:
        """Use lower rows in a low window."""
        self.count.set_compact(compact=is_compact)
        self.closing.set_compact(compact=is_compact)
        self._outer.setSpacing(theme.COMPACT.gap if is_compact else theme.FULL.gap)

    def under_way(self) -> str:
        """Return what would be left half done."""
        return self.say("cash.day.under_way") if self.draft() is not None else ""

    def draft(self) -> Draft | None:
        """Return the count as far as it was typed."""
        if self.step is Step.DONE or not self.count.is_touched:
            return None
        shift = self.counter.desk.now().shift
        return {
            "counts": self.count.written(),
            "recounts": self._recounts,
            "reason": self.closing.reason,
            "shift": shift,
            "handing": self.is_handing,
            "compared": bool(shift) and self.step is not Step.COUNTING,
        }

    def resume(self, draft: Draft) -> str:
        """Take up a count that was cut off: counted on, or compared if it was compared before."""
        shift = self.counter.desk.now().shift
        if draft.get("shift") != shift:
            return ""
        if shift:
            self._begin_count()
        else:
            self._begin_opening()
        self._recounts = min(int(draft.get("recounts", 0)), RECOUNTS_MAX)
        self.count.take(draft.get("counts", {}))
        self.closing.compare.reason.set_text(str(draft.get("reason", "")))
        self._set_handing(is_handing=bool(draft.get("handing")) and bool(shift))
        if not draft.get("compared"):
            return self.say("cash.day.resumed")
        self._compare()
        return self.say("cash.day.resumed_compared")

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Open; the step follows from the drawer. subject `begin`: `hand_over` counts for one."""
        if subject.get("begin") == "hand_over" and self.counter.desk.now().shift:
            self._set_handing(is_handing=True)

    # --- Actions ---------------------------------------------------------------------------------

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done at this step."""
        if self.step is Step.OPENING:
            return self._opening_actions()
        if self.step is Step.COUNTING:
            return self._counting_actions()
        if self.step is Step.DONE:
            return self._done_actions()
        return self._comparing_actions()

    def _opening_actions(self) -> Sequence[Action]:
        say = self.say
        missing = self.opening.what_is_missing()
        if not missing and not self.count.is_touched:
            missing = say("cash.count.not_yet")
        primary = Action(
            say("cash.open.primary", amount=say_yuan(self.count.total_fen)),
            "Enter",
            self._open,
            "primary",
            is_enabled=not missing,
            reason=missing,
        )
        as_last = Action(say("cash.open.as_last"), "F10", self._open_as_last, icon="redo")
        slips = Action(say("cash.day.slips"), "Ctrl+L", self._show_closed, icon="document")
        return (*((as_last,) if self.opening.has_last else ()), slips, primary)

    def _counting_actions(self) -> Sequence[Action]:
        say = self.say
        is_ready = self.count.is_touched
        work = self.before.current
        go_on = Action(say("cash.work.goes"), "F10", self.before.open_current, icon="hourglass")
        return (
            self._handing_action(),
            *((go_on,) if work is not None else ()),
            Action(say("cash.day.reading"), "Ctrl+P", self._print_reading, icon="printer"),
            Action(say("cash.day.slips"), "Ctrl+L", self._show_closed, icon="document"),
            Action(
                say("cash.count.primary", amount=say_yuan(self.count.total_fen)),
                "Enter",
                self._compare,
                "primary",
                is_enabled=is_ready,
                reason="" if is_ready else say("cash.count.not_yet"),
            ),
        )

    def _comparing_actions(self) -> Sequence[Action]:
        say = self.say
        if self.step is Step.HANDING:
            return self._handing_actions()
        is_explained = self.closing.is_explained
        may_recount = self._recounts < RECOUNTS_MAX
        amount = say_yuan(self.count.total_fen)
        if self.is_handing:
            words, go = say("cash.handing.goes_on", amount=amount), self._ask_both
        else:
            words, go = say("cash.day.primary"), self._ask
        return (
            self._handing_action(),
            Action(
                say("cash.compare.recount"),
                "Ctrl+Z",
                self._recount,
                icon="undo",
                is_enabled=may_recount,
                reason="" if may_recount else say("cash.compare.recounted"),
            ),
            Action(say("cash.handing.places"), "F10", self._compare_places, icon="phone"),
            Action(
                words,
                "Enter",
                self._close if self.step is Step.ASKING else go,
                "primary",
                is_enabled=is_explained,
                reason="" if is_explained else say("cash.compare.write_reason"),
            ),
        )

    def _done_actions(self) -> Sequence[Action]:
        say = self.say
        unsent = self._edges.unsent()
        to_stick = Action(say("cash.done.stick"), "Ctrl+U", self.closing.write_stick, icon="usb")
        return (
            *([to_stick] if unsent.is_offline and unsent.facts else []),
            Action(say("cash.day.slips"), "Ctrl+L", self._show_closed, icon="document"),
            Action(say("cash.done.next"), "Enter", self._begin_opening_by_key, "primary"),
        )

    def _handing_action(self) -> Action:
        """Return the switch between closing the day and only handing over."""
        key = "cash.handing.not_now" if self.is_handing else "cash.day.hand_over"
        return Action(self.say(key), "Ctrl+H", self._switch_handing, icon="swap")

    def _handing_actions(self) -> Sequence[Action]:
        return (Action(self.say("cash.drawer.back"), "Esc", self._think_again),)

    # --- Opening ---------------------------------------------------------------------------------

    def _begin_opening(self) -> None:
        self.count.begin(self.say("cash.open.count"))
        self.opening.begin()
        self._go(Step.OPENING)

    def _go_on_opening(self) -> None:
        """Leave what was typed before a look elsewhere; only another day asks anew."""
        if self.step is Step.OPENING and self.count.is_touched:
            self.opening.look_at_the_day()
        else:
            self._begin_opening()

    def _begin_opening_by_key(self) -> None:
        self._begin_opening()
        focus = self.first_focus()
        if focus is not None:
            focus.setFocus()

    def _open(self) -> None:
        counts, is_first = self.count.counts(), not self.opening.has_last
        self._ask_to_open(self.opening.command(counts, is_first=is_first))

    def _open_as_last(self) -> None:
        missing = self.opening.what_is_missing()
        if missing:
            self.counter.front.toast(Notice(missing, "warn"))
            return
        self._ask_to_open(self.opening.command(None, is_first=False))

    def _ask_to_open(self, command: OpenShift) -> None:
        def done(outcome: Done) -> None:
            opened = outcome.told[0].body if outcome.told else None
            amount = say_yuan(opened.counted_fen) if opened else ""
            self.counter.sounds.play("ok")
            self._begin_count()
            self.counter.front.go_home()
            self.counter.front.toast(Notice(self.say("cash.open.done", amount=amount)))

        self.perform(command, done=done, refused=self._opening_refused)

    def _opening_refused(self, refusal: Refusal) -> None:
        if refusal.reason == "cash.FLOAT_DIFFERS":
            self.opening.ask_difference(is_asked=True)
            self.opening.reasons.setFocus()
            self.touch_actions()
        else:
            self.counter.front.toast(Notice(self.say(refusal.text_key, **refusal.slots), "stop"))

    # --- Counting --------------------------------------------------------------------------------

    def _begin_count(self) -> None:
        self._recounts = 0
        self.count.begin(self.say("cash.count.title"))
        self.closing.compare.reason.set_text("")
        self._set_handing(is_handing=False)
        self._go(Step.COUNTING)

    def _typed(self) -> None:
        if self.step is Step.OPENING:
            self.opening.say_size(self.count.total_fen)
            if self.opening.asks_difference:
                self.opening.ask_difference(is_asked=False)
        self.touch_actions()
        self.touch_draft()

    def _compare(self) -> None:
        self.count.set_open(is_open=False)
        self._show_comparison()
        self.closing.show_unsent()
        self._go(Step.COMPARING)
        self.keep_draft()  # it has seen the books now, also after a power cut
        (self.first_focus() or self).setFocus()

    def _recount(self) -> None:
        if self._recounts >= RECOUNTS_MAX:
            return
        self._recounts += 1
        self.count.set_open(is_open=True)
        self._set_handing(is_handing=self.is_handing)
        self._go(Step.COUNTING)
        self.count.begin_over()

    def _show_comparison(self) -> None:
        if self.counter.desk.now().shift:
            self.closing.show_comparison(Counted(self.count.counts(), self._recounts))

    def _reason_typed(self) -> None:
        self._show_comparison()
        self.touch_actions()
        self.touch_draft()

    # --- Closing ---------------------------------------------------------------------------------

    def _ask(self) -> None:
        self.closing.show_question(is_asked=True)
        self._go(Step.ASKING)
        self.setFocus()

    def _think_again(self) -> None:
        self.closing.show_question(is_asked=False)
        self._go(Step.COMPARING)

    def _close(self) -> None:
        command = CloseShift(
            counts=self.count.counts(),
            recounts=self._recounts,
            remark=self.closing.reason,
        )
        shift = self.counter.desk.now().shift

        def done(outcome: Done) -> None:
            self.closing.show_closed(shift)
            self._edges.send_now()
            self.closing.show_unsent()
            self._go(Step.DONE)
            self.setFocus()
            self.counter.sounds.play("money")

        self.perform(command, done=done, refused=self._closing_refused)

    def _closing_refused(self, refusal: Refusal) -> None:
        self._think_again()
        self.closing.compare.reason.say_fault(refusal.text_key, **refusal.slots)

    # --- Handing over ----------------------------------------------------------------------------

    def _switch_handing(self) -> None:
        self._set_handing(is_handing=not self.is_handing)
        if self.step is Step.ASKING:
            self._think_again()

    def _set_handing(self, *, is_handing: bool) -> None:
        self.is_handing = is_handing
        self.closing.set_handing(is_handing=is_handing)
        self.before.quiet.show_count(is_recount=self._recounts > 0, is_handing=is_handing)
        self.touch_actions()

    def _ask_both(self) -> None:
        staff = self.counter.desk.read(self._edges.staff)
        self._go(Step.HANDING)
        self.handing.ask(staff, self.counter.desk.now().operator, self.count.total_fen)
        self.touch_actions()
        (self.first_focus() or self).setFocus()

    def _hand_over(self, taken_over_by: str, alone_reason: str) -> None:
        command = HandOverShift(
            taken_over_by=taken_over_by,
            counts=self.count.counts(),
            recounts=self._recounts,
            remark=self.closing.reason,
            alone_reason=alone_reason,
        )

        def done(outcome: Done) -> None:
            staff = self.counter.desk.read(self._edges.staff)
            taker = next(one for one in staff if one.identity == taken_over_by)
            if not alone_reason:
                self._edges.come(taker)
            words = self.handing.done_words(outcome, taker)
            self.counter.sounds.play("money")
            self._begin_count()
            self.counter.front.go_home()
            self.counter.front.toast(Notice(words))

        self.perform(command, done=done, refused=self._closing_refused)

    # --- What was not finished -------------------------------------------------------------------

    def _show_before(self) -> None:
        """Show what is unfinished, and whether it is an earlier day's shift that is counted."""
        if self.step is Step.COUNTING:
            self.before.look(self._edges, self.key)
            self.touch_actions()

    def _cancel_work(self, work: HeldWork) -> None:
        def done(outcome: Done) -> None:
            self.tell_done(self.say("cash.work.cancelled"), outcome)
            self._show_before()

        self.perform(work.cancel, done=done)

    # --- The rest --------------------------------------------------------------------------------

    def _go(self, step: Step) -> None:
        self.step = step
        self._right.setCurrentWidget(self._places[step])
        self.touch_actions()

    def _compare_places(self) -> None:
        self.counter.front.open_page("cash.drawer", {"begin": "compare"})

    def _sending_changed(self) -> None:
        if self.step is Step.DONE:
            self.closing.show_unsent()
            self.touch_actions()

    def _show_closed(self) -> None:
        self.counter.front.open_page(CLOSED_PAGE)

    def _print_reading(self) -> None:
        print_reading(self.counter, self._papers, self._edges)
