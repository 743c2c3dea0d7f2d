"""Quality: what a desk may write down of fields, papers and tests, and how fields and papers fold.

Whose promise a lot bears follows from whose it is: of one grower it is hers and she signs it, of
several it is the station's, which mixed them and answers for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Body, Saying, Told
from station_app.journal.projection import Columns, EntityKind, as_said
from station_app.services.quality.commands import (
    CollectPromise,
    DescribePlot,
    EndorseLot,
    IssuePromise,
    RecordTest,
    ShowCertificate,
)
from station_app.services.quality.facts import (
    CertificateShown,
    LotCertified,
    LotEndorsed,
    LotTested,
    PlotDescribed,
    QualityRemark,
)
from station_app.values.now import Now
from station_app.values.refusal import Refusal

Decision = Sequence[Saying] | Refusal

SORTS = ("green", "organic", "gi")
LICENCES = ("coop", "company")  # of whoever is no household: it owes a promise
COLLECTED, ASKED, MIXED = "collected", "asked", "mixed"
PRODUCER, BUYER = "producer", "buyer"
HOUSEHOLD, STATION = "household", "station"
ISSUERS = (HOUSEHOLD, *LICENCES)
BASES = ("tested_by_others", "tested_by_self", "own_control", "own_promise")
WORDS_MAX = 40
MU_MAX = 100_000  # ten thousand mu: a slipped key
PHOTOS_MAX = 6


class Plot(msgspec.Struct, frozen=True, kw_only=True):
    """A field as last described."""

    person: str = ""
    name: str = ""
    produce: str = ""
    tenth_mu: int = 0


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate as last shown."""

    person: str = ""
    sort: str = ""
    number: str = ""
    produce: str = ""
    until_day: str = ""


def fold_plot(_state: Plot | None, told: Told) -> Plot:
    """Take the newer description."""
    return as_said(Plot, told)


def fold_certificate(_state: Certificate | None, told: Told) -> Certificate:
    """Take it as it was shown last."""
    return as_said(Certificate, told)


PLOT = EntityKind(
    name="plot",
    state=Plot,
    facts=(PlotDescribed,),
    fold=fold_plot,
    columns=Columns(
        table="plots",
        fields=(
            ("person", "TEXT"), ("name", "TEXT"), ("produce", "TEXT"), ("tenth_mu", "INTEGER"),
        ),
        row=lambda plot: (plot.person, plot.name, plot.produce, plot.tenth_mu),
        indexes=(("person", "produce"),),
    ),
)  # fmt: skip

CERTIFICATE = EntityKind(
    name="certificate",
    state=Certificate,
    facts=(CertificateShown,),
    fold=fold_certificate,
    natural_key={CertificateShown: lambda told: str(told.body.number)},
    columns=Columns(
        table="certificates",
        fields=(
            ("person", "TEXT"), ("sort", "TEXT"), ("number", "TEXT"), ("produce", "TEXT"),
            ("until_day", "TEXT"),
        ),
        row=lambda c: (c.person, c.sort, c.number, c.produce, c.until_day),
        indexes=(("person", "produce"),),
    ),
)  # fmt: skip

ENTITIES = (PLOT, CERTIFICATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfGrower:
    """What decides about a grower's field or certificate."""

    is_known: bool = True
    is_sort: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OfLot:
    """What decides about the papers of a lot. growers: whose it is; is_mixed: made of several.

    number: for a promise that is issued now; issuer: who promises, by the licence she has shown.
    """

    is_known: bool = True
    growers: tuple[str, ...] = ()
    is_mixed: bool = False
    quantity: int = 0
    number: str = ""
    issuer: str = HOUSEHOLD


def describe_plot(state: OfGrower, command: DescribePlot, now: Now) -> Decision:
    """Write down a field."""
    if not state.is_known:
        return Refusal("quality.NO_GROWER")
    if not state.is_sort:
        return Refusal("quality.NO_SORT")
    if not 0 <= command.tenth_mu <= MU_MAX or (not command.tenth_mu and not command.plot):
        return Refusal("quality.MU_WRONG")
    refusal = _why_not_words(command.name)
    if refusal is not None:
        return refusal
    body = PlotDescribed(
        person=command.person,
        name=command.name.strip(),
        produce=command.produce,
        tenth_mu=command.tenth_mu,
        day=now.day,
    )
    return [Saying(body, entity=command.plot)]


def show_certificate(state: OfGrower, command: ShowCertificate, now: Now) -> Decision:
    """Write down a certificate of a grower."""
    if not state.is_known:
        return Refusal("quality.NO_GROWER")
    if command.produce and not state.is_sort:
        return Refusal("quality.NO_SORT")
    assert command.sort in (*SORTS, *LICENCES)
    refusal = _why_not_words(command.number)
    if refusal is not None:
        return refusal
    if not command.until_day and command.sort in SORTS:
        return Refusal("quality.NO_DAY")
    body = CertificateShown(
        person=command.person,
        sort=command.sort,
        number=command.number.strip(),
        produce=command.produce,
        until_day=command.until_day,
        day=now.day,
    )
    return [Saying(body, _private(command.photos, (command.person,)))]


def collect_promise(state: OfLot, command: CollectPromise, now: Now) -> Decision:
    """Keep a promise that came with a lot: companies and co-operatives number theirs."""
    if not state.is_known:
        return Refusal("quality.NO_LOT")
    assert command.issuer in ISSUERS
    if command.issuer != HOUSEHOLD and not command.number.strip():
        return Refusal("quality.NO_NUMBER")
    if len(command.number) > WORDS_MAX:
        return Refusal("quality.WORDS_TOO_LONG", {"most": WORDS_MAX})
    if state.is_mixed:
        return Refusal("quality.MIXED_IS_ISSUED")
    body = LotCertified(
        reason=COLLECTED,
        form=PRODUCER,
        issuer=command.issuer,
        person=_only(state.growers),
        number=command.number.strip(),
        bases=(),
        quantity=state.quantity,
        day=now.day,
    )
    return [Saying(body, _private(command.photos, state.growers), entity=command.lot)]


def issue_promise(state: OfLot, command: IssuePromise, now: Now) -> Decision:
    """Issue a promise: the grower's own, or the station's for what it has mixed."""
    if not state.is_known:
        return Refusal("quality.NO_LOT")
    bases = tuple(basis for basis in BASES if basis in command.bases)
    if not bases:
        return Refusal("quality.NO_BASIS")
    person = "" if state.is_mixed else _only(state.growers)
    body = LotCertified(
        reason=ASKED if person else MIXED,
        form=PRODUCER if person else BUYER,
        issuer=state.issuer if person else STATION,
        person=person,
        number=state.number,
        bases=bases,
        quantity=state.quantity,
        day=now.day,
    )
    return [Saying(body, entity=command.lot)]


def record_test(state: OfLot, command: RecordTest, now: Now) -> Decision:
    """Write down a report; one that failed stops the lot."""
    if not state.is_known:
        return Refusal("quality.NO_LOT")
    refusal = _why_not_words(command.lab, command.item)
    if refusal is not None:
        return refusal
    rest = (command.limit, command.value, command.report, command.sample)
    if any(len(words) > WORDS_MAX for words in rest):
        return Refusal("quality.WORDS_TOO_LONG", {"most": WORDS_MAX})
    body = LotTested(
        lab=command.lab.strip(),
        item=command.item.strip(),
        limit=command.limit.strip(),
        value=command.value.strip(),
        is_passed=int(command.is_passed),
        report=command.report.strip(),
        sample=command.sample.strip(),
        day=now.day,
    )
    return [Saying(body, _private(command.photos, state.growers), entity=command.lot)]


def endorse_lot(state: OfLot, command: EndorseLot, now: Now) -> Decision:
    """Write down who vouches for a lot."""
    if not state.is_known:
        return Refusal("quality.NO_LOT")
    refusal = _why_not_words(command.office, command.number)
    if refusal is not None:
        return refusal
    body: Body = LotEndorsed(
        office=command.office.strip(), number=command.number.strip(), day=now.day
    )
    return [Saying(body, _private(command.photos, state.growers), entity=command.lot)]


def _only(growers: Sequence[str]) -> str:
    return growers[0] if len(growers) == 1 else ""


def _private(photos: tuple[str, ...], whose: tuple[str, ...]) -> QualityRemark | None:
    return QualityRemark(photos=photos[:PHOTOS_MAX], whose=whose) if photos else None


def _why_not_words(*said: str) -> Refusal | None:
    if not all(words.strip() for words in said):
        return Refusal("quality.NO_WORDS")
    if any(len(words) > WORDS_MAX for words in said):
        return Refusal("quality.WORDS_TOO_LONG", {"most": WORDS_MAX})
    return None
