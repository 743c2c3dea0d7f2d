"""Pages as the drawings show them, put together from the shell's own widgets and sample words.

They do nothing; they are looked at, measured and photographed (see test_pictures.py).
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.offers import Figures, Line, Offer, PageOffer
from station_app.shell.page import Action, Page
from station_app.shell.widgets.boxes import TailBoxes
from station_app.shell.widgets.cards import (
    Amount,
    BigCode,
    PersonCard,
    PersonChoice,
    ReceiptPreview,
)
from station_app.shell.widgets.cells import ChipText, Column, Icon, Link, Pill, Row, Text, Tick
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Banner, EmptyState, Panel, StatTile
from station_app.shell.widgets.pills import Chip, StatusPill
from station_app.shell.widgets.strip import StatusItem
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import IconLabel, Words, hint, rule

STATUS = (
    StatusItem("line", "已同步 09:41"),
    StatusItem("receipt", "小票机 正常"),
    StatusItem("label", "标签机 正常"),
    StatusItem("drawer", "钱箱 关好"),
    StatusItem("scale", "秤 归零"),
)
OFFLINE = (
    StatusItem("line", "断网 3 小时 12 分・可照常办・47 笔待传", "offline"),
    StatusItem("receipt", "小票纸快完", "warn"),
    *STATUS[2:],
)


def nothing() -> None:
    """Do nothing."""


def label_image() -> QImage:
    """A label in dots, as the paper room would give it."""
    image = QImage(480, 320, QImage.Format.Format_Mono)
    image.fill(1)
    painter = QPainter(image)
    painter.setFont(theme.font(92, bold=True))
    painter.drawText(24, 100, "B-2-08")
    painter.fillRect(24, 124, 432, 3, Qt.GlobalColor.black)
    painter.setFont(theme.font(52, bold=True))
    painter.drawText(24, 190, "王*兰")
    painter.setFont(theme.font(44, bold=True))
    painter.drawText(250, 188, "尾号 6021")
    for number in range(0, 330, 7):
        painter.fillRect(72 + number, 206, 2 + number % 3, 62, Qt.GlobalColor.black)
    painter.setFont(theme.font(26))
    painter.drawText(130, 300, "7836 4410 2917 55")
    painter.end()
    return image


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
        row.addWidget(hint("今天 38 笔 ・ 查全部", ink="pressed"))
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
                        "交件・王秀兰 3 件",
                        Text("收 ¥125.50", bold=True),
                        Link("撤销", "undo", framed=True),
                    ),
                ),
                Row(
                    "2",
                    (
                        Text("09:36", 15, ink="ink2"),
                        Icon("cart"),
                        "代购下单・张建国 洗衣粉等 2 样",
                        Text("预付款 ¥30.00", bold=True),
                        None,
                    ),
                ),
                Row(
                    "3",
                    (
                        Text("09:28", 15, ink="ink2"),
                        Icon("leaf"),
                        "收货・刘长山 猕猴桃 12.46 公斤",
                        None,
                        None,
                    ),
                ),
                Row(
                    "4",
                    (
                        Text("09:15", 15, ink="ink2"),
                        Icon("intake"),
                        "入库 18 件・中通 9  韵达 6  极兔 3",
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


class IntakePage(Page):
    """入库, as in drawings 02 and 30."""

    def __init__(self, counter: Counter) -> None:
        super().__init__(counter, "toys.intake")
        left = QVBoxLayout()
        left.setSpacing(16)
        self._work = self._work_panel()
        left.addWidget(self._work)
        left.addWidget(self._list_panel(), 1)
        self._side = self._side_panel()
        self._side.setFixedWidth(404)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addWidget(self._side)

    def _work_panel(self) -> Panel:
        panel = Panel("active", margins=(24, 16, 24, 20), spacing=8)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(Chip("中通"))
        head.addWidget(Words("7836 4410 2917 55", theme.HEADING_LARGE, bold=True).elided(), 1)
        head.addWidget(StatusPill("认出快递公司", "ok"))
        panel.body.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(2)
        grid.addWidget(hint("收件人手机尾号"), 0, 0)
        grid.addWidget(hint("是这位乡亲吧"), 0, 1)
        self.tail = TailBoxes("收件人手机尾号")
        self.tail.set_text("6021")
        person = PersonChoice()
        person.show_person("王秀兰", "柳沟村三组・已有 2 件在架")
        grid.addWidget(self.tail, 1, 0)
        grid.addWidget(person, 1, 1)
        grid.setColumnStretch(1, 1)
        panel.body.addLayout(grid)
        return panel

    def _list_panel(self) -> Panel:
        panel = Panel(margins=(0, 12, 0, 8), spacing=2)
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 16, 0)
        head.addWidget(Words("这一趟已入库 17 件", theme.STRONG, bold=True))
        head.addStretch(1)
        head.addWidget(hint("中通 9   韵达 6   极兔 2"))
        panel.body.addLayout(head)
        table = ListTable(
            (
                Column("ok", 44),
                Column("code", 96),
                Column("waybill", 250),
                Column("who", 84),
                Column("tail"),
                Column("state", 150, "right"),
                Column("at", 66, "right"),
            ),
            name="这一趟已入库",
            row_height=53,
        )
        rows = []
        for number, (code, courier, waybill, who, tail) in enumerate(
            (
                ("B-2-07", "中通", "7836 4410 2917 31", "赵根喜", "3308"),
                ("A-1-12", "韵达", "4603 7715 0086 4", "张建国", "7719"),
                ("A-1-11", "韵达", "4603 7714 9920 1", "没对上人", "0452"),
                ("C-1-03", "极兔", "JT30 2298 1187 6", "刘长山", "1256"),
                ("B-2-06", "中通", "7836 4410 2916 88", "陈玉梅", "5540"),
            )
        ):
            is_lost = who == "没对上人"
            state = (
                Link("补名字") if is_lost else Pill("代收 ¥86.00", "money") if number == 3 else None
            )
            rows.append(
                Row(
                    code,
                    (
                        Icon("warn" if is_lost else "ok", ink="warn" if is_lost else "pressed"),
                        Text(code, theme.STRONG, bold=True),
                        ChipText(courier, waybill),
                        Text(who, bold=True),
                        Text(f"尾号 {tail}", ink="ink2"),
                        state,
                        Text("09:41", 15, ink="ink2"),
                    ),
                )
            )
        table.show_rows(rows)
        panel.body.addWidget(table, 1)
        return panel

    def _side_panel(self) -> Panel:
        panel = Panel(margins=(20, 14, 20, 14), spacing=6)
        head = QHBoxLayout()
        head.addWidget(hint("上架位置"))
        head.addStretch(1)
        head.addWidget(KeyButton("换位置", "F10", kind="ghost", height=theme.INLINE_HEIGHT))
        panel.body.addLayout(head)
        panel.body.addWidget(BigCode("B-2-08", "B 架 2 层，第 8 件"))
        panel.body.addWidget(rule())
        panel.body.addWidget(hint("标签 60 × 40 毫米"))
        preview = ReceiptPreview("标签样子")
        preview.show_image(label_image())
        panel.body.addWidget(preview, 1)
        said = QHBoxLayout()
        said.addWidget(IconLabel("speaker", "ink2"))
        said.addWidget(hint("读作：B 架 二层 8 号"))
        said.addStretch(1)
        panel.body.addLayout(said)
        return panel

    def on_compact(self, is_compact: bool) -> None:
        self._side.setFixedWidth(330 if is_compact else 404)
        margins = (18, 8, 18, 10) if is_compact else (24, 16, 24, 20)
        self._work.body.setContentsMargins(*margins)

    def first_focus(self) -> QWidget:
        return self.tail

    def action_bar(self) -> Sequence[Action]:
        return (
            Action("撤销上一件", "Ctrl+Z", nothing, icon="undo"),
            Action("没有手机号", "Ctrl+N", nothing),
            Action("收工，看汇总", "Esc", nothing),
            Action("打标签，扫下一件", "Enter", nothing, kind="primary"),
        )


class HandoverPage(Page):
    """取件, as in drawings 03 and 03b."""

    def __init__(self, counter: Counter) -> None:
        super().__init__(counter, "toys.handover")
        left = QVBoxLayout()
        left.setSpacing(12)
        card = PersonCard()
        card.show_person("王秀兰", "柳沟村三组・手机 138****6021")
        card.pill.show_state("实名已登记", "ok")
        card.pill.show()
        card.add_button(KeyButton("换人", "Ctrl+P", kind="ghost", height=theme.WORD_HEIGHT))
        left.addWidget(card)
        self.alert = Banner(
            "拿错了：这件是赵根喜的（B-2-07）",
            "stop",
            small="放回 B 架 2 层，再拿 B-2-08。没记账，不用撤销。",
        )
        self.alert.add_button("知道了", "Enter", self.alert.hide)
        self.alert.hide()
        left.addWidget(self.alert)
        left.addWidget(self._list(), 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(left, 1)
        side = self._side()
        side.setFixedWidth(420)
        row.addWidget(side)
        self.is_ready = True

    def _list(self) -> Panel:
        panel = Panel(margins=(0, 12, 0, 8), spacing=6)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 0)
        head.addWidget(Words("3 件都扫过了", theme.STRONG, bold=True))
        head.addStretch(1)
        head.addWidget(hint("逐件扫，防拿错"))
        panel.body.addLayout(head)
        panel.body.addWidget(rule())
        table = ListTable(
            (
                Column("tick", 60),
                Column("code", 110),
                Column("waybill"),
                Column("due", 140, "right"),
                Column("state", 96, "right"),
            ),
            name="在架的件",
            row_height=76,
        )
        table.show_rows(
            [
                Row(
                    "1",
                    (
                        Tick(True),
                        Text("B-2-03", 24, bold=True, small="放了 2 天"),
                        ChipText("韵达", "4603 7714 8821 7"),
                        None,
                        Text("扫过了", bold=True, ink="pressed"),
                    ),
                ),
                Row(
                    "2",
                    (
                        Tick(True),
                        Text("C-1-09", 24, bold=True, small="货到付款"),
                        ChipText("极兔", "JT30 2298 1180 2"),
                        Pill("代收 ¥86.00", "money"),
                        Text("扫过了", bold=True, ink="pressed"),
                    ),
                ),
                Row(
                    "3",
                    (
                        Tick(False),
                        Text("B-2-08", 24, bold=True, small="今天刚到"),
                        ChipText("中通", "7836 4410 2917 55"),
                        None,
                        Text("还没扫", bold=True, ink="warn"),
                    ),
                    tone="warn",
                ),
            ]
        )
        panel.body.addWidget(table, 1)
        return panel

    def _side(self) -> Panel:
        panel = Panel(margins=(24, 16, 24, 20), spacing=6)
        panel.body.addWidget(Words("要收", theme.STRONG, bold=True))
        panel.body.addWidget(Amount("代收货款 1 件", "¥86.00", theme.BODY))
        panel.body.addWidget(Amount("代购尾款", "¥39.50", theme.BODY))
        panel.body.addWidget(rule())
        panel.body.addWidget(Amount("合计", "¥125.50"))
        panel.body.addWidget(hint("怎么付"))
        pay = ChoiceRow(
            (Choice("cash", "现金", "cash"), Choice("scan", "扫码付"), Choice("owe", "记账"))
        )
        pay.set_value("cash")
        panel.body.addWidget(pay)
        panel.body.addWidget(hint("谁来取"))
        who = ChoiceRow((Choice("self", "本人", "person"), Choice("other", "家人代取")), first=4)
        who.set_value("self")
        panel.body.addWidget(who)
        panel.body.addWidget(hint("怎么确认"))
        check = ChoiceRow(
            (Choice("tail", "报对尾号", "ok"), Choice("sign", "屏上签名", "pencil")), first=6
        )
        check.set_value("tail")
        panel.body.addWidget(check)
        panel.body.addStretch(1)
        self.pay = pay
        return panel

    def action_bar(self) -> Sequence[Action]:
        return (
            Action("退回快递", "Ctrl+R", nothing, icon="arrow-left"),
            Action("这件先不取", "Del", nothing),
            Action(
                "收 ¥125.50，交 3 件",
                "Enter",
                nothing,
                kind="primary",
                is_enabled=self.is_ready,
                reason="还差 1 件没扫",
            ),
        )


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
