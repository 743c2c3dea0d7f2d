"""Every paper of the product, as data: what the tests, the pictures and the table are made of.

Names, numbers and amounts are invented.
"""

from station_app.overview.operator_card import operator_card
from station_app.overview.recovery_sheet import recovery_sheet
from station_app.printing.document import (
    Bars,
    Beside,
    Block,
    Code128,
    Label,
    Line,
    Note,
    Qr,
    QrCode,
    Receipt,
    Rule,
    Total,
    clean,
    money,
)
from station_app.printing.forms import (
    SlipFoot,
    SlipHead,
    TrialWords,
    parcel_label,
    slip,
    trial_label,
    trial_slip,
)
from station_app.printing.tops import Paid
from station_app.services.opening import documents as opening
from station_app.services.parcels import documents as parcels
from station_app.shell.wall_sheet import wall_sheet
from tests.printing.samples import SAMPLE_LABELS, SAMPLE_RECEIPTS, TEXTS
from tests.printing.samples_asked import ASKED_RECEIPTS
from tests.services.accounts.slips import SLIPS as ACCOUNT_SLIPS
from tests.services.cash.golden import slips as drawer_slips
from tests.services.clearing.slips import SLIPS as CLEARING_SLIPS
from tests.services.sales.slips import SLIPS as SALE_SLIPS

SLIP_CODE = "VR7F3A91C20D44A5B6C7"
ACT = "7F3AKQZ2ODICB5B6"

PARCEL = parcel_label(
    code="B-2-08",
    courier="中通",
    arrived="11-23 到",
    name="王*兰",
    tail="尾号 6021",
    barcode="78364410291755",
)
SMALL_PARCEL = parcel_label(
    code="B-2-08",
    courier="中通",
    arrived="11-23 到",
    name="王*兰",
    tail="尾号 6021",
    barcode="78364410291755",
    size="40x30",
)

PICKUP = slip(
    SlipHead(
        station="柳沟村站",
        address="马山口镇柳沟村  电话 0377-6533 0000",
        heading="取件 / 代购尾款",
        number="NO.1123-0042",
        meta=("11-23 09:41  当班 李桂芳  客户 王*兰 尾号6021",),
    ),
    (
        Line("B-2-03 韵达 …8821 7", "免费", bold=True),
        Line("C-1-09 极兔 …1180 2", money(8600), bold=True),
        Note("代收货款", indent=28),
        Line("B-2-08 中通 …2917 55", "免费", bold=True),
        Line("代购 DG-1123-6021", money(6950), bold=True),
        Note("洗衣粉 ×1  棉拖鞋 ×1", indent=28),
        Line("已付预付款", money(-3000), bold=True, indent=12),
        Note("11-18", indent=28),
        Rule("solid"),
        Total("合计收", money(12550)),
        Line("现金收", money(13000)),
        Line("找零", money(450)),
    ),
    SlipFoot(
        notes=("包裹 3 件已当面点清", "退换货请 7 天内带小票来", "本单已存本机，待传县里"),
        leads=True,
        qr=SLIP_CODE,
        signatures=("签字：",),
        closing="校验 7f3a 91c2  顾客联",
    ),
)


HAND_OVER = parcels.HandOverSlip(
    act=ACT,
    station="柳荫洼村站",
    number="42-K7",
    day="2026-11-23",
    at=1_795_397_760_000,
    operator="李示芳",
    receiver=parcels.Receiving(name="王示兰", tail="6021"),
    taken_by="on_behalf",
    check="signature",
    collector="王例明",
    relation="儿子",
    lines=(
        parcels.SlipLine(code="B-2-03", courier="韵达", waybill="4312088217"),
        parcels.SlipLine(
            code="C-1-09", courier="极兔", waybill="JT0011802", cod_fen=8_600, freight_fen=1_200
        ),
    ),
    paid=Paid(tenders=(("cash", 10_000),), change_fen=200),
)
_HEAD = opening.Paperhead(
    station="柳荫洼村站",
    number="3-K7",
    day="2026-11-23",
    at=1_795_397_760_000,
    operator="李示芳",
    act=ACT,
)
_SIGNED = opening.Signed(kind="manager")
OPENING_SLIPS = {
    "opening_line": opening.line_slip(
        opening.LineSlip(
            head=_HEAD,
            purse="owed_grower",
            amount_fen=23_640,
            owner="曾例兰",
            tail="1006",
            is_person=True,
            remark="上季板栗",
            signed=_SIGNED,
        ),
        TEXTS,
    ),
    "opening_lot": opening.lot_slip(
        opening.LotSlip(
            head=_HEAD,
            produce="板栗 一级",
            quantity="25 斤 / 12.500 kg",
            is_own=False,
            cost_fen=0,
            owner="曾例兰",
            tail="1006",
            signed=opening.Signed(kind="alone", reason="站长去县里开会"),
        ),
        TEXTS,
    ),
    "opening_summary": opening.summary(
        opening.Summary(
            head=_HEAD,
            sums=(("drawer", 1, 30_000), ("owed_grower", 2, 23_640), ("person_owes", 3, 9_800)),
            people=140,
            parcels=60,
            lots=12,
            signed=_SIGNED,
        ),
        TEXTS,
    ),
}
_TRIAL: TrialWords = {
    "title": TEXTS.say("printing.test_page.title"),
    "lines": (TEXTS.say("printing.test_page.line"), TEXTS.say("printing.test_page.names")),
    "code": "VP0123456789",
}
RAIL = {"F2": "入库", "F3": "取件", "F4": "代购", "F5": "代销", "F6": "收银", "F8": "日结"}
LETTER = "https://county.example/k/" + "7F3AKQZ2ODICB5B6" * 6

RECEIPTS: dict[str, Receipt] = {
    "pickup": PICKUP,
    "hand_over": parcels.hand_over_slip(HAND_OVER, TEXTS),
    **{f"drawer_{name}": paper for name, paper in drawer_slips().items()},
    **{name: made(576) for name, made in ACCOUNT_SLIPS.items()},
    **{name: made(576) for name, made in SALE_SLIPS.items()},
    **OPENING_SLIPS,
    "operator_card": operator_card(TEXTS, "赤眉镇·柳荫洼村站", "李示芳", "7f3a" * 16),
    "recovery": recovery_sheet(TEXTS, "柳荫洼村站", "D1", LETTER),
    "wall_sheet": wall_sheet(RAIL, TEXTS),
    "trial_slip": trial_slip(**_TRIAL),
    **SAMPLE_RECEIPTS,
    **ASKED_RECEIPTS,
    **CLEARING_SLIPS,
}
LABELS: dict[str, Label] = {
    "parcel": PARCEL,
    "small_parcel": SMALL_PARCEL,
    "trial_label": trial_label(480, 320, **_TRIAL),
    **SAMPLE_LABELS,
}
PAPERS: dict[str, Receipt | Label] = {**RECEIPTS, **LABELS}
PREPAYMENT, BOARD = RECEIPTS["order"], RECEIPTS["board"]
Z_REPORT, SENDING = RECEIPTS["drawer_z"], LABELS["sending"]
FOR_OTHER_GOLDEN = (*(f"drawer_{name}" for name in drawer_slips()), *ACCOUNT_SLIPS, *SALE_SLIPS)


def codes_on(document: Receipt | Label) -> set[str]:
    """Return what a scanner must read on a paper: what its author put into codes."""
    if isinstance(document, Label):
        drawn = [e for e in document.elements if isinstance(e, Code128 | QrCode)]
        return {clean(element.text) for element in drawn}
    return {text for block in document.blocks for text in _codes_of(block)}


def _codes_of(block: Block) -> set[str]:
    if isinstance(block, Qr | Bars):
        return {clean(block.text)}
    if isinstance(block, Beside):
        inner = {text for one in block.blocks for text in _codes_of(one)}
        return inner | {clean(block.code.text)}
    return set()


CODES: dict[str, set[str]] = {name: codes_on(paper) for name, paper in PAPERS.items()}
