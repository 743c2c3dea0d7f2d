"""What sales tell the pages that look across services: a tile, acts, what waits, papers."""

from collections.abc import Sequence

import msgspec

from station_app.journal.log import Connection
from station_app.ledger.paid_acts import FactRow, facts_of_act
from station_app.printing.document import Document
from station_app.services.sales import records, slip_records
from station_app.services.sales.commands import GiveUpBasket
from station_app.services.sales.facts import BasketHeld, SaleMade, SaleReturned
from station_app.services.sales.meanings import HELD_PAGE, RETURN_PAGE
from station_app.services.sales.outfit import Outfit
from station_app.shell.offers import ActWords, Figures, HeldWork, Line
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.texts import Texts

ACT_KINDS = ("sale.made", "sale.returned", "basket.held", "basket.given_up")


class Telling:
    """Puts sales into words for other rooms."""

    def __init__(self, outfit: Outfit) -> None:
        """Name goods as the page does."""
        self._papers = outfit.papers
        self._device = outfit.device

    def figures(self, connection: Connection, now: Now, texts: Texts) -> Figures:
        """Return the tile: how many slips today, what they came to, what waits."""
        today = slip_records.figures_of(connection, now.day)
        waiting = records.count_held(connection, now.device)
        sold = texts.say("sales.tile.sold", amount=say_yuan(today.sold_fen))
        second = Line("ok", texts.say("sales.tile.none_held"))
        if waiting:
            second = Line("hourglass", texts.say("sales.tile.held", count=waiting), "waiting")
        return Figures(today.slips, texts.say("sales.tile.unit"), (Line("cash", sold), second))

    def held_count(self, connection: Connection, now: Now) -> int:
        """Return how many baskets wait at this PC, for the tab."""
        return records.count_held(connection, now.device)

    def held(self, connection: Connection, texts: Texts) -> Sequence[HeldWork]:
        """Return the baskets that wait, for the end of the day: carried over or given up."""
        here = [row for row in records.held(connection) if row.device == self._device]
        return [self._held(connection, row, texts) for row in here]

    def _held(self, connection: Connection, row: records.HeldRow, texts: Texts) -> HeldWork:
        state = records.basket_state(connection, row.basket)
        words = state.words if state else ""
        key = "sales.held.work_for" if words else "sales.held.work"
        return HeldWork(
            texts.say(key, count=row.lines, amount=say_yuan(row.amount_fen), words=words),
            HELD_PAGE,
            {"basket": row.basket},
            GiveUpBasket(basket=row.basket, reason="end_of_day"),
        )

    def act(self, connection: Connection, act: str, texts: Texts) -> ActWords:
        """Return an act of sales in words."""
        facts = facts_of_act(connection, act)
        mine = [fact for fact in facts if fact.kind in ACT_KINDS]
        kind = mine[0].kind if mine else SaleMade.KIND
        same = [fact for fact in mine if fact.kind == kind]
        if kind == SaleMade.KIND:
            return self._sold(connection, act, same, texts)
        if kind == SaleReturned.KIND:
            return self._returned(connection, same, texts)
        if kind == BasketHeld.KIND:
            body = msgspec.json.decode(same[0].body, type=BasketHeld)
            words = texts.say(
                "sales.act.held", count=len(body.lines), amount=say_yuan(body.amount_fen)
            )
            return ActWords("hourglass", words, page=HELD_PAGE)
        return ActWords("hourglass", texts.say("sales.act.given_up"), page=HELD_PAGE)

    def _sold(
        self,
        connection: Connection,
        act: str,
        facts: Sequence[FactRow],
        texts: Texts,
    ) -> ActWords:
        bodies = [msgspec.json.decode(fact.body, type=SaleMade) for fact in facts]
        due_fen = sum(b.amount_fen - b.discount_fen - b.round_off_fen for b in bodies)
        name = slip_records.name_of_sold(connection, bodies[0]) if bodies else ""
        key = "sales.act.sold_several" if len(bodies) > 1 else "sales.act.sold"
        return ActWords(
            "cash",
            texts.say(key, name=name, count=len(bodies)),
            texts.say("sales.act.took", amount=say_yuan(due_fen)),
            page=RETURN_PAGE,
            subject={"act": act},
        )

    def _returned(self, connection: Connection, facts: Sequence[FactRow], texts: Texts) -> ActWords:
        bodies = [msgspec.json.decode(fact.body, type=SaleReturned) for fact in facts]
        back_fen = sum(b.amount_fen - b.discount_fen - b.round_off_fen for b in bodies)
        sale = slip_records.sale_state(connection, facts[0].entity)
        name = slip_records.name_of_sold(connection, sale) if sale else ""
        return ActWords(
            "undo",
            texts.say("sales.act.returned", name=name, count=len(bodies)),
            texts.say("sales.act.gave", amount=say_yuan(back_fen)),
            page=RETURN_PAGE,
            subject={"act": slip_records.act_of_fact(connection, facts[0].entity)},
        )

    def slip_again(self, connection: Connection, act: str, _texts: Texts) -> Document | None:
        """Return the slip of a sale or a return."""
        paper = self._papers.slip_again(connection, act)
        return paper.document if paper else None
