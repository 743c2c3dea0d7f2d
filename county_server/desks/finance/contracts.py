"""What stations have topped up for support contracts, by who has to pay it (帮扶购销合同).

A settlement at a station adds the difference to the guaranteed price; the county owes it to the
station and asks the contract's payer for it. Whose contract a top-up belongs to follows from the
grower; where she has contracts with two payers it is listed apart, for somebody to look at.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, select

from county_server.store import Store
from station_app.services.consignment.settling import Contract, Settlement

S = TypeVar("S", bound=msgspec.Struct)
SEVERAL = ""  # the payer of a top-up whose grower has contracts with two of them, or none here


@dataclass
class PayerRow:
    """A payer: how many contracts, and what stations have topped up for it in a month (fen)."""

    payer: str
    contracts: int = 0
    exceeded: int = 0
    settlements: int = 0
    top_up_fen: int = 0
    stations: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def read_payers(store: Store, connection: Connection, month: str) -> list[PayerRow]:
    """Return every payer with a contract or a top-up in the month, the largest first."""
    rows: dict[str, PayerRow] = {}
    payers: dict[str, set[str]] = defaultdict(set)
    roots = store.tables.roots.c
    joined = {row[0]: row[1] for row in connection.execute(select(roots.identity, roots.root))}
    for _, contract in _states(store, connection, "contract", Contract):
        if contract.code:
            row = rows.setdefault(contract.payer, PayerRow(contract.payer))
            row.contracts += 1
            row.exceeded += contract.left < 0
            payers[joined.get(contract.person, contract.person)].add(contract.payer)
    for station, settled in _states(store, connection, "settlement", Settlement):
        if settled.top_up_fen and settled.day.startswith(month):
            known = payers[joined.get(settled.person, settled.person)]
            payer = next(iter(known)) if len(known) == 1 else SEVERAL
            row = rows.setdefault(payer, PayerRow(payer))
            row.settlements += 1
            row.top_up_fen += settled.top_up_fen
            row.stations[station] += settled.top_up_fen
    return sorted(rows.values(), key=lambda row: (-row.top_up_fen, row.payer))


def _states(store: Store, connection: Connection, kind: str, of: type[S]) -> list[tuple[str, S]]:
    """Return all states of a kind with their stations."""
    states = store.tables.states.c
    rows = connection.execute(select(states.station, states.data).where(states.kind == kind))
    return [(row[0], msgspec.json.decode(bytes(row[1]), type=of)) for row in rows]
