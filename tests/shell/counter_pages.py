"""Pages as the drawings show them, put together from the shell's own widgets.

They do nothing; they are looked at, measured and photographed (see test_pictures.py).
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.offers import Figures, Line, Offer, PageOffer
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Icon, Link, Row, Text
from station_app.shell.widgets.panels import EmptyState, Panel
from station_app.shell.widgets.strip import StatusItem
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.tiles import StatTile
from station_app.shell.widgets.words import IconLabel, Words, hint
from tests.shell.sample_handover import HandoverPage
from tests.shell.sample_intake import IntakePage, nothing

STATUS = (
    StatusItem("line", "已同步 09:41"),
    StatusItem("receipt", "小票机 正常"),
    StatusItem("label", "标签机 正常"),
    StatusItem("drawer", "钱箱 关好"),
    StatusItem("scale", "秤 归零"),
)
OFFLINE = (
    StatusItem("line", "断网 3 小时 12 分·可照常办·47 笔待传", "offline"),
    StatusItem("receipt", "小票纸快完", "warn"),
    *STATUS[2:],
)


class TodayPage(Page):
    """今日."""

    def __init__(self, counter: Counter) -> None:
        super().__init__(counter, "toys.today")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        head = QHBoxLayout()
        head.addWidget(Words("早上好，示芳。扫一下就能开始。", theme.TITLE, bold=True))
        head.addStretch(1)
        drawer = Panel("box", margins=(14, 6, 14, 6), horizontal=True)
        drawer.body.addWidget(IconLabel("drawer", "ink2"))
        drawer.body.addWidget(Words("零钱够付", theme.BODY))
        head.addWidget(drawer)
        column.addLayout(head)
        tiles = QHBoxLayout()
        tiles.setSpacing(16)
        for title, icon, key, figures in (
            (
                "包裹",
                "parcel",
                "F3",
                Figures(
                    23,
                    "件待取",
                    (
                        Line("warn", "5 件放了 3 天以上", "warn"),
                        Line("cash", "2 件要代收货款 ¥186.00"),
                    ),
                ),
            ),
            (
                "代购",
                "cart",
                "F4",
                Figures(
                    6,
                    "单到货",
                    (Line("phone", "4 家已通知，2 家没接电话"), Line("cash", "待收尾款 ¥428.50")),
                ),
            ),
            (
                "代销",
                "leaf",
                "F5",
                Figures(
                    4, "批待结算", (Line("person", "涉及 3 户乡亲"), Line("cash", "应付 ¥1,326.40"))
                ),
            ),
        ):
            tile = StatTile(title, icon, key)
            tile.show_figures(figures)
            tile.pressed.connect(counter.front.go_home)
            tiles.addWidget(tile, 1)
        column.addLayout(tiles)
        below = QHBoxLayout()
        below.setSpacing(16)
        below.addWidget(self._done(), 2)
        below.addWidget(self._attention(), 1)
        column.addLayout(below, 1)

    def _done(self) -> Panel:
        panel = Panel(margins=(0, 16, 0, 8), spacing=4)
        row = QHBoxLayout()
        row.setContentsMargins(20, 0, 20, 0)
        row.addWidget(Words("刚办完的", theme.STRONG, bold=True))
        row.addStretch(1)
        row.addWidget(hint("今天 38 笔 · 查全部", ink="pressed"))
        panel.body.addLayout(row)
        table = ListTable(
            (
                Column("at", 84),
                Column("icon", 38),
                Column("what"),
                Column("sum", 140, "right"),
                Column("undo", 118, "right"),
            ),
            name="刚办完的",
            row_height=49,
        )
        table.show_rows(
            [
                Row(
                    "1",
                    (
                        Text("09:41", 15, ink="ink2"),
                        Icon("parcel"),
                        "交件·王秀兰 3 件",
                        Text("收 ¥125.50", bold=True),
                        Link("撤销", "undo", framed=True),
                    ),
                ),
                Row(
                    "2",
                    (
                        Text("09:36", 15, ink="ink2"),
                        Icon("cart"),
                        "代购下单·张建国 洗衣粉等 2 样",
                        Text("预付款 ¥30.00", bold=True),
                        None,
                    ),
                ),
                Row(
                    "3",
                    (
                        Text("09:28", 15, ink="ink2"),
                        Icon("leaf"),
                        "收货·刘长山 猕猴桃 12.46 公斤",
                        None,
                        None,
                    ),
                ),
                Row(
                    "4",
                    (
                        Text("09:15", 15, ink="ink2"),
                        Icon("intake"),
                        "入库 18 件·中通 9  韵达 6  极兔 3",
                        None,
                        None,
                    ),
                ),
            ]
        )
        panel.body.addWidget(table, 1)
        return panel

    def _attention(self) -> Panel:
        panel = Panel(margins=(0, 16, 0, 8), spacing=4)
        head = Words("要留意", theme.STRONG, bold=True)
        head.setContentsMargins(20, 0, 0, 0)
        panel.body.addWidget(head)
        table = ListTable(
            (Column("icon", 50), Column("what"), Column("go", 44, "right")),
            name="要留意",
            row_height=65,
        )
        table.show_rows(
            [
                Row(
                    "1",
                    (
                        Icon("warn", ink="warn"),
                        Text("3 件明天到期，不取要退回", bold=True, small="A-1-04  B-2-11  B-3-02"),
                        Icon("chevron-right", ink="ink2"),
                    ),
                ),
                Row(
                    "2",
                    (
                        Icon("notice", ink="notice"),
                        Text(
                            "县里通知：腊月前收干香菇", bold=True, small="收购价 一级 ¥68.00/公斤"
                        ),
                        Icon("chevron-right", ink="ink2"),
                    ),
                ),
            ]
        )
        panel.body.addWidget(table, 1)
        return panel

    def is_empty(self) -> bool:
        return True


class EmptyPage(Page):
    """An empty state, as in drawing 02b."""

    def __init__(self, counter: Counter) -> None:
        super().__init__(counter, "toys.empty")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        empty = EmptyState(
            "scan",
            "拿起扫描枪，扫第一件包裹",
            "不用点鼠标。扫完输手机后四位，按回车，标签自己出来。",
        )
        empty.add_fact("tag", "标签机 60×40 还够约 320 张")
        empty.add_fact("parcel", "下一个空位 B-2-08")
        column.addWidget(empty)

    def is_empty(self) -> bool:
        return True

    def action_bar(self) -> Sequence[Action]:
        return (
            Action("没有条码，手工录", "Ctrl+N", nothing),
            Action("回今日", "Esc", nothing),
        )


def blank(fkey: str, counter: Counter) -> Page:
    """A page with nothing on it."""
    return Page(counter, f"toys.{fkey}")


OFFER = Offer(
    pages=(
        PageOffer("toys.today", "shell.rail.today", "home", "Home", TodayPage),
        PageOffer("toys.intake", "shell.rail.intake", "intake", "F2", IntakePage),
        PageOffer("toys.handover", "shell.rail.handover", "parcel", "F3", HandoverPage),
        PageOffer("toys.empty", "shell.rail.purchasing", "cart", "F4", EmptyPage),
        *(
            PageOffer(f"toys.{fkey}", f"shell.rail.{words}", icon, fkey, partial(blank, fkey))
            for fkey, words, icon in (
                ("F5", "consignment", "leaf"),
                ("F6", "checkout", "cash"),
                ("F7", "convenience", "receipt"),
                ("F8", "day_end", "calendar"),
                ("F9", "sync", "sync"),
                ("F12", "lock", "lock"),
            )
        ),
    ),
)
