"""The books by person: what she owes, what the station holds for her, what it owes back.

A villager has accounts of her own (赊账, 货款) and others through her orders, bills and papers.
Which they are is found from both ends: from the balances that are not zero, by the words for the
account; and, for one person, from everything that she ever ordered or paid in.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from station_app.journal.log import Connection
from station_app.ledger import accounts
from station_app.ledger.balances import CLAIM, HELD, RECEIVABLE, REFUND_DUE, is_below, standings
from station_app.ledger.lines import PostedLines, posted_lines
from station_app.ledger.posting import CNY
from station_app.overview.ledger.account_words import AccountWords
from station_app.services.people import records as people

THINGS_MAX = 5_000  # orders and bills of one person: twenty years of one a day
OF_PEOPLE = ("Prepayment", "Bill", "Grower")
_THINGS = (
    "SELECT entity FROM orders WHERE person = ? UNION ALL "
    "SELECT entity FROM bills WHERE person = ? UNION ALL "
    "SELECT entity FROM sendings WHERE person = ? UNION ALL "
    "SELECT entity FROM parcels WHERE person = ? UNION ALL "
    "SELECT entity FROM opening_lines WHERE person = ? LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class PersonBook:
    """What stands between a person and the station, in fen. accounts: those behind the three.

    owes: on account, and what of hers waits for the county; held: her money that is held;
    due: what is to be paid back to her.
    """

    person: str
    owes_fen: int = 0
    held_fen: int = 0
    due_fen: int = 0
    accounts: tuple[str, ...] = ()


def kind_of(account: str) -> str:
    """Return `owes`, `held` or `due`: what an account of a person tells; "" for other accounts."""
    if is_below(account, RECEIVABLE) or is_below(account, CLAIM):
        return "owes"
    if is_below(account, REFUND_DUE):
        return "due"
    parts = account.split(":")
    return "held" if is_below(account, HELD) and parts[2] in OF_PEOPLE else ""


def everybody(connection: Connection, words: AccountWords) -> tuple[PersonBook, ...]:
    """Return all with whom something is open, by name; what is nobody's stands under ""."""
    mine: dict[str, list[tuple[str, str, int]]] = {}
    for prefix in ("Assets:Receivable", "Assets:Claim", HELD, REFUND_DUE):
        for one in standings(connection, prefix, commodity=CNY):
            kind = kind_of(one.account)
            if kind:
                owner = person_of(connection, words, one.account)
                mine.setdefault(owner, []).append((kind, one.account, one.amount))
    books = [_book(person, rows) for person, rows in mine.items()]
    return tuple(sorted(books, key=lambda book: _name(connection, book.person)))


def person_of(connection: Connection, words: AccountWords, account: str) -> str:
    """Return the person behind an account, "" if it is nobody's or not known here."""
    parts = account.split(":")
    key = parts[3] if is_below(account, HELD) else parts[-1]
    return words.whose(connection, "", key).person if len(key) == 16 else ""


def book_of(connection: Connection, person: str) -> PersonBook:
    """Return the book of one person, everything settled included."""
    rows = []
    for account in accounts_of(connection, person):
        row = connection.execute(
            "SELECT amount FROM balances WHERE account = ? AND commodity = ?", (account, CNY)
        ).fetchone()
        if row is not None:
            rows.append((kind_of(account), account, row[0]))
    return _book(people.root_of(connection, person), rows)


def accounts_of(connection: Connection, person: str) -> tuple[str, ...]:
    """Return every account that may be hers: her own, and those of what she ordered or paid in."""
    found: list[str] = []
    for identity in people.names_of(connection, person):
        found += [accounts.receivable(identity)]
        found += [accounts.held_grower(identity, w) for w in (accounts.HERE, accounts.COUNTY)]
    things = list(things_of(connection, person))
    for thing in (*things, *_facts_on(connection, things)):
        for where in (accounts.HERE, accounts.COUNTY):
            found += [accounts.held_prepayment(thing, where), accounts.held_bill(thing, where)]
        found += [accounts.refund_due(thing), accounts.claim(thing)]
    return tuple(dict.fromkeys(found))


def things_of(connection: Connection, person: str) -> tuple[str, ...]:
    """Return what of a person's has a history: orders, bills, parcels in and out, old debts."""
    found: list[str] = []
    for identity in people.names_of(connection, person):
        rows = connection.execute(_THINGS, (identity,) * 5 + (THINGS_MAX,)).fetchall()
        found += [row[0] for row in rows]
    return tuple(dict.fromkeys(found))


def movements(connection: Connection, book: PersonBook, *, limit: int = 500) -> PostedLines:
    """Return every movement on a person's accounts, the latest first."""
    return posted_lines(connection, book.accounts, limit=limit)


def _facts_on(connection: Connection, things: Iterable[str]) -> list[str]:
    """Return the facts about these things: a refund may be keyed by one of them."""
    found: list[str] = []
    for thing in things:
        rows = connection.execute("SELECT identity FROM folds WHERE root = ?", (thing,)).fetchall()
        found += [row[0] for row in rows if row[0] != thing]
    return found


def _book(person: str, rows: Iterable[tuple[str, str, int]]) -> PersonBook:
    sums = {"owes": 0, "held": 0, "due": 0}
    names = []
    for kind, account, amount in rows:
        if kind:
            sums[kind] += amount if kind == "owes" else -amount
            names.append(account)
    return PersonBook(person, sums["owes"], sums["held"], sums["due"], tuple(names))


def _name(connection: Connection, person: str) -> tuple[bool, str]:
    row = people.person(connection, person) if person else None
    return (row is None, row.pinyin if row is not None else person)
