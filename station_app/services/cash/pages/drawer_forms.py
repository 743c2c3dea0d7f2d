"""Two small forms of the drawer page: open it for no sale; compare what a phone shows."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from station_app.services.cash.commands import ComparePlace, OpenDrawer
from station_app.services.cash.drawer_records import PlaceSlip
from station_app.services.cash.pages.compare_panels import difference_on_screen
from station_app.services.cash.vouchers import COMPARED, DRAWER_REASONS, WORDS_MAX
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.cells import Column, Row, Text
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import MoneyField, TextField
from station_app.shell.widgets.panels import Banner, Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words
from station_app.values.day import local_time
from station_app.values.money import say_yuan

SLIP_COLUMNS = (Column("time", 64), Column("reference"), Column("amount", 130, "right"))
SLIP_HEIGHT = 36


class OpeningForm(Panel):
    """Why the drawer is opened. Signal changed."""

    changed = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__("active", margins=(24, 16, 24, 16), spacing=10)
        say = counter.say
        self._counter = counter
        self.body.addWidget(Words(say("cash.drawer.open"), theme.TITLE, bold=True))
        self.body.addWidget(Words(say("cash.drawer.why"), theme.BODY, ink="ink2"))
        choices = [Choice(r, say(f"cash.drawer_reason.{r}")) for r in DRAWER_REASONS]
        self.reasons = ChoiceRow(choices, columns=2, height=theme.ACTION_HEIGHT)
        self.remark = TextField(counter.texts, limit=WORDS_MAX, chinese=True)
        self.remark.set_label(say("cash.drawer.remark"))
        self.body.addWidget(self.reasons)
        self.body.addWidget(self.remark)
        self.body.addStretch(1)
        self.reasons.chosen.connect(lambda _value: self._chosen())
        self.remark.changed.connect(lambda _text: self.changed.emit())

    def begin(self) -> None:
        """Ask anew."""
        self.reasons.set_value("")
        self.remark.set_text("")

    def what_is_missing(self) -> str:
        """Return why it cannot be done yet."""
        if not self.reasons.value():
            return self._counter.say("cash.drawer.why_first")
        if self.reasons.value() == "other" and not self.remark.text():
            return self._counter.say("cash.refusal.DRAWER_WHY")
        return ""

    def command(self) -> OpenDrawer:
        """Return what is asked for."""
        return OpenDrawer(reason=self.reasons.value(), remark=self.remark.text())

    def _chosen(self) -> None:
        if self.reasons.value() == "other":
            self.remark.setFocus()
        self.changed.emit()


class ComparingForm(Panel):
    """What the phone shows; then how it differs, slip by slip. Signals: changed, place_chosen."""

    changed = Signal()
    place_chosen = Signal(str)

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__("active", margins=(24, 10, 24, 8), spacing=4)
        say = counter.say
        self._counter = counter
        self.is_compared = False
        self.body.addWidget(Words(say("cash.drawer.compare"), theme.TITLE, bold=True))
        choices = [Choice(place, say(f"cash.place.{place}")) for place in COMPARED]
        self.places = ChoiceRow(choices, columns=4, height=theme.FORM_HEIGHT)
        self.shown = MoneyField(counter.texts, say("cash.comparing.shown"))
        self.verdict = Banner("", "warn")
        self.remark = TextField(counter.texts, limit=WORDS_MAX, chinese=True)
        self.remark.set_label(say("cash.comparing.reason"))
        self._slips_words = Words("", theme.BODY, ink="ink2")
        name = say("cash.comparing.slips", count=0)
        self.slips = ListTable(SLIP_COLUMNS, name=name, row_height=SLIP_HEIGHT)
        for widget in (self.places, self.shown, self.verdict, self.remark, self._slips_words):
            self.body.addWidget(widget)
        self.body.addWidget(self.slips, 1)
        self._rest = QWidget()  # takes what is left while there is no list
        self.body.addWidget(self._rest, 1)
        self.places.chosen.connect(self._chosen)
        self.shown.changed.connect(lambda _text: self.begin_again())
        self.remark.changed.connect(lambda _text: self.changed.emit())

    def begin(self) -> None:
        """Ask anew."""
        self.places.set_value("")
        self.shown.set_fen(None)
        self.remark.set_text("")
        self.slips.show_rows([])
        self.begin_again()

    def begin_again(self) -> None:
        """Forget the comparison: another amount is typed."""
        self.is_compared = False
        for widget in (self.verdict, self.remark, self._slips_words, self.slips):
            widget.hide()
        self._rest.show()
        self.changed.emit()

    def show_difference(self, difference_fen: int, slips: tuple[PlaceSlip, ...]) -> None:
        """Show how it differs, and the slips among which to look."""
        say = self._counter.say
        self.is_compared = True
        words = difference_on_screen(difference_fen, self._counter.texts)
        if difference_fen:
            self.verdict.tell(words, "warn", small=say("cash.comparing.look"))
        else:
            self.verdict.tell(words, "ok")
        self.verdict.show()
        for widget in (self.remark, self._slips_words, self.slips):
            widget.setVisible(difference_fen != 0)
        self._rest.setVisible(difference_fen == 0)
        self._slips_words.setText(say("cash.comparing.slips", count=len(slips)))
        self.slips.show_rows(
            [
                Row(
                    f"{slip.stream} {slip.act}",
                    (
                        Text(local_time(slip.at), theme.HINT, ink="ink2"),
                        Text(slip.reference, ink="ink2"),
                        Text(say_yuan(slip.amount_fen), bold=True),
                    ),
                )
                for slip in slips
            ]
        )
        if difference_fen:
            self.remark.setFocus()
        self.changed.emit()

    def what_is_missing(self) -> str:
        """Return why it cannot be done yet."""
        if not self.places.value():
            return self._counter.say("cash.comparing.place_first")
        if self.shown.fen() is None:
            return self._counter.say("cash.comparing.shown_first")
        return ""

    def primary_words(self) -> str:
        """Return what will happen."""
        if not self.is_compared:
            return self._counter.say("cash.comparing.primary")
        is_booked = bool(self.remark.text()) and not self.remark.isHidden()
        return self._counter.say("cash.comparing.book" if is_booked else "cash.comparing.keep")

    def command(self) -> ComparePlace:
        """Return what is asked for."""
        words = "" if self.remark.isHidden() else self.remark.text()
        return ComparePlace(
            place=self.places.value(), shown_fen=self.shown.fen() or 0, remark=words
        )

    def _chosen(self, place: str) -> None:
        self.begin_again()
        self.shown.setFocus()
        self.place_chosen.emit(place)
