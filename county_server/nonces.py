"""The nonces of devices: each is good once, so a request that somebody kept says nothing again."""

from sqlalchemy import Connection

from county_server.asking import ask_one
from county_server.bulk import put_rows
from county_server.store import Store


def raise_nonce(
    store: Store, connection: Connection, *, owner: str, epoch: str, counter: int
) -> bool:
    """Keep the highest counter of a start ("NX0601/D1", its epoch); False for one that was used."""
    nonces = store.tables.nonces
    station, _, device = owner.rpartition("/")
    which = {"at": station, "device": device, "epoch": epoch}
    row = ask_one(connection, store.questions.nonce, which)
    if row is not None and row[0] >= counter:
        return False
    highest = {"station": station, "device": device, "epoch": epoch, "counter": counter}
    put_rows(connection, store.upsert(nonces), [highest])
    return True
