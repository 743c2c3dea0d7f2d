"""Many rows at once, as quickly as each database takes them.

A statement with named parameters costs more per row than the row itself: the names are looked up
for every one. Here rows are tuples in the order of the table's columns, handed to the driver as
they are; PostgreSQL gets them as one COPY. Both belong to the transaction of the connection.
"""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import dialect as sqlite_dialect

from county_server.asking import is_quick, run_for_each

if TYPE_CHECKING:
    from psycopg.sql import Composed


def add_rows(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, each with all columns of the table in their order."""
    if not rows:
        return
    if is_quick(connection):
        run_for_each(connection, _insert(table), rows)
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_insert(table), list(rows))
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(_copy(table)) as copy:
        for row in rows:
            copy.write_row(row)


def put_rows(connection: Connection, statement: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Run a statement that inserts or changes rows, each with the same columns."""
    text, names = _compiled(statement, tuple(rows[0]), connection.dialect.name)
    if names is None:
        connection.exec_driver_sql(text, list(rows))
        return
    values = [tuple([row[name] for name in names]) for row in rows]
    if is_quick(connection):
        run_for_each(connection, text, values)
        return
    connection.exec_driver_sql(text, values)


@cache
def _compiled(
    statement: Any, columns: tuple[str, ...], dialect: str
) -> tuple[str, tuple[str, ...] | None]:
    """Return a statement as the driver reads it, with the order of what it asks for, if any.

    statement: made once for a table (`Store.upsert`), so that it is compiled once.
    """
    known: Any = sqlite_dialect()
    if dialect != "sqlite":
        known = PGDialect_psycopg()  # type: ignore[no-untyped-call]
    made = statement.compile(dialect=known, column_keys=list(columns))
    return str(made), tuple(made.positiontup) if made.positiontup else None


@cache
def _insert(table: Table) -> str:
    return str(table.insert().compile(dialect=sqlite_dialect()))


@cache
def _copy(table: Table) -> "Composed":
    from psycopg import sql  # a county that is one file does not wait for what it never uses

    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
