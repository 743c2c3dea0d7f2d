"""The papers of the tests: those of docs/DESIGN.md §11 and the pictures beside it, as data.

Names, numbers and amounts are invented.
"""

from station_app.printing.document import (
    Bars,
    Beside,
    Box,
    Check,
    Code128,
    Column,
    Fill,
    Frame,
    Gap,
    Heading,
    Inverse,
    Label,
    Line,
    Note,
    Qr,
    QrCode,
    Receipt,
    Rule,
    SignBoxes,
    Table,
    Text,
    Title,
    Total,
    money,
)
from station_app.printing.forms import SlipFoot, SlipHead, parcel_label, slip
from tests.services.clearing.slips import CODE as CLEARING_CODE
from tests.services.clearing.slips import SLIPS as CLEARING_SLIPS

SLIP_CODE = "VR7F3A91C20D44A5B6C7"
TRACE = "https://t.example/41132506012611230075"

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


def _amounts(*rows: tuple[str, int]) -> tuple[Line, ...]:
    return tuple(Line(words, money(fen), size=26, indent=6) for words, fen in rows)


Z_REPORT = slip(
    SlipHead(
        station="柳荫洼村站",
        address="赤眉镇  站号 NX0601",
        heading="日结单 第 128 号",
        meta=("2026-11-23 18:10  李示芳",),
    ),
    (
        Line("不是自己的钱", money(168210), bold=True),
        *_amounts(
            ("代收货款 极兔", 28600),
            ("代收货款 中通", 23600),
            ("代购预付款", 41150),
            ("缴费预收", 24000),
            ("农户货款", 50860),
        ),
        Line("自己的钱", money(45240), bold=True),
        *_amounts(("备用金", 30000), ("站里收入", 16440), ("短款", -1200)),
        Rule("solid"),
        Line("账上应有", money(214650), size=30, bold=True),
        Line("实点现金", money(213450), size=30, bold=True),
        Inverse("短 ￥12.00  原因 09:36 找零"),
        Line("入库 / 交出", "18 / 31 件", size=26),
        Line("代销 收 / 卖", "2 批 / ￥603.76", size=26),
        Line("撤销 / 冲红", "2 / 1 笔", size=26),
        Rule(),
        Line("今天办了", "85 笔", size=24),
        Line("流水号", "12081–12165", size=24),
        Line("校验", "7f3a 91c2 0d44", size=24),
    ),
    SlipFoot(signatures=("交班：", "接班："), qr=SLIP_CODE, closing="断号无效  补打会写「补打」"),
    384,
)

PREPAYMENT = slip(
    SlipHead(
        station="柳荫洼村站",
        address="赤眉镇柳荫洼村  站号 NX0601  电话 0377-0000 0000",
        heading="代购预付款收据",
        number="NO.1123-0036",
        meta=("2026-11-23 09:36  当班 李示芳", "乡亲 陈*林  尾号 1001  取货人 本人"),
    ),
    (
        Line("洗衣粉 2.5 公斤 ×1", money(2190), bold=True),
        Note("邮政渠道，约 4 天到", indent=28),
        Line("棉被 2.5 公斤 ×1", money(9900), bold=True),
        Note("淘宝渠道，约 5 天到", indent=28),
        Line("代办费", money(0)),
        Rule("thin"),
        Line("货款合计", money(12090), bold=True),
        Rule("solid"),
        Total("今天收预付款", money(3700)),
        Line("现金收", money(4000)),
        Line("找零", money(300)),
        Line("到货再付（以实价为准）", money(8390), bold=True),
    ),
    SlipFoot(
        notes=(
            "这是预付款，不是定金。",
            "县里没买到、涨价您不同意，全额退。买成了从货款里抵。",
            "取货后七天内能退，带本条来。",
        ),
        qr=SLIP_CODE,
        signatures=("签字：",),
        closing="顾客联  校验 7f3a 91c2  投诉 12315",
    ),
)

_BOARD_COLUMNS = (
    Column(28, size=36, bold=True),
    Column(36, size=30),
    Column(18, "right", size=30, bold=True),
    Column(22, "right", size=28),
)
BOARD = Receipt(
    (
        Inverse("有包裹，请来取", size=56),
        Note("柳荫洼村站  2026-11-23 上午  每天 8:00–18:30", align="centre"),
        Rule("thin"),
        Line("第 2 小组", "3 件", size=32, bold=True),
        Table(
            _BOARD_COLUMNS,
            (("谢*玲", "尾号 **02", "2 件", "今天到"), ("卢*成", "尾号 **17", "1 件", "放 3 天")),
        ),
        Rule("thin"),
        Line("第 3 小组", "5 件", size=32, bold=True),
        Table(
            _BOARD_COLUMNS,
            (("沈*娥", "尾号 **04", "1 件", "今天到"), ("曾*兰", "尾号 **06", "3 件", "放 1 天")),
        ),
        Rule("solid"),
        Note(
            "只写半个名字、尾号后两位，不写取件码和货。来时报全四位。家人代取带证件。"
            "放满 7 天退回。",
            size=26,
        ),
    )
)

CERTIFICATE = Receipt(
    (
        Title("承诺达标合格证"),
        Rule("solid"),
        Note("我承诺对生产销售的食用农产品：", bold=True),
        Check("不使用禁用农药兽药、停用兽药和非法添加物", ticked=True),
        Check("委托检测"),
        Heading("板栗", "12.34 公斤"),
        Beside((Line("产地", "赤眉镇柳荫洼村"), Note("生产者（签名或盖章）")), Qr(TRACE, module=4)),
        SignBoxes(("签字", "手印")),
        Gap(),
        Bars("NX0601H2611230007"),
        Qr("VE-ABCDEFG", caption="扫一扫查来源"),
    )
)

LOT = Label(
    480,
    320,
    (
        Text(Box(20, 16, 240, 68), "板栗", 56, bold=True),
        Text(Box(190, 24, 96, 44), "一级", 30, bold=True, align="centre", inverse=True),
        Text(Box(20, 90, 270, 40), "净重 2.50 公斤", 34, bold=True),
        Text(Box(20, 134, 270, 40), money(6500), 34, bold=True),
        Text(Box(20, 186, 270, 30), "曾*兰  柳荫洼 3 组", 26),
        Text(Box(20, 220, 270, 30), "采收 11-22  绿色食品", 26),
        Text(Box(20, 270, 270, 30), "LG-261123-007", 24, bold=True),
        QrCode(Box(310, 60, 150, 150), TRACE, 5),
        Text(Box(310, 226, 150, 30), "扫码查来源", 24, align="centre"),
    ),
    mark=Box(340, 270, 120, 30),
)

SENDING = Label(
    800,
    1200,
    (
        Frame(Box(8, 8, 784, 1184), 3),
        Text(Box(24, 20, 480, 60), "县域共同配送", 44, bold=True),
        Text(Box(520, 24, 256, 52), "标准件  现付", 32, align="right"),
        Fill(Box(8, 92, 784, 3)),
        Text(Box(24, 110, 752, 120), "郑 3-102 A08", 104, bold=True, align="centre"),
        Fill(Box(8, 244, 784, 3)),
        Code128(Box(40, 268, 720, 120), "NX06012611230017", 3),
        Text(Box(40, 396, 720, 40), "NX06 0126 1123 0017", 34, bold=True, align="centre"),
        Text(Box(24, 460, 64, 64), "收", 44, bold=True, align="centre", inverse=True),
        Text(Box(104, 462, 660, 60), "林*红  154****1059", 44, bold=True),
        Text(Box(104, 530, 660, 44), "河南省 郑州市 示例区", 34),
        QrCode(Box(40, 900, 180, 180), "NX06012611230017", 5),
        Frame(Box(560, 900, 200, 120), 2),
        Text(Box(570, 910, 180, 50), "已验视", 36, bold=True, align="centre"),
    ),
    mark=Box(640, 1130, 140, 40),
)

RECEIPTS: dict[str, Receipt] = {
    "pickup": PICKUP,
    "z_report": Z_REPORT,
    "prepayment": PREPAYMENT,
    "board": BOARD,
    "certificate": CERTIFICATE,
    **CLEARING_SLIPS,
}
LABELS: dict[str, Label] = {
    "parcel": PARCEL,
    "small_parcel": SMALL_PARCEL,
    "lot": LOT,
    "sending": SENDING,
}
PAPERS: dict[str, Receipt | Label] = {**RECEIPTS, **LABELS}
CODES: dict[str, set[str]] = {
    "pickup": {SLIP_CODE},
    "z_report": {SLIP_CODE},
    "prepayment": {SLIP_CODE},
    "board": set(),
    "certificate": {TRACE, "NX0601H2611230007", "VE-ABCDEFG"},
    "parcel": {"78364410291755"},
    "small_parcel": {"78364410291755"},
    "lot": {TRACE},
    "sending": {"NX06012611230017"},
    **{key: {CLEARING_CODE} for key in CLEARING_SLIPS},
}
