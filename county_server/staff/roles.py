"""Who may do what at the county: one table of roles and pages, and nothing beside it.

What stands in no cell is refused. A page is what people call one (the overview, the remittances),
not a URL: every endpoint names its page and whether it needs LOOK or DO, and the frame asks here
before it runs anything. So the table below is the whole answer to "who can do that?", on screen
(`/staff`), in the tests and in the code.

The administrator gives accounts and touches no money; the auditor sees everything and changes
nothing. A township assistant works with her own subtree only: `area` is its top.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CLERK, PURCHASER, HUB_CLERK, FINANCE = "clerk", "purchaser", "hub_clerk", "finance"
TOWNSHIP, AUDITOR, ADMIN = "township", "auditor", "admin"
ROLES = (CLERK, PURCHASER, HUB_CLERK, FINANCE, TOWNSHIP, AUDITOR, ADMIN)

LOOK, DO = 1, 2

SELF = "self"  # one's own password, leaving
OVERVIEW = "overview"  # the county and its stations
REMITTANCES = "remittances"  # money that stations hand in
PHOTOS = "photos"  # pictures of slips
SENDINGS = "sendings"  # money that goes down to stations
COURIERS = "couriers"  # what couriers and enterprises have settled
STATEMENTS = "statements"  # the month, agreed with each station
MONEY_FACTS = "money_facts"  # the facts behind a figure of the finance desk
ORDERS = "orders"  # what villagers order, and what is bought for them
PURCHASING_ACCOUNT = "purchasing_account"  # the money that is bought with
BILLS = "bills"  # what stations took in for billers
BILL_ACCOUNTS = "bill_accounts"  # whole account numbers, each look noted
MESSAGES = "messages"  # what the gateway made of messages to villagers
MASTER = "master"  # what the county publishes: goods, prices, rules, billers
CONTRACTS = "contracts"  # who is promised a price: a sheet of what is published
PRODUCE = "produce"  # what growers brought, in totals, and what is sent to the hub
WAYBILLS = "waybills"  # numbers of parcels that stations send, given beforehand
HUB = "hub"  # produce that stations sent, weighed in
BEARERS = "bearers"  # who bears what is missing of it
HUB_SALES = "hub_sales"  # what is sold online of it, and who gets what
RECALLS = "recalls"  # lots that are called back by two, and let go
BAGS = "bags"  # parcels announced to stations, and the bags that bring them
CASES = "cases"  # two sides that disagree
DEVICES = "devices"  # PCs that are cut off, and what waits beyond
STICKS = "sticks"  # what stations send by USB stick
EXPORTS = "exports"  # facts and ledgers as files
AUDIT = "audit"  # who did what
STAFF = "staff"  # the accounts

_EVERYBODY = dict.fromkeys(ROLES, DO)
_MONEY = {CLERK: LOOK, FINANCE: DO, AUDITOR: LOOK}

TABLE: Mapping[str, Mapping[str, int]] = {
    SELF: _EVERYBODY,
    OVERVIEW: dict.fromkeys(ROLES, LOOK),
    REMITTANCES: _MONEY,
    PHOTOS: {CLERK: DO, FINANCE: DO, AUDITOR: LOOK},
    SENDINGS: _MONEY,
    COURIERS: _MONEY,
    STATEMENTS: _MONEY,
    MONEY_FACTS: {CLERK: LOOK, FINANCE: LOOK, AUDITOR: LOOK},
    ORDERS: {CLERK: LOOK, PURCHASER: DO, FINANCE: LOOK, AUDITOR: LOOK},
    PURCHASING_ACCOUNT: {CLERK: LOOK, PURCHASER: DO, FINANCE: DO, AUDITOR: LOOK},
    BILLS: {CLERK: DO, FINANCE: DO, AUDITOR: LOOK},
    BILL_ACCOUNTS: {CLERK: DO, FINANCE: DO},
    MESSAGES: {CLERK: LOOK, HUB_CLERK: LOOK, AUDITOR: LOOK},
    MASTER: {CLERK: DO, PURCHASER: DO, FINANCE: LOOK, AUDITOR: LOOK},
    CONTRACTS: {CLERK: DO, FINANCE: DO, AUDITOR: LOOK},
    PRODUCE: {CLERK: LOOK, HUB_CLERK: LOOK, FINANCE: LOOK, AUDITOR: LOOK},
    WAYBILLS: {CLERK: DO, HUB_CLERK: DO, FINANCE: LOOK, AUDITOR: LOOK},
    HUB: {CLERK: LOOK, HUB_CLERK: DO, FINANCE: LOOK, AUDITOR: LOOK},
    BEARERS: {CLERK: LOOK, HUB_CLERK: LOOK, FINANCE: DO, AUDITOR: LOOK},
    HUB_SALES: {CLERK: LOOK, HUB_CLERK: LOOK, FINANCE: DO, AUDITOR: LOOK},
    RECALLS: {CLERK: DO, HUB_CLERK: DO, FINANCE: LOOK, AUDITOR: LOOK},
    BAGS: {CLERK: LOOK, HUB_CLERK: DO, AUDITOR: LOOK},
    CASES: {CLERK: LOOK, FINANCE: DO, AUDITOR: LOOK, TOWNSHIP: LOOK},
    DEVICES: {CLERK: DO, FINANCE: DO, AUDITOR: LOOK, ADMIN: LOOK},
    STICKS: {CLERK: DO, ADMIN: DO},
    EXPORTS: {FINANCE: LOOK, AUDITOR: LOOK},
    AUDIT: {AUDITOR: LOOK, ADMIN: LOOK},
    STAFF: {AUDITOR: LOOK, ADMIN: LOOK},
}


# Where what is done needs a second account of the same right, with its own password.
TWO = (MASTER, CONTRACTS, DEVICES, STATEMENTS)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with an account. code: what the county's facts name; area: a township's station."""

    code: str
    name: str
    roles: tuple[str, ...]
    area: str = ""
    must_change: bool = False

    def right(self, page: str) -> int:
        """Return LOOK, DO or 0 for a page."""
        return right(self.roles, page)

    def is_confined(self, page: str) -> bool:
        """Tell whether only the assistant's own subtree may be seen on this page."""
        return not right((role for role in self.roles if role != TOWNSHIP), page)


def right(roles: Iterable[str], page: str) -> int:
    """Return the most that one of these roles may do on a page; 0 where nothing is written."""
    cells = TABLE.get(page, {})
    return max((cells.get(role, 0) for role in roles), default=0)


def subtree(parents: Mapping[str, str], top: str) -> frozenset[str]:
    """Return the stations below `top` and itself. parents: station → the one above it."""
    found = {top} if top in parents else set()
    fresh = set(found)
    while fresh:
        fresh = {code for code, parent in parents.items() if parent in fresh} - found
        found |= fresh
    return frozenset(found)
