"""What orders tell the pages that look across services: a tile, acts, papers, search."""

from collections.abc import Sequence
from typing import Final

import msgspec

from station_app.journal.fact import Body
from station_app.journal.log import Connection
from station_app.ledger.paid_acts import FactRow, facts_of_act
from station_app.printing.document import Document
from station_app.reference import goods_records as reference
from station_app.services.purchasing import completion_records, own_records, records
from station_app.services.purchasing.facts import (
    ClaimSettled,
    CompletionGiven,
    DeliveryChosen,
    OrderCancellationAsked,
    OrderCancelled,
    OrderPickedUp,
    OrderPlaced,
    OrderReturned,
    OrderSentBack,
    OwnOrderNoted,
    OwnOrderSent,
    QuoteAnswered,
    SwapAnswered,
)
from station_app.services.purchasing.outfit import Outfit
from station_app.shell.offers import ActWords, Figures, Hit, Line, Meaning, Sought, Tone
from station_app.values.codes import SLIP, OwnCode, Recognised
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.texts import Texts

ORDER_PAGE: Final = "purchasing.order"
ORDERS_PAGE: Final = "purchasing.orders"
OWN_PAGE: Final = "purchasing.own"
ORDER_OF_SLIP: Final = "purchasing.slip"
LATER: tuple[type[Body], ...] = (
    OrderCancelled, OrderCancellationAsked, QuoteAnswered, SwapAnswered, DeliveryChosen,
    OrderPickedUp, OrderReturned, OrderSentBack, ClaimSettled, CompletionGiven,
)  # fmt: skip
OWN_KINDS = (OwnOrderNoted.KIND, OwnOrderSent.KIND)
ACT_KINDS = (OrderPlaced.KIND, *(body.KIND for body in LATER))


class Telling:
    """Puts orders into words for other rooms."""

    def __init__(self, outfit: Outfit) -> None:
        """Name goods as the page does."""
        self._papers = outfit.papers
        self._texts = outfit.texts

    def figures(self, connection: Connection, now: Now, texts: Texts) -> Figures:
        """Return the tile: how many orders today, how many are under way."""
        placed, open_now = records.figures(connection, now.day)
        words = texts.say("purchasing.tile.open", count=open_now)
        lines = [Line("cart", words)]
        quoted, arrived = records.waiting_for_her(connection)
        wanted = completion_records.wanted_count(connection)
        if quoted or wanted:
            key = "both" if quoted and wanted else "quoted" if quoted else "wanted"
            words = texts.say(f"purchasing.tile.{key}", count=quoted or wanted, wanted=wanted)
            lines.append(Line("warn", words, "warn"))
        elif arrived:
            lines.append(Line("parcel", texts.say("purchasing.tile.arrived", count=arrived)))
        return Figures(placed, texts.say("purchasing.tile.unit"), tuple(lines))

    def act(self, connection: Connection, act: str, texts: Texts) -> ActWords:
        """Return an act of orders in words."""
        facts = [fact for fact in facts_of_act(connection, act) if fact.kind in ACT_KINDS]
        if not facts:
            return ActWords("cart", texts.say("purchasing.act.placed_bare"), page=ORDERS_PAGE)
        if facts[0].kind != OrderPlaced.KIND:
            return self._later(connection, facts[0], texts)
        body = msgspec.json.decode(facts[0].body, type=OrderPlaced)
        words = records.words_of(connection, facts[0].identity)
        name = self._papers.items(connection, body.lines[:1], words)
        key = "placed_several" if len(body.lines) > 1 else "placed"
        what = name[0].what if name else ""
        amount = ""
        if body.prepaid_fen:
            amount = texts.say("purchasing.act.took", amount=say_yuan(body.prepaid_fen))
        return ActWords(
            "cart",
            texts.say(f"purchasing.act.{key}", what=what, count=len(body.lines)),
            amount,
            page=ORDERS_PAGE,
            subject={"order": facts[0].identity},
        )

    def _later(self, connection: Connection, fact: FactRow, texts: Texts) -> ActWords:
        order = fact.entity
        if fact.kind == CompletionGiven.KIND:
            order = completion_records.order_of(connection, fact.entity)
        what = self._papers.first_item(connection, order)
        key = fact.kind.replace(".", "_")
        amount = ""
        if fact.kind == OrderPickedUp.KIND:
            body = msgspec.json.decode(fact.body, type=OrderPickedUp)
            if body.balance_fen:
                amount = texts.say("purchasing.act.took_balance", amount=say_yuan(body.balance_fen))
        return ActWords(
            "cart",
            texts.say(f"purchasing.act.{key}", what=what),
            amount,
            page=ORDERS_PAGE,
            subject={"order": order},
        )

    def own_act(self, connection: Connection, act: str, texts: Texts) -> ActWords:
        """Return an act about an order of a villager's own in words."""
        facts = [fact for fact in facts_of_act(connection, act) if fact.kind in OWN_KINDS]
        order = own_records.own_order(connection, facts[0].entity or facts[0].identity)
        what = f"{order.platform} {order.number}" if order else ""
        key = facts[0].kind.replace(".", "_")
        words = texts.say(f"purchasing.act.{key}", what=what)
        return ActWords("cart", words, page=OWN_PAGE)

    def open_count(self, connection: Connection, now: Now) -> int:
        """Return how many orders are under way, for the tab."""
        return records.figures(connection, now.day)[1]

    def of_slip(self, connection: Connection, _text: str, code: Recognised) -> Meaning | None:
        """Recognise the slip of an order."""
        if not isinstance(code, OwnCode) or code.kind != SLIP:
            return None
        order = records.order_of_act(connection, code.payload)
        if not order:
            return None
        words = self._texts.say("purchasing.scan.slip")
        return Meaning(ORDER_OF_SLIP, ORDERS_PAGE, order, words)

    def slip_again(self, connection: Connection, act: str, _texts: Texts) -> Document | None:
        """Return the slip of an order."""
        paper = self._papers.slip_again(connection, act)
        return paper.document if paper else None

    def tag_again(self, connection: Connection, act: str, _texts: Texts) -> Document | None:
        """Return the label of goods that came back."""
        paper = self._papers.tag_again(connection, act)
        return paper.document if paper else None

    def find(self, connection: Connection, sought: Sought, texts: Texts) -> Sequence[Hit]:
        """Return goods that can be ordered."""
        return [
            self._hit(row, sought, texts)
            for row in reference.find_products(connection, sought.text, FOUND_MAX)
        ]

    def _hit(self, row: reference.ProductRow, sought: Sought, texts: Texts) -> Hit:
        typed = sought.text
        pill: tuple[Tone, str] = ("plain", say_yuan(records.price_of(row, sought.day)))
        if not row.may_be_sold:
            pill = ("stop", texts.say("purchasing.search.blocked"))
        return Hit(
            title=texts.say("purchasing.search.order", name=row.name),
            hint="·".join(part for part in (row.spec, row.platform) if part),
            icon="cart",
            page=ORDER_PAGE,
            subject={"product": row.code},
            match=typed if typed in row.name else "",
            pill=pill,
        )


FOUND_MAX = 4  # of the box: its own page lists more
