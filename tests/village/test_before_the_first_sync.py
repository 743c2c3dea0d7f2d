"""Every verb of the counter, on a PC that has only just been enrolled and cannot reach the county.

The PC is a village's: the real premises, desk and rules, as enrolment and its first fetch left
them. From then on no request is ever made. What a verb of the slices' `commands` asks for is asked
for here and granted; the few that answer a word of the county or of another PC, which nobody has
said yet, stand in a closed list with that word.
"""

import importlib.util
import json
import pkgutil
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from station_app import services
from station_app.journal.fact import Told
from station_app.overview.commands import CloseCase
from station_app.security.signing import Signer
from station_app.services.accounts import commands as accounts
from station_app.services.accounts import records as account_records
from station_app.services.bills import commands as bills
from station_app.services.cash import commands as cash
from station_app.services.cash import payment_records
from station_app.services.cash.commands import GivePayment, TakePayment
from station_app.services.cash.facts import Count, PaymentTaken, Tender
from station_app.services.clearing import commands as clearing
from station_app.services.clearing import records as clearing_records
from station_app.services.clearing.facts import Portion
from station_app.services.consignment import commands as consignment
from station_app.services.consignment import records as lot_records
from station_app.services.farm_pickups import commands as farm
from station_app.services.handing_on import commands as handing_on
from station_app.services.opening import commands as opening
from station_app.services.opening.rules import STEPS
from station_app.services.parcels import commands as parcels
from station_app.services.parcels.facts import ManifestClosed
from station_app.services.people import commands as people
from station_app.services.pictures.commands import SIGNATURE, KeepPicture
from station_app.services.purchasing import commands as purchasing
from station_app.services.purchasing.facts import OrderLine
from station_app.services.quality import commands as quality
from station_app.services.sales import commands as sales
from station_app.services.sales.facts import GoodsLine
from station_app.services.sending import commands as sending
from station_app.shell.desk import Done
from tests.sync.stand import MORNING_MS
from tests.village.beginning import beginning
from tests.village.disk import Disk
from tests.village.line import Line
from tests.village.pc import Pc, VillageClock, WrongClock

# Asked for only in answer to a word that is not here yet: name of the command → whose word.
ANSWERS_TO = {
    "AnswerInquiry": "the county asks about a case",
    "AnswerQuote": "the county names a higher price",
    "AnswerSwap": "the county offers other goods",
    "CompleteOrder": "the county gives an order back",
    "PickUpOrder": "the county has bought it",
    "ReturnOrder": "the county has bought it, and it was fetched",
    "SendBackOrder": "the county has bought it, and it came back",
    "SettleClaim": "the county has refused what the station gave for it",
    "AllotCountyMoney": "the county says what money covers",
    "TakeRemittanceBack": "the county has cancelled it",
    "AnswerStatement": "the county sends a statement",
    "ReadmitOperator": "the county reads an answer out by phone",
    "SettleDebit": "another PC has paid the same refund",
    "ReturnOverpaid": "another PC has taken the same debt",
    "TakeEndingBack": "another PC has handed the same parcel over",
    "TakeShelvingBack": "another PC has shelved the same parcel",
    "SendToVillage": "the county puts villages under a township",
    "AcceptSending": "the county gives waybill numbers",
    "FinishSending": "the county gives waybill numbers",
    "CancelSending": "the county gives waybill numbers",
    "HandSendingsOver": "the county gives waybill numbers",
}
PARTS = {"Details", "Witness", "Weighed", "ReturnLine"}  # of commands, none by themselves
WHO = {
    "name", "sender", "receiver", "collector", "holder", "nickname", "phone", "receiver_phone",
    "id_number", "account_no",
}  # fmt: skip
ALONE = "只有我一个人"
COUNTS = (Count(10_000, 9), Count(100, 50))
PICTURE = "ab" * 32


def verbs() -> set[str]:
    """Return the names of all that can be asked for at the counter."""
    found = set()
    for slice_ in pkgutil.iter_modules(services.__path__, "station_app.services."):
        if importlib.util.find_spec(f"{slice_.name}.commands") is None:
            continue  # it has no work at the counter yet
        module = importlib.import_module(f"{slice_.name}.commands")
        found |= {
            name
            for name, one in vars(module).items()
            if isinstance(one, type) and one.__module__ == module.__name__
        }
    return found - PARTS


class FirstMorning:
    """One operator at one PC; each of its methods is a part of the counter's work."""

    def __init__(self, pc: Pc) -> None:
        """Begin with nobody signed in."""
        self.pc = pc
        self.told: Sequence[Told] = ()
        self._waybills = 0

    def ask(self, *commands: Any, ticket: str = "") -> str:
        """Ask for an act that must be granted; return the identity of its first fact."""
        self.pc.world.at += 60_000
        outcome = self.pc.perform(*commands, ticket=ticket)
        assert isinstance(outcome, Done), f"{commands}: {outcome}"
        self.told = outcome.told
        return self.told[0].identity if self.told else ""

    def with_slip(self, slip: type[Any], *commands: Any, **words: str) -> str:
        """Ask for an act that prints itself."""
        ticket = self.pc.ticket()
        return self.ask(*commands, slip(act=ticket, **words), ticket=ticket)

    def shelved(self, **said: Any) -> str:
        """Shelve another parcel."""
        self._waybills += 1
        waybill = f"73{self._waybills:012}"
        return self.ask(parcels.ShelveParcel(courier="ZTO", waybill=waybill, tail="1001", **said))

    # --- People, the first day, the drawer -------------------------------------------------------

    def sign_in(self) -> None:
        me = self.ask(people.RegisterOperator(name="李示芳", role="manager"))
        self.pc.open.signed_in.come(me, is_manager=True)

    def know_people(self) -> str:
        details = people.Details(name="曾示兰", phone="15400001001", id_number="11010519491231002X")
        person = self.ask(people.RegisterPerson(details=details))
        amended = replace(details, hamlet="二组")
        self.ask(people.AmendPerson(person=person, details=amended))
        asked = people.RecordConsent(person=person, matter="leave_at_station", answer="yes")
        self.ask(asked)
        self.ask(people.LimitCredit(person=person, limit_fen=50_000))
        self.ask(people.ShowId(person=person, reason="check"))
        self.ask(people.RecordAssist(person=person, status="watched"))
        other = self.ask(people.RegisterPerson(details=people.Details(name="王示明")))
        merge = self.ask(people.MergePersons(kept=person, other=other))
        self.ask(people.TakeMergeBack(merge=merge, claim=merge))
        self.ask(people.ErasePerson(person=other))
        return person

    def open_the_books(self, person: str) -> None:
        alone = opening.Witness(kind="alone", reason=ALONE)
        line = self.ask(
            opening.EnterOpening(
                purse="person_owes", amount_fen=700, person=person, remark="旧账", witness=alone
            )
        )
        self.ask(opening.CorrectOpening(line=line, amount_fen=800, remark="看错了", witness=alone))
        self.ask(
            opening.EnterLot(
                person=person,
                produce="红薯",
                unit="g",
                quantity=5_000,
                commission_bp=500,
                witness=alone,
            )
        )
        self.ask(opening.DismissOpening())
        self.ask(opening.ReopenOpening())
        for step in STEPS:
            self.ask(opening.SettleStep(step=step, outcome="done"))
        self.ask(opening.FinishOpening(witness=alone))

    def work_the_drawer(self) -> None:
        self.ask(cash.OpenShift(counts=COUNTS, reason="float"))
        self.ask(cash.PutIn(place="drawer", reason="own", amount_fen=90_000))
        self.ask(cash.TakeOut(place="drawer", reason="petty", amount_fen=500, remark="胶带"))
        self.ask(cash.OpenDrawer(reason="change"))
        self.ask(cash.ComparePlace(place="wechat", shown_fen=300, remark="少记了一笔"))

    def end_the_day(self) -> None:
        colleague = self.ask(people.RegisterOperator(name="王小兰", role="operator"))
        self.ask(
            cash.HandOverShift(
                taken_over_by=colleague, counts=COUNTS, remark="数的", alone_reason=ALONE
            )
        )
        self.ask(people.RemoveOperator(operator=colleague))
        self.ask(cash.CloseShift(counts=COUNTS, remark="数的"))
        self.ask(cash.OpenShift(as_last=True, day="2026-11-26"))

    # --- Parcels ---------------------------------------------------------------------------------

    def hand_parcels_over(self, person: str) -> str:
        self.ask(parcels.ArrangeShelves(shelves=4, layers=4, places=30))
        first = self.shelved(cod_fen=8_600)
        self.ask(parcels.ReassignParcel(parcel=first, person=person))
        self.ask(parcels.MoveParcel(parcel=first, shelf="B", layer=2))
        self.ask(parcels.TellReceiver(parcels=(first,), way="phone"))
        self.ask(parcels.MarkValuable(parcel=first))
        named = self.shelved(name="钱示一", phone="15400001001")
        self.ask(parcels.QueueMessages(parcels=(named,)))
        self.with_slip(
            parcels.PrintSlip,
            parcels.KeepSignature(parcel=first, photo=PICTURE, person=person),
            parcels.KeepHandoverPhoto(parcel=first, photo=PICTURE, person=person),
            parcels.HandOverParcels(parcels=(first,), paid_fen=8_600),
            taken(8_600),
        )
        self.ask(parcels.ReturnParcels(parcels=(self.shelved(),), reason="overdue"))
        self.ask(parcels.LoadVan(driver="任例福"))
        self.ask(parcels.TakeOnRun(parcels=(one := self.shelved(), other := self.shelved())))
        self.ask(parcels.DeliverOnRun(parcels=(one,)))
        self.ask(parcels.BringBack(parcel=other, reason="not_home"))
        return first

    def mend_what_went_wrong(self, handed_over: str) -> None:
        missing = self.shelved(shelf="C", layer=1)
        self.ask(parcels.CountLayer(shelf="C", layer=1, seen=(handed_over,)))
        self.ask(parcels.LoseParcel(parcel=missing))
        self.ask(parcels.FindParcel(parcel=missing, shelf="C", layer=1))
        self.ask(parcels.ReportDamage(parcel=missing, words="角上破了"))
        paid = parcels.CompensateParcel(parcel=missing, amount_fen=3_000, payee="receiver")
        self.ask(paid)
        self.ask(parcels.ForwardParcel(parcel=self.shelved(), station="NX0602"))
        self.ask(parcels.ReleaseParcel(parcel=self.shelved(), reason="receiver_has_it"))
        bag = self.ask(parcels.ReceiveBag(code="B1", pieces=2))
        seen = (("900000000011", "ZTO"), ("900000000012", "ZTO"))
        self.ask(
            parcels.CloseManifest(direction="in", bag=bag, seen=seen, other="任例福"),
            KeepPicture(ManifestClosed.KIND, (PICTURE,), SIGNATURE),
        )

    def close_a_case(self) -> None:
        found = self.pc.connection.execute("SELECT kind, entity, members FROM cases").fetchone()
        assert found is not None, "nothing of today's trouble became a case"
        case, entity, members = found
        named = tuple(json.loads(members))
        self.ask(
            CloseCase(case=case, entity=entity, members=named, verdict="explained", remark="看过了")
        )

    # --- Orders, goods, produce, bills -----------------------------------------------------------

    def order(self, person: str) -> str:
        asked = purchasing.PlaceOrder(
            person=person,
            lines=(OrderLine(product="", pieces=1, price_fen=2_000, ceiling_fen=2_000),),
            items=("洗衣粉",),
            goods_fen=2_000,
            fee_fen=0,
            prepaid_fen=2_000,
        )
        order = self.with_slip(purchasing.PrintOrderSlip, asked, taken(2_000))
        self.ask(purchasing.ChooseDelivery(order=order, way="home"))
        self.ask(purchasing.AskCancellation(order=order))
        other = self.with_slip(purchasing.PrintOrderSlip, asked, taken(2_000))
        self.ask(purchasing.CancelOrder(order=other, remark="不要了"))
        (due,) = [d for d in account_records.refunds_due(self.pc.connection) if d.due_fen == 2_000]
        refund = accounts.PayRefund(document=due.document, amount_fen=2_000, slip_taken=True)
        self.with_slip(accounts.PrintAccountSlip, refund, given(2_000))
        hers = purchasing.NoteOwnOrder(
            person=person, platform="淘宝", number="4201", amount_fen=3_000, item="毛毯"
        )
        own = self.ask(hers)
        self.ask(purchasing.TellOwnWaybill(order=own, waybill="YT8890012345678"))
        return order

    def fetch_produce(self) -> None:
        day = self.pc.open.desk.now().day
        asked = farm.AskFarmPickup(
            name="张根喜", place="第3组", produce="核桃", grams=100_000, wanted_day=day
        )
        first, second = self.ask(asked), self.ask(asked)
        self.ask(farm.JoinVanRun(pickups=(first,), driver="任例福"))
        self.ask(farm.EndFarmPickup(pickup=first, grams=98_500, packages=4))
        self.ask(farm.CallFarmPickupOff(pickup=second))

    def move_house(self) -> None:
        keys = (("door", 2),)
        self.ask(handing_on.HandOn(reason="moves", place="老供销社东屋", keys=keys))

    def ask_for_numbers(self) -> None:
        self.ask(sending.AskWaybills(courier="ZTO"))

    def take_produce_in(self, person: str) -> str:
        weighed = consignment.Weighed(gross_grams=20_800, tare_grams=800)
        asked = consignment.TakeIn(
            person=person,
            produce="10018",
            grade="",
            weighed=weighed,
            price_fen=800,
            commission_bp=800,
            promise="declined",
            is_for_hub=True,
        )
        lots = []
        for _ in range(2):
            ticket = self.pc.ticket()
            papers = consignment.FinishIntake(act=ticket, taken=asked)
            lots.append(self.ask(asked, papers, ticket=ticket))
        papers_of = consignment.PrintLotPapers
        lighter = consignment.Weighed(gross_grams=20_700, tare_grams=800)
        self.with_slip(papers_of, consignment.Reweigh(lot=lots[0], weighed=lighter))
        known = {row.lot for row in lot_records.lots_here(self.pc.connection)}
        self.with_slip(papers_of, consignment.SplitLot(lot=lots[0], quantity=5_000))
        (part,) = {row.lot for row in lot_records.lots_here(self.pc.connection)} - known
        self.ask(
            consignment.MoveLot(
                lot=part,
                how="spoil",
                quantity=500,
                reason="rotten",
                bearer="station",
                value_fen=800,
            )
        )
        self.with_slip(papers_of, consignment.MergeLots(lots=(lots[0], lots[1])))
        return part

    def vouch(self, person: str, lot: str) -> None:
        produce = "10018"
        self.ask(quality.DescribePlot(person=person, name="东坡", produce=produce, tenth_mu=35))
        self.ask(
            quality.ShowCertificate(
                person=person, sort="green", number="LB-1", produce=produce, until_day="2030-01-01"
            )
        )
        self.ask(quality.CollectPromise(lot=lot, issuer="coop", number="HZS-1"))
        issued = quality.IssuePromise(lot=lot, bases=("own_promise",))
        self.with_slip(quality.PrintPromise, issued)
        self.ask(
            quality.RecordTest(
                lot=lot, lab="站里", item="速测", limit="", value="阴性", is_passed=True
            )
        )
        self.ask(quality.EndorseLot(lot=lot, office="镇农办", number="BS-1"))

    def call_back(self, person: str, lot: str) -> None:
        failed = quality.RecordTest(
            lot=lot, lab="站里", item="速测", limit="", value="阳性", is_passed=False
        )
        self.ask(failed)
        for way, whom in (("phone", person), ("board", "")):
            self.ask(consignment.TellOfRecall(lot=lot, way=way, person=whom))

    def sell(self, person: str, lot: str) -> None:
        line = GoodsLine(
            ownership="consigned", lot=lot, product="", unit="gram", quantity=1_000, price_fen=800,
            weighed="typed",
        )  # fmt: skip
        basket = self.ask(sales.HoldBasket(lines=(line,), words="王婶"))
        sold = sales.SellGoods(lines=(line,), basket=basket)
        sale = self.with_slip(sales.PrintSaleSlip, sold, taken(800))
        given_up = self.ask(sales.HoldBasket(lines=(line,)))
        self.ask(sales.GiveUpBasket(basket=given_up, reason="left"))
        back = sales.ReturnLine(sale=sale, quantity=250, into="shelf")
        goods = sales.ReturnGoods(lines=(back,), reason="quality")
        self.with_slip(sales.PrintSaleSlip, goods, given(200))
        asked = consignment.SettleGrower(person=person, sales=(sale,), pay_fen=552)
        self.with_slip(consignment.PrintSettlement, asked, given(552))
        self.with_slip(sales.PrintSaleSlip, sales.SellGoods(lines=(line,)), taken(800))
        self.ask(consignment.DisputeLot(lot=lot, person=person, reason="price_wrong"))

    def take_a_bill(self) -> None:
        bill = bills.TakeBill(biller="POWER", account_no="0000000017", amount_fen=5_000)
        identity = self.with_slip(bills.PrintBillSlip, bill, taken(5_050))
        self.ask(bills.AskBillCancellation(bill=identity))

    # --- Money -----------------------------------------------------------------------------------

    def put_money_right(self, person: str) -> None:
        owed = Tender(way="account", amount_fen=900, person=person)
        self._paid_for(TakePayment(due_fen=900, tenders=(owed,)))
        repaid = accounts.RepayAccount(person=person, amount_fen=900)
        self.with_slip(accounts.PrintAccountSlip, repaid, taken(900))
        payment = self._paid_for(taken(1_000))
        right = (Tender(way="wechat", amount_fen=1_000, reference="42"),)
        slip = cash.PrintCorrection
        self.with_slip(slip, cash.CorrectPayment(payment=payment, tenders=right))
        (line,) = payment_records.settled_lines(self.pc.connection, payment)
        amount = cash.CorrectAmount(payment=payment, line=line, right_fen=1_100)
        self.with_slip(slip, amount, taken(100))
        note = Tender(way="cash", amount_fen=5_000)
        payment = self._paid_for(TakePayment(due_fen=1_000, tenders=(note,)))
        self.with_slip(slip, cash.CorrectChange(payment=payment, difference_fen=-500))

    def _paid_for(self, payment: TakePayment) -> str:
        """Hand another parcel over against this payment; return the identity of the payment."""
        parcel = self.shelved(cod_fen=payment.due_fen)
        self.ask(parcels.HandOverParcels(parcels=(parcel,), paid_fen=payment.due_fen), payment)
        return next(one.identity for one in self.told if isinstance(one.body, PaymentTaken))

    def clear(self) -> None:
        waiting = clearing_records.payable(self.pc.connection, "ZTO")
        fen = sum(piece.fen for piece in waiting)
        pieces = tuple(piece.fact for piece in waiting)
        courier = self.ask(clearing.PayCourier(courier="ZTO", pieces=pieces), given(fen))
        self.ask(clearing.ReturnCourierPayment(payment=courier), taken(fen))
        portion = Portion(purse="", owner="", amount_fen=700)
        sent = clearing.SendRemittance(way="carrier", portions=(portion,), may_exceed=True)
        remittance = self.ask(sent, given(700))
        self.ask(clearing.AskRemittanceBack(remittance=remittance, remark="没带走"))
        came = clearing.ReceiveCountyMoney(number="L001", way="carrier", amount_fen=3_000)
        money = self.ask(came, taken(3_000))
        self.ask(clearing.ReturnCountyMoney(money=money), given(3_000))


def taken(fen: int) -> TakePayment:
    return TakePayment(due_fen=fen, tenders=(Tender(way="cash", amount_fen=fen),))


def given(fen: int) -> GivePayment:
    tenders = (Tender(way="cash", amount_fen=fen),)
    return GivePayment(due_fen=fen, tenders=tenders, remark="说好的")


@pytest.fixture
def pc(tmp_path: Path) -> Iterator[Pc]:
    _, (who, *_) = beginning()
    world, dice = VillageClock(MORNING_MS + 60_000), random.Random(1)

    def no_county() -> Any:
        raise AssertionError("the line was used")

    made = Pc(
        who.place,
        Signer(who.seed),
        who.county,
        world,
        dice,
        tmp_path / "beside",
        Disk(who.files),
        Line(no_county, dice),
        WrongClock(world),
    )
    made.start()
    yield made
    made.stop()


def named_whole_on_paper(pc: Pc) -> list[str]:
    """Return which villagers' names, phones and numbers stand whole on any paper of the day."""
    papers = [str(row[0]) for row in pc.connection.execute("SELECT document FROM print_jobs")]
    assert len(papers) > 60
    assert any("曾*兰" in paper for paper in papers), "papers do speak of people"
    rows = pc.connection.execute(
        "SELECT f.kind, p.part FROM privates p JOIN facts f ON f.identity = p.identity "
        "WHERE f.kind != 'operator.registered'"
    )
    found = []
    for kind, part in rows:
        words = json.loads(bytes(part))
        whole = {words[field] for field in WHO & words.keys()} - {""}
        found += [f"{kind}: {who}" for who in whole for paper in papers if who in paper]
    return found


def test_every_verb_is_granted_before_the_first_sync(pc: Pc) -> None:
    morning = FirstMorning(pc)
    morning.sign_in()
    morning.move_house()
    person = morning.know_people()
    morning.open_the_books(person)
    morning.work_the_drawer()
    handed_over = morning.hand_parcels_over(person)
    morning.mend_what_went_wrong(handed_over)
    morning.close_a_case()
    morning.order(person)
    lot = morning.take_produce_in(person)
    morning.vouch(person, lot)
    morning.sell(person, lot)
    morning.call_back(person, lot)
    morning.take_a_bill()
    morning.ask_for_numbers()
    morning.fetch_produce()
    morning.put_money_right(person)
    morning.clear()
    morning.end_the_day()
    assert verbs() - set(pc.granted) == set(ANSWERS_TO)
    assert pc.open.session.author.stream not in pc.port.marks(), "nothing of it was ever sent"
    assert named_whole_on_paper(pc) == [], "and no paper names anybody whole"
