"""What a figure of the finance desk is made of: the facts whose amounts come to it.

A page says a figure from states and balances; here the same figure is put together once more from
the facts themselves: from what they posted, or from the amounts in their bodies. Nothing is taken
from the page that asked, so a figure that its facts do not come to is seen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, func, select

from county_server.journal import in_pieces
from county_server.store import Store
from station_app.journal.fact import device_of
from station_app.ledger.posting import CNY

ROWS_SHOWN = 200  # on one page


@dataclass(frozen=True, slots=True)
class Row:
    """One fact and what it adds. stream: "" for a fact that a statement names and nobody holds.

    amount: fen, or how many; account: where it was posted, "" where the body itself says it.
    """

    station: str
    stream: str
    seq: int
    identity: str
    at: int
    kind: str
    amount: int
    account: str = ""

    @property
    def device(self) -> str:
        """Return the PC that said it, "" for the county."""
        return device_of(self.stream) if self.stream else ""


class Found(Protocol):
    """What stands behind a figure, however long it is."""

    @property
    def count(self) -> int:
        """Return how many rows there are."""
        ...

    @property
    def total(self) -> int:
        """Return what they come to."""
        ...

    def page(self, number: int) -> Sequence[Row]:
        """Return the rows of a page, the latest first. number: from 0."""
        ...


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows that are at hand."""

    rows: tuple[Row, ...]

    @property
    def count(self) -> int:
        """Return how many rows there are."""
        return len(self.rows)

    @property
    def total(self) -> int:
        """Return what they come to."""
        return sum(row.amount for row in self.rows)

    def page(self, number: int) -> Sequence[Row]:
        """Return the rows of a page, the latest first."""
        ordered = sorted(self.rows, key=lambda row: (-row.at, row.identity, row.account))
        return ordered[number * ROWS_SHOWN : (number + 1) * ROWS_SHOWN]


class Posted:
    """What facts posted to some accounts of some stations, read a page at a time.

    sign: -1 where the page shows what is held, which the ledger keeps as a credit.
    """

    def __init__(
        self, store: Store, connection: Connection, places: Iterable[tuple[str, str]], sign: int = 1
    ) -> None:
        """Ask for accounts by station: (station, account)."""
        self._tables = store.tables
        self._connection = connection
        self._sign = sign
        self._condition = self._within(sorted(set(places)))
        self.count, self.total = self._sums()

    def _within(self, places: list[tuple[str, str]]) -> ColumnElement[bool]:
        p = self._tables.postings.c
        stations = sorted({station for station, _ in places})
        accounts = sorted({account for _, account in places})
        return p.station.in_(stations) & p.account.in_(accounts) & (p.commodity == CNY)

    def _sums(self) -> tuple[int, int]:
        p = self._tables.postings.c
        asked = select(func.count(), func.sum(p.amount)).where(self._condition)
        count, total = self._connection.execute(asked).one()
        return int(count), self._sign * int(total or 0)

    def _rows(self) -> Select[Any]:
        f, p = self._tables.facts.c, self._tables.postings.c
        here = (p.station == f.station) & (p.stream == f.stream) & (p.seq == f.seq)
        return (
            select(
                f.station, f.stream, f.seq, f.identity, f.at, f.kind,
                p.amount * self._sign, p.account,
            )
            .join(self._tables.postings, here)
            .where(self._condition)
            .order_by(f.at.desc(), f.identity, p.line)
        )  # fmt: skip

    def page(self, number: int) -> Sequence[Row]:
        """Return the rows of a page, the latest first."""
        asked = self._rows().limit(ROWS_SHOWN).offset(number * ROWS_SHOWN)
        return [_row(row) for row in self._connection.execute(asked)]

    def all(self) -> list[Row]:
        """Return every row: for one station's accounts with the county, which are few."""
        return [_row(row) for row in self._connection.execute(self._rows())]


def _row(row: Sequence[Any]) -> Row:
    return Row(row[0], row[1], row[2], row[3], int(row[4]), row[5], int(row[6]), row[7])


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as it was read by its identity."""

    row: Row
    body: Mapping[str, Any]

    def adds(self, amount: int, account: str = "") -> Row:
        """Return it as a row that adds an amount."""
        return replace(self.row, amount=amount, account=account)


def facts_by_identity(
    store: Store, connection: Connection, wanted: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Told]:
    """Return facts by (station, identity)."""
    f = store.tables.facts.c
    by_station: dict[str, set[str]] = {}
    for station, identity in wanted:
        by_station.setdefault(station, set()).add(identity)
    found: dict[tuple[str, str], Told] = {}
    for station, identities in by_station.items():
        for some in in_pieces(identities):
            rows = connection.execute(
                select(f.stream, f.seq, f.identity, f.at, f.kind, f.body).where(
                    f.station == station, f.identity.in_(some)
                )
            )
            for stream, seq, identity, at, kind, body in rows:
                row = Row(station, stream, int(seq), identity, int(at), kind, 0)
                found[station, identity] = Told(row, msgspec.json.decode(bytes(body)))
    return found


def merged(rows: Iterable[Row]) -> Listed:
    """Return what each fact adds in all; what comes to nothing is left out."""
    sums: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        sums.setdefault((row.station, row.identity), []).append(row)
    together = []
    for several in sums.values():
        accounts = {row.account for row in several}
        account = accounts.pop() if len(accounts) == 1 else ""
        together.append(
            replace(several[0], amount=sum(row.amount for row in several), account=account)
        )
    return Listed(tuple(row for row in together if row.amount))
