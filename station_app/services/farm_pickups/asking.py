"""Which rule decides which command: what this slice hands to the desk."""

from typing import Any

from station_app.reference.register import Register
from station_app.services.farm_pickups import records, rules
from station_app.services.farm_pickups.commands import (
    AskFarmPickup,
    CallFarmPickupOff,
    EndFarmPickup,
    JoinVanRun,
)
from station_app.services.farm_pickups.papers import PaperMaker
from station_app.shell.desk import Rule
from station_app.values.texts import Texts


def desk_rules(people: Register, texts: Texts) -> tuple[Rule[Any, Any], ...]:
    """Return the rules of farm pickups, with the list that a run takes along."""
    papers = PaperMaker(people, texts)
    return (
        Rule(AskFarmPickup, records.gather_asking, rules.ask),
        Rule(JoinVanRun, records.gather_joining, rules.join_run, papers.of_act),
        Rule(EndFarmPickup, records.gather_one, rules.end),
        Rule(CallFarmPickupOff, records.gather_one, rules.call_off),
    )
