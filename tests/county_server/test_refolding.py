"""A slip says what its facts say: the county adds up every closing, and doubts no honest one."""

import re
import shutil
from pathlib import Path

import msgspec

from county_server.refolding import DIFFERS, SAME, WAITS, differing, refold_all
from county_server.revoking import revocation, settlement
from county_server.verify import verify_county
from station_app.journal.cuts import tips_here
from station_app.journal.fact import Fact, Saying
from station_app.ledger.balances import standings
from station_app.ledger.posting import CNY, PCS
from station_app.services.cash.facts import Balance, Position, ShiftClosed, ShiftOpened
from tests.county_server.finance_story import Office, Till, say
from tests.sync.stand import DAY, STATION, Pc, converse, direct, enrolled_pc, once


def close(pc: Pc, shift: str, *, more_fen: int = 0, is_silent: bool = False) -> Fact:
    """Close a shift as the program does.

    more_fen: so much is made up in the drawer; is_silent: the books are left out, as by a PC that
    does not hold everything yet.
    """
    at = pc.reader
    found = [*standings(at, commodity=CNY), *standings(at, commodity=PCS)]
    balances = [Balance(s.account, s.commodity, s.amount) for s in found]
    if more_fen:
        drawer = f"Assets:Drawer:{pc.place.partition('/')[2]}"
        balances = [
            msgspec.structs.replace(b, amount=b.amount + more_fen) if b.account == drawer else b
            for b in balances
        ]
    if is_silent:
        balances = []
    body = ShiftClosed(
        number=1, counts=(), counted_fen=0, expected_fen=0, difference_fen=0, recounts=0,
        positions=tuple(Position(t.stream, t.seq, t.identity) for t in tips_here(at)),
        balances=tuple(balances), facts=1, tail=shift, fold_version=1, booked_late=0, day=DAY,
    )  # fmt: skip
    return pc.say(Saying(body, entity=shift)).facts[0]


def opened(pc: Pc) -> str:
    body = ShiftOpened(counts=(), counted_fen=0, added_fen=0, reason="", as_last=1, day=DAY)
    return pc.say(Saying(body)).facts[0].identity


def states(office: Office) -> list[int]:
    refold_all(office.county.store)
    with office.county.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT state FROM refolds ORDER BY stream, seq").all()
    return [row[0] for row in rows]


def test_a_falsified_slip_is_a_case_until_somebody_has_decided(
    office: Office, tmp_path: Path
) -> None:
    till = Till(enrolled_pc(office.county, tmp_path / "d1", office.clock), office)
    till.pay_in(100_00)
    shift = opened(till.pc)
    closing = close(till.pc, shift, more_fen=30_00)
    till.send()
    assert states(office) == [DIFFERS]
    with office.county.store.read() as connection:
        (one,) = differing(office.county.store, connection)
    (found,) = one.differences
    assert (one.identity, found.account, found.theirs - found.ours) == (
        closing.identity, "Assets:Drawer:D1", 30_00,
    )  # fmt: skip
    url = f"/cases/{STATION}/shift.balances_differ/{shift}"
    assert "日结单和流水对不上" in office["F01"].page("/cases")
    page = office["F01"].page(url)
    assert "流水加出来的" in page
    assert "30.00" in page
    hidden = dict(re.findall(r'name="(token|mark)" value="([^"]+)"', page))
    decided = {"verdict": "county", "remark": "单子打错了"}
    assert office["F01"].post(url, hidden | decided).status_code == 303
    assert "日结单和流水对不上" not in office["F01"].page("/cases")
    assert states(office) == [DIFFERS]
    assert not verify_county(office.county).findings
    till.pc.close()


def test_late_facts_cuts_and_acceptances_make_no_honest_slip_doubtful(
    office: Office, tmp_path: Path
) -> None:
    till = Till(enrolled_pc(office.county, tmp_path / "d1", office.clock), office)
    other = Till(enrolled_pc(office.county, tmp_path / "d2", office.clock, seed=200), office)
    late = other.pay_in(5_00)  # not sent before the other has closed
    till.pay_in(100_00)
    close(till.pc, opened(till.pc))
    till.send()
    other.send()
    assert states(office) == [SAME]
    store = office.county.store
    with store.read() as connection:
        words = {"reason": "lost", "remark": "掉河里了", "day": DAY}
        say(office, revocation(store, connection, STATION, "D2", **words))
    beyond = other.pay_in(7_00)
    close(other.pc, opened(other.pc))  # it does not know yet that it was cut off
    other.send()
    till.send()
    close(till.pc, opened(till.pc))
    till.send()
    with store.read() as connection:
        say(
            office,
            settlement(
                store, connection, STATION, beyond.stream,
                upto=beyond.seq + 1, is_accepted=True, remark="对过", day=DAY,
            ),
        )  # fmt: skip
    till.send()
    close(till.pc, opened(till.pc))
    till.send()
    assert states(office) == [SAME] * 4
    assert late.stream == beyond.stream
    for one in (till, other):
        one.pc.close()


def test_a_closing_waits_for_what_it_has_seen(office: Office, tmp_path: Path) -> None:
    """It names a stream of a sibling that came to it by stick, and not yet to the county."""
    till = Till(enrolled_pc(office.county, tmp_path / "d1", office.clock), office)
    sibling = enrolled_pc(office.county, tmp_path / "d2", office.clock, seed=200)
    till.pay_in(1_00)
    seen = sibling.shelve(2)
    body = msgspec.json.decode(close(till.pc, opened(till.pc)).body, type=ShiftClosed)
    there = Position(seen[-1].stream, 2, seen[-1].identity)
    changed = msgspec.structs.replace(body, positions=(*body.positions, there))
    till.pc.say(Saying(changed, entity=opened(till.pc)))
    till.send()
    assert states(office) == [SAME, WAITS]
    converse(sibling, direct(office.county))
    assert states(office) == [SAME, DIFFERS]  # the parcels of the sibling are not in its balances
    till.pc.close()
    sibling.close()


def test_a_pc_that_held_everything_cannot_leave_its_books_out_of_a_slip(
    office: Office, tmp_path: Path
) -> None:
    """Only what was never whole may say nothing: else a thief would say nothing from then on."""
    till = Till(enrolled_pc(office.county, tmp_path / "d1", office.clock), office)
    till.pay_in(100_00)
    close(till.pc, opened(till.pc), is_silent=True)  # it is new
    till.send()
    till.pay_in(20_00)
    close(till.pc, opened(till.pc))
    till.pc.restart()
    till.pay_in(3_00)
    silent = close(till.pc, opened(till.pc), is_silent=True)
    till.send()
    assert states(office) == [SAME, SAME, DIFFERS]
    with office.county.store.read() as connection:
        (one,) = differing(office.county.store, connection)
    drawer = next(d for d in one.differences if d.account == "Assets:Drawer:D1")
    assert (one.identity, drawer.theirs, drawer.ours) == (silent.identity, 0, -123_00)
    till.pc.close()


def test_a_new_pc_that_closed_before_its_first_word_with_the_county_is_not_doubted(
    office: Office, tmp_path: Path
) -> None:
    """All it knew was its own; now it is being filled, and leaves the books out."""
    till = Till(enrolled_pc(office.county, tmp_path / "d1", office.clock), office)
    till.pay_in(100_00)
    close(till.pc, opened(till.pc))
    once(till.pc, direct(office.county))  # it says that it is new
    close(till.pc, opened(till.pc), is_silent=True)
    till.send()
    assert states(office) == [SAME, SAME]
    till.pc.close()


def test_a_pc_that_has_said_that_nothing_lacks_there_cannot_say_nothing_in_its_slips(
    office: Office, tmp_path: Path
) -> None:
    """Else one that never once gave its books escaped for ever."""
    till = Till(enrolled_pc(office.county, tmp_path / "d1", office.clock), office)
    till.pay_in(100_00)
    close(till.pc, opened(till.pc), is_silent=True)  # it is new
    till.send()
    till.pay_in(20_00)
    till.send()  # it says so, and works on
    close(till.pc, opened(till.pc), is_silent=True)
    till.send()
    assert states(office) == [SAME, DIFFERS]
    till.pc.restart()
    till.send()  # it says so before it has begun
    till.pay_in(3_00)
    close(till.pc, opened(till.pc), is_silent=True)
    till.send()
    assert states(office) == [SAME, DIFFERS, DIFFERS]
    till.pc.close()


def test_an_image_from_before_a_pc_held_everything_may_say_nothing_of_the_books(
    office: Office, tmp_path: Path
) -> None:
    till = Till(enrolled_pc(office.county, tmp_path / "d1", office.clock), office)
    till.pay_in(100_00)
    till.send()
    till.pc.close()
    shutil.copytree(till.pc.folder, tmp_path / "image")
    till.pc.open()
    close(till.pc, opened(till.pc))
    till.send()
    till.pc.close()
    shutil.rmtree(till.pc.folder)
    shutil.copytree(tmp_path / "image", till.pc.folder)
    till.pc.open()
    close(till.pc, opened(till.pc), is_silent=True)
    till.send()
    assert sorted(states(office)) == [SAME, SAME]
    till.pc.close()
