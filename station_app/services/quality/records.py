"""Lots and growers as quality looks at them: queries.

Lots belong to another slice; what is read of them are their rows and the few fields of their state
that a certificate, a test or the inspector's list needs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec

from station_app.journal.log import Connection
from station_app.ledger.paid_acts import FactRow, facts_of_act
from station_app.reference import produce_records as reference
from station_app.services.consignment.facts import LotPart, Share
from station_app.services.quality.facts import LotCertified
from station_app.services.quality.rules import HOUSEHOLD, LICENCES

LISTED_MAX = 300  # lots of half a year of a village station, and some
KEEP_DAYS = 183  # of a promise: six months by the Ministry's rules


class Lot(msgspec.Struct):
    """What quality needs of a lot's state."""

    code: str = ""
    produce: str = ""
    grade: str = ""
    unit: str = ""
    quantity: int = 0
    shares: tuple[Share, ...] = ()
    parts: tuple[LotPart, ...] = ()
    seller: str = ""
    on_shelf: int = 0
    promise: str = ""
    promise_number: str = ""
    recalled: str = ""
    failed: str = ""
    samples: tuple[str, ...] = ()
    founder: str = ""
    day: str = ""

    @property
    def growers(self) -> tuple[str, ...]:
        """Return whose it is, or who sold it."""
        found = {share.person for share in self.shares} | {self.seller} - {""}
        return tuple(sorted(found))

    @property
    def is_mixed(self) -> bool:
        """Tell whether it was made of several lots or is of several growers."""
        return len(self.growers) > 1 or len(self.parts) > 1


_lot = msgspec.json.Decoder(Lot).decode
_certified = msgspec.json.Decoder(LotCertified).decode


def lot_state(connection: Connection, lot: str) -> Lot | None:
    """Return a lot; None if it was never taken in."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = 'lot' AND entity = "
        "coalesce((SELECT root FROM roots WHERE identity = ?1), ?1)",
        (lot,),
    ).fetchone()
    state = _lot(row[0]) if row else None
    return state if state is not None and state.founder else None


def lots_since(connection: Connection, day: str) -> tuple[tuple[str, Lot], ...]:
    """Return the lots that came in since a day, the newest first."""
    rows = connection.execute(
        "SELECT t.entity, s.data FROM lots t JOIN states s ON s.kind = 'lot' "
        "AND s.entity = t.entity WHERE t.day >= ? AND t.code IS NOT NULL AND t.quantity > 0 "
        "ORDER BY t.day DESC, t.code DESC, t.entity LIMIT ?",
        (day, LISTED_MAX),
    ).fetchall()
    return tuple((str(entity), state) for entity, data in rows if (state := _lot(data)).founder)


def asks_promise(connection: Connection, lot: Lot) -> bool:
    """Tell whether a promise goes with a lot of this sort, or one is there already."""
    sort = reference.sort_of(connection, lot.produce, lot.day)
    return bool(sort and sort.promise) or bool(lot.promise_number)


def lacks_promise(connection: Connection, lot: Lot) -> bool:
    """Tell whether somebody still has to bring or issue its promise."""
    return lot.promise in ("", "missing") and asks_promise(connection, lot)


def count_lacking(connection: Connection, today: str) -> int:
    """Return of how many lots on the shelf the promise lacks."""
    since = kept_since(connection, today)
    return sum(
        1
        for _, lot in lots_since(connection, since)
        if lot.on_shelf > 0 and lacks_promise(connection, lot)
    )


def keep_days(connection: Connection, today: str) -> int:
    """Return for how many days promises are kept and listed; six months at least."""
    said = reference.rules(connection, today).get("promise.keep_days", "")
    return max(KEEP_DAYS, int(said)) if said.isascii() and said.isdigit() else KEEP_DAYS


def kept_since(connection: Connection, today: str) -> str:
    """Return the day from which on promises are listed."""
    return (date.fromisoformat(today) - timedelta(days=keep_days(connection, today))).isoformat()


def certified_in(connection: Connection, act: str) -> tuple[FactRow, LotCertified] | None:
    """Return the promise that an act issued or collected, also of the one being recorded."""
    for fact in facts_of_act(connection, act):
        if fact.kind == LotCertified.KIND:
            return fact, _certified(fact.body)
    return None


# --- Of a grower ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlotRow:
    """A field of a grower."""

    plot: str
    name: str
    produce: str
    tenth_mu: int


def plots_of(connection: Connection, person: str) -> tuple[PlotRow, ...]:
    """Return the fields that are hers."""
    rows = connection.execute(
        "SELECT entity, name, produce, tenth_mu FROM plots WHERE person = ? AND tenth_mu > 0 "
        "ORDER BY name, entity",
        (person,),
    ).fetchall()
    return tuple(PlotRow(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate of a grower."""

    sort: str
    number: str
    produce: str
    until_day: str


def certificates_of(connection: Connection, person: str) -> tuple[CertificateRow, ...]:
    """Return the certificates that she has shown, the longest valid first."""
    rows = connection.execute(
        "SELECT sort, number, produce, until_day FROM certificates WHERE person = ? "
        "ORDER BY until_day DESC, number",
        (person,),
    ).fetchall()
    return tuple(CertificateRow(*row) for row in rows)


def issuer_of(connection: Connection, growers: Sequence[str], today: str) -> str:
    """Return who promises for what these bring: a household, or what its licence says it is."""
    if len(growers) != 1:
        return HOUSEHOLD
    row = connection.execute(
        "SELECT sort FROM certificates WHERE person = ? AND sort IN (?, ?) "
        "AND (until_day = '' OR until_day >= ?) ORDER BY until_day = '' DESC, until_day DESC "
        "LIMIT 1",
        (growers[0], *LICENCES, today),
    ).fetchone()
    return str(row[0]) if row else HOUSEHOLD
