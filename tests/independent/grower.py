"""What is a grower's? Her lots, sales, losses and payments, worked out anew from the facts alone.

Written from docs/PRODUCT.md and docs/LEDGER.md with fractions; imports nothing of the program and
shares no formula with it. It reads what `python -m station_app export facts` writes. Each amount
that a fact states of a grower is worked out here a second time, and held against it; after each
fact every lot is counted over the places where it can be, and after each act the money that
changed hands is held against what was said of it. Where they differ, it says which fact.

    python -m station_app export facts | python -m tests.independent.grower
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from typing import Any

from tests.independent.online import Online, by_person

Told = dict[str, Any]

PLACES_OF = {
    "lot.sold": ("shelf", "sold"),
    "lot.spoiled": ("shelf", "spoiled"),
    "lot.returned": ("shelf", "returned"),
    "lot.sampled": ("shelf", "sampled"),
    "lot.drawn": ("shelf", "drawn"),
    "lot.dispatched": ("shelf", "road"),
    "lot.sold_by_county": ("hub", "sold"),
}
AT_HUB = "lot.packed"  # the one kind of founding fact of which the lot lies at the hub


def nearest(amount: Fraction | int) -> int:
    """A half is rounded up."""
    return floor(Fraction(amount) + Fraction(1, 2))


def worth(quantity: int, price: int, unit: str) -> int:
    return nearest(Fraction(quantity * price, 1 if unit == "piece" else 1000))


def divided(total: int, holders: list[tuple[Any, int]]) -> list[int]:
    """Parts of a total, whole ones: what is left goes to the largest fraction, ties in order."""
    whole = sum(weight for _, weight in holders)
    exact = [Fraction(total * weight, whole) for _, weight in holders]
    parts = [floor(part) for part in exact]
    order = sorted(range(len(holders)), key=lambda i: (parts[i] - exact[i], holders[i][0]))
    for index in order[: total - sum(parts)]:
        parts[index] += 1
    return parts


@dataclass
class Lot:
    """A lot. places: grams or pieces by place; shares: as its growers' terms were said."""

    unit: str
    came: int
    shares: list[Told]
    is_own: bool
    places: Counter[str] = field(default_factory=Counter)


@dataclass
class Part:
    """A grower's part of a sale. back, back_grams: returned; settled: (grams, commission, top-up)
    or None; undone: of what was settled (grams, commission, top-up) that came back."""

    person: str
    grams: int
    fen: int
    terms: Told
    back: int = 0
    back_grams: int = 0
    settled: tuple[int, int, int] | None = None
    undone: tuple[int, int, int] = (0, 0, 0)


@dataclass
class Sale:
    """A line of a slip. paid, paid_back: by the customer, without discount and round-off."""

    unit: str
    price: int
    quantity: int
    parts: list[Part]
    paid: int
    back: int = 0
    paid_back: int = 0


@dataclass
class Grower:
    """What the station owes her here and for the county, and what she was paid."""

    here: int = 0
    county: int = 0
    paid: int = 0
    lots: list[str] = field(default_factory=list)

    @property
    def kept(self) -> int:
        return self.here + self.county


class Season:
    """The books of all growers."""

    def __init__(self) -> None:
        self.lots: dict[str, Lot] = {}
        self.sales: dict[str, Sale] = {}
        self.online = Online()
        self.growers: dict[str, Grower] = {}
        self.problems: list[str] = []
        self.clearing: Counter[tuple[str, str]] = Counter()
        self.facts = 0

    def grower(self, person: str) -> Grower:
        return self.growers.setdefault(person, Grower())

    # --- Reading ---

    def read(self, lines: Iterable[str]) -> "Season":
        facts = [json.loads(line) for line in lines if line.strip()]
        facts.sort(key=lambda fact: (fact["at"], fact["stream"], fact["seq"]))
        gone = {(f["stream"], f["body"]["act"]) for f in facts if f["kind"] == "act.reversed"}
        for fact in facts:
            if (fact["stream"], fact["act"]) not in gone:
                self.take(fact)
        for (stream, act), fen in self.clearing.items():
            if fen:
                self.problems.append(f"act {act} of {stream}: {fen} fen came from nowhere")
        return self

    def take(self, fact: Told) -> None:
        """Take one fact; goods are counted after each."""
        kind, body = fact["kind"], fact["body"]
        about = fact["entity"] or fact["identity"]
        work = _WORKS.get(kind)
        moved = PLACES_OF.get(kind)
        if work is None and moved is None:
            return
        self.facts += 1
        if moved is not None:
            self.moves(fact, *moved, body["quantity"])
        if work is not None:
            work(self, fact, body, about)
        lot = self.lots.get(about)
        if lot is not None:
            if sum(lot.places.values()) != lot.came:
                self.problems.append(f"{_name(fact)}: {dict(lot.places)} of {lot.came}")
            if min(lot.places.values(), default=0) < 0:
                self.problems.append(f"{_name(fact)}: less than nothing {dict(lot.places)}")

    def moves(self, fact: Told, out_of: str, into: str, quantity: int) -> None:
        lot = self.lots.get(fact["entity"])
        if lot is None:
            self.problems.append(f"{_name(fact)}: of a lot that nobody brought")
            return
        lot.places[out_of] -= quantity
        lot.places[into] += quantity

    def agrees(self, fact: Told, what: str, said: Any, found: Any) -> None:
        if said != found:
            self.problems.append(f"{_name(fact)}: {what} is said to be {said}, it is {found}")

    def customer(self, fact: Told, fen: int) -> None:
        """So much is asked of whoever stands at the counter (less: to be given)."""
        self.clearing[fact["stream"], fact["act"]] += fen

    # --- What lots are ---

    def accepted(self, fact: Told, body: Told, about: str) -> None:
        self._weighs(fact, body)
        share = body["share"]
        self.agrees(fact, "her share", share["quantity"], body["quantity"])
        self.founds(about, body, [share], is_own=False)
        self.grower(share["person"]).lots.append(about)

    def bought(self, fact: Told, body: Told, about: str) -> None:
        self._weighs(fact, body)
        cost = worth(body["quantity"], body["price_fen"], body["unit"])
        self.agrees(fact, "its cost", body["paid_fen"] + body["owed_fen"], cost)
        self.founds(about, body, [], is_own=True)
        self.customer(fact, -body["paid_fen"])
        self.grower(body["person"]).here += body["owed_fen"]
        self.grower(body["person"]).paid += body["paid_fen"]

    def _weighs(self, fact: Told, body: Told) -> None:
        if body["unit"] == "gram" and body["weighing"]["gross_grams"]:
            how = body["weighing"]
            net = how["gross_grams"] - how["tare_grams"] - how["deducted_grams"]
            self.agrees(fact, "what counts", body["quantity"], net)

    def founds(
        self, about: str, body: Told, shares: list[Told], *, is_own: bool, kind: str = ""
    ) -> None:
        quantity = body["quantity"]
        lies = "hub" if kind == AT_HUB else "shelf"
        lot = Lot(body["unit"], quantity, shares, is_own, Counter({lies: quantity}))
        self.lots[about] = lot

    def reweighed(self, fact: Told, body: Told, about: str) -> None:
        lot, more = self.lots[about], body["quantity"] - body["was_quantity"]
        lot.came += more
        lot.places["shelf"] += more
        if len(lot.shares) == 1:
            lot.shares = [{**lot.shares[0], "quantity": lot.shares[0]["quantity"] + more}]
        self.customer(fact, -body["cost_fen"])
        self.grower(body["person"]).paid += body["cost_fen"]

    def made(self, fact: Told, body: Told, about: str) -> None:
        """Whose a lot of others is: the parts of each, her terms kept apart."""
        found: Counter[str] = Counter()
        for part in body["parts"]:
            of = self.lots[part["lot"]].shares
            if not of:
                continue
            in_order = sorted(of, key=_terms_order)
            keys = [((s["person"], n), s["quantity"]) for n, s in enumerate(in_order)]
            for share, quantity in zip(in_order, divided(part["quantity"], keys), strict=True):
                found[_terms(share)] += quantity
        said = Counter({_terms(share): share["quantity"] for share in body["shares"]})
        self.agrees(fact, "whose it is", +said, +found)
        self.agrees(fact, "what it was made of", body["quantity"], _sum(body["parts"], "quantity"))
        own = body["ownership"] == "own"
        self.founds(about, body, body["shares"], is_own=own, kind=fact["kind"])
        self.customer(fact, -body["cost_fen"])

    def drawn_from(self, fact: Told, body: Told, _about: str) -> None:
        self.customer(fact, body["cost_fen"])

    # --- What is sold ---

    def sold(self, fact: Told, body: Told, about: str) -> None:
        amount = worth(body["quantity"], body["price_fen"], body["unit"])
        self.agrees(fact, "what it comes to", body["amount_fen"], amount)
        lot = self.lots.get(body["lot"])
        parts: list[Part] = []
        if lot is not None and not lot.is_own:
            shares = sorted(lot.shares, key=lambda s: (s["person"], s["contract"]))
            keys = [((s["person"], n), s["quantity"]) for n, s in enumerate(shares)]
            amounts, grams = divided(amount, keys), divided(body["quantity"], keys)
            parts = [
                Part(share["person"], grams[n], amounts[n], share) for n, share in enumerate(shares)
            ]
        said = [(s["person"], s["quantity"], s["amount_fen"]) for s in body["shares"]]
        self.agrees(fact, "whose it is", said, [(p.person, p.grams, p.fen) for p in parts])
        for part in parts:
            self.grower(part.person).here += part.fen
        paid = amount - body["discount_fen"] - body["round_off_fen"]
        self.sales[about] = Sale(body["unit"], body["price_fen"], body["quantity"], parts, paid)
        self.customer(fact, paid)

    def came_back(self, fact: Told, body: Told, about: str) -> None:
        sale, quantity = self.sales[about], body["quantity"]
        is_last = sale.back + quantity >= sale.quantity
        rate = Fraction(quantity, sale.quantity)
        said = [tuple(s.values()) for s in map(_returned, body["shares"])]
        found = []
        for part in sale.parts:
            fen, grams = part.fen - part.back, part.grams - part.back_grams
            if not is_last:
                fen = min(fen, nearest(part.fen * rate))
                grams = min(grams, nearest(part.grams * rate))
            part.back, part.back_grams = part.back + fen, part.back_grams + grams
            grower = self.grower(part.person)
            commission, top_up = self._unsettled(part, grams)
            grower.here += commission - fen
            grower.county -= top_up
            found.append((part.person, grams, fen, commission, top_up))
        self.agrees(fact, "what growers give back", said, found)
        back = body["amount_fen"] - body["discount_fen"] - body["round_off_fen"]
        sale.back, sale.paid_back = sale.back + quantity, sale.paid_back + back
        if is_last:
            self.agrees(fact, "what the customer got back in all", sale.paid_back, sale.paid)
        self.customer(fact, -back)

    def _unsettled(self, part: Part, grams: int) -> tuple[int, int]:
        """Commission and top-up that go back with so many grams of what was settled."""
        if part.settled is None or not part.settled[0]:
            return 0, 0
        whole, commission, top_up = part.settled
        before, *undone = part.undone
        given = []
        for total, earlier in zip((commission, top_up), undone, strict=True):
            left = total - earlier
            exact = nearest(Fraction(total * grams, whole))
            given.append(left if before + grams >= whole else min(left, exact))
        part.undone = (before + grams, undone[0] + given[0], undone[1] + given[1])
        return given[0], given[1]

    def taken_back(self, fact: Told, body: Told, _about: str) -> None:
        self.moves(fact, "sold", "spoiled" if body["into"] == "spoiled" else "shelf",
                   body["quantity"])  # fmt: skip

    # --- What is lost, and what the county says ---

    def borne(self, fact: Told, body: Told, about: str) -> None:
        """A loss: the growers are paid by whoever bears it, each by her share."""
        lot = self.lots[about]
        amounts = body.get("amounts", [])
        total = _sum(amounts, "amount_fen")
        if amounts:
            self.agrees(fact, "who bears it", body["bearer"] in ("station", "county"), True)
            weights: Counter[str] = Counter()
            for share in lot.shares:
                weights[share["person"]] += share["quantity"]
            holders = sorted(weights.items())
            parts = divided(total, holders)
            said = {a["person"]: a["amount_fen"] for a in amounts}
            found = {person: fen for (person, _), fen in zip(holders, parts, strict=True)}
            self.agrees(fact, "what each gets", said, found)
        for amount in amounts:
            grower = self.grower(amount["person"])
            if body["bearer"] == "county":
                grower.county += amount["amount_fen"]
            else:
                grower.here += amount["amount_fen"]
        if body["bearer"] == "grower" and body["person"]:
            self.grower(body["person"]).here -= body["cost_fen"]

    def received(self, fact: Told, body: Told, _about: str) -> None:
        self.moves(fact, "road", "hub", body["quantity"])
        self.moves(fact, "road", "difference", body["difference"])

    def decided(self, fact: Told, body: Told, about: str) -> None:
        self.moves(fact, "difference", "hub", body["found"])
        self.moves(fact, "difference", "spoiled", body["lost"])
        self.borne(fact, body, about)

    def processed(self, fact: Told, body: Told, _about: str) -> None:
        self.moves(fact, "hub", "drawn", body["used"])
        self.moves(fact, "hub", "difference", body["lost"])
        self.customer(fact, body["drawn_fen"])

    def unpacked(self, fact: Told, body: Told, _about: str) -> None:
        self.moves(fact, "hub", "drawn", body["quantity"])
        self.customer(fact, body["cost_fen"])

    def processing_undone(self, fact: Told, body: Told, _about: str) -> None:
        self.moves(fact, "drawn", "hub", body["used"])
        self.moves(fact, "difference", "hub", body["lost"])
        self.customer(fact, -body["drawn_fen"])

    def sold_by_county(self, fact: Told, body: Told, _about: str) -> None:
        self.online.sold(fact, body)
        costs = _sum(body["costs"], "amount_fen")
        both = body["station_commission_fen"] + body["county_commission_fen"]
        if body["ownership"] == "consigned":
            net = body["gross_fen"] - costs - both
            self.agrees(fact, "what growers get", _sum(body["amounts"], "amount_fen"), net)
        for amount in body["amounts"]:
            self.grower(amount["person"]).county += amount["amount_fen"]

    def county_sale_returned(self, fact: Told, body: Told, _about: str) -> None:
        into = "hub" if body["into"] == "hub" else "difference"
        self.moves(fact, "sold", into, body["quantity"])
        for what, said, found in self.online.came_back(body):
            self.agrees(fact, what, said, found)
        here = by_person(body["came_down"])
        for person, fen in by_person(body["amounts"] + body["top_ups"]).items():
            self.grower(person).here -= here[person]
            self.grower(person).county -= fen - here[person]

    def topped_up(self, fact: Told, body: Told, about: str) -> None:
        promised = {s["person"] for s in self.lots[about].shares if s["guaranteed_fen"]}
        for amount in body["amounts"]:
            self.agrees(fact, "her contract", amount["person"] in promised, True)
            self.grower(amount["person"]).county += amount["amount_fen"]
        self.online.topped_up(fact, body)

    # --- What is paid ---

    def settled(self, fact: Told, body: Told, about: str) -> None:
        sale = self.sales[about]
        part = sale.parts[body["share"] - 1]
        grams, fen = part.grams - part.back_grams, part.fen - part.back
        commission = nearest(Fraction(fen * part.terms["commission_bp"], 10_000))
        top_up, promised = 0, part.terms["guaranteed_fen"]
        if promised and part.terms["is_net"]:
            top_up = max(0, worth(grams, promised, sale.unit) - (fen - commission))
        elif promised:
            top_up = worth(grams, max(0, promised - sale.price), sale.unit)
        said = [body[key] for key in ("quantity", "amount_fen", "commission_fen", "top_up_fen")]
        self.agrees(fact, "what is settled", said, [grams, fen, commission, top_up])
        self.agrees(fact, "with whom", body["person"], part.person)
        if part.settled is not None:
            self.problems.append(f"{_name(fact)}: settled twice")
        part.settled = (grams, commission, top_up)
        grower = self.grower(part.person)
        grower.here -= commission
        grower.county += top_up

    def paid(self, fact: Told, body: Told, _about: str) -> None:
        grower = self.grower(body["person"])
        charges = _sum(body.get("service", []), "amount_fen")
        charges += _sum(body.get("passed_on", []), "amount_fen")
        out = body["paid_here_fen"] + body["paid_county_fen"]
        grower.here -= charges + body["paid_here_fen"] + body["set_off_fen"]
        grower.county -= body["paid_county_fen"]
        grower.paid += out + body["set_off_fen"]
        self.customer(fact, -out)

    def tendered(self, fact: Told, body: Told, _about: str) -> None:
        given = _sum(body["tenders"], "amount_fen")
        if fact["kind"] == "payment.taken":
            given = body["change_fen"] - given
        self.customer(fact, given)

    def opened(self, _fact: Told, body: Told, _about: str) -> None:
        if body["purse"] == "owed_grower":
            self.grower(body["person"]).here += body["amount_fen"]


_WORKS: dict[str, Any] = {
    "lot.accepted": Season.accepted,
    "lot.bought": Season.bought,
    "lot.reweighed": Season.reweighed,
    "lot.drawn": Season.drawn_from,
    "lot.made": Season.made,
    "lot.packed": Season.made,
    "lot.processed": Season.processed,
    "lot.unpacked": Season.unpacked,
    "lot.processing_undone": Season.processing_undone,
    "lot.taken_back": Season.taken_back,
    **dict.fromkeys(("lot.spoiled", "lot.returned", "lot.sampled"), Season.borne),
    "lot.received": Season.received,
    "lot.difference_decided": Season.decided,
    "lot.sold_by_county": Season.sold_by_county,
    "lot.county_sale_returned": Season.county_sale_returned,
    "lot.topped_up": Season.topped_up,
    "sale.made": Season.sold,
    "sale.returned": Season.came_back,
    "sale.settled": Season.settled,
    "settlement.made": Season.paid,
    "settlement.paid": Season.paid,
    "payment.taken": Season.tendered,
    "payment.given": Season.tendered,
    "opening.entered": Season.opened,
}


def _name(fact: Told) -> str:
    return f"{fact['kind']} {fact['stream']} {fact['seq']}"


def _sum(rows: list[Told], key: str) -> int:
    return sum(row[key] for row in rows)


def _terms_order(share: Told) -> tuple[Any, ...]:
    keys = ("person", "contract", "commission_bp", "guaranteed_fen", "floor_fen")
    return tuple(share[key] for key in keys)


def _terms(share: Told) -> str:
    return json.dumps({k: v for k, v in share.items() if k != "quantity"}, sort_keys=True)


def _returned(share: Told) -> Told:
    keys = ("person", "quantity", "amount_fen", "commission_fen", "top_up_fen")
    return {key: share[key] for key in keys}


def main() -> int:
    season = Season().read(sys.stdin)
    for person, grower in sorted(season.growers.items()):
        print(f"{person[:12]}  kept {grower.kept / 100:12.2f}  paid {grower.paid / 100:12.2f}")
    for problem in season.problems:
        print(problem)
    return 1 if season.problems else 0


if __name__ == "__main__":
    sys.exit(main())
