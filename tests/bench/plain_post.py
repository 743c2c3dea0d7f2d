"""The simplest server that keeps facts: one gzip POST, one transaction, nothing looked at.

`python -m tests.bench.plain_post FILE` prints its address and keeps what comes in the SQLite
database FILE, with the settings of the county's (write-ahead log, full sync at each commit).
"""

import gzip
import json
import socket
import sqlite3
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

COLUMNS = (
    "stream seq act at kind v entity by_ prev digest identity body private_digest private".split()
)


def made(file: str) -> sqlite3.Connection:
    """Make the database: one table, found again by stream and seq."""
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        f"CREATE TABLE facts ({', '.join(COLUMNS)}, PRIMARY KEY (stream, seq)) WITHOUT ROWID"
    )
    return connection


def app_of(connection: sqlite3.Connection) -> Starlette:
    """Return the program: it answers how many rows were kept."""
    insert = f"INSERT INTO facts VALUES ({', '.join('?' * len(COLUMNS))})"

    async def keep(request: Request) -> Response:
        rows = json.loads(gzip.decompress(await request.body()))
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(insert, rows)
        connection.execute("COMMIT")
        return Response(str(len(rows)))

    return Starlette(routes=[Route("/", keep, methods=["POST"])])


def main() -> None:
    """Serve until told to stop."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app_of(made(sys.argv[1])), log_level="error", access_log=False)
    sys.stdout.write(f"http://127.0.0.1:{listener.getsockname()[1]}/\n")
    sys.stdout.flush()
    uvicorn.Server(config).run([listener])


if __name__ == "__main__":
    main()
