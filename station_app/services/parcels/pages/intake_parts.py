"""The parts of the intake page: the parcel in hand, its place with its label, the round so far."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station_app.printing.document import grouped
from station_app.services.parcels.entering import Candidate, Entry, Tally
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.offers import Tone
from station_app.shell.widgets.boxes import TailBoxes
from station_app.shell.widgets.cards import BigCode, PersonChoice, ReceiptPreview
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import MoneyField, TextField
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Banner, Panel
from station_app.shell.widgets.pills import Chip, StatusPill
from station_app.shell.widgets.words import IconLabel, Words, hint, rule

COURIERS_MAX = 9
FIRST_OF_SIZES = 7  # 7, 8, 9: the digits before choose people
NAME_SHOWN = 6  # characters of a name on a button; the whole name stands in the list
RIGHT_WIDTH, RIGHT_WIDTH_COMPACT = 404, 344
IDLE_HEIGHT = 130  # close to that of a parcel in hand, so that the list hardly moves
IDLE_HEIGHT_COMPACT = 96
PAPER_HEIGHT_MIN = 96
LABEL_SIZE = "60 × 40"


class Question(QWidget):
    """A line of words and the choices below it."""

    def __init__(self, columns: int, *, height: int = theme.FORM_HEIGHT) -> None:
        """Make a question without choices."""
        super().__init__()
        self.words = hint()
        self.row = ChoiceRow(columns=columns, height=height)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.words)
        column.addWidget(self.row)
        column.addStretch(1)

    def ask(self, words: str, choices: Sequence[Choice]) -> None:
        """Ask something."""
        self.words.setText(words)
        self.row.show_choices(choices)
        self.row.set_value("")


class ParcelPanel(Panel):
    """The parcel in hand: whose waybill, for whom, and what there is to collect.

    Signals: tail_typed(str), candidate_chosen(int), courier_chosen(str), name_typed(str),
    phone_typed(str), amounts_changed(), size_chosen(str).
    """

    tail_typed = Signal(str)
    candidate_chosen = Signal(int)
    courier_chosen = Signal(str)
    name_typed = Signal(str)
    phone_typed = Signal(str)
    amounts_changed = Signal()
    size_chosen = Signal(str)

    def __init__(self, counter: Counter) -> None:
        """Make an empty panel."""
        super().__init__("active", margins=(24, 16, 24, 20), spacing=10)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._counter = counter
        self._build_head()
        self.banner = Banner()
        self.banner.hide()
        self.body.addWidget(self.banner)
        self.courier = Question(columns=5)
        self.courier.row.chosen.connect(self.courier_chosen)
        self.body.addWidget(self.courier)
        self._build_for()
        self._build_names()
        self._build_amounts()
        self._build_consent()
        self._order_focus()

    def _say(self, key: str, /, **slots: object) -> str:
        return self._counter.texts.say(key, **slots)

    def _build_head(self) -> None:
        self._chip = Chip()
        self._waybill = Words("", theme.HEADING_LARGE, bold=True).elided()
        self._pill = StatusPill()
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._chip)
        row.addWidget(self._waybill, 1)
        row.addWidget(self._pill)
        self.body.addLayout(row)

    def _build_for(self) -> None:
        """Lay out the tail at the left and who it is at the right."""
        self._for = QWidget()
        self.tail = TailBoxes(self._say("parcels.intake.tail"))
        self.tail.changed.connect(self.tail_typed)
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(hint(self._say("parcels.intake.tail")))
        left.addWidget(self.tail)
        left.addStretch(1)
        self.person = PersonChoice()
        self.person.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.several = Question(columns=2)
        self.several.row.chosen.connect(lambda value: self.candidate_chosen.emit(int(value)))
        one = QWidget()
        column = QVBoxLayout(one)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._person_hint = hint()
        column.addWidget(self._person_hint)
        column.addWidget(self.person)
        column.addStretch(1)
        self._one = one
        row = QHBoxLayout(self._for)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        row.addLayout(left)
        row.addWidget(one, 1)
        row.addWidget(self.several, 1)
        self.body.addWidget(self._for)

    def _build_names(self) -> None:
        texts = self._counter.texts
        self._names = QWidget()
        self.name = TextField(texts, self._say("parcels.intake.name"), limit=30, chinese=True)
        self.phone = TextField(texts, self._say("parcels.intake.phone"), limit=15)
        self.register = KeyButton(
            self._say("parcels.intake.register"), "Ctrl+G", icon="plus", height=theme.FORM_HEIGHT
        )
        self.name.changed.connect(self.name_typed)
        self.phone.changed.connect(self.phone_typed)
        row = QHBoxLayout(self._names)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.name, 3)
        row.addWidget(self.phone, 2)
        row.addWidget(self.register, 0, Qt.AlignmentFlag.AlignBottom)
        self.body.addWidget(self._names)
        self.found = Question(columns=3, height=theme.WORD_HEIGHT)
        self.found.row.chosen.connect(lambda value: self.candidate_chosen.emit(int(value)))
        self.body.addWidget(self.found)

    def _build_amounts(self) -> None:
        texts = self._counter.texts
        self.amounts = QWidget()
        self.cod = MoneyField(texts, self._say("parcels.intake.cod"))
        self.freight = MoneyField(texts, self._say("parcels.intake.freight"))
        for field in (self.cod, self.freight):
            field.amount_changed.connect(lambda _fen: self.amounts_changed.emit())
        sizes = [Choice(size, self._say(f"parcels.size.{size}")) for size in ("S", "M", "L")]
        self.sizes = ChoiceRow(sizes, first=FIRST_OF_SIZES, height=theme.FORM_HEIGHT)
        self.sizes.chosen.connect(self.size_chosen)
        box = QVBoxLayout()
        box.setSpacing(2)
        box.addWidget(hint(self._say("parcels.intake.size")))
        box.addWidget(self.sizes)
        row = QHBoxLayout(self.amounts)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.cod, 2)
        row.addWidget(self.freight, 2)
        row.addLayout(box, 3)
        self.body.addWidget(self.amounts)

    def is_amount_wrong(self) -> bool:
        """Tell whether something stands in a field of money that is no amount."""
        return self.cod.is_wrong() or self.freight.is_wrong()

    def fold_amounts(self) -> bool:
        """Fold the fields of money away; what was typed into them stays in sight."""
        is_empty = not (self.cod.text() or self.freight.text())
        self.amounts.setVisible(not is_empty)
        return is_empty

    def _build_consent(self) -> None:
        self._consent = QWidget()
        row = QHBoxLayout(self._consent)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self._consent_icon = IconLabel("notice", "notice")
        self._consent_words = Words("", theme.BODY)
        self.consent = KeyButton(
            self._say("parcels.intake.consented"), "Ctrl+Y", height=theme.INLINE_HEIGHT
        )
        row.addWidget(self._consent_icon)
        row.addWidget(self._consent_words, 1)
        row.addWidget(self.consent)
        self.body.addWidget(self._consent)

    def _order_focus(self) -> None:
        """Let Tab go from field to field as they stand."""
        self.setTabOrder(self.name.line, self.phone.line)
        self.setTabOrder(self.phone.line, self.register)
        self.setTabOrder(self.tail, self.cod.line)
        self.setTabOrder(self.cod.line, self.freight.line)

    # --- Showing ---------------------------------------------------------------------------------

    def show_entry(self, entry: Entry, couriers: Mapping[str, str], *, is_naming: bool) -> None:
        """Show what is known of the parcel. couriers: short names by code."""
        short = couriers.get(entry.courier, "")
        self._chip.show_words(short or "?")
        waybill = grouped(entry.waybill) if entry.waybill else self._say("parcels.shown.no_waybill")
        self._waybill.setText(waybill)
        self._pill.show_state(*self._courier_state(entry))
        self.courier.setVisible(not entry.courier)
        self._for.setVisible(bool(entry.courier) and not is_naming)
        self._names.setVisible(bool(entry.courier) and is_naming)
        self.found.setVisible(bool(entry.courier and entry.candidates) and is_naming)
        if self.tail.text() != entry.typed:
            self.tail.set_text(entry.typed)
        is_open = bool(entry.candidates) and entry.chosen is None and not entry.is_nobody
        self.several.setVisible(is_open and not is_naming)
        self._one.setVisible(not is_open)
        self._show_person(entry)
        self._show_consent(entry)

    def _courier_state(self, entry: Entry) -> tuple[str, Tone]:
        if not entry.courier:
            return self._say("parcels.intake.whose"), "warn"
        if entry.is_announced:
            return self._say("parcels.intake.announced"), "ok"
        if entry.guess.courier != entry.courier:
            return self._say("parcels.intake.chosen"), "ok"
        return self._say(f"parcels.intake.by_{entry.guess.how or 'pattern'}"), "ok"

    def _show_person(self, entry: Entry) -> None:
        chosen = entry.chosen
        self._person_hint.setText(
            self._say("parcels.intake.is_it" if chosen else "parcels.intake.who")
        )
        if chosen is not None:
            name = self._counter.privacy.name(chosen.name)
            self.person.show_person(name, self.small(chosen))
        elif entry.tail:
            self.person.show_sentence(self._say("parcels.intake.nobody"), warn=True)
        else:
            self.person.show_sentence(self._say("parcels.intake.type_tail"))

    def small(self, candidate: Candidate) -> str:
        """Return the second line of a person: where she lives, what waits for her."""
        parts = [candidate.hamlet] if candidate.hamlet else []
        if not candidate.person:
            parts.append(self._say("parcels.intake.from_label"))
        if candidate.waiting:
            parts.append(self._say("parcels.intake.waiting", count=candidate.waiting))
        return "·".join(parts)

    def _show_consent(self, entry: Entry) -> None:
        chosen = entry.chosen
        is_asked = chosen is None or not chosen.person or chosen.consent == "yes"
        self._consent.setVisible(not is_asked)
        if chosen is not None and not is_asked:
            is_no = chosen.consent == "no"
            self._consent_icon.show_icon(
                "warn" if is_no else "notice", "warn" if is_no else "notice"
            )
            key = "parcels.intake.consent_no" if is_no else "parcels.intake.consent_unknown"
            self._consent_words.setText(self._say(key))

    def ask_person(self, candidates: Sequence[Candidate]) -> None:
        """List everybody to whom the tail belongs; the last choice is nobody of them."""
        choices = [
            Choice(str(number), self._label(candidate), "person")
            for number, candidate in enumerate(candidates)
        ]
        choices.append(Choice(str(len(candidates)), self._say("parcels.intake.none_of_them")))
        self.several.ask(self._say("parcels.intake.several", count=len(candidates)), choices)

    def offer_names(self, candidates: Sequence[Candidate]) -> None:
        """List villagers who fit the name that is being typed; none of them is taken."""
        choices = [
            Choice(str(number), self._label(candidate), "person")
            for number, candidate in enumerate(candidates)
        ]
        self.found.ask(self.say_found(len(choices)), choices)

    def say_found(self, count: int) -> str:
        """Return the words over the villagers that a typed name fits."""
        return self._say("parcels.intake.found", count=count)

    def _label(self, candidate: Candidate) -> str:
        name = self._counter.privacy.name(candidate.name)[:NAME_SHOWN]
        return f"{name} {candidate.hamlet or self._say('parcels.intake.on_label')}"

    def ask_courier(self, codes: Sequence[str], couriers: Mapping[str, str]) -> None:
        """Ask whose waybill it is."""
        shown = list(codes[:COURIERS_MAX])
        if len(codes) > COURIERS_MAX and "OTHER" in codes and "OTHER" not in shown:
            shown[-1] = "OTHER"
        choices = [Choice(code, couriers.get(code, code)) for code in shown]
        self.courier.ask(self._say("parcels.intake.which_courier"), choices)

    def set_compact(self, *, compact: bool) -> None:
        """Become lower in a low window."""
        self.body.setContentsMargins(*((16, 8, 16, 10) if compact else (24, 16, 24, 20)))
        self.body.setSpacing(6 if compact else 10)
        self.tail.set_compact(compact=compact)
        self.person.setFixedHeight(60 if compact else 72)


class PaperPlace(QWidget):
    """Room for a paper, as much as is left: a page never scrolls because a paper is large."""

    def __init__(self, preview: ReceiptPreview) -> None:
        """Hold a preview."""
        super().__init__()
        self._preview = preview
        preview.setParent(self)
        self.setMinimumHeight(PAPER_HEIGHT_MIN)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Give the preview all of it."""
        self._preview.resize(self.size())


class PlacePanel(Panel):
    """Where it goes, and the label that will come out. Signals: shelf_chosen(str), asked()."""

    shelf_chosen = Signal(str)
    asked = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make a panel without a place."""
        super().__init__(margins=(20, 12, 20, 14), spacing=6)
        self._counter = counter
        say = counter.texts.say
        head = QHBoxLayout()
        self._title = hint(say("parcels.intake.place"))
        self.other = KeyButton(
            say("parcels.intake.other_place"), "F10", kind="ghost", height=theme.INLINE_HEIGHT
        )
        self.other.clicked.connect(lambda _=False: self.asked.emit())
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self.other)
        self.body.addLayout(head)
        self.code = BigCode()
        self.body.addWidget(self.code)
        self.question = Question(columns=2)
        self.question.row.chosen.connect(self.shelf_chosen)
        self.question.hide()
        self.body.addWidget(self.question)
        self.body.addSpacing(4)
        self.body.addWidget(rule())
        label_head = QHBoxLayout()
        label_head.addWidget(hint(say("parcels.intake.label_size", size=LABEL_SIZE)))
        label_head.addStretch(1)
        self._auto = Words(say("parcels.intake.auto_print"), theme.HINT, bold=True, ink="pressed")
        label_head.addWidget(self._auto)
        self.body.addLayout(label_head)
        self.preview = ReceiptPreview(say("parcels.document.label"))
        self._paper = PaperPlace(self.preview)
        self.body.addWidget(self._paper, 1)
        self._left = hint()
        self.body.addWidget(self._left)
        spoken = QHBoxLayout()
        spoken.setSpacing(8)
        self._speaker = IconLabel("speaker", "ink2", 20)
        self._spoken = hint()
        spoken.addWidget(self._speaker)
        spoken.addWidget(self._spoken, 1)
        self.body.addLayout(spoken)
        self.setFixedWidth(RIGHT_WIDTH)

    def show_place(self, code: str, small: str, left: str, spoken: str) -> None:
        """Show a pickup code, what it means, how much room is left, how it is read out."""
        self.code.show_code(code, small)
        self._left.setText(left)
        self._left.setVisible(bool(left))
        self._spoken.setText(spoken)
        self._speaker.setVisible(bool(spoken))

    def ask(self, words: str, choices: Sequence[Choice]) -> None:
        """Ask for a shelf or a layer."""
        self.question.ask(words, choices)
        self.question.show()
        self._paper.hide()

    def stop_asking(self) -> None:
        """Show the label again."""
        self.question.hide()
        self._paper.show()

    @property
    def is_asking(self) -> bool:
        """Tell whether a shelf or layer is to be chosen."""
        return not self.question.isHidden()

    def set_compact(self, *, compact: bool) -> None:
        """Become narrower in a low window."""
        self.setFixedWidth(RIGHT_WIDTH_COMPACT if compact else RIGHT_WIDTH)
        self.body.setContentsMargins(*((16, 6, 16, 8) if compact else (20, 12, 20, 14)))
        self.body.setSpacing(2 if compact else 6)


class Idle(Panel):
    """Between two parcels: what to do next, or what the round came to."""

    def __init__(self, counter: Counter) -> None:
        """Say that the next one may be scanned."""
        super().__init__("active", margins=(24, 20, 24, 20), spacing=18, horizontal=True)
        self._counter = counter
        self.setMinimumHeight(IDLE_HEIGHT)
        self._icon = IconLabel("scan", "pressed", 56)
        self._title = Words("", theme.HEADING, bold=True)
        self._small = Words("", theme.BODY, ink="ink2", wrap=True)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addStretch(1)
        texts.addWidget(self._title)
        texts.addWidget(self._small)
        texts.addStretch(1)
        self.body.addWidget(self._icon)
        self.body.addLayout(texts, 1)

    def set_compact(self, *, compact: bool) -> None:
        """Become lower in a low window."""
        self.setMinimumHeight(IDLE_HEIGHT_COMPACT if compact else IDLE_HEIGHT)

    def say_next(self) -> None:
        """Ask for the next parcel."""
        self._icon.show_icon("scan", "pressed")
        self._title.setText(self._counter.say("parcels.intake.next"))
        self._small.setText(self._counter.say("parcels.intake.next_small"))

    def say_tally(self, tally: Tally, couriers: Mapping[str, str]) -> None:
        """Say what the round came to."""
        say = self._counter.say
        self._icon.show_icon("ok", "pressed")
        self._title.setText(say("parcels.intake.tally", count=tally.total))
        parts = [f"{couriers.get(code, code)} {count}" for code, count in tally.by_courier]
        if tally.nameless:
            parts.append(say("parcels.intake.nameless", count=tally.nameless))
        self._small.setText("　".join(parts))
