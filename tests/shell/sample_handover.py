"""Handing parcels over, as the drawing shows it, put together from the shell's own widgets.

They do nothing; they are looked at, measured and photographed (see test_pictures.py).
"""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cards import (
    Amount,
    PersonCard,
)
from station_app.shell.widgets.cells import ChipText, Column, Pill, Row, Text, Tick
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Banner, Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint, rule
from tests.shell.sample_intake import nothing


class HandoverPage(Page):
    """取件, as in drawings 03 and 03b."""

    def __init__(self, counter: Counter) -> None:
        super().__init__(counter, "toys.handover")
        left = QVBoxLayout()
        left.setSpacing(12)
        card = PersonCard()
        card.show_person("王秀兰", "柳沟村三组·手机 138****6021")
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
