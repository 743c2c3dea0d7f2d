"""What a villager has ordered, a line for each order: for her page in the register."""

from collections.abc import Sequence

from station_app.journal.log import Connection
from station_app.services.purchasing import records
from station_app.services.purchasing.rules import CANCELLED, PICKED_UP
from station_app.services.purchasing.telling import ORDERS_PAGE
from station_app.shell.offers import Hit, Tone
from station_app.values.day import say_day
from station_app.values.money import say_yuan
from station_app.values.texts import Texts

TRACES_MAX = 8


def of_person(connection: Connection, names: Sequence[str], texts: Texts) -> Sequence[Hit]:
    """Return her newest orders."""
    return [_hit(row, texts) for row in records.orders_of(connection, names, TRACES_MAX)]


def standing(connection: Connection, names: Sequence[str], texts: Texts) -> str:
    """Return how many of her orders are under way."""
    count = records.count_open(connection, names)
    return texts.say("purchasing.trace.open", count=count) if count else ""


def _hit(row: records.OrderRow, texts: Texts) -> Hit:
    amount = say_yuan(row.goods_fen + row.fee_fen)
    is_over = row.status in (PICKED_UP, CANCELLED)
    tone: Tone = "ok" if is_over else "waiting"
    return Hit(
        title=texts.say("purchasing.trace.title", number=row.number, amount=amount),
        hint=say_day(row.day, row.day),
        icon="cart",
        page=ORDERS_PAGE,
        subject={"order": row.order},
        pill=(tone, texts.say(f"purchasing.state.{row.status or 'gone'}")),
    )
