"""Settling with a grower: what she is due, what of it lies here, what goes out today.

What a settlement comes to follows from its lines. What she is paid follows from the books: the
purse that the station keeps for her holds what was not paid last time and what was paid for spoiled
goods, and lacks what came back after it was settled: so a claw-back happens exactly once, and by
itself. What she has of sales that stay open is never paid out with the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from station_app.journal.fact import Saying
from station_app.services.consignment.commands import SettleGrower
from station_app.services.consignment.facts import Cost, SettlementMade
from station_app.services.consignment.rules import payout
from station_app.services.sales.facts import SaleSettled
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.refusal import Refusal

Decision = Sequence[Saying] | Refusal

CHARGE_MAX = 10_000_000
CHARGES_MAX = 4
CHARGES = ("freight", "packing", "platform")


class OpenLine(Protocol):
    """A grower's part of a sale that is not settled; the slice of sales makes them."""

    @property
    def sale(self) -> str:
        """Return the sale's identity."""
        ...

    @property
    def lot(self) -> str:
        """Return the lot of which it was sold."""
        ...

    @property
    def unit(self) -> str:
        """Return `gram` or `piece`."""
        ...

    @property
    def price_fen(self) -> int:
        """Return the price per kilogram or piece."""
        ...

    @property
    def day(self) -> str:
        """Return when it was sold."""
        ...

    @property
    def settled(self) -> SaleSettled:
        """Return what is to be said of it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyLine:
    """Her part of a sale of the county that no settlement has named yet.

    fact: that said it; quantity: of it hers, without what came back (back); amount_fen: what she
    gets of it, with what her contract adds; shop: where it was sold, "" where nobody said so.
    """

    fact: str
    lot: str
    quantity: int
    amount_fen: int
    shop: str = ""
    back: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """What decides about a settlement. lines: all of hers that are open.

    here_fen, county_fen: what the station keeps for her here, and what has not come down; owes_fen:
    on her account; county_lines: sales of the county that no settlement has named yet; disputed:
    lots about which she does not agree; least_fen: below which nothing is paid out.
    """

    slip: int = 0
    is_known: bool = True
    lines: tuple[OpenLine, ...] = ()
    here_fen: int = 0
    county_fen: int = 0
    owes_fen: int = 0
    county_lines: tuple[CountyLine, ...] = ()
    disputed: frozenset[str] = frozenset()
    rules: Mapping[str, str] = field(default_factory=dict)

    @property
    def least_fen(self) -> int:
        """Return below which nothing is paid out."""
        said = self.rules.get("settle.least_fen", "0")
        return int(said) if said.isascii() and said.isdigit() else 0

    @property
    def agreed_county_lines(self) -> tuple[CountyLine, ...]:
        """Return the county's sales with which she agrees."""
        return tuple(line for line in self.county_lines if line.lot not in self.disputed)

    @property
    def held_fen(self) -> int:
        """Return what waits of the county's sales until a dispute is cleared up."""
        every = sum(line.amount_fen for line in self.county_lines)
        return every - sum(line.amount_fen for line in self.agreed_county_lines)


@dataclass(frozen=True, slots=True)
class Due:
    """What comes of a settlement, before anything is paid.

    sold_fen, commission_fen, top_up_fen: of its lines; charged_fen: deducted; net_fen: of it all;
    by_county_fen: of the county's sales that it names; before_fen: what was in her purse besides,
    below zero after a claw-back; here_fen: what may be paid out of what lies here; county_fen: as
    an advance.
    """

    sold_fen: int
    commission_fen: int
    top_up_fen: int
    charged_fen: int
    by_county_fen: int
    before_fen: int
    here_fen: int
    county_fen: int

    @property
    def net_fen(self) -> int:
        """Return what its lines come to."""
        return self.sold_fen - self.commission_fen - self.charged_fen + self.top_up_fen

    @property
    def payable_fen(self) -> int:
        """Return what she may get at most, the advance with it."""
        return max(0, self.here_fen + self.county_fen)

    @property
    def payable_here_fen(self) -> int:
        """Return what she may get without an advance."""
        return min(self.payable_fen, max(0, self.here_fen))


def due_of(state: Settling, sales: Sequence[str], charges: Sequence[Cost]) -> Due:
    """Return what a settlement of these sales comes to."""
    chosen = set(sales)
    settled = [line.settled for line in state.lines if line.sale in chosen]
    open_fen = sum(line.settled.amount_fen for line in state.lines if line.sale not in chosen)
    sold_fen = sum(one.amount_fen for one in settled)
    commission_fen = sum(one.commission_fen for one in settled)
    top_up_fen = sum(one.top_up_fen for one in settled)
    charged_fen = sum(cost.amount_fen for cost in charges)
    by_county_fen = sum(line.amount_fen for line in state.agreed_county_lines)
    held_fen = state.held_fen  # out of what has not come down, as far as it goes
    held_there_fen = min(held_fen, max(0, state.county_fen))
    here_fen = state.here_fen - open_fen - commission_fen - charged_fen - held_fen + held_there_fen
    county_fen = state.county_fen + top_up_fen - held_there_fen
    net_fen = sold_fen - commission_fen - charged_fen + top_up_fen
    return Due(
        sold_fen=sold_fen,
        commission_fen=commission_fen,
        top_up_fen=top_up_fen,
        charged_fen=charged_fen,
        by_county_fen=by_county_fen,
        before_fen=here_fen + county_fen - net_fen - by_county_fen,
        here_fen=here_fen,
        county_fen=county_fen,
    )


def settle_grower(state: Settling, command: SettleGrower, now: Now) -> Decision:
    """Settle her part of each sale, deduct what is charged, and pay."""
    refusal = _why_not(state, command)
    if refusal is not None:
        return refusal
    due = due_of(state, command.sales, (*command.service, *command.passed_on))
    refusal = _why_not_pay(state, command, due)
    if refusal is not None:
        return refusal
    from_here, from_county = payout(
        max(0, due.here_fen - command.set_off_fen), due.county_fen, command.pay_fen
    )
    chosen = set(command.sales)
    lines = [line for line in state.lines if line.sale in chosen]
    body = SettlementMade(
        person=command.person,
        lines=(
            *dict.fromkeys(line.sale for line in lines),
            *(line.fact for line in state.agreed_county_lines),
        ),
        sold_fen=due.sold_fen,
        commission_fen=due.commission_fen,
        top_up_fen=due.top_up_fen,
        service=command.service,
        passed_on=command.passed_on,
        paid_here_fen=from_here,
        paid_county_fen=from_county,
        set_off_fen=command.set_off_fen,
        slip=state.slip,
        day=now.day,
    )
    return [*(Saying(line.settled, entity=line.sale) for line in lines), Saying(body)]


def _why_not(state: Settling, command: SettleGrower) -> Refusal | None:
    if not state.is_known:
        return Refusal("consignment.NO_GROWER")
    known = {line.sale for line in state.lines}
    if len(set(command.sales)) != len(command.sales) or not set(command.sales) <= known:
        return Refusal("consignment.SETTLED_ALREADY")
    if any(line.lot in state.disputed for line in state.lines if line.sale in set(command.sales)):
        return Refusal("consignment.DISPUTED")
    charges = (*command.service, *command.passed_on)
    if len(charges) > CHARGES_MAX or any(not 0 < c.amount_fen <= CHARGE_MAX for c in charges):
        return Refusal("consignment.CHARGE_WRONG")
    assert all(cost.name in CHARGES for cost in charges)
    if command.pay_fen < 0 or command.set_off_fen < 0:
        return Refusal("consignment.PAY_WRONG")
    if not command.sales and not command.pay_fen and not command.set_off_fen:
        return Refusal("consignment.NOTHING_TO_SETTLE")
    return None


def _why_not_pay(state: Settling, command: SettleGrower, due: Due) -> Refusal | None:
    if command.set_off_fen > min(state.owes_fen, due.payable_here_fen):
        most = say_yuan(max(0, min(state.owes_fen, due.payable_here_fen)))
        return Refusal("consignment.SET_OFF_TOO_MUCH", {"most": most})
    most_fen = due.payable_fen - command.set_off_fen
    if command.pay_fen > most_fen:
        return Refusal("consignment.PAY_TOO_MUCH", {"most": say_yuan(max(0, most_fen))})
    here_fen = due.payable_here_fen - command.set_off_fen
    if command.pay_fen > here_fen and not command.may_advance:
        return Refusal("consignment.ASKS_ADVANCE", {"here": say_yuan(max(0, here_fen))})
    if 0 < command.pay_fen < state.least_fen:
        return Refusal("consignment.BELOW_LEAST", {"least": say_yuan(state.least_fen)})
    return None
