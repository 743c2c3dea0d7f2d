"""Which rule decides which command: what this slice hands to the desk."""

from collections.abc import Sequence
from typing import Any

from station_app.journal.fact import Saying, Told
from station_app.journal.log import Connection
from station_app.services.consignment.commands import (
    DisputeLot,
    FinishIntake,
    MergeLots,
    MoveLot,
    PrintLotPapers,
    PrintSettlement,
    Reweigh,
    SettleGrower,
    SplitLot,
    TakeIn,
    TellOfRecall,
)
from station_app.services.consignment.disputing import dispute_lot
from station_app.services.consignment.gathering import Gatherer, OpenLines
from station_app.services.consignment.given_back_papers import GivenBackMaker
from station_app.services.consignment.manifest_papers import ManifestMaker
from station_app.services.consignment.moving import merge_lots, move_lot, split_lot
from station_app.services.consignment.notice_papers import NoticeMaker
from station_app.services.consignment.papers import PaperMaker
from station_app.services.consignment.paying_out import settle_grower
from station_app.services.consignment.recalling import tell_of_recall
from station_app.services.consignment.records import People
from station_app.services.consignment.statement_papers import StatementMaker
from station_app.services.consignment.taking import describe, reweigh, take_in
from station_app.shell.desk import Paper, Rule
from station_app.values.now import Now
from station_app.values.texts import Texts


def desk_rules(people: People, texts: Texts, open_lines: OpenLines) -> tuple[Rule[Any, Any], ...]:
    """Return the rules of produce, with the papers that they print."""
    gather, papers = Gatherer(people, open_lines), PaperMaker(people, texts)
    notices = NoticeMaker(people, texts)
    statements, manifests = StatementMaker(people, texts), ManifestMaker(people, texts)
    given_back = GivenBackMaker(people, texts)

    def of_lots(
        connection: Connection, command: PrintLotPapers, told: Sequence[Told], now: Now
    ) -> Sequence[Paper]:
        makers = (papers, manifests, given_back)
        return [p for one in makers for p in one.of_lots(connection, command, told, now)]

    return (
        Rule(TakeIn, gather.incoming, take_in),
        Rule(FinishIntake, gather.describing, describe, papers.of_intake),
        Rule(Reweigh, gather.reweighing, reweigh),
        Rule(MoveLot, gather.moving, move_lot),
        Rule(SplitLot, gather.dividing, split_lot),
        Rule(MergeLots, gather.joining, merge_lots),
        Rule(SettleGrower, gather.settling, settle_grower),
        Rule(DisputeLot, gather.disputing, dispute_lot),
        Rule(TellOfRecall, gather.recalled, tell_of_recall, notices.of_telling),
        Rule(PrintSettlement, _nothing_to_see, _nothing_to_say, statements.of_settlement),
        Rule(PrintLotPapers, _nothing_to_see, _nothing_to_say, of_lots),
    )


def _nothing_to_see(_connection: Connection, _command: Any, _now: Now) -> None:
    return None


def _nothing_to_say(_state: None, _command: Any, _now: Now) -> Sequence[Saying]:
    return ()
