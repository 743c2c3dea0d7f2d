"""The quota of a common mark over two PCs without a line: each within it, together beyond it."""

from station_app.journal.fact import Saying
from station_app.journal.kinds import CaseClosed
from station_app.reference.brands import BrandLicence
from station_app.reference.produce import Sort
from station_app.resources_dir import load_texts
from station_app.services.consignment.branding import Marking
from station_app.services.consignment.quota_telling import over_quota
from tests.county_server.finance_story import Office, post, seen
from tests.county_server.hub_story import grower, lot
from tests.sync.stand import (
    DAY,
    STATION,
    Pc,
    converse,
    direct,
    folded_here,
    folded_there,
)

LICENCE = BrandLicence(
    code="PP-2026-01", mark="伏牛山珍", produce="10018", quota=20_000, least_fen=800,
    most_fen=1_200, from_day="2026-11-01", until_day="2026-11-30", is_open=1,
)  # fmt: skip
SORT = Sort(code="10018", name="猕猴桃", unit="gram", price_fen=900)


class Counter:
    """A PC of the station, as the stories of the hub want one."""

    def __init__(self, pc: Pc) -> None:
        self.pc = pc


def printed(pc: Pc, person: str, grams: int) -> str:
    """Labels with the mark: the PC looks at what it knows, as the rule does."""
    one = lot(Counter(pc), person, quantity=grams)
    row = pc.reader.execute("SELECT used FROM brand_uses").fetchone()
    marking = Marking(
        licence=LICENCE, used=row[0] if row else 0, sort=SORT, grade="", quantity=grams
    )
    assert marking.why_not(DAY) is None, "it is within the quota, as far as this PC knows"
    pc.say(*marking.said_of(one, DAY))
    return one


def meet(office: Office, pcs: list[Pc]) -> None:
    for pc in (*pcs, *pcs):
        converse(pc, direct(office.county))


def cases(pc: Pc) -> list[tuple[str, str]]:
    return [tuple(row) for row in pc.reader.execute("SELECT kind, entity FROM cases").fetchall()]


def test_two_pcs_apart_print_more_than_the_quota_and_both_ends_say_so_once(
    office: Office, pcs: list[Pc]
) -> None:
    first, second, _ = pcs
    person = grower(Counter(first))
    meet(office, pcs)
    printed(first, person, 8_000)
    meet(office, pcs)
    printed(first, person, 7_000)
    office.clock.at += 60_000
    printed(second, person, 9_000)
    assert cases(first) == cases(second) == []
    meet(office, pcs)
    ((kind, entity),) = cases(first)
    assert kind == "consignment.mark_over_quota"
    assert cases(second) == [(kind, entity)], "one case, the same at either PC"
    members = first.reader.execute("SELECT members FROM cases").fetchone()[0]
    told = over_quota(first.reader, entity, tuple(members.split('"')[1::2]), load_texts())
    assert told.title == "品牌标过了额度"
    assert told.hint == "准 40 斤，打了 48 斤"
    assert told.line.startswith("「伏牛山珍」只准打 40 斤，几台电脑一共打了 48 斤，多了 8 斤")
    assert [side.who for side in told.sides] == ["1 号电脑", "2 号电脑"]
    assert ("打了", "18 斤") in told.sides[1].lines

    url = f"/cases/{STATION}/{kind}/{entity}"
    page = seen(office["F01"].page(url))
    for words in ("品牌标过了额度", "1 号机", "2 号机", "用掉品牌标的额度", "9000"):
        assert words in page, words
    post(office["F01"], url, url, {"verdict": "both", "remark": "县里加 4 公斤额度"})
    meet(office, pcs)
    assert cases(first) == cases(second) == []
    for pc in pcs:
        assert folded_here(pc) == folded_there(office.county, STATION)


def test_a_quota_that_was_decided_twice_is_open_again_and_can_be_read(
    office: Office, pcs: list[Pc]
) -> None:
    first, second, _ = pcs
    person = grower(Counter(first))
    meet(office, pcs)
    printed(first, person, 12_000)
    printed(second, person, 12_000)
    meet(office, pcs)
    ((kind, entity),) = cases(first)
    row = first.reader.execute("SELECT members FROM cases").fetchone()[0]
    seen_then = tuple(sorted(row.split('"')[1::2]))
    closing = CaseClosed(case=kind, members=seen_then, verdict="both", day=DAY)
    for pc in (first, second):
        pc.say(Saying(closing, entity=entity))
    meet(office, pcs)
    members = first.reader.execute("SELECT members FROM cases").fetchone()[0].split('"')[1::2]
    told = over_quota(first.reader, entity, tuple(members), load_texts())
    assert len(told.sides) == 4
    assert "打了标" in {side.words for side in told.sides}
