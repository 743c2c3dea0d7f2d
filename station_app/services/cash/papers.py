"""From what is on disk to paper: collects what a slip of the drawer says.

The first print, made within the act, and every copy after it come from here, so a copy cannot say
anything else.
"""

from collections.abc import Callable, Sequence

from station_app.journal.fact import Told
from station_app.journal.log import Connection
from station_app.printing.document import DrawerKick, Receipt
from station_app.reference import records as reference
from station_app.services.cash import documents, records, voucher_slips
from station_app.services.cash.commands import (
    CloseShift,
    GivePayment,
    HandOverShift,
    OpenDrawer,
    OpenShift,
    PutIn,
    TakeOut,
    TakePayment,
)
from station_app.services.cash.payments import CASH
from station_app.services.cash.sheet import Sheet
from station_app.services.cash.sheet_records import not_mine_at, sheet_now, sheet_of_closed
from station_app.services.cash.vouchers import DRAWER
from station_app.shell.desk import Paper
from station_app.values.now import Now
from station_app.values.texts import Texts

OperatorName = Callable[[Connection, str], str]


class PaperMaker:
    """Makes the slips of this slice."""

    def __init__(self, texts: Texts, operator_name: OperatorName) -> None:
        """Speak with `texts`; operator_name: who an operator's identity is, "" for nobody."""
        self._texts = texts
        self._operator_name = operator_name

    # --- For the desk: what to print with an act -------------------------------------------------

    def for_closing(
        self, connection: Connection, _command: CloseShift, _told: Sequence[Told], now: Now
    ) -> Sequence[Paper]:
        """Return the Z slip of the shift that is being closed."""
        document = self.z(connection, now.shift, now.station)
        return [Paper("receipt", document)] if document else []

    def for_money(
        self,
        _connection: Connection,
        command: TakePayment | GivePayment,
        told: Sequence[Told],
        _now: Now,
    ) -> Sequence[Paper]:
        """Open the drawer when cash changes hands."""
        is_cash = any(tender.way == CASH for tender in command.tenders)
        return [Paper("drawer", DrawerKick())] if told and is_cash else []

    def for_opening(
        self, _connection: Connection, _command: OpenShift, _told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Open the drawer, so that the float can be put in."""
        return [Paper("drawer", DrawerKick())]

    def for_opened_drawer(
        self, _connection: Connection, _command: OpenDrawer, _told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Open the drawer: that is what was asked."""
        return [Paper("drawer", DrawerKick())]

    def for_voucher(
        self, connection: Connection, command: PutIn | TakeOut, told: Sequence[Told], now: Now
    ) -> Sequence[Paper]:
        """Return the voucher; the drawer opens if its money is meant."""
        (fact,) = told
        slip = self.voucher(connection, fact.identity, now.station)
        kick = [Paper("drawer", DrawerKick())] if command.place == DRAWER else []
        return [*kick, Paper("receipt", slip)] if slip else kick

    def for_hand_over(
        self, connection: Connection, _command: HandOverShift, told: Sequence[Told], now: Now
    ) -> Sequence[Paper]:
        """Return the slip that both sign."""
        slip = self.hand_over(connection, told[0].identity, now.station)
        return [Paper("receipt", slip)] if slip else []

    # --- For everybody else ----------------------------------------------------------------------

    def z(self, connection: Connection, shift: str, station: str) -> Receipt | None:
        """Return the Z slip of a closed shift, today or in ten years; None if it is not closed."""
        sheet = sheet_of_closed(connection, shift)
        return self.z_of(connection, sheet, station) if sheet else None

    def z_of(self, connection: Connection, sheet: Sheet, station: str) -> Receipt:
        """Return the Z slip that says what a sheet says: the preview of a shift not yet closed."""
        return documents.z_slip(sheet, self.names(connection, sheet, station), self._texts)

    def x(self, connection: Connection, now: Now) -> Receipt | None:
        """Return a reading of the open shift; None if none is open."""
        sheet = sheet_now(connection, now.shift, at=now.at, by=now.operator)
        if sheet is None:
            return None
        return documents.x_slip(sheet, self.names(connection, sheet, now.station), self._texts)

    def voucher(self, connection: Connection, identity: str, station: str) -> Receipt | None:
        """Return a voucher; None if it is not held, or was undone."""
        found = records.voucher_state(connection, identity)
        if found is None:
            return None
        names = self.names_for(connection, found.by, station)
        second = self._operator_name(connection, found.confirmed_by) if found.confirmed_by else ""
        return voucher_slips.voucher_slip(found, names, second, self._texts)

    def hand_over(self, connection: Connection, identity: str, station: str) -> Receipt | None:
        """Return the slip of a hand-over; None if it is not held."""
        found = records.hand_over_by_fact(connection, identity)
        if found is None:
            return None
        said = voucher_slips.HandingSlip(
            hand_over=found.hand_over,
            day=found.closed.day,
            act=found.act,
            stream=found.stream,
            counts=found.closed.counts,
            expected_fen=found.closed.expected_fen,
            not_mine_fen=not_mine_at(connection, found.closed.positions),
            giver=self._operator_name(connection, found.hand_over.by),
            taker=self._operator_name(connection, found.hand_over.taken_over_by),
        )
        names = self.names_for(connection, found.hand_over.by, station)
        return voucher_slips.hand_over_slip(said, names, self._texts)

    def names(self, connection: Connection, sheet: Sheet, station: str) -> documents.Names:
        """Return the names that a slip of a shift needs."""
        return self.names_for(connection, sheet.operator, station)

    def names_for(self, connection: Connection, operator: str, station: str) -> documents.Names:
        """Return the names that a slip of an operator needs."""
        row = reference.station(connection, station)
        address = self._texts.say(
            "cash.slip.address", township=row.township if row else "", code=station
        )
        return documents.Names(
            station=row.name if row else station,
            address=address.strip(),
            operator=self._operator_name(connection, operator),
            couriers={c.code: c.short_name for c in reference.couriers(connection)},
        )
