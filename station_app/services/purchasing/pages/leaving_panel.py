"""Goods that came back leave with the van: all of them together, by a list that both sides sign."""

from station_app.services.purchasing.pages.fate_panels import FatePanel
from station_app.services.purchasing.records import Returned
from station_app.shell.counter import Counter
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.words import Words, hint

NAME_MAX = 30
SHOWN_MAX = 8  # more are on the paper


class LeavingPanel(FatePanel):
    """What goes along, and who takes it."""

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__(counter, "leaving")
        self.goods = Words("", wrap=True)
        self.runner = TextField(counter.texts, self._say("runner"), limit=NAME_MAX, chinese=True)
        self.rows(self.goods, self.runner, hint(self._say("both_sign"), wrap=True))
        self.returned: tuple[Returned, ...] = ()

    @property
    def pieces(self) -> int:
        """Return how many pieces go along."""
        return sum(one.pieces for one in self.returned)

    def ask_about(self, returned: tuple[Returned, ...]) -> None:
        """Show what stands on the shelf to go back."""
        self.returned = returned
        self.runner.set_text("")
        self.title.setText(self._say("title", count=self.pieces))
        self.small.setText(self._say("small", count=len(returned)))
        lines = [
            self._say("row", number=one.number, what=one.what, pieces=one.pieces)
            for one in returned[:SHOWN_MAX]
        ]
        if len(returned) > SHOWN_MAX:
            lines.append(self._say("more", count=len(returned) - SHOWN_MAX))
        self.goods.setText("\n".join(lines))

    def missing(self) -> str:
        """Return what is still to be done: nothing ever, both sides sign what is there."""
        return ""

    def take_digit(self, _digit: int) -> bool:
        """Nothing is chosen here."""
        return False
