"""How long somebody who guesses passwords has to wait: counted per account, address and in all.

Pure. An account that was tried wrongly five times waits a minute, doubling to an hour, wherever
the tries come from; an address waits after five in a minute; thirty in a minute anywhere hold
everybody off. A try is counted before it is judged, and the counts are kept in the database, so
neither a hundred tries at once nor a restart of the server gives more.
"""

from collections.abc import Sequence

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
WRONG_MAX = 5  # of one account without waiting; of one address in a minute
WRONG_ANYWHERE_MAX = 30  # per minute: guessing from many addresses ends here
KEPT_MS = 24 * HOUR_MS  # how long a wrong try of an account counts


def account(code: str) -> str:
    """Return under which name the tries at an account are counted."""
    return f"account|{code}"


def address(place: str) -> str:
    """Return under which name the tries from an address are counted."""
    return f"address|{place}"


def wait_of_account(wrong: Sequence[int], now: int) -> int:
    """Return how many ms an account still waits. wrong: its tries of the last day, in order."""
    beyond = len(wrong) - WRONG_MAX
    if beyond < 0:
        return 0
    pause = min(MINUTE_MS << min(beyond, 6), HOUR_MS)
    return max(wrong[-1] + pause - now, 0)


def wait_of_many(wrong: Sequence[int], now: int, most: int) -> int:
    """Return how many ms until fewer than `most` tries lie in the last minute."""
    recent = [at for at in wrong if 0 <= now - at < MINUTE_MS]
    return max(recent[-most] + MINUTE_MS - now, 0) if len(recent) >= most else 0


def left(of_account: Sequence[int], from_address: Sequence[int], now: int) -> int:
    """Return how many more tries there are before one of the two waits."""
    recent = sum(1 for at in from_address if 0 <= now - at < MINUTE_MS)
    return max(WRONG_MAX - max(len(of_account), recent), 0)
