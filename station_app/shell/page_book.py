"""The pages that this station offers: by key, by place in the rail, by tab. No widgets here.

A township passes parcels on to its villages: there the keys F2 to F6 lead along the way of the
bags, and to the counter's own pages after the rail was turned. What both need keeps its key.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from station_app.shell.offers import Offer, PageOffer
from station_app.shell.rail import BOTH_FACES, LOCK, PLACES, TURN
from station_app.values.texts import Texts

HOME_KEY = "Home"
COUNTER, TRANSFER = "counter", "transfer"
TURNED = {COUNTER: TRANSFER, TRANSFER: COUNTER}
Sections = dict[str, list[PageOffer]]


@dataclass(slots=True)
class PageBook:
    """All page offers, sorted. Two offers of one key are a bug of the composition root.

    face: which way the rail is turned; has_faces: whether it can be.
    """

    offers: dict[str, PageOffer] = field(default_factory=dict)
    faces: dict[str, Sections] = field(default_factory=lambda: {COUNTER: {}, TRANSFER: {}})
    face: str = COUNTER
    has_faces: bool = False

    @classmethod
    def of(cls, offers: Sequence[Offer], own: Sequence[PageOffer] = ()) -> "PageBook":
        """Sort the pages of all slices, and the shell's own."""
        book = cls()
        for page in (*own, *(page for offer in offers for page in offer.pages)):
            assert page.key not in book.offers, f"two pages are called {page.key}"
            book.offers[page.key] = page
            book._place(COUNTER, page)
            spot = page.transfer
            if spot is not None:
                there = replace(
                    page, fkey=spot.fkey, rail_label=spot.rail_label, icon=spot.icon,
                    tab=spot.tab, tab_order=spot.tab_order,
                )  # fmt: skip
                book._place(TRANSFER, there)
            elif page.fkey in BOTH_FACES:
                book._place(TRANSFER, page)
        for sections in book.faces.values():
            for pages in sections.values():
                pages.sort(key=lambda page: page.tab_order)
        return book

    def _place(self, face: str, page: PageOffer) -> None:
        if page.fkey:
            self.faces[face].setdefault(page.fkey, []).append(page)

    # --- Which way the rail is turned ------------------------------------------------------------

    def open_faces(self, *, is_township: bool) -> bool:
        """Begin with the way of the bags at a township; returns whether the rail is another now."""
        if is_township == self.has_faces:
            return False
        self.has_faces = is_township
        self.face = TRANSFER if is_township else COUNTER
        return True

    def turn(self) -> None:
        """Turn the rail."""
        if self.has_faces:
            self.face = TURNED[self.face]

    def turn_to(self, key: str) -> bool:
        """Turn the rail to where a page stands, if it does not stand here; returns whether."""
        if not self.has_faces or self.place_of(key) or not self._in(TURNED[self.face], key):
            return False
        self.turn()
        return True

    def _in(self, face: str, key: str) -> str:
        found = (p.fkey for pages in self.faces[face].values() for p in pages if p.key == key)
        return next(found, "")

    # --- What stands where -----------------------------------------------------------------------

    @property
    def sections(self) -> Sections:
        """Return the pages of every place as the rail is turned now."""
        return self.faces[self.face]

    def place_of(self, key: str) -> str:
        """Return the place of the rail where a page stands now, "" for none."""
        return self._in(self.face, key)

    def rail_labels(self, texts: Texts) -> dict[str, tuple[str, str]]:
        """Return the words and icon of every place in the rail that is offered."""
        labels = {}
        for place in (*PLACES, LOCK):
            pages = self.sections.get(place.key)
            if pages:
                first = pages[0]
                words = texts.say(first.rail_label or place.words)
                labels[place.key] = (words, first.icon or place.icon)
        if self.has_faces:
            words = texts.say(f"shell.rail.to_{TURNED[self.face]}")
            labels[TURN.key] = (words, TURN.icon)
        return labels

    def first_of(self, fkey: str) -> str:
        """Return the key of the first page of a place, "" if it is not offered."""
        pages = self.sections.get(fkey)
        return pages[0].key if pages else ""

    def tabs_of(self, key: str) -> Sequence[PageOffer]:
        """Return the pages that share a place with this one, in order; one alone has no tabs."""
        pages = self.sections.get(self.place_of(key), [])
        return pages if len(pages) > 1 else ()

    def home(self) -> str:
        """Return the page to begin with: today, or the first that is offered at all."""
        home = self.first_of(HOME_KEY)
        if home:
            return home
        return next((page.key for page in self.offers.values() if page.fkey), "")
