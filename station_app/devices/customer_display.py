"""What the customer sees: names masked, what it is about, the sum, what was given, the change.

A page answers `customer_view()` with one plain view of what stands on the counter now; the window
asks the page in front whenever that page says that something changed (`touch_actions`), and shows
`IDLE` while the screen is locked. Whatever display there is shows as much of a view as it can: a
second window everything, a two-line VFD the sum and what was given or comes back, an eight-digit
LED one amount.

    def customer_view(self) -> CustomerView:
        return CustomerView(Personal(name, mask_name), lines=…, total_fen=3200)

`person` is `Personal`, whose text is its mask: a name cannot reach the display whole. Debts are
nobody else's business either: a view has no field for what a person owes besides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from station_app.values.masks import Personal
from station_app.values.paying import ON_ACCOUNT, Paying

SERIAL_BAUDS: Final = {"vfd": 9_600, "vfd_gbk": 9_600, "led8": 2_400}  # as they come
LINES_SHOWN_MAX: Final = 200  # a basket is shorter; more is a bug of the page


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """A line of what it is about. words: an item (土豆, 快递 2 件); small: 1.25 公斤 × ¥4.00/斤.

    amount_fen: None where a line has no amount of its own. No names, no waybills, no debts.
    """

    words: str
    amount_fen: int | None = None
    small: str = ""


@dataclass(frozen=True, slots=True)
class CustomerView:
    """What stands on the counter now. Money in fen.

    total_fen: what she pays, None while nothing is to be paid; below 0 what she gets. given_fen:
    what she gave, None before; change_fen: what she gets back. is_done: paid and over, the view
    stays with thanks until the next begins.
    """

    person: Personal | None = None
    lines: Sequence[CustomerLine] = ()
    total_fen: int | None = None
    given_fen: int | None = None
    change_fen: int | None = None
    is_done: bool = False

    def __post_init__(self) -> None:
        assert len(self.lines) <= LINES_SHOWN_MAX, len(self.lines)
        assert self.change_fen is None or self.change_fen >= 0

    @property
    def is_idle(self) -> bool:
        """Tell whether nobody is served."""
        return self == IDLE


IDLE: Final = CustomerView()


def with_paying(view: CustomerView, paying: Paying, *, is_done: bool = False) -> CustomerView:
    """Return a view with what is paid, as the payment panel has it now.

    Given stands there once an amount was typed or a part was laid aside, and when it is over;
    what is put on account was not given, and nobody beside her learns that it was.
    """
    total = paying.to_pay_fen
    if paying.gives:
        return replace(view, total_fen=-total, is_done=is_done)
    has_given = is_done or paying.typed_fen is not None or bool(paying.parts)
    is_owed = any(part.way == ON_ACCOUNT for part in paying.all_parts)
    parts = paying.all_parts if paying.typed_fen is not None or is_done else paying.parts
    given = sum(part.amount_fen for part in parts)
    is_shown = has_given and not is_owed and bool(total)
    return replace(
        view,
        total_fen=total,
        given_fen=given if is_shown else None,
        change_fen=max(0, given - total) if is_shown and paying.change_fen else None,
        is_done=is_done,
    )


class CustomerDisplay(Protocol):
    """Shows views. Never waits, never fails: trouble is told to the strip of devices."""

    def show(self, view: CustomerView) -> None:
        """Show this view in place of the one before; `IDLE` for nobody."""
        ...

    def close(self) -> None:
        """Let go of the display."""
        ...


class NoDisplay:
    """Nobody looks."""

    def show(self, view: CustomerView) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""
