"""The drawer's slips, dot by dot, on both widths: what they look like on every machine.

    python -m tests.services.cash.golden

draws them anew. Look at them before keeping them.
"""

from pathlib import Path

from station_app.printing.document import Receipt
from station_app.services.cash import documents
from station_app.services.cash.facts import Count
from station_app.services.cash.handover import HandOver
from station_app.services.cash.voucher_slips import HandingSlip, hand_over_slip, voucher_slip
from station_app.services.cash.vouchers import Voucher
from tests.printing.drawing import RECEIPTS, draw
from tests.services.cash.sample_sheet import NAMES, sheet
from tests.services.cash.till import MORNING_MS, TEXTS

FOLDER = Path(__file__).with_name("golden")
STREAM = "NX0601/D1/00112233aabbccdd"
ACT = "ABCDEFGHIJKLMN23"

VOUCHER = Voucher(
    direction="out",
    device="D1",
    shift="5e" * 32,
    day="2026-11-25",
    number=12,
    place="drawer",
    reason="bank",
    amount_fen=150_000,
    by="op",
    at=MORNING_MS,
    act=ACT,
    stream=STREAM,
    remark="存到信用社，存单在盒子里",
    alone=1,
    alone_reason="站长去县里开会",
)
HAND_OVER = HandingSlip(
    hand_over=HandOver(
        fact="5e" * 32,
        number=3,
        by="op",
        taken_over_by="other",
        at=MORNING_MS,
        counted_fen=58_300,
        difference_fen=-300,
        alone=0,
        remark="找零多给了三块",
    ),
    day="2026-11-25",
    act=ACT,
    stream=STREAM,
    counts=(Count(10_000, 5), Count(2_000, 4), Count(100, 3)),
    expected_fen=58_600,
    not_mine_fen=28_600,
    giver="李示芳",
    taker="王小兰",
)


def slips() -> dict[str, Receipt]:
    """Return every slip that is kept as a picture, by name."""
    return {
        "z": documents.z_slip(sheet(), NAMES, TEXTS),
        "x": documents.x_slip(sheet(), NAMES, TEXTS),
        "voucher": voucher_slip(VOUCHER, NAMES, "", TEXTS),
        "hand_over": hand_over_slip(HAND_OVER, NAMES, TEXTS),
    }


def main() -> None:
    """Draw all of them."""
    wanted = {
        f"{name}_{width}": (slip, home)
        for name, slip in slips().items()
        for width, home in RECEIPTS.items()
    }
    draw(FOLDER, wanted)


if __name__ == "__main__":
    main()
