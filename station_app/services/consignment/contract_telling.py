"""The support contracts of a villager, a line for each: for the manager's panel in the register."""

from collections.abc import Sequence

from station_app.journal.log import Connection
from station_app.ledger.rounding import GRAM
from station_app.services.consignment import records
from station_app.values.day import say_day
from station_app.values.money import say_yuan
from station_app.values.texts import Texts
from station_app.values.weight import say_jin


def of_person(connection: Connection, names: Sequence[str], texts: Texts) -> Sequence[str]:
    """Return what each of hers promises and how much of it is left, the last to end on top."""
    found = []
    for name in names:
        rows = connection.execute(
            "SELECT entity FROM contracts WHERE person = ? AND code != ''", (name,)
        )
        for (entity,) in rows.fetchall():
            contract = records.contract_state(connection, entity)
            if contract is None:
                continue
            left = max(contract.left, 0)
            is_weighed = contract.unit == GRAM
            words = texts.say(
                f"consignment.contract.{'weighed' if is_weighed else 'counted'}",
                code=contract.code,
                name=records.sort_name(connection, contract.produce),
                price=say_yuan(contract.guaranteed_fen),
                left=say_jin(left) if is_weighed else left,
                until=say_day(contract.until_day, ""),
            )
            found.append((contract.until_day, contract.code, words))
    return tuple(words for _, _, words in sorted(found, reverse=True))
