"""What the drawer shows to the rest."""

from typing import Any

from station_app.services.cash.asking import desk_rules
from station_app.services.cash.papers import OperatorName, PaperMaker
from station_app.shell.desk import Rule
from station_app.values.texts import Texts


def rules(texts: Texts, operator_name: OperatorName) -> tuple[Rule[Any, Any], ...]:
    """Return the rules of the drawer, for a desk with or without a screen.

    operator_name: returns who an operator is, by identity.
    """
    return desk_rules(PaperMaker(texts, operator_name))
