"""What is known of a grower and a sort before she comes: lots, papers, fields, contracts."""

import msgspec

from station_app.journal.log import Connection
from station_app.services.consignment.checks import Record
from station_app.services.consignment.lots import LOT, Lot
from station_app.services.consignment.records import contract_for, sort_name
from station_app.services.consignment.taking import lot_number

_lot = msgspec.json.Decoder(Lot).decode
_LICENCE = "sort IN ('coop', 'company')"  # of whoever is no household


def record_of(connection: Connection, person: str, produce: str, today: str) -> Record:
    """Return what is known of a grower and a sort: lots that were stopped, papers, fields."""
    recalled, failed = _stopped(connection, person, produce)
    paper = connection.execute(
        "SELECT number, until_day FROM certificates WHERE person = ? "  # noqa: S608 - our words
        f"AND produce IN (?, '') AND NOT {_LICENCE} ORDER BY until_day DESC, number LIMIT 1",
        (person, produce),
    ).fetchone()
    licence = connection.execute(
        f"SELECT 1 FROM certificates WHERE person = ? AND {_LICENCE} "  # noqa: S608 - our own words
        "AND (until_day = '' OR until_day >= ?) LIMIT 1",
        (person, today),
    ).fetchone()
    (tenth_mu,) = connection.execute(
        "SELECT coalesce(sum(tenth_mu), 0) FROM plots WHERE person = ? AND produce = ?",
        (person, produce),
    ).fetchone()
    return Record(
        recalled=recalled,
        failed=failed,
        certificate=str(paper[0]) if paper else "",
        certificate_day=str(paper[1]) if paper else "",
        is_firm=licence is not None,
        tenth_mu=int(tenth_mu),
        brought=_brought(connection, person, produce, today[:4]) if tenth_mu else 0,
        used_up=_used_up(connection, person, produce, today),
    )


def _used_up(connection: Connection, person: str, produce: str, today: str) -> str:
    """Return the code of a contract of hers of which nothing is left, "" while one has some."""
    sorts = (produce, sort_name(connection, produce))
    if contract_for(connection, person, sorts, today):
        return ""
    row = connection.execute(
        "SELECT code FROM contracts WHERE person = ? AND produce IN (?, ?) AND code != '' "
        "AND (until_day = '' OR until_day >= ?) ORDER BY until_day DESC, entity LIMIT 1",
        (person, *sorts, today),
    ).fetchone()
    return str(row[0]) if row else ""


def _stopped(connection: Connection, person: str, produce: str) -> tuple[str, str]:
    """Return the numbers of a lot of hers that was called back, and of one that failed a test."""
    rows = connection.execute(
        "SELECT t.entity, s.data FROM lots t JOIN states s ON s.kind = ?1 AND s.entity = t.entity "
        "WHERE t.is_blocked = 1 AND t.produce = ?2",
        (LOT.name, produce),
    ).fetchall()
    recalled = failed = ""
    for entity, data in rows:
        lot = _lot(data)
        if person not in {lot.seller, *(share.person for share in lot.shares)}:
            continue
        number = lot_number(lot.code, str(entity))
        recalled, failed = (number, failed) if lot.recalled else (recalled, number)
    return recalled, failed


def _brought(connection: Connection, person: str, produce: str, year: str) -> int:
    """Return how much of a sort she has brought in a year, for sale and sold to the station."""
    rows = connection.execute(
        "SELECT s.data FROM lots t JOIN states s ON s.kind = ?1 AND s.entity = t.entity "
        "WHERE t.produce = ?2 AND t.day >= ?3 AND t.day < ?4 AND t.growers IN (?5, '')",
        (LOT.name, produce, f"{year}-01-01", f"{int(year) + 1}-01-01", person),
    ).fetchall()
    lots = [_lot(data) for (data,) in rows]
    return sum(lot.quantity for lot in lots if not lot.parts and _is_hers(lot, person))


def _is_hers(lot: Lot, person: str) -> bool:
    return lot.seller == person or any(share.person == person for share in lot.shares)
