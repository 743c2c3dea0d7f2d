"""From what is on disk to paper: collects what a slip of the drawer says.

The first print, made within the act, and every copy after it come from here, so a copy cannot say
anything else.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import msgspec

from station_app.journal.fact import Body, Told, station_of
from station_app.journal.log import Connection
from station_app.journal.series import printed_number
from station_app.ledger import paid_acts
from station_app.ledger.paid_acts import FactRow, facts_of_act
from station_app.printing.document import DrawerKick, Receipt
from station_app.reference import records as reference
from station_app.services.cash import documents, payment_records, records, voucher_slips
from station_app.services.cash.commands import (
    CloseShift,
    CorrectChange,
    CorrectPayment,
    GivePayment,
    HandOverShift,
    OpenDrawer,
    OpenShift,
    PrintCorrection,
    PutIn,
    TakeOut,
    TakePayment,
)
from station_app.services.cash.correction_slip import CorrectionSlip, Way, correction_slip
from station_app.services.cash.corrections import COD, FREIGHT, SettledLine
from station_app.services.cash.facts import (
    ChangeCorrected,
    PaymentCorrected,
    PaymentGiven,
    PaymentTaken,
    Tender,
)
from station_app.services.cash.figures import Names
from station_app.services.cash.payment_records import CORRECTIONS
from station_app.services.cash.payments import net
from station_app.services.cash.sheet import Sheet
from station_app.services.cash.sheet_records import not_mine_at, sheet_now, sheet_of_closed
from station_app.services.cash.vouchers import DRAWER
from station_app.services.parcels.facts import ParcelCodCorrected
from station_app.shell.desk import Paper
from station_app.values.day import say_moment
from station_app.values.masks import mask_name
from station_app.values.now import Now
from station_app.values.paying import CASH
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

    def for_correction(
        self,
        connection: Connection,
        _command: CorrectPayment | CorrectChange,
        told: Sequence[Told],
        now: Now,
    ) -> Sequence[Paper]:
        """Return the slip of a correction without a payment; open the drawer if notes move."""
        if not told:
            return []
        facts = [f for one in told if (f := paid_acts.fact(connection, one.identity))]
        document = self._correction(connection, facts)
        kick = [Paper("drawer", DrawerKick())] if _moves_notes(told[0].body) else []
        return [*([Paper("receipt", document)] if document else []), *kick]

    def correction(
        self,
        connection: Connection,
        command: PrintCorrection,
        _told: Sequence[Told],
        _now: Now,
    ) -> Sequence[Paper]:
        """Return the slip of the correction that is being recorded, with its payment."""
        document = self.correction_again(connection, command.act)
        return [Paper("receipt", document)] if document else []

    # --- For everybody else ----------------------------------------------------------------------

    def correction_again(self, connection: Connection, act: str) -> Receipt | None:
        """Return the slip of an act that corrected a payment; None if it corrected none."""
        return self._correction(connection, facts_of_act(connection, act))

    def _correction(self, connection: Connection, facts: Sequence[FactRow]) -> Receipt | None:
        right = next((f for f in facts if f.kind in CORRECTIONS), None)
        paid = payment_records.corrected_payment(connection, right) if right else None
        if right is None or paid is None:
            return None
        station = station_of(right.stream)
        row = reference.station(connection, station)
        said = CorrectionSlip(
            act=right.act,
            corrected=paid.act,
            station=row.name if row else station,
            number="",
            at="",
            operator=mask_name(self._operator_name(connection, right.by)),
            paid_at=say_moment(paid.at, _day_of(paid)),
        )
        said = self._with_body(connection, said, right)
        return correction_slip(_with_payment(said, facts), self._texts)

    def _with_body(
        self, connection: Connection, said: CorrectionSlip, right: FactRow
    ) -> CorrectionSlip:
        """Return the slip with what the correcting fact says."""
        body = msgspec.json.decode(right.body, type=_BODIES[right.kind])
        said = replace(
            said,
            number=printed_number(body.slip, right.stream),
            at=say_moment(right.at, body.day),
        )
        if isinstance(body, PaymentCorrected):
            return replace(said, was=_ways(body.was), now=_ways(body.tenders))
        if isinstance(body, ChangeCorrected):
            way = Way(way=CASH, amount_fen=abs(body.difference_fen))
            return replace(said, moved_fen=body.difference_fen, moved_by=(way,))
        line = self._amount_line(connection, right)
        return replace(said, line=line, moved_fen=body.cod_change_fen + body.freight_change_fen)

    def _amount_line(self, connection: Connection, right: FactRow) -> tuple[str, int, int] | None:
        """Return a line by name, what stood there and what is right; a copy says the same."""
        body = msgspec.json.decode(right.body, type=ParcelCodCorrected)
        purse = COD if body.cod_change_fen else FREIGHT
        paid = payment_records.corrected_payment(connection, right)
        lines = payment_records.settled_lines(connection, paid.identity) if paid else {}
        line = lines.get(f"{purse}/{body.handover}")
        if line is None:
            return None
        changes = payment_records.corrections_of(connection, body.handover) or ()
        of_purse = "cod_change_fen" if purse == COD else "freight_change_fen"
        later_fen = sum(
            getattr(change.body, of_purse)
            for change in changes
            if (change.at, change.identity) > (right.at, right.identity)
        )
        right_fen = line.fen - later_fen
        return self.line_name(connection, line), right_fen - getattr(body, of_purse), right_fen

    def line_name(self, connection: Connection, line: SettledLine) -> str:
        """Return how a line is called: 代收货款 极兔 单尾 7890."""
        courier = reference.courier(connection, line.courier)
        owner = courier.short_name if courier else line.courier
        name = self._texts.say(f"cash.purse.{line.purse}", owner=owner)
        tail = line.waybill[-4:]
        return self._texts.say("cash.right.line_of", name=name, tail=tail) if tail else name

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

    def names(self, connection: Connection, sheet: Sheet, station: str) -> Names:
        """Return the names that a slip of a shift needs."""
        return self.names_for(connection, sheet.operator, station)

    def names_for(self, connection: Connection, operator: str, station: str) -> Names:
        """Return the names that a slip of an operator needs."""
        head = reference.letterhead(connection, station, self._texts)
        return Names(
            station=head.station,
            address=head.address,
            operator=self._operator_name(connection, operator),
            couriers={c.code: c.short_name for c in reference.couriers(connection)},
        )


_BODIES = {
    PaymentCorrected.KIND: PaymentCorrected,
    ChangeCorrected.KIND: ChangeCorrected,
    ParcelCodCorrected.KIND: ParcelCodCorrected,
}


class _Dated(msgspec.Struct):
    day: str = ""


def _day_of(fact: FactRow) -> str:
    return msgspec.json.decode(fact.body, type=_Dated).day


def _ways(tenders: Iterable[Tender]) -> tuple[Way, ...]:
    return tuple(Way(way=t.way, amount_fen=t.amount_fen) for t in tenders)


def _with_payment(said: CorrectionSlip, facts: Sequence[FactRow]) -> CorrectionSlip:
    for fact in facts:
        if fact.kind == PaymentTaken.KIND:
            taken = msgspec.json.decode(fact.body, type=PaymentTaken)
            return replace(said, moved_by=_ways(net(taken.tenders, taken.change_fen)))
        if fact.kind == PaymentGiven.KIND:
            given = msgspec.json.decode(fact.body, type=PaymentGiven)
            return replace(said, moved_by=_ways(given.tenders))
    return said


def _moves_notes(body: Body) -> bool:
    return isinstance(body, ChangeCorrected)
