"""This PC was cut off by the county: what it may still say, and how much of what it said counts.

What a cut-off PC records counts nowhere until two people at the county have taken it in. So no new
business begins here. What was begun is finished: a parcel that waits is handed over and its money
taken, the drawer is counted and the shift closed, names are erased.
"""

from collections.abc import Sequence

from station_app.journal.fact import Saying
from station_app.journal.kinds import PrivateErased
from station_app.journal.log import Connection
from station_app.journal.rulings import REVOKED

CUT_OFF = "journal.CUT_OFF"
STILL_SAID = frozenset(
    (
        "parcel.handed_over parcel.returned payment.taken shift.closed "
        "shift.handed_over place.compared case.closed key.kept operator.left operator.readmitted "
        f"{PrivateErased.KIND}"
    ).split()
)


def is_cut_off(connection: Connection, station: str, device: str) -> bool:
    """Tell whether the county has cut a PC off, as far as is known here."""
    row = connection.execute(
        "SELECT 1 FROM rulings WHERE name = ? AND what = ?", (f"{station}/{device}", REVOKED)
    ).fetchone()
    return row is not None


def begins_business(said: Sequence[Saying]) -> bool:
    """Tell whether something of this would begin new business."""
    return any(saying.body.KIND not in STILL_SAID for saying in said)
