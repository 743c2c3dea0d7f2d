"""One dialect and one store of compiled statements for all SQLite counties of a test process.

A county server opens one database in its life and compiles each statement once. Tests open
hundreds of counties one after the other, each with a fresh engine, and compiled the same few
hundred statements for each of them: a third of what a village cost. What is shared is only the
text of statements, never a connection, a pool or a transaction.
"""

from functools import cache

from sqlalchemy import Engine, create_engine

from county_server import store

STATEMENTS_MAX = 5_000  # more than the county has, so that none is compiled twice


def share_compiled_statements() -> None:
    """Let every county that is opened from now on use the statements of the first one."""
    setattr(store, "create_engine", _created)  # noqa: B010 - not a name that it exports


def _created(url: str) -> Engine:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        pattern = _pattern()
        engine.dialect = engine.pool._dialect = pattern.dialect
        engine._compiled_cache = pattern._compiled_cache
    return engine


@cache
def _pattern() -> Engine:
    """Make an engine whose dialect has learnt what SQLite here can do."""
    engine = create_engine("sqlite://", query_cache_size=STATEMENTS_MAX)
    with engine.connect():
        return engine
