"""Measures what the start check looks at: for the window, and for `doctor` without one.

Nothing here judges (`overview/examination`), and nothing writes: a PC in trouble is looked at as it
is. The command asks the printers itself, unless the program is open: then the printers are its own.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from station_app import backups, chores, printers
from station_app.journal import high_water
from station_app.journal.one_process import OneProcess
from station_app.journal.standing_apart import is_cut_off
from station_app.journal.store import open_reader
from station_app.journal.troubles import DamagedDatabase, OpenElsewhere
from station_app.overview.check_words import finding_words, fine_words
from station_app.overview.examination import (
    CUT_OFF,
    RENEWED,
    Finding,
    PrinterSign,
    ScaleSign,
    Signs,
    examine,
)
from station_app.own_key import is_renewed_elsewhere
from station_app.premises import (
    BUILD_MS,
    DATABASE,
    Enrolment,
    NotEnrolled,
    enrolment_of,
    free_bytes,
)
from station_app.resources_dir import load_texts
from station_app.security import key_place
from station_app.sync.http_link import Answer, HttpLink
from station_app.values.clock import Clock
from station_app.values.texts import Texts

HTTP_OK = 200


class _Health(msgspec.Struct, frozen=True):
    """What the county says of itself to everybody. county: its id; time: UTC ms."""

    county: str
    time: int


def signs_of(  # noqa: PLR0913 - each is measured elsewhere
    connection: Any,
    folder: Path,
    here: Enrolment,
    *,
    now_ms: int,
    put_back: high_water.PutBack | None,
    is_restored: bool = False,
    county_ms: int = 0,
    kept_in: str = "",
    printers_seen: Iterable[PrinterSign] = (),
    scale: ScaleSign | None = None,
) -> Signs:
    """Measure the journal and its disk. county_ms: the county's clock, 0 when it was not heard.

    Raises the troubles of a database that cannot be read.
    """
    facts, last_at = connection.execute(
        "SELECT count(*), coalesce(max(at), 0) FROM facts"
    ).fetchone()
    header = backups.newest(folder, by=now_ms)
    return Signs(
        now_ms=now_ms,
        built_ms=BUILD_MS,
        facts=facts,
        last_fact_ms=last_at,
        county_ms=county_ms,
        put_back=(put_back is not None and put_back.missing > 0) or is_restored,
        missing=put_back.missing if put_back else 0,
        free_bytes=free_bytes(folder),
        backup_ms=header.at if header else 0,
        first_fact_ms=first_ms(connection, here),
        kept_in=kept_in,
        apart=_apart(connection, here),
        printers=tuple(printers_seen),
        scale=scale,
    )


def first_ms(connection: Any, here: Enrolment) -> int:
    """Return since when this PC has facts of its own: the county has its own copy of others."""
    own = f"{here.station}/{here.device}/"
    row = connection.execute(
        "SELECT coalesce(min(f.at), 0) FROM streams s "
        "JOIN facts f ON f.stream = s.stream AND f.seq = 1 WHERE substr(s.stream, 1, ?) = ?",
        (len(own), own),
    ).fetchone()
    return int(row[0])


def _apart(connection: Any, here: Enrolment) -> str:
    """Return why the county does not take this PC for the one it says it is; "" if it does."""
    if is_cut_off(connection, here.station, here.device):
        return CUT_OFF
    return RENEWED if is_renewed_elsewhere(connection) else ""


# --- Without a window ----------------------------------------------------------------------------


def look(data: Path, key_file: Path | None, *, clock: Clock, address: str = "") -> Signs:
    """Measure a data folder, its printers and, if there is a line, the county's clock.

    address: of the county, if not the enrolled one. Raises NotEnrolled and the troubles of a
    database that cannot be opened for another reason than damage.
    """
    key = chores.key_of(data, key_file)
    try:
        connection = open_reader(data / DATABASE, key)
        try:
            here = enrolment_of(connection)
            if here is None:
                raise NotEnrolled(str(data))
            return signs_of(
                connection,
                data,
                here,
                now_ms=clock.now_ms(),
                put_back=_put_back(connection, data),
                county_ms=_county_ms(address or here.county_url, here.county),
                kept_in=key_place.kept_in(data, key_file),
                printers_seen=_asked(connection, data),
            )
        finally:
            connection.close()
    except DamagedDatabase as trouble:
        words = load_texts().say(trouble.text_key, **trouble.slots)
        detail = f"{words} [{trouble.detail}]"
        damaged = str(data / DATABASE)
        return Signs(clock.now_ms(), BUILD_MS, damaged=damaged, damage=detail)


def _put_back(connection: Any, data: Path) -> high_water.PutBack | None:
    mark = high_water.read(data)
    found = high_water.compare(connection, None if isinstance(mark, high_water.Absent) else mark)
    return found if isinstance(found, high_water.PutBack) else None


def _county_ms(address: str, county: str) -> int:
    """Return what time it is at the county; 0 without a line, or when somebody else answers."""
    if not address:
        return 0
    link = HttpLink(address)
    try:
        answer = link.health()
    finally:
        link.close()
    if not isinstance(answer, Answer) or answer.status != HTTP_OK:
        return 0
    try:
        said = msgspec.json.decode(answer.body, type=_Health)
    except msgspec.DecodeError:
        return 0  # the page of a captive portal
    return said.time if said.county == county else 0


def _asked(connection: Any, data: Path) -> list[PrinterSign]:
    """Ask each printer that was set up; none while the program is open and prints itself."""
    try:
        lock = OneProcess(data)
    except OpenElsewhere:
        return []
    signs = []
    try:
        for printer in printers.made(printers.kept(connection)):
            status = printer.port.status()
            signs.append(PrinterSign(printer.name, status.state, status.reason))
    finally:
        lock.release()
    return signs


def told(signs: Signs, texts: Texts) -> tuple[dict[str, Any], str, bool]:
    """Return what was found for a script, in words, and whether all is well."""
    found = examine(signs)
    words = [finding_words(texts, finding, signs.now_ms) for finding in found.findings]
    fine = [fine_words(texts, finding, signs.now_ms) for finding in found.fine]
    shown = {
        "ok": not found.findings,
        "may_open": found.may_open,
        "findings": [
            _shown(finding, said) for finding, said in zip(found.findings, words, strict=True)
        ],
        "fine": fine,
    }
    lines = [f"! {said['title']}：{said['line']}。{said['more']}" for said in words]
    return shown, "\n".join(lines + [f"  {line}" for line in fine]), not found.findings


def _shown(finding: Finding, said: Any) -> dict[str, Any]:
    return {"name": finding.name, "urgency": finding.urgency, **said}
