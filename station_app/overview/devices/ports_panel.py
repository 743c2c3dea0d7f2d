"""Where a printer hangs: the ports that were found, or an address; the network if asked for."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.devices.printer_search import FoundPort
from station_app.devices.printer_setting import BadPort, typed_port
from station_app.devices.serial_line import parse_place
from station_app.overview.devices.work import DeviceWork, KeptPrinter, Search
from station_app.overview.pieces import yielding
from station_app.shell.counter import Counter
from station_app.shell.widgets.cells import Column, Icon, Row, Text
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import hint, strong

ICONS = {"file": "usb", "serial": "link", "cups": "printer", "windows": "printer", "tcp": "network"}


class PortsPanel(QWidget):
    """Chooses a port. Signal changed: another one, or none. `table` lists what was found."""

    changed = Signal()

    def __init__(
        self, counter: Counter, work: DeviceWork, kept: Callable[[], KeptPrinter | None]
    ) -> None:
        """Make it. kept: returns the printer that is set up anew, None for a further one."""
        super().__init__()
        self._counter, self._work, self._kept = counter, work, kept
        self._found: tuple[FoundPort, ...] = ()
        self._networked: tuple[FoundPort, ...] = ()
        self._search: Search | None = None
        self._is_filling = False
        say = counter.say
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        name = say("overview.devices.printer.where")
        columns = (Column("icon", 44), Column("what"))
        self.table = yielding(ListTable(columns, name=name, row_height=56))
        self.table.current_changed.connect(lambda _port: self._chosen())
        self.found_words = hint("", wrap=True)
        self.address = TextField(
            counter.texts,
            say("overview.devices.printer.address"),
            placeholder=say("overview.devices.printer.address_hint"),
        )
        self.address.changed.connect(lambda _text: self.changed.emit())
        column.addWidget(strong(name))
        column.addWidget(self.table, 1)
        column.addWidget(self.found_words)
        column.addWidget(self.address)

    def begin(self) -> None:
        """Begin with the port of the printer that is set up anew."""
        self._found = self._networked = ()
        self.address.set_text("")
        self.table.show_rows(())
        self._show()

    # --- Looking ---------------------------------------------------------------------------------

    def look_again(self) -> None:
        """Look for ports of this PC."""
        self.found_words.setText(self._counter.say("overview.devices.printer.searching"))
        self._work.search(self._came)

    def _came(self, found: Sequence[FoundPort]) -> None:
        self._found = tuple(found)
        self._show()
        if not self.ports():
            words = self._counter.say("overview.devices.printer.found_none")
            self.found_words.setText(words)

    def search_network(self) -> None:
        """Look on the network, since she asks for it."""
        self.end_search()

        def progress(done: int, of: int) -> None:
            words = self._counter.say("overview.devices.printer.network_going", done=done, of=of)
            self.found_words.setText(words)

        def came(found: list[FoundPort]) -> None:
            self._search = None
            self._networked = tuple(found)
            self._show()
            if found:
                self.table.choose(found[0].port)
            else:
                words = self._counter.say("overview.devices.printer.network_none")
                self.found_words.setText(words)

        self._search = self._work.search_network(progress, came)

    def end_search(self) -> None:
        """Stop looking on the network."""
        if self._search is not None:
            self._search.cancel()
            self._search = None

    # --- What there is ---------------------------------------------------------------------------

    def ports(self) -> tuple[FoundPort, ...]:
        """Return what can be chosen: what was found, and the port that is in use."""
        found = [*self._found, *self._networked]
        kept = self._kept()
        if kept is not None and not kept.is_picture:
            setting = kept.setting
            if not any(same_port(port.port, setting.port) for port in found):
                found.insert(0, FoundPort(setting.port, setting.kind, setting.place))
        return tuple(found)

    def _show(self) -> None:
        rows = []
        for port in self.ports():
            place = port.port.partition(":")[2].partition(",")[0]
            small = "" if place == port.words else place
            icon = Icon(ICONS.get(port.kind, "printer"), port.words, "ink2")
            rows.append(Row(port.port, (icon, Text(port.words, bold=True, small=small))))
        self._is_filling = True
        self.table.show_rows(rows)
        self.found_words.setText("")
        if not self.table.current() and not self.address.text():
            self._choose_likely()
        self._is_filling = False
        self.changed.emit()

    def _choose_likely(self) -> None:
        """Choose the port in use, else the first that is surely a printer.

        A serial plug is on every PC, mostly with nothing on it: that one is chosen by hand.
        """
        kept = self._kept()
        in_use = kept.setting.port if kept is not None else ""
        ports = self.ports()
        likely = [port.port for port in ports if same_port(port.port, in_use)]
        likely += [port.port for port in ports if port.kind != "serial"]
        if likely:
            self.table.choose(likely[0])

    def _chosen(self) -> None:
        if self._is_filling:
            return
        if self.table.hasFocus() and self.address.text():
            self.address.set_text("")  # she has chosen from the list after all
        self.changed.emit()

    def chosen(self) -> FoundPort | None:
        """Return the port that is chosen in the list."""
        return next((port for port in self.ports() if port.port == self.table.current()), None)

    @property
    def is_wrong(self) -> bool:
        """Tell whether an address is typed that is none."""
        return bool(self.address.text()) and not self.port()

    def port(self) -> str:
        """Return the port as settings hold it, "" for none or a wrong address."""
        typed = self.address.text()
        if not typed:
            return self.table.current()
        try:
            return typed_port(typed)
        except BadPort:
            return ""


def same_port(one: str, other: str) -> bool:
    """Tell whether two ports are the same plug, whatever its speed."""
    return one.partition(",")[0] == other.partition(",")[0]


def serial_path(port: str) -> str:
    """Return the device of a serial port, "" for another kind."""
    kind, _, place = port.partition(":")
    return parse_place(place).path if kind == "serial" else ""
