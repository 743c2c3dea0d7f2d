"""The first day: what may be said of it, how it folds, and what it does to the books.

Every amount is signed for by two. Where there is only one person, she goes on alone with a reason
(一人办理). Nothing here stops work at the counter: each step may wait, or never come.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from station_app.journal.fact import Body, Saying, Told, station_of
from station_app.journal.projection import Columns, EntityKind
from station_app.journal.vocabulary import Poster
from station_app.ledger.posting import Entry, pays
from station_app.services.opening.commands import (
    CorrectOpening,
    DismissOpening,
    EnterOpening,
    FinishOpening,
    ReopenOpening,
    SettleStep,
    Witness,
)
from station_app.services.opening.facts import (
    OpeningCorrected,
    OpeningDismissed,
    OpeningEntered,
    OpeningFinished,
    OpeningNote,
    OpeningReopened,
    OpeningStepSettled,
    PurseSum,
)
from station_app.services.opening.purses import (
    DRAWER,
    OF_COURIER,
    OF_PERSON,
    PLACES,
    PURSES,
    Owner,
    sides,
)
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.refusal import Refusal

AMOUNT_FEN_MAX = 100_000_000  # a million yuan in one line is a slipped key
WORDS_MAX = 200  # a remark or a reason is a line, not a letter
STEPS = ("people", "shelves", "parcels", "debts", "lots", "money")
OUTCOMES = ("done", "none", "open")
WITNESSES = ("party", "manager", "alone")

OPEN = "open"
DISMISSED = "dismissed"
FINISHED = "finished"

Decision = Sequence[Saying] | Refusal


# --- States --------------------------------------------------------------------------------------


class OpeningLine(msgspec.Struct, frozen=True, kw_only=True):
    """One amount from before the books, as last corrected; 0 when it was taken back.

    entered_fen: what was written down first; by: the operator's identity; corrections: how many.
    """

    purse: str = ""
    person: str = ""
    courier: str = ""
    device: str = ""
    amount_fen: int = 0
    entered_fen: int = 0
    witness: str = ""
    witness_by: str = ""
    reason: str = ""
    remark: str = ""
    by: str = ""
    at: int = 0
    day: str = ""
    slip: int = 0
    stream: str = ""
    corrections: int = 0


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """How far the first day of a station has come. steps: outcome by name, `open` if unsaid."""

    station: str = ""
    status: str = OPEN
    steps: dict[str, str] = {}
    finished_day: str = ""
    finished_by: str = ""
    slip: int = 0


def fold_line(state: OpeningLine | None, told: Told) -> OpeningLine:
    """Write an amount down, or put it right; the latest correction holds."""
    known = state or OpeningLine()
    body: OpeningEntered | OpeningCorrected = told.body
    note = told.private or OpeningNote()
    common = msgspec.structs.replace(
        known,
        purse=body.purse,
        person=body.person,
        courier=body.courier,
        device=body.device,
        witness=body.witness,
        witness_by=body.witness_by,
        reason=note.reason,
        slip=body.slip,
        by=told.by,
        stream=told.stream,
    )
    if isinstance(body, OpeningCorrected):
        return msgspec.structs.replace(
            common,
            amount_fen=body.is_fen,
            remark=note.remark or known.remark,
            corrections=known.corrections + 1,
        )
    return msgspec.structs.replace(
        common,
        amount_fen=body.amount_fen,
        entered_fen=body.amount_fen,
        remark=note.remark,
        at=told.at,
        day=body.day,
    )


def fold_opening(state: Opening | None, told: Told) -> Opening:
    """Settle a step, or say how the whole stands."""
    known = state or Opening(station=station_of(told.stream))
    body = told.body
    if isinstance(body, OpeningStepSettled):
        return msgspec.structs.replace(known, steps={**known.steps, body.step: body.outcome})
    if isinstance(body, OpeningFinished):
        return msgspec.structs.replace(
            known,
            status=FINISHED,
            finished_day=body.day,
            finished_by=told.identity,
            slip=body.slip,
        )
    is_dismissed = isinstance(body, OpeningDismissed)
    return msgspec.structs.replace(known, status=DISMISSED if is_dismissed else OPEN)


def _of_station(told: Told) -> str:
    """Return the key by which all PCs of a station speak of one first day."""
    return station_of(told.stream)


LINE = EntityKind(
    name="opening_line",
    state=OpeningLine,
    facts=(OpeningEntered, OpeningCorrected),
    fold=fold_line,
    columns=Columns(
        table="opening_lines",
        fields=(
            ("purse", "TEXT"),
            ("person", "TEXT"),
            ("courier", "TEXT"),
            ("device", "TEXT"),
            ("amount_fen", "INTEGER"),
            ("entered_fen", "INTEGER"),
            ("witness", "TEXT"),
            ("remark", "TEXT"),
            ("at", "INTEGER"),
            ("slip", "INTEGER"),
            ("stream", "TEXT"),
        ),
        row=lambda line: (
            line.purse,
            line.person,
            line.courier,
            line.device,
            line.amount_fen,
            line.entered_fen,
            line.witness,
            line.remark,
            line.at,
            line.slip,
            line.stream,
        ),
        indexes=(("purse", "person"),),
    ),
)

OPENING_DAY = EntityKind(
    name="opening",
    state=Opening,
    facts=(OpeningStepSettled, OpeningDismissed, OpeningReopened, OpeningFinished),
    fold=fold_opening,
    natural_key={
        OpeningStepSettled: _of_station,
        OpeningDismissed: _of_station,
        OpeningReopened: _of_station,
        OpeningFinished: _of_station,
    },
    columns=Columns(
        table="openings",
        fields=(("station", "TEXT"), ("status", "TEXT"), ("finished_day", "TEXT")),
        row=lambda o: (o.station, o.status, o.finished_day),
        indexes=(("station",),),
    ),
)

ENTITIES = (LINE, OPENING_DAY)


# --- Postings ------------------------------------------------------------------------------------


def post_entered(told: Told) -> Entry:
    """Post the amount against the opening."""
    body: OpeningEntered = told.body
    return pays(*sides(body.purse, _owner(told)), body.amount_fen)


def post_corrected(told: Told) -> Entry:
    """Post what the line comes to more or less."""
    body: OpeningCorrected = told.body
    return pays(*sides(body.purse, _owner(told)), body.is_fen - body.was_fen)


def _owner(told: Told) -> Owner:
    body: OpeningEntered | OpeningCorrected = told.body
    return Owner(
        document=told.subject, person=body.person, courier=body.courier, device=body.device
    )


POSTINGS: Mapping[type[Body], Poster] = {
    OpeningEntered: post_entered,
    OpeningCorrected: post_corrected,
}


# --- Lines ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """Who could sign besides the operator: identities of the managers who are here."""

    managers: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entering:
    """What decides whether an amount may be written down.

    status: of the first day; owner_known: whether person or courier is; twins: amounts (fen) of
    lines of this purse and owner that stand already; drawer_counted: a shift has counted it.
    """

    signing: Signing
    slip: int
    status: str = OPEN
    owner_known: bool = True
    twins: Sequence[int] = ()
    drawer_counted: bool = False


def enter_opening(state: Entering, command: EnterOpening, now: Now) -> Decision:
    """Write down one amount from before the books."""
    refusal = (
        _why_not_open(state.status)
        or _why_not_whose(state, command)
        or why_not_amount(command.amount_fen)
        or _why_not_again(state, command)
        or why_not_signed(command.purse, command.witness, state.signing, now)
        or _why_not_words(command.remark)
    )
    if refusal is not None:
        return refusal
    body = OpeningEntered(
        purse=command.purse,
        person=command.person,
        courier=command.courier,
        device=now.device if command.purse == DRAWER else "",
        amount_fen=command.amount_fen,
        witness=command.witness.kind,
        witness_by=command.witness.operator,
        slip=state.slip,
        day=now.day,
    )
    return [Saying(body, private=_note(command.remark, command.witness, command.person))]


def _why_not_open(status: str) -> Refusal | None:
    return Refusal("opening.FINISHED_ALREADY") if status == FINISHED else None


def _why_not_whose(state: Entering, command: EnterOpening) -> Refusal | None:
    if command.purse not in PURSES:
        return Refusal("opening.PURSE_MISSING")
    if command.purse in OF_PERSON and not command.person:
        return Refusal("opening.PERSON_MISSING")
    if command.purse in OF_COURIER and not command.courier:
        return Refusal("opening.COURIER_MISSING")
    if not state.owner_known:
        known = "PERSON" if command.purse in OF_PERSON else "COURIER"
        return Refusal(f"opening.NO_SUCH_{known}")
    if command.purse == DRAWER and state.drawer_counted:
        return Refusal("opening.DRAWER_COUNTED_ALREADY")
    return None


def why_not_amount(amount_fen: int) -> Refusal | None:
    """Return why an amount cannot be written down: nothing, below zero, or too much."""
    if amount_fen <= 0:
        return Refusal("opening.AMOUNT_NOT_POSITIVE")
    if amount_fen > AMOUNT_FEN_MAX:
        return Refusal("opening.AMOUNT_TOO_BIG", {"most": say_yuan(AMOUNT_FEN_MAX)})
    return None


def _why_not_again(state: Entering, command: EnterOpening) -> Refusal | None:
    """A place of money has one line; of a debt there may be two, if somebody says so."""
    if not state.twins or (command.again and command.purse not in PLACES):
        return None
    key = "PLACE" if command.purse in PLACES else "DEBT"
    return Refusal(f"opening.{key}_ENTERED_ALREADY", {"amount": say_yuan(state.twins[0])})


def why_not_signed(purse: str, witness: Witness, signing: Signing, now: Now) -> Refusal | None:
    """Return why nobody has signed besides the operator. purse "" is the whole paper."""
    if witness.kind not in WITNESSES or (witness.kind == "party" and purse in ("", *PLACES)):
        return Refusal("opening.WITNESS_MISSING")
    if witness.kind == "manager" and witness.operator == now.operator:
        return Refusal("opening.WITNESS_IS_YOU")
    if witness.kind == "manager" and witness.operator not in signing.managers:
        return Refusal("opening.NO_SUCH_MANAGER")
    if witness.kind == "alone" and not witness.reason.strip():
        return Refusal("opening.REASON_MISSING")
    return _why_not_words(witness.reason)


def _why_not_words(words: str) -> Refusal | None:
    if len(words) > WORDS_MAX:
        return Refusal("opening.WORDS_TOO_LONG", {"most": WORDS_MAX})
    return None


def _note(remark: str, witness: Witness, person: str) -> OpeningNote | None:
    reason = witness.reason.strip() if witness.kind == "alone" else ""
    if not (remark.strip() or reason):
        return None
    whose = (person,) if person else ()
    return OpeningNote(remark=remark.strip(), reason=reason, whose=whose)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correcting:
    """What decides whether a line may be put right.

    left_fen: how much of it still stands in its account, None where that cannot be told.
    drawer_counted: it is a drawer's, and a shift has said since what lay in it.
    """

    signing: Signing
    slip: int
    line: OpeningLine | None
    left_fen: int | None = None
    drawer_counted: bool = False


def correct_opening(state: Correcting, command: CorrectOpening, now: Now) -> Decision:
    """Put a line right, also after the first day: what was there is said anew."""
    line = state.line
    if line is None or not line.purse:
        return Refusal("opening.NO_SUCH_LINE")
    if command.amount_fen == line.amount_fen:
        return Refusal("opening.NOTHING_CHANGED")
    if state.drawer_counted:
        return Refusal("opening.DRAWER_COUNTED_ALREADY")
    refusal = (
        (why_not_amount(command.amount_fen) if command.amount_fen else None)
        or _why_not_less(state, line, command)
        or why_not_signed(line.purse, command.witness, state.signing, now)
        or _why_not_words(command.remark)
    )
    if refusal is not None:
        return refusal
    body = OpeningCorrected(
        purse=line.purse,
        person=line.person,
        courier=line.courier,
        device=line.device,
        was_fen=line.amount_fen,
        is_fen=command.amount_fen,
        witness=command.witness.kind,
        witness_by=command.witness.operator,
        slip=state.slip,
        day=now.day,
    )
    note = _note(command.remark, command.witness, line.person)
    return [Saying(body, private=note, entity=command.line)]


def _why_not_less(state: Correcting, line: OpeningLine, command: CorrectOpening) -> Refusal | None:
    """What was paid meanwhile was owed: a line never falls below it."""
    less_fen = line.amount_fen - command.amount_fen
    if state.left_fen is None or less_fen <= state.left_fen:
        return None
    paid_fen = line.amount_fen - state.left_fen
    return Refusal("opening.PAID_MEANWHILE", {"paid": say_yuan(paid_fen)})


# --- The whole -----------------------------------------------------------------------------------


def settle_step(state: Opening | None, command: SettleStep, now: Now) -> Decision:
    """Say that a step is over, or to be done after all."""
    assert command.step in STEPS
    assert command.outcome in OUTCOMES
    known = state or Opening()
    if known.status == FINISHED:
        return Refusal("opening.FINISHED_ALREADY")
    if known.steps.get(command.step, OPEN) == command.outcome:
        return Refusal("opening.NOTHING_CHANGED")
    body = OpeningStepSettled(step=command.step, outcome=command.outcome, day=now.day)
    return [Saying(body)]


def dismiss_opening(state: Opening | None, _command: DismissOpening, now: Now) -> Decision:
    """Go on without the rest."""
    if state is not None and state.status != OPEN:
        return Refusal("opening.NOT_OPEN")
    return [Saying(OpeningDismissed(day=now.day))]


def reopen_opening(state: Opening | None, _command: ReopenOpening, now: Now) -> Decision:
    """Take it up again."""
    if state is None or state.status == OPEN:
        return Refusal("opening.OPEN_ALREADY")
    return [Saying(OpeningReopened(day=now.day))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finishing:
    """What the books begin with. sums: by purse; people, parcels, lots: how many are here."""

    signing: Signing
    slip: int
    opening: Opening | None
    sums: Sequence[PurseSum] = field(default_factory=tuple)
    people: int = 0
    parcels: int = 0
    lots: int = 0


def open_steps(opening: Opening | None) -> tuple[str, ...]:
    """Return the steps that nobody has settled, in their order."""
    steps = opening.steps if opening else {}
    return tuple(step for step in STEPS if steps.get(step, OPEN) == OPEN)


def finish_opening(state: Finishing, command: FinishOpening, now: Now) -> Decision:
    """End the first day: what the books begin with is signed by two."""
    if state.opening is not None and state.opening.status == FINISHED:
        return Refusal("opening.FINISHED_ALREADY")
    waiting = open_steps(state.opening)
    if waiting:
        return Refusal("opening.STEPS_OPEN", {"count": len(waiting)})
    refusal = why_not_signed("", command.witness, state.signing, now)
    if refusal is not None:
        return refusal
    body = OpeningFinished(
        people=state.people,
        parcels=state.parcels,
        lots=state.lots,
        sums=tuple(state.sums),
        witness=command.witness.kind,
        witness_by=command.witness.operator,
        slip=state.slip,
        day=now.day,
    )
    return [Saying(body, private=_note("", command.witness, ""))]
