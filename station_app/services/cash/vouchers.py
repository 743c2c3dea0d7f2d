"""Money that moves without a sale: put in, taken out, compared; and the drawer opened for no sale.

What leaves the counter over a limit, or would use other people's money, asks for a second person
beforehand. Where nobody else is there it goes through with a reason, marked as done by one
(一人办理). Nothing here says what the drawer holds: only that it is enough, or not.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Saying, Told
from station_app.journal.projection import Columns, EntityKind
from station_app.ledger.accounts import (
    ALIPAY,
    BANK,
    DRAWINGS,
    FLOAT,
    OVER_SHORT,
    PETTY,
    SAFE,
    WECHAT,
    drawer,
)
from station_app.ledger.balances import Books
from station_app.ledger.lending import Lending, lending
from station_app.ledger.posting import Entry, pays
from station_app.services.cash.commands import ComparePlace, OpenDrawer, PutIn, TakeOut
from station_app.services.cash.facts import (
    CashPutIn,
    CashTakenOut,
    CountRemark,
    DrawerOpened,
    PlaceCompared,
    VoucherRemark,
)
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.paying import AMOUNT_MAX
from station_app.values.refusal import Refusal
from station_app.values.staff import Coworker, may_confirm

OUT_LIMIT_FEN = 100_000  # a thousand yuan: above it a second person is asked beforehand
WORDS_MAX = 200  # as long as a remark of a count

DRAWER = "drawer"
PLACE_ACCOUNTS = {"safe": SAFE, "bank": BANK, "wechat": WECHAT, "alipay": ALIPAY}
PLACES = (DRAWER, *PLACE_ACCOUNTS)
IN_REASONS: Mapping[str, str] = {"own": FLOAT, "safe": SAFE, "bank": BANK}
OUT_REASONS: Mapping[str, str] = {
    "own": FLOAT,
    "safe": SAFE,
    "bank": BANK,
    "petty": PETTY,
    "drawings": DRAWINGS,
}
COMPARED = ("wechat", "alipay", "bank", "safe")
DRAWER_REASONS = ("change", "look", "stuck", "other")


# --- States --------------------------------------------------------------------------------------


class Voucher(msgspec.Struct, frozen=True, kw_only=True):
    """Money put into a place or taken out of it. direction: `in` or `out`; at: for display."""

    direction: str
    device: str
    shift: str
    day: str
    number: int
    place: str
    reason: str
    amount_fen: int
    by: str
    at: int
    act: str
    stream: str
    remark: str = ""
    confirmed_by: str = ""
    alone: int = 0
    alone_reason: str = ""


def fold_voucher(_state: Voucher | None, told: Told) -> Voucher:
    """Keep a voucher as it was written."""
    body: CashPutIn | CashTakenOut = told.body
    words: VoucherRemark = told.private or VoucherRemark()
    is_out = isinstance(body, CashTakenOut)
    return Voucher(
        direction="out" if is_out else "in",
        device=told.device,
        shift=body.shift,
        day=body.day,
        number=body.number,
        place=body.place,
        reason=body.reason,
        amount_fen=body.amount_fen,
        by=told.by,
        at=told.at,
        act=told.act,
        stream=told.stream,
        remark=words.remark,
        confirmed_by=body.confirmed_by if isinstance(body, CashTakenOut) else "",
        alone=body.alone if isinstance(body, CashTakenOut) else 0,
        alone_reason=words.alone_reason,
    )


VOUCHER = EntityKind(
    name="voucher",
    state=Voucher,
    facts=(CashPutIn, CashTakenOut),
    fold=fold_voucher,
    columns=Columns(
        table="vouchers",
        fields=(
            ("direction", "TEXT"),
            ("device", "TEXT"),
            ("shift", "TEXT"),
            ("day", "TEXT"),
            ("number", "INTEGER"),
            ("reason", "TEXT"),
            ("amount_fen", "INTEGER"),
            ("alone", "INTEGER"),
            ("act", "TEXT"),
        ),
        row=lambda v: (
            v.direction,
            v.device,
            v.shift,
            v.day,
            v.number,
            v.reason,
            v.amount_fen,
            v.alone,
            v.act,
        ),
        indexes=(("shift",), ("alone", "day")),
    ),
)


class DrawerOpening(msgspec.Struct, frozen=True, kw_only=True):
    """The drawer opened without a payment."""

    device: str
    shift: str
    day: str
    reason: str
    by: str
    at: int
    remark: str = ""


def fold_drawer_opening(_state: DrawerOpening | None, told: Told) -> DrawerOpening:
    """Keep that it was opened, and why."""
    body: DrawerOpened = told.body
    return DrawerOpening(
        device=told.device,
        shift=body.shift,
        day=body.day,
        reason=body.reason,
        by=told.by,
        at=told.at,
        remark=told.private.remark if told.private else "",
    )


DRAWER_OPENING = EntityKind(
    name="drawer_opening",
    state=DrawerOpening,
    facts=(DrawerOpened,),
    fold=fold_drawer_opening,
    columns=Columns(
        table="drawer_openings",
        fields=(("device", "TEXT"), ("shift", "TEXT"), ("day", "TEXT"), ("reason", "TEXT")),
        row=lambda d: (d.device, d.shift, d.day, d.reason),
        indexes=(("shift",),),
    ),
)


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What a phone or bank book showed, against the books of that moment."""

    device: str
    shift: str
    day: str
    place: str
    shown_fen: int
    expected_fen: int
    difference_fen: int
    booked: int
    at: int
    remark: str = ""


def fold_comparison(_state: Comparison | None, told: Told) -> Comparison:
    """Keep a comparison as it was made."""
    body: PlaceCompared = told.body
    return Comparison(
        device=told.device,
        shift=body.shift,
        day=body.day,
        place=body.place,
        shown_fen=body.shown_fen,
        expected_fen=body.expected_fen,
        difference_fen=body.difference_fen,
        booked=body.booked,
        at=told.at,
        remark=told.private.remark if told.private else "",
    )


COMPARISON = EntityKind(
    name="comparison",
    state=Comparison,
    facts=(PlaceCompared,),
    fold=fold_comparison,
    columns=Columns(
        table="comparisons",
        fields=(
            ("device", "TEXT"),
            ("shift", "TEXT"),
            ("day", "TEXT"),
            ("place", "TEXT"),
            ("difference_fen", "INTEGER"),
            ("booked", "INTEGER"),
        ),
        row=lambda c: (c.device, c.shift, c.day, c.place, c.difference_fen, c.booked),
        indexes=(("shift",),),
    ),
)


# --- Postings ------------------------------------------------------------------------------------


def account_of(place: str, device: str) -> str:
    """Return the account of a place of money. Raises ValueError for a place that is none."""
    account = drawer(device) if place == DRAWER else PLACE_ACCOUNTS.get(place)
    if account is None:
        raise ValueError(f"no place of money: {place}")
    return account


def _reason_account(reasons: Mapping[str, str], reason: str) -> str:
    account = reasons.get(reason)
    if account is None:
        raise ValueError(f"no reason for money to move: {reason}")
    return account


def post_put_in(told: Told) -> Entry:
    """Out of the own pocket, the safe or the bank, into a place."""
    body: CashPutIn = told.body
    from_where = _reason_account(IN_REASONS, body.reason)
    return pays(account_of(body.place, told.device), from_where, body.amount_fen)


def post_taken_out(told: Told) -> Entry:
    """Out of a place, to wherever the reason says."""
    body: CashTakenOut = told.body
    to_where = _reason_account(OUT_REASONS, body.reason)
    return pays(to_where, account_of(body.place, told.device), body.amount_fen)


def post_compared(told: Told) -> Entry:
    """A difference that was given up looking for; else nothing."""
    body: PlaceCompared = told.body
    account = account_of(body.place, told.device)
    return pays(account, OVER_SHORT, body.difference_fen if body.booked else 0)


# --- Rules ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moving:
    """What moving money needs to know.

    number: of the voucher, taken for it; held_fen: what lies where the money comes from, None for
    the own pocket; books: all money now; staff: who works here.
    """

    number: int
    held_fen: int | None
    books: Books
    staff: tuple[Coworker, ...] = ()


def put_in(state: Moving, command: PutIn, now: Now) -> tuple[Saying, ...] | Refusal:
    """Put money into a place, out of the own pocket, the safe or the bank."""
    refusal = _move_refused(state, command, IN_REASONS, now)
    if refusal is not None:
        return refusal
    body = CashPutIn(
        number=state.number,
        place=command.place,
        reason=command.reason,
        amount_fen=command.amount_fen,
        shift=now.shift,
        day=now.day,
    )
    return (Saying(body, private=_words(command.remark)),)


def take_out(state: Moving, command: TakeOut, now: Now) -> tuple[Saying, ...] | Refusal:
    """Take money out of a place; over the limit, or out of other people's money, by two."""
    refusal = _move_refused(state, command, OUT_REASONS, now)
    if refusal is None and command.reason == "petty" and not command.remark.strip():
        refusal = Refusal("cash.PETTY_WORDS_MISSING")
    if refusal is None:
        refusal = _second_refused(state, command, now)
    if refusal is not None:
        return refusal
    alone = is_second_needed(state.books, command, now) and not command.confirmed_by
    body = CashTakenOut(
        number=state.number,
        place=command.place,
        reason=command.reason,
        amount_fen=command.amount_fen,
        confirmed_by=command.confirmed_by,
        alone=int(alone),
        shift=now.shift,
        day=now.day,
    )
    return (Saying(body, private=_words(command.remark, command.alone_reason if alone else "")),)


def is_second_needed(books: Books, command: TakeOut, now: Now) -> bool:
    """Tell whether taking this out asks for a second person."""
    return command.amount_fen > OUT_LIMIT_FEN or lent_by_taking(books, command, now.device).asks


def lent_by_taking(books: Books, command: TakeOut, device: str) -> Lending:
    """Return what of other people's money this would use (垫用)."""
    to_where = _reason_account(OUT_REASONS, command.reason)
    entry = pays(to_where, account_of(command.place, device), command.amount_fen)
    return lending(books, entry)


def _second_refused(state: Moving, command: TakeOut, now: Now) -> Refusal | None:
    if command.confirmed_by:
        fits = may_confirm(
            state.staff, command.confirmed_by, asked_by=now.operator, is_manager=now.is_manager
        )
        return None if fits else Refusal("cash.SECOND_NOT_FIT")
    if len(command.alone_reason) > WORDS_MAX:
        return Refusal("cash.REMARK_TOO_LONG", {"max": WORDS_MAX})
    if not is_second_needed(state.books, command, now) or command.alone_reason.strip():
        return None
    if lent_by_taking(state.books, command, now.device).asks:
        return Refusal("cash.USES_OTHERS_MONEY")
    return Refusal("cash.SECOND_NEEDED", {"max": say_yuan(OUT_LIMIT_FEN)})


def _move_refused(
    state: Moving, command: PutIn | TakeOut, reasons: Mapping[str, str], now: Now
) -> Refusal | None:
    if command.place not in PLACES or command.reason not in reasons:
        return Refusal("cash.PLACE_UNKNOWN")
    if command.place == command.reason:
        return Refusal("cash.PLACE_TO_ITSELF")
    if command.amount_fen <= 0:
        return Refusal("cash.AMOUNT_NOT_POSITIVE")
    if command.amount_fen > AMOUNT_MAX:
        return Refusal("cash.AMOUNT_TOO_BIG", {"max": say_yuan(AMOUNT_MAX)})
    if not now.shift:
        return Refusal("cash.SHIFT_FIRST")
    if len(command.remark) > WORDS_MAX:
        return Refusal("cash.REMARK_TOO_LONG", {"max": WORDS_MAX})
    if state.held_fen is not None and command.amount_fen > state.held_fen:
        is_drawer = command.place == DRAWER and isinstance(command, TakeOut)
        return Refusal("cash.DRAWER_HOLDS_LESS" if is_drawer else "cash.PLACE_HOLDS_LESS")
    return None


def open_drawer(_state: None, command: OpenDrawer, now: Now) -> tuple[Saying, ...] | Refusal:
    """Open the drawer without a payment; with a shift or without."""
    if command.reason not in DRAWER_REASONS:
        return Refusal("cash.PLACE_UNKNOWN")
    if len(command.remark) > WORDS_MAX:
        return Refusal("cash.REMARK_TOO_LONG", {"max": WORDS_MAX})
    if command.reason == "other" and not command.remark.strip():
        return Refusal("cash.DRAWER_WHY")
    words = command.remark.strip()
    private = CountRemark(remark=words) if words else None
    return (Saying(DrawerOpened(reason=command.reason, shift=now.shift, day=now.day), private),)


def compare_place(
    expected_fen: int, command: ComparePlace, now: Now
) -> tuple[Saying, ...] | Refusal:
    """Hold what a phone or bank book shows against the books; a reason books the difference."""
    if command.place not in COMPARED:
        return Refusal("cash.PLACE_UNKNOWN")
    if command.shown_fen < 0:
        return Refusal("cash.SHOWN_NEGATIVE")
    if command.shown_fen > AMOUNT_MAX:
        return Refusal("cash.AMOUNT_TOO_BIG", {"max": say_yuan(AMOUNT_MAX)})
    if not now.shift:
        return Refusal("cash.SHIFT_FIRST")
    if len(command.remark) > WORDS_MAX:
        return Refusal("cash.REMARK_TOO_LONG", {"max": WORDS_MAX})
    words = command.remark.strip()
    difference_fen = command.shown_fen - expected_fen
    body = PlaceCompared(
        place=command.place,
        shown_fen=command.shown_fen,
        expected_fen=expected_fen,
        difference_fen=difference_fen,
        booked=int(bool(difference_fen and words)),
        shift=now.shift,
        day=now.day,
    )
    return (Saying(body, private=CountRemark(remark=words) if words else None),)


def _words(remark: str, alone_reason: str = "") -> VoucherRemark | None:
    words = VoucherRemark(remark=remark.strip(), alone_reason=alone_reason.strip())
    return words if words.remark or words.alone_reason else None
