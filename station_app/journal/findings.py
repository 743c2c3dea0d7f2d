"""What a check of the journal found: which fact is broken first, and what the books come to.

A finding names a fact (stream, seq, kind) and says what is wrong with it, in English for whoever
repairs it and, through the catalogue, in Chinese for whoever stands at the counter.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from station_app.journal.islands import NO_FLOOR, Floor
from station_app.journal.put_back import Lacking
from station_app.ledger.balances import Books, Standing
from station_app.ledger.posting import CNY, PCS
from station_app.values.texts import Texts

FINDINGS_MAX = 50  # the first matters; more than a page of them says nothing new


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be.

    reason: `ALTERED`, `HOLE`, …: `journal.finding.<reason>` is its sentence; stream, seq, kind: the
    fact that it is about (seq 0: none); what: details in English.
    """

    reason: str
    stream: str
    seq: int
    kind: str
    what: str

    def __str__(self) -> str:
        """Return the finding as one line for a technician."""
        return f"{self.reason} {self.stream} {self.seq} {self.kind}: {self.what}"

    def as_json(self, texts: Texts | None) -> dict[str, Any]:
        """Return the finding as JSON-able values, with its Chinese sentence if there are words."""
        shown = {
            "reason": self.reason,
            "stream": self.stream,
            "seq": self.seq,
            "kind": self.kind,
            "what": self.what,
        }
        if texts is not None:
            shown["words"] = texts.say(
                f"journal.finding.{self.reason}", stream=self.stream, seq=self.seq, kind=self.kind
            )
        return shown


@dataclass(frozen=True, slots=True)
class Photos:
    """What was found. here: whole; elsewhere: named here, to be fetched; loose: of no act yet."""

    here: int = 0
    elsewhere: int = 0
    loose: int = 0


class Findings:
    """Collects findings in the order of the checks; keeps the first and counts the rest."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: list[Finding] = []
        self.count = 0

    def add(self, reason: str, place: tuple[str, int, str], what: str) -> None:
        """Add a finding about the fact at `place` (stream, seq, kind)."""
        self.count += 1
        if len(self._kept) < FINDINGS_MAX:
            self._kept.append(Finding(reason, *place, what))

    def __iter__(self) -> Iterator[Finding]:
        """Go through those that were kept."""
        return iter(self._kept)


@dataclass(frozen=True)
class Report:
    """What a check of the whole journal says.

    findings: the first of them, in the order of the checks; found: how many there were in all.
    sums: what every account comes to by the facts themselves, not by the tables. floor: below
    which this PC does not hold everything yet: that is no damage, and the sums are not whole.
    lacking: facts of this PC that nobody has given back, by number: to be entered again from slips.
    photos: how many are here, how many are to be fetched from elsewhere when somebody looks.
    """

    facts: int
    streams: int
    acts: int
    quarantined: int
    entities: int
    sums: dict[tuple[str, str], int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    found: int = 0
    floor: Floor = NO_FLOOR
    lacking: tuple[Lacking, ...] = ()
    photos: Photos = field(default_factory=Photos)

    @property
    def is_sound(self) -> bool:
        """Tell whether everything is as it must be."""
        return self.found == 0

    @property
    def first_broken(self) -> Finding | None:
        """Return what was found first, or None."""
        return self.findings[0] if self.findings else None

    @property
    def books(self) -> Books:
        """Return the money accounts as the facts have them."""
        return Books(
            tuple(
                Standing(account, unit, amount)
                for (account, unit), amount in sorted(self.sums.items())
                if unit == CNY and amount
            )
        )

    @property
    def pieces(self) -> dict[str, int]:
        """Return where the parcels are, by the place in the account's name."""
        places: dict[str, int] = {}
        for (account, unit), amount in sorted(self.sums.items()):
            if unit == PCS and amount:
                place = account.removeprefix("Equity:Pieces:")
                places[place] = places.get(place, 0) + amount
        return places

    def as_json(self, texts: Texts | None = None) -> dict[str, Any]:
        """Return the report as JSON-able values; with `texts` each finding has Chinese words."""
        books = self.books
        return {
            "sound": self.is_sound,
            "facts": self.facts,
            "streams": self.streams,
            "acts": self.acts,
            "quarantined": self.quarantined,
            "entities": self.entities,
            "money_fen": books.money_fen,
            "not_mine_fen": books.not_mine_fen,
            "own_fen": books.own_fen,
            "purses": [
                {"kind": purse.kind, "owner": purse.owner, "amount_fen": purse.amount_fen}
                for purse in books.purses
            ],
            "pieces": self.pieces,
            "first": self.first_broken.as_json(texts) if self.first_broken else None,
            "findings": [finding.as_json(texts) for finding in self.findings],
            "found": self.found,
            "photos": {
                "here": self.photos.here,
                "elsewhere": self.photos.elsewhere,
                "loose": self.photos.loose,
            },
            "lacking": {"facts": self.floor.facts, "since": self.floor.since_at},
            "lost": [
                {
                    "stream": one.lost.stream,
                    "first": one.first,
                    "last": one.last,
                    "numbers": [
                        {"series": n.series, "first": n.first, "last": n.last}
                        for n in one.lost.numbers
                    ],
                }
                for one in self.lacking
            ],
        }
