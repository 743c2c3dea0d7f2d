"""Bodies whose fields depend on each other, for tests that want one fact of every kind."""

import typing
from typing import Any

import msgspec

from station_app.journal.fact import Body
from station_app.journal.kinds import (
    ActEnd,
    ActReversed,
    BranchAccepted,
    BranchAcceptedByActs,
    BranchFound,
    BranchRefused,
    CaseClosed,
    DeviceKeyOffered,
    DeviceRevoked,
    ErasureWatched,
    PaymentsReleased,
    PrivateErased,
    ReversedLine,
    StreamEnd,
)
from station_app.ledger.posting import CNY
from station_app.services.accounts.facts import DebitSettled
from station_app.services.cash.facts import (
    CashPutIn,
    CashTakenOut,
    PaymentTaken,
    PlaceCompared,
    Tender,
)
from station_app.services.clearing.facts import AcceptedCharge, StatementAnswered
from station_app.services.consignment.facts import (
    Cost,
    GrowerAmount,
    LotCountySaleReturned,
    LotPacked,
    LotPart,
    LotProcessed,
    LotProcessingUndone,
    LotSoldByCounty,
    LotSoldByOrder,
    LotUnpacked,
)
from station_app.services.opening.facts import OpeningCorrected, OpeningEntered
from station_app.services.parcels.facts import EndingTakenBack
from station_app.services.purchasing.facts import OrderPickedUp
from station_app.services.sales.facts import GrowerShare, ReturnedShare, SaleMade, SaleReturned

DAY = "2026-11-25"
IDENTITY = "5e" * 32
ACT = "ABCDEFGHIJKLMN23"
BRANCHED = "NX0699/D7/fedcba9876543210"  # of no PC that any test enrols

SAMPLES: dict[type[Body], Body] = {
    ActReversed: ActReversed(
        act=ACT,
        lines=(ReversedLine("Assets:WeChat", CNY, -5), ReversedLine("Income:Sales", CNY, 5)),
        day=DAY,
    ),
    ErasureWatched: ErasureWatched(day=DAY),
    PrivateErased: PrivateErased(persons=(IDENTITY,), day=DAY),
    CaseClosed: CaseClosed(case="parcel.shelved_twice", members=(), verdict="one", day=DAY),
    DeviceRevoked: DeviceRevoked(
        station="NX0699",
        device="D7",
        reason="stolen",
        ends=(StreamEnd("NX0699/D7/0123456789abcdef", 12, IDENTITY),),
        day=DAY,
    ),
    PaymentsReleased: PaymentsReleased(station="NX0699", county_epoch=2, day=DAY),
    DeviceKeyOffered: DeviceKeyOffered(device="D7", public_key="ab" * 32, proof="cd" * 64, day=DAY),
    BranchFound: BranchFound(stream=BRANCHED, seq=5, hash=IDENTITY, day=DAY),
    BranchAccepted: BranchAccepted(stream=BRANCHED, to=9, hash=IDENTITY, day=DAY),
    BranchAcceptedByActs: BranchAcceptedByActs(
        stream=BRANCHED, to=9, hash=IDENTITY, acts=(ActEnd(seq=7, hash=IDENTITY),), day=DAY
    ),
    BranchRefused: BranchRefused(stream=BRANCHED, to=11, hash=IDENTITY, day=DAY),
    EndingTakenBack: EndingTakenBack(
        ending=IDENTITY,
        left_by="handed_over",
        courier="ZTO",
        cod_fen=500,
        freight_fen=70,
        stands="6f" * 32,
        status="returned",
        closed_day=DAY,
        stands_slip=0,
        day=DAY,
    ),
    CashPutIn: CashPutIn(
        number=7, place="drawer", reason="safe", amount_fen=500, shift=IDENTITY, day=DAY
    ),
    CashTakenOut: CashTakenOut(
        number=7,
        place="wechat",
        reason="petty",
        amount_fen=500,
        confirmed_by=IDENTITY,
        alone=1,
        shift=IDENTITY,
        day=DAY,
    ),
    PlaceCompared: PlaceCompared(
        place="bank",
        shown_fen=500,
        expected_fen=700,
        difference_fen=-200,
        booked=1,
        shift=IDENTITY,
        day=DAY,
    ),
    StatementAnswered: StatementAnswered(
        result="agreed",
        reason="",
        equal=3,
        waiting=0,
        differences=0,
        accepted=(
            AcceptedCharge(number=1, account="Income:Subsidy", amount_fen=20_000),
            AcceptedCharge(number=2, account="Expenses:Charges", amount_fen=-1_500),
        ),
        declined=(),
        day=DAY,
    ),
    OpeningEntered: OpeningEntered(
        purse="owed_grower",
        person=IDENTITY,
        courier="",
        device="",
        amount_fen=7,
        witness="party",
        witness_by="",
        slip=7,
        day=DAY,
    ),
    OpeningCorrected: OpeningCorrected(
        purse="cod",
        person=IDENTITY,
        courier="ZTO",
        device="",
        was_fen=9,
        is_fen=7,
        witness="alone",
        witness_by="",
        slip=7,
        day=DAY,
    ),
    PaymentTaken: PaymentTaken(
        due_fen=1_205,
        tenders=(
            Tender(way="cash", amount_fen=1_000),
            Tender(way="wechat", amount_fen=300, reference="42"),
            Tender(way="account", amount_fen=100, person=IDENTITY),
        ),
        change_fen=200,
        round_off_fen=5,
        shift=IDENTITY,
        day=DAY,
    ),
    DebitSettled: DebitSettled(
        account="Liabilities:Held:COD:ZTO:Here",
        amount_fen=7,
        how="owed",
        person=IDENTITY,
        slip=7,
        day=DAY,
    ),
    OrderPickedUp: OrderPickedUp(
        balance_fen=300,
        goods_fen=9_000,
        fee_fen=300,
        from_here_fen=10_300,
        from_county_fen=100,
        taken_by="on_behalf",
        check="known",
        slip=7,
        day=DAY,
    ),
    LotSoldByCounty: LotSoldByCounty(
        answers=IDENTITY,
        ownership="consigned",
        quantity=1_000,
        gross_fen=1_000,
        costs=(Cost(name="freight", amount_fen=60),),
        station_commission_fen=30,
        county_commission_fen=50,
        amounts=(GrowerAmount(person=IDENTITY, amount_fen=860),),
        cost_fen=0,
        day=DAY,
    ),
    LotCountySaleReturned: LotCountySaleReturned(
        answers=IDENTITY,
        ownership="consigned",
        quantity=500,
        into="hub",
        reason="quality",
        gross_fen=500,
        station_commission_fen=15,
        county_commission_fen=25,
        amounts=(GrowerAmount(person=IDENTITY, amount_fen=430),),
        top_ups=(GrowerAmount(person=IDENTITY, amount_fen=70),),
        came_down=(GrowerAmount(person=IDENTITY, amount_fen=300),),
        own_fen=0,
        cost_fen=0,
        day=DAY,
    ),
    LotSoldByOrder: LotSoldByOrder(
        answers=IDENTITY,
        ownership="consigned",
        quantity=1_000,
        gross_fen=1_000,
        costs=(Cost(name="freight", amount_fen=60),),
        station_commission_fen=30,
        county_commission_fen=50,
        amounts=(GrowerAmount(person=IDENTITY, amount_fen=860),),
        cost_fen=0,
        day=DAY,
        shop="淘宝店",
        order="261123000118",
    ),
    SaleMade: SaleMade(
        ownership="consigned",
        lot=IDENTITY,
        product="",
        unit="gram",
        quantity=1_000,
        price_fen=900,
        amount_fen=900,
        discount_fen=40,
        reason="bruised",
        consent="",
        round_off_fen=0,
        shares=(
            GrowerShare(
                person=IDENTITY,
                quantity=1_000,
                amount_fen=900,
                commission_bp=800,
                guaranteed_fen=1_000,
                is_net=0,
            ),
        ),
        slip=7,
        day=DAY,
    ),
    # What is drawn of it at its cost goes into the lot packed in the same act: here nothing is.
    LotProcessed: LotProcessed(step="sort", used=500, drawn_fen=0, lost=20, day=DAY),
    LotUnpacked: LotUnpacked(quantity=500, cost_fen=0, day=DAY),
    LotProcessingUndone: LotProcessingUndone(
        answers=IDENTITY, used=500, drawn_fen=0, lost=20, day=DAY
    ),
    LotPacked: LotPacked(
        code="ZTO",
        produce="10018",
        grade="ZTO",
        unit="gram",
        ownership="consigned",
        quantity=500,
        packages=2,
        step="sort",
        parts=(LotPart(lot=IDENTITY, quantity=500),),
        shares=(),
        cost_fen=0,
        day=DAY,
    ),
    SaleReturned: SaleReturned(
        ownership="consigned",
        quantity=500,
        amount_fen=450,
        discount_fen=20,
        round_off_fen=1,
        reason="bruised",
        shares=(
            ReturnedShare(
                person=IDENTITY, quantity=500, amount_fen=450, commission_fen=36, top_up_fen=50
            ),
        ),
        slip=8,
        day=DAY,
    ),
}

# Words that a field of a body stands for; any other text is a code.
BY_NAME = {
    "day": DAY,
    "here_since": DAY,
    "person": IDENTITY,
    "shift": IDENTITY,
    "identity": IDENTITY,
    "way": "wechat",
}
BY_NAME |= {"document": ACT, "owner": ACT, "purse": "Grower"}
BY_NAME |= {"account": "Equity:Float", "commodity": CNY, "act": ACT, "public_key": IDENTITY}


def sample(body: type[Body]) -> Body:
    """Return a body of this class with something in every field."""
    return SAMPLES.get(body) or typing.cast(Body, filled(body))


def filled(struct: type[msgspec.Struct]) -> msgspec.Struct:
    hints = typing.get_type_hints(struct)
    return struct(
        **{
            field.name: value_for(field.name, hints[field.name])
            for field in msgspec.structs.fields(struct)
        }
    )


def value_for(name: str, kind: Any) -> Any:
    if kind is int:
        return 7
    if kind is str:
        return BY_NAME.get(name, "ZTO")
    if typing.get_origin(kind) is tuple:
        inner = typing.get_args(kind)[0]
        return (value_for(name, inner),)
    assert isinstance(kind, type), f"no sample for {name}: {kind}"
    return filled(kind)
