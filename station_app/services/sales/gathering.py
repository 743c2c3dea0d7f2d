"""What the rules of sales need to know, read inside the act."""

from collections.abc import Iterable

from station_app.journal.log import Connection
from station_app.journal.series import take_number
from station_app.services.sales import records, slip_records
from station_app.services.sales.commands import GiveUpBasket, HoldBasket, ReturnGoods, SellGoods
from station_app.services.sales.facts import GoodsLine
from station_app.services.sales.records import People
from station_app.services.sales.returning import Returning
from station_app.services.sales.selling import OnShelf, Selling, key_of
from station_app.values.now import Now

SLIP_SERIES = "sales.slip"


class SalesGatherer:
    """Reads for the rules. people: the register."""

    def __init__(self, people: People) -> None:
        """Ask `people` who works here."""
        self._people = people

    def selling(self, connection: Connection, command: SellGoods, now: Now) -> Selling:
        """Return the goods of a basket and who works here, and take a number for the slip."""
        return Selling(
            goods=_goods(connection, command.lines, now.day),
            slip=take_number(connection, f"{SLIP_SERIES}/{now.device}"),
            basket=records.basket_state(connection, command.basket) if command.basket else None,
            staff=self._people.coworkers(connection),
        )

    def holding(self, connection: Connection, command: HoldBasket, now: Now) -> Selling:
        """Return the goods of a basket, and how many wait already."""
        return Selling(
            goods=_goods(connection, command.lines, now.day),
            basket=records.basket_state(connection, command.basket) if command.basket else None,
            held=records.count_held(connection, now.device),
        )

    def giving_up(self, connection: Connection, command: GiveUpBasket, _now: Now) -> Selling:
        """Return the basket."""
        return Selling(basket=records.basket_state(connection, command.basket))

    def returning(self, connection: Connection, command: ReturnGoods, now: Now) -> Returning:
        """Return the sales that come back, and take a number for the slip."""
        found = {
            line.sale: sold
            for line in command.lines
            if (sold := slip_records.sold_line(connection, line.sale)) is not None
        }
        slip = take_number(connection, f"{SLIP_SERIES}/{now.device}")
        return Returning(sold=found, slip=slip)


def _goods(connection: Connection, lines: Iterable[GoodsLine], day: str) -> dict[str, OnShelf]:
    found: dict[str, OnShelf] = {}
    for line in lines:
        key = key_of(line)
        if key not in found and (seen := records.on_shelf(connection, key, day)) is not None:
            found[key] = seen
    return found
