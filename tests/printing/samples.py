"""Samples of the papers whose pages come later: each service's documents with invented words.

Names, numbers and amounts are those of the drawings, so that a paper can be laid beside them.
"""

from dataclasses import replace
from typing import Any

from station_app.printing.document import Label, Receipt
from station_app.printing.tops import Paid, Top
from station_app.resources_dir import load_texts
from station_app.services.bills import documents as bills
from station_app.services.consignment import documents as produce
from station_app.services.consignment import given_back_papers as given_back
from station_app.services.consignment import labels
from station_app.services.consignment import manifest_papers as to_hub
from station_app.services.consignment import notice_papers as stopped
from station_app.services.parcels import lists, tags
from station_app.services.parcels.load_facts import LoadedGoods
from station_app.services.purchasing import documents as orders
from station_app.services.quality import documents as quality
from station_app.services.sending import documents as sending

TEXTS = load_texts()
ACT = "ABCDEFGH234567QR"
SLIP_CODE = "VR" + ACT + "C"
TRACE_DIGITS = "41132506012611230075"
TRACE = "https://t.example/t/" + TRACE_DIGITS
WAYBILL = "NX0601261123000017"
BAG_PAYLOAD = "KLMNOPQRSTUVWXYZ"
FACT = "7f3a91c20d44a5b6" + "0" * 48
AT = 1_795_397_760_000  # 2026-11-23 09:36 in Shanghai


NOBODY = ("", "", "")


def top(number: str, whose: tuple[str, str, str] = NOBODY, *, minutes: int = 0) -> Top:
    """Return the top of a slip; without a number it is the paper of no act."""
    name, tail, group = whose
    return Top(
        station="柳荫洼村站",
        address="赤眉镇柳荫洼村  站号 NX0601  电话 0377-0000 0000",
        act=ACT if number else "",
        number=number,
        day="2026-11-23",
        at=AT + minutes * 60_000,
        operator="李示芳",
        name=name,
        tail=tail,
        group=group,
        check=FACT if number else "",
    )


BUYER = ("陈示林", "1001", "")
GROWER = ("曾例兰", "1006", "第3村民小组")

TAKEN = bills.TakenSlip(
    top=top("44-K7", BUYER, minutes=4),
    biller="居民电费",
    account_no="411300000017",
    amount_fen=10_000,
    paid=Paid(tenders=(("cash", 10_000),)),
    answer_by="11月26日 18:00",
)
BILL_PAID = bills.PaidSlip(
    top=top("58-K7", BUYER),
    biller="居民电费",
    account_no="411300000017",
    amount_fen=10_000,
    receipt="2026112400381",
    paid_day="11月24日",
    taken="44-K7",
)
ITEMS = (
    orders.Item(what="洗衣粉 2.5 公斤", pieces=1, price_fen=2_190, how="邮政渠道，约 4 天到"),
    orders.Item(what="棉被 2.5 公斤", pieces=1, price_fen=9_900, how="淘宝渠道，约 5 天到"),
)
ORDERED = orders.OrderSlip(
    top=top("36-K7", BUYER),
    items=ITEMS,
    fee_fen=0,
    prepaid_fen=3_700,
    paid=Paid(tenders=(("cash", 4_000),), change_fen=300),
)
FETCHED = orders.FetchedSlip(
    top=top("61-K7", BUYER),
    order="36-K7",
    items=ITEMS,
    fee_fen=300,
    prepaid_fen=3_700,
    prepaid="11月18日",
    balance_fen=8_690,
    paid=Paid(tenders=(("wechat", 8_690),)),
    return_until="11月30日",
)
RETURNED = orders.ReturnedSlip(
    top=top("63-K7", BUYER),
    order="36-K7",
    items=ITEMS[1:],
    reason="被面开线",
    now_fen=3_000,
    later_fen=6_900,
    paid=Paid(tenders=(("cash", 3_000),)),
    found="东西在站里看过了，包装、配件都在",
)
BACK_LABEL = orders.return_label(
    orders.ReturnTag(
        act="ABCDEFGH23456722",
        order="36-K7",
        what="棉被 2.5 公斤 ×1",
        reason="有破损",
        day="11月23日 收下",
        piece=1,
        pieces=2,
        name=BUYER[0],
        tail="尾号 1004",
    ),
    TEXTS,
)
WEIGHED = produce.Weighed(
    gross_grams=13_260,
    tare_grams=800,
    deducted_grams=120,
    tare_words="2 个筐",
    frames=(
        produce.Frame(time="09:28:11", line="ST,GS,+0013.260kg", check="5C"),
        produce.Frame(time="09:28:12", line="ST,GS,+0013.260kg", check="5C"),
    ),
    scale="0231",
    proof=FACT,
)
ACCEPTED = produce.IntakeSlip(
    top=top("28-K7", GROWER, minutes=-8),
    is_bought=False,
    produce="板栗",
    grade="一级",
    harvested="采收 11月22日",
    weighed=WEIGHED,
    price_fen=1_300,
    unit="公斤",
    commission_bp=800,
    least_fen=14_759,
    balance_fen=23_640,
    lot="LG-261123-007",
    remarks=("合格证 农户自愿不开", "最近用药 10月2日 过安全期", "2 件，标签 2 张"),
    trace=TRACE_DIGITS,
    address=TRACE,
)
BOUGHT = produce.IntakeSlip(
    top=top("29-K7", GROWER),
    is_bought=True,
    produce="土鸡蛋",
    grade="",
    harvested="当天",
    weighed=None,
    quantity="60 枚",
    price_fen=110,
    unit="枚",
    commission_bp=0,
    least_fen=6_600,
    owed_fen=1_600,
    balance_fen=23_640,
    paid=Paid(tenders=(("cash", 5_000),)),
    lot="LG-261123-008",
    remarks=("1 件，标签 1 张",),
    trace=TRACE_DIGITS,
    address=TRACE,
)
SETTLED = produce.SettlementSlip(
    top=top("51-K7", GROWER),
    sold=(
        produce.SoldLine(what="板栗 一级", quantity="17.85 公斤", amount_fen=16_422),
        produce.SoldLine(what="土鸡蛋", quantity="60 枚", amount_fen=6_600),
        produce.SoldLine(what="干香菇 厚菇", quantity="3.50 公斤", amount_fen=23_800),
    ),
    deductions=(("佣金 8 %", -3_746), ("合同补差", 600), ("上次退货扣回", -1_800)),
    paid_fen=41_876,
    paid=Paid(tenders=(("cash", 41_876),)),
    on_sale=(("红薯粉条", "5.80 公斤"),),
    open_fen=5_880,
    next_day="12月10日（逢十）",
)
STATEMENT = produce.Statement(
    top=top("", GROWER),
    lots=(
        ("板栗 一级  11月23日", "收 12.34 公斤  卖 8.20 公斤  剩 4.14 公斤"),
        ("红薯粉条  11月20日", "收 5.80 公斤  卖 0 公斤  剩 5.80 公斤"),
    ),
    balance_fen=16_540,
    next_day="12月10日（逢十）",
)
SEASON = produce.SeasonStatement(
    top=top("", GROWER),
    season="2026 年",
    members=(
        produce.Member(
            name=GROWER[0],
            lots=(("板栗 一级  11月23日", "收 12.34 公斤  卖 8.20 公斤  剩 4.14 公斤"),),
            received_fen=46_200,
            kept_fen=5_880,
        ),
        produce.Member(
            name="潘小河",
            lots=(("土鸡蛋  10月9日", "收 410 枚  卖 410 枚  剩 0 枚"),),
            received_fen=45_100,
            kept_fen=0,
        ),
    ),
)
TO_HUB = to_hub.Manifest(
    top=replace(top("31-K7"), number=""),
    lots=(
        to_hub.SentLot(
            what="板栗 一级",
            quantity="18.60 公斤",
            number="0601-261123-004",
            packages=2,
            promise="合格证 有",
            grams=18_600,
        ),
        to_hub.SentLot(
            what="土鸡蛋",
            quantity="120 枚",
            number="0601-261123-005",
            packages=1,
            promise="",
            grams=0,
        ),
    ),
)
GIVEN_BACK = given_back.GivenBack(
    top=replace(top("31-K7", GROWER), number=""),
    what="猕猴桃 一级",
    quantity="2.500 公斤",
    jin="合 5 斤",
    lot="0601-261123-004",
    others=("杨*才",),
    bearer="grower",
    cost_fen=1_850,
)
NOTICE = stopped.Notice(
    top=replace(top("31-K7"), number=""),
    name="板栗 一级",
    lot="0601-261118-004",
    why="抽检农残超标",
    sold=("11月21日", "11月22日"),
    slips=("NO.18-K7", "NO.27-K7", "NO.31-K7"),
    address=TRACE,
)
CERTIFICATE = quality.Certificate(
    produce="板栗",
    quantity="12.34 公斤",
    place="内乡县赤眉镇柳荫洼村",
    day="2026年11月23日",
    producer="",
    contact="0377-0000 0000",
    wording=quality.usual_wording("producer", TEXTS),
    bases=("own_promise",),
    number="NX0601-H-2611230007",
    address=TRACE,
)
LOT = labels.LotSticker(
    produce="猕猴桃",
    grade="一级",
    quantity="净重 6.23 公斤",
    price="￥10.80/公斤",
    village="柳沟村",
    grower="刘示山",
    harvested="采收 2026年11月22日",
    proofs="绿色食品 有证",
    lot="LG-261123-007",
    address=TRACE,
    station="柳沟村站",
    packages=2,
)
SENT = sending.SendingLabel(
    waybill=WAYBILL,
    carrier="县域共同配送",
    product="标准件  现付",
    route="郑 3-102 A08",
    receiver=sending.Party(
        name="林样红",
        phone="15400001059",
        address="河南省 郑州市 示例区 样例路 8 号院 2 栋（驿站代收前先问）",
    ),
    sender=sending.Party(
        name="陈示林", phone="15400001001", address="内乡县 赤眉镇 柳荫洼村站 代收寄"
    ),
    contents="板栗（干货）",
    pieces=1,
    insured="不保价",
    grams=2_360,
    price_fen=1_200,
    operator="李示芳",
    station="NX0601",
    day="2026-11-23",
    at=AT + 16 * 60_000,
)
SENDING_SLIP = sending.SendingSlip(
    top=top("47-K7", BUYER, minutes=16),
    carrier="县域共同配送",
    waybill=WAYBILL,
    receiver="林样红",
    place="河南 郑州",
    zone="省内",
    contents="板栗（干货）",
    grams=2_360,
    price_fen=1_200,
    paid=Paid(tenders=(("cash", 1_500),), change_fen=300),
    document="居民身份证 尾号 204X",
)


def _waiting(name: str, tail: str, pieces: int, days: int, **more: Any) -> lists.Waiting:
    waiting = lists.Waiting(name=name, tail=tail, pieces=pieces, days=days)
    return replace(waiting, **more)


HAMLETS = (
    lists.Hamlet(
        name="第 2 小组",
        waiting=(_waiting("谢示玲", "1002", 2, 0), _waiting("卢例成", "1017", 1, 3)),
    ),
    lists.Hamlet(
        name="第 3 小组",
        waiting=(
            _waiting("沈样娥", "1004", 1, 0),
            _waiting("曾例兰", "1006", 3, 1),
            _waiting("邱示林", "1038", 1, 6),
        ),
    ),
    lists.Hamlet(
        name="第 5 小组",
        waiting=(
            _waiting("王样明", "1011", 2, 0),
            _waiting("田例田", "1010", 1, 0),
            _waiting("董示旺", "1030", 1, 2),
        ),
    ),
    lists.Hamlet(
        name="第 6 小组",
        waiting=(_waiting("陈示林", "1001", 1, 0), _waiting("严样凤", "1003", 2, 4)),
    ),
)
RUN = (
    lists.Hamlet(
        name="第 2 小组",
        waiting=(
            _waiting("谢示玲", "1002", 2, 0, code="B-2-08  B-2-09", cod_fen=8_600),
            _waiting("卢例成", "1017", 1, 3, code="C-1-11"),
        ),
    ),
)
CALLS = tuple(
    lists.Hamlet(
        name=hamlet.name,
        waiting=tuple(
            lists.Waiting(name=w.name, tail=w.tail, pieces=w.pieces, days=w.days, how="电话 2 次")
            for w in hamlet.waiting
        ),
    )
    for hamlet in HAMLETS[:2]
)
OVERDUE = (
    _waiting("邱示林", "1038", 1, 6, code="B-2-03", how="明天退"),
    _waiting("严样凤", "1003", 2, 8, code="C-1-07", how="该退"),
)
ROUND = lists.Manifest(
    top=top("71-K7"),
    kind="in",
    other="共同配送 赤眉 2 号车",
    pieces=(
        *(lists.Piece(waybill=f"7836441029{n}", courier="中通") for n in range(1755, 1761)),
        lists.Piece(waybill="7836441029180002", courier="极兔", state="missing"),
        lists.Piece(waybill="YT8821700000311", courier="圆通", state="extra"),
    ),
    announced=7,
    bag="NXB0611230004",
    seal="88213",
    seal_words="袋口扎带断过，口子敞着",
    cod_fen=28_600,
)
RETURNS = lists.Manifest(
    top=top("72-K7"),
    kind="returns",
    other="中通 王师傅",
    pieces=(
        lists.Piece(waybill="78364410291801", courier="中通"),
        lists.Piece(waybill="78364410291802", courier="中通"),
    ),
)
VAN = replace(
    RETURNS,
    kind="van",
    goods=(
        LoadedGoods(
            dispatch="", code="B-0007", name="薄壳核桃（干）", quantity=60_000, unit="gram",
            packages=3,
        ),
    ),
    bags=("XC-0001", "NXB0611230004"),
)  # fmt: skip
VILLAGE_LOAD = replace(
    RETURNS, kind="village", village="碧水河村站", bag="NXB0611230009", seal="0077", other="任*福"
)
BAG = tags.BagTag(
    payload=BAG_PAYLOAD,
    village="柳荫洼",
    number="3",
    pieces=22,
    words="11月23日 赤眉镇转运站发",
)

SAMPLE_RECEIPTS: dict[str, Receipt] = {
    "bill_taken": bills.taken_slip(TAKEN, TEXTS),
    "bill_paid": bills.paid_slip(BILL_PAID, TEXTS),
    "order": orders.order_slip(ORDERED, TEXTS),
    "order_fetched": orders.fetched_slip(FETCHED, TEXTS),
    "order_returned": orders.returned_slip(RETURNED, TEXTS),
    "produce_accepted": produce.intake_slip(ACCEPTED, TEXTS),
    "produce_bought": produce.intake_slip(BOUGHT, TEXTS),
    "settlement": produce.settlement_slip(SETTLED, TEXTS),
    "grower_statement": produce.statement(STATEMENT, TEXTS),
    "grower_season": produce.season(SEASON, TEXTS),
    "produce_to_hub": to_hub.manifest(TO_HUB, TEXTS),
    "produce_given_back": given_back.given_back_slip(GIVEN_BACK, TEXTS),
    "stopped_notice": stopped.notice(NOTICE, TEXTS),
    "certificate": quality.certificate(CERTIFICATE, TEXTS),
    "board": lists.board(("柳荫洼村站", "11月23日 上午", "每天 8:00–18:30"), HAMLETS, TEXTS),
    "call_list": lists.call_list(top(""), CALLS, TEXTS),
    "overdue_list": lists.overdue_list(top(""), OVERDUE, TEXTS),
    "delivery_run": lists.delivery_run(top("73-K7"), "任例福", RUN, TEXTS),
    "manifest_in": lists.manifest(ROUND, TEXTS),
    "manifest_returns": lists.manifest(RETURNS, TEXTS),
    "manifest_van": lists.manifest(VAN, TEXTS),
    "manifest_village": lists.manifest(VILLAGE_LOAD, TEXTS),
    "bag": lists.bag_slip(RETURNS, BAG_PAYLOAD, TEXTS),
    "sending_slip": sending.sending_slip(SENDING_SLIP, TEXTS),
}
SAMPLE_LABELS: dict[str, Label] = {
    "lot": labels.lot_label(LOT, TEXTS),
    "small_lot": labels.lot_label(LOT, TEXTS, "40x30"),
    "sending": sending.sending_label(SENT, TEXTS),
    "order_back": BACK_LABEL,
    **({"small_order_back": BACK_LABEL.smaller} if BACK_LABEL.smaller else {}),
    "shelf_tag": tags.shelf_tag("B-2", "柳荫洼村站", TEXTS),
    "bag_tag": tags.bag_tag(BAG, TEXTS),
}
