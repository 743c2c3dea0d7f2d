"""What the slip of a closed shift must say, from the facts alone, against what the paper says.

The cut is walked back from the tips that the close names, so what came late is not in it: the
slip, its reprint and whoever recomputes them in ten years come to the same amounts.
"""

import re
import sys
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

from tests.independent.market import ASIDE, PURSES, Fact, compare, effects, read_facts, totals, yuan
from tests.independent.slip import read_slip


def cut_of(facts: list[Fact], closed: Fact) -> list[Fact]:
    """Return what a close saw: all that lies behind the tips that it names, and itself."""
    by_identity = {fact.told["identity"]: fact for fact in facts}
    seen = {closed.told["identity"]}
    for position in closed["positions"]:
        here = position["identity"]
        while here in by_identity and here not in seen:
            seen.add(here)
            here = by_identity[here].told["prev"]
    return [fact for fact in facts if fact.told["identity"] in seen]


def closes(facts: list[Fact]) -> list[Fact]:
    """Return the closes of shifts, the earliest first."""
    found = [fact for fact in facts if fact.kind == "shift.closed"]
    return sorted(found, key=lambda fact: int(fact.told["at"]))


LABELS = {
    "COD": "代收货款", "Freight": "到付运费", "Sending": "寄件运费", "Prepayment": "代购预付款",
    "Bill": "缴费预收", "Grower": "农户货款", "RefundDue": "应退款", "County": "县里的钱",
}  # fmt: skip


def expected_slip(facts: list[Fact], closed: Fact) -> list[tuple[str, int]]:
    """Return every amount that the Z slip of a close must bear, by its label, from the facts."""
    seen = cut_of(facts, closed)
    sums = totals(seen)
    names = {f["code"]: f["name"][:2] for f in seen if f.kind == "courier.published"}
    purses: Counter[str] = Counter()
    for term, fen in sums.items():
        purse, _, owner = term.partition(" ")
        if purse in PURSES and fen > 0:
            purses[f"{LABELS[purse]} {names.get(owner, '')}".rstrip()] += fen
    hands = {t: f for t, f in sums.items() if t.split()[0] not in (*PURSES, *ASIDE)}
    money, not_mine = sum(hands.values()), sum(purses.values())
    owed = sum(fen for term, fen in sums.items() if term.startswith("owes "))
    own = money - not_mine
    earned = own - sums["float"] - sums["miscounted"] + owed
    found = [("不是自己的钱", not_mine), *sorted(purses.items()), ("自己的钱", own)]
    found += [("备用金", sums["float"]), ("站里收入", earned)]
    found += [("长款" if sums["miscounted"] > 0 else "短款", sums["miscounted"])]
    found += [("垫在外面", -owed), ("钱在哪儿", money)]
    found += [(f"垫的是{whose}", fen) for whose, fen in _lent(purses, -own)]
    found += [(f"{t[-1]} 号电脑钱箱", f) for t, f in hands.items() if t.startswith("drawer")]
    found += [("保险柜", hands.get("safe", 0)), *((w, hands.get(t, 0)) for w, t in _NAMED.items())]
    found += [(label, fen) for label, fen in _through_the_drawer(seen, closed)]
    found += [("乡亲欠站里", owed), *_over_the_counter(seen, closed)]
    optional = ("垫", "短", "长", "乡亲", "保险", "柜台", "代销", "付农户")
    return [(w, f) for w, f in found if f or not w.startswith(optional)]


_LENT_FIRST = ("县里的钱", "快递的钱", "农户货款", "缴费预收", "代购预付款", "应退款")


def _lent(purses: Counter[str], fen: int) -> list[tuple[str, int]]:
    """Return whose money is used where own money does not reach: the last covered first."""
    sums: Counter[str] = Counter()
    for label, held in purses.items():
        is_couriers = label.startswith(("代收", "到付", "寄件"))
        sums["快递的钱" if is_couriers else label] += held
    found = []
    for whose in _LENT_FIRST:
        part = min(max(0, fen), sums[whose])
        fen -= part
        found += [(whose, part)] if part else []
    return found


_NAMED = {"微信": "WeChat", "支付宝": "Alipay", "银行": "bank"}


def _through_the_drawer(seen: list[Fact], closed: Fact) -> list[tuple[str, int]]:
    """Return how the drawer came from its float to what was counted."""
    drawer, did = closed.drawer, effects(seen)[0]
    opened = next(f for f in seen if f.told["identity"] == closed.told["entity"])
    undone = {(f.act[0], f["act"]) for f in seen if f.kind == "act.reversed"}
    sums: Counter[str] = Counter()
    acts: Counter[tuple[str, str]] = Counter()
    for fact in seen:
        fen = did[fact.key].get(drawer, 0)
        is_ours = fact.told["at"] >= opened.told["at"] and fact not in (opened, closed)
        if not fen or not is_ours or fact.act in undone or fact.kind == "act.reversed":
            continue
        part = {"cash.put_in": "存入", "cash.taken_out": "取出", "shift.handed_over": "交班长短款"}
        if fact.kind in part:
            sums[part[fact.kind]] += fen
        else:
            acts[fact.act] += fen
    sums["收现金"] = sum(fen for fen in acts.values() if fen > 0)
    sums["付现金"] = sum(fen for fen in acts.values() if fen < 0)
    expected = opened["counted_fen"] + sum(sums.values())
    found = [("开班备用金", opened["counted_fen"]), ("账上应有", expected)]
    found += [("实点现金", totals(seen)[drawer])]
    return [*found, *((f"{what} 笔", fen) for what, fen in sums.items() if fen)]


_PAID_TO_GROWERS = {
    "settlement.made": ("paid_here_fen", "paid_county_fen"),
    "settlement.paid": ("paid_here_fen", "paid_county_fen"),
    "lot.bought": ("paid_fen",),
}


def _over_the_counter(seen: list[Fact], closed: Fact) -> list[tuple[str, int]]:
    """Return what the goods came to that this PC sold and took back, and what growers got."""
    opened = next(f for f in seen if f.told["identity"] == closed.told["entity"])
    undone = {(f.act[0], f["act"]) for f in seen if f.kind == "act.reversed"}
    here = closed.act[0].rpartition("/")[0]
    sums: Counter[str] = Counter()
    for fact in seen:
        is_here = fact.act[0].rpartition("/")[0] == here and fact.act not in undone
        if not is_here or fact.told["at"] < opened.told["at"]:
            continue
        if fact.kind in _PAID_TO_GROWERS:
            sums["付农户"] += sum(fact[name] for name in _PAID_TO_GROWERS[fact.kind])
        if fact.kind == "sale.made" and fact["ownership"] == "consigned":
            sums["代销收/卖"] += fact["amount_fen"] - fact["discount_fen"]
        if fact.kind in ("sale.made", "sale.returned"):
            is_back = fact.kind == "sale.returned"
            sums["柜台退货 单" if is_back else "柜台卖货 单"] += (
                fact["amount_fen"]
                - fact["discount_fen"]
                - (fact["round_off_fen"] if is_back else 0)
            )
    return list(sums.items())


def slip_agrees(facts: list[Fact], closed: Fact, read: list[tuple[str, int]]) -> list[str]:
    """Hold the amounts read off a paper against the facts; each may be used once.

    Two signs alone are sometimes not read; such a row stands for what is missing otherwise, in
    the order of the slip, and its amount has to be right all the same.
    """
    left, problems, missing = [row for row in read if row[0]], [], []
    unread = [fen for label, fen in read if not label]
    for label, fen in expected_slip(facts, closed):
        alike = sorted(left, key=lambda got: -_likeness(label, got[0]))
        if not alike or _likeness(label, alike[0][0]) < LIKE:
            missing.append((label, fen))
            continue
        left.remove(alike[0])
        if alike[0][1] != fen:
            problems.append(f"slip, {label}: {yuan(alike[0][1])}, by the facts {yuan(fen)}")
    for label, fen in missing:
        if not unread:
            problems.append(f"slip: no line {label} {yuan(fen)}")
        elif (got := unread.pop(0)) != fen:
            problems.append(f"slip, {label}: {yuan(got)}, by the facts {yuan(fen)}")
    left += [("", fen) for fen in unread]
    return problems + [f"slip, {label}: {yuan(fen)} is in no fact" for label, fen in left]


LIKE = 0.6  # how alike a label on paper and its name must be: a sign may be misread


def _likeness(label: str, got: str) -> float:
    bare = [re.sub(r"[\d\s:：.,]", "", words) for words in (label, got)]
    return SequenceMatcher(None, bare[0], bare[1]).ratio()


def main() -> None:
    """Hold four files against each other: facts, Beancount, the county's facts, a slip."""
    texts = [Path(name).read_text("utf-8").splitlines() for name in sys.argv[1:4]]
    problems = compare(*texts)
    told = read_facts(texts[0])
    problems += slip_agrees(told, closes(told)[-1], read_slip(Path(sys.argv[4])))
    print("\n".join(problems) or "all four agree to the fen")


if __name__ == "__main__":
    main()
