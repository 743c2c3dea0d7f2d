"""What goes back of a sale of the county, worked out anew with fractions: a part of `grower`."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from math import floor
from typing import Any

Told = dict[str, Any]
SAID_OF_ALL = ("gross_fen", "station_commission_fen", "county_commission_fen", "cost_fen")


class Online:
    """Every sale of the county, what a contract added to it, and what has come back of it."""

    def __init__(self) -> None:
        self._sales: dict[str, Told] = {}
        self._in_act: dict[tuple[str, str, str], str] = {}
        self._backs: dict[str, list[Told]] = {}

    def sold(self, fact: Told, body: Told) -> None:
        self._sales[fact["identity"]] = {**body, "top_ups": []}
        self._in_act[fact["stream"], fact["act"], fact["entity"]] = fact["identity"]

    def topped_up(self, fact: Told, body: Told) -> None:
        sale = self._in_act.get((fact["stream"], fact["act"], fact["entity"]))
        if sale is not None:
            self._sales[sale]["top_ups"] = body["amounts"]

    def came_back(self, body: Told) -> Iterator[tuple[str, Any, Any]]:
        """What is said of a return beside what it is; the last of a sale takes what is left."""
        sale = self._sales.get(body["answers"])
        yield "its sale", sale is not None, True
        if sale is None:
            return
        before = self._backs.setdefault(body["answers"], [])
        whole, quantity = sale["quantity"], body["quantity"]
        earlier = sum(one["quantity"] for one in before)
        yield "more than was sold", earlier + quantity <= whole, True

        def goes(total: int, back: int) -> int:
            half_up = floor(Fraction(total * quantity, whole) + Fraction(1, 2))
            return total - back if earlier + quantity >= whole else min(total - back, half_up)

        for key in SAID_OF_ALL:
            yield key, body[key], goes(sale[key], sum(one[key] for one in before))
        owed: Counter[str] = Counter()
        for key in ("amounts", "top_ups"):
            given, back = by_person(sale[key]), Counter[str]()
            for one in before:
                back.update(by_person(one[key]))
            found = Counter({person: goes(fen, back[person]) for person, fen in given.items()})
            yield key, +by_person(body[key]), +found
            owed += found
        here = by_person(body["came_down"])
        yield "what came down", all(0 <= fen <= owed[person] for person, fen in here.items()), True
        before.append(body)


def by_person(rows: list[Told]) -> Counter[str]:
    """What each gets."""
    found: Counter[str] = Counter()
    for row in rows:
        found[row["person"]] += row["amount_fen"]
    return found
