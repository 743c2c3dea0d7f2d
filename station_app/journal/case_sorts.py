"""What sorts of cases there are, for whoever lists them: about what, how urgent, and whose turn.

Told from the kind alone ("parcels.closed_twice"), so that station and county sort alike.
"""

MONEY, GOODS, PCS = "money", "goods", "pcs"
GROUPS = (MONEY, GOODS, PCS)
DEBIT = "debit"  # an account of other people's money from which too much was paid
_GROUP_OF_ROOM = {
    DEBIT: MONEY,
    "accounts": MONEY,
    "bills": MONEY,
    "branch": PCS,
    "cash": MONEY,
    "clearing": MONEY,
    "shift": MONEY,
}
# Of rooms that trade in goods: what is wrong is an amount.
_OF_MONEY = ("held_left", "cost_without_consent", "claim_left", "disputed")
_DECIDED = ("hub_differs",)  # who bears it is said of the lot
_SETTLING = ("founder_missing", "waits", "bag_received_twice", "bag_opened_twice")


def group_of(case: str) -> str:
    """Return what a case is about: money, goods or PCs."""
    if case.endswith(_OF_MONEY):
        return MONEY
    return _GROUP_OF_ROOM.get(case.partition(".")[0], GOODS)


def is_urgent(case: str) -> bool:
    """Tell whether somebody must decide: the rest mostly settles by itself, with the news."""
    return not case.endswith(_SETTLING)


def is_for_station(case: str) -> bool:
    """Tell whether only the station can end it: at its counter, or with what it has yet to send."""
    return case == DEBIT or case.endswith("founder_missing")


def closes_itself(case: str) -> bool:
    """Tell whether it ends by what the county decides of the thing itself, and by no word."""
    return case.endswith(_DECIDED)
