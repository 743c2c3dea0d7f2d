"""How the sending stands, as plain values for the screen: nothing here asks the network.

The page looks at a snapshot whenever it likes. What the county has not confirmed is counted from
the journal; the rest is what the conversation remembers of its tries.
"""

from dataclasses import dataclass, replace

from station_app.sync.causes import HOLD_UP

ONLINE = "online"
OFFLINE = "offline"
BUSY = "busy"
HELD_UP = "held_up"
ALONE = "alone"

SENT = "sent"
STICK_OUT, STICK_IN = "stick_out", "stick_in"  # a bundle was written, an answer was taken
ATTEMPTS_KEPT = 50  # a page shows a handful; the rest is for the technician


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try. outcome: `sent`, `stick_in`, `stick_out` or a cause (`sync.causes`).

    facts_up: confirmed by the receipt; of `stick_out`, written.
    """

    at: int
    outcome: str
    facts_up: int = 0
    facts_down: int = 0


@dataclass(frozen=True, slots=True)
class Backlog:
    """What the county has not confirmed: facts, their bytes as they lie here, since when."""

    facts: int = 0
    size: int = 0
    oldest_at: int = 0


@dataclass(frozen=True, slots=True)
class LastReceipt:
    """The county's last signed word: how far it holds this start's stream, digest, when."""

    upto: int
    shown: str
    at: int


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """How things stand at one moment. Times in UTC ms, 0 for never.

    line: `online`, `offline`, `busy` (a request is under way), `held_up` (the line is there, but
    `cause` must be seen to) or `alone` (never met the county). since: when it became so.
    sent, to_send: facts of the round under way. clock_ahead_ms: how much this PC's clock was
    ahead of the county's at the last receipt. forks: streams of which the county holds another
    version than this PC. detail: for the technician.
    """

    line: str
    since: int
    backlog: Backlog = Backlog()
    last_success_at: int = 0
    next_try_at: int = 0
    cause: str = ""
    detail: str = ""
    sent: int = 0
    to_send: int = 0
    clock_ahead_ms: int = 0
    attempts: tuple[Attempt, ...] = ()
    receipt: LastReceipt | None = None
    forks: tuple[str, ...] = ()


class Diary:
    """Keeps the status up to date as the conversation goes on."""

    def __init__(self, attempts: tuple[Attempt, ...], backlog: Backlog) -> None:
        """Go on from the tries of former starts, the newest first."""
        success = next((a.at for a in attempts if a.outcome == SENT), 0)
        self._resting = OFFLINE if success else ALONE
        self._since = attempts[0].at if attempts else 0
        self._round_sent = 0
        self.status = SyncStatus(
            line=self._resting,
            since=self._since,
            backlog=backlog,
            last_success_at=success,
            attempts=attempts,
        )

    def departs(self, now_ms: int, backlog: Backlog) -> None:
        """A request leaves."""
        self.status = replace(
            self.status,
            line=BUSY,
            since=now_ms,
            backlog=backlog,
            sent=self._round_sent,
            to_send=self._round_sent + backlog.facts,
        )

    def heard(self, receipt: LastReceipt, clock_ahead_ms: int) -> None:
        """The county gave a receipt."""
        self.status = replace(self.status, receipt=receipt, clock_ahead_ms=clock_ahead_ms)

    def forks(self, streams: tuple[str, ...]) -> None:
        """Another version of these streams is known of."""
        self.status = replace(self.status, forks=streams)

    def succeeded(self, attempts: tuple[Attempt, ...], backlog: Backlog, next_try_at: int) -> None:
        """The newest of these tries went well. next_try_at: not later than now to go on at once."""
        attempt = attempts[0]
        goes_on = next_try_at <= attempt.at
        self._round_sent = self._round_sent + attempt.facts_up if goes_on else 0
        self.status = replace(self.status, last_success_at=attempt.at, cause="", detail="")
        self._rest(ONLINE, attempts, backlog, next_try_at)

    def failed(
        self, attempts: tuple[Attempt, ...], backlog: Backlog, next_try_at: int, detail: str
    ) -> None:
        """The newest of these tries did not go well; its outcome says why."""
        cause = attempts[0].outcome
        self._round_sent = 0
        unreached = OFFLINE if self.status.last_success_at else ALONE
        self.status = replace(self.status, cause=cause, detail=detail)
        self._rest(HELD_UP if cause in HOLD_UP else unreached, attempts, backlog, next_try_at)

    def _rest(
        self, line: str, attempts: tuple[Attempt, ...], backlog: Backlog, next_try_at: int
    ) -> None:
        if line != self._resting:
            self._resting, self._since = line, attempts[0].at
        self.status = replace(
            self.status,
            line=line,
            since=self._since,
            attempts=attempts,
            backlog=backlog,
            next_try_at=next_try_at,
            sent=0,
            to_send=0,
        )
