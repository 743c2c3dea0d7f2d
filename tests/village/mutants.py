"""The program with one thing wrong, in ways that programs of this sort go wrong: the village bites.

Each mutant breaks the real code in one place while it lasts. `KILLED_BY` names a seed in which the
village finds something then; without the mutant the same seed finds nothing. A proof in which a
mutant lives proves nothing about what that mutant breaks. Seeds change their meaning when operators
learn new work; then

    python -m tests.village.mutants --seeds 200

seeks new ones.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from county_server import kept_back as county_kept_back
from county_server import store
from county_server.intake import _Intake
from county_server.recording import Recording
from station_app.journal import kept_back, verify_folds
from station_app.journal.chain import Head
from station_app.journal.kept_back import KeptBack
from station_app.journal.kinds import BranchAccepted
from station_app.journal.recorder import Act
from station_app.journal.rulings import (
    ACCEPTED,
    FOUND,
    TAKEN_IN,
    WHOLE,
    reach_of,
    rulings_of,
    said_as,
)
from station_app.journal.session import Session
from station_app.journal.states import SqlFoldStore
from station_app.shell.desk import Desk, Done
from station_app.sync import exchange, journal_port
from station_app.sync.exchange import Exchange
from station_app.sync.filling import Filling
from station_app.sync.journal_port import StationJournal
from station_app.sync.judging import Nonce, Unsent, judge
from station_app.sync.messages import LATELY, THE_REST, Held, Receipt
from station_app.sync.messages import WHOLE as FILLED
from tests.engines import share_compiled_statements
from tests.village import pc as village_pc
from tests.village.breaking import Mutant, instead, register_of
from tests.village.power import CONTROLS, opener_on
from tests.village.simulate import Village

MUTANTS: dict[str, Mutant] = {}


def played(seed: int) -> list[str]:
    """Return what the village finds; a crash is a finding."""
    village = Village(seed)
    try:
        return village.run()
    except Exception as problem:  # noqa: BLE001 - a crash is a finding, with its seed
        return [f"{type(problem).__name__}: {problem}"]


_mutant = register_of(MUTANTS)


class _Same:
    """Chance that always draws the same."""

    def draw(self, count: int) -> bytes:
        return bytes(count)


# --- The journal of a PC -------------------------------------------------------------------------


def _nobody_compares_everything() -> AbstractContextManager[None]:
    """Switch off the comparison that heals what the fault beside it has done."""
    return instead(Exchange, "_bisect", lambda _self, _receipt, _flight, _now_ms: None)


@_mutant
def epoch_kept_at_start() -> Iterator[None]:
    """A start goes on writing the stream of the last one."""
    former = Session._open

    def open_again(self: Any) -> None:
        chance, self._chance = self._chance, _Same()
        former(self)
        self._chance = self.recorder._chance = chance

    with instead(Session, "_open", open_again):
        yield


@_mutant
def act_cut_in_two() -> Iterator[None]:
    """An act is committed fact by fact."""
    former = Act._say

    def say(self: Any, saying: Any) -> Any:
        if self.batch.facts:
            self._recorder._log.advance(self._head, self._first_prev)
            self._recorder.connection.execute("COMMIT")
            self._recorder.connection.execute("BEGIN IMMEDIATE")
        return former(self, saying)

    with instead(Act, "_say", say):
        yield


@_mutant
def ticket_outside_the_act() -> Iterator[None]:
    """The ticket is kept before the act, in a transaction of its own."""
    former = Desk._act

    def act(self: Any, recorder: Any, commands: Any, ticket: str) -> Any:
        if recorder.is_done(ticket):
            return Done(ticket, already=True)
        execute = recorder.connection.execute
        execute(
            "INSERT INTO tickets(ticket, stream, act, at) VALUES (?, ?, ?, 0)",
            (ticket, recorder.author.stream, ticket),
        )
        execute("COMMIT")
        execute("BEGIN IMMEDIATE")
        execute("DELETE FROM tickets WHERE ticket = ?", (ticket,))
        return former(self, recorder, commands, ticket)

    with instead(Desk, "_act", act):
        yield


@_mutant
def wal_normal_on_a_pc() -> Iterator[None]:
    """The database of a PC does not wait for the disk at each commit."""

    def open_loosely(folder: str) -> Any:
        return opener_on(folder, CONTROLS["wal normal"])

    with instead(village_pc, "opener_on", open_loosely):
        yield


@_mutant
def fold_by_order_of_arrival() -> Iterator[None]:
    """A late fact is applied to the state as it stands."""
    former = SqlFoldStore.file

    def file(self: Any, root: str, told: Any) -> bool:
        former(self, root, told)
        return True

    with instead(SqlFoldStore, "file", file):
        yield


@_mutant
def private_part_kept_of_an_erased_person() -> Iterator[None]:
    """An erasure is noted, and nothing is removed."""
    with instead(SqlFoldStore, "private_facts_of", lambda _self, _persons, _named: []):
        yield


# --- The conversation ----------------------------------------------------------------------------


@_mutant
def cursor_moved_before_the_frames_are_taken() -> Iterator[None]:
    """What a receipt announces counts as taken before its frames are read."""
    former = Exchange._take_frames

    def take_frames(self: Any, answer: Any, stage: int) -> Any:
        receipt = answer.receipt
        if receipt.cursors:
            self._port.take((), county_epoch=receipt.county_epoch, cursor=receipt.cursors[-1])
        return former(self, answer, stage)

    with instead(Exchange, "_take_frames", take_frames):
        yield


@_mutant
def cursor_outside_the_transaction() -> Iterator[None]:
    """The cursor of each frame is written, and then its facts."""
    former = StationJournal.take

    def take(self: Any, segments: Any, **named: Any) -> int:
        former(self, (), **named)
        return former(self, segments, **named)

    with instead(StationJournal, "take", take):
        yield


@_mutant
def any_200_trusted() -> Iterator[None]:
    """Whatever comes back with status 200 means that everything has arrived."""
    former = Exchange.on_answer

    def on_answer(self: Any, status: int, *rest: Any, **named: Any) -> Any:
        if status == 200:
            epoch = self._port.county_epoch()
            held = tuple(
                Held(p.stream, p.length, p.head, p.length) for p in self._port.pending(epoch)
            )
            self._port.settle(_claims(held, epoch), b"")
        return former(self, status, *rest, **named)

    with instead(Exchange, "on_answer", on_answer):
        yield


def _claims(held: tuple[Held, ...], epoch: int) -> Receipt:
    return Receipt(
        county="", county_epoch=epoch, device="", epoch="", counter=0, time=0, held=held,
        branched=(), cursors=(), more=0, tips=(), missing=(), refused=(), formats=(),
        dictionaries=(),
    )  # fmt: skip


@_mutant
def nonce_of_a_receipt_not_checked() -> Iterator[None]:
    """A receipt for an older request counts as one for this."""

    def judged(*parts: Any, nonce: Nonce, **named: Any) -> Any:
        verdict = judge(*parts, nonce=nonce, **named)
        if isinstance(verdict, Unsent) and verdict.cause == "replayed":
            device, epoch, counter = verdict.detail.split()
            return judge(*parts, nonce=Nonce(device, epoch, int(counter)), **named)
        return verdict

    with instead(exchange, "judge", judged):
        yield


@_mutant
def marks_never_lowered() -> Iterator[None]:
    """What a receipt says of less than was confirmed before is passed over."""
    former = journal_port._set_mark

    def set_mark(connection: Any, entry: Held, county_epoch: int, proof: bytes) -> int | None:
        row = connection.execute(
            "SELECT max(seq) FROM acknowledged WHERE stream = ? AND county_epoch = ?",
            (entry.stream, county_epoch),
        ).fetchone()
        return 0 if (row[0] or 0) > entry.seq else former(connection, entry, county_epoch, proof)

    with instead(journal_port, "_set_mark", set_mark), _nobody_compares_everything():
        yield


# --- The county ----------------------------------------------------------------------------------


@_mutant
def county_posts_what_comes_twice() -> Iterator[None]:
    """The county is not idempotent: what it holds already is posted again."""
    former = _Intake._take

    def take(self: Any, segment: Any) -> None:
        held = self._journal.head(segment.stream).to
        known = [fact for fact in segment.facts if fact.seq <= held]
        if known:
            self._recording.follow(known)
        former(self, segment)

    with instead(_Intake, "_take", take), _nobody_compares_everything():
        yield


@_mutant
def county_writes_statement_by_statement() -> Iterator[None]:
    """What a push brings is on the disk at once, whether its end comes or not."""
    with instead(store, "_begin", lambda _connection: None):
        yield


@_mutant
def hole_in_a_stream_accepted() -> Iterator[None]:
    """The county takes a run that does not join on, and nobody compares what lies before it."""
    former = _Intake._take

    def take(self: Any, segment: Any) -> None:
        before = self._journal.head(segment.stream)
        if segment.first > before.to + 1:
            self._recording.enter(segment.facts, before)
            self._journal.keep_head(segment.head)
            self._end(Head(segment.stream, segment.last, segment.head.identity))
            return
        former(self, segment)

    with instead(_Intake, "_take", take), _nobody_compares_everything():
        yield


@_mutant
def other_version_of_a_fact_dropped() -> Iterator[None]:
    """The county says that it keeps a fork beside the main line, and does not."""

    def branch(self: Any, segment: Any) -> None:
        self._taken.branched.add(segment.stream)
        self._taken.ends[segment.stream] = Head(segment.stream, segment.last, segment.head.identity)

    with instead(_Intake, "_beside", branch):
        yield


@_mutant
def version_counts_by_its_name() -> Iterator[None]:
    """A station takes what bears the stream's own name for the one that counts."""

    def reach(line: str, rulings: Any, *rest: Any) -> int:
        found = reach_of(line, rulings, *rest)
        return found if "~" in line or not any(r.what == FOUND for r in rulings) else WHOLE

    with instead(kept_back, "reach_of", reach):
        yield


@_mutant
def erasure_not_applied_to_what_comes_later() -> Iterator[None]:
    """What speaks of an erased person and comes afterwards is kept whole by the county."""
    nobody: set[str] = set()
    with instead(Recording, "_few_erased", lambda _self, _station: nobody):
        yield


# --- What counts ---------------------------------------------------------------------------------


@_mutant
def cut_obeyed_only_for_what_comes_later() -> Iterator[None]:
    """A PC leaves in its books what it had before it heard of the cut."""
    former = KeptBack._move_postings

    def move(self: Any, shift: Any) -> None:
        if shift.after > shift.before:
            former(self, shift)

    with instead(KeptBack, "_move_postings", move):
        yield


@_mutant
def unnamed_stream_of_a_revoked_pc_counts() -> Iterator[None]:
    """A stream that a revocation does not name counts at the stations."""

    def reach(line: str, rulings: Any, *rest: Any) -> int:
        named = [ruling for ruling in rulings if ruling.name == said_as(line)]
        return reach_of(line, rulings, *rest) if named else WHOLE

    with instead(kept_back, "reach_of", reach):
        yield


@_mutant
def acceptance_lifts_further_than_it_says() -> Iterator[None]:
    """What was accepted up to an act counts to its end at the county."""

    def reach(line: str, rulings: Any, *rest: Any) -> int:
        found = reach_of(line, rulings, *rest)
        lifted = any(r.what in (ACCEPTED, TAKEN_IN) and r.seq == found for r in rulings)
        return WHOLE if lifted else found

    with instead(county_kept_back, "reach_of", reach):
        yield


@_mutant
def acceptance_known_by_its_last_act_alone() -> Iterator[None]:
    """A PC that lacks the last act of what was accepted knows nothing of those before it."""

    def lines(body: Any) -> Any:
        return rulings_of(body)[-1:] if isinstance(body, BranchAccepted) else rulings_of(body)

    with instead(kept_back, "rulings_of", lines), instead(verify_folds, "rulings_of", lines):
        yield


@_mutant
def reversal_beyond_a_cut_holds() -> Iterator[None]:
    """What a cut-off PC has undone beyond the cut stays undone at the stations."""
    with instead(SqlFoldStore, "_reversals_between", lambda _self, _shift: []):
        yield


# --- Sticks and new PCs ---------------------------------------------------------------------------


@_mutant
def set_aside_for_ever() -> Iterator[None]:
    """A new PC that holds everything forgets to fold what came before its time."""
    with instead(StationJournal, "fold_aside", lambda _self: False):
        yield


@_mutant
def new_pc_is_whole_too_soon() -> Iterator[None]:
    """A new PC that has what is open takes that for everything."""
    former = Filling.answered

    def answered(self: Any, asked: int, receipt: Any) -> None:
        former(self, asked, receipt)
        if self._port.stage()[0] in (LATELY, THE_REST):
            self._port.set_stage(FILLED)

    with instead(Filling, "answered", answered), _nobody_compares_everything():
        yield


KILLED_BY: dict[str, int] = {
    "epoch_kept_at_start": 1,
    "act_cut_in_two": 1,
    "ticket_outside_the_act": 1,
    "wal_normal_on_a_pc": 4,
    "fold_by_order_of_arrival": 2,
    "private_part_kept_of_an_erased_person": 22,
    "cursor_moved_before_the_frames_are_taken": 1,
    "cursor_outside_the_transaction": 6,
    "any_200_trusted": 1,
    "nonce_of_a_receipt_not_checked": 10,
    "county_writes_statement_by_statement": 2,
    "marks_never_lowered": 290,
    "county_posts_what_comes_twice": 3,
    "hole_in_a_stream_accepted": 290,
    "other_version_of_a_fact_dropped": 1,
    "version_counts_by_its_name": 1,
    "erasure_not_applied_to_what_comes_later": 62,
    "cut_obeyed_only_for_what_comes_later": 1,
    "unnamed_stream_of_a_revoked_pc_counts": 1,
    "acceptance_lifts_further_than_it_says": 2,
    "acceptance_known_by_its_last_act_alone": 161,
    "reversal_beyond_a_cut_holds": 29,
    "set_aside_for_ever": 40,
    "new_pc_is_whole_too_soon": 40,
}


def main() -> int:
    """Seek, for each mutant or those named, the first seed that kills it."""
    parser = argparse.ArgumentParser(description="The seeds that kill the mutants.")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--from", dest="first", type=int, default=1)
    options = parser.parse_args()
    share_compiled_statements()
    living = 0
    for name in options.names or MUTANTS:
        killer, finding = 0, ""
        for seed in range(options.first, options.first + options.seeds):
            with MUTANTS[name]():
                findings = played(seed)
            if findings and not played(seed):
                killer, finding = seed, findings[0]
                break
        living += not killer
        told = {"mutant": name, "killed_by": killer, "finding": finding[:160]}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return 1 if living else 0


if __name__ == "__main__":
    sys.exit(main())
