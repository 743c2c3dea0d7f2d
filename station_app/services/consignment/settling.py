"""Contracts and settlements: how much of a promise is used up, and what a grower was paid.

What is settled is said of each sale (`sale.settled`); here stand the deductions and the payout of
one settlement, and the drawings on a contract. More drawn than promised is a case: two PCs, both
offline, took in the last hundred kilograms; both growers' lots are paid, the county decides.
"""

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Cases, Columns, EntityKind
from station_app.services.consignment.facts import (
    ContractAgreed,
    ContractDrawn,
    SettlementMade,
    SettlementPaid,
)


class Contract(msgspec.Struct, frozen=True, kw_only=True):
    """A support contract as last registered. drawn: used up; drawings: the facts that drew."""

    code: str = ""
    person: str = ""
    produce: str = ""
    unit: str = ""
    quantity: int = 0
    guaranteed_fen: int = 0
    is_net: int = 0
    commission_bp: int = 0
    payer: str = ""
    until_day: str = ""
    drawn: int = 0
    drawings: tuple[str, ...] = ()

    @property
    def left(self) -> int:
        """Return how much of it is left; below zero when it is exceeded."""
        return self.quantity - self.drawn


def fold_contract(state: Contract | None, told: Told) -> Contract:
    """Take the newer registration whole, and add up what is drawn."""
    known = state or Contract()
    body = told.body
    if isinstance(body, ContractDrawn):
        return msgspec.structs.replace(
            known,
            drawn=known.drawn + body.quantity,
            drawings=(*known.drawings, told.identity),
        )
    agreed: ContractAgreed = body
    return msgspec.structs.replace(
        known,
        code=agreed.code,
        person=agreed.person,
        produce=agreed.produce,
        unit=agreed.unit,
        quantity=agreed.quantity,
        guaranteed_fen=agreed.guaranteed_fen,
        is_net=agreed.is_net,
        commission_bp=agreed.commission_bp,
        payer=agreed.payer,
        until_day=agreed.until_day,
    )


def contract_cases(state: Contract) -> Cases:
    """More drawn than promised is a case."""
    return {"consignment.contract_exceeded": state.drawings} if state.left < 0 else {}


CONTRACT = EntityKind(
    name="contract",
    state=Contract,
    facts=(ContractAgreed, ContractDrawn),
    fold=fold_contract,
    natural_key={ContractAgreed: lambda told: str(told.body.code)},
    cases=contract_cases,
    columns=Columns(
        table="contracts",
        fields=(
            ("code", "TEXT"),
            ("person", "TEXT"),
            ("produce", "TEXT"),
            ("quantity", "INTEGER"),
            ("drawn", "INTEGER"),
            ("until_day", "TEXT"),
        ),
        row=lambda c: (c.code, c.person, c.produce, c.quantity, c.drawn, c.until_day),
        indexes=(("person", "produce"),),
    ),
)


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """A settlement with one grower. net_fen: what she is due by it; paid_fen: what she got.

    payments: the facts that paid later; founder: "" while it is missing.
    """

    person: str = ""
    lines: int = 0
    sold_fen: int = 0
    commission_fen: int = 0
    top_up_fen: int = 0
    deducted_fen: int = 0
    paid_fen: int = 0
    set_off_fen: int = 0
    slip: int = 0
    day: str = ""
    founder: str = ""
    payments: tuple[str, ...] = ()

    @property
    def net_fen(self) -> int:
        """Return what she is due by this settlement."""
        return self.sold_fen - self.commission_fen - self.deducted_fen + self.top_up_fen

    @property
    def left_fen(self) -> int:
        """Return what she has not got of it yet."""
        return self.net_fen - self.paid_fen - self.set_off_fen


def fold_settlement(state: Settlement | None, told: Told) -> Settlement:
    """Add up what was settled and what was paid."""
    known = state or Settlement()
    body: SettlementMade | SettlementPaid = told.body
    known = msgspec.structs.replace(
        known,
        person=body.person,
        paid_fen=known.paid_fen + body.paid_here_fen + body.paid_county_fen,
        set_off_fen=known.set_off_fen + body.set_off_fen,
    )
    if isinstance(body, SettlementPaid):
        return msgspec.structs.replace(known, payments=(*known.payments, told.identity))
    return msgspec.structs.replace(
        known,
        lines=len(body.lines),
        sold_fen=body.sold_fen,
        commission_fen=body.commission_fen,
        top_up_fen=body.top_up_fen,
        deducted_fen=sum(c.amount_fen for c in (*body.service, *body.passed_on)),
        slip=body.slip,
        day=body.day,
        founder=told.identity,
    )


def settlement_cases(state: Settlement) -> Cases:
    """Payments that come to more than was settled are a case, and so is a missing founder."""
    if not state.founder:
        return {"consignment.settlement_missing": state.payments}
    if state.payments and state.left_fen < 0:
        return {"consignment.settlement_overpaid": state.payments}
    return {}


SETTLEMENT = EntityKind(
    name="settlement",
    state=Settlement,
    facts=(SettlementMade, SettlementPaid),
    fold=fold_settlement,
    cases=settlement_cases,
    columns=Columns(
        table="settlements",
        fields=(
            ("person", "TEXT"),
            ("net_fen", "INTEGER"),
            ("left_fen", "INTEGER"),
            ("slip", "INTEGER"),
            ("day", "TEXT"),
        ),
        row=lambda s: (s.person, s.net_fen, s.left_fen, s.slip, s.day),
        indexes=(("person", "day"), ("left_fen",)),
    ),
)
