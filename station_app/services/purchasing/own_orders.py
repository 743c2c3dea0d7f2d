"""Orders that a villager places on her own account at the counter: noted, no money of the station.

They count for the rebate that a platform pays and for the county's figures, and a parcel with
their waybill is hers when it comes in.
"""

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Cases, Columns, EntityKind
from station_app.services.purchasing.facts import OWN_FACTS, OwnOrderNoted


class OwnOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What a villager ordered herself. strays: facts behind the case that it was never noted."""

    person: str = ""
    platform: str = ""
    number: str = ""
    amount_fen: int = 0
    waybill: str = ""
    day: str = ""
    founder: str = ""
    strays: tuple[str, ...] = ()


def fold_own_order(state: OwnOrder | None, told: Told) -> OwnOrder:
    """Apply one fact; any of them may come first."""
    known, body = state or OwnOrder(), told.body
    if isinstance(body, OwnOrderNoted):
        return msgspec.structs.replace(
            known,
            person=body.person,
            platform=body.platform,
            number=body.number,
            amount_fen=body.amount_fen,
            waybill=known.waybill or body.waybill,
            day=body.day,
            founder=told.identity,
            strays=(),
        )
    if not known.founder:
        known = msgspec.structs.replace(known, strays=(*known.strays, told.identity))
    return msgspec.structs.replace(known, waybill=body.waybill)


def own_order_cases(state: OwnOrder) -> Cases:
    """Return in what its facts disagree."""
    return {} if state.founder else {"purchasing.founder_missing": state.strays}


OWN_ORDER = EntityKind(
    name="own_order",
    state=OwnOrder,
    facts=OWN_FACTS,
    fold=fold_own_order,
    cases=own_order_cases,
    is_open=lambda order: not order.waybill,
    columns=Columns(
        table="own_orders",
        fields=(
            ("person", "TEXT"),
            ("platform", "TEXT"),
            ("amount_fen", "INTEGER"),
            ("waybill", "TEXT"),
            ("day", "TEXT"),
        ),
        row=lambda o: (o.person, o.platform, o.amount_fen, o.waybill, o.day),
        indexes=(("person", "day"), ("day",), ("waybill",)),
    ),
)
