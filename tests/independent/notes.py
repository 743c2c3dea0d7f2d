"""Whose money is it? Every note is followed from hand to hand, by the facts alone.

This program was written from docs/LEDGER.md and docs/SERVICES.md and shares nothing with the
station's: no account, no debit, no posting. It reads what `python -m station_app export facts`
writes, one fact a line, in any order. Notes go from one hand to another; besides, the station
remembers for whom it keeps how much. What is in its hands and kept for nobody is its own.

    python -m station_app export facts | python tests/independent/notes.py
"""

import base64
import collections
import json
import sys
from pathlib import Path

OUTSIDE = ("villager", "owner", "courier", "county", "shops", "miscounted")
# Places by the word in a fact.
FIRST_WORDS = {"safe": "safe", "wechat": "WeChat", "alipay": "Alipay", "bank": "bank"}


class Station:
    """hands: how much is in each; kept: for whom how much is kept, by (purse, owner)."""

    def __init__(self):
        self.hands: collections.Counter[str] = collections.Counter()
        self.kept: collections.Counter[tuple[str, str]] = collections.Counter()

    def gives(self, from_hand, to_hand, fen):
        """Notes worth so much go from one hand to another."""
        self.hands[from_hand] -= fen
        self.hands[to_hand] += fen

    def keeps(self, purse, owner, fen):
        """The station keeps so much more (less: negative) for somebody."""
        self.kept[purse, owner] += fen

    @property
    def money(self):
        return sum(fen for hand, fen in self.hands.items() if hand not in OUTSIDE)

    @property
    def purses(self):
        return {whose: fen for whose, fen in self.kept.items() if fen > 0}

    @property
    def not_mine(self):
        return sum(self.purses.values())

    @property
    def own(self):
        return self.money - self.not_mine


class Fact:
    """A line of the export."""

    def __init__(self, line):
        told = json.loads(line)
        self.kind = told["kind"]
        self.body = told["body"]
        self.act = (told["stream"], told["act"])
        self.stream, self.seq, self.identity = told["stream"], told["seq"], told["identity"]
        self.about = told["entity"] or told["identity"]
        parts = told["stream"].split("/")
        self.drawer = f"drawer {parts[1]}" if len(parts) == 3 else ""

    def __getitem__(self, field):
        return self.body[field]

    def place(self, word):
        return self.drawer if word in ("cash", "drawer") else FIRST_WORDS[word]


def short(identity):
    """The first ten bytes of an identity in base32."""
    return base64.b32encode(bytes.fromhex(identity)[:10]).decode()


# --- What each kind of fact means ----------------------------------------------------------------


def counted(station, fact, fen):
    """A count found more than there should be (less: negative)."""
    station.gives("miscounted", fact.drawer, fen)


def shift_opened(station, fact):
    if fact["reason"] == "float":
        station.gives("owner", fact.drawer, fact["added_fen"])
    else:
        counted(station, fact, fact["added_fen"])


def shift_ended(station, fact):
    counted(station, fact, fact["difference_fen"])


def payment_taken(station, fact):
    for tender in fact["tenders"]:
        if tender["way"] != "account":
            station.gives("villager", fact.place(tender["way"]), tender["amount_fen"])
    station.gives(fact.drawer, "villager", fact["change_fen"])


def payment_given(station, fact):
    for tender in fact["tenders"]:
        if tender["way"] != "account":
            station.gives(fact.place(tender["way"]), "villager", tender["amount_fen"])


def put_in(station, fact):
    source = "owner" if fact["reason"] == "own" else fact.place(fact["reason"])
    station.gives(source, fact.place(fact["place"]), fact["amount_fen"])


def taken_out(station, fact):
    reason = fact["reason"]
    target = {"own": "owner", "drawings": "owner", "petty": "shops"}.get(reason)
    station.gives(fact.place(fact["place"]), target or fact.place(reason), fact["amount_fen"])


def for_courier(station, fact, cod_fen, freight_fen):
    station.keeps("COD", fact["courier"], cod_fen)
    station.keeps("Freight", fact["courier"], freight_fen)


def handed_over(station, fact):
    for_courier(station, fact, fact["cod_fen"], fact["freight_fen"])


def handover_corrected(station, fact):
    for_courier(station, fact, -fact["cod_fen"], -fact["freight_fen"])


def ending_taken_back(station, fact):
    handover_corrected(station, fact)
    station.keeps("RefundDue", short(fact["ending"]), fact["cod_fen"] + fact["freight_fen"])


def cod_corrected(station, fact):
    if fact["handover"]:  # on its shelf nothing was collected yet
        for_courier(station, fact, fact["cod_change_fen"], fact["freight_change_fen"])


def parcel_lost(station, fact):
    if fact["payee"] == "courier":
        station.keeps("COD", fact["courier"], fact["compensation_fen"])
    else:
        station.keeps("RefundDue", short(fact.about), fact["compensation_fen"])


def courier_paid(station, fact):
    for_courier(station, fact, -fact["cod_fen"], -fact["freight_fen"])
    station.keeps("Sending", fact["courier"], -fact["sending_fen"])


def sending_accepted(station, fact):
    station.keeps("Sending", fact["courier"], fact["courier_fen"])


def sending_cancelled(station, fact):
    """What she paid is hers again, and ours no more; it lies here until she gets it."""
    station.keeps("Sending", fact["courier"], -fact["courier_fen"])
    station.keeps("RefundDue", short(fact.about), fact["courier_fen"] + fact["fee_fen"])


def order_placed(station, fact):
    station.keeps("Prepayment", short(fact.about), fact["prepaid_fen"])


def passed_on(station, fact):
    """Her money is at the county now; that is so much less of what we owe the county."""
    station.keeps("Prepayment", short(fact.about), -fact["amount_fen"])
    station.keeps("County", "", -fact["amount_fen"])


def owed_back(station, fact, spent_fen=0):
    """What was kept for an order is kept for paying it back, less what was spent."""
    order = short(fact.about)
    station.keeps("Prepayment", order, -fact["from_here_fen"])
    rest = fact["from_here_fen"] + fact["from_county_fen"] - spent_fen
    station.keeps("RefundDue", order, rest)


def picked_up(station, fact):
    station.keeps("Prepayment", short(fact.about), fact["balance_fen"])
    station.keeps("County", "", fact["goods_fen"])
    owed_back(station, fact, fact["goods_fen"] + fact["fee_fen"])


def cancellation_agreed(station, fact):
    station.keeps("County", "", fact["cost_fen"])
    owed_back(station, fact, fact["cost_fen"])


def order_returned(station, fact):
    station.keeps("RefundDue", short(fact.about), fact["claim_fen"])


def return_agreed(station, fact):
    station.keeps("County", "", -fact["refund_fen"])
    station.keeps("RefundDue", short(fact.about), fact["refund_fen"] - fact["claim_fen"])


def refund_paid(station, fact):
    station.keeps("RefundDue", fact["document"], -fact["amount_fen"])


def bill_taken(station, fact):
    station.keeps("Bill", short(fact.about), fact["amount_fen"] + fact["fee_fen"])


def bill_paid(station, fact):
    station.keeps("Bill", short(fact.about), -fact["amount_fen"] - fact["fee_fen"])
    station.keeps("County", "", fact["amount_fen"])


def bill_failed(station, fact):
    whole = fact["amount_fen"] + fact["fee_fen"]
    station.keeps("Bill", short(fact.about), -whole)
    station.keeps("RefundDue", short(fact.about), whole)


def bill_reversed(station, fact):
    station.keeps("County", "", -fact["amount_fen"])
    station.keeps("RefundDue", short(fact.about), fact["amount_fen"] + fact["fee_fen"])


def sale_made(station, fact):
    for share in fact["shares"]:
        station.keeps("Grower", short(share["person"]), share["amount_fen"])


def sale_returned(station, fact):
    """Back from her; what we had earned by it, she has again; the county gets its top-up back."""
    for share in fact["shares"]:
        back = share["commission_fen"] - share["amount_fen"]
        station.keeps("Grower", short(share["person"]), back)
        station.keeps("County", "", share["top_up_fen"])


def sale_settled(station, fact):
    station.keeps("Grower", short(fact["person"]), -fact["commission_fen"])
    station.keeps("County", "", -fact["top_up_fen"])


def lot_bought(station, fact):
    station.keeps("Grower", short(fact["person"]), fact["owed_fen"])


def lot_gone(station, fact):
    """Goods are gone: the station pays the growers, or the county will, or one bears it."""
    amounts = fact.body.get("amounts", [])
    worth = fact["cost_fen"] + sum(amount["amount_fen"] for amount in amounts)
    if fact["bearer"] == "county":
        station.keeps("County", "", -worth)
    for amount in amounts if fact["bearer"] != "county" else ():
        station.keeps("Grower", short(amount["person"]), amount["amount_fen"])
    if fact["bearer"] == "grower" and fact["person"]:
        station.keeps("Grower", short(fact["person"]), -worth)


def sold_by_county(station, fact):
    """The county has the money; it owes us all that is not a cost, nor its own."""
    left = fact["gross_fen"] - sum(cost["amount_fen"] for cost in fact["costs"])
    station.keeps("County", "", fact["county_commission_fen"] - left)


def county_sale_returned(station, fact):
    given = sum(amount["amount_fen"] for amount in fact["amounts"] + fact["top_ups"])
    station.keeps("County", "", fact["station_commission_fen"] + fact["own_fen"] + given)
    for amount in fact["came_down"]:
        station.keeps("Grower", short(amount["person"]), -amount["amount_fen"])


def topped_up(station, fact):
    """What a contract promised beyond a sale of the county: the county owes us that, too."""
    station.keeps("County", "", -sum(amount["amount_fen"] for amount in fact["amounts"]))


def settlement(station, fact):
    grower = short(fact["person"])
    passed_on = fact.body.get("passed_on", [])
    for cost in [*fact.body.get("service", []), *passed_on]:
        station.keeps("Grower", grower, -cost["amount_fen"])
    station.keeps("County", "", sum(cost["amount_fen"] for cost in passed_on))
    station.keeps("Grower", grower, -fact["paid_here_fen"] - fact["set_off_fen"])


def portions(station, fact, field, sign):
    """Purses that move with money to the county, or from it. Orders have facts of their own."""
    of_orders = 0
    for portion in fact[field]:
        if portion["purse"] == "Prepayment":
            of_orders += portion["amount_fen"]
        elif portion["purse"]:
            station.keeps(portion["purse"], portion["owner"], sign * portion["amount_fen"])
    station.keeps("County", "", sign * (fact["amount_fen"] - of_orders))


def remittance_sent(station, fact):
    portions(station, fact, "portions", -1)


def county_money_received(station, fact):
    portions(station, fact, "allotted", 1)


def county_money_allotted(station, fact):
    """What it covers became known later: an order's part is said by the fact of the order."""
    for portion in fact["allotted"]:
        if portion["purse"] == "Prepayment":
            station.keeps("County", "", -portion["amount_fen"])
        else:
            station.keeps(portion["purse"], portion["owner"], portion["amount_fen"])


def remittance_taken_back(station, fact):
    portions(station, fact, "portions", 1)


def county_money_returned(station, fact):
    portions(station, fact, "allotted", -1)


def courier_payment_returned(station, fact):
    for_courier(station, fact, fact["cod_fen"], fact["freight_fen"])
    station.keeps("Sending", fact["courier"], fact["sending_fen"])


def statement_answered(station, fact):
    """What is accepted in our favour the county owes us."""
    for charge in fact["accepted"]:
        station.keeps("County", "", -charge["amount_fen"])


def payment_corrected(station, fact):
    """It never went there, it went elsewhere; what a count found already is no note any more."""
    sign = 1 if fact["direction"] == "in" else -1
    for factor, tenders in ((-sign, fact["was"]), (sign, fact["tenders"])):
        for tender in tenders:
            way = tender["way"]
            if way != "account":
                is_found = way == "cash" and fact["counted"]
                hand = "miscounted" if is_found else fact.place(way)
                station.gives("villager", hand, factor * tender["amount_fen"])


def change_corrected(station, fact):
    if fact["counted"]:
        counted(station, fact, fact["difference_fen"])


def place_compared(station, fact):
    if fact["booked"]:
        station.gives("miscounted", fact.place(fact["place"]), fact["difference_fen"])


def named_purse(station, account, fen):
    """A purse that the fact names by its account: the last part but one says whose it is."""
    parts = account.split(":")
    if parts[1] == "RefundDue":
        station.keeps("RefundDue", parts[2], fen)
    elif parts[1] == "Held" and parts[-1] == "Here":
        station.keeps(parts[2], parts[3], fen)
    elif account == "Liabilities:County":
        station.keeps("County", "", fen)


def debit_settled(station, fact):
    named_purse(station, fact["account"], fact["amount_fen"])


def opened(station, fact, fen):
    """What was there before the books: a note in a place, or somebody's money."""
    purse = fact["purse"]
    if purse in ("drawer", *FIRST_WORDS):
        hand = f"drawer {fact['device']}" if purse == "drawer" else FIRST_WORDS[purse]
        station.gives("owner", hand, fen)
    elif purse == "owed_grower":
        station.keeps("Grower", short(fact["person"]), fen)
    elif purse == "owed_person":
        station.keeps("RefundDue", short(fact.about), fen)
    elif purse in ("cod", "freight"):
        station.keeps({"cod": "COD", "freight": "Freight"}[purse], fact["courier"], fen)
    elif purse in ("owed_county", "county_owes"):
        station.keeps("County", "", fen if purse == "owed_county" else -fen)


def opening_entered(station, fact):
    opened(station, fact, fact["amount_fen"])


def opening_corrected(station, fact):
    opened(station, fact, fact["is_fen"] - fact["was_fen"])


MEANINGS = {
    "county_money.allotted": county_money_allotted,
    "county_money.returned": county_money_returned,
    "remittance.taken_back": remittance_taken_back,
    "courier_payment.returned": courier_payment_returned,
    "statement.answered": statement_answered,
    "payment.corrected": payment_corrected,
    "change.corrected": change_corrected,
    "debit.settled": debit_settled,
    "place.compared": place_compared,
    "opening.entered": opening_entered,
    "opening.corrected": opening_corrected,
    "shift.opened": shift_opened,
    **dict.fromkeys(("shift.closed", "shift.handed_over"), shift_ended),
    "payment.taken": payment_taken,
    "payment.given": payment_given,
    "cash.put_in": put_in,
    "cash.taken_out": taken_out,
    **dict.fromkeys(("parcel.handed_over", "parcel.handed_over_on_run"), handed_over),
    "handover.corrected": handover_corrected,
    "ending.taken_back": ending_taken_back,
    "parcel.cod_corrected": cod_corrected,
    **dict.fromkeys(("parcel.lost", "parcel.compensated"), parcel_lost),
    "courier.paid": courier_paid,
    "sending.accepted": sending_accepted,
    "sending.cancelled": sending_cancelled,
    "order.placed": order_placed,
    "prepayment.passed_on": passed_on,
    **dict.fromkeys(("order.price_fell", "order.fell_short", "order.swapped"), owed_back),
    "order.cancelled": owed_back,
    "order.picked_up": picked_up,
    "order.cancellation_agreed": cancellation_agreed,
    "order.returned": order_returned,
    "order.return_agreed": return_agreed,
    "refund.paid": refund_paid,
    "bill.taken": bill_taken,
    "bill.paid": bill_paid,
    "bill.failed": bill_failed,
    "bill.reversed": bill_reversed,
    "sale.made": sale_made,
    "sale.returned": sale_returned,
    "sale.settled": sale_settled,
    "lot.bought": lot_bought,
    **dict.fromkeys(("lot.spoiled", "lot.returned"), lot_gone),
    **dict.fromkeys(("lot.sampled", "lot.difference_decided"), lot_gone),
    "lot.sold_by_county": sold_by_county,
    "lot.county_sale_returned": county_sale_returned,
    "lot.topped_up": topped_up,
    **dict.fromkeys(("settlement.made", "settlement.paid"), settlement),
    "remittance.sent": remittance_sent,
    "county_money.received": county_money_received,
}
# Nothing changes hands, and nothing is kept for anybody else: goods, words, what villagers owe.
NO_MONEY = frozenset(Path(__file__).with_name("no_money.txt").read_text("utf-8").split())


def counting(facts):
    """Leave out what a cut-off PC says beyond its end, and versions nobody has accepted."""
    there = {(f.stream, f.seq): f.identity for f in facts}
    revoked, until = set(), dict[str, int]()
    for fact in facts:
        if fact.kind == "device.revoked":
            revoked.add(f"{fact['station']}/{fact['device']}")
            for end in fact["ends"]:
                if there.get((end["stream"], end["seq"]), end["hash"]) == end["hash"]:
                    until[end["stream"]] = max(end["seq"], until.get(end["stream"], 0))
    for stream in {f.stream for f in facts if f.stream.rpartition("/")[0] in revoked}:
        until.setdefault(stream, 0)
    for fact in facts:
        if fact.kind == "branch.found" and there.get((fact["stream"], fact["seq"])) == fact["hash"]:
            until[fact["stream"]] = min(until.get(fact["stream"], fact["seq"]), fact["seq"] - 1)
    for fact in facts:
        known = fact.kind == "branch.accepted" and fact["stream"] in until
        if known and there.get((fact["stream"], fact["to"])) == fact["hash"]:
            until[fact["stream"]] = max(until[fact["stream"]], fact["to"])
    return [f for f in facts if f.seq <= until.get(f.stream, f.seq)]


def walk(lines):
    """Follow all notes of an export; what was undone (冲红) or cut off never happened."""
    facts = counting([Fact(line) for line in lines if line.strip()])
    undone = {(f.act[0], f["act"]) for f in facts if f.kind == "act.reversed"}
    station = Station()
    for fact in facts:
        if fact.act in undone or fact.kind in NO_MONEY:
            continue
        MEANINGS[fact.kind](station, fact)
    assert sum(station.hands.values()) == 0, "a note came from nowhere"
    return station


def main():
    station = walk(sys.stdin)
    for hand, fen in sorted(station.hands.items()):
        print(f"in hand    {hand:24} {fen / 100:12.2f}")
    for (purse, owner), fen in sorted(station.purses.items()):
        print(f"kept for   {purse + ' ' + owner:24} {fen / 100:12.2f}")
    print(f"own        {'':24} {station.own / 100:12.2f}")


if __name__ == "__main__":
    main()
