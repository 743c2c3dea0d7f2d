"""What went through alone (一人办理): the county's list for review.

A station of one person is never made to wait for a second one; her reason stands in the private
part, and the mark in the body. The county reads both here: what it was, where, and whether
a reason was written. The words themselves stay at the station.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, exists, func, select

from county_server.desks.desk import Desk
from station_app.services.accounts.facts import RefundPaid
from station_app.services.cash.facts import CashTakenOut, PaymentGiven, ShiftHandedOver
from station_app.services.opening.facts import OpeningCorrected, OpeningEntered, OpeningFinished
from station_app.services.sales.facts import PriceSet
from station_app.values.day import add_days, local_midnight

SHOWN_MAX = 300
CLOCK_DAYS = 7  # how far a station's clock may be off before its own day is asked


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a kind says that nobody else was there, how much it was, and where the reason stands.

    words: values of the field that mean it; amount: field of the body, "" where there is none.
    """

    field: str
    words: tuple[object, ...]
    reason: str
    amount: str = "amount_fen"


# `absent`: the manager was not there. It went through without her, as with one person.
MARKS: Mapping[str, Mark] = {
    CashTakenOut.KIND: Mark("alone", (1,), "alone_reason"),
    ShiftHandedOver.KIND: Mark("alone", (1,), "alone_reason", "counted_fen"),
    PaymentGiven.KIND: Mark("approval", ("alone", "absent"), "remark", "due_fen"),
    RefundPaid.KIND: Mark("permission", ("alone",), "remark"),
    OpeningEntered.KIND: Mark("witness", ("alone",), "reason"),
    OpeningCorrected.KIND: Mark("witness", ("alone",), "reason", "is_fen"),
    OpeningFinished.KIND: Mark("witness", ("alone",), "reason", ""),
    PriceSet.KIND: Mark("approval", ("alone", "absent"), "reason", "price_fen"),
}


@dataclass(frozen=True, slots=True)
class AloneDeed:
    """An act that went through alone. lent_fen: other people's money that it used.

    standing: why it does not count: `undone`, or `beyond` what the county accepts of its PC.
    """

    day: str
    station: str
    kind: str
    identity: str
    amount_fen: int
    lent_fen: int
    has_reason: bool
    standing: str = ""


def read_alone(desk: Desk, connection: Connection, first: str, last: str) -> list[AloneDeed]:
    """Return what went through alone on these business days, both included, the latest first.

    What nobody can read is not among it: it stands in quarantine, under its own name. What was
    undone, or lies beyond a cut, is listed and says so.
    """
    tables = desk.county.store.tables
    c, privates, unread = tables.facts.c, tables.privates.c, tables.quarantine.c
    kept, undone = tables.kept_back.c, tables.reversals.c
    is_undone = exists().where(
        undone.station == c.station, undone.stream == c.stream, undone.act == c.act
    )
    rows = connection.execute(
        select(
            c.station,
            c.kind,
            c.identity,
            c.body,
            privates.part,
            is_undone,
            func.coalesce(kept.reach, c.seq) < c.seq,
        )
        .join_from(
            tables.facts,
            tables.privates,
            (privates.identity == c.identity) & (privates.station == c.station),
            isouter=True,
        )
        .join(
            tables.quarantine,
            (unread.identity == c.identity) & (unread.station == c.station),
            isouter=True,
        )
        .join(
            tables.kept_back,
            (kept.station == c.station) & (kept.stream == c.stream),
            isouter=True,
        )
        .where(
            unread.identity.is_(None),
            c.kind.in_(MARKS),
            c.at >= local_midnight(add_days(first, -CLOCK_DAYS)),
            c.at < local_midnight(add_days(last, 1 + CLOCK_DAYS)),
        )
    )
    found = [_deed(*row) for row in rows]
    shown = [deed for deed in found if deed is not None and first <= deed.day <= last]
    shown.sort(key=lambda deed: (deed.day, deed.identity), reverse=True)
    return shown[:SHOWN_MAX]


def _deed(  # noqa: PLR0913 - the columns of its row
    station: str,
    kind: str,
    identity: str,
    body: bytes,
    private: bytes | None,
    is_undone: bool,
    is_beyond: bool,
) -> AloneDeed | None:
    mark, said = MARKS[kind], msgspec.json.decode(bytes(body))
    if said.get(mark.field) not in mark.words:
        return None
    words: dict[str, Any] = msgspec.json.decode(bytes(private)) if private else {}
    return AloneDeed(
        day=said.get("day", ""),
        station=station,
        kind=kind,
        identity=identity,
        amount_fen=said.get(mark.amount, 0),
        lent_fen=said.get("lent_fen", 0),
        has_reason=bool(str(words.get(mark.reason, "")).strip()),
        standing="beyond" if is_beyond else "undone" if is_undone else "",
    )
