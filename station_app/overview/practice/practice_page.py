"""The page that offers the practice: lessons, and what they never touch."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.overview.pieces import yielding
from station_app.overview.practice.lessons import LESSONS
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.offers import PageOffer
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Icon, Row, Text
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint

PRACTICE = "overview.practice"
# Opens the practice at a lesson; tells when it is over: "", or why it did not open.
Practise = Callable[[int, Callable[[str], None]], None]
ICON_WIDTH, STEPS_WIDTH = 56, 90


def practice_pages(practise: Practise | None) -> tuple[PageOffer, ...]:
    """Return the page, none where nothing can be practised."""
    if practise is None:
        return ()
    tab = "overview.practice.tab"

    def page(counter: Counter) -> Page:
        return PracticePage(counter, PRACTICE, practise)

    return (PageOffer(PRACTICE, "overview.practice.title", "lesson", "F1", page, tab, tab_order=7),)


class PracticePage(Page):
    """Lists the lessons."""

    def __init__(self, counter: Counter, key: str, practise: Practise) -> None:
        """Make the page."""
        super().__init__(counter, key)
        self._practise = practise
        self.is_running = False
        self._build()

    def _build(self) -> None:
        say = self.say
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.FULL.gap)
        head = Panel(margins=(24, 14, 24, 14), spacing=4)
        head.body.addWidget(Words(say("overview.practice.heading"), theme.TITLE, bold=True))
        head.body.addWidget(Words(say("overview.practice.line"), theme.BODY, wrap=True))
        head.body.addWidget(hint(say("overview.practice.needs"), wrap=True))
        column.addWidget(head)
        panel = Panel(margins=(1, 8, 1, 8), spacing=0)
        columns = (Column("icon", ICON_WIDTH), Column("title"), Column("steps", STEPS_WIDTH))
        self.list = yielding(ListTable(columns, name=self.title, row_height=44))
        self.list.current_changed.connect(lambda _subject: self.touch_actions())
        panel.body.addWidget(self.list, 1)
        column.addWidget(panel, 1)
        self.list.show_rows([self._row(number) for number in range(len(LESSONS))])
        self.list.choose("0")

    def _row(self, number: int) -> Row:
        say, lesson = self.say, LESSONS[number]
        words = say("overview.practice.number", number=number + 1)
        return Row(
            str(number),
            (
                Icon("lesson", words),
                Text(f"{words}　{say(f'overview.practice.lesson.{lesson.key}.title')}", bold=True),
                say("overview.practice.steps", count=len(lesson.steps)),
            ),
        )

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("overview.practice.title")

    def first_focus(self) -> QWidget | None:
        """Move in the list."""
        return self.list

    def on_compact(self, is_compact: bool) -> None:
        """Make the rows lower in a low window."""
        self.list.set_compact(compact=is_compact)

    def action_bar(self) -> Sequence[Action]:
        """Offer to begin the chosen lesson."""
        say, chosen = self.say, self.list.current()
        lesson = LESSONS[int(chosen or 0)]
        title = say(f"overview.practice.lesson.{lesson.key}.title")
        return (
            Action(
                say("overview.practice.start", lesson=title),
                "Enter",
                self._begin,
                "primary",
                icon="lesson",
                is_enabled=not self.is_running and bool(chosen),
                reason=say("overview.practice.running") if self.is_running else "",
            ),
        )

    def _begin(self) -> None:
        self.is_running = True
        self.touch_actions()
        self._practise(int(self.list.current()), self._over)

    def _over(self, trouble: str) -> None:
        self.is_running = False
        self.touch_actions()
        words = self.say("overview.practice.back")
        if trouble:
            words = self.say("overview.practice.failed", reason=trouble)
        self.counter.front.toast(Notice(words, "warn" if trouble else "notice"))
