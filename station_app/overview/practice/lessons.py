"""The lessons as data, and how far somebody has come: pure.

A step is done when something has *happened*: a fact in the journal of the practice, a tone that the
ear has heard, a paper that came out. Nothing asks whether it was understood, nothing is marked
wrong, and whoever does it another way than the sentence says has done it as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass

FRESH, AGAIN, ON_HAND = "fresh", "again", "on_hand"  # what the simulated scanner scans


@dataclass(frozen=True, slots=True)
class Step:
    """One step. event: what must happen; scan: what the scanner has in hand, "" for a new parcel.

    grams: what lies on the scale; is_standing: done already if it holds (an open shift).
    """

    key: str
    event: str
    scan: str = FRESH
    grams: int = 0
    is_standing: bool = False


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson. key: of the catalogue."""

    key: str
    steps: Sequence[Step]


_OPEN = Step("open", "shift.opened", is_standing=True)
GOODS_CODE = "9524113000012"  # rice of the catalogue
PRODUCE_GRAMS = 6_230

LESSONS: Sequence[Lesson] = (
    Lesson("shift", (_OPEN,)),
    Lesson(
        "intake",
        (
            Step("first", "parcel.shelved"),
            Step("next", "parcel.shelved"),
            Step("twice", "sound.duplicate", AGAIN),
            Step("undo", "act.reversed"),
        ),
    ),
    Lesson(
        "handover",
        (
            Step("shelve", "parcel.shelved"),
            Step("shelve_other", "parcel.shelved"),
            Step("wrong", "sound.stop", AGAIN),
            Step("hand", "parcel.handed_over", ON_HAND),
        ),
    ),
    Lesson(
        "cod",
        (_OPEN, Step("shelve", "parcel.shelved.cod"), Step("hand", "parcel.handed_over", AGAIN)),
    ),
    Lesson("order", (_OPEN, Step("place", "order.placed"))),
    Lesson("produce", (Step("accept", "lot.accepted", grams=PRODUCE_GRAMS),)),
    Lesson("sale", (_OPEN, Step("sell", "sale.made", GOODS_CODE))),
    Lesson("bill", (_OPEN, Step("take", "bill.taken"))),
    Lesson(
        "paper",
        (
            Step("fault", "printer.fault"),
            Step("shelve", "parcel.shelved"),
            Step("mend", "printer.mended"),
            Step("printed", "paper.printed"),
        ),
    ),
    Lesson("sending", (_OPEN, Step("send", "sending.accepted"))),
    Lesson("close", (_OPEN, Step("close", "shift.closed"))),
)


@dataclass(slots=True)
class Course:
    """How far somebody is. lesson, step: places in `LESSONS`, from 0."""

    lesson: int = 0
    step: int = 0

    @property
    def now(self) -> Lesson:
        """Return the lesson in work."""
        return LESSONS[self.lesson]

    @property
    def wanted(self) -> Step | None:
        """Return the step to be done now, None when the lesson is done."""
        steps = self.now.steps
        return steps[self.step] if self.step < len(steps) else None

    @property
    def is_last(self) -> bool:
        """Tell whether no lesson follows."""
        return self.lesson == len(LESSONS) - 1

    def begin(self, lesson: int) -> None:
        """Begin a lesson; a number beyond the last begins the first."""
        self.lesson, self.step = lesson % len(LESSONS), 0

    def happened(self, event: str) -> bool:
        """Take something that happened; returns whether a step was done by it."""
        wanted = self.wanted
        if wanted is None or wanted.event != event:
            return False
        self.step += 1
        return True

    def stands(self, event: str) -> bool:
        """Take something that holds: a step that wants only that is done."""
        wanted = self.wanted
        return wanted is not None and wanted.is_standing and self.happened(event)
