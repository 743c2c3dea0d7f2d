"""What facts of lots are made of: whose a lot is, what each gets, costs, what it was made of."""

import msgspec


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a lot is whose, and by which terms; a merged lot has several.

    floor_fen: price per kilogram or piece below which it is not sold; guaranteed_fen: what the
    contract promises, 0 without one; is_net: 1 if that is what she gets after commission.
    """

    person: str
    quantity: int
    commission_bp: int
    floor_fen: int
    guaranteed_fen: int
    is_net: int
    contract: str


class GrowerAmount(msgspec.Struct, frozen=True, kw_only=True):
    """An amount that one grower gets."""

    person: str
    amount_fen: int


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """A cost with its name: `freight`, `packing`, `platform`, …"""

    name: str
    amount_fen: int


class LotPart(msgspec.Struct, frozen=True, kw_only=True):
    """What a lot was made of: so much of another one."""

    lot: str
    quantity: int
