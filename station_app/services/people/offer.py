"""What the register of people shows to the rest."""

from station_app.services.people.asking import RULES
from station_app.shell.offers import Offer
from station_app.values.texts import Texts


def offer(_texts: Texts) -> Offer:
    """Return everything that the register offers."""
    return Offer(rules=RULES)
