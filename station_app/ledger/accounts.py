"""Names of the accounts: legal Beancount, so that the export is a plain listing.

The villagers' money and the shop's lie in one drawer; the names keep them apart. `HERE` means in
one of the station's places of money, `COUNTY` passed on to the county or not yet come down.
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
FLOAT = "Equity:Float"
DRAWINGS = "Equity:Drawings"
OPENING = "Equity:Opening"
ROUND_OFF = "Expenses:RoundOff"
OVER_SHORT = "Expenses:OverShort"
PETTY = "Expenses:Petty"
FEE_PARCEL = "Income:Fee:Parcel"

PIECES_SHELF = "Equity:Pieces:Shelf"
PIECES_VILLAGER = "Equity:Pieces:Villager"
PIECES_RETURNED = "Equity:Pieces:Returned"
PIECES_LOST = "Equity:Pieces:Lost"

_LEGAL = re.compile(r"^(Assets|Liabilities|Equity|Income|Expenses)(:[A-Z0-9][A-Za-z0-9-]*)+$")


def is_legal(account: str) -> bool:
    """Tell whether Beancount accepts this account name."""
    return _LEGAL.fullmatch(account) is not None


def part(identity: str) -> str:
    """Return the 16 base32 characters (80 bits) by which an identity stands in an account name."""
    return base64.b32encode(bytes.fromhex(identity)[:10]).decode("ascii")


def drawer(device: str) -> str:
    """Return the cash drawer of a device."""
    return f"{DRAWERS}{device}"


def counter(act: str) -> str:
    """Return the clearing account of one act at the counter; zero when the act is complete."""
    return f"Equity:Counter:{act}"


def held_cod(courier: str, where: str = HERE) -> str:
    """Return the purse of cash on delivery owed to a courier."""
    return f"Liabilities:Held:COD:{courier}:{where}"


def held_freight(courier: str, where: str = HERE) -> str:
    """Return the purse of freight due owed to a courier."""
    return f"Liabilities:Held:Freight:{courier}:{where}"


def refund_due(document: str) -> str:
    """Return what is owed back against one document."""
    return f"Liabilities:RefundDue:{part(document)}"


def receivable(person: str) -> str:
    """Return what a villager owes the station."""
    return f"Assets:Receivable:{part(person)}"


def pieces_courier(courier: str) -> str:
    """Return where parcels are before the station has them."""
    return f"Equity:Pieces:Courier:{courier}"
