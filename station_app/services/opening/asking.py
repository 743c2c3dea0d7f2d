"""Which rule decides which command: what this slice hands to the desk."""

from typing import Any

from station_app.services.opening import lots, rules
from station_app.services.opening.commands import (
    CorrectOpening,
    DismissOpening,
    EnterLot,
    EnterOpening,
    FinishOpening,
    ReopenOpening,
    SettleStep,
)
from station_app.services.opening.papers import PaperMaker
from station_app.services.opening.records import Gatherer
from station_app.shell.desk import Rule
from station_app.values.texts import Texts


def desk_rules(gatherer: Gatherer, texts: Texts) -> tuple[Rule[Any, Any], ...]:
    """Return the rules of the first day, with the papers that they print."""
    papers = PaperMaker(gatherer.neighbours, texts)
    return (
        Rule(EnterOpening, gatherer.entering, rules.enter_opening, papers.for_act),
        Rule(CorrectOpening, gatherer.correcting, rules.correct_opening, papers.for_act),
        Rule(EnterLot, gatherer.entering_lot, lots.enter_lot, papers.for_lot),
        Rule(SettleStep, gatherer.opening, rules.settle_step),
        Rule(DismissOpening, gatherer.opening, rules.dismiss_opening),
        Rule(ReopenOpening, gatherer.opening, rules.reopen_opening),
        Rule(FinishOpening, gatherer.finishing, rules.finish_opening, papers.for_act),
    )
