"""A sheet with everything on it that an X or Z slip can show, as values made by hand."""

from station_app.ledger.balances import Books, Standing
from station_app.ledger.posting import CNY
from station_app.services.cash.figures import Names
from station_app.services.cash.rules import Shift
from station_app.services.cash.sheet import Compared, Movements, Seen, Sheet
from tests.services.cash.till import MORNING_MS

KEY = "ABCDEFGHIJKLMN23"
FULL = (
    ("Assets:Drawer:D1", 213_450),
    ("Assets:Drawer:D2", -28_600),
    ("Assets:Safe", 1_000_000),
    ("Assets:WeChat", 123_456_789),
    ("Assets:Alipay", 1_205),
    ("Assets:Receivable:" + KEY, 5_000),
    ("Assets:Claim:" + KEY, 3_000),
    ("Equity:Drawings", 29_500),
    ("Equity:Float", -30_000),
    ("Expenses:OverShort", 1_200),
    ("Expenses:RoundOff", 7),
    ("Income:Fee:Parcel", -16_440),
    ("Liabilities:County", -9_000),
    (f"Liabilities:Held:Bill:{KEY}:Here", -24_000),
    ("Liabilities:Held:COD:JTSD:Here", -28_600),
    ("Liabilities:Held:COD:ZTO:Here", -124_623_600),
    ("Liabilities:Held:Freight:ZTO:Here", -1_207),
    (f"Liabilities:Held:Grower:{KEY}:Here", 2_978),
    (f"Liabilities:Held:Prepayment:{KEY}:Here", -41_150),
    ("Liabilities:Held:Sending:ZTO:Here", -1_200),
    ("Liabilities:RefundDue:" + KEY, -1_000),
)


def sheet(accounts: tuple[tuple[str, int], ...] = FULL) -> Sheet:
    state = Shift(
        device="D1",
        day="2026-11-24",
        opened_by="op",
        opened_at=MORNING_MS,
        float_fen=30_000,
        closings=("c",),
        closed_by="op",
        closed_at=MORNING_MS,
        number=12_345,
        counted_fen=213_450,
        expected_fen=214_650,
        difference_fen=-1_200,
        remark="09:36 找零多给了王家的，第二天去要回来，先记在这里",
        booked_late=1,
    )
    return Sheet(
        shift="5e" * 32,
        state=state,
        at=MORNING_MS,
        operator="op",
        books=Books(tuple(Standing(name, CNY, amount) for name, amount in sorted(accounts))),
        movements=Movements(
            acts=85,
            reversals=2,
            cash_in=231,
            cash_in_fen=177_726,
            cash_out=2,
            cash_out_fen=43_076,
            put_in=1,
            put_in_fen=50_000,
            taken_out=3,
            taken_out_fen=123_450,
            opened=1,
            alone=2,
            shelved=118,
            handed_over=131,
            returned=2,
            sold=14,
            sold_fen=60_376,
            taken_back=1,
            taken_back_fen=3_290,
            corrected=1,
            ordered=4,
            arrived=6,
            lots=2,
            consigned_fen=52_076,
            growers_paid=2,
            growers_paid_fen=41_876,
        ),
        first=112_081,
        last=112_165,
        tail="7f3a91c20d44" + "0" * 52,
        stream="NX0601/D1/00112233aabbccdd",
        compared=(
            Compared("wechat", 123_400_000, -56_789, 0, ""),
            Compared("bank", 0, 0, 0, ""),
        ),
        seen=(Seen("D2", MORNING_MS - 60_000), Seen("D3", MORNING_MS - 86_400_000)),
    )


NAMES = Names(
    station="柳荫洼村电商服务站",
    address="赤眉镇  站号 NX0601",
    operator="李示芳",
    couriers={"JTSD": "极兔", "ZTO": "中通"},
)
