"""The deck: which page is in front, which are made, how one comes and goes."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from station_app.journal.projection import StateChange
from station_app.shell.counter import Counter
from station_app.shell.frame import Frame
from station_app.shell.offers import PageOffer
from station_app.shell.page import FACTS_PAGE, Page
from station_app.shell.page_book import PageBook

BACK_MAX = 20  # steps that `go_back` remembers


class Deck(QObject):
    """Brings pages to the front. Signal switched(Page): another page is there now."""

    switched = Signal(object)

    def __init__(
        self,
        frame: Frame,
        book: PageBook,
        counter: Callable[[], Counter],
        actions_changed: Callable[[Page], None],
    ) -> None:
        """Work on a frame. counter: what new pages get; actions_changed: told by pages."""
        super().__init__()
        self._actions_changed = actions_changed
        self._frame = frame
        frame.content.facts_wanted.connect(self.open_facts)
        self._book = book
        self._counter = counter
        self._pages: dict[str, Page] = {}
        self._stale: set[str] = set()
        self._back: list[str] = []
        self.current: Page | None = None

    @property
    def is_bare(self) -> bool:
        """Tell whether a page without rail and bars is in front."""
        return self.current is not None and self._book.offers[self.current.key].is_bare

    def page(self, key: str) -> Page | None:
        """Return a page, made when it is first wanted; None if nobody offers it."""
        offer = self._book.offers.get(key)
        if offer is None:
            return None
        if key not in self._pages:
            page = offer.make(self._counter())
            assert page.key == key, f"the page of {key} calls itself {page.key}"
            self._pages[key] = page
            page.actions_changed.connect(lambda which=page: self._actions_changed(which))
            page.on_compact(self._frame.is_compact)
            _set_compact(page, compact=self._frame.is_compact)
        return self._pages[key]

    def made(self) -> Sequence[Page]:
        """Return all pages that were made already."""
        return tuple(self._pages.values())

    def bring(
        self, key: str, subject: Mapping[str, str] | None = None, *, is_way_back: bool = False
    ) -> Page | None:
        """Bring a page to the front; returns it, or None if nobody offers it.

        is_way_back: the page that is left is not remembered for another way back.
        """
        page = self.page(key)
        if page is None:
            return None
        before = self.current
        if before is not page:
            if before is not None:
                before.keep_draft()
                before.left()
                if not is_way_back:
                    self._remember(before.key)
            self.current = page
            self._show(page)
        if key in self._stale:
            self._stale.discard(key)
            page.refresh(())
        if subject is not None:
            page.open_with(subject)
        if before is not page:
            page.activated()
            self.switched.emit(page)
        return page

    def _remember(self, key: str) -> None:
        if not self._book.offers[key].is_bare:
            self._back = [*self._back[-BACK_MAX:], key]

    def _show(self, page: Page) -> None:
        if self._book.offers[page.key].is_bare:
            self._frame.show_bare(page)
            return
        if self._book.turn_to(page.key):
            self.show_rail()
        tabs, current = self.tabs()
        self._frame.content.show_page(page, tabs, current)
        self._frame.show_work()
        self._frame.rail.show_current(self._book.place_of(page.key))

    def show_rail(self) -> None:
        """Show the rail as the book has it turned."""
        self._frame.rail.show_labels(self._book.rail_labels(self._counter().texts))
        place = self._book.place_of(self.current.key) if self.current is not None else ""
        self._frame.rail.show_current(place)

    def tabs(self) -> tuple[list[tuple[str, int]], int]:
        """Return the tabs of the current page's section with their counts, and which is it."""
        if self.current is None:
            return [], 0
        offers = self._book.tabs_of(self.current.key)
        counter = self._counter()
        tabs = [
            (counter.say(offer.tab or offer.rail_label), _count(counter, offer)) for offer in offers
        ]
        keys = [offer.key for offer in offers]
        return tabs, keys.index(self.current.key) if self.current.key in keys else 0

    def bring_tab(self, number: int) -> None:
        """Bring the page of a tab to the front."""
        offers = self._book.tabs_of(self.current.key) if self.current is not None else ()
        if 0 <= number < len(offers):
            self.bring(offers[number].key)

    def facts(self) -> Mapping[str, str] | None:
        """Return what opens the facts behind the figures of the page in front, None for nothing."""
        if self.current is None or FACTS_PAGE not in self._book.offers:
            return None
        return self.current.facts_behind()

    def open_facts(self) -> None:
        """Bring these facts to the front."""
        subject = self.facts()
        if subject is not None:
            self.bring(FACTS_PAGE, subject)

    def before(self) -> Page | None:
        """Return the page to which `go_back` would lead."""
        keys = [key for key in self._back if self.current is None or key != self.current.key]
        return self._pages.get(keys[-1]) if keys else None

    def go_back(self) -> None:
        """Bring the page before to the front, or the first one."""
        while self._back:
            key = self._back.pop()
            if self.current is None or key != self.current.key:
                self.bring(key, is_way_back=True)
                return
        self.bring(self._book.home(), is_way_back=True)

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Tell the page in front what changed; the others look when they come to the front."""
        self._stale = {key for key in self._pages if self._pages[key] is not self.current}
        if self.current is not None:
            self.current.refresh(changes)
            self.count_anew()

    def count_anew(self) -> None:
        """Show on the tabs how many wait now."""
        tabs, current = self.tabs()
        if tabs:
            self._frame.content.show_tabs(tabs, current)

    def set_compact(self, *, compact: bool) -> None:
        """Tell all pages and their widgets whether the window is low."""
        for page in self._pages.values():
            page.on_compact(compact)
            _set_compact(page, compact=compact)


def _count(counter: Counter, offer: PageOffer) -> int:
    ask = offer.count
    if ask is None:
        return 0
    now = counter.desk.now()
    return counter.desk.read(lambda connection: ask(connection, now))


def _set_compact(page: Page, *, compact: bool) -> None:
    for widget in page.findChildren(QWidget):
        shrink = getattr(widget, "set_compact", None)
        if shrink is not None:
            shrink(compact=compact)
