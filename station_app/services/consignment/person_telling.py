"""What a villager has brought in, a line for each lot: for her page in the register."""

from collections.abc import Sequence

from station_app.journal.log import Connection
from station_app.ledger.rounding import PIECE
from station_app.services.consignment import records
from station_app.services.consignment.telling import LOTS_PAGE
from station_app.shell.offers import Hit, Tone
from station_app.values.day import say_day
from station_app.values.money import say_yuan
from station_app.values.texts import Texts
from station_app.values.weight import say_jin

TRACES_MAX = 8


def of_person(connection: Connection, names: Sequence[str], texts: Texts) -> Sequence[Hit]:
    """Return her newest lots, under whichever of her records they stand."""
    found = [row for name in names for row in records.lots_of(connection, name, TRACES_MAX)]
    newest = sorted(found, key=lambda row: row.day, reverse=True)[:TRACES_MAX]
    return [_hit(connection, row, texts) for row in newest]


def standing(connection: Connection, names: Sequence[str], texts: Texts) -> str:
    """Return what the station keeps for her of goods that were sold, or that she owes of them."""
    kept_fen = sum(records.owed_to(connection, name) for name in names)
    if not kept_fen:
        return ""
    key = "kept" if kept_fen > 0 else "owes"
    return texts.say(f"consignment.trace.{key}", amount=say_yuan(abs(kept_fen)))


def _hit(connection: Connection, row: records.LotRow, texts: Texts) -> Hit:
    is_away = row.in_transit > 0 or row.at_hub > 0
    standing = "here" if row.on_shelf > 0 else "away" if is_away else "gone"
    tone: Tone = "ok" if standing == "gone" else "waiting"
    name = f"{records.sort_name(connection, row.produce)} {row.grade}".rstrip()
    quantity = str(row.quantity) if row.unit == PIECE else say_jin(row.quantity)
    return Hit(
        title=texts.say("consignment.trace.title", name=name, quantity=quantity),
        hint=say_day(row.day, row.day),
        icon="leaf",
        page=LOTS_PAGE,
        subject={"lot": row.lot},
        pill=(tone, texts.say(f"consignment.trace.{standing}")),
    )
