"""How a case is closed: a pure rule over what is open now.

Closing changes no other fact and moves no money: it says that somebody looked at both sides.
It settles exactly the set of facts that was on the screen; if another came in meanwhile, the
answer is no, and the page shows the new set.
"""

from collections.abc import Sequence

from station_app.journal.case_sorts import closes_itself
from station_app.journal.fact import Saying
from station_app.journal.kinds import CaseClosed, CaseRemark
from station_app.overview.commands import CloseCase
from station_app.values.now import Now
from station_app.values.refusal import Refusal

SETTLED, EXPLAINED = "settled", "explained"
VERDICTS = (SETTLED, EXPLAINED)  # besides the identity of the side that holds
REMARK_MIN = 2  # one character is a slip of the finger, no reason
REMARK_MAX = 200  # two lines on the county's list


def close_case(
    members: tuple[str, ...] | None, command: CloseCase, now: Now
) -> Sequence[Saying] | Refusal:
    """Decide whether the case may be closed. members: of the open case; None: none is open."""
    remark = " ".join(command.remark.split())
    if members is None:
        return Refusal("overview.CASE_NOT_OPEN")
    if closes_itself(command.case):
        return Refusal("overview.CASE_DECIDED_ELSEWHERE")
    if tuple(sorted(members)) != tuple(sorted(command.members)):
        return Refusal("overview.CASE_CHANGED", {"count": len(members)})
    if len(remark) < REMARK_MIN:
        return Refusal("overview.REMARK_NEEDED")
    if len(remark) > REMARK_MAX:
        return Refusal("overview.REMARK_TOO_LONG", {"max": REMARK_MAX, "count": len(remark)})
    assert command.verdict in (*VERDICTS, *members), command.verdict
    body = CaseClosed(
        case=command.case, members=tuple(members), verdict=command.verdict, day=now.day
    )
    return [Saying(body, CaseRemark(remark=remark), entity=command.entity)]
