"""What is looked at when a lot comes in, each with its sentence; how strict is the county's rule.

A `block` refuses the lot, a `warn` is shown and written down as passed over, an `info` is shown. A
check that the county has switched off is not made. Everything here is of the day and of what was
said beside the scale: nothing waits for a line.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from station_app.reference.produce import BLOCK, OFF, WARN
from station_app.services.consignment.facts import FieldInput
from station_app.values.day import say_day
from station_app.values.money import say_yuan
from station_app.values.weight import say_jin

PRICE_HIGH_PERCENT = 150  # of the usual price: beyond it a digit too many is likely
DECLINED, GIVEN, MISSING, EXEMPT = "declined", "given", "missing", "exempt"
TENTHS = 10  # of a mu
PROMISES = (GIVEN, DECLINED, MISSING, EXEMPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is known of a grower and a sort before she comes.

    recalled, failed: number of a lot of hers that the county called back, or that failed a test,
    "" for none; certificate, certificate_day: the one of hers that was valid longest, and until
    when; is_firm: she is a co-operative or a company, which owes a promise; tenth_mu: of her fields
    of this sort; brought: how much of it came this year; used_up: code of her contract for it that
    runs and has nothing left, "" while one has, or without one.
    """

    recalled: str = ""
    failed: str = ""
    certificate: str = ""
    certificate_day: str = ""
    is_firm: bool = False
    tenth_mu: int = 0
    brought: int = 0
    used_up: str = ""


NO_RECORD = Record()


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What there is to look at. today, harvest_day: "2026-11-25", the latter "" if not said.

    months: in which the sort ripens, () for all; usual_floor_fen, usual_fen: of the grade;
    floor_fen: what she asks at least, 0 for a purchase; price_fen: of a purchase, else 0;
    contract_left: None without a contract; contract_until: its last day; yield_of_mu: how much
    of it a mu gives in a year, 0 where the county has not said.
    """

    today: str
    quantity: int
    is_weighed: bool
    harvest_day: str = ""
    keeps_days: int = 0
    months: tuple[int, ...] = ()
    inputs: tuple[FieldInput, ...] = ()
    promise: str = ""
    needs_promise: bool = False
    document: str = ""
    has_document: bool = False
    usual_floor_fen: int = 0
    usual_fen: int = 0
    floor_fen: int = 0
    price_fen: int = 0
    contract_left: int | None = None
    contract_until: str = ""
    is_typed: bool = False
    record: Record = NO_RECORD
    yield_of_mu: int = 0
    is_clock_behind: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was found. name: the end of a text key; level: block, warn or info."""

    name: str
    level: str
    slots: Mapping[str, str | int] = field(default_factory=dict)


def look(looked: Looked, rules: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return what is found, the strictest first."""
    found = []
    for name, slots in _found(looked):
        level = rules.get(f"check.{name}", WARN)
        if level != OFF:
            found.append(Finding(name, level, slots))
    order = (BLOCK, WARN)
    return tuple(
        sorted(found, key=lambda f: order.index(f.level) if f.level in order else len(order))
    )


def _found(looked: Looked) -> list[tuple[str, dict[str, str | int]]]:
    return [*_of_record(looked), *_of_field(looked), *_of_papers(looked), *_of_terms(looked)]


def _of_record(looked: Looked) -> list[tuple[str, dict[str, str | int]]]:
    """Return what speaks against it: lots of hers, papers, her fields, this PC's clock."""
    record, today = looked.record, looked.today
    found: list[tuple[str, dict[str, str | int]]] = []
    if record.recalled:
        found.append(("lot_recalled", {"lot": record.recalled}))
    if record.failed:
        found.append(("test_failed", {"lot": record.failed}))
    if record.certificate_day and record.certificate_day < today:
        day = say_day(record.certificate_day, today)
        found.append(("certificate_ended", {"number": record.certificate, "day": day}))
    most = looked.yield_of_mu * record.tenth_mu // TENTHS
    if most and record.brought + looked.quantity > most:
        words = say_jin(most) if looked.is_weighed else str(most)
        mu = f"{record.tenth_mu // TENTHS}.{record.tenth_mu % TENTHS}"
        found.append(("yield_over", {"mu": mu, "most": words}))
    if looked.is_clock_behind:
        found.append(("clock", {}))
    return found


def _of_field(looked: Looked) -> list[tuple[str, dict[str, str | int]]]:
    found: list[tuple[str, dict[str, str | int]]] = []
    picked = looked.harvest_day or looked.today
    for one in looked.inputs:
        free = day_after(one.day, one.interval_days)
        if picked < free:
            found.append(("interval", {"name": one.name, "day": say_day(free, looked.today)}))
    if not looked.harvest_day:
        found.append(("harvest_missing", {}))
    elif looked.harvest_day > looked.today:
        found.append(("harvest_future", {"day": say_day(looked.harvest_day, looked.today)}))
    elif looked.keeps_days and day_after(looked.harvest_day, looked.keeps_days) < looked.today:
        found.append(("harvest_old", {"days": looked.keeps_days}))
    month = int(picked[5:7])
    if looked.months and month not in looked.months:
        found.append(("season", {"month": month}))
    return found


def _of_papers(looked: Looked) -> list[tuple[str, dict[str, str | int]]]:
    found: list[tuple[str, dict[str, str | int]]] = []
    if looked.needs_promise and looked.promise not in (GIVEN, DECLINED):
        found.append(("promise_missing", {}))
    if looked.needs_promise and looked.promise == DECLINED and looked.record.is_firm:
        found.append(("promise_owed", {}))
    if looked.document and not looked.has_document:
        found.append(("document_missing", {"document": looked.document}))
    return found


def _of_terms(looked: Looked) -> list[tuple[str, dict[str, str | int]]]:
    found: list[tuple[str, dict[str, str | int]]] = []
    left = looked.contract_left
    if left is not None and looked.quantity > left:
        words = say_jin(max(0, left)) if looked.is_weighed else str(max(0, left))
        found.append(("contract_over", {"left": words}))
    if left is None and looked.record.used_up:
        found.append(("contract_used", {"code": looked.record.used_up}))
    if left is not None and looked.contract_until and looked.contract_until < looked.today:
        found.append(("contract_ended", {"day": say_day(looked.contract_until, looked.today)}))
    if 0 < looked.floor_fen < looked.usual_floor_fen:
        found.append(("floor_low", {"usual": _price(looked, looked.usual_floor_fen)}))
    if looked.usual_fen and looked.price_fen * 100 > looked.usual_fen * PRICE_HIGH_PERCENT:
        found.append(("price_high", {"usual": _price(looked, looked.usual_fen)}))
    if looked.is_typed:
        found.append(("weight_typed", {}))
    return found


def _price(looked: Looked, fen: int) -> str:
    """Return a price as people say it: by the 斤 for what is weighed."""
    return f"{say_yuan(fen // 2)}/斤" if looked.is_weighed else say_yuan(fen)


def day_after(day: str, days: int) -> str:
    """Return the day so many days after another one."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def read_day(typed: str, today: str) -> str | None:
    """Return the day that was typed: 今天, 昨天, 11-22, 11月22日, 22; "" for nothing, None if none.

    A day without a year is the last one that was: produce is not of the future, unless it says so.
    """
    bare = typed.strip().translate(str.maketrans("月./号日", "---  ")).strip().strip("-")
    if not bare:
        return ""
    words = {"今天": 0, "昨天": 1, "前天": 2, "今": 0, "昨": 1, "前": 2}
    said = words.get(typed.strip())
    if said is not None:
        return day_after(today, -said)
    parts = [part.strip() for part in bare.split("-")]
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return None
    numbers = [int(part) for part in parts]
    try:
        return _day_of(numbers, today)
    except ValueError:
        return None


def _day_of(numbers: list[int], today: str) -> str | None:
    now = date.fromisoformat(today)
    if len(numbers) == 3:
        return date(*numbers).isoformat()
    if len(numbers) == 1:
        numbers = [now.month, *numbers]
    if len(numbers) != 2:
        return None
    found = date(now.year, *numbers)
    is_last_year = (found - now).days > 31
    return (date(now.year - 1, *numbers) if is_last_year else found).isoformat()
