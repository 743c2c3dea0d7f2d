"""What is taken in that waited is said act by act, in as many facts as it needs."""

from county_server.acceptances import ACTS_MAX, acceptances
from county_server.recording import Recording
from county_server.store import Store
from station_app.journal.chain import Head
from station_app.journal.fact import Saying
from tests.journal.notebook import TOYS, Notebook, found
from tests.journal.test_accepted_by_acts import counted
from tests.journal.test_rulings import DAY, Quarrel


def test_a_long_list_of_acts_is_said_in_several_facts_each_of_which_fits() -> None:
    quarrel = Quarrel()
    (ball,) = quarrel.said(quarrel.stolen, found("ball"))
    quarrel.revoke(ball)
    for number in range(ACTS_MAX + 20):
        quarrel.said(quarrel.stolen, found(f"kite {number}"), found(f"top {number}"))
    last = quarrel.acts[ball.stream][-2][-1]
    store = Store("sqlite://", TOYS)
    store.make()
    with store.write() as connection:
        recording, ends = Recording(store, connection), dict[str, Head]()
        for act in quarrel.in_order(None):
            stream = act[0].stream
            recording.enter(act, ends.get(stream, Head(stream, 0, "")))
            ends[stream] = Head(stream, act[-1].seq, act[-1].identity)
        recording.flush()
    with store.read() as connection:
        where = ("NX0601", ball.stream)
        bodies = acceptances(store, connection, where, upto=last.seq, day=DAY)
    store.close()
    assert [len(body.acts) for body in bodies] == [ACTS_MAX - 1, 18]
    assert (bodies[-1].to, bodies[-1].hash) == (last.seq, last.identity)
    ends_said = [h for body in bodies for h in (*(end.hash for end in body.acts), body.hash)]
    assert ends_said == [act[-1].identity for act in quarrel.acts[ball.stream][1:-1]]
    quarrel.said(quarrel.county, *map(Saying, bodies))  # the recorder refuses what is too long
    held = [act for act in quarrel.acts[ball.stream] if act[0].seq < 400]
    node = Notebook("NX0601/D2", seed=9)
    for act in (*held, *quarrel.acts[quarrel.county.author.stream]):
        node.recorder.take(act)
    assert counted(node) >= {fact.identity for act in held for fact in act}
