"""What the county plans: master data that begins later, said in the place of its first version.

Drawn from dice of its own, so that one more version does not throw every history anew.
"""

import random
from collections.abc import Iterable, Sequence

from station_app.journal.fact import Body, Saying
from station_app.reference import facts
from tests.ledger.samples import sample

OFTEN = 0.5
LATER: dict[type[Body], type[Body]] = {
    facts.ProducePublished: facts.DatedProducePublished,
    facts.ProduceTermsPublished: facts.DatedProduceTermsPublished,
    facts.ProduceRulePublished: facts.DatedProduceRulePublished,
    facts.PlatformPublished: facts.DatedPlatformPublished,
    facts.SettingPublished: facts.DatedSettingPublished,
}


def first_versions(kinds: Sequence[type[Body]]) -> list[type[Body]]:
    """Return what is drawn from: without those that are said in the place of another."""
    planned = set(LATER.values())
    return [kind for kind in kinds if kind not in planned]


class Planning:
    """Turns what is published into what is planned, about every other time."""

    def __init__(self, seed: int) -> None:
        """Draw by the seed of the village."""
        self._dice = random.Random(f"planning {seed}")

    def sayings(self, kinds: Iterable[type[Body]]) -> list[Saying]:
        """Return what is said of these kinds, some of it in the version that begins later."""
        return [Saying(sample(self._version(kind))) for kind in kinds]

    def _version(self, kind: type[Body]) -> type[Body]:
        later = LATER.get(kind)
        return later if later is not None and self._dice.random() < OFTEN else kind
