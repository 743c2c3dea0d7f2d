"""Which rule decides which command: what this slice hands to the desk."""

from typing import Any

from station_app.services.handing_on.commands import HandOn
from station_app.services.handing_on.papers import PaperMaker
from station_app.services.handing_on.records import Gatherer, People
from station_app.services.handing_on.rules import hand_on
from station_app.shell.desk import Rule
from station_app.values.texts import Texts


def desk_rules(people: People, texts: Texts) -> tuple[Rule[Any, Any], ...]:
    """Return the rule of handing on, with its paper."""
    return (Rule(HandOn, Gatherer(people).standing, hand_on, PaperMaker(people, texts).of_act),)
