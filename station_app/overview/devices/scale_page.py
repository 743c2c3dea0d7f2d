"""Setting the scale up: its plug, its kind, its verification; or learning a kind from samples.

What is chosen is put to use at once, so that the weight window beside it shows whether it is right:
only whoever reads both knows. A wrong kind shows nothing, or nonsense, and the next one is tried.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.devices.printer_search import FoundPort
from station_app.devices.scale_profiles import ScaleProfile
from station_app.devices.scale_reader import ScaleSetting
from station_app.devices.serial_line import SerialPlace, parse_place
from station_app.overview.devices.learning_panel import LearningPanel
from station_app.overview.devices.work import SCALE, DeviceWork
from station_app.overview.pieces import yielding
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Row, Text
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import CountField, TextField, in_row
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.weight import WeightPanel
from station_app.shell.widgets.words import hint, strong

BAUDS = ("1200", "2400", "4800", "9600", "19200")
RIGHT_WIDTH = 470
LEARNED = "learned"


class ScalePage(Page):
    """Sets the scale up."""

    def __init__(self, counter: Counter, key: str, work: DeviceWork, back: str) -> None:
        """Make the page. back: key of the page of devices."""
        super().__init__(counter, key)
        self._work = work
        self._home = self._back = back
        self._kinds = work.scale_kinds()
        self._learned: ScaleProfile | None = None
        self._found: tuple[FoundPort, ...] = ()
        self._is_filling = False
        self._build()

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.FULL.gap)
        row.addWidget(self._build_choices(), 1)
        right = QVBoxLayout()
        right.setSpacing(8)
        self.weight = WeightPanel(self.counter)
        self.learning = LearningPanel(self.counter, self._work, self._place)
        self.learning.learned.connect(self._take_learned)
        for widget in (self.weight, self.learning):
            widget.setFixedWidth(RIGHT_WIDTH)
        right.addWidget(hint(self.say("overview.devices.scale.wait"), wrap=True))
        right.addWidget(self.weight)
        right.addWidget(self.learning, 1)
        row.addLayout(right)

    def _build_choices(self) -> QWidget:
        say, texts = self.say, self.counter.texts
        panel = Panel(margins=(16, 12, 16, 12), spacing=8)
        body = panel.body
        body.addWidget(strong(say("overview.devices.scale.where")))
        name = say("overview.devices.scale.where")
        self.ports = yielding(ListTable((Column("port"),), name=name, row_height=52))
        self.ports.current_changed.connect(lambda _port: self._changed())
        self.baud = ChoiceRow([Choice(b, b) for b in BAUDS], height=theme.INLINE_HEIGHT)
        self.baud.set_value("9600")
        self.baud.chosen.connect(lambda _baud: self._changed())
        self._none = hint("", wrap=True)
        body.addWidget(self.ports, 2)
        body.addWidget(self._none)
        body.addWidget(self.baud)
        body.addWidget(strong(say("overview.devices.scale.kind")))
        name = say("overview.devices.scale.kind")
        self.kinds = yielding(ListTable((Column("kind"),), name=name, row_height=44))
        self.kinds.current_changed.connect(lambda _kind: self._changed())
        body.addWidget(self.kinds, 3)
        self.verified = TextField(
            texts,
            say("overview.devices.scale.verified"),
            limit=10,
            placeholder=say("overview.devices.scale.verified_hint"),
        )
        self.minimum = CountField(texts, say("overview.devices.scale.minimum"), digits=4)
        body.addLayout(in_row(self.verified, self.minimum))
        for field in (self.verified, self.minimum):
            field.changed.connect(lambda _text: self.touch_actions())
        return panel

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("overview.devices.scale.title")

    def first_focus(self) -> QWidget | None:
        """Choose where it hangs."""
        return self.ports

    def on_compact(self, is_compact: bool) -> None:
        """Take less room in a low window."""
        self.learning.set_low(low=is_compact)

    # --- Life ------------------------------------------------------------------------------------

    def activated(self) -> None:
        """Show what is kept, and look for plugs."""
        self._fill()
        self._work.search(self._came)

    def open_with(self, subject: Mapping[str, str]) -> None:
        """There is one scale only. back: of the subject, where to go afterwards."""
        self._back = subject.get("back", self._home)

    def on_escape(self) -> bool:
        """Go back to the devices."""
        self._leave()
        return True

    def _leave(self) -> None:
        self.counter.front.open_page(self._back, {"device": SCALE})

    def _leave_if_here(self) -> None:
        if self.isVisible():  # she may be at work elsewhere by now
            self._leave()

    def _fill(self) -> None:
        self._is_filling = True
        kept = self._work.scale_setting()
        self._learned = kept.learned if kept else self._learned
        self._show_kinds(kept.profile if kept else next(iter(self._kinds)))
        if kept is not None:
            self.baud.set_value(str(parse_place(kept.place).baud))
            self.verified.set_text(kept.verified_until)
        self.minimum.set_count(kept.minimum_grams if kept else 20)
        self._is_filling = False
        self.touch_actions()

    def _show_kinds(self, chosen: str) -> None:
        names = [*self._kinds, *([LEARNED] if self._learned else [])]
        say = self.say
        rows = [Row(n, (Text(say(f"overview.devices.scale.profile.{n}")),)) for n in names]
        self.kinds.show_rows(rows)
        self.kinds.choose(chosen if chosen in names else names[0])

    def _came(self, found: Sequence[FoundPort]) -> None:
        ports = [port for port in found if port.kind == "serial"]
        kept = self._work.scale_setting()
        path = parse_place(kept.place).path if kept else ""
        if path and path not in [_path(port) for port in ports]:
            ports.insert(0, FoundPort(f"serial:{path},9600,8N1,none", "serial", path))
        self._found = tuple(ports)
        rows = []
        for port in ports:
            small = "" if _path(port).endswith(port.words) else _path(port)
            rows.append(Row(_path(port), (Text(port.words, bold=True, small=small),)))
        self._is_filling = True
        self.ports.show_rows(rows)
        if path:
            self.ports.choose(path)
        elif rows and not self.ports.current():
            self.ports.choose(rows[0].subject)
        self._is_filling = False
        self._none.setText("" if rows else self.say("overview.devices.scale.none"))
        self.touch_actions()

    # --- What is chosen --------------------------------------------------------------------------

    def _place(self) -> SerialPlace | None:
        path = self.ports.current()
        return SerialPlace(path, int(self.baud.value() or "9600")) if path else None

    def setting(self) -> ScaleSetting | None:
        """Return the scale as it is chosen, None while something is missing."""
        place, kind = self._place(), self.kinds.current()
        if place is None or not kind or self._missing():
            return None
        return ScaleSetting(
            place=str(place),
            profile=kind,
            learned=self._learned if kind == LEARNED else None,
            verified_until=self.verified.text(),
            minimum_grams=max(1, self.minimum.count() or 20),
        )

    def _missing(self) -> str:
        if self._place() is None:
            return "missing_where"
        if not self.kinds.current():
            return "missing_kind"
        return "verified_bad" if not is_day(self.verified.text()) else ""

    def _changed(self) -> None:
        """Put what is chosen to use at once, so that its weight can be seen."""
        self.touch_actions()
        setting = self.setting()
        if not self._is_filling and setting is not None:
            self._work.keep_scale(setting, self.touch_actions)

    def _take_learned(self, profile: ScaleProfile) -> None:
        self._learned = profile
        self._is_filling = True
        self._show_kinds(LEARNED)
        self._is_filling = False
        self._changed()

    # --- What can be done ------------------------------------------------------------------------

    def action_bar(self) -> Sequence[Action]:
        """Offer to keep it."""
        say, missing = self.say, self._missing()
        actions = [Action(say("overview.devices.back"), "Esc", self._leave)]
        if self._work.scale_setting() is not None:
            drop = say("overview.devices.scale.drop")
            actions.append(Action(drop, "Del", self._drop, kind="danger"))
        reason = say(f"overview.devices.scale.{missing}") if missing else ""
        actions.append(
            Action(
                say("overview.devices.scale.use"),
                "Enter",
                self._keep,
                "primary",
                icon="scale",
                is_enabled=not missing,
                reason=reason,
            )
        )
        return actions

    def _keep(self) -> None:
        setting = self.setting()
        if setting is None:
            return

        def done() -> None:
            self._work.mark_tried(SCALE)
            self.counter.sounds.play("ok")
            self.counter.front.toast(Notice(self.say("overview.devices.scale.kept"), "ok"))
            self._leave_if_here()

        self._work.keep_scale(setting, done)

    def _drop(self) -> None:
        def done() -> None:
            self.counter.front.toast(Notice(self.say("overview.devices.scale.dropped"), "notice"))
            self._leave_if_here()

        self._work.keep_scale(None, done)


def is_day(text: str) -> bool:
    """Tell whether a text is a day, "2027-03-31", or nothing."""
    if not text:
        return True
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _path(port: FoundPort) -> str:
    return parse_place(port.port.partition(":")[2]).path
