"""Which rule decides which command: what this slice hands to the desk."""

from collections.abc import Sequence
from typing import Any

from station_app.journal.fact import Saying
from station_app.journal.log import Connection
from station_app.services.sales.commands import (
    GiveUpBasket,
    HoldBasket,
    PrintSaleSlip,
    ReturnGoods,
    SellGoods,
)
from station_app.services.sales.gathering import SalesGatherer
from station_app.services.sales.papers import PaperMaker
from station_app.services.sales.records import People
from station_app.services.sales.returning import return_goods
from station_app.services.sales.selling import give_up_basket, hold_basket, sell_goods
from station_app.shell.desk import Rule
from station_app.values.now import Now
from station_app.values.texts import Texts


def desk_rules(people: People, texts: Texts) -> tuple[Rule[Any, Any], ...]:
    """Return the rules of sales, with the papers that they print."""
    gather, papers = SalesGatherer(people), PaperMaker(people, texts)
    return (
        Rule(SellGoods, gather.selling, sell_goods),
        Rule(HoldBasket, gather.holding, hold_basket),
        Rule(GiveUpBasket, gather.giving_up, give_up_basket),
        Rule(ReturnGoods, gather.returning, return_goods),
        Rule(PrintSaleSlip, _nothing_to_see, _nothing_to_say, papers.slip),
    )


def _nothing_to_see(_connection: Connection, _command: PrintSaleSlip, _now: Now) -> None:
    return None


def _nothing_to_say(_state: None, _command: PrintSaleSlip, _now: Now) -> Sequence[Saying]:
    return ()
