"""Samples of the papers that no act brings with it: a page prints them when somebody asks."""

from station_app.overview.check_slip import check_slip
from station_app.overview.examination import PrinterSign, ScaleSign, Signs
from station_app.printing.document import Receipt
from station_app.services.bills import documents as bills
from station_app.services.farm_pickups import documents as pickups
from station_app.services.handing_on import documents as handing_on
from station_app.services.purchasing import documents as orders
from station_app.services.quality import documents as quality
from station_app.values.day import DAY_MS
from tests.printing.samples import AT, TEXTS, top

BILLERS = (
    bills.BoardLine(name="居民电费", fee_fen=0, how=TEXTS.say("bills.board.how.queue")),
    bills.BoardLine(name="手机话费", fee_fen=100, how=TEXTS.say("bills.board.how.station")),
    bills.BoardLine(name="燃气费", fee_fen=0, how=TEXTS.say("bills.board.how.online_only")),
)
PLACES = (
    pickups.Place(
        name="曾例兰", tail="1006", place="第 3 组 柿树坡", produce="板栗", grams=62_500,
        remark="下午在家，路口有狗",
    ),
    pickups.Place(name="刘示山", tail="", place="第 5 组 老井边", produce="猕猴桃", grams=40_000),
)  # fmt: skip
HANDED_ON = handing_on.HandingOnSlip(
    top=top("9-K7"),
    reason=TEXTS.say("handing_on.reason.merges"),
    leaving="王示明",
    taker="碧水河村站  任*福",
    place="",
    keys=((TEXTS.say("handing_on.key.door"), 2), (TEXTS.say("handing_on.key.drawer"), 1)),
    float_fen=30_000,
    work=(("滞留的包裹", 3),),
    forwarded=4,
    remark="货架 C 的灯坏了，已报县里",
)
STORY = orders.OrderStory(
    station="柳荫洼村站",
    address="赤眉镇柳荫洼村  站号 NX0601",
    number="36-K7",
    printed=TEXTS.say("purchasing.slip.story_printed", moment="2026年11月25日 10:20"),
    items=("洗衣粉 2.5 公斤 × 1", "棉被 2.5 公斤 × 1"),
    steps=(
        ("11月23日 09:36", "柜台下单，收预付款 ￥70.00", "李示芳经手"),
        ("11月23日 15:10", "县里报价 ￥118.00", "断网 2 小时后才知道"),
        ("11月25日 09:05", "到站，放在 C-1-09", ""),
    ),
    sums=(("收过", 7_000), ("退过", 0), ("货款", 11_800)),
    name="陈示林",
)
KEPT = (
    quality.Kept(
        day="11月23日", lot="LG-261123-007", produce="猕猴桃 一级", quantity="6.230 公斤",
        whose="刘*山", promise="承诺达标合格证 HG-261123-003",
    ),
    quality.Kept(
        day="11月21日", lot="LG-261121-002", produce="板栗 二级", quantity="12.340 公斤",
        whose="曾*兰", promise="",
    ),
)  # fmt: skip
SIGNS = Signs(
    now_ms=AT,
    built_ms=AT - 30 * DAY_MS,
    facts=1_204,
    last_fact_ms=AT - 40_000,
    county_ms=AT + 3 * DAY_MS,
    backup_ms=AT - 9 * DAY_MS,
    first_fact_ms=AT - 60 * DAY_MS,
    free_bytes=900_000_000,
    printers=(PrinterSign("label", "fault", "COVER_OPEN"), PrinterSign("receipt", "ok")),
    scale=ScaleSign("steady", "2026-12-20", 27),
)

ASKED_RECEIPTS: dict[str, Receipt] = {
    "check_list": check_slip(TEXTS, SIGNS, station="柳荫洼村站", device="D1"),
    "price_board": bills.price_board(top(""), BILLERS, TEXTS),
    "pickup_run": pickups.run_list(top("7-K7"), "任例福", PLACES, TEXTS),
    "handing_on": handing_on.handing_on_slip(HANDED_ON, TEXTS),
    "order_story": orders.order_story(STORY, TEXTS),
    "inspection_list": quality.inspection_list(top(""), KEPT, TEXTS),
}
