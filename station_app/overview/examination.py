"""The start check as pure rules: from signs that were measured to findings with one action each.

A new check is one function and one line in CHECKS. Only what would make the books wrong is
`stop`; and only a database that cannot be read keeps the door shut: everything else may wait,
since the counter is never barred by its own machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from station_app.overview.moments import GIGABYTE, HOUR_MS, MEGABYTE
from station_app.values.day import DAY_MS, YEAR_2100_MS

STOP = "stop"
TODAY = "today"
LATER = "later"
URGENCIES = (STOP, TODAY, LATER)

CLOCK_DIFFERS_MS = 5 * 60_000  # within it nobody notices and no day is booked wrongly
CLOCK_BEHIND_MS = HOUR_MS  # facts of the last start may be a little ahead after a small correction
CLOCK_JUMP_MS = 30 * DAY_MS  # a station that was shut longer is asked, as the shift's opening does
DISK_STOP_BYTES = 200 * MEGABYTE  # below it one day's work and a backup no longer fit
DISK_LOW_BYTES = 2 * GIGABYTE
BACKUP_OLD_MS = 3 * DAY_MS
CUT_OFF, RENEWED = "cut_off", "renewed"  # why this PC is not the one that it says it is

VERIFY_SOON_DAYS = 30  # the office that verifies scales comes round once a month


@dataclass(frozen=True, slots=True)
class PrinterSign:
    """A printer at start. state: `ok`, `fault` or `unknown`; reason: of `printing.reason`."""

    role: str
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ScaleSign:
    """The scale at start. state: of `devices.scale`; days: until its verification ends.

    verified_until: the last day of it, "" and None when nobody has said.
    """

    state: str
    verified_until: str = ""
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Signs:
    """What was measured at start.

    now_ms: this PC's clock; built_ms: date of the program; last_fact_ms: the latest `at` in the
    journal (0: none); county_ms: the county's time if it was heard since start, else 0.
    damaged: the database file that cannot be read, "" when all is well; damage: what the database
    said, for the technician. facts: how many the journal holds.
    put_back: True when the mark kept outside the journal is beyond the journal's end;
    missing: how many facts that is, 0 if it cannot be told.
    free_bytes: on the disk of the journal; backup_ms: of the last good backup, 0 for none;
    first_fact_ms: since when this PC has facts of its own to back up, 0 for not yet.
    kept_in: where the key of the journal is (`journal.kinds.KeyKept`), "" if not asked.
    apart: CUT_OFF when the county has cut this PC off, RENEWED when another key speaks for it (a
    copied disk, an old image), else "".
    """

    now_ms: int
    built_ms: int
    facts: int = 0
    last_fact_ms: int = 0
    county_ms: int = 0
    damaged: str = ""
    damage: str = ""
    put_back: bool = False
    missing: int = 0
    free_bytes: int = 100 * GIGABYTE
    backup_ms: int = 0
    first_fact_ms: int = 0
    kept_in: str = ""
    apart: str = ""
    printers: tuple[PrinterSign, ...] = ()
    scale: ScaleSign | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to see to. name: key below `overview.doctor` for its words.

    action: which of the injected actions helps ("" for none); moments: slots that are times.
    """

    name: str
    urgency: str
    action: str = ""
    slots: Mapping[str, str | int] = field(default_factory=dict)
    moments: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Examination:
    """All findings, the most urgent first, and what was found in order."""

    findings: tuple[Finding, ...]
    fine: tuple[Finding, ...]

    @property
    def may_open(self) -> bool:
        """Tell whether the counter may be opened: not upon a database that cannot be read."""
        return all(finding.name != "damaged" for finding in self.findings)


def look_at_books(signs: Signs) -> Finding:
    """A damaged database is named, and nothing is written to it."""
    if signs.damaged:
        slots = {"file": signs.damaged, "detail": signs.damage}
        return Finding("damaged", STOP, action="restore", slots=slots)
    return Finding("books", "", slots={"facts": signs.facts})


def look_at_end(signs: Signs) -> Finding | None:
    """A journal that was put back lacks facts; whoever else holds them gives them back."""
    if not signs.put_back:
        return None
    name = "put_back" if signs.missing else "put_back_unknown"
    return Finding(name, TODAY, action="sync", slots={"missing": signs.missing})


def look_at_place(signs: Signs) -> Finding | None:
    """A PC that is a copy, or was cut off, hands in what it has and must become another one."""
    if not signs.apart:
        return None
    return Finding("cloned" if signs.apart == RENEWED else "cut_off", TODAY, action="enrol")


def look_at_clock(signs: Signs) -> Finding:
    """A wrong clock puts work on the wrong day; the county's word is the best measure of it."""
    now, moments = signs.now_ms, {"now": signs.now_ms, "county": signs.county_ms}
    if signs.county_ms and abs(now - signs.county_ms) > CLOCK_DIFFERS_MS:
        name = "clock_slow" if now < signs.county_ms else "clock_fast"
        span = abs(now - signs.county_ms)
        return Finding(name, STOP, action="clock", slots={"span": span}, moments=moments)
    if now < signs.built_ms or now > YEAR_2100_MS:
        return Finding("clock_senseless", STOP, action="clock", moments=moments)
    moments = {"now": now, "last": signs.last_fact_ms}
    if signs.last_fact_ms and signs.last_fact_ms - now > CLOCK_BEHIND_MS:
        slots = {"span": signs.last_fact_ms - now}
        return Finding("clock_behind", STOP, action="clock", slots=slots, moments=moments)
    if signs.last_fact_ms and now - signs.last_fact_ms > CLOCK_JUMP_MS:
        slots = {"span": now - signs.last_fact_ms}
        return Finding("clock_ahead", TODAY, action="clock", slots=slots, moments=moments)
    return Finding("clock", "", moments=moments)


def look_at_disk(signs: Signs) -> Finding:
    """Without room on the disk nothing can be recorded any more."""
    slots = {"free": signs.free_bytes}
    if signs.free_bytes < DISK_STOP_BYTES:
        return Finding("disk_full", STOP, action="disk", slots=slots)
    if signs.free_bytes < DISK_LOW_BYTES:
        return Finding("disk_low", LATER, action="disk", slots=slots)
    return Finding("disk", "", slots=slots)


def look_at_backup(signs: Signs) -> Finding | None:
    """A backup that is old says that the night job has not run; a new station has none yet."""
    if not signs.backup_ms:
        age = signs.now_ms - signs.first_fact_ms
        if not signs.first_fact_ms or age <= BACKUP_OLD_MS:
            return None
        return Finding("backup_none", LATER, action="backup", slots={"days": age // DAY_MS})
    moments = {"backup": signs.backup_ms}
    if signs.now_ms - signs.backup_ms > BACKUP_OLD_MS:
        return Finding("backup_old", LATER, action="backup", moments=moments)
    return Finding("backup", "", moments=moments)


def look_at_key(signs: Signs) -> Finding | None:
    """Where the key is has its consequences when the PC is stolen: it is said at every start."""
    return Finding("key", "", slots={"kept_in": signs.kept_in}) if signs.kept_in else None


def look_at_printers(signs: Signs) -> tuple[Finding, ...]:
    """A printer that cannot print is said; paper may be late, so it never stops anything."""
    findings: list[Finding] = []
    for printer in signs.printers:
        slots = {"role": printer.role, "reason": printer.reason}
        if printer.state == "fault":
            findings.append(Finding("printer_trouble", TODAY, action="printers", slots=slots))
        elif printer.state == "ok":
            findings.append(Finding("printer", "", slots=slots))
        else:
            findings.append(Finding("printer_silent", "", slots=slots))
    return tuple(findings)


def look_at_scale(signs: Signs) -> tuple[Finding, ...]:
    """A scale without a valid verification may not weigh for money; without an answer it cannot."""
    scale = signs.scale
    if scale is None:
        return ()
    findings: list[Finding] = []
    slots: dict[str, str | int] = {"days": abs(scale.days or 0), "date": scale.verified_until}
    if scale.days is not None and scale.days < 0:
        findings.append(Finding("scale_overdue", TODAY, action="scale", slots=slots))
    elif scale.days is not None and scale.days <= VERIFY_SOON_DAYS:
        findings.append(Finding("scale_due", LATER, action="scale", slots=slots))
    if scale.state in ("gone", "silent", "garbled"):
        slots = {"weight_state": scale.state}
        findings.append(Finding("scale_trouble", TODAY, action="scale", slots=slots))
    elif not findings and scale.state != "none":  # at a quick start it has not been heard yet
        findings.append(Finding("scale", ""))
    return tuple(findings)


def examine(signs: Signs) -> Examination:
    """Judge all signs. Behind a damaged database nothing else can be said with certainty."""
    books = look_at_books(signs)
    if books.urgency:
        return Examination((books,), ())
    checks = (look_at_end, look_at_place, look_at_clock, look_at_disk, look_at_backup, look_at_key)
    alone = tuple(check(signs) for check in checks)
    seen = [books, *(finding for finding in alone if finding), *look_at_printers(signs)]
    seen += look_at_scale(signs)
    findings = sorted(
        (finding for finding in seen if finding.urgency),
        key=lambda finding: URGENCIES.index(finding.urgency),
    )
    return Examination(tuple(findings), tuple(finding for finding in seen if not finding.urgency))
