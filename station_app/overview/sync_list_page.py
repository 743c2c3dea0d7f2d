"""The page behind a figure of the sending page: what it counts, and what can be done about it."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QVBoxLayout

from station_app.journal import put_back
from station_app.journal.log import Connection
from station_app.journal.projection import StateChange
from station_app.overview.fact_words import FactWords
from station_app.overview.pieces import QuietEmpty, yielding
from station_app.overview.sync_lists import ListRow, ListSource, rows_of
from station_app.overview.sync_view import SyncView
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Icon, Row, Text
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint, rule

COLUMNS = (
    Column("icon", 52),
    Column("when", 150),
    Column("words"),
    Column("detail", 220, "right"),
)
ROW_HEIGHT = 44


class SyncListPage(Page):
    """Lists what a figure counts. marks: how far the county holds each stream; sync: the line."""

    def __init__(  # noqa: PLR0913 - what the list is read with
        self,
        counter: Counter,
        key: str,
        *,
        sync: SyncView,
        words: FactWords,
        now: Callable[[], int],
        home: str,
        acts: str,
    ) -> None:
        """Make the page. home: the sending page; acts: the page of acts, which opens one."""
        super().__init__(counter, key)
        self._sync, self._words_of, self._now = sync, words, now
        self._home, self._acts = home, acts
        self._what = "waiting rest"
        self._found: list[ListRow] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        panel = Panel(margins=(1, 14, 1, 8), spacing=6)
        self._heading = Words("", theme.STRONG, bold=True)
        self._hint = hint()
        for words_ in (self._heading, self._hint):
            words_.setContentsMargins(18, 0, 18, 0)
            panel.body.addWidget(words_)
        panel.body.addWidget(rule())
        self._list = ListTable(COLUMNS, name="", row_height=ROW_HEIGHT)
        self._list.opened.connect(self._open)
        self._list.current_changed.connect(lambda _subject: self.touch_actions())
        self._none = QuietEmpty("ok", self.say("overview.sync.list.none"), "")
        panel.body.addWidget(yielding(self._list), 1)
        panel.body.addWidget(self._none, 1)
        column.addWidget(panel, 1)
        sync.listen(self._changed)

    @property
    def title(self) -> str:
        """Return its name."""
        return self._heading.text() or self.say("overview.sync.title")

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Show a list: `waiting GROUP`, `doubted`, `lost`, `odd`, `floor`, `branches` or
        `outside`.
        """
        self._what = subject.get("what", self._what)
        self._show()

    def activated(self) -> None:
        """Look anew."""
        self._show()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """What was done just now may wait, too."""
        self._changed()

    def on_escape(self) -> bool:
        """Go back to where the figure stands."""
        self.counter.front.open_page(self._home)
        return True

    def action_bar(self) -> Sequence[Action]:
        """Offer what helps, and the way back."""
        back = Action(self.say("overview.sync.list.back"), "Esc", self._back)
        if self._what == "doubted" and self._found:
            words = self.say("overview.sync.list.again")
            return (back, Action(words, "Enter", self._confirm, kind="primary", icon="sync"))
        if self._what == "lost" and put_back_rows(self._found):
            words = self.say("overview.sync.list.entered")
            return (back, Action(words, "Enter", self._entered, kind="primary", icon="ok"))
        return (back,)

    def _back(self) -> None:
        self.on_escape()

    def _confirm(self) -> None:
        """Let the act of the current row leave."""
        subject = self._list.current() or self._found[0].subject
        stream, _, act = subject.partition(" ")
        self._sync.confirm_act(stream, act, self._confirmed)

    def _confirmed(self) -> None:
        words = self.say("overview.sync.list.confirmed")
        self.counter.front.toast(Notice(words, "ok"))
        self._sync.try_now()
        self._show()

    def _entered(self) -> None:
        """Take what the current row tells of off the list."""
        place = (self._list.current() or self._found[0].subject).split(" ")[:2]
        lacking = self.counter.desk.read(put_back.lacking)
        for one in lacking:
            if place == [one.lost.stream, str(one.lost.seq)]:
                self._sync.entered_again(one.lost, self._show)
                return

    def _open(self, subject: str) -> None:
        row = next((row for row in self._found if row.subject == subject), None)
        if row is not None and row.act:
            self.counter.front.open_page(self._acts, {"act": row.act})

    def _changed(self) -> None:
        if self.isVisible():
            self._show()

    def _show(self) -> None:
        name, _, group = self._what.partition(" ")
        group_words = self.say(f"overview.sync.group.{group}") if group else ""
        self._heading.setText(self.say(f"overview.sync.list.title_{name}", group=group_words))
        self._hint.setText(self.say(f"overview.sync.list.hint_{name}"))
        self._found = self.counter.desk.read(self._read)
        rows = [
            Row(
                row.subject,
                (
                    Icon(row.icon, row.words, "ink2"),
                    Text(row.when, theme.HINT, ink="ink2"),
                    Text(row.words, bold=True),
                    Text(row.detail, theme.HINT, ink="ink2"),
                ),
            )
            for row in self._found
        ]
        self._list.show_rows(rows)
        self._list.setVisible(bool(rows))
        self._none.setVisible(not rows)
        self.setAccessibleName(self._heading.text())
        self.touch_actions()

    def _read(self, connection: Connection) -> list[ListRow]:
        standing = self._sync.standing()
        source = ListSource(
            self.counter.texts,
            self._words_of,
            self._now(),
            standing.marks,
            standing.pcs,
            self.counter.desk.now().station,
        )
        return rows_of(connection, self._what, source)


def put_back_rows(rows: Sequence[ListRow]) -> bool:
    """Tell whether some row is of a journal that was put back: those can be taken off the list."""
    return any("/" in row.subject for row in rows)
