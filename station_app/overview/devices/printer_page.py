"""Setting a printer up: what it prints, where it hangs, which kind it is, and a page that tries it.

What came out is asked of whoever stands before it: only eyes know whether it is readable. The
answer leads to the next thing to try. Only what was seen to print is put to use, unless she says
to keep it as it is.
"""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.devices.printer import Delivery
from station_app.devices.printer_setting import WAYBILL, PrinterSetting, check_port
from station_app.devices.serial_line import SerialPlace, parse_place
from station_app.overview.devices.next_try import next_kind, result_words
from station_app.overview.devices.ports_panel import PortsPanel, serial_path
from station_app.overview.devices.trial_view import TrialView
from station_app.overview.devices.work import DRAWER, DeviceWork, KeptPrinter
from station_app.overview.pieces import yielding
from station_app.printing.profiles import TEXT_MODE, WITH_TEXT
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Row, Text
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Banner, Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import hint, strong

ROLES = ("receipt", "label", DRAWER, WAYBILL)
USUAL = {"receipt": "receipt_80", WAYBILL: "label_100x150"}
WAYBILL_WIDTH = 700  # dots: narrower labels are for shelves
BAUDS = ("9600", "19200", "38400", "115200")
KIND_WIDTH, RIGHT_WIDTH = 330, 384
BEYOND_DIGITS = 50  # no key reaches a choice from here on
DRAWER_PROFILE = "receipt_80"  # of a trigger: it prints nothing


class PrinterPage(Page):
    """Sets one printer up."""

    def __init__(self, counter: Counter, key: str, work: DeviceWork, back: str) -> None:
        """Make the page. back: key of the page of devices."""
        super().__init__(counter, key)
        self._work = work
        self._home = self._back = back
        self._instead_of = ""
        self._is_trying = False
        self._at: str | None = None  # the port that is chosen
        self.delivery: Delivery | None = None
        self._build()

    # --- What it is made of ----------------------------------------------------------------------

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.FULL.gap)
        row.addWidget(self._build_where(), 1)
        row.addWidget(self._build_kind())
        row.addWidget(self._build_page())

    def _build_where(self) -> QWidget:
        panel = Panel(margins=(16, 12, 16, 12), spacing=8)
        panel.body.addWidget(strong(self.say("overview.devices.printer.role")))
        roles = [Choice(r, self._role_words(r)) for r in ROLES]
        self.role = ChoiceRow(roles, columns=2, height=theme.INLINE_HEIGHT)
        self.role.set_value("receipt")
        self.role.chosen.connect(lambda _role: self._role_chosen())
        panel.body.addWidget(self.role)
        self.ports = PortsPanel(self.counter, self._work, self._kept)
        self.ports.changed.connect(self._port_changed)
        panel.body.addWidget(self.ports, 1)
        return panel

    def _role_words(self, role: str) -> str:
        key = "overview.devices.printer.drawer" if role == DRAWER else f"printing.role.{role}"
        return self.say(key)

    def _build_kind(self) -> QWidget:
        say = self.say
        self._kind_panel = Panel(margins=(16, 12, 16, 12), spacing=8)
        self._kind_panel.setFixedWidth(KIND_WIDTH)
        body = self._kind_panel.body
        body.addWidget(strong(say("overview.devices.printer.kind")))
        body.addWidget(hint(say("overview.devices.printer.kinds_hint"), wrap=True))
        name = say("overview.devices.printer.kind")
        self.kinds = yielding(ListTable((Column("kind"),), name=name, row_height=52))
        self.kinds.current_changed.connect(lambda _kind: self._kind_chosen())
        body.addWidget(self.kinds, 1)
        self._line = QWidget()
        line = QVBoxLayout(self._line)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(hint(say("overview.devices.printer.baud")))
        self.baud = ChoiceRow(
            [Choice(b, b) for b in BAUDS],
            first=len(ROLES) + 1,
            columns=2,
            height=theme.INLINE_HEIGHT,
        )
        self.baud.set_value(BAUDS[0])
        self.baud.chosen.connect(lambda _baud: self._forget_trial())
        line.addWidget(self.baud)
        self.flow = KeyButton(
            say("overview.devices.printer.rtscts"), "9", height=theme.INLINE_HEIGHT
        )
        self.flow.clicked.connect(lambda _checked: self._turn(self.flow))
        line.addWidget(self.flow)
        body.addWidget(self._line)
        self.text = KeyButton(
            say("overview.devices.printer.text"), "Ctrl+T", height=theme.INLINE_HEIGHT
        )
        self.text.clicked.connect(lambda _checked: self._turn(self.text))
        body.addWidget(self.text)
        return self._kind_panel

    def _build_page(self) -> QWidget:
        say = self.say
        panel = Panel(margins=(16, 12, 16, 12), spacing=8)
        panel.setFixedWidth(RIGHT_WIDTH)
        panel.body.addWidget(strong(say("overview.devices.printer.page")))
        self.paper = TrialView(say("overview.devices.printer.page"))
        panel.body.addWidget(self.paper, 1)
        self.told = Banner("", "notice")
        self.told.hide()
        panel.body.addWidget(self.told)
        self._ask = strong(say("overview.devices.printer.ask"))
        panel.body.addWidget(self._ask)
        self.answers = ChoiceRow(
            [
                Choice(a, say(f"overview.devices.printer.{a}"))
                for a in ("clear", "rubbish", "nothing")
            ],
            first=1,
            columns=1,
            height=theme.INLINE_HEIGHT,
        )
        self.answers.chosen.connect(self._answered)
        panel.body.addWidget(self.answers)
        return panel

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("overview.devices.printer.title")

    def first_focus(self) -> QWidget | None:
        """Choose where it hangs."""
        return self.ports.table

    # --- Life ------------------------------------------------------------------------------------

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Set a certain printer up anew, or another one of a role."""
        self._instead_of = subject.get("name", "")
        self._back = subject.get("back", self._home)
        self.role.set_value(subject.get("role", "") or "receipt")
        self._at = None
        self.ports.begin()
        kept = self._kept()
        if kept is not None and kept.setting.kind == "serial":
            line = parse_place(kept.setting.place)
            self.baud.set_value(str(line.baud))
            self.flow.set_selected(selected=line.flow != "none")
        profile = kept.setting.profile if kept is not None else ""
        self.text.set_selected(selected=profile.endswith(TEXT_MODE))
        self._show_kinds(profile.removesuffix(TEXT_MODE))

    def activated(self) -> None:
        """Look for printers at once."""
        self._show_kinds()
        self.ports.look_again()

    def left(self) -> None:
        """Stop looking on the network."""
        self.ports.end_search()

    def on_escape(self) -> bool:
        """Go back to the devices."""
        self._leave()
        return True

    def _leave(self) -> None:
        self.counter.front.open_page(self._back, {"device": self._instead_of})

    def _leave_if_here(self) -> None:
        if self.isVisible():  # she may be at work elsewhere by now
            self._leave()

    def _kept(self) -> KeptPrinter | None:
        printers = self._work.printers()
        return next((p for p in printers if p.name == self._instead_of), None)

    def _port_changed(self) -> None:
        """Another port: a serial one has a speed, and one on USB may name its language.

        A search that ends later shows the same port again; what was tried there stays tried.
        """
        if self.ports.port() == self._at:
            return
        self._at = self.ports.port()
        self._line.setVisible(bool(serial_path(self.ports.port())))
        found = self.ports.chosen()
        if found is not None and found.language and not self.ports.address.text():
            self._prefer_language(found.language)
        self._forget_trial()

    def _prefer_language(self, language: str) -> None:
        """Choose a kind of the language that the printer says it speaks."""
        profiles = self._work.profiles()
        current = self.kinds.current()
        if current and profiles[current].language == language:
            return
        fitting = [name for name in self._fitting() if profiles[name].language == language]
        if fitting:
            self.kinds.choose(fitting[0])

    def _port(self) -> str:
        """Return the port with its speed, "" for none."""
        port = self.ports.port()
        path = serial_path(port)
        if not path:
            return port
        baud = int(self.baud.value() or BAUDS[0])
        return (
            f"serial:{SerialPlace(path, baud, flow='rtscts' if self.flow.is_selected else 'none')}"
        )

    # --- Which kind ------------------------------------------------------------------------------

    def _role_chosen(self) -> None:
        self._show_kinds()
        self._forget_trial()

    def _fitting(self) -> list[str]:
        if self.role.value() == WAYBILL:
            every = self._work.profiles().items()
            return [n for n, kind in every if kind.height and kind.width >= WAYBILL_WIDTH]
        is_label = self.role.value() == "label"
        profiles = self._work.profiles().items()
        return [
            name
            for name, kind in profiles
            if (kind.height > 0 or name.startswith("label_")) == is_label
        ]

    def _show_kinds(self, wanted: str = "") -> None:
        """Show the kinds of this role. wanted: of the printer that is set up anew."""
        is_drawer = self.role.value() == DRAWER
        self._kind_panel.setVisible(not is_drawer)
        names = self._fitting()
        texts = self.counter.texts
        rows = []
        for name in names:
            key = f"printing.profile.{name}"
            language = self._work.profiles()[name].language.upper().replace("ESCPOS", "ESC/POS")
            words = texts.say(key) if texts.has(key) else name
            rows.append(Row(name, (Text(words, bold=True, small=language),)))
        self.kinds.show_rows(rows)
        usual = USUAL.get(self.role.value(), "label_60x40")
        if rows and (wanted or self.kinds.current() not in names):
            self.kinds.choose(next(n for n in (wanted, usual, names[0]) if n in names))
        self._kind_chosen()

    def _kind_chosen(self) -> None:
        kind = self.kinds.current()
        if kind and self.role.value() != DRAWER:
            baud = self._work.profiles()[kind].baud
            if baud and str(baud) in BAUDS:
                self.baud.set_value(str(baud))
        self._show_paper()
        self._forget_trial()

    def _turn(self, switch: KeyButton) -> None:
        switch.set_selected(selected=not switch.is_selected)
        self._show_paper()
        self._forget_trial()

    def _show_paper(self) -> None:
        kind = self._profile()
        if kind and self.role.value() != DRAWER:
            self.paper.show_raster(self._work.trial(kind))
        self.paper.setVisible(self.role.value() != DRAWER)

    def _can_set_text(self) -> bool:
        """Tell whether this kind has type of its own; asked for where it saves time."""
        kind = self.kinds.current() if self.role.value() != DRAWER else ""
        is_slow = bool(serial_path(self.ports.port())) or self.text.is_selected
        return bool(kind) and is_slow and self._work.profiles()[kind].language in WITH_TEXT

    def _profile(self) -> str:
        """Return the kind as settings hold it: with its own type if that is chosen."""
        is_text = self._can_set_text() and self.text.is_selected
        return self.kinds.current() + TEXT_MODE * is_text

    def setting(self) -> PrinterSetting | None:
        """Return the printer as it is chosen, None while something is missing."""
        port, kind = self._port(), self._profile()
        if self.role.value() == DRAWER:
            kind = DRAWER_PROFILE
        if not port or not kind:
            return None
        check_port(port)
        return PrinterSetting(role=self.role.value(), profile=kind, port=port)

    # --- Trying it -------------------------------------------------------------------------------

    def action_bar(self) -> Sequence[Action]:
        """Offer the trial; beside it the ways to find, keep and drop."""
        say = self.say
        missing = self._missing()
        is_drawer = self.role.value() == DRAWER
        key = "try_drawer" if is_drawer else "again" if self.delivery else "try"
        actions = [
            Action(say("overview.devices.back"), "Esc", self._leave),
            Action(
                say("overview.devices.printer.search"), "F10", self.ports.look_again, icon="search"
            ),
            Action(
                say("overview.devices.printer.network"),
                "F11",
                self.ports.search_network,
                icon="network",
            ),
        ]
        if not missing:
            actions.append(Action(say("overview.devices.printer.keep"), "Ctrl+S", self._keep))
        kept = self._kept()
        if kept is not None and not kept.is_picture:
            drop = say("overview.devices.printer.drop")
            actions.append(Action(drop, "Del", self._drop, kind="danger"))
        reason = say("overview.devices.printer.trying") if self._is_trying else ""
        actions.append(
            Action(
                say(f"overview.devices.printer.{key}"),
                "Enter",
                self.try_it,
                "primary",
                icon="drawer" if is_drawer else "printer",
                is_enabled=not missing and not self._is_trying,
                reason=reason or (say(f"overview.devices.printer.{missing}") if missing else ""),
            )
        )
        return actions

    def _missing(self) -> str:
        if self.ports.is_wrong:
            return "address_bad"
        if not self._port():
            return "missing_where"
        if not self.kinds.current() and self.role.value() != DRAWER:
            return "missing_kind"
        return ""

    def _forget_trial(self) -> None:
        self.delivery = None
        self.text.setVisible(self._can_set_text())
        self.told.tell(self.say("overview.devices.printer.text_hint"), "notice")
        self.told.setVisible(self._can_set_text() and self.text.is_selected)
        self._show_answers(shown=False)
        self.touch_actions()

    def _show_answers(self, *, shown: bool) -> None:
        words = "opened" if self.role.value() == DRAWER else "clear"
        choices = [Choice("clear", self.say(f"overview.devices.printer.{words}"))]
        choices += [
            Choice(a, self.say(f"overview.devices.printer.{a}"))
            for a in ("rubbish", "nothing")
            if a == "nothing" or self.role.value() != DRAWER
        ]
        self.answers.show_choices(choices)
        self.answers.set_value("")
        self.answers.setVisible(shown)
        self._ask.setVisible(shown)
        self._cap_roles(is_free=not shown)

    def _cap_roles(self, *, is_free: bool) -> None:
        """Give the digits to the answers while there is something to answer."""
        roles = [Choice(role, self._role_words(role)) for role in ROLES]
        self.role.show_choices(roles, first=1 if is_free else BEYOND_DIGITS)
        if not is_free:
            for button in self.role.buttons:
                button.set_key("")

    def try_it(self) -> None:
        """Print the trial page."""
        setting = self.setting()
        if setting is None or self._is_trying:
            return
        self._is_trying = True
        self.touch_actions()
        self._work.try_printer(setting, self._tried)

    def _tried(self, delivery: Delivery) -> None:
        self._is_trying = False
        self.delivery = delivery
        words, tone = result_words(self.counter.texts, delivery)
        self.told.tell(words, tone)
        self.told.show()
        self.counter.sounds.play("ok" if tone == "ok" else "warn")
        self._show_answers(shown=delivery.outcome != "not_started")
        self.touch_actions()

    def _answered(self, answer: str) -> None:
        if answer == "clear":
            self._keep()
            return
        if answer == "rubbish":
            self._try_next_kind()
            return
        setting = self.setting()
        kind = setting.kind if setting else ""
        key = {"serial": "nothing_serial", "cups": "nothing_queue", "windows": "nothing_queue"}
        words = self.say(f"overview.devices.printer.{key.get(kind, 'nothing_next')}")
        self.told.tell(words, "warn")

    def _try_next_kind(self) -> None:
        if self.text.isVisible() and self.text.is_selected:
            self._turn(self.text)
            self.told.tell(self.say("overview.devices.printer.rubbish_text"), "warn")
            self.told.show()
            return
        kind = next_kind(self._work.profiles(), self.kinds.current(), self._fitting())
        if not kind:
            self.told.tell(self.say("overview.devices.printer.rubbish_last"), "warn")
            return
        self.kinds.choose(kind)
        words = self.say(f"printing.profile.{kind}")
        self.told.tell(self.say("overview.devices.printer.rubbish_next", kind=words), "warn")
        self.told.show()

    # --- Keeping it ------------------------------------------------------------------------------

    def _keep(self) -> None:
        setting = self.setting()
        if setting is None:
            return

        def done() -> None:
            words = self._role_words(setting.role)
            self.counter.sounds.play("ok")
            said = self.say("overview.devices.printer.kept", printer=words)
            self.counter.front.toast(Notice(said, "ok"))
            if setting.role == DRAWER:
                self._work.mark_tried(DRAWER)
            self._leave_if_here()

        self._work.keep_printer(setting, self._instead_of, done)

    def _drop(self) -> None:
        kept = self._kept()
        if kept is None:
            return

        def done() -> None:
            said = self.say("overview.devices.printer.dropped", printer=kept.words)
            self.counter.front.toast(Notice(said, "notice"))
            self._leave_if_here()

        self._work.drop_printer(kept.name, done)
