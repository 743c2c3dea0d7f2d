"""A basket as values that a draft can keep over a power cut, and back again.

Kept is what the operator chose and typed; names, prices that stand and what lies here are read
anew, so a draft never makes an old shelf true again.
"""

from dataclasses import replace
from typing import Any

import msgspec

from station_app.journal.log import Connection
from station_app.services.sales.basket import Filling
from station_app.services.sales.facts import GoodsLine
from station_app.services.sales.records import People, Shelf
from station_app.shell.drafts import Draft
from station_app.values.paying import Paying
from station_app.values.paying_draft import kept_paying, taken_up


def kept_filling(filling: Filling) -> Draft:
    """Return what was chosen and typed."""
    return {
        "lines": [msgspec.structs.asdict(line) for line in filling.lines],
        "basket": filling.basket,
        "words": filling.words,
        "person": filling.paid.person,
        "paying": kept_paying(filling.paid),
    }


def taken_up_filling(
    draft: Draft, connection: Connection, shelf: Shelf, people: People, day: str
) -> Filling:
    """Return the basket of a draft; lines of goods that nobody knows any more are left out."""
    lines = tuple(msgspec.convert(line, GoodsLine) for line in draft["lines"])
    found = shelf.filled(connection, lines, day, basket=draft["basket"], words=draft["words"])
    paid = _paid(draft, connection, people)
    person = people.person(connection, paid.person) if paid.person else None
    return replace(found, paid=paid, buyer=person.name if person else "")


def _paid(draft: Draft, connection: Connection, people: People) -> Paying:
    person: str = draft["person"]
    kept: dict[str, Any] = draft["paying"]
    begun = Paying(person=person)
    if person:
        begun = replace(begun, credit=people.credit(connection, person))
    return taken_up(begun, kept)
