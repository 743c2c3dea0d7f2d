"""A return in progress: which lines of a slip come back, how much of each, and what she gets.

Plain values and sums, no screen; the commands come from it.
"""

from dataclasses import dataclass, field, replace

from station_app.services.cash.commands import GivePayment, giving
from station_app.services.sales.commands import PrintSaleSlip, ReturnGoods, ReturnLine
from station_app.services.sales.returning import (
    QUALITY,
    SHELF,
    SPOILED,
    Returning,
    SoldLine,
    paid_back,
)
from station_app.values.paying import CASH, ON_ACCOUNT, Part, Paying


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """A line of the slip. quantity: of it that comes back now; into: `shelf` or `spoiled`."""

    sale: str
    sold: SoldLine
    word: str = ""
    quantity: int = 0
    into: str = SHELF


@dataclass(frozen=True, slots=True, kw_only=True)
class Bringing:
    """A slip whose goods are brought back. act, number: of it.

    debtor, owed_fen: who had it put on account, and how much of that still stands: this goes off
    her account before any money is paid out. paid: how the rest is paid.
    """

    act: str = ""
    number: str = ""
    lines: tuple[Back, ...] = ()
    reason: str = ""
    debtor: str = ""
    owed_fen: int = 0
    paid: Paying = field(default_factory=lambda: Paying(gives=True))

    @property
    def command(self) -> ReturnGoods:
        """Return what is asked of the rule."""
        lines = tuple(
            ReturnLine(sale=line.sale, quantity=line.quantity, into=line.into)
            for line in self.lines
            if line.quantity
        )
        return ReturnGoods(lines=lines, reason=self.reason)

    @property
    def known(self) -> Returning:
        """Return the sales as the rule sees them."""
        return Returning(sold={line.sale: line.sold for line in self.lines})

    @property
    def due_fen(self) -> int:
        """Return what goes back to the customer, off her account and in money."""
        return paid_back(self.known, self.command)

    def back_of(self, line: Back) -> int:
        """Return what goes back for one line."""
        asked = ReturnLine(sale=line.sale, quantity=line.quantity, into=line.into)
        return paid_back(self.known, ReturnGoods(lines=(asked,), reason="")) if line.quantity else 0

    @property
    def off_account_fen(self) -> int:
        """Return how much of it goes off what she owes."""
        return min(self.owed_fen, self.due_fen)

    @property
    def paying(self) -> Paying:
        """Return how it is paid: what she owes first, the rest as the operator chose."""
        off = self.off_account_fen
        parts = self.paid.parts
        if off:
            parts = (Part(way=ON_ACCOUNT, amount_fen=off, person=self.debtor), *parts)
        way = CASH if self.paid.way == ON_ACCOUNT else self.paid.way
        return replace(self.paid, due_fen=self.due_fen, parts=parts, way=way, gives=True)

    def missing(self, *, has_shift: bool) -> str:
        """Return what is still to be done, as the end of a text key, "" when nothing is."""
        lacking = self.paying.missing(has_shift=has_shift)
        steps = (
            ("lines", not self.command.lines),
            ("reason", not self.reason),
            ("pay." + lacking, bool(lacking)),
        )
        return next((step for step, is_open in steps if is_open), "")

    def commands(
        self, ticket: str, remark: str = ""
    ) -> tuple[ReturnGoods | GivePayment | PrintSaleSlip, ...]:
        """Return what is asked of the desk."""
        return (self.command, giving(self.paying, remark), PrintSaleSlip(act=ticket))


def with_line(bringing: Bringing, sale: str, *, quantity: int, into: str = "") -> Bringing:
    """Return it with so much of a line coming back."""
    lines = tuple(
        replace(line, quantity=quantity, into=into or line.into) if line.sale == sale else line
        for line in bringing.lines
    )
    return replace(bringing, lines=lines)


def for_reason(bringing: Bringing, reason: str) -> Bringing:
    """Return it with its reason; what is bad is not proposed to be sold again."""
    into = SPOILED if reason == QUALITY else SHELF
    lines = tuple(replace(line, into=into) for line in bringing.lines)
    return replace(bringing, reason=reason, lines=lines)


def switched(bringing: Bringing, sale: str) -> Bringing:
    """Return it with all that is left of a line coming back, or nothing of it."""
    line = next(one for one in bringing.lines if one.sale == sale)
    return with_line(bringing, sale, quantity=0 if line.quantity else line.sold.left)


def turned(bringing: Bringing, sale: str) -> Bringing:
    """Return it with a line that can be sold again after all, or cannot."""
    line = next(one for one in bringing.lines if one.sale == sale)
    into = SPOILED if line.into == SHELF else SHELF
    return with_line(bringing, sale, quantity=line.quantity, into=into)


def without_account(paying: Paying) -> Paying:
    """Return what the operator chose, without the part that goes off an account by itself."""
    return replace(paying, parts=tuple(p for p in paying.parts if p.way != ON_ACCOUNT))
