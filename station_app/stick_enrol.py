"""Enrolment by stick: code and public key out, the county's sealed answer back.

What goes out holds no secret: a hash by which the county finds the code, a proof that whoever asks
knows it, and the public key. It is kept with the keys of this PC, so that the answer may come days
later, after any number of starts. The answer is sealed to this PC and brings all that it needs to
begin work.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import msgspec

from station_app.enrol_anew import become, hindrance, new_key
from station_app.journal.store import transaction
from station_app.line import ENROLLED, Enrolled
from station_app.own_key import OwnKey
from station_app.premises import (
    DATABASE,
    Enrolment,
    SystemChance,
    SystemClock,
    enrolment_of,
    keep_enrolment,
    open_database,
    open_premises,
)
from station_app.reference import records as reference
from station_app.security import signing
from station_app.security.database_key import database_key, device_seed
from station_app.security.key_store import KeyStore
from station_app.security.sealed_file import ENROLMENT_ANSWER, open_sealed
from station_app.stick_mail import NO_ANSWER, OTHER_STATION, Stick, cover_of, reason_of
from station_app.sync.courier import DAMAGED
from station_app.sync.enrolment import UNKNOWN, Asking, ask, read_answer, read_payload
from station_app.sync.judging import Unsent
from station_app.sync.messages import CONTENT_TYPE, first_block
from station_app.sync.usb_link import (
    ANSWER_SUFFIX,
    ENROL_SUFFIX,
    FULL,
    NO_STICK,
    PREFIX,
    Found,
    StickTrouble,
    beside,
    find,
    open_file,
)
from station_app.values.codes import ENROLMENT, OwnCode, recognise

ASKED = "asked"
_KEPT = "enrolment-asked"  # in the key store
_NAME_CHARACTERS = 8


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """What was asked with: the code's payload, the nonce, the county's address if it was typed."""

    payload: str
    nonce: str
    address: str


# Words of the enrolment page that would mean another thing there.
_ON_THE_PAGE = {FULL: "full_stick", NO_ANSWER: "no_answer_yet"}
NO_CODE = "no_code"


def enrol_by_stick(  # noqa: PLR0913 - what the enrolment page knows
    data: Path,
    keys: KeyStore,
    folders: Sequence[Path],
    address: str,
    code: str,
    *,
    anew: bool = False,
) -> Enrolled:
    """Take the county's answer if it lies on a stick, else write the request there.

    code: "" while it is not whole; anew: see `ByStick`. States: `done`, `asked`, or a reason of
    the enrolment page.
    """
    mail = ByStick(data, keys, anew=anew)
    if mail.answers(folders):
        done = mail.take(folders)
    elif code:
        done = mail.ask(folders, code, address)
    else:
        done = mail.take(folders)
        done = Enrolled(NO_CODE) if done.state == NO_ANSWER and not mail.has_asked else done
    return replace(done, state=_ON_THE_PAGE.get(done.state, done.state))


class ByStick:
    """A new PC's correspondence by stick, before it has a station."""

    def __init__(self, data: Path, keys: KeyStore, *, anew: bool = False) -> None:
        """Ask for the PC that will keep its journal in `data`.

        anew: it belongs to a station and becomes another PC of it (`station_app.enrol_anew`).
        """
        self._anew = anew
        self._data = data
        self._keys = keys
        self._chance = SystemChance()

    @property
    def has_asked(self) -> bool:
        """Tell whether a request was written before."""
        return self._kept() is not None

    def ask(self, folders: Sequence[Path], code: str, address: str = "") -> Enrolled:
        """Write the request to the first of these sticks; state `asked`, or why not."""
        if not folders:
            return Enrolled(NO_STICK)
        name = f"{PREFIX}{self._signer().key_id[:_NAME_CHARACTERS]}{ENROL_SUFFIX}"
        return self.ask_to(folders[0] / name, code, address)

    def ask_to(self, path: Path, code: str, address: str = "") -> Enrolled:
        """Write the request to a file. Asked again with the same code, it is the same request."""
        recognised = recognise(code, ())
        if not isinstance(recognised, OwnCode) or recognised.kind != ENROLMENT:
            return Enrolled(UNKNOWN, detail="this is no enrolment code")
        kept = self._kept()
        nonce = kept.nonce if kept and kept.payload == recognised.payload else ""
        asking = self._asking(recognised.payload, nonce)
        if asking is None:
            return Enrolled(UNKNOWN, detail="this is no enrolment code")
        now = _Kept(recognised.payload, asking.nonce, address)
        if now != kept:
            self._keys.put(_KEPT, msgspec.json.encode(now))
        try:
            with beside(path) as file:
                file.write(asking.body)
        except StickTrouble as problem:
            return Enrolled(problem.reason, detail=problem.detail)
        return Enrolled(ASKED, detail=str(path))

    def answers(self, folders: Sequence[Path]) -> Sequence[Found]:
        """Return the answers on these sticks that are sealed to this PC, the newest first."""
        if self._kept() is None:
            return ()
        mine = (ENROLMENT_ANSWER, self._signer().key_id)
        found = find(folders, ANSWER_SUFFIX, cover_of)
        return [one for one in found if (one.use, one.key_id) == mine]

    def take(self, folders: Sequence[Path]) -> Enrolled:
        """Take the county's answer from these sticks, and with it a station."""
        if not folders:
            return Enrolled(NO_STICK)
        found = self.answers(folders)
        if not found:
            others = [
                one for one in find(folders, ANSWER_SUFFIX, cover_of) if one.use == ENROLMENT_ANSWER
            ]
            return Enrolled(OTHER_STATION if others else NO_ANSWER)
        return self.take_from(found[0].path)

    def take_from(self, path: Path) -> Enrolled:
        """Take the answer in a file; taken again after a power cut, it goes on."""
        try:
            with open_file(path) as file:
                return self._take(file)
        except StickTrouble as problem:
            return Enrolled(problem.reason, detail=problem.detail)
        except ValueError as problem:
            return Enrolled(reason_of(problem), detail=str(problem))
        except OSError as problem:
            return Enrolled(DAMAGED, detail=str(problem))  # the stick was pulled out meanwhile

    def _take(self, file: BinaryIO) -> Enrolled:
        kept = self._kept()
        asking = self._asking(kept.payload, kept.nonce) if kept else None
        if kept is None or asking is None:
            return Enrolled(NO_ANSWER, detail="nothing was asked here")
        block, rest = first_block(open_sealed(file, self._signer(), ENROLMENT_ANSWER))
        answer = read_answer(
            asking,
            200,
            {"content-type": CONTENT_TYPE},
            block,
            verify=signing.verify,
            fingerprint=signing.fingerprint,
        )
        if isinstance(answer, Unsent):
            return Enrolled(answer.cause, detail=answer.detail)
        known = Enrolment(
            station=answer.station,
            device=answer.device,
            slot=answer.slot,
            county=answer.county,
            county_url=kept.address or answer.address,
            county_key=answer.county_key,
            public_key=answer.public_key,
        )
        key, reason = self._keep(known)
        if reason:
            return Enrolled(reason, known.station, device=known.device)
        premises = open_premises(self._data, key, clock=SystemClock(), chance=self._chance)
        try:
            stick = Stick(
                premises,
                self._keys,
                connection=premises.open_reader(),
                write=premises.session.write,
                reopen=premises.session.reopen,
            )
            carried = stick.courier.take(rest, premises.clock.now_ms())
            station = reference.station(premises.session.connection, known.station)
        finally:
            premises.close()
        name = station.name if station else known.station
        if carried.trouble and station is None:
            return Enrolled(
                carried.trouble, known.station, name, known.device, detail=carried.detail
            )
        return Enrolled(ENROLLED, known.station, name, known.device)

    def _keep(self, known: Enrolment) -> tuple[bytes, str]:
        """Keep which station this is; return the key of its journal, and why it was not kept."""
        exists = (self._data / DATABASE).exists()
        key = database_key(self._keys, self._chance, database_exists=exists)
        connection = open_database(self._data, key)
        try:
            before, reason = enrolment_of(connection), ""
            if before is None:
                with transaction(connection):
                    keep_enrolment(connection, known)
            elif self._anew:
                own = OwnKey(self._keys, self._chance, connection, before)
                reason = hindrance(connection, before)
                with transaction(connection):
                    reason = reason or become(connection, own, known)
        finally:
            connection.close()
        return key, reason

    def _signer(self) -> signing.Signer:
        if not self._anew:
            return signing.Signer(device_seed(self._keys, self._chance))
        key = database_key(self._keys, self._chance, database_exists=True)
        connection = open_database(self._data, key)
        try:
            return new_key(connection, self._keys, self._chance)
        finally:
            connection.close()

    def _asking(self, payload: str, nonce: str) -> Asking | None:
        parts = read_payload(payload)
        if parts is None:
            return None
        signer = self._signer()
        return ask(parts, signer.public_key, signer, self._chance, nonce=nonce)

    def _kept(self) -> _Kept | None:
        content = self._keys.get(_KEPT)
        if content is None:
            return None
        try:
            return msgspec.json.decode(content, type=_Kept)
        except msgspec.DecodeError:
            return None
