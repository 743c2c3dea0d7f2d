"""Whether photos are what their names say, are where they must be, and gone where they must.

What names a photo is a private part that is held; the table of names must follow from those. What
was erased leaves no name, so a photo that once was named (the county has said a word about it) and
is named by nothing now is one that an erasure has missed. One that was never named belongs to a
form that is half filled. A photo that lacks is no damage if the county, or another PC, may have
it; one of an act of this PC that nobody else has heard of can be nowhere.
"""

from typing import Any

from station_app.journal.blob import blob_name, photos_named
from station_app.journal.findings import Findings, Photos

_NAMING = "SELECT identity, part FROM privates WHERE instr(part, CAST('\"photo' AS BLOB))"


class BlobCheck:
    """Checks the photos of a journal against the private parts that name them."""

    def __init__(self, connection: Any, findings: Findings) -> None:
        """Read from `connection`, add to `findings`."""
        self._connection = connection
        self._findings = findings

    def check(self) -> Photos:
        """Check names, bytes, and what lacks; a journal without photos has nothing to say."""
        if not self._has_tables():
            return Photos()
        named = self._named()
        self._check_names(named)
        here = self._check_bytes(set(named))
        lacking = sorted(set(named) - here)
        for name in lacking:
            if self._is_nowhere(named[name]):
                what = f"photo {name} of an act that nobody else has heard of lacks"
                self._findings.add("PHOTO_MISSING", self._place(named[name][0]), what)
        return Photos(len(here & set(named)), len(lacking), len(here - set(named)))

    def _has_tables(self) -> bool:
        row = self._connection.execute(
            "SELECT count(*) FROM sqlite_master WHERE name IN ('blobs', 'blob_names')"
        ).fetchone()
        return bool(row[0] == 2)

    def _named(self) -> dict[str, list[str]]:
        """Return which facts name each photo, by the private parts that are held."""
        named: dict[str, list[str]] = {}
        for identity, part in self._connection.execute(_NAMING):
            for name in photos_named(bytes(part)):
                named.setdefault(name, []).append(identity)
        return named

    def _check_names(self, named: dict[str, list[str]]) -> None:
        should = {(name, identity) for name, facts in named.items() for identity in facts}
        rows = self._connection.execute("SELECT hash, identity FROM blob_names").fetchall()
        are = {(row[0], row[1]) for row in rows}
        for name, identity in sorted(should ^ are):
            what = "is in no private part" if (name, identity) in are else "is not in the table"
            place = self._place(identity)
            self._findings.add("PHOTO_NAME", place, f"photo {name} of {identity} {what}")

    def _check_bytes(self, named: set[str]) -> set[str]:
        """Hash every photo that is here; return their names."""
        here = set()
        known = {row[0] for row in self._connection.execute("SELECT hash FROM blob_marks")}
        for name, size, content in self._connection.execute(
            "SELECT hash, size, content FROM blobs ORDER BY hash"
        ):
            here.add(name)
            if blob_name(bytes(content)) != name or len(content) != size:
                self._findings.add("PHOTO_ALTERED", ("", 0, ""), f"photo {name}")
            if name not in named and name in known:
                self._findings.add("PHOTO_KEPT", ("", 0, ""), f"photo {name} is named by nothing")
        return here

    def _is_nowhere(self, identities: list[str]) -> bool:
        """Tell whether all these facts are of acts of this PC that the county has not confirmed."""
        for identity in identities:
            row = self._connection.execute(
                "SELECT EXISTS (SELECT 1 FROM tickets t WHERE t.stream = f.stream "
                "AND t.act = f.act) AND NOT EXISTS (SELECT 1 FROM acknowledged a "
                "WHERE a.stream = f.stream AND a.seq >= f.seq) FROM facts f WHERE f.identity = ?",
                (identity,),
            ).fetchone()
            if row is None or not row[0]:
                return False
        return True

    def _place(self, identity: str) -> tuple[str, int, str]:
        row = self._connection.execute(
            "SELECT stream, seq, kind FROM facts WHERE identity = ?", (identity,)
        ).fetchone()
        return (row[0], row[1], row[2]) if row else ("", 0, "")
