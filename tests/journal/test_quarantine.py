"""A fact in quarantine: kept, stopped, and its money counted all the same."""

from station_app.journal.fact import Fact, canonical, seal
from station_app.journal.rebuild import rebuild
from station_app.journal.verify import verify
from tests.journal.notebook import TOYS, Notebook, ToySold, folded, found, sell


def bad_private(node: Notebook, toy: str, prev: Fact, fen: int) -> Fact:
    """A sale by a program that says something about a person where this kind says nothing."""
    return seal(
        canonical(ToySold(price_fen=fen)), b'{"salt":"AAAA","whose":[]}', stream=prev.stream,
        seq=prev.seq + 1, act="STRANGEACT000000", at=node.at + 5_000, kind="toy.sold", v=1,
        entity=toy, by="operator", prev=prev.identity,
    )  # fmt: skip


def test_money_of_a_fact_that_cannot_be_folded_counts() -> None:
    author, node = Notebook("NX0601/D2", seed=2), Notebook("NX0601/D1", seed=1)
    (ball,) = author.say(found("ball")).facts
    (sold,) = author.say(sell(ball.identity, 100)).facts
    strange = bad_private(author, ball.identity, sold, 700)
    node.recorder.take([ball, sold, strange])
    box = "SELECT amount FROM balances WHERE account = 'Assets:Box'"
    assert node.connection.execute(box).fetchone() == (800,)
    ((identity, reason),) = node.connection.execute("SELECT identity, reason FROM quarantine")
    assert identity == strange.identity
    assert "private" in reason
    (state,) = node.connection.execute("SELECT data FROM states WHERE kind = 'toy'").fetchall()
    assert sold.identity.encode() in state[0]
    assert strange.identity.encode() not in state[0]
    assert verify(node.connection, TOYS).is_sound
    before = folded(node.connection)
    rebuild(node.connection, TOYS)
    assert folded(node.connection) == before
