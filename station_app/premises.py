"""The premises of one PC: its data folder, with everything opened in it, and no screen.

The composition root takes these apart into window, printers and line; commands, tests, the
benchmarks and the kill loop work on them as they are. So what is tested is what runs.
"""

import contextlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from station_app.journal import blobs, erasures, high_water, migrations, put_back
from station_app.journal.fact import Saying
from station_app.journal.islands import stage_of
from station_app.journal.kinds import ActReversed, PrivateErased
from station_app.journal.one_process import OneProcess
from station_app.journal.recorder import Batch, Recorder, Writer, new_ticket
from station_app.journal.reserve import Reserve
from station_app.journal.session import Session
from station_app.journal.standing_apart import CUT_OFF, begins_business, is_cut_off
from station_app.journal.states import anew_statements
from station_app.journal.store import open_reader, open_writer, transaction, wipe_erased
from station_app.journal.troubles import DiskFailed
from station_app.journal.upgrading import fold_by_these_rules, read_what_became_readable
from station_app.machine import DATABASE as DATABASE
from station_app.machine import SystemChance as SystemChance
from station_app.machine import SystemClock as SystemClock
from station_app.overview.case_list import RULES as case_rules  # noqa: N811 - a tuple of rules
from station_app.overview.ledger import day_index
from station_app.printing import spool
from station_app.reference import goods_index
from station_app.reference import records as reference
from station_app.resources_dir import load_texts
from station_app.security import pins
from station_app.services.accounts import asking as accounts_asking
from station_app.services.bills import asking as bills_asking
from station_app.services.cash import asking as cash_asking
from station_app.services.cash import records as cash
from station_app.services.cash.papers import PaperMaker as CashPapers
from station_app.services.clearing import asking as clearing_asking
from station_app.services.clearing.papers import PaperMaker as ClearingPapers
from station_app.services.consignment import asking as consignment_asking
from station_app.services.consignment.dispatch_records import goods_out
from station_app.services.farm_pickups import asking as farm_asking
from station_app.services.handing_on import asking as handing_asking
from station_app.services.opening import asking as opening_asking
from station_app.services.opening.neighbours import Neighbours
from station_app.services.opening.records import Gatherer as OpeningGatherer
from station_app.services.parcels import asking as parcels_asking
from station_app.services.parcels import index as parcels_index
from station_app.services.parcels import records as parcels
from station_app.services.parcels.gathering import Gatherer
from station_app.services.people import asking as people_asking
from station_app.services.people import records as people
from station_app.services.people import rules as people_rules
from station_app.services.pictures import asking as pictures_asking
from station_app.services.purchasing import asking as purchasing_asking
from station_app.services.purchasing.parcel_records import ParcelsOfOrders
from station_app.services.quality import asking as quality_asking
from station_app.services.sales import asking as sales_asking
from station_app.services.sales.unsettled_records import open_shares
from station_app.services.sending import asking as sending_asking
from station_app.shell import drafts
from station_app.shell.desk import Desk, Rule, Threads
from station_app.sync import journal_port
from station_app.sync.messages import LATELY, OPEN_THINGS
from station_app.values.clock import Chance, Clock
from station_app.values.now import Now
from station_app.values.refusal import Refusal
from station_app.values.texts import Texts
from station_app.vocabulary import ASKING, VOCABULARY

RESTORED_FILE = "restored.json"  # a backup was put back; it stays until the county was heard
ERASED_AT_ONCE = 200  # identities in one fact: 13 kB, far below what a fact may have
BUILD_MS = 1_764_000_000_000  # 2025-11-24: no clock before the program was made is believed


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """Which PC of which station this is, and whom it believes: the county's answer to the code.

    county: the county's id; county_url: where it is reached; county_key: its public key, 64 hex.
    public_key: it was enrolled with, 64 hex or "". former_county_keys: of when it was another PC.
    """

    station: str
    device: str
    slot: int
    county: str
    county_url: str
    county_key: str
    public_key: str = ""
    former_county_keys: tuple[str, ...] = ()


MIGRATIONS: tuple[migrations.Migration, ...] = (
    *migrations.JOURNAL,
    migrations.named_by_content("tables.read", anew_statements(VOCABULARY.entities)),
    migrations.Migration("people.index", people.SCHEMA),
    migrations.Migration("parcels.index", parcels_index.SCHEMA),
    migrations.Migration("reference.goods_index", goods_index.SCHEMA),
    migrations.Migration("printing.spool", spool.SCHEMA),
    pins.PINS,
    migrations.Migration("sync.attempts", journal_port.SCHEMA),
    migrations.Migration("shell.drafts", (drafts.SCHEMA,)),
    day_index.MIGRATION,
    migrations.Migration("journal.blobs", blobs.SCHEMA),
)


def forget_papers(connection: Any, batch: Batch) -> None:
    """Blank the print jobs that speak of whom an erasure names; a writer of the recorder."""
    doomed = [
        whose
        for told in batch.told
        if isinstance(told.body, PrivateErased)
        for whose in told.body.named
    ]
    if doomed:
        spool.forget(connection, doomed)


def withdraw_papers(connection: Any, batch: Batch) -> None:
    """Let no paper of an undone act come out later; a writer of the recorder."""
    undone = [told.body.act for told in batch.told if isinstance(told.body, ActReversed)]
    if undone:
        spool.withdraw(connection, undone)


WRITERS: tuple[Writer, ...] = (
    people.keep_search,
    parcels_index.keep_parcels,
    goods_index.keep_products,
    day_index.keep_days,
    forget_papers,
    withdraw_papers,
    blobs.keep_names,
)
REBUILDERS: tuple[Callable[[Any], None], ...] = (
    people.rebuild_search,
    parcels_index.rebuild,
    goods_index.rebuild,
    day_index.rebuild_days,
    blobs.rebuild_names,
)


def lots_on_shelf(connection: Any) -> int:
    """Return how many lots of produce are on the shelf."""
    row = connection.execute("SELECT count(*) FROM lots WHERE on_shelf > 0").fetchone()
    count: int = row[0]
    return count


def neighbours_of(gatherer: Gatherer) -> Neighbours:
    """Return whom the first day asks about people, the drawer and the shelves."""
    return Neighbours(
        people=people,
        why_not_person=people_rules.why_not,
        has_counted=cash.has_counted,
        room=lambda connection, now: gatherer.room(connection, None, now),
        on_hand=parcels.waybills_on_hand,
        lots=lots_on_shelf,
    )


def all_rules(texts: Texts, gatherer: Gatherer, chance: Chance) -> Sequence[Rule[Any, Any]]:
    """Return the rules of every slice, and those of the overview."""
    return (
        *case_rules,
        *people_asking.desk_rules(chance),
        *pictures_asking.RULES,
        *parcels_asking.desk_rules(gatherer, texts),
        *cash_asking.desk_rules(CashPapers(texts, people.operator_name), people.coworkers, people),
        *accounts_asking.desk_rules(people, texts),
        *clearing_asking.desk_rules(ClearingPapers(texts, people.operator_name)),
        *opening_asking.desk_rules(OpeningGatherer(neighbours_of(gatherer)), texts),
        *sales_asking.desk_rules(people, texts),
        *bills_asking.desk_rules(people, texts),
        *purchasing_asking.desk_rules(people, texts),
        *consignment_asking.desk_rules(people, texts, open_shares),
        *quality_asking.desk_rules(people, texts),
        *sending_asking.desk_rules(people, texts),
        *farm_asking.desk_rules(people, texts),
        *handing_asking.desk_rules(people, texts),
    )


@dataclass(slots=True)
class SignedIn:
    """Who works at the counter now; an identity, "" when the screen is locked."""

    operator: str = ""
    is_manager: bool = False

    def come(self, operator: str, *, is_manager: bool) -> None:
        """Sign somebody in."""
        self.operator, self.is_manager = operator, is_manager

    def go(self) -> None:
        """Lock: nobody stands at the counter. The journal is untouched."""
        self.operator, self.is_manager = "", False


@dataclass(slots=True)
class Premises:
    """Everything of one PC that needs no screen.

    Use `open_premises`; close it with `close`, which gives the data folder back.
    gatherer: what the rules of parcels ask; a page must propose what the rule then gives, so it
    asks the same one. put_back: what the mark outside the database says is missing, if anything.
    """

    folder: Path
    key: bytes
    clock: Clock
    chance: Chance
    enrolment: Enrolment
    lock: OneProcess
    session: Session
    desk: Desk
    signed_in: SignedIn
    texts: Texts
    gatherer: Gatherer
    put_back: high_water.PutBack | None = None
    readers: list[Any] = field(default_factory=list)

    def open_reader(self) -> Any:
        """Return a new reading connection, for one thread; it is closed with the premises."""
        self.readers.append(open_reader(self.folder / DATABASE, self.key))
        return self.readers[-1]

    def keep_mark(self) -> None:
        """Write down, outside the database, how far the journal has come."""
        place = f"{self.enrolment.station}/{self.enrolment.device}"
        mark = high_water.mark_of(self.session.connection, place, self.session.author.stream)
        high_water.write(self.folder, mark)

    @property
    def is_restored(self) -> bool:
        """Tell whether a backup was put back here and the county was not heard since."""
        return (self.folder / RESTORED_FILE).exists()

    def heard_county(self) -> None:
        """The county was heard: what a restored backup lacks is back, what it kept is erased."""
        (self.folder / RESTORED_FILE).unlink(missing_ok=True)

    def keep_erasures(self, connection: Any) -> None:
        """List, outside the database, what was erased: a backup put back will obey it."""
        with contextlib.suppress(OSError):  # the journal has it; the next start lists it
            erasures.keep_list(self.folder, erasures.known_to(connection))

    def close(self) -> None:
        """Close the database and let another program in."""
        self.keep_mark()
        for reader in self.readers:
            reader.close()
        self.session.close()
        self.lock.release()


def free_bytes(folder: Path) -> int:
    """Return the free space of the disk that holds a folder."""
    return shutil.disk_usage(folder).free


def open_database(folder: Path, key: bytes) -> Any:
    """Open the database of a data folder for writing, its schema and folds up to date."""
    folder.mkdir(parents=True, exist_ok=True)
    connection = open_writer(folder / DATABASE, key, reserve=Reserve(folder, free_bytes))
    try:
        migrations.refuse_newer(connection, MIGRATIONS)
        migrations.migrate(connection, MIGRATIONS)
        fold_by_these_rules(connection, VOCABULARY, REBUILDERS)
    except BaseException:
        connection.close()
        raise
    return connection


def enrolment_of(connection: Any) -> Enrolment | None:
    """Return which PC this is; None before it was enrolled."""
    row = connection.execute("SELECT value FROM local WHERE name = 'enrolment'").fetchone()
    return msgspec.json.decode(row[0], type=Enrolment) if row else None


def keep_enrolment(connection: Any, enrolment: Enrolment) -> None:
    """Keep the county's answer; inside a transaction."""
    connection.execute(
        "INSERT OR REPLACE INTO local(name, value) VALUES ('enrolment', ?)",
        (msgspec.json.encode(enrolment).decode("utf-8"),),
    )


class NotEnrolled(RuntimeError):
    """This data folder belongs to no station yet."""


def _gatherer(chance: Chance) -> Gatherer:
    start = int.from_bytes(chance.draw(2), "big")
    return Gatherer(people, start=start, orders=ParcelsOfOrders(), goods=goods_out)


def open_premises(  # noqa: PLR0913 - the composition root hands in every edge of the program
    folder: Path,
    key: bytes,
    *,
    clock: Clock,
    chance: Chance,
    threads: Threads | None = None,
    per_thread: Callable[[Callable[[], Any]], Callable[[], Any]] | None = None,
    opener: Callable[[], Any] | None = None,
    second_mark: high_water.Mark | None = None,
) -> Premises:
    """Open the data folder of an enrolled PC: a new start, a new epoch.

    threads: where the desk works, this thread if None; per_thread: turns a maker of reading
    connections into one that gives each thread its own (without it everything reads where it
    writes). opener: returns the writing connection, if not that of `open_database`; second_mark:
    the copy of the high-water mark that was kept where a copied folder does not carry it along.
    Raises NotEnrolled, OpenElsewhere, WrongKey, DamagedDatabase and other StoreTroubles.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = OneProcess(folder)
    try:
        enrolment, session = _begin(folder, opener or (lambda: open_database(folder, key)), chance)
        try:
            finding = _go_on_behind_the_mark(session, folder, second_mark, clock.now_ms())
        except BaseException:
            session.close()
            raise
    except BaseException:
        lock.release()
        raise
    texts = load_texts()
    gatherer = _gatherer(chance)
    signed_in = SignedIn()
    circumstances = Circumstances(clock, enrolment, signed_in)
    readers: list[Any] = []

    def reader() -> Any:
        readers.append(open_reader(folder / DATABASE, key))
        return readers[-1]

    desk = Desk(
        session,
        all_rules(texts, gatherer, chance),
        circumstances,
        threads=threads,
        reading=per_thread(reader) if per_thread else None,
        bars=bar_when_cut_off,
    )
    premises = Premises(
        folder=folder,
        key=key,
        clock=clock,
        chance=chance,
        enrolment=enrolment,
        lock=lock,
        session=session,
        desk=desk,
        signed_in=signed_in,
        texts=texts,
        gatherer=gatherer,
        readers=readers,
        put_back=finding,
    )
    _obey_or_leave(premises)
    return premises


def _obey_or_leave(premises: Premises) -> None:
    """Obey the list of erasures; whoever cannot gives the folder back to the next start."""
    try:
        obey_erasures(premises)
    except BaseException:
        premises.session.close()
        premises.lock.release()
        raise


def _begin(folder: Path, opener: Callable[[], Any], chance: Chance) -> tuple[Enrolment, Session]:
    """Return whose journal it is, and the session of this start; raises NotEnrolled."""
    first = opener()
    enrolment = enrolment_of(first)
    if enrolment is None:
        first.close()
        raise NotEnrolled(str(folder))
    try:
        read_what_became_readable(first, VOCABULARY, REBUILDERS)
    except BaseException:
        first.close()
        raise
    opened = [first]  # is the session's own; it opens another one only when it must
    session = Session(
        lambda: opened.pop() if opened else opener(),
        VOCABULARY,
        place=f"{enrolment.station}/{enrolment.device}",
        chance=chance,
        writers=WRITERS,
    )
    return enrolment, session


def obey_erasures(premises: Premises) -> None:
    """Erase at once what is listed and not yet erased here: a backup was put back.

    It is said as a fact of this PC, so that everything follows from it as from any erasure, here
    and elsewhere; then the list is brought up to date. Raises DiskFailed if a backup was put back
    and the list cannot be read.
    """
    session = premises.session
    known = erasures.known_to(session.connection)
    missed = sorted(_listed_as_erased(premises) - known)
    day, at = premises.desk.now().day, premises.clock.now_ms()

    def erase(some: tuple[str, ...]) -> Callable[[Recorder], None]:
        def work(recorder: Recorder) -> None:
            act = recorder.open_act(new_ticket(premises.chance), by="", at=at)
            act.say(Saying(PrivateErased(persons=some, day=day)))
            act.close()

        return work

    for start in range(0, len(missed), ERASED_AT_ONCE):
        session.write(erase(tuple(missed[start : start + ERASED_AT_ONCE])))
    if missed:
        wipe_erased(session.connection)
    premises.keep_erasures(session.connection)


def _listed_as_erased(premises: Premises) -> frozenset[str]:
    try:
        return erasures.read_list(premises.folder)
    except OSError as problem:
        if premises.is_restored:
            raise DiskFailed(str(problem)) from problem
        return frozenset()  # the journal that wrote the list holds all that is on it


def _go_on_behind_the_mark(
    session: Session, folder: Path, second: high_water.Mark | None, at: int
) -> high_water.PutBack | None:
    """Compare the journal with its mark; numbers for paper never go back.

    What lacks is remembered in the journal: the mark will be written anew.
    """
    read = high_water.read(folder)
    first = None if isinstance(read, high_water.Absent) else read
    mark = high_water.higher(first, second)
    finding = high_water.compare(session.connection, mark)
    if not isinstance(finding, high_water.PutBack):
        return None
    assert mark is not None, "what is put back is told from a mark"
    with transaction(session.connection):
        numbers = put_back.numbers_given(session.connection, finding.series)
        lost = put_back.Lost(mark.stream, mark.seq, mark.identity, finding.missing, numbers, at)
        put_back.remember(session.connection, lost, place=mark.place, asking=ASKING)
        high_water.skip_numbers(session.connection, finding.series)
    return finding


def bar_when_cut_off(connection: Any, now: Now, said: Sequence[Saying]) -> Refusal | None:
    """Return why a PC that the county has cut off does not do this; None if it does."""
    if begins_business(said) and is_cut_off(connection, now.station, now.device):
        return Refusal(CUT_OFF)
    return None


class Circumstances:
    """Tells the present `Now`: who, where, which day."""

    def __init__(self, clock: Clock, enrolment: Enrolment, signed_in: SignedIn) -> None:
        """Ask `clock`; the rest is read from the journal each time."""
        self._clock = clock
        self._enrolment = enrolment
        self._signed_in = signed_in

    def __call__(self, connection: Any) -> Now:
        """Return the moment and place for a rule or a page."""
        here = self._enrolment
        at = self._clock.now_ms()
        shift = cash.open_shift_of(connection, here.device)
        day = shift.day if shift else cash.day_now(connection, at, BUILD_MS).day
        living = reference.living_devices(connection, here.station)
        return Now(
            at=at,
            day=day,
            operator=self._signed_in.operator,
            device=here.device,
            station=here.station,
            slot=here.slot,
            slots=max(1, len(living)),
            shift=shift.identity if shift else "",
            is_manager=self._signed_in.is_manager,
            is_filled=stage_of(connection)[0] not in (OPEN_THINGS, LATELY),
        )
