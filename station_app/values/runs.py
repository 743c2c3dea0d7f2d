"""A van's run that is on the road, as every counter has to know it, whatever it carries.

Parcels that go to people's doors and produce that is fetched there may stand on the list of one
run: neither service imports the other, so what they tell each other of a run stands here.
"""

from dataclasses import dataclass

RUN_SERIES = "parcels.run"
"""The series that numbers the lists of runs, whichever service makes the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRun:
    """A list of a run that has not come to its end. stream: in which it was made.

    places: how many parcels, or places to fetch at, are still on it.
    """

    number: int
    stream: str
    day: str
    places: int
