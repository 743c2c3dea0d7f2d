"""Questions at their quickest: compiled once, then only filled in.

Each time that it executes a statement SQLAlchemy looks it up, prepares what is asked for, wraps the
cursor and describes the columns: four times what SQLite needs to answer. A small push asks forty
questions. So those that were written once (`questions`) go to the driver as they are, and so does
what is told. They belong to the transaction of the connection, as all else.

PostgreSQL answers from another process, where this is not what counts; and whoever listens to an
engine hears of every statement: both are asked in the usual way.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NoReturn

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite.pysqlite import dialect as sqlite_dialect
from sqlalchemy.exc import DBAPIError

NOTHING: Mapping[str, Any] = {}
_NO_VALUE = "(SELECT 1 WHERE 0)"  # an empty list; SQL has none between brackets


def ask(
    connection: Connection, question: Any, which: Mapping[str, Any] = NOTHING
) -> Sequence[tuple[Any, ...]]:
    """Return the rows that answer a question. which: its parameters; a list for a list."""
    if not is_quick(connection):
        return [tuple(row) for row in connection.execute(question, dict(which))]
    text, given = _filled(question, which)
    driver: Any = connection.connection.driver_connection
    try:
        rows: list[tuple[Any, ...]] = driver.execute(text, given).fetchall()
    except driver.Error as problem:
        _complain(connection, text, given, problem)
    return rows


def ask_one(
    connection: Connection, question: Any, which: Mapping[str, Any] = NOTHING
) -> tuple[Any, ...] | None:
    """Return the only row that answers a question, None where there is none."""
    rows = ask(connection, question, which)
    assert len(rows) <= 1, "a key names one row"
    return rows[0] if rows else None


def tell(connection: Connection, statement: Any, which: Mapping[str, Any] = NOTHING) -> None:
    """Run a statement that changes something. which: its parameters, as of a question."""
    if not is_quick(connection):
        connection.execute(statement, dict(which))
        return
    run(connection, *_filled(statement, which))


def run(connection: Connection, text: str, given: Sequence[Any] = ()) -> None:
    """Hand a statement to SQLite as it reads it, on a connection to which nobody listens."""
    driver: Any = connection.connection.driver_connection
    try:
        driver.execute(text, given)
    except driver.Error as problem:
        _complain(connection, text, given, problem)


def run_for_each(connection: Connection, text: str, rows: Sequence[Sequence[Any]]) -> None:
    """Hand a statement to SQLite once for each row, likewise."""
    driver: Any = connection.connection.driver_connection
    try:
        driver.executemany(text, rows)
    except driver.Error as problem:
        _complain(connection, text, rows, problem)


def is_quick(connection: Connection) -> bool:
    """Tell whether statements may go to the driver as they are: SQLite, and nobody listens."""
    return (
        connection.dialect.name == "sqlite" and not connection.engine.dispatch.before_cursor_execute
    )


def _complain(connection: Connection, text: str, given: Any, problem: Exception) -> NoReturn:
    """Say a trouble of the driver in the words of all others."""
    dialect = connection.dialect
    error_class = dialect.loaded_dbapi.Error
    raise DBAPIError.instance(text, given, problem, error_class, dialect=dialect) from problem


def _filled(statement: Any, which: Mapping[str, Any]) -> tuple[str, Sequence[Any]]:
    """Return a statement as SQLite reads it, with what is asked for in its order."""
    text, names, fixed, lists = _compiled(statement)
    if not lists:
        return text, [fixed[name] if name in fixed else which[name] for name in names]
    given: list[Any] = []
    for name in names:
        value = fixed[name] if name in fixed else which[name]
        if name not in lists:
            given.append(value)
            continue
        places = f"({', '.join('?' * len(value))})" if value else _NO_VALUE
        text = text.replace(f"(__[POSTCOMPILE_{name}])", places, 1)
        given += value
    return text, given


@cache
def _compiled(
    statement: Any,
) -> tuple[str, tuple[str, ...], Mapping[str, Any], frozenset[str]]:
    """Return a statement with its names in order, which of them are fixed, and which are lists."""
    made = statement.compile(dialect=sqlite_dialect())
    names = tuple(made.positiontup or ())
    fixed = {name: value for name, value in made.params.items() if value is not None}
    lists = frozenset(n for n in names if f"(__[POSTCOMPILE_{n}])" in made.string)
    places = made.string.count("__[POSTCOMPILE_")
    assert places == sum(name in lists for name in names), "a place that nobody fills"
    return made.string, names, fixed, lists
