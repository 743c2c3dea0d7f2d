"""What a printer is to the program: a port that takes a job, and what it says of itself.

Three states only: ok, fault with its reason, unknown. A printer that does not answer is *unknown*,
never ok, and silence never holds up printing: many clones print well and never say a word. How a
job ended has three outcomes too, and the spool acts on them: what was `not_started` may be sent
again, what was `interrupted` may have come out in part and is never sent again by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

State = Literal["ok", "fault", "unknown"]
Outcome = Literal["sent", "not_started", "interrupted"]

# Reasons: statements of the catalogue, texts/zh_CN/printing.toml under [reason].
NO_PAPER, PAPER_LOW, COVER_OPEN = "NO_PAPER", "PAPER_LOW", "COVER_OPEN"
JAM, NO_RIBBON, PAUSED, OTHER = "JAM", "NO_RIBBON", "PAUSED", "OTHER"
UNREACHABLE, NO_ACCESS, BUSY = "UNREACHABLE", "NO_ACCESS", "BUSY"
CUT_OFF, STALLED, NO_ANSWER = "CUT_OFF", "STALLED", "NO_ANSWER"
QUEUE_STOPPED, NO_QUEUE = "QUEUE_STOPPED", "NO_QUEUE"

SILENT_MAX = 2  # unanswered questions after which a printer is taken for a mute one
ANSWER_BYTES_MAX = 256  # three lines of ZPL are eighty


@dataclass(frozen=True, slots=True)
class Status:
    """What a printer says of itself. reason: why it is at fault, or PAPER_LOW while it is ok."""

    state: State
    reason: str = ""


OK = Status("ok")
UNKNOWN = Status("unknown")


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a job ended. reason: why it did not end well; status: what the printer said last."""

    outcome: Outcome
    reason: str = ""
    status: Status = UNKNOWN


class Port(Protocol):
    """Where a printer hangs. One job at a time; neither method raises for a broken printer."""

    def status(self) -> Status:
        """Ask the printer how it is."""
        ...

    def deliver(self, job: bytes) -> Delivery:
        """Send a whole job and wait, within limits, for its end."""
        ...


class Line(Protocol):
    """An open connection to a printer, of whatever kind."""

    def write(self, sent: bytes) -> None:
        """Send all of it. Raises OSError; TimeoutError when the printer takes no more."""
        ...

    def read(self, seconds: float) -> bytes:
        """Return what the printer says within this time, nothing if it is silent."""
        ...


@dataclass(frozen=True, slots=True)
class Heard:
    """What an answer means. is_done: nothing is left to be printed."""

    status: Status
    is_done: bool = False


class Talk(Protocol):
    """How one language asks a printer for its state.

    question: asks at any time, b"" where nothing can be asked; last_word: sent behind a job,
    answered when all before is printed.
    """

    question: bytes
    last_word: bytes

    def hear(self, answer: bytes) -> Heard:
        """Return what an answer means; UNKNOWN for silence and for rubbish."""
        ...


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a port waits, in seconds.

    connect, answer: for a connection, for one answer; stall: while a printer takes nothing;
    drain: for a printer to close after the last byte; rounds, between: how often, and after what
    pause, a printer is asked whether it has finished (a metre of paper takes ten seconds).
    """

    connect: float = 3.0
    answer: float = 0.5
    stall: float = 20.0
    drain: float = 2.0
    rounds: int = 40
    between: float = 0.25


class Conversation:
    """Holds the conversation of one port: asks, sends a job, hears it out.

    It remembers when a printer is mute, so that a job need not wait for an answer that never comes.
    """

    def __init__(self, talk: Talk, patience: Patience, pause: Callable[[float], None]) -> None:
        """Speak by `talk`; `pause` waits for so many seconds between two questions."""
        self._talk = talk
        self._patience = patience
        self._pause = pause
        self._silent = 0

    def ask(self, line: Line) -> Status:
        """Ask for the state, also of a printer that is taken for mute. Raises OSError."""
        return self._ask(line).status

    def _ask(self, line: Line) -> Heard:
        if not self._talk.question:
            return Heard(UNKNOWN)
        line.write(self._talk.question)
        heard = Heard(UNKNOWN)
        answer = b""
        while heard.status is UNKNOWN and len(answer) < ANSWER_BYTES_MAX:
            more = line.read(self._patience.answer)
            if not more:
                break
            answer += more
            heard = self._talk.hear(answer)
        self._silent = self._silent + 1 if heard.status is UNKNOWN else 0
        return heard

    def deliver(self, line: Line, job: bytes) -> Delivery:
        """Send a job over an open line."""
        before = UNKNOWN
        try:
            if self._silent < SILENT_MAX:
                before = self.ask(line)
        except OSError:
            return Delivery("not_started", UNREACHABLE)
        if before.state == "fault":
            return Delivery("not_started", before.reason, before)
        try:
            line.write(job)
            if before is UNKNOWN:
                return Delivery("sent")
            return self._hear_out(line)
        except TimeoutError:
            return Delivery("interrupted", STALLED)
        except OSError:
            return Delivery("interrupted", CUT_OFF)

    def _hear_out(self, line: Line) -> Delivery:
        """Wait until a printer that answers says that all is printed, or what went wrong."""
        if self._talk.last_word:
            line.write(self._talk.last_word)
        for _ in range(self._patience.rounds):
            heard = self._ask(line)
            if heard.status.state == "fault":
                return Delivery("interrupted", heard.status.reason, heard.status)
            if heard.is_done:
                return Delivery("sent", "", heard.status)
            if heard.status is UNKNOWN:
                return Delivery("interrupted", NO_ANSWER)
            self._pause(self._patience.between)
        return Delivery("interrupted", NO_ANSWER, heard.status)
