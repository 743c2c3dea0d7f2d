"""Searching: what is typed into the scan box, asked of every slice, shown in one list."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from station_app.shell.counter import DeskLike
from station_app.shell.offers import Hit, SearchSource, Sought
from station_app.shell.search_list import HITS_MAX, Found, SearchList
from station_app.values.codes import PhoneTail, recognise
from station_app.values.texts import Texts
from station_app.values.waybills import CourierPattern


def find_all(
    connection: Any, sought: Sought, sources: Sequence[SearchSource], texts: Texts
) -> list[Found]:
    """Ask every source; the list as a whole has at most `HITS_MAX` hits."""
    found: list[Found] = []
    room = HITS_MAX
    for source in sorted(sources, key=lambda source: source.order):
        hits = tuple(source.find(connection, sought, texts))
        shown = hits[:room]
        room -= len(shown)
        if hits:
            found.append(Found(heading_of(source, sought, texts), shown, len(hits) - len(shown)))
    return found


def heading_of(source: SearchSource, sought: Sought, texts: Texts) -> str:
    """Return the heading of a group: 人（手机尾号 6021）."""
    heading = texts.say(source.heading)
    if isinstance(sought.code, PhoneTail) and source.order == 0:
        return heading + texts.say("shell.search.tail", digits=sought.code.digits)
    return heading


class Search(QObject):
    """Runs searches off the screen's thread and shows only the answer to the last question.

    Signals: opened when the list comes, closed when it goes, chosen(Hit).
    """

    opened = Signal()
    closed = Signal()
    chosen = Signal(object)

    def __init__(
        self,
        desk: DeskLike,
        texts: Texts,
        sources: Sequence[SearchSource],
        couriers: Callable[[], Sequence[CourierPattern]],
        shown: SearchList,
    ) -> None:
        """Search these sources and show the hits in `shown`."""
        super().__init__()
        self._desk = desk
        self._texts = texts
        self._sources = tuple(sources)
        self._couriers = couriers
        self.list = shown
        self._asked = 0
        self._answered = 0
        shown.chosen.connect(self._choose)

    @property
    def is_open(self) -> bool:
        """Tell whether the list is shown."""
        return self.list.is_open

    @property
    def is_waiting(self) -> bool:
        """Tell whether an answer is still to come."""
        return self._asked != self._answered

    def seek(self, text: str) -> None:
        """Look for a text; an empty one closes the list."""
        if not text:
            self.close()
            return
        self._asked += 1
        number, texts, sources = self._asked, self._texts, self._sources
        day = self._desk.now().day
        sought = Sought(text, recognise(text, self._couriers()), day)

        def show(found: list[Found]) -> None:
            self._answered = max(self._answered, number)
            if number == self._asked:
                self._show(text, found)

        self._desk.look_up(lambda connection: find_all(connection, sought, sources, texts), show)

    def _show(self, text: str, found: Sequence[Found]) -> None:
        was_open = self.is_open
        self.list.show_found(text, found)
        self.list.show()
        self.list.raise_()
        if not was_open:
            self.opened.emit()

    def close(self) -> None:
        """Close the list; an answer on its way is forgotten."""
        self._asked += 1
        self._answered = self._asked
        if self.is_open:
            self.list.hide()
            self.closed.emit()

    def _choose(self, hit: Hit) -> None:
        self.close()
        self.chosen.emit(hit)
