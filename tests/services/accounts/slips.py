"""The slips of money that is owed or was put right, each for both widths of paper.

    python -m tests.services.accounts.slips

draws the pictures beside this file anew. Look at them before keeping them.
"""

from collections.abc import Callable
from pathlib import Path

from station_app.printing.document import Receipt
from station_app.printing.tops import Paid
from station_app.resources_dir import load_texts
from station_app.services.accounts import documents
from station_app.services.accounts.documents import PaidOut, Repaid, Settled, Top
from station_app.services.cash.correction_slip import CorrectionSlip, Way, correction_slip
from tests.printing.drawing import RECEIPTS, draw

FOLDER = Path(__file__).with_name("golden")
TEXTS = load_texts()
ACT = "7F3AKQZ2ODICB5B6"
TOP = Top(
    act=ACT,
    station="柳荫洼村电商服务站",
    number="17-K7",
    when="2026年11月25日 09:42",
    operator="李示芳",
    name="王示兰",
    tail="6021",
)
REPAID = Repaid(
    top=TOP,
    owed_fen=12_000,
    amount_fen=5_000,
    paid=Paid(tenders=(("wechat", 2_000), ("cash", 5_000)), change_fen=2_000),
)
PAID_OUT = PaidOut(
    top=TOP,
    what="代购订单",
    number="12-K7",
    amount_fen=12_750,
    paid=Paid(tenders=(("cash", 12_750),)),
    slip_taken=True,
)
SETTLED = Settled(top=TOP, purse="代购订单", amount_fen=12_750, how="owed")
RIGHT = CorrectionSlip(
    act=ACT,
    corrected="QRSTUVWXYZ234567",
    station="柳荫洼村电商服务站",
    number="18-K7",
    at="2026年11月26日 08:10",
    operator="李*芳",
    paid_at="2026年11月25日 16:02",
    was=(Way(way="cash", amount_fen=12_550),),
    now=(Way(way="cash", amount_fen=2_550), Way(way="wechat", amount_fen=10_000)),
)
RIGHT_AMOUNT = CorrectionSlip(
    act=ACT,
    corrected="QRSTUVWXYZ234567",
    station="柳荫洼村电商服务站",
    number="19-K7",
    at="2026年11月26日 08:12",
    operator="李*芳",
    paid_at="2026年11月25日 16:02",
    line=("代收货款 中通", 26_800, 28_600),
    moved_fen=1_800,
    moved_by=(Way(way="cash", amount_fen=1_800),),
)
SLIPS: dict[str, Callable[[int], Receipt]] = {
    "repaid": lambda width: documents.repaid_slip(REPAID, TEXTS, width),
    "paid_out": lambda width: documents.paid_out_slip(PAID_OUT, TEXTS, width),
    "settled": lambda width: documents.settled_slip(SETTLED, TEXTS, width),
    "right_way": lambda width: correction_slip(RIGHT, TEXTS, width),
    "right_amount": lambda width: correction_slip(RIGHT_AMOUNT, TEXTS, width),
}


def main() -> None:
    """Draw all of them."""
    homes = RECEIPTS.items()
    draw(FOLDER, {f"{n}_{w}": (made(w), home) for n, made in SLIPS.items() for w, home in homes})


if __name__ == "__main__":
    main()
