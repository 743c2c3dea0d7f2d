"""What the county lacks to buy an order: asked of the villager, typed or pasted, photographed."""

from station_app.services.purchasing.fates import Fate
from station_app.services.purchasing.pages.fate_panels import FatePanel
from station_app.services.purchasing.pages.seeker import PASTE_SIGNS_MAX
from station_app.services.purchasing.pasted import Pasted, read_pasted
from station_app.services.purchasing.placing import ITEM_MAX, LINK_MAX
from station_app.shell.counter import Counter
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.words import hint


class CompletePanel(FatePanel):
    """A link or what a telephone shared, what it is in words, and photos; one of them is enough."""

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__(counter, "complete")
        texts = counter.texts
        self._pasted, self._was = Pasted(), ""
        self._photos = 0
        self.paste = TextField(texts, self._say("paste"), limit=PASTE_SIGNS_MAX, chinese=True)
        self.paste.line.setPlaceholderText(counter.say("purchasing.line.paste_how"))
        self._read = hint("", wrap=True)
        self.what = TextField(texts, self._say("what"), limit=ITEM_MAX, chinese=True)
        self._photo_words = hint("", wrap=True)
        self.rows(self.paste, self._read, self.what, self._photo_words)
        self.paste.changed.connect(self._take_paste)
        self.what.changed.connect(lambda _text: self.changed.emit())

    def ask_about(self, fate: Fate, said: str) -> None:
        """Ask about what is wanted. said: what the line says until now."""
        self.fate = fate
        wanting = fate.wanting
        self._pasted, self._was = Pasted(), said
        self.paste.set_text("")
        self.what.set_text(said)
        self.show_photos(0)
        if wanting is not None:
            self.title.setText(self._say("title", why=self._say(f"why.{wanting.reason}")))
            words = self._say("small_words", words=wanting.words) if wanting.words else ""
            self.small.setText(words or self._say("small"))
        self._show_read()

    def show_photos(self, count: int) -> None:
        """Say how many photos go along."""
        self._photos = count
        self._photo_words.setText(self._say("photos" if count else "photos_none", count=count))
        self.changed.emit()

    def _take_paste(self, text: str) -> None:
        self._pasted = read_pasted(text)
        if self._pasted.title and self.what.text().strip() in ("", self._was):
            self.what.set_text(self._pasted.title)
        self._show_read()
        self.changed.emit()

    def _show_read(self) -> None:
        found = self._pasted
        key = "read_link" if found.links else "read_code" if found.code else "no_link"
        platform = self._counter.say(f"purchasing.platform.{found.platform or 'unknown'}")
        slots = {"platform": platform, "count": len(found.links)}
        self._read.setText(self._counter.say(f"purchasing.line.{key}", **slots))
        self._read.setVisible(bool(found.remark))

    @property
    def item(self) -> str:
        """Return what it is now, "" where the words stay as they were."""
        words = self.what.text().strip()
        return "" if words == self._was else words

    @property
    def link(self) -> str:
        """Return by what the purchaser finds it."""
        return self._pasted.link[:LINK_MAX]

    @property
    def remark(self) -> str:
        """Return the whole text that was pasted."""
        whole = self._pasted.remark
        return "" if whole == self.what.text().strip() else whole

    def missing(self) -> str:
        """Return what is still to be done, "" when nothing is."""
        has_words = bool(self.item or self.link or self.remark or self._photos)
        return "" if has_words else "anything"

    def take_digit(self, _digit: int) -> bool:
        """Choose nothing: there is nothing to choose."""
        return False
