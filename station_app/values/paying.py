"""How an amount is settled at the counter: one way or several, change, what is let go.

Plain values and sums, no screen and no fact: the payment panel of every page works with one of
these, and the commands of the drawer are made from it. So what the screen shows as still due is
what the rule will find.
"""

from dataclasses import dataclass, replace

CASH = "cash"
WECHAT = "wechat"
ALIPAY = "alipay"
BANK = "bank"
ON_ACCOUNT = "account"
WAYS = (CASH, WECHAT, ALIPAY, BANK, ON_ACCOUNT)
NUMBERED_WAYS = (WECHAT, ALIPAY)  # whose payment number is on the villager's phone

AMOUNT_MAX = 100_000_000  # a million yuan in one tender is a slipped key, not a sale
ROUND_OFF_MAX = 999  # below ten yuan it is 抹零; beyond it is a discount and says so
TENDERS_MAX = 8
JIAO_FEN, YUAN_FEN = 10, 100
FACES = (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10)  # notes and coins in use, in fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One way in which something is paid. amount_fen: handed over, change not deducted."""

    way: str
    amount_fen: int
    reference: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """How far a villager may owe. limit_fen: 0 when nobody has set one; owes_fen: already."""

    limit_fen: int = 0
    owes_fen: int = 0

    @property
    def free_fen(self) -> int:
        """Return what she may still put on account."""
        return max(0, self.limit_fen - self.owes_fen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paying:
    """What is known so far of how an amount is paid.

    parts: laid aside already, of other ways; way, typed_fen, reference: of the last part, which
    settles the rest: typed_fen None means all that is still due. person, credit: who may owe,
    "" for nobody. gives: money goes out; then nothing is changed and nothing let go.
    """

    due_fen: int = 0
    parts: tuple[Part, ...] = ()
    way: str = CASH
    typed_fen: int | None = None
    reference: str = ""
    round_off_fen: int = 0
    person: str = ""
    credit: Credit = Credit()
    gives: bool = False

    @property
    def to_pay_fen(self) -> int:
        """Return what is asked for: what is due less what was let go."""
        return self.due_fen - self.round_off_fen

    @property
    def rest_fen(self) -> int:
        """Return what the parts laid aside and what was let go leave to be paid."""
        return self.to_pay_fen - sum(part.amount_fen for part in self.parts)

    @property
    def last_fen(self) -> int:
        """Return what the last part comes to."""
        return self.rest_fen if self.typed_fen is None else self.typed_fen

    @property
    def still_due_fen(self) -> int:
        """Return what is not covered yet, never below zero."""
        return max(0, self.rest_fen - self.last_fen)

    @property
    def change_fen(self) -> int:
        """Return the change to give; only cash gives change."""
        return max(0, self.last_fen - self.rest_fen) if self.way == CASH else 0

    @property
    def has_reference(self) -> bool:
        """Tell whether a payment number is wanted for the last part."""
        return self.way in NUMBERED_WAYS and self.last_fen > 0

    @property
    def all_parts(self) -> tuple[Part, ...]:
        """Return all parts, the last one with the payment number of its way."""
        if self.last_fen <= 0:
            return self.parts
        return (*self.parts, self.last_part)

    @property
    def last_part(self) -> Part:
        """Return what is being entered, as a part."""
        return Part(
            way=self.way,
            amount_fen=self.last_fen,
            reference=self.reference.strip() if self.has_reference else "",
            person=self.person if self.way == ON_ACCOUNT else "",
        )

    def owed_fen(self) -> int:
        """Return what all parts put on account; what is given back comes off it."""
        if self.gives:
            return 0
        return sum(part.amount_fen for part in self.all_parts if part.way == ON_ACCOUNT)

    def uses_cash(self) -> bool:
        """Tell whether notes change hands."""
        return any(part.way == CASH for part in self.all_parts)

    def missing(self, *, has_shift: bool) -> str:
        """Return what is still to be done, as the end of a text key, "" when nothing is."""
        exact = self.gives or self.way != CASH
        steps = (
            ("too_big", self.last_fen > AMOUNT_MAX),
            ("parts", self.rest_fen < 0),
            ("shift", not has_shift and self.uses_cash()),
            ("nothing", self.typed_fen == 0 and self.rest_fen > 0),
            ("short", self.still_due_fen > 0),
            ("over", exact and self.last_fen > self.rest_fen),
            ("person", self.owed_fen() > 0 and not self.person),
            ("no_limit", self.owed_fen() > 0 and not self.credit.limit_fen),
            ("above_limit", self.owed_fen() > self.credit.free_fen),
            ("reference", self.has_reference and not self.reference.strip()),
        )
        if not self.due_fen:
            return ""
        return next((step for step, is_open in steps if is_open), "")


def laid_aside(paying: Paying) -> Paying:
    """Put what was typed aside as a part; the rest is paid in another way."""
    if not 0 < paying.last_fen < paying.rest_fen or len(paying.parts) >= TENDERS_MAX - 1:
        return paying
    if paying.has_reference and not paying.reference.strip():
        return paying
    kept = (*paying.parts, paying.last_part)
    way = CASH if paying.way != CASH else WECHAT
    return replace(paying, parts=kept, way=way, typed_fen=None, reference="")


def taken_back(paying: Paying) -> Paying:
    """Take the part that was laid aside last into hand again."""
    if not paying.parts:
        return paying
    last = paying.parts[-1]
    return replace(
        paying,
        parts=paying.parts[:-1],
        way=last.way,
        typed_fen=last.amount_fen,
        reference=last.reference,
    )


def rounded_off(paying: Paying) -> Paying:
    """Let the odd fen go, then the odd jiao, then nothing again: one key, downwards only."""
    due = paying.due_fen
    steps = [0]
    for whole in (JIAO_FEN, YUAN_FEN):
        odd = due % whole
        if odd and odd < due and odd not in steps:
            steps.append(odd)
    place = steps.index(paying.round_off_fen) if paying.round_off_fen in steps else 0
    return replace(paying, round_off_fen=steps[(place + 1) % len(steps)])


def notes_of(amount_fen: int) -> tuple[tuple[int, int], ...]:
    """Return in which notes and coins change is given: (face in fen, pieces), the largest first.

    Nothing for what cannot be given: no coin is smaller than a jiao.
    """
    if amount_fen % FACES[-1]:
        return ()
    found, left_fen = [], amount_fen
    for face in FACES:
        pieces, left_fen = divmod(left_fen, face)
        if pieces:
            found.append((face, pieces))
    return tuple(found)


def handy_notes(amount_fen: int) -> tuple[int, ...]:
    """Return up to three sums of notes in which an amount is likely to be handed over."""
    found: list[int] = []
    for note in (1_000, 2_000, 5_000, 10_000):
        sum_fen = -(-amount_fen // note) * note
        if sum_fen != amount_fen and sum_fen not in found:
            found.append(sum_fen)
    return tuple(found[:3])
