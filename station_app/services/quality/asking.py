"""Which rule decides which command: what this slice hands to the desk."""

from collections.abc import Sequence
from typing import Any

from station_app.journal.fact import Saying
from station_app.journal.log import Connection
from station_app.journal.series import take_number
from station_app.reference.goods_records import produce_named
from station_app.reference.register import Register
from station_app.services.quality import records, rules
from station_app.services.quality.commands import (
    CollectPromise,
    DescribePlot,
    EndorseLot,
    IssuePromise,
    PrintPromise,
    RecordTest,
    ShowCertificate,
)
from station_app.services.quality.papers import PaperMaker
from station_app.services.quality.rules import OfGrower, OfLot
from station_app.shell.desk import Rule
from station_app.values.now import Now
from station_app.values.texts import Texts

SERIES = "quality.promise"
HERS, MIXED = "H", "S"


class Gatherer:
    """Reads for the rules. people: the register."""

    def __init__(self, people: Register) -> None:
        """Ask `people` who is known."""
        self._people = people

    def of_grower(
        self, connection: Connection, command: DescribePlot | ShowCertificate, _now: Now
    ) -> OfGrower:
        """Return whether grower and sort are known."""
        return OfGrower(
            is_known=self._people.person(connection, command.person) is not None,
            is_sort=produce_named(connection, command.produce) is not None,
        )

    def of_lot(
        self, connection: Connection, command: CollectPromise | RecordTest | EndorseLot, _now: Now
    ) -> OfLot:
        """Return whose a lot is."""
        return _of_lot(connection, command.lot)

    def issuing(self, connection: Connection, command: IssuePromise, now: Now) -> OfLot:
        """Return the same, with a number: station, whose form, day, slot and serial."""
        state = _of_lot(connection, command.lot)
        serial = take_number(connection, f"{SERIES}/{now.device}/{now.day}")
        whose = MIXED if state.is_mixed else HERS
        day = now.day[2:].replace("-", "")
        number = f"{now.station}-{whose}-{day}{now.slot}{serial:03}"
        return OfLot(
            is_known=state.is_known,
            growers=state.growers,
            is_mixed=state.is_mixed,
            quantity=state.quantity,
            number=number,
            issuer=records.issuer_of(connection, state.growers, now.day),
        )


def _of_lot(connection: Connection, lot: str) -> OfLot:
    state = records.lot_state(connection, lot)
    if state is None:
        return OfLot(is_known=False)
    return OfLot(growers=state.growers, is_mixed=state.is_mixed, quantity=state.quantity)


def desk_rules(people: Register, texts: Texts) -> tuple[Rule[Any, Any], ...]:
    """Return the rules of quality, with the paper that they print."""
    gather, papers = Gatherer(people), PaperMaker(people, texts)
    return (
        Rule(DescribePlot, gather.of_grower, rules.describe_plot),
        Rule(ShowCertificate, gather.of_grower, rules.show_certificate),
        Rule(CollectPromise, gather.of_lot, rules.collect_promise),
        Rule(IssuePromise, gather.issuing, rules.issue_promise),
        Rule(RecordTest, gather.of_lot, rules.record_test),
        Rule(EndorseLot, gather.of_lot, rules.endorse_lot),
        Rule(PrintPromise, _nothing_to_see, _nothing_to_say, papers.of_promise),
    )


def _nothing_to_see(_connection: Connection, _command: PrintPromise, _now: Now) -> None:
    return None


def _nothing_to_say(_state: None, _command: PrintPromise, _now: Now) -> Sequence[Saying]:
    return ()
