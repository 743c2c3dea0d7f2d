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
from station_app.services.consignment.facts import ContractAgreed
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


@dataclass(frozen=True, slots=True)
class Agreed:
    """A contract at the station that has it."""

    station: str
    entity: str
    contract: Contract


@dataclass(frozen=True, slots=True)
class TopUp:
    """A settlement with a top-up, and who has to pay it."""

    station: str
    payer: str
    settled: Settlement


def read_payers(store: Store, connection: Connection, month: str) -> list[PayerRow]:
    """Return every payer with a contract or a top-up in the month, the largest first."""
    rows: dict[str, PayerRow] = {}
    for one in read_contracts(store, connection):
        row = rows.setdefault(one.contract.payer, PayerRow(one.contract.payer))
        row.contracts += 1
        row.exceeded += one.contract.left < 0
    for top_up in read_top_ups(store, connection, month):
        row = rows.setdefault(top_up.payer, PayerRow(top_up.payer))
        row.settlements += 1
        row.top_up_fen += top_up.settled.top_up_fen
        row.stations[top_up.station] += top_up.settled.top_up_fen
    return sorted(rows.values(), key=lambda row: (-row.top_up_fen, row.payer))


def read_contracts(store: Store, connection: Connection) -> list[Agreed]:
    """Return every contract that was registered."""
    return [
        Agreed(station, entity, contract)
        for station, entity, contract in _states(store, connection, "contract", Contract)
        if contract.code
    ]


def read_top_ups(store: Store, connection: Connection, month: str) -> list[TopUp]:
    """Return the settlements of a month with a top-up, each with who has to pay it."""
    roots = store.tables.roots.c
    joined = {row[0]: row[1] for row in connection.execute(select(roots.identity, roots.root))}
    payers: dict[str, set[str]] = defaultdict(set)
    for one in read_contracts(store, connection):
        person = one.contract.person
        payers[joined.get(person, person)].add(one.contract.payer)
    found = []
    for station, _, settled in _states(store, connection, "settlement", Settlement):
        if settled.top_up_fen and settled.day.startswith(month):
            known = payers[joined.get(settled.person, settled.person)]
            payer = next(iter(known)) if len(known) == 1 else SEVERAL
            found.append(TopUp(station, payer, settled))
    return found


def said_last(store: Store, connection: Connection, agreed: list[Agreed]) -> list[tuple[str, str]]:
    """Return (station, identity) of the fact that registered each contract last."""
    f = store.tables.facts.c
    found = []
    for one in agreed:
        row = connection.execute(
            select(f.identity)
            .where(f.station == one.station, f.kind == ContractAgreed.KIND)
            .where((f.identity == one.entity) | (f.entity == one.entity))
            .order_by(f.at.desc())
        ).first()
        if row is not None:
            found.append((one.station, row[0]))
    return found


def _states(
    store: Store, connection: Connection, kind: str, of: type[S]
) -> list[tuple[str, str, S]]:
    """Return all states of a kind with their stations and what they are of."""
    states = store.tables.states.c
    rows = connection.execute(
        select(states.station, states.entity, states.data).where(states.kind == kind)
    )
    return [(row[0], row[1], msgspec.json.decode(bytes(row[2]), type=of)) for row in rows]
