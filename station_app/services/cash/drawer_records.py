"""What happened to the drawer of this PC in a shift, and by which slips a place of money moved."""

from dataclasses import dataclass

import msgspec

from station_app.journal.cuts import runs_since
from station_app.journal.log import Connection
from station_app.ledger.accounts import drawer
from station_app.services.cash.facts import PaymentGiven, PaymentTaken
from station_app.services.cash.movement_records import REVERSAL, moved_in
from station_app.services.cash.records import journal_tail
from station_app.services.cash.vouchers import DrawerOpening, Voucher

_voucher = msgspec.json.Decoder(Voucher)
_opening = msgspec.json.Decoder(DrawerOpening)
_STATE_OF = {
    "cash.put_in": "voucher",
    "cash.taken_out": "voucher",
    "drawer.opened": "drawer_opening",
}
_OF_THE_DRAWER = ("shift.opened", "shift.handed_over", "cash.put_in", "cash.taken_out")


@dataclass(frozen=True, slots=True)
class DrawerEvent:
    """An act that touched the drawer. amount_fen: into it, negative when out of it.

    kind: of the fact that did; place, reason, remark: of a voucher or an opening, else "".
    """

    stream: str
    act: str
    at: int
    kind: str
    amount_fen: int
    is_undone: bool
    place: str = ""
    reason: str = ""
    remark: str = ""


def drawer_events(connection: Connection, device: str, shift: str) -> tuple[DrawerEvent, ...]:
    """Return what happened to a drawer in the open shift, the latest first; () without a shift."""
    if not shift:
        return ()
    row = connection.execute(
        "SELECT stream, seq FROM facts WHERE identity = ?", (journal_tail(connection),)
    ).fetchone()
    runs = runs_since(connection, shift, (row[0], row[1])) if row else []
    till = drawer(device)
    sums: dict[tuple[str, str], DrawerEvent] = {}
    for m in moved_in(connection, runs, till):
        of_drawer = m.account == till or m.kind == "drawer.opened" or m.kind in _OF_THE_DRAWER
        if not of_drawer or m.kind == REVERSAL:
            continue
        known = sums.get((m.stream, m.act))
        amount = m.amount if m.account == till else 0
        before = known.amount_fen if known else 0
        sums[m.stream, m.act] = DrawerEvent(
            m.stream,
            m.act,
            m.at,
            known.kind if known else m.kind,
            before + amount,
            m.is_undone,
        )
    return tuple(_told(connection, event) for event in reversed(sums.values()))


def _told(connection: Connection, event: DrawerEvent) -> DrawerEvent:
    """Return an event with what its voucher or reason says."""
    kind = _STATE_OF.get(event.kind)
    if kind is None:
        return event
    row = connection.execute(
        "SELECT s.data FROM facts f JOIN states s ON s.kind = ? AND s.entity = f.identity "
        "WHERE f.stream = ? AND f.act = ? AND f.kind = ?",
        (kind, event.stream, event.act, event.kind),
    ).fetchone()
    if row is None:
        return event
    if kind == "voucher":
        voucher = _voucher.decode(row[0])
        words = (voucher.place, voucher.reason, voucher.remark)
    else:
        opening = _opening.decode(row[0])
        words = ("", opening.reason, opening.remark)
    head = (event.stream, event.act, event.at, event.kind, event.amount_fen, event.is_undone)
    return DrawerEvent(*head, *words)


@dataclass(frozen=True, slots=True)
class PlaceSlip:
    """A payment by phone or bank: when, how much came in (negative: went out), its number."""

    stream: str
    act: str
    at: int
    amount_fen: int
    reference: str


def place_slips(connection: Connection, place: str, shift: str, day: str) -> tuple[PlaceSlip, ...]:
    """Return the payments of a shift that went through a place, the latest first.

    Those of the same day before the shift was opened are among them: they need no shift.
    """
    rows = connection.execute(
        "SELECT f.stream, f.act, f.at, f.kind, f.body FROM payments p "
        "JOIN facts f ON f.identity = p.entity "
        "WHERE p.shift = ? OR (p.shift = '' AND p.day = ?) ORDER BY f.at DESC, f.identity DESC",
        (shift, day),
    ).fetchall()
    slips = []
    for stream, act, at, kind, body in rows:
        is_in = kind == PaymentTaken.KIND
        tenders = (
            msgspec.json.decode(body, type=PaymentTaken).tenders
            if is_in
            else msgspec.json.decode(body, type=PaymentGiven).tenders
        )
        for tender in tenders:
            if tender.way == place:
                amount = tender.amount_fen if is_in else -tender.amount_fen
                slips.append(PlaceSlip(stream, act, at, amount, tender.reference))
    return tuple(slips)
