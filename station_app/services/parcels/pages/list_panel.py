"""Lists to put up, to take along or to read out for those who have a parcel: asked at the side."""

from PySide6.QtCore import Signal

from station_app.services.parcels.notice_papers import LISTS
from station_app.services.parcels.pages.handover_parts import RIGHT_WIDTH, RIGHT_WIDTH_COMPACT
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import Words, hint, rule


class ListPanel(Panel):
    """Asks which list is to be printed, and shows what to say over the loudspeaker.

    Signal list_chosen(str): one of `notice_papers.LISTS`.
    """

    list_chosen = Signal(str)

    def __init__(self, counter: Counter) -> None:
        """Make the question."""
        super().__init__(margins=(22, 16, 22, 16), spacing=10)
        say = counter.say
        self._say = say
        self._small = Words("", theme.BODY, ink="ink2", wrap=True)
        choices = [Choice(one, say(f"parcels.lists.{one}")) for one in LISTS]
        self.lists = ChoiceRow(choices, columns=1, height=theme.FORM_HEIGHT)
        self.lists.chosen.connect(self.list_chosen)
        self._spoken = Words("", theme.BODY, wrap=True)
        self.body.addWidget(Words(say("parcels.lists.title"), theme.TITLE, bold=True))
        self.body.addWidget(self.lists)
        self.body.addWidget(self._small)
        self.body.addWidget(rule())
        self.body.addWidget(Words(say("parcels.loudspeaker.title"), theme.STRONG, bold=True))
        self.body.addWidget(hint(say("parcels.loudspeaker.small")))
        self.body.addWidget(self._spoken)
        self.body.addStretch(1)
        self.setFixedWidth(RIGHT_WIDTH)

    def ask(self, which: str, spoken: str) -> None:
        """Ask, with one list chosen. spoken: the text for the loudspeaker, "" if all were told."""
        self.lists.set_value(which)
        self._small.setText(self._say(f"parcels.lists.{which}_small"))
        self._spoken.setText(spoken or self._say("parcels.loudspeaker.nobody"))

    def set_compact(self, *, compact: bool) -> None:
        """Become narrower in a low window."""
        self.setFixedWidth(RIGHT_WIDTH_COMPACT if compact else RIGHT_WIDTH)
