"""Every widget in every state on one sheet, as the drawing of the components has them."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.shell import theme
from station_app.shell.counter import Notice
from station_app.shell.widgets.boxes import CodeBoxes, TailBoxes
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import MoneyField, TextField
from station_app.shell.widgets.keys import KeyButton, ReasonedButton
from station_app.shell.widgets.panels import Banner, Panel, SectionTabs, StepBadge
from station_app.shell.widgets.pills import Chip, StatusPill
from station_app.shell.widgets.toasts import Toast
from station_app.shell.widgets.words import Words, hint
from station_app.values.texts import Texts


def nothing() -> None:
    """Do nothing."""


class Gallery(QWidget):
    """The sheet."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("window")
        self._texts = texts
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 20, 24, 20)
        self._column.setSpacing(10)
        self._buttons()
        self._pills()
        self._fields()
        self._toasts()
        self._banners()
        self._sizes()
        self._column.addStretch(1)

    def put_focus(self) -> None:
        """Put the focus on the button that shows the ring."""
        self.ringed.setFocus()

    def _panel(self, title: str) -> Panel:
        panel = Panel(margins=(20, 12, 20, 14))
        panel.head(title)
        self._column.addWidget(panel)
        return panel

    def _row(self, panel: Panel, *widgets: QWidget) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        for widget in widgets:
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
        row.addStretch(1)
        panel.body.addLayout(row)

    def _buttons(self) -> None:
        panel = self._panel("按钮：常态 / 不可用 / 选中 / 危险 / 焦点")
        disabled = KeyButton("收款", "Enter", kind="primary")
        disabled.set_possible(possible=False, reason="还差 1 件没扫")
        selected = KeyButton("现金", "1", icon="cash")
        selected.set_selected(selected=True)
        self._row(
            panel,
            KeyButton("收款", "Enter", kind="primary"),
            ReasonedButton(disabled),
            selected,
            KeyButton("退回", "Ctrl+R", kind="danger"),
            KeyButton("换人", "", kind="ghost"),
        )
        self.ringed = KeyButton("撤销", "Ctrl+Z", icon="undo")
        self._row(
            panel,
            KeyButton("撤销", "Ctrl+Z", icon="undo"),
            self.ringed,
            KeyButton("看全", "F10", icon="eye", height=theme.WORD_HEIGHT),
            KeyButton("撤销", "", kind="inline", icon="undo", height=theme.INLINE_HEIGHT),
            hint("高 56（主、次）/ 48（表单内）/ 44（行内，最小）"),
        )

    def _pills(self) -> None:
        panel = self._panel("状态：形状 + 文字 + 颜色，三样都不同")
        self._row(
            panel,
            StatusPill("已交", "ok"),
            StatusPill("放了 3 天", "warn"),
            StatusPill("县里没收", "stop"),
            StatusPill("代收 ¥86.00", "money"),
            StatusPill("断网", "offline"),
            StatusPill("等着传", "queued"),
            StatusPill("待取", "waiting"),
            StatusPill("通知", "notice"),
            Chip("中通"),
        )

    def _fields(self) -> None:
        panel = self._panel("输入：空 / 已填 / 金额 / 错")
        texts = self._texts
        empty = TextField(texts, "手机尾号", placeholder="四位数")
        filled = TextField(texts, "姓名", chinese=True)
        filled.set_text("王秀兰")
        money = MoneyField(texts, "金额")
        money.set_fen(7200)
        wrong = TextField(texts, "手机尾号")
        wrong.set_text("602")
        wrong.show_fault("要四位，现在只有三位")
        for field in (empty, filled, money, wrong):
            field.setFixedWidth(220)
        self._row(panel, empty, filled, money, wrong)
        tail = TailBoxes("手机尾号")
        tail.set_text("602")
        code = CodeBoxes((4, 4, 4), box=QSize(48, 60), accepts=str.isalnum)
        code.set_text("N7K4PX2M3HQ")
        self._row(panel, tail, code)
        pay = ChoiceRow((Choice("a", "现金", "cash"), Choice("b", "扫码付"), Choice("c", "记账")))
        pay.set_value("a")
        pay.setFixedWidth(370)
        bills = ChoiceRow(
            (
                Choice("a", "电费", "bolt"),
                Choice("b", "话费", "phone"),
                Choice("c", "水费", "droplet"),
                Choice("d", "燃气", "flame", is_possible=False, reason="要联网"),
            ),
            first=4,
            height=64,
            stacked=True,
        )
        bills.set_value("a")
        bills.setFixedWidth(330)
        self._row(panel, pay, bills)

    def _toasts(self) -> None:
        panel = self._panel("轻提示（至少 20 秒，不挡主按钮，可撤销）")
        texts = self._texts
        look = ("去看", "Enter", nothing)
        again = ("重打", "F10", nothing)
        self._row(
            panel,
            Toast(Notice("B-2-08 王秀兰 标签已打", act="A"), texts),
            Toast(Notice("这件今天已入库，在 B-2-08", "warn", button=look), texts),
        )
        self._row(
            panel,
            Toast(Notice("标签机没纸，已排队 3 张", "stop", button=again), texts),
            Toast(Notice("来网了，传了 47 笔", "notice"), texts),
        )

    def _banners(self) -> None:
        panel = self._panel("横条")
        offline = Banner("没网也能照常办。今天 47 笔先存在本机，来网自动传。", "offline")
        offline.add_button("看同步", "F9", nothing)
        stop = Banner(
            "拿错了：这件是赵根喜的（B-2-07）",
            "stop",
            small="放回 B 架 2 层，再拿 B-2-08。没记账。",
        )
        warn = Banner("小票纸快用完，还能打约 40 张。", "warn")
        for banner in (offline, warn, stop, Banner("码对：赤眉镇 柳荫洼村站", "ok")):
            panel.body.addWidget(banner)
        tabs = SectionTabs(("从哪儿来", "Ctrl+0"))
        tabs.show_tabs([("缴费", 3), ("供需信息", 4), ("寄件", 0), ("村民档案", 0)], 0)
        panel.body.addWidget(tabs)
        panel.body.addWidget(StepBadge(1, "数钱箱", "Tab 下一格"))

    def _sizes(self) -> None:
        panel = self._panel("字号")
        self._row(
            panel, *(Words("¥31.90", size, bold=True) for size in (15, 17, 20, 24, 28, 36, 48))
        )
