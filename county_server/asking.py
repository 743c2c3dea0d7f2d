"""Questions at their quickest: compiled once, then only filled in.

Each time that it executes a statement SQLAlchemy looks it up, prepares what is asked for, wraps the
cursor and describes the columns: four times what SQLite needs to answer. A small push asks forty
questions. So those that were written once (`questions`) and ask for single values go to the driver
as they are. They belong to the transaction of the connection, as all else.

PostgreSQL answers from another process, where this is not what counts; and whoever listens to an
engine hears of every statement: both are asked in the usual way.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite.pysqlite import dialect as sqlite_dialect

NOTHING: Mapping[str, Any] = {}


def ask(
    connection: Connection, question: Any, which: Mapping[str, Any] = NOTHING
) -> Sequence[tuple[Any, ...]]:
    """Return the rows that answer a question. which: its parameters, none of them a list."""
    if connection.dialect.name != "sqlite" or connection.engine.dispatch.before_cursor_execute:
        return [tuple(row) for row in connection.execute(question, dict(which))]
    text, names, fixed = _compiled(question)
    given = tuple([fixed[name] if name in fixed else which[name] for name in names])
    driver: Any = connection.connection.driver_connection
    try:
        rows: list[tuple[Any, ...]] = driver.execute(text, given).fetchall()
    except driver.Error:  # asked again, it is said in the words of all other troubles
        rows = [tuple(row) for row in connection.exec_driver_sql(text, given)]
    return rows


def ask_one(
    connection: Connection, question: Any, which: Mapping[str, Any] = NOTHING
) -> tuple[Any, ...] | None:
    """Return the only row that answers a question, None where there is none."""
    rows = ask(connection, question, which)
    assert len(rows) <= 1, "a key names one row"
    return rows[0] if rows else None


@cache
def _compiled(question: Any) -> tuple[str, tuple[str, ...], Mapping[str, Any]]:
    """Return a question as SQLite reads it, the order of what it asks for, and what is fixed."""
    made = question.compile(dialect=sqlite_dialect())
    assert "POSTCOMPILE" not in made.string, "a list has as many places as it has values"
    fixed = {name: value for name, value in made.params.items() if value is not None}
    return made.string, tuple(made.positiontup or ()), fixed
