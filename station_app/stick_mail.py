"""The stick between this station and its county: writes bundles, takes answers, enrols by stick.

The correspondence is pure (`sync.courier`), the file is thin (`sync.usb_link`), sealing is
`security.sealed_file`; what is left is here: which stick, whose keys, and what to say of it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from station_app.journal.recorder import Recorder
from station_app.known_keys import KnownKeys
from station_app.own_key import OwnKey, keep_standing
from station_app.premises import Premises
from station_app.reference import records as reference
from station_app.resources_dir import resources
from station_app.security.key_store import KeyStore
from station_app.security.sealed_file import (
    FROM_COUNTY,
    TO_COUNTY,
    TO_SIBLING,
    ForAnotherKey,
    NotSealedForUs,
    open_sealed,
    read_cover,
    write_sealed,
)
from station_app.sync.blob_port import StationBlobs
from station_app.sync.courier import DAMAGED, Carried, Courier, Written
from station_app.sync.dictionary import load_press
from station_app.sync.journal_port import StationJournal
from station_app.sync.progress import LastReceipt
from station_app.sync.sibling import SiblingMail
from station_app.sync.usb_link import (
    ANSWER_SUFFIX,
    NO_STICK,
    SIBLING_SUFFIX,
    Found,
    StickTrouble,
    beside,
    bundle_name,
    find,
    open_file,
    sibling_name,
)
from station_app.values.texts import Texts
from station_app.vocabulary import ASKING, VOCABULARY

WRITTEN, TAKEN = "written", "taken"
NO_ANSWER, OTHER_STATION, FAILED = "no_answer", "other_station", "failed"
TAKES_MAX = 2  # an answer is taken once more after the journal was opened anew


@dataclass(frozen=True, slots=True)
class Mail:
    """How it went. what: `written`, `taken`, or a reason that has its sentence (`sync.stick.*`).

    facts: written, or newly confirmed; down: taken; photos: of a sibling, taken; has_more:
    there is more for the next time; file: where it lies; receipt: the county's, if one was taken.
    """

    what: str
    facts: int = 0
    down: int = 0
    photos: int = 0
    has_more: bool = False
    file: str = ""
    detail: str = ""
    receipt: LastReceipt | None = None

    @property
    def is_done(self) -> bool:
        """Tell whether it went well."""
        return self.what in (WRITTEN, TAKEN)

    def in_words(self, texts: Texts) -> str:
        """Return it as a sentence."""
        is_from_pc = self.what == TAKEN and self.receipt is None  # the county gives a receipt
        key = "taken_from_pc" if is_from_pc else self.what
        words = texts.say(f"sync.stick.{key}", facts=self.facts, down=self.down)
        if self.photos:
            words += texts.say("sync.stick.photos", photos=self.photos)
        return words + (texts.say("sync.stick.has_more") if self.has_more else "")


class Stick:
    """This PC's correspondence by stick. It works in the thread that calls."""

    def __init__(
        self,
        premises: Premises,
        keys: KeyStore,
        *,
        connection: Any,
        write: Callable[[Callable[[Recorder], Any]], Any],
        reopen: Callable[[], object],
    ) -> None:
        """Read from `connection`, write through `write`; reopen: opens the journal anew."""
        here = premises.enrolment
        self._premises = premises
        self._reopen = reopen
        self._write = write
        self._keys = KnownKeys(connection, here)
        self._signer = OwnKey(keys, premises.chance, connection, here)
        self._device = f"{here.station}/{here.device}"
        port = StationJournal(connection, write, lambda: premises.session.author.stream)
        photos = StationBlobs(connection, write, port.county_epoch)
        self.courier = Courier(
            port,
            self._signer,
            load_press(resources() / "dictionaries", VOCABULARY.kinds),
            self._keys.county(),
            self._keys,
            ASKING,
            photos,
        )
        self._connection = connection
        mail = self.courier
        self.sibling = SiblingMail(
            mail.port, self._signer, mail.press, mail.county, mail.key_of, ASKING, photos
        )

    # --- Out -------------------------------------------------------------------------------------

    def write(self, folders: Sequence[Path]) -> Mail:
        """Write a bundle to the first of these sticks, and one for each other PC of the station."""
        if not folders:
            return Mail(NO_STICK)
        mail = self.write_to(folders[0] / bundle_name(self._device))
        for sibling, key in self._siblings():
            if not mail.is_done:
                break
            path = folders[0] / sibling_name(self._device, sibling)
            beside_it = self.write_for_sibling(path, sibling, key)
            mail = mail if beside_it.is_done else beside_it
        return mail

    def _siblings(self) -> list[tuple[str, bytes]]:
        """Return the other living PCs of the station, with their keys."""
        station = self._premises.enrolment.station
        rows = reference.living_devices(self._connection, station)
        found = [(f"{row.station}/{row.device}", bytes.fromhex(row.public_key)) for row in rows]
        return [(name, key) for name, key in found if name != self._device]

    def write_for_sibling(self, path: Path, sibling: str, key: bytes) -> Mail:
        """Write a bundle that only that PC can open, whole or not at all."""
        now = self._premises.clock.now_ms
        written = Written()
        try:
            with beside(path) as file:
                write_sealed(file, key, TO_SIBLING, self.sibling.bundle(sibling, now(), written))
        except StickTrouble as problem:
            return Mail(problem.reason, detail=problem.detail)
        return Mail(WRITTEN, written.facts, has_more=written.has_more, file=str(path))

    def write_to(self, path: Path) -> Mail:
        """Write a bundle to a file, whole or not at all."""
        now = self._premises.clock.now_ms
        written = Written()
        try:
            with beside(path) as file:
                pieces = self.courier.bundle(now(), written)
                write_sealed(file, self._keys.to_seal_to(), TO_COUNTY, pieces)
        except StickTrouble as problem:
            return Mail(problem.reason, detail=problem.detail)
        self.courier.note_written(now(), written)
        return Mail(WRITTEN, written.facts, has_more=written.has_more, file=str(path))

    # --- In --------------------------------------------------------------------------------------

    def answers(self, folders: Iterable[Path]) -> Sequence[Found]:
        """Return what is sealed to this PC: answers of the county, then bundles of siblings.

        Of each sort the newest first.
        """
        here = self._signer.openers().keys()
        sorts = ((ANSWER_SUFFIX, FROM_COUNTY), (SIBLING_SUFFIX, TO_SIBLING))
        return [
            one
            for suffix, use in sorts
            for one in find(folders, suffix, cover_of)
            if one.use == use and one.key_id in here
        ]

    def take(self, folders: Sequence[Path]) -> Mail:
        """Take what lies on these sticks for this PC: the county's newest answer, all siblings'."""
        if not folders:
            return Mail(NO_STICK)
        found = self.answers(folders)
        if not found:
            others = [f for f in find(folders, ANSWER_SUFFIX, cover_of) if f.use == FROM_COUNTY]
            return Mail(OTHER_STATION if others else NO_ANSWER)
        tries: list[Mail] = []
        has_answer = False
        for one in found:
            if one.use == FROM_COUNTY and has_answer:
                continue  # an older answer says nothing that the newest does not
            tries.append(self.take_from(one.path))
            has_answer = has_answer or (one.use == FROM_COUNTY and tries[-1].is_done)
        done = [mail for mail in tries if mail.is_done]
        if not done:
            return tries[0]
        down, photos = sum(mail.down for mail in done), sum(mail.photos for mail in done)
        has_more = any(mail.has_more for mail in done)
        return replace(done[0], down=down, photos=photos, has_more=has_more)

    def take_from(self, path: Path) -> Mail:
        """Take the answer in a file."""
        try:
            with open_file(path) as file:
                return self._take(file, str(path))
        except StickTrouble as problem:
            return Mail(problem.reason, detail=problem.detail)
        except OSError as problem:
            return Mail(DAMAGED, detail=str(problem))

    def _take(self, file: BinaryIO, name: str) -> Mail:
        up, photos = 0, 0
        for _ in range(TAKES_MAX):
            try:
                carried = self._carried(file)
            except ValueError as problem:
                return Mail(reason_of(problem), detail=str(problem))
            up += carried.facts_up
            photos += carried.photos
            if self._signer.settle(carried.renewed):
                self._reopen()  # with a new key a new stream begins
            elif carried.renewed:
                keep_standing(self._signer, carried.renewed, self._write)
            if not carried.must_reopen:
                break
            self._reopen()
        if carried.trouble:
            return Mail(carried.trouble, up, carried.facts_down, photos, detail=carried.detail)
        return Mail(
            TAKEN, up, carried.facts_down, photos, carried.has_more, name, receipt=carried.receipt
        )

    def _carried(self, file: BinaryIO) -> Carried:
        now = self._premises.clock.now_ms()
        file.seek(0)
        use, key_id = cover_of(file)
        opener = self._signer.openers().get(key_id, self._signer.signer)
        if use == TO_SIBLING:
            return self.sibling.take(open_sealed(file, opener, TO_SIBLING), now)
        return self.courier.take(open_sealed(file, opener, FROM_COUNTY), now)


def cover_of(file: BinaryIO) -> tuple[int, str]:
    """Return use and key id of a sealed file; raises ValueError if it is none."""
    cover = read_cover(file)
    return cover.use, cover.key_id


def reason_of(problem: ValueError) -> str:
    """Return why a sealed file was not opened: the word of its sentence."""
    is_other = isinstance(problem, ForAnotherKey | NotSealedForUs)
    return OTHER_STATION if is_other else DAMAGED
