"""What the rules of produce need to know, read inside the act."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import msgspec

from station_app.journal.log import Connection
from station_app.journal.series import coming_number, take_number
from station_app.ledger.paid_acts import fact
from station_app.reference import produce_records as reference
from station_app.reference.brand_records import licence_for
from station_app.services.consignment import records
from station_app.services.consignment.commands import (
    DisputeLot,
    FinishIntake,
    MergeLots,
    MoveLot,
    Reweigh,
    SettleGrower,
    SplitLot,
    TakeIn,
    TellOfRecall,
)
from station_app.services.consignment.county_sale_records import county_lines
from station_app.services.consignment.dispute_records import disputed_lots
from station_app.services.consignment.disputing import Disputing
from station_app.services.consignment.grower_records import record_of
from station_app.services.consignment.lots import Lot
from station_app.services.consignment.moving import Moving
from station_app.services.consignment.paying_out import OpenLine, Settling
from station_app.services.consignment.recalling import Recalled
from station_app.services.consignment.records import People
from station_app.services.consignment.settling import Contract
from station_app.services.consignment.stopped_records import has_sale
from station_app.services.consignment.taking import (
    Describing,
    Incoming,
    Reweighing,
    quantity_of,
)
from station_app.values.now import Now

OpenLines = Callable[[Connection, str, str], Sequence[OpenLine]]
"""(connection, person, day) → her parts of sales that are not settled."""

SLIP_SERIES = "consignment.slip"
LOT_SERIES = "consignment.lot"


class Gatherer:
    """Reads for the rules. people: the register; open_lines: what of sales is not settled."""

    def __init__(self, people: People, open_lines: OpenLines) -> None:
        """Ask `people` who is known, and `open_lines` what was sold."""
        self._people = people
        self._open_lines = open_lines

    def incoming(self, connection: Connection, command: TakeIn, now: Now) -> Incoming:
        """Return what a lot is judged by, and take its numbers."""
        slip = take_number(connection, f"{SLIP_SERIES}/{now.device}")
        serial = take_number(connection, f"{LOT_SERIES}/{now.device}/{now.day}")
        return replace(self.preview(connection, command, now), slip=slip, serial=serial)

    def preview(self, connection: Connection, command: TakeIn, now: Now) -> Incoming:
        """Return what a lot would be judged by, without a number: for the page."""
        person = self._people.person(connection, command.person) if command.person else None
        licence = licence_for(connection, command.produce, now.station, now.day)
        return Incoming(
            is_known=person is not None,
            sort=reference.sort_of(connection, command.produce, now.day),
            contract=_contract(connection, command.contract),
            record=record_of(connection, command.person, command.produce, now.day),
            newest_at=records.newest_at(connection),
            licence=licence,
            marked=records.marked_under(connection, licence.code) if licence else 0,
            rules=reference.rules(connection, now.day),
        )

    def foreseen(self, connection: Connection, command: TakeIn, now: Now) -> Incoming:
        """Return the same with the number that the lot would get now; nobody takes it."""
        serial = coming_number(connection, f"{LOT_SERIES}/{now.device}/{now.day}")
        return replace(self.preview(connection, command, now), serial=serial)

    def describing(self, connection: Connection, command: FinishIntake, now: Now) -> Describing:
        """Return the lot of this act, judged once more by what stood when it came in."""
        lots = records.lots_of_act(connection, command.act)
        seen = self.preview(connection, command.taken, now)
        if seen.contract is not None and seen.sort is not None:
            used = quantity_of(seen.sort, command.taken.weighed)
            before = seen.contract.drawn - used
            seen = replace(seen, contract=msgspec.structs.replace(seen.contract, drawn=before))
        return Describing(lot=lots[0] if lots else "", incoming=seen)

    def reweighing(self, connection: Connection, command: Reweigh, now: Now) -> Reweighing:
        """Return the lot, and take a number for the slip."""
        lot = records.lot_state(connection, command.lot)
        contract = lot.shares[0].contract if lot and lot.shares else ""
        of = _contract(connection, contract)
        founder = fact(connection, lot.founder) if lot else None
        return Reweighing(
            slip=take_number(connection, f"{SLIP_SERIES}/{now.device}"),
            lot=lot,
            sort=reference.sort_of(connection, lot.produce, now.day) if lot else None,
            contract_left=of.left if of else None,
            is_in_shift=founder is not None and lot is not None and lot.day == now.day,
        )

    def moving(self, connection: Connection, command: MoveLot, _now: Now) -> Moving:
        """Return the lot of which something leaves."""
        return Moving(lots=_lots(connection, (command.lot,)))

    def dividing(self, connection: Connection, command: SplitLot, now: Now) -> Moving:
        """Return the lot that is divided, and take a number for the new one."""
        return self._making(connection, (command.lot,), now)

    def joining(self, connection: Connection, command: MergeLots, now: Now) -> Moving:
        """Return the lots that are joined, and take a number for the new one."""
        return self._making(connection, command.lots, now)

    def _making(self, connection: Connection, lots: Sequence[str], now: Now) -> Moving:
        return Moving(
            lots=_lots(connection, lots),
            serial=take_number(connection, f"{LOT_SERIES}/{now.device}/{now.day}"),
            rules=reference.rules(connection, now.day),
        )

    def recalled(self, connection: Connection, command: TellOfRecall, _now: Now) -> Recalled:
        """Return whether a lot is stopped, and whether its slip and who is told are known."""
        state = records.lot_state(connection, command.lot)
        person, sale = command.person, command.sale
        is_person = not person or self._people.person(connection, person) is not None
        return Recalled(
            is_stopped=state is not None and state.is_blocked,
            is_known=is_person and (not sale or has_sale(connection, sale)),
        )

    def settling(self, connection: Connection, command: SettleGrower, now: Now) -> Settling:
        """Return what is due to a grower, and take a number for the slip."""
        slip = take_number(connection, f"{SLIP_SERIES}/{now.device}")
        return replace(self.due_to(connection, command.person, now), slip=slip)

    def due_to(self, connection: Connection, person: str, now: Now) -> Settling:
        """Return what is due to a grower, without a number: for the page."""
        known = self._people.person(connection, person) if person else None
        return Settling(
            is_known=known is not None,
            lines=tuple(self._open_lines(connection, person, now.day)),
            here_fen=records.kept_here(connection, person) if person else 0,
            county_fen=records.kept_at_county(connection, person) if person else 0,
            owes_fen=records.owes(connection, person) if person else 0,
            county_lines=county_lines(connection, person),
            disputed=disputed_lots(connection, person),
            rules=reference.rules(connection, now.day),
        )

    def disputing(self, connection: Connection, command: DisputeLot, now: Now) -> Disputing:
        """Return whether money of hers is open for the lot, and whether she has said so before."""
        lots = {line.lot for line in self._open_lines(connection, command.person, now.day)}
        lots |= {line.lot for line in county_lines(connection, command.person)}
        return Disputing(
            is_hers=command.lot in lots,
            is_open=command.lot in disputed_lots(connection, command.person),
        )


def _contract(connection: Connection, contract: str) -> Contract | None:
    return records.contract_state(connection, contract) if contract else None


def _lots(connection: Connection, lots: Sequence[str]) -> dict[str, Lot]:
    found = {lot: records.lot_state(connection, lot) for lot in lots}
    return {lot: state for lot, state in found.items() if state is not None}
