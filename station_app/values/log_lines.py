"""Lines of a log, as JSON, with nothing in them that could be a name.

A log is read by technicians, copied into mails and kept for years, so it holds only what is on the
list here, and only in a shape that no name, phone or account number has: codes, counts, durations.
The text of an error may quote what an operator typed; its kind and the places in the program that
it went through do not. What a library says in words is not repeated, only where it said it.

    log.info("push", extra={"device": "NX0601/D1", "facts": 20})
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any, Final

EVENT: Final = re.compile(r"[a-z][a-z_]{1,39}")
CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./:-]{0,63}")
_DIGITS_MAX: Final = 10  # a phone number has eleven
_DIGIT_RUN: Final = re.compile(r"\d{7,}")

# What a line may hold. A number is at most ten digits long; a code has no long run of digits.
NUMBERS: Final = frozenset({"bytes", "facts", "frames", "ms", "port", "status", "count"})
CODES: Final = frozenset({"call", "device", "kind", "method", "reason", "state", "station", "how"})
FRAMES_MAX: Final = 30


class JsonLines(logging.Formatter):
    """Writes a record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line: when, how bad, what, and the fields that are allowed."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        is_event = isinstance(record.msg, str) and EVENT.fullmatch(record.msg) and not record.args
        line["event"] = record.msg if is_event else "words"
        if not is_event:
            line["where"] = f"{_name_of(record.pathname)}:{record.lineno}"
        line |= {name: value for name, value in record.__dict__.items() if _may_stand(name, value)}
        if record.exc_info and record.exc_info[1] is not None:
            line |= error_fields(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True)


def _may_stand(name: str, value: object) -> bool:
    if name in NUMBERS:
        return type(value) is int and len(str(abs(value))) <= _DIGITS_MAX
    if name in CODES and isinstance(value, str):
        return CODE.fullmatch(value) is not None and _DIGIT_RUN.search(value) is None
    return False


def _name_of(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def error_fields(problem: BaseException) -> dict[str, Any]:
    """Return what may be said of an error: its kind, what caused it, and where it passed."""
    frames = traceback.extract_tb(problem.__traceback__)[-FRAMES_MAX:]
    fields: dict[str, Any] = {
        "error": type(problem).__name__,
        "trace": [f"{_name_of(f.filename)}:{f.lineno} {f.name}" for f in frames],
    }
    cause = problem.__cause__ or problem.__context__
    if cause is not None:
        fields["cause"] = type(cause).__name__
    return fields
