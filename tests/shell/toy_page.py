"""A page that records toys, other pages around it, and what they offer."""

from PySide6.QtWidgets import QVBoxLayout

from station_app.shell.offers import Offer, PageOffer
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Row
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.panels import Banner
from station_app.shell.widgets.tables import ListTable
from tests.shell.shop import ROUTE, SOURCE, STRAY, FoundToy


class ToyPage(Page):
    """A page that records toys: a field, choices, an alert, a list, actions."""

    def __init__(self, counter, key="toys.shelf"):
        super().__init__(counter, key)
        self.field = TextField(counter.texts, "玩具", chinese=True)
        self.field.changed.connect(lambda _text: self.touch_draft())
        self.choices = ChoiceRow([Choice("a", "大"), Choice("b", "小")])
        self.alert = Banner("拿错了", "stop")
        self.known = self.alert.add_button("知道了", "Enter", self.alert.hide)
        self.alert.hide()
        self.list = ListTable((Column("what"),), name="玩具")
        self.list.show_rows([Row(str(n), (f"第 {n} 个",)) for n in range(3)])
        self.done: list = []
        self.scans: list = []
        self.opened: list = []
        self.is_ready, self.dropped, self.words_under_way = True, 0, ""
        self.list.opened.connect(self.opened.append)
        column = QVBoxLayout(self)
        for widget in (self.alert, self.field, self.choices, self.list):
            column.addWidget(widget)

    @property
    def title(self):
        return "玩具"

    def action_bar(self):
        return (
            Action("去掉", "Del", self._drop),
            Action(
                "记下玩具",
                "Enter",
                self._record,
                kind="primary",
                is_enabled=self.is_ready,
                reason="还没写名字",
            ),
        )

    def _drop(self):
        self.dropped += 1

    def _record(self):
        self.perform(FoundToy(self.field.text()), done=self._recorded)

    def _recorded(self, done):
        self.done.append(done)
        self.tell_done(f"{self.field.text()} 记下了", done)
        self.field.set_text("")

    def on_scan(self, scan):
        self.scans.append(scan)
        return scan.meaning is not None

    def draft(self):
        return {"label": self.field.text()} if self.field.text() else None

    def resume(self, draft):
        self.field.set_text(draft["label"])
        return f"刚才断电了。{draft['label']}没记完"

    def open_with(self, subject):
        self.opened.append(dict(subject))

    def under_way(self):
        return self.words_under_way


class LockPage(ToyPage):
    """A page that fills the window and has no bars."""

    def action_bar(self):
        return ()


OTHER = PageOffer("toys.other", "toys.other", "cart", "F2", lambda c: ToyPage(c, "toys.other"))
LOCK = PageOffer(
    "toys.lock", "shell.rail.lock", "lock", "F12", lambda c: LockPage(c, "toys.lock"), is_bare=True
)
ALL = Offer(pages=(OTHER, LOCK), scan_routes=(ROUTE,), search_sources=(SOURCE,), strays=(STRAY,))


def record(hand, page, label="球"):
    page.field.set_text(label)
    hand.press("Enter")
