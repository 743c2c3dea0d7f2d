"""Do four witnesses tell the same money? Facts, the printed Z, the Beancount file, the county.

Written from docs/LEDGER.md; imports nothing of the program, and shares no account and no posting
with it. Each fact's notes are followed from hand to hand (as in notes.py, but fact by fact), and
what a fact did is held against its transaction in the Beancount file, against the county's copy of
the fact and against what the county posted for it. Where one differs from the others, it is named
with its line. The slip of a closed shift is held against
the same walk by closed_shift.py.

    python -m tests.independent.closed_shift facts.jsonl ledger.beancount county.jsonl slip.png
"""

import base64
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

WAYS = {"wechat": "WeChat", "alipay": "Alipay", "bank": "bank", "safe": "safe"}
PURSES = ("COD", "Freight", "Sending", "Prepayment", "Bill", "Grower", "RefundDue", "County")
ASIDE = ("owes", "float", "miscounted")  # neither in a hand nor kept for anybody
OWNERS = {"own": "float", "drawings": "float"}

Effect = Counter[str]
"""What a fact did, in fen, by place: `drawer D1`, `safe`; by purse: `COD ZTO`; and aside."""


@dataclass(frozen=True)
class Fact:
    """A line of an export. line: its number in the file, from 1."""

    line: int
    told: dict[str, Any] = field(repr=False)

    def __getitem__(self, name: str) -> Any:
        return self.told["body"][name]

    @property
    def kind(self) -> str:
        return str(self.told["kind"])

    @property
    def key(self) -> tuple[str, int]:
        return self.told["stream"], self.told["seq"]

    @property
    def act(self) -> tuple[str, str]:
        return self.told["stream"], self.told["act"]

    @property
    def drawer(self) -> str:
        return f"drawer {self.told['stream'].split('/')[1]}"

    @property
    def owner(self) -> str:
        """The first ten bytes of what it is about, in base32: how papers name it."""
        return short(self.told["entity"] or self.told["identity"])

    def place(self, word: str) -> str:
        return self.drawer if word in ("cash", "drawer") else WAYS[word]


def short(identity: str) -> str:
    return base64.b32encode(bytes.fromhex(identity)[:10]).decode()


def read_facts(lines: list[str]) -> list[Fact]:
    return [Fact(number, json.loads(line)) for number, line in enumerate(lines, 1) if line.strip()]


# --- What each kind of fact does -----------------------------------------------------------------


def _tenders(fact: Fact, tenders: list[dict[str, Any]], sign: int) -> Effect:
    found: Effect = Counter()
    for tender in tenders:
        where = fact.place(tender["way"]) if tender["way"] != "account" else ""
        found[where or f"owes {short(tender['person'])}"] += sign * tender["amount_fen"]
    return found


def _taken(fact: Fact) -> Effect:
    found = _tenders(fact, fact["tenders"], 1)
    found[fact.drawer] -= fact["change_fen"]
    return found


def _given(fact: Fact) -> Effect:
    return _tenders(fact, fact["tenders"], -1)


def _otherwise(fact: Fact) -> Effect:
    sign = 1 if fact["direction"] == "in" else -1
    found = _tenders(fact, fact["tenders"], sign)
    found.update(_tenders(fact, fact["was"], -sign))
    if fact["counted"]:
        found["miscounted"] -= found.pop(fact.drawer, 0)
    return found


def _purse_corrected(fact: Fact) -> Effect:
    term = _term(fact["account"])
    return Counter({term[0]: fact["difference_fen"]} if term else {})


def _opened(fact: Fact) -> Effect:
    of = "float" if fact["reason"] == "float" else "miscounted"
    return Counter({fact.drawer: fact["added_fen"], of: fact["added_fen"]})


def _counted(fact: Fact) -> Effect:
    return Counter({fact.drawer: fact["difference_fen"], "miscounted": fact["difference_fen"]})


def _compared(fact: Fact) -> Effect:
    fen = fact["difference_fen"] if fact["booked"] else 0
    return Counter({fact.place(fact["place"]): fen, "miscounted": fen})


def _put_in(fact: Fact) -> Effect:
    fen, reason = fact["amount_fen"], fact["reason"]
    source = OWNERS.get(reason)
    return Counter(
        {fact.place(fact["place"]): fen, source or fact.place(reason): fen if source else -fen}
    )


def _taken_out(fact: Fact) -> Effect:
    fen, reason = fact["amount_fen"], fact["reason"]
    found: Effect = Counter({fact.place(fact["place"]): -fen})
    if reason in OWNERS:
        found["float"] -= fen
    elif reason != "petty":
        found[fact.place(reason)] += fen
    return found


def _for_courier(fact: Fact, sign: int = 1) -> Effect:
    code = fact["courier"]
    return Counter(
        {f"COD {code}": sign * fact["cod_fen"], f"Freight {code}": sign * fact["freight_fen"]}
    )


def _cod_corrected(fact: Fact) -> Effect:
    """On its shelf nothing was collected yet."""
    code, sums = fact["courier"], (fact["cod_change_fen"], fact["freight_change_fen"])
    return Counter({f"COD {code}": sums[0], f"Freight {code}": sums[1]} if fact["handover"] else {})


def _courier_paid(fact: Fact) -> Effect:
    found = _for_courier(fact, -1)
    found[f"Sending {fact['courier']}"] -= fact["sending_fen"]
    return found


def _bill_gone(fact: Fact, to: str) -> Effect:
    whole = fact["amount_fen"] + fact["fee_fen"]
    fen = whole if to != "County" else fact["amount_fen"]
    return Counter({f"Bill {fact.owner}": -whole, to: fen})


def _remitted(fact: Fact) -> Effect:
    """What is for orders is said by the facts of the orders, in the same act."""
    return Counter(
        {"County": -sum(p["amount_fen"] for p in fact["portions"] if p["purse"] != "Prepayment")}
    )


def _growers(fact: Fact, sign: int) -> Effect:
    """Her part of a sale is hers; what the shop sells of its own is nobody else's."""
    effect: Effect = Counter()
    for share in fact["shares"]:
        effect[f"Grower {short(share['person'])}"] += sign * share["amount_fen"]
    return effect


MEANINGS = {
    "shift.opened": _opened,
    "shift.closed": _counted,
    "shift.handed_over": _counted,
    "place.compared": _compared,
    "payment.taken": _taken,
    "payment.given": _given,
    "payment.corrected": _otherwise,
    "purse.corrected": _purse_corrected,
    "cash.put_in": _put_in,
    "cash.taken_out": _taken_out,
    "parcel.handed_over": _for_courier,
    "parcel.cod_corrected": _cod_corrected,
    "courier.paid": _courier_paid,
    "account.repaid": lambda f: Counter({f"owes {short(f['person'])}": -f["amount_fen"]}),
    "refund.paid": lambda f: Counter({f"RefundDue {f['document']}": -f["amount_fen"]}),
    "bill.taken": lambda f: Counter({f"Bill {f.owner}": f["amount_fen"] + f["fee_fen"]}),
    "bill.paid": lambda f: _bill_gone(f, "County"),
    "bill.failed": lambda f: _bill_gone(f, f"RefundDue {f.owner}"),
    "order.placed": lambda f: Counter({f"Prepayment {f.owner}": f["prepaid_fen"]}),
    "prepayment.passed_on": lambda f: Counter(
        {f"Prepayment {f.owner}": -f["amount_fen"], "County": -f["amount_fen"]}
    ),
    "remittance.sent": _remitted,
    "sale.made": lambda f: _growers(f, 1),
    "sale.returned": lambda f: _growers(f, -1),
}
NO_MONEY = frozenset(
    "branch.accepted branch.found branch.refused device.revoked "
    "act.reversed biller.published platform.published case.closed consent.recorded "
    "purchasing_account.funded purchasing_account.counted "
    "courier.published credit.limited device.enrolled "
    "drawer.opened basket.given_up basket.held basket.taken_up goods.weighed price.set "
    "lot.accepted lot.sold lot.taken_back produce.published product.published "
    "scale_label.published order_terms.published produce_rule.published produce_terms.published "
    "key.kept operator.registered parcel.announced parcel.shelved person.registered "
    "setting.published brand_licence.published sending_zone.published waybills.granted "
    "waybills.asked sending.examined "
    "station.described".split()
)


def effects(facts: list[Fact]) -> tuple[dict[tuple[str, int], Effect], list[str]]:
    """Return what each fact did, by its key, and the facts whose kind nobody here understands."""
    found: dict[tuple[str, int], Effect] = {}
    by_act: dict[tuple[str, str], Effect] = {}
    strange = []
    for fact in facts:
        effect: Effect = Counter()
        if fact.kind == "act.reversed":
            effect.subtract(by_act.get((fact.act[0], fact["act"]), Counter()))
        elif fact.kind in MEANINGS:
            effect = MEANINGS[fact.kind](fact)
        elif fact.kind not in NO_MONEY:
            strange.append(f"line {fact.line}: nobody here knows what {fact.kind} does")
        found[fact.key] = effect
        by_act.setdefault(fact.act, Counter()).update(effect)
    return found, strange


# --- The Beancount file --------------------------------------------------------------------------

_TRANSACTION = re.compile(r'^\d{4}-\d\d-\d\d \* "[^"]*" "(\S+) (\d+)"')
_POSTING = re.compile(r"^  (\S+)  (-?[\d.]+) CNY$")
_BALANCE = re.compile(r"^\d{4}-\d\d-\d\d balance (\S+)  (-?[\d.]+) CNY$")


def _term(account: str) -> tuple[str, int] | None:
    """Return the place, purse or aside that an account name means, and the sign of a debit."""
    parts = account.split(":")
    if parts[0] == "Assets":
        if parts[1] in ("Drawer", "Receivable"):
            return f"{'drawer' if parts[1] == 'Drawer' else 'owes'} {parts[2]}", 1
        known = {"Safe": "safe", "WeChat": "WeChat", "Alipay": "Alipay", "Bank": "bank"}
        return (known[parts[1]], 1) if parts[1] in known else None
    if account == "Liabilities:County":
        return "County", -1
    if parts[1] == "Held" and parts[-1] == "Here":
        return f"{parts[2]} {parts[3]}", -1
    if parts[1] == "RefundDue":
        return f"RefundDue {parts[2]}", -1
    if account in ("Equity:Float", "Equity:Drawings", "Equity:Opening"):
        return "float", -1
    return ("miscounted", -1) if account == "Expenses:OverShort" else None


def _add(effect: Effect, account: str, fen: int) -> None:
    term = _term(account)
    if term is not None:
        effect[term[0]] += term[1] * fen


@dataclass
class Book:
    """A Beancount file. lines: where a fact's transaction begins; ends: (line, account, fen)."""

    effects: dict[tuple[str, int], Effect] = field(default_factory=dict)
    lines: dict[tuple[str, int], int] = field(default_factory=dict)
    sums: dict[tuple[str, int], int] = field(default_factory=dict)
    accounts: Counter[str] = field(default_factory=Counter)
    ends: list[tuple[int, str, int]] = field(default_factory=list)


def read_beancount(lines: list[str]) -> Book:
    book, key = Book(), ("", 0)
    for number, line in enumerate(lines, 1):
        if opened := _TRANSACTION.match(line):
            key = opened[1], int(opened[2])
            book.effects[key], book.lines[key], book.sums[key] = Counter(), number, 0
        elif posted := _POSTING.match(line):
            fen = int(Decimal(posted[2]) * 100)
            _add(book.effects[key], posted[1], fen)
            book.sums[key] += fen
            book.accounts[posted[1]] += fen
        elif ended := _BALANCE.match(line):
            book.ends.append((number, ended[1], int(Decimal(ended[2]) * 100)))
    return book


# --- Held against each other ---------------------------------------------------------------------


def _clean(effect: Effect) -> dict[str, int]:
    return {term: fen for term, fen in effect.items() if fen}


def yuan(fen: int) -> str:
    return f"{Decimal(fen) / 100:.2f}"


def _say(effect: dict[str, int]) -> str:
    return ", ".join(f"{term} {yuan(fen)}" for term, fen in sorted(effect.items())) or "nothing"


def _posted(fact: Fact) -> Effect:
    effect: Effect = Counter()
    for line in fact.told["postings"]:
        if line["commodity"] == "CNY":
            _add(effect, line["account"], line["amount"])
    return effect


def fact_by_fact(facts: list[Fact], book: Book, county: list[Fact]) -> list[str]:
    """Hold what each fact did against the three other tellings; name whoever stands alone."""
    ours, problems = effects(facts)
    problems = [f"facts {problem}" for problem in problems]
    theirs, _ = effects(county)
    theirs_by_key = {fact.key: fact for fact in county}
    for fact in facts:
        key = fact.key
        told = {f"facts line {fact.line}": _clean(ours[key])}
        line = book.lines.get(key)
        told[f"beancount line {line or '-'}"] = _clean(book.effects.get(key, Counter()))
        copy = theirs_by_key.get(key)
        if copy is not None:
            told[f"county line {copy.line} (fact)"] = _clean(theirs[key])
            told[f"county line {copy.line} (postings)"] = _clean(_posted(copy))
        elif told[f"facts line {fact.line}"]:
            problems.append(f"county: {fact.kind} {key[0]} {key[1]} is not there")
        tally = Counter(_say(effect) for effect in told.values())
        usual = tally.most_common(1)[0][0]
        problems += [
            f"{where}: {fact.kind} did {_say(effect)}; the others say {usual}"
            for where, effect in told.items()
            if _say(effect) != usual
        ]
    keys = {fact.key for fact in facts}
    problems += [f"county line {f.line}: {f.kind} is not here" for f in county if f.key not in keys]
    return problems


def ends_of(facts: list[Fact], book: Book) -> list[str]:
    """Hold the balances at the end of the Beancount file against it, and against the facts."""
    problems = [
        f"beancount line {book.lines[key]}: the transaction is {yuan(fen)} off"
        for key, fen in book.sums.items()
        if fen
    ]
    told: Effect = Counter()
    for number, account, fen in book.ends:
        if book.accounts[account] != fen:
            own = yuan(book.accounts[account])
            problems.append(f"beancount line {number}: {account} {yuan(fen)}, its sum {own}")
        _add(told, account, fen)
    walked = totals(facts)
    return problems + [
        f"beancount, balances: {term} {yuan(told[term])}, by the facts {yuan(walked[term])}"
        for term in sorted(walked.keys() | told.keys())
        if walked[term] != told[term]
    ]


def totals(facts: list[Fact]) -> Effect:
    """Add up what facts did."""
    found: Effect = Counter()
    for effect in effects(facts)[0].values():
        found.update(effect)
    return found


def compare(facts: list[str], beancount: list[str], county: list[str]) -> list[str]:
    """Return where the three books differ, each with its line; nothing where all agree."""
    told, book = read_facts(facts), read_beancount(beancount)
    return fact_by_fact(told, book, read_facts(county)) + ends_of(told, book)
