"""What can be said about the quality of produce: fields, certificates, promises, tests, recalls.

Fields and certificates are a grower's; the rest is said of a lot, whose state another slice folds.
"""

from typing import ClassVar

from station_app.journal.fact import Body, Private


class QualityRemark(Private, frozen=True, kw_only=True):
    """What was photographed: the paper, the report. photos: hashes."""

    photos: tuple[str, ...] = ()


class PlotDescribed(Body, frozen=True, kw_only=True):
    """A grower's field: what grows there, and how large it is; 0 tenths of a mu: no longer hers."""

    KIND: ClassVar[str] = "plot.described"
    CARRIES_NOTHING: ClassVar[bool] = True
    person: str
    name: str
    produce: str
    tenth_mu: int
    day: str


class CertificateShown(Body, frozen=True, kw_only=True):
    """A grower showed a certificate of hers. Key: `number`.

    sort: `green`, `organic` or `gi`, or the licence of a `coop` or `company`, which owes a promise
    with what it brings; produce: code of the sort that it is for, "" for all of hers; until_day:
    its last day, "" for a licence without end.
    """

    KIND: ClassVar[str] = "certificate.shown"
    CARRIES_NOTHING: ClassVar[bool] = True
    PRIVATE: ClassVar[type[Private] | None] = QualityRemark
    person: str
    sort: str
    number: str
    produce: str
    until_day: str
    day: str


class LotCertified(Body, frozen=True, kw_only=True):
    """The promise (承诺达标合格证) of a lot: collected with it, or issued here.

    reason: `collected`, `asked` by her, or `mixed`; form: `producer` or `buyer`; issuer:
    `household`, `coop`, `company` or `station`; person: the grower who promises, "" where the
    station does; bases: what the promise rests on.
    """

    KIND: ClassVar[str] = "lot.certified"
    CARRIES_NOTHING: ClassVar[bool] = True
    PRIVATE: ClassVar[type[Private] | None] = QualityRemark
    reason: str
    form: str
    issuer: str
    person: str
    number: str
    bases: tuple[str, ...]
    quantity: int
    day: str


class LotTested(Body, frozen=True, kw_only=True):
    """A report on a lot: what was looked for, how much is allowed, what was found.

    report: its number; sample: number of the sealed reference sample, "" for none.
    """

    KIND: ClassVar[str] = "lot.tested"
    CARRIES_NOTHING: ClassVar[bool] = True
    PRIVATE: ClassVar[type[Private] | None] = QualityRemark
    lab: str
    item: str
    limit: str
    value: str
    is_passed: int
    report: str
    sample: str
    day: str


class LotEndorsed(Body, frozen=True, kw_only=True):
    """An office vouches for a lot (备书)."""

    KIND: ClassVar[str] = "lot.endorsed"
    CARRIES_NOTHING: ClassVar[bool] = True
    PRIVATE: ClassVar[type[Private] | None] = QualityRemark
    office: str
    number: str
    day: str


class LotRecalled(Body, frozen=True, kw_only=True):
    """The county calls a lot back: nobody sells it or sends it off. reason: for everybody."""

    KIND: ClassVar[str] = "lot.recalled"
    reason: str
    day: str


class LotReleased(Body, frozen=True, kw_only=True):
    """The county lets a lot go that was called back, or that failed a test."""

    KIND: ClassVar[str] = "lot.released"
    reason: str
    day: str


FROM_COUNTY: tuple[type[Body], ...] = (LotRecalled, LotReleased)
