"""Islands: what is held of a stream before everything that comes before it is.

A new PC must be able to work before it holds ten years of facts. So it takes the runs that matter
first, each of which proves itself by a head of its author, and the rest fills in below. Until then
a stream is a beginning without a hole (it may be empty; `streams` tells how far it reaches) and
islands beyond it. Where the last island begins is the stream's *floor*: below it something lacks.

A run also holds facts of things that are over long ago and of which the end is not here yet.
Folded, they would stand on the shelf again. So whatever comes before its time is *set aside*: kept
and proved, but neither folded nor posted until nothing lacks any more.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass

from station_app.journal.log import Connection


@dataclass(frozen=True, slots=True)
class Gap:
    """What lacks of a stream, both included; it lies before an island."""

    stream: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Floor:
    """Below which everything is not here yet.

    stage: of the filling (`sync.messages.OPEN_THINGS` and on), 0 when nothing lacks; facts: how
    many lack, by the county's last word; aside: how many are here and not folded; since_at: UTC
    ms from which on everything is here, 0 while even that is not so.
    """

    stage: int = 0
    facts: int = 0
    aside: int = 0
    since_at: int = 0

    @property
    def is_whole(self) -> bool:
        """Tell whether everything that the station has is here."""
        return self.stage == 0


NO_FLOOR = Floor()


class Islands:
    """Reads and keeps the islands of an open journal; writing needs an open transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work on `connection`."""
        self._connection = connection

    def of(self, stream: str) -> list[tuple[int, int]]:
        """Return the islands of a stream, from below: (first, last), both included."""
        rows = self._connection.execute(
            "SELECT first, last FROM islands WHERE stream = ? ORDER BY first", (stream,)
        ).fetchall()
        return [(row[0], row[1]) for row in rows]

    def streams(self) -> set[str]:
        """Return the streams that have islands."""
        rows = self._connection.execute("SELECT DISTINCT stream FROM islands").fetchall()
        return {str(row[0]) for row in rows}

    def add(self, stream: str, first: int, last: int) -> None:
        """Keep that these facts are held; what touches or overlaps becomes one island."""
        for low, high in self.of(stream):
            if low <= last + 1 and first <= high + 1:
                first, last = min(first, low), max(last, high)
                self._drop(stream, low)
        self._connection.execute(
            "INSERT INTO islands(stream, first, last) VALUES (?, ?, ?)", (stream, first, last)
        )

    def join(self, stream: str, reached: int) -> int:
        """Forget the islands that the beginning of a stream has reached; return how far it goes."""
        for low, high in self.of(stream):
            if low > reached + 1:
                break
            reached = max(reached, high)
            self._drop(stream, low)
        return reached

    def forget(self, stream: str, first: int) -> None:
        """Forget an island: what it held is filed with another line."""
        self._drop(stream, first)

    def _drop(self, stream: str, first: int) -> None:
        self._connection.execute(
            "DELETE FROM islands WHERE stream = ? AND first = ?", (stream, first)
        )

    # --- Set aside -------------------------------------------------------------------------------

    def set_aside(self, stream: str, seq: int, identity: str) -> None:
        """Keep that a fact is not folded yet."""
        self._connection.execute(
            "INSERT OR IGNORE INTO set_aside(stream, seq, identity) VALUES (?, ?, ?)",
            (stream, seq, identity),
        )

    def is_aside(self, stream: str, seq: int) -> bool:
        """Tell whether a fact waits to be folded."""
        row = self._connection.execute(
            "SELECT 1 FROM set_aside WHERE stream = ? AND seq = ?", (stream, seq)
        ).fetchone()
        return row is not None

    def take_back(self, stream: str, seqs: Iterable[int]) -> list[int]:
        """Return which of these facts were set aside; they are not from now on."""
        found = [seq for seq in seqs if self.is_aside(stream, seq)]
        self._connection.executemany(
            "DELETE FROM set_aside WHERE stream = ? AND seq = ?", [(stream, seq) for seq in found]
        )
        return found

    def aside_of(self, stream: str) -> Set[int]:
        """Return the facts of a stream that are set aside."""
        rows = self._connection.execute("SELECT seq FROM set_aside WHERE stream = ?", (stream,))
        return {row[0] for row in rows}

    def has_aside(self, stream: str) -> bool:
        """Tell whether some fact of a stream is set aside."""
        row = self._connection.execute(
            "SELECT 1 FROM set_aside WHERE stream = ? LIMIT 1", (stream,)
        ).fetchone()
        return row is not None

    def aside_acts(self, acts_max: int) -> list[tuple[str, list[int]]]:
        """Return the latest acts that are set aside, whole: stream and seqs in order."""
        acts = self._connection.execute(
            "SELECT f.stream, f.act FROM set_aside a "
            "JOIN facts f ON f.stream = a.stream AND f.seq = a.seq "
            "GROUP BY f.stream, f.act ORDER BY max(f.at) DESC LIMIT ?",
            (acts_max,),
        ).fetchall()
        found = []
        for stream, act in acts:
            rows = self._connection.execute(
                "SELECT seq FROM facts WHERE stream = ? AND act = ? ORDER BY seq", (stream, act)
            ).fetchall()
            found.append((str(stream), [row[0] for row in rows]))
        return found


def gaps(connection: Connection) -> list[Gap]:
    """Return what lacks below the islands, that below the latest one first."""
    rows = connection.execute(
        "SELECT i.stream, coalesce(max(j.last), coalesce(s.length, 0)) + 1, i.first - 1 "
        "FROM islands i JOIN facts f ON f.stream = i.stream AND f.seq = i.first "
        "LEFT JOIN islands j ON j.stream = i.stream AND j.last < i.first "
        "LEFT JOIN streams s ON s.stream = i.stream "
        "GROUP BY i.stream, i.first ORDER BY f.at DESC, i.stream, i.first"
    ).fetchall()
    return [Gap(*row) for row in rows]


def floor_of(connection: Connection) -> Floor:
    """Return below which everything is not here yet."""
    stage, _ = stage_of(connection)
    if not stage:
        return NO_FLOOR
    row = connection.execute("SELECT value FROM local WHERE name = ?", (_KNOWN,)).fetchone()
    total, since = (int(part) for part in str(row[0]).split()) if row else (0, 0)
    held = connection.execute(
        "SELECT count(*) FROM facts WHERE stream NOT LIKE 'county.%'"
    ).fetchone()[0]
    aside = connection.execute("SELECT count(*) FROM set_aside").fetchone()[0]
    return Floor(stage, max(0, total - held), aside, since)


# --- How far the filling is ----------------------------------------------------------------------


def stage_of(connection: Connection) -> tuple[int, int]:
    """Return the stage of the filling, and how far it was taken; 0 when nothing lacks."""
    row = connection.execute("SELECT value FROM local WHERE name = ?", (_STAGE,)).fetchone()
    stage, _, place = str(row[0]).partition(" ") if row else ("0", "", "0")
    return int(stage), int(place)


def keep_stage(connection: Connection, stage: int, place: int = 0) -> None:
    """Keep how far the filling is; inside the transaction of what it brought."""
    connection.execute(
        "INSERT OR REPLACE INTO local(name, value) VALUES (?, ?)", (_STAGE, f"{stage} {place}")
    )


def is_begun(connection: Connection) -> bool:
    """Tell whether this PC was ever told in which order it is filled, or that it is not."""
    row = connection.execute("SELECT 1 FROM local WHERE name = ?", (_STAGE,)).fetchone()
    return row is not None


def keep_known(connection: Connection, total: int, since_at: int) -> None:
    """Keep how many facts the station has by the county's word, and since when all are here."""
    connection.execute(
        "INSERT OR REPLACE INTO local(name, value) VALUES (?, ?)", (_KNOWN, f"{total} {since_at}")
    )


_STAGE, _KNOWN = "filling", "filling_known"


def beginnings(connection: Connection, streams: Iterable[str]) -> dict[str, int]:
    """Return, of streams that have islands, how far they reach without a hole."""
    lowest = dict(
        connection.execute("SELECT stream, min(first) FROM islands GROUP BY stream").fetchall()
    )
    reached: dict[str, int] = {}
    for stream in streams:
        if stream in lowest:
            row = connection.execute(
                "SELECT coalesce(max(seq), 0) FROM facts WHERE stream = ? AND seq < ?",
                (stream, lowest[stream]),
            ).fetchone()
            reached[stream] = row[0]
    return reached


NOTHING_ASIDE: Set[int] = frozenset()
