"""The purses of the first day: which there are, whose they are, and where each stands in the books.

Other people's money gets one line for each owner, never a sum over people, because nothing is
netted later either. What a courier owes is a claim until he has paid: it is no money yet.
"""

from dataclasses import dataclass

from station_app.ledger.accounts import (
    ALIPAY,
    BANK,
    COUNTY_CURRENT,
    OPENING,
    SAFE,
    WECHAT,
    claim,
    drawer,
    held_cod,
    held_freight,
    held_grower,
    receivable,
    refund_due,
)

DRAWER = "drawer"
PLACES = (DRAWER, "safe", "wechat", "alipay", "bank")
OF_PERSON = ("owed_grower", "person_owes", "owed_person")
OF_COURIER = ("cod", "freight", "courier_owes")
OF_COUNTY = ("owed_county", "county_owes")
DEBTS = (*OF_PERSON, *OF_COURIER, *OF_COUNTY)
PURSES = (*PLACES, *DEBTS)
OWED_TO_US = ("person_owes", "courier_owes", "county_owes")

_PLACE = {"safe": SAFE, "wechat": WECHAT, "alipay": ALIPAY, "bank": BANK}


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose purse it is. document: identity of the line; device: of a drawer; "" elsewhere."""

    document: str
    person: str = ""
    courier: str = ""
    device: str = ""


def account_of(purse: str, owner: Owner) -> str:
    """Return the account of a purse; raises ValueError for a purse that there is not."""
    if purse in _PLACE:
        return _PLACE[purse]
    if purse == DRAWER:
        return drawer(owner.device)
    if purse in OF_COUNTY:
        return COUNTY_CURRENT
    if purse in OF_COURIER:
        return _of_courier(purse, owner)
    if purse in OF_PERSON:
        return _of_person(purse, owner)
    raise ValueError(f"no such purse: {purse}")


def sides(purse: str, owner: Owner) -> tuple[str, str]:
    """Return (debit, credit) of an amount in a purse: the other side is always the opening."""
    account = account_of(purse, owner)
    is_ours = purse in PLACES or purse in OWED_TO_US
    return (account, OPENING) if is_ours else (OPENING, account)


def _of_courier(purse: str, owner: Owner) -> str:
    if purse == "courier_owes":
        return claim(owner.document)
    return held_cod(owner.courier) if purse == "cod" else held_freight(owner.courier)


def _of_person(purse: str, owner: Owner) -> str:
    if purse == "owed_person":
        return refund_due(owner.document)
    return held_grower(owner.person) if purse == "owed_grower" else receivable(owner.person)
