"""The weight of a lot on its way in: from the scale with its frame, or typed and marked so."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.ledger.rounding import half_up
from station_app.reference.produce import Sort
from station_app.services.consignment.commands import Weighed
from station_app.services.consignment.taking import QUANTITY_MAX
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.drafts import Draft
from station_app.shell.widgets.fields import TextField, in_row
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.weight import WeightPanel
from station_app.values import spoken
from station_app.values.money import FULL_WIDTH
from station_app.values.weight import kg_plain, parse_jin

TYPED_MAX = 20
TENTHS_OF_WHOLE = 1_000  # a share in tenths of a per cent


class WeighingPart(QWidget):
    """Weight window, fields and keys. Signal changed: something was weighed or typed."""

    changed = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make it empty, for goods that are weighed."""
        super().__init__()
        self._counter = counter
        self._sort: Sort | None = None
        self._frame, self._framed_grams, self._framed_at = "", 0, 0
        self._tare_frame, self._tare_framed, self._tare_at = "", 0, 0
        texts, say = counter.texts, counter.say
        self.window_ = WeightPanel(counter)
        self.use = KeyButton(say("consignment.intake.use_scale"), "F10", height=theme.INLINE_HEIGHT)
        self.tare_key = KeyButton(say("consignment.intake.tare"), "F11", height=theme.INLINE_HEIGHT)
        self.gross = TextField(
            texts, say("consignment.intake.gross"), limit=TYPED_MAX, chinese=True
        )
        self.tare = TextField(
            texts, say("consignment.intake.tare_typed"), limit=TYPED_MAX, chinese=True
        )
        self.deducted = TextField(
            texts, say("consignment.intake.deducted"), limit=TYPED_MAX, chinese=True
        )
        self.pieces = TextField(
            texts, say("consignment.intake.pieces"), limit=TYPED_MAX, chinese=True
        )
        self._keys, self._typed = QWidget(), QWidget()
        self._keys.setLayout(in_row(self.use, self.tare_key))
        self._typed.setLayout(in_row(self.gross, self.tare, self.deducted, spacing=8))
        for place in (self._keys, self._typed):
            layout = place.layout()
            assert layout is not None
            layout.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._column = column
        for widget in (self.window_, self._keys, self._typed, self.pieces):
            column.addWidget(widget)
        self.window_.changed.connect(self._scale_moved)
        self.use.clicked.connect(lambda _checked: self.weigh())
        self.tare_key.clicked.connect(lambda _checked: self._take_tare())
        for field in (self.gross, self.tare, self.deducted, self.pieces):
            field.changed.connect(lambda _text: self.changed.emit())
        self.show_sort(None)

    def set_compact(self, *, compact: bool) -> None:
        """Stand closer in a low window."""
        self._column.setSpacing(3 if compact else 6)
        self.window_.body.setContentsMargins(*((14, 4, 14, 4) if compact else (20, 5, 20, 5)))

    # --- Which goods -----------------------------------------------------------------------------

    def show_sort(self, sort: Sort | None) -> None:
        """Ask for a weight, or for a number of pieces."""
        self._sort = sort
        counts = self.counts_pieces
        for widget in (self.window_, self._keys, self._typed):
            widget.setVisible(not counts)
        self.pieces.setVisible(counts)
        word = sort.word if sort and counts else ""
        self.pieces.set_label(self._counter.say("consignment.intake.pieces_of", word=word))
        self._scale_moved()

    @property
    def counts_pieces(self) -> bool:
        """Tell whether these goods are counted."""
        return self._sort is not None and self._sort.unit == "piece"

    def first_field(self) -> QWidget:
        """Return what is typed first."""
        return self.pieces if self.counts_pieces else self.gross

    def _scale_moved(self) -> None:
        is_there = self.window_.shown.state != "none" and not self.counts_pieces
        self._keys.setVisible(is_there)
        reason = "" if self.window_.is_steady else self.window_.pill.words
        self.use.set_possible(possible=self.window_.is_steady, reason=reason)

    # --- From the scale --------------------------------------------------------------------------

    def weigh(self) -> None:
        """Take what stands on the scale; its frame goes into the fact."""
        taken = self.window_.take()
        if taken is None:
            self._counter.sounds.play("warn")
            return
        self._frame, self._framed_grams = taken.frame, taken.gross_grams
        self._framed_at = self._counter.desk.now().at
        self.gross.set_text(_kg_text(taken.gross_grams))
        if taken.tare_grams:
            self.tare.set_text(_kg_text(taken.tare_grams))
        self._counter.sounds.play("ok")
        self._counter.voice.speak("weight", spoken.weight(taken.net_grams))
        self.changed.emit()

    def _take_tare(self) -> None:
        if not self.window_.tare():
            self._counter.sounds.play("warn")
            return
        self._tare_frame, self._tare_framed = self.window_.tare_frame, self.window_.tare_grams
        self._tare_at = self._counter.desk.now().at
        self.tare.set_text(_kg_text(self.window_.tare_grams) if self.window_.tare_grams else "")
        self._counter.sounds.play("ok")
        self.changed.emit()

    # --- What stands there -----------------------------------------------------------------------

    def weighed(self) -> Weighed | None:
        """Return what stands there; None while something of it is no weight, or nothing does."""
        if self.counts_pieces:
            pieces = self._pieces()
            return Weighed(pieces=pieces) if 0 < pieces <= QUANTITY_MAX else None
        gross, tare = _grams(self.gross.text()), _grams(self.tare.text() or "0")
        if not gross or tare is None:
            return None
        deducted = _deducted(self.deducted.text(), gross - tare)
        if deducted is None:
            return None
        return Weighed(
            gross_grams=gross,
            tare_grams=tare,
            deducted_grams=deducted,
            frame=self._frame if gross == self._framed_grams else "",
            framed_at=self._framed_at,
            tare_frame=self._tare_frame if tare == self._tare_framed else "",
            tare_at=self._tare_at,
        )

    def wrong(self) -> str:
        """Return what is no weight, as the end of a text key, "" when all of it is."""
        if self.counts_pieces:
            is_none = self.pieces.text().strip() in ("", "0")
            return "" if self.weighed() else "pieces" if is_none else "pieces_only"
        if not _grams(self.gross.text()):
            return "weight"
        gross, tare = _grams(self.gross.text()) or 0, _grams(self.tare.text() or "0")
        if tare is None:
            return "tare"
        if tare >= gross:
            return "tare_above"
        deducted = _deducted(self.deducted.text(), gross - tare)
        if deducted is None:
            return "deducted"
        return "all_deducted" if deducted >= gross - tare else ""

    def _pieces(self) -> int:
        """Return the number that was typed, with its word or without; 0 if it is none.

        A weight must not become a number of pieces by dropping its unit.
        """
        bare = self.pieces.text().translate(FULL_WIDTH).strip()
        if self._sort is not None and self._sort.word:
            bare = bare.removesuffix(self._sort.word).strip()
        return int(bare) if bare.isascii() and bare.isdigit() else 0

    def clear(self) -> None:
        """Begin with nothing."""
        self._frame, self._framed_grams, self._framed_at = "", 0, 0
        self._tare_frame, self._tare_framed, self._tare_at = "", 0, 0
        self.window_.tare_grams = 0
        for field in (self.gross, self.tare, self.deducted, self.pieces):
            field.set_text("")

    def draft(self) -> Draft:
        """Return what stands there, and the frame behind it."""
        return {
            "gross": self.gross.text(),
            "tare": self.tare.text(),
            "deducted": self.deducted.text(),
            "pieces": self.pieces.text(),
            "frame": self._frame,
            "framed": self._framed_grams,
            "framed_at": self._framed_at,
            "tare_frame": self._tare_frame,
            "tare_framed": self._tare_framed,
            "tare_at": self._tare_at,
        }

    def resume(self, draft: Draft) -> None:
        """Put it there again."""
        for field, key in (
            (self.gross, "gross"), (self.tare, "tare"), (self.deducted, "deducted"),
            (self.pieces, "pieces"),
        ):  # fmt: skip
            field.set_text(draft[key])
        self._frame, self._framed_grams = draft["frame"], draft["framed"]
        self._framed_at = draft.get("framed_at", 0)
        self._tare_frame = draft.get("tare_frame", "")
        self._tare_framed = draft.get("tare_framed", 0)
        self._tare_at = draft.get("tare_at", 0)


def _kg_text(grams: int) -> str:
    plain = kg_plain(grams).replace(",", "").rstrip("0").rstrip(".")
    return f"{plain}公斤"


def _grams(typed: str) -> int | None:
    """Return the grams of what was typed, 斤 unless it says otherwise."""
    grams = parse_jin(typed.strip())
    return grams if grams is not None and grams <= QUANTITY_MAX else None


def _deducted(typed: str, net_grams: int) -> int | None:
    """Return what is deducted: a weight, or "1%" of what is left of the baskets."""
    bare = typed.translate(FULL_WIDTH).strip().replace("％", "%")
    if not bare:
        return 0
    if not bare.endswith("%"):
        return _grams(bare)
    whole, _, tenth = bare[:-1].strip().partition(".")
    digits = f"{whole or '0'}{(tenth or '0')}"
    if not (digits.isascii() and digits.isdigit()) or len(tenth) > 1 or len(whole) > 2:
        return None
    return half_up(max(0, net_grams) * int(digits), TENTHS_OF_WHOLE)
