"""The papers of clearing as data, for the golden pictures and the tests of both widths.

Names, numbers and amounts are invented.
"""

from station_app.printing.document import Receipt
from station_app.resources_dir import load_texts
from station_app.services.clearing import comparison
from station_app.services.clearing.comparison import Row
from station_app.services.clearing.documents import (
    Paperhead,
    answer_slip,
    courier_slip,
    remittance_slip,
)
from station_app.services.clearing.facts import AcceptedCharge, Portion
from station_app.services.clearing.rules import Piece
from station_app.services.clearing.statements import Statement
from station_app.services.clearing.states import CourierPayment, Remittance
from station_app.values.codes import SLIP, identity_payload, make_code

TEXTS = load_texts()
IDENTITY = "7f3a91c20d44a5b6c7d8" + "0" * 44
CODE = make_code(SLIP, identity_payload(IDENTITY))
COUNTY = "Liabilities:County"
GROWER = "Liabilities:Held:Grower:TKNJUWVTIQ2TMNRX:County"


def head(number: str = "12-K7") -> Paperhead:
    return Paperhead(
        station="柳荫洼村电商服务站",
        address="赤眉镇  站号 NX0601",
        number=number,
        at=1_795_564_800_000,
        day="2026-11-25",
        operator="李示芳",
        identity=IDENTITY,
    )


def remitted() -> Receipt:
    state = Remittance(
        status="on_the_way",
        sent=IDENTITY,
        number=12,
        way="carrier",
        amount_fen=2_248_050,
        portions=(Portion(purse="", owner="", amount_fen=2_214_400),),
        carrier="任例福",
    )
    orders = [("31-K7", 7_200), ("32-K7", 12_850), ("36-K7", 13_600)]
    return remittance_slip(head(), state, orders, TEXTS)


def paid(count: int = 9) -> Receipt:
    pieces = [
        (
            f"7836441029{1000 + n}" if n % 4 else "",
            Piece(fact=f"{n:064x}", cod_fen=8_600 + n * 1_234, freight_fen=n % 2 * 1_200),
        )
        for n in range(count)
    ]
    cod = sum(piece.cod_fen for _, piece in pieces)
    freight = sum(piece.freight_fen for _, piece in pieces)
    state = CourierPayment(
        paid=IDENTITY,
        courier="ZTO",
        number=4,
        cod_fen=cod,
        freight_fen=freight,
        fee_fen=900,
        fine_fen=2_000,
        to_pay_fen=cod + freight - 900 + 2_000,
        runner="王示明",
    )
    return courier_slip(head("4-K7"), state, "中通快递", pieces, TEXTS)


def row(state: str, theirs: int, ours: int, account: str = COUNTY, other: str = "") -> Row:
    return Row(
        state=state,
        fact=IDENTITY,
        kind="remittance.sent",
        account=account,
        theirs_fen=theirs,
        other_account=other or account,
        ours_fen=ours,
    )


DIFFERENCES = (
    row(comparison.AMOUNT, 12_600, 12_650),
    row(comparison.ACCOUNT, 18_000, 18_000, GROWER, COUNTY),
    row(comparison.MISSING, 0, 9_900),
    row(comparison.UNKNOWN, 123_456_789, 0),
    Row(
        state=comparison.CLOSING,
        account=COUNTY,
        theirs_fen=-8_400,
        other_account=COUNTY,
        ours_fen=-8_350,
    ),
    Row(state=comparison.COUNT, kind="lines"),
)


def answered() -> Receipt:
    state = Statement(
        status="differs",
        issued=IDENTITY,
        month="2026-11",
        equal=118,
        waiting=3,
        differences=len(DIFFERENCES),
        accepted=(
            AcceptedCharge(number=1, account="Income:Subsidy", amount_fen=20_000),
            AcceptedCharge(number=2, account="Expenses:Charges", amount_fen=-1_500),
        ),
        declined=(3,),
    )
    return answer_slip(head(""), state, DIFFERENCES, TEXTS)


def sent_back() -> Receipt:
    state = Statement(status="refused", issued=IDENTITY, month="2026-11", reason="another_station")
    return answer_slip(head(""), state, (), TEXTS)


SLIPS = {
    "remittance": remitted(),
    "courier_payment": paid(),
    "statement_answer": answered(),
    "statement_sent_back": sent_back(),
}
