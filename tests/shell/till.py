"""A page with everything that a scan must not touch: choices, fields, a primary for money."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout

from station_app.shell.counter import Counter
from station_app.shell.offers import Scan
from station_app.shell.page import Action, Page
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import MoneyField, TextField


class TillPage(Page):
    """Remembers its scans, its digits and how often money was taken."""

    def __init__(self, counter: Counter) -> None:
        super().__init__(counter, "toys.shelf")
        self.scans: list[str] = []
        self.digits: list[int] = []
        self.paid = 0
        choices = [Choice("cash", "现金"), Choice("scan", "扫码付"), Choice("owe", "记账")]
        self.pay = ChoiceRow(choices)
        self.name = TextField(counter.texts, "姓名", chinese=True)
        self.money = MoneyField(counter.texts, "金额")
        column = QVBoxLayout(self)
        for widget in (self.pay, self.name, self.money):
            column.addWidget(widget)
        column.addStretch(1)

    def action_bar(self) -> Sequence[Action]:
        return (Action("收 ¥125.50，交 3 件", "Enter", self._take, kind="primary"),)

    def _take(self) -> None:
        self.paid += 1

    def on_scan(self, scan: Scan) -> bool:
        self.scans.append(scan.text)
        return True

    def on_digit(self, digit: int) -> bool:
        self.digits.append(digit)
        return True
