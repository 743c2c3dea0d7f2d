"""Taking parcels in, as the drawing shows it, put together from the shell's own widgets.

They do nothing; they are looked at, measured and photographed (see test_pictures.py).
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.page import Action, Page
from station_app.shell.widgets.boxes import TailBoxes
from station_app.shell.widgets.cards import (
    BigCode,
    PersonChoice,
    ReceiptPreview,
)
from station_app.shell.widgets.cells import ChipText, Column, Icon, Link, Pill, Row, Text
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.pills import Chip, StatusPill
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import IconLabel, Words, hint, rule


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
        person.show_person("王秀兰", "柳沟村三组·已有 2 件在架")
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
