"""Slips and cuts: what stood on a Z slip stands there for ever, whatever is decided later."""

from station_app.journal.fact import Body, canonical, seal
from station_app.journal.kinds import BranchAccepted, DeviceRevoked
from station_app.journal.verify import verify
from station_app.ledger.accounts import drawer
from station_app.ledger.balances import balance
from station_app.ledger.lines import posted_lines
from station_app.services.cash.commands import OpenShift
from station_app.services.cash.figure_records import behind_accounts
from tests.services.cash.test_shifts import a_day, expected, z_of
from tests.services.cash.till import BOOK, Till, words_of


def county_says(till: Till, *bodies: Body, prev: tuple[int, str] = (0, "")) -> tuple[int, str]:
    """Let the county say something to the station; return where its stream ends."""
    seq, last = prev
    for body in bodies:
        fact = seal(
            canonical(body), None, stream="county.1/NX0601", seq=seq + 1, act=f"ACT{seq}",
            at=till.at + seq, kind=body.KIND, v=1, entity="", by="C01", prev=last,
        )  # fmt: skip
        till.session.recorder.take([fact])
        seq, last = fact.seq, fact.identity
    return seq, last


def test_a_slip_stays_as_it_was_when_a_pc_is_cut_off_later():
    till, other = a_day(), Till("D2")
    other.open(10_000)
    other.settle("JTSD", 900)
    till.hears(other)
    shift = till.close(58_600)
    printed = z_of(till, shift)
    assert "2 号电脑钱箱 ￥109.00" in words_of(printed)
    cut_off = DeviceRevoked(station="NX0601", device="D2", reason="stolen", ends=(), day="")
    ended = county_says(till, cut_off)
    assert balance(till.connection, drawer("D2")) == 0
    assert z_of(till, shift) == printed
    assert posted_lines(till.connection, [drawer("D2")]).total == 0

    till.do(OpenShift(as_last=True))
    without = till.close(expected(till))
    slip = z_of(till, without)
    assert "2 号电脑钱箱 ￥109.00" not in words_of(slip)
    last = other.facts()[-1]
    county_says(
        till,
        BranchAccepted(stream=last.stream, to=last.seq, hash=last.identity, day=""),
        prev=ended,
    )
    assert balance(till.connection, drawer("D2")) == 10_900
    assert z_of(till, without) == slip
    assert z_of(till, shift) == printed
    found = behind_accounts(till.connection, (drawer("D2"),), shift)
    assert found.amount == 10_900
    assert verify(till.connection, BOOK).is_sound
