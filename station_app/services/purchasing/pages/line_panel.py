"""One line of an order: what is bought by link or description, or how many of some goods.

What a telephone shared is pasted into one field; platform, link and name are read from it, and all
of it goes along. A free-form item needs words and a price; above the ceiling she is asked first.
"""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from station_app.reference.order_terms import OrderTerms
from station_app.services.purchasing.cart import Item
from station_app.services.purchasing.pages.seeker import PASTE_SIGNS_MAX
from station_app.services.purchasing.pasted import PASTED_MAX, Pasted, read_pasted
from station_app.services.purchasing.placing import ITEM_MAX, LINK_MAX, PIECES_MAX, PRICE_MAX
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.fields import CountField, MoneyField, TextField, in_row
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import Words, hint
from station_app.values.money import say_yuan


class LinePanel(Panel):
    """Asks for one line. Signal changed: something was typed. place: of a line put right."""

    changed = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__("active", margins=(22, 14, 22, 12), spacing=8)
        self._counter = counter
        self._terms = OrderTerms()
        self._goods: Item | None = None
        self._pasted, self._read_as = Pasted(), ""
        self._photo = ""
        self.place: int | None = None
        texts = counter.texts
        self._title = Words("", theme.TITLE, bold=True).elided()
        self.paste = TextField(texts, self._say("paste"), limit=PASTE_SIGNS_MAX, chinese=True)
        self.paste.line.setPlaceholderText(self._say("paste_how"))
        self._read = hint("", wrap=True)
        self.what = TextField(texts, self._say("what"), limit=ITEM_MAX, chinese=True)
        self.what.line.setPlaceholderText(self._say("what_how"))
        self.price = MoneyField(texts, self._say("price"))
        self.pieces = CountField(texts, self._say("pieces"), digits=3)
        self.ceiling = MoneyField(texts, self._say("ceiling"))
        self._note = hint("", wrap=True)
        self.body.addWidget(self._title)
        for widget in (self.paste, self._read, self.what):
            self.body.addWidget(widget)
        self.body.addLayout(in_row(self.price, self.pieces, self.ceiling))
        self.body.addWidget(self._note)
        self.body.addStretch(1)
        self.paste.changed.connect(self._take_paste)
        self.what.changed.connect(lambda _text: self._show())
        self.pieces.count_changed.connect(lambda _count: self._show())
        self.price.amount_changed.connect(lambda _fen: self._show())
        self.ceiling.amount_changed.connect(lambda _fen: self._show())

    def _say(self, key: str, /, **slots: object) -> str:
        return self._counter.say(f"purchasing.line.{key}", **slots)

    def ask(self, terms: OrderTerms, item: Item | None = None, place: int | None = None) -> None:
        """Ask for a free-form item, or put a line right."""
        self._terms, self.place = terms, place
        self._goods = item if item is not None and item.product else None
        self._pasted, self._photo = Pasted(), item.photo if item is not None else ""
        if item is not None and not item.product:
            self._pasted = Pasted(
                platform=item.platform, links=(item.link,) if item.link else (), remark=item.remark
            )
        is_free = self._goods is None
        self._title.setText(self._say("title") if item is None else item.words)
        self.paste.set_text("")
        self._read_as = ""
        self.what.set_text(item.words if item else "")
        self.pieces.set_count(item.pieces if item else 1)
        self.price.set_fen(item.price_fen if item else None)
        self.ceiling.set_fen(item.ceiling_fen if item else None)
        for widget in (self.paste, self.what):
            widget.setVisible(is_free)
        self.price.setEnabled(is_free)
        self._show()

    def take_described(self, text: str) -> None:
        """Begin with what was typed or pasted before the panel stood there."""
        found = read_pasted(text)
        if found.is_found:
            self.paste.set_text(text)
            self._take_paste(text)
        else:
            self.what.set_text(" ".join(text.split())[:ITEM_MAX])
            self._show()

    @property
    def is_free(self) -> bool:
        """Tell whether it is something that the catalogue does not have."""
        return self._goods is None

    def first_field(self) -> QWidget:
        """Return what is typed first."""
        if self._goods is not None:
            return self.pieces
        return self.price if self.what.text().strip() else self.paste

    def next_field(self) -> QWidget | None:
        """Return the field that lacks something, None when nothing does."""
        fields: dict[str, QWidget] = {
            "what": self.what, "pieces": self.pieces, "price": self.price, "ceiling": self.ceiling,
        }  # fmt: skip
        return fields.get(self.missing())

    def _take_paste(self, text: str) -> None:
        """Read what was pasted; words that are no link are what she wants. Typed words stay."""
        self._pasted = read_pasted(text)
        found = self._pasted
        bare = "" if found.is_found else " ".join(found.remark.split())[:ITEM_MAX]
        if self.what.text().strip() in ("", self._read_as):
            self._read_as = (found.title or bare).strip()
            self.what.set_text(self._read_as)
        self._show()

    # --- What was typed --------------------------------------------------------------------------

    def item(self) -> Item | None:
        """Return the line as it stands, None while something is missing."""
        if self.missing():
            return None
        pieces, price_fen = self.pieces.count() or 0, self.price.fen() or 0
        ceiling_fen = self.ceiling.fen() or self._terms.ceiling_fen(price_fen)
        if self._goods is not None:
            return replace(self._goods, pieces=pieces, ceiling_fen=ceiling_fen)
        found = self._pasted
        platform = self._counter.say(f"purchasing.platform.{found.platform or 'unknown'}")
        return Item(
            product="",
            words=self.what.text().strip(),
            price_fen=price_fen,
            ceiling_fen=ceiling_fen,
            pieces=pieces,
            prepayment_bp=self._terms.prepayment_bp,
            platform=platform,
            link=found.link[:LINK_MAX],
            remark=found.remark if found.remark != self.what.text().strip() else "",
            photo=self._photo,
        )

    def missing(self) -> str:
        """Return what is still to be done, as the end of a text key, "" when nothing is."""
        price_fen, ceiling_fen = self.price.fen(), self.ceiling.fen()
        steps = (
            ("what", self._goods is None and not self.what.text().strip()),
            ("price", self.price.is_wrong() or not 0 < (price_fen or 0) <= PRICE_MAX),
            ("pieces", not 0 < (self.pieces.count() or 0) <= PIECES_MAX),
            ("ceiling", self.ceiling.is_wrong()),
            ("ceiling", bool(ceiling_fen) and (ceiling_fen or 0) < (price_fen or 0)),
        )
        return next((step for step, is_open in steps if is_open), "")

    # --- Showing ---------------------------------------------------------------------------------

    def _show(self) -> None:
        price_fen, ceiling_fen = self.price.fen() or 0, self.ceiling.fen() or 0
        if price_fen and ceiling_fen and ceiling_fen < price_fen:
            self.ceiling.show_fault(self._say("ceiling_below"))
        else:
            self.ceiling.clear_fault()
        words = self._read_words()
        self._read.setText(words)
        self._read.setVisible(bool(words) and self._goods is None)
        usual_fen = ceiling_fen or self._terms.ceiling_fen(price_fen)
        note = self._say("asked_above", amount=say_yuan(usual_fen)) if price_fen else ""
        self._note.setText(note or self._say("guess"))
        self.changed.emit()

    def _read_words(self) -> str:
        found = self._pasted
        if not found.remark and not found.is_found:
            return ""
        if not found.is_found:
            return self._say("no_link")
        platform = self._counter.say(f"purchasing.platform.{found.platform or 'unknown'}")
        key = "read_links" if len(found.links) > 1 else "read_link" if found.links else "read_code"
        cut = self._say("cut", max=PASTED_MAX) if len(found.remark) >= PASTED_MAX else ""
        return self._say(key, platform=platform, count=len(found.links)) + cut
