"""The parts of the manifest page: bags that wait, figures, pieces, who is on the other side."""

from collections.abc import Mapping, Sequence

import msgspec
from PySide6.QtWidgets import QHBoxLayout, QWidget

from station_app.services.parcels.bag_records import BagHere
from station_app.services.parcels.facts import ListedPiece
from station_app.services.parcels.lists import goods_words
from station_app.services.parcels.load_facts import LoadedBag
from station_app.services.parcels.manifests import NAME_MAX
from station_app.services.parcels.pages.handover_parts import RIGHT_WIDTH, RIGHT_WIDTH_COMPACT
from station_app.services.parcels.seals import WORDS_MAX
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.offers import Tone
from station_app.shell.widgets.cells import ChipText, Column, Pill, Row, Text
from station_app.shell.widgets.fields import CountField, TextField
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint, strong
from station_app.values.goods_out import GoodsOut

SCANNED = "scanned"  # as shown: seen, where nobody said what was to come
TONES: Mapping[str, Tone] = {"missing": "warn", "extra": "notice", "seen": "ok", SCANNED: "ok"}


def as_scanned(pieces: Sequence[ListedPiece]) -> tuple[ListedPiece, ...]:
    """Return the pieces of a list of which nothing was announced: none of them is too many."""
    return tuple(msgspec.structs.replace(piece, state=SCANNED) for piece in pieces)


class PieceList(Panel):
    """Bags that wait while none is in hand; else the pieces, what differs first."""

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__(margins=(1, 12, 1, 4), spacing=0)
        self._counter = counter
        self._title = strong()
        self._title.setContentsMargins(20, 0, 20, 6)
        self.body.addWidget(self._title)
        columns = (Column("state", 150), Column("what"), Column("aside", 220, "right"))
        name = counter.say("parcels.manifest.list_name")
        self.table = ListTable(columns, name=name, row_height=52)
        self.body.addWidget(self.table, 1)

    def show_bags(self, bags: Sequence[BagHere]) -> None:
        """Show the bags that stand here closed."""
        say = self._counter.say
        self._title.setText(say("parcels.manifest.waiting", count=len(bags)))
        self.table.show_rows(
            [
                Row(
                    one.identity,
                    (
                        Pill(say("parcels.manifest.closed"), "waiting"),
                        Text(one.state.code, theme.STRONG, bold=True),
                        Text(say("parcels.board.pieces", count=one.state.pieces)),
                    ),
                )
                for one in bags
            ]
        )

    def show_pieces(
        self,
        pieces: Sequence[ListedPiece],
        couriers: Mapping[str, str],
        goods: Sequence[GoodsOut] = (),
        bags: Sequence[LoadedBag] = (),
        whose: Mapping[str, str] | None = None,
    ) -> None:
        """Show the pieces of the list in hand, and what produce and empty bags go along.

        whose: for whom what differs is, by waybill, as far as somebody said.
        """
        named = whose or {}
        say = self._counter.say
        states = {piece.state for piece in pieces}
        key = "differing" if states & {"missing", "extra"} else "fitting"
        if goods or bags:
            key = "going_along"
        elif not states or SCANNED in states:
            key = "scanned" if states else "nothing_yet"
        self._title.setText(say(f"parcels.manifest.{key}"))
        self.table.show_rows(
            [
                Row(
                    f"{piece.state}/{piece.waybill}",
                    (
                        Pill(say(f"parcels.manifest.state_{piece.state}"), TONES[piece.state]),
                        ChipText(couriers.get(piece.courier, piece.courier), piece.waybill),
                        Text(named[piece.waybill]) if piece.waybill in named else None,
                    ),
                    tone="warn" if piece.state == "missing" else "plain",
                )
                for piece in pieces
            ]
            + [self._goods(one) for one in goods]
            + [self._bag(one) for one in bags]
        )

    def _goods(self, one: GoodsOut) -> Row:
        words = goods_words(one, self._counter.texts)
        pill = Pill(self._counter.say("parcels.manifest.state_goods"), "ok")
        return Row(one.dispatch, (pill, Text(one.name, bold=True, small=one.code), Text(words)))

    def _bag(self, one: LoadedBag) -> Row:
        pill = Pill(self._counter.say("parcels.manifest.state_bag"), "ok")
        return Row(one.bag, (pill, Text(one.code, bold=True), None))


class Figures(QWidget):
    """Announced, seen, missing, extra: large, side by side."""

    def __init__(self, counter: Counter) -> None:
        """Make four tiles."""
        super().__init__()
        self._counter = counter
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        self.values: dict[str, Words] = {}
        for key in ("announced", "seen", "missing", "extra"):
            tile = Panel(margins=(16, 8, 16, 8), spacing=2)
            self.values[key] = Words("", theme.HEADING_LARGE, bold=True).centred()
            tile.body.addWidget(self.values[key])
            tile.body.addWidget(hint(counter.say(f"parcels.manifest.figure_{key}")).centred())
            row.addWidget(tile)

    def show_figures(self, figures: Mapping[str, str]) -> None:
        """Show these."""
        for key, value in figures.items():
            self.values[key].setText(value)
            is_odd = key in ("missing", "extra") and value not in ("0", "—")
            self.values[key].set_ink("warn" if is_odd else "ink")


class SidePanel(Panel):
    """The bag or the round in hand, how many by its tag, and who is on the other side."""

    def __init__(self, counter: Counter) -> None:
        """Make it with nothing in hand."""
        super().__init__(margins=(22, 14, 22, 12), spacing=8)
        texts = counter.texts
        self._title = Words("", theme.TITLE, bold=True).elided()
        self._small = Words("", theme.BODY, ink="ink2", wrap=True)
        self.pieces = CountField(texts, counter.say("parcels.manifest.by_tag"), digits=3)
        self.other = TextField(
            texts, counter.say("parcels.manifest.other"), limit=NAME_MAX, chinese=True
        )
        self.seal = TextField(
            texts, counter.say("parcels.manifest.seal_why"), limit=WORDS_MAX, chinese=True
        )
        self.seal.hide()
        self._both = hint(counter.say("parcels.manifest.both_sign"), wrap=True)
        for part in (self._title, self._small, self.pieces, self.other, self.seal, self._both):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.setFixedWidth(RIGHT_WIDTH)

    def show_side(self, title: str, small: str, *, asks_pieces: bool, asks_other: bool) -> None:
        """Say what is in hand, and ask for what is still to be said."""
        self._title.setText(title)
        self._small.setText(small)
        self.pieces.setVisible(asks_pieces)
        for part in (self.other, self._both):
            part.setVisible(asks_other)

    def clear(self) -> None:
        """Empty the fields; the next seal is whole."""
        for field in (self.pieces, self.other, self.seal):
            field.set_text("")
        self.seal.hide()

    def set_compact(self, *, compact: bool) -> None:
        """Become narrower in a low window."""
        self.setFixedWidth(RIGHT_WIDTH_COMPACT if compact else RIGHT_WIDTH)
