"""A village store with goods on its shelf: lots of growers and of its own, and the catalogue."""

from typing import Any

from station_app.journal.fact import Body, Saying
from station_app.journal.recorder import Author, Recorder, new_ticket
from station_app.premises import WRITERS
from station_app.reference.facts import ProducePublished, ProductPublished
from station_app.services.cash.commands import GivePayment, TakePayment
from station_app.services.cash.facts import Tender
from station_app.services.consignment.facts import LotAccepted, LotBought, LotMade, Share, Weighing
from station_app.services.sales.commands import (
    GiveUpBasket,
    HoldBasket,
    PrintSaleSlip,
    ReturnGoods,
    ReturnLine,
    SellGoods,
)
from station_app.services.sales.facts import GoodsLine
from station_app.services.sales.selling import due_of
from station_app.shell.desk import Done, Outcome
from station_app.values.codes import LOT, identity_payload, make_code
from station_app.values.refusal import Refusal
from tests.proofs.kit import STATION

DAY = "2026-11-25"
RICE, POISON = "9524113000012", "9524113001033"
BY_HAND = Weighing(gross_grams=0, tare_grams=0, deducted_grams=0, frame="")


def product(code: str, barcode: str, name: str, **more: Any) -> ProductPublished:
    """Goods of the catalogue."""
    values: dict[str, Any] = {
        "initials": "dbdm", "category": "", "spec": "5kg/袋", "unit": "袋", "price_fen": 3_290,
        "weight_grams": 0, "platform": "", "ship_fee_fen": 0, "eta_days": 0, "prepayment_bp": 0,
        "return_days": 7, "exchange_days": 7, "policy": "ok", "remark": "", "day": DAY,
    }  # fmt: skip
    return ProductPublished(code=code, barcode=barcode, name=name, **{**values, **more})


def produce(code: str, name: str, **more: Any) -> ProducePublished:
    """A sort of produce."""
    values: dict[str, Any] = {
        "initials": "mht", "category": "水果", "unit": "gram", "word": "斤", "floor_fen": 500,
        "price_fen": 900, "commission_bp": 800, "keeps_days": 20, "day": DAY,
    }  # fmt: skip
    return ProducePublished(code=code, name=name, **{**values, **more})


class Store:
    """Puts goods on the shelf of a PC and sells them by commands."""

    def __init__(self, pc: Any) -> None:
        """pc: of `tests.services.accounts.pcs`, or a station of the overview."""
        self.pc = pc
        self.published = 0

    @property
    def connection(self) -> Any:
        return self.pc.connection

    def say(self, *bodies: Body, entity: str = "") -> str:
        """Record facts that other pages say; returns the identity of the first."""
        told: list[Any] = []

        def work(recorder: Any) -> None:
            ticket = new_ticket(self.pc.premises.chance)
            act = recorder.open_act(ticket, by="", at=self.pc.clock.at_ms)
            told.extend(act.say(*(Saying(body, entity=entity) for body in bodies)))
            act.close()

        self.pc.premises.session.write(work)
        return str(told[0].identity)

    def publish(self, *bodies: Body, entity: str = "") -> str:
        """Let the county say something to this station; returns the identity of the first."""
        told: list[Any] = []

        def work(recorder: Any) -> None:
            author, chance = Author(f"county.1/{STATION}", ""), self.pc.premises.chance
            connection, words = recorder.connection, recorder.vocabulary
            pen = Recorder(connection, words, author, chance=chance, writers=WRITERS)
            self.published += 1
            at = self.pc.clock.at_ms + self.published  # what is said later holds
            act = pen.open_act(new_ticket(chance), by="", at=at)
            told.extend(act.say(*(Saying(body, entity=entity) for body in bodies)))
            act.close()

        self.pc.premises.session.write(work)
        return str(told[0].identity)

    def catalogue(self) -> None:
        """What the county publishes."""
        self.publish(
            product("P0001", RICE, "东北大米"),
            product("P0103", POISON, "杀虫剂", policy="blocked", remark="持证经营类"),
            produce("10018", "猕猴桃"),
            produce("10010", "土鸡蛋", unit="piece", word="枚", floor_fen=90, price_fen=130),
        )

    def consigned(
        self, produce: str, quantity: int, *, person: int = 0, unit: str = "gram", **terms: Any
    ) -> str:
        """A grower leaves a lot; returns its identity. terms: of her share."""
        values = {"commission_bp": 800, "floor_fen": 0, "guaranteed_fen": 0, "is_net": 0}
        share = Share(
            person=self.pc.person(person), quantity=quantity, contract="", **{**values, **terms}
        )
        return self.say(
            LotAccepted(
                code="", produce=produce, grade="", unit=unit, quantity=quantity,
                weighing=BY_HAND, share=share, harvest_day="", slip=1, day=DAY,
            )
        )  # fmt: skip

    def own(self, produce: str, quantity: int, cost_fen: int) -> str:
        """A lot that the station has bought."""
        return self.say(
            LotBought(
                code="", produce=produce, grade="一级", unit="gram", quantity=quantity,
                weighing=BY_HAND, person=self.pc.person(3), price_fen=0, paid_fen=0, owed_fen=0,
                opening_fen=cost_fen, harvest_day="", slip=1, day=DAY,
            )
        )  # fmt: skip

    def merged(self, produce: str, *shares: tuple[int, int]) -> str:
        """A lot of several growers. shares: (villager, grams)."""
        return self.say(
            LotMade(
                code="", produce=produce, grade="", unit="gram", ownership="consigned",
                quantity=sum(grams for _, grams in shares), parts=(), cost_fen=0, day=DAY,
                shares=tuple(
                    Share(
                        person=self.pc.person(number), quantity=grams, commission_bp=0,
                        floor_fen=0, guaranteed_fen=0, is_net=0, contract="",
                    )
                    for number, grams in shares
                ),
            )
        )  # fmt: skip

    # --- Acts ------------------------------------------------------------------------------------

    def line(self, lot: str, quantity: int, price_fen: int, **more: Any) -> GoodsLine:
        """A line of a lot by weight."""
        values: dict[str, Any] = {"ownership": "consigned", "unit": "gram", "weighed": "typed"}
        return GoodsLine(
            lot=lot, product="", quantity=quantity, price_fen=price_fen, **{**values, **more}
        )

    def bag(self, quantity: int, price_fen: int = 3_290, code: str = "P0001") -> GoodsLine:
        """A line of the shop's own shelf."""
        return GoodsLine(
            ownership="shelf", lot="", product=code, unit="piece", quantity=quantity,
            price_fen=price_fen,
        )  # fmt: skip

    def try_sale(self, *lines: GoodsLine, tenders: Any = None, **more: Any) -> Outcome:
        """Sell lines, paid in cash unless it says otherwise."""
        due = due_of(lines) if all(line.quantity >= 0 for line in lines) else 100
        round_off = more.get("round_off_fen", 0)
        if tenders is None:
            tenders = (Tender(way="cash", amount_fen=due - round_off),)
        ticket = new_ticket(self.pc.premises.chance)
        self.pc.clock.at_ms += 1_000
        return self.pc.premises.desk.settle(
            SellGoods(lines=lines, **more),
            TakePayment(due_fen=due, tenders=tuple(tenders), round_off_fen=round_off),
            PrintSaleSlip(act=ticket),
            ticket=ticket,
        )

    def sell(self, *lines: GoodsLine, **more: Any) -> Done:
        """Sell; asserts that it goes."""
        outcome = self.try_sale(*lines, **more)
        assert isinstance(outcome, Done), outcome
        return outcome

    def refused(self, *lines: GoodsLine, **more: Any) -> str:
        """Return why a sale is refused, with its sentence."""
        outcome = self.try_sale(*lines, **more)
        assert isinstance(outcome, Refusal), outcome
        words = self.pc.premises.texts.say(outcome.text_key, **outcome.slots)
        assert "{" not in words
        return f"{outcome.reason} {words}"

    def hold(self, *lines: GoodsLine, **more: Any) -> str:
        """Put a basket aside; returns its identity."""
        done = self.pc.do(HoldBasket(lines=lines, **more))
        return str(done.told[0].identity)

    def give_up(self, basket: str, reason: str = "left") -> Outcome:
        """Give a basket up."""
        return self.settle(GiveUpBasket(basket=basket, reason=reason))

    def bring_back(
        self, sale: str, quantity: int, paid_fen: int, *, into: str = "shelf", **more: Any
    ) -> Outcome:
        """Take a part of a line back and give so much for it."""
        lines = (ReturnLine(sale=sale, quantity=quantity, into=into),)
        tenders = more.get("tenders", (Tender(way="cash", amount_fen=paid_fen),))
        return self.settle(
            ReturnGoods(lines=lines, reason="quality"),
            GivePayment(due_fen=paid_fen, tenders=tenders if paid_fen else (), remark="说好的"),
        )

    def settle(self, *commands: Any) -> Outcome:
        """Ask for one act."""
        ticket = new_ticket(self.pc.premises.chance)
        self.pc.clock.at_ms += 1_000
        return self.pc.premises.desk.settle(*commands, PrintSaleSlip(act=ticket), ticket=ticket)


def label_of(lot: str) -> str:
    """Return the code on the label of a lot."""
    return make_code(LOT, identity_payload(lot))


def sales_in(done: Done) -> list[str]:
    """Return the lines that an act sold."""
    return [told.identity for told in done.told if told.kind == "sale.made"]
