"""Where is each parcel? Worked out anew from the facts of several stations, and nothing else.

Written from docs/PRODUCT.md and docs/LEDGER.md; imports nothing of the program. It is given facts
as they are said, of any station, and knows of each waybill one place. A fact that takes a parcel
from where it is not is a problem. `books` says how many pieces each account of a station must hold.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Fact = dict[str, Any]
Place = tuple[str, str]  # what, and at which station

BAG, SHELF, RUN, VILLAGER, RETURNED, LOST = (
    "Bag", "Shelf", "Run", "Villager", "Returned", "Lost",
)  # fmt: skip
ROAD = "road"
MOVES = {
    "parcel.handed_over": (SHELF, VILLAGER),
    "parcel.handed_over_on_run": (RUN, VILLAGER),
    "parcel.released": (SHELF, VILLAGER),
    "parcel.returned": (SHELF, RETURNED),
    "parcel.forwarded": (SHELF, ROAD),
    "parcel.lost": (SHELF, LOST),
    "parcel.found": (LOST, SHELF),
    "parcel.taken_on_run": (SHELF, RUN),
    "parcel.brought_back": (RUN, SHELF),
}
UNDONE = "act.reversed"


@dataclass
class Bag:
    """A closed bag at a station. pieces: by its tag; is_open: it was counted."""

    station: str
    pieces: int
    is_open: bool = False


@dataclass
class Pieces:
    """All parcels of some stations. places: by waybill; transit, couriers: by station."""

    places: dict[str, Place] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    collected: Counter[str] = field(default_factory=Counter)
    transit: Counter[str] = field(default_factory=Counter)
    couriers: dict[str, Counter[str]] = field(default_factory=dict)
    _bags: dict[str, Bag] = field(default_factory=dict)
    _named: dict[str, str] = field(default_factory=dict)
    _acts: dict[str, list[Fact]] = field(default_factory=dict)

    def read(self, facts: Iterable[Fact]) -> None:
        """Take facts in the order in which they were said."""
        for fact in facts:
            if fact["kind"] == UNDONE:
                for one in reversed(self._acts.get(fact["body"]["act"], [])):
                    self._undo(one)
                continue
            self._acts.setdefault(fact["act"], []).append(fact)
            self._take(fact, fact["stream"].partition("/")[0], fact["body"])

    def _take(self, fact: Fact, station: str, body: Fact) -> None:
        kind = fact["kind"]
        if kind == "bag.received":
            self._bags[fact["identity"]] = Bag(station, body["pieces"])
            self.transit[station] -= body["pieces"]
        elif kind == "bag.opened":
            bag = self._bags[fact["entity"]]
            bag.is_open = True
            self.transit[station] += body["missing"]
        elif kind == "manifest.closed" and body["direction"] == "in" and body["bag"]:
            for piece in body["pieces"]:
                if piece["state"] != "missing":
                    self._come(piece["waybill"], (BAG, station), fact)
        elif kind == "village_load.left":
            for piece in body["pieces"]:
                self._move(piece["waybill"], (BAG, station), (ROAD, body["station"]), fact)
                self.transit[station] += 1
        elif kind == "parcel.shelved":
            self._shelve(fact, station, body)
        elif kind in MOVES:
            before, after = MOVES[kind]
            self._move(self._named[fact["entity"]], (before, station), (after, station), fact)
            self.transit[station] += kind == "parcel.forwarded"
            self.collected[station] += body.get("cod_fen", 0) if after == VILLAGER else 0

    def _shelve(self, fact: Fact, station: str, body: Fact) -> None:
        waybill = body["waybill"]
        self._named[fact["identity"]] = waybill
        if body["bag"]:
            self._move(waybill, (BAG, station), (SHELF, station), fact)
            return
        self._come(waybill, (SHELF, station), fact)
        self.couriers.setdefault(station, Counter())[body["courier"]] += 1

    def _come(self, waybill: str, place: Place, fact: Fact) -> None:
        """Nobody has it: it comes from the hub, from a courier, or off the road to here."""
        known = self.places.get(waybill)
        if known is not None and known[0] not in (ROAD, RETURNED):
            self.problems.append(f"{fact['kind']} {waybill}: it is at {known}, and comes again")
        self.places[waybill] = place

    def _move(self, waybill: str, before: Place, after: Place, fact: Fact) -> None:
        known = self.places.get(waybill)
        if known != before:
            self.problems.append(f"{fact['kind']} {waybill}: not at {before} but at {known}")
        self.places[waybill] = after

    def _undo(self, fact: Fact) -> None:
        """Take a fact back; what can be undone here moves one parcel at its station."""
        station, kind = fact["stream"].partition("/")[0], fact["kind"]
        if kind in MOVES:
            before, after = MOVES[kind]
            self._move(self._named[fact["entity"]], (after, station), (before, station), fact)
            self.collected[station] -= fact["body"].get("cod_fen", 0) if after == VILLAGER else 0
            self.transit[station] -= kind == "parcel.forwarded"

    def count(self, place: str, station: str) -> int:
        """Return how many parcels are somewhere."""
        return sum(known == (place, station) for known in self.places.values())

    def books(self, station: str) -> dict[str, int]:
        """Return what the accounts of pieces of a station must hold, empty ones left out."""
        closed = sum(
            b.pieces for b in self._bags.values() if b.station == station and not b.is_open
        )
        found = {name: self.count(name, station) for name in (SHELF, RUN, VILLAGER, RETURNED, LOST)}
        found[BAG] = self.count(BAG, station) + closed
        found["Transit"] = self.transit[station]
        for courier, count in self.couriers.get(station, Counter()).items():
            found[f"Courier:{courier}"] = -count
        return {name: count for name, count in found.items() if count}
