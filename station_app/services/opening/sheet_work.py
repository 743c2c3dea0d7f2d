"""Work on one sheet: what was read, what was decided, what is taken already.

Taking goes in acts of a limited size, each with a ticket that follows from the work and the rows in
it. So a power cut in the middle costs nothing: the same rows ask with the same ticket, and are
answered "already done".
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from station_app.services.opening.columns import DEBTS, PARCELS, PEOPLE, Layout, find_layout
from station_app.services.opening.commands import EnterOpening, Witness
from station_app.services.opening.judging import (
    ANOTHER,
    ASK,
    BAD,
    DOUBLE,
    GOOD,
    LEFT,
    TAKEN,
    Judge,
    Judged,
    Known,
    details_of,
)
from station_app.services.opening.rows import SheetRow, read_rows
from station_app.services.opening.sheets import Grid
from station_app.services.parcels.commands import ShelveParcel
from station_app.services.people.commands import Details, RegisterPerson
from station_app.values.refusal import Refusal
from station_app.values.spelling import spell

# Rows of one act: small enough to be seen and undone as one thing, and to let a scan come between.
ROWS_OF_ACT: Mapping[str, int] = {PEOPLE: 200, DEBTS: 50, PARCELS: 25}
TICKET_BYTES = 10  # as every ticket: 80 bits in base32
OPEN_FIRST = (BAD, ASK, DOUBLE, GOOD, LEFT, TAKEN)


@dataclass(slots=True)
class SheetWork:
    """One sheet in work.

    session: made when the file was chosen; digest: of the file, so that a changed one is noticed;
    decisions: by number of the row; taken: numbers of rows that are recorded; refused: what a
    rule said to a row after all.
    """

    kind: str
    path: str
    session: str
    digest: str
    grid: Grid
    layout: Layout
    rows: Sequence[SheetRow] = ()
    judged: Sequence[Judged] = ()
    decisions: dict[int, str] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)
    refused: dict[int, Refusal] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the name of the file."""
        return self.path.replace("\\", "/").rsplit("/", 1)[-1]

    @property
    def is_readable(self) -> bool:
        """Tell whether every column that is needed has been found."""
        return not self.layout.missing(self.kind)

    def read(self) -> None:
        """Read the rows by the present layout."""
        self.rows = read_rows(self.grid, self.layout, self.kind)

    def judge(self, known: Known) -> None:
        """Judge every row anew beside what is known now."""
        judge = Judge(known)
        self.judged = [self._judged(judge, row) for row in self.rows]

    def _judged(self, judge: Judge, row: SheetRow) -> Judged:
        if row.number in self.taken:
            return Judged(row=row, state=TAKEN)
        verdict = judge.judge(row, self.kind, self.decisions.get(row.number, ""))
        refusal = self.refused.get(row.number)
        if refusal is not None and verdict.state == GOOD:
            return Judged(row=row, state=BAD, why=refusal, choices=("skip",))
        return verdict

    def decide(self, number: int, decision: str) -> None:
        """Keep what the operator says to a row."""
        self.refused.pop(number, None)
        if decision:
            self.decisions[number] = decision
        else:
            self.decisions.pop(number, None)

    def begin_anew(self, session: str) -> None:
        """Trust nothing that was taken: what stands in the books is recognised there."""
        self.session = session
        self.taken.clear()

    def counts(self) -> dict[str, int]:
        """Return how many rows there are of each state."""
        found = dict.fromkeys(OPEN_FIRST, 0)
        for one in self.judged:
            found[one.state] += 1
        return found

    def in_order(self) -> list[Judged]:
        """Return the rows as they are shown: those that want a word first."""
        return sorted(self.judged, key=lambda one: OPEN_FIRST.index(one.state))

    # --- Taking ----------------------------------------------------------------------------------

    def next_chunk(self) -> list[Judged]:
        """Return the rows of the next act: the first good ones."""
        good = [one for one in self.judged if one.state == GOOD]
        return good[: ROWS_OF_ACT[self.kind]]

    def ticket(self, chunk: Sequence[Judged]) -> str:
        """Return the ticket of an act over these rows: the same rows, the same ticket."""
        rows = ",".join(f"{one.row.number}:{one.decision}" for one in chunk)
        digest = hashlib.blake2b(f"{self.session}|{rows}".encode(), digest_size=TICKET_BYTES)
        return base64.b32encode(digest.digest()).decode("ascii")

    def commands(self, chunk: Sequence[Judged], witness: Witness, day: str) -> list[Any]:
        """Return what is asked for these rows."""
        return [self._command(one, witness, day) for one in chunk]

    def _command(self, one: Judged, witness: Witness, day: str) -> Any:
        row = one.row
        if self.kind == PEOPLE:
            return RegisterPerson(
                details=spelled(details_of(row, one.decision)), is_another=one.decision == ANOTHER
            )
        if self.kind == DEBTS:
            return EnterOpening(
                purse=row.purse,
                amount_fen=row.amount_fen,
                person=one.person,
                courier=one.courier,
                remark=row.cell("remark"),
                witness=witness,
                again=one.decision == ANOTHER,
            )
        phone = row.cell("phone")
        return ShelveParcel(
            courier=one.courier,
            waybill=row.cell("waybill"),
            person=one.person,
            name=row.cell("name"),
            tail=row.tail,
            phone=phone if len(phone) > len(row.tail) else "",
            shelf=row.shelf,
            layer=row.layer,
            cod_fen=row.cod_fen,
            freight_fen=row.freight_fen,
            here_since=row.day or day,
        )

    # --- Keeping ---------------------------------------------------------------------------------

    def draft(self) -> dict[str, Any]:
        """Return what is kept over a power cut; the rows themselves stay in the file."""
        return {
            "kind": self.kind,
            "path": self.path,
            "digest": self.digest,
            "session": self.session,
            "columns": dict(self.layout.columns),
            "skip": self.layout.skip,
            "decisions": {str(number): word for number, word in self.decisions.items()},
            "taken": ranges(self.taken),
        }


def begin(kind: str, path: str, *, session: str, data: bytes, grid: Grid) -> SheetWork:
    """Begin to work on a sheet that was read."""
    digest = digest_of(data)
    return SheetWork(kind, path, session, digest, grid, find_layout(grid, kind))


def go_on(work: SheetWork, draft: Mapping[str, Any]) -> bool:
    """Take up what was decided before a power cut; False when the file has changed since."""
    if draft.get("digest") != work.digest:
        return False
    columns = {str(name): int(column) for name, column in draft["columns"].items()}
    work.session = str(draft["session"])
    work.layout = Layout(columns, int(draft["skip"]), work.layout.heading)
    work.decisions = {int(number): str(word) for number, word in draft["decisions"].items()}
    work.taken = set(numbers(str(draft["taken"])))
    return True


def digest_of(data: bytes) -> str:
    """Return by what the same file is recognised."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def spelled(details: Details) -> Details:
    """Return details with the pinyin of the name, as the register wants them."""
    spelling = spell(details.name)
    return Details(
        name=details.name,
        pinyin=spelling.pinyin,
        initials=spelling.initials,
        nickname=details.nickname,
        phone=details.phone,
        hamlet=details.hamlet,
        household=details.household,
        id_number=details.id_number,
        remark=details.remark,
    )


def ranges(found: Iterable[int]) -> str:
    """Return numbers as "2-201,203": ten thousand rows fit into a draft."""
    parts: list[list[int]] = []
    for number in sorted(found):
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(f"{first}-{last}" if last > first else f"{first}" for first, last in parts)


def numbers(written: str) -> list[int]:
    """Return the numbers of `ranges`."""
    found: list[int] = []
    for part in filter(None, written.split(",")):
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found
