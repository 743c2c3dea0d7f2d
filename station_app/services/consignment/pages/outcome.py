"""What comes of an intake: what counts, what she gets at least, what was looked at, its label."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.ledger.rounding import basis_points
from station_app.reference.produce import BLOCK, WARN, Sort
from station_app.services.consignment.checks import Finding
from station_app.services.consignment.commands import TakeIn
from station_app.services.consignment.pages.following import FollowingPart
from station_app.services.consignment.pages.terms import BOUGHT, CONTRACT, TermsPart
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.tone import Tone
from station_app.shell.widgets.fields import in_row
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tones import INKS
from station_app.shell.widgets.words import IconLabel, Words, hint, rule
from station_app.values.money import say_yuan
from station_app.values.weight import jin_plain, kg_plain

FINDINGS_MAX = 5
TONES: dict[str, tuple[str, Tone]] = {BLOCK: ("stop", "stop"), WARN: ("warn", "warn")}


class OutcomePanel(Panel):
    """The right column of an intake."""

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__(margins=(20, 8, 20, 10), spacing=3)
        self._counter = counter
        self._name = Words("", theme.STRONG, bold=True).elided()
        self._counts = Words("", theme.HEADING, bold=True).right()
        self._jin = hint("").right()
        self._words = Words("", theme.BODY, bold=True)
        self._amount = Words("", theme.HEADING, bold=True, ink="pressed").right()
        self._small = hint("").right()
        self.following = FollowingPart(counter)
        self._owed = hint("", wrap=True)
        self._rows: list[_Line] = []
        self._lines = QWidget()
        self._column = QVBoxLayout(self._lines)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.body.addLayout(in_row(self._name, self._counts))
        self.body.addWidget(self._jin)
        self.body.addLayout(in_row(self._words, self._amount))
        for widget in (self._small, self._owed, rule(), self._lines):
            self.body.addWidget(widget)
        self.body.addWidget(self.following, 1)

    def show_goods(self, sort: Sort | None, grade: str, quantity: int) -> None:
        """Say what it is and how much counts."""
        self._name.setText(f"{sort.name} {grade}".rstrip() if sort else "")
        if sort is None or not quantity:
            self._counts.setText("")
            self._jin.setText("")
            return
        if sort.unit == "piece":
            self._counts.setText(f"{quantity} {sort.word}")
            self._jin.setText("")
            return
        say = self._counter.say
        self._counts.setText(say("consignment.slip.kg", kg=kg_plain(quantity)))
        self._jin.setText(say("consignment.slip.in_jin", jin=jin_plain(quantity)))

    def show_terms(
        self, sort: Sort | None, quantity: int, terms: TermsPart, take: TakeIn | None
    ) -> None:
        """Say what she gets by these terms."""
        say = self._counter.say
        if sort is None or not quantity or not terms.price_fen():
            self._show_money("", None, "")
            return
        worth_fen = terms.worth_fen(quantity)
        if terms.kind == BOUGHT:
            left_fen = worth_fen - (take.paid_fen if take else worth_fen)
            small = say("consignment.intake.rest", amount=say_yuan(left_fen)) if left_fen else ""
            self._show_money(say("consignment.intake.gets"), worth_fen, small)
            return
        agreed = terms.agreed if terms.kind == CONTRACT else None
        is_net = agreed is not None and bool(agreed.is_net)
        taken_fen = 0 if is_net else basis_points(worth_fen, terms.commission_bp())
        small = say(
            "consignment.intake.made_of", worth=say_yuan(worth_fen), taken=say_yuan(taken_fen)
        )
        self._show_money(say("consignment.intake.least"), worth_fen - taken_fen, small)

    def show_owed(self, owed_fen: int | None) -> None:
        """Say what the station keeps for her already, None for nobody."""
        words = self._counter.say("consignment.intake.owed", amount=say_yuan(owed_fen or 0))
        self._owed.setText(words if owed_fen else "")
        self._owed.setVisible(bool(owed_fen))

    def _show_money(self, words: str, fen: int | None, small: str) -> None:
        self._words.setText(words)
        self._amount.setText("" if fen is None else say_yuan(fen))
        self._small.setText(small)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """List what was found, the strictest on top."""
        for old in self._rows:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._rows = []
        for one in findings[:FINDINGS_MAX]:
            icon, tone = TONES.get(one.level, ("notice", "notice"))
            words = self._counter.say(f"consignment.check.{one.name}", **one.slots)
            self._rows.append(_line(icon, words, tone))
            self._column.addWidget(self._rows[-1])

    def warnings(self) -> list[QWidget]:
        """Return the sentences that warn."""
        return [row for row in self._rows if row.stays_in_sight]


class _Line(QWidget):
    """A sentence with its sign; stays_in_sight: it warns, and no toast lies over it."""

    def __init__(self, tone: Tone) -> None:
        super().__init__()
        self.stays_in_sight = tone in ("warn", "stop")


def _line(icon: str, words: str, tone: Tone) -> _Line:
    """Return a sentence with its sign; it has as many lines as it needs."""
    place = _Line(tone)
    row = QHBoxLayout(place)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    ink = INKS[tone]
    row.addWidget(IconLabel(icon, ink, 20), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Words(words, theme.BODY, bold=tone == "stop", ink=ink, wrap=True), 1)
    return place
