"""The facts and the ledger of a station as files: JSON lines, CSV, XLSX, Beancount.

Facts go out as they are, body by body, with what each posted; the private parts stay here. In a
table, money is a number with two decimals and text is text, whatever it begins with.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec
import xlsxwriter
from sqlalchemy import Connection, select

from county_server.journal import fact_columns
from county_server.store import Store
from station_app.ledger.posting import CNY
from station_app.values.cells import cell_text
from station_app.values.day import add_days, is_day
from station_app.values.money import yuan_plain

FIRST_DAY = "2000-01-01"  # of facts that name no day: enrolment, what the county registers
COLUMNS = ("day", "device_stream", "seq", "act", "kind", "account", "commodity", "amount")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger: which fact, which account, how much (a debit is positive)."""

    day: str
    stream: str
    seq: int
    act: str
    kind: str
    account: str
    commodity: str
    amount: int


def fact_lines(store: Store, connection: Connection, station: str, day: str) -> Iterator[bytes]:
    """Yield every fact of a station's business day, the county's to it too. day: "" for all."""
    facts = store.tables.facts
    posted = _postings(store, connection, station)
    rows = connection.execute(
        select(*fact_columns(facts))
        .where(facts.c.station == station)
        .order_by(facts.c.stream, facts.c.seq)
    )
    for row in rows:
        body = msgspec.json.decode(bytes(row[11]))
        if day and body.get("day") != day:
            continue
        fact = {
            "stream": row[0], "seq": row[1], "act": row[2], "at": row[3], "kind": row[4],
            "v": row[5], "entity": row[6], "by": row[7], "prev": row[8], "digest": row[9],
            "identity": row[10], "body": body, "has_private": bool(row[12]),
            "postings": posted.get((row[0], row[1]), []),
        }  # fmt: skip
        yield msgspec.json.encode(fact) + b"\n"


def _postings(
    store: Store, connection: Connection, station: str
) -> dict[tuple[str, int], list[dict[str, Any]]]:
    c = store.tables.postings.c
    rows = connection.execute(
        select(c.stream, c.seq, c.account, c.commodity, c.amount)
        .where(c.station == station)
        .order_by(c.stream, c.seq, c.line)
    )
    found: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for stream, seq, account, commodity, amount in rows:
        line = {"account": account, "commodity": commodity, "amount": int(amount)}
        found.setdefault((stream, seq), []).append(line)
    return found


def entries(
    store: Store, connection: Connection, station: str, first: str = "", last: str = ""
) -> list[Entry]:
    """Return the ledger of a station from day to day (both included, "" for no limit)."""
    facts, p = store.tables.facts, store.tables.postings.c
    rows = connection.execute(
        select(
            facts.c.body, facts.c.stream, facts.c.seq, facts.c.act, facts.c.kind,
            p.account, p.commodity, p.amount,
        )
        .join(
            store.tables.postings,
            (p.station == facts.c.station) & (p.stream == facts.c.stream) & (p.seq == facts.c.seq),
        )
        .where(facts.c.station == station)
        .order_by(facts.c.stream, facts.c.seq, p.line)
    )  # fmt: skip
    found = [Entry(_day(bytes(row[0])), *row[1:7], int(row[7])) for row in rows]
    kept = [e for e in found if (not first or e.day >= first) and (not last or e.day <= last)]
    return sorted(kept, key=lambda e: e.day)


def _day(body: bytes) -> str:
    day = msgspec.json.decode(body).get("day", "")
    return day if isinstance(day, str) and is_day(day) else FIRST_DAY


# --- Formats -------------------------------------------------------------------------------------


def as_csv(rows: Iterable[Entry], heads: Sequence[str]) -> str:
    """Return the ledger as CSV with a byte order mark, so that Excel reads it as UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([cell_text(head) for head in heads])
    for row in rows:
        texts = (row.day, row.stream, row.seq, row.act, row.kind, row.account, row.commodity)
        cells = [cell_text(cell) if isinstance(cell, str) else cell for cell in texts]
        writer.writerow([*cells, amount_of(row)])
    return f"\ufeff{out.getvalue()}"


def as_xlsx(rows: Iterable[Entry], heads: Sequence[str], title: str) -> bytes:
    """Return the ledger as a workbook: text cells are strings, amounts are numbers."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    sheet = book.add_worksheet(title[:31])
    money, bold = book.add_format({"num_format": "0.00"}), book.add_format({"bold": True})
    for column, head in enumerate(heads):
        sheet.write_string(0, column, cell_text(head), bold)
    for line, row in enumerate(rows, 1):
        for column, cell in enumerate(
            (row.day, row.stream, row.seq, row.act, row.kind, row.account, row.commodity)
        ):
            if isinstance(cell, str):
                sheet.write_string(line, column, cell_text(cell))
            else:
                sheet.write_number(line, column, cell)
        if row.commodity == CNY:
            sheet.write_number(line, 7, Decimal(row.amount).scaleb(-2), money)
        else:
            sheet.write_number(line, 7, row.amount)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def as_beancount(rows: Sequence[Entry], title: str) -> str:
    """Return the whole ledger in Beancount's syntax, with the last day's balances asserted."""
    lines = [f'option "title" "{title}"', 'option "operating_currency" "CNY"', ""]
    lines += [f"{FIRST_DAY} open {account}" for account in sorted({row.account for row in rows})]
    present: tuple[str, int] = ("", 0)
    sums: dict[tuple[str, str], int] = {}
    for row in rows:
        if (row.stream, row.seq) != present:
            present = (row.stream, row.seq)
            lines += ["", f'{row.day} * "{row.kind}" "{row.stream} {row.seq}" ^{row.act}']
        lines.append(f"  {row.account}  {amount_of(row)} {row.commodity}")
        key = (row.account, row.commodity)
        sums[key] = sums.get(key, 0) + row.amount
    end = add_days(max((row.day for row in rows), default=FIRST_DAY), 1)
    lines.append("")
    for (account, commodity), amount in sorted(sums.items()):
        said = yuan_plain(amount) if commodity == CNY else amount
        lines.append(f"{end} balance {account}  {said} {commodity}")
    return "\n".join(lines) + "\n"


def amount_of(row: Entry) -> str:
    """Return an amount as files have it: yuan with two decimals, goods as they are."""
    return yuan_plain(row.amount) if row.commodity == CNY else str(row.amount)
