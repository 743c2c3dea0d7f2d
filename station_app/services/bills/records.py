"""Bills as a counter looks at them: what is not over, what was paid lately, who paid what before.

Whether a bill has left for the county, whether its refund was paid and whether its receipt came
out are no states: they are read where they are kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import device_of
from station_app.journal.log import Connection
from station_app.journal.series import printed_number, take_number
from station_app.ledger.accounts import part, refund_due
from station_app.ledger.balances import balance
from station_app.ledger.paid_acts import fact, facts_of_act
from station_app.reference.biller_records import biller
from station_app.reference.billers import normal_account
from station_app.reference.register import Register
from station_app.services.bills.commands import AskBillCancellation, TakeBill
from station_app.services.bills.facts import BillTaken
from station_app.services.bills.rules import PAID, QUEUED, Bill
from station_app.services.bills.taking import ONLINE_MS, Taking
from station_app.values.day import add_days, local_day
from station_app.values.now import Now

SLIP_SERIES = "bills.slip"
LIST_MAX = 200  # of one list; a village takes in a few dozen a day
FOUND_MAX = 8
KEPT_DAYS = 3  # how long a bill that is over stays on the list
LOOKED_BACK_DAYS = 31  # by then the county has answered, or the list shows it as late
TAIL_MIN = 4
ASKED = "asked"
SENT = "sent"
_bill = msgspec.json.Decoder(Bill).decode
_BILLS = (
    "SELECT b.entity, s.data FROM bills b JOIN states s ON s.kind = 'bill' AND s.entity = b.entity "
)


@dataclass(frozen=True, slots=True)
class BillRow:
    """A bill as a list shows it.

    stands: `queued`, `sent` (the county was offered it), `asked` (back), `paid`, `failed`,
    `reversed`; act, device, at: of its founding fact; number: on its slip; refund: key of its
    refund; due_fen: what is still owed back; has_receipt: the paper that proves it came out.
    """

    bill: str
    state: Bill
    stands: str
    act: str
    device: str
    at: int
    number: str
    refund: str
    due_fen: int
    has_receipt: bool

    @property
    def whole_fen(self) -> int:
        """Return what was paid in."""
        return self.state.amount_fen + self.state.fee_fen

    def is_late(self, day: str) -> bool:
        """Tell whether its answer should have come by now."""
        return self.stands in (QUEUED, SENT, ASKED) and bool(
            self.state.due_day and self.state.due_day < day
        )


@dataclass(frozen=True, slots=True)
class Sums:
    """What the list comes to: taken in and not answered, owed back, paid."""

    unpaid_fen: int
    refunds: int
    refund_fen: int
    paid: int


def today_of(now: Now) -> str:
    """Return the day by which a promise is late: a shift that was left open stops no clock."""
    return max(now.day, local_day(now.at))


# --- One bill ------------------------------------------------------------------------------------


def bill_state(connection: Connection, bill: str) -> Bill | None:
    """Return a bill as it stands; None if it was undone or never heard of."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = 'bill' AND entity = ?", (bill,)
    ).fetchone()
    return _bill(row[0]) if row else None


def bill_row(connection: Connection, bill: str) -> BillRow | None:
    """Return one bill; None where its founding fact is not held."""
    state = bill_state(connection, bill)
    return _row(connection, bill, state) if state else None


def _row(connection: Connection, bill: str, state: Bill) -> BillRow | None:
    founder = fact(connection, state.founder) if state.founder else None
    if founder is None:
        return None
    return BillRow(
        bill=bill,
        state=state,
        stands=_stands(connection, state, founder.stream, founder.seq, founder.act),
        act=founder.act,
        device=device_of(founder.stream),
        at=founder.at,
        number=printed_number(state.slip, founder.stream),
        refund=part(bill),
        due_fen=-balance(connection, refund_due(bill)),
        has_receipt=_has_receipt(connection, state),
    )


def _stands(connection: Connection, state: Bill, stream: str, seq: int, act: str) -> str:
    if state.status != QUEUED:
        return state.status
    if state.is_cancellation_asked:
        return ASKED
    left = connection.execute(
        "SELECT 1 FROM offered WHERE stream = ?1 AND act = ?2 UNION ALL "
        "SELECT 1 FROM acknowledged WHERE stream = ?1 AND seq >= ?3 LIMIT 1",
        (stream, act, seq),
    ).fetchone()
    return SENT if left else QUEUED


def receipt_act(connection: Connection, state: Bill) -> str:
    """Return the act in which the county said that a bill is paid: its receipt is of that act."""
    said = [fact(connection, identity) for identity in state.answers]
    return next((one.act for one in said if one and one.kind == "bill.paid"), "")


def _has_receipt(connection: Connection, state: Bill) -> bool:
    act = receipt_act(connection, state) if state.status == PAID else ""
    row = (
        act
        and connection.execute(
            "SELECT 1 FROM print_jobs WHERE act = ? AND state != 'cancelled' LIMIT 1", (act,)
        ).fetchone()
    )
    return bool(row)


def bills_of_act(connection: Connection, act: str) -> tuple[str, ...]:
    """Return the bills that an act took in, by the code on its slip."""
    return tuple(
        one.identity for one in facts_of_act(connection, act) if one.kind == BillTaken.KIND
    )


# --- Lists ---------------------------------------------------------------------------------------


def not_over(connection: Connection, day: str) -> tuple[BillRow, ...]:
    """Return what today's list shows: what is owed back first, then what waits, then what is over.

    A bill that is over stays for a few days, so that its receipt finds its way.
    """
    since = add_days(day, -KEPT_DAYS)
    rows = connection.execute(
        f"{_BILLS} WHERE b.status IN ('queued', 'failed', 'reversed') OR b.day >= ? "
        "ORDER BY b.status = 'paid', b.day DESC, b.slip DESC LIMIT ?",
        (add_days(day, -LOOKED_BACK_DAYS), LIST_MAX),
    ).fetchall()
    found = [
        row for entity, data in rows if (row := _row(connection, entity, _bill(data))) is not None
    ]
    kept = [row for row in found if _is_shown(row, since)]
    return tuple(sorted(kept, key=lambda row: (_rank(row, day), -row.at)))


def _is_shown(row: BillRow, since: str) -> bool:
    if row.stands in (QUEUED, SENT, ASKED):
        return True
    return row.due_fen > 0 or (row.state.answered_day or row.state.day) >= since


def _rank(row: BillRow, day: str) -> int:
    if row.due_fen > 0:
        return 0
    if row.is_late(day):
        return 1
    return 2 if row.stands in (QUEUED, SENT, ASKED) else 3


def sums_of(rows: Sequence[BillRow]) -> Sums:
    """Return what a list comes to."""
    due = [row.due_fen for row in rows if row.due_fen > 0]
    return Sums(
        unpaid_fen=sum(row.whole_fen for row in rows if row.stands in (QUEUED, SENT, ASKED)),
        refunds=len(due),
        refund_fen=sum(due),
        paid=sum(1 for row in rows if row.stands == PAID),
    )


def used_lately(connection: Connection, day: str) -> dict[str, int]:
    """Return how many bills of each biller were taken in these three months."""
    rows = connection.execute(
        "SELECT biller, count(*) FROM bills WHERE day >= ? GROUP BY biller", (add_days(day, -92),)
    ).fetchall()
    return {str(code): int(count) for code, count in rows}


def last_paid(connection: Connection, code: str, account_no: str) -> Bill | None:
    """Return the last bill of an account that was taken in and not given back, for reading out."""
    row = connection.execute(
        f"{_BILLS} WHERE b.biller = ? AND b.account_no = ? AND b.status IN ('queued', 'paid') "
        "ORDER BY b.day DESC, b.slip DESC LIMIT 1",
        (code, account_no),
    ).fetchone()
    return _bill(row[1]) if row else None


def accounts_of(connection: Connection, code: str, person: str) -> str:
    """Return the account number that somebody had paid last at a biller, "" for none."""
    row = connection.execute(
        "SELECT account_no FROM bills WHERE person = ? AND biller = ? AND account_no != '' "
        "ORDER BY day DESC, slip DESC LIMIT 1",
        (person, code),
    ).fetchone()
    return str(row[0]) if row else ""


def find(connection: Connection, typed: str, people: Register) -> tuple[BillRow, ...]:
    """Return bills by the end of their account number, or by whose they are, the newest first."""
    return tuple(list(_found(connection, typed, people))[:FOUND_MAX])


def _found(connection: Connection, typed: str, people: Register) -> Iterator[BillRow]:
    bare = normal_account(typed)
    if not (bare.isascii() and bare.isdigit()):
        found = people.find(connection, typed)[:FOUND_MAX]
        yield from of_persons(connection, [one.identity for one in found])
    elif len(bare) >= TAIL_MIN:
        yield from _newest(connection, "b.account_no LIKE ?", [f"%{bare}"])


def of_persons(connection: Connection, persons: Sequence[str]) -> tuple[BillRow, ...]:
    """Return the newest bills of some villagers."""
    where = f"b.person IN ({', '.join('?' * len(persons))})"
    return tuple(_newest(connection, where, persons)) if persons else ()


def _newest(connection: Connection, where: str, values: Sequence[str]) -> Iterator[BillRow]:
    rows = connection.execute(
        f"{_BILLS} WHERE {where} ORDER BY b.day DESC, b.slip DESC LIMIT ?", (*values, FOUND_MAX)
    ).fetchall()
    for entity, data in rows:
        row = _row(connection, entity, _bill(data))
        if row is not None:
            yield row


def facts_about(connection: Connection, persons: Sequence[str]) -> tuple[str, ...]:
    """Return facts whose private part is an account number of one of these persons.

    An erasure names them with her. A bill that still waits can then not be paid in any more: the
    county says that it failed, and its money goes back against the slip.
    """
    found: set[str] = set()
    for person in persons:
        rows = connection.execute(
            "SELECT o.identity FROM bills b JOIN folds o ON o.root = b.entity "
            "JOIN privates r ON r.identity = o.identity WHERE b.person = ?",
            (person,),
        ).fetchall()
        found |= {str(row[0]) for row in rows}
    return tuple(sorted(found))


# --- What the rules need -------------------------------------------------------------------------


def is_online(connection: Connection, at: int) -> bool:
    """Tell whether the newest talk with the county went well, and just now."""
    row = connection.execute(
        "SELECT at, outcome FROM sync_attempts ORDER BY number DESC LIMIT 1"
    ).fetchone()
    return row is not None and row[1] == "sent" and abs(at - row[0]) <= ONLINE_MS


def unpaid_fen(connection: Connection, code: str) -> int:
    """Return what the station has taken in for a biller and had no answer for."""
    row = connection.execute(
        "SELECT coalesce(sum(amount_fen), 0) FROM bills WHERE status = 'queued' AND biller = ?",
        (code,),
    ).fetchone()
    return int(row[0])


def twins(connection: Connection, code: str, account_no: str, amount_fen: int, day: str) -> int:
    """Return how often the same was taken in on a day, what is owed back left out."""
    row = connection.execute(
        "SELECT count(*) FROM bills WHERE biller = ? AND account_no = ? AND day = ? "
        "AND amount_fen = ? AND status IN ('queued', 'paid')",
        (code, account_no, day, amount_fen),
    ).fetchone()
    return int(row[0])


def standing(connection: Connection, command: TakeBill, now: Now) -> Taking:
    """Return what taking a bill depends on, for a page or the rule."""
    account_no = normal_account(command.account_no)
    return Taking(
        terms=biller(connection, command.biller, now.day),
        unpaid_fen=unpaid_fen(connection, command.biller),
        twins=twins(connection, command.biller, account_no, command.amount_fen, now.day),
        is_online=is_online(connection, now.at),
    )


def gather_taking(connection: Connection, command: TakeBill, now: Now) -> Taking:
    """Return what taking a bill depends on, and take a number for the slip."""
    seen = standing(connection, command, now)
    slip = take_number(connection, f"{SLIP_SERIES}/{now.device}")
    return Taking(seen.terms, seen.unpaid_fen, seen.twins, seen.is_online, slip)


def gather_bill(connection: Connection, command: AskBillCancellation, _now: Now) -> Bill | None:
    """Return the bill that is asked back."""
    return bill_state(connection, command.bill)
