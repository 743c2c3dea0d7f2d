"""Who owes whom: queries over the balances, and where each amount comes from.

Nothing here is a table of its own that could disagree with the books: what is due and what was
paid twice are views of the balances, dated by the facts that posted them.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import msgspec

from station_app.journal.fact import device_of
from station_app.journal.log import Connection
from station_app.journal.series import printed_number, take_number
from station_app.ledger.balances import (
    HELD,
    RECEIVABLE,
    REFUND_DUE,
    Standing,
    balance,
    standings,
)
from station_app.ledger.paid_acts import FACT_COLUMNS, FactRow, fact, facts_in
from station_app.ledger.posting import CNY
from station_app.services.accounts.commands import (
    PayRefund,
    RepayAccount,
    ReturnOverpaid,
    SettleDebit,
)
from station_app.services.accounts.rules import (
    Overdrawn,
    Owing,
    Payout,
    Refund,
    RefundStanding,
    home_now,
    refund_account,
)
from station_app.services.cash.facts import PaymentTaken
from station_app.values.now import Now
from station_app.values.paying import Credit
from station_app.values.staff import Coworker
from station_app.values.villagers import Villager

SLIP_SERIES = "accounts.slip"
KEY_CHARACTERS = 16
_taken = msgspec.json.Decoder(PaymentTaken).decode
_refund = msgspec.json.Decoder(Refund).decode


class KnownPerson(Villager, Protocol):
    """A villager, as far as money that is owed has to know her."""

    @property
    def phone(self) -> str:
        """Return her phone, "" for none."""
        ...


class People(Protocol):
    """The register, as far as this slice asks it; `services.people.records` is one."""

    def person(self, connection: Connection, identity: str, /) -> KnownPerson | None:
        """Return one villager."""
        ...

    def root_of(self, connection: Connection, identity: str, /) -> str:
        """Return the entity that an identity is joined to."""
        ...

    def find(self, connection: Connection, typed: str, /) -> Sequence[KnownPerson]:
        """Return whoever fits what was typed."""
        ...

    def credit(self, connection: Connection, identity: str, /) -> Credit:
        """Return up to what she may owe, and what she owes."""
        ...

    def operator_name(self, connection: Connection, identity: str, /) -> str:
        """Return who works at the counter."""
        ...

    def coworkers(self, connection: Connection, /) -> tuple[Coworker, ...]:
        """Return who works here now."""
        ...


class _Known(msgspec.Struct):
    """What any body may say that a list wants to show."""

    day: str = ""
    person: str = ""
    courier: str = ""
    slip: int = 0


@dataclass(frozen=True, slots=True)
class Debtor:
    """Somebody who owes the station, or repaid too much: then owes_fen is below zero.

    since: business day of the oldest part not covered yet, "" where she owes nothing; accounts:
    the names under which it stands.
    """

    person: str
    owes_fen: int
    since: str
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DueRefund:
    """Money that is owed back.

    document: key of its account; kind, day, person, act: of the fact from which it comes, "" where
    that is not held; home: PC that answers for it now; founded_on: PC of that
    fact; since: day on which it came to be due; number: as printed on the paper of that fact's act.
    """

    document: str
    due_fen: int
    kind: str = ""
    day: str = ""
    person: str = ""
    act: str = ""
    home: str = ""
    founded_on: str = ""
    since: str = ""
    at: int = 0
    number: str = ""


@dataclass(frozen=True, slots=True)
class PaidTwice:
    """An account of other people's money from which too much was paid. members: its payouts."""

    account: str
    debit_fen: int
    members: tuple[str, ...]


# --- What villagers owe --------------------------------------------------------------------------


def debtors(connection: Connection, people: People) -> tuple[Debtor, ...]:
    """Return all who owe, the oldest debt first."""
    rows = [
        Debtor(person, owed, _owed_since(connection, [s.account for s in found]), _names_of(found))
        for person, found in _by_person(connection, people).items()
        if (owed := sum(s.amount for s in found)) > 0
    ]
    return tuple(sorted(rows, key=lambda row: (row.since, row.person)))


def overpaid(connection: Connection, people: People) -> tuple[Debtor, ...]:
    """Return all who repaid too much, by their identity: a view, gone when it is even again."""
    rows = [
        Debtor(person, owed, "", _names_of(found))
        for person, found in _by_person(connection, people).items()
        if (owed := sum(s.amount for s in found)) < 0
    ]
    return tuple(sorted(rows, key=lambda row: row.person))


def repayments_of(connection: Connection, person: str) -> tuple[str, ...]:
    """Return the latest repayments of a villager that stand, by time: two of them met."""
    rows = connection.execute(
        "SELECT f.identity FROM repayments r JOIN facts f ON f.identity = r.entity "
        "WHERE r.person = ? AND r.amount_fen > 0 ORDER BY f.at DESC, f.identity LIMIT 6",
        (person,),
    ).fetchall()
    return tuple(row[0] for row in rows[::-1])


def _names_of(standings: Sequence[Standing]) -> tuple[str, ...]:
    return tuple(standing.account for standing in standings)


def _by_person(connection: Connection, people: People) -> dict[str, list[Standing]]:
    """Return what stands on account, under all names of each villager together."""
    by_person: dict[str, list[Standing]] = {}
    for standing in standings(connection, RECEIVABLE, commodity=CNY):
        found = identity_of(connection, standing.account.rpartition(":")[2])
        person = people.root_of(connection, found) if found else ""
        by_person.setdefault(person or standing.account, []).append(standing)
    return by_person


def _owed_since(connection: Connection, accounts: Sequence[str]) -> str:
    """Return the day of the oldest debt that later payments have not covered."""
    moves: list[tuple[int, str, int, str]] = []
    for account in accounts:
        moves += connection.execute(
            "SELECT f.at, f.identity, p.amount, "
            "coalesce(json_extract(CAST(f.body AS TEXT), '$.day'), '') FROM postings p "
            "JOIN facts f ON f.stream = p.stream AND f.seq = p.seq "
            "WHERE p.account = ? AND p.commodity = ?",
            (account, CNY),
        ).fetchall()
    covered = -sum(amount for _, _, amount, _ in moves if amount < 0)
    for _at, _identity, amount, day in sorted(moves):
        if amount > 0:
            covered -= amount
            if covered < 0:
                return day
    return ""


# --- What is owed back ---------------------------------------------------------------------------


def identity_of(connection: Connection, key: str) -> str:
    """Return the fact whose identity begins with an account's key; "" if it is not held."""
    first = _hex_of(key)
    if not first:
        return ""
    row = connection.execute(
        "SELECT identity FROM facts WHERE identity >= ? AND identity < ? ORDER BY identity LIMIT 1",
        (first, first + "g"),
    ).fetchone()
    return str(row[0]) if row else ""


def _hex_of(key: str) -> str:
    if len(key) != KEY_CHARACTERS:
        return ""
    try:
        return base64.b32decode(key).hex()
    except ValueError:
        return ""


def known(body: bytes) -> Any:
    """Return what a body of any kind says of day, person and courier."""
    return msgspec.json.decode(body, type=_Known)


def refunds_due(connection: Connection) -> tuple[DueRefund, ...]:
    """Return everything that is owed back, the oldest first."""
    rows = [
        refund_row(connection, standing.account.rpartition(":")[2], -standing.amount)
        for standing in standings(connection, REFUND_DUE, commodity=CNY)
        if standing.amount < 0
    ]
    return tuple(sorted(rows, key=lambda row: (row.since, row.at, row.document)))


def refund_row(connection: Connection, document: str, due_fen: int) -> DueRefund:
    """Return what is known of a refund: where it comes from and since when it is due."""
    founder = fact(connection, identity_of(connection, document))
    posted = _first_posting(connection, refund_account(document))
    since = known(posted.body).day if posted else ""
    origin = founder or posted
    if origin is None:
        return DueRefund(document, due_fen)
    said = known(origin.body)
    founded_on = _home(founder, posted)
    return DueRefund(
        document=document,
        due_fen=due_fen,
        kind=origin.kind,
        day=said.day,
        person=said.person or _person_behind(connection, origin, posted),
        act=origin.act,
        home=home_now(founded_on, homes_passed_on(connection)),
        founded_on=founded_on,
        since=since,
        at=posted.at if posted else origin.at,
        number=_paper_number(connection, origin, posted),
    )


def ways_paid(connection: Connection, document: str) -> tuple[str, ...]:
    """Return in which ways the money came in that is owed back, () where that is not held."""
    founder = fact(connection, identity_of(connection, document))
    act = facts_in(connection, founder.stream, founder.act) if founder else ()
    taken = (_taken(one.body) for one in act if one.kind == PaymentTaken.KIND)
    return tuple(tender.way for payment in taken for tender in payment.tenders)


def _paper_number(connection: Connection, origin: FactRow, posted: FactRow | None) -> str:
    """Return the number on the paper that the villager took along; "" where there is none."""
    for one in (origin, posted, *facts_in(connection, origin.stream, origin.act)):
        if one is None:
            continue
        slip = known(one.body).slip
        if slip:
            return printed_number(slip, one.stream)
    return ""


def _person_behind(connection: Connection, origin: FactRow, posted: FactRow | None) -> str:
    """Return whom a refund is for, where its founding fact does not say it itself."""
    for identity in (posted.entity if posted else "", origin.entity):
        founder = fact(connection, identity) if identity else None
        if founder is not None and known(founder.body).person:
            return str(known(founder.body).person)
    return ""


def homes_passed_on(connection: Connection) -> dict[str, str]:
    """Return which PC the county put in the place of which."""
    rows = connection.execute("SELECT from_device, to_device FROM homes").fetchall()
    return dict(rows)


def _home(founder: FactRow | None, posted: FactRow | None) -> str:
    """Return the PC that knows best whether it was paid: the founder's, else the first to post."""
    for one in (founder, posted):
        if one is not None and device_of(one.stream):
            return device_of(one.stream)
    return ""


def _first_posting(connection: Connection, account: str) -> FactRow | None:
    row = connection.execute(
        f"SELECT {FACT_COLUMNS} FROM postings p "  # noqa: S608 - our own columns
        "JOIN facts f ON f.stream = p.stream AND f.seq = p.seq "
        "WHERE p.account = ? AND p.commodity = ? ORDER BY f.at, f.identity LIMIT 1",
        (account, CNY),
    ).fetchone()
    return FactRow(*row) if row else None


def refund_state(connection: Connection, document: str) -> Refund:
    """Return all payouts against a document, undone ones left out."""
    row = connection.execute(
        "SELECT s.data FROM refunds r JOIN states s ON s.kind = 'refund' AND s.entity = r.entity "
        "WHERE r.document = ?",
        (document,),
    ).fetchone()
    return _refund(row[0]) if row else Refund(document=document)


def heard_at(connection: Connection, station: str, device: str) -> int:
    """Return when the last fact known of another PC was written, UTC ms by its clock; 0: none."""
    if not device:
        return 0
    place = f"{station}/{device}/"
    row = connection.execute(
        "SELECT max(f.at) FROM streams s JOIN facts f ON f.identity = s.head "
        "WHERE s.stream >= ? AND s.stream < ?",
        (place, place[:-1] + "0"),
    ).fetchone()
    return int(row[0] or 0)


def documents_of_slip(connection: Connection, act: str) -> tuple[str, ...]:
    """Return the keys of refunds that the slip of an act is good for, due ones first.

    That is: accounts on which the act posted, and those named after its facts and what they
    happened to. act: as in the code on the slip, of any PC of the station.
    """
    facts = connection.execute(
        "SELECT f.identity, f.entity, f.stream, f.seq FROM streams s "
        "JOIN facts f ON f.stream = s.stream AND f.act = ?",
        (act,),
    ).fetchall()
    keys: dict[str, None] = {}
    for identity, entity, stream, seq in facts:
        for one in (identity, entity):
            if one:
                keys[_key_of(one)] = None
        posted = connection.execute(
            "SELECT account FROM postings WHERE stream = ? AND seq = ?", (stream, seq)
        ).fetchall()
        for (account,) in posted:
            if account.startswith(f"{REFUND_DUE}:"):
                keys[account.rpartition(":")[2]] = None
    found = [key for key in keys if _was_ever_due(connection, key)]
    return tuple(sorted(found, key=lambda key: balance(connection, refund_account(key))))


def _key_of(identity: str) -> str:
    return base64.b32encode(bytes.fromhex(identity)[:10]).decode("ascii")


def _was_ever_due(connection: Connection, key: str) -> bool:
    row = connection.execute(
        "SELECT 1 FROM balances WHERE account = ? LIMIT 1", (refund_account(key),)
    ).fetchone()
    return row is not None


# --- What was paid twice -------------------------------------------------------------------------


def paid_twice(connection: Connection) -> tuple[PaidTwice, ...]:
    """Return every purse in debit: a view of the balance itself, gone when it is even again."""
    found = [
        standing
        for prefix in (REFUND_DUE, HELD)
        for standing in standings(connection, prefix, commodity=CNY)
        if standing.amount > 0
    ]
    return tuple(PaidTwice(s.account, s.amount, _takers(connection, s.account)) for s in found)


def _takers(connection: Connection, account: str) -> tuple[str, ...]:
    """Return the facts that took money out of a purse and stand, by time."""
    rows = connection.execute(
        "SELECT f.identity FROM postings p JOIN facts f ON f.stream = p.stream AND f.seq = p.seq "
        "WHERE p.account = ? AND p.commodity = ? AND p.amount > 0 AND f.kind != 'act.reversed' "
        "AND NOT EXISTS (SELECT 1 FROM reversals r WHERE r.stream = f.stream AND r.act = f.act) "
        "ORDER BY f.at DESC, f.identity LIMIT 6",
        (account, CNY),
    ).fetchall()
    return tuple(row[0] for row in rows[::-1])


# --- What the rules need -------------------------------------------------------------------------


class AccountGatherer:
    """Reads what the rules of this slice need. people: the register."""

    def __init__(self, people: People) -> None:
        """Ask `people` who somebody is."""
        self.people = people

    def owing(self, connection: Connection, command: RepayAccount, now: Now) -> Owing:
        """Return what somebody owes, and take a number for the slip."""
        return Owing(
            self.people.credit(connection, command.person).owes_fen, _slip(connection, now)
        )

    def overpaying(self, connection: Connection, command: ReturnOverpaid, now: Now) -> Owing:
        """Return what somebody repaid too much, and take a number for the slip."""
        root = self.people.root_of(connection, command.person)
        found = (one for one in overpaid(connection, self.people) if one.person == root)
        one = next(found, None)
        return Owing(one.owes_fen if one else 0, _slip(connection, now))

    def refunding(self, connection: Connection, command: PayRefund, now: Now) -> RefundStanding:
        """Return how a refund stands, and take a number for the slip."""
        standing = self.standing(connection, command.document, now)
        return replace(standing, slip=_slip(connection, now))

    def standing(self, connection: Connection, document: str, now: Now) -> RefundStanding:
        """Return how a refund stands, for a page or the rule."""
        due_fen = -balance(connection, refund_account(document))
        row = refund_row(connection, document, due_fen)
        paid: tuple[Payout, ...] = refund_state(connection, document).payouts
        return RefundStanding(
            due_fen=due_fen,
            paid=paid,
            home=row.home,
            founded_on=row.founded_on,
            heard_at=heard_at(connection, now.station, row.home),
            staff=len(self.people.coworkers(connection)),
        )

    def overdrawn(self, connection: Connection, command: SettleDebit, now: Now) -> Overdrawn:
        """Return by how much a purse is overdrawn, and take a number for the slip."""
        person = self.people.person(connection, command.person) if command.person else None
        return Overdrawn(
            debit_fen=balance(connection, command.account),
            knows_person=person is not None,
            slip=_slip(connection, now),
        )


def _slip(connection: Connection, now: Now) -> int:
    return take_number(connection, f"{SLIP_SERIES}/{now.device}")
