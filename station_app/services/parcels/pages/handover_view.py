"""How the hand-over page looks, in each of its states.

empty: nobody is served; serving: parcels lie on the counter; ways: all ways of paying stand in the
place of their list; sign: whoever takes them signs there, photo: is photographed; back: some go
back to the courier, which is asked beforehand; done: what was just handed over.
"""

from typing import Any, Literal

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from station_app.devices.customer_display import CustomerView
from station_app.services.parcels.handing import HandOver
from station_app.services.parcels.outfit import Outfit
from station_app.services.parcels.pages.handover_parts import (
    Counted,
    PayPanel,
    ReturnPanel,
    plain_button,
)
from station_app.services.parcels.pages.on_display import seen_by_customer
from station_app.services.parcels.pages.shown import Shown
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.page import Page
from station_app.shell.widgets.cards import PersonCard
from station_app.shell.widgets.done import DonePanel
from station_app.shell.widgets.panels import Banner, EmptyState, Panel
from station_app.shell.widgets.payment import PaymentPanel
from station_app.values.masks import mask_phone

Mode = Literal["empty", "serving", "ways", "back", "sign", "photo", "done"]
CONSENT_TONES = {"yes": "ok", "no": "warn", "unknown": "notice"}


class HandOverView(Page):
    """The looks of the hand-over page."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Lay the page out with nobody served."""
        super().__init__(counter, key)
        self.outfit = outfit
        self.shown = Shown(counter, outfit.gatherer)
        self.handing = HandOver()
        self.mode: Mode = "empty"
        self.card = PersonCard()
        self.other = self.card.add_button(plain_button(self.say("parcels.handover.other"), ""))
        self.banner = Banner("", "stop")
        self.counted = Counted(counter, self.shown)
        self.pay = PayPanel(counter)
        self.ways = PaymentPanel(counter.texts)
        self.back = ReturnPanel(counter)
        self.done = DonePanel()
        self._lay_out()
        counter.privacy.listen(self.show_all)

    def _lay_out(self) -> None:
        self._empty = EmptyState(
            "outtake", self.say("parcels.handover.empty"), self.say("parcels.handover.empty_small")
        )
        self._left = QVBoxLayout()
        self._left.setSpacing(theme.FULL.gap)
        self._left.addWidget(self.card)
        self._left.addWidget(self.banner)
        self._left.addWidget(self.counted, 1)
        self._ways = Panel(margins=(24, 14, 24, 14))
        self._ways.body.addWidget(self.ways)
        self._ways.hide()
        self._left.addWidget(self._ways, 1)
        self._work = QWidget()
        self._columns = QHBoxLayout(self._work)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(theme.FULL.gap)
        self._columns.addLayout(self._left, 1)
        self._columns.addWidget(self.pay)
        self._columns.addWidget(self.back)
        self.back.hide()
        self.pay.show_handing(self.handing)
        self._stack = QStackedWidget()
        for widget in (self._empty, self._work, self.done):
            self._stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("parcels.tab.handover")

    def is_empty(self) -> bool:
        """Tell whether nobody is served: then the scan box waits for a tail or a code."""
        return self.mode == "empty"

    def customer_view(self) -> CustomerView:
        """Return what she sees: her parcels, what they cost, what she gave and gets back."""
        return seen_by_customer(self.handing, self.mode, self.counter.texts)

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        gap = theme.COMPACT.gap if is_compact else theme.FULL.gap
        self._left.setSpacing(gap)
        self._columns.setSpacing(gap)
        self.ways.set_compact(compact=is_compact)

    def add_to_left(self, widget: QWidget) -> None:
        """Put something into the place of the list."""
        self._left.addWidget(widget, 1)

    # --- States ----------------------------------------------------------------------------------

    def serve(self, now: HandOver) -> None:
        """Put somebody's parcels on the counter."""
        self.pay.clear()
        self.ways.clear()
        self.handing = now
        self.mode = "serving"
        self.show_all()
        if now.items:
            self.counted.table.choose(now.items[0].parcel)
        self.setFocus()
        self.touch_draft()

    def put_down(self) -> None:
        """Serve nobody; nothing of it was recorded."""
        self.pay.clear()
        self.ways.clear()
        self.handing = HandOver()
        self.mode = "empty"
        self.show_all()
        self.keep_draft()
        if self.isVisible():
            self.counter.front.focus_scan_box()

    def turn_to(self, mode: Mode) -> None:
        """Show another state."""
        self.mode = mode
        self.show_all()
        self.setFocus()

    # --- Showing ---------------------------------------------------------------------------------

    def show_all(self) -> None:
        """Show the state as it is now."""
        shown: QWidget = self._work
        if self.mode == "empty":
            shown = self._empty
        elif self.mode == "done":
            shown = self.done
        self._stack.setCurrentWidget(shown)
        if shown is self._work:
            self._show_work()
        self.touch_actions()

    def _show_work(self) -> None:
        now = self.handing
        today = self.counter.desk.now().day
        self._show_card(now)
        self._show_wrong(now)
        has_shift = bool(self.counter.desk.now().shift)
        is_paying = self.mode == "ways"
        self.pay.setVisible(self.mode in ("serving", "sign", "photo"))
        self.back.setVisible(self.mode == "back")
        self.counted.setVisible(self.mode not in ("ways", "sign", "photo"))
        self._ways.setVisible(is_paying)
        self.pay.show_handing(now, has_shift=has_shift)
        self.ways.show_paying(now.paying, has_shift=has_shift)

        def show(connection: Any) -> None:
            couriers = self.shown.couriers(connection)
            self.counted.show_items(connection, now, couriers, today)

        self.counter.desk.read(show)

    def _show_card(self, now: HandOver) -> None:
        served = now.served
        phone = self.counter.privacy.phone(mask_phone(served.phone)) if served.phone else ""
        tail = self.say("parcels.label.tail", tail=served.tail) if served.tail else ""
        parts = [part for part in (served.hamlet, phone or tail) if part]
        self.card.show_person(self.name_served(), "·".join(parts))
        self.card.pill.setVisible(bool(served.person))
        if served.person:
            tone = CONSENT_TONES.get(served.consent, "notice")
            words = self.say(f"parcels.handover.consent_{served.consent or 'unknown'}")
            self.card.pill.show_state(words, tone)  # type: ignore[arg-type] # one of the tones

    def name_served(self) -> str:
        """Return who is served, as the screen may show her now."""
        name = self.counter.privacy.name(self.handing.served.name)
        return name or self.say("parcels.handover.nameless")

    def _show_wrong(self, now: HandOver) -> None:
        wrong = now.wrong
        self.banner.setVisible(wrong is not None)
        if wrong is None:
            return
        who = self.counter.privacy.name(now.wrong_of) or self.say("parcels.handover.somebody")
        place = self.say("parcels.handover.place", shelf=wrong.shelf, layer=wrong.layer)
        left = next((str(i.row.code) for i in now.items if not i.is_scanned), "")
        key = "wrong_small" if left else "wrong_small_all"
        self.banner.tell(
            self.say("parcels.handover.wrong", name=who, code=str(wrong.code)),
            "stop",
            small=self.say(f"parcels.handover.{key}", place=place, code=left),
        )
        self._name_other(who)

    def _name_other(self, who: str) -> None:
        button = getattr(self, "serve_other", None)
        if button is not None:
            button.set_label(self.say("parcels.handover.serve_other", name=who))
