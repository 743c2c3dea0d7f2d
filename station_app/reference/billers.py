"""Whose bills a station takes in, and by what rules: what an account number and an amount may be.

The county publishes them; nobody's bills are taken before it has, and one without a policy of its
own is off. A publication holds from its day on, so that new rules lie here before they begin.
"""

import re
import unicodedata

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Columns, EntityKind
from station_app.reference.facts import BillerPublished
from station_app.reference.versions import begun, with_new

QUEUE, STATION, ONLINE_ONLY, DISABLED = "queue", "station", "online_only", "disabled"
POLICIES = (QUEUE, STATION, ONLINE_ONLY, DISABLED)
FREE, CHOICE, FIXED, BILL = "free", "choice", "fixed", "bill"
MODES = (FREE, CHOICE, FIXED, BILL)
CATEGORIES = (
    "phone", "electricity", "water", "gas", "tv", "social", "education", "ticket", "cash",
)  # fmt: skip
ACCOUNT_MAX = 40  # longer than any account number of a household
_SPACES = str.maketrans("", "", " \t\r\n\u00a0\u3000-")


class BillerTerms(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of a biller from `from_day` on; see `facts.BillerPublished`."""

    code: str
    name: str = ""
    short: str = ""
    place: int = 0
    category: str = ""
    label: str = ""
    pattern: str = ""
    example: str = ""
    mode: str = FREE
    quick_fen: tuple[int, ...] = ()
    min_fen: int = 0
    max_fen: int = 0
    fee_fen: int = 0
    policy: str = DISABLED
    limit_fen: int = 0
    answer_days: int = 0
    receipt_least: int = 0
    receipt_most: int = 0
    from_day: str = ""
    remark: str = ""

    @property
    def lengths(self) -> tuple[int, ...]:
        """Return how many characters an account number may have, by the rule and its example."""
        sample = self.example + self.example[-1:] * ACCOUNT_MAX
        lengths = range(1, ACCOUNT_MAX + 1)
        return tuple(n for n in lengths if fits_account(self.pattern, sample[:n]))

    def fits(self, account_no: str) -> bool:
        """Tell whether a normalised account number may be one of this biller's."""
        return fits_account(self.pattern, account_no)

    def fits_receipt(self, number: str) -> bool:
        """Tell whether a receipt number of this biller may look so."""
        if not number or not number.isascii() or not number.isalnum():
            return False
        most = self.receipt_most or ACCOUNT_MAX
        return self.receipt_least <= len(number) <= most

    def amount_wrong(self, amount_fen: int) -> str:
        """Return what is wrong with an amount: `choice`, `fixed`, `low`, `high`; "" if nothing."""
        if self.mode == FIXED and amount_fen != self.min_fen:
            return "fixed"
        if self.mode == CHOICE and amount_fen not in self.quick_fen:
            return "choice"
        if amount_fen < self.min_fen:
            return "low"
        return "high" if amount_fen > self.max_fen else ""


class Biller(msgspec.Struct, frozen=True, kw_only=True):
    """A biller with every version that still matters, by the day from which each holds."""

    code: str
    versions: tuple[BillerTerms, ...]

    def on(self, day: str) -> BillerTerms | None:
        """Return the rules of a day; None while the first of them have not begun."""
        return begun(self.versions, day)


def normal_account(typed: str) -> str:
    """Return an account number as it is kept: half width, capitals, no spaces and dashes."""
    return unicodedata.normalize("NFKC", typed).translate(_SPACES).upper()


def fits_account(pattern: str, account_no: str) -> bool:
    """Tell whether a number fits a rule; a rule that is none fits nothing."""
    if not pattern or not 0 < len(account_no) <= ACCOUNT_MAX:
        return False
    try:
        return re.fullmatch(pattern, account_no) is not None
    except (re.error, OverflowError):
        return False


def fold_biller(state: Biller | None, told: Told) -> Biller:
    """Put a publication among the others: what was to begin on its day or later is replaced."""
    body: BillerPublished = told.body
    known = state.versions if state else ()
    said = msgspec.structs.asdict(body)
    said["from_day"] = body.from_day or body.day
    terms = BillerTerms(**{name: said[name] for name in BillerTerms.__struct_fields__})
    return Biller(code=body.code, versions=with_new(known, terms, body.day))


BILLER = EntityKind(
    name="biller",
    state=Biller,
    facts=(BillerPublished,),
    fold=fold_biller,
    natural_key={BillerPublished: lambda told: str(told.body.code)},
    columns=Columns(
        table="billers",
        fields=(("code", "TEXT"), ("since", "TEXT")),
        row=lambda b: (b.code, b.versions[-1].from_day),
        indexes=(("code",),),
    ),
)
