"""What counts nowhere yet, as cases of the station: this PC was cut off; a PC's acts wait outside.

Both are views: they follow from the county's decisions as they stand and go when those change.
Nobody at the station closes them; what is to be done is said step by step.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.kinds import DeviceRevoked
from station_app.journal.log import Connection, FactLog
from station_app.journal.rulings import REFUSED, REVOKED, said_as
from station_app.ledger.accounts import DRAWERS, PLACES
from station_app.ledger.posting import CNY
from station_app.shell.offers import CaseOffer, CaseWords, Side
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.texts import Texts

PREFIX = "branch."
OWN, WAITS = f"{PREFIX}own", f"{PREFIX}waits"
Found = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Outside:
    """Acts of a line that do not count. last: identity of the last; at: when, UTC ms."""

    line: str
    acts: int
    money_fen: int
    last: str
    at: int

    @property
    def device(self) -> str:
        """Return whose they are: "D2"."""
        return self.line.split("/")[1]


def outside(connection: Connection) -> tuple[Outside, ...]:
    """Return what does not count and nobody has left out for good, by line."""
    rows = connection.execute(
        "SELECT k.stream, count(DISTINCT f.act), max(f.seq) FROM kept_back k "
        "JOIN facts f ON f.stream = k.stream AND f.seq > k.reach GROUP BY k.stream ORDER BY 1"
    ).fetchall()
    found = []
    for line, acts, last_seq in rows:
        (last,) = FactLog(connection).run(line, last_seq, last_seq)
        refused = connection.execute(
            "SELECT 1 FROM rulings WHERE name = ? AND what = ? AND hash = ?",
            (said_as(line), REFUSED, last.identity),
        ).fetchone()
        if refused is None:
            found.append(Outside(line, acts, _money(connection, line), last.identity, last.at))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class OutsideAct:
    """One act of a line that does not count. kind: of its first fact; at: UTC ms."""

    act: str
    kind: str
    at: int
    money_fen: int


def acts_outside(connection: Connection, line: str, most: int) -> list[OutsideAct]:
    """Return the acts of a line beyond what counts of it, the first first."""
    rows = connection.execute(
        "SELECT f.act, f.kind, f.at, f.seq, (SELECT coalesce(sum(p.amount), 0) "
        "FROM postings_aside p WHERE p.stream = f.stream AND p.seq = f.seq AND p.commodity = ?1 "
        "AND (p.account LIKE ?2 OR p.account IN (SELECT value FROM json_each(?3)))) "
        "FROM facts f JOIN kept_back k ON k.stream = f.stream AND f.seq > k.reach "
        "WHERE f.stream = ?4 ORDER BY f.seq",
        (CNY, f"{DRAWERS}%", msgspec.json.encode(sorted(PLACES)).decode(), line),
    ).fetchall()
    found: dict[str, OutsideAct] = {}
    for act, kind, at, _seq, fen in rows:
        before = found.get(act)
        if before is None and len(found) == most:
            break
        known = before or OutsideAct(act, kind, at, 0)
        found[act] = OutsideAct(act, known.kind, known.at, known.money_fen + fen)
    return list(found.values())


def _money(connection: Connection, line: str) -> int:
    rows = connection.execute(
        "SELECT account, sum(amount) FROM postings_aside WHERE stream = ? AND commodity = ? "
        "GROUP BY account",
        (line, CNY),
    )
    return sum(fen for account, fen in rows if account in PLACES or account.startswith(DRAWERS))


def branch_cases(now: Callable[[], Now], sync_page: str) -> CaseOffer:
    """Return the cases of branches. now: where this is; sync_page: where acts are handed in."""
    words = _Words(now, sync_page)
    return CaseOffer(PREFIX, words.describe, words.views)


@dataclass(frozen=True, slots=True)
class _Words:
    now: Callable[[], Now]
    sync_page: str

    def views(self, connection: Connection) -> Sequence[Found]:
        """Return what waits; of this PC one case, whatever it has said since."""
        here = self.now()
        own = f"{here.station}/{here.device}"
        revoked = connection.execute(
            "SELECT identity FROM rulings WHERE name = ? AND what = ? ORDER BY identity",
            (own, REVOKED),
        ).fetchall()
        found: list[Found] = [(OWN, own, tuple(row[0] for row in revoked))] if revoked else []
        return found + [
            (WAITS, one.line, (one.last,))
            for one in outside(connection)
            if not (revoked and one.line.startswith(f"{own}/"))
        ]

    def describe(
        self, connection: Connection, case: str, entity: str, members: tuple[str, ...], texts: Texts
    ) -> CaseWords:
        """Return one of them in words."""
        if case == OWN:
            return self._own(connection, entity, members, texts)
        one = next((o for o in outside(connection) if o.line == entity), None)
        device = entity.split("/")[1].lstrip("D")
        amount, acts = say_yuan(one.money_fen if one else 0), one.acts if one else 0
        is_cut = connection.execute(
            "SELECT 1 FROM rulings WHERE name = ? AND what = ?",
            (entity.rpartition("/")[0], REVOKED),
        ).fetchone()
        key = "waits_cut" if is_cut else "waits_version"
        return CaseWords(
            title=texts.say(f"overview.branch.{key}", device=device, acts=acts),
            hint=texts.say("overview.branch.sum", amount=amount),
            line=texts.say("overview.branch.outside", amount=amount),
            steps=tuple(texts.say(f"overview.branch.step_{n}", device=device) for n in (1, 2, 3)),
        )

    def _own(
        self, connection: Connection, own: str, members: tuple[str, ...], texts: Texts
    ) -> CaseWords:
        fact = FactLog(connection).by_identity(members[0])
        assert fact is not None
        body = msgspec.json.decode(fact.body, type=DeviceRevoked)
        mine = [one for one in outside(connection) if one.line.startswith(f"{own}/")]
        acts, fen = sum(one.acts for one in mine), sum(one.money_fen for one in mine)
        side = Side(texts.say("overview.cases.county"), fact.at, texts.say("overview.branch.said"))
        return CaseWords(
            title=texts.say("overview.branch.own"),
            hint=texts.say(f"overview.branch.reason_{body.reason}"),
            sides=(side,),
            page=self.sync_page,
            line=texts.say("overview.branch.own_line", acts=acts, amount=say_yuan(fen)),
            steps=tuple(texts.say(f"overview.branch.own_step_{n}") for n in (1, 2, 3)),
        )
