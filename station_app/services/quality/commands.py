"""What can be asked about quality: fields, certificates, promises, tests, endorsements."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribePlot:
    """Write down a field of a grower. plot: identity of the one that changes, "" for a new one."""

    person: str
    name: str
    produce: str
    tenth_mu: int
    plot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCertificate:
    """Write down a certificate that a grower shows; fields as in `CertificateShown`."""

    person: str
    sort: str
    number: str
    produce: str
    until_day: str
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectPromise:
    """Keep the promise that came with a lot. issuer: `household`, `coop` or `company`."""

    lot: str
    issuer: str
    number: str = ""
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePromise:
    """Issue the promise of a lot: its grower's, or of a mixed lot the station's. bases: ticked."""

    lot: str
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTest:
    """Write down a report on a lot; fields as in `LotTested`."""

    lot: str
    lab: str
    item: str
    limit: str
    value: str
    is_passed: bool
    report: str = ""
    sample: str = ""
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EndorseLot:
    """Write down that an office vouches for a lot."""

    lot: str
    office: str
    number: str
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintPromise:
    """Print the promise of this very act, asked last in it. act: ticket."""

    act: str
