"""What a township has sorted and not sent: open bags, closed ones, and each step that may go back.

None of it is a fact before a bag leaves (see `loading`); it is kept as a draft. A closed bag stays
in the draft after it left, so that it stands here again when its departure is taken back.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

PROBLEM = "?"  # the shelf of pieces of which nobody knows the village, among the bags
STEPS_MAX = 200  # back to which one may go


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedBag:
    """A bag that waits for its van. number: of its place; pieces: (waybill, courier)."""

    village: str
    number: int
    code: str
    pieces: tuple[tuple[str, str], ...]
    day: str
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A piece fell into a bag, or a bag was closed (`code`). former: where the piece lay before."""

    village: str
    waybill: str = ""
    courier: str = ""
    former: str = ""
    code: str = ""
    at: int = 0


@dataclass(slots=True)
class Heaps:
    """Open bags by village, closed ones, and the steps of this start. tag: of the next bag."""

    open: dict[str, dict[str, str]] = field(default_factory=dict)
    closed: list[ClosedBag] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    tag: str = ""

    # --- What is there ---------------------------------------------------------------------------

    def pieces(self, village: str) -> Mapping[str, str]:
        """Return what lies in an open bag: courier by waybill."""
        return self.open.get(village, {})

    def count(self) -> int:
        """Return how many pieces lie in open bags and on the shelf of problems."""
        return sum(map(len, self.open.values()))

    def place_of(self, waybill: str) -> str:
        """Return the village in whose open bag a piece lies, "" for none."""
        return next((code for code, heap in self.open.items() if waybill in heap), "")

    def waiting(self, left: Collection[str]) -> list[ClosedBag]:
        """Return the closed bags that have not left. left: codes of those that have."""
        return [one for one in self.closed if one.code not in left]

    # --- What is done ----------------------------------------------------------------------------

    def put(self, waybill: str, courier: str, village: str, at: int) -> None:
        """Let a piece fall into an open bag, out of the one in which it lay."""
        former = self.place_of(waybill)
        self.open.get(former, {}).pop(waybill, None)
        self.open.setdefault(village, {})[waybill] = courier
        self._note(Step(village, waybill, courier, former, at=at))

    def close(self, bag: ClosedBag, at: int) -> None:
        """Close a village's open bag."""
        self.open.pop(bag.village, None)
        self.closed.append(bag)
        self.tag = ""
        self._note(Step(bag.village, code=bag.code, at=at))

    def reopen(self, code: str) -> None:
        """Open a closed bag again: its pieces lie in the open one of its village."""
        for bag in [one for one in self.closed if one.code == code]:
            self.closed.remove(bag)
            self.open[bag.village] = {**dict(bag.pieces), **self.open.get(bag.village, {})}

    def take_back(self, left: Collection[str]) -> Step | None:
        """Take the last step back; returns it, None for none that can be."""
        while self.steps:
            step = self.steps.pop()
            if step.code:
                if step.code in left or all(one.code != step.code for one in self.closed):
                    continue
                self.reopen(step.code)
                return step
            heap = self.open.get(step.village, {})
            if step.waybill not in heap:
                continue  # its bag is closed, or it was moved on
            courier = heap.pop(step.waybill)
            if step.former:
                self.open.setdefault(step.former, {})[step.waybill] = courier
            return step
        return None

    def seal(self, code: str, seal: str) -> None:
        """Note the seal of a closed bag."""
        self.closed = [replace(one, seal=seal) if one.code == code else one for one in self.closed]

    def forget(self, left: Collection[str], today: str) -> None:
        """Drop closed bags that left on a day before: nobody takes that back any more."""
        gone = [one for one in self.closed if one.code in left and one.day < today]
        self.closed = [one for one in self.closed if one not in gone]

    def _note(self, step: Step) -> None:
        self.steps = [*self.steps[1 - STEPS_MAX :], step]

    # --- Over a power cut ------------------------------------------------------------------------

    def draft(self) -> dict[str, Any] | None:
        """Return what is kept, None when there is nothing."""
        if not self.count() and not self.closed:
            return None
        heaps = {code: [list(pair) for pair in heap.items()] for code, heap in self.open.items()}
        return {"heaps": heaps, "tag": self.tag, "closed": [asdict(one) for one in self.closed]}

    def resume(self, draft: Mapping[str, Any]) -> None:
        """Take up what was kept; a draft of before bags were closed has none of them."""
        self.open = {
            str(code): {str(waybill): str(courier) for waybill, courier in pairs}
            for code, pairs in draft["heaps"].items()
        }
        self.tag = str(draft["tag"])
        self.closed = [
            ClosedBag(**{**one, "pieces": tuple((str(w), str(c)) for w, c in one["pieces"])})
            for one in draft.get("closed", ())
        ]
