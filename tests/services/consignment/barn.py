"""A village station in the season: growers bring produce, it is weighed, sold and settled."""

from collections.abc import Sequence
from typing import Any

from station_app.journal.recorder import new_ticket
from station_app.printing.document import to_json
from station_app.reference.facts import GradeTerm, ProduceRulePublished, ProduceTermsPublished
from station_app.services.cash.commands import GivePayment, TakePayment
from station_app.services.cash.facts import Tender
from station_app.services.consignment import records
from station_app.services.consignment.commands import (
    FinishIntake,
    PrintLotPapers,
    PrintSettlement,
    Reweigh,
    SettleGrower,
    TakeIn,
    Weighed,
)
from station_app.services.consignment.facts import (
    ContractAgreed,
    Cost,
    GrowerAmount,
    LotCountySaleReturned,
    LotDispatched,
    LotReceived,
    LotSoldByOrder,
)
from station_app.services.consignment.gathering import Gatherer
from station_app.services.consignment.paying_out import Due, due_of
from station_app.services.consignment.statement_papers import StatementMaker
from station_app.services.consignment.taking import reweighed_cost
from station_app.services.people import records as people
from station_app.services.sales.unsettled_records import open_shares
from station_app.shell.desk import Done, Outcome
from station_app.values.refusal import Refusal
from tests.services.sales.store import DAY, Store, produce

KIWI, EGGS, MEAT, BEANS = "10018", "10010", "10007", "10016"
KIWI_FRAME = b"ST,GS,+  13.260kg\r\n".hex()
REGION = "411325"


class Barn(Store):
    """Takes produce in by commands."""

    def county_says(self) -> None:
        """What the county publishes of goods, sorts, terms and rules."""
        self.catalogue()
        self.publish(
            produce(
                EGGS, "土鸡蛋", initials="tjd", unit="piece", word="枚", floor_fen=90,
                price_fen=130,
            ),
            produce(MEAT, "冷鲜羊肉", initials="lxyr"),
            produce(BEANS, "花生", initials="hs", keeps_days=200),
            ProduceTermsPublished(
                code=KIWI,
                grades=tuple(
                    GradeTerm(name=name, percent=percent)
                    for name, percent in (("一级", 100), ("二级", 80), ("等外", 60))
                ),
                months=(9, 10, 11), promise=1, document="", day=DAY,
            ),
            ProduceTermsPublished(
                code=MEAT, grades=(), months=(), promise=0, document="动物检疫证明", day=DAY
            ),
            ProduceTermsPublished(
                code=BEANS, grades=(), months=(9, 10), promise=0, document="", day=DAY
            ),
        )  # fmt: skip
        self.rule("trace.region", REGION)
        self.rule("trace.address", "https://trace.example.com")

    def rule(self, name: str, value: str) -> None:
        """The county says how it wants something of produce."""
        self.publish(ProduceRulePublished(name=name, value=value, day=DAY))

    def contract(self, quantity: int, guaranteed_fen: int, **more: Any) -> str:
        """The county registers a support contract of the first grower for kiwis."""
        values: dict[str, Any] = {
            "code": "2026-031", "person": self.pc.person(0), "produce": KIWI, "unit": "gram",
            "is_net": 0, "commission_bp": 500, "payer": "county", "until_day": "2027-01-31",
            "day": DAY,
        }  # fmt: skip
        return self.publish(
            ContractAgreed(quantity=quantity, guaranteed_fen=guaranteed_fen, **{**values, **more})
        )

    # --- Intake ----------------------------------------------------------------------------------

    def taking(self, **more: Any) -> TakeIn:
        """Kiwis of the first grower as a good intake has them: 13.26 kg gross, 12.34 kg count."""
        values: dict[str, Any] = {
            "person": self.pc.person(0), "produce": KIWI, "grade": "一级",
            "weighed": Weighed(
                gross_grams=13_260, tare_grams=800, deducted_grams=120, baskets=2,
                frame=KIWI_FRAME,
            ),
            "price_fen": 900, "commission_bp": 800, "harvest_day": "2026-11-22",
            "promise": "declined", "packages": 2,
        }  # fmt: skip
        return TakeIn(**{**values, **more})

    def try_intake(self, take: TakeIn) -> Outcome:
        """Take in, and pay what is paid now in cash."""
        ticket = new_ticket(self.pc.premises.chance)
        self.pc.clock.at_ms += 1_000
        paid: tuple[Any, ...] = ()
        if take.paid_fen:
            tender = Tender(way="cash", amount_fen=take.paid_fen)
            paid = (GivePayment(due_fen=take.paid_fen, tenders=(tender,), remark="说好的"),)
        return self.pc.premises.desk.settle(
            take, *paid, FinishIntake(act=ticket, taken=take), ticket=ticket
        )

    def intake(self, **more: Any) -> str:
        """Take kiwis in; returns the lot."""
        outcome = self.try_intake(self.taking(**more))
        assert isinstance(outcome, Done), outcome
        return str(outcome.told[0].identity)

    def no_intake(self, **more: Any) -> str:
        """Return why a lot is refused, with its sentence."""
        return self.sentence(self.try_intake(self.taking(**more)))

    def reweigh(self, lot: str, net_grams: int) -> Outcome:
        """Put the net weight right; what it costs more or less is paid in cash."""
        state = records.lot_state(self.connection, lot)
        assert state is not None
        cost_fen = reweighed_cost(state, net_grams)
        tender = (Tender(way="cash", amount_fen=abs(cost_fen)),)
        paid: tuple[Any, ...] = ()
        if cost_fen > 0:
            paid = (GivePayment(due_fen=cost_fen, tenders=tender, remark="说好的"),)
        elif cost_fen < 0:
            paid = (TakePayment(due_fen=-cost_fen, tenders=tender),)
        return self.act(Reweigh(lot=lot, weighed=Weighed(gross_grams=net_grams)), *paid)

    def act(self, *commands: Any) -> Outcome:
        """Ask for one act of this slice, with its papers."""
        ticket = new_ticket(self.pc.premises.chance)
        self.pc.clock.at_ms += 1_000
        return self.pc.premises.desk.settle(*commands, PrintLotPapers(act=ticket), ticket=ticket)

    def ticket(self) -> str:
        """Return the id of the next act."""
        return new_ticket(self.pc.premises.chance)

    def sentence(self, outcome: Outcome) -> str:
        """Return the reason and the words of a refusal."""
        assert isinstance(outcome, Refusal), outcome
        words = self.pc.premises.texts.say(outcome.text_key, **outcome.slots)
        assert "{" not in words
        return f"{outcome.reason.partition('.')[2]} {words}"

    @property
    def gatherer(self) -> Gatherer:
        """Return what the rules ask."""
        return Gatherer(people, open_shares)

    # --- Settling --------------------------------------------------------------------------------

    def open_sales(self, number: int = 0) -> tuple[str, ...]:
        """Return the sales of which a grower's part is not settled."""
        day = self.pc.premises.desk.now().day
        lines = open_shares(self.connection, self.pc.person(number), day)
        return tuple(dict.fromkeys(line.sale for line in lines))

    def due(self, number: int = 0, *charges: Cost) -> Due:
        """Return what a settlement of all that is open would come to."""
        return self.due_of(number, self.open_sales(number), charges)

    def due_of(self, number: int, sales: Sequence[str], charges: Sequence[Cost]) -> Due:
        """Return what a settlement of these sales would come to."""
        now = self.pc.premises.desk.now()
        return due_of(
            self.gatherer.due_to(self.connection, self.pc.person(number), now), sales, charges
        )

    def settle_with(self, pay_fen: int, number: int = 0, **more: Any) -> Outcome:
        """Settle all that is open with a grower and pay so much in cash."""
        values = {"sales": self.open_sales(number), **more}
        ticket = new_ticket(self.pc.premises.chance)
        self.pc.clock.at_ms += 1_000
        paid: tuple[Any, ...] = ()
        if pay_fen > 0:
            tender = (Tender(way="cash", amount_fen=pay_fen),)
            paid = (GivePayment(due_fen=pay_fen, tenders=tender, remark="说好的"),)
        return self.pc.premises.desk.settle(
            SettleGrower(person=self.pc.person(number), pay_fen=pay_fen, **values),
            *paid,
            PrintSettlement(act=ticket),
            ticket=ticket,
        )

    def settle_under(self, person: str, sales: Sequence[str]) -> Outcome:
        """Settle these sales with whoever is known by a name, and pay all of it in cash."""
        now = self.pc.premises.desk.now()
        pay_fen = due_of(self.gatherer.due_to(self.connection, person, now), sales, ()).payable_fen
        tender = (Tender(way="cash", amount_fen=pay_fen),)
        ticket = self.ticket()
        return self.pc.premises.desk.settle(
            SettleGrower(person=person, sales=tuple(sales), pay_fen=pay_fen),
            GivePayment(due_fen=pay_fen, tenders=tender, remark="说好的"),
            PrintSettlement(act=ticket),
            ticket=ticket,
        )

    def sold_by_county(self, net_fen: int = 9_200) -> tuple[str, str]:
        """A lot goes to the hub and the county sells it; return the lot and that fact."""
        lot = self.intake(price_fen=0)
        self.say(LotDispatched(quantity=12_340, packages=2, day=DAY), entity=lot)
        came = LotReceived(answers="", quantity=12_340, difference=0, grade="", day=DAY)
        self.publish(came, entity=lot)
        sold = LotSoldByOrder(
            answers="", ownership="consigned", quantity=12_340, gross_fen=net_fen + 800, costs=(),
            station_commission_fen=500, county_commission_fen=300, cost_fen=0, day=DAY,
            amounts=(GrowerAmount(person=self.pc.person(0), amount_fen=net_fen),),
            shop="县自营淘宝店", order="261123000118",
        )  # fmt: skip
        return lot, str(self.publish(sold, entity=lot))

    def came_back(self, lot: str, sold: str, net_fen: int, down_fen: int = 0) -> None:
        """Half of what `sold_by_county` sold comes back to the hub, with so much of its net."""
        grower = self.pc.person(0)
        body = LotCountySaleReturned(
            answers=sold, ownership="consigned", quantity=6_170, into="hub", reason="quality",
            gross_fen=net_fen + 400, station_commission_fen=250, county_commission_fen=150,
            amounts=(GrowerAmount(person=grower, amount_fen=net_fen),), top_ups=(),
            came_down=(GrowerAmount(person=grower, amount_fen=down_fen),) if down_fen else (),
            own_fen=0, cost_fen=0, day=DAY,
        )  # fmt: skip
        self.publish(body, entity=lot)

    # --- What it holds ---------------------------------------------------------------------------

    def lot(self, lot: str) -> Any:
        """Return a lot as it stands."""
        return records.lot_state(self.connection, lot)

    def left_of(self, contract: str) -> int:
        """Return how much of a contract is left."""
        state = records.contract_state(self.connection, contract)
        assert state is not None
        return state.left

    def printed(self, role: str) -> list[str]:
        """Return the papers of a role, the oldest first."""
        rows = self.connection.execute(
            "SELECT document FROM print_jobs WHERE role = ? ORDER BY job", (role,)
        )
        return [row[0] for row in rows]

    def slip_again(self, act: str) -> str:
        """Return the slip of a settlement as a copy of it would be."""
        paper = StatementMaker(people, self.pc.premises.texts).settlement_again(
            self.connection, act
        )
        assert paper is not None
        return to_json(paper.document)
