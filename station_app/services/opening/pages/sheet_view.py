"""The three faces of a sheet: which file, which column is what, what stands in the rows."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.services.opening.columns import DEBTS, PARCELS, WORDS
from station_app.services.opening.judging import (
    ANOTHER,
    ASK,
    BAD,
    DOUBLE,
    GOOD,
    LEFT,
    PERSON,
    REGISTER,
    SKIP,
    TAKEN,
    Judged,
)
from station_app.services.opening.outfit import Found
from station_app.services.opening.sheet_work import SheetWork
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.offers import Tone
from station_app.shell.widgets.cells import Cell, Column, Pill, Row, Text
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.panels import Banner, Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint, rule, strong
from station_app.values.day import local_day, local_time, say_day
from station_app.values.money import say_yuan

PATH_CHARACTERS_MAX = 240
SAMPLE_ROWS = 3
TONES: dict[str, Tone] = {
    GOOD: "ok", BAD: "stop", DOUBLE: "warn", ASK: "warn", LEFT: "plain", TAKEN: "ok",
}  # fmt: skip
FILE_COLUMNS = (
    Column("digit", 64, "centre"),
    Column("name"),
    Column("place", 200),
    Column("at", 200),
    Column("size", 120, "right"),
)
ROW_COLUMNS = (
    Column("number", 84, "right"),
    Column("what"),
    Column("why", 560),
    Column("state", 128, "right"),
)
COLUMN_COLUMNS = (
    Column("number", 64, "centre"),
    Column("heading", 220),
    Column("sample"),
    Column("field", 180, "right"),
)


class FilesPanel(Panel):
    """The newest sheets, and a line for the way to another. Signal chosen(path)."""

    chosen = Signal(str)

    def __init__(self, counter: Counter) -> None:
        """Make an empty list."""
        super().__init__(margins=(1, 14, 1, 12), spacing=8)
        self._counter = counter
        self.files: Sequence[Found] = ()
        self.title = strong()
        self._about = ""
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 0)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(hint(counter.say("opening.sheet.where")))
        self.body.addLayout(head)
        self.body.addWidget(rule())
        self.fault = Banner("", "stop")
        self.fault.hide()
        self.body.addWidget(self.fault)
        self.table = ListTable(
            FILE_COLUMNS, name=counter.say("opening.sheet.files_name"), row_height=52
        )
        self.table.set_owns_enter(owns=True)
        self.table.opened.connect(self.chosen)
        self.body.addWidget(self.table, 1)
        self.none = hint(counter.say("opening.sheet.no_files"), wrap=True)
        self.none.setContentsMargins(20, 8, 20, 8)
        self.body.addWidget(self.none)
        self.path = TextField(
            counter.texts,
            limit=PATH_CHARACTERS_MAX,
            chinese=True,
            placeholder=counter.say("opening.sheet.path"),
        )
        self.path.line.setAccessibleName(counter.say("opening.sheet.path"))
        row = QHBoxLayout()
        row.setContentsMargins(20, 0, 20, 0)
        row.addWidget(self.path)
        self.body.addLayout(row)

    def show_files(self, files: Sequence[Found], today: str, about: str = "") -> None:
        """List files, each with its digit; the cursor stands on the first that is called so."""
        self.files = files
        say = self._counter.say
        self.table.show_rows(
            [
                Row(
                    file.path,
                    (
                        Text(str(number), bold=True, ink="ink2"),
                        Text(file.name, bold=True),
                        Text(file.place, ink="ink2"),
                        Text(f"{say_day(local_day(file.at), today)} {local_time(file.at)}"),
                        Text(say("opening.sheet.size", kb=max(1, file.size // 1024)), ink="ink2"),
                    ),
                )
                for number, file in enumerate(files, start=1)
            ]
        )
        self.table.setVisible(bool(files))
        self.none.setVisible(not files)
        if files and (about != self._about or not self.table.current()):
            called_so = (file for file in files if about and about in file.name)
            self.table.choose(next(called_so, files[0]).path)
        self._about = about

    def object(self, sentence: str) -> None:
        """Say what is wrong with the file that was chosen; "" for nothing."""
        self.fault.setVisible(bool(sentence))
        self.fault.tell(sentence, "stop")


class ColumnsPanel(Panel):
    """Which column is what: a row for each column, a digit for each field."""

    assigned = Signal(int, str)

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__(margins=(1, 14, 1, 12), spacing=8)
        self._counter = counter
        self.banner = Banner("", "warn")
        self.table = ListTable(
            COLUMN_COLUMNS, name=counter.say("opening.sheet.columns_name"), row_height=56
        )
        self.choices = ChoiceRow(columns=4, height=theme.INLINE_HEIGHT)
        self.choices.chosen.connect(self._chosen)
        top = QVBoxLayout()
        top.setContentsMargins(20, 0, 20, 0)
        top.addWidget(self.banner)
        bottom = QVBoxLayout()
        bottom.setContentsMargins(20, 0, 20, 0)
        bottom.addWidget(hint(counter.say("opening.sheet.which_field")))
        bottom.addWidget(self.choices)
        self.body.addLayout(top)
        self.body.addWidget(self.table, 1)
        self.body.addLayout(bottom)
        self.table.current_changed.connect(self._mark)
        self._fields: dict[int, str] = {}

    def show_work(self, work: SheetWork) -> None:
        """Show the columns of a sheet as they are named now."""
        say = self._counter.say
        self._fields = {column: name for name, column in work.layout.columns.items()}
        width = max((len(cells) for _, cells in work.grid.rows[:20]), default=0)
        rows = []
        for column in range(width):
            seen = [
                cells[column]
                for _, cells in work.grid.rows[work.layout.skip :][:20]
                if column < len(cells) and cells[column]
            ]
            name = self._fields.get(column, "")
            heading = work.layout.heading[column] if column < len(work.layout.heading) else ""
            cells_shown: tuple[Cell, ...] = (
                Text(str(column + 1), ink="ink2"),
                Text(heading or "—", bold=True),
                Text("　".join(seen[:SAMPLE_ROWS]), ink="ink2"),
                Pill(say(f"opening.field.{name}"), "ok")
                if name
                else Pill(say("opening.sheet.unused"), "plain"),
            )
            rows.append(Row(str(column), cells_shown))
        self.table.show_rows(rows)
        if not self.table.current() and rows:
            self.table.choose("0")
        fields = [Choice(name, say(f"opening.field.{name}")) for name in WORDS[work.kind]]
        self.choices.show_choices(fields)
        missing = "、".join(say(f"opening.field.{n}") for n in work.layout.missing(work.kind))
        key = "columns_missing" if missing else "columns_ready"
        tone: Tone = "warn" if missing else "ok"
        self.banner.tell(say(f"opening.sheet.{key}", fields=missing), tone)
        self._mark(self.table.current())

    def _mark(self, column: str) -> None:
        self.choices.set_value(self._fields.get(int(column), "") if column else "")

    def _chosen(self, name: str) -> None:
        column = self.table.current()
        if column:
            self.assigned.emit(int(column), name)


class RowsPanel(Panel):
    """The rows with their verdicts, and what may be decided about the current one."""

    decided = Signal(int, str)

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__(margins=(1, 14, 1, 12), spacing=8)
        self._counter = counter
        self._title, self._aside = strong(), hint()
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 0)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._aside)
        self.body.addLayout(head)
        self.body.addWidget(rule())
        self.table = ListTable(
            ROW_COLUMNS, name=counter.say("opening.sheet.rows_name"), row_height=60
        )
        self.table.current_changed.connect(lambda _row: self._offer())
        self.body.addWidget(self.table, 1)
        self.question = Words("", theme.BODY, bold=True, wrap=True)
        self.choices = ChoiceRow(columns=4, height=theme.FORM_HEIGHT)
        self.choices.chosen.connect(self._chosen)
        self._foot = QWidget()
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(20, 0, 20, 0)
        foot.setSpacing(6)
        foot.addWidget(self.question)
        foot.addWidget(self.choices)
        self.body.addWidget(self._foot)
        self._rows: dict[str, Judged] = {}
        self._kind = ""

    def show_work(self, work: SheetWork) -> None:
        """Show the rows, those that want a word first."""
        self._kind = work.kind
        in_order = work.in_order()
        self._rows = {str(one.row.number): one for one in in_order}
        was = self.table.currentIndex().row()
        self.table.show_rows([self._row(one) for one in in_order], keep=False)
        if in_order:
            at = max(0, min(was, len(in_order) - 1))
            first = in_order[at] if in_order[at].state in (BAD, ASK, DOUBLE) else in_order[0]
            self.table.choose(str(first.row.number))
        counts = work.counts()
        self._title.setText(work.name)
        parts = [
            self._counter.say(f"opening.sheet.count_{state}", count=count)
            for state, count in counts.items()
            if count
        ]
        self._aside.setText("　".join(parts))
        self._offer()

    def _row(self, one: Judged) -> Row:
        say = self._counter.say
        cells: tuple[Cell, ...] = (
            Text(say("opening.sheet.row", number=one.row.number), ink="ink2"),
            self._what(one),
            Text(self.why(one), ink="stop" if one.state == BAD else "ink"),
            Pill(say(f"opening.state.{one.state}"), TONES[one.state]),
        )
        return Row(
            str(one.row.number), cells, tone="warn" if one.state in (ASK, DOUBLE) else "plain"
        )

    def _what(self, one: Judged) -> Text:
        """Return what a row says, as far as it can be said in two lines."""
        row, say = one.row, self._counter.say
        name = self._counter.privacy.name(row.cell("name"))
        tail = say("opening.sheet.tail", tail=row.tail) if row.tail else ""
        if self._kind == DEBTS:
            purse = say(f"opening.purse.{row.purse}") if row.purse else row.cell("kind")
            amount = say_yuan(row.amount_fen) if row.amount_fen else row.cell("amount")
            who = name or row.cell("courier")
            return Text(
                f"{who}  {amount}".strip(), bold=True, small=f"{purse}　{row.cell('remark')}"
            )
        if self._kind == PARCELS:
            small = "　".join(p for p in (row.cell("courier"), name, tail) if p)
            return Text(row.cell("waybill"), bold=True, small=small)
        small = "　".join(p for p in (row.cell("hamlet"), tail) if p)
        return Text(name, bold=True, small=small)

    def why(self, one: Judged) -> str:
        """Return the sentence of a row: what is wrong or asked, and what to do."""
        if one.why is None:
            return ""
        slots = dict(one.why.slots)
        if "column" in slots:
            slots["column"] = self._counter.say(f"opening.field.{slots['column']}")
        return self._counter.say(one.why.text_key, **slots)

    @property
    def current(self) -> Judged | None:
        """Return the current row."""
        return self._rows.get(self.table.current())

    def _offer(self) -> None:
        one = self.current
        choices = list(one.choices) if one else []
        self._foot.setVisible(bool(choices))
        if one is None or not choices:
            return
        self.question.setText(self.why(one) or self._counter.say("opening.sheet.left_out"))
        self.choices.show_choices([Choice(word, self._label(one, word)) for word in choices])
        self.choices.set_value("")

    def _label(self, one: Judged, word: str) -> str:
        say = self._counter.say
        if word.startswith(PERSON):
            identity = word.removeprefix(PERSON)
            person = next(c for c in one.candidates if c.identity == identity)
            name = self._counter.privacy.name(person.name)
            place = person.hamlet or say("opening.sheet.no_hamlet")
            tail = say("opening.sheet.tail", tail=person.tail) if person.tail else ""
            return f"{name} {place} {tail}".strip()
        if word == REGISTER and one.state == LEFT:
            return say("opening.decision.take_after_all")
        if word == SKIP and one.state == DOUBLE:
            return say(f"opening.decision.same_{self._kind}")
        if word == ANOTHER:
            return say(f"opening.decision.another_{self._kind}")
        return say(f"opening.decision.{word}")

    def _chosen(self, word: str) -> None:
        one = self.current
        if one is not None:
            self.decided.emit(one.row.number, word)
