"""A quota that two PCs went beyond together, in words for the page of cases."""

from collections.abc import Sequence

import msgspec

from station_app.journal.log import Connection
from station_app.ledger.paid_acts import FactRow, fact
from station_app.ledger.rounding import PIECE
from station_app.services.consignment import records
from station_app.services.consignment.brand_facts import BrandQuotaDrawn
from station_app.services.consignment.brand_quotas import BRAND_USE, BrandUse
from station_app.services.consignment.case_telling import LOTS_PAGE, said_otherwise, side_of
from station_app.services.consignment.moving import said
from station_app.services.consignment.taking import lot_number
from station_app.shell.offers import CaseWords, Side
from station_app.values.texts import Texts
from station_app.values.weight import say_jin

_use = msgspec.json.Decoder(BrandUse).decode
_drawn = msgspec.json.Decoder(BrandQuotaDrawn).decode


def over_quota(
    connection: Connection, entity: str, members: Sequence[str], texts: Texts
) -> CaseWords:
    """Return the case in words: how much may bear the mark, how much does."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = ?2 AND entity = ?1", (entity, BRAND_USE.name)
    ).fetchone()
    use = _use(row[0]) if row else BrandUse()
    slots = {"mark": use.mark, "quota": _said(use, use.quota), "used": _said(use, use.used)}
    known = (fact(connection, member) for member in members)
    found = sorted((one for one in known if one is not None), key=lambda one: one.at)
    return CaseWords(
        title=texts.say("consignment.case.mark_over_quota"),
        hint=texts.say("consignment.over_quota.hint", **slots),
        sides=tuple(_side(connection, one, texts) for one in found),
        page=LOTS_PAGE,
        line=texts.say(
            "consignment.over_quota.line", over=_said(use, use.used - use.quota), **slots
        ),
    )


def _said(use: BrandUse, quantity: int) -> str:
    return str(quantity) if use.unit == PIECE else say_jin(quantity)


def _side(connection: Connection, told: FactRow, texts: Texts) -> Side:
    if told.kind != BrandQuotaDrawn.KIND:  # a second closing stands among the sides
        return side_of(told, said_otherwise(told, texts), (), texts)
    body = _drawn(told.body)
    lot = records.lot_state(connection, body.lot)
    lines = [("number", lot_number(lot.code if lot else "", body.lot))]
    if lot is not None:
        lines += [
            ("goods", records.lot_name(connection, lot)),
            ("marked", said(lot, body.quantity)),
        ]
    named = tuple((texts.say(f"consignment.over_quota.{key}"), value) for key, value in lines)
    return side_of(told, texts.say("consignment.over_quota.said"), named, texts)
