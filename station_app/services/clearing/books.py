"""What clearing does to the books: each fact's entry, a pure function of its body.

What the county says posts nothing. Money that moves posts against the clearing of its act, where
the drawer's payment meets it.
"""

from collections.abc import Iterable, Mapping

from station_app.journal.fact import Body, Told
from station_app.journal.vocabulary import Poster
from station_app.ledger import accounts
from station_app.ledger.posting import CNY, Entry, Line, pays
from station_app.services.clearing.facts import (
    CountyMoneyAllotted,
    CountyMoneyReceived,
    CountyMoneyReturned,
    CourierPaid,
    CourierPaymentReturned,
    Portion,
    RemittanceSent,
    RemittanceTakenBack,
    StatementAnswered,
)

CURRENT = ""  # the purse of a portion that belongs to the current account
PREPAYMENT = "Prepayment"  # moved, money and purse, by `prepayment.passed_on` of its order
CHARGE_ACCOUNTS = (
    accounts.SUBSIDY,
    accounts.SERVICE,
    accounts.FEE_PARCEL,
    accounts.CHARGES,
    accounts.COMPENSATION,
    accounts.OVER_SHORT,
)


def sum_of(portions: Iterable[Portion]) -> int:
    """Return what portions come to, in fen."""
    return sum(portion.amount_fen for portion in portions)


def of_orders(portions: Iterable[Portion]) -> tuple[Portion, ...]:
    """Return the portions that are posted by facts of their orders in the same act."""
    return tuple(portion for portion in portions if portion.purse == PREPAYMENT)


def moved(portions: Iterable[Portion], *, from_: str, to: str) -> Entry:
    """Return the lines that move purses from here to the county or back, orders left out."""
    return tuple(
        line
        for portion in portions
        if portion.purse not in (CURRENT, PREPAYMENT)
        for line in pays(
            accounts.held(portion.purse, portion.owner, from_),
            accounts.held(portion.purse, portion.owner, to),
            portion.amount_fen,
        )
    )


def lines_to_county(amount_fen: int, portions: Iterable[Portion]) -> Entry:
    """Return what an act posts besides the payment, orders included: for a warning beforehand."""
    moved_fen = tuple(
        line
        for portion in portions
        if portion.purse != CURRENT
        for line in pays(
            accounts.held(portion.purse, portion.owner, accounts.HERE),
            accounts.held(portion.purse, portion.owner, accounts.COUNTY),
            portion.amount_fen,
        )
    )
    return (Line(accounts.COUNTY_CURRENT, CNY, amount_fen), *moved_fen)


def post_remittance_sent(told: Told) -> Entry:
    """County → pay; Held…:Here → …:County."""
    body: RemittanceSent = told.body
    return _up(told, body.amount_fen, body.portions)


def post_remittance_taken_back(told: Told) -> Entry:
    """Pay → County; Held…:County → …:Here."""
    body: RemittanceTakenBack = told.body
    return _down(told, body.amount_fen, body.portions)


def post_county_money_received(told: Told) -> Entry:
    """Pay → County; Held…:County → …:Here as far as the body says."""
    body: CountyMoneyReceived = told.body
    return _down(told, body.amount_fen, body.allotted)


def post_county_money_returned(told: Told) -> Entry:
    """County → pay; Held…:Here → …:County."""
    body: CountyMoneyReturned = told.body
    return _up(told, body.amount_fen, body.allotted)


def post_county_money_allotted(told: Told) -> Entry:
    """Held…:County → …:Here; the money that the facts of orders take in, it gives back."""
    body: CountyMoneyAllotted = told.body
    counter = accounts.counter(told.act)
    return (
        *pays(accounts.COUNTY_CURRENT, counter, sum_of(of_orders(body.allotted))),
        *moved(body.allotted, from_=accounts.COUNTY, to=accounts.HERE),
    )


def _up(told: Told, amount_fen: int, portions: tuple[Portion, ...]) -> Entry:
    counter = accounts.counter(told.act)
    return (
        *pays(accounts.COUNTY_CURRENT, counter, amount_fen - sum_of(of_orders(portions))),
        *moved(portions, from_=accounts.HERE, to=accounts.COUNTY),
    )


def _down(told: Told, amount_fen: int, portions: tuple[Portion, ...]) -> Entry:
    counter = accounts.counter(told.act)
    return (
        *pays(counter, accounts.COUNTY_CURRENT, amount_fen - sum_of(of_orders(portions))),
        *moved(portions, from_=accounts.COUNTY, to=accounts.HERE),
    )


def post_courier_paid(told: Told) -> Entry:
    """Held COD, freight and sending → pay; the fee set off is income, a fine compensation."""
    return _courier(told, 1)


def post_courier_payment_returned(told: Told) -> Entry:
    """The exact negative of what was paid."""
    return _courier(told, -1)


def _courier(told: Told, sign: int) -> Entry:
    body: CourierPaid | CourierPaymentReturned = told.body
    counter = accounts.counter(told.act)
    held = {"COD": body.cod_fen, "Freight": body.freight_fen, "Sending": body.sending_fen}
    return (
        *(
            line
            for purse, amount_fen in held.items()
            for line in pays(accounts.held(purse, body.courier), counter, sign * amount_fen)
        ),
        *pays(counter, accounts.FEE_PARCEL, sign * body.fee_fen),
        *pays(accounts.COMPENSATION, counter, sign * body.fine_fen),
    )


def post_statement_answered(told: Told) -> Entry:
    """County ↔ income or expenses, for what the answer accepts."""
    body: StatementAnswered = told.body
    for charge in body.accepted:
        if charge.account not in CHARGE_ACCOUNTS:
            raise ValueError(f"{charge.account} is no account of a charge")
    return tuple(
        line
        for charge in body.accepted
        for line in pays(accounts.COUNTY_CURRENT, charge.account, charge.amount_fen)
    )


def to_pay_fen(body: CourierPaid | CourierPaymentReturned) -> int:
    """Return what goes to the courier; below zero it pays the station."""
    collected_fen = body.cod_fen + body.freight_fen + body.sending_fen
    return collected_fen - body.fee_fen + body.fine_fen


POSTINGS: Mapping[type[Body], Poster] = {
    RemittanceSent: post_remittance_sent,
    RemittanceTakenBack: post_remittance_taken_back,
    CountyMoneyReceived: post_county_money_received,
    CountyMoneyAllotted: post_county_money_allotted,
    CountyMoneyReturned: post_county_money_returned,
    CourierPaid: post_courier_paid,
    CourierPaymentReturned: post_courier_payment_returned,
    StatementAnswered: post_statement_answered,
}
