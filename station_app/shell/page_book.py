"""The pages that this station offers: by key, by place in the rail, by tab. No widgets here."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from station_app.shell.offers import Offer, PageOffer
from station_app.shell.rail import LOCK, PLACES
from station_app.values.texts import Texts

HOME_KEY = "Home"


@dataclass(slots=True)
class PageBook:
    """All page offers, sorted. Two offers of one key are a bug of the composition root."""

    offers: dict[str, PageOffer] = field(default_factory=dict)
    sections: dict[str, list[PageOffer]] = field(default_factory=dict)

    @classmethod
    def of(cls, offers: Sequence[Offer], own: Sequence[PageOffer] = ()) -> "PageBook":
        """Sort the pages of all slices, and the shell's own."""
        book = cls()
        for page in (*own, *(page for offer in offers for page in offer.pages)):
            assert page.key not in book.offers, f"two pages are called {page.key}"
            book.offers[page.key] = page
            if page.fkey:
                book.sections.setdefault(page.fkey, []).append(page)
        for pages in book.sections.values():
            pages.sort(key=lambda page: page.tab_order)
        return book

    def rail_labels(self, texts: Texts) -> dict[str, tuple[str, str]]:
        """Return the words and icon of every place in the rail that is offered."""
        labels = {}
        for place in (*PLACES, LOCK):
            pages = self.sections.get(place.key)
            if pages:
                first = pages[0]
                words = texts.say(first.rail_label or place.words)
                labels[place.key] = (words, first.icon or place.icon)
        return labels

    def first_of(self, fkey: str) -> str:
        """Return the key of the first page of a place, "" if it is not offered."""
        pages = self.sections.get(fkey)
        return pages[0].key if pages else ""

    def tabs_of(self, key: str) -> Sequence[PageOffer]:
        """Return the pages that share a place with this one, in order; one alone has no tabs."""
        offer = self.offers[key]
        pages = self.sections.get(offer.fkey, [])
        return pages if len(pages) > 1 else ()

    def home(self) -> str:
        """Return the page to begin with: today, or the first that is offered at all."""
        home = self.first_of(HOME_KEY)
        if home:
            return home
        return next((page.key for page in self.offers.values() if page.fkey), "")
