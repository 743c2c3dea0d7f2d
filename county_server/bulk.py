"""Many rows at once, as quickly as each database takes them.

A statement with named parameters costs more per row than the row itself: the names are looked up
for every one. Here rows are tuples in the order of the table's columns, handed to the driver as
they are; PostgreSQL gets them as one COPY. Both belong to the transaction of the connection.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, Table
from sqlalchemy.dialects.sqlite.pysqlite import dialect as sqlite_dialect


def add_rows(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, each with all columns of the table in their order."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_insert(table), list(rows))
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(_copy(table)) as copy:
        for row in rows:
            copy.write_row(row)


@cache
def _insert(table: Table) -> str:
    return str(table.insert().compile(dialect=sqlite_dialect()))


@cache
def _copy(table: Table) -> sql.Composed:
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
    return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
