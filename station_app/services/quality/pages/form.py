"""What is written down of a lot or a grower: the right column of the desk of promises."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.services.quality.commands import (
    CollectPromise,
    DescribePlot,
    EndorseLot,
    IssuePromise,
    RecordTest,
    ShowCertificate,
)
from station_app.services.quality.rules import BASES, HOUSEHOLD, ISSUERS, LICENCES, SORTS
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import TextField, in_row
from station_app.shell.widgets.keys import KeyButton
from station_app.values.money import FULL_WIDTH

COLLECT, ISSUE, TEST, ENDORSE = "collect", "issue", "test", "endorse"
PLOT, CERTIFICATE = "plot", "certificate"
OF_LOT = (COLLECT, ISSUE, TEST, ENDORSE)
PAPERS = (CERTIFICATE, *LICENCES)
CHOICES = (*OF_LOT, PLOT, CERTIFICATE)
FIRST_OF_ROW = 7
PASSED, FAILED = "passed", "failed"
FIELDS: dict[str, tuple[str, ...]] = {
    COLLECT: ("number",),
    ISSUE: (),
    TEST: ("lab", "item", "limit", "value", "report", "sample"),
    ENDORSE: ("office", "number"),
    PLOT: ("plot_name", "produce", "mu"),
    CERTIFICATE: ("number", "produce", "until"),
}
ROWS = {
    COLLECT: tuple((one, f"issuer_{one}") for one in ISSUERS),
    TEST: ((PASSED, PASSED), (FAILED, FAILED)),
    CERTIFICATE: tuple((one, f"sort_{one}") for one in SORTS),
}
LINES = (
    ("lab", "item"), ("limit", "value"), ("report", "sample"), ("office",), ("plot_name",),
    ("number", "until"), ("produce", "mu"),
)  # fmt: skip
OPTIONAL = {"limit", "value", "report", "sample"}
NAMES = tuple(dict.fromkeys(name for names in FIELDS.values() for name in names))
TYPED_MAX = 40


class QualityForm(QWidget):
    """The fields. Signal changed: something of them is another."""

    changed = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make it for collecting a promise."""
        super().__init__()
        say = counter.say
        self._say = say
        self.how = ChoiceRow(
            [Choice(one, say(f"quality.page.{one}")) for one in CHOICES],
            columns=3,
            height=theme.INLINE_HEIGHT,
        )
        self.how.set_value(COLLECT)
        self.row = ChoiceRow(first=FIRST_OF_ROW, height=theme.INLINE_HEIGHT)
        self.basis = BASES[-1]
        self.paper = CERTIFICATE
        self.bases = KeyButton("", "F10", height=theme.INLINE_HEIGHT)
        self.fields = {
            name: TextField(
                counter.texts, say(f"quality.page.{name}"), limit=TYPED_MAX, chinese=True
            )
            for name in NAMES
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._column = column
        for widget in (self.how, self.row, self.bases):
            column.addWidget(widget)
        for names in LINES:
            column.addLayout(in_row(*(self.fields[name] for name in names), spacing=8))
        self.how.chosen.connect(lambda _how: self._turned())
        self.row.chosen.connect(lambda _value: self.changed.emit())
        self.bases.clicked.connect(lambda _checked: self._turn_over())
        for field in self.fields.values():
            field.changed.connect(lambda _text: self.changed.emit())
        self._turned()

    def set_compact(self, *, compact: bool) -> None:
        """Stand closer in a low window."""
        self._column.setSpacing(3 if compact else 6)

    @property
    def kind(self) -> str:
        """Return what is written down."""
        return self.how.value() or COLLECT

    def first_field(self) -> QWidget | None:
        """Return what is typed first, None where nothing is."""
        names = FIELDS[self.kind]
        return self.fields[names[0]] if names else None

    def _turned(self) -> None:
        kind = self.kind
        choices = ROWS.get(kind, ())
        self.row.show_choices(
            [Choice(value, self._say(f"quality.page.{key}")) for value, key in choices]
        )
        self.row.set_value(choices[0][0] if kind == COLLECT else "")
        self.paper = CERTIFICATE
        self.clear()
        self._show_fields()

    def _show_fields(self) -> None:
        kind, is_licence = self.kind, self._is_licence()
        self.row.setVisible(kind in ROWS and not is_licence)
        self.bases.setVisible(kind in (ISSUE, CERTIFICATE))
        turned = f"paper_{self.paper}" if kind == CERTIFICATE else f"basis_{self.basis}"
        self.bases.set_label(self._say(f"quality.page.{turned}"))
        until = "until_free" if is_licence else "until"
        self.fields["until"].set_label(self._say(f"quality.page.{until}"))
        for name, field in self.fields.items():
            is_asked = name in FIELDS[kind] and not (is_licence and name == "produce")
            field.setVisible(is_asked)

    def _is_licence(self) -> bool:
        return self.kind == CERTIFICATE and self.paper in LICENCES

    def _turn_over(self) -> None:
        """Take the next basis of a promise, or the next kind of paper."""
        if self.kind == CERTIFICATE:
            self.paper = PAPERS[(PAPERS.index(self.paper) + 1) % len(PAPERS)]
            self.fields["produce"].set_text("")
        else:
            self.basis = BASES[BASES.index(self.basis) - 1]
        self._show_fields()
        self.changed.emit()

    def take_digit(self, digit: int) -> bool:
        """Choose what is written down, or one of its row."""
        return self.how.take_digit(digit) or (self.row.isVisible() and self.row.take_digit(digit))

    def clear(self) -> None:
        """Begin with nothing."""
        for field in self.fields.values():
            field.set_text("")
        self.changed.emit()

    def _text(self, name: str) -> str:
        return self.fields[name].text().strip()

    def missing(self) -> str:
        """Return what lacks, as the end of a text key, "" for nothing."""
        kind = self.kind
        if self._is_licence():
            return self._missing_of_licence()
        if kind in (TEST, CERTIFICATE) and not self.row.value():
            return PASSED if kind == TEST else "sort"
        for name in FIELDS[kind]:
            is_free = name in OPTIONAL or (kind == COLLECT and self.row.value() == HOUSEHOLD)
            if not is_free and not self._text(name):
                return name
        if kind == PLOT and read_mu(self._text("mu")) is None:
            return "mu"
        return "until" if kind == CERTIFICATE and not read_last_day(self._text("until")) else ""

    def _missing_of_licence(self) -> str:
        """Return what lacks of a licence: it may have no end."""
        if not self._text("number"):
            return "number"
        until = self._text("until")
        return "until" if until and not read_last_day(until) else ""

    def command(self, *, lot: str, person: str, produce: str, photos: Sequence[str]) -> Any:
        """Return what is asked; nothing of it is missing. produce: code of the sort."""
        kind, kept, text = self.kind, tuple(photos), self._text
        if kind == COLLECT:
            return CollectPromise(
                lot=lot, issuer=self.row.value(), number=text("number"), photos=kept
            )
        if kind == ISSUE:
            return IssuePromise(lot=lot, bases=(self.basis,))
        if kind == TEST:
            return RecordTest(
                lot=lot,
                **{name: text(name) for name in FIELDS[TEST]},
                is_passed=self.row.value() == PASSED,
                photos=kept,
            )
        if kind == ENDORSE:
            return EndorseLot(lot=lot, office=text("office"), number=text("number"), photos=kept)
        if kind == PLOT:
            return DescribePlot(
                person=person,
                name=text("plot_name"),
                produce=produce,
                tenth_mu=read_mu(text("mu")) or 0,
            )
        return ShowCertificate(
            person=person,
            sort=self.paper if self._is_licence() else self.row.value(),
            number=text("number"),
            produce=produce,
            until_day=read_last_day(text("until")),
            photos=kept,
        )


def read_mu(typed: str) -> int | None:
    """Return tenths of a mu: "3.5" is 35; None for what is no area."""
    whole, _, tenth = typed.translate(FULL_WIDTH).strip().removesuffix("亩").partition(".")
    digits = f"{whole or '0'}{tenth or '0'}"
    if not (digits.isascii() and digits.isdigit()) or len(tenth) > 1 or len(digits) > 6:
        return None
    return int(digits) or None


def read_last_day(typed: str) -> str:
    """Return a whole day, "2027-05-31"; "" for what is none."""
    plain = typed.translate(FULL_WIDTH).translate(str.maketrans("年月./", "----", "日 "))
    try:
        year, month, day = (int(part) for part in plain.split("-"))
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
