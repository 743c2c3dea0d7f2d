"""The slips of a sale and of a return, each for both widths of paper.

    python -m tests.services.sales.slips

draws the pictures beside this file anew. Look at them before keeping them.
"""

from collections.abc import Callable
from pathlib import Path

from station_app.printing.document import Receipt
from station_app.resources_dir import load_texts
from station_app.services.sales.documents import (
    BackOnSlip,
    PaidSo,
    ReturnSlip,
    SaleSlip,
    SlipTop,
    SoldOnSlip,
    return_slip,
    sale_slip,
)
from tests.printing.drawing import RECEIPTS, draw

FOLDER = Path(__file__).with_name("golden")
TEXTS = load_texts()
ACT = "7F3AKQZ2ODICB5B6"
TOP = SlipTop(
    act=ACT,
    station="柳荫洼村电商服务站",
    number="17-K7",
    when="2026年11月25日 09:42",
    operator="李示芳",
)
SOLD = SaleSlip(
    top=TOP,
    lines=(
        SoldOnSlip(
            name="猕猴桃 一级", unit="gram", word="", quantity=1_860, price_fen=1_080,
            amount_fen=2_009, typed=True,
        ),
        SoldOnSlip(
            name="土鸡蛋", unit="piece", word="枚", quantity=20, price_fen=130, amount_fen=2_600,
            discount_fen=100, reason="碰伤了",
        ),
        SoldOnSlip(
            name="东北大米(示例)", unit="piece", word="袋", quantity=2, price_fen=3_290,
            amount_fen=6_580,
        ),
    ),
    paid=PaidSo(tenders=(("wechat", 5_000), ("cash", 10_000)), change_fen=3_920, round_off_fen=9),
)  # fmt: skip
BACK = ReturnSlip(
    top=TOP,
    of="12-K7",
    reason="质量不好",
    lines=(
        BackOnSlip(
            name="猕猴桃 一级", unit="gram", word="", quantity=500, paid_fen=540, into="spoiled"
        ),
        BackOnSlip(
            name="东北大米(示例)", unit="piece", word="袋", quantity=1, paid_fen=3_290, into="shelf"
        ),
    ),
    paid=PaidSo(tenders=(("cash", 3_830),)),
)
SLIPS: dict[str, Callable[[int], Receipt]] = {
    "sale": lambda width: sale_slip(SOLD, TEXTS, width),
    "sale_back": lambda width: return_slip(BACK, TEXTS, width),
}


def main() -> None:
    """Draw all of them."""
    homes = RECEIPTS.items()
    draw(FOLDER, {f"{n}_{w}": (made(w), home) for n, made in SLIPS.items() for w, home in homes})


if __name__ == "__main__":
    main()
