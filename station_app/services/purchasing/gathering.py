"""What the rules of orders need to know, read inside the act."""

from station_app.journal.log import Connection
from station_app.journal.series import take_number
from station_app.reference import goods_records as reference
from station_app.services.purchasing import completion_records, own_records, records
from station_app.services.purchasing.commands import (
    AnswerQuote,
    AnswerSwap,
    AskCancellation,
    CancelOrder,
    ChooseDelivery,
    CompleteOrder,
    NoteOwnOrder,
    PickUpOrder,
    PlaceOrder,
    ReturnOrder,
    SendBackOrder,
    SettleClaim,
    TellOwnWaybill,
)
from station_app.services.purchasing.completing import Completing
from station_app.services.purchasing.fates import Fate
from station_app.services.purchasing.own_orders import OwnOrder
from station_app.services.purchasing.own_placing import OwnStanding
from station_app.services.purchasing.placing import Placing
from station_app.services.purchasing.records import People
from station_app.services.purchasing.timeline_records import fate_of
from station_app.values.now import Now

SLIP_SERIES = "purchasing.slip"


class OrderGatherer:
    """Reads for the rules. people: the register."""

    def __init__(self, people: People) -> None:
        """Ask `people` who is known here."""
        self._people = people

    def placing(self, connection: Connection, command: PlaceOrder, now: Now) -> Placing:
        """Return the goods and people of an order, the terms, and take a number for the slip."""
        codes = {line.product for line in command.lines if line.product}
        found = {code: records.wanted(connection, code, now.day) for code in sorted(codes)}
        named = {command.person, command.collector} - {""}
        return Placing(
            terms=reference.order_terms(connection, now.day),
            goods={code: goods for code, goods in found.items() if goods is not None},
            people=frozenset(one for one in named if self._is_known(connection, one)),
            replaced=(
                records.order_state(connection, command.replaces) if command.replaces else None
            ),
            slip=take_number(connection, f"{SLIP_SERIES}/{now.device}"),
        )

    def fate(
        self,
        connection: Connection,
        command: CancelOrder
        | AskCancellation
        | AnswerQuote
        | AnswerSwap
        | SendBackOrder
        | SettleClaim,
        _now: Now,
    ) -> Fate:
        """Return what decides over an order."""
        return fate_of(connection, command.order)

    def fate_of_choice(self, connection: Connection, command: ChooseDelivery, _now: Now) -> Fate:
        """Return what decides over an order, or over the one placed in this very act."""
        return fate_of(connection, command.order or records.placed_in(connection, command.act))

    def completing(self, connection: Connection, command: CompleteOrder, _now: Now) -> Completing:
        """Return what was asked, and the order that it is about."""
        return completion_records.completing(connection, command.completion)

    def own(self, connection: Connection, command: NoteOwnOrder, _now: Now) -> OwnStanding:
        """Return whether the villager is known, and whether this is noted already."""
        return OwnStanding(
            is_known=self._is_known(connection, command.person),
            is_noted=own_records.is_own_noted(connection, command.platform, command.number),
        )

    def own_order(
        self, connection: Connection, command: TellOwnWaybill, _now: Now
    ) -> OwnOrder | None:
        """Return an order of a villager's own."""
        return own_records.own_order(connection, command.order)

    def fate_with_slip(
        self, connection: Connection, command: PickUpOrder | ReturnOrder, now: Now
    ) -> Fate:
        """Return what decides over an order, and take a number for the slip."""
        slip = take_number(connection, f"{SLIP_SERIES}/{now.device}")
        return fate_of(connection, command.order, slip)

    def _is_known(self, connection: Connection, identity: str) -> bool:
        person = self._people.person(connection, identity)
        return person is not None and not person.is_erased
