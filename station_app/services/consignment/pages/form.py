"""Whose, what, from which field, with which papers: the left column of an intake."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.reference.produce import Sort
from station_app.services.consignment.checks import DECLINED, GIVEN, read_day
from station_app.services.consignment.facts import FieldInput
from station_app.services.consignment.taking import WORDS_MAX
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.drafts import Draft
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import CountField, TextField, in_row
from station_app.shell.widgets.words import Words

FIRST_GRADE, FIRST_PAPER = 1, 8
INTERVAL_DIGITS, LABEL_DIGITS = 3, 2
DOCUMENT = "document"
SPACING, SPACING_COMPACT = 6, 3


class IntakeForm(QWidget):
    """The fields. Signals: changed; seeks_person(str), seeks_sort(str): typed into the finders."""

    changed = Signal()
    seeks_person = Signal(str)
    seeks_sort = Signal(str)

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__()
        self._counter = counter
        self.sort: Sort | None = None
        texts = counter.texts

        def named(key: str) -> str:
            return counter.say(f"consignment.intake.{key}")

        self.who = TextField(texts, named("who"), chinese=True)
        self.chosen = Words("", theme.STRONG, bold=True, ink="pressed").elided()
        self.what = TextField(texts, named("what"), chinese=True)
        self.grades = ChoiceRow(first=FIRST_GRADE, height=theme.INLINE_HEIGHT)
        self.harvest = TextField(
            texts, named("harvest"), chinese=True, placeholder=named("day_hint")
        )
        self.labels = CountField(texts, named("labels"), digits=LABEL_DIGITS)
        self.labels.set_count(1)
        self.baskets = CountField(texts, named("baskets"), digits=LABEL_DIGITS)
        self.sprayed = TextField(
            texts,
            named("sprayed"),
            limit=WORDS_MAX,
            chinese=True,
            placeholder=named("sprayed_hint"),
        )
        self.sprayed_day = TextField(texts, named("sprayed_day"), chinese=True)
        self.interval = CountField(texts, named("interval"), digits=INTERVAL_DIGITS)
        self.papers = ChoiceRow(first=FIRST_PAPER, height=theme.INLINE_HEIGHT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        self._column = column
        column.addWidget(self.who)
        column.addWidget(self.chosen)
        column.addWidget(self.what)
        column.addWidget(self.grades)
        row = in_row(self.harvest, self.labels, self.baskets, spacing=8)
        for place, share in enumerate((4, 2, 2)):
            row.setStretch(place, share)
        column.addLayout(row)
        row = in_row(self.sprayed, self.sprayed_day, self.interval, spacing=8)
        for place, share in enumerate((4, 3, 2)):
            row.setStretch(place, share)
        column.addLayout(row)
        column.addWidget(self.papers)
        column.addStretch(1)
        self.who.changed.connect(self.seeks_person)
        self.what.changed.connect(self.seeks_sort)
        for field in (
            self.harvest, self.labels, self.baskets, self.sprayed, self.sprayed_day, self.interval,
        ):  # fmt: skip
            field.changed.connect(lambda _text: self.changed.emit())
        for choices in (self.grades, self.papers):
            choices.chosen.connect(lambda _value: self.changed.emit())
        self.show_sort(None)

    def set_compact(self, *, compact: bool) -> None:
        """Stand closer in a low window."""
        self._column.setSpacing(SPACING_COMPACT if compact else SPACING)

    def show_person(self, words: str) -> None:
        """Say whose it is, "" for nobody yet."""
        self.chosen.setText(words)
        self.chosen.setVisible(bool(words))

    def show_sort(self, sort: Sort | None) -> None:
        """Ask what this sort asks: its grades, its papers."""
        self.sort = sort
        grades = sort.grades if sort else ()
        self.grades.show_choices([Choice(term.name, term.name) for term in grades])
        self.grades.setVisible(bool(grades))
        if grades and not self.grades.value():
            self.grades.set_value(grades[0].name)
        say = self._counter.say
        papers = []
        if sort and sort.document:
            words = say("consignment.intake.document_seen", document=sort.document)
            papers = [Choice(DOCUMENT, words)]
        elif sort and sort.promise:
            papers = [
                Choice(one, say(f"consignment.intake.promise_{one}")) for one in (GIVEN, DECLINED)
            ]
        self.papers.show_choices(papers)
        self.papers.setVisible(bool(papers))

    def take_digit(self, digit: int) -> bool:
        """Choose a grade or say what was shown."""
        return self.grades.take_digit(digit) or self.papers.take_digit(digit)

    # --- What stands there -----------------------------------------------------------------------

    def harvest_day(self, today: str) -> str | None:
        """Return the day of harvest, "" for none, None for what is no day."""
        return read_day(self.harvest.text(), today)

    def inputs(self, today: str) -> tuple[FieldInput, ...] | None:
        """Return what was sprayed; None while it lacks its day or its interval."""
        name, typed = self.sprayed.text(), self.sprayed_day.text()
        if not name and not typed and not self.interval.text():
            return ()
        day, days = read_day(typed, today), self.interval.count()
        if not name or not day or days is None:
            return None
        return (FieldInput(name=name, day=day, interval_days=days),)

    def promise(self) -> str:
        """Return what was said of the certificate, as in `LotDescribed`."""
        if self.sort is None or not self.sort.promise:
            return "exempt"
        return self.papers.value() or "missing"

    def has_document(self) -> bool:
        """Tell whether the paper that the sort needs was shown."""
        return self.papers.value() == DOCUMENT

    def clear(self) -> None:
        """Begin with nothing."""
        for field in (self.who, self.what, self.harvest, self.sprayed, self.sprayed_day):
            field.set_text("")
        self.interval.set_count(None)
        self.baskets.set_count(None)
        self.labels.set_count(1)
        for choices in (self.grades, self.papers):
            choices.set_value("")
        self.show_person("")
        self.show_sort(None)

    def draft(self) -> Draft:
        """Return what was typed and chosen."""
        return {
            "grade": self.grades.value(),
            "papers": self.papers.value(),
            "harvest": self.harvest.text(),
            "labels": self.labels.text(),
            "baskets": self.baskets.text(),
            "sprayed": self.sprayed.text(),
            "sprayed_day": self.sprayed_day.text(),
            "interval": self.interval.text(),
        }

    def resume(self, draft: Draft) -> None:
        """Put it there again, after the sort is known."""
        self.grades.set_value(draft["grade"])
        self.papers.set_value(draft["papers"])
        for field, key in (
            (self.harvest, "harvest"), (self.labels, "labels"),
            (self.baskets, "baskets"), (self.sprayed, "sprayed"),
            (self.sprayed_day, "sprayed_day"), (self.interval, "interval"),
        ):  # fmt: skip
            field.set_text(draft[key])
