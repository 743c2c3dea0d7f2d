"""Which way a township's rail is turned: along the way of the bags, or to the counter.

A station that passes nothing on to villages has one face, and no entry that turns it.
"""

from collections.abc import Callable

from station_app.shell.deck import Deck
from station_app.shell.offers import Meaning
from station_app.shell.page_book import COUNTER, TRANSFER, PageBook
from station_app.shell.search_list import SearchList

INTAKE_PLACE = "F2"  # the first page of each face; at a counter, what was not found goes there


class RailFaces:
    """Turns the rail, and keeps what hangs on it right."""

    def __init__(
        self, book: PageBook, deck: Deck, found: SearchList, is_township: Callable[[], bool]
    ) -> None:
        """Turn `book` and show it. found: the result list, which may offer to take a parcel in."""
        self._book, self._deck, self._found = book, deck, found
        self._is_township = is_township

    def look(self) -> None:
        """Ask what the station is, and show the rail of that."""
        if self._book.open_faces(is_township=self._is_township()):
            self._deck.show_rail()
        self.show_what_is_taken_in()

    def turn(self) -> None:
        """Show the other face, and its first page."""
        self._book.turn()
        self._deck.show_rail()
        self._deck.bring(self._book.first_of(INTAKE_PLACE))

    def page_for(self, meaning: Meaning) -> str:
        """Return the page that deals with what a scan turned out to be."""
        is_transfer = self._book.face == TRANSFER
        return (is_transfer and meaning.transfer) or meaning.page

    def show_what_is_taken_in(self) -> None:
        """Let the result list take a parcel in where its key leads to the intake."""
        is_counter = self._book.face == COUNTER
        self._found.can_take_in = is_counter and bool(self._book.first_of(INTAKE_PLACE))
