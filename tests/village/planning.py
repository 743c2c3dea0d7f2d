"""What the county plans: master data that begins later, said in the place of its first version.

Drawn from dice of its own, so that one more version does not throw every history anew.
"""

import random

from station_app.journal.fact import Body
from station_app.reference import facts

OFTEN = 0.5
LATER: dict[type[Body], type[Body]] = {
    facts.ProducePublished: facts.DatedProducePublished,
    facts.ProduceTermsPublished: facts.DatedProduceTermsPublished,
    facts.ProduceRulePublished: facts.DatedProduceRulePublished,
    facts.PlatformPublished: facts.DatedPlatformPublished,
    facts.SettingPublished: facts.DatedSettingPublished,
}
PLANNED = frozenset(LATER.values())


class Planning:
    """Turns what is published into what is planned, about every other time."""

    def __init__(self, seed: int) -> None:
        """Draw by the seed of the village."""
        self._dice = random.Random(f"planning {seed}")

    def said(self, kind: type[Body]) -> type[Body]:
        """Return the version in which a kind is said now."""
        later = LATER.get(kind)
        return later if later is not None and self._dice.random() < OFTEN else kind
