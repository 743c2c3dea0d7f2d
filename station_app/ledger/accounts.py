"""Names of the accounts: legal Beancount, so that the export is a plain listing.

The villagers' money and the shop's lie in one drawer; the names keep them apart. `HERE` means in
one of the station's places of money, `COUNTY` passed on to the county or not yet come down.
Identities stand in a name as 16 base32 characters; a lot is a commodity of its own, of that name.
"""

import base64
import re

HERE = "Here"
COUNTY = "County"

SAFE = "Assets:Safe"
WECHAT = "Assets:WeChat"
ALIPAY = "Assets:Alipay"
BANK = "Assets:Bank"
PLACES = (SAFE, WECHAT, ALIPAY, BANK)
DRAWERS = "Assets:Drawer:"

COUNTY_CURRENT = "Liabilities:County"
REFUNDS_DUE = "Liabilities:RefundDue:"
FLOAT = "Equity:Float"
DRAWINGS = "Equity:Drawings"
OPENING = "Equity:Opening"

FEE_PURCHASE = "Income:Fee:Purchase"
FEE_BILL = "Income:Fee:Bill"
FEE_PARCEL = "Income:Fee:Parcel"
FEE_SENDING = "Income:Fee:Sending"
COMMISSION = "Income:Commission"
SALES = "Income:Sales"
SERVICE = "Income:Service"
SUBSIDY = "Income:Subsidy"

ROUND_OFF = "Expenses:RoundOff"
DISCOUNT = "Expenses:Discount"
OVER_SHORT = "Expenses:OverShort"
SPOILAGE = "Expenses:Spoilage"
COMPENSATION = "Expenses:Compensation"
GOODS_COST = "Expenses:Goods"
PETTY = "Expenses:Petty"
CHARGES = "Expenses:Charges"

GOODS = "Equity:Goods"
GOODS_SHELF = "Equity:Goods:Shelf"
GOODS_TRANSIT = "Equity:Goods:Transit"
GOODS_HUB = "Equity:Goods:Hub"
GOODS_DIFFERENCE = "Equity:Goods:Difference"
GOODS_SOLD = "Equity:Goods:Sold"
GOODS_SPOILED = "Equity:Goods:Spoiled"
GOODS_RETURNED = "Equity:Goods:Returned"
GOODS_SAMPLED = "Equity:Goods:Sampled"
GOODS_MERGE = "Equity:Goods:Merge"

PIECES_TRANSIT = "Equity:Pieces:Transit"
PIECES_BAG = "Equity:Pieces:Bag"
PIECES_SHELF = "Equity:Pieces:Shelf"
PIECES_RUN = "Equity:Pieces:Run"
PIECES_VILLAGER = "Equity:Pieces:Villager"
PIECES_RETURNED = "Equity:Pieces:Returned"
PIECES_LOST = "Equity:Pieces:Lost"

LOT_COMMODITY = "LOT-"

_LEGAL = re.compile(r"^(Assets|Liabilities|Equity|Income|Expenses)(:[A-Z0-9][A-Za-z0-9-]*)+$")


def is_legal(account: str) -> bool:
    """Tell whether Beancount accepts this account name."""
    return _LEGAL.fullmatch(account) is not None


def part(identity: str) -> str:
    """Return the 16 base32 characters (80 bits) by which an identity stands in an account name.

    Raises ValueError for what is no identity: nobody's name or number gets into the books.
    """
    raw = bytes.fromhex(identity)
    if len(raw) < 10:
        raise ValueError("no identity")
    return base64.b32encode(raw[:10]).decode("ascii")


def lot_commodity(lot: str) -> str:
    """Return the commodity in which the grams or pieces of a lot are counted."""
    return LOT_COMMODITY + part(lot)


# --- Places of money, and what is owed to the station --------------------------------------------


def drawer(device: str) -> str:
    """Return the cash drawer of a device."""
    return f"{DRAWERS}{device}"


def receivable(person: str) -> str:
    """Return what a villager owes the station."""
    return f"Assets:Receivable:{part(person)}"


def claim(document: str) -> str:
    """Return what is to come back against one document: paid out, or owed, and not agreed yet."""
    return f"Assets:Claim:{part(document)}"


def inventory(lot: str) -> str:
    """Return what a lot that the station has bought stands at, at cost."""
    return f"Assets:Inventory:{lot_commodity(lot)}"


# --- Other people's money ------------------------------------------------------------------------


def held_prepayment(order: str, where: str = HERE) -> str:
    """Return the purse of what was paid beforehand for one order."""
    return f"Liabilities:Held:Prepayment:{part(order)}:{where}"


def held(purse: str, owner: str, where: str = HERE) -> str:
    """Return a purse of other people's money. purse: `Prepayment`; owner: key as in its name."""
    return f"Liabilities:Held:{purse}:{owner}:{where}"


def held_cod(courier: str, where: str = HERE) -> str:
    """Return the purse of cash on delivery owed to a courier."""
    return f"Liabilities:Held:COD:{courier}:{where}"


def held_freight(courier: str, where: str = HERE) -> str:
    """Return the purse of freight due owed to a courier."""
    return f"Liabilities:Held:Freight:{courier}:{where}"


def held_sending(courier: str, where: str = HERE) -> str:
    """Return the purse of what villagers paid for sending, owed to a courier."""
    return f"Liabilities:Held:Sending:{courier}:{where}"


def held_bill(bill: str, where: str = HERE) -> str:
    """Return the purse of what was paid in for one bill."""
    return f"Liabilities:Held:Bill:{part(bill)}:{where}"


def held_grower(person: str, where: str = HERE) -> str:
    """Return the purse of a grower: proceeds that are not settled yet."""
    return f"Liabilities:Held:Grower:{part(person)}:{where}"


def refund_due(document: str) -> str:
    """Return what is owed back against one document."""
    return f"{REFUNDS_DUE}{part(document)}"


# --- Acts, goods, pieces -------------------------------------------------------------------------


def counter(act: str) -> str:
    """Return the clearing account of one act at the counter; zero when the act is complete."""
    return f"Equity:Counter:{act}"


def goods_grower(person: str) -> str:
    """Return where produce is before its grower brings it."""
    return f"{GOODS}:Grower:{part(person)}"


def pieces_courier(courier: str) -> str:
    """Return where parcels are before the station has them."""
    return f"Equity:Pieces:Courier:{courier}"
