"""What a cut-off PC says stands in no month's statement until it counts, and then in the next."""

from pathlib import Path

from county_server.revoking import revocation, settlement
from tests.county_server.finance_story import Office, Till, made, say
from tests.county_server.test_finance_statements import issue, prepare
from tests.sync.stand import DAY, STATION, enrolled_pc


def test_money_that_was_accepted_late_stands_in_the_next_statement(
    office: Office, tmp_path: Path
) -> None:
    till = Till(enrolled_pc(office.county, tmp_path / "d1", office.clock), office)
    till.pay_in(100_00)
    till.send()
    store = office.county.store
    with store.read() as connection:
        words = {"reason": "lost", "remark": "掉河里了", "day": DAY}
        sayings = revocation(store, connection, STATION, "D1", **words)
    say(office, sayings)
    late = till.pay_in(7_00)
    till.send()
    november = made(office.county, month="2026-11", day=DAY)
    assert [line.amount_fen for line in november.lines] == [100_00]
    prepare(office["F01"], "2026-11")
    issue(office["F02"], "2026-11")
    with store.read() as connection:
        sayings = settlement(
            store, connection, STATION, late.stream,
            upto=late.seq + 1, is_accepted=True, remark="钱收到了", day=DAY,
        )  # fmt: skip
    say(office, sayings)
    december = made(office.county, month="2026-12", day="2026-12-31")
    assert [(line.fact, line.amount_fen) for line in december.lines] == [(late.identity, 7_00)]
    (total,) = december.totals
    assert (total.opening_fen, total.closing_fen) == (100_00, 107_00)
    till.pc.close()
