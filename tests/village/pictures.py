"""The village with photos: attached at the counter, carried over the bad line, erased at any time.

The ordinary village (`tests.village.simulate`) with one thing more in each PC and on its line, and
seeds of its own, so that neither changes what the other's seeds mean.

    python -m tests.village.pictures --seeds 200 --from 1
    python -m tests.village.pictures --mutants
"""

import argparse
import json
import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from county_server.blob_calls import BlobCall
from county_server.blobs import CountyBlobs, Held
from county_server.county import County
from county_server.intake import Refused
from county_server.scribe import EVERYBODY, Scribe
from station_app.journal import blobs
from station_app.journal.blob import PART, WHOLE, blob_name
from station_app.journal.fact import Saying
from station_app.journal.kinds import PrivateErased
from station_app.journal.recorder import Recorder
from station_app.services.cash.commands import GivePayment
from station_app.services.cash.facts import Tender
from station_app.services.clearing.commands import SendRemittance
from station_app.services.clearing.facts import Portion
from station_app.shell.desk import Done
from station_app.sync import causes
from station_app.sync.blobs import BLOBS_PATH, PUT, BlobTalk
from station_app.sync.exchange import Request
from tests.engines import share_compiled_statements
from tests.sync.stand import Reply, answered, problem
from tests.village.beginning import Settled
from tests.village.breaking import Mutant, instead, register_of
from tests.village.business import DAY
from tests.village.line import _INSTEAD, Line
from tests.village.pc import Pc
from tests.village.simulate import Village

LENGTHS = (30, 900, 9_000, 60_000)  # the longest goes in pieces
PHOTO_EVENTS = 0.45  # how often something happens to a photo after a step
MARK = b"PHOTO-%08d-"  # stands all over a photo, so that a rest of it is found in any file
_MARKS = re.compile(rb"PHOTO-(\d{8})-")


def photo(number: int, length: int) -> bytes:
    """Some bytes that tell, wherever they are found, which photo they were."""
    mark = MARK % number
    return b"\xff\xd8\xff" + mark * (1 + length // len(mark))


class PhotoLine(Line):
    """A line that carries photos, too, with the same faults."""

    def _with(self, fault: str, county: County, body: bytes) -> Reply | str:
        request = self._request
        if not request.path.startswith(BLOBS_PATH):
            return super()._with(fault, county, body)
        instead = _INSTEAD.get(fault)
        if instead is not None:
            self.is_foreign = True
            return instead
        if fault == "cut_request" and request.method == PUT:
            _broken_off(county, request, self._dice.randrange(len(body) + 1))
            return causes.NO_ANSWER
        if fault == "flipped_request":
            request = replace(request, body=self._flipped(request.body))
        reply = answered(county, request)
        if fault in ("twice", "late"):
            answered(county, request)
        return self._returned(fault, reply)

    def carry(self, request: Request) -> Reply | str:
        """Carry one request, of facts or of a photo."""
        self._request = request
        return super().carry(request)


def _broken_off(county: County, request: Request, length: int) -> None:
    try:
        header = request.headers["authorization"]
        call = BlobCall(county, request.method, request.path, header)
        call.put(request.body[:length], is_whole=False)
    except Refused as refused:
        problem(refused)


@dataclass
class PictureVillage(Village):
    """One history with photos. taken: by number, what was attached; facts: which fact names it.

    loose: where a photo was attached, perhaps once more after its erasure, and no act has taken it:
    it may lie there for a week.
    """

    taken: dict[int, bytes] = field(default_factory=dict)
    facts: dict[int, str] = field(default_factory=dict)
    loose: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Set the stage; the photos have dice of their own."""
        super().__post_init__()
        self.photo_dice = random.Random(self.seed * 31 + 7)

    def _pc(self, who: Settled) -> Pc:
        return self._with_photos(super()._pc(who))

    def _with_photos(self, pc: Pc) -> Pc:
        badness = pc.line.badness
        pc.line = PhotoLine(lambda: self.county, self.dice)
        pc.line.badness = badness
        pc.has_photos = True
        return pc

    def _make_twin(self, pc: Pc, *, with_memory: bool = False) -> None:
        before = len(self.twins)
        super()._make_twin(pc, with_memory=with_memory)
        for twin in self.twins[before:]:
            twin.stop()
            self._with_photos(twin).start()

    def _step(self) -> None:
        super()._step()
        if self.photo_dice.random() < PHOTO_EVENTS:
            pc = self.photo_dice.choice(self.all_pcs)
            event: Callable[[Pc], None] = self.photo_dice.choice(
                (self._attach, self._attach, self._attach, self._erase, self._county_erases,
                 self._race, self._look, self._send, self._send)
            )  # fmt: skip
            name = event.__name__.strip("_") + "_photo"
            self.happened[name] = self.happened.get(name, 0) + 1
            try:
                event(pc)
            except Exception:
                if not pc.disk.had_lied:
                    raise
                self._reinstall(pc)

    # --- What happens to photos ------------------------------------------------------------------

    def _attach(self, pc: Pc) -> None:
        """Attach a photo to a remittance; now and then the very one of another."""
        number = len(self.taken) + 1
        if self.taken and self.photo_dice.random() < 0.2:
            number = self.photo_dice.choice(sorted(self.taken))
        content = self.taken.setdefault(number, photo(number, self.photo_dice.choice(LENGTHS)))

        def keep(recorder: Recorder) -> str:
            return blobs.put(recorder.connection, content, at=pc.clock.now_ms())

        name = pc.open.session.write(keep)
        self.loose.add((pc.place, name))
        if not pc.open.signed_in.operator:
            pc.open.signed_in.come("operator", is_manager=True)
        fen = self.photo_dice.randint(1, 900)
        sent = SendRemittance(
            way="bank",
            portions=(Portion(purse="", owner="", amount_fen=fen),),
            carrier="赵师傅",
            photo=name,
            may_exceed=True,
        )
        tender = Tender(way="bank", amount_fen=fen, reference="42")
        paid = GivePayment(due_fen=fen, tenders=(tender,), remark="县里催")
        outcome = pc.perform(sent, paid)
        if isinstance(outcome, Done):
            self.facts[number] = outcome.told[0].identity
            self.loose.discard((pc.place, name))

    def _named_here(self, pc: Pc) -> list[str]:
        rows = pc.connection.execute("SELECT DISTINCT identity FROM blob_names ORDER BY identity")
        return [str(row[0]) for row in rows.fetchall()]

    def _erase(self, pc: Pc) -> None:
        """Erase what a fact says of people, at a PC."""
        found = self._named_here(pc)
        if not found:
            return
        body = PrivateErased(persons=(), facts=(self.photo_dice.choice(found),), day=DAY)
        ticket = pc.ticket()

        def work(recorder: Recorder) -> None:
            act = recorder.open_act(ticket, by="operator", at=pc.clock.now_ms())
            act.say(Saying(body))
            act.close()

        pc.open.session.write(work)
        pc.note(ticket)

    def _county_erases(self, pc: Pc) -> None:
        """Erase at the county what a PC has recorded, whether it has arrived or not."""
        found = self._named_here(pc)
        if found and self.county is not None:
            self._erase_there(pc, self.photo_dice.choice(found), self.county)

    def _race(self, pc: Pc) -> None:
        """Erase at the county while pieces of that very photo are on the way."""
        epoch = pc.port.county_epoch()
        for _ in range(6):
            pc.trip(hurry=False)
            waiting = blobs.waiting(pc.connection, epoch, limit=1)
            if waiting and self.county is not None:
                row = pc.connection.execute(
                    "SELECT identity FROM blob_names WHERE hash = ? ORDER BY identity",
                    (waiting[0].name,),
                ).fetchone()
                self._erase_there(pc, str(row[0]), self.county)
                break
        self._send(pc)

    def _erase_there(self, pc: Pc, fact: str, county: County) -> None:
        station = pc.place.partition("/")[0]
        audience = EVERYBODY if self.photo_dice.random() < 0.3 else station
        with county.store.write() as connection:
            scribe = Scribe(county.store, connection, county.keys, county.chance)
            body = PrivateErased(persons=(), facts=(fact,), day=DAY)
            scribe.say(audience, [Saying(body)], by="clerk", at=county.clock.now_ms())
            scribe.seal()

    def _look(self, pc: Pc) -> None:
        """Open a page with a photo that is elsewhere."""
        rows = pc.connection.execute("SELECT DISTINCT hash FROM blob_names ORDER BY hash")
        names = [str(row[0]) for row in rows.fetchall()[:3]]

        def work(recorder: Recorder) -> None:
            for name in names:
                blobs.want(recorder.connection, name, at=pc.clock.now_ms())

        pc.open.session.write(work)

    def _send(self, pc: Pc) -> None:
        """Leave the line alone with its photos for a few trips."""
        for _ in range(self.photo_dice.randint(1, 5)):
            marks = _marks(pc)
            pc.trip(hurry=False)
            if pc.line.is_foreign and _marks(pc) != marks:
                self.findings.append(f"{pc.place}: an answer to something else ended a photo")

    # --- What must hold --------------------------------------------------------------------------

    def run(self) -> list[str]:
        """Play, heal, check; return what does not hold."""
        return super().run()

    def _clear_up(self) -> None:
        try:
            if not self.stops_before_healing and self.county is not None:
                self.findings += self._photo_findings(self.county)
        finally:
            super()._clear_up()

    def _photo_findings(self, county: County) -> list[str]:
        found = [line for pc in self.all_pcs for line in self._at_pc(pc, county)]
        found += self._at_county(county)
        return [*found, *self._at_rest(county)]

    def _at_pc(self, pc: Pc, county: County) -> Iterator[str]:
        recorded = {blob_name(self.taken[number]) for number in self.facts}
        rows = pc.connection.execute("SELECT hash, content FROM blobs").fetchall()
        named = {row[0] for row in pc.connection.execute("SELECT hash FROM blob_names").fetchall()}
        kept = {
            name
            for identity, part in pc.connection.execute("SELECT identity, part FROM privates")
            for name in talk_names(bytes(part))
        }
        if named != kept:
            yield f"{pc.place}: names of photos do not follow from the facts"
        station = pc.place.partition("/")[0]
        there = _named_there(county, station)
        for name, content in rows:
            if blob_name(bytes(content)) != name:
                yield f"{pc.place}: a photo is not what its name says"
            is_unnamed = name not in named and (pc.place, name) not in self.loose
            if is_unnamed and name in recorded and self._was_erased(pc, name):
                yield f"{pc.place}: an erased photo is still here"
            if name in named and name in there and not _is_whole(county, station, name):
                yield f"{pc.place}: a photo never arrived"

    def _was_erased(self, pc: Pc, name: str) -> bool:
        """Tell whether this PC holds a fact that once named it (a twin may only have the bytes)."""
        numbers = [n for n in self.facts if blob_name(self.taken[n]) == name]
        held = pc.identities()
        return any(self.facts[number] in held for number in numbers)

    def _at_county(self, county: County) -> Iterator[str]:
        with county.store.read() as connection:
            rows = connection.exec_driver_sql("SELECT station, hash, content FROM blobs").all()
        for station, name, content in rows:
            if blob_name(bytes(content)) != name:
                yield f"county: a photo of {station} is not what its name says"
            if name not in _named_there(county, station):
                yield f"county: a photo of {station} is kept that nothing names"

    def _at_rest(self, county: County) -> Iterator[str]:
        """Look for rests of erased photos in the very bytes of the county's database."""
        with county.store.read() as connection:
            held = connection.exec_driver_sql(
                "SELECT content FROM blobs UNION ALL SELECT content FROM blob_parts"
            ).all()
        alive = {int(n) for (content,) in held for n in _MARKS.findall(bytes(content))}
        county.close()
        content = (self.folder / "county.db").read_bytes()
        wal = self.folder / "county.db-wal"
        content += wal.read_bytes() if wal.exists() else b""
        dead = {int(number) for number in _MARKS.findall(content)} - alive
        if dead:
            yield f"county: rests of erased photos lie in its file: {sorted(dead)[:5]}"


def talk_names(part: bytes) -> tuple[str, ...]:
    """Return the photos that a private part names, read as JSON and nothing else."""
    tree = json.loads(part)
    names = [tree.get("photo", ""), *tree.get("photos", [])]
    return tuple(name for name in names if re.fullmatch("[0-9a-f]{64}", name))


def _marks(pc: Pc) -> list[Any]:
    query = "SELECT hash, county_epoch, state, held FROM blob_marks ORDER BY hash, county_epoch"
    return pc.connection.execute(query).fetchall()


def _named_there(county: County, station: str) -> set[str]:
    with county.store.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT part FROM privates WHERE station = ?", (station,)
        ).all()
    return {name for (part,) in rows for name in talk_names(bytes(part))}


def _is_whole(county: County, station: str, name: str) -> bool:
    with county.store.read() as connection:
        return CountyBlobs(county.store, connection, station).get(name) is not None


# --- Whether it bites ----------------------------------------------------------------------------

MUTANTS: dict[str, Mutant] = {}


_mutant = register_of(MUTANTS)


@_mutant
def erased_photo_taken_again() -> Iterator[None]:
    """The county takes what no fact names any more."""
    former = CountyBlobs.standing

    def standing(self: Any, name: str) -> Held:
        found = former(self, name)
        return found if found.state in (PART, WHOLE) else Held(PART)

    with instead(CountyBlobs, "standing", standing):
        yield


@_mutant
def photo_stays_at_the_county_when_it_is_erased() -> Iterator[None]:
    """An erasure removes the name and leaves the bytes."""
    with instead(CountyBlobs, "_bury", lambda _self, _hashes: None):
        yield


@_mutant
def photo_stays_at_the_pc_when_it_is_erased() -> Iterator[None]:
    """An erasure at a PC forgets whose photo it was and keeps it."""
    with instead(blobs, "_drop", lambda _connection, _name: None):
        yield


@_mutant
def photo_marked_whole_with_its_first_piece() -> Iterator[None]:
    """Whatever the county says of a piece, the photo counts as there."""

    def hear(self: BlobTalk, receipt: Any) -> None:
        self.port.mark_blob(receipt.hash, receipt.county_epoch, state=WHOLE, held=receipt.size)

    with instead(BlobTalk, "_hear", hear):
        yield


KILLED_WITHIN = 40  # seeds; which one it is changes whenever operators learn something


def played(seed: int) -> list[str]:
    """Return what the village finds; a crash is a finding."""
    village = PictureVillage(seed)
    try:
        return village.run()
    except Exception as problem:  # noqa: BLE001 - a crash is a finding, with its seed
        return [f"{type(problem).__name__}: {problem}"]


def main() -> int:
    """Play seeds, or seek those that kill the mutants; print JSON lines."""
    parser = argparse.ArgumentParser(description="The seeded village with photos.")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--from", dest="first", type=int, default=1)
    parser.add_argument("--mutants", action="store_true")
    options = parser.parse_args()
    share_compiled_statements()
    seeds = range(options.first, options.first + options.seeds)
    wrong = 0
    for name in MUTANTS if options.mutants else ("",):
        for seed in seeds:
            if name:
                with MUTANTS[name]():
                    findings = played(seed)
                findings = findings if findings and not played(seed) else []
            else:
                findings = played(seed)
            if findings:
                told = {"mutant": name, "seed": seed, "findings": findings[:3]}
                sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
                sys.stdout.flush()
                wrong += 1
                if name:
                    break
    sys.stdout.write(json.dumps({"seeds": options.seeds, "found": wrong}) + "\n")
    return 0 if options.mutants else min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
