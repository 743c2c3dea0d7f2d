"""Whoever folds what waits behind the intake: a page that asks for figures, or an idle server.

All writing for one station passes one lock, so two processes never fold the same thing at once;
an idle one takes a station that nobody is at work on. A whole act is folded, or nothing of it.
"""

from county_server.behind import Behind
from county_server.recording import Recording
from county_server.store import Store


def fold_one(store: Store) -> bool:
    """Fold a piece of what waits, in a transaction of its own; False when nothing waits."""
    with store.read(behind=True) as connection:
        stations = Behind(store, connection).stations()
    if not stations:
        return False
    with store.write(behind=True) as connection:
        station = next((s for s in stations if store.try_lock(connection, s)), "")
        if not station:  # others are at work on all of them: wait for the first
            station = stations[0]
            store.lock(connection, station)
        for stream, first in list(Behind(store, connection).streams(station).items())[:1]:
            recording = Recording(store, connection)
            recording.fold_from(stream, first)
            recording.flush()
    return True


def catch_up(store: Store) -> None:
    """Fold all that waits now."""
    while fold_one(store):
        pass
