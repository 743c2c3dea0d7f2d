"""The sheet of billers: whose bills stations take in, and by what rules.

A biller without a policy is off: no village takes money for a promise that nobody has arranged.
"""

import re

from county_server.sheets import Row
from station_app.reference.billers import (
    ACCOUNT_MAX,
    CATEGORIES,
    DISABLED,
    MODES,
    POLICIES,
    fits_account,
)
from station_app.reference.facts import BillerPublished
from station_app.values.day import is_day
from station_app.values.waybills import is_usable

BILLERS = "billers.csv"
COLUMNS = (
    "biller_code", "name", "account_label", "account_regex", "example_account", "amount_mode",
    "min_fen", "max_fen", "service_fee_fen", "offline_policy",
)  # fmt: skip
ANSWER_DAYS, ANSWER_DAYS_MAX = 3, 31
NAME_MAX, SHORT_MAX, WORDS_MAX = 40, 4, 120
AMOUNT_MAX = 9_999_999  # just below a hundred thousand yuan: no household owes more at once
QUICK_MAX = 8
_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,15}", re.ASCII)
_QUICK = re.compile(r"(?:[0-9]{1,7}(?:\|[0-9]{1,7})*)?", re.ASCII)
_DIGITS = re.compile(r"(?:[0-9]{1,2}(?:-[0-9]{1,2})?)?", re.ASCII)


def read_biller(row: Row, day: str) -> BillerPublished:
    """Return the publication that a row of billers gives."""
    name = row.text("name", most=NAME_MAX)
    quick = row.matching("quick_amounts_fen", _QUICK, "5000|10000")
    digits = row.matching("receipt_digits", _DIGITS, "12-20")
    least, _, most = digits.partition("-") if _DIGITS.fullmatch(digits) else ("", "", "")
    said = BillerPublished(
        code=row.matching("biller_code", _CODE, "ELEC"),
        name=name,
        short=row.text("short", most=SHORT_MAX, needed=False) or name[:SHORT_MAX],
        place=row.line - 1,
        category=row.one_of("category", CATEGORIES),
        label=row.text("account_label", most=WORDS_MAX),
        pattern=row.cell("account_regex"),
        example=row.text("example_account", most=ACCOUNT_MAX),
        mode=row.one_of("amount_mode", MODES),
        quick_fen=tuple(int(one) for one in quick.split("|") if one.isdigit())[:QUICK_MAX],
        min_fen=row.number("min_fen", 1, AMOUNT_MAX),
        max_fen=row.number("max_fen", 1, AMOUNT_MAX),
        fee_fen=row.number("service_fee_fen", 0, AMOUNT_MAX, 0),
        policy=row.one_of("offline_policy", ("", *POLICIES)) or DISABLED,
        limit_fen=row.number("float_limit_fen", 0, AMOUNT_MAX, 0),
        answer_days=row.number("answer_days", 1, ANSWER_DAYS_MAX, ANSWER_DAYS),
        receipt_least=int(least or 0),
        receipt_most=int(most or least or 0),
        from_day=row.cell("from_day"),
        remark=row.text("counter_note", most=WORDS_MAX, needed=False),
        day=day,
    )
    _judge(row, said)
    return said


def _judge(row: Row, said: BillerPublished) -> None:
    """Note rules that contradict themselves: no counter could follow them."""
    column = "account_regex"
    # A dot stands for a sign of a name; the rest is the small language of all patterns here.
    if not is_usable(said.pattern.replace(".", "[0-9]")):
        row.note(column, "PATTERN_TOO_FREE", "outside the small language, or may run long")
    elif not fits_account(said.pattern, said.example):
        detail = f"does not match its example {said.example!r}"
        row.note(column, "PATTERN_MISSES_EXAMPLE", detail, example=said.example)
    if said.max_fen < said.min_fen:
        detail = f"{said.max_fen} is below min_fen {said.min_fen}"
        row.note("max_fen", "NOT_A_NUMBER", detail, found=str(said.max_fen),
                 least=said.min_fen, most=AMOUNT_MAX)  # fmt: skip
    outside = [fen for fen in said.quick_fen if not said.min_fen <= fen <= said.max_fen]
    if outside or (said.mode == "choice" and not said.quick_fen):
        found = row.cell("quick_amounts_fen")
        detail = f"{found!r} has amounts outside of {said.min_fen} to {said.max_fen}, or none"
        example = f"{said.min_fen}|{said.max_fen}"
        row.note("quick_amounts_fen", "WRONG_FORM", detail, found=found, example=example)
    if said.from_day and not is_day(said.from_day):
        detail = f"{said.from_day!r} is no day"
        row.note("from_day", "WRONG_FORM", detail, found=said.from_day, example="2026-12-01")
